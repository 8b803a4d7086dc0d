//! Which server a thing is for: dialects, sets of them, versions, and what was asked of a live server.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::BitOr;

use serde::{Deserialize, Serialize};

/// One of the four servers that Dunlin speaks to.
///
/// MySQL and MariaDB are two: they share a protocol, and differ in enough of their DDL that text for one
/// is often wrong for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum DialectId {
    /// SQLite 3.35 and later.
    Sqlite,
    /// PostgreSQL 13 and later.
    Postgres,
    /// MySQL 8.0 and later.
    Mysql,
    /// MariaDB 10.6 and later.
    Mariadb,
}

impl DialectId {
    /// All dialects, in the order in which they are listed anywhere.
    pub const ALL: [DialectId; 4] = [Self::Sqlite, Self::Postgres, Self::Mysql, Self::Mariadb];

    /// The name used in URLs, files and flags: `sqlite`, `postgres`, `mysql`, `mariadb`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
            Self::Mariadb => "mariadb",
        }
    }

    /// The name in prose: `SQLite`, `PostgreSQL`, `MySQL`, `MariaDB`.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
            Self::Mysql => "MySQL",
            Self::Mariadb => "MariaDB",
        }
    }
}

impl fmt::Display for DialectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A set of dialects: what an operation, an expression or a type is for.
///
/// ```
/// use dunlin_dsl::{DialectId, MARIADB, MYSQL};
///
/// let both = MYSQL | MARIADB;
/// assert!(both.contains(DialectId::Mariadb) && !both.contains(DialectId::Sqlite));
/// assert_eq!(both.to_string(), "mysql, mariadb");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<DialectId>", into = "Vec<DialectId>")]
pub struct DialectSet(u8);

/// SQLite alone.
pub const SQLITE: DialectSet = DialectSet::of(DialectId::Sqlite);
/// PostgreSQL alone.
pub const POSTGRES: DialectSet = DialectSet::of(DialectId::Postgres);
/// MySQL alone, without MariaDB: name both as `MYSQL | MARIADB`.
pub const MYSQL: DialectSet = DialectSet::of(DialectId::Mysql);
/// MariaDB alone.
pub const MARIADB: DialectSet = DialectSet::of(DialectId::Mariadb);

impl DialectSet {
    /// Every dialect.
    pub const ALL: DialectSet = DialectSet(0b1111);

    /// The set of one dialect.
    pub const fn of(dialect: DialectId) -> Self {
        Self(1 << dialect as u8)
    }

    /// The dialects of either set: `|`, where a constant is needed.
    pub const fn or(self, other: DialectSet) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether `dialect` is in the set.
    pub const fn contains(self, dialect: DialectId) -> bool {
        self.0 & (1 << dialect as u8) != 0
    }

    /// Whether the two sets have a dialect in common.
    pub const fn intersects(self, other: DialectSet) -> bool {
        self.0 & other.0 != 0
    }

    /// The dialects of the set, in order.
    pub fn iter(self) -> impl Iterator<Item = DialectId> {
        DialectId::ALL.into_iter().filter(move |dialect| self.contains(*dialect))
    }
}

impl From<DialectId> for DialectSet {
    fn from(dialect: DialectId) -> Self {
        Self::of(dialect)
    }
}

impl From<Vec<DialectId>> for DialectSet {
    fn from(dialects: Vec<DialectId>) -> Self {
        dialects.into_iter().fold(Self::default(), |set, dialect| set | dialect.into())
    }
}

impl From<DialectSet> for Vec<DialectId> {
    fn from(set: DialectSet) -> Self {
        set.iter().collect()
    }
}

impl BitOr for DialectSet {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.or(other)
    }
}

impl fmt::Display for DialectSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.iter().map(DialectId::as_str).collect();
        f.write_str(&names.join(", "))
    }
}

impl fmt::Debug for DialectSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{self}}}")
    }
}

/// Something that differs between dialects: one entry for each set of dialects it is known for.
///
/// A dialect that no entry names has none; where that matters it is an error which says so, never a guess.
/// The first entry that names a dialect is the one that counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PerDialect<T>(Vec<(DialectSet, T)>);

impl<T> Default for PerDialect<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> PerDialect<T> {
    /// The same for every dialect.
    pub fn everywhere(value: T) -> Self {
        Self(vec![(DialectSet::ALL, value)])
    }

    /// Adds what holds for `dialects`.
    pub fn with(mut self, dialects: impl Into<DialectSet>, value: T) -> Self {
        self.0.push((dialects.into(), value));
        self
    }

    /// What holds for `dialect`.
    pub fn get(&self, dialect: DialectId) -> Option<&T> {
        self.0.iter().find(|(dialects, _)| dialects.contains(dialect)).map(|(_, value)| value)
    }

    /// Whether it says nothing for any dialect.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The entries, in the order they were given.
    pub fn entries(&self) -> &[(DialectSet, T)] {
        &self.0
    }
}

impl<T> FromIterator<(DialectSet, T)> for PerDialect<T> {
    fn from_iter<I: IntoIterator<Item = (DialectSet, T)>>(entries: I) -> Self {
        Self(entries.into_iter().collect())
    }
}

/// A server's version, comparable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Version {
    /// 15 in 15.18.
    pub major: u16,
    /// 18 in 15.18.
    pub minor: u16,
    /// 19 in 10.11.19; 0 where a server has none.
    pub patch: u16,
}

impl Version {
    /// `Version::new(10, 11, 19)`.
    pub const fn new(major: u16, minor: u16, patch: u16) -> Self {
        Self { major, minor, patch }
    }

    /// Reads the first run of `N.N.N` in a text such as `PostgreSQL 15.18 (Debian)`; parts that are absent are 0.
    pub fn parse(text: &str) -> Option<Self> {
        let start = text.find(|c: char| c.is_ascii_digit())?;
        let mut parts = text[start..].split(|c: char| !c.is_ascii_digit() && c != '.').next()?.split('.');
        let mut part = || parts.next().map_or(Some(0), |digits| digits.parse().ok());
        Some(Self { major: part()?, minor: part().unwrap_or(0), patch: part().unwrap_or(0) })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)?;
        if self.patch > 0 { write!(f, ".{}", self.patch) } else { Ok(()) }
    }
}

/// What was asked of a server once, when a connection to it was first used, or what is assumed of it when
/// SQL is rendered with no connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Which of the four it is.
    pub dialect: DialectId,
    /// Its version.
    pub version: Version,
    /// The connection's own schema: the first of PostgreSQL's search path that exists, MySQL's database, SQLite's `main`.
    pub schema: String,
    /// Settings that change what SQL means there, by the server's own name: `sql_mode`, `collation_database`.
    pub facts: BTreeMap<String, String>,
}

impl Server {
    /// A server of this dialect and version with nothing else known.
    pub fn new(dialect: DialectId, version: Version) -> Self {
        Self { dialect, version, schema: String::new(), facts: BTreeMap::new() }
    }

    /// A setting by the server's own name, or "" where it wasn't asked.
    pub fn fact(&self, name: &str) -> &str {
        self.facts.get(name).map_or("", String::as_str)
    }
}

impl fmt::Display for Server {
    /// `PostgreSQL 15.18`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.dialect.title(), self.version)
    }
}
