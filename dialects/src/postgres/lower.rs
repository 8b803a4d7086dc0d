//! Schemas and operations in PostgreSQL's own terms.

pub(super) mod belonging;
mod named;
pub(super) mod object;

use std::collections::BTreeMap;

use dunlin_dsl::{
    Action, Check, Column, ColumnChange, ColumnType, Constraint, Definition, Enforcement, Exclusion, Expr,
    ForeignKey, Identity, Index, IndexKey, KeyPart, Label, MaterializedViewChange, Name, ObjectChange,
    ObjectId, Op, PerDialect, PrimaryKey, Schema, Table, TableChange, TableOptions, Unique, Unsupported,
    Value, Version, apply, conventional_name,
};

use super::object::access;
use super::{alter, create, partition, print};
use crate::choice;
use crate::sql::{Sql, hex};

type Result<T> = std::result::Result<T, Unsupported>;

/// From here on two NULLs can be the same.
const NULLS_NOT_DISTINCT: Version = Version::new(15, 0, 0);

/// From here on a constraint needn't be enforced.
const NOT_ENFORCED: Version = Version::new(18, 0, 0);

/// From here on keys can be over a period.
const PERIOD: Version = Version::new(18, 0, 0);

/// From here on a foreign key can set some of its columns alone.
const SET_COLUMNS: Version = Version::new(15, 0, 0);

/// From here on a generated column can be computed when it is read.
const VIRTUAL: Version = Version::new(18, 0, 0);

const ON: &str = "leave it out here with on(..), or give PostgreSQL another one";

/// The operations in PostgreSQL's terms: `enum` and `set` are text with a check, and what the server does beside what it
/// is told is told too, so that it can be undone. A primary key and an identity make their columns refuse NULL.
pub(super) fn ops(ops: &[Op], before: &Schema, sql: Sql<'_>) -> Result<Vec<Op>> {
    let mut schema = before.clone();
    let mut lowered = Vec::with_capacity(ops.len());
    for op in choice::lower_ops(ops, before, sql)? {
        if named::stays(&op, sql.server) {
            continue;
        }
        let op = object::op(named::as_known(op, &schema, sql.server), &schema, sql)?;
        let first = lowered.len();
        for column in refusing_null(&op, &schema) {
            if let Some(table) = op.table() {
                let change = ColumnChange::NotNull(true);
                lowered.push(Op::AlterColumn { table: table.clone(), column, change });
            }
        }
        lowered.extend(lost_collation(&op, &schema, sql)?);
        lowered.extend(object::following(&op, &schema, sql));
        lowered.extend(lost_cluster(&op, &schema));
        let (lost, kept) = kept_options(&op, &schema, sql)?;
        lowered.extend(lost);
        match carried_default(&op, &schema, sql)? {
            Some([drop, set]) => lowered.extend([drop, op, set]),
            None => lowered.push(op),
        }
        lowered.extend(kept);
        for op in &lowered[first..] {
            // What can't be applied is refused when it is rendered.
            let _ = apply(&mut schema, op);
        }
    }
    Ok(lowered)
}

/// Before a change of type to one that isn't text: the collation goes, so that undoing both brings it back.
fn lost_collation(op: &Op, schema: &Schema, sql: Sql<'_>) -> Result<Option<Op>> {
    let Op::AlterColumn { table, column, change: ColumnChange::Type { to, .. } } = op else {
        return Ok(None);
    };
    let known = schema.get(table).and_then(|table| table.column(column));
    let Some(collation) = known.map(|known| &known.collation).filter(|collation| !collation.is_empty())
    else {
        return Ok(None);
    };
    let ty = sql.ty(to)?;
    let is_text = ["text", "varchar", "char", "bpchar", "name", "citext"].iter().any(|of| ty.starts_with(of));
    let change = ColumnChange::Collation(PerDialect::default());
    let drop = Op::AlterColumn { table: table.clone(), column: column.clone(), change };
    Ok(Some(drop).filter(|_| !is_text && collation.get(sql.server.dialect).is_some()))
}

