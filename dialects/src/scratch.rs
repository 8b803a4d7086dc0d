//! Databases for scratch work: made empty on the server of another one, and removed again.

use std::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use dunlin_dsl::{Connection, ConnectionError, DialectId, ErrorKind, Value};

use crate::connect::{Database, OpenMode, open};
use crate::url::DatabaseUrl;

/// What the name of every scratch database begins with.
const PREFIX: &str = "dunlin_scratch_";

/// An empty database of its own. It is gone once this is [removed](Self::remove), or dropped.
pub struct Scratch {
    database: Database,
    beside: Option<Beside>,
}

impl Scratch {
    /// Makes one on the server that `url` names, with the encoding and the collation of the database that it names; for SQLite in
    /// memory.
    pub async fn create(url: &DatabaseUrl) -> Result<Self, ConnectionError> {
        if url.dialect() == DialectId::Sqlite {
            let database = open(&url.clone().with_sqlite_memory(), OpenMode::Create).await?;
            return Ok(Self { database, beside: None });
        }
        let mut home = open(url, OpenMode::Existing).await?;
        let conn = home.connection();
        let name = name();
        let (dialect, server) = (conn.dialect(), conn.server().await?);
        let quoted = dialect.identifier(&name, &server).map_err(unsupported)?;
        let options = match server.dialect {
            DialectId::Postgres => postgres_options(conn).await?,
            _ => mysql_options(conn).await?,
        };
        conn.execute(&format!("CREATE DATABASE {quoted}{options}")).await.map_err(refused)?;
        let beside = Some(Beside { url: url.clone(), name: name.clone() });
        let database = open(&url.clone().with_database(name), OpenMode::Existing).await?;
        Ok(Self { database, beside })
    }

    /// The database.
    pub fn database(&mut self) -> &mut Database {
        &mut self.database
    }

    /// Removes it, and ends what still is at work on it.
    pub async fn remove(self) -> Result<(), ConnectionError> {
        let Self { database, beside } = self;
        database.abort().await;
        match beside {
            Some(mut beside) => {
                let name = std::mem::take(&mut beside.name);
                remove(&beside.url, &name).await
            }
            None => Ok(()),
        }
    }
}

/// The database beside which one was made, and what that is called; dropped, it removes it.
struct Beside {
    url: DatabaseUrl,
    name: String,
}

impl Drop for Beside {
    fn drop(&mut self) {
        let (url, name) = (self.url.clone(), std::mem::take(&mut self.name));
        if !name.is_empty() {
            // A drop can't wait for what the runtime does that it is dropped in.
            let _ = thread::spawn(move || wait(remove(&url, &name))).join();
        }
    }
}

/// Removes a database, whoever is connected to it.
async fn remove(url: &DatabaseUrl, name: &str) -> Result<(), ConnectionError> {
    let mut home = open(url, OpenMode::Existing).await?;
    let conn = home.connection();
    let (dialect, server) = (conn.dialect(), conn.server().await?);
    let quoted = dialect.identifier(name, &server).map_err(unsupported)?;
    if server.dialect == DialectId::Postgres {
        conn.execute(&format!("DROP DATABASE IF EXISTS {quoted} WITH (FORCE)")).await?;
        return Ok(());
    }
    let name = literal(conn, name.to_owned()).await?;
    for row in conn.query(&format!("SELECT id FROM information_schema.processlist WHERE db = {name}")).await?
    {
        // One that has gone by itself can't be ended.
        let _ = conn.execute(&format!("KILL {}", row.text(0).unwrap_or_default())).await;
    }
    conn.execute(&format!("DROP DATABASE IF EXISTS {quoted}")).await?;
    Ok(())
}

#[cfg(any(feature = "postgres", feature = "mysql"))]
fn wait(removal: impl Future<Output = Result<(), ConnectionError>>) {
    if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() {
        // Nobody is left who could be told.
        let _ = runtime.block_on(removal);
    }
}

#[cfg(not(any(feature = "postgres", feature = "mysql")))]
fn wait(removal: impl Future<Output = Result<(), ConnectionError>>) {
    drop(removal);
}

/// A name that no other process has, and none had before.
fn name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let micros = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_micros();
    format!("{PREFIX}{}_{micros}_{count}", process::id())
}

/// `template1` may hold what someone has put there.
async fn postgres_options(conn: &mut dyn Connection) -> Result<String, ConnectionError> {
    // Which columns tell the locale depends on the version.
    let asked = "SELECT pg_encoding_to_char(d.encoding), d.datcollate, d.datctype, to_jsonb(d) ->> 'datlocprovider', \
                 coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale') \
                 FROM pg_database d WHERE d.datname = current_database()";
    let rows = conn.query(asked).await?;
    let told = |index| rows.first().and_then(|row| row.text(index));
    let mut options = " TEMPLATE template0".to_owned();
    let provider = told(3).unwrap_or_default();
    let settings = [
        ("ENCODING", told(0)),
        ("LC_COLLATE", told(1)),
        ("LC_CTYPE", told(2)),
        ("ICU_LOCALE", told(4).filter(|_| provider == "i")),
        ("BUILTIN_LOCALE", told(4).filter(|_| provider == "b")),
    ];
    match provider.as_str() {
        "i" => options += " LOCALE_PROVIDER icu",
        "b" => options += " LOCALE_PROVIDER builtin",
        _ => {}
    }
    for (word, value) in settings {
        let Some(value) = value else { continue };
        options += &format!(" {word} {}", literal(conn, value).await?);
    }
    Ok(options)
}

async fn mysql_options(conn: &mut dyn Connection) -> Result<String, ConnectionError> {
    let rows = conn.query("SELECT @@character_set_database, @@collation_database").await?;
    let told = |index| rows.first().and_then(|row| row.text(index));
    Ok(match (told(0), told(1)) {
        (Some(charset), Some(collation)) => format!(" CHARACTER SET {charset} COLLATE {collation}"),
        _ => String::new(),
    })
}

async fn literal(conn: &mut dyn Connection, text: String) -> Result<String, ConnectionError> {
    let server = conn.server().await?;
    conn.dialect().literal(&Value::Text(text), &server).map_err(unsupported)
}

fn refused(error: ConnectionError) -> ConnectionError {
    let message = format!("no database for scratch work could be made: {}", error.message);
    ConnectionError { message, ..error }
}

fn unsupported(error: dunlin_dsl::Unsupported) -> ConnectionError {
    ConnectionError::new(ErrorKind::Statement, error.to_string())
}
