//! The tools whose databases Dunlin takes over, and where each keeps its history.

use std::fmt;
use std::str::FromStr;

use dunlin_dsl::DialectId;

use super::AdoptError;
use crate::script::layout::Format;

/// A tool whose databases Dunlin takes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tool {
    /// sqlx.
    Sqlx,
    /// diesel.
    Diesel,
    /// refinery.
    Refinery,
    /// sea-orm-migration, whose migrations are Rust.
    SeaOrm,
    /// Flyway.
    Flyway,
    /// goose.
    Goose,
    /// dbmate.
    Dbmate,
    /// golang-migrate.
    GolangMigrate,
    /// Alembic, whose migrations are Python.
    Alembic,
}

/// What a tool's history looks like.
struct Facts {
    tool: Tool,
    name: &'static str,
    tables: &'static [&'static str],
    /// Columns that the table must have, for others' tables may have its name.
    columns: &'static [&'static str],
    /// Columns that it can't have.
    without: &'static [&'static str],
    query: &'static str,
    format: Format,
}

const FACTS: [Facts; 9] = [
    Facts {
        tool: Tool::Sqlx,
        name: "sqlx",
        tables: &["_sqlx_migrations"],
        columns: &["version", "description", "success", "checksum", "installed_on"],
        without: &[],
        query: "SELECT version, description, success, {hex}(checksum{as}), installed_on FROM {table} ORDER BY version",
        format: Format::Sqlx,
    },
    Facts {
        tool: Tool::Diesel,
        name: "diesel",
        tables: &["__diesel_schema_migrations"],
        columns: &["version", "run_on"],
        without: &[],
        query: "SELECT version, run_on FROM {table} ORDER BY version",
        format: Format::Diesel,
    },
    Facts {
        tool: Tool::Refinery,
        name: "refinery",
        tables: &["refinery_schema_history"],
        columns: &["version", "name", "checksum", "applied_on"],
        without: &[],
        query: "SELECT version, name, checksum, applied_on FROM {table} ORDER BY version",
        format: Format::Refinery,
    },
    Facts {
        tool: Tool::SeaOrm,
        name: "sea-orm",
        tables: &["seaql_migrations"],
        columns: &["version", "applied_at"],
        without: &[],
        query: "SELECT version, applied_at FROM {table} ORDER BY version",
        format: Format::SeaOrm,
    },
    Facts {
        tool: Tool::Flyway,
        name: "flyway",
        tables: &["flyway_schema_history", "schema_version"],
        columns: &["installed_rank", "version", "description", "type", "checksum", "success", "installed_on"],
        without: &[],
        query: "SELECT version, description, type, checksum, success, installed_on, script FROM {table} \
                ORDER BY installed_rank",
        format: Format::Flyway,
    },
    Facts {
        tool: Tool::Goose,
        name: "goose",
        tables: &["goose_db_version"],
        columns: &["id", "version_id", "is_applied", "tstamp"],
        without: &[],
        query: "SELECT version_id, is_applied, tstamp FROM {table} ORDER BY id",
        format: Format::Goose,
    },
    Facts {
        tool: Tool::Dbmate,
        name: "dbmate",
        tables: &["schema_migrations"],
        columns: &["version"],
        without: &["dirty"],
        query: "SELECT version FROM {table} ORDER BY version",
        format: Format::Dbmate,
    },
    Facts {
        tool: Tool::GolangMigrate,
        name: "golang-migrate",
        tables: &["schema_migrations"],
        columns: &["version", "dirty"],
        without: &[],
        query: "SELECT version, dirty FROM {table}",
        format: Format::GolangMigrate,
    },
    Facts {
        tool: Tool::Alembic,
        name: "alembic",
        tables: &["alembic_version"],
        columns: &["version_num"],
        without: &[],
        query: "SELECT version_num FROM {table} ORDER BY version_num",
        format: Format::Alembic,
    },
];

impl Tool {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        FACTS.iter().map(|facts| facts.tool)
    }

    /// Its name, as `adopt --from` takes it.
    pub fn as_str(self) -> &'static str {
        self.facts().map_or("", |facts| facts.name)
    }

    /// What its history table is called, unless a project says otherwise; the usual name first.
    pub fn tables(self) -> &'static [&'static str] {
        self.facts().map_or(&[], |facts| facts.tables)
    }

    /// Whether a table with these columns is its history. Several tools call theirs `schema_migrations`.
    pub fn is_its_table(self, columns: &[&str]) -> bool {
        let has = |column: &&str| columns.iter().any(|other| other.eq_ignore_ascii_case(column));
        self.facts().is_some_and(|facts| facts.columns.iter().all(&has) && !facts.without.iter().any(has))
    }

    /// The question for its history, in a table whose name is quoted already.
    pub fn query(self, table: &str, dialect: DialectId) -> String {
        const HEX: [(DialectId, &str, &str); 1] = [(DialectId::Postgres, "encode", ", 'hex'")];
        let hex =
            HEX.iter().find(|(of, _, _)| *of == dialect).map_or(("hex", ""), |(_, hex, form)| (hex, form));
        let query = self.facts().map_or("", |facts| facts.query);
        query.replace("{hex}", hex.0).replace("{as}", hex.1).replace("{table}", table)
    }

    /// The layout of its folders.
    pub fn format(self) -> Format {
        self.facts().map_or(Format::Dunlin, |facts| facts.format)
    }

    fn facts(self) -> Option<&'static Facts> {
        FACTS.iter().find(|facts| facts.tool == self)
    }
}

impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Tool {
    type Err = AdoptError;

    fn from_str(name: &str) -> Result<Self, AdoptError> {
        Self::all().find(|tool| tool.as_str() == name).ok_or_else(|| {
            let names: Vec<_> = Self::all().map(Self::as_str).collect();
            AdoptError::new(format!("no tool called {name} can be taken over from"))
                .with_hint(format!("known are {}", names.join(", ")))
        })
    }
}
