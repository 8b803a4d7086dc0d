//! What the operations before one have written themselves: no catalog has told on what it stands, so its text is asked whether it
//! reads a table and names a column. The server would refuse in the midst of a revision.

use std::collections::BTreeSet;

use dunlin_dsl::{
    ColumnChange, Definition, Existing, Expr, MaterializedViewChange, Name, Object, ObjectChange, ObjectId,
    ObjectKind, Op, Schema, Unsupported, ViewChange,
};

use crate::lex::{self, Kind, Token};
use crate::sql::Sql;

/// Objects that operations have written.
#[derive(Default)]
pub(super) struct Written(BTreeSet<ObjectId>);

impl Written {
    /// Takes note of an operation, which comes after `schema`.
    pub(super) fn see(&mut self, op: &Op, schema: &Schema) {
        match op {
            Op::CreateObject { object, existing }
                if *existing != Existing::Keep || schema.object(&object.id).is_none() =>
            {
                self.0.insert(object.id.clone());
            }
            Op::AlterObject {
                object,
                change:
                    ObjectChange::Definition(_)
                    | ObjectChange::View(ViewChange::Query(_))
                    | ObjectChange::MaterializedView(MaterializedViewChange::Query(_))
                    | ObjectChange::Policy(_)
                    | ObjectChange::Trigger(_),
            } => {
                self.0.insert(object.clone());
            }
            Op::DropObject { object, .. } => _ = self.0.remove(object),
            Op::RenameObject { object, to } if self.0.remove(object) => {
                self.0.insert(object.renamed(to));
            }
            _ => {}
        }
    }

    /// Refuses to take away or to change what such an object stands on.
    pub(super) fn refuse(&self, op: &Op, schema: &Schema, sql: Sql<'_>) -> Result<(), Unsupported> {
        let gone = match op {
            Op::DropTable { table, cascade: false, .. } => Gone::Relation(table),
            Op::DropColumn { table, column, .. }
            | Op::AlterColumn { table, column, change: ColumnChange::Type { .. } } => {
                Gone::Column(table, column)
            }
            Op::DropObject { object, cascade: false, .. } => match object.kind {
                ObjectKind::View | ObjectKind::MaterializedView => Gone::Relation(&object.name),
                ObjectKind::Function => Gone::Function(&object.name),
                _ => return Ok(()),
            },
            _ => return Ok(()),
        };
        let written = self.0.iter().filter_map(|id| schema.object(id));
        match written.into_iter().find(|object| gone.is_used_by(object, sql)) {
            None => Ok(()),
            Some(object) => Err(Unsupported::new(
                op,
                format!("{}, which this revision writes before it, uses it", object.id),
                format!("do this first, or leave it out of {}", object.id),
            )),
        }
    }
}

/// What is taken away.
pub(super) enum Gone<'a> {
    Relation(&'a Name),
    Column(&'a Name, &'a str),
    Function(&'a Name),
}

impl Gone<'_> {
    pub(super) fn is_used_by(&self, object: &Object, sql: Sql<'_>) -> bool {
        let texts = texts(&object.definition, sql);
        let any = |uses: &dyn Fn(&str) -> bool| texts.iter().any(|text| uses(text));
        match self {
            // What belongs to it goes with it.
            Self::Relation(name) => object.belongs_to() != Some(name) && any(&|text| reads(text, &name.name)),
            Self::Column(table, column) => {
                let is_own = object.belongs_to() == Some(table);
                let of_update = match &object.definition {
                    Definition::Trigger(trigger) => trigger.update_of.iter().any(|other| other == column),
                    _ => false,
                };
                let uses = |text: &str| {
                    let whole = !is_own && names_all(text);
                    (is_own || reads(text, &table.name)) && (whole || lex::mentions_column(text, column))
                };
                is_own && of_update || any(&uses)
            }
            Self::Function(name) => any(&|text| calls(text, &name.name)),
        }
    }
}

/// The texts that make an object stand on what they name. The body of a function is read when it is called.
pub(super) fn texts(of: &Definition, sql: Sql<'_>) -> Vec<String> {
    let exprs: Vec<&Expr> = match of {
        Definition::View(of) => vec![&of.query],
        Definition::MaterializedView(of) => vec![&of.query],
        Definition::Policy(of) => of.using.iter().chain(&of.with_check).collect(),
        Definition::Trigger(of) => of.when.iter().collect(),
        Definition::Rule(of) => of.when.iter().chain([&of.action]).collect(),
        _ => Vec::new(),
    };
    exprs.into_iter().filter_map(|expr| expr.sql(sql.server.dialect)).map(str::to_owned).collect()
}

