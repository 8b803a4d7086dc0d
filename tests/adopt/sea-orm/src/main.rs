//! `made-by-sea-orm URL [STEPS]`: migrates the SQLite database of this URL, with all that is pending or so many steps.

use std::error::Error;

use migration::{Migrator, MigratorTrait};
use sea_orm_migration::sea_orm::Database;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let (url, steps) = match arguments.as_slice() {
        [_, url] => (url, None),
        [_, url, steps] => (url, Some(steps.parse()?)),
        _ => return Err("give a URL".into()),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let conn = Database::connect(url).await?;
        Migrator::up(&conn, steps).await?;
        Ok(())
    })
}
