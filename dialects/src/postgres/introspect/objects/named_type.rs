//! What the rows of enums, composite types and domains mean.

use dunlin_dsl::{
    Attribute, Check, ColumnType, Composite, Definition, Domain, Enforcement, EnumType, Expr, PartKind, Row,
    Unmodelled,
};

use super::{elements, texts};
use crate::postgres::introspect::{Reader, Tables};
use crate::postgres::print;
use crate::sql::given;

pub(super) fn named_type(_: &Reader<'_>, _: &Tables, row: &Row) -> Option<Definition> {
    Some(match row.text(5)?.as_str() {
        "e" => Definition::Enum(EnumType { values: elements(row, 6).into_iter().flatten().collect() }),
        "c" => Definition::Composite(composite(row)),
        _ => Definition::Domain(domain(row)),
    })
}

/// What a domain's constraints have that isn't modelled.
pub(super) fn unmodelled(row: &Row) -> Vec<Unmodelled> {
    let named = texts(row, 17).into_iter();
    named
        .map(|name| Unmodelled::part(PartKind::Constraint, name, "that has a name or a comment of its own"))
        .collect()
}

fn composite(row: &Row) -> Composite {
    let names = texts(row, 7).into_iter().zip(texts(row, 8)).zip(elements(row, 9)).zip(elements(row, 10));
    let attributes = names.map(|(((name, ty), collation), comment)| Attribute {
        name,
        ty: ColumnType::Native(ty),
        collation,
        comment,
    });
    Composite { attributes: attributes.collect() }
}

fn domain(row: &Row) -> Domain {
    let named = texts(row, 15).into_iter().zip(elements(row, 19));
    let checks = texts(row, 15).into_iter().zip(texts(row, 16)).zip(texts(row, 18));
    let checks = checks.map(|((name, expr), valid)| Check {
        enforcement: if valid == "true" { Enforcement::Full } else { Enforcement::NotValid },
        ..Check::new(given(name), Expr::Sql(print::bare(&expr).to_owned()))
    });
    Domain {
        ty: ColumnType::Native(row.text(11).unwrap_or_default()),
        collation: row.text(12),
        not_null: row.bool(13),
        default: row.text(14).map(Expr::Sql),
        checks: checks.collect(),
        check_comments: named.filter_map(|(name, comment)| Some((name, comment?))).collect(),
    }
}
