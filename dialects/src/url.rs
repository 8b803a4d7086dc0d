//! Database URLs: what they may look like, and how they are printed without their password.

use std::fmt;
use std::path::PathBuf;

use dunlin_dsl::{ConnectionError, DialectId, ErrorKind};

/// Every scheme and the dialect it means; MySQL and MariaDB are told apart by asking the server.
const SCHEMES: [(&str, DialectId); 5] = [
    ("sqlite", DialectId::Sqlite),
    ("postgres", DialectId::Postgres),
    ("postgresql", DialectId::Postgres),
    ("mysql", DialectId::Mysql),
    ("mariadb", DialectId::Mariadb),
];

/// A database's URL, taken apart. Neither `Display` nor `Debug` shows the password.
///
/// ```
/// use dunlin_dialects::DatabaseUrl;
///
/// let url = DatabaseUrl::parse("postgres://app:s3cret@db.example:5433/shop?sslmode=verify-full")?;
/// assert_eq!(url.to_string(), "postgres://app@db.example:5433/shop");
/// assert_eq!(url.password(), Some("s3cret"));
/// assert_eq!(url.parameter("sslmode"), Some("verify-full"));
/// # Ok::<(), dunlin_dsl::ConnectionError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl {
    dialect: DialectId,
    scheme: String,
    user: Option<String>,
    password: Option<String>,
    host: Option<String>,
    port: Option<u16>,
    database: Option<String>,
    file: SqliteFile,
    parameters: Vec<(String, String)>,
}

/// Where a SQLite database is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SqliteFile {
    /// In memory, for as long as its connection lives.
    #[default]
    Memory,
    /// In a file.
    Path(PathBuf),
}

impl DatabaseUrl {
    /// Reads a URL: `sqlite://relative.db`, `sqlite:///absolute.db`, `sqlite::memory:`, or
    /// `scheme://user:password@host:port/database?parameter=value` with percent-encoded parts.
    pub fn parse(url: &str) -> Result<Self, ConnectionError> {
        let Some((scheme, rest)) = url.split_once(':').filter(|(scheme, _)| is_scheme(scheme)) else {
            return Err(bad(format!("a database URL begins with a scheme: {}", known())));
        };
        // Shown only where what follows makes it a scheme; in `user:password@host` it would be a secret's neighbour.
        let lower = scheme.to_ascii_lowercase();
        match SCHEMES.iter().find(|(known, _)| *known == lower) {
            Some((_, DialectId::Sqlite)) => Self::sqlite(rest),
            Some((scheme, dialect)) => Self::network(scheme, *dialect, rest),
            None if rest.starts_with("//") => {
                Err(bad(format!("unknown scheme {lower} in a database URL: {}", known())))
            }
            None => Err(bad(format!("a database URL begins with a scheme: {}", known()))),
        }
    }

    /// The dialect that the scheme names. For MySQL and MariaDB the server has the last word.
    pub fn dialect(&self) -> DialectId {
        self.dialect
    }

    /// The user's name.
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// The password.
    pub fn password(&self) -> Option<&str> {
        self.password.as_deref()
    }

