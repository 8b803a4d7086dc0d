//! Building a table anew, where `ALTER TABLE` can't change it: made under another name, filled, and put in place.
//!
//! It runs with foreign keys switched off, so that dropping the old table fires no cascade, and asks before the commit
//! whether any row refers to nothing that referred to something before.

mod text;

use std::collections::BTreeMap;

use dunlin_dsl::{
    Column, ColumnChange, ColumnType, ConstraintKind, Dependent, DependentKind, Expect, HazardKind, Name,
    Object, Op, Statement, StatementCheck, Table, Unmodelled, Unsupported, When,
};

use super::create::{create_index, create_table, default_text};
use super::fit::Rows;
use super::{lower, object, read};
use crate::lex;
use crate::sql::Sql;
use text::Edited;

/// What the new table is called at first, before its name.
const NEW: &str = "dunlin_new_";

/// Copies rows. Whatever the new table's constraints say of a conflict, no row is left out or replaced.
const COPY: &str = "INSERT OR ABORT INTO ";

/// One rebuild.
pub(super) struct Rebuild<'a> {
    pub(super) before: &'a Table,
    pub(super) after: &'a Table,
    /// Its triggers, which go with the old table and are created on the new one.
    pub(super) triggers: &'a [Object],
    /// The tables that refer to it, as far as they are known whole.
    pub(super) referring: Vec<&'a Name>,
    /// The operations that it does, and their places.
    pub(super) ops: &'a [&'a Op],
    pub(super) places: &'a [usize],
}

/// What a rebuild is made of.
pub(super) struct Rebuilt {
    pub(super) statements: Vec<Statement>,
    /// The table's text from now on, where it was edited.
    pub(super) source: Option<String>,
}

/// The statements of a rebuild.
pub(super) fn rebuild(rebuild: Rebuild<'_>, sql: Sql<'_>) -> Result<Rebuilt, Unsupported> {
    let Rebuild { before, after, places, .. } = rebuild;
    let name = &after.name;
    let new = name.sibling(format!("{NEW}{}", name.name));
    for column in after.columns.iter().filter(|column| column.identity.is_some()) {
        let counts = |op: &&&Op| {
            let of_key = matches!(op, Op::DropConstraint { kind: ConstraintKind::PrimaryKey, .. });
            let numbers = matches!(op, Op::AlterColumn { change: ColumnChange::Identity(_), .. });
            of_key || numbers || matches!(op, Op::SetTableOptions { .. })
        };
        let operation = rebuild.ops.iter().find(counts).or(rebuild.ops.first()).map(ToString::to_string);
        let instead = "drop its numbering first: drop_identity(); or number no rows here: on(..)";
        lower::refuse_numbered(&operation.unwrap_or_default(), after, column, instead, sql)?;
    }
    let edited = text::edited(before, after, &new, sql)?;
    rebuild.refuse_what_would_be_lost(&edited)?;
    let triggers = rebuild.triggers(sql)?;
    let (create, own_name, source) = match edited {
        Edited::Text { create, name } => {
            let body = create.strip_prefix(&format!("CREATE TABLE {}", sql.table(&new)?));
            let source = body.map(|body| Ok(format!("CREATE TABLE {}{body}", sql.id(&name)?))).transpose()?;
            (create, name, source)
        }
        _ => (create_table(after, &new, sql)?, name.name.clone(), None),
    };
    let statement = |text: String| Statement::new(text, places);
    let mut statements = vec![
        statement(create)
            .hazard(HazardKind::Rewrite, format!("builds table {name} anew, with all its rows"))
            .hazard(HazardKind::BlocksWrites, format!("holds the database until table {name} is built")),
        rebuild.copy(&new, sql)?,
    ];
    let rows = Rows { before, after, ops: rebuild.ops, sql };
    if let Some(copy) = statements.last_mut() {
        copy.checks.extend(rows.given_types(&new)?);
    }
    if after.columns.iter().any(|column| column.identity.is_some()) {
        statements.extend(numbers(before, &new, sql)?.into_iter().map(statement));
    }
    statements.extend(rebuild.keep_statistics(&new, sql)?.into_iter().map(statement));
    statements.push(statement(format!("DROP TABLE {}", sql.table(name)?)));
    let put = statement(format!("ALTER TABLE {} RENAME TO {}", sql.table(&new)?, sql.id(&own_name)?));
    // Views may mention a table that isn't there, and SQLite would rename nothing before they are whole.
    let legacy = |value| statement(format!("PRAGMA legacy_alter_table = {value}"));
    statements.extend([legacy("ON"), put, legacy("OFF")]);
    for index in &after.indexes {
        statements.push(statement(create_index(name, index, sql)?));
    }
    statements.extend(rebuild.give_statistics_back(&new, sql)?.into_iter().map(statement));
    statements.extend(triggers.into_iter().map(statement));
    if let Some(last) = statements.pop() {
        statements.push(rebuild.checked(last, sql)?);
    }
    Ok(Rebuilt { statements, source })
}