/// Before the index goes in whose order a table's rows are put: the mark goes, so that undoing both brings it back.
fn lost_cluster(op: &Op, schema: &Schema) -> Option<Op> {
    if let Op::DropIndex { table, name, .. } = op {
        let id = ObjectId::materialized_view(table);
        if let Some(Definition::MaterializedView(of)) = schema.object(&id).map(|object| &object.definition) {
            let change = ObjectChange::MaterializedView(MaterializedViewChange::Cluster(None));
            return (of.cluster.as_ref() == Some(name)).then_some(Op::AlterObject { object: id, change });
        }
    }
    let is_drop = matches!(op, Op::DropIndex { .. } | Op::DropConstraint { .. } | Op::DropColumn { .. });
    let known = op.table().filter(|_| is_drop).and_then(|table| schema.get(table))?;
    known.cluster.as_ref()?;
    let mut after = Schema::new();
    after.insert(known.clone());
    apply(&mut after, op).ok()?;
    let is_lost = after.get(&known.name).is_some_and(|after| after.cluster.is_none());
    is_lost.then(|| Op::AlterTable { table: known.name.clone(), change: TableChange::Cluster(None) })
}

/// Around a change of type, with which the server forgets how the column is stored: the options go, and those that the new
/// type can have come back.
fn kept_options(op: &Op, schema: &Schema, sql: Sql<'_>) -> Result<(Vec<Op>, Vec<Op>)> {
    let Op::AlterColumn { table, column, change: ColumnChange::Type { to, .. } } = op else {
        return Ok(Default::default());
    };
    let Some(known) = schema.get(table).and_then(|table| table.column(column)) else {
        return Ok(Default::default());
    };
    let is_long = usual_storage(&print::ty(&sql.ty(to)?)) != Some("plain");
    let options = known.options.iter().filter(|(name, _)| matches!(name.as_str(), "storage" | "compression"));
    let set = |name: &String, value: Option<&String>| {
        let change = ColumnChange::Option { name: name.clone(), value: value.cloned() };
        Op::AlterColumn { table: table.clone(), column: column.clone(), change }
    };
    let (lost, kept): (Vec<_>, Vec<_>) =
        options.map(|(name, value)| (set(name, None), set(name, Some(value)))).unzip();
    Ok((lost, if is_long { kept } else { Vec::new() }))
}

/// How values of a type are stored unless something else is said; of a type of somebody's own only the server knows.
pub(super) fn usual_storage(ty: &str) -> Option<&'static str> {
    if ty.ends_with(']') {
        return Some("extended");
    }
    Some(match ty.split_once('(').unwrap_or((ty, "")).0.trim_end() {
        "numeric" | "inet" | "cidr" => "main",
        "smallint" | "integer" | "bigint" | "real" | "double precision" | "boolean" | "date" | "uuid"
        | "interval" | "macaddr" | "macaddr8" | "money" | "oid" | "\"char\"" | "name" | "point" | "box"
        | "lseg" | "line" | "circle" | "tsquery" => "plain",
        "text" | "character varying" | "character" | "bpchar" | "bytea" | "json" | "jsonb" | "xml"
        | "bit" | "bit varying" | "tsvector" | "path" | "polygon" => "extended",
        ty if ty.starts_with("time") => "plain",
        ty if ty.starts_with("interval") => "plain",
        _ => return None,
    })
}

/// Around a change of type: the default goes, and comes back as one of the new type.
fn carried_default(op: &Op, schema: &Schema, sql: Sql<'_>) -> Result<Option<[Op; 2]>> {
    let Op::AlterColumn { table, column, change: ColumnChange::Type { to, .. } } = op else {
        return Ok(None);
    };
    let Some(known) = schema.get(table).and_then(|table| table.column(column)) else { return Ok(None) };
    let Some(carried) = alter::carried_default(known, to, sql)? else { return Ok(None) };
    let change = |default| {
        let change = ColumnChange::Default(default);
        Op::AlterColumn { table: table.clone(), column: column.clone(), change }
    };
    Ok(Some([change(None), change(Some(carried))]))
}

