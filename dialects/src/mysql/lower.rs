//! A schema in the server's own terms.

pub(super) mod object;

use dunlin_dsl::{
    Action, Check, Column, Constraint, Deferrable, Definition, Enforcement, Expr, ForeignKey, Generated,
    Identity, Index, IndexKey, KeyPart, Label, Match, Name, ObjectId, PerDialect, Schema, Table,
    TableOptions, Unique, Unsupported,
};

use super::flavor::Flavor;
use super::object::access;
use super::{column, default, native, options, partition};
use crate::sql::{Sql, forget_storage, given};

const ON: &str = "leave it out here with on(..)";

/// A table with the text of its database, where that is declared with it and the table chooses none.
pub(super) fn in_its_database(table: &Table, schema: &Schema) -> Table {
    let mut table = table.clone();
    let of = table.name.schema.as_ref().and_then(|name| schema.object(&ObjectId::schema(name.as_str())));
    if let Some(Definition::Schema(of)) = of.map(|object| &object.definition)
        && table.options.charset.is_none()
        && table.options.collation.is_none()
    {
        table.options.charset.clone_from(&of.charset);
        table.options.collation.clone_from(&of.collation);
    }
    table
}

/// A table in the server's own terms, or what the server can't do of it. Lowering what is low changes nothing.
pub(super) fn table(table: &Table, sql: Sql<'_>) -> Result<Table, Unsupported> {
    let flavor = Flavor::of(sql.server);
    let mut low = table.clone();
    shape(&mut low, sql)?;
    low.options = options::lower(&low.options, sql);
    low.comment = low.comment.filter(|comment| !comment.is_empty());
    if flavor.json_is_text() {
        for column in table.columns.iter().filter(|column| is_json(column, sql)) {
            let check = json_check(&column.name, sql)?;
            if !low.checks.iter().any(|other| other.label.is(&column.name)) {
                low.checks.push(check);
            }
        }
    }
    let keys = low.primary_key.as_ref().map_or(Vec::new(), |key| key.columns.clone());
    low.columns =
        low.columns.iter().map(|column| self::column(column, &low.options, sql)).collect::<Result<_, _>>()?;
    for column in low.columns.iter_mut().filter(|column| keys.contains(&column.name)) {
        column.not_null = true;
    }
    for key in &mut low.foreign_keys {
        for action in [&mut key.on_delete, &mut key.on_update] {
            if matches!(action, Action::NoAction | Action::Restrict)
                && flavor.silent_action() == Action::Restrict
            {
                *action = Action::Restrict;
            }
        }
        let own = low.name.schema.as_deref().unwrap_or(&sql.server.schema);
        let referred = key.references.schema.as_deref().unwrap_or(&sql.server.schema);
        if referred == own {
            key.references.schema = low.name.schema.clone();
        }
    }
    for check in &mut low.checks {
        settle(&mut check.label);
        // No table inherits from another here.
        check.no_inherit = false;
        check.expr = Expr::Sql(sql.expr(&check.expr, format!("add check {}", check.label))?);
    }
    for index in &mut low.indexes {
        settle(&mut index.label);
        index.comment = index.comment.take().filter(|comment| !comment.is_empty());
        for key in &mut index.keys {
            key.collation = PerDialect::default();
            if let KeyPart::Expr(expr) = &mut key.on {
                *expr = Expr::Sql(sql.expr(expr, format!("create index {}", index.label))?);
            }
        }
    }
    low.uniques.iter_mut().for_each(|unique| settle(&mut unique.label));
    low.foreign_keys.iter_mut().for_each(|key| settle(&mut key.label));
    sort(&mut low);
    Ok(low)
}

/// The catalog gives no order to what belongs to a table, so it is by name.
pub(super) fn sort(table: &mut Table) {
    table.uniques.sort_by(|a, b| a.label.name().cmp(&b.label.name()));
    table.foreign_keys.sort_by(|a, b| a.label.name().cmp(&b.label.name()));
    table.checks.sort_by(|a, b| a.label.name().cmp(&b.label.name()));
    table.indexes.sort_by(|a, b| a.label.name().cmp(&b.label.name()));
}

