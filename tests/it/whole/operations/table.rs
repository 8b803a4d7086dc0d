//! What may be done to a table: each server's own things, as a migration would write them.

use dunlin::prelude::*;

use super::super::dice::Dice;
use super::super::table::column;
use super::{grant, role};
use crate::server::Kind;

/// A table that something is done to, in a schema as it was read.
struct At<'a> {
    dice: &'a mut Dice,
    schema: &'a Schema,
    table: &'a Table,
    op: Ops,
}

/// Does something, where that can be done to the table.
type Change = fn(&mut At<'_>) -> Option<()>;

const EVERYWHERE: [Change; 15] = [
    drop_table,
    rename_table,
    set_comment,
    add_column,
    drop_column,
    rename_column,
    set_not_null,
    set_column_comment,
    set_default,
    set_type,
    create_index,
    drop_index,
    rename_index,
    add_constraint,
    drop_constraint,
];

const POSTGRES: [Change; 19] = [
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
    set_index_comment,
    set_column_option,
    set_identity,
    set_collation,
    add_exclusion,
    validate,
];

const MYSQL: [Change; 9] = [
    rename_constraint,
    set_options,
    enforce,
    change_partitions,
    set_index_visibility,
    convert_text,
    set_charset,
    set_column_visibility,
    set_on_update,
];

/// Something that may be done to a table.
pub(super) fn on_table(dice: &mut Dice, schema: &Schema, table: &Table) -> Option<Vec<Op>> {
    let own: &[Change] = match dice.kind {
        Kind::Sqlite => &[],
        Kind::Postgres15 | Kind::Postgres18 => &POSTGRES,
        Kind::Mysql | Kind::Mariadb => &MYSQL,
    };
    let change = dice.pick(&[&EVERYWHERE, own].concat());
    let mut at = At { dice, schema, table, op: Ops::new() };
    change(&mut at)?;
    Some(at.op.finish().ok()?.ops)
}

impl At<'_> {
    fn name(&self) -> Name {
        self.table.name.clone()
    }

    /// A name that nothing has yet.
    fn unused(&mut self, what: &str) -> String {
        format!("{what} {}", self.dice.name())
    }

    fn column(&mut self) -> Column {
        self.dice.pick(&self.table.columns)
    }

    /// A column of which this holds.
    fn column_where(&mut self, holds: impl Fn(&Column) -> bool) -> Option<Column> {
        let found: Vec<_> = self.table.columns.iter().filter(|column| holds(column)).cloned().collect();
        (!found.is_empty()).then(|| self.dice.pick(&found))
    }

    fn has(&self, column: &str) -> bool {
        self.table.column(column).is_some()
    }

    fn alter(&mut self, column: impl Into<String>, change: ColumnChange) {
        self.op.push(Op::AlterColumn { table: self.name(), column: column.into(), change });
    }

    fn change(&mut self, change: TableChange) {
        self.op.push(Op::AlterTable { table: self.name(), change });
    }

    /// An index of which this holds.
    fn index(&mut self, holds: impl Fn(&Index) -> bool) -> Option<String> {
        let found = self.table.indexes.iter().filter(|index| holds(index));
        let found: Vec<_> = found.filter_map(|index| Some(index.label.name()?.to_owned())).collect();
        (!found.is_empty()).then(|| self.dice.pick(&found))
    }

    /// A constraint of which this holds.
    fn constraint(&mut self, holds: impl Fn(&Constraint) -> bool) -> Option<(ConstraintKind, String)> {
        let found = self.table.constraints().filter(|constraint| holds(constraint));
        let found: Vec<_> =
            found.filter_map(|found| Some((found.kind(), found.label().name()?.to_owned()))).collect();
        (!found.is_empty()).then(|| self.dice.pick(&found))
    }

    fn is_referred(&self) -> bool {
        let mut keys = self.schema.tables.values().flat_map(|table| &table.foreign_keys);
        keys.any(|key| key.references == self.table.name)
    }

    fn is_viewed(&self) -> bool {
        self.table.notes.dependents.iter().any(|dependent| dependent.kind == DependentKind::View)
    }
}

fn drop_table(at: &mut At<'_>) -> Option<()> {
    let name = at.name();
    at.op.drop_table(name);
    Some(())
}

