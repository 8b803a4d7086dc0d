//! Values of every type, as a server's literals.

use dunlin_dsl::{
    ColumnType, Definition, DialectId, IntWidth, Name, ObjectId, ObjectKind, Schema, Server, Size,
};

/// The name that a type in the server's own words has.
pub(super) fn type_name(text: &str) -> Name {
    let mut parts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let mut end = 0;
        let mut is_quoted = false;
        for (at, c) in rest.char_indices() {
            is_quoted ^= c == '"';
            if c == '.' && !is_quoted {
                break;
            }
            end = at + c.len_utf8();
        }
        let part =
            rest[..end].strip_prefix('"').and_then(|part| part.strip_suffix('"')).unwrap_or(&rest[..end]);
        parts.push(part.replace("\"\"", "\""));
        rest = rest[end..].strip_prefix('.').unwrap_or_default();
    }
    let name = parts.pop().unwrap_or_default();
    Name { schema: parts.pop(), name }
}

/// Value number so many of a type, from 1 on; none for types of which nothing is known.
pub(super) fn value(ty: &ColumnType, number: usize, schema: &Schema, server: &Server) -> Option<String> {
    let is_postgres = server.dialect == DialectId::Postgres;
    let text = |text: String| Some(format!("'{}'", text.replace('\'', "''")));
    let day = number % 28 + 1;
    match ty {
        ColumnType::Boolean => Some(if number % 2 == 1 { "TRUE" } else { "FALSE" }.into()),
        ColumnType::Integer { .. } => Some(number.to_string()),
        ColumnType::Decimal { precision: Some((precision, scale)) } if precision == scale => {
            Some(format!("0.{}{}", "0".repeat(usize::from(*scale) - 1), number % 9 + 1))
        }
        ColumnType::Decimal { .. } => Some(number.to_string()),
        ColumnType::Real | ColumnType::Double => Some(format!("{number}.5")),
        ColumnType::Char(length) | ColumnType::Varchar(length) => text(word(number, *length)),
        ColumnType::Text(_) => text(word(number, 100)),
        ColumnType::Binary(_) | ColumnType::Varbinary(_) | ColumnType::Blob(_) if is_postgres => {
            Some(format!("'\\x{:02x}'", number % 256))
        }
        ColumnType::Binary(_) | ColumnType::Varbinary(_) | ColumnType::Blob(_) => {
            Some(format!("x'{:02x}'", number % 256))
        }
        ColumnType::Date => text(format!("2026-01-{day:02}")),
        ColumnType::Time { .. } => text(format!("10:11:{:02}", number % 60)),
        ColumnType::Timestamp { .. } => text(format!("2026-01-{day:02} 10:11:12")),
        ColumnType::Interval => text(format!("{number} hours")),
        ColumnType::Year => Some((2000 + number % 100).to_string()),
        ColumnType::Uuid => text(format!("00000000-0000-4000-8000-{number:012x}")),
        ColumnType::Json | ColumnType::Jsonb => text(format!("{{\"number\": {number}}}")),
        ColumnType::Array(_) => text("{}".into()),
        ColumnType::Enum(values) | ColumnType::Set(values) => {
            text(values.get(number % values.len().max(1))?.clone())
        }
        ColumnType::Inet => text(format!("10.0.0.{}", number % 256)),
        ColumnType::Cidr => text(format!("10.{}.0.0/16", number % 256)),
        ColumnType::Macaddr => text(format!("08:00:2b:01:02:{:02x}", number % 256)),
        ColumnType::Bit(length) => {
            let bit = |place: u32| if number >> place.min(31) & 1 == 1 { '1' } else { '0' };
            Some(format!("b'{}'", (0..*length).rev().map(bit).collect::<String>()))
        }
        ColumnType::Varbit(_) => Some(format!("b'{}'", number % 2)),
        ColumnType::Spatial { kind, srid } if !is_postgres => shape(kind, srid.unwrap_or_default(), number),
        ColumnType::Native(name) => native(name, number, schema, server),
        ColumnType::PerDialect(types) => value(types.get(server.dialect)?, number, schema, server),
        _ => None,
    }
}

