//! Long files of SQL: how long they take beside the bare driver, and how much memory.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use dunlin::script::FileRevision;
use dunlin::{Connect, Connection, MigrationList, Runner};
use tempfile::TempDir;

use crate::memory::{self, Memory};
use crate::{Result, line, timed};

const MIB: usize = 1024 * 1024;

/// A file of so many MiB, an INSERT in each line, on SQLite.
pub(crate) async fn sqlite(mib: usize) -> Result<()> {
    let folder = TempDir::new()?;
    let path = folder.path().join("data.sql");
    write(&path, mib)?;
    let memory = Memory::start();
    let mut database =
        dunlin::connect(&format!("sqlite://{}", folder.path().join("dunlin.db").display())).await?;
    let start = std::time::Instant::now();
    run(&mut *database.connect(), &path).await?;
    let dunlin = start.elapsed();
    let peak = memory.peak_mib();
    drop(database);
    let (floor, rows) = timed(|| sqlite_floor(&path, &folder.path().join("floor.db")));
    rows?;
    line("file of INSERTs on SQLite, MiB", mib, dunlin, Some(floor));
    memory::report(peak);
    Ok(())
}

/// The same with the data of a COPY, on PostgreSQL.
pub(crate) async fn postgres(url: &str, mib: usize) -> Result<()> {
    let folder = TempDir::new()?;
    let path = folder.path().join("data.sql");
    write_copy(&path, mib)?;
    let mut database = dunlin::connect(url).await?;
    let mut conn = database.connect();
    conn.execute("DROP SCHEMA IF EXISTS bench CASCADE").await?;
    conn.execute("CREATE SCHEMA bench").await?;
    conn.execute("SET search_path = bench").await?;
    let memory = Memory::start();
    let start = std::time::Instant::now();
    run(&mut *conn, &path).await?;
    let dunlin = start.elapsed();
    let peak = memory.peak_mib();
    conn.execute("DROP SCHEMA bench CASCADE").await?;
    conn.execute("CREATE SCHEMA bench").await?;
    let start = std::time::Instant::now();
    conn.execute("CREATE TABLE t (id bigint, text text)").await?;
    let mut lines = BufReader::new(File::open(&path)?).lines().skip(2);
    let mut next = || {
        let mut piece = Vec::with_capacity(64 * 1024);
        for line in lines.by_ref() {
            let line = line
                .map_err(|error| dunlin::ConnectionError::new(dunlin::ErrorKind::Lost, error.to_string()))?;
            if line == "\\." {
                break;
            }
            piece.extend_from_slice(line.as_bytes());
            piece.push(b'\n');
            if piece.len() > 60 * 1024 {
                break;
            }
        }
        Ok(Some(piece).filter(|piece| !piece.is_empty()))
    };
    conn.copy_in("COPY t FROM stdin", &mut next).await?;
    let floor = start.elapsed();
    conn.execute("DROP SCHEMA bench CASCADE").await?;
    line("file with a COPY on PostgreSQL, MiB", mib, dunlin, Some(floor));
    memory::report(peak);
    Ok(())
}

async fn run(conn: &mut dyn Connection, path: &Path) -> Result<()> {
    let server = conn.server().await?;
    let lexicon = conn.dialect().lexicon(&server);
    let file = FileRevision::read("data.sql", Arc::new(path.to_owned()), &lexicon)?;
    Runner::new(conn, &MigrationList::new().with(file)).up().await?;
    Ok(())
}

fn sqlite_floor(path: &Path, database: &Path) -> Result<()> {
    let conn = dunlin::drivers::rusqlite::Connection::open(database)?;
    conn.execute_batch("BEGIN IMMEDIATE")?;
    for line in BufReader::new(File::open(path)?).lines() {
        conn.execute_batch(&line?)?;
    }
    conn.execute_batch("COMMIT")?;
    Ok(())
}

fn write(path: &Path, mib: usize) -> Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(file, "CREATE TABLE t (id integer PRIMARY KEY, text text);")?;
    let (text, mut written) = ("it's a row; or is it? ".replace('\'', "''").repeat(40), 0);
    for id in 0.. {
        let line = format!("INSERT INTO t VALUES ({id}, '{text}');\n");
        file.write_all(line.as_bytes())?;
        written += line.len();
        if written >= mib * MIB {
            break;
        }
    }
    Ok(file.flush()?)
}

fn write_copy(path: &Path, mib: usize) -> Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(file, "CREATE TABLE t (id bigint, text text);\nCOPY t FROM stdin;")?;
    let (text, mut written) = ("it's a row; or is it? ".repeat(40), 0);
    for id in 0.. {
        let line = format!("{id}\t{text}\n");
        file.write_all(line.as_bytes())?;
        written += line.len();
        if written >= mib * MIB {
            break;
        }
    }
    writeln!(file, "\\.")?;
    Ok(file.flush()?)
}
