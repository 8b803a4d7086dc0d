//! Connecting: who the server is, what goes wrong, and the lock.

use dunlin_dsl::{Dialect, DialectId, ErrorKind, Lock};

use super::servers::on_both;
use crate::connect::Connect;
use crate::mysql::Mysql;

fn is_send<T: Send>(value: T) -> T {
    value
}

/// The same server by another user and other parameters.
fn url(dialect: DialectId) -> Option<crate::DatabaseUrl> {
    let unavailable = std::env::var("DUNLIN_TEST_UNAVAILABLE").unwrap_or_default();
    if unavailable.split_whitespace().any(|name| name == dialect.as_str()) {
        return None;
    }
    let variable = format!("DUNLIN_TEST_{}_URL", dialect.as_str().to_uppercase());
    let url = std::env::var(&variable).unwrap_or_else(|_| panic!("{variable} isn't set: run scripts/test"));
    Some(crate::DatabaseUrl::parse(&url).unwrap())
}

pub(super) fn driver(url: &crate::DatabaseUrl) -> mysql_async::Opts {
    mysql_async::OptsBuilder::default()
        .ip_or_hostname(url.host().unwrap_or("localhost"))
        .tcp_port(url.port().unwrap_or(3306))
        .user(url.user())
        .pass(url.password())
        .db_name(url.database())
        .prefer_socket(false)
        .into()
}

#[tokio::test]
async fn the_server_says_who_it_is() {
    for dialect in [DialectId::Mariadb, DialectId::Mysql] {
        let Some(url) = url(dialect) else { continue };
        let mut database = crate::connect(&full(&url, "")).await.unwrap();
        let server = database.connection().server().await.unwrap();
        assert_eq!(server.dialect, dialect);
        assert_eq!(Some(server.schema.as_str()), url.database());
        assert!(server.fact("default_collations").contains("utf8mb4=utf8mb4_"), "{:?}", server.facts);
        assert!(!server.fact("sql_mode").is_empty());
    }
}

/// A URL's text with parameters.
fn full(url: &crate::DatabaseUrl, parameters: &str) -> String {
    let text = url.to_string();
    match url.password() {
        Some(password) => text.replacen('@', &format!(":{}@", password.replace('/', "%2F")), 1) + parameters,
        None => text + parameters,
    }
}

