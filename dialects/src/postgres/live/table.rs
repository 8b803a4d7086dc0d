//! Tables, their columns, keys and indexes.

mod values;

use dunlin_dsl::{
    Action, Check, Column, ColumnChange, ColumnType, Constraint, ConstraintKind, Deferrable, DependentKind,
    Dialect, Enforcement, Expr, Float, ForeignKey, Generated, Identity, Index, IndexKey, IntWidth, Match,
    Name, Nulls, ObjectId, Op, PerDialect, PrimaryKey, Schema, Size, TableOptions, Unique, Unmodelled, Value,
    creation_ops, sql,
};

use super::*;

/// Two tables with every attribute that the model has.
fn everything(major: u16, other: &str) -> Schema {
    let mut users = table(
        "users",
        [
            Column {
                identity: Some(Identity {
                    always: true,
                    start: Some(10),
                    increment: Some(5),
                    min: Some(5),
                    max: Some(900),
                    cache: Some(3),
                    cycle: true,
                    ..Identity::default()
                }),
                ..named("id", big())
            },
            Column {
                not_null: true,
                default: Some(Expr::from("it's \\ ok")),
                collation: PerDialect::everywhere("C".into()),
                comment: Some("who's".into()),
                ..named("name", ColumnType::Varchar(20))
            },
            Column {
                generated: Some(Generated { expr: sql("upper((name)::text)"), stored: true }),
                ..named("shout", text())
            },
            named("mood", ColumnType::Enum(vec!["a".into(), "it's".into()])),
            named("one", ColumnType::Enum(vec!["only".into()])),
            named("Tags", ColumnType::Set(vec!["x".into(), "y\\".into()])),
            Column {
                default: Some(sql("now()")),
                ..named("at", ColumnType::Timestamp { precision: Some(3), zone: true })
            },
            Column { charset: Some("utf8mb4".into()), invisible: true, ..named("user", integer()) },
            Column {
                identity: Some(Identity { increment: Some(-1), ..Identity::default() }),
                ..named("down", ColumnType::Integer { width: IntWidth::Tiny, unsigned: false })
            },
        ],
    );
    if major >= 18 {
        users.columns.push(Column {
            generated: Some(Generated { expr: sql("\"user\" + 1"), stored: false }),
            ..named("v", integer())
        });
    }
    users.primary_key =
        Some(PrimaryKey { label: "pk of users".into(), ..PrimaryKey::over(vec!["id".into()]) });
    users.uniques.push(Unique {
        nulls_not_distinct: true,
        deferrable: Deferrable::No,
        include: vec!["at".into()],
        ..unique("u2", "name")
    });
    users.uniques.push(Unique { deferrable: Deferrable::InitiallyDeferred, ..unique("u1", "user") });
    users.checks.push(Check::new("z".into(), sql("(name)::text <> ''::text")));
    users.checks.push(Check::new("a".into(), sql("(id > 0)")));
    users.comment = Some("people".into());
    users.options = TableOptions { engine: Some("InnoDB".into()), strict: true, ..Default::default() };
    users.indexes.push(Index {
        unique: true,
        predicate: Some(sql("id > 5")),
        include: vec!["id".into()],
        nulls_not_distinct: true,
        comment: Some("fast".into()),
        ..Index::new(
            "i2".into(),
            vec![
                IndexKey { descending: true, nulls: Some(Nulls::Last), ..IndexKey::column("name") },
                IndexKey { nulls: Some(Nulls::First), ..IndexKey::column("user") },
                IndexKey { descending: true, nulls: Some(Nulls::First), ..IndexKey::column("mood") },
                IndexKey {
                    collation: PerDialect::everywhere("C".into()),
                    opclass: Some("text_pattern_ops".into()),
                    ..IndexKey::expr(sql("lower(shout)"))
                },
                IndexKey { collation: PerDialect::everywhere("POSIX".into()), ..IndexKey::column("shout") },
            ],
        )
    });
    users.indexes.push(Index {
        method: Some("hash".into()),
        ..Index::new("i1".into(), vec![IndexKey::column("name")])
    });
    let mut posts = table(
        (other, "posts"),
        [
            named("id", ColumnType::Native("BIGSERIAL".into())),
            named("a", big()),
            named("b", integer()),
            named("next", big()),
        ],
    );
    posts.options.unlogged = false;
    posts.primary_key =
        Some(PrimaryKey { label: "posts_pkey".into(), ..PrimaryKey::over(vec!["id".into()]) });
    posts.foreign_keys = vec![
        ForeignKey {
            on_delete: Action::Cascade,
            on_update: Action::Restrict,
            deferrable: Deferrable::InitiallyImmediate,
            matching: Match::Full,
            ..refers("f2", "a", "users")
        },
        ForeignKey {
            on_delete: Action::SetNull,
            on_update: Action::SetDefault,
            ..refers("f1", "next", (other, "posts"))
        },
    ];
    schema([users, posts])
}

