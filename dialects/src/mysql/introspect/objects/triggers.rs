//! Triggers, each with its place among those of the same table, moment and event.

use std::collections::BTreeMap;

use dunlin_dsl::{
    Aside, ConnectionError, Definition, Each, Enabled, Expr, Name, Object, ObjectId, Row, Timing, Trigger,
    TriggerAction, TriggerEvent, TriggerOrder,
};

use super::super::{Key, key};
use super::{Objects, Remembered};

impl Objects<'_> {
    /// Those that are asked for with those beside which they fire, and all of the tables that were found.
    pub(super) async fn triggers(&mut self, asked: &[&ObjectId]) -> Result<(), ConnectionError> {
        let tables: Vec<Name> = self.found.tables.keys().cloned().collect();
        let owners: Vec<Name> =
            tables.iter().chain(asked.iter().filter_map(|id| id.on.as_ref())).cloned().collect();
        if owners.is_empty() {
            return Ok(());
        }
        let (schemas, names) = self.conditions(owners.iter())?;
        let query = format!(
            "SELECT EVENT_OBJECT_SCHEMA, EVENT_OBJECT_TABLE, TRIGGER_NAME, ACTION_TIMING, EVENT_MANIPULATION, \
             ACTION_STATEMENT, DEFINER, SQL_MODE, CHARACTER_SET_CLIENT, COLLATION_CONNECTION, DATABASE_COLLATION \
             FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA{schemas} AND EVENT_OBJECT_TABLE{names} ORDER BY ACTION_ORDER, TRIGGER_NAME"
        );
        let rows = self.conn.query(&query).await?;
        // Those that fire at the same moment, in order.
        let mut together: BTreeMap<(Key, Option<String>, Option<String>), Vec<String>> = BTreeMap::new();
        for row in &rows {
            let moment = (key(row), row.text(3), row.text(4));
            together.entry(moment).or_default().push(row.text(2).unwrap_or_default());
        }
        let folds = self.folds();
        let mut read = Vec::new();
        for row in &rows {
            let place = key(row);
            let is_at = |name: &&Name| {
                let (schema, name) = self.place(name);
                let same = |a: &str, b: &str| a == b || (folds && a.to_lowercase() == b.to_lowercase());
                same(&schema, &place.0) && same(&name, &place.1)
            };
            let Some(on) = owners.iter().find(is_at).cloned() else { continue };
            let id = ObjectId::trigger(row.text(2).unwrap_or_default(), &on);
            let others =
                together.get(&(place, row.text(3), row.text(4))).map(Vec::as_slice).unwrap_or_default();
            // One that is asked for has its place among those of the same moment.
            let is_beside =
                |other: &&&ObjectId| other.on.as_ref() == Some(&on) && others.contains(&other.name.name);
            if !self.found.tables.contains_key(&on) && !asked.iter().any(|other| is_beside(&other)) {
                continue;
            }
            let order = order(&id.name.name, others);
            let mut object = Object::new(id, Definition::Trigger(trigger(row, order.clone())));
            if let Some(TriggerOrder::Follows(other)) = order {
                object.notes.needs.push(ObjectId::trigger(other, &on));
            }
            let remembered = Remembered {
                definer: row.text(6),
                mode: row.text(7),
                charset: row.text(8),
                collation: row.text(9),
                database: row.text(10),
                time_zone: None,
            };
            self.remembered(&mut object, remembered).await?;
            read.push(object.id.clone());
            self.found.insert_object(object);
        }
        self.bodies("TRIGGER", read).await
    }
}

fn trigger(row: &Row, order: Option<TriggerOrder>) -> Trigger {
    let events = row.text(4).unwrap_or_default();
    let events = events.split(|c: char| !c.is_ascii_alphabetic()).filter_map(|word| match word {
        "INSERT" => Some(TriggerEvent::Insert),
        "UPDATE" => Some(TriggerEvent::Update),
        "DELETE" => Some(TriggerEvent::Delete),
        _ => None,
    });
    Trigger {
        timing: if row.text(3).as_deref() == Some("AFTER") { Timing::After } else { Timing::Before },
        events: events.collect(),
        update_of: Vec::new(),
        each: Each::Row,
        when: None,
        action: TriggerAction::Body(Expr::Sql(row.text(5).unwrap_or_default())),
        old_table: None,
        new_table: None,
        constraint: false,
        deferrable: Default::default(),
        from: None,
        enabled: Enabled::Origin,
        order: Aside(order),
    }
}

/// After the one before it; the first is before the next.
fn order(name: &str, together: &[String]) -> Option<TriggerOrder> {
    let at = together.iter().position(|other| other == name)?;
    match at.checked_sub(1) {
        Some(before) => together.get(before).cloned().map(TriggerOrder::Follows),
        None => together.get(at + 1).cloned().map(TriggerOrder::Precedes),
    }
}