/// The nullable columns that an operation makes refuse NULL.
fn refusing_null(op: &Op, schema: &Schema) -> Vec<String> {
    let Some(table) = op.table().and_then(|table| schema.get(table)) else { return Vec::new() };
    let columns: &[String] = match op {
        Op::AddConstraint { constraint: Constraint::PrimaryKey(key), .. } => &key.columns,
        Op::AlterColumn { column, change: ColumnChange::Identity(Some(_)), .. } => {
            std::slice::from_ref(column)
        }
        _ => &[],
    };
    let nullable = |column: &&String| table.column(column).is_some_and(|column| !column.not_null);
    columns.iter().filter(nullable).cloned().collect()
}

/// A table in PostgreSQL's own terms, or what PostgreSQL can't do of it. Lowering what is low changes nothing.
///
/// Constraints and indexes are sorted by name: the catalog keeps no order among them.
pub(super) fn table(table: &Table, sql: Sql<'_>) -> Result<Table> {
    let operation = format!("create table {}", table.name);
    let mut low = table.clone();
    choice::lower_table(&mut low, sql)?;
    low.options = options(&low.options);
    low.comment = present(low.comment);
    let keys: Vec<String> = low.primary_key.iter().flat_map(|key| key.columns.clone()).collect();
    for column in &mut low.columns {
        refuse_column(&operation, column, sql)?;
        *column = self::column(&low.name, column, sql)?;
        column.not_null |= keys.contains(&column.name);
        // A partition's column says it where it is as its type is, and its parent's isn't.
        if low.partition_of.is_none() {
            let usual = usual_storage(&column.ty.to_string());
            let is_usual =
                |name: &str, value: &str| value == "default" || name == "storage" && usual == Some(value);
            column.options.retain(|name, value| !is_usual(name, value));
        }
    }
    for constraint in low.constraints() {
        refuse_constraint(&operation, &constraint, sql)?;
    }
    if let Some(key) = &mut low.primary_key {
        let mut named = Constraint::PrimaryKey(key.clone());
        name(&low.name, &mut named);
        settle(&mut key.label, named);
    }
    for unique in &mut low.uniques {
        let mut named = Constraint::Unique(unique.clone());
        name(&low.name, &mut named);
        settle(&mut unique.label, named);
    }
    for key in &mut low.foreign_keys {
        let mut named = Constraint::ForeignKey(key.clone());
        name(&low.name, &mut named);
        settle(&mut key.label, named);
        key.on_delete_columns = in_order(&key.columns, &key.on_delete_columns);
        if key.references.schema.as_ref() == Some(&sql.server.schema) && low.name.schema.is_none() {
            key.references.schema = None;
        }
    }
    let texts: Vec<String> = low.columns.iter().filter(is_text).map(|column| column.name.clone()).collect();
    for check in &mut low.checks {
        let mut named = Constraint::Check(check.clone());
        name(&low.name, &mut named);
        settle(&mut check.label, named);
        let text = expr(&check.expr, &operation, sql)?;
        let printed = texts.iter().find_map(|column| printed_choice(&low.name, column, &text, sql));
        check.expr = Expr::Sql(printed.unwrap_or(text));
    }
    for exclusion in &mut low.exclusions {
        *exclusion = self::exclusion(&low.name, exclusion, sql)?;
    }
    for index in &mut low.indexes {
        *index = self::index(&low.name, index, sql)?;
    }
    low.constraint_comments.retain(|_, comment| !comment.is_empty());
    low.grants = access::lower(&ObjectId::table(&low.name), &low.grants, sql);
    partition::lower(&mut low, sql)?;
    sort(&mut low);
    Ok(low)
}

/// Those of the columns that are among some, in the columns' order.
fn in_order(columns: &[String], some: &[String]) -> Vec<String> {
    columns.iter().filter(|column| some.contains(column)).cloned().collect()
}

/// Puts constraints and indexes into the order of their names.
pub(super) fn sort(table: &mut Table) {
    fn name(label: &Label) -> String {
        label.name().unwrap_or_default().to_owned()
    }
    table.uniques.sort_by_cached_key(|unique| name(&unique.label));
    table.foreign_keys.sort_by_cached_key(|key| name(&key.label));
    table.checks.sort_by_cached_key(|check| name(&check.label));
    table.exclusions.sort_by_cached_key(|exclusion| name(&exclusion.label));
    table.indexes.sort_by_cached_key(|index| name(&index.label));
}

