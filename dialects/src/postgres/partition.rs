//! Partitioned tables and their partitions.

use dunlin_dsl::{
    Bound, Expr, IndexKey, KeyPart, Name, PartitionMethod, PartitionOf, Partitioning, PerDialect, Table,
    Unsupported, Value,
};

use super::{create, lower, print};
use crate::lex::{self, Kind};
use crate::sql::{Sql, hex, list};

type Result<T> = std::result::Result<T, Unsupported>;

/// What MySQL's and MariaDB's partitions are here.
const INSTEAD: &str = "create each partition as a table of its own: create_table(..).partition_of(..)";

/// What stands behind a table's columns: ` PARTITION BY RANGE (at)`.
pub(super) fn partition_by(table: &Name, partitioning: &Partitioning, sql: Sql<'_>) -> Result<String> {
    let operation = format!("partition table {table}");
    refuse(&operation, partitioning, sql)?;
    let method = match partitioning.method {
        PartitionMethod::Range => "RANGE",
        PartitionMethod::List => "LIST",
        PartitionMethod::Hash | PartitionMethod::Key => "HASH",
    };
    let keys = list(partitioning.keys.iter().map(|key| create::key(key, &operation, sql)))?;
    Ok(format!(" PARTITION BY {method} ({keys})"))
}

/// Which rows a partition has: `FOR VALUES FROM ('a') TO ('b')`.
pub(super) fn bound(operation: &str, bound: &Bound, sql: Sql<'_>) -> Result<String> {
    let values = |values: &[Expr]| list(values.iter().map(|value| sql.expr(value, operation)));
    Ok(match bound {
        Bound::Range { from, to } => format!("FOR VALUES FROM ({}) TO ({})", values(from)?, values(to)?),
        Bound::In(list) => format!("FOR VALUES IN ({})", values(list)?),
        Bound::Hash { modulus, remainder } => {
            format!("FOR VALUES WITH (MODULUS {modulus}, REMAINDER {remainder})")
        }
        Bound::Default => "DEFAULT".into(),
        Bound::LessThan(_) => {
            let lacks = "has no partitions of what is less than something";
            return sql.refuse(operation, lacks, "say from where to where: Bound::range(..)");
        }
    })
}

/// A table's partitions in PostgreSQL's own terms.
pub(super) fn lower(table: &mut Table, sql: Sql<'_>) -> Result<()> {
    let operation = format!("partition table {}", table.name);
    if let Some(partitioning) = &mut table.partitioning {
        refuse(&operation, partitioning, sql)?;
        for key in &mut partitioning.keys {
            *key = lower::index_key(key, &operation, sql)?;
        }
    }
    let own = |name: &mut Name| {
        if table.name.schema.is_none() && name.schema.as_ref() == Some(&sql.server.schema) {
            name.schema = None;
        }
    };
    table.inherits.iter_mut().for_each(own);
    if let Some(of) = &mut table.partition_of {
        own(&mut of.parent);
        of.bound = low_bound(&operation, &of.bound, sql)?;
        // They stand in their parent's order, which isn't known here.
        table.columns.sort_by(|one, other| one.name.cmp(&other.name));
    }
    Ok(())
}

/// A bound as it is read back: each literal as a text, whatever the key's type, for the catalog writes some numbers bare and
/// some in quotes.
pub(super) fn low_bound(operation: &str, bound: &Bound, sql: Sql<'_>) -> Result<Bound> {
    self::bound(operation, bound, sql)?;
    let values = |values: &[Expr]| -> Result<Vec<Expr>> {
        values.iter().map(|value| low_value(operation, value, sql)).collect()
    };
    Ok(match bound {
        Bound::Range { from, to } => Bound::Range { from: values(from)?, to: values(to)? },
        Bound::In(list) => {
            // The server keeps each once.
            let mut kept = Vec::new();
            for value in values(list)? {
                if !kept.contains(&value) {
                    kept.push(value);
                }
            }
            Bound::In(kept)
        }
        other => other.clone(),
    })
}

/// The method and the keys of a partitioned table begin with these.
pub(super) fn partitioning(method: &str) -> Partitioning {
    let method = match method {
        "l" => PartitionMethod::List,
        "h" => PartitionMethod::Hash,
        _ => PartitionMethod::Range,
    };
    Partitioning { method, keys: Vec::new(), linear: false, partitions: Vec::new(), count: None }
}

/// What a partition is of, from the bound as the catalog prints it.
pub(super) fn partition_of(parent: Name, printed: &str) -> PartitionOf {
    PartitionOf { parent, bound: read_bound(printed) }
}

/// A bound as the catalog prints it, read by its tokens.
fn read_bound(printed: &str) -> Bound {
    let tokens = lex::tokens(printed);
    let is = |at: usize, word: &str| {
        tokens.get(at).is_some_and(|token| printed[token.start..token.end].eq_ignore_ascii_case(word))
    };
    let numbers = || -> Vec<u32> {
        let numbers = tokens.iter().filter(|token| token.kind == Kind::Literal);
        numbers.filter_map(|token| printed[token.start..token.end].parse().ok()).collect()
    };
    let lists = brackets(printed, &tokens);
    let mut lists = lists.into_iter().map(|list| list.iter().map(|text| read_value(text)).collect());
    match (is(2, "FROM"), is(2, "IN"), numbers().as_slice()) {
        (true, ..) => {
            Bound::Range { from: lists.next().unwrap_or_default(), to: lists.next().unwrap_or_default() }
        }
        (_, true, _) => Bound::In(lists.next().unwrap_or_default()),
        (.., [modulus, remainder]) => Bound::Hash { modulus: *modulus, remainder: *remainder },
        _ => Bound::Default,
    }
}

