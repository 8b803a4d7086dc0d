//! Notes, which come behind what Alembic has made.

use dunlin::prelude::*;

pub struct Notes;

impl Migration for Notes {
    fn revises(&self) -> Option<&[&str]> {
        Some(&["3512b954651e"])
    }

    fn up(&self, op: &mut Ops) {
        op.create_table("notes").col("id", integer().primary_key());
    }
}