    /// The host's name or address, an IPv6 address without its brackets.
    pub fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }

    /// The port.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// The database's name on a server.
    pub fn database(&self) -> Option<&str> {
        self.database.as_deref()
    }

    /// Where a SQLite database is.
    pub fn sqlite_file(&self) -> &SqliteFile {
        &self.file
    }

    /// A parameter of the query by name; the last one counts.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All parameters of the query, in order.
    pub fn parameters(&self) -> &[(String, String)] {
        &self.parameters
    }

    /// The same server with another database: what scratch work needs.
    pub fn with_database(mut self, database: impl Into<String>) -> Self {
        self.database = Some(database.into());
        self
    }

    /// A SQLite URL for another file.
    pub fn with_sqlite_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.file = SqliteFile::Path(path.into());
        self
    }

    /// The same for a SQLite database in memory.
    pub fn with_sqlite_memory(mut self) -> Self {
        self.file = SqliteFile::Memory;
        self
    }

    fn new(scheme: &str, dialect: DialectId) -> Self {
        Self {
            dialect,
            scheme: scheme.into(),
            user: None,
            password: None,
            host: None,
            port: None,
            database: None,
            file: SqliteFile::Memory,
            parameters: Vec::new(),
        }
    }

    fn sqlite(rest: &str) -> Result<Self, ConnectionError> {
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let place = place.strip_prefix("//").unwrap_or(place);
        let mut url = Self::new("sqlite", DialectId::Sqlite);
        url.parameters = parameters(query)?;
        url.file = match decode(place)?.as_str() {
            ":memory:" => SqliteFile::Memory,
            "" | "/" => {
                return Err(bad("a sqlite URL names a file, or is sqlite::memory:"));
            }
            // It may hold a password.
            path if names_a_user(path) => {
                return Err(bad("a sqlite URL names a file, and has no user or host: sqlite://relative.db"));
            }
            path => SqliteFile::Path(path.into()),
        };
        Ok(url)
    }

    /// Takes a server's URL apart. What can't be read is never repeated: a password with an `@`, `/`, `?` or `#`
    /// that isn't encoded ends up in any of the parts.
    fn network(scheme: &str, dialect: DialectId, rest: &str) -> Result<Self, ConnectionError> {
        let odd = || {
            bad(format!(
                "can't read the {scheme} URL: in a user's name or password write %23 for #, %2F for /, %3F for ? and %40 for @"
            ))
        };
        let parsed = url::Url::parse(&format!("{scheme}:{rest}")).map_err(|error| {
            // What stands before the @ was cut, so that what is left of it isn't the host and the port.
            let place = rest.trim_start_matches('/');
            match place.find(['#', '/', '?']).is_some_and(|at| place[at..].contains('@')) {
                true => odd(),
                false => bad(format!("can't read the {scheme} URL: {error}")),
            }
        })?;
        let stray = parsed.path().contains('@') || parsed.query().is_some_and(|query| query.contains('@'));
        if parsed.fragment().is_some() || stray {
            return Err(odd());
        }
        if !rest.starts_with("//") || parsed.cannot_be_a_base() {
            return Err(bad(format!(
                "can't read the {scheme} URL: it is like {scheme}://user@host/database"
            )));
        }
        let database = parsed.path().strip_prefix('/').unwrap_or(parsed.path());
        if database.contains('/') {
            return Err(bad(format!("can't read the {scheme} URL: a database's name has / as %2F")));
        }
        let mut url = Self::new(scheme, dialect);
        url.user = present(decode(parsed.username())?);
        url.password = parsed.password().map(decode).transpose()?;
        url.host = match parsed.host_str() {
            Some(host) => present(decode(host.trim_start_matches('[').trim_end_matches(']'))?),
            None => None,
        };
        url.port = parsed.port();
        url.database = present(decode(database)?);
        url.parameters = parameters(parsed.query().unwrap_or_default())?;
        Ok(url)
    }
}

impl fmt::Display for DatabaseUrl {
    /// The URL without its password and its query, which may hold one too.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.dialect == DialectId::Sqlite {
            return match &self.file {
                SqliteFile::Memory => f.write_str("sqlite::memory:"),
                SqliteFile::Path(path) => write!(f, "sqlite://{}", path.display()),
            };
        }
        write!(f, "{}://", self.scheme)?;
        if let Some(user) = &self.user {
            write!(f, "{user}@")?;
        }
        match self.host.as_deref() {
            Some(host) if host.contains(':') => write!(f, "[{host}]")?,
            Some(host) => f.write_str(host)?,
            None => {}
        }
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        write!(f, "/{}", self.database.as_deref().unwrap_or_default())
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

impl std::str::FromStr for DatabaseUrl {
    type Err = ConnectionError;

    fn from_str(url: &str) -> Result<Self, Self::Err> {
        Self::parse(url)
    }
}

fn bad(message: impl Into<String>) -> ConnectionError {
    ConnectionError::new(ErrorKind::BadUrl, message)
}

fn known() -> String {
    let names: Vec<_> = SCHEMES.iter().map(|(scheme, _)| *scheme).collect();
    format!("known are {}", names.join(", "))
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

fn present(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

fn parameters(query: &str) -> Result<Vec<(String, String)>, ConnectionError> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode(key)?, decode(value)?))
        })
        .collect()
}

/// Percent-decodes a part of a URL. A plus is a plus: it is common in passwords and file names.
fn decode(text: &str) -> Result<String, ConnectionError> {
    let wrong = || bad("a database URL has a % that isn't followed by two hexadecimal digits of UTF-8 text");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let [high, low, tail @ ..] = rest else { return Err(wrong()) };
        let digit = |byte: u8| char::from(byte).to_digit(16);
        let value = digit(*high).zip(digit(*low)).and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
        bytes.push(value.ok_or_else(wrong)?);
        rest = tail;
    }
    String::from_utf8(bytes).map_err(|_| wrong())
}

/// Whether it begins with `user:password@`.
fn names_a_user(path: &str) -> bool {
    let begin = path.split('/').next().unwrap_or_default();
    begin.split_once('@').is_some_and(|(user, _)| user.contains(':'))
}

#[cfg(test)]
mod tests;
