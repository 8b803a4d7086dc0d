//! What is written, and what is refused, without a server; and the same on real ones.

mod alter;
#[cfg(feature = "mysql")]
mod connect;
#[cfg(feature = "mysql")]
mod level;
#[cfg(feature = "mysql")]
mod objects;
#[cfg(feature = "mysql")]
mod servers;

use dunlin_dsl::{
    Action, Check, Column, ColumnChange, ColumnType, Constraint, Deferrable, Dependent, DependentKind,
    Dialect, DialectId, Expr, ForeignKey, Index, IndexKey, IntWidth, Name, ObjectId, Op, Schema, Server,
    Size, Table, TableChange, Value, Version, sql,
};

use super::Mysql;
use super::flavor::CEILINGS;

const MYSQL: DialectId = DialectId::Mysql;
const MARIADB: DialectId = DialectId::Mariadb;

fn server(dialect: DialectId) -> Server {
    let version = match dialect {
        DialectId::Mariadb => Version::new(10, 11, 19),
        _ => Version::new(9, 7, 4),
    };
    let mut server = Server { schema: "shop".into(), ..Server::new(dialect, version) };
    server.facts.insert("sql_mode".into(), "STRICT_TRANS_TABLES".into());
    server
}

fn int() -> ColumnType {
    ColumnType::Integer { width: IntWidth::Normal, unsigned: false }
}

/// A table `t` with a column `a`, and what else is done to it.
fn table(change: impl FnOnce(&mut Table)) -> Schema {
    let mut table = Table::new("t");
    table.columns = vec![Column::new("a", int()), Column::new("b", ColumnType::Varchar(20))];
    change(&mut table);
    let mut schema = Schema::new();
    schema.insert(table);
    schema
}

fn alter(column: &str, change: ColumnChange) -> Op {
    Op::AlterColumn { table: "t".into(), column: column.into(), change }
}

/// Compares what operations are rendered to, but for their ceilings, or why they are refused.
#[track_caller]
fn check(dialect: DialectId, before: &Schema, ops: &[Op], expected: &[&str]) {
    let plain = |statement: dunlin_dsl::Statement| {
        let text = statement.sql.replace("\n ", "");
        let words = CEILINGS.into_iter().map(|words| format!(", {words}"));
        words.fold(text, |text, words| text.replace(&words, ""))
    };
    let found = match Mysql.render(ops, before, &server(dialect)) {
        Ok(statements) => statements.into_iter().map(plain).collect(),
        Err(error) => vec![error.to_string()],
    };
    assert_eq!(found, expected);
}

#[track_caller]
fn check_literal(value: impl Into<Value>, mode: &str, expected: &str) {
    let mut server = server(MYSQL);
    server.facts.insert("sql_mode".into(), mode.into());
    let found = Mysql.literal(&value.into(), &server).unwrap_or_else(|error| error.to_string());
    assert_eq!(found, expected);
}

#[test]
fn literals() {
    check_literal("it's \\", "", "'it''s \\\\'");
    check_literal("it's \\", "NO_BACKSLASH_ESCAPES", "'it''s \\'");
    check_literal("a\0b", "", "'a\\0b'");
    check_literal("a\0b", "NO_BACKSLASH_ESCAPES", "_utf8mb4 x'610062'");
    check_literal(vec![0, 255], "", "x'00ff'");
    check_literal(i128::MAX, "", "170141183460469231731687303715884105727");
    check_literal(true, "", "TRUE");
    check_literal(0.1, "", "0.1");
    check_literal(f64::NAN, "", "can't write NaN: MySQL 9.7.4 has only finite numbers");
    check_literal(f64::INFINITY, "", "can't write inf: MySQL 9.7.4 has only finite numbers");
}

#[test]
fn names() {
    let quoted = |name: &str| Mysql.identifier(name, &server(MYSQL));
    assert_eq!(quoted("a`b;--").unwrap(), "`a``b;--`");
    assert!(quoted(&"ü".repeat(64)).is_ok());
    for refused in ["", "a\0", "a ", "😀", &"ü".repeat(65)] {
        assert!(quoted(refused).is_err(), "{refused:?}");
    }
}

