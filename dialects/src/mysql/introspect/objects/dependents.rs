//! What would break or vanish with the objects that were found.

use std::collections::BTreeMap;

use dunlin_dsl::{ArgumentMode, ConnectionError, Dependent, DependentKind, ObjectId, ObjectKind};

use super::super::{Key, among, key, unreadable};
use super::Objects;
use crate::lex::{Kind, Token, name, relations, tokens};

impl Objects<'_> {
    pub(super) async fn dependents(&mut self) -> Result<(), ConnectionError> {
        self.of_schemas().await?;
        self.of_named().await?;
        self.of_sequences().await?;
        self.of_bodies().await?;
        for object in self.found.objects.values_mut() {
            object.notes.dependents.sort();
            object.notes.dependents.dedup();
        }
        for table in self.found.tables.values_mut() {
            table.notes.dependents.sort();
            table.notes.dependents.dedup();
        }
        Ok(())
    }

    fn depend(&mut self, on: &ObjectId, dependent: Dependent) {
        if let Some(object) = self.found.objects.get_mut(on) {
            object.notes.dependents.push(dependent);
        }
    }

    /// All that is in a schema goes with it.
    async fn of_schemas(&mut self) -> Result<(), ConnectionError> {
        let schemas: Vec<ObjectId> =
            self.found.objects.keys().filter(|id| id.kind == ObjectKind::Schema).cloned().collect();
        if schemas.is_empty() {
            return Ok(());
        }
        let names =
            among(schemas.iter().map(|id| id.name.name.clone()).collect(), self.sql).map_err(unreadable)?;
        let query = format!(
            "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES WHERE TABLE_SCHEMA{names} \
             UNION ALL SELECT ROUTINE_SCHEMA, ROUTINE_NAME, ROUTINE_TYPE FROM information_schema.ROUTINES \
             WHERE ROUTINE_SCHEMA{names} \
             UNION ALL SELECT EVENT_SCHEMA, EVENT_NAME, 'EVENT' FROM information_schema.EVENTS WHERE EVENT_SCHEMA{names}"
        );
        for row in self.conn.query(&query).await? {
            let place = key(&row);
            let Some(schema) =
                schemas.iter().find(|id| id.name.name.to_lowercase() == place.0.to_lowercase())
            else {
                continue;
            };
            let (kind, of) = match row.text(2).unwrap_or_default().as_str() {
                "FUNCTION" => (DependentKind::Object, ObjectKind::Function),
                "PROCEDURE" => (DependentKind::Object, ObjectKind::Procedure),
                "EVENT" => (DependentKind::Object, ObjectKind::Event),
                "SEQUENCE" => (DependentKind::Object, ObjectKind::Sequence),
                other if other.ends_with("VIEW") => (DependentKind::View, ObjectKind::View),
                _ => (DependentKind::Table, ObjectKind::Table),
            };
            let name = self.name(place);
            let object = Some(ObjectId::new(of, &name));
            self.depend(&schema.clone(), Dependent { object, ..Dependent::new(kind, name) });
        }
        Ok(())
    }

    /// Views that name a view, a sequence or a function. The servers write every name in quotes, and qualified.
    async fn of_named(&mut self) -> Result<(), ConnectionError> {
        use ObjectKind::{Function, Sequence, View};
        let named: Vec<(Key, ObjectId)> = (self.found.objects.keys())
            .filter(|id| matches!(id.kind, View | Sequence | Function))
            .map(|id| (self.place(&id.name), id.clone()))
            .collect();
        if named.is_empty() {
            return Ok(());
        }
        let schemas =
            among(named.iter().map(|(place, _)| place.0.clone()).collect(), self.sql).map_err(unreadable)?;
        let query = format!(
            "SELECT TABLE_SCHEMA, TABLE_NAME, VIEW_DEFINITION FROM information_schema.VIEWS WHERE TABLE_SCHEMA{schemas}"
        );
        for row in self.conn.query(&query).await? {
            let (view, text) = (key(&row), row.text(2).unwrap_or_default());
            for (place, id) in &named {
                if *place == view && id.kind == View || !names(&text, place, id.kind == Function) {
                    continue;
                }
                let name = self.name(view.clone());
                let object = Some(ObjectId::view(&name));
                let definition = Some(text.clone());
                self.depend(
                    id,
                    Dependent { object, definition, ..Dependent::new(DependentKind::View, name) },
                );
            }
        }
        Ok(())
    }

    /// Routines, events and triggers whose bodies use a table, a view, a sequence or a routine. They are only text to the
    /// servers, and break when they run: what stands where such a name does is taken for one. A table's triggers are noted
    /// with the table.
    async fn of_bodies(&mut self) -> Result<(), ConnectionError> {
        use ObjectKind::{Function, Procedure, Sequence, Table, View};
        let tables = self.found.tables.keys().map(ObjectId::table);
        let others =
            self.found.objects.keys().filter(|id| matches!(id.kind, View | Sequence | Function | Procedure));
        let used: Vec<(Key, ObjectId)> =
            tables.chain(others.cloned()).map(|id| (self.place(&id.name), id)).collect();
        if used.is_empty() {
            return Ok(());
        }
        let schemas = among(used.iter().map(|(place, _)| place.0.clone()).collect(), self.sql);
        let schemas = schemas.map_err(unreadable)?;
        let queries = [
            format!(
                "SELECT ROUTINE_SCHEMA, ROUTINE_NAME, ROUTINE_TYPE, ROUTINE_DEFINITION, NULL, NULL \
                 FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA{schemas}"
            ),
            format!(
                "SELECT EVENT_SCHEMA, EVENT_NAME, 'EVENT', EVENT_DEFINITION, NULL, NULL \
                 FROM information_schema.EVENTS WHERE EVENT_SCHEMA{schemas}"
            ),
            format!(
                "SELECT TRIGGER_SCHEMA, TRIGGER_NAME, 'TRIGGER', ACTION_STATEMENT, EVENT_OBJECT_SCHEMA, EVENT_OBJECT_TABLE \
                 FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA{schemas}"
            ),
        ];
        let mut found = Vec::new();
        for row in self.conn.query(&queries.join("; ")).await? {
            let (place, text) = (key(&row), row.text(3).unwrap_or_default());
            let word = row.text(2).unwrap_or_default();
            let on = row.text(4).zip(row.text(5)).map(|on| self.name(on));
            for (thing, id) in &used {
                let is_itself = *thing == place && id.kind.as_str().eq_ignore_ascii_case(&word);
                let is_noted = id.kind == Table && word == "TRIGGER";
                let is_used = match id.kind {
                    Function => calls(&text, thing, &place.0, ""),
                    Procedure => calls(&text, thing, &place.0, "CALL"),
                    Sequence => numbers(&text, thing, &place.0),
                    _ => uses(&text, thing, &place.0),
                };
                if is_used && !is_itself && !is_noted {
                    found.push((id.clone(), place.clone(), word.clone(), on.clone()));
                }
            }
        }
        let routines = found.iter().filter(|(_, _, word, _)| word == "FUNCTION" || word == "PROCEDURE");
        let names: Vec<String> = routines.map(|(_, place, ..)| place.1.clone()).collect();
        let arguments = match names.is_empty() {
            true => BTreeMap::new(),
            false => {
                let names = among(names, self.sql).map_err(unreadable)?;
                self.arguments(&format!("SPECIFIC_SCHEMA{schemas} AND SPECIFIC_NAME{names}")).await?
            }
        };
        for (id, place, word, on) in found {
            let args = arguments.get(&(place.clone(), word.clone())).into_iter().flatten();
            let ingoing = args.filter(|(mode, ..)| mode.is_some_and(|mode| mode != ArgumentMode::Out));
            let args = Some(ingoing.map(|(_, _, ty)| ty.clone()).collect());
            let name = self.name(place);
            let (kind, object) = match (word.as_str(), on) {
                ("TRIGGER", Some(on)) => (DependentKind::Trigger, ObjectId::trigger(&name.name, on)),
                ("EVENT", _) => (DependentKind::Object, ObjectId::new(ObjectKind::Event, &name)),
                ("FUNCTION", _) => {
                    (DependentKind::Object, ObjectId { args, ..ObjectId::new(Function, &name) })
                }
                _ => (DependentKind::Object, ObjectId { args, ..ObjectId::new(Procedure, &name) }),
            };
            let dependent = Dependent { object: Some(object), ..Dependent::new(kind, name) };
            match self.found.tables.get_mut(&id.name).filter(|_| id.kind == Table) {
                Some(table) => table.notes.dependents.push(dependent),
                None => self.depend(&id, dependent),
            }
        }
        Ok(())
    }

    /// Columns whose default is a sequence's next number.
    async fn of_sequences(&mut self) -> Result<(), ConnectionError> {
        let sequences: Vec<(Key, ObjectId)> = (self.found.objects.keys())
            .filter(|id| id.kind == ObjectKind::Sequence)
            .map(|id| (self.place(&id.name), id.clone()))
            .collect();
        if sequences.is_empty() {
            return Ok(());
        }
        let schemas = among(sequences.iter().map(|(place, _)| place.0.clone()).collect(), self.sql);
        let query = format!(
            "SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, COLUMN_DEFAULT FROM information_schema.COLUMNS \
             WHERE TABLE_SCHEMA{} AND COLUMN_DEFAULT LIKE '%val(%'",
            schemas.map_err(unreadable)?
        );
        for row in self.conn.query(&query).await? {
            let default = row.text(3).unwrap_or_default();
            for (place, id) in &sequences {
                if names(&default, place, false) {
                    let dependent = Dependent {
                        column: row.text(2),
                        definition: Some(default.clone()),
                        ..Dependent::new(DependentKind::Column, self.name(key(&row)))
                    };
                    self.depend(id, dependent);
                }
            }
        }
        Ok(())
    }
}

