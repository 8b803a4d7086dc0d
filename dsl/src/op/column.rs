//! What can change of a column.

use serde::{Deserialize, Serialize};

use super::Position;
use crate::is_default;
use crate::schema::{ColumnType, Expr, Generated, Identity};
use crate::server::PerDialect;

/// One attribute of a column, with its new value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[serde(rename_all = "snake_case")]
pub enum ColumnChange {
    /// Its type.
    Type {
        /// The new type.
        to: ColumnType,
        /// What each row's value becomes, on PostgreSQL and in a SQLite rebuild; a cast where it isn't given.
        #[serde(default, skip_serializing_if = "is_default")]
        using: Option<Expr>,
    },
    /// Whether it refuses NULL. Where it did so in new rows alone, all rows are looked at.
    NotNull(bool),
    /// It refuses NULL in rows that are written from now on; no other is looked at: PostgreSQL 18.
    NotNullNotValid,
    /// Whether it refuses NULL in this table alone, or in those too that inherit from it: PostgreSQL 18.
    NotNullNoInherit(bool),
    /// Its default; none removes it.
    Default(Option<Expr>),
    /// What it is computed from; none makes it a plain column that keeps its values.
    Generated(Option<Generated>),
    /// How it is numbered; none makes it a plain column that keeps its values.
    Identity(Option<Identity>),
    /// The number that it gets next, if it is numbered; none is its first: PostgreSQL.
    Restart(Option<i64>),
    /// What the sequence is called from which it is numbered: PostgreSQL.
    SequenceName(String),
    /// How its text is compared.
    Collation(PerDialect<String>),
    /// How its text is stored.
    Charset(Option<String>),
    /// `ON UPDATE`.
    OnUpdate(Option<Expr>),
    /// Left out of `SELECT *`.
    Invisible(bool),
    /// Its place among the others: not PostgreSQL.
    Position(Position),
    /// One of its options; none is the server's own value: PostgreSQL. Nothing elsewhere.
    Option {
        /// Which: `storage`, `compression`, `statistics`, `n_distinct`, `n_distinct_inherited`.
        name: String,
        /// Its value.
        #[serde(default, skip_serializing_if = "is_default")]
        value: Option<String>,
    },
    /// Its comment; none removes it.
    Comment(Option<String>),
}

impl ColumnChange {
    /// The attribute, in words.
    pub fn attribute(&self) -> &'static str {
        match self {
            Self::Type { .. } => "type",
            Self::NotNull(_) | Self::NotNullNotValid | Self::NotNullNoInherit(_) => "not null",
            Self::Default(_) => "default",
            Self::Generated(_) => "generation expression",
            Self::Identity(_) => "identity",
            Self::Restart(_) => "next number",
            Self::SequenceName(_) => "sequence name",
            Self::Collation(_) => "collation",
            Self::Charset(_) => "character set",
            Self::OnUpdate(_) => "on update",
            Self::Invisible(_) => "visibility",
            Self::Position(_) => "position",
            Self::Option { .. } => "option",
            Self::Comment(_) => "comment",
        }
    }
}
