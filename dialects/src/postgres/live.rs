//! That real servers take what is rendered, and give back what was meant.

mod access;
mod belonging;
mod hostile;
mod lost;
mod named_type;
mod namespace;
mod notes;
mod partition;
mod routine;
mod sequence;
mod table;
mod undo;
mod view;

use std::panic::AssertUnwindSafe;
use std::process::Command;

use dunlin_dsl::{
    Action, Column, ColumnType, Connection, Deferrable, Dialect, ForeignKey, HazardKind, IntWidth, Match,
    Name, Object, ObjectChange, ObjectId, Op, Schema, Server, Table, Unique, apply, creation_ops,
    reverse_all, touched,
};

use futures_util::FutureExt;

use super::Postgres;
use super::connect::{open, tests::url};
use super::tests::{integer, text};
use crate::url::DatabaseUrl;

/// A connection whose own schema is a test's, and its server.
struct Live {
    conn: Box<dyn Connection>,
    server: Server,
    url: String,
}

/// Runs a test on both servers, in a schema of its own that is dropped after.
async fn on_servers(name: &str, test: impl AsyncFn(&mut Live)) {
    for major in [15, 18] {
        let Some(url) = url(major) else { continue };
        let schema = format!("dunlin_{name}_{}", std::process::id());
        let mut admin = open(&DatabaseUrl::parse(&url).unwrap()).await.unwrap();
        admin.execute(&format!("CREATE SCHEMA {schema}")).await.unwrap();
        let mark = if url.contains('?') { '&' } else { '?' };
        let own = format!("{url}{mark}options=-c%20search_path%3D{schema}");
        let mut conn = open(&DatabaseUrl::parse(&own).unwrap()).await.unwrap();
        let server = conn.server().await.unwrap();
        assert_eq!(server.schema, schema);
        let mut live = Live { conn, server, url };
        let outcome = AssertUnwindSafe(test(&mut live)).catch_unwind().await;
        admin.execute(&format!("DROP SCHEMA {schema} CASCADE")).await.unwrap();
        if let Err(panic) = outcome {
            std::panic::resume_unwind(panic);
        }
    }
}

impl Live {
    async fn execute(&mut self, sql: &str) {
        self.conn.execute(sql).await.unwrap_or_else(|error| panic!("{sql}\n{error}"));
    }

    /// Tests share a database. The server may look at what another one is just dropping, and end one of the two: that is asked again.
    async fn read(&mut self, ids: &[ObjectId]) -> Schema {
        loop {
            match Postgres.introspect(&mut *self.conn, ids).await {
                Err(error) if error.code.as_deref() == Some("40P01") => {}
                read => return read.unwrap(),
            }
        }
    }

    async fn table(&mut self, name: &str) -> Table {
        self.read(&[ObjectId::table(name)]).await.get(&name.into()).unwrap().clone()
    }

    async fn value(&mut self, sql: &str) -> Option<String> {
        self.conn.query(sql).await.unwrap_or_else(|error| panic!("{sql}\n{error}"))[0].text(0)
    }

    /// Renders operations against what is there and runs them; gives them lowered, with what was before.
    async fn run(&mut self, ops: &[Op]) -> (Vec<Op>, Schema) {
        let (mut all, mut first) = (Vec::new(), None);
        for ops in Op::parts(ops) {
            let before = Postgres.before(&mut *self.conn, ops).await.unwrap();
            let lowered = Postgres.lower_ops(ops, &before, &self.server).unwrap();
            let statements = Postgres.render(&lowered, &before, &self.server).unwrap();
            for statement in statements {
                self.execute(&statement.sql).await;
            }
            first.get_or_insert(before);
            all.extend(lowered);
        }
        (all, first.unwrap_or_default())
    }

    /// Creates a schema, and finds it as it was lowered.
    #[track_caller]
    fn create<'a>(&'a mut self, schema: &'a Schema) -> impl Future<Output = ()> + 'a {
        let caller = std::panic::Location::caller();
        async move {
            self.run(&creation_ops(schema)).await;
            let mut names: Vec<ObjectId> = schema.tables.keys().map(ObjectId::table).collect();
            names.extend(schema.objects.keys().cloned());
            let found = self.read(&names).await;
            let meant = Postgres.lower(schema, &self.server).unwrap();
            assert_eq!(found, meant, "{caller}, on {}", self.server);
            assert_eq!(Postgres.lower(&meant, &self.server).unwrap(), meant, "{caller}: lowering twice");
        }
    }

