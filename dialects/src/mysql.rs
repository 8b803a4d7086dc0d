//! MySQL 8.0 and later, and MariaDB 10.6 and later; `Server::dialect` says which of the two is meant.

mod alter;
mod body;
mod column;
#[cfg(feature = "mysql")]
pub(crate) mod connect;
mod constraint;
mod default;
mod fit;
mod flavor;
mod impossible;
mod index;
mod introspect;
mod level;
mod lexicon;
mod lower;
mod native;
mod object;
mod ops;
mod options;
mod partition;
mod render;
mod script;
mod session;
#[cfg(test)]
mod tests;
mod text;

use std::collections::BTreeMap;

use async_trait::async_trait;
use dunlin_dsl::{
    Connection, ConnectionError, Dialect, Guard, Lexicon, Lock, Name, ObjectId, Op, Schema, Server, Setting,
    Statement, StatementCheck, Transactions, Unsupported, Value,
};

pub(crate) use self::script::{assumed, oldest};
use crate::sql::{Limit, Sql, hex, quote};

/// The longest name, in characters.
const LIMIT: Limit = Limit::Characters(64);

/// MySQL 8.0 and later, and MariaDB 10.6 and later; `Server::dialect` says which of the two is meant.
#[derive(Clone, Copy, Debug)]
pub struct Mysql;

impl Mysql {
    fn sql<'a>(&'a self, server: &'a Server) -> Sql<'a> {
        Sql { dialect: self, server }
    }
}

#[async_trait]
impl Dialect for Mysql {
    fn lower_ops(&self, ops: &[Op], before: &Schema, server: &Server) -> Result<Vec<Op>, Unsupported> {
        ops::lower_ops(ops, before, self.sql(server))
    }

    fn render(&self, ops: &[Op], before: &Schema, server: &Server) -> Result<Vec<Statement>, Unsupported> {
        render::render(ops, before, self.sql(server))
    }

    fn lower(&self, schema: &Schema, server: &Server) -> Result<Schema, Unsupported> {
        let mut lowered = Schema::new();
        for table in schema.tables.values() {
            let table = lower::in_its_database(table, schema);
            lowered.insert(lower::table(&table, self.sql(server))?);
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

    fn lexicon(&self, server: &Server) -> Lexicon {
        lexicon::lexicon(server)
    }

    fn settings_query(&self, server: &Server, _: &[String]) -> String {
        session::settings_query(server)
    }

    fn removal(&self, statement: &str) -> Option<String> {
        session::removal(statement)
    }

    fn advice(&self, error: &ConnectionError, statement: &str) -> Option<String> {
        level::advice(error, statement)
    }

    fn identifier(&self, name: &str, server: &Server) -> Result<String, Unsupported> {
        let refuse = |lacks: &str| {
            let shown: String = name.chars().take(80).collect();
            self.sql(server).refuse(format!("name something {shown:?}"), lacks, "choose another name")
        };
        if name.ends_with(' ') {
            return refuse("takes no name that ends with a space");
        }
        if name.chars().any(|c| c > '\u{ffff}') {
            return refuse("keeps no characters beyond U+FFFF in names");
        }
        quote(name, '`', Some(LIMIT), server)
    }

    fn literal(&self, value: &Value, server: &Server) -> Result<String, Unsupported> {
        Ok(match value {
            Value::Null => "NULL".into(),
            Value::Bool(true) => "TRUE".into(),
            Value::Bool(false) => "FALSE".into(),
            Value::Int(value) => value.to_string(),
            Value::Float(value) if !value.0.is_finite() => {
                let operation = format!("write {}", value.0);
                return self.sql(server).refuse(operation, "has only finite numbers", "write NULL");
            }
            Value::Float(value) => format!("{:?}", value.0),
            // Without backslashes a NUL has no other way into a text.
            Value::Text(text)
                if text.contains('\0') && server.fact("sql_mode").contains("NO_BACKSLASH_ESCAPES") =>
            {
                format!("_utf8mb4 x'{}'", hex(text.as_bytes()))
            }
            Value::Text(text) => text::quote(text, server),
            Value::Bytes(bytes) => format!("x'{}'", hex(bytes)),
            other => {
                return self.sql(server).refuse(format!("write {other}"), "has no such value", "write text");
            }
        })
    }

    /// Isolation is the server's own: the lock is held before a transaction begins, so whatever snapshot it takes is
    /// taken under the lock. READ COMMITTED would be refused where the binary log is by statement.
    fn transactions(&self, _: &Server) -> Transactions {
        Transactions {
            ddl: false,
            begin: "START TRANSACTION READ WRITE",
            commit: "COMMIT",
            rollback: "ROLLBACK",
            waits: false,
        }
    }

    fn lock(&self, key: &str, server: &Server) -> Lock {
        session::lock(key, server)
    }

    fn session(&self, server: &Server) -> Vec<Setting> {
        session::settings(server)
    }

    fn around(&self, _: &[Op], _: &Server) -> Vec<Setting> {
        Vec::new()
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
        Some(introspect::KEEPING_TABLES)
    }

    fn reset(&self, setting: &str, server: &Server) -> Vec<String> {
        script::reset(setting, server)
    }
}
