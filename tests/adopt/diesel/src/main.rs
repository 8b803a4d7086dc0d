//! `made-by-diesel FILE FOLDER`: migrates the SQLite database in this file with the migrations of this folder.

use std::error::Error;

use diesel::{Connection, SqliteConnection};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
// Brings the library of SQLite.
use libsqlite3_sys as _;

fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, file, folder] = arguments.as_slice() else { return Err("give a file and a folder".into()) };
    let migrations = FileBasedMigrations::from_path(folder)?;
    SqliteConnection::establish(file)?.run_pending_migrations(migrations)?;
    Ok(())
}
