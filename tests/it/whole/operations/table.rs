//! What may be done to a table, as a migration would write it: on every server here, each server's own beside it.

use dunlin::prelude::*;

use super::super::dice::Dice;
use super::super::table::column;
use crate::server::Kind;

mod mysql;
mod postgres;

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

/// Something that may be done to a table.
pub(super) fn on_table(dice: &mut Dice, schema: &Schema, table: &Table) -> Option<Vec<Op>> {
    let own: &[Change] = match dice.kind {
        Kind::Sqlite => &[number],
        Kind::Postgres15 | Kind::Postgres18 => &postgres::CHANGES,
        Kind::Mysql | Kind::Mariadb => &mysql::CHANGES,
    };
    let change = dice.pick(&[&EVERYWHERE, own].concat());
    let mut at = At { dice, schema, table, op: Ops::new() };
    change(&mut at)?;
    let is_mysql = at.dice.is_mysql();
    let ops = at.op.finish().ok()?.ops;
    // MySQL says in its own words that no column is computed from one that numbers itself.
    let numbered = table.columns.iter().any(|column| column.identity.is_some());
    let computed = |op: &Op| matches!(op, Op::AddColumn { column, .. } if column.generated.is_some());
    (!(is_mysql && numbered && ops.iter().any(computed))).then_some(ops)
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
        true if at.dice.kind == Kind::Mysql && at.dice.coin() => {
            at.op.create_index(name, ["word"]).method("FULLTEXT").parser("ngram").named(new)
        }
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
            // MySQL and MariaDB refer only to what is of the same width.
            let id = at.table.column("id").filter(|_| at.dice.is_mysql());
            let one = id.map_or_else(bigint, |id| ColumnSpec::new(id.ty.clone()));
            at.op
                .create_table(far.as_str())
                .col("one", one.not_null())
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
    // Tables of some formats can't be in a tablespace that others are in.
    if at.dice.is_mysql() && (options.tablespace.is_some() || !options.engine_options.is_empty()) {
        return None;
    }
    if at.dice.is_mysql() {
        options.row_format = Some(at.dice.pick(&["COMPRESSED", "DYNAMIC", "COMPACT"]).to_owned());
    } else if at.dice.coin() {
        options.unlogged = !options.unlogged && at.table.partitioning.is_none();
    } else {
        options.storage.insert("fillfactor".into(), "60".into());
    }
    at.op.push(Op::SetTableOptions { table: at.name(), options });
    Some(())
}

/// A key numbers its rows, or does so no more.
fn number(at: &mut At<'_>) -> Option<()> {
    let key = at.table.primary_key.as_ref()?;
    let column = at.table.column(key.columns.first()?).filter(|_| key.columns.len() == 1)?.clone();
    // No expression mentions a column that numbers itself.
    let computes = at.table.columns.iter().any(|column| column.generated.is_some());
    let is_number = column.ty.to_string().to_lowercase().contains("int");
    if !is_number || computes || at.table.options.without_rowid {
        return None;
    }
    let starts = at.dice.is_mysql() && at.dice.coin();
    let identity = if starts { Identity::default().start(at.dice.number()) } else { Identity::default() };
    let identity = column.identity.is_none().then_some(identity);
    at.alter(column.name, ColumnChange::Identity(identity));
    Some(())
}
