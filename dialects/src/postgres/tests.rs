//! What each operation is rendered as. That the server takes it, and means it so, is shown in `live`.

mod told;

use dunlin_dsl::{
    Action, Check, Column, ColumnChange, ColumnType, Constraint, ConstraintKind, Deferrable, Dialect,
    DialectId, Expr, ForeignKey, Generated, HazardKind, Identity, Index, IndexKey, IntWidth, Name, Nulls, Op,
    PerDialect, Place, PrimaryKey, Schema, Server, Table, TableOptions, Unique, Value, Version, sql,
};

use super::Postgres;

pub(super) fn server(major: u16) -> Server {
    Server { schema: "public".into(), ..Server::new(DialectId::Postgres, Version::new(major, 4, 0)) }
}

pub(super) fn integer() -> ColumnType {
    ColumnType::Integer { width: IntWidth::Normal, unsigned: false }
}

pub(super) fn text() -> ColumnType {
    ColumnType::Text(Default::default())
}

/// A table as it is read back: `users` with an integer key, a text and a defaulted text.
fn before() -> Schema {
    let mut users = Table::new("users");
    users.columns.push(Column { not_null: true, ..Column::new("id", integer()) });
    users.columns.push(Column::new("name", ColumnType::Native("character varying(20)".into())));
    users.columns.push(Column {
        default: Some(sql("'1'::text")),
        ..Column::new("size", ColumnType::Native("text".into()))
    });
    users.columns.push(Column {
        generated: Some(Generated { expr: sql("9 + 1"), stored: true }),
        ..Column::new("next", integer())
    });
    users.primary_key =
        Some(PrimaryKey { label: "users_pkey".into(), ..PrimaryKey::over(vec!["id".into()]) });
    users.checks.push(Check::new("short".into(), sql("id < 9")));
    users.indexes.push(Index::new("users_name_idx".into(), vec![IndexKey::column("name")]));
    let mut schema = Schema::new();
    schema.insert(users);
    schema
}

fn rendered(ops: &[Op], major: u16) -> Result<Vec<String>, String> {
    let statements = Postgres.render(ops, &before(), &server(major)).map_err(|refused| {
        assert!(!refused.instead.is_empty());
        refused.to_string()
    })?;
    Ok(statements.into_iter().map(|statement| statement.sql).collect())
}

#[track_caller]
fn check(ops: impl AsRef<[Op]>, expected: &[&str]) {
    assert_eq!(rendered(ops.as_ref(), 18).unwrap(), expected);
}

#[track_caller]
fn refused(ops: impl AsRef<[Op]>, major: u16, expected: &str) {
    assert_eq!(rendered(ops.as_ref(), major).unwrap_err(), expected);
}

fn alter(column: &str, change: ColumnChange) -> Op {
    Op::AlterColumn { table: "users".into(), column: column.into(), change }
}

fn add(column: Column) -> Op {
    Op::AddColumn { table: "users".into(), column, position: None, if_not_exists: false }
}

fn constrain(constraint: Constraint) -> Op {
    Op::AddConstraint { table: "users".into(), constraint }
}

fn index(index: Index) -> Op {
    Op::CreateIndex { table: "users".into(), index, if_not_exists: false, concurrently: false }
}

fn retype(column: &str, to: ColumnType) -> Op {
    alter(column, ColumnChange::Type { to, using: None })
}

