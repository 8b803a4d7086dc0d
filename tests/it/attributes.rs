//! Every attribute that MySQL and MariaDB know of a column, under every kind of change: to the column itself, beside it in the same
//! table, and to the table. What wasn't asked for stays to the letter of `SHOW CREATE TABLE`, the undo gives the old text back, and
//! the row's value is what it was. What the change itself makes of the column is what the server says of a table made fresh with
//! that. A change that is refused is expected to be, and has changed nothing.

use dunlin::prelude::*;
use dunlin::{Connection, Runner};

use self::changes::{CHANGES, Change};
use self::forms::{FORMS, Form};
use self::refused::refused;
use crate::server::{Kind, TestDb, with_database};

mod changes;
mod forms;
mod refused;

#[tokio::test]
async fn mariadb() {
    with_database(Kind::Mariadb, async |db| all(db).await).await;
}

#[tokio::test]
async fn mysql() {
    with_database(Kind::Mysql, async |db| all(db).await).await;
}

/// A revision made of operations.
struct Recorded {
    id: String,
    ops: Vec<Op>,
}

impl Migration for Recorded {
    fn id(&self) -> &str {
        &self.id
    }

    fn up(&self, op: &mut Ops) {
        self.ops.iter().for_each(|one| op.push(one.clone()));
    }
}

/// A form's table, and the change that is made to it.
struct Case<'a> {
    table: String,
    form: &'a Form,
    change: &'a Change,
}

