//! What the rows of the catalog's answers mean.

use dunlin_dsl::{
    Action, Aside, Aspect, Check, Column, ColumnType, Deferrable, DialectId, Enforcement, Exclusion,
    ExclusionElement, Expr, ForeignKey, Generated, Identity, Index, IndexKey, KeyPart, Match, Name, Notes,
    Nulls, PartKind, PerDialect, PrimaryKey, ReplicaIdentity, Row, RowSecurity, Table, Unique, Unmodelled,
    conventional_name,
};

use super::access::{self, Privilege};
use super::{Reader, is_same};
use crate::postgres::{lower, options, partition, print};
use crate::sql::given;

/// Bits of `pg_index.indoption`.
const DESCENDING: i64 = 1;

const NULLS_FIRST: i64 = 2;

impl Reader<'_> {
    /// A name from two columns: as it was asked for, and without the connection's own schema where it wasn't.
    pub(super) fn name(&self, row: &Row, at: usize) -> Name {
        self.found(Name { schema: row.text(at), name: text(row, at + 1) })
    }

    /// A name with its schema, as it was asked for.
    pub(super) fn found(&self, found: Name) -> Name {
        match self.names.iter().find(|asked| is_same(asked, &found, self.sql.server)) {
            Some(asked) => asked.clone(),
            None => Name { schema: found.schema.filter(|own| *own != self.sql.server.schema), ..found },
        }
    }

    /// A table without what other questions tell of it.
    pub(super) fn table(&self, row: &Row) -> Table {
        let mut table = Table::new(self.name(row, 1));
        table.options.unlogged = row.bool(3);
        table.comment = row.text(4);
        table.options.storage = options::read(row.text(5));
        table.options.tablespace = row.text(6);
        owner(&mut table.notes, row, 7);
        table.row_security = RowSecurity { enabled: row.bool(8), forced: row.bool(9) };
        table.partitioning = row.text(10).map(|method| partition::partitioning(&method));
        let of = row.text(12).map(|_| partition::partition_of(self.name(row, 11), &text(row, 13)));
        table.partition_of = of.map(Box::new);
        table.cluster = row.text(15);
        table.replica_identity = match (text(row, 14).as_str(), row.text(16)) {
            ("f", _) => ReplicaIdentity::Full,
            ("n", _) => ReplicaIdentity::Nothing,
            ("i", Some(index)) => ReplicaIdentity::Index(index),
            _ => ReplicaIdentity::PrimaryKey,
        };
        table.notes.tablespace = row.text(17);
        table.options.access_method = row.text(18);
        table
    }

    pub(super) fn parent(&self, table: &mut Table, row: &Row) {
        table.inherits.push(self.name(row, 1));
    }

    /// A key of a partitioned table.
    pub(super) fn partition_key(&self, table: &mut Table, row: &Row) {
        let Some(partitioning) = &mut table.partitioning else { return };
        let before = partitioning.keys.iter().filter(|key| key.column_name().is_none()).count();
        let expr = row.text(2).and_then(|exprs| partition::expressions(&exprs).into_iter().nth(before));
        let collation = row.text(3).map_or_else(PerDialect::default, collation);
        partitioning.keys.push(partition::key(row.text(1), expr, collation, row.text(4)));
    }

    /// One privilege of somebody's.
    pub(super) fn privilege(&self, table: &mut Table, row: &Row) {
        let Privilege { grant, is_revoked, by } = access::privilege(row);
        access::note(&mut table.notes, by, &grant);
        let set = if is_revoked { &mut table.notes.revoked } else { &mut table.grants };
        set.insert(grant);
    }

    pub(super) fn column(&self, table: &mut Table, row: &Row) {
        let ty = text(row, 2);
        let mut column = Column::new(text(row, 1), ColumnType::Native(ty.clone()));
        column.not_null = row.bool(3);
        column.not_null_not_valid = column.not_null && row.bool(21);
        column.not_null_no_inherit = column.not_null && row.bool(22) && !column.not_null_not_valid;
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
            name: Aside(row.text(15)),
            ..Identity::default()
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
        column.options = options::read(row.text(16));
        let (not_null_name, is_parents) = (row.text(19), row.bool(20));
        let usual = conventional_name(&table.name, &[&column.name], "not_null");
        match (row.bool(17), row.bool(18) && column.options.is_empty()) {
            (false, _) => {
                column.not_null_name.0 = not_null_name.filter(|name| *name != usual);
                table.columns.push(column);
            }
            (true, true) => {
                let own = not_null_name.filter(|_| !is_parents);
                table.notes.not_null_names.extend(own.map(|name| (column.name, name)));
            }
            // What a partition's column has beyond its parent's makes it stand here.
            (true, false) if table.partition_of.is_some() => {
                column.identity = None;
                column.not_null_name.0 = not_null_name;
                table.columns.push(column);
            }
            (true, false) => {
                let what =
                    "that is inherited, with a default, a refusal of NULL, options or a comment of its own";
                table.notes.unmodelled.push(Unmodelled::column(column.name, what));
            }
        }
    }

    /// One column of a constraint; the first one begins it.
    pub(super) fn constraint_column(&self, table: &mut Table, row: &Row) {
        let name = text(row, 1);
        let kind = text(row, 2);
        let (column, included, referred) = (row.text(3), row.bool(4), row.text(5));
        let deferrable = deferrable(row, 12);
        let enforcement = match (row.bool(18), row.bool(15)) {
            (true, _) => Enforcement::NotEnforced,
            (false, false) => Enforcement::NotValid,
            (false, true) => Enforcement::Full,
        };
        let begins = table.constraint(&name).is_none();
        if begins {
            table.constraint_comments.extend(row.text(20).map(|comment| (name.clone(), comment)));
        }
        match kind.as_str() {
            "p" => {
                let key = table.primary_key.get_or_insert_with(|| PrimaryKey {
                    label: given(name),
                    deferrable,
                    without_overlaps: row.bool(19),
                    ..PrimaryKey::over(Vec::new())
                });
                let columns = if included { &mut key.include } else { &mut key.columns };
                columns.extend(column);
            }
            "u" => {
                if begins {
                    table.uniques.push(Unique {
                        label: given(name),
                        nulls_not_distinct: row.bool(14),
                        deferrable,
                        without_overlaps: row.bool(19),
                        ..Unique::over(Vec::new())
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
                        on_delete: action(row, 9),
                        on_update: action(row, 10),
                        deferrable,
                        matching: if text(row, 11) == "f" { Match::Full } else { Match::Simple },
                        period: row.bool(19),
                        enforcement,
                        ..ForeignKey::over(Vec::new(), self.name(row, 7), Vec::new())
                    });
                }
                if let Some(key) = table.foreign_keys.last_mut() {
                    key.on_delete_columns.extend(column.clone().filter(|_| row.bool(17)));
                    key.columns.extend(column);
                    key.references_columns.extend(referred);
                }
            }
            _ => table.checks.push(Check {
                enforcement,
                no_inherit: row.bool(16),
                ..Check::new(given(name), bare(&text(row, 6)))
            }),
        }
    }

    /// One column or expression of an exclusion constraint; the first one begins it.
    pub(super) fn exclusion_element(&self, table: &mut Table, row: &Row) {
        let name = text(row, 1);
        if table.constraint(&name).is_none() {
            table.constraint_comments.extend(row.text(6).map(|comment| (name.clone(), comment)));
            let more = [(7, "that has storage parameters"), (8, "that has a tablespace of its own")];
            let more = more.into_iter().filter(|(at, _)| row.bool(*at));
            let more = more.map(|(_, what)| Unmodelled::part(PartKind::Constraint, &name, what));
            table.notes.unmodelled.extend(more);
            table.exclusions.push(Exclusion {
                label: given(name.clone()),
                elements: Vec::new(),
                method: row.text(2).filter(|method| method != "gist"),
                predicate: row.text(3).map(|predicate| bare(&predicate)),
                deferrable: deferrable(row, 4),
                include: Vec::new(),
            });
        }
        if row.bool(16) {
            let what = "that has an operator of another schema";
            table.notes.unmodelled.push(Unmodelled::part(PartKind::Constraint, &name, what));
        }
        let Some(exclusion) = table.exclusions.last_mut() else { return };
        match row.bool(9) {
            true => exclusion.include.extend(row.text(10)),
            false => {
                let operator = text(row, 15);
                exclusion.elements.push(ExclusionElement { key: index_key(row, 10, 17), operator });
            }
        }
    }

    /// A partition's copy of an index of its parent's: what counts is what it is called, where that isn't by convention.
    pub(super) fn copy(&self, table: &mut Table, row: &Row) {
        let columns = print::strings(&text(row, 3));
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        let usual = match text(row, 2).as_str() {
            "p" => conventional_name(&table.name, &[], "pkey"),
            "u" => conventional_name(&table.name, &columns, "key"),
            "x" => conventional_name(&table.name, &columns, "excl"),
            _ => conventional_name(&table.name, &columns, "idx"),
        };
        // One of several by the same name has a number behind it.
        let renamed = &mut table.notes.renamed;
        let numbered = (1..).map(|number| format!("{usual}{number}"));
        let made = std::iter::once(usual.clone()).chain(numbered).find(|name| !renamed.contains_key(name));
        renamed.insert(made.unwrap_or(usual), text(row, 1));
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
            index.storage = options::read(row.text(8));
            index.tablespace = row.text(9);
            // That of a partitioned table isn't valid until each partition has it, and is no leftover.
            if !row.bool(7) && !row.bool(17) {
                table.notes.unmodelled.push(Unmodelled::BrokenIndex(name.clone()));
            }
            table.indexes.push(index);
        }
        let Some(index) = table.indexes.last_mut() else { return };
        match row.bool(10) {
            true => index.include.extend(row.text(11)),
            false => index.keys.push(index_key(row, 11, 16)),
        }
        let target = row.int(18).and_then(|target| u32::try_from(target).ok());
        if let (Some(target), Ok(place)) = (target, u32::try_from(index.keys.len())) {
            index.statistics.insert(place, target);
        }
    }

    /// Leaves out indexes that a failed CONCURRENTLY left; the notes have them.
    pub(super) fn leave_out_broken(table: &mut Table) {
        let notes = &table.notes;
        table.indexes.retain(|index| !index.label.name().is_some_and(|name| has_broken_index(notes, name)));
    }

    pub(super) fn unmodelled(&self, table: &mut Table, row: &Row) {
        table.notes.unmodelled.push(noted(row, 1));
    }
}

