//! How the tables are divided.

use std::collections::{BTreeMap, BTreeSet};

use dunlin_dsl::{Bound, ConnectionError, Name, Partition, PartitionMethod};

use super::{Key, Reader, key, unreadable};
use crate::mysql::{partition, text};

impl Reader<'_> {
    pub(super) async fn partitions(&mut self) -> Result<(), ConnectionError> {
        let columns = "TABLE_SCHEMA, TABLE_NAME, PARTITION_NAME, SUBPARTITION_NAME, PARTITION_METHOD, \
                       PARTITION_EXPRESSION, PARTITION_DESCRIPTION, PARTITION_COMMENT, TABLESPACE_NAME";
        let more = " AND PARTITION_NAME IS NOT NULL ORDER BY PARTITION_ORDINAL_POSITION, SUBPARTITION_ORDINAL_POSITION";
        let rows = self.ask(columns, "PARTITIONS", "TABLE", more).await?;
        let sql = self.sql;
        // What the catalog doesn't tell of these, their own words do.
        let mut doubtful: BTreeSet<Key> = BTreeSet::new();
        for row in rows {
            let place = key(&row);
            let Some(table) = self.tables.get_mut(&place) else { continue };
            let method = row.text(4).unwrap_or_default();
            if table.partitioning.is_none() {
                table.partitioning = partition::read(&method, row.text(5).as_deref(), sql);
            }
            let Some(of) = &mut table.partitioning else {
                table.notes.unmodelled.push(format!("partitions by {method}"));
                continue;
            };
            let name = row.text(2).unwrap_or_default();
            if let Some(sub) = row.text(3) {
                table.notes.unmodelled.push(format!("subpartition {sub}"));
            }
            if of.partitions.iter().any(|known| known.name == name) {
                continue;
            }
            if let Some(tablespace) = row.text(8).filter(|name| !name.is_empty()) {
                table.notes.unmodelled.push(format!("partition {name} in tablespace {tablespace}"));
            }
            let description = row.text(6);
            let bound = partition::read_bound(of, description.as_deref(), sql);
            let lost = |text: &Option<String>| text.as_ref().is_some_and(|text| text.contains('?'));
            let comment = row.text(7).filter(|comment| !comment.is_empty());
            if lost(&description) {
                let what = format!("partition {name} with characters that the catalog may not tell");
                table.notes.unmodelled.push(what);
            }
            // MariaDB tells a default partition of lists of numbers as the list of 0, and neither tells the algorithm of KEY.
            let is_default = self.flavor.has_default_partition() && description.as_deref() == Some("0");
            if of.method == PartitionMethod::Key || (of.method == PartitionMethod::List && is_default) {
                doubtful.insert(place);
            }
            of.partitions.push(Partition { name, bound, comment });
        }
        self.doubtful_partitions(doubtful).await?;
        for table in self.tables.values_mut() {
            if let Some(of) = &table.partitioning
                && let Ok(low) = partition::lower(of, &table.name, sql)
            {
                table.partitioning = Some(low);
            }
        }
        Ok(())
    }

    async fn doubtful_partitions(&mut self, tables: BTreeSet<Key>) -> Result<(), ConnectionError> {
        let sql = self.sql;
        let mut shown: BTreeMap<Key, String> = BTreeMap::new();
        for place in tables {
            let name = Name { schema: Some(place.0.clone()), name: place.1.clone() };
            let from = sql.table(&name).map_err(unreadable)?;
            let rows = self.conn.query(&format!("SHOW CREATE TABLE {from}")).await?;
            let words = rows.first().and_then(|row| row.text(1)).unwrap_or_default();
            let at = words.rfind("PARTITION BY").unwrap_or(words.len());
            shown.insert(place, words[at..].to_owned());
        }
        for (place, words) in shown {
            let Some(table) = self.tables.get_mut(&place) else { continue };
            if words.contains(" ALGORITHM = ") {
                table.notes.unmodelled.push("partitions by an older algorithm of KEY".into());
            }
            let Some(of) = &mut table.partitioning else { continue };
            for partition in of.partitions.iter_mut().filter(|_| of.method == PartitionMethod::List) {
                let shown = text::shown_names(&partition.name);
                if shown.iter().any(|name| words.contains(&format!("PARTITION {name} DEFAULT"))) {
                    partition.bound = Some(Bound::Default);
                }
            }
        }
        Ok(())
    }
}