/// What is what on these servers: one kind of unique index, an index under every foreign key, a primary key without a
/// name of its own. What they can't do is refused.
pub(super) fn shape(table: &mut Table, sql: Sql<'_>) -> Result<(), Unsupported> {
    lacks(table, sql)?;
    // They have no place here.
    table.constraint_comments.clear();
    if let Some(partitioning) = &mut table.partitioning {
        *partitioning = partition::lower(partitioning, &table.name, sql)?;
    }
    table.grants = access::lower(&table.grants, &ObjectId::table(&table.name), sql)?;
    for constraint in table.constraints() {
        check_constraint(&constraint, &table.name, sql)?;
    }
    let memory = is_memory(&table.options, sql);
    for index in &mut table.indexes {
        index.method = method(index.method.as_deref(), memory);
        forget_storage(index);
        check_index(index, &table.name, sql)?;
    }
    if let Some(key) = &mut table.primary_key {
        key.label = given("PRIMARY");
    }
    let (uniques, indexes) = std::mem::take(&mut table.indexes)
        .into_iter()
        .partition::<Vec<_>, _>(|index| plain_unique(index).is_some());
    table.indexes = indexes;
    table.uniques.extend(uniques.iter().filter_map(plain_unique));
    let implied = implied_indexes(table, &[]);
    table.indexes.extend(implied);
    Ok(())
}

/// What only PostgreSQL's tables have.
fn lacks(table: &Table, sql: Sql<'_>) -> Result<(), Unsupported> {
    let refuse =
        |lacks: &str, instead: &str| sql.refuse(format!("create table {}", table.name), lacks, instead);
    if table.partition_of.is_some() {
        let instead = "name the partitions in the table's own partitioning, here with on(..)";
        return refuse("has partitions that are no tables of their own", instead);
    }
    if !table.inherits.is_empty() {
        return refuse("has no inheritance", "give the table the columns, or refer by a foreign key");
    }
    if table.cluster.is_some() || table.replica_identity != Default::default() {
        return refuse("marks no index of a table for anything", ON);
    }
    if table.row_security != Default::default() {
        return refuse(
            "has no row-level security",
            "create a view that shows each user the rows that are theirs",
        );
    }
    Ok(())
}

/// An index's method, where it isn't its engine's own: a hash in memory, else a B-tree.
pub(super) fn method(method: Option<&str>, memory: bool) -> Option<String> {
    let method = method?.to_ascii_lowercase();
    let own = if memory { method == "hash" } else { method == "btree" };
    (!own).then_some(method)
}

/// The methods that an index can be given; `hash` is that of an engine in memory.
pub(super) const METHODS: [&str; 4] = ["btree", "fulltext", "spatial", "hash"];

/// Whether a table's engine keeps hash indexes. InnoDB makes B-trees of them without a word.
pub(super) fn is_memory(options: &TableOptions, sql: Sql<'_>) -> bool {
    let engine = options.engine.as_deref().unwrap_or_else(|| sql.server.fact("default_storage_engine"));
    ["memory", "heap", "ndbcluster"].iter().any(|memory| engine.eq_ignore_ascii_case(memory))
}

/// The unique constraint that a unique index is, where it is nothing more.
pub(super) fn plain_unique(index: &Index) -> Option<Unique> {
    let plain = index.unique
        && index.comment.as_deref().is_none_or(str::is_empty)
        && index.method.is_none()
        && !index.invisible;
    let columns = index.keys.iter().map(|key| match &key.on {
        KeyPart::Column(column) if !key.descending && key.prefix.is_none() => Some(column.clone()),
        _ => None,
    });
    let columns = columns.collect::<Option<Vec<_>>>().filter(|_| plain)?;
    Some(Unique { label: index.label.clone(), ..Unique::over(columns) })
}

/// The indexes that the server makes by itself: one under each foreign key that no other index begins with, named as
/// the foreign key. `more` are foreign keys that come on top.
pub(super) fn implied_indexes(table: &Table, more: &[ForeignKey]) -> Vec<Index> {
    let mut implied: Vec<Index> = Vec::new();
    for key in table.foreign_keys.iter().chain(more) {
        if !is_covered(table, &key.columns) && !implied.iter().any(|index| covers(index, &key.columns)) {
            let keys = key.columns.iter().map(IndexKey::column).collect();
            implied.push(Index::new(key.label.clone(), keys));
        }
    }
    implied
}

