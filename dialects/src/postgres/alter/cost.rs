//! What a change of type costs: whether rows are written anew, whether a value may not fit, and what is lost.

use dunlin_dsl::{HazardKind, Name};

use super::Change;

pub(super) fn rewrites(change: Change, table: &Name) -> Change {
    change
        .hazard(HazardKind::Rewrite, format!("writes table {table} anew"))
        .hazard(HazardKind::BlocksReads, format!("readers of table {table} wait meanwhile"))
}

/// A printed type without what stands in brackets, and what does.
pub(super) fn parts(ty: &str) -> (&str, Vec<u32>) {
    match ty.split_once('(') {
        Some((name, list)) => {
            let list = list.split(')').next().unwrap_or_default();
            (name, list.split(',').filter_map(|number| number.trim().parse().ok()).collect())
        }
        None => (ty, Vec::new()),
    }
}

/// Types between which the server casts what is stored without being asked to.
#[derive(PartialEq)]
pub(super) enum Family {
    Text,
    Number,
    Moment,
}

pub(super) fn family(ty: &str) -> Option<Family> {
    if ty.ends_with(']') {
        return None;
    }
    match parts(ty).0 {
        "text" | "character varying" | "character" | "bpchar" | "name" => Some(Family::Text),
        "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision" => Some(Family::Number),
        "timestamp" | "timestamp without time zone" | "timestamp with time zone" | "date" => {
            Some(Family::Moment)
        }
        _ => None,
    }
}

/// Whether the server needs no USING: the types are kin, or the new one is text, which takes anything.
pub(super) fn casts_by_itself(old: &str, new: &str) -> bool {
    let to = family(new);
    old == new || to == Some(Family::Text) || (to.is_some() && to == family(old))
}

/// A type without its length, where it has one.
pub(super) fn without_length(ty: &str) -> String {
    match parts(ty).0 {
        name @ ("character varying" | "bit varying") if !ty.ends_with(']') => name.to_owned(),
        "character" if !ty.ends_with(']') => "bpchar".to_owned(),
        "bit" if !ty.ends_with(']') => "bit varying".to_owned(),
        _ => ty.to_owned(),
    }
}

pub(super) fn has_collation(ty: &str) -> bool {
    let base = ty.trim_end_matches("[]");
    match parts(base).0 {
        "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision" | "boolean" | "date"
        | "uuid" | "json" | "jsonb" | "bytea" | "inet" | "cidr" | "macaddr" | "bit" | "bit varying"
        | "interval" => false,
        name => !name.starts_with("time"),
    }
}

/// Whether the new type takes the stored bytes as they are. Seen on 13 to 18: a longer varchar, text, a wider numeric of
/// the same scale, inet for cidr.
pub(super) fn is_free(old: &str, new: &str) -> bool {
    if old == new {
        return true;
    }
    let ((old, old_sizes), (new, new_sizes)) = (parts(old), parts(new));
    match (old, new) {
        ("character varying" | "text", "text") => true,
        ("character varying" | "text", "character varying") | ("bit varying", "bit varying") => {
            match (old_sizes.first(), new_sizes.first()) {
                (_, None) => true,
                (Some(old), Some(new)) => old <= new,
                (None, Some(_)) => false,
            }
        }
        ("numeric", "numeric") => match (old_sizes.as_slice(), new_sizes.as_slice()) {
            (_, []) => true,
            ([old_precision, old_scale], [precision, scale]) => {
                old_precision <= precision && old_scale == scale
            }
            _ => false,
        },
        ("cidr", "inet") => true,
        _ => false,
    }
}

/// Whether a value may be refused by the new type.
pub(super) fn may_fail(old: &str, new: &str) -> bool {
    if is_free(old, new) || matches!(parts(new), ("text" | "character varying", sizes) if sizes.is_empty()) {
        return false;
    }
    let rank = |ty| ["smallint", "integer", "bigint", "numeric"].iter().position(|name| *name == ty);
    match (rank(old), rank(new)) {
        (Some(old), Some(new)) => old > new,
        _ => true,
    }
}

/// Whether a value may become less than it was, without being refused.
pub(super) fn loses(old: &str, new: &str) -> bool {
    let scale = |sizes: &[u32]| sizes.get(1).copied();
    let ((old, old_sizes), (new, new_sizes)) = (parts(old), parts(new));
    match (old, new) {
        ("numeric" | "real" | "double precision", "smallint" | "integer" | "bigint" | "real") => old != new,
        ("numeric", "numeric") => {
            scale(&new_sizes).is_some_and(|new| scale(&old_sizes).is_none_or(|old| old > new))
        }
        ("double precision" | "real", "numeric") => !new_sizes.is_empty(),
        ("bigint" | "numeric", "double precision") => true,
        (old, "date") => old.starts_with("timestamp"),
        (old, new) if old.starts_with("timestamp") && new.starts_with("time") => {
            !new.starts_with("timestamp") || new_sizes.first() < old_sizes.first().or(Some(&6))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_type_change_costs() {
        let cost = |old: &str, new: &str| {
            let cost = [
                (!casts_by_itself(old, new), "using"),
                (!is_free(old, new), "rewrite"),
                (may_fail(old, new), "fails"),
                (loses(old, new), "loses"),
            ];
            cost.iter().filter_map(|(is, word)| is.then_some(*word)).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(cost("character varying(5)", "character varying(9)"), "");
        assert_eq!(cost("character varying(9)", "character varying(5)"), "rewrite fails");
        assert_eq!(cost("character varying(9)", "text"), "");
        assert_eq!(cost("integer", "bigint"), "rewrite");
        assert_eq!(cost("bigint", "integer"), "rewrite fails");
        assert_eq!(cost("text", "integer"), "using rewrite fails");
        assert_eq!(cost("integer", "text"), "rewrite");
        assert_eq!(cost("numeric(10,4)", "numeric(12,2)"), "rewrite fails loses");
        assert_eq!(cost("numeric(10,2)", "numeric(12,2)"), "");
        assert_eq!(cost("timestamp(6) with time zone", "date"), "rewrite fails loses");
        assert_eq!(cost("text[]", "integer[]"), "using rewrite fails");
    }
}