#[tokio::test]
async fn what_goes_wrong_has_a_kind() {
    on_both(async |conn| {
        for sql in ["CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)"] {
            conn.execute(sql).await.unwrap();
        }
        for (sql, kind, code) in [
            ("INSERT INTO t VALUES (1)", ErrorKind::Duplicate, "1062"),
            ("SELECT * FROM nowhere", ErrorKind::MissingTable, "1146"),
            ("SELEC", ErrorKind::Statement, "1064"),
            ("SELECT (SELECT 1 UNION SELECT 2)", ErrorKind::Statement, "1242"),
        ] {
            let error = conn.query(sql).await.unwrap_err();
            assert_eq!((error.kind, error.code.as_deref()), (kind, Some(code)), "{error}");
        }
        // After an error the connection is in step.
        assert_eq!(conn.query("SELECT 1").await.unwrap()[0].int(0), Some(1));
        conn.execute("SET TRANSACTION READ ONLY").await.unwrap();
        conn.execute("START TRANSACTION").await.unwrap();
        let error = conn.execute("INSERT INTO t VALUES (2)").await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::ReadOnly, "{error}");
        conn.execute("ROLLBACK").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn several_statements_in_one_text_all_run() {
    on_both(async |conn| {
        conn.execute("CREATE TABLE t (id int); INSERT INTO t VALUES (1), (2); SELECT 5").await.unwrap();
        let rows = conn.query("SELECT count(*) FROM t; SELECT NULL, x'ff', 'ü'").await.unwrap();
        assert_eq!(rows[0].int(0), Some(2));
        assert_eq!(rows[1].0[0], dunlin_dsl::Value::Null);
        assert_eq!(rows[1].0[1], dunlin_dsl::Value::Bytes(vec![255]));
        assert_eq!(rows[1].text(2).as_deref(), Some("ü"));
        let error = conn.execute("INSERT INTO t VALUES (3); nonsense; INSERT INTO t VALUES (4)").await;
        assert!(error.is_err());
        assert_eq!(conn.query("SELECT count(*) FROM t").await.unwrap()[0].int(0), Some(3));
        assert_eq!(conn.execute("UPDATE t SET id = id + 10").await.unwrap(), 3);
    })
    .await;
}

#[tokio::test]
async fn a_transaction_is_seen() {
    on_both(async |conn| {
        let transactions = Mysql.transactions(&conn.server().await.unwrap());
        assert!(!conn.in_transaction().await.unwrap());
        conn.execute(transactions.begin).await.unwrap();
        assert!(conn.in_transaction().await.unwrap());
        conn.execute(transactions.commit).await.unwrap();
        assert!(!conn.in_transaction().await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn the_lock_is_one() {
    for dialect in [DialectId::Mariadb, DialectId::Mysql] {
        let Some(url) = url(dialect) else { continue };
        let mut first = crate::connect(&full(&url, "")).await.unwrap();
        let mut second = crate::connect(&full(&url, "")).await.unwrap();
        let server = first.connection().server().await.unwrap();
        let key = format!("it's `x` {}", std::process::id());
        let Lock { session: Some(lock), proof: Some(proof) } = Mysql.lock(&key, &server) else {
            panic!("it has a session's lock");
        };
        let (first, second) = (first.connection(), second.connection());
        let refused = first.execute(&proof).await.unwrap_err();
        assert_eq!((refused.kind, refused.message.as_str()), (ErrorKind::LockRefused, Lock::REFUSED));
        assert!(first.query(&lock.holder).await.unwrap().is_empty());
        assert!(first.query(&lock.acquire).await.unwrap()[0].bool(0));
        first.execute(&proof).await.unwrap();
        assert!(!second.query(&lock.acquire).await.unwrap()[0].bool(0));
        assert_eq!(second.execute(&proof).await.unwrap_err().kind, ErrorKind::LockRefused);
        let holder = second.query(&lock.holder).await.unwrap()[0].text(0).unwrap();
        assert!(holder.starts_with("connection ") && holder.contains(", root on "), "{holder}");
        first.query(&lock.release).await.unwrap();
        assert!(second.query(&lock.acquire).await.unwrap()[0].bool(0));
    }
}

#[tokio::test]
async fn settings_are_put_right() {
    on_both(async |conn| {
        conn.execute("SET sql_mode = 'NO_ENGINE_SUBSTITUTION,ANSI_QUOTES', foreign_key_checks = 0")
            .await
            .unwrap();
        let mut server = conn.server().await.unwrap();
        for (name, value) in [("sql_mode", "ANSI_QUOTES,NO_ENGINE_SUBSTITUTION"), ("foreign_key_checks", "0")]
        {
            server.facts.insert(name.into(), value.into());
        }
        let settings = Mysql.session(&server);
        assert_eq!(settings.len(), 2);
        for setting in settings {
            let value = match setting.value.parse::<i64>() {
                Ok(_) => setting.value.clone(),
                Err(_) => Mysql.literal(&setting.value.as_str().into(), &server).unwrap(),
            };
            conn.execute(&setting.set.replace("{}", &value)).await.unwrap();
            let rows = conn.query(&setting.read).await.unwrap();
            assert_eq!(rows[0].text(0).as_deref(), Some(setting.value.as_str()));
        }
    })
    .await;
}

#[tokio::test]
async fn a_callers_own_connection_and_transaction() {
    for dialect in [DialectId::Mariadb, DialectId::Mysql] {
        let Some(url) = url(dialect) else { continue };
        let mut own = mysql_async::Conn::new(driver(&url)).await.unwrap();
        {
            let mut conn = own.connect();
            assert_eq!(is_send(conn.server()).await.unwrap().dialect, dialect);
            assert!(is_send(conn.query("SELECT 1")).await.unwrap()[0].bool(0));
            assert!(conn.owns_transactions() && !is_send(conn.in_transaction()).await.unwrap());
            assert!(conn.driver().unwrap().downcast_mut::<mysql_async::Conn>().is_some());
            is_send(conn.sleep(std::time::Duration::from_millis(1))).await;
        }
        let mut transaction = own.start_transaction(Default::default()).await.unwrap();
        {
            let mut conn = transaction.connect();
            assert!(!conn.owns_transactions() && conn.in_transaction().await.unwrap());
            assert!(conn.query("SELECT 1").await.unwrap()[0].bool(0));
            assert!(conn.driver().is_none());
        }
        transaction.rollback().await.unwrap();
    }
}

#[tokio::test]
async fn a_dropped_future_leaves_a_connection_by_url_in_step() {
    on_both(async |conn| {
        conn.execute("CREATE TABLE t (id int)").await.unwrap();
        conn.execute("START TRANSACTION").await.unwrap();
        conn.execute("INSERT INTO t VALUES (1)").await.unwrap();
        conn.on_drop(vec!["ROLLBACK".into()]);
        {
            let slow = conn.query("SELECT 7 FROM (SELECT SLEEP(0.3)) AS s");
            let dropped = tokio::time::timeout(std::time::Duration::from_millis(50), slow).await;
            assert!(dropped.is_err());
        }
        conn.abandon();
        assert_eq!(conn.query("SELECT 1").await.unwrap()[0].int(0), Some(1));
        assert_eq!(conn.query("SELECT count(*) FROM t").await.unwrap()[0].int(0), Some(0));
    })
    .await;
}

#[tokio::test]
async fn a_url_that_cannot_work_is_refused() {
    let Some(url) = url(DialectId::Mariadb) else { return };
    let (host, port) = (url.host().unwrap(), url.port().unwrap());
    for (text, kind) in [
        (format!("mysql://nobody:s3cret@{host}:{port}/test"), ErrorKind::Refused),
        (full(&url.clone().with_database("no_such_database"), ""), ErrorKind::Refused),
        ("mysql://root:s3cret@127.0.0.1:1/test".into(), ErrorKind::Unreachable),
        (full(&url, "?colour=red"), ErrorKind::BadUrl),
        (full(&url, "?sslmode=maybe"), ErrorKind::BadUrl),
        (full(&url, "?sslmode=verify-full&sslrootcert=/no/such/file"), ErrorKind::BadUrl),
        (full(&url, "?connect_timeout=soon"), ErrorKind::BadUrl),
    ] {
        let Err(error) = crate::connect(&text).await else { panic!("{text} works") };
        assert_eq!(error.kind, kind, "{text}: {error}");
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
}

#[tokio::test]
async fn another_kind_of_server_is_not_waited_for_forever() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = silent.local_addr().unwrap().port();
    let Err(error) = crate::connect(&format!("mysql://u@127.0.0.1:{port}/d?connect_timeout=1")).await else {
        panic!("it says nothing");
    };
    assert_eq!(error.kind, ErrorKind::Unreachable);
    assert!(error.message.contains("no greeting from MySQL or MariaDB"), "{error}");
}

#[test]
fn no_runtime_is_an_error() {
    let url = crate::DatabaseUrl::parse("mysql://u:s3cret@127.0.0.1/d").unwrap();
    let mut open = Box::pin(is_send(super::super::connect::open(&url)));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(Err(error)) = open.as_mut().poll(&mut context) else {
        panic!("it waits for a runtime that isn't there");
    };
    assert!(error.message.contains("no runtime"), "{error}");
}

/// The servers that `scripts/test` starts have a user whose password must be given, and a certificate whose signer it
/// names. Those that are given by URL have neither, as `docs/servers.md` says.
#[tokio::test]
async fn passwords_and_certificates() {
    let (Ok(ca), Ok(wrong)) = (std::env::var("DUNLIN_TEST_CA"), std::env::var("DUNLIN_TEST_WRONG_CA")) else {
        return;
    };
    for dialect in [DialectId::Mariadb, DialectId::Mysql] {
        let Some(url) = url(dialect) else { continue };
        let at = |host: &str, parameters: &str| {
            let (port, database) = (url.port().unwrap(), url.database().unwrap());
            format!("mysql://dunlin:s3cret%2Fpass@{host}:{port}/{database}?{parameters}")
        };
        let encrypted = async |url: String| {
            let mut database = crate::connect(&url).await?;
            let rows = database.connection().query("SHOW SESSION STATUS LIKE 'Ssl_cipher'").await?;
            Ok::<_, dunlin_dsl::ConnectionError>(rows[0].text(1).is_some_and(|cipher| !cipher.is_empty()))
        };
        for (host, parameters, expected) in [
            ("127.0.0.1", "sslmode=disable".to_owned(), Some(false)),
            ("127.0.0.1", "ssl-mode=DISABLED".to_owned(), Some(false)),
            ("127.0.0.1", String::new(), Some(true)),
            ("127.0.0.1", "sslmode=require".to_owned(), Some(true)),
            ("127.0.0.1", format!("sslmode=verify-full&sslrootcert={ca}"), Some(true)),
            ("localhost", format!("ssl-mode=VERIFY_IDENTITY&ssl-ca={ca}"), Some(true)),
            ("127.0.0.1", format!("sslmode=verify-ca&sslrootcert={ca}"), Some(true)),
            // The same machine by a name that the certificate is not for.
            ("0.0.0.0", format!("sslmode=verify-ca&sslrootcert={ca}"), Some(true)),
            ("0.0.0.0", format!("sslmode=verify-full&sslrootcert={ca}"), None),
            ("127.0.0.1", format!("sslmode=verify-full&sslrootcert={wrong}"), None),
            ("127.0.0.1", format!("sslmode=verify-ca&sslrootcert={wrong}"), None),
            ("127.0.0.1", "sslmode=verify-full".to_owned(), None),
        ] {
            match (encrypted(at(host, &parameters)).await, expected) {
                (Ok(found), expected) => assert_eq!(Some(found), expected, "{dialect} {host} {parameters}"),
                (Err(error), None) => assert!(
                    error.kind == ErrorKind::Unreachable && error.message.contains("certificate"),
                    "{dialect} {host} {parameters}: {error}"
                ),
                (Err(error), _) => panic!("{dialect} {host} {parameters}: {error}"),
            }
        }
        let wrong = at("127.0.0.1", "").replace("s3cret%2Fpass", "s3cret");
        for parameters in ["sslmode=disable", "sslmode=require"] {
            let Err(error) = crate::connect(&format!("{wrong}{parameters}")).await else {
                panic!("it lets anyone in")
            };
            assert_eq!((error.kind, error.code.as_deref()), (ErrorKind::Refused, Some("1045")), "{error}");
            assert!(!error.to_string().contains("s3cret"), "{error}");
        }
    }
}
