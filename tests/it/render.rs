//! Cases of `tests/data/render`: what operations are rendered to, on every server, and whether the server agrees.
//!
//! A case is a folder. `case.json` has `setup`, operations that come before, and `ops`, those that are looked at. Beside
//! it stands what each server is sent: `sqlite.sql`, `postgres.sql` (`postgres18.sql` where that differs), `mysql.sql`,
//! `mariadb.sql`. Every statement is executed on its real server; then all is undone, and must be as it was.
//! `DUNLIN_BLESS=1` writes the files anew.

use std::path::{Path, PathBuf};

use dunlin::prelude::*;
use dunlin::{Connect, Connection};

use crate::on_every_server;
use crate::server::{Kind, TestDb, sorted};

/// A case, as its folder has it.
struct Case {
    folder: PathBuf,
    setup: Vec<Op>,
    ops: Vec<Op>,
}

impl Case {
    fn all() -> Vec<Case> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/render");
        let mut folders: Vec<_> =
            std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
        folders.sort();
        folders.into_iter().map(Self::read).collect()
    }

    fn read(folder: PathBuf) -> Self {
        let json = std::fs::read_to_string(folder.join("case.json")).unwrap();
        let case: serde_json::Value = serde_json::from_str(&json).unwrap();
        let ops = |key: &str| {
            serde_json::from_value(case[key].clone())
                .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        };
        Self { setup: ops("setup"), ops: ops("ops"), folder: folder.clone() }
    }

    fn name(&self) -> String {
        self.folder.file_name().unwrap().to_str().unwrap().to_owned()
    }

    /// Compares with the file for this server, or writes it.
    fn compare(&self, kind: Kind, found: &str) -> Result<(), String> {
        let general = match kind {
            Kind::Sqlite => "sqlite.sql",
            Kind::Postgres15 | Kind::Postgres18 => "postgres.sql",
            Kind::Mariadb => "mariadb.sql",
            Kind::Mysql => "mysql.sql",
        };
        let own = self.folder.join("postgres18.sql");
        let file = self.folder.join(general);
        let expected = |file: &Path| std::fs::read_to_string(file).unwrap_or_default();
        if std::env::var_os("DUNLIN_BLESS").is_some() {
            if kind == Kind::Postgres18 && expected(&file) != found {
                std::fs::write(own, found).unwrap();
            } else if kind != Kind::Postgres18 {
                std::fs::write(file, found).unwrap();
            }
            return Ok(());
        }
        let file = if kind == Kind::Postgres18 && own.exists() { own } else { file };
        match expected(&file) {
            expected if expected == found => Ok(()),
            expected => {
                Err(format!("{} expects\n{expected}\nand this was rendered:\n{found}", file.display()))
            }
        }
    }
}

/// The tables that a case is about, as they are now.
async fn read(conn: &mut dyn Connection, names: &[ObjectId]) -> Schema {
    sorted(conn.dialect().introspect(conn, names).await.unwrap())
}

fn names(ops: &[Op]) -> Vec<ObjectId> {
    let mut names = Vec::new();
    for op in ops {
        names.extend(op.object());
        match op {
            Op::RenameTable { to, .. } | Op::RenameObject { to, .. } => {
                names.extend(op.object().map(|id| id.renamed(to)));
            }
            Op::SetSchema { schema, .. } => {
                names.extend(op.object().map(|id| id.moved(schema.as_deref())));
            }
            Op::On { ops, .. } => names.extend(self::names(ops)),
            _ => {}
        }
    }
    names.sort();
    names.dedup();
    names
}

/// Renders operations against what is there, and gives the statements and what undoes them.
async fn rendered(conn: &mut dyn Connection, ops: &[Op]) -> Result<(Vec<Statement>, Vec<Op>), String> {
    let server = conn.server().await.unwrap();
    let (dialect, names) = (conn.dialect(), touched(&Op::select(ops, server.dialect)));
    let before = dialect.introspect(conn, &names).await.unwrap();
    let lowered = dialect.lower_ops(ops, &before, &server).map_err(|error| error.to_string())?;
    let statements = dialect.render(&lowered, &before, &server).map_err(|error| error.to_string())?;
    // Some operations can't be undone, and say so; there is nothing to compare then.
    let undo = reverse_all(&lowered, &before).unwrap_or_default();
    Ok((statements, undo))
}

async fn execute(conn: &mut dyn Connection, statements: &[Statement]) -> Result<(), String> {
    for statement in statements {
        let sql = &statement.sql;
        conn.execute(sql).await.map_err(|error| format!("the server refuses {sql}\n: {error}"))?;
    }
    Ok(())
}

async fn check(conn: &mut dyn Connection, kind: Kind, case: &Case) -> Result<(), String> {
    let (setup, _) = rendered(conn, &case.setup).await?;
    execute(conn, &setup).await?;
    let names = names(&[case.setup.clone(), case.ops.clone()].concat());
    let before = read(conn, &names).await;
    let (statements, undo) = match rendered(conn, &case.ops).await {
        Ok(rendered) => rendered,
        Err(error) => {
            let server = conn.server().await.unwrap();
            let error = error.replace(&server.to_string(), server.dialect.title());
            return case.compare(kind, &format!("-- {error}\n"));
        }
    };
    let text: String = statements.iter().map(|statement| format!("{statement}\n")).collect();
    case.compare(kind, &text)?;
    execute(conn, &statements).await?;
    if !undo.is_empty() {
        let (statements, _) = rendered(conn, &undo).await.map_err(|error| format!("undoing: {error}"))?;
        execute(conn, &statements).await.map_err(|error| format!("undoing: {error}"))?;
        let after = read(conn, &names).await;
        if after != before {
            return Err(format!("undone, it is\n{after:#?}\nand it was\n{before:#?}"));
        }
    }
    Ok(())
}

async fn drop_everything(db: &TestDb, conn: &mut dyn Connection) {
    for table in db.tables().await {
        let server = conn.server().await.unwrap();
        let id = conn.dialect().identifier(&table, &server).unwrap();
        let cascade = if db.kind.is_postgres() { " CASCADE" } else { "" };
        conn.execute(&format!("DROP TABLE {id}{cascade}")).await.unwrap();
    }
}

async fn all(db: &TestDb) {
    let mut database = db.open().await;
    let mut conn = database.connect();
    // As in a run: what dialects want set is set.
    let server = conn.server().await.unwrap();
    for setting in conn.dialect().session(&server) {
        let quoted = conn.dialect().literal(&Value::Text(setting.value.clone()), &server).unwrap();
        let value = if setting.value.parse::<i64>().is_ok() { setting.value.clone() } else { quoted };
        conn.execute(&setting.set.replace("{}", &value)).await.unwrap();
    }
    let off = match db.kind {
        Kind::Sqlite => "PRAGMA foreign_keys = 0",
        Kind::Mariadb | Kind::Mysql => "SET foreign_key_checks = 0",
        _ => "SELECT 1",
    };
    let only = std::env::var("DUNLIN_CASE").unwrap_or_default();
    let mut failures = Vec::new();
    for case in Case::all().iter().filter(|case| case.name().contains(&only)) {
        if let Err(error) = check(&mut *conn, db.kind, case).await {
            failures.push(format!("## {}\n{error}", case.name()));
        }
        let mut cleaning = db.open().await;
        cleaning.connection().execute(off).await.unwrap();
        drop_everything(db, cleaning.connection()).await;
    }
    assert!(failures.is_empty(), "{} cases failed\n{}", failures.len(), failures.join("\n"));
}

on_every_server!(cases, all);
