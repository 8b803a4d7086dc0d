//! Tables, expressions and values of sea-query's users, on every server.

use dunlin::Connect;
use dunlin::prelude::*;
use sea_query::{ColumnDef, Expr as Sea, ExprTrait, Func, Index as SeaIndex, Value as SeaValue};

use crate::on_every_server;
use crate::server::TestDb;

struct Posts;

impl Migration for Posts {
    fn id(&self) -> &str {
        "posts"
    }

    fn up(&self, op: &mut Ops) {
        op.create_table_from(
            sea_query::Table::create()
                .table("posts")
                .col(ColumnDef::new("id").big_integer().primary_key())
                .col(ColumnDef::new("slug").string_len(80).not_null().unique_key())
                .col(ColumnDef::new("title").string().default("un\"titled's"))
                .col(ColumnDef::new("words").unsigned().not_null().default(0))
                .col(ColumnDef::new("at").timestamp().default(Sea::current_timestamp()))
                .col(ColumnDef::new("author").uuid())
                .index(SeaIndex::create().name("posts_at").col("at").col("id")),
        )
        .check(Sea::col("words").lt(1_000).and(Sea::expr(Func::char_length(Sea::col("slug"))).gt(2)));
        op.bulk_insert("posts", ["id", "slug"], [[SeaValue::from(1i64), "one".into()]]);
        op.on(SQLITE | POSTGRES, |op| {
            op.create_index("posts", ["slug"])
                .filter(Sea::col("words").gt(0).or(Sea::col("title").is_null()));
        });
    }
}

struct Migrator;

impl Migrations for Migrator {
    fn migrations() -> MigrationList {
        migrations![Posts]
    }
}

async fn up_and_down(db: &TestDb) {
    let mut conn = db.open().await;
    Migrator::up(&mut conn).await.unwrap();
    let title = db.value("SELECT title FROM posts").await;
    assert_eq!(title.as_deref(), Some("un\"titled's"));
    assert_eq!(db.value("SELECT count(at) FROM posts").await.as_deref(), Some("1"));
    for refused in ["(2, 'no')", "(2, 'one')"] {
        let insert = format!("INSERT INTO posts (id, slug) VALUES {refused}");
        let error = conn.connect().execute(&insert).await;
        assert!(error.is_err(), "{refused}");
    }
    Migrator::down(&mut conn, 1).await.unwrap();
    assert!(db.tables().await.is_empty());
}

on_every_server!(sea_query_goes_up_and_down, up_and_down);