/// Puts a table that is read to the end into its own terms: without broken indexes, and with the columns of a partition by name.
pub(super) fn settle(table: &mut Table) {
    Reader::leave_out_broken(table);
    if table.partition_of.is_some() {
        table.columns.sort_by(|one, other| one.name.cmp(&other.name));
    }
}

/// Whose something is, from an array of its owner and of who the connection is.
pub(super) fn owner(notes: &mut Notes, row: &Row, at: usize) {
    let both = row.text(at).map(|text| print::array(&text)).unwrap_or_default();
    let mut both = both.into_iter().flatten();
    let (owner, own) = (both.next(), both.next());
    if owner == own { notes.own = owner } else { notes.owner = owner }
}

fn text(row: &Row, index: usize) -> String {
    row.text(index).unwrap_or_default()
}

fn deferrable(row: &Row, at: usize) -> Deferrable {
    match (row.bool(at), row.bool(at + 1)) {
        (false, _) => Deferrable::No,
        (true, false) => Deferrable::InitiallyImmediate,
        (true, true) => Deferrable::InitiallyDeferred,
    }
}

/// A key of an index, from its column, definition, options, operator class and collation; and from that class's options.
fn index_key(row: &Row, at: usize, class_options: usize) -> IndexKey {
    let on = match row.text(at) {
        Some(column) => KeyPart::Column(column),
        None => KeyPart::Expr(bare(&text(row, at + 1))),
    };
    let order = row.int(at + 2).unwrap_or_default();
    let (descending, first) = (order & DESCENDING != 0, order & NULLS_FIRST != 0);
    let nulls = if first { Nulls::First } else { Nulls::Last };
    IndexKey {
        descending,
        // Where they stand by default needs no saying.
        nulls: (first != descending).then_some(nulls),
        collation: row.text(at + 4).map_or_else(PerDialect::default, collation),
        opclass: row.text(at + 3),
        opclass_options: options::read(row.text(class_options)),
        on,
        ..IndexKey::column("")
    }
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
    notes.unmodelled.contains(&Unmodelled::BrokenIndex(name.to_owned()))
}

