//! The port to a dialect: pure rendering, the facts that the engine asks of it, and reading back.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use async_trait::async_trait;

use crate::connection::{Connection, ConnectionError};
use crate::lexicon::Lexicon;
use crate::op::Op;
use crate::recall::recall;
use crate::schema::{Name, Object, ObjectId, Schema, Value};
use crate::server::Server;
use crate::statement::{Check, Setting, Statement};
use crate::touch::touched;

/// What Dunlin needs to know of a dialect. `server` tells MySQL from MariaDB, and old versions from new ones.
#[async_trait]
pub trait Dialect: Send + Sync + fmt::Debug {
    /// The operations in the server's own terms, for its dialect alone: groups ([`Op::On`]) are opened, and what is one
    /// operation elsewhere may be several here, as where a server has no `enum` and has a check instead.
    /// It is these that are undone, and these that [`render`](Self::render) makes SQL of; lowering them again changes nothing.
    fn lower_ops(&self, ops: &[Op], before: &Schema, server: &Server) -> Result<Vec<Op>, Unsupported> {
        let _ = before;
        Ok(Op::select(ops, server.dialect))
    }

    /// The SQL that does these operations on a database whose touched objects are as `before` says.
    ///
    /// Groups ([`Op::On`]) are opened by [`Op::select`] first. Changes of one table merge into one statement where
    /// the server can. `Execute` is rendered as it stands; `Run` gives no statement.
    fn render(&self, ops: &[Op], before: &Schema, server: &Server) -> Result<Vec<Statement>, Unsupported>;

    /// The schema in the server's own terms: what reading it back would give.
    fn lower(&self, schema: &Schema, server: &Server) -> Result<Schema, Unsupported>;

    /// Reads objects, lowered; one that doesn't exist is absent from the answer. With a table or a view comes what
    /// belongs to it: triggers, rules, policies, statistics, the sequences that its columns own; and the publications that
    /// have it, for they lose it when it is dropped. A name that is asked
    /// for as a table's may be a view's or a materialized view's.
    async fn introspect(
        &self,
        conn: &mut dyn Connection,
        objects: &[ObjectId],
    ) -> Result<Schema, ConnectionError>;

    /// Of texts that objects had ([`Op::Recall`]), those that are other wordings of what the objects are now, as `now` says. The server is
    /// asked what it makes of them; nothing that it is asked for stays.
    async fn recalled(
        &self,
        conn: &mut dyn Connection,
        had: &[&Object],
        now: &Schema,
    ) -> Result<Vec<Object>, ConnectionError> {
        let (_, _, _) = (conn, had, now);
        Ok(Vec::new())
    }

    /// Reads what operations touch, in the words that they recall where these are heeded.
    async fn before(&self, conn: &mut dyn Connection, ops: &[Op]) -> Result<Schema, ConnectionError> {
        let mut before = self.introspect(conn, &touched(ops)).await?;
        for had in self.recalled(conn, &Op::recalls(ops), &before).await? {
            recall(&mut before, &had);
        }
        Ok(before)
    }

    /// How its SQL reads: what divides a script into statements, and what its statements do to a transaction.
    fn lexicon(&self, server: &Server) -> Lexicon;

    /// The question for the session's settings: each row has a statement that sets one as it now is, whether it must run even
    /// where it still is so, and, perhaps, a statement that removes what wasn't there before. Settings of the caller's own making,
    /// which no catalog shows, are asked for by name.
    fn settings_query(&self, server: &Server, own: &[String]) -> String;

    /// What a script's statement has no effect without, where it stands inside a transaction: settings that are made before
    /// its BEGIN in place of the statement, and what must then be true when it ends. None for all other statements.
    fn hoisted(&self, statement: &str, server: &Server) -> Option<Hoisted> {
        let _ = (statement, server);
        None
    }

    /// What removes what a script's statement has made for its session alone, where no catalog tells of it.
    fn removal(&self, statement: &str) -> Option<String> {
        let _ = statement;
        None
    }

