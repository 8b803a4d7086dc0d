//! Reading SQLite's own texts, and the law that what is created is found.

#[cfg(feature = "sqlite")]
mod names;
mod object;

use dunlin_dsl::prelude::*;

use super::*;

/// What is read of a text, in one line a part.
fn told(text: &str) -> Vec<String> {
    let table = read::table("t".into(), text);
    let mut lines: Vec<String> = Vec::new();
    for column in &table.columns {
        let mut line = format!("{}: {}", column.name, column.ty);
        if column.not_null {
            line += " not null";
        }
        if let Some(default) = &column.default {
            line += &format!(" default {default}");
        }
        if let Some(collation) = column.collation.get(DialectId::Sqlite) {
            line += &format!(" collate {collation}");
        }
        if let Some(generated) = &column.generated {
            line +=
                &format!(" as {} {}", generated.expr, if generated.stored { "stored" } else { "virtual" });
        }
        if column.identity.is_some() {
            line += " numbered";
        }
        lines.push(line);
    }
    for constraint in table.constraints() {
        lines.push(match &constraint {
            Constraint::Exclusion(exclusion) => format!("exclusion {}", exclusion.label),
            Constraint::PrimaryKey(key) => format!("key {} {:?}", key.label, key.columns),
            Constraint::Unique(unique) => format!("unique {} {:?}", unique.label, unique.columns),
            Constraint::ForeignKey(key) => format!(
                "foreign key {} {:?} to {} {:?} {:?} {:?} {:?}",
                key.label,
                key.columns,
                key.references,
                key.references_columns,
                key.on_delete,
                key.on_update,
                key.deferrable
            ),
            Constraint::Check(check) => format!("check {} {}", check.label, check.expr),
        });
    }
    lines.extend(table.notes.unmodelled.iter().map(|what| format!("unmodelled {what}")));
    lines
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(told(text), expected, "{text}");
}

#[test]
fn columns_are_read() {
    check(
        "CREATE TABLE t(a, b INT, [c d] VARCHAR (10) NOT NULL)",
        &["a: ", "b: INT", "c d: VARCHAR (10) not null"],
    );
    check(
        "create table if not exists \"s\".`t` (a INTEGER PRIMARY KEY AUTOINCREMENT, -- it's (a\n b TEXT /* , */ DEFAULT 'x'',')",
        &["a: INTEGER numbered", "b: TEXT default 'x'','", "key (unnamed) [\"a\"]"],
    );
    check(
        "CREATE TABLE t (a REAL DEFAULT -1.5e-3 COLLATE \"my coll\", b DEFAULT (lower('A' || ')')), c DEFAULT CURRENT_TIMESTAMP)",
        &[
            "a: REAL default -1.5e-3 collate my coll",
            "b:  default lower('A' || ')')",
            "c:  default CURRENT_TIMESTAMP",
        ],
    );
    check(
        "CREATE TABLE t (a INT, b GENERATED ALWAYS AS (a + (1)) STORED, c INT AS (a) VIRTUAL, d INT AS (b))",
        &["a: INT", "b:  as a + (1) stored", "c: INT as a virtual", "d: INT as b virtual"],
    );
    check(
        "CREATE TABLE t (\"primary\" TEXT, [check] INT, 'x' INT)",
        &["primary: TEXT", "check: INT", "x: INT"],
    );
    check(
        "CREATE TABLE t(a DOUBLE PRECISION, b UNSIGNED BIG INT)",
        &["a: DOUBLE PRECISION", "b: UNSIGNED BIG INT"],
    );
}

#[test]
fn constraints_are_read() {
    check(
        "CREATE TABLE t (a INT CONSTRAINT u UNIQUE CONSTRAINT c CHECK (a > 0) REFERENCES p ON DELETE SET NULL NOT NULL)",
        &[
            "a: INT not null",
            "unique u [\"a\"]",
            "foreign key (unnamed) [\"a\"] to p [] SetNull NoAction No",
            "check c a > 0",
        ],
    );
    // SQLite needs no comma between the constraints of a table.
    check(
        "CREATE TABLE t (a INT, b INT, CONSTRAINT k PRIMARY KEY (b, a) UNIQUE (a) CHECK (a <> b)
         FOREIGN KEY (a, b) REFERENCES p (x, y) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED)",
        &[
            "a: INT",
            "b: INT",
            "key k [\"b\", \"a\"]",
            "unique (unnamed) [\"a\"]",
            "foreign key (unnamed) [\"a\", \"b\"] to p [\"x\", \"y\"] NoAction Cascade InitiallyDeferred",
            "check (unnamed) a <> b",
        ],
    );
}

/// What the model has no place for is noted, so that a rebuild refuses to lose it.
#[test]
fn what_is_not_modelled_is_noted() {
    check(
        "CREATE TABLE t (a INT UNIQUE ON CONFLICT IGNORE)",
        &["a: INT", "unique (unnamed) [\"a\"]", "unmodelled an ON CONFLICT clause"],
    );
    check(
        "CREATE TABLE t (a INT, PRIMARY KEY (a DESC))",
        &["a: INT", "key (unnamed) [\"a\"]", "unmodelled a descending key"],
    );
    check("CREATE VIRTUAL TABLE t USING fts5(a)", &["unmodelled a virtual table"]);
    check("CREATE TABLE t", &["unmodelled a CREATE text that Dunlin can't read"]);
}

