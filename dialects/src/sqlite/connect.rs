//! Connections to SQLite: a caller's own, worked on where it is, and databases opened by URL, each on a thread of its own.
//!
//! Neither needs a runtime: a reply comes over a channel that any executor can wait for.

mod meter;

use std::any::Any;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use async_trait::async_trait;
use dunlin_dsl::{
    BatchError, Connection, ConnectionError, Dialect, DialectId, ErrorKind, Gauge, Row, Server, Value,
    Version,
};
use futures_channel::oneshot;
use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::ffi::{self, ErrorCode};
use rusqlite::types::ValueRef;
use rusqlite::{InterruptHandle, OpenFlags};

use super::{OLDEST, Sqlite};
use crate::connect::{Connect, OpenMode};
use crate::url::{DatabaseUrl, SqliteFile};
use meter::Meter;

/// How long a statement waits for another connection's lock before it is Dunlin that waits, and says so.
const BUSY: Duration = Duration::from_millis(200);

/// A caller's own connection. Its statements run on the thread that polls the future, as rusqlite's own calls do.
impl Connect for rusqlite::Connection {
    fn connect(&mut self) -> Box<dyn Connection + '_> {
        Box::new(Borrowed { conn: self, on_drop: Vec::new() })
    }
}

/// Opens a connection of Dunlin's own.
pub(crate) fn open(url: &DatabaseUrl, mode: OpenMode) -> Result<Box<dyn Connection>, ConnectionError> {
    if let Some((name, _)) = url.parameters().first() {
        return Err(ConnectionError::new(ErrorKind::BadUrl, format!("a sqlite URL has no parameter {name}")));
    }
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = match url.sqlite_file() {
        SqliteFile::Memory => rusqlite::Connection::open_in_memory(),
        SqliteFile::Path(path) => {
            if mode == OpenMode::Existing && !path.exists() {
                let message = format!("there is no database file {}", path.display());
                return Err(ConnectionError::new(ErrorKind::Unreachable, message));
            }
            if mode == OpenMode::Create {
                flags |= OpenFlags::SQLITE_OPEN_CREATE;
            }
            rusqlite::Connection::open_with_flags(path, flags)
        }
    };
    let conn = conn.and_then(|conn| conn.busy_timeout(BUSY).map(|()| conn));
    let conn = conn.map_err(|error| unopened(url, error))?;
    Threaded::start(conn).map(|threaded| Box::new(threaded) as Box<dyn Connection>)
}

/// Why a file can't be opened, with what people most often mean by such a path.
fn unopened(url: &DatabaseUrl, error: rusqlite::Error) -> ConnectionError {
    let mut error = convert(error, "");
    error.kind = ErrorKind::Unreachable;
    error.message = format!("can't open {url}: {}", error.message);
    if let SqliteFile::Path(path) = url.sqlite_file() {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists());
        if let Some(folder) = folder {
            error.detail = Some(format!(
                "the folder {} doesn't exist; three slashes begin an absolute path, sqlite://{} is relative",
                folder.display(),
                path.strip_prefix("/").unwrap_or(path).display()
            ));
        }
    }
    error
}

struct Borrowed<'a> {
    conn: &'a mut rusqlite::Connection,
    on_drop: Vec<String>,
}

#[async_trait]
impl Connection for Borrowed<'_> {
    fn dialect(&self) -> &'static dyn Dialect {
        &Sqlite
    }

    async fn server(&mut self) -> Result<Server, ConnectionError> {
        server()
    }

    async fn execute(&mut self, sql: &str) -> Result<u64, ConnectionError> {
        execute(self.conn, sql, None)
    }

    async fn query(&mut self, sql: &str) -> Result<Vec<Row>, ConnectionError> {
        query(self.conn, sql)
    }

    async fn batch(&mut self, statements: &[String]) -> Result<(), BatchError> {
        batch(self.conn, statements, None)
    }

    async fn sleep(&mut self, duration: Duration) {
        sleep(duration).await
    }

    fn owns_transactions(&self) -> bool {
        true
    }

    async fn in_transaction(&mut self) -> Result<bool, ConnectionError> {
        Ok(!self.conn.is_autocommit())
    }

    fn on_drop(&mut self, statements: Vec<String>) {
        self.on_drop = statements;
    }

    fn abandon(&mut self) {
        run_all(self.conn, &std::mem::take(&mut self.on_drop));
    }

    fn driver(&mut self) -> Option<&mut (dyn Any + Send)> {
        Some(self.conn)
    }
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        self.abandon();
    }
}

type Job = Box<dyn FnOnce(&mut rusqlite::Connection) + Send>;

