//! `made-by-sqlx URL FOLDER`: migrates the database of this URL with the files of this folder.

use std::error::Error;
use std::path::Path;

use sqlx::migrate::{MigrateDatabase, Migrator};
use sqlx::{Connection, PgConnection, Sqlite, SqliteConnection};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, url, folder] = arguments.as_slice() else { return Err("give a URL and a folder".into()) };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let migrator = Migrator::new(Path::new(folder)).await?;
        if url.starts_with("postgres") {
            migrator.run(&mut PgConnection::connect(url).await?).await?;
        } else {
            if !Sqlite::database_exists(url).await? {
                Sqlite::create_database(url).await?;
            }
            migrator.run(&mut SqliteConnection::connect(url).await?).await?;
        }
        Ok(())
    })
}
