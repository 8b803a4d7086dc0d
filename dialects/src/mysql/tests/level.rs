//! On real servers: each change is asked for at the least that it takes, and the server refuses it at less.

use dunlin_dsl::prelude::*;
use dunlin_dsl::{Connection, Dialect, Ops, touched};

use super::servers::{execute, on_both};
use crate::mysql::Mysql;
use crate::mysql::flavor::{CEILINGS, Flavor};
use crate::mysql::level::Level::{
    self, Copy, CopyAlways, Inplace, InplaceShared, Instant, Nocopy, NocopyShared,
};

/// What the table has beside the usual, its options, what is done to it, and what that takes on MySQL and on MariaDB; none where the
/// server hasn't such.
type Case = (&'static str, &'static str, fn(&mut Ops), Option<Level>, Option<Level>);

fn both(of: &'static str, options: &'static str, ops: fn(&mut Ops), mysql: Level, mariadb: Level) -> Case {
    (of, options, ops, Some(mysql), Some(mariadb))
}

fn plain(ops: fn(&mut Ops), mysql: Level, mariadb: Level) -> Case {
    both("", "", ops, mysql, mariadb)
}

fn columns() -> Vec<Case> {
    const VIRTUAL: &str = "v int AS (a + 1) VIRTUAL,";
    const INDEXED: &str = "v int AS (a + 1) VIRTUAL, KEY kv (v),";
    const STORED: &str = "v int AS (a + 1) STORED,";
    const WORDS: &str = "FULLTEXT KEY kw (b),";
    const PLACE: &str = "g point NOT NULL DEFAULT (point(1, 1)), SPATIAL KEY kg (g),";
    const HASH: &str = "PARTITION BY HASH (id) PARTITIONS 3";
    const COMPRESSED: &str = "ROW_FORMAT=COMPRESSED";
    let add: fn(&mut Ops) = |op| _ = op.add_column("t", "x", integer());
    let add_first: fn(&mut Ops) = |op| _ = op.add_column("t", "x", integer()).first();
    let add_virtual: fn(&mut Ops) = |op| _ = op.add_column("t", "x", integer().generated_virtual("a + 2"));
    let drop: fn(&mut Ops) = |op| _ = op.drop_column("t", "d");
    let drop_v: fn(&mut Ops) = |op| _ = op.drop_column("t", "v");
    let not_null: fn(&mut Ops) = |op| _ = op.alter_column("t", "a").not_null();
    let first: fn(&mut Ops) = |op| _ = op.alter_column("t", "n").first();
    let nullable: fn(&mut Ops) = |op| _ = op.alter_column("t", "n").nullable();
    vec![
        // Rows are in the order of the first unique key that takes no NULL, where there is no primary one.
        both("UNIQUE KEY u (id),", "", |op| _ = op.alter_column("t", "id").nullable(), Copy, Copy),
        both("UNIQUE KEY u (id),", "", |op| _ = op.alter_column("t", "n").nullable(), Inplace, Inplace),
        both("UNIQUE KEY u (a, id),", "", |op| _ = op.alter_column("t", "id").nullable(), Inplace, Inplace),
        both("UNIQUE KEY u (a),", "", |op| _ = op.alter_column("t", "a").not_null(), Inplace, Inplace),
        plain(add, Instant, Instant),
        plain(add_first, Instant, Instant),
        plain(
            |op| _ = op.add_column("t", "x", varchar(9).not_null().default("a")).after("a"),
            Instant,
            Instant,
        ),
        plain(
            |op| _ = op.add_column("t", "x", timestamp().default(sql("CURRENT_TIMESTAMP"))),
            Instant,
            Instant,
        ),
        plain(|op| _ = op.add_column("t", "x", integer().default(sql("(a + 1)"))), Copy, Copy),
        plain(add_virtual, Instant, Instant),
        plain(|op| _ = op.add_column("t", "x", integer().generated_stored("a + 2")), Copy, Copy),
        plain(|op| _ = op.add_column("t", "x", integer().identity().unique()), InplaceShared, InplaceShared),
        plain(|op| _ = op.add_column("t", "x", json()), Instant, Instant),
        plain(|op| _ = op.add_column("t", "x", text().default("x")), Copy, Instant),
        plain(drop, Instant, Instant),
        both(VIRTUAL, "", drop_v, Instant, Instant),
        both(STORED, "", drop_v, Instant, Instant),
        both(VIRTUAL, "", add, Instant, Instant),
        both(VIRTUAL, "", add_first, Instant, Copy),
        both(VIRTUAL, "", |op| _ = op.add_column("t", "x", integer()).after("v"), Instant, Instant),
        both(VIRTUAL, "", drop, Instant, Instant),
        both(INDEXED, "", add, Instant, InplaceShared),
        both(INDEXED, "", add_first, Instant, Copy),
        both(INDEXED, "", add_virtual, Instant, Instant),
        both(INDEXED, "", drop, Instant, Copy),
        both(INDEXED, "", not_null, Inplace, Copy),
        both(INDEXED, "", nullable, Inplace, InplaceShared),
        both("v int AS (a + 1) VIRTUAL, w int AS (a + 2) VIRTUAL, KEY kw (w),", "", drop_v, Nocopy, Instant),
        both(STORED, "", add, Instant, Instant),
        both(STORED, "", not_null, Inplace, Copy),
        both(STORED, "", nullable, Inplace, Inplace),
        both(STORED, "", |op| _ = op.alter_column("t", "v").comment("x"), Instant, Copy),
        both(VIRTUAL, "", |op| _ = op.alter_column("t", "v").comment("x"), Instant, Instant),
        both(VIRTUAL, "", |op| _ = op.alter_column("t", "v").generated_virtual("a + 9"), Copy, Instant),
        both(STORED, "", |op| _ = op.alter_column("t", "v").generated_stored("a + 9"), Copy, Copy),
        both(WORDS, "", add, Copy, InplaceShared),
        both(WORDS, "", drop, Copy, InplaceShared),
        both(WORDS, "", not_null, Copy, InplaceShared),
        both(WORDS, "", add_virtual, Instant, Instant),
        both("FULLTEXT KEY kw (b), FULLTEXT KEY kx (c),", "", add, Copy, Copy),
        both(PLACE, "", add, Instant, Instant),
        both(PLACE, "", not_null, InplaceShared, InplaceShared),
        both("", COMPRESSED, add, Inplace, Inplace),
        both("", COMPRESSED, drop, Inplace, Inplace),
        both("", COMPRESSED, add_virtual, Instant, Instant),
        both("", HASH, add, Instant, Instant),
        both("", HASH, drop, Instant, Instant),
        both("", HASH, not_null, Inplace, Inplace),
        both("", HASH, add_virtual, Instant, Copy),
        both(VIRTUAL, HASH, drop_v, Instant, Copy),
        both("", "ENGINE=MyISAM", add, Copy, Copy),
        both("", "ENGINE=MEMORY", add, Copy, Copy),
        ("", "ENGINE=Aria", add, None, Some(Copy)),
        ("u text, UNIQUE KEY ku (u),", "", add, None, Some(Copy)),
        ("KEY ke ((a + 1)),", "", add, Some(Instant), None),
        ("KEY ke ((a + 1)),", "", add_virtual, Some(Copy), None),
        ("v int AS (a + 1) VIRTUAL, KEY ke ((a + 3)),", "", drop_v, Some(Nocopy), None),
        plain(first, Inplace, Instant),
        plain(|op| _ = op.alter_column("t", "a").after("n").comment("x"), Inplace, Instant),
        plain(
            |op| {
                op.alter_column("t", "a").after("n");
                op.alter_column("t", "n").first();
            },
            Inplace,
            Instant,
        ),
        ("", "", |op| _ = op.alter_column("t", "a").first().set_type(bigint()), Some(Copy), None),
        both(VIRTUAL, "", first, Inplace, Instant),
        both(VIRTUAL, "", |op| _ = op.alter_column("t", "a").after("v"), Inplace, Copy),
        both(VIRTUAL, "", |op| _ = op.alter_column("t", "v").first(), Instant, Copy),
        both(INDEXED, "", first, Inplace, InplaceShared),
        both(STORED, "", first, Inplace, Instant),
        both(STORED, "", |op| _ = op.alter_column("t", "v").first(), Inplace, Copy),
        both(WORDS, "", first, Copy, InplaceShared),
        both(PLACE, "", first, InplaceShared, Instant),
        both("", COMPRESSED, first, Inplace, Inplace),
        both("", HASH, first, Inplace, Instant),
        both(
            VIRTUAL,
            "",
            |op| {
                op.create_index("t", ["v"]);
                op.alter_column("t", "n").nullable();
            },
            Inplace,
            InplaceShared,
        ),
        both(
            INDEXED,
            "",
            |op| {
                op.drop_index("t", "kv");
                op.alter_column("t", "n").nullable();
            },
            Inplace,
            Inplace,
        ),
        // What changes nothing takes nothing, and isn't said.
        plain(|op| _ = op.alter_column("t", "a").comment("x").set_type(integer()), Instant, Instant),
        both(
            STORED,
            "",
            |op| {
                op.alter_column("t", "v").drop_comment();
                op.alter_column("t", "a").comment("x");
            },
            Instant,
            Instant,
        ),
        plain(|op| op.rename_column("t", "i", "x"), Instant, Instant),
        both(
            "r int, j int, UNIQUE KEY kr (r), FOREIGN KEY (j) REFERENCES t (r),",
            "",
            |op| op.rename_column("t", "r", "x"),
            Nocopy,
            Instant,
        ),
        plain(|op| _ = op.alter_column("t", "a").default(4), Instant, Instant),
        plain(|op| _ = op.alter_column("t", "a").comment("x").invisible(), Instant, Instant),
        both("z json,", "", |op| _ = op.alter_column("t", "z").comment("x"), Instant, Instant),
        plain(not_null, Inplace, Inplace),
        plain(nullable, Inplace, Inplace),
        plain(|op| _ = op.alter_column("t", "a").not_null().default(1).comment("x"), Inplace, Inplace),
    ]
}

