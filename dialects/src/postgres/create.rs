//! What is written when something is created: tables, columns, indexes, comments.

mod index;

use dunlin_dsl::{
    Column, ColumnType, Constraint, Expect, Expr, Generated, Identity, Name, ObjectId, ReplicaIdentity,
    RowSecurity, Schema, StatementCheck, Table, Unsupported, Value, Version, When,
};

use super::object::access;
use super::{alter, constraint, lower, options, partition, print};
use crate::lex::{self, Kind};
use crate::sql::{Sql, list};

pub(super) use index::{index, index_comment, index_name, index_probe, index_statistics, key, sampled};

type Result<T> = std::result::Result<T, Unsupported>;

/// From here on a refusal of NULL has a name.
const NOT_NULL_NAMES: Version = Version::new(18, 0, 0);

/// The statements that create a table with all that belongs to it, where `known` is there already.
pub(super) fn table(table: &Table, if_not_exists: bool, known: &Schema, sql: Sql<'_>) -> Result<Vec<String>> {
    let operation = format!("create table {}", table.name);
    let name = sql.table(&table.name)?;
    let mut statements = vec![alone(&operation, table, if_not_exists, known, sql)?];
    for (usual, other) in table.notes.renamed.iter().filter(|(usual, name)| usual != name) {
        let index = sql.table(&table.name.sibling(usual))?;
        statements.push(format!("ALTER INDEX {index} RENAME TO {}", sql.id(other)?));
    }
    for constraint in table.constraints().filter(|one| constraint::is_apart(table, one)) {
        let text = constraint::constraint(&operation, &table.name, &constraint, sql)?;
        statements.push(format!("ALTER TABLE {name} ADD {text}"));
    }
    for column in table.columns.iter().filter(|column| column.not_null_not_valid) {
        let text = not_null_not_valid(&operation, &table.name, column, sql)?;
        statements.push(format!("ALTER TABLE {name} ADD {text}"));
    }
    let mut changes = Vec::new();
    for column in &table.columns {
        changes.extend(alter::options(&operation, column, sql)?.into_iter().map(|change| change.text));
    }
    if !changes.is_empty() {
        statements.push(format!("ALTER TABLE {name}\n  {}", changes.join(",\n  ")));
    }
    for index in &table.indexes {
        statements.push(self::index(&table.name, index, false, false, sql)?);
        statements.extend(index_statistics(&table.name, index, sql)?);
    }
    if let Some(text) = &table.comment {
        statements.push(comment("TABLE", &name, Some(text), sql)?);
    }
    for column in &table.columns {
        if let Some(text) = &column.comment {
            let column = format!("{name}.{}", sql.id(&column.name)?);
            statements.push(comment("COLUMN", &column, Some(text), sql)?);
        }
    }
    for (constraint, text) in &table.constraint_comments {
        statements.push(constraint_comment(&table.name, constraint, Some(text), sql)?);
    }
    for index in &table.indexes {
        statements.extend(index_comment(&table.name, index, sql)?);
    }
    if let Some(index) = &table.cluster {
        statements.push(cluster(&operation, "TABLE", table, index, sql)?);
    }
    if table.replica_identity != ReplicaIdentity::default() {
        statements.push(replica_identity(&table.name, &table.replica_identity, sql)?);
    }
    statements.extend(row_security(&table.name, RowSecurity::default(), table.row_security, sql)?);
    if let Some(owner) = &table.notes.owner {
        statements.push(format!("ALTER TABLE {name} OWNER TO {}", access::role(owner, sql)?));
    }
    let id = ObjectId::table(&table.name);
    let revoked = access::revoke(&id, &table.notes.revoked, sql)?;
    let grants = access::grant(&id, &table.grants, sql)?;
    statements.extend(revoked.into_iter().chain(grants).map(|statement| statement.sql));
    Ok(statements)
}

