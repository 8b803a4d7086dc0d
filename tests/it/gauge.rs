//! How far a long copy of a table is, looked at while it runs.

use std::time::Duration;

use dunlin::prelude::*;
use dunlin::{MigrationList, Runner};
use dunlin_tests::Step;

use crate::server::{Kind, TestDb, with_database};

/// What the gauge of a connection shows while it does a revision, each once.
async fn shown(db: &TestDb, list: &MigrationList) -> Vec<Progress> {
    let mut database = db.open().await;
    let gauge = database.connection().gauge().unwrap();
    assert_eq!(gauge.read(), None);
    let mut shown: Vec<Progress> = Vec::new();
    let look = async {
        loop {
            shown.extend(gauge.read().filter(|progress| shown.last() != Some(progress)));
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let mut runner = Runner::new(database.connection(), list);
    tokio::select! {
        report = runner.up() => drop(report.unwrap()),
        () = look => {}
    }
    assert_eq!(gauge.read(), None, "it is over");
    shown
}

fn goes_on(shown: &[Progress], what: &str) {
    assert!(shown.len() > 1, "{shown:?}");
    assert!(shown.iter().all(|progress| progress.what == what), "{shown:?}");
    assert!(shown.windows(2).all(|pair| pair[0].done <= pair[1].done), "{shown:?}");
    assert!(shown.iter().all(|progress| progress.of.is_some_and(|of| progress.done <= of)), "{shown:?}");
}

#[tokio::test]
async fn a_rebuild_tells_how_many_rows_it_has_copied() {
    with_database(Kind::Sqlite, async |db| {
        let rows = "WITH n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 300000)";
        db.execute(&["CREATE TABLE big (a TEXT)", &format!("{rows} INSERT INTO big SELECT n FROM n")]).await;
        let shown = shown(
            db,
            &migrations![Step("change", |op: &mut Ops| _ = op.alter_column("big", "a").default("x"))],
        )
        .await;
        goes_on(&shown, "copying \"big\"");
        assert!(shown.iter().all(|progress| progress.of == Some(300_000)), "{shown:?}");
    })
    .await;
}

/// A thousand rows of which each is a while's work.
async fn server_tells(db: &TestDb) {
    let digits = "(SELECT 0 AS n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 \
                  UNION SELECT 7 UNION SELECT 8 UNION SELECT 9)";
    let fill =
        format!("INSERT INTO big SELECT 'abcdefghij' FROM {digits} AS a, {digits} AS b, {digits} AS c");
    db.execute(&["CREATE TABLE big (a varchar(10))", &fill]).await;
    let add =
        "ALTER TABLE big ADD COLUMN b char(128) AS (sha2(repeat(a, 100000), 512)) STORED, ALGORITHM=COPY";
    let list = migrations![Step("change", move |op: &mut Ops| _ = op.execute(add))];
    goes_on(&shown(db, &list).await, "copy to tmp table");
}

#[tokio::test]
async fn mariadb_tells_how_far_a_copy_is() {
    with_database(Kind::Mariadb, async |db| server_tells(db).await).await;
}

#[tokio::test]
async fn mysql_tells_how_far_a_copy_is_where_it_is_let() {
    with_database(Kind::Mysql, async |db| server_tells(db).await).await;
}
