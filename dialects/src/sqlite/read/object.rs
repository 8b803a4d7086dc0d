//! Reads SQLite's own CREATE VIEW and CREATE TRIGGER text into the model.

use std::collections::BTreeSet;

use dunlin_dsl::{
    Definition, Each, Enabled, Expr, Object, ObjectKind, Timing, Trigger, TriggerAction, TriggerEvent,
    Unsupported, View,
};

use super::Reader;
use crate::lex::{self, Kind};
use crate::sql::Sql;

/// What a CREATE text says: what the object is called, of what it is, and how it is defined.
#[derive(Debug, PartialEq)]
pub(in crate::sqlite) struct Read {
    pub(in crate::sqlite) name: String,
    /// The table or the view of a trigger.
    pub(in crate::sqlite) on: Option<String>,
    pub(in crate::sqlite) definition: Definition,
}

/// A view or a trigger from its CREATE text; none if it can't be read.
pub(in crate::sqlite) fn object(text: &str) -> Option<Read> {
    let mut reader = Reader::new(text);
    reader.expect("CREATE")?;
    let _ = reader.take("TEMP") || reader.take("TEMPORARY");
    if reader.take("VIEW") { reader.view() } else { reader.trigger() }
}

/// Whether an object's text is still what its definition says, so that it can be created from it word for word.
pub(in crate::sqlite) fn says(text: &str, object: &Object) -> bool {
    self::object(text).is_some_and(|read| {
        read.name.eq_ignore_ascii_case(&object.id.name.name)
            && folded(read.on.as_ref()) == folded(object.id.on.as_ref().map(|on| &on.name))
            && read.definition == object.definition
    })
}

/// A CREATE text with the schema that its name is to have, which SQLite keeps nowhere.
pub(in crate::sqlite) fn in_schema(
    text: &str,
    schema: Option<&str>,
    sql: Sql<'_>,
) -> Result<String, Unsupported> {
    let Some(schema) = schema else { return Ok(text.to_owned()) };
    let tokens = lex::tokens(text);
    let is = |at: usize, words: &[&str]| {
        tokens.get(at).is_some_and(|token| {
            words.iter().any(|word| text[token.start..token.end].eq_ignore_ascii_case(word))
        })
    };
    let kind = (0..tokens.len()).find(|at| is(*at, &["TABLE", "INDEX", "VIEW", "TRIGGER"]));
    let Some(mut at) = kind.map(|at| at + 1) else { return Ok(text.to_owned()) };
    if is(at, &["IF"]) && is(at + 1, &["NOT"]) {
        at += 3;
    }
    let own = if is(at + 1, &["."]) { at + 2 } else { at };
    let (Some(first), Some(own)) = (tokens.get(at), tokens.get(own)) else { return Ok(text.to_owned()) };
    Ok(format!("{}{}.{}", &text[..first.start], sql.id(schema)?, &text[own.start..]))
}

fn folded(name: Option<&String>) -> Option<String> {
    name.map(|name| name.to_ascii_lowercase())
}

/// What stands for the definition of a view or a trigger that can't be read.
pub(in crate::sqlite) fn unread(kind: ObjectKind, text: &str) -> Definition {
    match kind {
        ObjectKind::Trigger => Definition::Trigger(plain_trigger(text.to_owned())),
        _ => Definition::View(plain_view(text.to_owned())),
    }
}

/// A view that has nothing but a query.
pub(in crate::sqlite) fn plain_view(query: String) -> View {
    View {
        query: Expr::Sql(query),
        columns: Vec::new(),
        check_option: None,
        security: None,
        security_barrier: false,
        algorithm: None,
        defaults: Default::default(),
        column_comments: Default::default(),
    }
}

/// A trigger that has nothing but a body.
pub(in crate::sqlite) fn plain_trigger(body: String) -> Trigger {
    Trigger {
        timing: Timing::Before,
        events: BTreeSet::new(),
        update_of: Vec::new(),
        each: Each::Row,
        when: None,
        action: TriggerAction::Body(Expr::Sql(body)),
        old_table: None,
        new_table: None,
        constraint: false,
        deferrable: Default::default(),
        from: None,
        enabled: Enabled::Origin,
        order: Default::default(),
    }
}

impl Reader<'_> {
    fn view(&mut self) -> Option<Read> {
        let name = self.qualified()?;
        let columns = if self.peek()?.kind == Kind::Punct('(') { self.names()? } else { Vec::new() };
        self.expect("AS")?;
        let view = View { columns, ..plain_view(self.rest()?) };
        Some(Read { name, on: None, definition: Definition::View(view) })
    }

    fn trigger(&mut self) -> Option<Read> {
        self.expect("TRIGGER")?;
        let name = self.qualified()?;
        let timing = if self.take("AFTER") {
            Timing::After
        } else if self.take("INSTEAD") {
            self.expect("OF")?;
            Timing::InsteadOf
        } else {
            // Which it is when nothing is said.
            self.take("BEFORE");
            Timing::Before
        };
        let mut update_of = Vec::new();
        let event = if self.take("INSERT") {
            TriggerEvent::Insert
        } else if self.take("DELETE") {
            TriggerEvent::Delete
        } else {
            self.expect("UPDATE")?;
            if self.take("OF") {
                update_of.push(self.name()?);
                while self.peek()?.kind == Kind::Punct(',') {
                    self.at += 1;
                    update_of.push(self.name()?);
                }
            }
            TriggerEvent::Update
        };
        self.expect("ON")?;
        let on = self.qualified()?;
        if self.take("FOR") {
            self.expect("EACH")?;
            self.expect("ROW")?;
        }
        let when = if self.take("WHEN") {
            let (start, begin) = (self.at, self.begin()?);
            self.at = begin;
            Some(Expr::Sql(self.between(start, begin)))
        } else {
            None
        };
        if !self.is("BEGIN") {
            return None;
        }
        let events = BTreeSet::from([event]);
        let trigger = Trigger { timing, events, update_of, when, ..plain_trigger(self.rest()?) };
        Some(Read { name, on: Some(on), definition: Definition::Trigger(trigger) })
    }

    /// Where a trigger's body begins: `BEGIN` may be a name too, where a name can stand, and no statement follows it then.
    fn begin(&self) -> Option<usize> {
        const STATEMENTS: [&str; 6] = ["SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "WITH"];
        let mut depth = 0;
        (self.at..self.tokens.len()).find(|at| {
            match self.tokens[*at].kind {
                Kind::Punct('(') => depth += 1,
                Kind::Punct(')') => depth -= 1,
                _ => {}
            }
            depth == 0
                && self.is_at(*at, "BEGIN")
                && STATEMENTS.iter().any(|word| self.is_at(*at + 1, word))
                && self.tokens.get(at.wrapping_sub(1)).is_none_or(|token| token.kind != Kind::Punct('.'))
        })
    }

    /// All up to the last token that is no semicolon.
    fn rest(&self) -> Option<String> {
        let last = self.tokens.iter().rposition(|token| token.kind != Kind::Punct(';'))?;
        (last >= self.at).then(|| self.between(self.at, last + 1))
    }
}