#[test]
fn text_takes_a_default_in_brackets_on_mysql() {
    let column = Column { default: Some("x".into()), ..Column::new("c", ColumnType::Text(Size::Normal)) };
    let add = [Op::AddColumn { table: "t".into(), column, position: None, if_not_exists: false }];
    check(MYSQL, &table(|_| {}), &add, &["ALTER TABLE `t` ADD COLUMN `c` text DEFAULT ('x')"]);
    check(MARIADB, &table(|_| {}), &add, &["ALTER TABLE `t` ADD COLUMN `c` text DEFAULT 'x'"]);
}

#[test]
fn now_has_the_digits_of_its_column() {
    let column = |default: &str| Column {
        default: Some(sql(default)),
        on_update: Some(sql("now(6)")),
        ..Column::new("c", ColumnType::Timestamp { precision: Some(6), zone: false })
    };
    for now in ["now()", "CURRENT_TIMESTAMP", "current_timestamp(6)", "localtimestamp()"] {
        let column = column(now);
        let add = [Op::AddColumn { table: "t".into(), column, position: None, if_not_exists: false }];
        check(
            MYSQL,
            &table(|_| {}),
            &add,
            &[
                "ALTER TABLE `t` ADD COLUMN `c` datetime(6) DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)",
            ],
        );
    }
}

#[test]
fn checks_go_by_each_servers_words() {
    let before = table(|table| {
        table.checks.push(Check::new("positive".into(), sql("a > 0")));
    });
    let drop = [Op::DropConstraint {
        table: "t".into(),
        kind: dunlin_dsl::ConstraintKind::Check,
        name: "positive".into(),
        if_exists: false,
    }];
    check(MYSQL, &before, &drop, &["ALTER TABLE `t` DROP CHECK `positive`"]);
    check(MARIADB, &before, &drop, &["ALTER TABLE `t` DROP CONSTRAINT `positive`"]);
}

#[test]
fn a_check_of_a_column_stays_with_it_on_mariadb() {
    let before = table(|table| {
        table.column_mut("b").unwrap().ty = ColumnType::Native("longtext".into());
        table.checks.push(Check::new("b".into(), sql("json_valid(`b`)")));
    });
    let comment = alter("b", ColumnChange::Comment(Some("c".into())));
    check(
        MARIADB,
        &before,
        std::slice::from_ref(&comment),
        &["ALTER TABLE `t` MODIFY COLUMN `b` longtext COMMENT 'c' CHECK (json_valid(`b`))"],
    );
    // Under its new name it is that column's still.
    let rename = Op::RenameColumn { table: "t".into(), column: "b".into(), to: "c".into() };
    let comment = alter("c", ColumnChange::Comment(Some("d".into())));
    check(
        MARIADB,
        &before,
        &[rename, comment],
        &[
            "ALTER TABLE `t` RENAME COLUMN `b` TO `c`",
            "ALTER TABLE `t` MODIFY COLUMN `c` longtext COMMENT 'd' CHECK (json_valid(`c`))",
        ],
    );
    let to_text = ColumnChange::Type { to: ColumnType::Text(Size::Normal), using: None };
    check(MARIADB, &before, &[alter("b", to_text)], &["ALTER TABLE `t` MODIFY COLUMN `b` text"]);
}

#[test]
fn what_goes_with_a_column_is_dropped_by_name() {
    let before = table(|table| {
        table.columns.push(Column::new("c", int()));
        let key = ForeignKey {
            on_delete_columns: Vec::new(),
            period: false,
            label: "t_a".into(),
            columns: vec!["a".into()],
            references: Name::from("p"),
            references_columns: vec!["id".into()],
            on_delete: Action::NoAction,
            on_update: Action::NoAction,
            deferrable: Deferrable::No,
            matching: Default::default(),
            enforcement: Default::default(),
        };
        table.foreign_keys.push(key);
        let keys = vec![IndexKey::column("a"), IndexKey::column("c")];
        table.indexes.push(Index::new("t_ac".into(), keys));
    });
    // The foreign key stays, and must have an index to stand on.
    check(
        MYSQL,
        &before,
        &[Op::DropColumn { table: "t".into(), column: "c".into(), if_exists: false }],
        &["ALTER TABLE `t` ADD INDEX `t_a` (`a`), DROP INDEX `t_ac`", "ALTER TABLE `t` DROP COLUMN `c`"],
    );
    check(
        MYSQL,
        &before,
        &[Op::DropColumn { table: "t".into(), column: "a".into(), if_exists: false }],
        &["ALTER TABLE `t` DROP FOREIGN KEY `t_a`, DROP INDEX `t_ac`", "ALTER TABLE `t` DROP COLUMN `a`"],
    );
}

