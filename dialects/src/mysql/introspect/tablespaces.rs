//! Where tables are kept: MySQL.

use dunlin_dsl::{ConnectionError, Name};

use super::{Reader, unreadable};
use crate::lex::{Kind, name, tokens};
use crate::mysql::flavor::OWN_FILE;

/// How many tables' own words are asked for in one flight.
const SHOWN: usize = 200;

impl Reader<'_> {
    /// The tablespaces that tables were put into, which only their own words tell. Where there are many tables they are
    /// asked for only if this user sees a table in a tablespace with others, or may not see that.
    pub(super) async fn tablespaces(&mut self) -> Result<(), ConnectionError> {
        if !self.flavor.has_tablespaces() {
            return Ok(());
        }
        let any = "SELECT COUNT(*) FROM information_schema.INNODB_TABLES \
                   WHERE SPACE_TYPE <> 'Single' AND NAME LIKE '%/%' AND NAME NOT LIKE 'mysql/%'";
        if self.tables.len() > SHOWN
            && let Ok(rows) = self.conn.query(any).await
            && rows.first().and_then(|row| row.int(0)) == Some(0)
        {
            return Ok(());
        }
        let places: Vec<_> = self.tables.keys().cloned().collect();
        for places in places.chunks(SHOWN) {
            let names =
                places.iter().map(|(schema, name)| Name { schema: Some(schema.clone()), name: name.clone() });
            let queries = names.map(|name| Ok(format!("SHOW CREATE TABLE {}", self.sql.table(&name)?)));
            let queries = queries.collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
            let rows = self.conn.query(&queries.join("; ")).await?;
            for (place, row) in places.iter().zip(rows) {
                let tablespace = row.text(1).as_deref().and_then(tablespace).filter(|name| name != OWN_FILE);
                if let Some(table) = self.tables.get_mut(place) {
                    table.options.tablespace = tablespace;
                }
            }
        }
        Ok(())
    }
}

/// The tablespace in a table's own words: behind its columns stands `) /*!50100 TABLESPACE `fast` */ ENGINE=InnoDB`.
fn tablespace(shown: &str) -> Option<String> {
    let rest = &shown[shown.rfind("\n) /*!50100 TABLESPACE ")?..];
    let rest = rest.trim_start_matches("\n) /*!50100 TABLESPACE ");
    let token = tokens(rest).into_iter().next().filter(|token| token.kind == Kind::Quoted)?;
    Some(name(rest, token))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behind_the_columns() {
        let table =
            "CREATE TABLE `a` (\n  `i` int DEFAULT NULL\n) /*!50100 TABLESPACE `fa``st` */ ENGINE=InnoDB";
        assert_eq!(tablespace(table).as_deref(), Some("fa`st"));
        let comment = "CREATE TABLE `a` (\n  `i` int COMMENT '\\n) /*!50100 TABLESPACE `x`'\n) ENGINE=InnoDB";
        assert_eq!(tablespace(comment), None);
    }
}
