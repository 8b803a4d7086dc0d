//! How PostgreSQL itself prints names, literals and types: what its catalog gives back for what was written.

use dunlin_dsl::{Name, Unsupported, Value};

use crate::lex::{self, Kind};
use crate::sql::Sql;

/// A string as a literal. One with a backslash is marked as having escapes, and so doesn't depend on
/// `standard_conforming_strings`.
pub(super) fn literal(text: &str) -> String {
    let doubled = text.replace('\'', "''");
    match doubled.contains('\\') {
        true => format!("E'{}'", doubled.replace('\\', "\\\\")),
        false => format!("'{doubled}'"),
    }
}

/// A string as the catalog prints it: never with escapes, so that a backslash in it stands for itself where
/// `standard_conforming_strings` is on, as it is in Dunlin's sessions.
pub(super) fn catalog_literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A name as the catalog prints it: in quotes only where it needs them.
pub(super) fn name(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && KEYWORDS.binary_search(&name).is_err();
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

/// The name of a collation or an operator class, quoted. One of a schema where it isn't looked for is given in quotes:
/// `"ex"."german"`, for a point may be part of a name.
pub(super) fn qualified(name: &str, sql: Sql<'_>) -> Result<String, Unsupported> {
    match with_schema(name) {
        Some(name) => sql.table(&name),
        None => sql.id(name),
    }
}

/// Such a name as it is read back: without the connection's own schema.
pub(super) fn found(name: &str, sql: Sql<'_>) -> String {
    match with_schema(name) {
        Some(name) if name.schema.as_ref() == Some(&sql.server.schema) => name.name,
        _ => name.to_owned(),
    }
}

/// A schema and a name, both in quotes.
fn with_schema(text: &str) -> Option<Name> {
    let tokens = lex::tokens(text);
    let [schema, point, name] = tokens.as_slice() else { return None };
    if (schema.kind, point.kind, name.kind) != (Kind::Quoted, Kind::Punct('.'), Kind::Quoted) {
        return None;
    }
    let bare = |token: &lex::Token| Some(text.get(token.start + 1..token.end - 1)?.replace("\"\"", "\""));
    Some(Name { schema: Some(bare(schema)?), name: bare(name)? })
}

/// An expression without brackets around all of it, and without white space at its ends.
pub(super) fn bare(expr: &str) -> &str {
    let mut bare = expr.trim();
    while let Some(inner) = unwrap(bare) {
        bare = inner.trim();
    }
    bare
}

/// What stands within the brackets, if the first one is closed by the last.
fn unwrap(expr: &str) -> Option<&str> {
    let inner = expr.strip_prefix('(')?.strip_suffix(')')?;
    let mut depth = 0_usize;
    let mut quote = None;
    let mut before = ' ';
    for c in inner.chars() {
        match (quote, c) {
            // Where a literal can end otherwise than by quotes, the brackets stay.
            (None, '\'') if before.eq_ignore_ascii_case(&'e') => return None,
            // Nor where there may be a comment.
            (None, '$') => return None,
            (None, '-') if before == '-' => return None,
            (None, '*') if before == '/' => return None,
            (Some(mark), c) if c == mark => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.checked_sub(1)?,
            (None, _) => {}
        }
        before = c;
    }
    (depth == 0 && quote.is_none()).then_some(inner)
}

/// The strings that stand in a text, their quotes and escapes taken off.
pub(super) fn strings(text: &str) -> Vec<String> {
    let tokens = lex::tokens(text);
    let mut strings = Vec::new();
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.kind == Kind::String) {
        let string = lex::name(text, *token);
        let escaped = at.checked_sub(1).and_then(|at| tokens.get(at)).is_some_and(|mark| {
            mark.end == token.start && text[mark.start..mark.end].eq_ignore_ascii_case("e")
        });
        strings.push(if escaped { string.replace("\\\\", "\\") } else { string });
    }
    strings
}

/// The value that a text stands for, if it is one literal, with or without a cast.
pub(super) fn value(text: &str) -> Option<Value> {
    let tokens = lex::tokens(text);
    let cast = tokens.windows(2).position(|pair| pair.iter().all(|token| token.kind == Kind::Punct(':')));
    let literal = &tokens[..cast.unwrap_or(tokens.len())];
    let raw = &text[literal.first()?.start..literal.last()?.end];
    match literal {
        [one] if one.kind == Kind::String => strings(raw).pop().map(Value::Text),
        [mark, one] if one.kind == Kind::String && mark.end == one.start => {
            let is_marked = text[mark.start..mark.end].eq_ignore_ascii_case("e");
            strings(raw).pop().filter(|_| is_marked).map(Value::Text)
        }
        [one] if one.kind == Kind::Literal => raw.parse().ok().map(Value::Int),
        [one] if one.kind == Kind::Word => match raw.to_ascii_lowercase().as_str() {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            _ => None,
        },
        _ => None,
    }
}

