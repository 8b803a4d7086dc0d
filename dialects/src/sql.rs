//! Text that all dialects write alike: lists, constraints, rows. What differs is asked of the dialect or given as data.

use std::fmt::Display;

use dunlin_dsl::{
    Action, Conflict, Constraint, Deferrable, Dependent, DependentKind, Dialect, Enforcement, Expr,
    ForeignKey, HazardKind, Index, Label, Match, Name, Notes, ObjectId, ObjectKind, Op, Schema, Server,
    Statement, TableChange, Unsupported, Value, apply,
};

use crate::types::sql_type;

/// The most rows in one INSERT, and keys in one DELETE: SQLite's expressions are at most 1,000 deep.
const ROWS: usize = 500;

/// The size at which a list of rows is cut, far below any server's largest packet.
const ROWS_BYTES: usize = 256 * 1024;

/// A dialect and a server to write SQL for.
#[derive(Clone, Copy)]
pub(crate) struct Sql<'a> {
    pub(crate) dialect: &'a dyn Dialect,
    pub(crate) server: &'a Server,
}

type Result<T> = std::result::Result<T, Unsupported>;

impl Sql<'_> {
    /// A name, quoted.
    pub(crate) fn id(self, name: &str) -> Result<String> {
        self.dialect.identifier(name, self.server)
    }

    /// Names, quoted, with commas between.
    pub(crate) fn ids(self, names: &[String]) -> Result<String> {
        list(names.iter().map(|name| self.id(name)))
    }

    /// A table's name, quoted and qualified as given.
    pub(crate) fn table(self, name: &Name) -> Result<String> {
        self.dialect.table(name, self.server)
    }

    /// A value as a literal.
    pub(crate) fn value(self, value: &Value) -> Result<String> {
        self.dialect.literal(value, self.server)
    }

    /// A string as a literal.
    pub(crate) fn text(self, text: &str) -> Result<String> {
        self.value(&Value::Text(text.into()))
    }

    /// A type's name.
    pub(crate) fn ty(self, ty: &dunlin_dsl::ColumnType) -> Result<String> {
        sql_type(ty, self.server, false, &|text| self.text(text))
    }

    /// An expression's text; `what` it is says the error, where this dialect has none.
    pub(crate) fn expr(self, expr: &Expr, what: impl Display) -> Result<String> {
        match expr {
            Expr::Literal(value) => self.value(value),
            Expr::Sql(sql) => no_nul(sql, &what).cloned(),
            Expr::PerDialect(texts) => match texts.get(self.server.dialect) {
                Some(sql) => no_nul(sql, &what).cloned(),
                None => Err(Unsupported::new(
                    what,
                    format!("it has no text for {}", self.server.dialect.title()),
                    "give it a text for this dialect too",
                )),
            },
        }
    }

    /// Refuses what this server can't do: `has no INCLUDE columns`.
    pub(crate) fn refuse<T>(self, operation: impl Display, lacks: &str, instead: &str) -> Result<T> {
        Err(Unsupported::new(operation, format!("{} {lacks}", self.server), instead))
    }

    /// A constraint as it stands in CREATE TABLE or behind ADD; `named` says whether a primary key's name is kept here.
    pub(crate) fn constraint(self, constraint: &Constraint, named: bool) -> Result<String> {
        let name = match (constraint.label().name(), constraint) {
            (None, _) => String::new(),
            (Some(_), Constraint::PrimaryKey(_)) if !named => String::new(),
            (Some(name), _) => format!("CONSTRAINT {} ", self.id(name)?),
        };
        Ok(match constraint {
            Constraint::PrimaryKey(key) => {
                let columns = self.key(&key.columns, key.without_overlaps, &key.include)?;
                format!("{name}PRIMARY KEY {columns}{}", deferral(key.deferrable))
            }
            Constraint::Unique(unique) => {
                let nulls = if unique.nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
                let columns = self.key(&unique.columns, unique.without_overlaps, &unique.include)?;
                format!("{name}UNIQUE{nulls} {columns}{}", deferral(unique.deferrable))
            }
            Constraint::ForeignKey(key) => {
                // Read back from SQLite it may leave the columns out, which are the primary key then.
                let referred = match key.references_columns.as_slice() {
                    [] => String::new(),
                    columns => format!(" ({})", self.referring(columns, key.period)?),
                };
                let columns = self.referring(&key.columns, key.period)?;
                let table = self.table(&key.references)?;
                format!("{name}FOREIGN KEY ({columns}) REFERENCES {table}{referred}{}", self.actions(key)?)
            }
            Constraint::Check(check) => {
                let inherit = if check.no_inherit { " NO INHERIT" } else { "" };
                let expr = self.expr(&check.expr, "add a check")?;
                format!("{name}CHECK ({expr}){inherit}{}", enforcement(check.enforcement))
            }
            Constraint::Exclusion(exclusion) => {
                let operation = format!("add exclusion constraint {}", exclusion.label);
                return self.refuse(
                    operation,
                    "has no exclusion constraints",
                    "check it where rows are written",
                );
            }
        })
    }

    /// What a key is over, in brackets, and what its index has beside.
    fn key(self, columns: &[String], without_overlaps: bool, include: &[String]) -> Result<String> {
        let overlaps = if without_overlaps { " WITHOUT OVERLAPS" } else { "" };
        let include = match include {
            [] => String::new(),
            columns => format!(" INCLUDE ({})", self.ids(columns)?),
        };
        Ok(format!("({}{overlaps}){include}", self.ids(columns)?))
    }

    /// The columns of a foreign key, or those it refers to, of which the last may be a range.
    fn referring(self, columns: &[String], period: bool) -> Result<String> {
        match columns.split_last().filter(|_| period) {
            None => self.ids(columns),
            Some((range, [])) => Ok(format!("PERIOD {}", self.id(range)?)),
            Some((range, others)) => Ok(format!("{}, PERIOD {}", self.ids(others)?, self.id(range)?)),
        }
    }

    /// What a foreign key does, and when, in words that begin with a space.
    fn actions(self, key: &ForeignKey) -> Result<String> {
        let mut text = String::new();
        if key.matching == Match::Full {
            text += " MATCH FULL";
        }
        for (when, what) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
            if what != Action::NoAction {
                text += &format!(" ON {when} {}", action(what));
            }
            if when == "DELETE" && !key.on_delete_columns.is_empty() {
                text += &format!(" ({})", self.ids(&key.on_delete_columns)?);
            }
        }
        Ok(text + deferral(key.deferrable) + enforcement(key.enforcement))
    }

    /// INSERT statements for rows; `overriding` stands before VALUES.
    pub(crate) fn insert(
        self,
        table: &Name,
        columns: &[String],
        rows: &[Vec<Value>],
        overriding: &str,
    ) -> Result<Vec<String>> {
        let head = format!("INSERT INTO {} ({}){overriding} VALUES ", self.table(table)?, self.ids(columns)?);
        let rows =
            rows.iter().map(|row| Ok(format!("({})", list(row.iter().map(|value| self.value(value)))?)));
        Ok(chunks(rows, ROWS)?.into_iter().map(|rows| format!("{head}{}", rows.join(", "))).collect())
    }

    /// DELETE statements for rows by their keys.
    pub(crate) fn delete(self, table: &Name, columns: &[String], keys: &[Vec<Value>]) -> Result<Vec<String>> {
        let head = format!("DELETE FROM {} WHERE ", self.table(table)?);
        let ids = columns.iter().map(|column| self.id(column)).collect::<Result<Vec<_>>>()?;
        if let [id] = ids.as_slice() {
            let keys = keys.iter().flatten().map(|value| self.value(value));
            let chunks = chunks(keys, ROWS)?.into_iter();
            return Ok(chunks.map(|keys| format!("{head}{id} IN ({})", keys.join(", "))).collect());
        }
        let key = |key: &Vec<Value>| {
            let parts = ids.iter().zip(key).map(|(id, value)| Ok(format!("{id} = {}", self.value(value)?)));
            Ok(format!("({})", parts.collect::<Result<Vec<_>>>()?.join(" AND ")))
        };
        let chunks = chunks(keys.iter().map(key), ROWS)?.into_iter();
        Ok(chunks.map(|keys| format!("{head}{}", keys.join(" OR "))).collect())
    }
}