/// A connection on a thread of its own, which ends with it.
struct Threaded {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
    interrupt: InterruptHandle,
    meter: Option<Meter>,
    on_drop: Vec<String>,
}

impl Threaded {
    fn start(mut conn: rusqlite::Connection) -> Result<Self, ConnectionError> {
        let interrupt = conn.get_interrupt_handle();
        let (jobs, inbox) = mpsc::channel::<Job>();
        let thread = std::thread::Builder::new().name("dunlin-sqlite".into()).spawn(move || {
            for job in inbox {
                job(&mut conn);
            }
        });
        let thread = thread.map_err(|error| {
            ConnectionError::new(ErrorKind::Unreachable, format!("can't start a thread for SQLite: {error}"))
        })?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread), interrupt, meter: None, on_drop: Vec::new() })
    }

    /// Has the thread do something, and waits for what it gives. A future dropped meanwhile changes nothing: what was
    /// begun is finished, and what is asked next comes after it.
    async fn ask<T: Send + 'static>(
        &mut self,
        job: impl FnOnce(&mut rusqlite::Connection) -> T + Send + 'static,
    ) -> Result<T, ConnectionError> {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |conn| {
            // Nobody waits for it any more where the future was dropped.
            let _ = reply.send(job(conn));
        });
        let lost = || ConnectionError::new(ErrorKind::Lost, "SQLite's thread has ended");
        self.jobs.as_ref().and_then(|jobs| jobs.send(job).ok()).ok_or_else(lost)?;
        answer.await.map_err(|_| lost())
    }
}

#[async_trait]
impl Connection for Threaded {
    fn dialect(&self) -> &'static dyn Dialect {
        &Sqlite
    }

    async fn server(&mut self) -> Result<Server, ConnectionError> {
        server()
    }

    async fn execute(&mut self, sql: &str) -> Result<u64, ConnectionError> {
        let (sql, meter) = (sql.to_owned(), self.meter.clone());
        self.ask(move |conn| execute(conn, &sql, meter.as_ref())).await?
    }

    async fn query(&mut self, sql: &str) -> Result<Vec<Row>, ConnectionError> {
        let sql = sql.to_owned();
        self.ask(move |conn| query(conn, &sql)).await?
    }

    async fn batch(&mut self, statements: &[String]) -> Result<(), BatchError> {
        let (statements, meter) = (statements.to_vec(), self.meter.clone());
        let ran = self.ask(move |conn| batch(conn, &statements, meter.as_ref())).await;
        ran.map_err(|error| BatchError { index: 0, error })?
    }

    async fn sleep(&mut self, duration: Duration) {
        sleep(duration).await
    }

    fn owns_transactions(&self) -> bool {
        true
    }

    async fn in_transaction(&mut self) -> Result<bool, ConnectionError> {
        self.ask(|conn| !conn.is_autocommit()).await
    }

    fn on_drop(&mut self, statements: Vec<String>) {
        self.on_drop = statements;
    }

    fn abandon(&mut self) {
        let statements = std::mem::take(&mut self.on_drop);
        if let Some(jobs) = self.jobs.as_ref().filter(|_| !statements.is_empty()) {
            // A thread that has ended has no transaction either.
            let _ = jobs.send(Box::new(move |conn| run_all(conn, &statements)));
        }
    }

    fn gauge(&mut self) -> Option<Gauge> {
        if self.meter.is_none() {
            let meter = Meter::default();
            let counting = meter.clone();
            self.jobs.as_ref()?.send(Box::new(move |conn| counting.count(conn))).ok()?;
            self.meter = Some(meter);
        }
        self.meter.as_ref().map(Meter::gauge)
    }

    fn driver(&mut self) -> Option<&mut (dyn Any + Send)> {
        None
    }
}

impl Drop for Threaded {
    /// Ends the thread and waits for it, so that the file is closed when this returns.
    fn drop(&mut self) {
        self.jobs = None;
        self.interrupt.interrupt();
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has closed its connection too.
            let _ = thread.join();
        }
    }
}

fn server() -> Result<Server, ConnectionError> {
    let version = Version::parse(rusqlite::version()).unwrap_or_default();
    if version < OLDEST {
        let message = format!("SQLite {version} is too old: {OLDEST} is the first that Dunlin works with");
        return Err(ConnectionError::new(ErrorKind::UnsupportedServer, message));
    }
    Ok(Server { schema: "main".into(), ..Server::new(DialectId::Sqlite, version) })
}

fn batch(
    conn: &mut rusqlite::Connection,
    statements: &[String],
    meter: Option<&Meter>,
) -> Result<(), BatchError> {
    for (index, sql) in statements.iter().enumerate() {
        execute(conn, sql, meter).map_err(|error| BatchError { index, error })?;
    }
    Ok(())
}

