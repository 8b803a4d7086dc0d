//! What would break or vanish with the objects that were found.

use dunlin_dsl::{ConnectionError, Dependent, DependentKind, ObjectId, ObjectKind};

use super::super::{Key, among, key, unreadable};
use super::Objects;
use crate::lex::{Kind, name, tokens};

impl Objects<'_> {
    pub(super) async fn dependents(&mut self) -> Result<(), ConnectionError> {
        self.of_schemas().await?;
        self.of_named().await?;
        self.of_sequences().await?;
        for object in self.found.objects.values_mut() {
            object.notes.dependents.sort();
            object.notes.dependents.dedup();
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
            self.depend(&schema.clone(), Dependent { kind, name, column: None, object, definition: None });
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
                    Dependent { kind: DependentKind::View, name, column: None, object, definition },
                );
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
                        kind: DependentKind::Column,
                        name: self.name(key(&row)),
                        column: row.text(2),
                        object: None,
                        definition: Some(default.clone()),
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
