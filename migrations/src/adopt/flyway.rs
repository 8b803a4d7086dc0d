//! Flyway's history: a log, in which later rows take earlier ones back.

use dunlin_dsl::Row;

use super::{AdoptError, Applied, AppliedRow, moment, text};

/// Rows in the order of their rank: version, description, type, checksum, success, when, script.
pub(super) fn applied(rows: &[Row]) -> Result<Applied, AdoptError> {
    let mut applied = Applied::default();
    for row in rows {
        let (version, description, kind) = (row.text(0), text(row, 1), text(row, 2));
        if !row.bool(4) {
            return Err(AdoptError::new(format!("Flyway's {} failed, and may be half done", text(row, 6)))
                .with_hint("finish or undo it by hand, and `flyway repair`; then adopt again"));
        }
        let is_same = |other: &AppliedRow| match &version {
            Some(version) => other.version == *version,
            None => other.version.is_empty() && other.name.as_deref() == Some(&description),
        };
        match kind.as_str() {
            // The row that says that Flyway made the schema.
            "SCHEMA" => {}
            "BASELINE" => applied.all_up_to = version,
            "DELETE" => applied.rows.retain(|other| !is_same(other)),
            kind if kind.starts_with("UNDO") => applied.rows.retain(|other| !is_same(other)),
            _ => {
                // What runs again has a row for each run; the newest counts.
                applied.rows.retain(|other| !is_same(other));
                applied.rows.push(AppliedRow {
                    version: version.unwrap_or_default(),
                    name: Some(description),
                    checksum: row.text(3),
                    applied_at: moment::of(row.text(5)),
                });
            }
        }
    }
    Ok(applied)
}
