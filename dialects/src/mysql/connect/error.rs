//! What the driver and the server say, in Dunlin's terms. Neither repeats a password.

use dunlin_dsl::{ConnectionError, ErrorKind, Lock};
use mysql_async::{DriverError, Error, IoError, ServerError};

use crate::url::DatabaseUrl;

/// What a question with two answers to a place for one is refused with.
const TWO_ROWS: u16 = 1242;

/// The failure of a statement.
pub(super) fn convert(error: Error, sql: &str) -> ConnectionError {
    match error {
        Error::Server(error) if error.code == TWO_ROWS && sql.contains(Lock::REFUSED) => {
            ConnectionError { message: Lock::REFUSED.into(), ..server(error, ErrorKind::LockRefused) }
        }
        Error::Server(error) => {
            let kind = kind(&error);
            server(error, kind)
        }
        Error::Io(error) => {
            ConnectionError::new(ErrorKind::Lost, format!("the connection was lost: {}", io(&error)))
        }
        Error::Driver(DriverError::ConnectionClosed | DriverError::PacketOutOfOrder) => {
            ConnectionError::new(ErrorKind::Lost, "the connection was lost")
        }
        Error::Driver(DriverError::UnexpectedPacket { .. }) => {
            ConnectionError::new(ErrorKind::Lost, "the server's answer can't be read")
        }
        other => ConnectionError::new(ErrorKind::Statement, other.to_string()),
    }
}

/// Why a connection can't be opened.
pub(super) fn unopened(error: Error, url: &DatabaseUrl) -> ConnectionError {
    let failed = format!("failed to connect to {url}");
    match error {
        Error::Server(error) => {
            let kind = match error.code {
                1044 | 1045 | 1049 | 1130 | 1251 | 1524 | 1698 | 1820 | 1862 | 3118 | 3159 | 4151 => {
                    ErrorKind::Refused
                }
                _ => ErrorKind::Unreachable,
            };
            let said = error.message.clone();
            ConnectionError { message: format!("{failed}: {said}"), ..server(error, kind) }
        }
        Error::Io(error) => ConnectionError::new(ErrorKind::Unreachable, format!("{failed}: {}", io(&error))),
        Error::Driver(DriverError::NoClientSslFlagFromServer) => {
            ConnectionError::new(ErrorKind::Unreachable, format!("{failed}: the server has no TLS"))
        }
        Error::Driver(DriverError::UnknownAuthPlugin { name }) => {
            let message = format!("{failed}: the server asks for {name}, by which Dunlin can't authenticate");
            ConnectionError::new(ErrorKind::Refused, message)
        }
        Error::Driver(
            DriverError::UnexpectedPacket { .. }
            | DriverError::PacketOutOfOrder
            | DriverError::CantParseServerVersion { .. },
        ) => {
            let message = format!("{failed}: what answers there is neither MySQL nor MariaDB");
            ConnectionError::new(ErrorKind::UnsupportedServer, message)
        }
        other => ConnectionError::new(ErrorKind::Unreachable, format!("{failed}: {other}")),
    }
}

fn server(error: ServerError, kind: ErrorKind) -> ConnectionError {
    ConnectionError { code: Some(error.code.to_string()), ..ConnectionError::new(kind, error.message) }
}

/// The kind of a server's error, by its number.
fn kind(error: &ServerError) -> ErrorKind {
    match error.code {
        // Lock wait timeout, deadlock, no waiting, lock table full, deadlock of named locks.
        1205 | 1213 | 3572 | 1206 | 3058 => ErrorKind::Busy,
        1146 | 1051 => ErrorKind::MissingTable,
        // A table or a view, a database, a routine, a trigger, a scheduled event.
        1050 | 1007 | 1304 | 1359 | 1537 => ErrorKind::NameTaken,
        1062 | 1586 => ErrorKind::Duplicate,
        // The number is any option's; the option is told in words.
        1290 if error.message.contains("read-only") || error.message.contains("read_only") => {
            ErrorKind::ReadOnly
        }
        1792 | 1836 => ErrorKind::ReadOnly,
        1044 | 1142 | 1143 | 1227 | 1370 | 1410 => ErrorKind::Denied,
        // Shutting down, killed, gone away, disconnected for inactivity.
        1053 | 1927 | 2006 | 2013 => ErrorKind::Lost,
        // MySQL's; MariaDB says by the same number that the trigger of FOLLOWS isn't there.
        4031 if error.message.contains("disconnected") => ErrorKind::Lost,
        _ => ErrorKind::Statement,
    }
}

fn io(error: &IoError) -> String {
    match error {
        IoError::Io(error) => error.to_string(),
        IoError::Tls(error) => error.to_string(),
    }
}
