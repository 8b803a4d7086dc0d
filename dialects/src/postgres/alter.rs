//! What is written when a column changes.

mod cost;
mod identity;
mod named;
mod options;

use dunlin_dsl::{
    Column, ColumnChange, ColumnType, Dependent, DependentKind, Expr, Generated, Grant, Hazard, HazardKind,
    Name, ObjectId, Schema, StatementCheck, Table, Unmodelled, Unsupported, Value, Version,
};

use super::{create, lower, object, print};
use crate::choice;
use crate::sql::Sql;
use named::named_by;
pub(super) use named::{index_names, key_names};

use cost::{
    Family, casts_by_itself, family, has_collation, is_free, loses, may_fail, parts, rewrites, without_length,
};
pub(super) use identity::advance_sequence;
use identity::identity;
use options::storage_of_type;
pub(super) use options::{option, options, storage_of_catalog};

type Result<T> = std::result::Result<T, Unsupported>;

/// From here on a generation expression can be replaced.
const SET_EXPRESSION: Version = Version::new(17, 0, 0);

/// In which order `ALTER TABLE` does what it is told, whatever the order in which it is told: drops before all else, new
/// types before new columns, and what is added to columns last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// Anything that goes: columns, constraints, defaults.
    Drop,
    /// A column's type.
    Type,
    /// A new generation expression.
    Expression,
    /// A new column.
    AddColumn,
    /// What a column refuses, and how its identity counts.
    Attributes,
    /// Constraints, defaults and identities that come.
    Add,
    /// How columns are kept.
    Options,
}

/// One change within an `ALTER TABLE`.
pub(super) struct Change {
    pub(super) rank: Rank,
    pub(super) text: String,
    pub(super) hazards: Vec<Hazard>,
    /// What must be true before it.
    pub(super) checks: Vec<StatementCheck>,
    /// The column whose type it changes.
    pub(super) retypes: Option<String>,
}

impl Change {
    pub(super) fn new(rank: Rank, text: String) -> Self {
        Self { rank, text, hazards: Vec::new(), checks: Vec::new(), retypes: None }
    }

    pub(super) fn hazard(mut self, kind: HazardKind, message: impl Into<String>) -> Self {
        self.hazards.push(Hazard { kind, message: message.into() });
        self
    }

    pub(super) fn check(mut self, check: StatementCheck) -> Self {
        self.checks.push(check);
        self
    }
}

/// A part of what changes a column.
pub(super) enum Part {
    /// Within `ALTER TABLE`.
    Change(Change),
    /// A statement of its own behind it.
    Behind(String),
}

