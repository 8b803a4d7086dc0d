//! What would break or vanish with the objects that were found.

use dunlin_dsl::{ArgumentMode, ConnectionError, Dependent, DependentKind, ObjectId, ObjectKind};

use super::super::{Key, among, key, unreadable};
use super::Objects;
use crate::lex::{Kind, name, tokens};

impl Objects<'_> {
    pub(super) async fn dependents(&mut self) -> Result<(), ConnectionError> {
        self.of_schemas().await?;
        self.of_named().await?;
        self.of_sequences().await?;
        self.routines_of_relations().await?;
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

    /// Routines that read from a table or a view, or write to it. They are only text to the servers, and break when they
    /// are called: what stands where a table's name does is taken for one.
    async fn routines_of_relations(&mut self) -> Result<(), ConnectionError> {
        let tables = self.found.tables.keys().map(ObjectId::table);
        let views = self.found.objects.keys().filter(|id| id.kind == ObjectKind::View).cloned();
        let relations: Vec<(Key, ObjectId)> =
            tables.chain(views).map(|id| (self.place(&id.name), id)).collect();
        if relations.is_empty() {
            return Ok(());
        }
        let schemas = among(relations.iter().map(|(place, _)| place.0.clone()).collect(), self.sql);
        let schemas = schemas.map_err(unreadable)?;
        let query = format!(
            "SELECT ROUTINE_SCHEMA, ROUTINE_NAME, ROUTINE_TYPE, ROUTINE_DEFINITION FROM information_schema.ROUTINES \
             WHERE ROUTINE_SCHEMA{schemas}"
        );
        let mut found = Vec::new();
        for row in self.conn.query(&query).await? {
            let (place, text) = (key(&row), row.text(3).unwrap_or_default());
            for (relation, on) in &relations {
                if uses(&text, relation, &place.0) {
                    found.push((on.clone(), place.clone(), row.text(2).unwrap_or_default()));
                }
            }
        }
        if found.is_empty() {
            return Ok(());
        }
        let names = among(found.iter().map(|(_, place, _)| place.1.clone()).collect(), self.sql);
        let condition = format!("SPECIFIC_SCHEMA{schemas} AND SPECIFIC_NAME{}", names.map_err(unreadable)?);
        let arguments = self.arguments(&condition).await?;
        for (on, place, word) in found {
            let args = arguments.get(&(place.clone(), word.clone())).into_iter().flatten();
            let ingoing = args.filter(|(mode, ..)| mode.is_some_and(|mode| mode != ArgumentMode::Out));
            let kind = if word == "FUNCTION" { ObjectKind::Function } else { ObjectKind::Procedure };
            let name = self.name(place);
            let args = Some(ingoing.map(|(_, _, ty)| ty.clone()).collect());
            let object = Some(ObjectId { args, ..ObjectId::new(kind, &name) });
            let dependent = Dependent { object, ..Dependent::new(DependentKind::Object, name) };
            match self.found.tables.get_mut(&on.name).filter(|_| on.kind == ObjectKind::Table) {
                Some(table) => table.notes.dependents.push(dependent),
                None => self.depend(&on, dependent),
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

/// Whether a body has a relation's name where a table's stands: behind FROM, JOIN, INTO and their like. A name without a
/// schema is one of the routine's own.
fn uses(body: &str, (schema, wanted): &Key, own: &str) -> bool {
    const BEFORE: [&str; 9] =
        ["FROM", "JOIN", "INTO", "UPDATE", "TABLE", "REPLACE", "TRUNCATE", "STRAIGHT_JOIN", "IGNORE"];
    let tokens = tokens(body);
    let is_name = |at: usize, wanted: &str| {
        tokens.get(at).is_some_and(|token| {
            matches!(token.kind, Kind::Quoted | Kind::Word)
                && name(body, *token).to_lowercase() == wanted.to_lowercase()
        })
    };
    let is_dot = |at: usize| tokens.get(at).is_some_and(|token| token.kind == Kind::Punct('.'));
    (0..tokens.len()).any(|at| {
        let leads = tokens.get(at).is_some_and(|token| {
            let word = &body[token.start..token.end];
            token.kind == Kind::Word && BEFORE.iter().any(|lead| word.eq_ignore_ascii_case(lead))
        });
        let bare = schema == own && is_name(at + 1, wanted) && !is_dot(at + 2);
        let full = is_name(at + 1, schema) && is_dot(at + 2) && is_name(at + 3, wanted);
        leads && (bare || full)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_tables_name_stands() {
        let t = ("db".to_owned(), "t".to_owned());
        for body in
            ["SELECT 1 FROM t", "INSERT INTO `T` VALUES (1)", "UPDATE db.t SET a = 1", "x JOIN t ON 1"]
        {
            assert!(uses(body, &t, "db"), "{body}");
        }
        for body in ["SELECT t FROM u", "SELECT 't' FROM other.t", "SELECT 1 FROM t.u", "DECLARE t int"] {
            assert!(!uses(body, &t, "db"), "{body}");
        }
        assert!(!uses("SELECT 1 FROM t", &t, "other") && uses("SELECT 1 FROM db.t", &t, "other"));
    }
}
