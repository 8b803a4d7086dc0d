//! What the rows of the catalog's answers mean.

use dunlin_dsl::{
    Action, Check, Column, ColumnType, Deferrable, DialectId, Expr, ForeignKey, Generated, Identity, Index,
    IndexKey, KeyPart, Match, Name, Notes, Nulls, PerDialect, PrimaryKey, Row, Table, Unique,
};

use super::{Reader, is_same};
use crate::postgres::{lower, print};
use crate::sql::given;

/// Bits of `pg_index.indoption`.
const DESCENDING: i64 = 1;
/// What an index is that a failed CONCURRENTLY left: it may refuse rows, and serves no question.
const BROKEN: &str = "isn't valid";

const NULLS_FIRST: i64 = 2;

impl Reader<'_> {
    /// A name from two columns: as it was asked for, and without the connection's own schema where it wasn't.
    pub(super) fn name(&self, row: &Row, at: usize) -> Name {
        let found = Name { schema: row.text(at), name: text(row, at + 1) };
        match self.names.iter().find(|asked| is_same(asked, &found, self.sql.server)) {
            Some(asked) => asked.clone(),
            None => Name { schema: found.schema.filter(|own| *own != self.sql.server.schema), ..found },
        }
    }

    pub(super) fn column(&self, table: &mut Table, row: &Row) {
        let ty = text(row, 2);
        let mut column = Column::new(text(row, 1), ColumnType::Native(ty.clone()));
        column.not_null = row.bool(3);
        match (text(row, 5).as_str(), row.text(4)) {
            ("", default) => column.default = default.map(Expr::Sql),
            (kind, Some(expr)) => {
                column.generated = Some(Generated { expr: bare(&expr), stored: kind == "s" });
            }
            (_, None) => {}
        }
        let of_sequence = Identity {
            always: text(row, 6) == "a",
            start: row.int(9),
            increment: row.int(10),
            min: row.int(11),
            max: row.int(12),
            cache: row.int(13),
            cycle: row.bool(14),
        };
        let of_sequence = lower::identity(&of_sequence, &ty);
        match (text(row, 6).as_str(), row.text(15)) {
            ("", None) => {}
            // A serial column: its sequence is an object, or part of it.
            ("", Some(_)) => {}
            _ => column.identity = Some(of_sequence),
        }
        if let Some(name) = row.text(7) {
            column.collation = collation(name);
        }
        column.comment = row.text(8);
        let more = [(16, "storage"), (17, "options"), (18, "grants")];
        for (index, what) in more {
            if row.bool(index) {
                table.notes.unmodelled.push(format!("{what} of column {}", column.name));
            }
        }
        table.columns.push(column);
    }

    /// One column of a constraint; the first one begins it.
    pub(super) fn constraint_column(&self, table: &mut Table, row: &Row) {
        let name = text(row, 1);
        let kind = text(row, 2);
        let (column, included, referred) = (row.text(3), row.bool(4), row.text(5));
        let deferrable = match (row.bool(12), row.bool(13)) {
            (false, _) => Deferrable::No,
            (true, false) => Deferrable::InitiallyImmediate,
            (true, true) => Deferrable::InitiallyDeferred,
        };
        let begins = table.constraint(&name).is_none();
        if begins {
            let more = [
                (!row.bool(15), "isn't validated"),
                (row.bool(16), "isn't inherited"),
                (row.bool(17), "sets some of its columns alone"),
                (row.bool(18), "isn't enforced"),
                (row.bool(19), "is over a period"),
                (row.bool(20), "has a comment"),
                (kind == "p" && deferrable != Deferrable::No, "is deferrable"),
            ];
            let more = more.into_iter().filter_map(|(is, what)| is.then_some(what));
            table.notes.unmodelled.extend(more.map(|what| format!("constraint {name}, which {what}")));
        }
        match kind.as_str() {
            "p" => {
                if included {
                    let what = format!("constraint {name}, which includes columns");
                    table.notes.unmodelled.push(what);
                    return;
                }
                let begun = || PrimaryKey { label: given(name), columns: Vec::new() };
                table.primary_key.get_or_insert_with(begun).columns.extend(column);
            }
            "u" => {
                if begins {
                    table.uniques.push(Unique {
                        label: given(name),
                        columns: Vec::new(),
                        nulls_not_distinct: row.bool(14),
                        deferrable,
                        include: Vec::new(),
                    });
                }
                if let Some(unique) = table.uniques.last_mut() {
                    let columns = if included { &mut unique.include } else { &mut unique.columns };
                    columns.extend(column);
                }
            }
            "f" => {
                if begins {
                    table.foreign_keys.push(ForeignKey {
                        label: given(name),
                        columns: Vec::new(),
                        references: self.name(row, 7),
                        references_columns: Vec::new(),
                        on_delete: action(row, 9),
                        on_update: action(row, 10),
                        deferrable,
                        matching: if text(row, 11) == "f" { Match::Full } else { Match::Simple },
                    });
                }
                if let Some(key) = table.foreign_keys.last_mut() {
                    key.columns.extend(column);
                    key.references_columns.extend(referred);
                }
            }
            _ => table.checks.push(Check { label: given(name), expr: bare(&text(row, 6)) }),
        }
    }

    /// One column of an index; the first one begins it.
    pub(super) fn index_column(&self, table: &mut Table, row: &Row) {
        let name = text(row, 1);
        if table.index(&name).is_none() {
            let mut index = Index::new(given(name.clone()), Vec::new());
            index.unique = row.bool(2);
            index.method = row.text(3).filter(|method| method != "btree");
            index.predicate = row.text(4).map(|predicate| bare(&predicate));
            index.nulls_not_distinct = row.bool(5);
            index.comment = row.text(6);
            let more = [
                (!row.bool(7), BROKEN),
                (row.bool(8), "has storage parameters"),
                (row.bool(9), "has a tablespace of its own"),
            ];
            let more = more.into_iter().filter_map(|(is, what)| is.then_some(what));
            table.notes.unmodelled.extend(more.map(|what| format!("index {name}, which {what}")));
            table.indexes.push(index);
        }
        if row.bool(16) {
            let what = format!("index {name}, which has options of an operator class");
            table.notes.unmodelled.push(what);
        }
        let Some(index) = table.indexes.last_mut() else { return };
        let column = row.text(11);
        if row.bool(10) {
            index.include.extend(column);
            return;
        }
        let on = match column {
            Some(column) => KeyPart::Column(column),
            None => KeyPart::Expr(bare(&text(row, 12))),
        };
        let options = row.int(13).unwrap_or_default();
        let (descending, first) = (options & DESCENDING != 0, options & NULLS_FIRST != 0);
        let nulls = if first { Nulls::First } else { Nulls::Last };
        index.keys.push(IndexKey {
            descending,
            // Where they stand by default needs no saying.
            nulls: (first != descending).then_some(nulls),
            collation: row.text(15).map_or_else(PerDialect::default, collation),
            opclass: row.text(14),
            on,
            ..IndexKey::column("")
        });
    }

    /// Leaves out indexes that a failed CONCURRENTLY left; the notes have them.
    pub(super) fn leave_out_broken(table: &mut Table) {
        let notes = &table.notes;
        table.indexes.retain(|index| !index.label.name().is_some_and(|name| has_broken_index(notes, name)));
    }

    pub(super) fn unmodelled(&self, table: &mut Table, row: &Row) {
        table.notes.unmodelled.extend(row.text(1));
    }
}

fn text(row: &Row, index: usize) -> String {
    row.text(index).unwrap_or_default()
}

fn bare(expr: &str) -> Expr {
    Expr::Sql(print::bare(expr).to_owned())
}

fn action(row: &Row, index: usize) -> Action {
    match text(row, index).as_str() {
        "r" => Action::Restrict,
        "c" => Action::Cascade,
        "n" => Action::SetNull,
        "d" => Action::SetDefault,
        _ => Action::NoAction,
    }
}

fn collation(name: String) -> PerDialect<String> {
    PerDialect::default().with(DialectId::Postgres, name)
}

/// Whether a failed CONCURRENTLY has left an index of this name, which has to go before another can come.
pub(in crate::postgres) fn has_broken_index(notes: &Notes, name: &str) -> bool {
    notes.unmodelled.contains(&format!("index {name}, which {BROKEN}"))
}
