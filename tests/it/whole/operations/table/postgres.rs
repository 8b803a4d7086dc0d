//! What may be done to a table of PostgreSQL alone.

use dunlin::prelude::*;

use super::super::{grant, owner};
use super::{At, Change, rename_constraint, set_options};
use crate::server::Kind;

pub(super) const CHANGES: [Change; 24] = [
    rename_constraint,
    set_options,
    set_deferrable,
    set_owner,
    set_grant,
    set_row_security,
    set_constraint_comment,
    set_cluster,
    set_replica_identity,
    detach,
    attach,
    inherit,
    set_index_storage,
    set_index_tablespace,
    set_place,
    set_index_statistics,
    set_not_null_alone,
    set_index_comment,
    set_column_option,
    set_identity,
    set_collation,
    add_exclusion,
    validate,
    use_index,
];

fn set_deferrable(at: &mut At<'_>) -> Option<()> {
    use Deferrable::{InitiallyDeferred, InitiallyImmediate, No};
    // A key to which others refer stays as it is, and what keeps two rows apart in partitions is each one's own.
    let is_own = !at.is_referred() && at.table.partitioning.is_none();
    let deferred = |of: &Constraint| match of.kind() {
        ConstraintKind::ForeignKey => true,
        ConstraintKind::Check => false,
        _ => is_own,
    };
    let (_, name) = at.constraint(deferred)?;
    let to = at.dice.pick(&[No, InitiallyImmediate, InitiallyDeferred]);
    at.change(TableChange::Constraint { name, change: ConstraintChange::Deferrable(to) });
    Some(())
}

fn set_owner(at: &mut At<'_>) -> Option<()> {
    let owner = owner(at.dice, &at.table.grants)?;
    at.change(TableChange::Owner(owner));
    Some(())
}

fn set_grant(at: &mut At<'_>) -> Option<()> {
    let op = grant(at.dice, &ObjectId::table(&at.table.name), &at.table.grants, &at.table.notes)?;
    at.op.push(op);
    Some(())
}

fn set_row_security(at: &mut At<'_>) -> Option<()> {
    let security = RowSecurity { enabled: at.dice.coin(), forced: at.dice.coin() };
    at.change(TableChange::RowSecurity(security));
    Some(())
}

fn set_constraint_comment(at: &mut At<'_>) -> Option<()> {
    let (_, name) = at.constraint(|_| true)?;
    let comment = at.dice.remark().map(str::to_owned);
    at.change(TableChange::ConstraintComment { name, comment });
    Some(())
}

fn set_cluster(at: &mut At<'_>) -> Option<()> {
    let index = at.index(|_| true);
    at.change(TableChange::Cluster(index));
    Some(())
}

fn set_replica_identity(at: &mut At<'_>) -> Option<()> {
    let identity = [ReplicaIdentity::PrimaryKey, ReplicaIdentity::Full, ReplicaIdentity::Nothing];
    let identity = at.dice.pick(&identity);
    at.change(TableChange::ReplicaIdentity(identity));
    Some(())
}

fn detach(at: &mut At<'_>) -> Option<()> {
    at.table.partitioning.as_ref()?;
    let mut below = at.table.notes.dependents.iter();
    let below = below.find(|dependent| dependent.kind == DependentKind::Table)?;
    at.change(TableChange::Detach { partition: below.name.clone(), concurrently: false });
    Some(())
}

/// A unique index becomes a constraint's.
fn use_index(at: &mut At<'_>) -> Option<()> {
    if at.table.partitioning.is_some() || at.table.partition_of.is_some() {
        return None;
    }
    let plain = |key: &IndexKey| key.column_name().is_some_and(|name| *key == IndexKey::column(name));
    let index = at.index(|index| {
        let is_bare = index.comment.is_none() && index.storage.is_empty() && index.tablespace.is_none();
        index.unique && is_bare && index.predicate.is_none() && index.keys.iter().all(plain)
    })?;
    let name = if at.dice.coin() { index.clone() } else { at.unused("of index") };
    let deferrable = if at.dice.coin() { Deferrable::No } else { Deferrable::InitiallyDeferred };
    at.change(TableChange::IndexToConstraint { index, kind: ConstraintKind::Unique, name, deferrable });
    Some(())
}