/// CREATE TABLE.
fn alone(
    operation: &str,
    table: &Table,
    if_not_exists: bool,
    known: &Schema,
    sql: Sql<'_>,
) -> Result<String> {
    let mut parts = Vec::with_capacity(table.columns.len() + 2);
    for column in &table.columns {
        parts.push(match table.partition_of {
            Some(_) => partition_column(operation, column, sql)?,
            None => self::column(operation, &table.name, column, known, sql)?,
        });
    }
    if sql.server.version >= NOT_NULL_NAMES {
        for (column, name) in &table.notes.not_null_names {
            parts.push(format!("CONSTRAINT {} NOT NULL {}", sql.id(name)?, sql.id(column)?));
        }
    }
    for constraint in table.constraints().filter(|one| !constraint::is_apart(table, one)) {
        parts.push(constraint::constraint(operation, &table.name, &constraint, sql)?);
    }
    let unlogged = if table.options.unlogged { "UNLOGGED " } else { "" };
    let exists = if if_not_exists { "IF NOT EXISTS " } else { "" };
    let mut text = format!("CREATE {unlogged}TABLE {exists}{}", sql.table(&table.name)?);
    let body = if parts.is_empty() { String::new() } else { format!("\n  {}\n", parts.join(",\n  ")) };
    match &table.partition_of {
        Some(of) => {
            text += &format!(" PARTITION OF {}", sql.table(&of.parent)?);
            if !body.is_empty() {
                text += &format!(" ({body})");
            }
            text += &format!(" {}", partition::bound(operation, &of.bound, sql)?);
        }
        None => text += &format!(" ({body})"),
    }
    if !table.inherits.is_empty() {
        text += &format!(" INHERITS ({})", list(table.inherits.iter().map(|parent| sql.table(parent)))?);
    }
    if let Some(partitioning) = &table.partitioning {
        lower::refuse_storage(operation, &table.options, sql)?;
        text += &partition::partition_by(&table.name, partitioning, sql)?;
    }
    text += &options::using(table.options.access_method.as_deref(), sql)?;
    Ok(text + &options::clauses(&table.options.storage, table.options.tablespace.as_deref(), sql)?)
}

/// What a partition's column has beyond its parent's. Its type is the parent's.
fn partition_column(operation: &str, column: &Column, sql: Sql<'_>) -> Result<String> {
    let mut text = format!("{} WITH OPTIONS", sql.id(&column.name)?);
    text += &not_null(column, sql)?;
    match (&column.generated, &column.default) {
        (Some(generated), _) => text += &generation_expression(operation, generated, sql)?,
        (None, Some(default)) => text += &format!(" DEFAULT {}", default_text(default, operation, sql)?),
        // That of the parent doesn't hold here.
        (None, None) => text += " DEFAULT NULL",
    }
    Ok(text)
}

/// What makes of a table's row security another one.
pub(super) fn row_security(
    table: &Name,
    was: RowSecurity,
    is: RowSecurity,
    sql: Sql<'_>,
) -> Result<Vec<String>> {
    let name = sql.table(table)?;
    let changes =
        [(was.enabled, is.enabled, "ENABLE", "DISABLE"), (was.forced, is.forced, "FORCE", "NO FORCE")];
    let changed = changes.into_iter().filter(|(was, is, ..)| was != is);
    Ok(changed
        .map(|(_, is, on, off)| {
            format!("ALTER TABLE {name} {} ROW LEVEL SECURITY", if is { on } else { off })
        })
        .collect())
}

/// ALTER TABLE .. REPLICA IDENTITY.
pub(super) fn replica_identity(table: &Name, identity: &ReplicaIdentity, sql: Sql<'_>) -> Result<String> {
    let words = match identity {
        ReplicaIdentity::PrimaryKey => "DEFAULT".to_owned(),
        ReplicaIdentity::Full => "FULL".to_owned(),
        ReplicaIdentity::Nothing => "NOTHING".to_owned(),
        ReplicaIdentity::Index(index) => format!("USING INDEX {}", sql.id(index)?),
    };
    Ok(format!("ALTER TABLE {} REPLICA IDENTITY {words}", sql.table(table)?))
}

/// The mark of the index in whose order CLUSTER puts the rows. It is refused where the server would refuse it: on a
/// partial index, by a method that has no order, and on a table without rows of its own.
pub(super) fn cluster(
    op: impl std::fmt::Display,
    kind: &str,
    table: &Table,
    index: &str,
    sql: Sql<'_>,
) -> Result<String> {
    if table.partitioning.is_some() {
        let lacks = "puts the rows of no partitioned table in order, which are its partitions'";
        return sql.refuse(op, lacks, "mark the index of each partition");
    }
    let found = table.index(index);
    let method = found.and_then(|index| index.method.as_deref()).unwrap_or("btree");
    if !["btree", "gist"].iter().any(|ordered| method.eq_ignore_ascii_case(ordered)) {
        let lacks = format!("can't put rows in the order of index {index}: method {method} has none");
        return sql.refuse(op, &lacks, "name an index of method btree or gist");
    }
    if found.is_some_and(|index| index.predicate.is_some()) {
        let lacks = format!("can't put rows in the order of index {index}, which leaves some out");
        return sql.refuse(op, &lacks, "name an index without a condition");
    }
    Ok(format!("ALTER {kind} {} CLUSTER ON {}", sql.table(&table.name)?, sql.id(index)?))
}

/// COMMENT ON CONSTRAINT.
pub(super) fn constraint_comment(
    table: &Name,
    constraint: &str,
    text: Option<&str>,
    sql: Sql<'_>,
) -> Result<String> {
    comment("CONSTRAINT", &format!("{} ON {}", sql.id(constraint)?, sql.table(table)?), text, sql)
}

