//! Connecting to SQLite.

use dunlin_dsl::{Connection, ConnectionError, ErrorKind};

use crate::connect::OpenMode;
use crate::url::DatabaseUrl;

/// Opens a connection of Dunlin's own.
pub(crate) fn open(_: &DatabaseUrl, _: OpenMode) -> Result<Box<dyn Connection>, ConnectionError> {
    Err(ConnectionError::new(ErrorKind::BadUrl, "not written yet"))
}