    /// A statement at a session's beginning with which one that failed would not have failed for this reason, where whoever wrote
    /// it may have had such sessions in mind.
    fn lenience(&self, error: &ConnectionError) -> Option<&'static str> {
        let _ = error;
        None
    }

    /// What lets a statement of Dunlin's own run that the server refused for the way in which it was asked for, if that was why.
    fn advice(&self, error: &ConnectionError, statement: &str) -> Option<String> {
        let _ = (error, statement);
        None
    }

    /// A name as an identifier, quoted.
    fn identifier(&self, name: &str, server: &Server) -> Result<String, Unsupported>;

    /// A value as a literal.
    fn literal(&self, value: &Value, server: &Server) -> Result<String, Unsupported>;

    /// How transactions go.
    fn transactions(&self, server: &Server) -> Transactions;

    /// The lock under which one migrator works, by the key that all of them share.
    fn lock(&self, key: &str, server: &Server) -> Lock;

    /// Settings that hold for a whole run: strictness, a lock timeout.
    fn session(&self, server: &Server) -> Vec<Setting>;

    /// Settings that must be made outside the transaction in which these operations run, decided from them alone.
    fn around(&self, ops: &[Op], server: &Server) -> Vec<Setting>;

    /// What must be asked at the end of these operations for what is set [around](Self::around) them.
    fn watch(&self, ops: &[Op], server: &Server) -> Vec<Check> {
        let _ = (ops, server);
        Vec::new()
    }

    /// An expression for the whole milliseconds since the transaction began, by the server's own clock; none where
    /// there is no such thing. With it a revision's history row can fly together with all its statements.
    fn elapsed_ms(&self, server: &Server) -> Option<&'static str> {
        let _ = server;
        None
    }

    /// The question for the names of a table's columns: no row if there is no such table.
    fn columns_query(&self, table: &Name, server: &Server) -> Result<String, Unsupported>;

    /// What a script begins with, so that the session of whoever runs it is as `server` says.
    fn opening(&self, server: &Server) -> Vec<String>;

    /// What these statements set, by name.
    fn opened(&self, server: &Server) -> BTreeMap<String, String>;

    /// Now, in RFC 3339 and UTC with microseconds, as text that the server's own clock gives.
    fn now(&self, server: &Server) -> &'static str;

    /// A check as a script can make it, where nobody looks at answers: statements that fail where the answer isn't right.
    fn guard(&self, check: &Check, server: &Server) -> Result<Guard, Unsupported>;

    /// A question with an answer where a table keeps what a transaction that is rolled back has changed in it; none where no
    /// table does.
    fn keeping_tables_query(&self, server: &Server) -> Option<&'static str>;

    /// What puts back to its default what a statement of a script has set in its session.
    fn reset(&self, setting: &str, server: &Server) -> Vec<String>;

    /// A table's name, quoted and qualified as given.
    fn table(&self, name: &Name, server: &Server) -> Result<String, Unsupported> {
        let own = self.identifier(&name.name, server)?;
        match &name.schema {
            Some(schema) => Ok(format!("{}.{own}", self.identifier(schema, server)?)),
            None => Ok(own),
        }
    }
}

/// A check that a script makes by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guard {
    /// What keeps the answer of before, where it must be the same afterwards.
    pub keep: Vec<String>,
    /// What fails unless the answer is right.
    pub prove: Vec<String>,
}

/// What is made before a transaction in place of a statement inside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hoisted {
    /// The setting.
    pub setting: Setting,
    /// What is asked before the transaction's end, against what it was at its beginning.
    pub checks: Vec<Check>,
}

/// How a server's transactions go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transactions {
    /// Whether DDL can be rolled back. Where it can't, each DDL statement commits what went before it.
    pub ddl: bool,
    /// Begins one, with the isolation and the locks that Dunlin needs.
    pub begin: &'static str,
    /// Commits it.
    pub commit: &'static str,
    /// Rolls it back.
    pub rollback: &'static str,
    /// Whether one in which a statement finds a lock in its way stays as it was before that statement, which may be tried again.
    pub waits: bool,
}

/// The lock under which one migrator works on a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    /// A lock that the session holds across transactions; none where a transaction itself is the lock.
    pub session: Option<SessionLock>,
    /// A statement that fails unless this session holds the lock, or can take it for its transaction.
    /// It fails with the message [`Lock::REFUSED`] in its text, or, where a server has no words of its own to give,
    /// with an error that the connection reports as [`ErrorKind::LockRefused`](crate::ErrorKind::LockRefused).
    pub proof: Option<String>,
}

impl Lock {
    /// What a refused [`proof`](Lock::proof) says.
    pub const REFUSED: &'static str = "dunlin: another migrator holds the lock";
}

/// A lock held by a session: taken, given back, and asked about, each by one statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionLock {
    /// Tries to take it, without waiting: one row of one value, true when taken.
    pub acquire: String,
    /// Gives it back.
    pub release: String,
    /// Who holds it: one row of one text, such as `process 4711, dunlin on 127.0.0.1, since 12:00:01`; no row if it can't be told.
    pub holder: String,
    /// How long to sleep between tries.
    pub poll: Duration,
}

/// A thing that a server can't do, or that Dunlin won't do there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// The operation, as it is printed.
    pub operation: String,
    /// Why not, as a fragment that names the server: `SQLite 3.40 has no INCLUDE columns`.
    pub reason: String,
    /// What to do instead.
    pub instead: String,
}

impl Unsupported {
    /// An operation that isn't supported, why, and what to do instead.
    pub fn new(operation: impl fmt::Display, reason: impl Into<String>, instead: impl Into<String>) -> Self {
        Self { operation: operation.to_string(), reason: reason.into(), instead: instead.into() }
    }
}

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "can't {}: {}", self.operation, self.reason)
    }
}

impl std::error::Error for Unsupported {}
