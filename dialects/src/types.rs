//! What every logical type is called on every server: one table, for the code and for `docs/types.md`.

use dunlin_dsl::{ColumnType, DialectId, Server, Unsupported, Version};

/// A logical type and its name on each server; none where the server has nothing for it.
///
/// `{n}` stands for a length, `{p}` and `{s}` for precision and scale, `{v}` for a list of values, `{t}` for an
/// element's type, `{kind}` and `{srid}` for a shape and its reference system.
#[derive(Clone, Copy, Debug)]
pub struct TypeRow {
    /// The type as it is printed, its parameters as letters: the key of the table.
    pub logical: &'static str,
    /// SQLite. Its name gives a column no more than an affinity.
    pub sqlite: Option<&'static str>,
    /// SQLite, in a STRICT table, which has INT, INTEGER, REAL, TEXT, BLOB and ANY and no others.
    pub sqlite_strict: Option<&'static str>,
    /// PostgreSQL.
    pub postgres: Option<&'static str>,
    /// MySQL.
    pub mysql: Option<&'static str>,
    /// MariaDB.
    pub mariadb: Option<&'static str>,
}

macro_rules! types {
    ($($logical:literal: $sqlite:tt, $strict:tt, $postgres:tt, $mysql:tt, $mariadb:tt;)+) => {
        &[$(TypeRow {
            logical: $logical,
            sqlite: types!(@ $sqlite),
            sqlite_strict: types!(@ $strict),
            postgres: types!(@ $postgres),
            mysql: types!(@ $mysql),
            mariadb: types!(@ $mariadb),
        }),+]
    };
    (@ -) => { None };
    (@ $name:literal) => { Some($name) };
}

/// The table. Columns: logical type; SQLite; SQLite STRICT; PostgreSQL; MySQL; MariaDB.
///
/// On SQLite a UUID and JSON are TEXT and not words of their own, for a word that SQLite doesn't know has numeric
/// affinity, and would turn the JSON text `1` into a number. A `timestamp` is MySQL's `datetime`, which has
/// no zone; with a zone it is MySQL's `timestamp`, which is an instant. PostgreSQL's spatial types are PostGIS's.
#[rustfmt::skip]
pub const TYPES: &[TypeRow] = types! {
    "boolean":                     "BOOLEAN",        "INTEGER", "boolean",             "tinyint(1)",            "tinyint(1)";
    "tinyint":                     "INTEGER",        "INTEGER", "smallint",            "tinyint",               "tinyint";
    "smallint":                    "INTEGER",        "INTEGER", "smallint",            "smallint",              "smallint";
    "mediumint":                   "INTEGER",        "INTEGER", "integer",             "mediumint",             "mediumint";
    "integer":                     "INTEGER",        "INTEGER", "integer",             "int",                   "int";
    "bigint":                      "INTEGER",        "INTEGER", "bigint",              "bigint",                "bigint";
    "tinyint unsigned":            -,                -,         -,                     "tinyint unsigned",      "tinyint unsigned";
    "smallint unsigned":           -,                -,         -,                     "smallint unsigned",     "smallint unsigned";
    "mediumint unsigned":          -,                -,         -,                     "mediumint unsigned",    "mediumint unsigned";
    "integer unsigned":            -,                -,         -,                     "int unsigned",          "int unsigned";
    "bigint unsigned":             -,                -,         -,                     "bigint unsigned",       "bigint unsigned";
    "decimal":                     "DECIMAL",        "TEXT",    "numeric",             "decimal(65,30)",        "decimal(65,30)";
    "decimal(p, s)":               "DECIMAL({p},{s})", "TEXT",  "numeric({p},{s})",    "decimal({p},{s})",      "decimal({p},{s})";
    "real":                        "REAL",           "REAL",    "real",                "float",                 "float";
    "double":                      "DOUBLE",         "REAL",    "double precision",    "double",                "double";
    "char(n)":                     "CHAR({n})",      "TEXT",    "char({n})",           "char({n})",             "char({n})";
    "varchar(n)":                  "VARCHAR({n})",   "TEXT",    "varchar({n})",        "varchar({n})",          "varchar({n})";
    "tinytext":                    "TEXT",           "TEXT",    "text",                "tinytext",              "tinytext";
    "text":                        "TEXT",           "TEXT",    "text",                "text",                  "text";
    "mediumtext":                  "TEXT",           "TEXT",    "text",                "mediumtext",            "mediumtext";
    "longtext":                    "TEXT",           "TEXT",    "text",                "longtext",              "longtext";
    "binary(n)":                   "BLOB",           "BLOB",    "bytea",               "binary({n})",           "binary({n})";
    "varbinary(n)":                "BLOB",           "BLOB",    "bytea",               "varbinary({n})",        "varbinary({n})";
    "tinyblob":                    "BLOB",           "BLOB",    "bytea",               "tinyblob",              "tinyblob";
    "blob":                        "BLOB",           "BLOB",    "bytea",               "blob",                  "blob";
    "mediumblob":                  "BLOB",           "BLOB",    "bytea",               "mediumblob",            "mediumblob";
    "longblob":                    "BLOB",           "BLOB",    "bytea",               "longblob",              "longblob";
    "date":                        "DATE",           "TEXT",    "date",                "date",                  "date";
    "time":                        "TIME",           "TEXT",    "time",                "time",                  "time";
    "time(p)":                     "TIME",           "TEXT",    "time({p})",           "time({p})",             "time({p})";
    "time with time zone":         -,                -,         "timetz",              -,                       -;
    "time(p) with time zone":      -,                -,         "timetz({p})",         -,                       -;
    "timestamp":                   "TIMESTAMP",      "TEXT",    "timestamp",           "datetime",              "datetime";
    "timestamp(p)":                "TIMESTAMP",      "TEXT",    "timestamp({p})",      "datetime({p})",         "datetime({p})";
    "timestamp with time zone":    "TIMESTAMP",      "TEXT",    "timestamptz",         "timestamp",             "timestamp";
    "timestamp(p) with time zone": "TIMESTAMP",      "TEXT",    "timestamptz({p})",    "timestamp({p})",        "timestamp({p})";
    "interval":                    -,                -,         "interval",            -,                       -;
    "year":                        -,                -,         -,                     "year",                  "year";
    "uuid":                        "TEXT",           "TEXT",    "uuid",                "char(36)",              "uuid";
    "json":                        "TEXT",           "TEXT",    "json",                "json",                  "json";
    "jsonb":                       "TEXT",           "TEXT",    "jsonb",               "json",                  "json";
    "array of t":                  -,                -,         "{t}[]",               -,                       -;
    "enum(v)":                     "TEXT",           "TEXT",    "text",                "enum({v})",             "enum({v})";
    "set(v)":                      "TEXT",           "TEXT",    "text",                "set({v})",              "set({v})";
    "inet":                        "TEXT",           "TEXT",    "inet",                "varchar(49)",           "varchar(49)";
    "cidr":                        "TEXT",           "TEXT",    "cidr",                "varchar(49)",           "varchar(49)";
    "macaddr":                     "TEXT",           "TEXT",    "macaddr",             "varchar(17)",           "varchar(17)";
    "bit(n)":                      -,                -,         "bit({n})",            "bit({n})",              "bit({n})";
    "varbit(n)":                   -,                -,         "varbit({n})",         -,                       -;
    "spatial":                     -,                -,         "geometry({kind})",    "{kind}",                "{kind}";
    "spatial with srid":           -,                -,         "geometry({kind},{srid})", "{kind} srid {srid}", "{kind} ref_system_id={srid}";
};

