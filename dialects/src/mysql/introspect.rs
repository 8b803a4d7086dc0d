//! Reads tables back from `information_schema`: so many questions, however many tables.
//!
//! Each question is for one view with literal names. Joins are avoided: MariaDB 10.11.19 was seen to crash on one.

mod doubt;
mod objects;
mod partitions;
mod tablespaces;
mod words;

use std::collections::BTreeMap;

use dunlin_dsl::{
    Action, Check, Column, ColumnType, Connection, ConnectionError, Dependent, DependentKind, Enforcement,
    ErrorKind, Expr, ForeignKey, Generated, Identity, Index, IndexKey, Name, ObjectId, PerDialect,
    PrimaryKey, Row, Schema, Table, Unsupported,
};

use super::flavor::Flavor;
use super::{default, lower, native, text};
use crate::lex;
use crate::sql::{Sql, given, list, tables_among};

/// The tables asked for, by the schema and the name that the catalog knows them by.
type Tables = BTreeMap<(String, String), Table>;

/// Tables by name, in the server's own terms, as they were asked for.
pub(super) async fn introspect(
    conn: &mut dyn Connection,
    objects: &[ObjectId],
    sql: Sql<'_>,
) -> Result<Schema, ConnectionError> {
    let names = &tables_among(objects);
    let mut read = Schema::new();
    if !names.is_empty() {
        tables(conn, names, &mut read, sql).await?;
    }
    objects::read(conn, objects, &mut read, sql).await?;
    Ok(read)
}

async fn tables(
    conn: &mut dyn Connection,
    names: &[Name],
    read: &mut Schema,
    sql: Sql<'_>,
) -> Result<(), ConnectionError> {
    let mut reader = Reader::new(conn, names, sql).map_err(unreadable)?;
    reader.tables(names).await?;
    if !reader.tables.is_empty() {
        reader.tablespaces().await?;
        reader.columns().await?;
        reader.shapes().await?;
        reader.indexes().await?;
        reader.words().await?;
        reader.foreign_keys().await?;
        reader.checks().await?;
        reader.partitions().await?;
        reader.views().await?;
        reader.triggers().await?;
        reader.defaults().await?;
    }
    for mut table in reader.tables.into_values() {
        lower::sort(&mut table);
        table.notes.dependents.sort();
        table.notes.dependents.dedup();
        read.insert(table);
    }
    Ok(())
}

/// The question for a table's columns.
pub(super) fn columns_query(table: &Name, sql: Sql<'_>) -> Result<String, Unsupported> {
    let schema = table.schema.as_deref().unwrap_or(&sql.server.schema);
    Ok(format!(
        "SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA{} AND TABLE_NAME{} \
         ORDER BY ORDINAL_POSITION",
        among(vec![schema.to_owned()], sql)?,
        among(vec![table.name.clone()], sql)?
    ))
}

struct Reader<'a> {
    conn: &'a mut dyn Connection,
    sql: Sql<'a>,
    flavor: Flavor,
    /// What is asked of a schema's and of a table's name: ` = 'x'` or ` IN ('x', 'y')`.
    schemas: String,
    names: String,
    tables: Tables,
    /// Columns whose literal defaults the catalog may not tell whole.
    unsure: Vec<(Key, String)>,
}

type Key = (String, String);

impl<'a> Reader<'a> {
    fn new(conn: &'a mut dyn Connection, names: &[Name], sql: Sql<'a>) -> Result<Self, Unsupported> {
        let schema = |name: &Name| name.schema.clone().unwrap_or_else(|| sql.server.schema.clone());
        Ok(Self {
            conn,
            sql,
            flavor: Flavor::of(sql.server),
            schemas: among(names.iter().map(schema).collect(), sql)?,
            names: among(names.iter().map(|name| name.name.clone()).collect(), sql)?,
            tables: Tables::new(),
            unsure: Vec::new(),
        })
    }

