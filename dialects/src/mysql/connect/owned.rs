//! A connection of Dunlin's own, in a task of its own: what it was asked is finished there, whoever stops waiting for it.

use std::any::Any;
use std::time::Duration;

use async_trait::async_trait;
use dunlin_dsl::{BatchError, Connection, ConnectionError, Dialect, ErrorKind, Gauge, Row, Server};
use mysql_async::{Conn, DriverError, Error};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

use super::meter::Meter;
use super::options::Options;
use super::{Answer, error};
use crate::connect::Cancel;
use crate::mysql::Mysql;
use crate::url::DatabaseUrl;

/// Opens a connection of Dunlin's own. It needs tokio's runtime, with its clock and its network.
/// With it comes what has the server end the statement that it then runs.
pub(crate) async fn open(url: &DatabaseUrl) -> Result<(Box<dyn Connection>, Cancel), ConnectionError> {
    let options = Options::read(url)?;
    let Ok(runtime) = Handle::try_current() else {
        let message = format!(
            "failed to connect to {url}: MySQL and MariaDB are driven by tokio, and no runtime of it is here"
        );
        return Err(ConnectionError::new(ErrorKind::Unreachable, message));
    };
    let timeout = options.timeout;
    let conn = match tokio::time::timeout(timeout, connect(options.clone())).await {
        Ok(conn) => conn.map_err(|error| error::unopened(error, url))?,
        // A server of another kind waits for its client to speak first.
        Err(_) => {
            let waited = timeout.as_secs();
            let message =
                format!("failed to connect to {url}: no greeting from MySQL or MariaDB in {waited} s");
            return Err(ConnectionError::new(ErrorKind::Unreachable, message));
        }
    };
    let meter = Meter::new(options.clone(), conn.id());
    let kill = format!("KILL QUERY {}", conn.id());
    let cancel: Cancel = Box::pin(async move {
        // Where it can't be said, the server finishes the statement, and then finds its client gone.
        if let Ok(mut beside) = connect(options).await {
            _ = super::run(&mut beside, &kill).await;
            _ = beside.disconnect().await;
        }
    });
    let (jobs, inbox) = mpsc::unbounded_channel();
    runtime.spawn(work(conn, inbox, meter.clone()));
    let mut owned = Owned { jobs, server: None, meter, on_drop: Vec::new() };
    // An old server, or none of ours, is refused here, before anything is asked of it.
    owned.server().await?;
    Ok((Box::new(owned), cancel))
}

pub(super) async fn connect(options: Options) -> mysql_async::Result<Conn> {
    match (Conn::new(options.first).await, options.plain) {
        (Err(Error::Driver(DriverError::NoClientSslFlagFromServer)), Some(plain)) => Conn::new(plain).await,
        (connected, _) => connected,
    }
}

enum Job {
    Run(String, oneshot::Sender<Result<Answer, ConnectionError>>),
    Batch(Vec<String>, oneshot::Sender<Result<(), BatchError>>),
    Server(oneshot::Sender<Result<Server, ConnectionError>>),
    InTransaction(oneshot::Sender<Result<bool, ConnectionError>>),
    /// Statements whose outcome nobody waits for.
    Abandon(Vec<String>),
}

/// Does one thing after the other, until nobody can ask any more. That nobody waits for an answer changes nothing.
async fn work(mut conn: Conn, mut inbox: mpsc::UnboundedReceiver<Job>, meter: Meter) {
    while let Some(job) = inbox.recv().await {
        let _measured = meter.measure();
        match job {
            Job::Run(sql, reply) => _ = reply.send(super::run(&mut conn, &sql).await),
            Job::Batch(statements, reply) => _ = reply.send(super::batch(&mut conn, &statements).await),
            Job::Server(reply) => _ = reply.send(super::server(&mut conn).await),
            Job::InTransaction(reply) => _ = reply.send(super::in_transaction(&mut conn).await),
            Job::Abandon(statements) => {
                for sql in statements {
                    _ = super::run(&mut conn, &sql).await;
                }
            }
        }
    }
    // The server frees what the session held; a goodbye that fails is one all the same.
    _ = conn.disconnect().await;
}

struct Owned {
    jobs: mpsc::UnboundedSender<Job>,
    server: Option<Server>,
    meter: Meter,
    on_drop: Vec<String>,
}

impl Owned {
    async fn ask<T>(&mut self, job: impl FnOnce(oneshot::Sender<T>) -> Job) -> Result<T, ConnectionError> {
        let lost =
            || ConnectionError::new(ErrorKind::Lost, "the connection's task has ended with its runtime");
        let (reply, answer) = oneshot::channel();
        self.jobs.send(job(reply)).map_err(|_| lost())?;
        answer.await.map_err(|_| lost())
    }
}

#[async_trait]
impl Connection for Owned {
    fn dialect(&self) -> &'static dyn Dialect {
        &Mysql
    }

    async fn server(&mut self) -> Result<Server, ConnectionError> {
        if let Some(server) = &self.server {
            return Ok(server.clone());
        }
        let server = self.ask(Job::Server).await??;
        self.server = Some(server.clone());
        Ok(server)
    }

    async fn execute(&mut self, sql: &str) -> Result<u64, ConnectionError> {
        let sql = sql.to_owned();
        Ok(self.ask(|reply| Job::Run(sql, reply)).await??.changed)
    }

    async fn query(&mut self, sql: &str) -> Result<Vec<Row>, ConnectionError> {
        let sql = sql.to_owned();
        Ok(self.ask(|reply| Job::Run(sql, reply)).await??.rows)
    }

    async fn batch(&mut self, statements: &[String]) -> Result<(), BatchError> {
        let statements = statements.to_vec();
        let ran = self.ask(|reply| Job::Batch(statements, reply)).await;
        ran.map_err(|error| BatchError { index: 0, error })?
    }

    async fn sleep(&mut self, duration: Duration) {
        super::sleep(duration).await
    }

    fn owns_transactions(&self) -> bool {
        true
    }

    async fn in_transaction(&mut self) -> Result<bool, ConnectionError> {
        self.ask(Job::InTransaction).await?
    }

    fn on_drop(&mut self, statements: Vec<String>) {
        self.on_drop = statements;
    }

    fn abandon(&mut self) {
        let statements = std::mem::take(&mut self.on_drop);
        if !statements.is_empty() {
            // A task that has ended has no transaction either.
            _ = self.jobs.send(Job::Abandon(statements));
        }
    }

    fn gauge(&mut self) -> Option<Gauge> {
        self.meter.watch(self.server.as_ref()?)
    }

    fn driver(&mut self) -> Option<&mut (dyn Any + Send)> {
        None
    }
}
