//! The whole idea in one program: migrations as structs, on an SQLite file, up, down and up again; and, for projects that
//! need no history, a static schema by `create_all`.
//!
//! Run it with `cargo run --example quickstart`.
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use dunlin::drivers::rusqlite::Connection;
use dunlin::prelude::*;
use dunlin::{Direction, Report};

/// The first revision: a table.
pub struct CreateUsers;

impl Migration for CreateUsers {
    fn id(&self) -> &str {
        "20261122_071300_create_users"
    }

    fn up(&self, op: &mut Ops) {
        op.create_table("users")
            .col("id", char(36).primary_key())
            .col("first_name", varchar(255))
            .col("last_name", varchar(255))
            .col("email", varchar(255).not_null().unique())
            .col("password", varchar(255).not_null())
            .col("is_admin", boolean().not_null().default(false));
    }
    // No `down`: it is derived from `up`.
}

/// The second revision: a table that refers to the first, with an index.
pub struct CreatePosts;

impl Migration for CreatePosts {
    fn id(&self) -> &str {
        "20261123_101500_create_posts"
    }

    fn up(&self, op: &mut Ops) {
        op.create_table("posts")
            .col("id", bigint().identity().primary_key())
            .col("user_id", char(36).not_null().references("users", "id"))
            .col("title", varchar(255).not_null())
            .col("body", text().not_null());
        op.create_index("posts", ["user_id"]);
    }
}

/// The third revision: a column, and a first row.
pub struct AddPublished;

impl Migration for AddPublished {
    fn id(&self) -> &str {
        "20261124_090000_add_published"
    }

    fn up(&self, op: &mut Ops) {
        op.add_column("posts", "published_at", timestamp());
        op.bulk_insert(
            "users",
            ["id", "email", "password"],
            [["7a1e4a52-77f5-4a0e-9b0a-5d2f3f0c1c11", "ada@example.org", "!"]],
        );
    }
}

/// All revisions, in order.
pub struct Migrator;

impl Migrations for Migrator {
    fn migrations() -> MigrationList {
        migrations![CreateUsers, CreatePosts, AddPublished]
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::temp_dir().join(format!("dunlin-quickstart-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let outcome = run(&folder);
    std::fs::remove_dir_all(&folder)?;
    outcome
}

fn run(folder: &std::path::Path) -> Result<(), Box<dyn std::error::Error>> {
    let mut conn = Connection::open(folder.join("app.db"))?;

    println!("# What the revisions will run, told before anything runs\n");
    for step in dunlin::blocking::plan::<Migrator>(&mut conn, Direction::Up, "head")?.steps {
        println!("-- {}", step.id);
        for statement in &step.statements {
            println!("{};", statement.sql);
        }
        println!();
    }

    println!("# Migrator::up\n");
    show_report(&dunlin::blocking::up::<Migrator>(&mut conn)?);
    show_status(&mut conn)?;
    println!("# The tables, as SQLite itself tells them\n");
    show_schema(&conn)?;

    println!("# Migrator::down, one step\n");
    show_report(&dunlin::blocking::down::<Migrator>(&mut conn, 1)?);
    show_status(&mut conn)?;

    println!("# Migrator::up again: only what is pending\n");
    show_report(&dunlin::blocking::up::<Migrator>(&mut conn)?);
    show_status(&mut conn)?;

    println!("# A project with a static schema needs no history: create_all\n");
    let kv = table("kv")
        .col("key", text().primary_key())
        .col("value", blob())
        .col("version", integer().not_null().default(1));
    let schema = Schema::new().table(kv);
    let mut cache = Connection::open(folder.join("cache.db"))?;
    let created = dunlin::blocking::create_all(&mut cache, &schema)?;
    println!("created {} table; a second time it creates {}", created.len(), {
        dunlin::blocking::create_all(&mut cache, &schema)?.len()
    });
    show_schema(&cache)
}

fn show_report(report: &Report) {
    for done in &report.done {
        println!("{} {} in {:.1} ms", done.direction, done.id, done.duration.as_secs_f64() * 1e3);
    }
    println!();
}

fn show_status(conn: &mut Connection) -> Result<(), Box<dyn std::error::Error>> {
    for revision in dunlin::blocking::status::<Migrator>(conn)? {
        let when = revision.applied_at.unwrap_or_default();
        println!("{:<8} {:<32} {when}", revision.state, revision.id);
    }
    println!();
    Ok(())
}

fn show_schema(conn: &Connection) -> Result<(), Box<dyn std::error::Error>> {
    let mut query = conn.prepare(
        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND tbl_name NOT LIKE 'dunlin%' \
         AND name NOT LIKE 'sqlite%' ORDER BY rowid",
    )?;
    for sql in query.query_map((), |row| row.get::<_, String>(0))? {
        println!("{};", sql?);
    }
    println!();
    Ok(())
}
