//! Keys, indexes and checks of tables.

use std::collections::BTreeMap;

use dunlin_dsl::{
    Action, Check, ConnectionError, DependentKind, Enforcement, Expr, ForeignKey, Index, IndexKey, Label,
    Name, PartKind, PrimaryKey, Row, Unmodelled,
};

use super::{Key, Reader, among, expression_text, key, unreadable};
use crate::mysql::lower;
use crate::sql::given;

impl Reader<'_> {
    pub(super) async fn indexes(&mut self) -> Result<(), ConnectionError> {
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
                    table
                        .notes
                        .unmodelled
                        .push(Unmodelled::thing("a primary key over less, or other, than its columns"));
                }
                if table.primary_key.is_none() {
                    let comment = row.text(8).filter(|comment| !comment.is_empty());
                    table
                        .notes
                        .unmodelled
                        .extend(comment.map(|_| Unmodelled::thing("a comment on its primary key")));
                    let method =
                        method.map(|method| Unmodelled::Thing(format!("a primary key kept as {method}")));
                    table.notes.unmodelled.extend(method);
                }
                table.primary_key.get_or_insert_with(new).columns.extend(columns);
                continue;
            }
            if let Some(index) = table.indexes.iter_mut().find(|index| index.label.is(&name)) {
                index.keys.push(part);
                continue;
            }
            if let Some(unknown) = method.as_deref().filter(|method| !lower::METHODS.contains(method)) {
                table.notes.unmodelled.push(Unmodelled::index(&name, format!("that is of {unknown}")));
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
    pub(super) async fn foreign_keys(&mut self) -> Result<(), ConnectionError> {
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
            let schema = match schema {
                schema if schema == of_table => table.name.schema.clone(),
                schema => Some(schema).filter(|schema| *schema != own),
            };
            let referred = Name { schema, name: referred };
            table.foreign_keys.push(ForeignKey {
                label: given(name),
                ..ForeignKey::over(vec![column], referred, vec![referred_column])
            });
        }
        let mut keyless = Vec::new();
        let silent = self.flavor.silent_action();
        let query = format!(
            "SELECT CONSTRAINT_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, DELETE_RULE, UPDATE_RULE, UNIQUE_CONSTRAINT_NAME \
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
                if row.text(5).is_none() {
                    keyless.push((key(&row), known.label.clone(), known.references.clone()));
                }
            }
        }
        self.keyless(keyless).await?;
        let query = format!(
            "SELECT REFERENCED_TABLE_SCHEMA, REFERENCED_TABLE_NAME, TABLE_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, \
             REFERENCED_COLUMN_NAME FROM information_schema.KEY_COLUMN_USAGE \
             WHERE REFERENCED_TABLE_SCHEMA{} AND REFERENCED_TABLE_NAME{} ORDER BY ORDINAL_POSITION",
            self.schemas, self.names
        );
        let mut uses: BTreeMap<(Key, Key, String), Vec<String>> = BTreeMap::new();
        for row in self.conn.query(&query).await? {
            let [schema, name, constraint] = [2, 3, 4].map(|at| row.text(at).unwrap_or_default());
            let of = uses.entry((key(&row), (schema, name), constraint)).or_default();
            of.extend(row.text(5));
        }
        for ((table, other, _), uses) in uses.into_iter().filter(|((table, other, _), _)| table != other) {
            self.depend(&table, DependentKind::ForeignKey, other, None);
            let last = self.tables.get_mut(&table).and_then(|table| table.notes.dependents.last_mut());
            last.into_iter().for_each(|last| last.uses.clone_from(&uses));
        }
        Ok(())
    }

    /// Notes the foreign keys that can't be made again: to tables that aren't there, or where the server takes none, to
    /// columns that are no key.
    async fn keyless(&mut self, keys: Vec<(Key, Label, Name)>) -> Result<(), ConnectionError> {
        if keys.is_empty() {
            return Ok(());
        }
        let place = |name: &Name| {
            (name.schema.clone().unwrap_or_else(|| self.sql.server.schema.clone()), name.name.clone())
        };
        let asked: Vec<Key> = keys.iter().map(|(.., to)| place(to)).collect();
        let schemas =
            among(asked.iter().map(|place| place.0.clone()).collect(), self.sql).map_err(unreadable)?;
        let names =
            among(asked.iter().map(|place| place.1.clone()).collect(), self.sql).map_err(unreadable)?;
        let query = format!(
            "SELECT TABLE_SCHEMA, TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA{schemas} AND TABLE_NAME{names}"
        );
        let there: Vec<Key> = self.conn.query(&query).await?.iter().map(key).collect();
        for ((table, label, to), asked) in keys.into_iter().zip(asked) {
            let what = match there.contains(&asked) {
                true if self.flavor.refers_to_keys_alone() => {
                    format!("to columns of {to} that are no key")
                }
                true => continue,
                false => format!("to {to}, which isn't there"),
            };
            if let Some(table) = self.tables.get_mut(&table) {
                table.notes.unmodelled.push(Unmodelled::part(PartKind::ForeignKey, label.to_string(), what));
            }
        }
        Ok(())
    }

    pub(super) async fn checks(&mut self) -> Result<(), ConnectionError> {
        if !self.flavor.has_checks() {
            return Ok(());
        }
        if self.flavor.catalog_has_check_tables() {
            let query = format!(
                "SELECT CONSTRAINT_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, CHECK_CLAUSE, LEVEL \
                 FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA{} AND TABLE_NAME{}",
                self.schemas, self.names
            );
            for mut row in self.conn.query(&query).await? {
                let is_whole = self.expressions(&mut row, &[3]);
                self.check(&row, &row.text(3).unwrap_or_default(), true, is_whole);
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
            self.check(&row, clause, row.text(3).as_deref() != Some("NO"), true);
        }
        Ok(())
    }

    /// A check, from a row that begins with its table and its name.
    fn check(&mut self, row: &Row, clause: &str, enforced: bool, is_whole: bool) {
        let (sql, flavor) = (self.sql, self.flavor);
        let name = row.text(2).unwrap_or_default();
        let expr = Expr::Sql(expression_text(clause, sql, flavor));
        let of_table = flavor.has_column_checks() && row.text(4).as_deref() == Some("Table");
        let Some(table) = self.table(row) else { return };
        if !is_whole {
            let what = "with characters that the catalog doesn't tell";
            table.notes.unmodelled.push(Unmodelled::part(PartKind::Check, &name, what));
        }
        if of_table && table.column(&name).is_some() {
            // By its name it would be taken for the column's own.
            table.notes.unmodelled.push(Unmodelled::column(&name, "whose name a check of the table has"));
        }
        let enforcement = if enforced { Enforcement::Full } else { Enforcement::NotEnforced };
        table.checks.push(Check { enforcement, ..Check::new(given(name), expr) });
    }
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
