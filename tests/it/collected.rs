//! A folder of files and structs, collected at compile time: `revisions!`.

use dunlin::prelude::*;
use dunlin::script::layout::{Embedded, Format};
use dunlin::{Runner, State};

use crate::on_every_server;

struct Migrator;

impl Migrations for Migrator {
    fn migrations() -> MigrationList {
        revisions!("data/revisions")
    }
}

on_every_server!(a_folder_of_both_kinds_is_one_history, async |db: &TestDb| {
    let mut database = db.open().await;
    let report = Migrator::up(&mut database).await.unwrap();
    assert_eq!(report.ids().collect::<Vec<_>>(), ["0001_users", "0002_posts", "0010_tags", "titles"]);
    assert_eq!(db.value("SELECT name FROM users").await.as_deref(), Some("-- dunlin: down"));
    let statuses = Migrator::status(&mut database).await.unwrap();
    assert!(statuses.iter().all(|status| status.state == State::Applied), "{statuses:?}");
    assert_eq!(statuses[1].revises, ["0001_users"]);
    assert!(Migrator::up(&mut database).await.unwrap().is_empty());

    // What this server's view stands on can't go before it.
    db.execute(&["DROP VIEW titles"]).await;
    let report = Migrator::downgrade(&mut database, "base").await.unwrap();
    assert_eq!(report.ids().collect::<Vec<_>>(), ["0010_tags", "0002_posts", "0001_users"]);
});

/// Two folders are one history, and a revision in Rust says in its file what it is about.
#[tokio::test]
async fn several_folders_are_one_history() {
    struct Several;
    impl Migrations for Several {
        fn migrations() -> MigrationList {
            revisions!(["data/several/shop", "data/several/billing"])
        }
    }
    let mut conn = dunlin::drivers::rusqlite::Connection::open_in_memory().unwrap();
    let pending = Several::pending(&mut conn).await.unwrap();
    let ids: Vec<_> = pending.iter().map(|revision| revision.id.as_str()).collect();
    assert_eq!(ids, ["0001_users", "0002_bills", "0003_posts"]);
    assert_eq!(pending[1].message, "What is owed, and by whom.");
    assert_eq!(pending[2].revises, ["0002_bills"]);
    assert_eq!(Several::up(&mut conn).await.unwrap().done.len(), 3);
}

/// A program's own revisions come behind the steps of Alembic's, which a stamp marks as done.
#[tokio::test]
async fn structs_stand_behind_steps_of_alembic() {
    struct OnAlembic;
    impl Migrations for OnAlembic {
        fn migrations() -> MigrationList {
            revisions!(["data/cli/programs/project/alembic/versions", "data/several/on_alembic"])
        }
    }
    let mut conn = dunlin::drivers::rusqlite::Connection::open_in_memory().unwrap();
    let error = OnAlembic::up(&mut conn).await.unwrap_err();
    assert_eq!(error.revision(), Some("1975ea83b712"), "{error}");
    OnAlembic::stamp(&mut conn, "3512b954651e").await.unwrap();
    let report = OnAlembic::up(&mut conn).await.unwrap();
    assert_eq!(report.ids().collect::<Vec<_>>(), ["20260101_notes", "20260102_more"]);
}

/// What a list of a folder is refused for, on SQLite.
fn refused(list: &MigrationList) -> String {
    let mut conn = dunlin::drivers::rusqlite::Connection::open_in_memory().unwrap();
    let outcome = futures_util::FutureExt::now_or_never(async {
        Runner::new(&mut *dunlin::Connect::connect(&mut conn), list)
            .up()
            .await
            .map(|report| report.done.len())
    });
    let error = outcome.unwrap().unwrap_err();
    format!("{error}; {}", error.hint().unwrap_or_default())
}

struct Elsewhere;

impl Migration for Elsewhere {
    fn id(&self) -> &str {
        "0009_elsewhere"
    }

    fn up(&self, _: &mut Ops) {}
}

#[test]
fn what_does_not_fit_together_is_refused() {
    let of = |format, path| {
        MigrationList::of_folder(
            Embedded(&[("0001_a.sql", "SELECT 1;"), ("0002_b.rs", "")]),
            Some(format),
            vec![(path, Box::new(Elsewhere))],
        )
    };
    let error = refused(&of(Format::Dunlin, "0002_b.rs"));
    assert!(error.contains("the revision in 0002_b.rs calls itself 0009_elsewhere"), "{error}");
    let error = refused(&of(Format::GolangMigrate, "0002_b.rs"));
    assert!(error.contains("0002_b.rs is a revision in Rust"), "{error}");
    assert!(error.contains("Format::Dunlin"), "{error}");

    // A parent that isn't there is told with the file, as of SQL.
    struct Orphan;
    impl Migration for Orphan {
        fn revises(&self) -> Option<&[&str]> {
            Some(&["0001_b"])
        }

        fn up(&self, _: &mut Ops) {}
    }
    let files = Embedded(&[("0001_a.sql", "SELECT 1;"), ("0002_b.rs", "")]);
    let list = MigrationList::of_folder(files, Some(Format::Dunlin), vec![("0002_b.rs", Box::new(Orphan))]);
    let error = refused(&list);
    assert!(
        error.contains("revision 0002_b (0002_b.rs) revises 0001_b, which is unknown here; bring"),
        "{error}"
    );

    let broken = Embedded(&[("0001_a.sql", "-- dunlin: sideways\nSELECT 1;")]);
    let error = refused(&MigrationList::of_folder(broken, None, Vec::new()));
    assert!(error.contains("0001_a.sql:1"), "{error}");
    // A struct of no folder has no file to give it a name.
    struct Nameless;
    impl Migration for Nameless {
        fn up(&self, _: &mut Ops) {}
    }
    let error = refused(&migrations![Nameless]);
    assert!(error.contains("id is empty"), "{error}");
}