/// Each form has a table, and each change is one revision on all of these: what it undoes is there for the next one.
async fn all(db: &TestDb) {
    let forms: Vec<&Form> = FORMS.iter().filter(|form| form.on.is_none_or(|kind| kind == db.kind)).collect();
    let mut database = db.open().await;
    for (at, form) in forms.iter().enumerate() {
        make(database.connection(), &format!("t{at}"), form).await;
    }
    let (mut wrong, mut made) = (Vec::new(), 0);
    for change in CHANGES {
        let case = |(at, form): (usize, &&'static Form)| Case { table: format!("t{at}"), form, change };
        let fits = forms.iter().enumerate().filter(|(_, form)| (change.fits)(form));
        let (stop, go): (Vec<_>, Vec<_>) =
            fits.map(case).partition(|case| refused(db.kind, case.form.name, change.name).is_some());
        for case in &stop {
            if let Err(error) = stops(db, database.connection(), case).await {
                wrong.push(format!("{}, {}: {error}", case.form.name, change.name));
            }
        }
        made += go.len();
        match goes(database.connection(), &go).await {
            Ok(found) => wrong.extend(found),
            Err(error) => {
                wrong.push(error);
                wrong.extend(each(db, &go).await);
                // What is half-done isn't for the next one.
                let name = db.name().unwrap();
                db.execute(&[
                    &format!("DROP DATABASE {name}"),
                    &format!("CREATE DATABASE {name} CHARACTER SET utf8mb4"),
                ])
                .await;
                database = db.open().await;
                for (at, form) in forms.iter().enumerate() {
                    make(database.connection(), &format!("t{at}"), form).await;
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} are wrong\n{}", wrong.len(), wrong.join("\n"));
    assert!(made > 500, "only {made} changes were made");
}

/// Tries each by itself, where all together failed: so each that does is named.
async fn each(db: &TestDb, cases: &[Case<'_>]) -> Vec<String> {
    let mut wrong = Vec::new();
    for case in cases {
        with_database(db.kind, async |db| {
            let mut database = db.open().await;
            make(database.connection(), &case.table, case.form).await;
            match goes(database.connection(), std::slice::from_ref(case)).await {
                Ok(found) => wrong.extend(found),
                Err(error) => wrong.push(format!("{}, {error}", case.form.name)),
            }
        })
        .await;
    }
    wrong
}

async fn make(conn: &mut dyn Connection, table: &str, form: &Form) {
    run(conn, &form.create(table)).await;
    if form.value.is_empty() {
        run(conn, &format!("INSERT INTO {table} (id, n) VALUES (1, 7)")).await;
    } else {
        run(conn, &format!("INSERT INTO {table} (id, n, a) VALUES (1, 7, {})", form.value)).await;
    }
}

async fn run(conn: &mut dyn Connection, sql: &str) {
    conn.execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

async fn ask(conn: &mut dyn Connection, sql: &str, column: usize) -> Option<String> {
    let rows = conn.query(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    rows.first()?.text(column)
}

async fn shown(conn: &mut dyn Connection, table: &str) -> String {
    ask(conn, &format!("SHOW CREATE TABLE {table}"), 1).await.unwrap_or_default()
}

async fn value(conn: &mut dyn Connection, table: &str, column: &str) -> Option<String> {
    ask(conn, &format!("SELECT CONCAT(id, ':', n, ':', HEX(CAST({column} AS BINARY))) FROM {table}"), 0).await
}

/// The line of a column.
fn line<'t>(shown: &'t str, column: &str) -> Option<&'t str> {
    let start = format!("`{column}` ");
    shown.lines().map(|line| line.trim().trim_end_matches(',')).find(|line| line.starts_with(&start))
}

fn ops(cases: &[Case<'_>]) -> Vec<Op> {
    let mut op = Ops::new();
    for Case { table, form, change } in cases {
        (change.record)(&mut op, table, form);
    }
    op.finish().unwrap().ops
}

/// Changes all of these tables, and undoes it. Gives what is wrong then, or why it can't be done.
async fn goes(conn: &mut dyn Connection, cases: &[Case<'_>]) -> Result<Vec<String>, String> {
    let mut wrong = Vec::new();
    let Some(Case { change, .. }) = cases.first() else { return Ok(wrong) };
    let mut before = Vec::new();
    for case in cases {
        before.push((shown(conn, &case.table).await, value(conn, &case.table, "a").await));
    }
    let mut list = MigrationList::new();
    list.push(Recorded { id: change.name.replace(' ', "_"), ops: ops(cases) });
    if let Err(error) = Runner::new(conn, &list).up().await {
        return Err(format!("{}: {error}: {:?}", change.name, error.statement().map(|failed| &failed.sql)));
    }
    for (case, (text, was)) in cases.iter().zip(&before) {
        let Case { table, form, .. } = case;
        let (table, column) = (format!("{table}{}", change.suffix), change.column);
        let found = shown(conn, &table).await;
        let mut tell = |what: String| wrong.push(format!("{}, {}: {what}", form.name, change.name));
        if let Some(becomes) = change.becomes {
            let mut fresh = (*form).clone();
            becomes(&mut fresh);
            run(conn, &fresh.create("fresh").replace("`a`", &format!("`{column}`"))).await;
            if fresh.default.is_empty() && !fresh.on_update.is_empty() && fresh.null == "NOT NULL" {
                // MariaDB gives it a default of zeros when it is made. Nobody asked for that.
                run(conn, &format!("ALTER TABLE fresh ALTER COLUMN `{column}` DROP DEFAULT")).await;
            }
            let expected = shown(conn, "fresh").await.replace("fresh", &case.table);
            run(conn, "DROP TABLE fresh").await;
            let found = found.replace(&table, &case.table);
            if without_counter(&found) != without_counter(&expected) {
                tell(format!("\n{found}\nisn't\n{expected}"));
            }
        } else if line(&found, "a") != line(text, "a") || line(&found, "a").is_none() {
            tell(format!("{:?} isn't {:?}", line(&found, "a"), line(text, "a")));
        }
        let is = value(conn, &table, column).await;
        if is != *was && !(change.converts)(form) {
            tell(format!("the row has {is:?} and not {was:?}"));
        }
    }
    if let Err(error) = Runner::new(conn, &list).down(1).await {
        return Err(format!(
            "{}, undone: {error}: {:?}",
            change.name,
            error.statement().map(|failed| &failed.sql)
        ));
    }
    for (case, (text, was)) in cases.iter().zip(&before) {
        let found = shown(conn, &case.table).await;
        let mut tell =
            |what: String| wrong.push(format!("{}, {}, undone: {what}", case.form.name, change.name));
        if found != *text {
            tell(format!("\n{found}\nisn't\n{text}"));
        }
        let is = value(conn, &case.table, "a").await;
        if is != *was && !change.loses {
            tell(format!("the row has {is:?} and not {was:?}"));
        }
    }
    Ok(wrong)
}

/// Where a table's numbering stands is the row's, and the fresh one has none.
fn without_counter(text: &str) -> String {
    let (head, tail) = text.split_once(" AUTO_INCREMENT=").unwrap_or((text, ""));
    format!("{head}{}", tail.trim_start_matches(|c: char| c.is_ascii_digit()))
}

/// A change that is refused, in these words, before anything is done.
async fn stops(db: &TestDb, conn: &mut dyn Connection, case: &Case<'_>) -> Result<(), String> {
    let before = (shown(conn, &case.table).await, value(conn, &case.table, "a").await);
    let words = refused(db.kind, case.form.name, case.change.name).unwrap_or_default();
    let mut list = MigrationList::new();
    list.push(Recorded { id: "refused".into(), ops: ops(std::slice::from_ref(case)) });
    let error = match Runner::new(conn, &list).up().await {
        Ok(_) => {
            Runner::new(conn, &list).down(1).await.map_err(|error| error.to_string())?;
            return Err("it wasn't refused".into());
        }
        Err(error) => error,
    };
    if *error.kept() != dunlin::Kept::Nothing || !error.to_string().contains(words) {
        return Err(format!("refused by {error}; {}", error.state()));
    }
    match (shown(conn, &case.table).await, value(conn, &case.table, "a").await) == before {
        true => Ok(()),
        false => Err(format!("refused, and changed: {}", shown(conn, &case.table).await)),
    }
}
