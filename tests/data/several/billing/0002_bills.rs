//! What is owed, and by whom.

use dunlin::prelude::*;

pub struct Bills;

impl Migration for Bills {
    fn up(&self, op: &mut Ops) {
        op.create_table("bills").id();
    }
}
