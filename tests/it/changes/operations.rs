//! What is done to tables with rows: what is done to any table, and, more often than elsewhere, what copies rows.

use dunlin::prelude::*;

use crate::server::Kind;
use crate::whole::dice::Dice;
use crate::whole::{operations, table};

/// The operations of one revision, on a schema as it was read.
pub(crate) fn revision(dice: &mut Dice, found: &Schema) -> Vec<Op> {
    let tables: Vec<&Table> = found.tables.values().filter(|table| !table.columns.is_empty()).collect();
    if tables.is_empty() {
        return Vec::new();
    }
    if dice.one_in(3) {
        // What is generated there is so from a column `id`.
        let mut ops = operations::revision(dice, found);
        let losing = ops.iter().filter_map(|op| match op {
            Op::DropColumn { table, column, .. } if column == "id" => Some(table.clone()),
            _ => None,
        });
        let losing: Vec<Name> = losing.collect();
        let has_id = |name: &Name| {
            !losing.contains(name) && found.tables.get(name).is_none_or(|table| table.column("id").is_some())
        };
        // Where DDL has no transactions, rows can only be asked for a table that is there yet when its turn comes.
        let asks_late = dice.is_mysql() && ops.iter().any(|op| matches!(op, Op::CreateTable { .. }));
        // A database has a name on the whole server, and what looks at a view isn't asked when that becomes another kind.
        let is_far = |op: &Op| match op {
            Op::CreateObject { object, .. } => object.id.kind == ObjectKind::Schema,
            Op::AlterObject { change: ObjectChange::View(ViewChange::Algorithm(_)), .. } => true,
            _ => false,
        };
        if dice.is_mysql() && ops.iter().any(is_far) {
            return Vec::new();
        }
        ops.retain(|op| match op {
            Op::AddColumn { table, column, .. } => column.generated.is_none() || has_id(table),
            Op::AddConstraint { .. } => !asks_late,
            _ => true,
        });
        return ops;
    }
    let table = dice.pick(&tables);
    let (mut model, mut ops) = (found.clone(), Vec::new());
    for _ in 0..1 + dice.below(3) {
        dice.at += 10;
        let now = model.tables[&table.name].clone();
        let change = dice.pick(changes(dice.kind));
        let mut at = At { dice, schema: found, table: &now, op: Ops::new() };
        if change(&mut at).is_none() {
            continue;
        }
        for op in at.op.finish().map(|recorded| recorded.ops).unwrap_or_default() {
            // So it is with the rows of a column that is changed twice, or of one that was only added. On SQLite such a one has what
            // it began with, which may be no value of another type.
            let again = |other: &Op| {
                use ColumnChange::{Generated, Type};
                let counts = match (&op, dice.kind) {
                    (_, Kind::Mariadb | Kind::Mysql) => true,
                    (Op::AlterColumn { change: Type { .. } | Generated(_), .. }, Kind::Sqlite) => {
                        matches!(other, Op::AddColumn { .. })
                    }
                    _ => false,
                };
                counts && column_of(other).is_some() && column_of(other) == column_of(&op)
            };
            if !ops.iter().any(again) && apply(&mut model, &op).is_ok() {
                ops.push(op);
            }
        }
    }
    ops
}

fn column_of(op: &Op) -> Option<&str> {
    match op {
        Op::AddColumn { column, .. } => Some(&column.name),
        Op::AlterColumn { column, .. } => Some(column),
        _ => None,
    }
}

struct At<'a> {
    dice: &'a mut Dice,
    schema: &'a Schema,
    table: &'a Table,
    op: Ops,
}