/// The options that mean something here.
pub(super) fn options(options: &TableOptions) -> TableOptions {
    TableOptions {
        unlogged: options.unlogged,
        storage: super::options::lower(&options.storage),
        tablespace: options.tablespace.clone(),
        access_method: options.access_method.clone().filter(|method| method != super::options::HEAP),
        ..TableOptions::default()
    }
}

/// A column in PostgreSQL's own terms.
fn column(table: &Name, column: &Column, sql: Sql<'_>) -> Result<Column> {
    let operation = format!("write column {}", column.name);
    let written = sql.ty(&column.ty)?;
    let mut low = Column::new(&column.name, ColumnType::Boolean);
    low.not_null = column.not_null;
    low.not_null_not_valid = column.not_null && column.not_null_not_valid;
    low.not_null_name = column.not_null_name.clone();
    low.options = options_of_column(&column.options);
    low.comment = present(column.comment.clone());
    low.collation = match collation(column, sql) {
        Some(collation) => PerDialect::default().with(sql.server.dialect, print::found(collation, sql)),
        None => PerDialect::default(),
    };
    if let Some(integer) = serial(&written) {
        low.ty = ColumnType::Native(integer.into());
        low.not_null = true;
        low.default = Some(Expr::Sql(next_number(table, &column.name, sql)));
        return Ok(low);
    }
    let ty = print::ty(&written);
    if let Some(default) = column.default.as_ref().filter(|default| !create::is_null(default)) {
        low.default = Some(Expr::Sql(self::default(default, &ty, &operation, sql)?));
    }
    if let Some(generated) = &column.generated {
        let expr = Expr::Sql(expr(&generated.expr, &operation, sql)?);
        low.generated = Some(dunlin_dsl::Generated { expr, stored: generated.stored });
    }
    if let Some(identity) = &column.identity {
        low.identity = Some(self::identity(identity, &ty));
        low.not_null = true;
    }
    low.ty = ColumnType::Native(ty);
    Ok(low)
}

/// A column's options as they are read back: but for what is known of values, in small letters.
pub(super) fn options_of_column(options: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let lower = |(name, value): (&String, &String)| (name.to_ascii_lowercase(), value.to_ascii_lowercase());
    options.iter().map(lower).filter(|(name, value)| name != "statistics" || value != "-1").collect()
}

/// The integer that a word such as `serial` stands for.
pub(super) fn serial(ty: &str) -> Option<&'static str> {
    match ty.to_ascii_lowercase().as_str() {
        "smallserial" | "serial2" => Some("smallint"),
        "serial" | "serial4" => Some("integer"),
        "bigserial" | "serial8" => Some("bigint"),
        _ => None,
    }
}

/// The default of a column that takes its numbers from a sequence of its own, with the sequence's conventional name.
pub(super) fn next_number(table: &Name, column: &str, sql: Sql<'_>) -> String {
    let sequence = print::name(&sequence(table, column).name);
    let schema = table.schema.as_ref().filter(|schema| **schema != sql.server.schema);
    let sequence = match schema {
        Some(schema) => format!("{}.{sequence}", print::name(schema)),
        None => sequence,
    };
    format!("nextval({}::regclass)", print::catalog_literal(&sequence))
}

/// What PostgreSQL calls the sequence of a column: over-long names lose their ends, the longer one first.
pub(super) fn sequence(table: &Name, column: &str) -> Name {
    const ROOM: usize = 63 - "__seq".len();
    let (mut first, mut second) = (table.name.len(), column.len());
    while first + second > ROOM {
        if first > second { first -= 1 } else { second -= 1 }
    }
    let cut = |name: &str, mut end: usize| {
        while !name.is_char_boundary(end) {
            end -= 1;
        }
        name[..end].to_owned()
    };
    table.sibling(format!("{}_{}_seq", cut(&table.name, first), cut(column, second)))
}