fn rename_table(at: &mut At<'_>) -> Option<()> {
    let (name, to) = (at.name(), at.unused("renamed"));
    at.op.rename_table(name, to);
    Some(())
}

fn set_comment(at: &mut At<'_>) -> Option<()> {
    let comment = at.dice.remark().map(str::to_owned);
    at.op.push(Op::SetTableComment { table: at.name(), comment });
    Some(())
}

fn add_column(at: &mut At<'_>) -> Option<()> {
    let (spec, _) = column(at.dice);
    let (name, new) = (at.name(), at.unused("more"));
    at.op.add_column(name, new, spec);
    Some(())
}

fn drop_column(at: &mut At<'_>) -> Option<()> {
    let (name, column) = (at.name(), at.column().name);
    at.op.drop_column(name, column);
    Some(())
}

/// SQLite refuses in its own words where a view on a view names the column.
fn rename_column(at: &mut At<'_>) -> Option<()> {
    if at.dice.kind == Kind::Sqlite && at.is_viewed() {
        return None;
    }
    let (name, column, to) = (at.name(), at.column().name, at.unused("renamed"));
    at.op.rename_column(name, column, to);
    Some(())
}

/// What a foreign key may set to NULL can't refuse it, which MySQL and MariaDB say in their own words; nor, on MariaDB,
/// can an invisible column that has no default, and Dunlin says of MariaDB's generated columns that they never can.
fn set_not_null(at: &mut At<'_>) -> Option<()> {
    let generates = at.dice.kind == Kind::Mariadb;
    let column = at.column_where(|column| {
        column.identity.is_none()
            && column.name != "id"
            && column.name != "far"
            && !column.invisible
            && !(generates && column.generated.is_some())
    })?;
    at.alter(column.name, ColumnChange::NotNull(!column.not_null));
    Some(())
}

fn set_column_comment(at: &mut At<'_>) -> Option<()> {
    let (column, comment) = (at.column(), at.dice.remark().map(str::to_owned));
    at.alter(column.name, ColumnChange::Comment(comment));
    Some(())
}

fn set_default(at: &mut At<'_>) -> Option<()> {
    let default = at.has("other").then(|| Expr::from(at.dice.number()));
    at.alter("other", ColumnChange::Default(default));
    Some(())
}

fn set_type(at: &mut At<'_>) -> Option<()> {
    let column = at.column_where(|column| column.name == "other" || column.name == "word")?;
    let to = if column.name == "other" { bigint().into() } else { varchar(60).into() };
    at.alter(column.name, ColumnChange::Type { to, using: None });
    Some(())
}

fn create_index(at: &mut At<'_>) -> Option<()> {
    let (name, new) = (at.name(), at.unused("new"));
    let full_text = at.dice.is_mysql() && at.dice.one_in(4) && at.table.partitioning.is_none();
    match full_text {
        true => at.op.create_index(name, ["word"]).method("FULLTEXT").named(new),
        false => at.op.create_index(name, ["other"]).named(new),
    };
    Some(())
}

/// MySQL and MariaDB refuse in their own words to drop an index on which a foreign key stands.
fn drop_index(at: &mut At<'_>) -> Option<()> {
    if at.dice.is_mysql() && !at.table.foreign_keys.is_empty() {
        return None;
    }
    let (name, index) = (at.name(), at.index(|_| true)?);
    at.op.drop_index(name, index);
    Some(())
}

fn rename_index(at: &mut At<'_>) -> Option<()> {
    let (name, index, to) = (at.name(), at.index(|_| true)?, at.unused("renamed"));
    at.op.rename_index(name, index, to);
    Some(())
}

/// A constraint of any kind, as its server would print it.
fn add_constraint(at: &mut At<'_>) -> Option<()> {
    let (name, new, number) = (at.name(), at.unused("new"), at.dice.number());
    let postgres = at.dice.is_postgres();
    match at.dice.below(3) {
        0 => _ = at.op.add_unique(name, ["id", "other"]).named(new),
        1 => {
            at.has("other").then_some(())?;
            let check = match at.dice.is_mysql() {
                true => format!("`other` < {number}"),
                false => format!("(other < {number})"),
            };
            let check = at.op.add_check(name, check).named(new);
            match at.dice.below(3) {
                0 if postgres => _ = check.not_valid(),
                1 if postgres && at.table.partitioning.is_none() => _ = check.no_inherit(),
                _ => {}
            }
        }
        // A key of several columns goes to a table made for it; servers that divide tables have keys to none such.
        _ if at.table.partitioning.is_none() && at.has("id") && at.has("other") => {
            if postgres && at.table.options.unlogged {
                return None;
            }
            let far = format!("far {}", at.dice.at);
            at.op
                .create_table(far.as_str())
                .col("one", bigint().not_null())
                .col("two", integer().not_null())
                .primary_key(["one", "two"]);
            let key = at.op.add_foreign_key(name, ["id", "other"], far, ["one", "two"]);
            let key = key.named(new).on_delete(at.dice.pick(&[Action::NoAction, Action::Cascade]));
            if postgres && at.dice.coin() {
                key.not_valid();
            }
        }
        _ => return None,
    }
    Some(())
}