#[tokio::test]
async fn what_is_created_is_found() {
    on_servers("created", async |live| {
        let other = &format!("{}_other", live.server.schema);
        live.execute(&format!("CREATE SCHEMA {other}")).await;
        let schema = everything(live.server.version.major, other);
        live.create(&schema).await;
        // What is asked for with its schema is found with it.
        let own = Name { schema: Some(live.server.schema.clone()), name: "users".into() };
        let found = live.read(&[ObjectId::table(&own), ObjectId::table("none")]).await;
        assert_eq!(found.tables.keys().collect::<Vec<_>>(), [&own]);
        let users = found.get(&own).unwrap();
        assert_eq!(users.notes.unmodelled, []);
        let dependents: Vec<_> =
            users.notes.dependents.iter().map(|one| (one.kind, one.name.to_string())).collect();
        assert_eq!(dependents, [(DependentKind::ForeignKey, format!("{other}.posts"))]);
        // All of it comes back after a drop.
        live.there_and_back(&[Op::DropTable {
            table: (other.as_str(), "posts").into(),
            if_exists: false,
            cascade: false,
        }])
        .await;
        let columns = Postgres.columns_query(&(other.as_str(), "posts").into(), &live.server).unwrap();
        assert_eq!(live.value(&columns).await.as_deref(), Some("id"));
        live.execute(&format!("DROP SCHEMA {other} CASCADE")).await;
    })
    .await;
}