/// A default as the catalog prints it, where it is a literal; other text is only known once the server has read it.
fn default(default: &Expr, ty: &str, operation: &str, sql: Sql<'_>) -> Result<String> {
    let Expr::Literal(value) = default else { return expr(default, operation, sql) };
    let (base, _) = ty.split_once('(').unwrap_or((ty, ""));
    let base = match base {
        "character" => "bpchar".to_owned(),
        // The precision of a time stands in the middle of its name.
        time if time.starts_with("time") => match ty.split_once(')') {
            Some((_, zone)) => format!("{}{zone}", base.trim_end()),
            None => ty.to_owned(),
        },
        base => base.to_owned(),
    };
    let base = if ty.ends_with("[]") { ty } else { base.as_str() };
    Ok(match value {
        Value::Bool(value) if base == "boolean" => value.to_string(),
        Value::Int(value) => match i32::try_from(*value) {
            Ok(small) if small >= 0 => small.to_string(),
            Ok(small) => format!("'{small}'::integer"),
            Err(_) if i64::try_from(*value).is_ok() => format!("'{value}'::bigint"),
            Err(_) => format!("'{value}'::numeric"),
        },
        Value::Float(value) if value.0.is_finite() && !format!("{:?}", value.0).contains('e') => {
            match value.0.is_sign_negative() {
                false => format!("{:?}", value.0),
                true => format!("'{:?}'::numeric", value.0),
            }
        }
        Value::Float(value) if value.0.is_nan() => "'NaN'::double precision".into(),
        Value::Text(text) => format!("{}::{base}", print::catalog_literal(text)),
        Value::Bytes(bytes) => format!("'\\x{}'::bytea", hex(bytes)),
        value => sql.value(value)?,
    })
}

/// Identity options without those that the server would choose itself.
pub(super) fn identity(identity: &Identity, ty: &str) -> Identity {
    let greatest = match ty {
        "smallint" => i64::from(i16::MAX),
        "integer" => i64::from(i32::MAX),
        _ => i64::MAX,
    };
    let up = identity.increment.is_none_or(|step| step > 0);
    let (least, most) = if up { (1, greatest) } else { (-greatest - 1, -1) };
    let (min, max) = (identity.min.unwrap_or(least), identity.max.unwrap_or(most));
    Identity {
        always: identity.always,
        start: identity.start.filter(|start| *start != if up { min } else { max }),
        increment: identity.increment.filter(|step| *step != 1),
        min: Some(min).filter(|min| *min != least),
        max: Some(max).filter(|max| *max != most),
        cache: identity.cache.filter(|cache| *cache != 1),
        cycle: identity.cycle,
        name: identity.name.clone(),
        ..Identity::default()
    }
}

/// An index in PostgreSQL's own terms.
fn index(table: &Name, index: &Index, sql: Sql<'_>) -> Result<Index> {
    let operation = format!("create index {} on table {table}", index.label);
    refuse_index(&operation, index, sql)?;
    let mut low = index.clone();
    low.label = Label::Given(create::index_name(table, index));
    low.comment = present(low.comment);
    low.method = low.method.map(|method| method.to_ascii_lowercase()).filter(|method| method != "btree");
    low.storage = super::options::lower(&low.storage);
    for key in &mut low.keys {
        *key = index_key(key, &operation, sql)?;
    }
    if let Some(predicate) = &mut low.predicate {
        *predicate = Expr::Sql(expr(predicate, &operation, sql)?);
    }
    Ok(low)
}

/// A key of an index in PostgreSQL's own terms.
pub(super) fn index_key(key: &IndexKey, operation: &str, sql: Sql<'_>) -> Result<IndexKey> {
    let mut low = key.clone();
    low.collation = match key.collation.get(sql.server.dialect) {
        Some(collation) => PerDialect::default().with(sql.server.dialect, print::found(collation, sql)),
        None => PerDialect::default(),
    };
    // What is the default needs no saying.
    low.nulls = key.nulls.filter(|nulls| (*nulls == dunlin_dsl::Nulls::First) != key.descending);
    if let KeyPart::Expr(on) = &mut low.on {
        *on = Expr::Sql(expr(on, operation, sql)?);
    }
    Ok(low)
}

