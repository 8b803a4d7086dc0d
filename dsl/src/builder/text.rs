//! The text of a whole table, converted.

use crate::change::TableChange;
use crate::op::Op;
use crate::ops::{Ops, not_as_given};
use crate::schema::Name;

impl Ops {
    /// Converts all text of a table to a character set, and makes it the default of what comes: MySQL's and MariaDB's
    /// `CONVERT TO CHARACTER SET`; nothing elsewhere.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.convert_text("posts", "utf8mb4").collate("utf8mb4_bin");
    /// assert_eq!(op.finish()?.ops[0].to_string(), "convert text to utf8mb4 in table posts");
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn convert_text(&mut self, table: impl Into<Name>, charset: impl Into<String>) -> ConvertSpec<'_> {
        let change = TableChange::Text { charset: Some(charset.into()), collation: None };
        match &mut self.record(Op::AlterTable { table: table.into(), change }).op {
            Op::AlterTable { change: TableChange::Text { collation, .. }, .. } => ConvertSpec(collation),
            _ => not_as_given(),
        }
    }
}

/// A table whose text is converted.
pub struct ConvertSpec<'a>(&'a mut Option<String>);

impl ConvertSpec<'_> {
    /// How the text is compared from now on, in place of the character set's own way.
    pub fn collate(self, collation: impl Into<String>) -> Self {
        *self.0 = Some(collation.into());
        self
    }
}