/// Does something, where that can be done to the table.
type Change = fn(&mut At<'_>) -> Option<()>;

fn changes(kind: Kind) -> &'static [Change] {
    const SQLITE: &[Change] = &[
        add_column,
        add_computed,
        add_referring,
        set_type,
        set_not_null,
        set_default,
        set_generated,
        set_identity,
        set_collation,
        move_column,
        key,
        add_unique,
        add_check,
        create_index,
        drop_something,
        set_strict,
    ];
    const MYSQL: &[Change] = &[
        add_column,
        add_computed,
        add_referring,
        set_type,
        set_not_null,
        set_default,
        set_generated,
        set_identity,
        set_collation,
        set_comment,
        move_column,
        key,
        add_unique,
        add_check,
        create_index,
        drop_something,
    ];
    const POSTGRES: &[Change] = &[
        add_column,
        add_referring,
        set_type,
        set_not_null,
        set_default,
        set_comment,
        key,
        add_unique,
        add_check,
        create_index,
        drop_something,
    ];
    match kind {
        Kind::Sqlite => SQLITE,
        Kind::Mariadb | Kind::Mysql => MYSQL,
        Kind::Postgres15 | Kind::Postgres18 => POSTGRES,
    }
}

impl At<'_> {
    fn name(&self) -> Name {
        self.table.name.clone()
    }

    fn unused(&mut self, what: &str) -> String {
        format!("{what} {}", self.dice.name())
    }

    fn column_where(&mut self, holds: impl Fn(&Column) -> bool) -> Option<Column> {
        let found: Vec<_> = self.table.columns.iter().filter(|column| holds(column)).cloned().collect();
        (!found.is_empty()).then(|| self.dice.pick(&found))
    }

    fn alter(&mut self, column: impl Into<String>, change: ColumnChange) {
        self.op.push(Op::AlterColumn { table: self.name(), column: column.into(), change });
    }

    fn quoted<'t>(&self, column: &'t str) -> std::borrow::Cow<'t, str> {
        if self.dice.is_mysql() { format!("`{column}`").into() } else { column.into() }
    }

    fn has(&self, column: &str) -> Option<()> {
        self.table.column(column).map(|_| ())
    }
}

/// With a default, or without one that rows would need.
fn add_column(at: &mut At<'_>) -> Option<()> {
    let (spec, _) = table::column(at.dice);
    let (name, new) = (at.name(), at.unused("more"));
    let spec = match at.dice.below(4) {
        0 => integer().not_null().default(7),
        1 => varchar(30).not_null().default("it's"),
        2 if at.dice.kind == Kind::Sqlite => text().collate("NOCASE").default("x"),
        _ => spec,
    };
    let added = at.op.add_column(name, new, spec);
    if at.dice.is_mysql() {
        match at.dice.below(3) {
            0 => _ = added.first(),
            1 if at.table.column("id").is_some() => _ = added.after("id"),
            _ => {}
        }
    }
    Some(())
}

fn add_computed(at: &mut At<'_>) -> Option<()> {
    at.has("other")?;
    let (name, new) = (at.name(), at.unused("computed"));
    let expr = format!("{} + 2", at.quoted("other"));
    let spec = bigint();
    at.op.add_column(
        name,
        new,
        if at.dice.coin() { spec.generated_stored(expr) } else { spec.generated_virtual(expr) },
    );
    Some(())
}

/// A column that refers to another table, or to its own.
fn add_referring(at: &mut At<'_>) -> Option<()> {
    let is_target = |table: &&Table| {
        let key = table.primary_key.as_ref().is_some_and(|key| key.columns == ["id"]);
        key && table.partitioning.is_none() && !table.options.unlogged
    };
    if at.table.partitioning.is_some() {
        return None;
    }
    let targets: Vec<Name> =
        at.schema.tables.values().filter(is_target).map(|table| table.name.clone()).collect();
    if targets.is_empty() {
        return None;
    }
    let (name, new, to) = (at.name(), at.unused("refers"), at.dice.pick(&targets));
    at.op.add_column(name, new, bigint().references(to, "id").on_delete(Action::Cascade));
    Some(())
}