/// What changes a column of a table that is as it was before.
pub(super) fn column(
    table: &Table,
    column: &Column,
    change: &ColumnChange,
    sql: Sql<'_>,
) -> Result<Vec<Part>> {
    let name = format!("{}.{}", table.name, column.name);
    let operation = format!("alter {} of column {name}", change.attribute());
    let alter = format!("ALTER COLUMN {}", sql.id(&column.name)?);
    let one = |rank, text: &str| Ok(vec![Part::Change(Change::new(rank, format!("{alter} {text}")))]);
    match change {
        ColumnChange::Type { to, using } => {
            fixed(&operation, table, &column.name, sql)?;
            numbered(&operation, column, to, sql)?;
            let casts = || Ok(casts_by_itself(&print::ty(&ty(&column.ty, sql)?), &print::ty(&ty(to, sql)?)));
            if let Some(generated) = column.generated.as_ref().filter(|_| using.is_none())
                && !casts()?
            {
                // It takes no USING, and is computed anew in any case.
                let retyped = Column { ty: to.clone(), ..column.clone() };
                return generate(&operation, table, &retyped, generated, sql);
            }
            let mut parts = retype(&operation, &table.name, column, to, using.as_ref(), sql)?;
            if let Some(Part::Change(change)) = parts.first_mut().filter(|_| is_above(table)) {
                let message = "fails if a view or an index's condition of a table below uses the column: drop that first, and \
                               create it again after";
                change.hazards.push(Hazard { kind: HazardKind::MayFail, message: message.into() });
            }
            Ok(parts)
        }
        ColumnChange::NotNull(false) => one(Rank::Drop, "DROP NOT NULL"),
        // It takes no lock that would keep readers or writers waiting.
        ColumnChange::NotNull(true) if column.not_null_not_valid => {
            let constraint = sql.id(&create::not_null_name(&table.name, column))?;
            let change = Change::new(Rank::Options, format!("VALIDATE CONSTRAINT {constraint}"));
            Ok(vec![Part::Change(
                change.hazard(HazardKind::MayFail, format!("fails if a row has NULL in {name}")),
            )])
        }
        ColumnChange::NotNullNotValid => {
            let mut parts = Vec::new();
            if column.not_null {
                parts.push(Part::Change(Change::new(Rank::Drop, format!("{alter} DROP NOT NULL"))));
            }
            let add = format!("ADD {}", create::not_null_not_valid(&operation, &table.name, column, sql)?);
            parts.push(Part::Change(Change::new(Rank::Add, add)));
            Ok(parts)
        }
        // The server would want it handed down.
        ColumnChange::NotNull(true) if column.not_null_no_inherit => Ok(Vec::new()),
        ColumnChange::NotNullNoInherit(alone) => not_null_alone(&operation, table, column, *alone, sql),
        ColumnChange::NotNull(true) => {
            let change = Change::new(Rank::Attributes, format!("{alter} SET NOT NULL"))
                .hazard(HazardKind::MayFail, format!("fails if a row has NULL in {name}"))
                .hazard(
                    HazardKind::BlocksReads,
                    format!("readers of table {} wait while all rows are checked", table.name),
                );
            Ok(vec![Part::Change(change)])
        }
        ColumnChange::Default(default) => {
            match default.as_ref().filter(|default| !create::is_null(default)) {
                None => one(Rank::Drop, "DROP DEFAULT"),
                Some(default) => one(
                    Rank::Add,
                    &format!("SET DEFAULT {}", create::default_text(default, &operation, sql)?),
                ),
            }
        }
        ColumnChange::Generated(new) => match (&column.generated, new) {
            (None, None) => Ok(Vec::new()),
            (Some(old), None) if old.stored => one(Rank::Drop, "DROP EXPRESSION"),
            (Some(_), None) => sql.refuse(
                operation,
                "can't make a plain column of a virtual one",
                "add a plain column, fill it, and drop this one",
            ),
            (Some(old), Some(new)) if old.stored == new.stored && sql.server.version >= SET_EXPRESSION => {
                let expr = sql.expr(&new.expr, &operation)?;
                let change = Change::new(Rank::Expression, format!("{alter} SET EXPRESSION AS ({expr})"));
                let mut change = if new.stored { rewrites(change, &table.name) } else { change };
                // Its indexes are built anew, as for another type.
                change.retypes = Some(column.name.clone());
                Ok(vec![Part::Change(change)])
            }
            (_, Some(new)) => generate(&operation, table, column, new, sql),
        },
        ColumnChange::Identity(new) => identity(&table.name, column, new.as_ref(), &alter, sql),
        ColumnChange::Restart(None) => one(Rank::Attributes, "RESTART"),
        ColumnChange::Restart(Some(number)) => one(Rank::Attributes, &format!("RESTART WITH {number}")),
        ColumnChange::SequenceName(to) => {
            let given = column.identity.as_ref().and_then(|identity| identity.name.0.clone());
            let usual = || dunlin_dsl::conventional_name(&table.name, &[&column.name], "seq");
            let sequence = sql.table(&table.name.sibling(given.unwrap_or_else(usual)))?;
            Ok(vec![Part::Behind(format!("ALTER SEQUENCE {sequence} RENAME TO {}", sql.id(to)?))])
        }
        ColumnChange::Collation(collation) => {
            fixed(&operation, table, &column.name, sql)?;
            let collation = match collation.get(sql.server.dialect) {
                Some(collation) => print::qualified(collation, sql)?,
                None => "pg_catalog.\"default\"".into(),
            };
            let mut change =
                Change::new(Rank::Type, format!("{alter} TYPE {} COLLATE {collation}", ty(&column.ty, sql)?));
            change.retypes = Some(column.name.clone());
            let wait = format!("readers of table {} wait while its indexes are built anew", table.name);
            Ok(vec![Part::Change(change.hazard(HazardKind::BlocksReads, wait))])
        }
        ColumnChange::Comment(text) => {
            let column = format!("{}.{}", sql.table(&table.name)?, sql.id(&column.name)?);
            Ok(vec![Part::Behind(create::comment("COLUMN", &column, text.as_deref(), sql)?)])
        }
        ColumnChange::Option { name, value } => {
            match option(name, value.as_deref(), Some(&column.ty), &operation, sql)? {
                Some(text) => one(Rank::Options, &text),
                None => Ok(vec![Part::Behind(storage_of_type(&table.name, column, sql)?)]),
            }
        }
        ColumnChange::Position(_) => {
            let instead =
                "leave it out here with on(..), and name columns in the order in which they are wanted";
            sql.refuse(operation, "adds columns last, and moves none", instead)
        }
        // These mean nothing here.
        ColumnChange::Charset(_) | ColumnChange::OnUpdate(_) | ColumnChange::Invisible(_) => Ok(Vec::new()),
    }
}

