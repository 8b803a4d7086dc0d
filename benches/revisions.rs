//! Revisions of one table each.

use dunlin::prelude::*;

/// The revision of this number.
pub(crate) struct OneTable {
    id: String,
    table: String,
}

impl OneTable {
    fn new(number: usize) -> Self {
        Self { id: format!("{number:06}_create_table_{number}"), table: format!("table_{number}") }
    }
}

impl Migration for OneTable {
    fn id(&self) -> &str {
        &self.id
    }

    fn up(&self, op: &mut Ops) {
        op.create_table(self.table.as_str())
            .col("id", bigint().primary_key())
            .col("name", varchar(255).not_null().unique())
            .col("created_at", timestamp().not_null().default(sql("CURRENT_TIMESTAMP")));
    }
}

/// So many of them.
pub(crate) fn list(count: usize) -> MigrationList {
    (0..count).map(|number| Box::new(OneTable::new(number)) as Box<dyn Migration>).collect()
}
