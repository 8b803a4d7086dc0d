//! Constraints as PostgreSQL writes and changes them.

use dunlin_dsl::{
    Constraint, ConstraintChange, Enforcement, Exclusion, Hazard, HazardKind, Label, Name, Op, PrimaryKey,
    ReplicaIdentity, Statement, Table, Unique, Unsupported,
};

use super::{create, lower};
use crate::sql::{Sql, deferral, list};

type Result<T> = std::result::Result<T, Unsupported>;

/// A constraint as it stands in CREATE TABLE or behind ADD.
pub(super) fn constraint(
    operation: impl std::fmt::Display,
    table: &Name,
    constraint: &Constraint,
    sql: Sql<'_>,
) -> Result<String> {
    lower::refuse_constraint(&operation, constraint, sql)?;
    let named = create::named(table, constraint);
    match &named {
        Constraint::Exclusion(exclusion) => exclude(&operation.to_string(), exclusion, sql),
        other => sql.constraint(other, true),
    }
}

/// What changes a constraint of a table: in place where the server can, else it is dropped and added anew.
pub(super) fn alter(
    op: &Op,
    table: &Table,
    name: &str,
    change: ConstraintChange,
    sql: Sql<'_>,
) -> Result<Vec<Statement>> {
    use Enforcement::{Full, NotEnforced, NotValid};
    let Some(old) = table.constraint(name) else { return Ok(Vec::new()) };
    let mut new = old.clone();
    change.set(&mut new).map_err(|reason| Unsupported::new(op, reason, "name another constraint"))?;
    if old == new {
        return Ok(Vec::new());
    }
    lower::refuse_constraint(op, &new, sql)?;
    let (alter, id) = (format!("ALTER TABLE {}", sql.table(&table.name)?), sql.id(name)?);
    let hazards = hazards(&table.name, &new);
    let is_key = matches!(new, Constraint::ForeignKey(_));
    let text = match (change, enforcement(&old)) {
        (ConstraintChange::Enforcement(Full), NotValid) => {
            let fails = format!("fails if a row of table {} doesn't fit", table.name);
            let validate = Statement::new(format!("{alter} VALIDATE CONSTRAINT {id}"), []);
            return Ok(vec![validate.hazard(HazardKind::MayFail, fails)]);
        }
        (ConstraintChange::Enforcement(Full), _) if is_key => {
            format!("{alter} ALTER CONSTRAINT {id} ENFORCED")
        }
        (ConstraintChange::Enforcement(NotEnforced), _) if is_key => {
            format!("{alter} ALTER CONSTRAINT {id} NOT ENFORCED")
        }
        (ConstraintChange::Deferrable(is), _) if is_key => {
            let is = match deferral(is) {
                "" => " NOT DEFERRABLE",
                is => is,
            };
            return Ok(vec![Statement::new(format!("{alter} ALTER CONSTRAINT {id}{is}"), [])]);
        }
        _ => {
            let text = constraint(op, &table.name, &new, sql)?;
            format!("{alter}\n  DROP CONSTRAINT {id},\n  ADD {text}")
        }
    };
    let is_new = text.contains("DROP CONSTRAINT");
    let mut statements = vec![Statement { hazards, ..Statement::new(text, []) }];
    // What it is marked as went with the index that it had.
    if is_new && table.cluster.as_deref() == Some(name) {
        statements.push(Statement::new(format!("{alter} CLUSTER ON {id}"), []));
    }
    if is_new && matches!(&table.replica_identity, ReplicaIdentity::Index(index) if index == name) {
        let text = create::replica_identity(&table.name, &table.replica_identity, sql)?;
        statements.push(Statement::new(text, []));
    }
    if let Some(comment) = table.constraint_comments.get(name).filter(|_| is_new) {
        let text = create::constraint_comment(&table.name, name, Some(comment), sql)?;
        statements.push(Statement::new(text, []));
    }
    Ok(statements)
}

/// What it brings that a constraint is added to a table with rows.
pub(super) fn hazards(table: &Name, constraint: &Constraint) -> Vec<Hazard> {
    if enforcement(constraint) != Enforcement::Full {
        return Vec::new();
    }
    let (kind, wait) = match constraint {
        Constraint::ForeignKey(key) => (
            HazardKind::BlocksWrites,
            format!("writers of {table} and {} wait while all rows are checked", key.references),
        ),
        _ => (HazardKind::BlocksReads, format!("readers of table {table} wait while all rows are checked")),
    };
    let fails = format!("fails if a row of table {table} doesn't fit");
    vec![Hazard { kind: HazardKind::MayFail, message: fails }, Hazard { kind, message: wait }]
}

/// Whether a constraint holds for new rows alone, until it is validated.
pub(super) fn is_not_valid(constraint: &Constraint) -> bool {
    enforcement(constraint) == Enforcement::NotValid
}

/// Whether a constraint is added behind CREATE TABLE: there one that isn't valid would be taken for valid, and one that is as
/// another, but for its name, for that one (seen on 15 and 18).
pub(super) fn is_apart(table: &Table, constraint: &Constraint) -> bool {
    let nameless = nameless(constraint);
    let mut before = table.constraints().take_while(|other| other != constraint);
    is_not_valid(constraint) || nameless.is_some() && before.any(|other| self::nameless(&other) == nameless)
}

/// What a constraint with an index is, whatever it is called; for its index a primary key is a unique constraint.
fn nameless(constraint: &Constraint) -> Option<Constraint> {
    let label = Label::Unnamed;
    Some(match constraint.clone() {
        Constraint::PrimaryKey(PrimaryKey { columns, deferrable, include, without_overlaps, .. }) => {
            Constraint::Unique(Unique {
                label,
                deferrable,
                include,
                without_overlaps,
                ..Unique::over(columns)
            })
        }
        Constraint::Unique(unique) => Constraint::Unique(Unique { label, ..unique }),
        Constraint::Exclusion(exclusion) => Constraint::Exclusion(Exclusion { label, ..exclusion }),
        _ => return None,
    })
}

fn enforcement(constraint: &Constraint) -> Enforcement {
    match constraint {
        Constraint::Check(check) => check.enforcement,
        Constraint::ForeignKey(key) => key.enforcement,
        _ => Enforcement::Full,
    }
}

/// `CONSTRAINT .. EXCLUDE USING gist (..)`.
fn exclude(operation: &str, exclusion: &Exclusion, sql: Sql<'_>) -> Result<String> {
    let mut text = match exclusion.label.name() {
        Some(name) => format!("CONSTRAINT {} EXCLUDE", sql.id(name)?),
        None => "EXCLUDE".into(),
    };
    text += &format!(" USING {}", sql.id(exclusion.method.as_deref().unwrap_or("gist"))?);
    let elements = exclusion.elements.iter().map(|element| {
        Ok(format!("{} WITH {}", create::key(&element.key, operation, sql)?, element.operator))
    });
    text += &format!(" ({})", list(elements)?);
    if !exclusion.include.is_empty() {
        text += &format!(" INCLUDE ({})", sql.ids(&exclusion.include)?);
    }
    if let Some(predicate) = &exclusion.predicate {
        text += &format!(" WHERE ({})", sql.expr(predicate, operation)?);
    }
    Ok(text + deferral(exclusion.deferrable))
}