fn types() -> Vec<Case> {
    fn to(column: &'static str) -> impl Fn(&mut Ops, ColumnSpec) {
        move |op, ty| _ = op.alter_column("t", column).set_type(ty)
    }
    vec![
        plain(|op| to("a")(op, bigint()), Copy, Copy),
        plain(|op| to("b")(op, varchar(20)), Nocopy, Instant),
        plain(|op| to("b")(op, varchar(63)), Nocopy, Instant),
        plain(|op| to("b")(op, varchar(64)), Copy, Instant),
        plain(|op| to("b")(op, varchar(8)), Copy, Copy),
        plain(|op| to("c")(op, varchar(90)), Nocopy, Instant),
        both("z varchar(32),", "", |op| to("z")(op, varchar(80)), Copy, Copy),
        both("z varbinary(20),", "", |op| to("z")(op, varbinary(200)), Nocopy, Instant),
        both("z varchar(5),", "", |op| to("z")(op, char(5)), Copy, Copy),
        both("z decimal(10,2),", "", |op| to("z")(op, decimal(12, 2)), Copy, Copy),
        both("", "PARTITION BY HASH (id) PARTITIONS 3", |op| to("b")(op, varchar(20)), Nocopy, Instant),
        plain(|op| to("e")(op, enumeration(["x", "y", "z"])), Instant, Instant),
        plain(|op| to("e")(op, enumeration(["x", "z", "y"])), Copy, Copy),
        both("z set('a','b'),", "", |op| to("z")(op, native("set('a','b','c')")), Instant, Instant),
        plain(|op| _ = op.alter_column("t", "c").collate("utf8mb4_bin"), Nocopy, Instant),
        plain(|op| _ = op.alter_column("t", "b").collate("utf8mb4_bin"), Copy, Nocopy),
        plain(|op| _ = op.alter_column("t", "s").charset("utf8mb4"), Copy, Copy),
        both(
            "z varchar(5) CHARACTER SET utf8mb3,",
            "",
            |op| _ = op.alter_column("t", "z").charset("utf8mb4"),
            Nocopy,
            Instant,
        ),
        both(
            "z varchar(70) CHARACTER SET utf8mb3,",
            "",
            |op| _ = op.alter_column("t", "z").charset("utf8mb4"),
            Copy,
            Copy,
        ),
        plain(|op| _ = op.alter_column("t", "id").identity(), Copy, Copy),
        both(
            "z int AUTO_INCREMENT, KEY kz (z),",
            "",
            |op| _ = op.alter_column("t", "z").drop_identity(),
            Copy,
            Instant,
        ),
    ]
}

