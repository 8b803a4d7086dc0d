//! Runs on databases, beside the bare drivers.

use std::any::Any;
use std::time::{Duration, Instant};

use dunlin::drivers::{rusqlite, tokio_postgres};
use dunlin::prelude::*;
use dunlin::{Connect, DatabaseUrl, Runner};
use futures_util::future::join_all;

use crate::{REPEATS, Result, line, revisions};

/// Writes down what goes to a database, flight by flight.
struct Recorder<'a> {
    conn: Box<dyn Connection + 'a>,
    flights: Vec<Vec<String>>,
}

#[async_trait::async_trait]
impl Connection for Recorder<'_> {
    fn dialect(&self) -> &'static dyn Dialect {
        self.conn.dialect()
    }

    async fn server(&mut self) -> std::result::Result<Server, ConnectionError> {
        self.conn.server().await
    }

    async fn execute(&mut self, sql: &str) -> std::result::Result<u64, ConnectionError> {
        self.flights.push(vec![sql.to_owned()]);
        self.conn.execute(sql).await
    }

    async fn query(&mut self, sql: &str) -> std::result::Result<Vec<Row>, ConnectionError> {
        self.flights.push(vec![sql.to_owned()]);
        self.conn.query(sql).await
    }

    async fn batch(&mut self, statements: &[String]) -> std::result::Result<(), BatchError> {
        self.flights.push(statements.to_vec());
        self.conn.batch(statements).await
    }

    async fn sleep(&mut self, duration: Duration) {
        self.conn.sleep(duration).await
    }

    fn owns_transactions(&self) -> bool {
        self.conn.owns_transactions()
    }

    async fn in_transaction(&mut self) -> std::result::Result<bool, ConnectionError> {
        self.conn.in_transaction().await
    }

    fn on_drop(&mut self, statements: Vec<String>) {
        self.conn.on_drop(statements)
    }

    fn driver(&mut self) -> Option<&mut (dyn Any + Send)> {
        self.conn.driver()
    }
}

/// What the revisions of a run send, from the first one's BEGIN to the last one's COMMIT.
async fn flights(conn: Box<dyn Connection + '_>, count: usize) -> Result<Vec<Vec<String>>> {
    let mut recorder = Recorder { conn, flights: Vec::new() };
    Runner::new(&mut recorder, &revisions::list(count)).up().await?;
    let mut flights = recorder.flights;
    let has = |flight: &Vec<String>, text: &str| flight.iter().any(|sql| sql.contains(text));
    let first = flights.iter().position(|flight| has(flight, "\"table_0\"")).ok_or("no revision ran")?;
    let last = flights.iter().rposition(|flight| has(flight, "COMMIT")).ok_or("nothing was committed")?;
    flights.truncate(last + 1);
    Ok(flights.split_off(first))
}

/// Applies so many revisions of one table each.
pub(crate) async fn sqlite_up(count: usize) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let open = |name: String| rusqlite::Connection::open(folder.path().join(name));
    let flights = flights(open("recorded.db".into())?.connect(), count).await?;
    let (mut dunlin, mut floor) = (Duration::MAX, Duration::MAX);
    for repeat in 0..REPEATS {
        let mut conn = open(format!("dunlin{repeat}.db"))?;
        let start = Instant::now();
        Runner::new(&mut *conn.connect(), &revisions::list(count)).up().await?;
        dunlin = dunlin.min(start.elapsed());

        let mut conn = open(format!("floor{repeat}.db"))?;
        // Dunlin's own tables, and no revision.
        Runner::new(&mut *conn.connect(), &revisions::list(1)).up().await?;
        Runner::new(&mut *conn.connect(), &revisions::list(1)).down(1).await?;
        let start = Instant::now();
        for flight in &flights {
            for sql in flight {
                conn.execute_batch(sql)?;
            }
        }
        floor = floor.min(start.elapsed());
    }
    line("up of one-table revisions on SQLite", count, dunlin, Some(floor));
    Ok(())
}