/// A type as `format_type` prints it, where its name is one that PostgreSQL calls otherwise; else as it was written.
pub(super) fn ty(written: &str) -> String {
    let text = written.trim();
    if text.contains('"') {
        return text.to_owned();
    }
    let (element, array) = match text.find('[') {
        Some(at) if text.ends_with(']') => (text[..at].trim_end(), "[]"),
        _ => (text, ""),
    };
    let lower = element.to_ascii_lowercase();
    let (head, parameters, tail) = match (lower.find('('), lower.rfind(')')) {
        (Some(open), Some(close)) if open < close => {
            (lower[..open].trim(), Some(&lower[open + 1..close]), lower[close + 1..].trim())
        }
        _ => (lower.as_str(), None, ""),
    };
    let words = head.split_whitespace().chain(tail.split_whitespace()).collect::<Vec<_>>().join(" ");
    let parameters: Option<Vec<&str>> = parameters.map(|list| list.split(',').map(str::trim).collect());
    let with = |name: &str| match &parameters {
        Some(list) => format!("{name}({})", list.join(",")),
        None => name.to_owned(),
    };
    let zoned = |name: &str, zone: &str| match &parameters {
        Some(list) => format!("{name}({}) {zone} time zone", list.join(",")),
        None => format!("{name} {zone} time zone"),
    };
    let one = |name: &str| if parameters.is_some() { with(name) } else { format!("{name}(1)") };
    let printed = match words.as_str() {
        "int" | "int4" | "integer" => "integer".into(),
        "int2" | "smallint" => "smallint".into(),
        "int8" | "bigint" => "bigint".into(),
        "bool" | "boolean" => "boolean".into(),
        "float4" | "real" => "real".into(),
        "float8" | "double precision" => "double precision".into(),
        "float" => match parameters.as_deref().and_then(|list| list.first()?.parse::<u8>().ok()) {
            Some(1..=24) => "real".into(),
            _ => "double precision".into(),
        },
        "decimal" | "dec" | "numeric" => match parameters.as_deref() {
            Some([precision]) => format!("numeric({precision},0)"),
            _ => with("numeric"),
        },
        "char" | "character" => one("character"),
        "varchar" | "character varying" | "char varying" => with("character varying"),
        "bit" => one("bit"),
        "varbit" | "bit varying" => with("bit varying"),
        "time" | "time without time zone" => zoned("time", "without"),
        "timetz" | "time with time zone" => zoned("time", "with"),
        "timestamp" | "timestamp without time zone" => zoned("timestamp", "without"),
        "timestamptz" | "timestamp with time zone" => zoned("timestamp", "with"),
        "text" | "bytea" | "date" | "uuid" | "json" | "jsonb" | "inet" | "cidr" | "macaddr" | "macaddr8"
        | "xml" | "money" | "tsvector" | "tsquery" | "oid" | "name" | "point" | "line" | "lseg" | "box"
        | "path" | "polygon" | "circle" | "int4range" | "int8range" | "numrange" | "tsrange"
        | "tstzrange" | "daterange" | "bpchar" => words,
        "interval" => with("interval"),
        _ => return text.to_owned(),
    };
    printed + array
}

/// A type as `format_type` prints it, without its length or precision: what is kept of an argument's type.
pub(super) fn without_length(ty: &str) -> String {
    if ty.contains('"') {
        return ty.to_owned();
    }
    match (ty.find('('), ty.find(')')) {
        (Some(open), Some(close)) if open < close => format!("{}{}", ty[..open].trim_end(), &ty[close + 1..]),
        _ => ty.to_owned(),
    }
}

/// A setting's name, which may have a prefix of its own.
pub(super) fn parameter(of: &str) -> String {
    of.split('.').map(name).collect::<Vec<_>>().join(".")
}

/// The elements of an array as the server prints it: `{a,"b c",NULL}`.
pub(super) fn array(text: &str) -> Vec<Option<String>> {
    let mut elements = Vec::new();
    let Some(inner) = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) else { return elements };
    if inner.is_empty() {
        return elements;
    }
    let (mut element, mut is_quoted, mut was_quoted, mut is_escaped) = (String::new(), false, false, false);
    for c in inner.chars().chain([',']) {
        match c {
            c if is_escaped => {
                element.push(c);
                is_escaped = false;
            }
            '\\' => is_escaped = true,
            '"' => (is_quoted, was_quoted) = (!is_quoted, true),
            ',' if !is_quoted => {
                let is_null = !was_quoted && element == "NULL";
                elements.push(Some(std::mem::take(&mut element)).filter(|_| !is_null));
                was_quoted = false;
            }
            c => element.push(c),
        }
    }
    elements
}