/// The tables among the objects that are to be read.
pub(crate) fn tables_among(objects: &[ObjectId]) -> Vec<Name> {
    let tables = objects.iter().filter(|object| object.kind == ObjectKind::Table);
    tables.map(|object| object.name.clone()).collect()
}

/// Changes the schema as `op` does; a conflict is what can't be done. `cascades` says whether the server heeds CASCADE.
pub(crate) fn advance(schema: &mut Schema, op: &Op, cascades: bool) -> Result<()> {
    apply(schema, op).map_err(|conflict| stopped(conflict, cascades))
}

/// What stands in an operation's way, and what to do about it.
pub(crate) fn stopped(conflict: Conflict, cascades: bool) -> Unsupported {
    let instead = match (conflict.instead, conflict.cascades) {
        (Some(instead), true) if cascades => format!("{instead}, or say cascade"),
        (Some(instead), _) => instead,
        (None, true) if cascades => "drop that first, or say cascade".into(),
        (None, true) => "drop that first".into(),
        (None, false) => MISSING.into(),
    };
    Unsupported::new(conflict.operation, conflict.reason, instead)
}

/// What to do where something isn't as an operation needs it.
pub(crate) const MISSING: &str = "create it before, or name what the database has";

/// The part of a schema that one operation is about. A whole schema isn't copied for each of ten thousand operations.
pub(crate) fn part(schema: &Schema, op: &Op) -> Schema {
    let Some(id) = op.object() else { return schema.clone() };
    let mut part = Schema::new();
    let mut names = vec![&id.name];
    if let Op::AlterTable {
        change:
            TableChange::Attach { partition: other, .. }
            | TableChange::Detach { partition: other, .. }
            | TableChange::Inherit(other)
            | TableChange::NoInherit(other),
        ..
    } = op
    {
        names.push(other);
    }
    for table in names.into_iter().filter_map(|name| schema.get(name)) {
        part.insert(table.clone());
    }
    if let Some(object) = schema.object(&id) {
        part.insert_object(object.clone());
    }
    part
}