/// A column's definition. Where its sequence is `known` already, it isn't created with it.
pub(super) fn column(
    operation: impl std::fmt::Display,
    table: &Name,
    column: &Column,
    known: &Schema,
    sql: Sql<'_>,
) -> Result<String> {
    lower::refuse_column(&operation, column, sql)?;
    let name = sql.id(&column.name)?;
    let is_there = || known.has(&ObjectId::sequence(lower::sequence(table, &column.name)));
    if let Some(serial) = serial(table, column, sql).filter(|_| !is_there()) {
        return Ok(format!("{name} {serial}{}", not_null(column, sql)?));
    }
    let mut text = format!("{name} {}", sql.ty(&column.ty)?);
    if let Some(collation) = lower::collation(column, sql) {
        text += &format!(" COLLATE {}", print::qualified(collation, sql)?);
    }
    text += &not_null(column, sql)?;
    if let Some(generated) = &column.generated {
        text += &generation_expression(&operation, generated, sql)?;
    }
    if let Some(identity) = &column.identity {
        text += &format!(" {}", self::identity(table, &column.name, identity, sql)?);
    }
    if let Some(default) = column.default.as_ref().filter(|default| !is_null(default)) {
        text += &format!(" DEFAULT {}", default_text(default, &operation, sql)?);
    }
    Ok(text)
}

/// From here on a refusal of NULL can hold for new rows alone.
const NOT_NULL_NOT_VALID: Version = Version::new(18, 0, 0);

/// What a column's refusal of NULL is called.
pub(super) fn not_null_name(table: &Name, column: &Column) -> String {
    let usual = || dunlin_dsl::conventional_name(table, &[&column.name], "not_null");
    column.not_null_name.0.clone().unwrap_or_else(usual)
}

/// A refusal of NULL that holds for new rows alone, as it is added.
pub(super) fn not_null_not_valid(
    operation: &str,
    table: &Name,
    column: &Column,
    sql: Sql<'_>,
) -> Result<String> {
    if sql.server.version < NOT_NULL_NOT_VALID {
        let lacks = "refuses NULL in all rows or in none; 18 is the first that can do else";
        let instead = "add a check IS NOT NULL that is not_valid(), validate it, say not_null() then, and drop the check";
        return sql.refuse(operation, lacks, instead);
    }
    let (name, column) = (sql.id(&not_null_name(table, column))?, sql.id(&column.name)?);
    Ok(format!("CONSTRAINT {name} NOT NULL {column} NOT VALID"))
}

/// ` NOT NULL`, with its name where that is kept.
fn not_null(column: &Column, sql: Sql<'_>) -> Result<String> {
    let name = column.not_null_name.as_ref().filter(|_| sql.server.version >= NOT_NULL_NAMES);
    let alone = if column.not_null_no_inherit { " NO INHERIT" } else { "" };
    Ok(match (column.not_null && !column.not_null_not_valid, name) {
        (false, _) => String::new(),
        (true, None) => format!(" NOT NULL{alone}"),
        (true, Some(name)) => format!(" CONSTRAINT {} NOT NULL{alone}", sql.id(name)?),
    })
}

fn generation_expression(
    operation: impl std::fmt::Display,
    generated: &Generated,
    sql: Sql<'_>,
) -> Result<String> {
    let expr = sql.expr(&generated.expr, &operation)?;
    let kept = if generated.stored { "STORED" } else { "VIRTUAL" };
    Ok(format!(" GENERATED ALWAYS AS ({expr}) {kept}"))
}

/// `GENERATED .. AS IDENTITY`, with its options.
pub(super) fn identity(table: &Name, column: &str, identity: &Identity, sql: Sql<'_>) -> Result<String> {
    let mut options = options(identity);
    let usual = lower::sequence(table, column);
    if let Some(name) = identity.name.as_ref().filter(|name| **name != usual.name) {
        options.insert(0, format!("SEQUENCE NAME {}", sql.table(&usual.sibling(name))?));
    }
    let options = if options.is_empty() { String::new() } else { format!(" ({})", options.join(" ")) };
    Ok(format!("GENERATED {} AS IDENTITY{options}", generation(identity)))
}

/// Who gives the numbers.
pub(super) fn generation(identity: &Identity) -> &'static str {
    if identity.always { "ALWAYS" } else { "BY DEFAULT" }
}

fn options(identity: &Identity) -> Vec<String> {
    let numbers = [
        ("START WITH", identity.start),
        ("INCREMENT BY", identity.increment),
        ("MINVALUE", identity.min),
        ("MAXVALUE", identity.max),
        ("CACHE", identity.cache),
    ];
    let mut options: Vec<String> =
        numbers.iter().filter_map(|(words, number)| Some(format!("{words} {}", (*number)?))).collect();
    if identity.cycle {
        options.push("CYCLE".into());
    }
    options
}