fn keys() -> Vec<Case> {
    const PARENT: &str = "r int, CONSTRAINT kf FOREIGN KEY (i) REFERENCES p (id),";
    vec![
        plain(|op| _ = op.create_index("t", ["a"]), Nocopy, Nocopy),
        plain(|op| _ = op.create_index("t", ["id", "a"]).unique(), Nocopy, Nocopy),
        plain(|op| _ = op.create_index("t", ["c"]).method("fulltext"), InplaceShared, InplaceShared),
        both(
            "FULLTEXT KEY kw (b),",
            "",
            |op| _ = op.create_index("t", ["c"]).method("fulltext"),
            NocopyShared,
            NocopyShared,
        ),
        both(
            "g point NOT NULL DEFAULT (point(1, 1)),",
            "",
            |op| _ = op.create_index("t", ["g"]).method("spatial"),
            NocopyShared,
            NocopyShared,
        ),
        ("", "", |op| _ = op.create_index("t", expr("a + 1")).named("ke"), Some(NocopyShared), None),
        ("KEY ke ((a + 1)),", "", |op| _ = op.drop_index("t", "ke"), Some(Nocopy), None),
        ("UNIQUE KEY ke ((a + 1)),", "", |op| _ = op.drop_index("t", "ke"), Some(Copy), None),
        ("", "", |op| _ = op.create_index("t", expr("a + 1")).unique().named("ke"), Some(Copy), None),
        plain(|op| _ = op.drop_index("t", "k_i"), Nocopy, Nocopy),
        plain(|op| op.rename_index("t", "k_i", "x"), Nocopy, Instant),
        plain(|op| _ = op.alter_index("t", "k_i").invisible(), Nocopy, Instant),
        plain(
            |op| {
                op.drop_primary_key("t");
                op.add_primary_key("t", ["id", "n"]);
            },
            Inplace,
            Inplace,
        ),
        plain(|op| _ = op.drop_primary_key("t"), Copy, Copy),
        plain(|op| _ = op.add_foreign_key("t", ["i"], "p", ["id"]), Copy, Copy),
        both(PARENT, "", |op| _ = op.drop_foreign_key("t", "kf"), Nocopy, Instant),
        plain(|op| _ = op.add_check("t", "a < 100"), Copy, Copy),
        ("", "", |op| _ = op.add_check("t", "a < 100").not_enforced(), Some(Instant), None),
        both("CONSTRAINT kc CHECK (a < 100),", "", |op| _ = op.drop_check("t", "kc"), Instant, Instant),
        (
            "CONSTRAINT kc CHECK (a < 100),",
            "",
            |op| _ = op.alter_constraint("t", "kc").not_enforced(),
            Some(Instant),
            None,
        ),
        (
            "CONSTRAINT kc CHECK (a < 100) NOT ENFORCED,",
            "",
            |op| _ = op.alter_constraint("t", "kc").enforced(),
            Some(Copy),
            None,
        ),
        plain(|op| op.set_table_comment("t", "x"), Nocopy, Instant),
        plain(
            |op| {
                op.set_table_options(
                    "t",
                    TableOptions { charset: Some("latin1".into()), ..Default::default() },
                )
            },
            Nocopy,
            Instant,
        ),
        plain(
            |op| {
                op.set_table_options(
                    "t",
                    TableOptions { row_format: Some("COMPACT".into()), ..Default::default() },
                )
            },
            Inplace,
            Inplace,
        ),
        plain(
            |op| {
                op.set_table_options(
                    "t",
                    TableOptions {
                        engine_options: [("stats_persistent".into(), "1".into())].into(),
                        ..Default::default()
                    },
                )
            },
            Nocopy,
            Instant,
        ),
    ]
}

