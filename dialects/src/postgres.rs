//! PostgreSQL 13 and later.

#[cfg(feature = "postgres")]
pub(crate) mod connect;
mod introspect;
mod lower;
mod render;
#[cfg(test)]
mod tests;
#[cfg(feature = "postgres")]
mod tls;

use std::time::Duration;

use async_trait::async_trait;
use dunlin_dsl::{
    Connection, ConnectionError, Dialect, Lock, Name, Op, Schema, Server, SessionLock, Setting, Statement,
    Transactions, Unsupported, Value,
};

use crate::choice;
use crate::sql::{Limit, Sql, hex, nul_in_text, quote};

/// PostgreSQL 13 and later.
#[derive(Clone, Copy, Debug)]
pub struct Postgres;

/// The longest name; a longer one would be cut without a word.
const NAME_BYTES: usize = 63;

/// How long to wait between tries for the lock. A waiting `pg_advisory_lock` would hold a snapshot, and so stand in the way of
/// `CREATE INDEX CONCURRENTLY`.
const POLL: Duration = Duration::from_millis(100);

impl Postgres {
    fn sql<'a>(&'a self, server: &'a Server) -> Sql<'a> {
        Sql { dialect: self, server }
    }
}

#[async_trait]
impl Dialect for Postgres {
    fn lower_ops(&self, ops: &[Op], before: &Schema, server: &Server) -> Result<Vec<Op>, Unsupported> {
        choice::lower_ops(ops, before, self.sql(server))
    }

    fn render(&self, ops: &[Op], before: &Schema, server: &Server) -> Result<Vec<Statement>, Unsupported> {
        render::render(ops, before, self.sql(server))
    }

    fn lower(&self, schema: &Schema, server: &Server) -> Result<Schema, Unsupported> {
        let mut lowered = Schema::new();
        for table in schema.tables.values() {
            lowered.insert(lower::table(table, self.sql(server))?);
        }
        Ok(lowered)
    }

    async fn introspect(
        &self,
        conn: &mut dyn Connection,
        tables: &[Name],
    ) -> Result<Schema, ConnectionError> {
        let server = conn.server().await?;
        introspect::introspect(conn, tables, self.sql(&server)).await
    }

    fn identifier(&self, name: &str, server: &Server) -> Result<String, Unsupported> {
        quote(name, '"', Some(Limit::Bytes(NAME_BYTES)), server)
    }

    fn literal(&self, value: &Value, server: &Server) -> Result<String, Unsupported> {
        Ok(match value {
            Value::Null => "NULL".into(),
            Value::Bool(true) => "TRUE".into(),
            Value::Bool(false) => "FALSE".into(),
            Value::Int(value) => value.to_string(),
            Value::Float(value) if value.0.is_finite() => format!("{:?}", value.0),
            Value::Float(value) if value.0.is_nan() => "'NaN'::float8".into(),
            Value::Float(value) if value.0 > 0.0 => "'Infinity'::float8".into(),
            Value::Float(_) => "'-Infinity'::float8".into(),
            Value::Text(text) if text.contains('\0') => return Err(nul_in_text(server)),
            // An escape string means the same whatever standard_conforming_strings says.
            Value::Text(text) if text.contains('\\') => {
                format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
            }
            Value::Text(text) => format!("'{}'", text.replace('\'', "''")),
            Value::Bytes(bytes) => format!("E'\\\\x{}'::bytea", hex(bytes)),
            other => {
                return self.sql(server).refuse(format!("write {other}"), "has no such value", "write text");
            }
        })
    }

    fn transactions(&self, _: &Server) -> Transactions {
        Transactions {
            ddl: true,
            begin: "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
            commit: "COMMIT",
            rollback: "ROLLBACK",
        }
    }

    /// An advisory lock. Advisory locks are the database's own, so its name needs no part in the key.
    fn lock(&self, key: &str, server: &Server) -> Lock {
        let key = match self.literal(&Value::Text(format!("dunlin {key}")), server) {
            Ok(key) => format!("hashtextextended({key}, 0)"),
            // Names with NUL are refused before anything is locked.
            Err(_) => "0".into(),
        };
        let body = format!(
            "BEGIN IF NOT pg_try_advisory_xact_lock({key}) THEN RAISE EXCEPTION '{}'; END IF; END",
            Lock::REFUSED
        );
        Lock {
            session: Some(SessionLock {
                acquire: format!("SELECT pg_try_advisory_lock({key})"),
                release: format!("SELECT pg_advisory_unlock({key})"),
                holder: format!(
                    "SELECT 'process ' || a.pid || ', ' || coalesce(nullif(a.application_name, ''), 'unnamed') || ' of ' || \
                     a.usename || ' from ' || coalesce(host(a.client_addr), 'a local socket') || ', since ' || \
                     to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS') FROM pg_locks l JOIN pg_stat_activity a ON \
                     a.pid = l.pid WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.database = \
                     (SELECT oid FROM pg_database WHERE datname = current_database()) AND \
                     ((l.classid::bigint << 32) | l.objid::bigint) = {key} LIMIT 1"
                ),
                poll: POLL,
            }),
            proof: Some(format!("DO '{}'", body.replace('\'', "''"))),
        }
    }

    fn session(&self, _: &Server) -> Vec<Setting> {
        // Without it a backslash in hand-written text would mean something else than it says.
        vec![setting("standard_conforming_strings", "on")]
    }

    fn around(&self, _: &[Op], _: &Server) -> Vec<Setting> {
        Vec::new()
    }

    fn elapsed_ms(&self, _: &Server) -> Option<&'static str> {
        Some("(extract(epoch FROM clock_timestamp() - transaction_timestamp()) * 1000)::bigint")
    }

    fn columns_query(&self, table: &Name, server: &Server) -> Result<String, Unsupported> {
        let sql = self.sql(server);
        let schema = sql.text(table.schema.as_deref().unwrap_or(&server.schema))?;
        Ok(format!(
            "SELECT a.attname FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN \
             pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = {schema} AND c.relname = {} AND \
             a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
            sql.text(&table.name)?
        ))
    }
}

fn setting(name: &str, value: &str) -> Setting {
    Setting {
        name: name.into(),
        read: format!("SHOW {name}"),
        value: value.into(),
        set: format!("SET {name} = {{}}"),
    }
}
