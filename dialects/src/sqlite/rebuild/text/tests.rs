//! What stays of a table's text when it is built anew.

use dunlin_dsl::prelude::*;

use crate::sqlite::{Sqlite, read};

/// The text that creates the table anew.
fn rebuilt(text: &str, record: impl FnOnce(&mut Ops)) -> Result<String, String> {
    let mut ops = Ops::new();
    record(&mut ops);
    let ops = ops.finish().unwrap().ops;
    let mut table = read::table("t".into(), text);
    read::settle_case(&mut table);
    let mut before = Schema::new();
    before.insert(table);
    let server = Server { schema: "main".into(), ..Server::new(DialectId::Sqlite, Version::new(3, 45, 0)) };
    let statements =
        Sqlite.render(&ops, &before, &server).map_err(|error| format!("{error}: {}", error.instead))?;
    let create = statements.into_iter().map(|statement| statement.sql);
    Ok(create.into_iter().find(|sql| sql.contains("dunlin_new_t")).unwrap_or_default())
}

#[track_caller]
fn becomes(text: &str, record: impl FnOnce(&mut Ops), expected: &str) {
    let expected = expected.replacen(" t ", " \"dunlin_new_t\" ", 1);
    assert_eq!(rebuilt(text, record).unwrap(), expected, "{text}");
}

const TEXT: &str = "CREATE TABLE t ( -- all of them
  id INTEGER PRIMARY KEY, -- given once
  -- what they are called
  [na me] TEXT   COLLATE nocase NOT NULL ON CONFLICT REPLACE, /* never empty */
  a INT CONSTRAINT df DEFAULT 1 CHECK (a > 0) -- a number
  , b TEXT REFERENCES t (id) ON DELETE CASCADE,
  UNIQUE (a, b DESC) ON CONFLICT IGNORE, -- one each
  CONSTRAINT c CHECK (a <> 7) -- odd
) STRICT";

#[test]
fn what_nobody_changed_stays_as_it_is_written() {
    becomes(
        TEXT,
        |op| _ = op.alter_column("t", "a").not_null(),
        &TEXT.replace("a INT CONSTRAINT", "a INT NOT NULL CONSTRAINT"),
    );
    becomes(TEXT, |op| _ = op.alter_column("t", "a").default(2), &TEXT.replace("DEFAULT 1", "DEFAULT 2"));
    becomes(
        TEXT,
        |op| _ = op.alter_column("t", "a").drop_default(),
        &TEXT.replace(" CONSTRAINT df DEFAULT 1", ""),
    );
    becomes(
        TEXT,
        |op| _ = op.alter_column("t", "b").collate("nocase"),
        &TEXT.replace("b TEXT REF", "b TEXT COLLATE \"nocase\" REF"),
    );
    becomes(
        TEXT,
        |op| _ = op.add_check("t", "length(b) > 1").named("long"),
        &TEXT.replace("(a <> 7) -- odd\n", "(a <> 7), -- odd\n  CONSTRAINT \"long\" CHECK (length(b) > 1)\n"),
    );
    becomes(
        TEXT,
        |op| _ = op.drop_check("t", "c"),
        &TEXT.replace(", -- one each\n  CONSTRAINT c CHECK (a <> 7) -- odd\n", " -- one each\n"),
    );
}

/// What the model has no words for can't come back once it is gone, and nobody named it.
#[test]
fn what_has_no_words_is_not_dropped() {
    let error = rebuilt(TEXT, |op| _ = op.alter_column("t", "na me").nullable()).unwrap_err();
    assert!(error.contains("an ON CONFLICT clause, which would be lost"), "{error}");
    // A text that knows a column by its new name can't be put ahead of the rename, behind which the table's text is another.
    let error = rebuilt(TEXT, |op| {
        op.rename_column("t", "b", "c");
        op.alter_column("t", "c").set_type(integer()).using("length(c)");
    });
    assert!(error.clone().unwrap_err().contains("in a revision of its own"), "{error:?}");
}

#[test]
fn a_rename_waits_for_the_changes_behind_it() {
    let both = rebuilt("CREATE TABLE t (a INT, b INT, c INT /* no rename */)", |op| {
        op.alter_column("t", "a").default(1);
        op.rename_column("t", "b", "d");
        op.set_table_comment("t", "changed");
        op.alter_column("t", "d").default(2);
        op.rename_column("t", "c", "b");
        op.alter_column("t", "a").not_null();
    });
    let text =
        "CREATE TABLE \"dunlin_new_t\" (a INT NOT NULL DEFAULT 1, b INT DEFAULT 2, c INT /* no rename */)";
    assert_eq!(both.as_deref(), Ok(text));
}

#[test]
fn texts_of_all_shapes_are_edited() {
    let not_null = |op: &mut Ops| _ = op.alter_column("t", "a").not_null();
    becomes("CREATE TABLE t (a)", not_null, "CREATE TABLE t (a NOT NULL)");
    becomes("CREATE TABLE t (a NULL, b)", not_null, "CREATE TABLE t (a NOT NULL, b)");
    becomes("CREATE TABLE t (b,a--x\n)", not_null, "CREATE TABLE t (b,a NOT NULL--x\n)");
    becomes(
        "CREATE TABLE t (b, a\n--x\n)WITHOUT ROWID;",
        not_null,
        "CREATE TABLE t (b, a NOT NULL\n--x\n)WITHOUT ROWID;",
    );
    becomes(
        "CREATE TABLE t (\n\ta INT,\n\tb INT CHECK (t.b > 1) CHECK (b)\n)",
        |op| {
            op.drop_column("t", "a");
            op.add_column("t", "c", text().not_null().default("x"));
            op.alter_column("t", "b").set_type(text());
        },
        "CREATE TABLE t (\n\tb TEXT CHECK (b > 1) CHECK (b),\n\t\"c\" TEXT NOT NULL DEFAULT 'x'\n)",
    );
}
