//! How the tables are divided.

use std::collections::BTreeSet;

use dunlin_dsl::{Bound, ConnectionError, PartKind, Partition, PartitionMethod, Unmodelled};

use super::objects::masked;
use super::{Key, Reader, key};
use crate::lex::{Kind, name, tokens};
use crate::mysql::{partition, text};

/// What a partition may be told beside its bound and its comment.
const OF_PARTITIONS: [&str; 5] = ["DATA DIRECTORY", "INDEX DIRECTORY", "MAX_ROWS", "MIN_ROWS", "NODEGROUP"];

impl Reader<'_> {
    pub(super) async fn partitions(&mut self) -> Result<(), ConnectionError> {
        let columns = "TABLE_SCHEMA, TABLE_NAME, PARTITION_NAME, SUBPARTITION_NAME, PARTITION_METHOD, \
                       PARTITION_EXPRESSION, PARTITION_DESCRIPTION, PARTITION_COMMENT, TABLESPACE_NAME";
        let more = " AND PARTITION_NAME IS NOT NULL ORDER BY PARTITION_ORDINAL_POSITION, SUBPARTITION_ORDINAL_POSITION";
        let rows = self.ask(columns, "PARTITIONS", "TABLE", more).await?;
        let sql = self.sql;
        let mut divided: BTreeSet<Key> = BTreeSet::new();
        for row in rows {
            let place = key(&row);
            let Some(table) = self.tables.get_mut(&place) else { continue };
            let method = row.text(4).unwrap_or_default();
            if table.partitioning.is_none() {
                table.partitioning = partition::read(&method, row.text(5).as_deref(), sql);
            }
            let Some(of) = &mut table.partitioning else {
                table.notes.unmodelled.push(Unmodelled::Partitioning(method));
                continue;
            };
            let name = row.text(2).unwrap_or_default();
            if let Some(sub) = row.text(3) {
                table.notes.unmodelled.push(Unmodelled::part(
                    PartKind::Partition,
                    sub,
                    "that is part of another",
                ));
            }
            if of.partitions.iter().any(|known| known.name == name) {
                continue;
            }
            if let Some(tablespace) = row.text(8).filter(|name| !name.is_empty()) {
                table.notes.unmodelled.push(Unmodelled::part(
                    PartKind::Partition,
                    &name,
                    format!("in tablespace {tablespace}"),
                ));
            }
            let description = row.text(6);
            let bound = partition::read_bound(of, description.as_deref(), sql);
            let comment = row.text(7).filter(|comment| !comment.is_empty());
            divided.insert(place);
            of.partitions.push(Partition { name, bound, comment });
        }
        divided.iter().for_each(|place| self.partition_words(place));
        for table in self.tables.values_mut() {
            if let Some(of) = &table.partitioning
                && let Ok(low) = partition::lower(of, &table.name, sql)
            {
                table.partitioning = Some(low);
            }
        }
        Ok(())
    }

    /// What the catalog doesn't tell of partitions, and their table's own words do: the algorithm of KEY, that MariaDB's list
    /// of 0 is all other numbers, and what each is told beside its bound.
    fn partition_words(&mut self, place: &Key) {
        let shown = self.text_of(place);
        let masked = masked(&shown);
        let words = &masked[masked.rfind("PARTITION BY").unwrap_or(masked.len())..];
        let Some(table) = self.tables.get_mut(place) else { return };
        if words.contains(" ALGORITHM = ") {
            table.notes.unmodelled.push(Unmodelled::Partitioning("an older algorithm of KEY".into()));
        }
        let tokens = tokens(words);
        let is = |at: usize, word: &str| {
            let token = tokens.get(at).filter(|token| token.kind == Kind::Word);
            token.is_some_and(|token| words[token.start..token.end].eq_ignore_ascii_case(word))
        };
        let mut partition = String::new();
        for at in 0..tokens.len() {
            if is(at, "PARTITION") && !is(at + 1, "BY") {
                partition = tokens.get(at + 1).map(|token| name(words, *token)).unwrap_or_default();
            }
            let option = OF_PARTITIONS
                .iter()
                .find(|option| option.split(' ').enumerate().all(|(offset, word)| is(at + offset, word)));
            let what = option.filter(|_| !partition.is_empty());
            let noted = |option| Unmodelled::part(PartKind::Partition, &partition, format!("with {option}"));
            table.notes.unmodelled.extend(what.map(noted));
        }
        let Some(of) = &mut table.partitioning else { return };
        for partition in of.partitions.iter_mut().filter(|_| of.method == PartitionMethod::List) {
            let shown = text::shown_names(&partition.name);
            if shown.iter().any(|name| words.contains(&format!("PARTITION {name} DEFAULT"))) {
                partition.bound = Some(Bound::Default);
            }
        }
    }
}