/// Whether a text from the catalog names an object: `` `schema`.`name` ``, and a function with a bracket behind it.
fn names(text: &str, (schema, wanted): &Key, is_function: bool) -> bool {
    let tokens = tokens(text);
    let quoted = |at: usize, wanted: &str| {
        tokens.get(at).is_some_and(|token| {
            matches!(token.kind, Kind::Quoted | Kind::Word)
                && name(text, *token).to_lowercase() == wanted.to_lowercase()
        })
    };
    let punct = |at: usize, c: char| tokens.get(at).is_some_and(|token| token.kind == Kind::Punct(c));
    (0..tokens.len()).any(|at| match is_function {
        true => quoted(at, wanted) && punct(at + 1, '('),
        false => quoted(at, schema) && punct(at + 1, '.') && quoted(at + 2, wanted),
    })
}

/// Whether a body has a relation's name where one stands. A name without a schema is one of its own.
pub(in super::super) fn uses(body: &str, place: &Key, own: &str) -> bool {
    let tokens = tokens(body);
    relations(body, &tokens).into_iter().any(|at| stands(body, &tokens, at, place, own).is_some())
}

/// Whether a body calls a routine: its name before a bracket, and a procedure's behind CALL.
pub(super) fn calls(body: &str, place: &Key, own: &str, lead: &str) -> bool {
    let tokens = tokens(body);
    let is = |at: usize, word: &str| {
        tokens.get(at).is_some_and(|token| body[token.start..token.end].eq_ignore_ascii_case(word))
    };
    // What has brackets behind it there is a table with its columns.
    let relations = relations(body, &tokens);
    (0..tokens.len()).any(|at| {
        let Some(end) = stands(body, &tokens, at, place, own) else { return false };
        match lead {
            "" => {
                let is_part = at.checked_sub(1).is_some_and(|before| is(before, ".") || is(before, "CALL"));
                is(end, "(") && !is_part && !relations.contains(&at)
            }
            lead => at.checked_sub(1).is_some_and(|before| is(before, lead)),
        }
    })
}

