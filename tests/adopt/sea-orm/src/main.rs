//! `made-by-sea-orm URL`: migrates the SQLite database of this URL with two migrations.

use std::error::Error;

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Database;

struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(Create { name: "m20240101_000001_create_users", table: "users" }),
            Box::new(Create { name: "m20240102_000001_create_posts", table: "posts" }),
        ]
    }
}

/// Creates a table.
struct Create {
    name: &'static str,
    table: &'static str,
}

impl MigrationName for Create {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Create {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let id = ColumnDef::new("id").integer().primary_key().to_owned();
        manager.create_table(Table::create().table(self.table).col(id).to_owned()).await
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, url] = arguments.as_slice() else { return Err("give a URL".into()) };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let conn = Database::connect(url).await?;
        Migrator::up(&conn, None).await?;
        Ok(())
    })
}
