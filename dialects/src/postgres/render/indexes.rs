//! Indexes: built and dropped inside a transaction or, concurrently, outside.

use dunlin_dsl::{Expect, HazardKind, Index, Name, Statement, StatementCheck, When};

use super::{Render, Result};
use crate::postgres::{create, introspect};

impl Render<'_> {
    pub(super) fn create_index(
        &mut self,
        table: &Name,
        index: &Index,
        if_not_exists: bool,
        concurrently: bool,
        at: usize,
    ) -> Result<()> {
        let sql = self.sql;
        if concurrently && self.is_divided(table) {
            let operation = format!("create index {} on table {table} concurrently", index.label);
            let lacks = "can't do so on a partitioned table";
            let instead = "create it concurrently on each partition, and then on the table without concurrently, which takes \
                           those and builds none";
            return sql.refuse(operation, lacks, instead);
        }
        let name = create::index_name(table, index);
        let known = self.indexes(table).is_some_and(|known| known.iter().any(|index| index.label.is(&name)));
        if if_not_exists && known {
            return Ok(());
        }
        if self.find(table).is_some_and(|table| introspect::has_broken_index(&table.notes, &name)) {
            let how = if concurrently { "CONCURRENTLY " } else { "" };
            let broken = table.sibling(&name);
            let mut drop = Statement::new(format!("DROP INDEX {how}{}", sql.table(&broken)?), [at]);
            drop.probe = Some(create::index_probe(&broken, false, sql)?);
            self.statements.push(if concurrently { drop.outside() } else { drop });
        }
        let mut create = Statement::new(create::index(table, index, if_not_exists, concurrently, sql)?, [at]);
        if !self.created.contains(table) {
            if index.unique {
                let twice = format!("fails if two rows of table {table} have the same key");
                create = create.hazard(HazardKind::MayFail, twice);
            }
            if !concurrently {
                let wait = format!("writers of table {table} wait while it is built");
                create = create.hazard(HazardKind::BlocksWrites, wait);
            }
        }
        if concurrently {
            let probe = create::index_probe(&table.sibling(&name), true, sql)?;
            create = create.outside().check(StatementCheck {
                when: When::After,
                query: probe.query.clone(),
                later: None,
                expect: Expect::Text(probe.done.clone()),
                message: format!("index {name} was there already, and isn't valid"),
                names: Vec::new(),
            });
            create.probe = Some(probe);
        }
        self.statements.push(create);
        if let Some(text) = create::index_statistics(table, index, sql)? {
            self.push(text, at);
        }
        if let Some(text) = create::index_comment(table, index, sql)? {
            self.push(text, at);
        }
        Ok(())
    }

    pub(super) fn drop_index(
        &mut self,
        table: &Name,
        name: &str,
        if_exists: bool,
        concurrently: bool,
        at: usize,
    ) -> Result<()> {
        let sql = self.sql;
        if concurrently && self.is_divided(table) {
            let operation = format!("drop index {name} of table {table} concurrently");
            return sql.refuse(operation, "can't do so on a partitioned table", "leave concurrently out");
        }
        let known = self.indexes(table).is_some_and(|known| known.iter().any(|index| index.label.is(name)));
        if if_exists && !known {
            return Ok(());
        }
        let words = if concurrently { "CONCURRENTLY " } else { "" };
        let exists = if if_exists { "IF EXISTS " } else { "" };
        let index = table.sibling(name);
        let mut drop = Statement::new(format!("DROP INDEX {words}{exists}{}", sql.table(&index)?), [at]);
        if concurrently {
            drop = drop.outside();
            drop.probe = Some(create::index_probe(&index, false, sql)?);
        }
        self.statements.push(drop);
        Ok(())
    }
}