/// An exclusion constraint in PostgreSQL's own terms.
fn exclusion(table: &Name, exclusion: &Exclusion, sql: Sql<'_>) -> Result<Exclusion> {
    let operation = format!("add exclusion constraint {} to table {table}", exclusion.label);
    let mut low = exclusion.clone();
    let mut named = Constraint::Exclusion(exclusion.clone());
    name(table, &mut named);
    settle(&mut low.label, named);
    low.method = low.method.map(|method| method.to_ascii_lowercase()).filter(|method| method != "gist");
    for element in &mut low.elements {
        element.key = index_key(&element.key, &operation, sql)?;
    }
    if let Some(predicate) = &mut low.predicate {
        *predicate = Expr::Sql(expr(predicate, &operation, sql)?);
    }
    Ok(low)
}

/// An expression's text without brackets around all of it.
fn expr(expr: &Expr, operation: &str, sql: Sql<'_>) -> Result<String> {
    Ok(print::bare(&sql.expr(expr, operation)?).to_owned())
}

/// The collation that a column asks for, if it isn't the default one.
pub(super) fn collation<'c>(column: &'c Column, sql: Sql<'_>) -> Option<&'c str> {
    column.collation.get(sql.server.dialect).map(String::as_str).filter(|collation| *collation != "default")
}

/// Gives a constraint the name that PostgreSQL would, if it has none.
pub(super) fn name(table: &Name, constraint: &mut Constraint) {
    if *constraint.label() != Label::Unnamed {
        return;
    }
    let names = |names: &[String]| names.to_vec();
    let (columns, suffix) = match &*constraint {
        Constraint::PrimaryKey(_) => (Vec::new(), "pkey"),
        Constraint::Unique(unique) => (names(&unique.columns), "key"),
        Constraint::ForeignKey(key) => (names(&key.columns), "fkey"),
        Constraint::Check(_) => (Vec::new(), "check"),
        Constraint::Exclusion(exclusion) => {
            let keys = exclusion.elements.iter().map(|element| element.key.column_name().unwrap_or("expr"));
            (keys.map(str::to_owned).collect(), "excl")
        }
    };
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    *constraint.label_mut() = Label::Derived(conventional_name(table, &columns, suffix));
}

/// What is written is given.
fn settle(label: &mut Label, named: Constraint) {
    *label = Label::Given(named.label().name().unwrap_or_default().to_owned());
}