impl Rebuild<'_> {
    fn refuse_what_would_be_lost(&self, edited: &Edited) -> Result<(), Unsupported> {
        let notes = &self.before.notes;
        let lost: Option<String> = match edited {
            Edited::Text { .. } => {
                let is_kept = |what: &&Unmodelled| matches!(what, Unmodelled::Written { .. });
                notes.unmodelled.iter().find(|what| !is_kept(what)).map(ToString::to_string)
            }
            Edited::Loses(what) => what.first().cloned(),
            Edited::Unknown => {
                let comments = notes.source.as_deref().is_some_and(read::has_comments);
                let unmodelled = notes.unmodelled.first().map(ToString::to_string);
                unmodelled.or_else(|| comments.then(|| "comments in its text".to_owned()))
            }
        };
        let refuse_for = |operation: String, what: String, instead: &str| {
            let reason = format!("SQLite needs table {} built anew for it, and {what}", self.before.name);
            Err(Unsupported::new(operation, reason, instead))
        };
        let refuse = |what, instead| refuse_for(self.operation(None), what, instead);
        if let Some(what) = lost {
            let instead = match edited {
                Edited::Unknown => {
                    "change it in a revision of its own, or write the SQL by hand: execute(..)"
                }
                _ => "write the SQL by hand: execute(..)",
            };
            return refuse(format!("it has {what}, which would be lost"), instead);
        }
        // A plain table's types may be anything; what each would have to become isn't for Dunlin to guess.
        let strange = self.after.columns.iter().find(|column| !is_strict_type(&column.ty));
        if let Some(column) = strange.filter(|_| self.after.options.strict) {
            let what = format!("a STRICT table has no type {} for column {}", column.ty, column.name);
            return refuse(what, "set the column's type after it, in the same revision");
        }
        let any = self.before.columns.iter().find(|column| column.ty.to_string().eq_ignore_ascii_case("ANY"));
        if let Some(column) = any.filter(|_| self.before.options.strict && !self.after.options.strict) {
            let what = format!("column {} of type ANY would turn texts into numbers", column.name);
            return refuse(what, "keep the table STRICT, or change the column's type first");
        }
        for stands in self.bystanders() {
            let own = stands.object.as_ref().and_then(|object| object.on.as_ref());
            if own.is_some_and(|on| on.name.eq_ignore_ascii_case(&self.before.name.name)) {
                let instead = "drop it before and create it again after, in the same revision";
                return refuse(format!("{stands} would go with the old one"), instead);
            }
            let mentions =
                |name: &&str| stands.definition.as_ref().is_none_or(|text| lex::mentions(text, name));
            // A view over a view of it sees only what that one shows, and is asked at the end.
            if !mentions(&self.before.name.name.as_str()) {
                continue;
            }
            if let Some(name) = self.gone().into_iter().find(mentions) {
                let instead = "drop it before, and create another after, in the same revision";
                let what = format!("{stands} mentions {name}, which goes");
                return refuse_for(self.operation(Some(name)), what, instead);
            }
        }
        Ok(())
    }

    /// The statements that keep what ANALYZE has found from going with the old table, as far as its indexes stay.
    fn keep_statistics(&self, new: &Name, sql: Sql<'_>) -> Result<Vec<String>, Unsupported> {
        let Self { before, after, .. } = self;
        let mut kept: Vec<String> = Vec::new();
        for index in before.indexes.iter().filter(|index| after.indexes.contains(index)) {
            kept.push(sql.text(index.label.name().unwrap_or_default())?);
        }
        let keys = (&before.primary_key, &before.uniques) == (&after.primary_key, &after.uniques);
        let own = if keys { " OR idx LIKE 'sqlite\\_autoindex\\_%' ESCAPE '\\' OR idx = tbl" } else { "" };
        let of = format!("(idx IS NULL{own} OR idx IN ({}))", kept.join(", "));
        self.statistics(&before.name.name, &new.name, &of, sql)
    }

    fn give_statistics_back(&self, new: &Name, sql: Sql<'_>) -> Result<Vec<String>, Unsupported> {
        self.statistics(&new.name, &self.before.name.name, "true", sql)
    }

    /// The statements that move what ANALYZE has found from one table to another.
    fn statistics(&self, from: &str, to: &str, of: &str, sql: Sql<'_>) -> Result<Vec<String>, Unsupported> {
        let tables = self.before.notes.statistics.iter();
        tables
            .map(|name| {
                Ok(format!(
                    "UPDATE {} SET tbl = {} WHERE tbl = {} COLLATE NOCASE AND {of}",
                    sql.table(&self.before.name.sibling(name))?,
                    sql.text(to)?,
                    sql.text(from)?
                ))
            })
            .collect()
    }

    /// The views and the triggers of other tables that mention this one. They stay as they are while it is away.
    fn bystanders(&self) -> impl Iterator<Item = &Dependent> {
        self.before.notes.dependents.iter().filter(|dependent| dependent.kind != DependentKind::ForeignKey)
    }

    /// The operation that is refused: the one by which a column goes, or the first.
    fn operation(&self, gone: Option<&str>) -> String {
        let drops = |op: &&&Op| matches!(op, Op::DropColumn { column, .. } if Some(column.as_str()) == gone);
        let refused = self.ops.iter().find(drops).or(self.ops.first());
        refused.map(ToString::to_string).unwrap_or_default()
    }

    /// The names that mean nothing in the new table, and meant something in the old one.
    fn gone(&self) -> Vec<&str> {
        let gone = self.before.columns.iter().filter(|column| self.after.column(&column.name).is_none());
        let mut gone: Vec<&str> = gone.map(|column| column.name.as_str()).collect();
        if self.after.options.without_rowid && !self.before.options.without_rowid {
            gone.extend(["rowid", "_rowid_", "oid"]);
        }
        gone
    }

    /// The statements that create the triggers again, in the order in which they were created. SQLite would look for what
    /// their bodies mention only when they fire.
    fn triggers(&self, sql: Sql<'_>) -> Result<Vec<String>, Unsupported> {
        let gone = self.gone();
        let mut texts = Vec::new();
        for trigger in self.triggers {
            if let Some(what) = trigger.notes.unmodelled.first() {
                return self.refuse_trigger(trigger, None, &what.to_string());
            }
            let text = object::create(trigger, sql)?;
            if let Some(name) = gone.iter().find(|name| lex::mentions(&text, name)) {
                let what = format!("a body that mentions {name}, which goes");
                return self.refuse_trigger(trigger, Some(name), &what);
            }
            texts.push(text);
        }
        Ok(texts)
    }

    fn refuse_trigger<T>(&self, trigger: &Object, gone: Option<&str>, what: &str) -> Result<T, Unsupported> {
        Err(Unsupported::new(
            self.operation(gone),
            format!(
                "SQLite needs table {} built anew for it, and {} has {what}",
                self.before.name, trigger.id
            ),
            "drop the trigger before, and create another after, in the same revision",
        ))
    }

    /// The statement that fills the new table: rows, and where they have one beside their key, their rowids.
    fn copy(&self, new: &Name, sql: Sql<'_>) -> Result<Statement, Unsupported> {
        let Self { before, after, .. } = self;
        let mut sources: BTreeMap<&str, String> = BTreeMap::new();
        // With its table before it a name that is no column is an error; alone in quotes it would be a string.
        let table = sql.id(&before.name.name)?;
        for column in &before.columns {
            sources.insert(&column.name, format!("{table}.{}", sql.id(&column.name)?));
        }
        let mut statement = Statement::new("", self.places);
        let mut added: BTreeMap<&str, &Column> = BTreeMap::new();
        for op in self.ops {
            match op {
                Op::DropColumn { table, column, .. } => {
                    sources.remove(column.as_str());
                    let loss = format!("drops column {table}.{column} and what it holds");
                    statement = statement.hazard(HazardKind::DataLoss, loss);
                }
                Op::AddColumn { table, column, if_not_exists, .. }
                    if !(*if_not_exists && before.column(&column.name).is_some()) =>
                {
                    sources.remove(column.name.as_str());
                    added.insert(&column.name, column);
                    let has_value =
                        column.default.is_some() || column.generated.is_some() || column.identity.is_some();
                    if column.not_null && !has_value {
                        let may = format!(
                            "fails if table {table} has rows, for its new column {} refuses NULL and has no default",
                            column.name
                        );
                        statement = statement.hazard(HazardKind::MayFail, may);
                    }
                }
                Op::AlterColumn { column, change: ColumnChange::Type { using: Some(using), .. }, .. } => {
                    sources.insert(column, sql.expr(using, op)?);
                }
                Op::AddConstraint { table, constraint } => {
                    let may = format!("fails if rows of {table} don't meet {}", constraint.label());
                    statement = statement.hazard(HazardKind::MayFail, may);
                }
                Op::AlterColumn { table, column, change: ColumnChange::Generated(Some(_)) }
                    if before.column(column).is_some_and(|old| old.generated.is_none()) =>
                {
                    let loss = format!("drops what {table}.{column} holds, which is computed from now on");
                    statement = statement.hazard(HazardKind::DataLoss, loss);
                }
                Op::AlterColumn { table, column, change: ColumnChange::NotNull(true) } => {
                    let may = format!("fails if {table}.{column} is NULL in a row");
                    statement = statement.hazard(HazardKind::MayFail, may);
                }
                _ => {}
            }
        }
        let (mut to, mut from) = (Vec::new(), Vec::new());
        // What was the rowid under a name of its own stays the rowid when that name no longer is one.
        let old = match alias(before) {
            Some(column) => Some(format!("{table}.{}", sql.id(column)?)),
            None => rowid(before).map(str::to_owned),
        };
        if let (Some(old), Some(new)) = (old, rowid(after)) {
            to.push(new.to_owned());
            from.push(old);
        }
        for column in after.columns.iter().filter(|column| column.generated.is_none()) {
            let source = match (sources.get(column.name.as_str()), added.get(column.name.as_str())) {
                (Some(source), _) => source.clone(),
                // Rows have what it began with, whatever was said of it then.
                (None, Some(first))
                    if (&first.default, &first.generated) != (&column.default, &column.generated) =>
                {
                    first_value(first, sql)?
                }
                _ => continue,
            };
            to.push(sql.id(&column.name)?);
            from.push(source);
        }
        statement.sql = format!(
            "{COPY}{} ({}) SELECT {} FROM {}",
            sql.table(new)?,
            to.join(", "),
            from.join(", "),
            sql.table(&before.name)?
        );
        Ok(statement)
    }

    /// The same statement, after which no row may refer to nothing that didn't before, and every view must have its columns.
    fn checked(&self, mut statement: Statement, sql: Sql<'_>) -> Result<Statement, Unsupported> {
        let inbound = self.before.notes.dependents.iter().filter(|d| d.kind == DependentKind::ForeignKey);
        let own = Some(&self.after.name).filter(|_| !self.after.foreign_keys.is_empty());
        let mut asked: Vec<&Name> = own.into_iter().chain(inbound.map(|dependent| &dependent.name)).collect();
        for table in &self.referring {
            if !asked.iter().any(|other| other.name.eq_ignore_ascii_case(&table.name)) {
                asked.push(table);
            }
        }
        for table in asked {
            let schema = table.schema.as_deref().unwrap_or(&sql.server.schema);
            let is_own = table.name.eq_ignore_ascii_case(&self.after.name.name);
            let id = alias(self.after).filter(|_| is_own).unwrap_or("rowid");
            // The PRAGMA by itself fails where the table is yet to come: made, or renamed, before it is rebuilt.
            statement = statement.check(StatementCheck {
                when: When::After,
                // A foreign key is told by its columns: its number is another one where one goes or comes.
                query: format!(
                    "SELECT broken.rowid, broken.parent, (SELECT group_concat(part.\"from\", ', ') FROM \
                     pragma_foreign_key_list(made.name, {text}) AS part WHERE part.id = broken.fkid) \
                     FROM {}.sqlite_schema AS made, pragma_foreign_key_check(made.name, {text}) AS broken \
                     WHERE made.type = 'table' AND made.name = {} COLLATE NOCASE",
                    sql.id(schema)?,
                    sql.text(&table.name)?,
                    text = sql.text(schema)?
                ),
                later: None,
                expect: Expect::NothingNew,
                message: format!("rows of {table} refer to rows that don't exist"),
                names: [id, "table", "columns"].map(str::to_owned).to_vec(),
            });
        }
        for view in self.bystanders().filter(|dependent| dependent.kind == DependentKind::View) {
            statement = statement.check(StatementCheck {
                when: When::After,
                query: format!("SELECT 1 FROM {} LIMIT 0", sql.table(&view.name)?),
                later: None,
                expect: Expect::Empty,
                message: format!("{view} can't be read any more"),
                names: Vec::new(),
            });
        }
        Ok(statement)
    }
}