    /// Asks a view for what it has of these tables.
    async fn ask(
        &mut self,
        columns: &str,
        view: &str,
        prefix: &str,
        more: &str,
    ) -> Result<Vec<Row>, ConnectionError> {
        let (schemas, names) = (&self.schemas, &self.names);
        let query = format!(
            "SELECT {columns} FROM information_schema.{view} \
             WHERE {prefix}_SCHEMA{schemas} AND {prefix}_NAME{names}{more}"
        );
        self.conn.query(&query).await
    }

    /// The table that a row's first two values name.
    fn table(&mut self, row: &Row) -> Option<&mut Table> {
        self.tables.get_mut(&key(row))
    }

    async fn tables(&mut self, names: &[Name]) -> Result<(), ConnectionError> {
        let columns =
            "TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_COLLATION, CREATE_OPTIONS, TABLE_COMMENT";
        let rows = self.ask(columns, "TABLES", "TABLE", "").await?;
        let folds = !matches!(self.sql.server.fact("lower_case_table_names"), "" | "0");
        let same = |a: &str, b: &str| if folds { a.to_lowercase() == b.to_lowercase() } else { a == b };
        for row in rows {
            let (schema, name) = key(&row);
            let kind = row.text(2).unwrap_or_default();
            let asked = names.iter().find(|asked| {
                let asked_schema = asked.schema.as_deref().unwrap_or(&self.sql.server.schema);
                same(asked_schema, &schema) && same(&asked.name, &name)
            });
            let Some(asked) = asked.filter(|_| !kind.ends_with("VIEW") && kind != "SEQUENCE") else {
                continue;
            };
            let mut table = Table::new(asked);
            table.options.engine = row.text(3);
            if let Some(collation) = row.text(4) {
                table.options.charset = Some(charset_of(&collation));
                table.options.collation = Some(collation);
            }
            table.comment = row.text(6).filter(|comment| !comment.is_empty());
            if kind != "BASE TABLE" {
                table.notes.unmodelled.push(kind.to_lowercase());
            }
            // All others are told by the table's own words.
            let options = row.text(5).unwrap_or_default();
            let format = options.split_ascii_whitespace().filter_map(|option| option.split_once('='));
            table.options.row_format = format
                .filter(|(name, _)| name.eq_ignore_ascii_case("row_format"))
                .map(|(_, format)| format.to_ascii_uppercase())
                .next();
            self.tables.insert((schema, name), table);
        }
        Ok(())
    }

    async fn columns(&mut self) -> Result<(), ConnectionError> {
        let srid = if self.flavor.catalog_has_column_srid() { "SRS_ID" } else { "NULL" };
        let columns = format!(
            "TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, EXTRA, \
             GENERATION_EXPRESSION, CHARACTER_SET_NAME, COLLATION_NAME, COLUMN_COMMENT, {srid}"
        );
        let rows = self.ask(&columns, "COLUMNS", "TABLE", " ORDER BY ORDINAL_POSITION").await?;
        let (sql, flavor) = (self.sql, self.flavor);
        for row in rows {
            let Some(table) = self.tables.get_mut(&key(&row)) else { continue };
            let (column, unknown) = column(&row, sql, flavor);
            if let Some(unknown) = unknown {
                table.notes.unmodelled.push(format!("column {} that is {unknown}", column.name));
            }
            if doubt::is_unsure(&column, sql) {
                self.unsure.push((key(&row), column.name.clone()));
            }
            if doubt::is_lossy(&column, flavor) {
                let what =
                    "with a question mark, which here stands for characters that the catalog can't tell too";
                table.notes.unmodelled.push(format!("column {} {what}", column.name));
            }
            table.columns.push(column);
        }
        Ok(())
    }

    /// Reference systems, where they aren't told beside the column.
    async fn shapes(&mut self) -> Result<(), ConnectionError> {
        let sql = self.sql;
        let is_shape = |column: &Column| native::is_spatial(&native::base(&column.ty, sql));
        let any = self.tables.values().any(|table| table.columns.iter().any(is_shape));
        if self.flavor.catalog_has_column_srid() || !any {
            return Ok(());
        }
        let rows = self
            .conn
            .query(&format!(
                "SELECT F_TABLE_SCHEMA, F_TABLE_NAME, G_GEOMETRY_COLUMN, SRID FROM information_schema.GEOMETRY_COLUMNS \
                 WHERE F_TABLE_SCHEMA{} AND F_TABLE_NAME{}",
                self.schemas, self.names
            ))
            .await?;
        let word = self.flavor.srid_word();
        for row in rows {
            let (name, srid) = (row.text(2).unwrap_or_default(), row.int(3).unwrap_or(0));
            let column = self.table(&row).and_then(|table| table.column_mut(&name));
            if let Some(column) = column.filter(|_| srid != 0)
                && let ColumnType::Native(text) = &mut column.ty
            {
                *text += &format!(" {word}{srid}");
            }
        }
        Ok(())
    }

