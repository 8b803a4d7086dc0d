//! Column types: logical ones, which every dialect renders in its own words, and native ones, taken as written.
//!
//! What each logical type becomes on each server stands in one table, `dunlin_dialects::types::TYPES`.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::is_default;
use crate::server::PerDialect;

/// A column's type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ColumnType {
    /// True or false.
    Boolean,
    /// A whole number.
    Integer {
        /// Its width.
        width: IntWidth,
        /// Without negative values. MySQL and MariaDB have these; elsewhere it is unsupported.
        #[serde(default, skip_serializing_if = "is_default")]
        unsigned: bool,
    },
    /// An exact number; without a precision, the server's widest or default one.
    Decimal {
        /// Digits in all, and after the point.
        #[serde(default, skip_serializing_if = "is_default")]
        precision: Option<(u16, u16)>,
    },
    /// A 32-bit float.
    Real,
    /// A 64-bit float.
    Double,
    /// Text of exactly this many characters, padded.
    Char(u32),
    /// Text of at most this many characters.
    Varchar(u32),
    /// Text of any length; MySQL's four sizes are told apart.
    Text(Size),
    /// Exactly this many bytes. PostgreSQL and SQLite don't enforce a length on bytes.
    Binary(u32),
    /// At most this many bytes. PostgreSQL and SQLite don't enforce a length on bytes.
    Varbinary(u32),
    /// Bytes of any length; MySQL's four sizes are told apart.
    Blob(Size),
    /// A calendar day.
    Date,
    /// A time of day, with so many digits of a second.
    Time {
        /// Digits after the second's point, 0 to 6; none is the server's default.
        #[serde(default, skip_serializing_if = "is_default")]
        precision: Option<u8>,
        /// With an offset; PostgreSQL alone has that.
        #[serde(default, skip_serializing_if = "is_default")]
        zone: bool,
    },
    /// A date and time.
    Timestamp {
        /// Digits after the second's point, 0 to 6; none is the server's default.
        #[serde(default, skip_serializing_if = "is_default")]
        precision: Option<u8>,
        /// An instant, independent of any session's time zone.
        #[serde(default, skip_serializing_if = "is_default")]
        zone: bool,
    },
    /// A span of time; PostgreSQL alone has it.
    Interval,
    /// MySQL's and MariaDB's year.
    Year,
    /// A UUID.
    Uuid,
    /// JSON kept as text.
    Json,
    /// JSON kept parsed: PostgreSQL's `jsonb`, and the same as `Json` elsewhere.
    Jsonb,
    /// PostgreSQL's arrays.
    Array(Box<ColumnType>),
    /// One of these strings: MySQL's and MariaDB's `enum`; text with a check elsewhere.
    Enum(Vec<String>),
    /// Any of these strings: MySQL's and MariaDB's `set`.
    Set(Vec<String>),
    /// An IP address, with or without a network.
    Inet,
    /// An IP network.
    Cidr,
    /// A MAC address.
    Macaddr,
    /// So many bits.
    Bit(u32),
    /// At most so many bits; PostgreSQL alone has it.
    Varbit(u32),
    /// A spatial type by name, such as `point` or `polygon`.
    Spatial {
        /// The shape: `geometry`, `point`, `linestring`, `polygon`, ...
        kind: String,
        /// The spatial reference system's number.
        #[serde(default, skip_serializing_if = "is_default")]
        srid: Option<u32>,
    },
    /// A type in the server's own words, rendered as written.
    Native(String),
    /// Another type on some dialects; one that isn't named is an error which says so.
    PerDialect(PerDialect<ColumnType>),
}

/// The width of an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntWidth {
    /// 8 bits; 16 where a server has no smaller one.
    Tiny,
    /// 16 bits.
    Small,
    /// 24 bits; 32 where a server has none.
    Medium,
    /// 32 bits.
    Normal,
    /// 64 bits.
    Big,
}

/// How much a text or a blob can hold, on servers that tell sizes apart (MySQL, MariaDB).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Size {
    /// 255 bytes.
    Tiny,
    /// 64 KiB.
    #[default]
    Normal,
    /// 16 MiB.
    Medium,
    /// 4 GiB.
    Long,
}

impl fmt::Display for ColumnType {
    /// The type as it is written in the DSL, without its quotes: `varchar(255)`, `timestamp(6) with time zone`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |values: &[String]| values.iter().map(|v| format!("'{v}'")).collect::<Vec<_>>().join(", ");
        let zoned = |f: &mut fmt::Formatter<'_>, name: &str, precision: &Option<u8>, zone: &bool| {
            f.write_str(name)?;
            if let Some(precision) = precision {
                write!(f, "({precision})")?;
            }
            if *zone { f.write_str(" with time zone") } else { Ok(()) }
        };
        match self {
            Self::Boolean => f.write_str("boolean"),
            Self::Integer { width, unsigned } => {
                f.write_str(match width {
                    IntWidth::Tiny => "tinyint",
                    IntWidth::Small => "smallint",
                    IntWidth::Medium => "mediumint",
                    IntWidth::Normal => "integer",
                    IntWidth::Big => "bigint",
                })?;
                if *unsigned { f.write_str(" unsigned") } else { Ok(()) }
            }
            Self::Decimal { precision: None } => f.write_str("decimal"),
            Self::Decimal { precision: Some((precision, scale)) } => {
                write!(f, "decimal({precision}, {scale})")
            }
            Self::Real => f.write_str("real"),
            Self::Double => f.write_str("double"),
            Self::Char(length) => write!(f, "char({length})"),
            Self::Varchar(length) => write!(f, "varchar({length})"),
            Self::Text(size) => f.write_str(match size {
                Size::Tiny => "tinytext",
                Size::Normal => "text",
                Size::Medium => "mediumtext",
                Size::Long => "longtext",
            }),
            Self::Binary(length) => write!(f, "binary({length})"),
            Self::Varbinary(length) => write!(f, "varbinary({length})"),
            Self::Blob(size) => f.write_str(match size {
                Size::Tiny => "tinyblob",
                Size::Normal => "blob",
                Size::Medium => "mediumblob",
                Size::Long => "longblob",
            }),
            Self::Date => f.write_str("date"),
            Self::Time { precision, zone } => zoned(f, "time", precision, zone),
            Self::Timestamp { precision, zone } => zoned(f, "timestamp", precision, zone),
            Self::Interval => f.write_str("interval"),
            Self::Year => f.write_str("year"),
            Self::Uuid => f.write_str("uuid"),
            Self::Json => f.write_str("json"),
            Self::Jsonb => f.write_str("jsonb"),
            Self::Array(element) => write!(f, "{element}[]"),
            Self::Enum(values) => write!(f, "enum({})", list(values)),
            Self::Set(values) => write!(f, "set({})", list(values)),
            Self::Inet => f.write_str("inet"),
            Self::Cidr => f.write_str("cidr"),
            Self::Macaddr => f.write_str("macaddr"),
            Self::Bit(length) => write!(f, "bit({length})"),
            Self::Varbit(length) => write!(f, "varbit({length})"),
            Self::Spatial { kind, srid: None } => f.write_str(kind),
            Self::Spatial { kind, srid: Some(srid) } => write!(f, "{kind} srid {srid}"),
            Self::Native(name) => f.write_str(name),
            Self::PerDialect(types) => {
                let types: Vec<_> = types.entries().iter().map(|(on, ty)| format!("{on}: {ty}")).collect();
                f.write_str(&types.join("; "))
            }
        }
    }
}