/// Servers refuse in their own words to drop a key to which a foreign key refers, or one that makes a foreign key's index;
/// and SQLite says in its own words that a table WITHOUT ROWID has a primary key.
fn drop_constraint(at: &mut At<'_>) -> Option<()> {
    let (kind, name) = at.constraint(|_| true)?;
    if kind == ConstraintKind::PrimaryKey && at.table.options.without_rowid {
        return None;
    }
    let is_key = matches!(kind, ConstraintKind::PrimaryKey | ConstraintKind::Unique);
    if is_key && (at.is_referred() || at.dice.is_mysql() && !at.table.foreign_keys.is_empty()) {
        return None;
    }
    at.op.push(Op::DropConstraint { table: at.name(), kind, name, if_exists: false });
    Some(())
}

fn rename_constraint(at: &mut At<'_>) -> Option<()> {
    let (kind, name) = at.constraint(|_| true)?;
    let to = at.unused("renamed");
    at.op.push(Op::RenameConstraint { table: at.name(), kind, name, to });
    Some(())
}

/// PostgreSQL refuses in its own words where a foreign key would go from a logged table to an unlogged one.
fn set_options(at: &mut At<'_>) -> Option<()> {
    if at.is_referred() || !at.table.foreign_keys.is_empty() {
        return None;
    }
    let mut options = at.table.options.clone();
    if at.dice.is_mysql() {
        options.row_format = Some(at.dice.pick(&["COMPRESSED", "DYNAMIC", "COMPACT"]).to_owned());
    } else if at.dice.coin() {
        options.unlogged = !options.unlogged;
    } else {
        options.storage.insert("fillfactor".into(), "60".into());
    }
    at.op.push(Op::SetTableOptions { table: at.name(), options });
    Some(())
}