/// What rows have in a column that is added.
fn first_value(column: &Column, sql: Sql<'_>) -> Result<String, Unsupported> {
    match (&column.generated, &column.default) {
        (Some(generated), _) => sql.expr(&generated.expr, format!("add column {}", column.name)),
        (None, Some(default)) => default_text(default, sql),
        (None, None) => Ok("NULL".to_owned()),
    }
}

/// The table whose rows a statement copies, as SQL names it, if the statement is the one of a rebuild that does.
#[cfg(feature = "sqlite")]
pub(super) fn copied(statement: &str) -> Option<&str> {
    let into = statement.strip_prefix(COPY)?.split_once(" (")?.0;
    let (_, from) = statement.rsplit_once(" FROM ")?;
    into.contains(NEW).then_some(from)
}

/// Whether a STRICT table has a type (<https://sqlite.org/stricttables.html>).
pub(super) fn is_strict_type(ty: &ColumnType) -> bool {
    let ty = ty.to_string();
    ["INT", "INTEGER", "REAL", "TEXT", "BLOB", "ANY"].iter().any(|of| of.eq_ignore_ascii_case(&ty))
}

/// The column that is another name of the rowid: a primary key of the very type INTEGER.
pub(super) fn alias(table: &Table) -> Option<&str> {
    let key = table.primary_key.as_ref().filter(|_| !table.options.without_rowid)?;
    let [column] = key.columns.as_slice() else { return None };
    let is_integer = table.column(column)?.ty.to_string().eq_ignore_ascii_case("INTEGER");
    // By a mistake that SQLite keeps (<https://sqlite.org/lang_createtable.html#rowid>).
    let descends =
        |what: &Unmodelled| matches!(what, Unmodelled::Written { what, .. } if what == read::DESCENDING);
    (is_integer && !table.notes.unmodelled.iter().any(descends)).then_some(column.as_str())
}

/// The name by which a table's rowid can be had, where no column is another name of it.
pub(super) fn rowid(table: &Table) -> Option<&'static str> {
    if table.options.without_rowid || alias(table).is_some() {
        return None;
    }
    let taken = |name: &&str| table.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
    ["rowid", "_rowid_", "oid"].into_iter().find(|name| !taken(name))
}

/// The statements that keep the last number that was given, so that none is given twice.
fn numbers(before: &Table, new: &Name, sql: Sql<'_>) -> Result<Vec<String>, Unsupported> {
    if !before.columns.iter().any(|column| column.identity.is_some()) {
        return Ok(Vec::new());
    }
    let sequences = sql.table(&new.sibling("sqlite_sequence"))?;
    let (old, new) = (sql.text(&before.name.name)?, sql.text(&new.name)?);
    Ok(vec![
        format!("DELETE FROM {sequences} WHERE name = {new}"),
        format!("INSERT INTO {sequences} (name, seq) SELECT {new}, seq FROM {sequences} WHERE name = {old}"),
    ])
}
