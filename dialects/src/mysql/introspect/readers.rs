//! What reads the tables: views, and triggers.

use std::collections::BTreeMap;

use dunlin_dsl::{ConnectionError, DependentKind, Name, ObjectId};

use super::objects::uses;
use super::{Key, Reader, key};
use crate::lex;

impl Reader<'_> {
    pub(super) async fn views(&mut self) -> Result<(), ConnectionError> {
        let definitions = self
            .conn
            .query(&format!(
                "SELECT TABLE_SCHEMA, TABLE_NAME, VIEW_DEFINITION FROM information_schema.VIEWS \
                 WHERE TABLE_SCHEMA{}",
                self.schemas
            ))
            .await?;
        let definitions: BTreeMap<Key, String> =
            definitions.into_iter().map(|row| (key(&row), row.text(2).unwrap_or_default())).collect();
        if !self.flavor.catalog_has_view_usage() {
            for (view, text) in definitions {
                let read: Vec<Key> =
                    self.tables.keys().filter(|(_, name)| lex::mentions(&text, name)).cloned().collect();
                for table in read {
                    self.depend(&table, DependentKind::View, view.clone(), Some(text.clone()));
                }
            }
            return Ok(());
        }
        let columns = "TABLE_SCHEMA, TABLE_NAME, VIEW_SCHEMA, VIEW_NAME";
        for row in self.ask(columns, "VIEW_TABLE_USAGE", "TABLE", "").await? {
            let view = (row.text(2).unwrap_or_default(), row.text(3).unwrap_or_default());
            let text = definitions.get(&view).filter(|text| !text.is_empty()).cloned();
            self.depend(&key(&row), DependentKind::View, view, text);
        }
        Ok(())
    }

    /// Triggers on the tables, and triggers elsewhere that read or write them.
    pub(super) async fn triggers(&mut self) -> Result<(), ConnectionError> {
        let query = format!(
            "SELECT EVENT_OBJECT_SCHEMA, EVENT_OBJECT_TABLE, TRIGGER_SCHEMA, TRIGGER_NAME, ACTION_STATEMENT \
             FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA{}",
            self.schemas
        );
        for row in self.conn.query(&query).await? {
            let [schema, name, body] = [2, 3, 4].map(|at| row.text(at).unwrap_or_default());
            let on = key(&row);
            let used = self.tables.keys().filter(|table| uses(&body, table, &schema) && **table != on);
            let mut tables: Vec<Key> = used.cloned().collect();
            tables.push(on.clone());
            for table in tables {
                let trigger = (schema.clone(), name.clone());
                self.depend(&table, DependentKind::Trigger, trigger, Some(body.clone()));
                self.name_trigger(&table, &name, &on);
            }
        }
        Ok(())
    }

    /// Says of the dependent noted last what identifies it: the trigger's own table.
    fn name_trigger(&mut self, table: &Key, name: &str, on: &Key) {
        let known = self.tables.get(on).map(|table| table.name.clone());
        let own = self.sql.server.schema.clone();
        let on =
            known.unwrap_or_else(|| Name { schema: (on.0 != own).then(|| on.0.clone()), name: on.1.clone() });
        if let Some(last) = self.tables.get_mut(table).and_then(|table| table.notes.dependents.last_mut()) {
            last.object = Some(ObjectId::trigger(name, on));
        }
    }
}