#[test]
fn a_table_with_everything() {
    let mut table = Table::new(("shop", "orders"));
    table.columns = vec![
        Column {
            identity: Some(Identity { always: true, start: Some(5), ..Default::default() }),
            not_null: true,
            ..Column::new("id", ColumnType::Integer { width: IntWidth::Big, unsigned: false })
        },
        Column {
            default: Some(Expr::from("it's \\ ok")),
            collation: PerDialect::everywhere("C".into()),
            comment: Some("who".into()),
            ..Column::new("name", ColumnType::Varchar(20))
        },
        Column {
            generated: Some(Generated { expr: sql("id * 2"), stored: true }),
            ..Column::new("twice", integer())
        },
        Column { default: Some(sql("1 + 1")), ..Column::new("two", integer()) },
        Column::new("mood", ColumnType::Enum(vec!["a".into(), "b".into()])),
    ];
    table.primary_key = Some(PrimaryKey::over(vec!["id".into()]));
    table.uniques.push(Unique {
        without_overlaps: false,
        label: "u".into(),
        columns: vec!["name".into()],
        nulls_not_distinct: true,
        deferrable: Deferrable::No,
        include: vec!["id".into()],
    });
    table.foreign_keys.push(ForeignKey {
        on_delete_columns: Vec::new(),
        period: false,
        label: "f".into(),
        columns: vec!["two".into()],
        references: "users".into(),
        references_columns: vec!["id".into()],
        on_delete: Action::Cascade,
        on_update: Action::NoAction,
        deferrable: Deferrable::InitiallyDeferred,
        matching: Default::default(),
        enforcement: Default::default(),
    });
    table.options.unlogged = true;
    table.options.engine = Some("InnoDB".into());
    table.comment = Some("orders".into());
    table.indexes.push(Index {
        unique: true,
        predicate: Some(sql("two > 0")),
        include: vec!["id".into()],
        method: Some("btree".into()),
        comment: Some("fast".into()),
        keys: vec![
            IndexKey { descending: true, nulls: Some(Nulls::Last), ..IndexKey::column("name") },
            IndexKey {
                collation: PerDialect::everywhere("C".into()),
                opclass: Some("text_pattern_ops".into()),
                ..IndexKey::expr(sql("lower(name)"))
            },
        ],
        ..Index::new("i".into(), Vec::new())
    });
    check(
        [Op::CreateTable { table, if_not_exists: false }],
        &[
            r#"CREATE UNLOGGED TABLE "shop"."orders" (
  "id" bigint NOT NULL GENERATED ALWAYS AS IDENTITY (START WITH 5),
  "name" varchar(20) COLLATE "C" DEFAULT E'it''s \\ ok',
  "twice" integer GENERATED ALWAYS AS (id * 2) STORED,
  "two" integer DEFAULT (1 + 1),
  "mood" text,
  CONSTRAINT "orders_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "u" UNIQUE NULLS NOT DISTINCT ("name") INCLUDE ("id"),
  CONSTRAINT "f" FOREIGN KEY ("two") REFERENCES "users" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "orders_mood_check" CHECK ("mood" IN ('a', 'b'))
)"#,
            r#"CREATE UNIQUE INDEX "i" ON "shop"."orders" USING "btree" ("name" DESC NULLS LAST, (lower(name)) COLLATE "C" "text_pattern_ops") INCLUDE ("id") WHERE two > 0"#,
            r#"COMMENT ON TABLE "shop"."orders" IS 'orders'"#,
            r#"COMMENT ON COLUMN "shop"."orders"."name" IS 'who'"#,
            r#"COMMENT ON INDEX "shop"."i" IS 'fast'"#,
        ],
    );
}

