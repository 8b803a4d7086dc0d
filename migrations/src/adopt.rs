//! What another tool's history says of a database, and how that fits the files at hand. Nothing here asks a database: the
//! caller runs [`Tool::query`] and hands over the rows.
//!
//! [`Tool::applied`] gives what was applied by that tool's own rules, or refuses a state that is half done. [`Adoption::of`]
//! sets it against a folder: what matches, what has no file, what is still to run, what comes late.

mod adoption;
mod error;
mod flyway;
mod moment;
mod tool;

use dunlin_dsl::Row;

pub use adoption::{Adoption, Content, Matched, Pending};
pub use error::AdoptError;
pub use tool::Tool;

/// What a tool's history says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// What was applied, each once, in the order in which it stands in the history.
    pub rows: Vec<AppliedRow>,
    /// Everything up to this version was applied, though no row says so: golang-migrate's only row, Flyway's baseline.
    pub all_up_to: Option<String>,
}

/// One applied migration of another tool.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct AppliedRow {
    /// Its version, as the tool writes it; Alembic's and sea-orm-migration's name. Empty for what runs again.
    pub version: String,
    /// What it is called, where the tool keeps that.
    pub name: Option<String>,
    /// Its checksum as text, where the tool keeps one.
    pub checksum: Option<String>,
    /// When it was applied, in RFC 3339 and UTC, where the tool keeps that. A time without a zone counts as UTC.
    pub applied_at: Option<String>,
}

/// `12 (add posts)`, or what there is of it.
impl std::fmt::Display for AppliedRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.version.as_str(), self.name.as_deref()) {
            ("", name) => f.write_str(name.unwrap_or_default()),
            (version, Some(name)) if name != version => write!(f, "{version} ({name})"),
            (version, _) => f.write_str(version),
        }
    }
}

impl Tool {
    /// What the rows of [`Tool::query`] say.
    ///
    /// ```
    /// use dunlin_dsl::{Row, Value};
    /// use dunlin_migrations::adopt::Tool;
    ///
    /// let text = |text: &str| Value::Text(text.into());
    /// let rows = [Row(vec![text("1"), text("first"), text("1"), text("ab12"), text("2024-01-02 03:04:05")])];
    /// let applied = Tool::Sqlx.applied(&rows)?;
    /// assert_eq!(applied.rows[0].applied_at.as_deref(), Some("2024-01-02T03:04:05.000000Z"));
    /// # Ok::<(), dunlin_migrations::adopt::AdoptError>(())
    /// ```
    pub fn applied(self, rows: &[Row]) -> Result<Applied, AdoptError> {
        match self {
            Self::Sqlx => sqlx(rows),
            Self::Flyway => flyway::applied(rows),
            Self::Goose => Ok(goose(rows)),
            Self::GolangMigrate => golang_migrate(rows),
            Self::Refinery => Ok(Applied::of(rows, |row| AppliedRow {
                version: text(row, 0),
                name: row.text(1),
                checksum: row.text(2),
                applied_at: moment::of(row.text(3)),
            })),
            Self::Diesel | Self::SeaOrm | Self::Dbmate | Self::Alembic => {
                Ok(Applied::of(rows, |row| AppliedRow {
                    version: text(row, 0),
                    applied_at: moment::of(row.text(1)),
                    ..AppliedRow::default()
                }))
            }
        }
    }
}

impl Applied {
    fn of(rows: &[Row], read: impl Fn(&Row) -> AppliedRow) -> Self {
        Self { rows: rows.iter().map(read).collect(), all_up_to: None }
    }
}

/// A value as text; NULL is empty.
fn text(row: &Row, index: usize) -> String {
    row.text(index).unwrap_or_default()
}

/// A row that isn't a success is a migration that failed on MySQL, in the middle of its statements.
fn sqlx(rows: &[Row]) -> Result<Applied, AdoptError> {
    if let Some(failed) = rows.iter().find(|row| !row.bool(2)) {
        let version = text(failed, 0);
        return Err(AdoptError::new(format!("sqlx's migration {version} failed, and is half done")).with_hint(
            format!(
                "finish or undo it by hand; then set success to true in the row of version {version}, or delete the row"
            ),
        ));
    }
    Ok(Applied::of(rows, |row| AppliedRow {
        version: text(row, 0),
        name: row.text(1),
        checksum: row.text(3),
        applied_at: moment::of(row.text(4)),
    }))
}

/// Older versions of goose wrote a row for a way down too, so the newest of a version counts. Version 0 is written when the
/// table is made.
fn goose(rows: &[Row]) -> Applied {
    let mut applied: Vec<AppliedRow> = Vec::new();
    for row in rows.iter().filter(|row| row.int(0) != Some(0)) {
        let version = text(row, 0);
        applied.retain(|other| other.version != version);
        if row.bool(1) {
            applied.push(AppliedRow {
                version,
                applied_at: moment::of(row.text(2)),
                ..AppliedRow::default()
            });
        }
    }
    Applied { rows: applied, all_up_to: None }
}

/// One row holds the version, and whether it is half done. No row is a database with nothing applied.
fn golang_migrate(rows: &[Row]) -> Result<Applied, AdoptError> {
    let Some(row) = rows.first() else { return Ok(Applied::default()) };
    let version = text(row, 0);
    if row.bool(1) {
        let hint = match row.int(0) {
            Some(number) if number >= 0 => format!(
                "see what of it was done: finish it by hand and `migrate force {version}`, or undo it and force the version \
                 before it; then adopt again"
            ),
            _ => "the way down of the first version failed: finish it by hand and drop the table".into(),
        };
        return Err(AdoptError::new(format!(
            "golang-migrate's version {version} is dirty: it failed, and is half done"
        ))
        .with_hint(hint));
    }
    Ok(Applied { rows: Vec::new(), all_up_to: Some(version) })
}

#[cfg(test)]
mod tests;
