//! Variables in files.

use dunlin::prelude::*;
use dunlin::script::Variables;
use dunlin::{Event, Options, Report, Runner, State};

use super::{list, states};
use crate::on_every_server;
use crate::server::TestDb;

/// A script with variables as it is on a kind of server: a quoted text, a bare one, one in a statement's middle.
const VARIABLES: &str = "\
CREATE TABLE ${table} (id integer, word varchar(50));
-- ${nothing} is said of comments between statements
INSERT INTO ${table} VALUES (1, '${env:WORD}'), (2, '$${table}');
-- dunlin: down
DROP TABLE ${table};
";

fn variables() -> Options {
    let variables = Variables::on().with("table", "filled").with("env:WORD", "s3cret_word");
    Options { variables, ..Options::default() }
}

async fn run_with(
    db: &TestDb,
    list: &MigrationList,
    options: Options,
    told: &mut String,
) -> dunlin::Result<Report> {
    let mut tell = |event: &Event| told.push_str(&format!("{event:?}\n"));
    let mut database = db.open().await;
    Runner::new(database.connection(), list).options(options).on_event(&mut tell).up().await
}

// Only the server sees what a variable stands for.
on_every_server!(variables_are_filled_where_they_are_on, async |db: &TestDb| {
    let mut told = String::new();
    let files = list(db, &[("01_t.sql", VARIABLES)]).await;
    run_with(db, &files, variables(), &mut told).await.unwrap();
    assert_eq!(db.value("SELECT word FROM filled WHERE id = 1").await.as_deref(), Some("s3cret_word"));
    assert_eq!(db.value("SELECT word FROM filled WHERE id = 2").await.as_deref(), Some("$${table}"));
    assert!(told.contains("INSERT INTO ${table} VALUES (1, '${env:WORD}')"), "{told}");
    for table in ["dunlin_history", "dunlin_journal"] {
        told.push_str(&format!("{:?}", db.query(&format!("SELECT * FROM {table}")).await));
    }
    // What is edited is told by the text, whatever the values.
    assert_eq!(states(db, &files).await, [State::Applied]);
    // The undo that history keeps is filled when it runs, and refused before anything does where it can't be.
    let mut database = db.open().await;
    let none = MigrationList::new();
    let without = Options { variables: Variables::on(), ..Options::default() };
    let error =
        Runner::new(database.connection(), &none).options(without).downgrade("base").await.unwrap_err();
    assert!(error.to_string().contains("the variable ${table} isn't set"), "{error}");
    Runner::new(database.connection(), &none).options(variables()).downgrade("base").await.unwrap();
    drop(database);

    // One that isn't set stops the run before anything is applied.
    let two = list(db, &[("01_t.sql", VARIABLES), ("02_u.sql", "SELECT 1;\n\nSELECT '${unset}';")]).await;
    let error = run_with(db, &two, variables(), &mut told).await.unwrap_err();
    assert!(error.to_string().contains("02_u.sql:3:9: the variable ${unset} isn't set"), "{error}");
    assert!(error.report().is_empty() && error.hint().unwrap().contains("[variables]"), "{error:?}");
    // A mistake is shown where it is in the file.
    let wrong =
        "CREATE TABLE ${table} (id integer);\nINSERT INTO ${table}\n  SELECT '${env:WORD}' FROM ${env:WORD};";
    for text in [wrong.to_owned(), format!("-- dunlin: no-transaction\n{wrong}")] {
        let options = Options { prefix: format!("d{}_", text.len()), ..variables() };
        let error =
            run_with(db, &list(db, &[("01_t.sql", &text)]).await, options, &mut told).await.unwrap_err();
        let place = error.place().unwrap().clone();
        assert!(place.position.line >= 2 && wrong.contains(place.line.trim()), "{place}");
        assert!(error.statement().unwrap().sql.contains("'${env:WORD}'"), "{error:?}");
        told.push_str(&format!("{error} {error:?} {place}"));
        db.execute(&["DROP TABLE IF EXISTS filled"]).await;
    }
    assert!(!told.contains("s3cret_word"), "{told}");
    // Where they are off, or a file says so, it is text like any other.
    for (text, options) in [("", Options::default()), ("-- dunlin: no-variables\n", variables())] {
        let text =
            format!("{text}CREATE TABLE off (word varchar(50));\nINSERT INTO off VALUES ('${{table}}');\n");
        let options = Options { prefix: format!("e{}_", text.len()), ..options };
        run_with(db, &list(db, &[("01_t.sql", &text)]).await, options, &mut String::new()).await.unwrap();
        assert_eq!(db.value("SELECT word FROM off").await.as_deref(), Some("${table}"));
        db.execute(&["DROP TABLE off"]).await;
    }
});