/// A table of the same columns becomes a partition.
fn attach(at: &mut At<'_>) -> Option<()> {
    let partitioning = at.table.partitioning.as_ref()?;
    let number = at.dice.number() + 1000;
    let bound = match partitioning.method {
        PartitionMethod::Range => {
            let of = |number: i64| vec![number; partitioning.keys.len()];
            Bound::range(of(number), of(number + 1))
        }
        PartitionMethod::List => Bound::list([number]),
        _ => Bound::hash(4, 3),
    };
    let (name, new) = (at.name(), at.unused("attached"));
    let mut table = Table { name: new.as_str().into(), ..Table::new(new.as_str()) };
    table.columns.clone_from(&at.table.columns);
    at.op.push(Op::CreateTable { table, if_not_exists: false });
    at.op.attach_partition(name, new, bound);
    Some(())
}

/// A table of the same columns, and one more, becomes an heir.
fn inherit(at: &mut At<'_>) -> Option<()> {
    let is_plain = at.table.partitioning.is_none() && at.table.partition_of.is_none();
    let plain = |column: &Column| column.identity.is_none() && column.generated.is_none();
    let checked = !at.table.checks.is_empty();
    if !is_plain || checked || !at.table.columns.iter().all(plain) {
        return None;
    }
    let (name, new) = (at.name(), at.unused("heir"));
    let mut table = Table::new(new.as_str());
    table.columns = at.table.columns.clone();
    table.columns.push(Column::new("own", text().into()));
    at.op.push(Op::CreateTable { table, if_not_exists: false });
    at.op.inherit(new, name);
    Some(())
}

/// How a table's rows are kept, and where. Those of a partitioned table are its partitions' own.
fn set_place(at: &mut At<'_>) -> Option<()> {
    if at.table.partitioning.is_some() {
        return None;
    }
    let (space, mut options) = (at.dice.space.clone()?, at.table.options.clone());
    match at.dice.coin() {
        true => options.tablespace = options.tablespace.is_none().then_some(space),
        false => options.access_method = options.access_method.is_none().then(|| "piles".into()),
    }
    at.op.push(Op::SetTableOptions { table: at.name(), options });
    Some(())
}

fn set_index_tablespace(at: &mut At<'_>) -> Option<()> {
    let (space, name) = (at.dice.space.clone()?, at.index(|_| true)?);
    let is_there = at.table.index(&name)?.tablespace.is_some();
    at.change(TableChange::Index { name, change: IndexChange::Tablespace((!is_there).then_some(space)) });
    Some(())
}

fn set_index_storage(at: &mut At<'_>) -> Option<()> {
    let btree = |index: &Index| index.method.is_none();
    let (name, index, percent) = (at.name(), at.index(btree)?, (at.dice.below(50) + 40).to_string());
    match at.dice.coin() {
        true => at.op.alter_index(name, index).storage("fillfactor", percent),
        false => at.op.alter_index(name, index).drop_storage("fillfactor"),
    };
    Some(())
}

/// A key needs a refusal of NULL that is handed down, and a partitioned table has no other.
fn set_not_null_alone(at: &mut At<'_>) -> Option<()> {
    if at.dice.kind != Kind::Postgres18 || at.table.partitioning.is_some() || at.table.partition_of.is_some()
    {
        return None;
    }
    let key = at.table.primary_key.as_ref().map(|key| key.columns.clone()).unwrap_or_default();
    let column = at.column_where(|column| {
        column.identity.is_none()
            && column.name != "id"
            && column.name != "far"
            && !key.contains(&column.name)
    })?;
    at.alter(column.name, ColumnChange::NotNullNoInherit(!column.not_null_no_inherit));
    Some(())
}