/// Whether a text has a name where only a relation stands.
fn reads(text: &str, name: &str) -> bool {
    let tokens = lex::tokens(text);
    let introduced = introduced(text, &tokens);
    tokens.iter().enumerate().filter(|(_, token)| lex::is_named(text, **token, name)).any(|(at, _)| {
        let is_in_schema = at >= 2 && tokens[at - 1].kind == Kind::Punct('.');
        introduced[if is_in_schema { at - 2 } else { at }]
    })
}

/// Of each token, whether a relation's name begins with it: behind a word that only such a name follows, and behind the commas and
/// in the brackets of what is read from.
fn introduced(text: &str, tokens: &[Token]) -> Vec<bool> {
    const BEFORE: [&str; 6] = ["from", "join", "only", "update", "into", "table"];
    // With these what is read from has come to its end.
    const AFTER: [&str; 13] = [
        "where",
        "group",
        "having",
        "window",
        "order",
        "limit",
        "offset",
        "fetch",
        "for",
        "union",
        "intersect",
        "except",
        "set",
    ];
    let mut introduced = Vec::with_capacity(tokens.len());
    // For each open bracket, whether what it stands in is a list of what is read from.
    let mut lists = vec![false];
    let mut is_next = false;
    for (at, token) in tokens.iter().enumerate() {
        introduced.push(is_next);
        let word = &text[token.start..token.end];
        // Of JOIN's USING the columns are in brackets.
        let is_columns = tokens.get(at + 1).is_some_and(|next| next.kind == Kind::Punct('('));
        let is =
            |words: &[&str]| token.kind == Kind::Word && words.iter().any(|of| word.eq_ignore_ascii_case(of));
        let is_list = lists.last().copied().unwrap_or_default();
        match token.kind {
            Kind::Punct('(') => lists.push(is_next),
            Kind::Punct(')') => {
                lists.pop();
                is_next = false;
            }
            Kind::Punct(',') => is_next = is_list,
            _ => {
                is_next = is(&BEFORE) || !is_columns && is(&["using"]) || is_next && is(&["lateral"]);
                if let Some(list) = lists.last_mut() {
                    *list = (*list || is(&["from", "using"])) && !is(&AFTER) && !is(&["select"]);
                }
            }
        }
    }
    introduced
}

/// Whether a text calls a function.
fn calls(text: &str, name: &str) -> bool {
    let tokens = lex::tokens(text);
    tokens.windows(2).any(|pair| lex::is_named(text, pair[0], name) && pair[1].kind == Kind::Punct('('))
}

/// Whether a query gives all columns of something: a star that multiplies nothing and counts no rows.
fn names_all(text: &str) -> bool {
    let tokens = lex::tokens(text);
    tokens.windows(2).filter(|pair| pair[1].kind == Kind::Punct('*')).any(|pair| match pair[0].kind {
        Kind::Punct('.' | ',') => true,
        Kind::Word => {
            let word = text[pair[0].start..pair[0].end].to_lowercase();
            ["select", "all", "distinct"].contains(&word.as_str())
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_found() {
        for text in [
            "SELECT 1 FROM a, b",
            "SELECT 1 FROM a x, LATERAL f(x.c) AS y, s.b AS z WHERE true",
            "SELECT 1 FROM (a CROSS JOIN c), b",
            "SELECT 1 FROM (b JOIN a ON true)",
            "SELECT (SELECT 1 FROM a, b), 2",
            "DELETE FROM a USING b WHERE true",
        ] {
            assert!(reads(text, "b"), "{text}");
        }
        for text in [
            "SELECT a, b FROM c",
            "SELECT 1 FROM f(a, b)",
            "SELECT 1 FROM a, (SELECT c, b FROM c) x",
            "SELECT 1 FROM a ORDER BY c, b",
            "SELECT 1 FROM a JOIN c USING (a, b)",
            "SELECT extract(day FROM c), b FROM c",
        ] {
            assert!(!reads(text, "b"), "{text}");
        }
    }
}