/// A refusal of NULL that heirs take over or not.
fn not_null_alone(
    operation: &str,
    table: &Table,
    column: &Column,
    alone: bool,
    sql: Sql<'_>,
) -> Result<Vec<Part>> {
    if alone == column.not_null_no_inherit && (column.not_null || !alone) {
        return Ok(Vec::new());
    }
    lower::refuse_alone(operation, sql)?;
    let changed = Column { not_null: true, not_null_no_inherit: alone, ..column.clone() };
    lower::refuse_column(operation, &changed, sql)?;
    let name = sql.id(&create::not_null_name(&table.name, column))?;
    let change = match (column.not_null, alone) {
        (true, true) => Change::new(Rank::Attributes, format!("ALTER CONSTRAINT {name} NO INHERIT")),
        (true, false) => Change::new(Rank::Attributes, format!("ALTER CONSTRAINT {name} INHERIT"))
            .hazard(HazardKind::MayFail, format!("fails if a row of an heir has NULL in {}", column.name)),
        (false, _) => {
            let added = format!("ADD CONSTRAINT {name} NOT NULL {} NO INHERIT", sql.id(&column.name)?);
            Change::new(Rank::Add, added)
                .hazard(
                    HazardKind::MayFail,
                    format!("fails if a row has NULL in {}.{}", table.name, column.name),
                )
                .hazard(
                    HazardKind::BlocksReads,
                    format!("readers of table {} wait while all rows are checked", table.name),
                )
        }
    };
    Ok(vec![Part::Change(change)])
}

/// Whether other tables have its columns: partitions and heirs.
fn is_above(table: &Table) -> bool {
    let is_heir = |one: &Dependent| one.kind == DependentKind::Table;
    table.partitioning.is_some() || table.notes.dependents.iter().any(is_heir)
}

/// Refuses to change the type of a column that keeps it: the server would too, and say less.
fn fixed(operation: &str, table: &Table, column: &str, sql: Sql<'_>) -> Result<()> {
    let keys = table.partitioning.iter().flat_map(|of| &of.keys);
    if keys.filter_map(|key| key.column_name()).any(|key| key == column) {
        let lacks = "can't change the type of a column by which the table is partitioned";
        return sql.refuse(operation, lacks, "create a partitioned table, move the rows, and rename both");
    }
    refuse_computed(operation, table, column, "change", sql)
}

/// Refuses a type that can't be numbered for a column that is.
fn numbered(operation: &str, column: &Column, to: &ColumnType, sql: Sql<'_>) -> Result<()> {
    let is_integer = ["smallint", "integer", "bigint"].contains(&print::ty(&ty(to, sql)?).as_str());
    match column.identity.is_some() && !is_integer {
        true => sql.refuse(
            operation,
            "numbers columns of integers alone",
            "take its identity away first: drop_identity()",
        ),
        false => Ok(()),
    }
}

/// Refuses what can't be done with a column from which another one is computed.
pub(super) fn refuse_computed(
    operation: &str,
    table: &Table,
    column: &str,
    how: &str,
    sql: Sql<'_>,
) -> Result<()> {
    let computed = table.columns.iter().find(|other| {
        other.name != column
            && other.generated.as_ref().is_some_and(|generated| choice::mentions(&generated.expr, column))
    });
    match computed {
        Some(other) => {
            let lacks = format!("can't {how} it while column {} is computed from it", other.name);
            sql.refuse(operation, &lacks, "drop that first, and add it again after")
        }
        None => Ok(()),
    }
}

/// A column that wasn't computed, or otherwise, can only go and come anew: all it holds is computed from now on.
fn generate(
    operation: &str,
    table: &Table,
    column: &Column,
    new: &Generated,
    sql: Sql<'_>,
) -> Result<Vec<Part>> {
    let can_only = "can only drop such a column and add it anew, and";
    if let Some(what) = named_by(table, &column.name) {
        let instead = "drop what names it first, and add it again after";
        return sql.refuse(operation, &format!("{can_only} {what} names it"), instead);
    }
    if let Some(user) = table.notes.dependents.iter().find(|user| user.uses.contains(&column.name)) {
        let instead = "drop it first, and create it again after";
        return sql.refuse(operation, &format!("{can_only} {user} uses it"), instead);
    }
    let is_below =
        |what: &&Unmodelled| matches!(what, Unmodelled::Below { column: of, .. } if *of == column.name);
    if let Some(what) = table.notes.unmodelled.iter().find(is_below) {
        let instead = "write it as SQL: execute(..)";
        return sql.refuse(operation, &format!("{can_only} there is {what}"), instead);
    }
    let anew = Column { generated: Some(new.clone()), default: None, identity: None, ..column.clone() };
    let name = format!("{}.{}", table.name, column.name);
    let mut drop = Change::new(Rank::Drop, format!("DROP COLUMN {}", sql.id(&column.name)?));
    if column.generated.is_none() {
        drop = drop
            .hazard(HazardKind::DataLoss, format!("drops what {name} holds, which is computed from now on"));
    }
    let text = format!("ADD COLUMN {}", create::column(operation, &table.name, &anew, &Schema::new(), sql)?);
    let add = Change::new(Rank::AddColumn, text);
    let add = if new.stored { rewrites(add, &table.name) } else { add };
    let mut parts = vec![Part::Change(drop), Part::Change(add)];
    parts.extend(options(operation, &anew, sql)?.into_iter().map(Part::Change));
    if let Some(text) = &anew.comment {
        let column = format!("{}.{}", sql.table(&table.name)?, sql.id(&column.name)?);
        parts.push(Part::Behind(create::comment("COLUMN", &column, Some(text), sql)?));
    }
    // What somebody may do with the column alone goes with it.
    let own = table.grants.iter().filter(|grant| grant.columns.contains(&column.name));
    let own = own.map(|grant| Grant { columns: vec![column.name.clone()], ..grant.clone() }).collect();
    let given = object::access::grant(&ObjectId::table(&table.name), &own, sql)?;
    parts.extend(given.into_iter().map(|statement| Part::Behind(statement.sql)));
    Ok(parts)
}

