//! Types in the catalog's own words: `int` on MySQL, `int(11)` on MariaDB.

use dunlin_dsl::{ColumnType, Unsupported};

use super::flavor::Flavor;
use super::text;
use crate::sql::Sql;

/// A type as the catalog would give it back: its words, or the values of an `enum` or `set`.
pub(super) fn lower(ty: &ColumnType, sql: Sql<'_>) -> Result<ColumnType, Unsupported> {
    match ty {
        ColumnType::PerDialect(types) => match types.get(sql.server.dialect) {
            Some(ty) => lower(ty, sql),
            None => sql.ty(ty).map(ColumnType::Native),
        },
        ColumnType::Enum(_) | ColumnType::Set(_) => Ok(ty.clone()),
        ty => {
            let flavor = Flavor::of(sql.server);
            let low = read(&sql.ty(ty)?, flavor);
            // What the word stands for; the check beside it is the table's affair.
            let is_word = low == ColumnType::Native("json".into()) && flavor.json_is_text();
            Ok(if is_word { ColumnType::Native("longtext".into()) } else { low })
        }
    }
}

/// A type from its text, however it is written.
pub(super) fn read(written: &str, flavor: Flavor) -> ColumnType {
    let written = written.trim();
    let word = |name: &str| written.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    for (name, make) in
        [("enum", ColumnType::Enum as fn(Vec<String>) -> ColumnType), ("set", ColumnType::Set)]
    {
        if word(name)
            && let Some(values) = values(&written[name.len()..])
        {
            return make(values);
        }
    }
    ColumnType::Native(canonical(&written.to_ascii_lowercase(), flavor))
}

/// A type's first word: `int` of `int(10) unsigned`.
pub(super) fn base(ty: &ColumnType, sql: Sql<'_>) -> String {
    match lower(ty, sql) {
        Ok(ColumnType::Enum(_)) => "enum".into(),
        Ok(ColumnType::Set(_)) => "set".into(),
        Ok(ColumnType::Native(text)) => {
            text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default().into()
        }
        _ => String::new(),
    }
}