/// Whether a body takes or sets a sequence's number: `NEXTVAL(s)`, `NEXT VALUE FOR s`.
pub(super) fn numbers(body: &str, place: &Key, own: &str) -> bool {
    const BEFORE: [&str; 3] = ["NEXTVAL", "LASTVAL", "SETVAL"];
    let tokens = tokens(body);
    let is = |at: Option<usize>, words: &[&str]| {
        at.and_then(|at| tokens.get(at)).is_some_and(|token| {
            words.iter().any(|word| body[token.start..token.end].eq_ignore_ascii_case(word))
        })
    };
    let relations = relations(body, &tokens);
    (0..tokens.len()).any(|at| {
        let is_argument = is(at.checked_sub(1), &["("]) && is(at.checked_sub(2), &BEFORE);
        let is_value = is(at.checked_sub(1), &["FOR"]) && is(at.checked_sub(2), &["VALUE"]);
        (is_argument || is_value || relations.contains(&at))
            && stands(body, &tokens, at, place, own).is_some()
    })
}

/// Where the name of what is at a place ends, if it stands here in a body of the schema `own`.
fn stands(body: &str, tokens: &[Token], at: usize, (schema, wanted): &Key, own: &str) -> Option<usize> {
    let is_name = |at: usize, wanted: &str| {
        tokens.get(at).is_some_and(|token| {
            matches!(token.kind, Kind::Quoted | Kind::Word)
                && name(body, *token).to_lowercase() == wanted.to_lowercase()
        })
    };
    let is_dot = |at: usize| tokens.get(at).is_some_and(|token| token.kind == Kind::Punct('.'));
    let is_bare = schema == own && is_name(at, wanted) && !is_dot(at + 1);
    let is_full = is_name(at, schema) && is_dot(at + 1) && is_name(at + 2, wanted);
    (is_bare || is_full).then_some(if is_full { at + 3 } else { at + 1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_tables_name_stands() {
        let t = ("db".to_owned(), "t".to_owned());
        for body in [
            "SELECT 1 FROM t",
            "INSERT INTO `T` VALUES (1)",
            "UPDATE db.t SET a = 1",
            "x JOIN t ON 1",
            "SELECT 1 FROM u, t",
            "UPDATE u AS v, db.t SET a = 1",
        ] {
            assert!(uses(body, &t, "db"), "{body}");
        }
        for body in [
            "SELECT t FROM u",
            "SELECT 't' FROM other.t",
            "SELECT 1 FROM t.u",
            "DECLARE t int",
            "SELECT u FROM v WHERE f(a, t)",
        ] {
            assert!(!uses(body, &t, "db"), "{body}");
        }
        assert!(!uses("SELECT 1 FROM t", &t, "other") && uses("SELECT 1 FROM db.t", &t, "other"));
    }
    #[test]
    fn where_routines_are_called() {
        let f = ("db".to_owned(), "f".to_owned());
        for body in ["SET NEW.a = f(1)", "SELECT `db`.`f` (1)", "RETURN 1 + F(2)"] {
            assert!(calls(body, &f, "db", ""), "{body}");
        }
        for body in
            ["SET NEW.f = 1", "INSERT INTO f (a) VALUES (1)", "SELECT other.f(1)", "CALL f(1)", "'f(1)'"]
        {
            assert!(!calls(body, &f, "db", ""), "{body}");
        }
        assert!(calls("BEGIN CALL f(1); END", &f, "db", "CALL") && calls("CALL db.f", &f, "u", "CALL"));
        assert!(!calls("SELECT f(1)", &f, "db", "CALL") && !calls("CALL f(1)", &f, "u", "CALL"));
    }

    #[test]
    fn where_numbers_are_taken() {
        let s = ("db".to_owned(), "s".to_owned());
        for body in
            ["SET NEW.a = NEXTVAL(s)", "SELECT NEXT VALUE FOR db.s", "SETVAL(`s`, 1)", "SELECT 1 FROM s"]
        {
            assert!(numbers(body, &s, "db"), "{body}");
        }
        assert!(!numbers("SET NEW.s = lower(s)", &s, "db"));
    }
}
