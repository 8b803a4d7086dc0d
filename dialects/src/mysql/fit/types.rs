//! Which values are others in another type. Strict mode stops for some and not for others: both servers cut the places of a
//! decimal, the spaces at a text's end and the time of a day without a word. Each condition here was run on MariaDB 10.11 and
//! MySQL 9.7, over values on both sides of it.

use dunlin_dsl::{ColumnType, Unsupported};

use super::json;
use crate::mysql::native;
use crate::sql::{Sql, list};

/// A type as far as it says what values there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Type {
    /// Whole numbers between two.
    Int {
        min: i128,
        max: i128,
    },
    /// So many bits, which are a number only where they are counted with.
    Bit(u32),
    Year,
    Decimal {
        digits: u32,
        places: u32,
        unsigned: bool,
    },
    Float {
        unsigned: bool,
    },
    Double {
        unsigned: bool,
    },
    Date,
    /// With so many digits behind the second.
    Datetime(u32),
    Timestamp(u32),
    Time(u32),
    Text(Text),
    Binary {
        bytes: u64,
        fixed: bool,
    },
    Enum {
        values: Vec<String>,
        charset: Option<String>,
    },
    Set {
        values: Vec<String>,
        charset: Option<String>,
    },
    Json,
    Uuid,
    Shape,
    Other(String),
}

/// Text, at most so many characters or bytes; one of fixed length has no spaces at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Text {
    characters: Option<u64>,
    bytes: u64,
    fixed: bool,
    charset: Option<String>,
}

impl Type {
    pub(super) fn of(ty: &ColumnType, charset: Option<String>, sql: Sql<'_>) -> Self {
        let low = native::lower(ty, sql).unwrap_or_else(|_| ty.clone());
        let written = match low {
            ColumnType::Enum(values) => return Self::Enum { values, charset },
            ColumnType::Set(values) => return Self::Set { values, charset },
            other => other.to_string(),
        };
        let numbers = native::numbers(ty, sql);
        let first = numbers.first().copied().unwrap_or_default();
        let unsigned = written.contains(" unsigned");
        let int = |bits: u32| match unsigned {
            true => Self::Int { min: 0, max: (1 << bits) - 1 },
            false => Self::Int { min: -(1 << (bits - 1)), max: (1 << (bits - 1)) - 1 },
        };
        let bytes = |bytes, fixed| Self::Binary { bytes, fixed };
        let text = |characters, bytes, fixed| {
            Self::Text(Text { characters, bytes, fixed, charset: charset.clone() })
        };
        match native::base(ty, sql).as_str() {
            "tinyint" => int(8),
            "smallint" => int(16),
            "mediumint" => int(24),
            "int" => int(32),
            "bigint" => int(64),
            "bit" => Self::Bit(first),
            "year" => Self::Year,
            "decimal" => {
                Self::Decimal { digits: first, places: numbers.get(1).copied().unwrap_or_default(), unsigned }
            }
            // With digits of their own they are rounded to them.
            "float" if numbers.is_empty() => Self::Float { unsigned },
            "double" if numbers.is_empty() => Self::Double { unsigned },
            "date" => Self::Date,
            "datetime" => Self::Datetime(first),
            "timestamp" => Self::Timestamp(first),
            "time" => Self::Time(first),
            "char" => text(Some(first.into()), u64::MAX, true),
            "varchar" => text(Some(first.into()), u64::MAX, false),
            "tinytext" => text(None, 255, false),
            "text" => text(None, 65_535, false),
            "mediumtext" => text(None, 16_777_215, false),
            "longtext" => text(None, u64::MAX, false),
            "binary" => bytes(first.into(), true),
            "varbinary" => bytes(first.into(), false),
            "tinyblob" => bytes(255, false),
            "blob" => bytes(65_535, false),
            "mediumblob" => bytes(16_777_215, false),
            "longblob" => bytes(u64::MAX, false),
            "json" => Self::Json,
            "uuid" => Self::Uuid,
            base if native::is_spatial(base) => Self::Shape,
            _ => Self::Other(written),
        }
    }

    /// Its character set, where it has one.
    pub(super) fn charset(&self) -> Option<&str> {
        match self {
            Self::Text(Text { charset, .. }) | Self::Enum { charset, .. } | Self::Set { charset, .. } => {
                charset.as_deref()
            }
            _ => None,
        }
    }
}