#[test]
fn what_values_become_is_refused_where_it_is_said_here() {
    let to = |using| alter("b", ColumnChange::Type { to: int(), using: Some(using) });
    check(
        MYSQL,
        &table(|_| {}),
        &[to(Expr::per_dialect([(dunlin_dsl::POSTGRES, "b::int")]))],
        &["ALTER TABLE `t` MODIFY COLUMN `b` int"],
    );
    let refused = "can't alter type of column t.b: MySQL 9.7.4 computes no values while a type changes";
    check(MYSQL, &table(|_| {}), &[to(sql("length(b)"))], &[refused]);
}

#[test]
fn what_would_be_left_broken_stops_a_drop() {
    let before = table(|table| {
        table.notes.dependents.push(Dependent {
            definition: Some("select `t`.`a` AS `a` from `shop`.`t`".into()),
            ..Dependent::new(DependentKind::View, "v")
        });
    });
    let drop = |column: &str| Op::DropColumn { table: "t".into(), column: column.into(), if_exists: false };
    let refused = "can't drop column t.a: view v names it, and would be left broken";
    check(MYSQL, &before, &[drop("a")], &[refused]);
    check(MYSQL, &before, &[drop("b")], &["ALTER TABLE `t` DROP COLUMN `b`"]);
    // SQL of one's own may have dropped it.
    let execute = Op::Execute { sql: sql("DROP VIEW v"), undo: None };
    check(MYSQL, &before, &[execute, drop("a")], &["DROP VIEW v", "ALTER TABLE `t` DROP COLUMN `a`"]);
}

/// Catches a drop that has the next insert elsewhere fail, without a word.
#[test]
fn triggers_that_a_drop_leaves_behind_are_told() {
    let before = table(|table| {
        for on in ["t", "u"] {
            table.notes.dependents.push(Dependent {
                object: Some(ObjectId::trigger(format!("of_{on}"), on)),
                ..Dependent::new(DependentKind::Trigger, format!("of_{on}"))
            });
        }
    });
    let refused = Op::DropTable { table: "t".into(), if_exists: false, cascade: false };
    let refusal = Mysql.render(&[refused], &before, &server(MYSQL)).unwrap_err().to_string();
    assert!(refusal.contains("trigger of_u on u depends on it"), "{refusal}");
    let drop = Op::DropTable { table: "t".into(), if_exists: false, cascade: true };
    let statements = Mysql.render(&[drop], &before, &server(MYSQL)).unwrap();
    let told: Vec<&str> = statements[0].hazards.iter().map(|hazard| hazard.message.as_str()).collect();
    assert_eq!(told, ["drops table t and its rows", "trigger of_u on u mentions it, and fails from then on"]);
}

/// Catches values that are gone without a word: a column that is computed keeps none of its own.
#[test]
fn a_filled_column_that_becomes_computed_is_told() {
    let before = table(|_| {});
    let generated = dunlin_dsl::Generated { expr: sql("`a` + 1"), stored: true };
    let change = dunlin_dsl::ColumnChange::Generated(Some(generated));
    let op = Op::AlterColumn { table: "t".into(), column: "b".into(), change };
    let statements = Mysql.render(&[op], &before, &server(MYSQL)).unwrap();
    let hazards = &statements[0].hazards;
    let loss = hazards.iter().find(|hazard| hazard.kind == dunlin_dsl::HazardKind::DataLoss).unwrap();
    assert_eq!(loss.message, "drops what t.b holds, which is computed from now on");
}

#[test]
fn an_expression_that_a_rename_changed_is_not_written() {
    let before = table(|table| {
        let generated = dunlin_dsl::Generated { expr: sql("`a` + 1"), stored: true };
        table.column_mut("b").unwrap().generated = Some(generated);
    });
    let rename = Op::RenameColumn { table: "t".into(), column: "a".into(), to: "c".into() };
    let refused = "can't alter comment of column t.b: an expression that it writes anew mentions a, which was renamed \
                   just before";
    check(MARIADB, &before, &[rename, alter("b", ColumnChange::Comment(None))], &[refused]);
}