/// The statement that drops something, with what it does to triggers elsewhere: these stay, and find it no more.
pub(crate) fn left_behind(mut statement: Statement, dropped: &Name, notes: &Notes) -> Statement {
    let is_own = |of: &&Dependent| of.object.as_ref().is_some_and(|id| id.on.as_ref() == Some(dropped));
    let triggers = notes.dependents.iter().filter(|dependent| dependent.kind == DependentKind::Trigger);
    for trigger in triggers.filter(|trigger| !is_own(trigger)) {
        let message = format!("{trigger} mentions it, and fails from then on");
        statement = statement.hazard(HazardKind::MayFail, message);
    }
    statement
}

/// Parts with commas between.
pub(crate) fn list(parts: impl Iterator<Item = Result<String>>) -> Result<String> {
    Ok(parts.collect::<Result<Vec<_>>>()?.join(", "))
}

/// Quotes a name: nothing empty, no NUL, and no more than `limit` says.
pub(crate) fn quote(name: &str, mark: char, limit: Option<Limit>, server: &Server) -> Result<String> {
    let operation = || format!("name something {:?}", shown(name));
    if name.is_empty() {
        return Err(Unsupported::new(operation(), "a name has at least one character", "give it a name"));
    }
    if name.contains('\0') {
        return Err(Unsupported::new(operation(), "no server takes NUL in a name", "choose another name"));
    }
    if let Some(limit) = limit {
        let (length, most, unit) = match limit {
            Limit::Bytes(most) => (name.len(), most, "bytes"),
            Limit::Characters(most) => (name.chars().count(), most, "characters"),
        };
        if length > most {
            let reason = format!("it has {length} {unit}, and {server} takes {most} at most");
            return Err(Unsupported::new(operation(), reason, "choose a shorter name"));
        }
    }
    let mut quoted = String::with_capacity(name.len() + 2);
    quoted.push(mark);
    for c in name.chars() {
        if c == mark {
            quoted.push(mark);
        }
        quoted.push(c);
    }
    quoted.push(mark);
    Ok(quoted)
}

/// How long a name may be.
#[derive(Clone, Copy)]
pub(crate) enum Limit {
    /// PostgreSQL counts bytes, and would cut what is longer without a word.
    Bytes(usize),
    /// MySQL and MariaDB count characters.
    Characters(usize),
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a refused text literal with NUL in it is called.
pub(crate) fn nul_in_text(server: &Server) -> Unsupported {
    Unsupported::new(
        "write a text with NUL in it",
        format!("{server} keeps no such text"),
        "use bytes, or leave the NUL out",
    )
}

/// The action's words.
pub(crate) fn action(action: Action) -> &'static str {
    match action {
        Action::NoAction => "NO ACTION",
        Action::Restrict => "RESTRICT",
        Action::Cascade => "CASCADE",
        Action::SetNull => "SET NULL",
        Action::SetDefault => "SET DEFAULT",
    }
}

/// Leaves out how PostgreSQL keeps an index and samples its expressions, which means nothing elsewhere.
pub(crate) fn forget_storage(index: &mut Index) {
    index.storage.clear();
    index.tablespace = None;
    index.statistics.clear();
}

/// A label for a name that was read back.
pub(crate) fn given(name: impl Into<String>) -> Label {
    Label::Given(name.into())
}

/// Which rows a constraint holds for, in words that begin with a space.
fn enforcement(enforcement: Enforcement) -> &'static str {
    match enforcement {
        Enforcement::Full => "",
        Enforcement::NotValid => " NOT VALID",
        Enforcement::NotEnforced => " NOT ENFORCED",
    }
}

/// When a constraint is checked, in words that begin with a space.
pub(crate) fn deferral(deferrable: Deferrable) -> &'static str {
    match deferrable {
        Deferrable::No => "",
        Deferrable::InitiallyImmediate => " DEFERRABLE INITIALLY IMMEDIATE",
        Deferrable::InitiallyDeferred => " DEFERRABLE INITIALLY DEFERRED",
    }
}

/// Lists of at most so many texts, and of about so many bytes.
fn chunks(texts: impl Iterator<Item = Result<String>>, most: usize) -> Result<Vec<Vec<String>>> {
    let mut chunks: Vec<Vec<String>> = Vec::new();
    let mut bytes = 0;
    for text in texts {
        let text = text?;
        bytes += text.len();
        match chunks.last_mut() {
            Some(chunk) if chunk.len() < most && bytes < ROWS_BYTES => chunk.push(text),
            _ => {
                bytes = text.len();
                chunks.push(vec![text]);
            }
        }
    }
    Ok(chunks)
}

/// Hand-written text, which no server takes with NUL in it: most would run what stands before it.
fn no_nul<'t>(sql: &'t String, what: &impl Display) -> Result<&'t String> {
    match sql.contains('\0') {
        true => Err(Unsupported::new(what, "its SQL has NUL in it", "leave the NUL out")),
        false => Ok(sql),
    }
}

fn shown(name: &str) -> String {
    name.chars().take(80).collect()
}
