//! What is refused because of what else there is.

use dunlin_dsl::{DependentKind, Expr, KeyPart, Name, Op, Table, Unsupported, Value};

use super::Render;
use crate::choice::mentions;
use crate::lex;

impl Render<'_> {
    /// Views and triggers that name what goes would be left behind broken, without a word from the server.
    pub(super) fn refuse_readers(
        &self,
        op: &Op,
        table: &Name,
        column: Option<&str>,
    ) -> Result<(), Unsupported> {
        let Some(known) = self.schema.get(table).filter(|_| !self.opaque) else { return Ok(()) };
        let reader = known.notes.dependents.iter().find(|dependent| {
            let mentions =
                |name: &str| dependent.definition.as_ref().is_none_or(|text| lex::mentions(text, name));
            match (dependent.kind, column) {
                (DependentKind::View, None) => true,
                // A drop is stopped by `apply`, unless it is asked to cascade: to the server a routine is only text.
                (DependentKind::Object, None) => !matches!(op, Op::DropTable { .. }),
                // A table's own triggers go with it.
                (DependentKind::Trigger, None) => {
                    matches!(op, Op::RenameTable { .. }) && mentions(&table.name)
                }
                (DependentKind::View | DependentKind::Trigger, Some(column)) => mentions(column),
                _ => false,
            }
        });
        match reader {
            None => Ok(()),
            Some(reader) => Err(Unsupported::new(
                op,
                format!("{reader} names it, and would be left broken"),
                "drop that first, and create it again after",
            )),
        }
    }

    /// Refuses to rename or drop a column by which a table is divided.
    pub(super) fn refuse_divider(
        &self,
        op: &Op,
        table: &Name,
        column: &str,
        does: &str,
    ) -> Result<(), Unsupported> {
        let of = self.schema.get(table).and_then(|known| known.partitioning.as_ref());
        let divides = |on: &KeyPart| match on {
            KeyPart::Column(name) => name == column,
            KeyPart::Expr(expr) => mentions(expr, column),
        };
        match of.is_some_and(|of| of.keys.iter().any(|key| divides(&key.on))) {
            false => Ok(()),
            true => self.sql.refuse(
                op,
                &format!("{does} no column by which a table is divided"),
                "remove_partitioning(..) before it, and partition_table(..) after",
            ),
        }
    }

    /// Refuses to write out an expression that a rename just before has made another.
    pub(super) fn refuse_renamed(&self, op: &Op, known: &Table) -> Result<(), Unsupported> {
        let Some(names) = self.renamed.get(&known.name) else { return Ok(()) };
        let checks = |label: &String| {
            let label = label.clone();
            known.checks.iter().filter(move |check| check.label.is(&label)).map(|check| &check.expr)
        };
        let exprs: Vec<&Expr> = match op {
            Op::AlterColumn { column, .. } => {
                let known = known.column(column).into_iter();
                let own =
                    known.flat_map(|c| c.generated.iter().map(|generated| &generated.expr).chain(&c.default));
                own.chain(checks(column)).collect()
            }
            Op::RenameConstraint { name, .. } => checks(name).collect(),
            _ => Vec::new(),
        };
        match exprs.iter().find_map(|expr| names.iter().find(|name| mentions(expr, name))) {
            None => Ok(()),
            Some(renamed) => Err(Unsupported::new(
                op,
                format!(
                    "an expression that it writes anew mentions {renamed}, which was renamed just before"
                ),
                "rename in a revision of its own",
            )),
        }
    }

    /// An inserted 0 would be numbered, and not be 0.
    pub(super) fn refuse_zero(
        &self,
        op: &Op,
        table: &Name,
        columns: &[String],
        rows: &[Vec<Value>],
    ) -> Result<(), Unsupported> {
        let mode = self.sql.server.fact("sql_mode");
        let Some(known) = self.schema.get(table) else { return Ok(()) };
        let numbered = columns
            .iter()
            .position(|name| known.column(name).is_some_and(|column| column.identity.is_some()));
        let zero = numbered.is_some_and(|at| rows.iter().any(|row| row.get(at) == Some(&Value::Int(0))));
        if zero && !mode.contains("NO_AUTO_VALUE_ON_ZERO") {
            return self.sql.refuse(
                op,
                "gives the next number to a row that is numbered 0",
                "choose another number, or insert it in SQL of your own",
            );
        }
        Ok(())
    }
}