/// The condition of values that wouldn't be the same; none where all are.
pub(super) fn misfit(from: &Type, to: &Type, a: &str, sql: Sql<'_>) -> Result<Option<String>, Unsupported> {
    use Type::{
        Binary, Bit, Date, Datetime, Decimal, Double, Enum, Float, Int, Json, Set, Shape, Time, Timestamp,
        Uuid, Year,
    };
    let any = || vec![format!("{a} IS NOT NULL")];
    let conditions = match (from, to) {
        (from, to) if from == to => Vec::new(),
        (Int { .. } | Bit(_) | Year | Decimal { .. } | Float { .. } | Double { .. }, _) if is_number(to) => {
            number(from, to, a)
        }
        (Date, Datetime(_))
        | (Timestamp(_), Timestamp(_) | Datetime(_))
        | (Datetime(_), Datetime(_))
        | (Time(_), Time(_)) => fraction(from, to, a),
        (Date | Datetime(_), Timestamp(_)) => {
            let mut conditions = fraction(from, to, a);
            conditions.push(instant(a));
            conditions
        }
        (Datetime(_) | Timestamp(_), Date) => vec![format!("{a} <> CAST({a} AS DATE)")],
        (Type::Text(_), _) if is_number(to) => read_number(to, a),
        (Type::Text(_), Date | Datetime(_) | Timestamp(_) | Time(_)) => read_time(to, a),
        (Type::Text(old), Type::Text(new)) => text(old, new, a),
        (Type::Text(_) | Enum { .. } | Set { .. }, Enum { values, .. }) => {
            let all = |old: &[String]| old.iter().all(|value| values.contains(value));
            match from {
                Enum { values: old, .. } if all(old) => Vec::new(),
                _ => vec![none_of(a, values, sql)?],
            }
        }
        (Enum { values: old, .. } | Set { values: old, .. }, Set { values, .. }) => {
            let gone = old.iter().filter(|value| !values.contains(value));
            gone.map(|value| Ok(format!("FIND_IN_SET({}, {a}) > 0", sql.text(value)?)))
                .collect::<Result<_, _>>()?
        }
        (Type::Text(_), Binary { bytes, fixed }) => size(&format!("LENGTH({a})"), *bytes, *fixed),
        (Binary { bytes: old, fixed: was_fixed }, Binary { bytes, fixed }) => match fixed {
            false if old <= bytes => Vec::new(),
            true if *was_fixed && old == bytes => Vec::new(),
            _ => size(&format!("LENGTH({a})"), *bytes, *fixed),
        },
        (Binary { .. }, Type::Text(new)) => {
            let Some(charset) = &new.charset else { return Ok(Some(any().concat())) };
            let read = format!("CONVERT({a} USING {charset})");
            let mut conditions = vec![format!("NOT (CAST({read} AS BINARY) <=> CAST({a} AS BINARY))")];
            conditions.extend(shape(new, &read, u64::MAX));
            conditions
        }
        (Type::Text(_), Json) => vec![json::misfit(a, sql)?],
        (Type::Text(_), Uuid) => vec![format!("NOT (CAST(CAST({a} AS UUID) AS CHAR) <=> {a})")],
        (Bit(_) | Shape | Type::Other(_), Type::Text(_)) => any(),
        (Float { .. }, Type::Text(new)) => {
            let mut conditions = vec![format!("{a} <> CAST(CAST({a} AS CHAR) AS FLOAT)")];
            conditions.extend(shape(new, &format!("CAST({a} AS CHAR)"), u64::MAX));
            conditions
        }
        (_, Type::Text(new)) => {
            let written = format!("CAST({a} AS CHAR)");
            let mut conditions: Vec<String> = shape(new, &written, u64::MAX);
            if matches!(from, Enum { .. } | Set { .. } | Json) {
                conditions.extend(lost(from.charset(), new.charset.as_deref(), &written));
            }
            conditions
        }
        // The server refuses another kind of shape.
        (Shape, Shape) => Vec::new(),
        _ => any(),
    };
    Ok((!conditions.is_empty()).then(|| conditions.join(" OR ")))
}