/// MariaDB has a `uuid` of its own from here on.
const MARIADB_UUID: Version = Version::new(10, 7, 0);

/// A type's name on `server`, as it is written in SQL; a native type is as it was given.
///
/// `literal` quotes an enum's values. A `strict` table is SQLite's.
pub fn sql_type(
    ty: &ColumnType,
    server: &Server,
    strict: bool,
    literal: &dyn Fn(&str) -> Result<String, Unsupported>,
) -> Result<String, Unsupported> {
    let unsupported = || {
        Unsupported::new(
            format!("use the type {ty}"),
            format!("{server} has none like it"),
            "name a type that it has: native(\"..\"), or another type per dialect",
        )
    };
    match ty {
        // What ends the statement that it stands in is no type, and what stands before a NUL would be taken for all of it.
        ColumnType::Native(name) if name.contains('\0') || !crate::lex::is_one_part(name) => {
            return Err(unsupported());
        }
        ColumnType::Native(name) => return Ok(name.clone()),
        ColumnType::PerDialect(types) => {
            return sql_type(types.get(server.dialect).ok_or_else(unsupported)?, server, strict, literal);
        }
        ColumnType::Uuid if server.dialect == DialectId::Mariadb && server.version < MARIADB_UUID => {
            return Ok("char(36)".into());
        }
        _ => {}
    }
    let row = row(ty).ok_or_else(unsupported)?;
    let template = match server.dialect {
        DialectId::Sqlite if strict => row.sqlite_strict,
        DialectId::Sqlite => row.sqlite,
        DialectId::Postgres => row.postgres,
        DialectId::Mysql => row.mysql,
        DialectId::Mariadb => row.mariadb,
        _ => None,
    };
    let mut name = template.ok_or_else(unsupported)?.to_owned();
    for (parameter, value) in parameters(ty) {
        name = name.replace(parameter, &value);
    }
    if name.contains("{v}") {
        let (ColumnType::Enum(values) | ColumnType::Set(values)) = ty else { return Err(unsupported()) };
        let values = values.iter().map(|value| literal(value)).collect::<Result<Vec<_>, _>>()?;
        name = name.replace("{v}", &values.join(","));
    }
    if let ColumnType::Array(element) = ty {
        name = name.replace("{t}", &sql_type(element, server, strict, literal)?);
    }
    Ok(name)
}

