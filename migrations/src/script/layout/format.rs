//! The layouts that a folder may have.

use std::fmt;
use std::str::FromStr;

use dunlin_dsl::DialectId;

use super::fault::LayoutError;
use crate::script::Placeholders;

/// How a folder of revisions is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Dunlin's own: `NAME.sql`, divided by comments, or `NAME.up.sql` and `NAME.down.sql`.
    Dunlin,
    /// sqlx: `VERSION_DESCRIPTION.sql`, or pairs.
    Sqlx,
    /// diesel: a folder each, with `up.sql` and `down.sql`.
    Diesel,
    /// refinery: `V1__name.sql` and `U1__name.sql`.
    Refinery,
    /// Flyway: `V1.2__description.sql`, `R__description.sql`, `U1.2__description.sql`.
    Flyway,
    /// goose: `00001_name.sql`, divided by `-- +goose Up` and `-- +goose Down`.
    Goose,
    /// dbmate: `20240101000000_name.sql`, divided by `-- migrate:up` and `-- migrate:down`.
    Dbmate,
    /// golang-migrate: `000001_name.up.sql` and `000001_name.down.sql`.
    GolangMigrate,
    /// sqitch: `sqitch.plan`, and a script each in `deploy`, `revert` and `verify`.
    Sqitch,
    /// Alembic: `versions/*.py`, which say themselves what they come after. None of them runs; what stands beside them is Dunlin's own.
    Alembic,
    /// sea-orm-migration: `m20240101_000001_name.rs`, as the `Migrator` lists them. None of them runs; what stands beside them is
    /// Dunlin's own.
    SeaOrm,
    /// No tool's: files whose names begin with a number.
    Numbered,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Dunlin,
        Self::Sqlx,
        Self::Diesel,
        Self::Refinery,
        Self::Flyway,
        Self::Goose,
        Self::Dbmate,
        Self::GolangMigrate,
        Self::Sqitch,
        Self::Alembic,
        Self::SeaOrm,
        Self::Numbered,
    ];

    /// Its name, as `format` in `dunlin.toml` takes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dunlin => "dunlin",
            Self::Sqlx => "sqlx",
            Self::Diesel => "diesel",
            Self::Refinery => "refinery",
            Self::Flyway => "flyway",
            Self::Goose => "goose",
            Self::Dbmate => "dbmate",
            Self::GolangMigrate => "golang-migrate",
            Self::Sqitch => "sqitch",
            Self::Alembic => "alembic",
            Self::SeaOrm => "sea-orm",
            Self::Numbered => "numbered",
        }
    }

    /// The ending of its tool's steps, where they are programs: Dunlin runs none of them, and what else is in the folder is in its own
    /// layout.
    pub fn programs(self) -> Option<&'static str> {
        match self {
            Self::Alembic => Some(".py"),
            Self::SeaOrm => Some(".rs"),
            _ => None,
        }
    }

    /// Whether it has files in folders below its own.
    pub(super) fn reads_below(self) -> bool {
        matches!(self, Self::Diesel | Self::Refinery | Self::Flyway | Self::Sqitch | Self::SeaOrm)
    }

    /// The statements with which the tool's own sessions begin.
    ///
    /// SQLite checks foreign keys only where a connection asks for it. sqlx asks; refinery brings a library that was built to
    /// check them; the others' drivers leave SQLite's own default, which is not to.
    pub(super) fn session(self) -> &'static [(DialectId, &'static str)] {
        match self {
            Self::Dunlin | Self::Numbered => &[],
            Self::Sqlx | Self::Refinery => &[(DialectId::Sqlite, "PRAGMA foreign_keys = ON")],
            _ => &[(DialectId::Sqlite, "PRAGMA foreign_keys = OFF")],
        }
    }

    /// Which `${name}` of its files stand for something else.
    pub(super) fn placeholders(self) -> Placeholders {
        match self {
            Self::Dunlin | Self::Numbered => Placeholders::IfOn,
            Self::Flyway => Placeholders::Always,
            _ => Placeholders::Never,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Format {
    type Err = LayoutError;

    fn from_str(name: &str) -> Result<Self, LayoutError> {
        Self::ALL.into_iter().find(|format| format.as_str() == name).ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|format| format.as_str()).collect();
            LayoutError::new(format!("no format of revisions is called {name}"))
                .with_hint(format!("known are auto, {}", names.join(", ")))
        })
    }
}