    /// Does operations, finds what they mean, undoes them, and finds what was.
    #[track_caller]
    fn there_and_back<'a>(&'a mut self, ops: &'a [Op]) -> impl Future<Output = ()> + 'a {
        let caller = std::panic::Location::caller();
        async move {
            let mut names = named_by(ops);
            let whole = self.read(&names).await;
            // With them comes what stands around them, which stays when they go.
            names.extend(whole.tables.keys().map(ObjectId::table).chain(whole.objects.keys().cloned()));
            let (lowered, before) = self.run(ops).await;
            let mut meant = before.clone();
            lowered.iter().for_each(|op| apply(&mut meant, op).unwrap());
            let meant = Postgres.lower(&meant, &self.server).unwrap();
            let found = self.read(&names).await;
            for table in meant.tables.values() {
                let found = found.get(&table.name).unwrap();
                assert_eq!(sorted(found), sorted(table), "{caller}, on {}", self.server);
            }
            for object in meant.objects.values() {
                assert_eq!(found.object(&object.id), Some(object), "{caller}, on {}", self.server);
            }
            let undo = reverse_all(&lowered, &before).unwrap_or_else(|error| panic!("{caller}: {error}"));
            self.run(&undo).await;
            let found = self.read(&names).await;
            for table in whole.tables.values() {
                let found = found.get(&table.name).unwrap();
                assert_eq!(sorted(found), sorted(table), "{caller}, undone on {}", self.server);
            }
            assert_eq!(found.objects, whole.objects, "{caller}, undone on {}", self.server);
        }
    }

    /// The same, with another witness: the server's own dump is after the undo what it was before.
    #[track_caller]
    fn exactly<'a>(&'a mut self, ops: &'a [Op]) -> impl Future<Output = ()> + 'a {
        let caller = std::panic::Location::caller();
        let there_and_back = async move |live: &mut Self| {
            let before = live.dump();
            live.there_and_back(ops).await;
            let after = live.dump();
            assert!(
                lines(&before) == lines(&after),
                "{caller}, on {}\n{}",
                live.server,
                difference(&before, &after)
            );
        };
        async move { there_and_back(self).await }
    }

    /// Does operations and undoes them, and finds in the server's own dump what was; what they mean between isn't looked at.
    #[track_caller]
    fn undone<'a>(&'a mut self, ops: &'a [Op]) -> impl Future<Output = ()> + 'a {
        let caller = std::panic::Location::caller();
        async move {
            let before = self.dump();
            let (lowered, known) = self.run(ops).await;
            let undo = reverse_all(&lowered, &known).unwrap_or_else(|error| panic!("{caller}: {error}"));
            self.run(&undo).await;
            let after = self.dump();
            let (found, differs) = (lines(&before) == lines(&after), difference(&before, &after));
            assert!(found, "{caller}, on {}\n{differs}", self.server);
        }
    }

