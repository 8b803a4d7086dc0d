//! What a database looks like: plain values, with no database behind them.

mod column;
mod constraint;
mod expr;
mod index;
mod name;
mod print;
mod table;
mod types;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use column::{Column, Generated, Identity};
pub use constraint::{
    Action, Check, Constraint, ConstraintKind, Deferrable, ForeignKey, Match, PrimaryKey, Unique,
};
pub use expr::{Expr, Float, Value, sql};
pub use index::{Index, IndexKey, KeyPart, Nulls};
pub use name::{Label, Name};
pub use table::{Dependent, DependentKind, Notes, Table, TableOptions};
pub use types::{ColumnType, IntWidth, Size};

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