fn is_covered(table: &Table, columns: &[String]) -> bool {
    let keys = table.primary_key.iter().map(|key| &key.columns);
    let mut whole = keys.chain(table.uniques.iter().map(|unique| &unique.columns));
    whole.any(|names| names.starts_with(columns)) || table.indexes.iter().any(|index| covers(index, columns))
}

fn covers(index: &Index, columns: &[String]) -> bool {
    let names = index.keys.iter().map_while(|key| key.column_name().filter(|_| key.prefix.is_none()));
    let names: Vec<_> = names.take(columns.len()).collect();
    let ordered = !matches!(index.method.as_deref(), Some("fulltext" | "spatial"));
    ordered && names.len() == columns.len() && names == columns
}

/// What these servers can't do of a constraint.
pub(super) fn check_constraint(
    constraint: &Constraint,
    table: &Name,
    sql: Sql<'_>,
) -> Result<(), Unsupported> {
    let operation = || format!("add {} {} to table {table}", constraint.kind(), constraint.label());
    let refuse = |lacks: &str| sql.refuse(operation(), lacks, ON);
    match constraint {
        Constraint::PrimaryKey(key) if key.without_overlaps => refuse("compares keys by equality alone"),
        Constraint::PrimaryKey(key) if !key.include.is_empty() => refuse("has no INCLUDE columns"),
        Constraint::PrimaryKey(key) if key.deferrable != Deferrable::No => {
            refuse("checks constraints with each row, always")
        }
        Constraint::PrimaryKey(_) => Ok(()),
        Constraint::Exclusion(_) => refuse("has no exclusion constraints"),
        Constraint::Unique(unique) if unique.nulls_not_distinct => {
            refuse("takes two NULLs for different, always")
        }
        Constraint::Unique(unique) if unique.without_overlaps => refuse("compares keys by equality alone"),
        Constraint::Unique(unique) if !unique.include.is_empty() => refuse("has no INCLUDE columns"),
        Constraint::Unique(unique) if unique.deferrable != Deferrable::No => {
            refuse("checks constraints with each row, always")
        }
        Constraint::Unique(_) => Ok(()),
        Constraint::ForeignKey(key) if key.deferrable != Deferrable::No => {
            refuse("checks constraints with each row, always")
        }
        Constraint::ForeignKey(key) if key.period => refuse("compares keys by equality alone"),
        Constraint::ForeignKey(key) if !key.on_delete_columns.is_empty() => {
            refuse("sets all columns of a foreign key, or none")
        }
        Constraint::ForeignKey(key) if key.matching == Match::Full => refuse("has no MATCH FULL"),
        Constraint::ForeignKey(key) if [key.on_delete, key.on_update].contains(&Action::SetDefault) => {
            refuse("has no SET DEFAULT for foreign keys")
        }
        Constraint::ForeignKey(key) if key.enforcement != Enforcement::Full => {
            refuse("holds all rows to each foreign key")
        }
        Constraint::ForeignKey(_) => Ok(()),
        Constraint::Check(check) if check.enforcement == Enforcement::NotValid => {
            refuse("looks at all rows when a check comes")
        }
        Constraint::Check(check)
            if check.enforcement != Enforcement::Full && !Flavor::of(sql.server).has_check_enforcement() =>
        {
            refuse("holds all rows to each check")
        }
        Constraint::Check(_) if !Flavor::of(sql.server).has_checks() => {
            refuse("reads checks and forgets them")
        }
        Constraint::Check(_) => Ok(()),
    }
}

/// What these servers can't do of an index.
pub(super) fn check_index(index: &Index, table: &Name, sql: Sql<'_>) -> Result<(), Unsupported> {
    let flavor = Flavor::of(sql.server);
    let operation = || format!("create index {} on table {table}", index.label);
    let refuse = |lacks: &str, instead: &str| sql.refuse(operation(), lacks, instead);
    if index.predicate.is_some() {
        return refuse("has no indexes over some rows only", ON);
    }
    if !index.include.is_empty() {
        return refuse("has no INCLUDE columns", ON);
    }
    if index.nulls_not_distinct {
        return refuse("takes two NULLs for different, always", ON);
    }
    if let Some(method) = &index.method {
        // What an engine does anyway was left out.
        if method == "hash" {
            return refuse("has hash indexes in memory alone, and makes a B-tree without a word", ON);
        }
        if !METHODS.contains(&method.as_str()) {
            return refuse(&format!("has no {} indexes", column::word(method, sql)?), ON);
        }
    }
    if index.parser.is_some() && index.method.as_deref() != Some("fulltext") {
        return refuse("has parsers of fulltext indexes alone", "give it method(\"fulltext\")");
    }
    for key in &index.keys {
        if key.nulls.is_some() {
            return refuse("has no NULLS FIRST or LAST in indexes", ON);
        }
        if key.opclass.is_some() {
            return refuse("has no operator classes", ON);
        }
        if key.collation.get(sql.server.dialect).is_some() {
            return refuse("has no collations in indexes", "give the column the collation");
        }
        if key.descending && !flavor.has_descending_indexes() {
            return refuse("reads DESC and forgets it", ON);
        }
        if matches!(key.on, KeyPart::Expr(_)) && !flavor.has_expression_indexes() {
            return refuse("has no indexes over expressions", "index a generated column");
        }
    }
    Ok(())
}