/// A text with a number in it, cut so that the number stays.
fn word(number: usize, length: u32) -> String {
    let word = format!("value {number}");
    let length = usize::try_from(length).unwrap_or(word.len());
    match word.len().checked_sub(length) {
        None | Some(0) => word,
        Some(cut) => word[cut..].trim_start().to_owned(),
    }
}

fn shape(kind: &str, srid: u32, number: usize) -> Option<String> {
    let at = number % 80;
    let text = match kind {
        "point" | "geometry" => format!("POINT({at} {at})"),
        "linestring" => format!("LINESTRING(0 0, {at} 1)"),
        "polygon" => format!("POLYGON((0 0, {at} 0, {at} 1, 0 0))"),
        _ => return None,
    };
    Some(format!("ST_GeomFromText('{text}', {srid})"))
}

/// A value of a type in the server's own words.
fn native(text: &str, number: usize, schema: &Schema, server: &Server) -> Option<String> {
    let object = |kind| schema.object(&ObjectId::new(kind, type_name(text))).map(|object| &object.definition);
    if let Some(Definition::Enum(of)) = object(ObjectKind::Enum) {
        return value(&ColumnType::Enum(of.values.clone()), number, schema, server);
    }
    if let Some(Definition::Domain(of)) = object(ObjectKind::Domain) {
        return value(&of.ty, number, schema, server);
    }
    if let Some(ty) = logical(text, server) {
        return value(&ty, number, schema, server);
    }
    let next = number + 1;
    let day = |number: usize| format!("2026-01-{:02}", number % 28 + 1);
    let text = match text.to_ascii_lowercase().as_str() {
        "citext" | "name" | "xid" | "oid" | "money" | "tsvector" | "tsquery" | "lquery" | "ltree"
        | "cube" => number.to_string(),
        "int4range" | "int8range" | "numrange" => format!("[{number},{next})"),
        "daterange" | "tsrange" | "tstzrange" => {
            format!("[{},{})", day(number), day(number).replace("2026", "2027"))
        }
        "hstore" => format!("number=>{number}"),
        "xml" => format!("<number>{number}</number>"),
        "point" => format!("({number},{number})"),
        "box" | "lseg" | "path" => format!("(0,0),({number},{number})"),
        "polygon" => format!("((0,0),({number},0),({number},1))"),
        "circle" => format!("<(0,0),{number}>"),
        "inet6" => format!("2001:db8::{:x}", number % 65536),
        "pg_lsn" => format!("0/{number:X}"),
        // SQLite takes anything for a type, and anything for its values.
        _ if server.dialect == DialectId::Sqlite => number.to_string(),
        _ => return None,
    };
    Some(format!("'{text}'"))
}

