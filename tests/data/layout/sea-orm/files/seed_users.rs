use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct SeedUsers;

#[async_trait::async_trait]
impl MigrationTrait for SeedUsers {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared("INSERT INTO users VALUES (1)").await.map(|_| ())
    }
}