    async fn indexes(&mut self) -> Result<(), ConnectionError> {
        let (visibility, seen) = self.flavor.index_visibility();
        let expression = self.flavor.index_expression();
        let columns = format!(
            "TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, NON_UNIQUE, COLUMN_NAME, COLLATION, SUB_PART, INDEX_TYPE, \
             INDEX_COMMENT, {visibility}, {expression}"
        );
        let order = " ORDER BY INDEX_NAME, SEQ_IN_INDEX";
        let rows = self.ask(&columns, "STATISTICS", "TABLE", order).await?;
        let (sql, flavor) = (self.sql, self.flavor);
        for row in rows {
            let Some(table) = self.tables.get_mut(&key(&row)) else { continue };
            let name = row.text(2).unwrap_or_default();
            let memory = lower::is_memory(&table.options, sql);
            // MariaDB keeps a unique index over long text by a hash of its own.
            let method = row.text(7).filter(|method| memory || !["HASH", "RTREE"].contains(&method.as_str()));
            let method = lower::method(method.as_deref(), memory);
            let mut part = match (row.text(10), row.text(4)) {
                (Some(expr), _) => IndexKey::expr(Expr::Sql(expression_text(&expr, sql, flavor))),
                (None, column) => IndexKey::column(column.unwrap_or_default()),
            };
            part.descending = row.text(5).as_deref() == Some("D");
            part.prefix =
                row.int(6).and_then(|n| u32::try_from(n).ok()).filter(|_| !is_whole(method.as_deref()));
            if name == "PRIMARY" {
                let columns = part.column_name().map(str::to_owned);
                let new = || PrimaryKey { label: given("PRIMARY"), ..PrimaryKey::over(Vec::new()) };
                if part.prefix.is_some() || part.descending {
                    table.notes.unmodelled.push("a primary key over less, or other, than its columns".into());
                }
                table.primary_key.get_or_insert_with(new).columns.extend(columns);
                continue;
            }
            if let Some(index) = table.indexes.iter_mut().find(|index| index.label.is(&name)) {
                index.keys.push(part);
                continue;
            }
            let mut index = Index::new(given(name.as_str()), vec![part]);
            index.unique = !row.bool(3);
            index.method = method;
            index.comment = row.text(8).filter(|comment| !comment.is_empty());
            index.invisible = row.text(9).is_some_and(|found| found != seen);
            table.indexes.push(index);
        }
        for table in self.tables.values_mut() {
            let (uniques, indexes) = std::mem::take(&mut table.indexes)
                .into_iter()
                .partition::<Vec<_>, _>(|index| lower::plain_unique(index).is_some());
            table.indexes = indexes;
            table.uniques = uniques.iter().filter_map(lower::plain_unique).collect();
        }
        Ok(())
    }