fn set_type(at: &mut At<'_>) -> Option<()> {
    let column = at.column_where(|column| {
        column.generated.is_none() && column.identity.is_none() && column.name != "id" && column.name != "far"
    })?;
    let mut keys = at.table.indexes.iter().flat_map(|index| &index.keys).filter_map(IndexKey::column_name);
    let is_key = keys.any(|key| *key == column.name)
        || at.table.uniques.iter().any(|unique| unique.columns.contains(&column.name))
        || at.table.foreign_keys.iter().any(|key| key.columns.contains(&column.name));
    if at.dice.is_mysql() && is_key {
        // There it can't be of any length, nor of another type under a foreign key.
        return None;
    }
    if at.dice.is_postgres() {
        // A foreign key, a check or an operator class that doesn't go with a type is told by the server alone.
        let mut keys = at.table.indexes.iter().flat_map(|index| &index.keys);
        let has_class = keys.any(|key| key.opclass.is_some() && key.column_name() == Some(&column.name));
        if has_class || at.table.foreign_keys.iter().any(|key| key.columns.contains(&column.name)) {
            return None;
        }
        let to: Option<ColumnSpec> = match column.name.as_str() {
            "other" => Some(at.dice.pick(&[bigint, integer, double])()),
            "word" => Some([text(), varchar(100), varchar(25)][at.dice.below(3)].clone()),
            _ => None,
        };
        if let Some(to) = to {
            at.alter(column.name, ColumnChange::Type { to: to.into(), using: None });
            return Some(());
        }
    }
    let to: ColumnSpec = match at.dice.below(9) {
        0 => text(),
        1 => bigint(),
        2 => varchar(100),
        3 => decimal(20, 4),
        4 => double(),
        5 => integer(),
        6 => blob(),
        7 => timestamp().precision(6),
        _ => varchar(25),
    };
    at.alter(column.name, ColumnChange::Type { to: to.into(), using: None });
    Some(())
}

fn set_not_null(at: &mut At<'_>) -> Option<()> {
    let column = at.column_where(|column| column.identity.is_none() && column.generated.is_none())?;
    if at.table.primary_key.as_ref().is_some_and(|key| key.columns.contains(&column.name)) || column.invisible
    {
        return None;
    }
    at.alter(column.name, ColumnChange::NotNull(!column.not_null));
    Some(())
}

fn set_default(at: &mut At<'_>) -> Option<()> {
    let column = at.column_where(|column| ["other", "word"].contains(&column.name.as_str()))?;
    let default = match column.name.as_str() {
        _ if at.dice.one_in(3) => None,
        "other" => Some(Expr::from(at.dice.number())),
        _ => Some(Expr::from("it's")),
    };
    at.alter(column.name, ColumnChange::Default(default));
    Some(())
}

/// A generated column is another, or a plain one that keeps its values.
fn set_generated(at: &mut At<'_>) -> Option<()> {
    at.has("id")?;
    let column = at.column_where(|column| column.generated.is_some())?;
    let stored = column.generated.as_ref().is_some_and(|generated| generated.stored);
    let to = match at.dice.below(3) {
        0 => None,
        1 => Some(Generated { expr: sql(format!("{} + 3", at.quoted("id"))), stored }),
        _ => Some(Generated { expr: sql(format!("{} + 1", at.quoted("id"))), stored: !stored }),
    };
    at.alter(column.name, ColumnChange::Generated(to));
    Some(())
}

fn set_identity(at: &mut At<'_>) -> Option<()> {
    let key = at.table.primary_key.as_ref()?;
    let column = at.table.column("id").filter(|_| key.columns == ["id"])?;
    if at.dice.is_mysql() && at.table.columns.iter().any(|column| column.generated.is_some()) {
        // There no column is generated from a numbered one.
        return None;
    }
    let to = if column.identity.is_some() { None } else { Some(Identity::by_default()) };
    at.alter("id", ColumnChange::Identity(to));
    Some(())
}

fn set_collation(at: &mut At<'_>) -> Option<()> {
    let column = at.column_where(|column| column.name == "word")?;
    let to = match at.dice.kind {
        Kind::Sqlite => at.dice.pick(&["NOCASE", "RTRIM", "BINARY"]),
        _ if column.charset.is_some() => return None,
        _ => at.dice.pick(&["utf8mb4_bin", "utf8mb4_unicode_ci", "utf8mb4_general_ci"]),
    };
    at.alter("word", ColumnChange::Collation(to.into()));
    Some(())
}

fn move_column(at: &mut At<'_>) -> Option<()> {
    let column = at.column_where(|_| true)?;
    let position = match at.column_where(|other| other.name != column.name) {
        Some(other) if at.dice.coin() => Position::After(other.name),
        _ => Position::First,
    };
    at.alter(column.name, ColumnChange::Position(position));
    Some(())
}