fn is_number(ty: &Type) -> bool {
    use Type::{Bit, Decimal, Double, Float, Int, Year};
    matches!(ty, Int { .. } | Bit(_) | Year | Decimal { .. } | Float { .. } | Double { .. })
}

/// The least and the greatest of a type's whole numbers.
fn range(ty: &Type) -> Option<(i128, i128)> {
    let signed = |max: i128, unsigned: bool| (if unsigned { 0 } else { -max }, max);
    match ty {
        Type::Int { min, max } => Some((*min, *max)),
        Type::Bit(bits) => Some((0, (1 << bits) - 1)),
        Type::Year => Some((0, 2155)),
        Type::Decimal { digits, places, unsigned } => {
            Some(signed(10_i128.checked_pow(digits.saturating_sub(*places))? - 1, *unsigned))
        }
        // Beyond these not every whole number is one of theirs.
        Type::Float { unsigned } => Some(signed(1 << 24, *unsigned)),
        Type::Double { unsigned } => Some(signed(1 << 53, *unsigned)),
        _ => None,
    }
}

/// Numbers that are others in another type of numbers.
fn number(from: &Type, to: &Type, a: &str) -> Vec<String> {
    use Type::{Bit, Decimal, Double, Float, Int, Year};
    let a = if matches!(from, Bit(_)) { format!("({a} + 0)") } else { a.to_owned() };
    let mut conditions = Vec::new();
    match (from, to) {
        (Float { .. }, Double { .. } | Float { .. }) | (Double { .. }, Double { .. }) => {}
        (Double { .. }, Float { .. }) => conditions.push(format!("{a} <> CAST({a} AS FLOAT)")),
        // So few digits come back as they were.
        (Decimal { digits, .. }, Double { .. }) if *digits <= 15 => {}
        (Decimal { digits, .. }, Float { .. }) if *digits <= 6 => {}
        (Decimal { digits, places, .. }, Double { .. }) => {
            conditions.push(format!("{a} <> CAST(({a} + 0e0) AS DECIMAL({digits}, {places}))"));
        }
        (Decimal { digits, places, .. }, Float { .. }) => {
            conditions.push(format!(
                "{a} <> CAST(CAST(CAST({a} AS FLOAT) AS CHAR) AS DECIMAL({digits}, {places}))"
            ));
        }
        (Decimal { places: 0, .. }, Int { .. } | Bit(_) | Year) => {}
        (Decimal { .. } | Float { .. } | Double { .. }, Int { .. } | Bit(_) | Year) => {
            conditions.push(format!("{a} <> ROUND({a})"));
        }
        (Decimal { places: old, .. }, Decimal { places, .. }) if old <= places => {}
        (Float { .. }, Decimal { places, .. }) => {
            conditions.push(format!("{a} <> CAST(ROUND({a}, {places}) AS FLOAT)"));
        }
        (Decimal { .. } | Double { .. }, Decimal { places, .. }) => {
            conditions.push(format!("{a} <> ROUND({a}, {places})"));
        }
        _ => {}
    }
    let is_whole = |ty: &Type| matches!(ty, Int { .. } | Bit(_) | Year);
    let unsigned = |ty: &Type| match ty {
        Decimal { unsigned, .. } | Float { unsigned } | Double { unsigned } => *unsigned,
        ty => range(ty).is_some_and(|(min, _)| min >= 0),
    };
    match to {
        Float { .. } | Double { .. } if !is_whole(from) => {
            if unsigned(to) && !unsigned(from) {
                conditions.push(format!("{a} < 0"));
            }
        }
        // The years from 1 to 99 are of other centuries.
        Year => conditions.push(format!("({a} <> 0 AND {a} NOT BETWEEN 1901 AND 2155)")),
        _ => {
            let source = if is_whole(from) || matches!(from, Decimal { .. }) { range(from) } else { None };
            conditions.extend(outside(&a, source, to, matches!(from, Float { .. } | Double { .. })));
        }
    }
    conditions
}