/// The table as Markdown: `docs/types.md` holds it, and a test compares.
pub fn markdown() -> String {
    let mut page = String::from(
        "| type | SQLite | SQLite, STRICT | PostgreSQL | MySQL | MariaDB |\n|---|---|---|---|---|---|\n",
    );
    for row in TYPES {
        let cells = [row.sqlite, row.sqlite_strict, row.postgres, row.mysql, row.mariadb];
        let cells = cells
            .map(|cell| cell.map_or("—".to_owned(), |name| format!("`{}`", name.replace(['{', '}'], ""))));
        page += &format!("| {} | {} |\n", row.logical, cells.join(" | "));
    }
    page
}

/// The row of a type.
fn row(ty: &ColumnType) -> Option<&'static TypeRow> {
    let logical = match ty {
        ColumnType::Decimal { precision: Some(_) } => "decimal(p, s)".into(),
        ColumnType::Char(_) => "char(n)".into(),
        ColumnType::Varchar(_) => "varchar(n)".into(),
        ColumnType::Binary(_) => "binary(n)".into(),
        ColumnType::Varbinary(_) => "varbinary(n)".into(),
        ColumnType::Bit(_) => "bit(n)".into(),
        ColumnType::Varbit(_) => "varbit(n)".into(),
        ColumnType::Time { precision: Some(_), zone } => zoned("time(p)", *zone),
        ColumnType::Timestamp { precision: Some(_), zone } => zoned("timestamp(p)", *zone),
        ColumnType::Array(_) => "array of t".into(),
        ColumnType::Enum(_) => "enum(v)".into(),
        ColumnType::Set(_) => "set(v)".into(),
        ColumnType::Spatial { srid: None, .. } => "spatial".into(),
        ColumnType::Spatial { srid: Some(_), .. } => "spatial with srid".into(),
        plain => plain.to_string(),
    };
    TYPES.iter().find(|row| row.logical == logical)
}

fn zoned(name: &str, zone: bool) -> String {
    if zone { format!("{name} with time zone") } else { name.into() }
}

/// What a type's letters stand for.
fn parameters(ty: &ColumnType) -> Vec<(&'static str, String)> {
    match ty {
        ColumnType::Char(n)
        | ColumnType::Varchar(n)
        | ColumnType::Binary(n)
        | ColumnType::Varbinary(n)
        | ColumnType::Bit(n)
        | ColumnType::Varbit(n) => vec![("{n}", n.to_string())],
        ColumnType::Decimal { precision: Some((p, s)) } => {
            vec![("{p}", p.to_string()), ("{s}", s.to_string())]
        }
        ColumnType::Time { precision: Some(p), .. } | ColumnType::Timestamp { precision: Some(p), .. } => {
            vec![("{p}", p.to_string())]
        }
        ColumnType::Spatial { kind, srid } => {
            vec![("{kind}", kind.clone()), ("{srid}", srid.map(|srid| srid.to_string()).unwrap_or_default())]
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use dunlin_dsl::{IntWidth, Size};

    use super::*;

    /// Every logical type has a row, and every row a type: catches a type added to the model and forgotten here.
    #[test]
    fn every_type_has_its_row() {
        let integers = [IntWidth::Tiny, IntWidth::Small, IntWidth::Medium, IntWidth::Normal, IntWidth::Big];
        let mut types: Vec<ColumnType> = Vec::new();
        for width in integers {
            types.extend([false, true].map(|unsigned| ColumnType::Integer { width, unsigned }));
        }
        for size in [Size::Tiny, Size::Normal, Size::Medium, Size::Long] {
            types.extend([ColumnType::Text(size), ColumnType::Blob(size)]);
        }
        for precision in [None, Some(3)] {
            for zone in [false, true] {
                types.extend([
                    ColumnType::Time { precision, zone },
                    ColumnType::Timestamp { precision, zone },
                ]);
            }
        }
        types.extend([
            ColumnType::Boolean,
            ColumnType::Decimal { precision: None },
            ColumnType::Decimal { precision: Some((10, 2)) },
            ColumnType::Real,
            ColumnType::Double,
            ColumnType::Char(1),
            ColumnType::Varchar(1),
            ColumnType::Binary(1),
            ColumnType::Varbinary(1),
            ColumnType::Date,
            ColumnType::Interval,
            ColumnType::Year,
            ColumnType::Uuid,
            ColumnType::Json,
            ColumnType::Jsonb,
            ColumnType::Array(Box::new(ColumnType::Uuid)),
            ColumnType::Enum(vec!["a".into()]),
            ColumnType::Set(vec!["a".into()]),
            ColumnType::Inet,
            ColumnType::Cidr,
            ColumnType::Macaddr,
            ColumnType::Bit(1),
            ColumnType::Varbit(1),
            ColumnType::Spatial { kind: "point".into(), srid: None },
            ColumnType::Spatial { kind: "point".into(), srid: Some(4326) },
        ]);
        let rows: Vec<_> = types.iter().map(|ty| row(ty).map(|row| row.logical).ok_or(ty)).collect();
        assert!(rows.iter().all(Result::is_ok), "{rows:?}");
        assert_eq!(rows.len(), TYPES.len());
    }

    /// The page of the documentation is this table.
    #[test]
    fn documentation_holds_the_table() {
        let page = include_str!("../../docs/types.md");
        assert!(page.contains(&markdown()), "docs/types.md should hold:\n{}", markdown());
    }
}