fn set_index_statistics(at: &mut At<'_>) -> Option<()> {
    let is_expr = |key: &IndexKey| key.column_name().is_none();
    let name = at.index(|index| index.keys.iter().any(is_expr))?;
    let place = at.table.index(&name)?.keys.iter().position(is_expr)? + 1;
    let target = at.dice.coin().then(|| at.dice.below(900) as u32);
    let change = IndexChange::StatisticsTarget { key: place as u32, target };
    at.change(TableChange::Index { name, change });
    Some(())
}

fn set_index_comment(at: &mut At<'_>) -> Option<()> {
    let name = at.index(|_| true)?;
    let comment = at.dice.remark().map(str::to_owned);
    at.change(TableChange::Index { name, change: IndexChange::Comment(comment) });
    Some(())
}

fn set_column_option(at: &mut At<'_>) -> Option<()> {
    let column = at.column();
    let is_text = matches!(&column.ty, ColumnType::Native(ty) if ty.starts_with("character") || ty == "text");
    let (name, value) = match at.dice.below(4) {
        0 if is_text => ("compression", "pglz"),
        1 if is_text => ("storage", at.dice.pick(&["main", "external", "plain"])),
        _ => (at.dice.pick(&["statistics", "n_distinct"]), "30"),
    };
    let value = at.dice.coin().then(|| value.to_owned());
    at.alter(column.name, ColumnChange::Option { name: name.to_owned(), value });
    Some(())
}

/// A column that numbers itself does so otherwise, or no more; one that doesn't begins to.
fn set_identity(at: &mut At<'_>) -> Option<()> {
    if at.table.partitioning.is_some() {
        return None;
    }
    let column =
        at.column_where(|column| column.identity.is_some() || column.name == "id" && column.not_null)?;
    if let Some(identity) = &column.identity
        && at.dice.one_in(3)
    {
        let usual = conventional_name(&at.name(), &[&column.name], "seq");
        let to = format!("{} too", identity.name.0.clone().unwrap_or(usual));
        at.alter(column.name, ColumnChange::SequenceName(to));
        return Some(());
    }
    let identity = match (column.identity, at.dice.coin()) {
        (Some(_), true) => None,
        (_, flag) => Some(if flag { Identity::always() } else { Identity::by_default().increment(3) }),
    };
    at.alter(column.name, ColumnChange::Identity(identity));
    Some(())
}

fn set_collation(at: &mut At<'_>) -> Option<()> {
    at.has("word").then_some(())?;
    let to = if at.dice.coin() { PerDialect::from("C") } else { PerDialect::default() };
    at.alter("word", ColumnChange::Collation(to));
    Some(())
}

fn add_exclusion(at: &mut At<'_>) -> Option<()> {
    if at.table.partitioning.is_some() || !at.has("other") {
        return None;
    }
    let (name, new) = (at.name(), at.unused("exclusion"));
    let spec = at.op.add_exclusion(name, [("other", "=")]).method("hash").named(new);
    match at.dice.below(4) {
        0 => _ = spec.filter("(id > 0)"),
        1 => _ = spec.deferrable(),
        2 if at.table.column("word").is_some() => _ = spec.method("btree").include(["word"]),
        _ => {}
    }
    Some(())
}

/// What holds for new rows alone holds for all, and again for new ones alone.
fn validate(at: &mut At<'_>) -> Option<()> {
    let unproven = |of: &Constraint| match of {
        Constraint::Check(check) => check.enforcement == Enforcement::NotValid,
        Constraint::ForeignKey(key) => key.enforcement == Enforcement::NotValid,
        _ => false,
    };
    let ((_, constraint), name) = (at.constraint(unproven)?, at.name());
    at.op.validate_constraint(name, constraint);
    Some(())
}
