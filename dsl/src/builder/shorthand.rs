//! Shorthands: columns that most tables have, spelled out as anybody would.

use super::table::TableSpec;
use super::types::{bigint, timestamptz};
use crate::schema::{Name, sql};

impl TableSpec<'_> {
    /// A numbered primary key: `.col("id", bigint().identity().primary_key())`.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.create_table("posts").id().references("users").col("title", text()).timestamps();
    ///
    /// let mut plain = Ops::new();
    /// plain.create_table("posts")
    ///     .col("id", bigint().identity().primary_key())
    ///     .col("user_id", bigint().not_null().references("users", "id"))
    ///     .col("title", text())
    ///     .col("created_at", timestamptz().not_null().default(sql("CURRENT_TIMESTAMP")))
    ///     .col("updated_at", timestamptz().not_null().default(sql("CURRENT_TIMESTAMP")));
    /// assert_eq!(op.finish()?.ops, plain.finish()?.ops);
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn id(self) -> Self {
        self.col("id", bigint().identity().primary_key())
    }

    /// `created_at` and `updated_at`, not null, each the time of the row's insertion unless it is given. Nothing changes
    /// `updated_at` by itself: that is the program's affair, or a trigger's.
    pub fn timestamps(self) -> Self {
        let now = || timestamptz().not_null().default(sql("CURRENT_TIMESTAMP"));
        self.col("created_at", now()).col("updated_at", now())
    }

    /// A column that refers to another table's [`id`](Self::id): `user_id` for `users`, `category_id` for `categories`.
    ///
    /// What this doesn't suit is a column of its own: `.col("author_id", bigint().references("users", "id"))`.
    pub fn references(self, table: impl Into<Name>) -> Self {
        let table = table.into();
        let column = format!("{}_id", singular(&table.name));
        self.col(column, bigint().not_null().references(table, "id"))
    }
}

/// An English plural's singular, as far as its last letters tell.
fn singular(name: &str) -> String {
    if let Some(stem) = name.strip_suffix("ies") {
        return format!("{stem}y");
    }
    let sibilant = ["sses", "shes", "ches", "xes", "zes"].iter().any(|end| name.ends_with(end));
    match name.strip_suffix(if sibilant { "es" } else { "s" }) {
        Some(stem) if !stem.ends_with('s') || sibilant => stem.to_owned(),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn singulars() {
        let pairs = [
            ("users", "user"),
            ("categories", "category"),
            ("boxes", "box"),
            ("classes", "class"),
            ("matches", "match"),
            ("houses", "house"),
            ("class", "class"),
            ("staff", "staff"),
        ];
        for (plural, expected) in pairs {
            assert_eq!(singular(plural), expected, "{plural}");
        }
    }
}
