//! `made-by-refinery FILE FOLDER`: migrates the SQLite database in this file with the files of this folder.

use std::error::Error;

use refinery::Runner;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, file, folder] = arguments.as_slice() else { return Err("give a file and a folder".into()) };
    let migrations = refinery::load_sql_migrations(folder)?;
    let mut conn = rusqlite::Connection::open(file)?;
    Runner::new(&migrations).run(&mut conn)?;
    Ok(())
}
