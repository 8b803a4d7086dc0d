//! What is refused, and in which words.

use crate::server::Kind;

/// A server, or any; forms, or all; changes, or all; and the words.
type Refused = (Option<Kind>, &'static [&'static str], &'static [&'static str], &'static str);

const MYSQL: Option<Kind> = Some(Kind::Mysql);
const MARIADB: Option<Kind> = Some(Kind::Mariadb);

/// The changes that restate the column.
const OF_IT: &[&str] = &[
    "set not null",
    "set default number",
    "set default expression",
    "set comment",
    "widen type",
    "collation",
    "hide",
];

const REFUSED: &[Refused] = &[
    // What the model has no words for would be lost by a change of the column.
    (MARIADB, &["compressed"], OF_IT, "and a change of the column would lose it"),
    (
        MYSQL,
        &["column format", "storage", "not secondary"],
        OF_IT,
        "and a change of the column would lose it",
    ),
    (
        MARIADB,
        &["virtual", "stored", "stored text"],
        &["set not null"],
        "has no NOT NULL for generated columns",
    ),
    (None, &["virtual"], &["make plain"], "makes no column virtual, nor a virtual one another"),
    (None, &["inet4"], &["widen type"], "wouldn't stay what they are"),
    (MYSQL, &["check", "named check"], &["rename"], "renames no column that an expression mentions"),
    (
        MARIADB,
        &["invisible with a comment"],
        &["set not null"],
        "has no invisible column that refuses NULL without a default",
    ),
    (MARIADB, &["not null"], &["hide"], "has no invisible column that refuses NULL without a default"),
    (
        MARIADB,
        &["everything"],
        &["drop default"],
        "has no invisible column that refuses NULL without a default",
    ),
    (
        None,
        &["numbered"],
        &["set default number", "set default expression"],
        "has no default for a column that numbers itself",
    ),
];

/// The words in which a change of a form is refused.
pub(super) fn refused(kind: Kind, form: &str, change: &str) -> Option<&'static str> {
    let is = |(on, forms, changes, _): &&Refused| {
        on.is_none_or(|on| on == kind)
            && (forms.is_empty() || forms.contains(&form))
            && (changes.is_empty() || changes.contains(&change))
    };
    REFUSED.iter().find(is).map(|(.., words)| *words)
}
