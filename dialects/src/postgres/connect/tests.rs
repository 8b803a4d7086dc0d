//! Connections, against real servers.

use dunlin_dsl::{Connection, Dialect, ErrorKind, Value};
use tokio_postgres::{Client, NoTls};

use super::*;
use crate::url::DatabaseUrl;

/// The URL of a test server; none where `scripts/test` said that this machine can't have it.
pub(in crate::postgres) fn url(major: u16) -> Option<String> {
    let unavailable = std::env::var("DUNLIN_TEST_UNAVAILABLE").unwrap_or_default();
    if unavailable.split_whitespace().any(|name| name == format!("postgres{major}")) {
        return None;
    }
    let variable = format!("DUNLIN_TEST_POSTGRES{major}_URL");
    Some(
        std::env::var(&variable)
            .unwrap_or_else(|_| panic!("{variable} isn't set: run scripts/test, which starts the servers")),
    )
}

async fn client(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

async fn opened(url: &str) -> Box<dyn Connection> {
    open(&DatabaseUrl::parse(url).unwrap()).await.unwrap()
}

/// The error of opening a URL.
async fn unopened(url: &str) -> ConnectionError {
    match open(&DatabaseUrl::parse(url).unwrap()).await {
        Ok(_) => panic!("{url} opened"),
        Err(error) => error,
    }
}

#[tokio::test]
async fn a_url_opens() {
    for major in [15, 18] {
        let Some(url) = url(major) else { continue };
        let mut conn = opened(&url).await;
        let server = conn.server().await.unwrap();
        assert_eq!((server.dialect, server.version.major), (DialectId::Postgres, major));
        assert_eq!(server.schema, "public");
        let rows = conn.query("SELECT 1, NULL, 'é', current_setting('application_name')").await.unwrap();
        assert_eq!(rows, [Row(vec!["1".into(), Value::Null, "é".into(), "dunlin".into()])]);
        assert_eq!(conn.execute("SELECT * FROM generate_series(1, 3)").await.unwrap(), 3);
        assert!(conn.driver().unwrap().is::<Client>());
        assert!(!conn.in_transaction().await.unwrap());
        conn.execute(Postgres.transactions(&server).begin).await.unwrap();
        assert!(conn.in_transaction().await.unwrap());
        conn.execute("SELECT 1/0").await.unwrap_err();
        assert!(conn.in_transaction().await.unwrap());
        conn.execute("ROLLBACK").await.unwrap();
    }
}

#[tokio::test]
async fn what_cannot_be_opened_says_why() {
    let Some(url) = url(15) else { return };
    let error = unopened(&format!("{url}?bogus=s3cret")).await;
    assert_eq!(error.kind, ErrorKind::BadUrl);
    assert!(error.message.contains("no parameter bogus") && !error.message.contains("s3cret"), "{error}");
    let parsed = DatabaseUrl::parse(&url).unwrap();
    let missing = open(&parsed.clone().with_database("dunlin_no_such")).await.err().unwrap();
    assert_eq!((missing.kind, missing.code.as_deref()), (ErrorKind::Refused, Some("3D000")));
    let error = unopened("postgres://app:s3cret@127.0.0.1:1/db").await;
    assert_eq!(error.kind, ErrorKind::Unreachable);
    assert!(error.message.contains("onnection refused") && !error.to_string().contains("s3cret"), "{error}");
    let error = unopened(&format!("{url}?sslmode=maybe")).await;
    assert_eq!(error.kind, ErrorKind::BadUrl);
    // Nobody that the system trusts has signed for a test server, if it speaks TLS at all.
    let error = unopened(&format!("{url}?sslmode=verify-full")).await;
    assert_eq!(error.kind, ErrorKind::Unreachable, "{error}");
    for mode in ["disable", "allow", "prefer"] {
        opened(&format!("{url}?sslmode={mode}&application_name=x&connect_timeout=5")).await;
    }
    let error = unopened(&format!("{url}?sslrootcert=/no/such/file&sslmode=verify-ca")).await;
    assert!(error.message.starts_with("can't read sslrootcert /no/such/file"), "{error}");
    let error = unopened(&format!("{url}?sslrootcert=system&sslmode=require")).await;
    assert_eq!(error.message, "sslrootcert=system goes with sslmode=verify-full alone");
}

#[test]
fn without_a_runtime_it_says_so() {
    let url = DatabaseUrl::parse("postgres://app@127.0.0.1:1/db").unwrap();
    let mut opening = Box::pin(open(&url));
    let outcome = opening.as_mut().now_or_never().unwrap();
    assert_eq!(
        outcome.err().unwrap().message,
        "a connection to PostgreSQL needs a tokio runtime, and there is none here"
    );
}

#[tokio::test]
async fn failures_have_their_kinds() {
    let Some(url) = url(15) else { return };
    let mut conn = opened(&url).await;
    let mut fail = async |sql: &str| conn.execute(sql).await.unwrap_err();
    let error = fail("SELECT 'é' FRM x").await;
    assert_eq!((error.kind, error.code.as_deref()), (ErrorKind::Statement, Some("42601")));
    assert_eq!(error.offset_bytes, Some("SELECT 'é' FRM ".len()));
    assert_eq!(fail("SELECT * FROM dunlin_no_such").await.kind, ErrorKind::MissingTable);
    assert_eq!(fail("SELECT pg_terminate_backend(pg_backend_pid())").await.kind, ErrorKind::Lost);
    assert_eq!(fail("SELECT 1").await.kind, ErrorKind::Lost);
    let mut conn = opened(&url).await;
    let read_only = "BEGIN READ ONLY; CREATE TABLE dunlin_t ()";
    assert_eq!(conn.execute(read_only).await.unwrap_err().kind, ErrorKind::ReadOnly);
    conn.execute("ROLLBACK").await.unwrap();
    let twice = "CREATE TEMP TABLE t (a int PRIMARY KEY); INSERT INTO t VALUES (1), (1)";
    let error = conn.execute(twice).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Duplicate);
    assert_eq!(error.detail.as_deref(), Some("Key (a)=(1) already exists."));
    // A text with NUL can't be sent; the connection goes on.
    assert_eq!(conn.execute("SELECT '\0'").await.unwrap_err().kind, ErrorKind::Statement);
    assert_eq!(conn.query("SELECT 1").await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_batch_flies_together_and_says_which_failed() {
    let Some(url) = url(15) else { return };
    let mut conn = opened(&url).await;
    let mut statements = vec!["BEGIN".to_owned(), "CREATE TABLE dunlin_flight (a int)".to_owned()];
    statements.extend((0..500).map(|n| format!("INSERT INTO dunlin_flight VALUES ({n})")));
    statements.push("SELECT * FROM generate_series(1, 10000)".into());
    statements.push("ROLLBACK".into());
    conn.batch(&statements).await.unwrap();
    statements[300] = "INSERT INTO dunlin_flight VALUES ('x')".into();
    let failed = conn.batch(&statements).await.unwrap_err();
    assert_eq!((failed.index, failed.error.code.as_deref()), (300, Some("22P02")));
    let rows = conn.query("SELECT 'clean'").await.unwrap();
    assert_eq!(rows, [Row(vec!["clean".into()])]);
    assert!(!conn.in_transaction().await.unwrap());
    conn.batch(&[]).await.unwrap();
}

#[tokio::test]
async fn a_callers_transaction_stays_the_callers() {
    let Some(url) = url(15) else { return };
    let mut client = client(&url).await;
    let mut transaction = client.transaction().await.unwrap();
    {
        let mut conn = transaction.connect();
        assert!(!conn.owns_transactions() && conn.in_transaction().await.unwrap());
        assert!(conn.driver().is_none());
        conn.execute("CREATE TABLE dunlin_mine (a int)").await.unwrap();
    }
    transaction.rollback().await.unwrap();
    let mut conn = client.connect();
    assert_eq!(conn.execute("TABLE dunlin_mine").await.unwrap_err().kind, ErrorKind::MissingTable);
}

/// A future dropped in the middle leaves the client as it was: what is told by `on_drop` runs before what comes next.
#[tokio::test]
async fn a_dropped_future_leaves_the_client_clean() {
    let Some(url) = url(15) else { return };
    let mut client = client(&url).await;
    let watcher = self::client(&url).await;
    let lock = Postgres.lock("dropped", &Server::new(DialectId::Postgres, Version::default()));
    let session = lock.session.unwrap();
    {
        let mut conn = client.connect();
        assert!(conn.query(&session.acquire).await.unwrap()[0].bool(0));
        conn.execute("SET statement_timeout = 5000").await.unwrap();
        conn.on_drop(vec!["ROLLBACK".into(), "RESET statement_timeout".into(), session.release.clone()]);
        let statements =
            ["BEGIN", "CREATE TABLE dunlin_dropped (a int)", "SELECT pg_sleep(0.3)", "SELECT pg_sleep(0.3)"]
                .map(String::from);
        let flight = conn.batch(&statements);
        assert!(tokio::time::timeout(Duration::from_millis(100), flight).await.is_err());
    }
    let mut conn = client.connect();
    let rows = conn.query("SHOW statement_timeout").await.unwrap();
    assert_eq!(rows[0].text(0).as_deref(), Some("0"));
    assert!(!conn.in_transaction().await.unwrap());
    assert_eq!(conn.execute("TABLE dunlin_dropped").await.unwrap_err().kind, ErrorKind::MissingTable);
    let free = watcher.simple_query(&session.acquire).await.unwrap();
    let free = free.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    assert_eq!(free, Some("t"));
}

#[tokio::test]
async fn one_holds_the_lock() {
    for major in [15, 18] {
        let Some(url) = url(major) else { continue };
        let (mut one, mut two) = (opened(&url).await, opened(&url).await);
        let server = one.server().await.unwrap();
        let lock = Postgres.lock(&format!("held {major}"), &server);
        let (session, proof) = (lock.session.unwrap(), lock.proof.unwrap());
        assert!(one.query(&session.acquire).await.unwrap()[0].bool(0));
        one.execute(&proof).await.unwrap();
        assert!(!two.query(&session.acquire).await.unwrap()[0].bool(0));
        let holder = two.query(&session.holder).await.unwrap()[0].text(0).unwrap();
        assert!(holder.starts_with("process ") && holder.contains(", dunlin"), "{holder}");
        let flight = ["BEGIN", &proof, "CREATE TABLE dunlin_refused ()", "COMMIT"].map(String::from);
        let refused = two.batch(&flight).await.unwrap_err();
        assert_eq!((refused.index, refused.error.kind), (1, ErrorKind::LockRefused));
        assert_eq!(refused.error.message, dunlin_dsl::Lock::REFUSED);
        assert!(one.query("SELECT to_regclass('dunlin_refused')").await.unwrap()[0].text(0).is_none());
        one.query(&session.release).await.unwrap();
        assert!(two.query(&session.holder).await.unwrap().is_empty());
        two.batch(&["BEGIN".to_owned(), proof, "ROLLBACK".to_owned()]).await.unwrap();
        // Dropping what holds it gives it back.
        assert!(two.query(&session.acquire).await.unwrap()[0].bool(0));
        drop(two);
        let mut tries = 0;
        while !one.query(&session.acquire).await.unwrap()[0].bool(0) {
            tries += 1;
            assert!(tries < 100);
            one.sleep(Duration::from_millis(20)).await;
        }
        one.execute("BEGIN").await.unwrap();
        let elapsed = Postgres.elapsed_ms(&server).unwrap();
        let rows = one.query(&format!("SELECT {elapsed}, pg_sleep(0.01)")).await.unwrap();
        assert!(rows[0].int(0).is_some_and(|elapsed| elapsed < 5_000), "{rows:?}");
    }
}

#[tokio::test]
async fn a_socket_directory_is_a_host() {
    let Some(url) = url(15) else { return };
    let mut conn = opened(&url).await;
    let rows = conn.query("SHOW unix_socket_directories").await.unwrap();
    let directories = rows[0].text(0).unwrap();
    let Some(directory) = directories.split(", ").find(|directory| directory.starts_with('/')) else {
        return;
    };
    let parsed = DatabaseUrl::parse(&url).unwrap();
    let (user, port) = (parsed.user().unwrap_or("postgres"), parsed.port().unwrap_or(5432));
    let host = directory.replace('/', "%2F");
    let database = parsed.database().unwrap_or("postgres");
    let mut conn = opened(&format!("postgres://{user}@{host}:{port}/{database}?sslmode=require")).await;
    assert_eq!(conn.query("SELECT inet_server_addr()").await.unwrap(), [Row(vec![Value::Null])]);
}

/// Everything that waits can move between threads.
#[test]
fn futures_are_send() {
    fn is_send<T: Send>(_: T) {}
    fn check(client: &mut Client, url: &DatabaseUrl) {
        is_send(open(url));
        is_send(async move {
            let mut conn = client.connect();
            let _ = conn.batch(&[]).await;
            let _ = conn.query("").await;
            let _ = Postgres.introspect(&mut *conn, &[]).await;
        });
    }
    let _ = check;
}
