pub use sea_orm_migration::prelude::*;

mod m20220101_000001_create_table;
mod m20230101_000002_create_posts;
mod m20230102_000001_create_pets;
mod m20230103_000001_named_by_hand;
mod m20230104_000001_after_it;
mod m20230105_000001_before_its_time;
mod m20230106_000001_with_sql;
mod m20230107_000001_ten;
mod m20230108_000001_eleven;
mod m20230109_000001_twelve;
mod m20230110_000001_add_email;
mod seed_users;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20220101_000001_create_table::Migration),
            Box::new(m20230101_000002_create_posts::Migration),
            Box::new(m20230102_000001_create_pets::Migration),
            Box::new(m20230103_000001_named_by_hand::Migration),
            Box::new(m20230105_000001_before_its_time::Migration),
            Box::new(m20230104_000001_after_it::Migration),
            Box::new(m20230106_000001_with_sql::Migration),
            // Box::new(m20230111_000001_never_listed::Migration),
            Box::new(crate::seed_users::SeedUsers),
            Box::new(m20230107_000001_ten::Migration),
            Box::new(m20230108_000001_eleven::Migration),
            Box::new(m20230109_000001_twelve::Migration),
            Box::new(m20230110_000001_add_email::Migration),
        ]
    }
}