/// The numbers in a type's brackets: 10 and 2 of `decimal(10,2)`.
pub(super) fn numbers(ty: &ColumnType, sql: Sql<'_>) -> Vec<u32> {
    match lower(ty, sql) {
        Ok(ColumnType::Native(text)) => {
            let inside = text.split_once('(').and_then(|(_, rest)| rest.split_once(')'));
            inside.map_or("", |(inside, _)| inside).split(',').filter_map(|n| n.trim().parse().ok()).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether a type has a character set.
pub(super) fn is_text(ty: &ColumnType, sql: Sql<'_>) -> bool {
    let texts = ["char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set"];
    texts.contains(&base(ty, sql).as_str())
}

/// Whether a type's default must be an expression where literals aren't enough: text, blobs, JSON, shapes.
pub(super) fn is_large(ty: &ColumnType, sql: Sql<'_>) -> bool {
    let base = base(ty, sql);
    base.ends_with("text") || base.ends_with("blob") || base == "json" || is_spatial(&base)
}

/// Whether a type's name is a shape's.
pub(super) fn is_spatial(base: &str) -> bool {
    let shapes = ["geometry", "point", "linestring", "polygon"];
    shapes.contains(&base)
        || base.strip_prefix("multi").is_some_and(|shape| shapes.contains(&shape))
        || base.starts_with("geom")
}

/// The values of `('a','b')`.
fn values(list: &str) -> Option<Vec<String>> {
    let mut rest = list.trim().strip_prefix('(')?.trim_start();
    let mut values = Vec::new();
    loop {
        let (value, bytes) = text::literal(rest)?;
        values.push(value);
        rest = rest[bytes..].trim_start();
        match rest.strip_prefix(',') {
            Some(more) => rest = more.trim_start(),
            None => return (rest == ")").then_some(values),
        }
    }
}

fn canonical(written: &str, flavor: Flavor) -> String {
    let spaced = written.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    let (head, inside, tail) = match spaced.split_once('(') {
        Some((head, rest)) => match rest.split_once(')') {
            Some((inside, tail)) => (head.trim(), Some(inside.replace(' ', "")), tail.trim()),
            None => return spaced,
        },
        None => {
            let at = ["unsigned", "signed", "zerofill", "srid", "ref_system_id"]
                .iter()
                .filter_map(|word| spaced.find(&format!(" {word}")))
                .min();
            let (head, tail) = spaced.split_at(at.unwrap_or(spaced.len()));
            (head, None, tail.trim())
        }
    };
    let (head, inside) = match (head, inside) {
        ("bool" | "boolean", None) => ("tinyint", Some("1".into())),
        ("integer" | "int4", inside) => ("int", inside),
        ("int1", inside) => ("tinyint", inside),
        ("int2", inside) => ("smallint", inside),
        ("int3" | "middleint", inside) => ("mediumint", inside),
        ("int8", inside) => ("bigint", inside),
        ("dec" | "numeric" | "fixed", inside) => ("decimal", inside),
        ("double precision" | "real" | "float8", inside) => ("double", inside),
        ("float4", inside) => ("float", inside),
        ("character", inside) => ("char", inside),
        ("character varying" | "char varying" | "varcharacter", inside) => ("varchar", inside),
        ("geometrycollection" | "geomcollection", inside) => (flavor.geometry_collection(), inside),
        (head, inside) => (head, inside),
    };
    let inside = match (head, inside.as_deref()) {
        ("decimal", None) => Some("10,0".into()),
        ("decimal", Some(one)) if !one.contains(',') => Some(format!("{one},0")),
        ("char" | "binary" | "bit", None) => Some("1".into()),
        ("datetime" | "timestamp" | "time", Some("0")) => None,
        ("year", _) => return flavor.year().into(),
        ("float", Some(bits)) if !bits.contains(',') => {
            return if bits.parse().is_ok_and(|bits: u32| bits > 24) { "double" } else { "float" }.into();
        }
        ("tinyint" | "smallint" | "mediumint" | "int" | "bigint", width) => {
            return integer(head, width, tail, flavor);
        }
        (_, inside) => inside.map(str::to_owned),
    };
    let inside = inside.map_or(String::new(), |inside| format!("({inside})"));
    if tail.is_empty() { format!("{head}{inside}") } else { format!("{head}{inside} {tail}") }
}

/// An integer with its width for display, where the catalog gives one.
fn integer(head: &str, width: Option<&str>, tail: &str, flavor: Flavor) -> String {
    let has = |word: &str| tail.split(' ').any(|other| other == word);
    let zerofill = has("zerofill");
    let unsigned = has("unsigned") || zerofill;
    let usual = match (head, unsigned) {
        ("tinyint", false) => "4",
        ("tinyint", true) => "3",
        ("smallint", false) => "6",
        ("smallint", true) => "5",
        ("mediumint", false) => "9",
        ("mediumint", true) => "8",
        ("int", false) => "11",
        ("int", true) => "10",
        _ => "20",
    };
    let keeps =
        flavor.has_display_widths() || zerofill || (head == "tinyint" && width == Some("1") && !unsigned);
    let mut text = head.to_owned();
    if keeps {
        text += &format!("({})", width.unwrap_or(usual));
    }
    if unsigned {
        text += " unsigned";
    }
    if zerofill {
        text += " zerofill";
    }
    text
}

#[cfg(test)]
mod tests {
    use dunlin_dsl::{DialectId, Server, Version};

    use super::*;

    #[track_caller]
    fn check(written: &str, mysql: &str, mariadb: &str) {
        for (dialect, version, expected) in [
            (DialectId::Mysql, Version::new(9, 7, 4), mysql),
            (DialectId::Mariadb, Version::new(10, 11, 19), mariadb),
        ] {
            let found = read(written, Flavor::of(&Server::new(dialect, version)));
            assert_eq!(found, ColumnType::Native(expected.into()), "{dialect}");
        }
    }

    #[test]
    fn as_the_catalogs_write_them() {
        check("INT", "int", "int(11)");
        check("integer  unsigned", "int unsigned", "int(10) unsigned");
        check("int(5) zerofill", "int(5) unsigned zerofill", "int(5) unsigned zerofill");
        check("boolean", "tinyint(1)", "tinyint(1)");
        check("tinyint(1) unsigned", "tinyint unsigned", "tinyint(1) unsigned");
        check("bigint", "bigint", "bigint(20)");
        check("numeric( 10 )", "decimal(10,0)", "decimal(10,0)");
        check("decimal", "decimal(10,0)", "decimal(10,0)");
        check("double precision", "double", "double");
        check("float(53)", "double", "double");
        check("Character Varying (20)", "varchar(20)", "varchar(20)");
        check("datetime(0)", "datetime", "datetime");
        check("year", "year", "year(4)");
        check("point srid 4326", "point srid 4326", "point srid 4326");
    }

    #[test]
    fn values_of_an_enum() {
        let flavor = Flavor::of(&Server::new(DialectId::Mysql, Version::new(9, 7, 4)));
        let values = ["a", "b'c", "d\\e", "f\ng"].map(String::from).to_vec();
        assert_eq!(read("enum('a', 'b''c','d\\\\e','f\\ng')", flavor), ColumnType::Enum(values));
        assert_eq!(read("SET('x')", flavor), ColumnType::Set(vec!["x".into()]));
    }
}