    /// Foreign keys, those of the tables and those that other tables have to them.
    async fn foreign_keys(&mut self) -> Result<(), ConnectionError> {
        let columns = "TABLE_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, COLUMN_NAME, REFERENCED_TABLE_SCHEMA, \
                       REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME";
        let order = " ORDER BY CONSTRAINT_NAME, ORDINAL_POSITION";
        let more = format!(" AND REFERENCED_TABLE_NAME IS NOT NULL{order}");
        for row in self.ask(columns, "KEY_COLUMN_USAGE", "TABLE", &more).await? {
            let own = self.sql.server.schema.clone();
            let Some(table) = self.tables.get_mut(&key(&row)) else { continue };
            let [name, column, schema, referred, referred_column] =
                [2, 3, 4, 5, 6].map(|at| row.text(at).unwrap_or_default());
            if let Some(known) = table.foreign_keys.iter_mut().find(|known| known.label.is(&name)) {
                known.columns.push(column);
                known.references_columns.push(referred_column);
                continue;
            }
            let of_table = table.name.schema.as_deref().unwrap_or(&own);
            let schema = if schema == of_table { table.name.schema.clone() } else { Some(schema) };
            let referred = Name { schema, name: referred };
            table.foreign_keys.push(ForeignKey {
                label: given(name),
                ..ForeignKey::over(vec![column], referred, vec![referred_column])
            });
        }
        let silent = self.flavor.silent_action();
        let query = format!(
            "SELECT CONSTRAINT_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, DELETE_RULE, UPDATE_RULE \
             FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA{} AND TABLE_NAME{}",
            self.schemas, self.names
        );
        for row in self.conn.query(&query).await? {
            let name = row.text(2).unwrap_or_default();
            let known = self.table(&row);
            let known =
                known.and_then(|table| table.foreign_keys.iter_mut().find(|known| known.label.is(&name)));
            if let Some(known) = known {
                known.on_delete = action(&row.text(3).unwrap_or_default(), silent);
                known.on_update = action(&row.text(4).unwrap_or_default(), silent);
            }
        }
        let query = format!(
            "SELECT DISTINCT REFERENCED_TABLE_SCHEMA, REFERENCED_TABLE_NAME, TABLE_SCHEMA, TABLE_NAME \
             FROM information_schema.KEY_COLUMN_USAGE \
             WHERE REFERENCED_TABLE_SCHEMA{} AND REFERENCED_TABLE_NAME{}",
            self.schemas, self.names
        );
        for row in self.conn.query(&query).await? {
            let other = (row.text(2).unwrap_or_default(), row.text(3).unwrap_or_default());
            if other != key(&row) {
                self.depend(&key(&row), DependentKind::ForeignKey, other, None);
            }
        }
        Ok(())
    }

    async fn checks(&mut self) -> Result<(), ConnectionError> {
        if !self.flavor.has_checks() {
            return Ok(());
        }
        if self.flavor.catalog_has_check_tables() {
            let query = format!(
                "SELECT CONSTRAINT_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, CHECK_CLAUSE, LEVEL \
                 FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA{} AND TABLE_NAME{}",
                self.schemas, self.names
            );
            for row in self.conn.query(&query).await? {
                self.check(&row, &row.text(3).unwrap_or_default(), true);
            }
            return Ok(());
        }
        let columns = "TABLE_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, ENFORCED, CONSTRAINT_SCHEMA";
        let owners =
            self.ask(columns, "TABLE_CONSTRAINTS", "TABLE", " AND CONSTRAINT_TYPE = 'CHECK'").await?;
        let query = format!(
            "SELECT CONSTRAINT_SCHEMA, CONSTRAINT_NAME, CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS \
             WHERE CONSTRAINT_SCHEMA{}",
            self.schemas
        );
        if owners.is_empty() {
            return Ok(());
        }
        let clauses = self.conn.query(&query).await?;
        let clauses: BTreeMap<Key, String> =
            clauses.into_iter().map(|row| (key(&row), row.text(2).unwrap_or_default())).collect();
        for row in owners {
            let named = (row.text(4).unwrap_or_default(), row.text(2).unwrap_or_default());
            let Some(clause) = clauses.get(&named) else { continue };
            self.check(&row, clause, row.text(3).as_deref() != Some("NO"));
        }
        Ok(())
    }

    /// A check, from a row that begins with its table and its name.
    fn check(&mut self, row: &Row, clause: &str, enforced: bool) {
        let (sql, flavor) = (self.sql, self.flavor);
        let name = row.text(2).unwrap_or_default();
        let expr = Expr::Sql(expression_text(clause, sql, flavor));
        let of_table = flavor.has_column_checks() && row.text(4).as_deref() == Some("Table");
        let Some(table) = self.table(row) else { return };
        if flavor.catalog_loses_characters() && clause.contains(doubt::LOST) {
            let what = "with characters that the catalog doesn't tell";
            table.notes.unmodelled.push(format!("check {name} {what}"));
        }
        if of_table && table.column(&name).is_some() {
            // By its name it would be taken for the column's own.
            table.notes.unmodelled.push(format!("column {name} whose name a check of the table has"));
        }
        let enforcement = if enforced { Enforcement::Full } else { Enforcement::NotEnforced };
        table.checks.push(Check { enforcement, ..Check::new(given(name), expr) });
    }