/// Runs statements whose outcome nobody waits for.
fn run_all(conn: &mut rusqlite::Connection, statements: &[String]) {
    for sql in statements {
        // Rolling back where there is no transaction is an error, and no harm.
        let _ = execute(conn, sql, None);
    }
}

fn execute(conn: &rusqlite::Connection, sql: &str, meter: Option<&Meter>) -> Result<u64, ConnectionError> {
    let mut changed = 0;
    let measured = meter.map(|meter| meter.measure(conn, sql));
    let ran = run(conn, sql, &mut |_| Ok(()), &mut changed);
    drop(measured);
    ran.map_err(|error| convert(error, sql))?;
    Ok(changed)
}

fn query(conn: &rusqlite::Connection, sql: &str) -> Result<Vec<Row>, ConnectionError> {
    let mut rows = Vec::new();
    let mut keep = |row: &rusqlite::Row<'_>| {
        let count = row.as_ref().column_count();
        let values = (0..count).map(|index| row.get_ref(index).map(value));
        rows.push(Row(values.collect::<Result<_, _>>()?));
        Ok(())
    };
    run(conn, sql, &mut keep, &mut 0).map_err(|error| convert(error, sql))?;
    Ok(rows)
}

/// Steps through every row of every statement: some PRAGMAs give rows that nobody asked for, and hand-written text may
/// hold several statements.
fn run(
    conn: &rusqlite::Connection,
    sql: &str,
    each: &mut dyn FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<()>,
    changed: &mut u64,
) -> rusqlite::Result<()> {
    let mut statements = rusqlite::Batch::new(conn, sql);
    while let Some(mut statement) = statements.next()? {
        let writes = !statement.readonly();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            each(row)?;
        }
        if writes {
            *changed = conn.changes();
        }
    }
    Ok(())
}

fn value(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(value) => value.into(),
        ValueRef::Real(value) => value.into(),
        ValueRef::Text(text) => match std::str::from_utf8(text) {
            Ok(text) => text.into(),
            Err(_) => Value::Bytes(text.to_vec()),
        },
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
    }
}

/// What went wrong, without the statement's text, which the caller has.
fn convert(error: rusqlite::Error, sql: &str) -> ConnectionError {
    let (failure, message, offset) = match error {
        rusqlite::Error::SqliteFailure(failure, message) => {
            let message = message.unwrap_or_else(|| failure.to_string());
            (failure, message, None)
        }
        rusqlite::Error::SqlInputError { error, msg, offset, .. } => {
            let offset = usize::try_from(offset).ok().filter(|offset| *offset <= sql.len());
            (error, msg, offset)
        }
        other => return ConnectionError::new(ErrorKind::Statement, other.to_string()),
    };
    let kind = match failure.code {
        ErrorCode::DatabaseBusy => ErrorKind::Busy,
        // Else it is a lock of this very connection's, which no waiting ends.
        ErrorCode::DatabaseLocked if failure.extended_code == ffi::SQLITE_LOCKED_SHAREDCACHE => {
            ErrorKind::Busy
        }
        ErrorCode::ReadOnly => ErrorKind::ReadOnly,
        ErrorCode::CannotOpen => ErrorKind::Unreachable,
        ErrorCode::NotADatabase => ErrorKind::Refused,
        ErrorCode::PermissionDenied | ErrorCode::AuthorizationForStatementDenied => ErrorKind::Denied,
        _ if [ffi::SQLITE_CONSTRAINT_UNIQUE, ffi::SQLITE_CONSTRAINT_PRIMARYKEY]
            .contains(&failure.extended_code) =>
        {
            ErrorKind::Duplicate
        }
        // SQLite has no codes of its own for these.
        _ if message.starts_with("no such table") => ErrorKind::MissingTable,
        _ if failure.code == ErrorCode::Unknown && message.ends_with(" already exists") => {
            ErrorKind::NameTaken
        }
        _ => ErrorKind::Statement,
    };
    ConnectionError {
        kind,
        message,
        code: Some(failure.extended_code.to_string()),
        detail: None,
        offset_bytes: offset,
    }
}

/// Waits on a thread of its own, so that no executor's thread is held up.
async fn sleep(duration: Duration) {
    let (reply, answer) = oneshot::channel();
    let started = std::thread::Builder::new().name("dunlin-sleep".into()).spawn(move || {
        std::thread::sleep(duration);
        // Nobody waits any more where the future was dropped.
        let _ = reply.send(());
    });
    match started {
        Ok(_) => _ = answer.await,
        // Without threads the waiting itself still matters more than the executor.
        Err(_) => std::thread::sleep(duration),
    }
}