#[tokio::test]
async fn changes_go_there_and_back() {
    on_servers("changes", async |live| {
        let mut people = table(
            "people",
            [
                Column { not_null: true, ..named("id", integer()) },
                Column { default: Some(Expr::from("1")), comment: Some("c".into()), ..named("size", text()) },
                named("name", ColumnType::Varchar(20)),
                Column { not_null: true, default: Some(Expr::from(0)), ..named("age", integer()) },
                named("mood", ColumnType::Enum(vec!["a".into(), "b".into()])),
                Column {
                    generated: Some(Generated { expr: sql("age + 1"), stored: true }),
                    ..named("next", integer())
                },
                Column { identity: Some(Identity::default()), ..named("no", big()) },
                named("seq", ColumnType::Native("serial".into())),
            ],
        );
        people.checks.push(Check::new("old".into(), sql("age >= 0")));
        people.indexes.push(Index::new("by_name".into(), vec![IndexKey::column("name")]));
        people.uniques.push(unique("one", "id"));
        let mut pets = table("pets", [named("owner", integer())]);
        pets.foreign_keys.push(refers("of", "owner", "people"));
        live.create(&schema([people, pets])).await;
        live.execute("INSERT INTO people (id, name, mood) VALUES (1, 'ann', 'a'), (2, NULL, NULL)").await;
        live.execute("INSERT INTO pets VALUES (1)").await;

        let on = || Name::from("people");
        let alter = |column: &str, change| Op::AlterColumn { table: on(), column: column.into(), change };
        let retype = |column: &str, to| alter(column, ColumnChange::Type { to, using: None });
        let add = |column| Op::AddColumn { table: on(), column, position: None, if_not_exists: false };
        let drop = |column: &str| Op::DropColumn { table: on(), column: column.into(), if_exists: false };
        let constrain = |constraint| Op::AddConstraint { table: on(), constraint };
        let index = |index| Op::CreateIndex { table: on(), index, if_not_exists: false, concurrently: false };
        let plain = |name: &str| Index::new(name.into(), vec![IndexKey::column("name")]);
        let release =
            |kind, name: &str| Op::DropConstraint { table: on(), kind, name: name.into(), if_exists: false };

        let filled = Column {
            not_null: true,
            default: Some(Expr::from("x")),
            comment: Some("y".into()),
            ..named("new", text())
        };
        live.there_and_back(&[add(filled.clone())]).await;
        live.there_and_back(&[
            add(filled.clone()),
            constrain(Constraint::Unique(Unique {
                columns: vec!["new".into(), "id".into()],
                ..unique("n", "new")
            })),
            constrain(Constraint::Check(Check::new("long".into(), sql("new <> ''::text")))),
        ])
        .await;
        live.there_and_back(&[add(Column {
            identity: Some(Identity { always: true, ..Identity::default() }),
            ..named("nr", integer())
        })])
        .await;
        live.there_and_back(&[add(named("choice", ColumnType::Enum(vec!["p".into(), "q".into()])))]).await;
        live.there_and_back(&[drop("size")]).await;
        live.there_and_back(&[drop("mood"), add(named("mood", integer()))]).await;
        live.there_and_back(&[drop("name"), drop("next"), drop("age"), drop("no"), drop("seq")]).await;
        live.there_and_back(&[
            Op::RenameColumn { table: on(), column: "name".into(), to: "Name".into() },
            alter("Name", ColumnChange::Comment(Some("n".into()))),
        ])
        .await;
        live.there_and_back(&[
            Op::RenameTable { table: on(), to: "folk".into() },
            Op::SetTableComment { table: "folk".into(), comment: Some("all".into()) },
        ])
        .await;
        live.there_and_back(&[retype("size", integer())]).await;
        live.there_and_back(&[drop("next"), release(ConstraintKind::Check, "old"), retype("age", text())])
            .await;
        live.there_and_back(&[retype("name", ColumnType::Varchar(3))]).await;
        live.there_and_back(&[retype("name", ColumnType::Char(30))]).await;
        live.there_and_back(&[retype("seq", big())]).await;
        live.there_and_back(&[retype("mood", ColumnType::Enum(vec!["a".into(), "z".into()]))]).await;
        live.there_and_back(&[retype("mood", ColumnType::Varchar(9))]).await;
        live.there_and_back(&[
            alter("name", ColumnChange::Collation(PerDialect::everywhere("C".into()))),
            retype("name", text()),
        ])
        .await;
        live.there_and_back(&[alter("name", ColumnChange::Default(Some(sql("lower('X'::text)"))))]).await;
        live.there_and_back(&[
            alter("size", ColumnChange::Default(None)),
            alter("size", ColumnChange::Comment(None)),
        ])
        .await;
        live.there_and_back(&[alter("age", ColumnChange::NotNull(false))]).await;
        live.there_and_back(&[alter("no", ColumnChange::Identity(None))]).await;
        live.there_and_back(&[alter(
            "no",
            ColumnChange::Identity(Some(Identity {
                always: true,
                increment: Some(2),
                cache: Some(5),
                ..Identity::default()
            })),
        )])
        .await;
        live.there_and_back(&[alter("id", ColumnChange::Identity(Some(Identity::default())))]).await;
        live.there_and_back(&[constrain(Constraint::PrimaryKey(PrimaryKey {
            deferrable: Default::default(),
            include: Vec::new(),
            without_overlaps: false,
            label: "pk".into(),
            columns: vec!["id".into()],
        }))])
        .await;
        live.execute("UPDATE people SET name = CASE id WHEN 1 THEN 'ann' ELSE 'bob' END").await;
        live.there_and_back(&[constrain(Constraint::PrimaryKey(PrimaryKey {
            deferrable: Default::default(),
            include: Vec::new(),
            without_overlaps: false,
            label: "pk".into(),
            columns: vec!["name".into()],
        }))])
        .await;
        live.there_and_back(&[
            release(ConstraintKind::Check, "old"),
            constrain(Constraint::Check(Check::new("old".into(), sql("age >= 0")))),
        ])
        .await;
        live.there_and_back(&[Op::RenameConstraint {
            table: on(),
            kind: ConstraintKind::Unique,
            name: "one".into(),
            to: "two".into(),
        }])
        .await;
        live.there_and_back(&[
            Op::RenameIndex { table: on(), name: "by_name".into(), to: "by_it".into() },
            index(Index { predicate: Some(sql("id > 1")), comment: Some("c".into()), ..plain("by_name") }),
        ])
        .await;
        live.there_and_back(&[Op::DropIndex {
            table: on(),
            name: "by_name".into(),
            if_exists: false,
            concurrently: true,
        }])
        .await;
        live.there_and_back(&[Op::CreateIndex {
            table: on(),
            index: plain("quiet"),
            if_not_exists: true,
            concurrently: true,
        }])
        .await;
        live.there_and_back(&[Op::SetTableOptions {
            table: "pets".into(),
            options: TableOptions { unlogged: true, ..Default::default() },
        }])
        .await;
        live.there_and_back(&[Op::DropConstraint {
            table: "pets".into(),
            kind: ConstraintKind::ForeignKey,
            name: "of".into(),
            if_exists: false,
        }])
        .await;
        live.there_and_back(&[alter(
            "next",
            ColumnChange::Generated(Some(Generated { expr: sql("age + 2"), stored: true })),
        )])
        .await;
        live.there_and_back(&[Op::DropTable { table: "pets".into(), if_exists: false, cascade: false }])
            .await;
        // Rows went through all of it.
        assert_eq!(
            live.value("SELECT string_agg(id || name || age || no || seq, ',' ORDER BY id) FROM people")
                .await
                .as_deref(),
            Some("1ann011,2bob022")
        );
    })
    .await;
}