fn partitions() -> Vec<Case> {
    const RANGES: &str =
        "PARTITION BY RANGE (id) (PARTITION one VALUES LESS THAN (5), PARTITION two VALUES LESS THAN (9))";
    vec![
        ("", RANGES, |op| _ = op.add_partition("t", "three", Bound::less_than([12])), Some(Nocopy), None),
        ("", RANGES, |op| op.drop_partition("t", "one"), Some(Nocopy), None),
    ]
}

/// What follows a column's text or place, and would be left as it was.
fn followed() -> Vec<Case> {
    let collate: fn(&mut Ops) = |op| _ = op.alter_column("t", "c").collate("utf8mb4_bin");
    let first: fn(&mut Ops) = |op| _ = op.alter_column("t", "n").first();
    const BY_BOTH: &str = "PARTITION BY KEY (a, n) PARTITIONS 3";
    vec![
        both("v int AS (c = 'X') VIRTUAL, KEY kv (v),", "", collate, CopyAlways, CopyAlways),
        both("v int AS (c = 'X') STORED,", "", collate, CopyAlways, CopyAlways),
        both("CONSTRAINT kc CHECK (c <> 'X'),", "", collate, CopyAlways, CopyAlways),
        ("KEY ke ((c = 'X')),", "", collate, Some(CopyAlways), None),
        ("v int AS (c = 'X') STORED,", "ENGINE=MyISAM", collate, Some(CopyAlways), Some(CopyAlways)),
        both(
            "v int AS (c = 'X') STORED,",
            "",
            |op| {
                op.allow_copy("t");
                op.alter_column("t", "c").collate("utf8mb4_bin");
            },
            CopyAlways,
            CopyAlways,
        ),
        both("v int AS (b = 'X') STORED,", "", collate, Nocopy, Instant),
        both("PRIMARY KEY (id, a, n, c),", BY_BOTH, first, CopyAlways, CopyAlways),
        both(
            "PRIMARY KEY (id, a, n, c),",
            BY_BOTH,
            |op| _ = op.alter_column("t", "i").first(),
            Inplace,
            Instant,
        ),
        both("PRIMARY KEY (id, a, n, c),", "PARTITION BY KEY (a, c) PARTITIONS 3", collate, Copy, CopyAlways),
        both(
            "PRIMARY KEY (id, a, n, c),",
            "PARTITION BY RANGE COLUMNS (c) (PARTITION one VALUES LESS THAN ('m'), PARTITION two VALUES LESS THAN (MAXVALUE))",
            collate,
            Copy,
            CopyAlways,
        ),
        both("PRIMARY KEY (id, a, n, c),", "PARTITION BY KEY () PARTITIONS 3", first, CopyAlways, CopyAlways),
    ]
}

