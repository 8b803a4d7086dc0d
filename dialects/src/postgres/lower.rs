//! Schemas and operations in PostgreSQL's own terms.

pub(super) mod belonging;
mod beside;
mod dependents;
mod named;
pub(super) mod object;
mod refusal;

use std::collections::BTreeMap;

use dunlin_dsl::{
    Column, ColumnChange, ColumnType, Constraint, Exclusion, Expr, Identity, Index, IndexKey, KeyPart, Label,
    Name, ObjectId, Op, PerDialect, Schema, Table, TableOptions, Unsupported, Value, apply,
    conventional_name,
};

use super::object::access;
use super::{create, partition, print};
use crate::choice;
use crate::sql::{Sql, hex};

use beside::{carried_default, kept_options, lost_cluster, lost_collation, refusing_null};
pub(super) use dependents::Dependents;
pub(super) use refusal::{
    refuse_alone, refuse_column, refuse_constraint, refuse_index, refuse_invisible, refuse_sampled,
    refuse_storage,
};

type Result<T> = std::result::Result<T, Unsupported>;

/// The operations in PostgreSQL's terms: `enum` and `set` are text with a check, and what the server does beside what it
/// is told is told too, so that it can be undone. A primary key and an identity make their columns refuse NULL.
pub(super) fn ops(ops: &[Op], before: &Schema, sql: Sql<'_>) -> Result<Vec<Op>> {
    let mut schema = before.clone();
    let mut lowered = Vec::with_capacity(ops.len());
    let mut dependents = Dependents::default();
    let chosen = choice::lower_ops(ops, before, sql)?;
    for (at, op) in chosen.iter().enumerate() {
        if named::stays(op, sql.server) {
            continue;
        }
        let op = object::op(named::as_known(op.clone(), &schema, sql.server), &schema, sql)?;
        let first = lowered.len();
        dependents.remember(&chosen[at..], &schema, sql)?;
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
        lowered.extend(dependents.come());
        for op in &lowered[first..] {
            // What can't be applied is refused when it is rendered.
            let _ = apply(&mut schema, op);
        }
    }
    Ok(lowered)
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
    low.not_null_no_inherit = column.not_null && column.not_null_no_inherit;
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
