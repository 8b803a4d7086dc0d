//! What a database looks like: plain values, with no database behind them.

mod access;
mod collation;
mod column;
mod constraint;
mod event;
mod expr;
mod index;
mod mark;
mod name;
mod named_type;
mod namespace;
mod object;
mod partition;
mod policy;
mod print;
mod publication;
mod routine;
mod rule;
mod sequence;
mod statistics;
mod table;
mod trigger;
mod types;
mod unmodelled;
mod view;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use access::{Grant, PassedOn};
pub use collation::Collation;
pub use column::{Column, Generated, Identity};
pub use constraint::{
    Action, Check, Constraint, ConstraintKind, Deferrable, Enforcement, Exclusion, ExclusionElement,
    ForeignKey, Match, PrimaryKey, Unique,
};
pub use event::{EventState, Schedule, ScheduledEvent};
pub use expr::{Expr, Float, Value, sql};
pub use index::{Index, IndexKey, KeyPart, Nulls};
pub use mark::ReplicaIdentity;
pub use name::{Label, Name};
pub use named_type::{Attribute, Composite, Domain, EnumType};
pub use namespace::{Extension, Namespace};
pub use object::{Definition, Object, ObjectId, ObjectKind};
pub use partition::{Bound, Partition, PartitionMethod, PartitionOf, Partitioning};
pub use policy::{Policy, PolicyCommand, RowSecurity};
pub use publication::{Publication, PublishedOperation, PublishedTable};
pub use routine::{Argument, ArgumentMode, DataAccess, Parallel, Returns, Routine, Volatility};
pub use rule::{Rule, RuleEvent};
pub use sequence::{OwnedBy, Sequence};
pub use statistics::{Statistics, StatisticsKind};
pub use table::{Dependent, DependentKind, Notes, Table, TableOptions};
pub use trigger::{Each, Enabled, Timing, Trigger, TriggerAction, TriggerEvent, TriggerOrder};
pub use types::{ColumnType, IntWidth, Size};
pub use unmodelled::{Aspect, PartKind, Unmodelled};
pub use view::{Algorithm, CheckOption, MaterializedView, Security, View};

use crate::aside::Aside;
use crate::builder::Written;
use crate::is_default;

/// A set of objects by name.
///
/// It may be a whole database, a project's declared schema, or just the objects that some operations touch.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Schema {
    /// The tables.
    #[serde(skip_serializing_if = "is_default", with = "tables_as_list")]
    pub tables: BTreeMap<Name, Table>,
    /// All other objects.
    #[serde(skip_serializing_if = "is_default", with = "objects_as_list")]
    pub objects: BTreeMap<ObjectId, Object>,
    /// What is known of it while it is written; it doesn't travel.
    #[serde(skip)]
    pub(crate) written: Aside<Written>,
}

impl Schema {
    /// A schema with nothing in it.
    pub fn new() -> Self {
        Self::default()
    }

    /// A table by name.
    pub fn get(&self, name: &Name) -> Option<&Table> {
        self.tables.get(name)
    }

    /// Puts a table in, in place of one of that name.
    pub fn insert(&mut self, table: Table) -> Option<Table> {
        self.tables.insert(table.name.clone(), table)
    }

    /// An object that isn't a table, by what identifies it. A routine whose arguments aren't said is found if it is the
    /// only one of its name.
    pub fn object(&self, id: &ObjectId) -> Option<&Object> {
        self.object_id(id).and_then(|found| self.objects.get(found))
    }

    /// How an object is known here that was identified from outside; none if there is no such object.
    pub fn object_id(&self, id: &ObjectId) -> Option<&ObjectId> {
        if let Some((found, _)) = self.objects.get_key_value(id) {
            return Some(found);
        }
        let mut found = self.objects.keys().filter(|found| id.is(found));
        found.next().filter(|_| found.next().is_none())
    }

    /// Puts an object in, in place of the same one.
    pub fn insert_object(&mut self, object: Object) -> Option<Object> {
        self.objects.insert(object.id.clone(), object)
    }

    /// Whether there is such an object, or such a table.
    pub fn has(&self, id: &ObjectId) -> bool {
        match id.kind {
            ObjectKind::Table => self.tables.contains_key(&id.name),
            _ => self.object_id(id).is_some(),
        }
    }
}

/// An object knows what identifies it, so JSON needs a list of objects and no keys.
mod objects_as_list {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serializer};

    use super::{Object, ObjectId};

    pub(super) fn serialize<S: Serializer>(
        objects: &BTreeMap<ObjectId, Object>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(objects.values())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<BTreeMap<ObjectId, Object>, D::Error> {
        let objects = Vec::<Object>::deserialize(from)?;
        Ok(objects.into_iter().map(|object| (object.id.clone(), object)).collect())
    }
}

/// A table knows its own name, so JSON needs a list of tables and no keys.
mod tables_as_list {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serializer};

    use super::{Name, Table};

    pub(super) fn serialize<S: Serializer>(tables: &BTreeMap<Name, Table>, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(tables.values())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<Name, Table>, D::Error> {
        let tables = Vec::<Table>::deserialize(from)?;
        Ok(tables.into_iter().map(|table| (table.name.clone(), table)).collect())
    }
}