    /// What pg_dump says of the test's schema, and of others whose names begin as its does.
    fn dump(&self) -> String {
        let variable = format!("DUNLIN_TEST_PG_DUMP{}", self.server.version.major);
        let program = std::env::var(&variable)
            .unwrap_or_else(|_| panic!("{variable} isn't set: run scripts/test, which starts the servers"));
        let output = Command::new(program)
            .args(["--schema-only", "--schema", &format!("{}*", self.server.schema), &self.url])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        let lines =
            text.lines().filter(|line| !line.starts_with("\\restrict") && !line.starts_with("\\unrestrict"));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// What is told of the statement that the server refuses.
    async fn fails(&mut self, ops: &[Op]) -> String {
        let before = self.read(&touched(ops)).await;
        let lowered = Postgres.lower_ops(ops, &before, &self.server).unwrap();
        let statements = Postgres.render(&lowered, &before, &self.server).unwrap();
        self.execute("BEGIN").await;
        for statement in statements {
            if self.conn.execute(&statement.sql).await.is_err() {
                self.execute("ROLLBACK").await;
                let may = statement.hazards.iter().filter(|hazard| hazard.kind == HazardKind::MayFail);
                return may.map(|hazard| hazard.message.as_str()).collect::<Vec<_>>().join(", and ");
            }
        }
        panic!("the server takes all of {ops:?}");
    }

    /// What can't be rendered, against what is there.
    async fn refusal(&mut self, ops: &[Op]) -> String {
        let before = self.read(&touched(ops)).await;
        let lowered = Postgres.lower_ops(ops, &before, &self.server);
        let rendered = lowered.and_then(|lowered| Postgres.render(&lowered, &before, &self.server));
        let refused = rendered.unwrap_err();
        assert!(!refused.instead.is_empty());
        refused.to_string()
    }

    async fn object(&mut self, id: ObjectId) -> Object {
        let found = self.read(std::slice::from_ref(&id)).await;
        found.object(&id).unwrap_or_else(|| panic!("there is no {id}")).clone()
    }
}

/// Everything that operations name, before and after.
fn named_by(ops: &[Op]) -> Vec<ObjectId> {
    let mut names = touched(ops);
    for op in ops {
        names.extend(op.object());
        match op {
            Op::RenameTable { table, to } => names.push(ObjectId::table(table.sibling(to))),
            Op::RenameObject { object, to } => names.push(object.renamed(to)),
            Op::SetSchema { object, schema } => names.push(object.moved(schema.as_deref())),
            _ => {}
        }
    }
    names.sort();
    names.dedup();
    names
}

/// A dump without its order: who was granted something first comes first in it.
fn lines(dump: &str) -> Vec<&str> {
    let mut lines: Vec<_> = dump.lines().collect();
    lines.sort_unstable();
    lines
}

/// The lines that one text has and the other hasn't.
fn difference(before: &str, after: &str) -> String {
    let only = |one: &str, other: &str, mark: &str| {
        let mut other = lines(other);
        let lacks = |line: &&str| match other.iter().position(|found| found == line) {
            Some(at) => {
                other.remove(at);
                false
            }
            None => true,
        };
        one.lines().filter(lacks).map(|line| format!("{mark} {line}\n")).collect::<String>()
    };
    only(before, after, "-") + &only(after, before, "+")
}

/// A table with its columns by name: their order after a drop and its undo is the one exception.
fn sorted(table: &Table) -> Table {
    let mut sorted = table.clone();
    sorted.columns.sort();
    sorted
}

fn named(name: &str, ty: ColumnType) -> Column {
    Column::new(name, ty)
}

fn table(name: impl Into<Name>, columns: impl IntoIterator<Item = Column>) -> Table {
    let mut table = Table::new(name);
    table.columns.extend(columns);
    table
}

fn schema(tables: impl IntoIterator<Item = Table>) -> Schema {
    let mut schema = Schema::new();
    tables.into_iter().for_each(|table| {
        schema.insert(table);
    });
    schema
}

fn alter(id: ObjectId, change: ObjectChange) -> Op {
    Op::AlterObject { object: id, change }
}

fn objects(objects: impl IntoIterator<Item = Object>) -> Schema {
    let mut schema = Schema::new();
    objects.into_iter().for_each(|object| {
        schema.insert_object(object);
    });
    schema
}

fn big() -> ColumnType {
    ColumnType::Integer { width: IntWidth::Big, unsigned: false }
}

fn unique(name: &str, column: &str) -> Unique {
    Unique {
        without_overlaps: false,
        label: name.into(),
        columns: vec![column.into()],
        nulls_not_distinct: false,
        deferrable: Deferrable::No,
        include: Vec::new(),
    }
}

fn refers(name: &str, column: &str, table: impl Into<Name>) -> ForeignKey {
    ForeignKey {
        on_delete_columns: Vec::new(),
        period: false,
        label: name.into(),
        columns: vec![column.into()],
        references: table.into(),
        references_columns: vec!["id".into()],
        on_delete: Action::NoAction,
        on_update: Action::NoAction,
        deferrable: Deferrable::No,
        matching: Match::Simple,
        enforcement: Default::default(),
    }
}