/// What stands between outer brackets, cut at the commas.
fn brackets<'t>(text: &'t str, tokens: &[lex::Token]) -> Vec<Vec<&'t str>> {
    let mut lists = Vec::new();
    let mut depth = 0_usize;
    let mut start = 0;
    for token in tokens {
        match token.kind {
            Kind::Punct('(') => {
                depth += 1;
                if depth == 1 {
                    lists.push(Vec::new());
                    start = token.end;
                }
            }
            Kind::Punct(mark @ (')' | ',')) => {
                if depth == 1
                    && let Some(list) = lists.last_mut()
                {
                    list.push(text[start..token.start].trim());
                    start = token.end;
                }
                if mark == ')' {
                    depth = depth.saturating_sub(1);
                }
            }
            _ => {}
        }
    }
    lists
}

/// Expressions as the catalog prints several, with commas between.
pub(super) fn expressions(printed: &str) -> Vec<String> {
    let text = format!("({printed})");
    let lists = brackets(&text, &lex::tokens(&text));
    lists.into_iter().flatten().map(|expr| print::bare(expr).to_owned()).collect()
}

/// A key of a partitioned table as it is read.
pub(super) fn key(
    column: Option<String>,
    expr: Option<String>,
    collation: PerDialect<String>,
    opclass: Option<String>,
) -> IndexKey {
    let on = match (column, expr) {
        (Some(column), _) => KeyPart::Column(column),
        (None, expr) => KeyPart::Expr(Expr::Sql(expr.unwrap_or_default())),
    };
    IndexKey { on, collation, opclass, ..IndexKey::column("") }
}

fn low_value(operation: &str, value: &Expr, sql: Sql<'_>) -> Result<Expr> {
    Ok(match value {
        Expr::Literal(Value::Null) => Expr::Sql("NULL".into()),
        Expr::Literal(Value::Bytes(bytes)) => literal(&format!("\\x{}", hex(bytes))),
        Expr::Literal(Value::Text(text)) => literal(text),
        Expr::Literal(Value::Bool(is)) => literal(if *is { "true" } else { "false" }),
        Expr::Literal(Value::Int(number)) => literal(&number.to_string()),
        Expr::Literal(Value::Float(number)) => literal(&format!("{}", number.0)),
        other => read_value(print::bare(&sql.expr(other, operation)?)),
    })
}

fn read_value(text: &str) -> Expr {
    let tokens = lex::tokens(text);
    match tokens.as_slice() {
        [one] if one.kind == Kind::String => literal(&lex::name(text, *one)),
        [one] if one.kind == Kind::Literal => literal(&text[one.start..one.end]),
        [sign, one] if sign.kind == Kind::Punct('-') && one.kind == Kind::Literal => {
            literal(&format!("-{}", &text[one.start..one.end]))
        }
        [one] if one.kind == Kind::Word => match text.to_ascii_uppercase() {
            word if matches!(word.as_str(), "MINVALUE" | "MAXVALUE" | "NULL") => Expr::Sql(word),
            word if matches!(word.as_str(), "TRUE" | "FALSE") => literal(&word.to_ascii_lowercase()),
            _ => Expr::Sql(text.to_owned()),
        },
        _ => Expr::Sql(text.to_owned()),
    }
}

fn literal(text: &str) -> Expr {
    Expr::Sql(print::catalog_literal(text))
}

/// Refuses what only MySQL and MariaDB have.
fn refuse(operation: &str, partitioning: &Partitioning, sql: Sql<'_>) -> Result<()> {
    if !partitioning.partitions.is_empty() || partitioning.count.is_some() {
        return sql.refuse(operation, "keeps no partitions within a table", INSTEAD);
    }
    if partitioning.method == PartitionMethod::Key {
        return sql.refuse(operation, "has no partitions BY KEY", "partition by the hash of columns");
    }
    if partitioning.linear {
        return sql.refuse(operation, "has no LINEAR partitions", "leave LINEAR out here with on(..)");
    }
    if partitioning.keys.iter().any(|key| key.prefix.is_some() || key.descending || key.nulls.is_some()) {
        let lacks = "partitions by whole columns, and in one order";
        return sql.refuse(operation, lacks, "partition by an expression: left(..)");
    }
    Ok(())
}

/// Refuses a change of MySQL's and MariaDB's partitions.
pub(super) fn refuse_change<T>(operation: impl std::fmt::Display, sql: Sql<'_>) -> Result<T> {
    sql.refuse(operation, "keeps no partitions within a table", INSTEAD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(printed: &str, expected: &str) {
        assert_eq!(read_bound(printed).to_string(), expected);
    }

    #[test]
    fn bounds_are_read() {
        check(
            "FOR VALUES FROM ('2024-01-01', MINVALUE) TO ('a,)''b', 10)",
            "from ('2024-01-01', MINVALUE) to ('a,)''b', '10')",
        );
        check("FOR VALUES IN ('a', NULL, 1.5, true, '-1')", "in ('a', NULL, '1.5', 'true', '-1')");
        check("FOR VALUES WITH (modulus 4, remainder 3)", "with modulus 4, remainder 3");
        check("DEFAULT", "default");
        assert_eq!(expressions("lower(a), (b + 1), f(c, d)"), ["lower(a)", "b + 1", "f(c, d)"]);
    }
}
