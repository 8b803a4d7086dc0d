//! Reads what belongs to tables and views, and the publications of tables: triggers, rules, policies, statistics.

use std::collections::BTreeSet;

use dunlin_dsl::{
    Connection, ConnectionError, Deferrable, Definition, Each, Enabled, Expr, KeyPart, Name, Object,
    ObjectId, ObjectKind, Policy, PolicyCommand, Publication, PublishedOperation, PublishedTable, Row, Rule,
    RuleEvent, Statistics, StatisticsKind, Timing, Trigger, TriggerAction, TriggerEvent,
};

use super::{Found, elements, texts, things};
use crate::lex::{self, Kind, Token};
use crate::postgres::introspect::read::owner;
use crate::postgres::introspect::{Reader, Tables};
use crate::postgres::{lower, print};

/// Kinds that are read by the table that they belong to, or by themselves.
struct Belonging {
    kind: ObjectKind,
    class: &'static str,
    text: &'static str,
    read: fn(&Reader<'_>, &Row) -> (ObjectId, Definition),
    /// Where a row says what isn't modelled.
    unmodelled: Option<usize>,
}

const KINDS: [Belonging; 5] = [
    Belonging {
        kind: ObjectKind::Trigger,
        class: "pg_trigger",
        text: include_str!("../../sql/triggers.sql"),
        read: trigger,
        unmodelled: None,
    },
    Belonging {
        kind: ObjectKind::Rule,
        class: "pg_rewrite",
        text: include_str!("../../sql/rules.sql"),
        read: rule,
        unmodelled: None,
    },
    Belonging {
        kind: ObjectKind::Policy,
        class: "pg_policy",
        text: include_str!("../../sql/policies.sql"),
        read: policy,
        unmodelled: None,
    },
    Belonging {
        kind: ObjectKind::Statistics,
        class: "pg_statistic_ext",
        text: include_str!("../../sql/statistics.sql"),
        read: statistics,
        unmodelled: None,
    },
    Belonging {
        kind: ObjectKind::Publication,
        class: "pg_publication",
        text: include_str!("../../sql/publications.sql"),
        read: publication,
        unmodelled: None,
    },
];

/// Reads what is asked for by itself, and what belongs to the tables and views that are asked for.
pub(super) async fn read(
    conn: &mut dyn Connection,
    reader: &Reader<'_>,
    ids: &[ObjectId],
    tables: &Tables,
    found: &mut Vec<Found>,
) -> Result<(), ConnectionError> {
    use ObjectKind::{MaterializedView, Table, View};
    let relations = ids.iter().filter(|id| matches!(id.kind, Table | View | MaterializedView));
    let relations: Vec<&Name> = relations.map(|id| &id.name).collect();
    let schemas = ids.iter().filter(|id| id.kind == ObjectKind::Schema);
    let schemas: Vec<&Name> = schemas.map(|id| &id.name).collect();
    for of in &KINDS {
        let own = ids.iter().filter(|id| id.kind == of.kind);
        let schemas = if of.kind == ObjectKind::Publication { schemas.as_slice() } else { &[] };
        let names: Vec<&Name> = own
            .map(|id| id.on.as_ref().unwrap_or(&id.name))
            .chain(relations.iter().chain(schemas).copied())
            .collect();
        if names.is_empty() {
            continue;
        }
        let question = reader.question(of.text, &names, tables.keys().copied())?;
        for row in conn.query(&question).await? {
            let (id, definition) = (of.read)(reader, &row);
            let mut object = Object::new(id, definition);
            object.comment = row.text(3);
            owner(&mut object.notes, &row, 4);
            if let Some(at) = of.unmodelled {
                object.notes.unmodelled = things(&row, at);
            }
            if ids.iter().any(|id| id.is(&object.id)) || belongs(&object, &relations, schemas) {
                found.push(Found { class: of.class, oid: row.int(0).unwrap_or_default(), object });
            }
        }
    }
    Ok(())
}

/// Whether an object belongs to one of these tables and views, or publishes one of them or of the schemas.
fn belongs(object: &Object, relations: &[&Name], schemas: &[&Name]) -> bool {
    match &object.definition {
        Definition::Publication(of) => {
            of.tables.iter().any(|published| relations.contains(&&published.table))
                || schemas.iter().any(|schema| of.schemas.contains(&schema.name))
        }
        _ => object.belongs_to().is_some_and(|on| relations.contains(&on)),
    }
}

fn trigger(reader: &Reader<'_>, row: &Row) -> (ObjectId, Definition) {
    const ROW: i64 = 1;
    const BEFORE: i64 = 2;
    const INSTEAD: i64 = 64;
    let bits = row.int(7).unwrap_or_default();
    let events = [
        (4, TriggerEvent::Insert),
        (8, TriggerEvent::Delete),
        (16, TriggerEvent::Update),
        (32, TriggerEvent::Truncate),
    ];
    let timing = match (bits & BEFORE != 0, bits & INSTEAD != 0) {
        (true, _) => Timing::Before,
        (_, true) => Timing::InsteadOf,
        _ => Timing::After,
    };
    let constraint = row.bool(12);
    let trigger = Trigger {
        timing,
        events: events.into_iter().filter(|(bit, _)| bits & bit != 0).map(|(_, event)| event).collect(),
        update_of: texts(row, 8),
        each: if bits & ROW != 0 { Each::Row } else { Each::Statement },
        when: when(&text(row, 9)).map(|when| Expr::Sql(print::bare(when).to_owned())),
        action: TriggerAction::Call { function: reader.name(row, 15), args: args(&text(row, 17)) },
        old_table: row.text(10),
        new_table: row.text(11),
        constraint,
        deferrable: match (constraint && row.bool(13), row.bool(14)) {
            (false, _) => Deferrable::No,
            (true, false) => Deferrable::InitiallyImmediate,
            (true, true) => Deferrable::InitiallyDeferred,
        },
        from: row.text(19).map(|_| reader.name(row, 18)),
        enabled: enabled(&text(row, 20)),
        order: Default::default(),
    };
    (ObjectId::trigger(text(row, 2), reader.name(row, 5)), Definition::Trigger(trigger))
}

/// The condition in a trigger's definition as the catalog prints it. The last bracketed part before EXECUTE is its; no name in
/// front can be taken for the word, for it would stand in quotes.
fn when(printed: &str) -> Option<&str> {
    let tokens = lex::tokens(printed);
    let is = |token: &Token, word: &str| {
        token.kind == Kind::Word && printed[token.start..token.end].eq_ignore_ascii_case(word)
    };
    let starts = top_level(&tokens).find(|at| is(&tokens[*at], "WHEN"))?;
    let open = tokens.get(starts + 1)?;
    let ends = top_level(&tokens).find(|at| *at > starts && is(&tokens[*at], "EXECUTE"))?;
    let close = tokens.get(ends.checked_sub(1)?)?;
    printed.get(open.end..close.start)
}

/// Where tokens stand outside of all brackets.
fn top_level(tokens: &[Token]) -> impl Iterator<Item = usize> + '_ {
    let mut depth = 0_i32;
    tokens.iter().enumerate().filter_map(move |(at, token)| {
        match token.kind {
            Kind::Punct('(') => depth += 1,
            Kind::Punct(')') => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(at)
    })
}

/// What a trigger's function is given: texts that each end with a NUL, which is written `\000`, in the escape form of bytes.
fn args(escaped: &str) -> Vec<String> {
    let mut bytes = Vec::new();
    let mut rest = escaped.as_bytes();
    while let Some((first, others)) = rest.split_first() {
        rest = others;
        if *first != b'\\' {
            bytes.push(*first);
        } else if let Some(after) = rest.strip_prefix(b"\\") {
            bytes.push(b'\\');
            rest = after;
        } else if let Some((digits, after)) = rest.split_at_checked(3) {
            let value = digits.iter().fold(0_u32, |value, digit| value * 8 + u32::from(digit & 7));
            bytes.push(value as u8);
            rest = after;
        }
    }
    let mut args: Vec<String> =
        bytes.split(|byte| *byte == 0).map(|arg| String::from_utf8_lossy(arg).into_owned()).collect();
    args.pop();
    args
}

fn rule(reader: &Reader<'_>, row: &Row) -> (ObjectId, Definition) {
    let printed = text(row, 9);
    let (when, action) = rule_parts(&printed);
    let rule = Rule {
        event: match text(row, 7).as_str() {
            "2" => RuleEvent::Update,
            "3" => RuleEvent::Insert,
            _ => RuleEvent::Delete,
        },
        instead: row.bool(8),
        when: when.map(|when| Expr::Sql(print::bare(when).to_owned())),
        action: Expr::Sql(action.to_owned()),
        enabled: enabled(&text(row, 10)),
    };
    (ObjectId::rule(text(row, 2), reader.name(row, 5)), Definition::Rule(rule))
}

/// The condition and the action in a rule's definition as the catalog prints it.
fn rule_parts(printed: &str) -> (Option<&str>, &str) {
    let tokens = lex::tokens(printed);
    let word = |at: usize, word: &str| {
        tokens.get(at).is_some_and(|token| {
            token.kind == Kind::Word && printed[token.start..token.end].eq_ignore_ascii_case(word)
        })
    };
    // CREATE RULE name AS ON event TO table.
    let begins = top_level(&tokens).find(|at| *at >= 7 && word(*at, "DO"));
    let Some(begins) = begins else { return (None, "") };
    let condition = top_level(&tokens).find(|at| (7..begins).contains(at) && word(*at, "WHERE"));
    let when = condition.map(|at| printed[tokens[at].end..tokens[begins].start].trim());
    let last = if word(begins + 1, "INSTEAD") || word(begins + 1, "ALSO") { begins + 1 } else { begins };
    let action = printed[tokens[last].end..].trim().trim_end_matches(';').trim_end();
    (when, action)
}

fn policy(reader: &Reader<'_>, row: &Row) -> (ObjectId, Definition) {
    let expr = |at| row.text(at).map(|text| Expr::Sql(print::bare(&text).to_owned()));
    let policy = Policy {
        command: match text(row, 7).as_str() {
            "r" => PolicyCommand::Select,
            "a" => PolicyCommand::Insert,
            "w" => PolicyCommand::Update,
            "d" => PolicyCommand::Delete,
            _ => PolicyCommand::All,
        },
        restrictive: row.bool(8),
        roles: texts(row, 9),
        using: expr(10),
        with_check: expr(11),
    };
    (ObjectId::policy(text(row, 2), reader.name(row, 5)), Definition::Policy(policy))
}

fn statistics(reader: &Reader<'_>, row: &Row) -> (ObjectId, Definition) {
    let columns = texts(row, 7).into_iter().map(KeyPart::Column);
    let exprs = texts(row, 8).into_iter().map(|expr| KeyPart::Expr(Expr::Sql(print::bare(&expr).to_owned())));
    let kinds =
        [('d', StatisticsKind::Ndistinct), ('f', StatisticsKind::Dependencies), ('m', StatisticsKind::Mcv)];
    let printed = text(row, 9);
    let mut statistics = Statistics {
        table: reader.name(row, 5),
        on: columns.chain(exprs).collect(),
        kinds: kinds.into_iter().filter(|(mark, _)| printed.contains(*mark)).map(|(_, kind)| kind).collect(),
        target: row.int(10).and_then(|target| i32::try_from(target).ok()),
    };
    lower::belonging::settle_statistics(&mut statistics);
    (ObjectId::statistics(reader.name(row, 1)), Definition::Statistics(statistics))
}

fn publication(reader: &Reader<'_>, row: &Row) -> (ObjectId, Definition) {
    let operations = [
        (6, PublishedOperation::Insert),
        (7, PublishedOperation::Update),
        (8, PublishedOperation::Delete),
        (9, PublishedOperation::Truncate),
    ];
    let mut operations: BTreeSet<_> =
        operations.into_iter().filter(|(at, _)| row.bool(*at)).map(|(_, operation)| operation).collect();
    if operations.len() == 4 {
        operations.clear();
    }
    let tables =
        texts(row, 11).into_iter().zip(elements(row, 12)).zip(elements(row, 13)).zip(elements(row, 14));
    let tables = tables.map(|(((schema, name), columns), filter)| {
        let mut columns = print::strings(&columns.unwrap_or_default());
        columns.sort();
        PublishedTable {
            table: reader.found(Name { schema: Some(schema), name: name.unwrap_or_default() }),
            columns,
            filter: filter.map(|filter| Expr::Sql(print::bare(&filter).to_owned())),
        }
    });
    let publication = Publication {
        all_tables: row.bool(5),
        tables: tables.collect(),
        schemas: texts(row, 15).into_iter().collect(),
        operations,
        via_root: row.bool(10),
        generated: row.bool(16),
    };
    (ObjectId::publication(text(row, 2)), Definition::Publication(publication))
}

fn enabled(mark: &str) -> Enabled {
    match mark {
        "R" => Enabled::Replica,
        "A" => Enabled::Always,
        "D" => Enabled::Disabled,
        _ => Enabled::Origin,
    }
}

fn text(row: &Row, at: usize) -> String {
    row.text(at).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_and_actions_are_found() {
        let trigger = "CREATE TRIGGER \"when\" AFTER UPDATE OF a ON public.t FOR EACH ROW \
                       WHEN ((old.a IS DISTINCT FROM f(new.a, ') EXECUTE'))) EXECUTE FUNCTION f('when (x) EXECUTE')";
        assert_eq!(when(trigger), Some("(old.a IS DISTINCT FROM f(new.a, ') EXECUTE'))"));
        assert_eq!(when("CREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()"), None);
        let rule = "CREATE RULE \"do\" AS\n    ON INSERT TO public.\"where\"\n   WHERE (new.a > 0) DO INSTEAD NOTHING;";
        assert_eq!(rule_parts(rule), (Some("(new.a > 0)"), "NOTHING"));
        let rule = "CREATE RULE r AS\n    ON DELETE TO t DO  DELETE FROM u\n  WHERE (u.a = old.a);";
        assert_eq!(rule_parts(rule), (None, "DELETE FROM u\n  WHERE (u.a = old.a)"));
        assert_eq!(args("it''s\\000a\\\\b\\000\\303\\251\\000"), ["it''s", "a\\b", "é"]);
    }
}