/// What can be chosen of a numbered column.
pub(super) fn identity(identity: &Identity, operation: String, sql: Sql<'_>) -> Result<(), Unsupported> {
    // ALWAYS is PostgreSQL's, and means nothing here.
    let chosen = Identity {
        always: false,
        start: None,
        increment: identity.increment.filter(|step| *step != 1),
        min: identity.min.filter(|min| *min != 1),
        cache: None,
        ..identity.clone()
    };
    if chosen != Identity::default() {
        return sql.refuse(operation, "numbers in steps of its own, without bounds or a cycle", ON);
    }
    Ok(())
}

/// A column in the server's own terms, in a table of these options.
fn column(column: &Column, table: &TableOptions, sql: Sql<'_>) -> Result<Column, Unsupported> {
    let dialect = sql.server.dialect;
    let operation = || format!("write column {}", column.name);
    let mut low = Column {
        ty: native::lower(&column.ty, sql)?,
        not_null: column.not_null,
        invisible: column.invisible,
        ..Column::new(&column.name, column.ty.clone())
    };
    low.comment = column.comment.clone().filter(|comment| !comment.is_empty());
    if let Some(identity) = &column.identity {
        self::identity(identity, operation(), sql)?;
        low.identity = Some(Identity::default());
        low.not_null = true;
    }
    if let Some(generated) = &column.generated {
        let expr = Expr::Sql(sql.expr(&generated.expr, operation())?);
        low.generated = Some(Generated { expr, stored: generated.stored });
    }
    if let Some(expr) = &column.default {
        low.default = default::lower(column, expr, sql)?;
    }
    if let Some(expr) = &column.on_update {
        low.on_update = Some(default::lower_on_update(column, expr, sql)?);
    }
    if is_json(column, sql) && Flavor::of(sql.server).json_is_text() {
        low.charset = Some("utf8mb4".into());
        low.collation = PerDialect::default().with(dialect, "utf8mb4_bin".to_owned());
    } else if native::is_text(&low.ty, sql) {
        let collation = column.collation.get(dialect).cloned();
        let (charset, collation) = match (column.charset.clone(), collation) {
            (None, None) => (table.charset.clone(), table.collation.clone()),
            (charset, collation) => options::complete(charset, collation, sql),
        };
        low.charset = charset;
        low.collation =
            collation.map_or_else(PerDialect::default, |name| PerDialect::default().with(dialect, name));
    }
    Ok(low)
}

/// Whether a column is `json` by that word.
pub(super) fn is_json(column: &Column, sql: Sql<'_>) -> bool {
    use dunlin_dsl::ColumnType::{Json, Jsonb, Native, PerDialect};
    match &column.ty {
        Json | Jsonb => true,
        Native(name) => name.trim().eq_ignore_ascii_case("json"),
        PerDialect(types) => match types.get(sql.server.dialect) {
            Some(ty) => is_json(&Column::new("", ty.clone()), sql),
            None => false,
        },
        _ => false,
    }
}

/// The check that MariaDB keeps JSON by.
pub(super) fn json_check(column: &str, sql: Sql<'_>) -> Result<Check, Unsupported> {
    Ok(Check::new(given(column), Expr::Sql(format!("json_valid({})", sql.id(column)?))))
}

/// What is written is given.
fn settle(label: &mut Label) {
    if let Label::Derived(name) = label {
        *label = Label::Given(std::mem::take(name));
    }
}