fn present(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

fn is_text(column: &&Column) -> bool {
    matches!(&column.ty, ColumnType::Native(name) if name == "text")
}

/// A check that keeps a column to the values of an `enum` or a `set`, as the catalog prints it; none for any other check.
///
/// Such a check is known by its text: it is the one that is written for a column with the values that stand in it.
fn printed_choice(table: &Name, column: &str, check: &str, sql: Sql<'_>) -> Option<String> {
    if !check.starts_with(&sql.id(column).ok()?) {
        return None;
    }
    let values = print::strings(check);
    let members =
        values.iter().filter_map(|text| text.strip_prefix(',')?.strip_suffix(',').map(str::to_owned));
    let kinds = [ColumnType::Enum(values.clone()), ColumnType::Set(members.collect())];
    let is_written = |ty: &&ColumnType| {
        let mut alone = Table::new(table.clone());
        alone.columns.push(Column::new(column, (*ty).clone()));
        let lowered = choice::lower_table(&mut alone, sql).is_ok();
        lowered && alone.checks.first().is_some_and(|found| found.expr == Expr::Sql(check.to_owned()))
    };
    let name = print::name(column);
    let text = |value: &str| format!("{}::text", print::catalog_literal(value));
    match kinds.iter().find(is_written)? {
        ColumnType::Enum(values) => match values.as_slice() {
            [one] => Some(format!("{name} = {}", text(one))),
            values => {
                let values: Vec<_> = values.iter().map(|value| text(value)).collect();
                Some(format!("{name} = ANY (ARRAY[{}])", values.join(", ")))
            }
        },
        ColumnType::Set(values) => {
            let around = format!("((','::text || {name}) || ','::text)");
            let emptied = values.iter().fold(around, |emptied, value| {
                format!("replace({emptied}, {}, ','::text)", text(&format!(",{value},")))
            });
            Some(format!("({name} = ''::text) OR ({emptied} = ','::text)"))
        }
        _ => None,
    }
}

/// Refuses a column that this server can't have.
pub(super) fn refuse_column(operation: impl std::fmt::Display, column: &Column, sql: Sql<'_>) -> Result<()> {
    let is_virtual = column.generated.as_ref().is_some_and(|generated| !generated.stored);
    if is_virtual && sql.server.version < VIRTUAL {
        let lacks = "has no virtual generated columns; 18 is the first";
        return sql.refuse(operation, lacks, "make it a stored one: generated_stored(..)");
    }
    Ok(())
}

/// Refuses a constraint that this server can't have.
pub(super) fn refuse_constraint(
    operation: impl std::fmt::Display,
    constraint: &Constraint,
    sql: Sql<'_>,
) -> Result<()> {
    match constraint {
        Constraint::Unique(unique) if unique.nulls_not_distinct => refuse_equal_nulls(operation, sql),
        Constraint::PrimaryKey(PrimaryKey { without_overlaps: true, .. })
        | Constraint::Unique(Unique { without_overlaps: true, .. })
        | Constraint::ForeignKey(ForeignKey { period: true, .. })
            if sql.server.version < PERIOD =>
        {
            let lacks = "compares keys by equality alone; 18 is the first that can do else";
            sql.refuse(
                operation,
                lacks,
                "add an exclusion constraint, and a trigger in place of a foreign key",
            )
        }
        Constraint::ForeignKey(key)
            if key.period && [key.on_delete, key.on_update] != [Action::NoAction; 2] =>
        {
            let lacks = "only refuses where a foreign key is over a period";
            sql.refuse(operation, lacks, "leave its actions out, and write a trigger")
        }
        Constraint::ForeignKey(key)
            if !key.on_delete_columns.is_empty() && sql.server.version < SET_COLUMNS =>
        {
            let lacks = "sets all columns of a foreign key, or none; 15 is the first that can do else";
            sql.refuse(operation, lacks, "set them all, or write a trigger")
        }
        Constraint::Check(Check { enforcement: Enforcement::NotEnforced, .. })
        | Constraint::ForeignKey(ForeignKey { enforcement: Enforcement::NotEnforced, .. })
            if sql.server.version < NOT_ENFORCED =>
        {
            let lacks = "holds each new row to all constraints; 18 is the first that needn't";
            sql.refuse(operation, lacks, "leave it out, or make it not_valid()")
        }
        _ => Ok(()),
    }
}

/// Refuses an index that this server can't have.
pub(super) fn refuse_index(operation: impl std::fmt::Display, index: &Index, sql: Sql<'_>) -> Result<()> {
    if index.nulls_not_distinct {
        refuse_equal_nulls(&operation, sql)?;
    }
    if index.invisible {
        return refuse_invisible(operation, sql);
    }
    if index.parser.is_some() {
        let lacks = "takes texts apart by a configuration, and not by an index's parser";
        return sql.refuse(operation, lacks, "index to_tsvector(..) by gin");
    }
    if index.keys.iter().any(|key| key.prefix.is_some()) {
        let lacks = "has no indexes over leading characters";
        return sql.refuse(operation, lacks, "index an expression: left(..)");
    }
    Ok(())
}

/// Refuses storage parameters of a partitioned table.
pub(super) fn refuse_storage(
    operation: impl std::fmt::Display,
    options: &TableOptions,
    sql: Sql<'_>,
) -> Result<()> {
    match options.storage.is_empty() {
        true => Ok(()),
        false => {
            let lacks = "takes no storage parameters for a partitioned table, which keeps nothing itself";
            sql.refuse(operation, lacks, "give them to its partitions")
        }
    }
}

/// Refuses an index that queries are planned without.
pub(super) fn refuse_invisible<T>(operation: impl std::fmt::Display, sql: Sql<'_>) -> Result<T> {
    sql.refuse(operation, "plans queries with each index", "leave it out here with on(..), or drop the index")
}

fn refuse_equal_nulls(operation: impl std::fmt::Display, sql: Sql<'_>) -> Result<()> {
    match sql.server.version < NULLS_NOT_DISTINCT {
        true => sql.refuse(operation, "takes two NULLs for different; 15 is the first that can do else", ON),
        false => Ok(()),
    }
}