/// Catches a ceiling that the server refuses, and one that is more than the least.
async fn least(conn: &mut dyn Connection, (of, options, ops, mysql, mariadb): Case) {
    let server = conn.server().await.unwrap();
    let flavor = Flavor::of(&server);
    let Some(level) = flavor.either(mysql, mariadb) else { return };
    let has_own = ["PRIMARY KEY", "UNIQUE KEY"].iter().any(|key| of.starts_with(key));
    let key = if has_own { "" } else { " PRIMARY KEY" };
    let create = format!(
        "CREATE TABLE t (id int NOT NULL{key}, a int, b varchar(10), c varchar(80) NOT NULL DEFAULT 'x', d datetime, \
         e enum('x','y'), n int NOT NULL DEFAULT 3, i int, s varchar(5) CHARACTER SET latin1, {of} KEY k_i (i), KEY k_b (b)) {options}"
    );
    for statement in [
        "DROP TABLE IF EXISTS t, p",
        "CREATE TABLE p (id int PRIMARY KEY)",
        "INSERT INTO p VALUES (1), (2)",
        &create,
        "INSERT INTO t (id, a, b, c, e, i, s) VALUES (1, 1, 'a', 'a', 'x', 1, 'a'), (2, 2, 'b', 'b', 'y', 2, 'b')",
    ] {
        conn.execute(statement).await.unwrap_or_else(|error| panic!("{statement}\n{error}"));
    }
    let mut recorded = Ops::new();
    ops(&mut recorded);
    let ops = recorded.finish().unwrap().ops;
    let before = Mysql.introspect(conn, &touched(&ops)).await.unwrap();
    let lowered = Mysql.lower_ops(&ops, &before, &server).unwrap();
    let statements =
        Mysql.render(&lowered, &before, &server).unwrap_or_else(|error| panic!("{create}: {error}"));
    let [statement] = statements.as_slice() else { panic!("{create}: {statements:?}") };
    let (text, words) = (&statement.sql, flavor.ceiling(level));
    let asked = CEILINGS.into_iter().chain(["ALGORITHM=COPY"]).find(|words| text.contains(words));
    assert_eq!(asked, words, "{server}: {create}\n{text}");
    let bare = text.replace(&words.map_or(String::new(), |words| format!(",\n  {words}")), "");
    let bare = bare.replace(&words.map_or(String::new(), |words| format!(", {words}")), "");
    let bare = bare.replace(&words.map_or(String::new(), |words| format!("{words}, ")), "");
    let below: &[Level] = match level {
        Instant => &[],
        Nocopy | NocopyShared if flavor.either(true, false) => &[Instant],
        Nocopy => &[Instant],
        NocopyShared => &[Nocopy],
        Inplace => flavor.either(&[Instant], &[Nocopy]),
        InplaceShared => &[Inplace, NocopyShared],
        Copy => &[InplaceShared],
        // The server would take less.
        CopyAlways => &[],
    };
    for lower in below {
        let lower = flavor.ceiling(*lower).filter(|lower| Some(*lower) != words);
        let Some(lower) = lower else { continue };
        let text = bare.replacen("ALTER TABLE `t`", &format!("ALTER TABLE `t` {lower},"), 1);
        let refused = conn.execute(&text).await.expect_err(&format!("{server} takes {text}\n{create}"));
        let codes = ["1845", "1846", "1795"];
        assert!(
            refused.code.as_deref().is_some_and(|code| codes.contains(&code)),
            "{server}: {text}\n{create}\n{refused}"
        );
    }
    execute(conn, statement)
        .await
        .unwrap_or_else(|error| panic!("{server} refuses {text}\n{create}\n{error}"));
}

async fn all(cases: fn() -> Vec<Case>) {
    on_both(async |conn| {
        for case in cases() {
            least(conn, case).await;
        }
    })
    .await;
}

#[tokio::test]
async fn changes_of_columns_take_the_least() {
    all(columns).await;
}

#[tokio::test]
async fn what_follows_a_column_is_copied() {
    all(followed).await;
}

#[tokio::test]
async fn changes_of_types_take_the_least() {
    all(types).await;
}

#[tokio::test]
async fn changes_of_keys_and_options_take_the_least() {
    all(keys).await;
}

#[tokio::test]
async fn changes_of_partitions_take_the_least() {
    all(partitions).await;
}
