//! Connecting to PostgreSQL.

use dunlin_dsl::{Connection, ConnectionError, ErrorKind};

use crate::url::DatabaseUrl;

/// Opens a connection of Dunlin's own.
pub(crate) async fn open(_: &DatabaseUrl) -> Result<Box<dyn Connection>, ConnectionError> {
    Err(ConnectionError::new(ErrorKind::BadUrl, "not written yet"))
}
