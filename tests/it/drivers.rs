//! The drivers' own connections, handed over; and what a URL may ask for: passwords and TLS.

use std::sync::Arc;

use dunlin::drivers::{mysql_async, tokio_postgres};
use dunlin::{Connect, DatabaseUrl, Migrations};
use dunlin_tests::Shop;
use mysql_async::prelude::Queryable;

use crate::server::{Kind, TestDb, with_database};

async fn client(db: &TestDb) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(&db.url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

#[tokio::test]
async fn postgres_client() {
    with_database(Kind::Postgres15, async |db| {
        let mut client = client(db).await;
        client.batch_execute("SET standard_conforming_strings = off").await.unwrap();
        assert_eq!(Shop::up(&mut client).await.unwrap().done.len(), 5);
        // The caller's setting is as it was.
        let row = client.query_one("SHOW standard_conforming_strings", &[]).await.unwrap();
        assert_eq!(row.get::<_, String>(0), "off");
        client.batch_execute("BEGIN; SELECT 1").await.unwrap();
        assert!(Shop::down(&mut client, 1).await.unwrap_err().is_in_transaction());
        client.batch_execute("COMMIT").await.unwrap();
    })
    .await;
}

/// In a transaction that was handed over Dunlin commits nothing: rolled back, all is gone.
#[tokio::test]
async fn postgres_transaction() {
    with_database(Kind::Postgres15, async |db| {
        let mut client = client(db).await;
        let mut transaction = client.transaction().await.unwrap();
        assert_eq!(Shop::up(&mut transaction).await.unwrap().done.len(), 5);
        Shop::down(&mut transaction, 2).await.unwrap();
        transaction.rollback().await.unwrap();
        assert!(db.tables().await.is_empty());
        let mut transaction = client.transaction().await.unwrap();
        Shop::up(&mut transaction).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(db.tables().await, ["articles", "users"]);
        assert!(Shop::up(&mut client).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn deadpool_guard() {
    with_database(Kind::Postgres15, async |db| {
        let config = db.url.parse::<tokio_postgres::Config>().unwrap();
        let manager = deadpool_postgres::Manager::new(config, tokio_postgres::NoTls);
        let pool = deadpool_postgres::Pool::builder(manager).max_size(1).build().unwrap();
        let mut client = pool.get().await.unwrap();
        assert_eq!(Shop::up(&mut **client).await.unwrap().done.len(), 5);
        drop(client);
        let mut client = pool.get().await.unwrap();
        assert!(Shop::pending(&mut **client).await.unwrap().is_empty());
    })
    .await;
}

async fn mysql_of_the_caller(kind: Kind) {
    with_database(kind, async |db| {
        let pool = mysql_async::Pool::new(db.url.replacen("mariadb://", "mysql://", 1).as_str());
        let mut conn = pool.get_conn().await.unwrap();
        assert_eq!(Shop::up(&mut conn).await.unwrap().done.len(), 5);
        conn.query_drop("START TRANSACTION").await.unwrap();
        assert!(Shop::down(&mut conn, 1).await.unwrap_err().is_in_transaction());
        conn.query_drop("ROLLBACK").await.unwrap();
        // DDL would commit the caller's transaction, so none is run in one.
        let mut transaction = conn.start_transaction(mysql_async::TxOpts::default()).await.unwrap();
        let error = Shop::down(&mut transaction, 1).await.unwrap_err();
        assert!(error.to_string().contains("DDL commits the transaction that was handed over"), "{error}");
        transaction.rollback().await.unwrap();
        drop(conn);
        let mut conn = pool.get_conn().await.unwrap();
        Shop::down(&mut conn, 5).await.unwrap();
        drop(conn);
        pool.disconnect().await.unwrap();
        assert!(db.tables().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn mysql_conn_and_pool() {
    mysql_of_the_caller(Kind::Mysql).await;
}

#[tokio::test]
async fn mariadb_conn_and_pool() {
    mysql_of_the_caller(Kind::Mariadb).await;
}

/// The file that `scripts/servers` exports; a server that was given by URL has none, and then there is nothing to test.
fn authority(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn with_query(db: &TestDb, user: &str, host: &str, query: &str) -> String {
    let url = DatabaseUrl::parse(&db.url).unwrap();
    let scheme = if db.kind.is_postgres() { "postgres" } else { "mysql" };
    format!("{scheme}://{user}@{host}:{}/{}?{query}", url.port().unwrap(), url.database().unwrap())
}

async fn opens(url: &str) -> Result<(), dunlin::ConnectionError> {
    let mut database = dunlin::connect(url).await?;
    database.connection().query("SELECT 1").await.map(drop)
}

async fn passwords(kind: Kind) {
    if authority("DUNLIN_TEST_CA").is_none() {
        return;
    }
    with_database(kind, async |db| {
        let right = with_query(db, "dunlin:s3cret%2Fpass", "127.0.0.1", "sslmode=prefer");
        opens(&right).await.unwrap();
        let wrong = with_query(db, "dunlin:wr0ng", "127.0.0.1", "sslmode=prefer");
        let error = opens(&wrong).await.unwrap_err();
        assert_eq!(error.kind, dunlin::ErrorKind::Refused, "{error}");
        assert!(!error.to_string().contains("wr0ng") && error.code.is_some(), "{error}");
        let nowhere =
            right.replace(DatabaseUrl::parse(&db.url).unwrap().database().unwrap(), "dunlin_nowhere");
        let error = opens(&nowhere).await.unwrap_err();
        assert_eq!(error.kind, dunlin::ErrorKind::Refused, "{error}");
        let error = opens(&format!("{right}&sslmod=require")).await.unwrap_err();
        assert!(error.to_string().contains("sslmod"), "{error}");
    })
    .await;
}

async fn tls(kind: Kind) {
    let (Some(right), Some(wrong)) = (authority("DUNLIN_TEST_CA"), authority("DUNLIN_TEST_WRONG_CA")) else {
        return;
    };
    with_database(kind, async |db| {
        let user = if kind.is_postgres() { "postgres" } else { "root" };
        let tried = async |host: &str, query: String| opens(&with_query(db, user, host, &query)).await;
        tried("127.0.0.1", "sslmode=disable".into()).await.unwrap();
        tried("127.0.0.1", "sslmode=require".into()).await.unwrap();
        tried("127.0.0.1", format!("sslmode=verify-ca&sslrootcert={right}")).await.unwrap();
        tried("127.0.0.1", format!("sslmode=verify-full&sslrootcert={right}")).await.unwrap();
        tried("localhost", format!("sslmode=verify-full&sslrootcert={right}")).await.unwrap();
        for mode in ["verify-ca", "verify-full"] {
            let error = tried("127.0.0.1", format!("sslmode={mode}&sslrootcert={wrong}")).await.unwrap_err();
            assert_eq!(error.kind, dunlin::ErrorKind::Unreachable, "{mode}: {error}");
        }
        let error =
            tried("127.0.0.1", "sslmode=verify-full&sslrootcert=/nowhere.pem".into()).await.unwrap_err();
        assert!(error.to_string().contains("/nowhere.pem"), "{error}");
        let error = tried("127.0.0.1", "sslmode=maybe".into()).await.unwrap_err();
        assert!(error.to_string().contains("verify-full"), "{error}");
    })
    .await;
}

macro_rules! on_every_network_server {
    ($module:ident, $test:ident) => {
        mod $module {
            use super::*;

            #[tokio::test]
            async fn postgres15() {
                $test(Kind::Postgres15).await;
            }

            #[tokio::test]
            async fn postgres18() {
                $test(Kind::Postgres18).await;
            }

            #[tokio::test]
            async fn mariadb() {
                $test(Kind::Mariadb).await;
            }

            #[tokio::test]
            async fn mysql() {
                $test(Kind::Mysql).await;
            }
        }
    };
}

on_every_network_server!(passwords_are_checked, passwords);
on_every_network_server!(tls_is_verified, tls);

/// Called outside of tokio, the network drivers say so.
#[test]
fn no_runtime_is_an_error() {
    for url in ["postgres://u@127.0.0.1:1/d", "mysql://u@127.0.0.1:1/d"] {
        let error = dunlin::blocking::connect(url).unwrap_err();
        assert!(error.to_string().contains("tokio"), "{error}");
    }
}

#[tokio::test]
async fn unreachable_servers() {
    for url in [
        "postgres://u:s3cret@127.0.0.1:1/d",
        "mysql://u:s3cret@127.0.0.1:1/d",
        "mariadb://u:s3cret@127.0.0.1:1/d",
    ] {
        let error = dunlin::connect(url).await.unwrap_err();
        assert_eq!(error.kind, dunlin::ErrorKind::Unreachable, "{error}");
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
}

/// A pool's guard is a connection like any other to whoever holds one behind a pointer.
#[tokio::test]
async fn behind_a_trait_object() {
    with_database(Kind::Sqlite, async |db| {
        let shared = Arc::new(tokio::sync::Mutex::new(db.open().await));
        let mut guard = shared.lock().await;
        let conn: &mut dyn dunlin::Connection = guard.connection();
        assert_eq!(Shop::up(conn).await.unwrap().done.len(), 5);
        let mut lent = guard.connect();
        assert!(!lent.in_transaction().await.unwrap());
    })
    .await;
}
