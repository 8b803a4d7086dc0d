//! The law of reversal, on servers: what is done is undone, and the server's own dump is as it was.

use dunlin::Connection;
use dunlin::prelude::*;

/// Why Dunlin may refuse to do something that applies, before anything ran; anything else fails the test.
pub(crate) const REFUSED: [&str; 14] = [
    // MySQL and MariaDB keep the texts of views as they were written, with the old name in them.
    "names it, and would be left broken",
    "no column by which a table is divided",
    // MySQL and MariaDB move no trigger to another database.
    "moves no table that has a trigger",
    // SQLite has no ALTER VIEW: under the new name it is another, which what mentions it doesn't know.
    "renames no view, and",
    // Nor does a view go that another one mentions, where only the texts tell.
    "mentions it",
    // A column that a view or a trigger mentions doesn't go on SQLite.
    "built anew for it, and view",
    "has a body that mentions",
    // CLUSTER goes by an index that has an order and all rows of a table that has some.
    "can't put rows in the order of index",
    "puts the rows of no partitioned table in order",
    // MySQL and MariaDB show one column at least, and PostgreSQL keeps a column's sequence with its table.
    "has no table without a column that SELECT * gives",
    "keeps the sequence in the schema of table",
    // What numbers itself is a key on SQLite, MySQL and MariaDB.
    "numbers only a column",
    // MySQL changes no AUTO_INCREMENT under a foreign key.
    "neither begins nor ceases to number itself",
    // MySQL would have to rename it in a check, a generated column or an index too.
    "renames no column that an expression mentions",
];

/// Why there may be no way back; anything else fails the test.
const IRREVERSIBLE: [&str; 2] = [
    // A text that a server keeps as it was written has the new name when it is read, and the old one when it comes back.
    "rename in a revision of its own, or write a down",
    // Heirs keep a refusal of NULL that they were handed.
    "keeps its refusal of NULL as its own",
];

/// A revision made of operations.
pub(super) struct Recorded {
    pub(super) id: String,
    pub(super) ops: Vec<Op>,
}

impl Migration for Recorded {
    fn id(&self) -> &str {
        &self.id
    }

    fn up(&self, op: &mut Ops) {
        for one in &self.ops {
            op.push(one.clone());
        }
    }
}

/// Whether a revision can be done and undone; why not is one of the reasons listed here, before anything ran.
pub(super) async fn has_way_back(conn: &mut dyn Connection, ops: &[Op], what: &str) -> bool {
    let (before, lowered, _) = match rendered(conn, ops).await {
        Ok(rendered) => rendered,
        Err(error) => return listed(&REFUSED, &error.to_string(), what),
    };
    match reverse_all(&lowered, &before) {
        Ok(_) => true,
        Err(error) => listed(&IRREVERSIBLE, &error.to_string(), what),
    }
}

/// What was there, the operations as they are there, and their SQL.
async fn rendered(
    conn: &mut dyn Connection,
    ops: &[Op],
) -> Result<(Schema, Vec<Op>, Vec<Statement>), Unsupported> {
    let (dialect, server) = (conn.dialect(), conn.server().await.unwrap());
    let before = dialect.introspect(conn, &touched(ops)).await.unwrap();
    let lowered = dialect.lower_ops(ops, &before, &server)?;
    let statements = dialect.render(&lowered, &before, &server)?;
    Ok((before, lowered, statements))
}

fn listed(reasons: &[&str], error: &str, what: &str) -> bool {
    assert!(reasons.iter().any(|reason| error.contains(reason)), "{what}: refused: {error}");
    false
}
