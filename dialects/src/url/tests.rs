use dunlin_dsl::{DialectId, ErrorKind};

use super::*;

fn parse(url: &str) -> DatabaseUrl {
    DatabaseUrl::parse(url).unwrap()
}

#[track_caller]
fn check_file(url: &str, file: &str) {
    assert_eq!(*parse(url).sqlite_file(), SqliteFile::Path(file.into()));
}

#[test]
fn sqlite_forms() {
    check_file("sqlite://relative.db", "relative.db");
    check_file("sqlite://instance/development.db", "instance/development.db");
    check_file("sqlite:///absolute.db", "/absolute.db");
    check_file("sqlite://a%20b%3F.db?mode=ro", "a b?.db");
    check_file("sqlite:plain.db", "plain.db");
    assert_eq!(*parse("sqlite::memory:").sqlite_file(), SqliteFile::Memory);
    assert_eq!(*parse("sqlite://:memory:").sqlite_file(), SqliteFile::Memory);
    assert_eq!(parse("sqlite::memory:").to_string(), "sqlite::memory:");
    assert_eq!(parse("sqlite://x.db?mode=ro").parameter("mode"), Some("ro"));
    assert_eq!(DatabaseUrl::parse("sqlite://").unwrap_err().kind, ErrorKind::BadUrl);
}

#[test]
fn server_forms() {
    let url = parse("mysql://us%40er:p%2Fw%3a@[::1]:3307/sh%20op?ssl-mode=required&a=b%26c");
    assert_eq!(url.dialect(), DialectId::Mysql);
    assert_eq!(
        (url.user(), url.password(), url.host(), url.port(), url.database()),
        (Some("us@er"), Some("p/w:"), Some("::1"), Some(3307), Some("sh op"))
    );
    assert_eq!(url.parameter("a"), Some("b&c"));
    assert_eq!(url.to_string(), "mysql://us@er@[::1]:3307/sh op");
    assert_eq!(parse("mariadb://h").dialect(), DialectId::Mariadb);
    assert_eq!(parse("PostgreSQL://h/d").dialect(), DialectId::Postgres);
    let socket = parse("postgres:///shop?host=/run/postgresql");
    assert_eq!((socket.host(), socket.database()), (None, Some("shop")));
    assert_eq!(socket.parameter("host"), Some("/run/postgresql"));
}

#[test]
fn unknown_schemes_list_the_known_ones() {
    let error = DatabaseUrl::parse("oracle://u:p@h/d").unwrap_err();
    assert_eq!(error.kind, ErrorKind::BadUrl);
    assert_eq!(
        error.message,
        "unknown scheme oracle in a database URL: known are sqlite, postgres, postgresql, mysql, mariadb"
    );
}

/// A password reaches neither errors nor print, whatever it does to the URL around it.
#[test]
fn passwords_stay_hidden() {
    let shapes = [
        "postgres://user:PW@host/db",
        "postgres://user:PW@host:port/db",
        "postgres://user:PW@ho st/db",
        "postgres://user:PW@[::1/db",
        "postgres:user:PW@host/db",
        "user:PW@host/db",
        "PW",
        "PW:x",
        "://user:PW@host",
        "oracle://user:PW@host",
        "mysql://user:PW@host/a/b",
        "mysql://host/db?password=PW",
        "mysql://user:PW@host/db#x",
    ];
    for secret in
        ["s3cr3t", "123", "s3c%ret", "s#cret", "1#cret", "1/cret", "1?cret", "s@cret", "1@cret", "s:cr"]
    {
        for shape in shapes {
            let text = shape.replace("PW", secret);
            let shown = match DatabaseUrl::parse(&text) {
                Ok(url) => format!("{url} {url:?}"),
                Err(error) => format!("{error} {error:?}"),
            };
            for part in [secret, "cret"] {
                assert!(!shown.contains(part) || part == "123" && !text.contains(":123"), "{text}: {shown}");
            }
        }
    }
}