fn set_comment(at: &mut At<'_>) -> Option<()> {
    let column = at.column_where(|_| true)?;
    let comment = at.dice.remark().map(str::to_owned);
    at.alter(column.name, ColumnChange::Comment(comment));
    Some(())
}

/// A primary key comes or goes.
fn key(at: &mut At<'_>) -> Option<()> {
    let name = at.name();
    let mut keys = at.schema.tables.values().flat_map(|table| &table.foreign_keys);
    if keys.any(|key| key.references == name) || at.table.partitioning.is_some() {
        return None;
    }
    match &at.table.primary_key {
        Some(_) if at.table.options.without_rowid => return None,
        Some(_) => _ = at.op.drop_primary_key(name),
        None => {
            at.has("id")?;
            at.op.add_primary_key(name, ["id"]);
        }
    }
    Some(())
}

fn add_unique(at: &mut At<'_>) -> Option<()> {
    at.has("other")?;
    let (name, new) = (at.name(), at.unused("unique"));
    match at.dice.below(3) {
        0 if at.table.partitioning.is_none() => at.op.add_unique(name, ["other"]).named(new),
        _ => at.op.add_unique(name, ["id", "other"]).named(new),
    };
    Some(())
}

/// That most rows meet, or not all.
fn add_check(at: &mut At<'_>) -> Option<()> {
    at.has("other")?;
    let (name, new) = (at.name(), at.unused("check"));
    let number = at.dice.pick(&["-3000000000", "10", "0"]);
    let text = format!("{} > {number}", at.quoted("other"));
    at.op.add_check(name, if at.dice.is_postgres() { format!("({text})") } else { text }).named(new);
    Some(())
}

fn create_index(at: &mut At<'_>) -> Option<()> {
    at.has("other")?;
    at.has("word")?;
    let (name, new) = (at.name(), at.unused("index"));
    let index = match at.dice.below(4) {
        0 if at.table.partitioning.is_none() => at.op.create_index(name, [asc("other")]).unique(),
        1 if at.dice.kind == Kind::Sqlite => {
            let word = asc("word").collate("NOCASE");
            at.op.create_index(name, [word, desc("id")]).filter("other > 5")
        }
        2 => at.op.create_index(name, [desc("other"), asc("word")]),
        _ => at.op.create_index(name, [asc("word")]),
    };
    index.named(new);
    Some(())
}

/// A constraint or an index that isn't a key, or one that nobody refers to.
fn drop_something(at: &mut At<'_>) -> Option<()> {
    let name = at.name();
    match at.dice.below(3) {
        0 => {
            let checks: Vec<_> = at.table.checks.iter().filter_map(|of| of.label.name()).collect();
            if checks.is_empty() {
                return None;
            }
            let check = at.dice.pick(&checks);
            at.op.drop_check(name, check);
        }
        1 => {
            let keys: Vec<_> = at.table.foreign_keys.iter().filter_map(|of| of.label.name()).collect();
            if keys.is_empty() {
                return None;
            }
            let key = at.dice.pick(&keys);
            at.op.drop_foreign_key(name, key);
        }
        _ => {
            let column =
                at.column_where(|column| !["id", "other", "word", "far"].contains(&column.name.as_str()))?;
            at.op.drop_column(name, column.name);
        }
    }
    Some(())
}

/// A STRICT table has few types, which its columns get first.
fn set_strict(at: &mut At<'_>) -> Option<()> {
    let mut options = at.table.options.clone();
    if at.dice.coin() {
        options.without_rowid = !options.without_rowid && at.table.primary_key.is_some();
    } else {
        options.strict = !options.strict;
        let strict = ["INTEGER", "INT", "REAL", "TEXT", "BLOB", "ANY"];
        let loose =
            at.table.columns.iter().filter(|column| !strict.contains(&column.ty.to_string().as_str()));
        for column in loose.cloned().collect::<Vec<_>>() {
            if options.strict && column.generated.is_none() {
                at.alter(column.name, ColumnChange::Type { to: text().into(), using: None });
            }
        }
    }
    at.op.push(Op::SetTableOptions { table: at.name(), options });
    Some(())
}
