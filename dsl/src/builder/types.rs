//! Column types as they are written: functions, each named as SQL names the type.
//!
//! What each becomes on each server is written down in `docs/types.md`.

use super::column::ColumnSpec;
use crate::schema::{ColumnType, IntWidth, Size};
use crate::server::{DialectSet, PerDialect};

macro_rules! types {
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $of:ty),*) => $ty:expr;)+) => {$(
        $(#[$doc])*
        pub fn $name($($argument: $of),*) -> ColumnSpec {
            ColumnSpec::new($ty)
        }
    )+};
}

fn integer_of(width: IntWidth) -> ColumnType {
    ColumnType::Integer { width, unsigned: false }
}

types! {
    /// True or false.
    boolean() => ColumnType::Boolean;
    /// An 8-bit integer; 16-bit where there is none.
    tinyint() => integer_of(IntWidth::Tiny);
    /// A 16-bit integer.
    smallint() => integer_of(IntWidth::Small);
    /// A 24-bit integer; 32-bit where there is none.
    mediumint() => integer_of(IntWidth::Medium);
    /// A 32-bit integer.
    integer() => integer_of(IntWidth::Normal);
    /// A 64-bit integer.
    bigint() => integer_of(IntWidth::Big);
    /// An exact number of so many digits, and so many of them after the point.
    decimal(precision: u16, scale: u16) => ColumnType::Decimal { precision: Some((precision, scale)) };
    /// An exact number of the server's widest or default precision.
    numeric() => ColumnType::Decimal { precision: None };
    /// A 32-bit float.
    real() => ColumnType::Real;
    /// A 64-bit float.
    double() => ColumnType::Double;
    /// Text of exactly so many characters, padded.
    char(length: u32) => ColumnType::Char(length);
    /// Text of at most so many characters.
    varchar(length: u32) => ColumnType::Varchar(length);
    /// Text of any length (64 KiB on MySQL and MariaDB).
    text() => ColumnType::Text(Size::Normal);
    /// Text of at most 255 bytes on MySQL and MariaDB; [`text`] elsewhere.
    tinytext() => ColumnType::Text(Size::Tiny);
    /// Text of at most 16 MiB on MySQL and MariaDB; [`text`] elsewhere.
    mediumtext() => ColumnType::Text(Size::Medium);
    /// Text of at most 4 GiB on MySQL and MariaDB; [`text`] elsewhere.
    longtext() => ColumnType::Text(Size::Long);
    /// Exactly so many bytes; PostgreSQL and SQLite don't enforce the length.
    binary(length: u32) => ColumnType::Binary(length);
    /// At most so many bytes; PostgreSQL and SQLite don't enforce the length.
    varbinary(length: u32) => ColumnType::Varbinary(length);
    /// Bytes of any length (64 KiB on MySQL and MariaDB).
    blob() => ColumnType::Blob(Size::Normal);
    /// At most 255 bytes on MySQL and MariaDB; [`blob`] elsewhere.
    tinyblob() => ColumnType::Blob(Size::Tiny);
    /// At most 16 MiB on MySQL and MariaDB; [`blob`] elsewhere.
    mediumblob() => ColumnType::Blob(Size::Medium);
    /// At most 4 GiB on MySQL and MariaDB; [`blob`] elsewhere.
    longblob() => ColumnType::Blob(Size::Long);
    /// A calendar day.
    date() => ColumnType::Date;
    /// A time of day.
    time() => ColumnType::Time { precision: None, zone: false };
    /// A time of day with an offset: PostgreSQL.
    timetz() => ColumnType::Time { precision: None, zone: true };
    /// A date and time, of no zone.
    timestamp() => ColumnType::Timestamp { precision: None, zone: false };
    /// An instant.
    timestamptz() => ColumnType::Timestamp { precision: None, zone: true };
    /// A date and time, of no zone: MySQL's word for [`timestamp`].
    datetime() => ColumnType::Timestamp { precision: None, zone: false };
    /// A span of time: PostgreSQL.
    interval() => ColumnType::Interval;
    /// A year: MySQL and MariaDB.
    year() => ColumnType::Year;
    /// A UUID.
    uuid() => ColumnType::Uuid;
    /// JSON kept as text.
    json() => ColumnType::Json;
    /// JSON kept parsed on PostgreSQL; [`json`] elsewhere.
    jsonb() => ColumnType::Jsonb;
    /// An IP address, with or without a network.
    inet() => ColumnType::Inet;
    /// An IP network.
    cidr() => ColumnType::Cidr;
    /// A MAC address.
    macaddr() => ColumnType::Macaddr;
    /// So many bits.
    bit(length: u32) => ColumnType::Bit(length);
    /// At most so many bits: PostgreSQL.
    varbit(length: u32) => ColumnType::Varbit(length);
}

/// An array of these: PostgreSQL. `array(integer())`.
pub fn array(element: impl Into<ColumnSpec>) -> ColumnSpec {
    element.into().bare("an array's element").map_type(|of| ColumnType::Array(Box::new(of)))
}

/// One of these strings: MySQL's and MariaDB's `enum`; text with a check elsewhere.
pub fn enumeration<S: Into<String>>(values: impl IntoIterator<Item = S>) -> ColumnSpec {
    ColumnSpec::new(ColumnType::Enum(values.into_iter().map(Into::into).collect()))
}

/// Any of these strings: MySQL's and MariaDB's `set`.
pub fn set<S: Into<String>>(values: impl IntoIterator<Item = S>) -> ColumnSpec {
    ColumnSpec::new(ColumnType::Set(values.into_iter().map(Into::into).collect()))
}

/// A spatial type by name: `spatial("point").srid(4326)`.
pub fn spatial(kind: impl Into<String>) -> ColumnSpec {
    ColumnSpec::new(ColumnType::Spatial { kind: kind.into(), srid: None })
}

/// A type in the server's own words, rendered as written: `native("citext")`.
pub fn native(name: impl Into<String>) -> ColumnSpec {
    ColumnSpec::new(ColumnType::Native(name.into()))
}

/// Another type on some dialects; one that isn't named is an error which says so.
///
/// ```
/// use dunlin_dsl::prelude::*;
///
/// table("users").col("email", per_dialect([(POSTGRES, native("citext")), (SQLITE | MYSQL | MARIADB, text())]).not_null());
/// ```
pub fn per_dialect<T: Into<ColumnSpec>>(types: impl IntoIterator<Item = (DialectSet, T)>) -> ColumnSpec {
    let mut all = PerDialect::default();
    let mut faults = Vec::new();
    for (dialects, ty) in types {
        let (ty, found) = ty.into().bare("a type for some dialects").into_type();
        all = all.with(dialects, ty);
        faults.extend(found);
    }
    ColumnSpec::new(ColumnType::PerDialect(all)).with_faults(faults)
}