fn retype(
    operation: &str,
    table: &Name,
    column: &Column,
    to: &ColumnType,
    using: Option<&Expr>,
    sql: Sql<'_>,
) -> Result<Vec<Part>> {
    let id = sql.id(&column.name)?;
    let (old, new) = (print::ty(&ty(&column.ty, sql)?), ty(to, sql)?);
    let printed = print::ty(&new);
    let by_itself = casts_by_itself(&old, &printed);
    let mut text = format!("ALTER COLUMN {id} TYPE {new}");
    // Left out, the collation would become the type's own.
    if let Some(collation) = lower::collation(column, sql).filter(|_| has_collation(&printed)) {
        text += &format!(" COLLATE {}", print::qualified(collation, sql)?);
    }
    match using {
        Some(using) => text += &format!(" USING {}", sql.expr(using, operation)?),
        // An explicit cast would cut what is too long; the type's length is left to the server, which refuses it then.
        None if !by_itself && column.generated.is_none() => {
            text += &format!(" USING {id}::{}", without_length(&printed));
        }
        None => {}
    }
    let mut change = Change::new(Rank::Type, text);
    change.retypes = Some(column.name.clone());
    if using.is_some() || !is_free(&old, &printed) {
        change = rewrites(change, table);
    }
    if using.is_some() || may_fail(&old, &printed) {
        let fails = format!("fails if a value of {table}.{} doesn't become {printed}", column.name);
        change = change.hazard(HazardKind::MayFail, fails);
    }
    if using.is_some() || loses(&old, &printed) {
        let loses = format!("values of {table}.{} may lose what {printed} doesn't hold", column.name);
        change = change.hazard(HazardKind::DataLoss, loses);
    }
    Ok(vec![Part::Change(change)])
}

/// What becomes of a default when its column changes its type; none where it can stay as it is. Left to the server it would
/// be refused, or wrapped in a cast for ever.
pub(super) fn carried_default(column: &Column, to: &ColumnType, sql: Sql<'_>) -> Result<Option<Expr>> {
    let Some(default) = column.default.as_ref().filter(|default| !create::is_null(default)) else {
        return Ok(None);
    };
    let (old, new) = (print::ty(&ty(&column.ty, sql)?), print::ty(&ty(to, sql)?));
    let is_kin = old == new || family(&new).is_some() && family(&old) == family(&new);
    if is_kin && parts(&old).0 == parts(&new).0 {
        return Ok(None);
    }
    let operation = format!("alter type of column {}", column.name);
    let text = sql.expr(default, &operation)?;
    let text = print::bare(&text);
    let value = match default {
        Expr::Literal(value) => Some(value.clone()),
        _ => print::value(text),
    };
    let is_number = |ty: &str| family(ty) == Some(Family::Number);
    Ok(match value {
        Some(Value::Text(text)) if is_number(&new) && text.parse::<i64>().is_ok() => {
            text.parse::<i64>().ok().map(Expr::from)
        }
        Some(Value::Text(text)) => Some(Expr::from(text)),
        Some(Value::Int(_) | Value::Float(_)) if is_kin => None,
        Some(Value::Int(number)) => Some(Expr::from(number.to_string())),
        Some(Value::Bool(is)) => Some(Expr::from(if is { "true" } else { "false" })),
        _ if is_kin => None,
        _ => Some(Expr::Sql(format!("CAST({text} AS {new})"))),
    })
}

/// A type as a column can be changed to it: the words for an integer with a sequence are no types.
fn ty(ty: &ColumnType, sql: Sql<'_>) -> Result<String> {
    let name = sql.ty(ty)?;
    Ok(lower::serial(&name).map_or(name, str::to_owned))
}