fn set_deferrable(at: &mut At<'_>) -> Option<()> {
    use Deferrable::{InitiallyDeferred, InitiallyImmediate, No};
    let (_, name) = at.constraint(|of| of.kind() == ConstraintKind::ForeignKey)?;
    let to = at.dice.pick(&[No, InitiallyImmediate, InitiallyDeferred]);
    at.change(TableChange::Constraint { name, change: ConstraintChange::Deferrable(to) });
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

fn enforce(at: &mut At<'_>) -> Option<()> {
    if at.dice.kind != Kind::Mysql {
        return None;
    }
    let (_, name) = at.constraint(|of| of.kind() == ConstraintKind::Check)?;
    let to = at.dice.pick(&[Enforcement::Full, Enforcement::NotEnforced]);
    at.change(TableChange::Constraint { name, change: ConstraintChange::Enforcement(to) });
    Some(())
}

fn set_owner(at: &mut At<'_>) -> Option<()> {
    let owner = role(at.dice);
    at.change(TableChange::Owner(owner));
    Some(())
}

fn set_grant(at: &mut At<'_>) -> Option<()> {
    let op = grant(at.dice, &ObjectId::table(&at.table.name), at.table.grants.iter().next())?;
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

/// A table of the same columns becomes a partition.
fn attach(at: &mut At<'_>) -> Option<()> {
    let partitioning = at.table.partitioning.as_ref()?;
    let number = at.dice.number() + 1000;
    let bound = match partitioning.method {
        PartitionMethod::Range => Bound::range([number], [number + 1]),
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

fn set_index_storage(at: &mut At<'_>) -> Option<()> {
    let btree = |index: &Index| index.method.is_none();
    let (name, index, percent) = (at.name(), at.index(btree)?, (at.dice.below(50) + 40).to_string());
    match at.dice.coin() {
        true => at.op.alter_index(name, index).storage("fillfactor", percent),
        false => at.op.alter_index(name, index).drop_storage("fillfactor"),
    };
    Some(())
}

fn set_index_comment(at: &mut At<'_>) -> Option<()> {
    let name = at.index(|_| true)?;
    let comment = at.dice.remark().map(str::to_owned);
    at.change(TableChange::Index { name, change: IndexChange::Comment(comment) });
    Some(())
}

fn set_index_visibility(at: &mut At<'_>) -> Option<()> {
    let name = at.index(|_| true)?;
    let invisible = at.dice.coin();
    at.change(TableChange::Index { name, change: IndexChange::Invisible(invisible) });
    Some(())
}

fn set_column_option(at: &mut At<'_>) -> Option<()> {
    let column = at.column();
    let name = at.dice.pick(&["statistics", "n_distinct"]).to_owned();
    let value = at.dice.coin().then(|| "30".to_owned());
    at.alter(column.name, ColumnChange::Option { name, value });
    Some(())
}

/// A column that numbers itself does so otherwise, or no more; one that doesn't begins to.
fn set_identity(at: &mut At<'_>) -> Option<()> {
    if at.table.partitioning.is_some() {
        return None;
    }
    let column =
        at.column_where(|column| column.identity.is_some() || column.name == "id" && column.not_null)?;
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
    match at.dice.below(3) {
        0 => _ = spec.filter("(id > 0)"),
        1 => _ = spec.deferrable(),
        _ => {}
    }
    Some(())
}

/// Partitions come, go and are divided anew.
fn change_partitions(at: &mut At<'_>) -> Option<()> {
    let name = at.name();
    let Some(of) = &at.table.partitioning else {
        let plain = at.table.foreign_keys.is_empty() && !at.is_referred();
        let key = at.table.primary_key.as_ref().is_none_or(|key| key.columns == ["id"]);
        let fine = at.table.uniques.is_empty() && at.table.indexes.iter().all(|index| !index.unique);
        let full_text = at.table.indexes.iter().any(|index| index.method.is_some());
        if !plain || !key || !fine || full_text || !at.has("id") {
            return None;
        }
        at.op.partition_table(name, |table| table.partition_by_hash(["id"]).partitions(3));
        return Some(());
    };
    match (of.method, of.partitions.first()) {
        (PartitionMethod::Range, Some(first)) if at.dice.coin() => {
            let into = [
                Partition { name: "lower".into(), bound: Some(Bound::less_than([1])), comment: None },
                Partition { name: "upper".into(), ..first.clone() },
            ];
            at.op.reorganize_partitions(name, [first.name.as_str()], into);
        }
        (PartitionMethod::List, Some(_)) => {
            let number = at.dice.number() + 2000;
            at.op.add_partition(name, "added", Bound::list([number]));
        }
        _ => at.op.remove_partitioning(name),
    }
    Some(())
}

fn convert_text(at: &mut At<'_>) -> Option<()> {
    if at.is_referred() || !at.table.foreign_keys.is_empty() {
        return None;
    }
    let charset = Some(at.dice.pick(&["latin1", "utf8mb4"]).to_owned());
    at.change(TableChange::Text { charset, collation: None });
    Some(())
}

fn set_charset(at: &mut At<'_>) -> Option<()> {
    at.has("word").then_some(())?;
    let charset = at.dice.coin().then(|| "latin1".to_owned());
    at.alter("word", ColumnChange::Charset(charset));
    Some(())
}

fn set_column_visibility(at: &mut At<'_>) -> Option<()> {
    let column = at.column_where(|column| column.name != "id" && !column.not_null)?;
    at.alter(column.name, ColumnChange::Invisible(!column.invisible));
    Some(())
}

fn set_on_update(at: &mut At<'_>) -> Option<()> {
    let moment = |column: &Column| matches!(column.ty, ColumnType::Timestamp { .. });
    let column = at.column_where(moment)?;
    let ColumnType::Timestamp { precision, .. } = column.ty else { return None };
    let now = precision.map_or("CURRENT_TIMESTAMP".into(), |digits| format!("CURRENT_TIMESTAMP({digits})"));
    let to = column.on_update.is_none().then(|| sql(now));
    at.alter(column.name, ColumnChange::OnUpdate(to));
    Some(())
}