/// What a rebuild writes out again means what it meant: comments swallow nothing, a collation stays with its operand.
#[test]
fn texts_keep_their_meaning() {
    check(
        "CREATE TABLE t (a TEXT COLLATE NOCASE DEFAULT ('x' -- one\n) CHECK (a > '' /* two */), [[b] INT DEFAULT foo, c DEFAULT .5)",
        &[
            "a: TEXT default 'x' collate NOCASE",
            "[b: INT default 'foo'",
            "c:  default .5",
            "check (unnamed) a > ''",
        ],
    );
    let key = |text: &str| {
        let index = read::index(&format!("CREATE INDEX i ON t ({text})")).unwrap();
        let key = &index.keys[0];
        (format!("{:?}", key.on), key.collation.get(DialectId::Sqlite).cloned())
    };
    assert_eq!(key("a || z COLLATE NOCASE").1, None);
    assert_eq!(key("(a || z) COLLATE NOCASE").1.as_deref(), Some("NOCASE"));
    assert!(key("(lower(a) -- c\n)").0.contains("\"lower(a)\""));
}

#[test]
fn indexes_are_read() {
    let index = read::index(
        "CREATE UNIQUE INDEX i ON t (a COLLATE NOCASE DESC, lower(b), \"c d\", (a + b) ASC) WHERE a > ')' ;",
    )
    .unwrap();
    assert!(index.unique && index.label.is("i"));
    let keys = index.keys.iter().map(|key| match &key.on {
        KeyPart::Column(name) => format!("{name} {}", key.descending),
        KeyPart::Expr(expr) => format!("({expr}) {}", key.descending),
    });
    let keys: Vec<_> = keys.collect();
    assert_eq!(keys, ["a true", "(lower(b)) false", "c d false", "(a + b) false"]);
    assert_eq!(index.predicate.unwrap().to_string(), "a > ')'");
}

#[test]
fn columns_have_one_spelling() {
    let mut table = read::table("t".into(), "CREATE TABLE t (a INT, B INT, UNIQUE (A), PRIMARY KEY (b))");
    table.indexes.extend(read::index("CREATE INDEX i ON t (A, \"b\")"));
    read::settle_case(&mut table);
    assert_eq!(table.uniques[0].columns, ["a"]);
    assert_eq!(table.primary_key.unwrap().columns, ["B"]);
    let keys: Vec<_> = table.indexes[0].keys.iter().filter_map(IndexKey::column_name).collect();
    assert_eq!(keys, ["a", "B"]);
}

/// What is created is found, in SQLite's own terms, and lowering what is found changes nothing.
#[cfg(feature = "sqlite")]
#[tokio::test]
async fn what_is_created_is_found() {
    use crate::connect::Connect;

    let schema = Schema::new()
        .table(table("parents").col("id", bigint().primary_key()))
        .table(
            table("all of \"it\"")
                .col("id", bigint().identity().primary_key())
                .col(
                    "name",
                    varchar(20).not_null().default("it's").unique().named("a name").collate("NOCASE"),
                )
                .col("kind", enumeration(["a", "b'c"]).not_null().default("a"))
                .col("tags", set(["x", "y"]))
                .col("price", decimal(10, 2).default(1.5).check("price > 0"))
                .col("at", timestamptz().default(sql("CURRENT_TIMESTAMP")))
                .col("raw", blob().default(sql("randomblob(4)")))
                .col(
                    "parent",
                    bigint().references("parents", "id").on_delete(Action::Cascade).initially_deferred(),
                )
                .col("twice", double().generated_stored("price * 2"))
                .col("thrice", double().generated_virtual("price * 3"))
                .unique(["kind", "price"])
                .index_on(["at"])
                .index(
                    index([desc("name"), expr("lower(kind)")]).unique().filter("price > 1").named("an index"),
                ),
        )
        .table(
            table("strict")
                .col("a", integer())
                .col("b", char(3))
                .col("c", real())
                .primary_key(["a", "b"])
                .strict()
                .without_rowid(),
        );
    schema.check().unwrap();
    let mut file = rusqlite::Connection::open_in_memory().unwrap();
    let mut conn = file.connect();
    let server = conn.server().await.unwrap();
    for statement in Sqlite.render(&creation_ops(&schema), &Schema::new(), &server).unwrap() {
        conn.execute(&statement.sql).await.unwrap_or_else(|error| panic!("{}: {error}", statement.sql));
    }
    let names: Vec<_> = schema.tables.keys().map(dunlin_dsl::ObjectId::table).collect();
    let found = Sqlite.introspect(&mut *conn, &names).await.unwrap();
    let sorted = |mut schema: Schema| {
        for table in schema.tables.values_mut() {
            table.uniques.sort();
            table.checks.sort();
            table.indexes.sort();
        }
        schema
    };
    assert_eq!(sorted(found.clone()), sorted(Sqlite.lower(&schema, &server).unwrap()));
    assert_eq!(Sqlite.lower(&found, &server).unwrap(), found);
}