/// Names and texts that try to break out of their quotes, in every position.
#[tokio::test]
async fn hostile_names_are_names() {
    let long = "é".repeat(31) + "x";
    let names = [
        "a\"b",
        "a'b",
        "a\\",
        "'; DROP TABLE users; --",
        "a\nb",
        "SELECT",
        "😀",
        "a$b",
        "$$",
        " ",
        "a\u{1f}b",
        "{oids}",
        "%s",
        long.as_str(),
    ];
    on_servers("hostile", async |live| {
        for hostile in names {
            let mut evil = table(
                hostile,
                [
                    Column {
                        not_null: true,
                        default: Some(Expr::from(hostile)),
                        comment: Some(hostile.into()),
                        ..named(hostile, text())
                    },
                    named("mood", ColumnType::Enum(vec![hostile.into(), "x".into()])),
                    named("tags", ColumnType::Set(vec![hostile.into()])),
                    named("id", integer()),
                ],
            );
            evil.comment = Some(hostile.into());
            let columns = vec![hostile.to_owned(), "id".into()];
            evil.primary_key = Some(PrimaryKey { label: "pk".into(), ..PrimaryKey::over(columns.clone()) });
            let key = ForeignKey {
                columns: columns.clone(),
                references_columns: columns,
                ..refers(hostile, "", hostile)
            };
            evil.foreign_keys.push(key);
            evil.indexes.push(Index {
                comment: Some(hostile.into()),
                include: vec![hostile.into()],
                ..Index::new("i".into(), vec![IndexKey::column(hostile)])
            });
            live.create(&schema([evil])).await;
            let on = || Name::from(hostile);
            let insert = Op::Insert {
                table: on(),
                columns: vec![hostile.into(), "mood".into(), "tags".into(), "id".into()],
                rows: vec![vec![hostile.into(), hostile.into(), hostile.into(), 1.into()]],
            };
            live.run(&[insert]).await;
            let renamed = Op::RenameColumn { table: on(), column: "id".into(), to: format!("{hostile}2") };
            if hostile.len() < 63 {
                live.there_and_back(&[renamed]).await;
            }
            let delete =
                Op::Delete { table: on(), columns: vec![hostile.into()], keys: vec![vec![hostile.into()]] };
            live.run(&[delete]).await;
            let drop = [Op::DropTable { table: on(), if_exists: false, cascade: false }];
            live.run(&drop).await;
            assert!(live.read(&[ObjectId::table(on())]).await.tables.is_empty());
        }
        let too_long = table("é".repeat(32).as_str(), []);
        assert!(Postgres.render(&creation_ops(&schema([too_long])), &Schema::new(), &live.server).is_err());
    })
    .await;
}

#[tokio::test]
async fn what_is_not_modelled_is_named() {
    on_servers("unmodelled", async |live| {
        live.execute(
            "CREATE TABLE base (id int PRIMARY KEY DEFERRABLE, a int, r int4range, EXCLUDE USING gist (r WITH &&)) WITH (fillfactor = 70); \
             CREATE TABLE child () INHERITS (base); \
             CREATE TABLE parts (a int) PARTITION BY RANGE (a); \
             CREATE VIEW v AS SELECT a FROM base; \
             CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; \
             CREATE TRIGGER tr BEFORE INSERT ON base FOR EACH ROW EXECUTE FUNCTION f(); \
             ALTER TABLE base ENABLE ROW LEVEL SECURITY; \
             ALTER TABLE child REPLICA IDENTITY FULL; CREATE UNIQUE INDEX i ON base (id); \
             ALTER TABLE base REPLICA IDENTITY USING INDEX i; DROP INDEX i; \
             CREATE POLICY p ON base USING (true); \
             CREATE RULE ru AS ON DELETE TO base DO INSTEAD NOTHING; \
             ALTER TABLE base ADD CONSTRAINT c CHECK (a > 0) NOT VALID; \
             GRANT SELECT ON base TO PUBLIC; \
             CREATE SEQUENCE s OWNED BY base.a",
        )
        .await;
        let base = live.table("base").await;
        assert_eq!(base.notes.unmodelled, [Unmodelled::thing("a replica identity whose index is gone")]);
        let key = base.primary_key.as_ref().unwrap();
        assert_eq!(key.deferrable, Deferrable::InitiallyImmediate);
        let new = base.checks.iter().find(|check| check.label.is("c")).unwrap();
        assert_eq!(new.enforcement, Enforcement::NotValid);
        let dependents: Vec<_> = base.notes.dependents.iter().map(|one| (one.kind, one.name.name.as_str())).collect();
        assert_eq!(
            dependents,
            [(DependentKind::Trigger, "tr"), (DependentKind::Table, "child"), (DependentKind::View, "v")]
        );
        assert_eq!(live.table("parts").await.notes.unmodelled, []);
        assert_eq!(live.table("child").await.notes.unmodelled, []);
        assert_eq!(live.table("child").await.replica_identity, dunlin_dsl::ReplicaIdentity::Full);
    })
    .await;
}
