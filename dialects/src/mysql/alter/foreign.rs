//! What foreign keys need of a table: the servers stop where a change would take it from them, whatever rows there are.

use dunlin_dsl::{Column, Dependent, ForeignKey, KeyPart, Schema, Table, Unsupported};

use super::Alter;
use crate::foreign::{End, inbound, stood};
use crate::mysql::flavor::Flavor;
use crate::mysql::native;
use crate::sql::Sql;

impl Alter {
    /// Refuses to take from a foreign key the index that it needs, a column, or a column's type. `after` is what the
    /// operations make.
    pub(in crate::mysql) fn refuse_keyless(&self, after: &Schema, sql: Sql<'_>) -> Result<(), Unsupported> {
        let (Some(before), Some(table)) = (&self.before, after.get(&self.table)) else { return Ok(()) };
        for end in ends(before, table, after) {
            let refuse = |reason: String, instead: &str| {
                Err(Unsupported::new(format!("alter table {}", table.name), reason, instead))
            };
            let whose = format!("a foreign key of table {}", end.of);
            let is_there = |column: &&String| before.column(column).is_some();
            for name in end.columns.iter().filter(is_there) {
                match (before.column(name), table.column(name)) {
                    (Some(_), None) => return Err(taken(table, &end, name)),
                    (Some(old), Some(new)) if is_other(old, new, sql) => {
                        let reason =
                            format!("{whose} has its column {name}, whose type can't change under it");
                        return refuse(reason, "drop the foreign key before, and add it again after");
                    }
                    (Some(old), Some(new))
                        if old.identity.is_some() != new.identity.is_some()
                            && !Flavor::of(sql.server).numbers_under_foreign_keys() =>
                    {
                        let reason = format!(
                            "{whose} has its column {name}, which neither begins nor ceases to number itself under it"
                        );
                        return refuse(reason, "drop the foreign key before, and add it again after");
                    }
                    _ => {}
                }
            }
            if serves(before, &end.columns) && !serves(table, &end.columns) {
                let columns = end.columns.join(", ");
                let reason =
                    format!("{whose} needs an index that begins with {columns}, and none would be left");
                return refuse(reason, "create another such index before, or drop the foreign key");
            }
        }
        Ok(())
    }
}

/// Refuses to drop a column that a foreign key has. It is asked before the indexes go that are dropped with the column.
pub(in crate::mysql) fn refuse_keyed(
    table: &Table,
    column: &str,
    schema: &Schema,
) -> Result<(), Unsupported> {
    let has = |end: &End| end.columns.iter().any(|name| name == column);
    match ends(table, table, schema).into_iter().find(has) {
        None => Ok(()),
        Some(end) => Err(taken(table, &end, column)),
    }
}

fn taken(table: &Table, end: &End, column: &str) -> Unsupported {
    let reason = format!("a foreign key of table {} has its column {column}", end.of);
    Unsupported::new(format!("alter table {}", table.name), reason, "drop the foreign key first")
}

/// The foreign keys at a table: its own, and those that refer to it, or will from itself.
fn ends(before: &Table, table: &Table, schema: &Schema) -> Vec<End> {
    let own = table.foreign_keys.iter().filter(|key| stood(key, before));
    let own = own.map(|key| End { of: table.name.clone(), columns: key.columns.clone() });
    let refers = |_: &Table, key: &ForeignKey| key.references == table.name;
    let noted = |dependent: &Dependent| vec![dependent.uses.clone()];
    let inbound = inbound(before, table, schema, refers, noted);
    let itself = table.foreign_keys.iter().filter(|key| key.references == table.name && !stood(key, before));
    let itself = itself.map(|key| End { of: table.name.clone(), columns: key.references_columns.clone() });
    own.chain(inbound).chain(itself).filter(|end| !end.columns.is_empty()).collect()
}

/// Whether a column can't be what it becomes under a foreign key.
fn is_other(old: &Column, new: &Column, sql: Sql<'_>) -> bool {
    let plain = |column: &Column| {
        let text = match native::lower(&column.ty, sql) {
            Ok(low) => low.to_string(),
            Err(_) => column.ty.to_string(),
        };
        match text.split_once('(') {
            Some((start, rest)) if Flavor::of(sql.server).lengthens_under_foreign_keys() => {
                format!("{start}{}", rest.split_once(')').unwrap_or_default().1)
            }
            _ => text,
        }
    };
    plain(old) != plain(new) || old.charset != new.charset || old.collation != new.collation
}

/// Whether a table has an index that begins with these columns, in this order.
fn serves(table: &Table, columns: &[String]) -> bool {
    let begins = |names: Vec<Option<&String>>| {
        names.len() >= columns.len() && columns.iter().zip(&names).all(|(column, name)| *name == Some(column))
    };
    let primary = table.primary_key.iter().map(|key| key.columns.iter().map(Some).collect());
    let uniques = table.uniques.iter().map(|unique| unique.columns.iter().map(Some).collect());
    let indexes =
        table.indexes.iter().filter(|index| index.method.as_deref().is_none_or(|method| method == "btree"));
    let indexes = indexes.map(|index| {
        let keys = index.keys.iter().map(|key| match &key.on {
            KeyPart::Column(name) if key.prefix.is_none() => Some(name),
            _ => None,
        });
        keys.collect()
    });
    primary.chain(uniques).chain(indexes).any(begins)
}
