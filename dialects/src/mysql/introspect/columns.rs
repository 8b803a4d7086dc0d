//! The columns of tables.

use dunlin_dsl::{
    Column, ColumnType, ConnectionError, Expr, Generated, Identity, PerDialect, Row, Unmodelled, Value,
};

use super::{Flavor, Reader, doubt, expression_text, key};
use crate::mysql::{default, native, session};
use crate::sql::Sql;

impl Reader<'_> {
    pub(super) async fn columns(&mut self) -> Result<(), ConnectionError> {
        let srid = if self.flavor.catalog_has_column_srid() { "SRS_ID" } else { "NULL" };
        let columns = format!(
            "TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, EXTRA, \
             GENERATION_EXPRESSION, CHARACTER_SET_NAME, COLLATION_NAME, COLUMN_COMMENT, {srid}"
        );
        let rows = self.ask(&columns, "COLUMNS", "TABLE", " ORDER BY ORDINAL_POSITION").await?;
        let (sql, flavor) = (self.sql, self.flavor);
        for mut row in rows {
            let is_whole = self.expressions(&mut row, &[5, 7]);
            let Some(table) = self.tables.get_mut(&key(&row)) else { continue };
            let (column, unknown) = column(&row, sql, flavor);
            if let Some(unknown) = unknown {
                table.notes.unmodelled.push(Unmodelled::column(&column.name, format!("that is {unknown}")));
            }
            if doubt::is_unsure(&column, sql) {
                self.unsure.push((key(&row), column.name.clone()));
            }
            if doubt::is_vague(&column) {
                self.vague.push((key(&row), column.name.clone()));
            }
            if !is_whole {
                let what = "with characters that the catalog doesn't tell";
                table.notes.unmodelled.push(Unmodelled::column(&column.name, what));
            }
            if has_zero_date(&column)
                && let Some(mode) = session::with_zero_dates(sql.server.fact("sql_mode"))
            {
                table.notes.settings.insert("sql_mode".into(), mode);
            }
            table.columns.push(column);
        }
        Ok(())
    }

    /// Reference systems, where they aren't told beside the column.
    pub(super) async fn shapes(&mut self) -> Result<(), ConnectionError> {
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
}

/// Whether a column's default is a day that MySQL's modes refuse: `0000-00-00`, or `2020-00-01`.
fn has_zero_date(column: &Column) -> bool {
    match &column.default {
        Some(Expr::Literal(Value::Text(text))) => {
            let ty = matches!(&column.ty, ColumnType::Native(ty) if ["date", "timestamp"].iter().any(|start| ty.starts_with(start)));
            ty && (text.starts_with("0000-") || text.contains("-00"))
        }
        _ => false,
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
