//! PostgreSQL 13 and later.

mod alter;
#[cfg(feature = "postgres")]
pub(crate) mod connect;
mod constraint;
mod create;
mod introspect;
mod lexicon;
#[cfg(test)]
#[cfg(feature = "postgres")]
mod live;
mod lock;
mod lower;
mod object;
mod options;
mod partition;
mod print;
mod recall;
mod render;
mod script;
mod session;
mod table;
#[cfg(test)]
mod tests;
mod written;

use std::collections::BTreeMap;

use async_trait::async_trait;
use dunlin_dsl::{
    Connection, ConnectionError, Dialect, Guard, Lexicon, Lock, Name, Object, ObjectId, Op, Schema, Server,
    Setting, Statement, StatementCheck, Transactions, Unsupported, Value, Version,
};

pub(crate) use self::script::{assumed, oldest};
use crate::sql::{Limit, Sql, hex, nul_in_text, quote};

/// PostgreSQL 13 and later.
#[derive(Clone, Copy, Debug)]
pub struct Postgres;

/// The longest name. PostgreSQL cuts what is longer, with no more than a notice.
const NAME: Limit = Limit::Bytes(63);

/// The oldest version that Dunlin works with.
const OLDEST: Version = Version::new(13, 0, 0);

impl Postgres {
    fn sql<'a>(&'a self, server: &'a Server) -> Sql<'a> {
        Sql { dialect: self, server }
    }
}

#[async_trait]
impl Dialect for Postgres {
    fn lower_ops(&self, ops: &[Op], before: &Schema, server: &Server) -> Result<Vec<Op>, Unsupported> {
        lower::ops(ops, before, self.sql(server))
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

    async fn recalled(
        &self,
        conn: &mut dyn Connection,
        had: &[&Object],
        now: &Schema,
    ) -> Result<Vec<Object>, ConnectionError> {
        if had.is_empty() {
            return Ok(Vec::new());
        }
        let server = conn.server().await?;
        recall::recalled(conn, had, now, self.sql(&server)).await
    }

    fn lexicon(&self, _: &Server) -> Lexicon {
        lexicon::lexicon()
    }

    fn settings_query(&self, _: &Server, own: &[String]) -> String {
        session::settings_query(own)
    }

    fn identifier(&self, name: &str, server: &Server) -> Result<String, Unsupported> {
        quote(name, '"', Some(NAME), server)
    }

    /// Literals mean the same whatever `standard_conforming_strings` says.
    fn literal(&self, value: &Value, server: &Server) -> Result<String, Unsupported> {
        Ok(match value {
            Value::Null => "NULL".into(),
            Value::Bool(true) => "TRUE".into(),
            Value::Bool(false) => "FALSE".into(),
            Value::Int(value) => value.to_string(),
            Value::Float(value) if value.0.is_nan() => "'NaN'::float8".into(),
            Value::Float(value) if value.0.is_infinite() => {
                if value.0 > 0.0 { "'Infinity'::float8" } else { "'-Infinity'::float8" }.into()
            }
            Value::Float(value) => format!("{:?}", value.0),
            Value::Text(text) if text.contains('\0') => return Err(nul_in_text(server)),
            Value::Text(text) => print::literal(text),
            Value::Bytes(bytes) => format!("{}::bytea", print::literal(&format!("\\x{}", hex(bytes)))),
            other => {
                return self.sql(server).refuse(format!("write {other}"), "has no such value", "write text");
            }
        })
    }

    /// READ COMMITTED, so that what another migrator committed while this one waited for the lock is seen.
    fn transactions(&self, _: &Server) -> Transactions {
        Transactions {
            ddl: true,
            begin: "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
            commit: "COMMIT",
            rollback: "ROLLBACK",
            waits: false,
        }
    }

    fn lock(&self, key: &str, _: &Server) -> Lock {
        lock::lock(key)
    }

    /// Hand-written SQL means the same on every server: a backslash in `'..'` is a backslash.
    fn session(&self, _: &Server) -> Vec<Setting> {
        vec![Setting {
            name: "standard_conforming_strings".into(),
            read: "SHOW standard_conforming_strings".into(),
            value: "on".into(),
            set: "SET standard_conforming_strings = {}".into(),
        }]
    }

    fn around(&self, _: &[Op], _: &Server) -> Vec<Setting> {
        Vec::new()
    }

    fn elapsed_ms(&self, _: &Server) -> Option<&'static str> {
        Some(
            "CAST(extract(epoch FROM pg_catalog.clock_timestamp() - pg_catalog.transaction_timestamp()) * 1000 AS bigint)",
        )
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
