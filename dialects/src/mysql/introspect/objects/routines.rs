//! Functions and procedures.

use std::collections::BTreeMap;

use dunlin_dsl::{
    Argument, ArgumentMode, ColumnType, ConnectionError, DataAccess, Definition, Expr, Object, ObjectId,
    ObjectKind, Parallel, Returns, Routine, Row, Security, Unmodelled, Volatility,
};

use super::super::{Key, key};
use super::{Objects, Remembered};
use crate::mysql::lower::object::{ingoing, with_charset};
use crate::mysql::native;

/// Arguments by routine and kind; the one without a mode is the result.
type Arguments = BTreeMap<(Key, String), Vec<(Option<ArgumentMode>, String, ColumnType)>>;

impl Objects<'_> {
    pub(super) async fn routines(&mut self, asked: &[&ObjectId]) -> Result<(), ConnectionError> {
        if asked.is_empty() {
            return Ok(());
        }
        let ids: Vec<ObjectId> = asked.iter().map(|id| (*id).clone()).collect();
        let (schemas, names) = self.conditions(ids.iter().map(|id| &id.name))?;
        let query = format!(
            "SELECT ROUTINE_SCHEMA, ROUTINE_NAME, ROUTINE_TYPE, ROUTINE_DEFINITION, IS_DETERMINISTIC, SQL_DATA_ACCESS, \
             SECURITY_TYPE, SQL_MODE, ROUTINE_COMMENT, DEFINER, CHARACTER_SET_CLIENT, ROUTINE_BODY, COLLATION_CONNECTION, \
             DATABASE_COLLATION FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA{schemas} AND ROUTINE_NAME{names}"
        );
        let rows = self.conn.query(&query).await?;
        let arguments = self.arguments(&format!("SPECIFIC_SCHEMA{schemas} AND SPECIFIC_NAME{names}")).await?;
        let mut read: BTreeMap<&str, Vec<ObjectId>> = BTreeMap::new();
        for row in &rows {
            let kind = match row.text(2).as_deref() {
                Some("FUNCTION") => ObjectKind::Function,
                Some("PROCEDURE") => ObjectKind::Procedure,
                _ => continue,
            };
            let of_kind: Vec<ObjectId> = ids.iter().filter(|id| id.kind == kind).cloned().collect();
            let Some(id) = self.asked(&of_kind, &key(row)) else { continue };
            let own = arguments.get(&(key(row), row.text(2).unwrap_or_default()));
            let routine = routine(row, own.map(Vec::as_slice).unwrap_or_default());
            let id = ObjectId { args: Some(ingoing(&routine)), ..id.clone() };
            let is_row = |arg: &Argument| matches!(&arg.ty, ColumnType::Native(ty) if ty == "row");
            let has_rows = routine.args.iter().any(is_row);
            let lost = routine.args.iter().any(|arg| is_lossy(&arg.ty));
            let (is_function, word) = match kind {
                ObjectKind::Function => (true, "FUNCTION"),
                _ => (false, "PROCEDURE"),
            };
            let definition =
                if is_function { Definition::Function(routine) } else { Definition::Procedure(routine) };
            let mut object = Object::new(id, definition);
            object.comment = row.text(8).filter(|comment| !comment.is_empty());
            let remembered = Remembered {
                definer: row.text(9),
                mode: row.text(7),
                charset: row.text(10),
                collation: row.text(12),
                database: row.text(13),
                time_zone: None,
            };
            self.remembered(&mut object, remembered).await?;
            read.entry(word).or_default().push(object.id.clone());
            if let Some(language) = row.text(11).filter(|language| language != "SQL") {
                object
                    .notes
                    .unmodelled
                    .push(Unmodelled::Thing(format!("a body in {}", language.to_lowercase())));
            }
            if has_rows {
                object.notes.unmodelled.push(Unmodelled::thing("an argument that is a row"));
            }
            if lost {
                object
                    .notes
                    .unmodelled
                    .push(Unmodelled::thing("an argument with characters that the catalog doesn't tell"));
            }
            self.found.insert_object(object);
        }
        for (word, ids) in read {
            self.bodies(word, ids).await?;
        }
        Ok(())
    }

    /// Arguments and results of the routines for which a condition holds.
    pub(super) async fn arguments(&mut self, condition: &str) -> Result<Arguments, ConnectionError> {
        let query = format!(
            "SELECT SPECIFIC_SCHEMA, SPECIFIC_NAME, ROUTINE_TYPE, PARAMETER_MODE, PARAMETER_NAME, DTD_IDENTIFIER, \
             CHARACTER_SET_NAME, COLLATION_NAME, ORDINAL_POSITION FROM information_schema.PARAMETERS \
             WHERE {condition} ORDER BY ORDINAL_POSITION"
        );
        let mut arguments = Arguments::new();
        for row in self.conn.query(&query).await? {
            let mode = match (row.int(8), row.text(3).as_deref()) {
                (Some(0), _) => None,
                (_, Some("OUT")) => Some(ArgumentMode::Out),
                (_, Some("INOUT")) => Some(ArgumentMode::InOut),
                _ => Some(ArgumentMode::In),
            };
            let ty = native::read(&row.text(5).unwrap_or_default(), self.flavor);
            let ty = match &ty {
                ColumnType::Native(text) if native::is_text(&ty, self.sql) && row.text(7).is_some() => {
                    with_charset(text, row.text(6).as_deref(), row.text(7).as_deref(), self.sql)
                }
                _ => ty,
            };
            let of = (key(&row), row.text(2).unwrap_or_default());
            arguments.entry(of).or_default().push((mode, row.text(4).unwrap_or_default(), ty));
        }
        Ok(arguments)
    }
}

fn routine(row: &Row, arguments: &[(Option<ArgumentMode>, String, ColumnType)]) -> Routine {
    let args = arguments.iter().filter_map(|(mode, name, ty)| {
        Some(Argument { name: name.clone(), ty: ty.clone(), mode: (*mode)?, default: None })
    });
    let returns = arguments.iter().find(|(mode, ..)| mode.is_none());
    Routine {
        args: args.collect(),
        returns: returns.map(|(.., ty)| Returns::Type(ty.clone())),
        language: None,
        body: Expr::Sql(row.text(3).unwrap_or_default()),
        volatility: match row.text(4).as_deref() {
            Some("YES") => Volatility::Immutable,
            _ => Volatility::Volatile,
        },
        strict: false,
        leakproof: false,
        parallel: Parallel::Unsafe,
        security: (row.text(6).as_deref() == Some("INVOKER")).then_some(Security::Invoker),
        cost: None,
        rows: None,
        settings: Default::default(),
        support: None,
        data_access: match row.text(5).as_deref() {
            Some("NO SQL") => Some(DataAccess::NoSql),
            Some("READS SQL DATA") => Some(DataAccess::ReadsSqlData),
            Some("MODIFIES SQL DATA") => Some(DataAccess::ModifiesSqlData),
            _ => None,
        },
    }
}

fn is_lossy(ty: &ColumnType) -> bool {
    matches!(ty, ColumnType::Enum(values) | ColumnType::Set(values) if values.iter().any(|value| value.contains('?')))
}
