//! Folders of SQL files: how long it takes to tell how each of them stands.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use dunlin::drivers::rusqlite;
use dunlin::script::layout::{Directory, Format, Listing};
use dunlin::{Connect, MigrationList, Runner};

use crate::{REPEATS, Result, line};

/// Most files of real histories are about so long.
const STATEMENTS: usize = 12;

/// `status` of a folder, from opening the database on; the floor opens it, reads history and every file.
pub(crate) async fn sqlite_status(format: Format, count: usize) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (files, database) = (folder.path().join("files"), folder.path().join("applied.db"));
    fs::create_dir(&files)?;
    for number in 0..count {
        write(&files, format, number)?;
    }
    let list = read(&files, format, &mut *rusqlite::Connection::open(&database)?.connect()).await?;
    Runner::new(&mut *rusqlite::Connection::open(&database)?.connect(), &list).stamp("head", false).await?;
    let (mut dunlin, mut floor) = (Duration::MAX, Duration::MAX);
    for _ in 0..REPEATS {
        let start = Instant::now();
        let mut conn = rusqlite::Connection::open(&database)?;
        let mut conn = conn.connect();
        let list = read(&files, format, &mut *conn).await?;
        let statuses = Runner::new(&mut *conn, &list).status().await?;
        dunlin = dunlin.min(start.elapsed());
        assert_eq!(statuses.len(), count);

        let start = Instant::now();
        let conn = rusqlite::Connection::open(&database)?;
        let mut statement = conn.prepare("SELECT revision, checksum FROM dunlin_history ORDER BY id")?;
        let rows = statement.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?;
        let rows = rows.collect::<rusqlite::Result<Vec<(String, String)>>>()?;
        let mut bytes = 0;
        for entry in fs::read_dir(&files)? {
            bytes += fs::read(entry?.path())?.len();
        }
        floor = floor.min(start.elapsed());
        assert!(rows.len() == count && bytes > 0);
    }
    line(&format!("status of a folder of {format}'s on SQLite"), count, dunlin, Some(floor));
    Ok(())
}

async fn read(files: &Path, format: Format, conn: &mut dyn dunlin::Connection) -> Result<MigrationList> {
    let server = conn.server().await?;
    let lexicon = conn.dialect().lexicon(&server);
    Ok(Listing::read(&Directory::new(files), Some(format), &lexicon)?.into_migrations())
}

fn write(files: &Path, format: Format, number: usize) -> Result<()> {
    let (up, down) = match format {
        Format::Goose => ("-- +goose Up\n", "-- +goose Down\n"),
        _ => ("", "-- dunlin: down\n"),
    };
    let mut text = String::from(up);
    for statement in 0..STATEMENTS {
        text += &format!(
            "-- The table of number {number}.\nCREATE TABLE t_{number}_{statement} (id integer PRIMARY KEY, name varchar(255) NOT NULL DEFAULT 'a;b');\n"
        );
    }
    text += &format!("{down}DROP TABLE t_{number}_0;\n");
    Ok(fs::write(files.join(format!("{:06}_table_{number}.sql", number + 1)), text)?)
}