/// What isn't modelled, as `sql/unmodelled.sql` and `sql/edges.sql` tell it: of what kind the part is, the part's name, what there
/// is about it, and the column of a table below.
pub(super) fn noted(row: &Row, at: usize) -> Unmodelled {
    let [kind, name, what, column] = [at, at + 1, at + 2, at + 3].map(|at| text(row, at));
    let part = |kind| Unmodelled::part(kind, name.as_str(), what.as_str());
    match kind.as_str() {
        "foreign" => Unmodelled::ForeignServer,
        "extension" => Unmodelled::InExtension(name),
        "lacked index" => Unmodelled::LackedIndex(name),
        "sequence" => Unmodelled::Sequence { column, what },
        "remarked" => Unmodelled::RemarkedNotNull(column),
        "of type" => Unmodelled::OfType(name),
        "sampled below" => Unmodelled::SampledBelow { table: name, index: column },
        "index below" => Unmodelled::IndexBelow { table: name, index: column, name: what },
        "column" => part(PartKind::Column),
        "index" => part(PartKind::Index),
        "constraint" => part(PartKind::Constraint),
        "check" => part(PartKind::Check),
        "foreign key" => part(PartKind::ForeignKey),
        "trigger" => part(PartKind::Trigger),
        "partition" => part(PartKind::Partition),
        "below" => match aspect(&what) {
            Some(aspect) => Unmodelled::Below { table: name, column, aspect },
            None => Unmodelled::Thing(what),
        },
        _ => Unmodelled::Thing(what),
    }
}

fn aspect(word: &str) -> Option<Aspect> {
    Some(match word {
        "storage" => Aspect::Storage,
        "statistics" => Aspect::Statistics,
        "options" => Aspect::Options,
        "comment" => Aspect::Comment,
        "not null" => Aspect::NotNull,
        "default" => Aspect::Default,
        "constraint" => Aspect::Constraint,
        "index" => Aspect::Index,
        "grants" => Aspect::Grants,
        "sequence" => Aspect::Sequence,
        "counted" => Aspect::Counted,
        "counted finely" => Aspect::CountedFinely,
        _ => return None,
    })
}
