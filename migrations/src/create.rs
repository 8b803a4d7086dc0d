//! Creates and drops the tables of a declared schema, for projects that need no history.

use dunlin_dsl::{Connection, Name, Schema};

use crate::error::{Error, Kind, Result};
use crate::options::Options;

/// Creates the tables of `schema` that don't exist, and gives their names in the order in which they were created.
///
/// Tables that exist are left alone, whatever they look like. Foreign keys decide the order, and cycles of them work.
pub async fn create_all(conn: &mut dyn Connection, schema: &Schema, options: &Options) -> Result<Vec<Name>> {
    let _ = (conn, schema, options);
    Err(Error::new(Kind::Undo("not written yet".into())))
}

/// Drops the tables of `schema` that exist, and gives their names in the order in which they were dropped.
///
/// Only tables that `schema` names are dropped.
pub async fn drop_all(conn: &mut dyn Connection, schema: &Schema, options: &Options) -> Result<Vec<Name>> {
    let _ = (conn, schema, options);
    Err(Error::new(Kind::Undo("not written yet".into())))
}