    async fn views(&mut self) -> Result<(), ConnectionError> {
        let definitions = self
            .conn
            .query(&format!(
                "SELECT TABLE_SCHEMA, TABLE_NAME, VIEW_DEFINITION FROM information_schema.VIEWS \
                 WHERE TABLE_SCHEMA{}",
                self.schemas
            ))
            .await?;
        let definitions: BTreeMap<Key, String> =
            definitions.into_iter().map(|row| (key(&row), row.text(2).unwrap_or_default())).collect();
        if !self.flavor.catalog_has_view_usage() {
            for (view, text) in definitions {
                let read: Vec<Key> =
                    self.tables.keys().filter(|(_, name)| lex::mentions(&text, name)).cloned().collect();
                for table in read {
                    self.depend(&table, DependentKind::View, view.clone(), Some(text.clone()));
                }
            }
            return Ok(());
        }
        let columns = "TABLE_SCHEMA, TABLE_NAME, VIEW_SCHEMA, VIEW_NAME";
        for row in self.ask(columns, "VIEW_TABLE_USAGE", "TABLE", "").await? {
            let view = (row.text(2).unwrap_or_default(), row.text(3).unwrap_or_default());
            let text = definitions.get(&view).filter(|text| !text.is_empty()).cloned();
            self.depend(&key(&row), DependentKind::View, view, text);
        }
        Ok(())
    }

    /// Triggers on the tables, and triggers elsewhere that mention them.
    async fn triggers(&mut self) -> Result<(), ConnectionError> {
        let query = format!(
            "SELECT EVENT_OBJECT_SCHEMA, EVENT_OBJECT_TABLE, TRIGGER_SCHEMA, TRIGGER_NAME, ACTION_STATEMENT \
             FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA{}",
            self.schemas
        );
        for row in self.conn.query(&query).await? {
            let [schema, name, body] = [2, 3, 4].map(|at| row.text(at).unwrap_or_default());
            let on = key(&row);
            let mentioned = self.tables.keys().filter(|(_, table)| lex::mentions(&body, table));
            let mut tables: Vec<Key> = mentioned.cloned().collect();
            tables.push(on.clone());
            for table in tables {
                let trigger = (schema.clone(), name.clone());
                self.depend(&table, DependentKind::Trigger, trigger, Some(body.clone()));
                self.name_trigger(&table, &name, &on);
            }
        }
        Ok(())
    }

    /// Says of the dependent noted last what identifies it: the trigger's own table.
    fn name_trigger(&mut self, table: &Key, name: &str, on: &Key) {
        let known = self.tables.get(on).map(|table| table.name.clone());
        let own = self.sql.server.schema.clone();
        let on =
            known.unwrap_or_else(|| Name { schema: (on.0 != own).then(|| on.0.clone()), name: on.1.clone() });
        if let Some(last) = self.tables.get_mut(table).and_then(|table| table.notes.dependents.last_mut()) {
            last.object = Some(ObjectId::trigger(name, on));
        }
    }

    fn depend(&mut self, table: &Key, kind: DependentKind, (schema, name): Key, definition: Option<String>) {
        let own = self.sql.server.schema.clone();
        if let Some(table) = self.tables.get_mut(table) {
            let schema = if schema == own { None } else { Some(schema) };
            let name = Name { schema, name };
            let object = (kind == DependentKind::View).then(|| ObjectId::view(&name));
            table.notes.dependents.push(Dependent { object, definition, ..Dependent::new(kind, name) });
        }
    }
}