/// The type of which a server's own words are.
fn logical(text: &str, server: &Server) -> Option<ColumnType> {
    let lower = text.to_ascii_lowercase();
    if lower.ends_with("[]") {
        return Some(ColumnType::Array(Box::new(ColumnType::Boolean)));
    }
    let (word, rest) = lower.split_once('(').unwrap_or((&lower, ""));
    let arguments: Vec<u16> = rest.split([',', ')']).map_while(|text| text.trim().parse().ok()).collect();
    let length = |usual: u32| arguments.first().map_or(usual, |length| u32::from(*length));
    let is_postgres = server.dialect == DialectId::Postgres;
    let word = word.trim().trim_end_matches(" zerofill").trim_end_matches(" unsigned");
    Some(match word {
        "bool" | "boolean" => ColumnType::Boolean,
        "tinyint" | "smallint" | "mediumint" | "int" | "integer" | "bigint" | "int2" | "int4" | "int8" => {
            ColumnType::Integer { width: IntWidth::Normal, unsigned: false }
        }
        "numeric" | "decimal" => {
            let precision =
                arguments.first().map(|digits| (*digits, arguments.get(1).copied().unwrap_or_default()));
            ColumnType::Decimal { precision }
        }
        "real" | "float" | "float4" | "float8" | "double" | "double precision" => ColumnType::Double,
        "character varying" | "varchar" => ColumnType::Varchar(length(100)),
        "character" | "char" | "bpchar" => ColumnType::Char(length(1)),
        "text" | "tinytext" | "mediumtext" | "longtext" | "clob" => ColumnType::Text(Size::Normal),
        "bytea" | "blob" | "tinyblob" | "mediumblob" | "longblob" | "binary" | "varbinary" => {
            ColumnType::Blob(Size::Normal)
        }
        "date" => ColumnType::Date,
        _ if word.starts_with("timestamp") || word == "datetime" => {
            ColumnType::Timestamp { precision: None, zone: false }
        }
        _ if word.starts_with("time") => ColumnType::Time { precision: None, zone: false },
        _ if word.starts_with("interval") => ColumnType::Interval,
        "year" => ColumnType::Year,
        "uuid" => ColumnType::Uuid,
        "json" | "jsonb" => ColumnType::Json,
        "inet" | "inet4" => ColumnType::Inet,
        "cidr" => ColumnType::Cidr,
        "macaddr" => ColumnType::Macaddr,
        "bit varying" | "varbit" => ColumnType::Varbit(length(1)),
        "bit" => ColumnType::Bit(length(1)),
        // Here the words of the values count, in which case is not the same.
        "enum" | "set" => ColumnType::Enum(literals(text).iter().map(|value| unquoted(value)).collect()),
        "geometry" | "point" | "linestring" | "polygon" if !is_postgres => {
            let srid = lower.rsplit_once("srid ").and_then(|(_, srid)| srid.trim().parse().ok());
            ColumnType::Spatial { kind: word.split(' ').next()?.to_owned(), srid }
        }
        _ => return None,
    })
}

/// What a string's literal says.
fn unquoted(literal: &str) -> String {
    let inner = literal.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    inner.unwrap_or(literal).replace("''", "'")
}

/// The literals in a text of SQL, and beside each whole number those next to it.
pub(super) fn literals(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    if text.to_ascii_lowercase().contains("json_valid") {
        found.push("'{\"number\": 1}'".to_owned());
    }
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c == '\'' || c.is_ascii_digit()) {
        let is_word = rest[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let is_negative = rest[..at].trim_end().ends_with('-');
        rest = &rest[at..];
        if rest.starts_with('\'') {
            let mut end = 1;
            loop {
                let Some(quote) = rest[end..].find('\'') else {
                    end = rest.len();
                    break;
                };
                end += quote + 1;
                if !rest[end..].starts_with('\'') {
                    break;
                }
                end += 1;
            }
            found.push(rest[..end].to_owned());
            rest = &rest[end..];
            continue;
        }
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        if !is_word && rest[..end].contains('.') {
            found.push(rest[..end].to_owned());
        } else if !is_word && let Ok(number) = rest[..end].parse::<i64>() {
            let number = if is_negative { -number } else { number };
            found.extend(
                [number, number.saturating_add(1), number.saturating_sub(1)].map(|number| number.to_string()),
            );
        }
        rest = &rest[end..];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{literals, type_name, word};

    #[test]
    fn a_type_s_name_may_have_dots_in_quotes() {
        assert_eq!(type_name("state").to_string(), "state");
        assert_eq!(type_name("\"My.S\".\"E \"\"x\"").schema.as_deref(), Some("My.S"));
        assert_eq!(type_name("\"My.S\".\"E \"\"x\"").name, "E \"x");
    }

    #[test]
    fn literals_are_found_in_texts() {
        assert_eq!(literals("state IN ('new', 'it''s') AND a2 > 10"), ["'new'", "'it''s'", "10", "11", "9"]);
        assert_eq!(literals("a >= -3 AND 'open"), ["-3", "-2", "-4", "'open"]);
        assert_eq!(literals(""), Vec::<String>::new());
    }

    #[test]
    fn a_word_fits_its_length() {
        assert_eq!(word(12, 100), "value 12");
        assert_eq!(word(12, 4), "e 12");
        assert_eq!(word(12, 3), "12");
        assert_eq!(word(12, 1), "2");
    }
}
