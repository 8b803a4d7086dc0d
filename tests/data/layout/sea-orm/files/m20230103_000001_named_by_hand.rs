use sea_orm_migration::prelude::*;

pub struct Migration;

// fn name(&self) -> &str { "not this" }
impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20230103_000001_an_older_name"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let id = ColumnDef::new("id").integer().primary_key().to_owned();
        manager.create_table(Table::create().table("named").col(id).to_owned()).await
    }
}