/// A column, and what of it isn't known.
fn column(row: &Row, sql: Sql<'_>, flavor: Flavor) -> (Column, Option<String>) {
    let [name, ty, nullable] = [2, 3, 4].map(|at| row.text(at).unwrap_or_default());
    let mut ty = native::read(&ty, flavor);
    if let (Some(srid), ColumnType::Native(text)) = (row.int(11), &mut ty) {
        *text += &format!(" {}{srid}", flavor.srid_word());
    }
    let extra = row.text(6).unwrap_or_default();
    let mut column = Column::new(name, ty);
    column.not_null = nullable == "NO";
    column.charset = row.text(8);
    if let Some(collation) = row.text(9) {
        column.collation = PerDialect::default().with(sql.server.dialect, collation);
    }
    column.comment = row.text(10).filter(|comment| !comment.is_empty());
    let mut is_expression = false;
    let mut unknown = Vec::new();
    let mut words = extra.split([' ', ',']).filter(|word| !word.is_empty()).peekable();
    while let Some(word) = words.next() {
        match word.to_ascii_uppercase().as_str() {
            "AUTO_INCREMENT" => column.identity = Some(Identity::default()),
            "DEFAULT_GENERATED" => is_expression = true,
            "INVISIBLE" => column.invisible = true,
            kind @ ("VIRTUAL" | "STORED" | "PERSISTENT")
                if words.next_if(|next| next.eq_ignore_ascii_case("GENERATED")).is_some() =>
            {
                let expr = row.text(7).unwrap_or_default();
                let expr = Expr::Sql(expression_text(&expr, sql, flavor));
                column.generated = Some(Generated { expr, stored: kind != "VIRTUAL" });
            }
            "ON" if words.next_if(|next| next.eq_ignore_ascii_case("update")).is_some() => {
                let expr = Expr::Sql(words.next().unwrap_or_default().into());
                column.on_update = default::lower_on_update(&column, &expr, sql).ok();
            }
            _ => unknown.push(word.to_owned()),
        }
    }
    if column.generated.is_none()
        && let Some(found) = row.text(5)
    {
        column.default = default::from_catalog(&found, is_expression, &column.ty, sql);
    }
    (column, Some(unknown.join(" ")).filter(|unknown| !unknown.is_empty()))
}

/// An expression as it can be written again.
fn expression_text(found: &str, sql: Sql<'_>, flavor: Flavor) -> String {
    let plain = match flavor.catalog_escapes_expressions() {
        true => text::recoded(&text::unescape(found)),
        false => found.to_owned(),
    };
    text::expression(text::unbracketed(&plain), sql.server)
}

/// Whether an index of this method is over whole columns, whatever the catalog says.
fn is_whole(method: Option<&str>) -> bool {
    matches!(method, Some("fulltext" | "spatial"))
}

fn action(found: &str, silent: Action) -> Action {
    match found {
        "CASCADE" => Action::Cascade,
        "SET NULL" => Action::SetNull,
        "SET DEFAULT" => Action::SetDefault,
        // The two mean the same here.
        _ if silent == Action::Restrict => Action::Restrict,
        "RESTRICT" => Action::Restrict,
        _ => Action::NoAction,
    }
}

fn charset_of(collation: &str) -> String {
    collation.split('_').next().unwrap_or_default().to_owned()
}

fn key(row: &Row) -> Key {
    (row.text(0).unwrap_or_default(), row.text(1).unwrap_or_default())
}

/// A condition for one of these; with a single literal the servers look nowhere else. A name beyond the catalog's own
/// character set is nothing's, and can't even be compared: MySQL 9.7 and MariaDB 10.11 end the question with an error.
fn among(mut names: Vec<String>, sql: Sql<'_>) -> Result<String, Unsupported> {
    names.retain(|name| name.chars().all(|char| char <= '\u{ffff}'));
    names.sort();
    names.dedup();
    Ok(match names.as_slice() {
        [] => " IS NULL".into(),
        [one] => format!(" = {}", sql.text(one)?),
        many => format!(" IN ({})", list(many.iter().map(|name| sql.text(name)))?),
    })
}

/// A name that can't be written can't be a table's.
fn unreadable(error: Unsupported) -> ConnectionError {
    ConnectionError::new(ErrorKind::Statement, error.to_string())
}