/// A default as it stands behind DEFAULT, where only some expressions need no brackets.
pub(super) fn default_text(
    default: &Expr,
    operation: impl std::fmt::Display,
    sql: Sql<'_>,
) -> Result<String> {
    let text = sql.expr(default, operation)?;
    let plain = match lex::tokens(&text).as_slice() {
        [one] => one.kind != Kind::Quoted,
        // A call.
        [name, open, .., close] => {
            name.kind == Kind::Word
                && open.kind == Kind::Punct('(')
                && close.kind == Kind::Punct(')')
                && print::bare(&text[open.start..]) != &text[open.start..]
        }
        _ => false,
    };
    Ok(if plain || matches!(default, Expr::Literal(_)) { text } else { format!("({text})") })
}

/// A default that PostgreSQL keeps no trace of.
pub(super) fn is_null(default: &Expr) -> bool {
    *default == Expr::Literal(Value::Null)
}

/// Whether the server numbers the column, by identity or by a sequence of its own.
pub(super) fn is_numbered(table: &Name, column: &Column, sql: Sql<'_>) -> bool {
    column.identity.is_some() || is_serial(&column.ty) || serial(table, column, sql).is_some()
}

/// Whether a type is one of the words that stand for an integer and a sequence.
pub(super) fn is_serial(ty: &ColumnType) -> bool {
    matches!(ty, ColumnType::Native(name) if lower::serial(name).is_some())
}

/// The word for a column that takes its numbers from a sequence of its own: the sequence comes and goes with the column,
/// and so must be created with it.
fn serial(table: &Name, column: &Column, sql: Sql<'_>) -> Option<&'static str> {
    let Some(Expr::Sql(default)) = &column.default else { return None };
    if !column.not_null || *default != lower::next_number(table, &column.name, sql) {
        return None;
    }
    match print::ty(&sql.ty(&column.ty).ok()?).as_str() {
        "smallint" => Some("smallserial"),
        "integer" => Some("serial"),
        "bigint" => Some("bigserial"),
        _ => None,
    }
}

/// Whether adding the column writes each row anew: its value isn't the same for all, or isn't known beforehand.
pub(super) fn fills_each_row(table: &Name, column: &Column, sql: Sql<'_>) -> bool {
    let volatile = column.default.as_ref().is_some_and(|default| match default.sql(sql.server.dialect) {
        None => false,
        Some(text) => calls_something(text),
    });
    is_numbered(table, column, sql)
        || column.generated.as_ref().is_some_and(|generated| generated.stored)
        || volatile
}

/// Asks whether a table has no rows, in which a new column would have no value; a domain may have a default of its own.
pub(super) fn has_no_rows(table: &Name, column: &Column, sql: Sql<'_>) -> Result<StatementCheck> {
    let (of, ty) = (sql.table(table)?, sql.text(&sql.ty(&column.ty)?)?);
    Ok(StatementCheck {
        when: When::Before,
        // What an answer has in it is told behind the message.
        query: format!(
            "SELECT '' FROM {of} WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_type AS t \
             WHERE t.oid = pg_catalog.to_regtype({ty}) AND t.typdefault IS NOT NULL) LIMIT 1"
        ),
        later: None,
        expect: Expect::Empty,
        message: format!(
            "table {table} has rows, and its new column {} refuses NULL and has no default: give it one, or add it \
             without not_null(), fill it, and say not_null() then",
            column.name
        ),
        names: Vec::new(),
    })
}

/// Whether an expression calls a function that may give each row another value. The clock of the transaction doesn't.
fn calls_something(text: &str) -> bool {
    const STABLE: [&str; 4] = ["now", "transaction_timestamp", "statement_timestamp", "current_setting"];
    let tokens = lex::tokens(text);
    tokens.windows(2).any(|pair| {
        let name = text[pair[0].start..pair[0].end].to_ascii_lowercase();
        matches!(pair[0].kind, Kind::Word | Kind::Quoted)
            && pair[1].kind == Kind::Punct('(')
            && !STABLE.contains(&name.as_str())
    })
}

/// The constraint with a name, which would be PostgreSQL's own choice.
pub(super) fn named(table: &Name, constraint: &Constraint) -> Constraint {
    let mut named = constraint.clone();
    lower::name(table, &mut named);
    named
}

/// COMMENT ON something.
pub(super) fn comment(what: &str, name: &str, text: Option<&str>, sql: Sql<'_>) -> Result<String> {
    let text = text.map_or(Ok("NULL".to_owned()), |text| sql.text(text))?;
    Ok(format!("COMMENT ON {what} {name} IS {text}"))
}