/// A run that finds everything applied; the floor opens the file and asks one question.
pub(crate) async fn sqlite_nothing_to_do(count: usize) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("applied.db");
    let list = revisions::list(count);
    Runner::new(&mut *rusqlite::Connection::open(&path)?.connect(), &list).stamp("head", false).await?;
    let (mut dunlin, mut floor) = (Duration::MAX, Duration::MAX);
    for _ in 0..REPEATS {
        let start = Instant::now();
        let mut conn = rusqlite::Connection::open(&path)?;
        let report = Runner::new(&mut *conn.connect(), &list).up().await?;
        dunlin = dunlin.min(start.elapsed());
        assert!(report.is_empty());

        let start = Instant::now();
        let conn = rusqlite::Connection::open(&path)?;
        let mut statement =
            conn.prepare("SELECT revision, checksum, applied_at FROM dunlin_history ORDER BY id")?;
        let rows = statement.query_map((), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let rows = rows.collect::<rusqlite::Result<Vec<(String, String, String)>>>()?;
        floor = floor.min(start.elapsed());
        assert_eq!(rows.len(), count);
    }
    line("up with nothing to do on SQLite", count, dunlin, Some(floor));
    Ok(())
}

/// A database of this benchmark's own, dropped by the next one that uses it.
async fn fresh(url: &str, name: &str) -> Result<String> {
    let mut admin = dunlin::connect(url).await?;
    admin.connection().execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await?;
    admin.connection().execute(&format!("CREATE DATABASE {name}")).await?;
    let parsed = DatabaseUrl::parse(url)?;
    let old = parsed.database().unwrap_or_default();
    let (server, rest) = url.rsplit_once(&format!("/{old}")).ok_or("the URL names no database")?;
    Ok(format!("{server}/{name}{rest}"))
}

async fn drop_database(url: &str, name: &str) -> Result<()> {
    let mut admin = dunlin::connect(url).await?;
    admin.connection().execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await?;
    Ok(())
}

async fn client(url: &str) -> Result<tokio_postgres::Client> {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// Applies so many revisions of one table each.
pub(crate) async fn postgres_up(url: &str, count: usize) -> Result<()> {
    let name = "dunlin_bench";
    let own = fresh(url, name).await?;
    let flights = flights(client(&own).await?.connect(), count).await?;
    let (mut dunlin, mut floor) = (Duration::MAX, Duration::MAX);
    for _ in 0..REPEATS {
        let mut conn = client(&fresh(url, name).await?).await?;
        let start = Instant::now();
        Runner::new(&mut *conn.connect(), &revisions::list(count)).up().await?;
        dunlin = dunlin.min(start.elapsed());

        let mut conn = client(&fresh(url, name).await?).await?;
        Runner::new(&mut *conn.connect(), &revisions::list(1)).up().await?;
        Runner::new(&mut *conn.connect(), &revisions::list(1)).down(1).await?;
        let start = Instant::now();
        for flight in &flights {
            for sent in join_all(flight.iter().map(|sql| conn.batch_execute(sql))).await {
                sent?;
            }
        }
        floor = floor.min(start.elapsed());
    }
    line("up of one-table revisions on PostgreSQL", count, dunlin, Some(floor));
    drop_database(url, name).await
}

/// A run that finds everything applied; the floor connects and asks one question.
pub(crate) async fn postgres_nothing_to_do(url: &str, count: usize) -> Result<()> {
    let name = "dunlin_bench";
    let own = fresh(url, name).await?;
    let list = revisions::list(count);
    Runner::new(&mut *client(&own).await?.connect(), &list).stamp("head", false).await?;
    let (mut dunlin, mut floor) = (Duration::MAX, Duration::MAX);
    for _ in 0..REPEATS {
        let start = Instant::now();
        let mut conn = client(&own).await?;
        let report = Runner::new(&mut *conn.connect(), &list).up().await?;
        dunlin = dunlin.min(start.elapsed());
        assert!(report.is_empty());

        let start = Instant::now();
        let conn = client(&own).await?;
        let sql = "SELECT revision, checksum, applied_at FROM dunlin_history ORDER BY id";
        let rows = conn.simple_query(sql).await?;
        floor = floor.min(start.elapsed());
        assert!(rows.len() >= count);
    }
    line("up with nothing to do on PostgreSQL", count, dunlin, Some(floor));
    drop_database(url, name).await
}
