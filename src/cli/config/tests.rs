use super::*;
use crate::cli::output::Paint;

fn project(text: &str) -> Project {
    Project { config: toml::from_str(text).unwrap(), file: None }
}

#[track_caller]
fn check(text: &str, name: Option<&str>, expected: Result<&str, &str>) {
    let vars = EnvVars::from([("SET", "postgres://db/shop")]);
    let found = project(text).environment(name, &vars);
    let found = found.map(|(_, environment)| environment.url).map_err(|failure| failure.message().to_owned());
    assert_eq!(found.as_deref().map_err(String::as_str), expected);
}

#[test]
fn environments_are_chosen_and_filled() {
    let two =
        "[env.development]\nurl = 'sqlite://dev.db'\n[env.production]\nurl = '${SET}'\nprotected = true";
    check(two, None, Ok("sqlite://dev.db"));
    check(two, Some("production"), Ok("postgres://db/shop"));
    check(two, Some("staging"), Err("environment staging is unknown here"));
    check("", None, Err("no database is named"));
    check("[env.a]\nurl = 'x'", None, Ok("x"));
    check("[env.a]\nurl='x'\n[env.b]\nurl='y'", None, Err("no environment is named, and there are a, b"));
    check("default_env = 'b'\n[env.a]\nurl='x'\n[env.b]\nurl='y'", None, Ok("y"));
    check("[env.a]\nurl = '${UNSET}'", None, Err("environment a needs the variable UNSET, which isn't set"));
    check("[env.a]\nurl = '${SET'", None, Err("the url of environment a has a ${ without its }"));
}

/// A database is protected by whichever of its host's usual names it is called.
#[test]
fn one_database_has_several_urls() {
    for (one, other, expected) in [
        ("postgres://u:p@localhost:5999/db", "postgres://v@127.0.0.1:5999/db", true),
        ("postgres://u@localhost/db", "postgresql://[::1]:5432/db", true),
        ("postgres://u@localhost./db", "postgres:///db?host=localhost", true),
        ("postgres:///db", "postgres:///db?host=/var/run/postgresql", true),
        ("postgres://db@localhost", "postgres://u@LOCALHOST/db", true),
        ("mysql://u@127.0.0.1/db", "mariadb://localhost:3306/db", true),
        ("mysql://localhost/db", "mysql://localhost/DB", false),
        ("postgres://db.example.org/db", "postgres://DB.example.org:5432/db", true),
        ("postgres://db.example.org/db", "postgres:///db?host=db.example.org", true),
        ("postgres://db.example.org/db", "postgres://localhost/db", false),
        ("postgres://localhost:5999/db", "postgres://localhost/db", false),
        ("postgres://localhost/db", "mysql://localhost:5432/db", false),
    ] {
        let url = |text: &str| DatabaseUrl::parse(text).unwrap();
        assert_eq!(is_same(&url(one), &url(other)), expected, "{one} {other}");
    }
}

/// A password from the environment may have any character; what is the whole URL stays as it is.
#[test]
fn names_and_passwords_are_encoded() {
    let vars = EnvVars::from([
        ("PW", "s3cret@#/?%ü"),
        ("BOTH", "me:p@ss"),
        ("URL", "postgres://u:p%40@db/x"),
        ("HOST", "[::1]"),
    ]);
    for (url, expected) in [
        ("postgres://u:${PW}@db/shop", "postgres://u:s3cret%40%23%2F%3F%25%C3%BC@db/shop"),
        ("postgres://${BOTH}@${HOST}/shop", "postgres://me:p%40ss@[::1]/shop"),
        ("${URL}", "postgres://u:p%40@db/x"),
        ("sqlite://${HOST}.db", "sqlite://[::1].db"),
    ] {
        assert_eq!(vars.fill_url(url).as_deref(), Ok(expected), "{url}");
    }
    let filled = vars.fill_url("postgres://u:${PW}@db/shop").unwrap();
    assert_eq!(DatabaseUrl::parse(&filled).unwrap().database(), Some("shop"));
}

#[test]
fn a_bad_line_of_an_env_file_has_its_number() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(".env");
    fs::write(&file, "# a comment\nA=1\nno line at all\n").unwrap();
    let failure = EnvVars::default().and_file(&file).unwrap_err();
    assert!(failure.message().ends_with("line 3 isn't NAME=VALUE"), "{}", failure.message());
}

#[test]
fn errors_speak_no_rust() {
    let text = "truncate_slug_length = -1";
    let error = toml::from_str::<Config>(text).unwrap_err();
    let shown = unread(Path::new("dunlin.toml"), text, &error).lines(Paint::default());
    assert!(shown.contains("expected a whole number, 0 or more") && !shown.contains("usize"), "{shown}");
}

#[test]
fn settings_of_ones_own_are_found() {
    for (sql, expected) in [
        ("SET my.tenant = 'a.b'", Some("my.tenant")),
        ("set session \"my\".tenant TO 'x'", Some("my.tenant")),
        ("SELECT pg_catalog.set_config('my.tenant', 'x', false)", Some("my.tenant")),
        ("SET search_path = 'a.b'", None),
        ("SELECT a.b", None),
    ] {
        assert_eq!(own_settings(sql).next().as_deref(), expected, "{sql}");
    }
}

#[test]
fn the_program_is_found_among_unknown_keys() {
    let named = |text| Program::named_in(text).and_then(|program| program.bin);
    assert_eq!(named("newer = 1\n[rust]\nbin = 'shop'").as_deref(), Some("shop"));
    assert_eq!(named("[rust]\nbim = 'shop'"), None);
    assert_eq!(Program::named_in("[env.a]\nurl = 'x'"), None);
}

/// A misspelt key is an error that names the one that was meant, not a setting that silently does nothing.
#[test]
fn unknown_keys_are_refused() {
    for (text, expected) in [
        ("revision = 'migrations'", Some(("revision", "revisions"))),
        ("[env.a]\nurl = 'x'\nprotect = true", Some(("protect", "protected"))),
        ("late = 'warning'", Some(("warning", "warn"))),
        ("[enf.a]\nurl = 'x'", Some(("enf", "env"))),
        ("zzz = 1", None),
    ] {
        let error = toml::from_str::<Config>(text).unwrap_err();
        assert_eq!(nearest(error.message()), expected, "{text}");
    }
}

/// No error about the file shows what may be a password.
#[test]
fn errors_show_no_url() {
    for text in [
        "[env.a]\nurl = 'postgres://me:s3cr:t/\"@db/shop",
        "[env.a]\nurl = postgres://me:s3cret@db/shop",
        "[env]\na = 'postgres://me:s3cret@db/shop'",
        "late = 'postgres://me:s3cret@db/shop'",
    ] {
        let error = toml::from_str::<Config>(text).unwrap_err();
        let shown = unread(Path::new("dunlin.toml"), text, &error).lines(Paint::default());
        assert!(!shown.contains("s3cr"), "{shown}");
        assert!(shown.contains("line "), "{shown}");
    }
}

/// What editors check the file with.
#[test]
fn the_schema_is_as_published() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/dunlin.schema.json");
    let schema = serde_json::to_string_pretty(&schemars::schema_for!(Config)).unwrap() + "\n";
    if std::env::var_os("DUNLIN_BLESS").is_some() {
        fs::write(&file, &schema).unwrap();
    }
    assert_eq!(fs::read_to_string(file).unwrap(), schema, "DUNLIN_BLESS=1 writes it anew");
}
