//! PostgreSQL 13 and later.

#[cfg(feature = "postgres")]
pub(crate) mod connect;

use async_trait::async_trait;
use dunlin_dsl::{
    Connection, ConnectionError, Dialect, ErrorKind, Lock, Name, Op, Schema, Server, Setting, Statement,
    Transactions, Unsupported, Value,
};

/// PostgreSQL 13 and later.
#[derive(Clone, Copy, Debug)]
pub struct Postgres;

fn unwritten(what: &str) -> Unsupported {
    Unsupported::new(what, "not written yet for PostgreSQL", "wait")
}

#[async_trait]
impl Dialect for Postgres {
    fn render(&self, _: &[Op], _: &Schema, _: &Server) -> Result<Vec<Statement>, Unsupported> {
        Err(unwritten("render"))
    }

    fn lower(&self, _: &Schema, _: &Server) -> Result<Schema, Unsupported> {
        Err(unwritten("lower"))
    }

    async fn introspect(&self, _: &mut dyn Connection, _: &[Name]) -> Result<Schema, ConnectionError> {
        Err(ConnectionError::new(ErrorKind::Statement, "not written yet"))
    }

    fn identifier(&self, _: &str, _: &Server) -> Result<String, Unsupported> {
        Err(unwritten("quote"))
    }

    fn literal(&self, _: &Value, _: &Server) -> Result<String, Unsupported> {
        Err(unwritten("quote"))
    }

    fn transactions(&self, _: &Server) -> Transactions {
        Transactions { ddl: false, begin: "BEGIN", commit: "COMMIT", rollback: "ROLLBACK" }
    }

    fn lock(&self, _: &str, _: &Server) -> Lock {
        Lock { session: None, proof: None }
    }

    fn session(&self, _: &Server) -> Vec<Setting> {
        Vec::new()
    }

    fn around(&self, _: &[Op], _: &Server) -> Vec<Setting> {
        Vec::new()
    }

    fn columns_query(&self, _: &Name, _: &Server) -> Result<String, Unsupported> {
        Err(unwritten("list columns"))
    }
}