#[test]
fn tables_come_and_go() {
    let create = Op::CreateTable { table: Table::new("users"), if_not_exists: true };
    check([create], &[]);
    let create = Op::CreateTable { table: Table::new("t"), if_not_exists: true };
    check([create], &[r#"CREATE TABLE IF NOT EXISTS "t" ()"#]);
    let drop = |table: &str, if_exists| Op::DropTable { table: table.into(), if_exists, cascade: false };
    check([drop("users", false)], &[r#"DROP TABLE "users""#]);
    check([drop("t", true)], &[]);
    check(
        [Op::RenameTable { table: "users".into(), to: "people".into() }, drop("people", true)],
        &[r#"ALTER TABLE "users" RENAME TO "people""#, r#"DROP TABLE IF EXISTS "people""#],
    );
    refused([drop("t", false)], 18, "can't drop table t: there is no table t");
}

#[test]
fn changes_of_one_table_merge_while_their_order_holds() {
    let drop = Op::DropColumn { table: "users".into(), column: "size".into(), if_exists: false };
    let year = add(Column {
        not_null: true,
        default: Some(Expr::from(0)),
        comment: Some("of birth".into()),
        ..Column::new("year", integer())
    });
    let fits = constrain(Constraint::Check(Check::new("fits".into(), sql("year > 0"))));
    check(
        [drop.clone(), year.clone(), fits.clone()],
        &[
            "ALTER TABLE \"users\"\n  DROP COLUMN \"size\",\n  ADD COLUMN \"year\" integer NOT NULL DEFAULT 0,\n  \
             ADD CONSTRAINT \"fits\" CHECK (year > 0)",
            r#"COMMENT ON COLUMN "users"."year" IS 'of birth'"#,
        ],
    );
    check(
        [fits, drop],
        &[
            r#"ALTER TABLE "users" ADD CONSTRAINT "fits" CHECK (year > 0)"#,
            r#"ALTER TABLE "users" DROP COLUMN "size""#,
        ],
    );
    let statements =
        Postgres.render(&[year.clone(), retype("name", text())], &before(), &server(15)).unwrap();
    let places: Vec<_> = statements.iter().map(|statement| statement.ops.clone()).collect();
    assert_eq!(places, [vec![0], vec![0], vec![1]]);
}

#[test]
fn columns_change() {
    check(
        [alter("name", ColumnChange::NotNull(true))],
        &[r#"ALTER TABLE "users" ALTER COLUMN "name" SET NOT NULL"#],
    );
    check(
        [alter("name", ColumnChange::NotNull(false))],
        &[r#"ALTER TABLE "users" ALTER COLUMN "name" DROP NOT NULL"#],
    );
    check(
        [alter("name", ColumnChange::Default(Some(sql("now()"))))],
        &[r#"ALTER TABLE "users" ALTER COLUMN "name" SET DEFAULT now()"#],
    );
    check(
        [alter("name", ColumnChange::Default(Some(Expr::Literal(Value::Null))))],
        &[r#"ALTER TABLE "users" ALTER COLUMN "name" DROP DEFAULT"#],
    );
    check([alter("name", ColumnChange::Comment(None))], &[r#"COMMENT ON COLUMN "users"."name" IS NULL"#]);
    check(
        [alter("name", ColumnChange::Collation(PerDialect::everywhere("C".into())))],
        &[r#"ALTER TABLE "users" ALTER COLUMN "name" TYPE character varying(20) COLLATE "C""#],
    );
    check([alter("name", ColumnChange::Invisible(true)), alter("name", ColumnChange::Charset(None))], &[]);
    check(
        [alter("next", ColumnChange::Generated(None))],
        &[r#"ALTER TABLE "users" ALTER COLUMN "next" DROP EXPRESSION"#],
    );
    let generated = |stored| ColumnChange::Generated(Some(Generated { expr: sql("id + 2"), stored }));
    check(
        [alter("next", generated(true))],
        &[r#"ALTER TABLE "users" ALTER COLUMN "next" SET EXPRESSION AS (id + 2)"#],
    );
    let anew = "ALTER TABLE \"users\"\n  DROP COLUMN \"next\",\n  \
                ADD COLUMN \"next\" integer GENERATED ALWAYS AS (id + 2) STORED";
    assert_eq!(rendered(&[alter("next", generated(true))], 16).unwrap(), [anew]);
    refused(
        [alter("name", generated(true))],
        18,
        "can't alter generation expression of column users.name: PostgreSQL 18.4 can only drop such a column and add it anew, and index users_name_idx names it",
    );
}

#[test]
fn types_change() {
    check(
        [retype("name", ColumnType::Varchar(40))],
        &[r#"ALTER TABLE "users" ALTER COLUMN "name" TYPE varchar(40)"#],
    );
    // A column from which another is computed keeps its type; the server says less of it.
    let mut computed = before();
    computed.tables.values_mut().for_each(|table| {
        table.columns[3].generated = Some(Generated { expr: sql("id + 1"), stored: true });
    });
    let refused = Postgres.render(&[retype("id", text())], &computed, &server(18)).unwrap_err();
    assert_eq!(refused.reason, "PostgreSQL 18.4 can't change it while column next is computed from it");
    // A cast to varchar(3) would cut; this refuses what is longer.
    check(
        [retype("id", ColumnType::Uuid)],
        &[r#"ALTER TABLE "users" ALTER COLUMN "id" TYPE uuid USING "id"::uuid"#],
    );
    check(
        [retype("size", integer())],
        &["ALTER TABLE \"users\"\n  ALTER COLUMN \"size\" DROP DEFAULT,\n  \
         ALTER COLUMN \"size\" TYPE integer USING \"size\"::integer,\n  ALTER COLUMN \"size\" SET DEFAULT 1"],
    );
    let using = ColumnChange::Type { to: integer(), using: Some(sql("length(name)")) };
    check(
        [alter("name", using)],
        &[r#"ALTER TABLE "users" ALTER COLUMN "name" TYPE integer USING length(name)"#],
    );
    check(
        [retype("name", ColumnType::Enum(vec!["a".into()])), retype("name", ColumnType::Varchar(5))],
        &[
            "ALTER TABLE \"users\"\n  ALTER COLUMN \"name\" TYPE text,\n  \
         ADD CONSTRAINT \"users_name_check\" CHECK (\"name\" IN ('a'))",
            "ALTER TABLE \"users\"\n  DROP CONSTRAINT \"users_name_check\",\n  ALTER COLUMN \"name\" TYPE varchar(5)",
        ],
    );
}

#[test]
fn identities_change() {
    let identity = |identity| alter("id", ColumnChange::Identity(identity));
    let advance = r#"SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence('"users"', 'id')::pg_catalog.regclass, max("id")) FROM "users" HAVING max("id") >= 1"#;
    let faster = Identity { always: true, increment: Some(5), ..Default::default() };
    check(
        [identity(Some(Identity::default())), identity(Some(faster)), identity(None)],
        &[
            r#"ALTER TABLE "users" ALTER COLUMN "id" ADD GENERATED BY DEFAULT AS IDENTITY"#,
            advance,
            r#"ALTER TABLE "users" ALTER COLUMN "id" SET GENERATED ALWAYS SET INCREMENT BY 5"#,
            r#"ALTER TABLE "users" ALTER COLUMN "id" DROP IDENTITY"#,
        ],
    );
}

#[test]
fn constraints_come_and_go() {
    let key = Constraint::PrimaryKey(PrimaryKey::over(vec!["name".into()]));
    let drop = |kind, name: &str, if_exists| Op::DropConstraint {
        table: "users".into(),
        kind,
        name: name.into(),
        if_exists,
    };
    check(
        [drop(ConstraintKind::PrimaryKey, "", false), constrain(key)],
        &[
            "ALTER TABLE \"users\"\n  DROP CONSTRAINT \"users_pkey\",\n  ALTER COLUMN \"name\" SET NOT NULL,\n  \
         ADD CONSTRAINT \"users_pkey\" PRIMARY KEY (\"name\")",
        ],
    );
    check([drop(ConstraintKind::Check, "none", true)], &[]);
    let rename = Op::RenameConstraint {
        table: "users".into(),
        kind: ConstraintKind::Check,
        name: "short".into(),
        to: "small".into(),
    };
    check([rename], &[r#"ALTER TABLE "users" RENAME CONSTRAINT "short" TO "small""#]);
    let same = Constraint::Unique(Unique {
        without_overlaps: false,
        label: "same".into(),
        columns: vec!["name".into()],
        nulls_not_distinct: true,
        deferrable: Deferrable::No,
        include: Vec::new(),
    });
    refused(
        [constrain(same)],
        14,
        "can't add unique constraint same to table users: PostgreSQL 14.4 takes two NULLs for different; 15 is the first that can do else",
    );
}

#[test]
fn indexes_come_and_go() {
    let plain = Index::new("i".into(), vec![IndexKey::column("name")]);
    check([index(plain.clone())], &[r#"CREATE INDEX "i" ON "users" ("name")"#]);
    let ops = [
        Op::CreateIndex {
            table: "users".into(),
            index: plain.clone(),
            if_not_exists: true,
            concurrently: true,
        },
        Op::RenameIndex { table: "users".into(), name: "i".into(), to: "j".into() },
        Op::DropIndex { table: "users".into(), name: "j".into(), if_exists: true, concurrently: true },
    ];
    let statements = Postgres.render(&ops, &before(), &server(13)).unwrap();
    let texts: Vec<_> = statements.iter().map(|statement| statement.sql.as_str()).collect();
    assert_eq!(
        texts,
        [
            r#"CREATE INDEX CONCURRENTLY IF NOT EXISTS "i" ON "users" ("name")"#,
            r#"ALTER INDEX "i" RENAME TO "j""#,
            r#"DROP INDEX CONCURRENTLY IF EXISTS "j""#,
        ]
    );
    let places: Vec<_> = statements.iter().map(|statement| statement.place).collect();
    assert_eq!(places, [Place::Outside, Place::Inside, Place::Outside]);
    assert!(statements[0].probe.is_some() && statements[2].probe.is_some());
    let prefix = IndexKey { prefix: Some(5), ..IndexKey::column("name") };
    refused(
        [index(Index { keys: vec![prefix], ..plain })],
        18,
        "can't create index i on table users: PostgreSQL 18.4 has no indexes over leading characters",
    );
}

#[test]
fn rows_come_and_go() {
    let insert = |columns: &[&str], rows| Op::Insert {
        table: "users".into(),
        columns: columns.iter().map(|&column| column.into()).collect(),
        rows,
    };
    let rows = vec![vec![Value::Int(7), Value::Float(dunlin_dsl::Float(f64::NAN))]];
    check(
        [insert(&["id", "name"], rows)],
        &[r#"INSERT INTO "users" ("id", "name") VALUES (7, 'NaN'::float8)"#],
    );
    let numbered = alter("id", ColumnChange::Identity(Some(Identity { always: true, ..Default::default() })));
    let rows = vec![vec![Value::Int(7)], vec![Value::Int(3)]];
    let texts = rendered(&[numbered, insert(&["id"], rows)], 18).unwrap();
    assert_eq!(texts[2], r#"INSERT INTO "users" ("id") OVERRIDING SYSTEM VALUE VALUES (7), (3)"#);
    assert!(texts[3].contains("setval") && texts[3].ends_with(" < 7"), "{}", texts[3]);
    let delete = Op::Delete {
        table: "users".into(),
        columns: vec!["id".into()],
        keys: vec![vec![Value::Bytes(vec![0, 255])]],
    };
    check([delete], &[r#"DELETE FROM "users" WHERE "id" IN (E'\\x00ff'::bytea)"#]);
}

#[test]
fn text_runs_as_it_is() {
    let execute = |text: &str| Op::Execute { sql: sql(text), undo: None };
    check([execute("SELECT 1; SELECT 2"), Op::Run { step: "fill".into() }], &["SELECT 1; SELECT 2"]);
    refused([execute("SELECT '\0'")], 18, "can't execute SELECT '\0': its SQL has NUL in it");
    refused(
        [execute("SELECT 1; copy t (a) from stdin")],
        18,
        "can't execute SELECT 1; copy t (a) from stdin: COPY FROM STDIN reads data that stands in no statement",
    );
    let other = Expr::per_dialect([(dunlin_dsl::MYSQL, "SELECT 1")]);
    refused(
        [Op::Execute { sql: other, undo: None }],
        18,
        "can't execute mysql: SELECT 1: it has no text for PostgreSQL",
    );
}

#[test]
fn options_and_comments() {
    let options = TableOptions { unlogged: true, strict: true, ..Default::default() };
    check([Op::SetTableOptions { table: "users".into(), options }], &[r#"ALTER TABLE "users" SET UNLOGGED"#]);
    check([Op::SetTableOptions { table: "users".into(), options: TableOptions::default() }], &[]);
    check(
        [Op::SetTableComment { table: "users".into(), comment: Some("a".into()) }],
        &[r#"COMMENT ON TABLE "users" IS 'a'"#],
    );
}
