//! SQLite 3.35 and later.

#[cfg(feature = "sqlite")]
pub(crate) mod connect;
mod create;
mod fit;
mod foreign;
mod introspect;
mod lexicon;
mod lower;
mod object;
mod read;
mod rebuild;
mod render;
mod script;
mod session;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use async_trait::async_trait;
use dunlin_dsl::{
    Connection, ConnectionError, Dialect, Guard, Hoisted, Lexicon, Lock, Name, ObjectId, Op, Schema, Server,
    Setting, Statement, StatementCheck, Transactions, Unsupported, Value, Version,
};

pub(crate) use self::script::{assumed, oldest};
use self::session::setting;
use crate::sql::{Sql, hex, nul_in_text, quote};

/// SQLite 3.35 and later.
#[derive(Clone, Copy, Debug)]
pub struct Sqlite;

/// The first version that can drop a column.
const OLDEST: Version = Version::new(3, 35, 0);

impl Sqlite {
    fn sql<'a>(&'a self, server: &'a Server) -> Sql<'a> {
        Sql { dialect: self, server }
    }
}

#[async_trait]
impl Dialect for Sqlite {
    fn lower_ops(&self, ops: &[Op], before: &Schema, server: &Server) -> Result<Vec<Op>, Unsupported> {
        let sql = self.sql(server);
        lower::ops(ops, before, sql)
    }

    fn render(&self, ops: &[Op], before: &Schema, server: &Server) -> Result<Vec<Statement>, Unsupported> {
        render::render(ops, before, self.sql(server))
    }

    fn lower(&self, schema: &Schema, server: &Server) -> Result<Schema, Unsupported> {
        let mut lowered = Schema::new();
        for table in schema.tables.values() {
            lowered.insert(lower::table(table, self.sql(server))?);
        }
        for object in schema.objects.values() {
            lowered.insert_object(lower::object::object(object, self.sql(server))?);
        }
        Ok(lowered)
    }

    async fn introspect(
        &self,
        conn: &mut dyn Connection,
        objects: &[ObjectId],
    ) -> Result<Schema, ConnectionError> {
        let server = conn.server().await?;
        introspect::introspect(conn, objects, self.sql(&server)).await
    }

    fn lexicon(&self, _: &Server) -> Lexicon {
        lexicon::lexicon()
    }

    fn settings_query(&self, _: &Server, _: &[String]) -> String {
        session::SETTINGS_QUERY.to_owned()
    }

    fn hoisted(&self, statement: &str, _: &Server) -> Option<Hoisted> {
        session::hoisted(statement)
    }

    fn lenience(&self, error: &ConnectionError) -> Option<&'static str> {
        session::lenience(error)
    }

    fn identifier(&self, name: &str, server: &Server) -> Result<String, Unsupported> {
        quote(name, '"', None, server)
    }

    fn literal(&self, value: &Value, server: &Server) -> Result<String, Unsupported> {
        Ok(match value {
            Value::Null => "NULL".into(),
            Value::Bool(true) => "TRUE".into(),
            Value::Bool(false) => "FALSE".into(),
            // A longer one would be read as a float, and lose its last digits.
            Value::Int(value) if i64::try_from(*value).is_err() => {
                return self.sql(server).refuse(
                    format!("write the integer {value}"),
                    "has integers of 64 bits at most",
                    "write it as text",
                );
            }
            // The least integer is a minus and a number that is one too great to be one.
            Value::Int(value) if *value == i128::from(i64::MIN) => "(-9223372036854775807 - 1)".into(),
            Value::Int(value) => value.to_string(),
            Value::Float(value) if value.0.is_nan() => {
                return self.sql(server).refuse("write NaN", "keeps NULL in its place", "write NULL");
            }
            Value::Float(value) if value.0.is_infinite() => {
                if value.0 > 0.0 { "9e999" } else { "-9e999" }.into()
            }
            Value::Float(value) => format!("{:?}", value.0),
            Value::Text(text) if text.contains('\0') => return Err(nul_in_text(server)),
            Value::Text(text) => format!("'{}'", text.replace('\'', "''")),
            Value::Bytes(bytes) => format!("x'{}'", hex(bytes)),
            other => {
                return self.sql(server).refuse(format!("write {other}"), "has no such value", "write text");
            }
        })
    }

    fn transactions(&self, _: &Server) -> Transactions {
        Transactions {
            ddl: true,
            begin: "BEGIN IMMEDIATE",
            commit: "COMMIT",
            rollback: "ROLLBACK",
            waits: true,
        }
    }

    /// `BEGIN IMMEDIATE` is the lock: it lets one writer in, and dies with it.
    fn lock(&self, _: &str, _: &Server) -> Lock {
        Lock { session: None, proof: None }
    }

    fn session(&self, _: &Server) -> Vec<Setting> {
        // With it a rename would leave foreign keys, triggers and views behind.
        vec![setting("legacy_alter_table", "0")]
    }

    fn around(&self, ops: &[Op], server: &Server) -> Vec<Setting> {
        let ops = Op::select(ops, server.dialect);
        if ops.iter().any(render::may_rebuild) { vec![setting("foreign_keys", "0")] } else { Vec::new() }
    }

    fn watch(&self, ops: &[Op], server: &Server) -> Vec<StatementCheck> {
        let ops = Op::select(ops, server.dialect);
        let rows = |op: &Op| matches!(op, Op::Insert { .. } | Op::Delete { .. }) || op.is_opaque();
        let is_unwatched = ops.iter().any(rows) && ops.iter().any(render::may_rebuild);
        let message = "rows refer to rows that don't exist; where a table may be built anew foreign keys are off, and nothing \
                       cascades: change the rows in a revision of their own";
        is_unwatched.then(|| session::references(message)).into_iter().collect()
    }

    fn columns_query(&self, table: &Name, server: &Server) -> Result<String, Unsupported> {
        introspect::columns_query(table, self.sql(server))
    }

    fn opening(&self, server: &Server) -> Vec<String> {
        script::opening(server)
    }

    fn opened(&self, server: &Server) -> BTreeMap<String, String> {
        script::opened(server)
    }

    fn now(&self, _: &Server) -> &'static str {
        script::NOW
    }

    fn guard(&self, check: &StatementCheck, server: &Server) -> Result<Guard, Unsupported> {
        script::guard(check, self.sql(server))
    }

    fn keeping_tables_query(&self, _: &Server) -> Option<&'static str> {
        None
    }

    fn reset(&self, setting: &str, server: &Server) -> Vec<String> {
        script::reset(setting, server)
    }
}