/// MySQL refuses it itself (3959, 3108, 3837), in the middle of a revision; MariaDB writes the new name there.
#[test]
fn a_column_that_an_expression_mentions_is_not_renamed() {
    let rename = || [Op::RenameColumn { table: "t".into(), column: "a".into(), to: "c".into() }];
    let checked = table(|table| table.checks.push(Check::new("t_check".into(), sql("`a` > 0"))));
    let generated = table(|table| {
        let generated = dunlin_dsl::Generated { expr: sql("`a` + 1"), stored: true };
        table.column_mut("b").unwrap().generated = Some(generated);
    });
    let indexed = table(|table| {
        table.indexes.push(Index::new("t_index".into(), vec![IndexKey::expr("`a` + 1")]));
    });
    for (before, user) in
        [(checked, "check t_check"), (generated, "generated column b"), (indexed, "index t_index")]
    {
        let refused = format!(
            "can't rename column t.a to c: MySQL 9.7.4 renames no column that an expression mentions, and {user} does"
        );
        check(MYSQL, &before, &rename(), &[&refused]);
        check(MARIADB, &before, &rename(), &["ALTER TABLE `t` RENAME COLUMN `a` TO `c`"]);
    }
}

#[test]
fn a_numbered_zero_is_refused() {
    let before = table(|table| table.column_mut("a").unwrap().identity = Some(Default::default()));
    let insert = |value: i32| Op::Insert {
        table: "t".into(),
        columns: vec!["a".into()],
        rows: vec![vec![value.into()]],
    };
    check(MYSQL, &before, &[insert(1)], &["INSERT INTO `t` (`a`) VALUES (1)"]);
    let refused =
        "can't insert 1 rows into table t: MySQL 9.7.4 gives the next number to a row that is numbered 0";
    check(MYSQL, &before, &[insert(0)], &[refused]);
}

#[test]
fn a_unique_index_is_a_unique_constraint() {
    let index = Index { unique: true, ..Index::new("u".into(), vec![IndexKey::column("a")]) };
    let create = Op::CreateIndex { table: "t".into(), index, if_not_exists: true, concurrently: false };
    check(
        MYSQL,
        &table(|_| {}),
        std::slice::from_ref(&create),
        &["ALTER TABLE `t` ADD CONSTRAINT `u` UNIQUE (`a`)"],
    );
    let has = table(|table| {
        table.uniques.push(dunlin_dsl::Unique {
            without_overlaps: false,
            label: "u".into(),
            columns: vec!["a".into()],
            nulls_not_distinct: false,
            deferrable: Deferrable::No,
            include: Vec::new(),
        });
    });
    check(MYSQL, &has, &[create], &[]);
    let drop = Op::DropIndex { table: "t".into(), name: "u".into(), if_exists: false, concurrently: false };
    check(MYSQL, &has, &[drop], &["ALTER TABLE `t` DROP INDEX `u`"]);
}

#[test]
fn a_name_that_is_there_in_another_case_is_not_another_one() {
    let drop = |column: &str| Op::DropColumn { table: "t".into(), column: column.into(), if_exists: true };
    let refused = Mysql.lower_ops(&[drop("A")], &table(|_| {}), &server(MYSQL)).unwrap_err();
    assert_eq!(refused.reason, "MySQL 9.7.4 takes A for column a of table t, which is there");
    assert_eq!(refused.instead, "spell it a");
    check(MYSQL, &table(|_| {}), &[drop("z")], &[]);
}

#[test]
fn lowering_again_changes_nothing() {
    for dialect in [MYSQL, MARIADB] {
        let server = server(dialect);
        let before = table(|table| table.column_mut("b").unwrap().charset = Some("latin1".into()));
        let ops = [
            alter("b", ColumnChange::Type { to: ColumnType::Json, using: None }),
            alter("b", ColumnChange::Type { to: int(), using: None }),
            Op::AddConstraint {
                table: "t".into(),
                constraint: Constraint::Check(Check::new("c".into(), Expr::Sql("a > b".into()))),
            },
            Op::DropColumn { table: "t".into(), column: "a".into(), if_exists: false },
        ];
        let once = Mysql.lower_ops(&ops, &before, &server).unwrap();
        assert_eq!(Mysql.lower_ops(&once, &before, &server).unwrap(), once);
    }
}