/// Values outside of a type's range, unless none can be. A floating number may be the next one behind a great bound.
pub(super) fn outside(a: &str, from: Option<(i128, i128)>, to: &Type, is_floating: bool) -> Option<String> {
    let (min, max) = range(to)?;
    if from.is_some_and(|(least, most)| min <= least && most <= max) {
        return None;
    }
    let (min, max) = match to {
        Type::Decimal { places, unsigned, .. } if *places > 0 => {
            let bound = format!("{max}.{}", "9".repeat(*places as usize));
            (if *unsigned { "0".to_owned() } else { format!("-{bound}") }, bound)
        }
        _ => (min.to_string(), max.to_string()),
    };
    Some(match is_floating && max.len() > 15 {
        true => format!("{a} < {min} OR {a} >= {max}"),
        false => format!("{a} NOT BETWEEN {min} AND {max}"),
    })
}

/// Times with more digits behind the second than there is room for.
fn fraction(from: &Type, to: &Type, a: &str) -> Vec<String> {
    use Type::{Datetime, Time, Timestamp};
    let digits = |ty: &Type| match ty {
        Datetime(digits) | Timestamp(digits) | Time(digits) => *digits,
        _ => 0,
    };
    if digits(to) < digits(from) { vec![finer(a, digits(to))] } else { Vec::new() }
}

/// Times with more than so many digits. Both servers take two casts that differ in nothing but the digits for the same, and
/// drop the comparison from a WHERE.
fn finer(a: &str, digits: u32) -> String {
    format!("MICROSECOND({a}) % {} <> 0", 10_u32.pow(6_u32.saturating_sub(digits)))
}

/// Times that are no instants: outside of their range, or skipped by the clock of this session's time zone.
pub(super) fn instant(a: &str) -> String {
    format!(
        "UNIX_TIMESTAMP({a}) NOT BETWEEN 1 AND 2147483647.999999 OR NOT (FROM_UNIXTIME(UNIX_TIMESTAMP({a})) <=> {a})"
    )
}

/// Texts that aren't written as the numbers are that they would become: `007`, ` 12`, `1e3`.
fn read_number(to: &Type, a: &str) -> Vec<String> {
    use Type::{Bit, Decimal, Double, Float, Int, Year};
    let whole = |a: &str| format!("{a} REGEXP '[^-0-9]' OR {a} NOT REGEXP '^(0|-?[1-9][0-9]*)$'");
    let real =
        |a: &str| format!("{a} REGEXP '[^-.0-9]' OR {a} NOT REGEXP '^-?(0|[1-9][0-9]*)([.][0-9]{{1,30}})?$'");
    let digits = |most: u32| format!("CHAR_LENGTH(REPLACE(REPLACE({a}, '-', ''), '.', '')) > {most}");
    match to {
        Int { .. } => {
            let bounds = outside(&format!("CAST({a} AS DECIMAL(65, 0))"), None, to, false);
            std::iter::once(whole(a)).chain(bounds).collect()
        }
        Decimal { places, .. } => {
            let read = format!("CAST({a} AS DECIMAL(65, 30))");
            let cut = format!("{read} <> ROUND({read}, {places})");
            [real(a), cut].into_iter().chain(outside(&read, None, to, false)).collect()
        }
        Float { .. } => vec![real(a), digits(6)],
        Double { .. } => vec![real(a), digits(15)],
        Year => vec![whole(a), format!("CAST({a} AS DECIMAL(65, 0)) NOT BETWEEN 1901 AND 2155")],
        Bit(_) => vec![format!("{a} IS NOT NULL")],
        _ => Vec::new(),
    }
}

