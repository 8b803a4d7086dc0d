//! What went wrong, in Dunlin's terms.

use std::error::Error as _;

use dunlin_dsl::{ConnectionError, ErrorKind, Lock};
use tokio_postgres::error::{DbError, ErrorPosition};

/// What went wrong with a statement.
pub(super) fn convert(error: &tokio_postgres::Error, sql: &str) -> ConnectionError {
    match error.as_db_error() {
        Some(error) => refused(error, sql),
        // What the driver itself reports after connecting is the connection's end.
        None => {
            let kind = if lost(error) { ErrorKind::Lost } else { ErrorKind::Statement };
            ConnectionError::new(kind, text(error))
        }
    }
}

/// What went wrong with connecting.
pub(super) fn unconnected(error: &tokio_postgres::Error) -> ConnectionError {
    let mut converted = match error.as_db_error() {
        Some(error) => refused(error, ""),
        None => {
            // Without a password where one is asked for, or with an authentication that the driver doesn't know.
            let words = error.to_string();
            let refused = words == "invalid configuration" || words == "authentication error";
            let kind = if refused { ErrorKind::Refused } else { ErrorKind::Unreachable };
            ConnectionError::new(kind, text(error))
        }
    };
    if matches!(converted.kind, ErrorKind::Lost | ErrorKind::Busy | ErrorKind::Statement) {
        converted.kind = ErrorKind::Unreachable;
    }
    converted
}

fn refused(error: &DbError, sql: &str) -> ConnectionError {
    let code = error.code().code();
    let is_proof = error.message().contains(Lock::REFUSED);
    let kind = match code {
        _ if is_proof => ErrorKind::LockRefused,
        "28P01" | "28000" | "3D000" => ErrorKind::Refused,
        // A lock timeout, a deadlock, a serialisation failure, too many connections.
        "55P03" | "40P01" | "40001" | "53300" => ErrorKind::Busy,
        "42P01" => ErrorKind::MissingTable,
        // A table or another relation, a schema, a function, and anything else.
        "42P07" | "42P06" | "42723" | "42710" => ErrorKind::NameTaken,
        "23505" => ErrorKind::Duplicate,
        "25006" => ErrorKind::ReadOnly,
        "42501" => ErrorKind::Denied,
        // The server was shut down, crashed, or isn't up yet.
        "57P01" | "57P02" | "57P03" | "57P05" => ErrorKind::Lost,
        code if code.starts_with("08") => ErrorKind::Lost,
        _ => ErrorKind::Statement,
    };
    let message = if is_proof { Lock::REFUSED } else { error.message() };
    let more: Vec<&str> = error.detail().into_iter().chain(error.hint()).collect();
    ConnectionError {
        kind,
        message: message.to_owned(),
        code: Some(code.to_owned()),
        detail: (!more.is_empty()).then(|| more.join("; ")),
        offset_bytes: match error.position() {
            Some(ErrorPosition::Original(place)) => offset(sql, *place),
            _ => None,
        },
    }
}

/// The server counts characters from 1.
fn offset(sql: &str, place: u32) -> Option<usize> {
    let before = usize::try_from(place).ok()?.checked_sub(1)?;
    sql.char_indices().map(|(at, _)| at).chain([sql.len()]).nth(before)
}

fn lost(error: &tokio_postgres::Error) -> bool {
    let io = error.source().is_some_and(|source| source.is::<std::io::Error>());
    error.is_closed() || io
}

/// The driver's words with those of what caused it; alone they say little.
fn text(error: &tokio_postgres::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.ends_with(&cause_text) {
            text += &format!(": {cause_text}");
        }
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_bytes() {
        assert_eq!(offset("é = x", 1), Some(0));
        assert_eq!(offset("é = x", 5), Some(5));
        assert_eq!(offset("é", 2), Some(2));
        assert_eq!((offset("é", 3), offset("é", 0)), (None, None));
    }
}