/// The words that PostgreSQL puts in quotes as names, sorted. Those of version 18; what an older one doesn't count
/// among them does no harm here.
#[rustfmt::skip]
const KEYWORDS: &[&str] = &[
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "authorization",
    "between", "bigint", "binary", "bit", "boolean", "both", "case", "cast", "char", "character",
    "check", "coalesce", "collate", "collation", "column", "concurrently", "constraint", "create",
    "cross", "current_catalog", "current_date", "current_role", "current_schema", "current_time",
    "current_timestamp", "current_user", "dec", "decimal", "default", "deferrable", "desc", "distinct",
    "do", "else", "end", "except", "exists", "extract", "false", "fetch", "float", "for", "foreign",
    "freeze", "from", "full", "grant", "greatest", "group", "grouping", "having", "ilike", "in",
    "initially", "inner", "inout", "int", "integer", "intersect", "interval", "into", "is", "isnull",
    "join", "json", "json_array", "json_arrayagg", "json_exists", "json_object", "json_objectagg",
    "json_query", "json_scalar", "json_serialize", "json_table", "json_value", "lateral", "leading",
    "least", "left", "like", "limit", "localtime", "localtimestamp", "merge_action", "national",
    "natural", "nchar", "none", "normalize", "not", "notnull", "null", "nullif", "numeric", "offset",
    "on", "only", "or", "order", "out", "outer", "overlaps", "overlay", "placing", "position",
    "precision", "primary", "real", "references", "returning", "right", "row", "select", "session_user",
    "setof", "similar", "smallint", "some", "substring", "symmetric", "system_user", "table",
    "tablesample", "then", "time", "timestamp", "to", "trailing", "treat", "trim", "true", "union",
    "unique", "user", "using", "values", "varchar", "variadic", "verbose", "when", "where", "window",
    "with", "xmlattributes", "xmlconcat", "xmlelement", "xmlexists", "xmlforest", "xmlnamespaces",
    "xmlparse", "xmlpi", "xmlroot", "xmlserialize", "xmltable",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_sorted() {
        assert!(KEYWORDS.is_sorted());
    }

    #[test]
    fn names_are_quoted_where_they_need_it() {
        let names = ["users", "Users", "user", "a b", "a\"b", "1a", "_a1", "a$"].map(name);
        assert_eq!(
            names,
            ["users", "\"Users\"", "\"user\"", "\"a b\"", "\"a\"\"b\"", "\"1a\"", "_a1", "\"a$\""]
        );
    }

    #[test]
    fn only_brackets_around_all_go() {
        let exprs =
            ["(a > 0)", "((a))", "(a) + (b)", "(a = ')')", "(a = E'\\')')", "f(a)", " (a = ($$)$$)) "];
        let bared = exprs.map(bare);
        assert_eq!(bared, ["a > 0", "a", "(a) + (b)", "a = ')'", "(a = E'\\')')", "f(a)", "(a = ($$)$$))"]);
    }

    #[test]
    fn arrays_are_read() {
        let read = |text| array(text).into_iter().map(Option::unwrap_or_default).collect::<Vec<_>>();
        assert_eq!(array("{}"), []);
        assert_eq!(read(r#"{a,"b, c","d\"e","\\",""}"#), ["a", "b, c", "d\"e", "\\", ""]);
        assert_eq!(array(r#"{NULL,"NULL"}"#), [None, Some("NULL".to_owned())]);
    }

    #[track_caller]
    fn check(written: &str, expected: &str) {
        assert_eq!(ty(written), expected);
    }

    #[test]
    fn types_are_as_the_catalog_says() {
        check("VARCHAR( 255 )", "character varying(255)");
        check("timestamptz(3)", "timestamp(3) with time zone");
        check("timestamp (3) with time zone", "timestamp(3) with time zone");
        check("int[][]", "integer[]");
        check("char", "character(1)");
        check("numeric(10, 2)", "numeric(10,2)");
        check("decimal(5)", "numeric(5,0)");
        check("float(24)", "real");
        check("citext", "citext");
        check("\"Mood\"[]", "\"Mood\"[]");
        check("geometry(Point,4326)", "geometry(Point,4326)");
    }
}