/// Texts that aren't written as the times are that they would become.
fn read_time(to: &Type, a: &str) -> Vec<String> {
    let (pattern, others, read, digits) = match to {
        Type::Date => ("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "[^-0-9]", "DATE", 6),
        Type::Time(digits) => {
            ("^-?[0-9]{2,3}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?$", "[^-.:0-9]", "TIME(6)", *digits)
        }
        Type::Datetime(digits) | Type::Timestamp(digits) => (
            "^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?$",
            "[^-.: 0-9]",
            "DATETIME(6)",
            *digits,
        ),
        _ => return Vec::new(),
    };
    let read = format!("CAST({a} AS {read})");
    let mut conditions = vec![format!(
        "{a} REGEXP '{others}' OR {a} NOT REGEXP '{pattern}' OR ({a} IS NOT NULL AND {read} IS NULL)"
    )];
    if digits < 6 {
        conditions.push(finer(&read, digits));
    }
    if matches!(to, Type::Timestamp(_)) {
        conditions.push(instant(&read));
    }
    conditions
}

/// Texts that are too long, lose spaces at their end, or have characters that there are none for.
fn text(old: &Text, new: &Text, a: &str) -> Vec<String> {
    let most = match old.characters {
        Some(characters) => characters * 4,
        None if old.charset == new.charset => old.bytes,
        None => u64::MAX,
    };
    let mut conditions = Vec::new();
    let is_shorter = |new: u64| old.characters.is_none_or(|old| new < old);
    if let Some(characters) = new.characters.filter(|new| is_shorter(*new)) {
        conditions.push(format!("CHAR_LENGTH({a}) > {characters}"));
    }
    if new.characters.is_none() && most > new.bytes {
        conditions.push(longer(new, a));
    }
    if new.fixed && !old.fixed {
        conditions.push(padded(a));
    }
    conditions.extend(lost(old.charset.as_deref(), new.charset.as_deref(), a));
    conditions
}

/// The same for what is no text yet and is written as one.
fn shape(new: &Text, a: &str, most: u64) -> Vec<String> {
    let mut conditions = Vec::new();
    match new.characters {
        Some(characters) => conditions.push(format!("CHAR_LENGTH({a}) > {characters}")),
        None if most > new.bytes => conditions.push(longer(new, a)),
        None => {}
    }
    if new.fixed {
        conditions.push(padded(a));
    }
    conditions
}

/// Whether a text surely fits: all character sets have the letters of ASCII.
pub(super) fn holds(to: &Type, text: &str) -> bool {
    let Type::Text(Text { characters, bytes, .. }) = to else { return false };
    text.is_ascii() && text.len() as u64 <= characters.unwrap_or(*bytes / 4)
}

/// What is computed, and is too long.
pub(super) fn room(to: &Type, a: &str) -> Option<String> {
    match to {
        Type::Text(Text { characters: Some(characters), .. }) => {
            Some(format!("CHAR_LENGTH({a}) > {characters}"))
        }
        Type::Text(text) if text.bytes < u64::MAX => Some(longer(text, a)),
        Type::Binary { bytes, .. } if *bytes < u64::MAX => Some(format!("LENGTH({a}) > {bytes}")),
        _ => None,
    }
}

fn longer(new: &Text, a: &str) -> String {
    match &new.charset {
        Some(charset) => format!("LENGTH(CONVERT({a} USING {charset})) > {}", new.bytes),
        None => format!("LENGTH({a}) > {}", new.bytes),
    }
}

fn padded(a: &str) -> String {
    format!("CHAR_LENGTH({a}) <> CHAR_LENGTH(RTRIM({a}))")
}

/// Texts that don't come back from another character set.
pub(super) fn lost(old: Option<&str>, new: Option<&str>, a: &str) -> Option<String> {
    const ALL: [&str; 5] = ["utf8mb4", "utf16", "utf16le", "utf32", "gb18030"];
    let new = new.filter(|new| !ALL.contains(new) && Some(*new) != old)?;
    let back = format!("CONVERT(CONVERT({a} USING {new}) USING utf8mb4)");
    Some(format!("NOT (CAST({back} AS BINARY) <=> CAST(CONVERT({a} USING utf8mb4) AS BINARY))"))
}

/// Texts that are none of these, to the letter: a value of an enum is found whatever its case.
fn none_of(a: &str, values: &[String], sql: Sql<'_>) -> Result<String, Unsupported> {
    let values = list(values.iter().map(|value| Ok(format!("CAST({} AS BINARY)", sql.text(value)?))))?;
    Ok(format!("CAST(CONVERT({a} USING utf8mb4) AS BINARY) NOT IN ({values})"))
}

/// Bytes that are too many, or too few where they would be filled up.
fn size(length: &str, bytes: u64, fixed: bool) -> Vec<String> {
    match (bytes, fixed) {
        (bytes, true) => vec![format!("{length} <> {bytes}")],
        (u64::MAX, false) => Vec::new(),
        (bytes, false) => vec![format!("{length} > {bytes}")],
    }
}
