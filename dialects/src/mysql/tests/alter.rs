//! What stands together in one ALTER TABLE, and what it says.

use super::*;

#[test]
fn a_change_of_a_column_says_all_of_it() {
    let before = table(|table| {
        let b = table.column_mut("b").unwrap();
        b.not_null = true;
        b.default = Some("x".into());
        b.charset = Some("utf8mb4".into());
        b.collation = dunlin_dsl::PerDialect::everywhere("utf8mb4_bin".into());
        b.comment = Some("kept".into());
        b.invisible = true;
    });
    let kept = "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL INVISIBLE DEFAULT 'x' COMMENT 'kept'";
    let longer = ColumnChange::Type { to: ColumnType::Varchar(30), using: None };
    check(
        MYSQL,
        &before,
        &[alter("b", longer)],
        &[&format!("ALTER TABLE `t` MODIFY COLUMN `b` varchar(30) {kept}")],
    );
    let changes = [alter("b", ColumnChange::NotNull(false)), alter("b", ColumnChange::Default(None))];
    let both = kept.replace(" NOT NULL", "").replace(" DEFAULT 'x'", "");
    check(MYSQL, &before, &changes, &[&format!("ALTER TABLE `t` MODIFY COLUMN `b` varchar(20) {both}")]);
}

#[test]
fn rows_get_what_the_column_said_when_it_was_added() {
    let column = Column { not_null: true, default: Some(5.into()), ..Column::new("c", int()) };
    let add = Op::AddColumn { table: "t".into(), column, position: None, if_not_exists: false };
    check(
        MYSQL,
        &table(|_| {}),
        &[add, alter("c", ColumnChange::Default(None))],
        &[
            "ALTER TABLE `t` ADD COLUMN `c` int NOT NULL DEFAULT 5",
            "ALTER TABLE `t` MODIFY COLUMN `c` int NOT NULL",
        ],
    );
}

#[test]
fn a_type_changed_twice_is_two_statements() {
    let to = |to| alter("b", ColumnChange::Type { to, using: None });
    check(
        MYSQL,
        &table(|_| {}),
        &[to(int()), to(ColumnType::Text(Size::Normal))],
        &["ALTER TABLE `t` MODIFY COLUMN `b` int", "ALTER TABLE `t` MODIFY COLUMN `b` text"],
    );
}

#[test]
fn only_what_changes_of_the_options_is_said() {
    let before = table(|table| {
        table.options.engine = Some("InnoDB".into());
        table.options.charset = Some("utf8mb4".into());
        table.options.collation = Some("utf8mb4_bin".into());
    });
    let options = |change: fn(&mut dunlin_dsl::TableOptions)| {
        let mut options = before.get(&"t".into()).unwrap().options.clone();
        change(&mut options);
        [Op::SetTableOptions { table: "t".into(), options }]
    };
    check(MYSQL, &before, &options(|_| {}), &[]);
    check(
        MYSQL,
        &before,
        &options(|options| options.row_format = Some("COMPRESSED".into())),
        &["ALTER TABLE `t` ROW_FORMAT=COMPRESSED"],
    );
    check(
        MYSQL,
        &before,
        &options(|options| options.engine = Some("x; DROP TABLE t".into())),
        &["can't use \"x; DROP TABLE t\": MySQL 9.7.4 has no such character set, collation or engine"],
    );
}

/// Catches a change that stops writers, and doesn't say so.
#[test]
fn who_waits_for_a_change_is_told() {
    use dunlin_dsl::HazardKind::{BlocksWrites, Rewrite};
    let before = table(|_| {});
    let told = |ops: &[Op]| {
        let statements = Mysql.render(ops, &before, &server(MYSQL)).unwrap();
        let hazards = statements.iter().flat_map(|statement| &statement.hazards).map(|hazard| hazard.kind);
        hazards.filter(|kind| [Rewrite, BlocksWrites].contains(kind)).collect::<Vec<_>>()
    };
    let index = |method: Option<&str>| Op::CreateIndex {
        table: "t".into(),
        index: Index {
            method: method.map(str::to_owned),
            ..Index::new("i".into(), vec![IndexKey::column("b")])
        },
        if_not_exists: false,
        concurrently: false,
    };
    assert_eq!(told(&[alter("a", ColumnChange::Comment(Some("x".into())))]), []);
    assert_eq!(told(&[index(None)]), []);
    assert_eq!(told(&[alter("a", ColumnChange::NotNull(true))]), [Rewrite]);
    assert_eq!(told(&[index(Some("fulltext"))]), [Rewrite, BlocksWrites]);
    let text = ColumnChange::Type { to: ColumnType::Text(Size::Normal), using: None };
    assert_eq!(told(&[alter("a", text)]), [Rewrite, BlocksWrites]);
    let allow = Op::AlterTable { table: "t".into(), change: TableChange::AllowCopy };
    let comment = alter("a", ColumnChange::Comment(Some("x".into())));
    let statements = Mysql.render(&[comment, allow], &before, &server(MYSQL)).unwrap();
    assert_eq!(statements[0].sql, "ALTER TABLE `t` MODIFY COLUMN `a` int COMMENT 'x'");
    assert_eq!(statements[0].hazards[1].message, "may write t anew");
}

/// Catches an index that MariaDB builds anew for a new name, or for longer text.
#[test]
fn what_an_index_keeps_changes_apart_from_what_is_of_the_table() {
    let before = table(|table| {
        table.indexes.push(Index::new("i".into(), vec![IndexKey::column("a")]));
        table.column_mut("b").unwrap().charset = Some("utf8mb4".into());
    });
    let rename = Op::RenameIndex { table: "t".into(), name: "i".into(), to: "j".into() };
    let remark = Op::SetTableComment { table: "t".into(), comment: Some("x".into()) };
    let longer = alter("b", ColumnChange::Type { to: ColumnType::Varchar(30), using: None });
    check(
        MARIADB,
        &before,
        &[longer, remark.clone()],
        &[
            "ALTER TABLE `t` MODIFY COLUMN `b` varchar(30) CHARACTER SET utf8mb4",
            "ALTER TABLE `t` COMMENT='x'",
        ],
    );
    check(
        MARIADB,
        &before,
        &[rename, remark],
        &["ALTER TABLE `t` RENAME INDEX `i` TO `j`", "ALTER TABLE `t` COMMENT='x'"],
    );
}

#[test]
fn a_virtual_column_is_not_made_another() {
    let generated = |stored| dunlin_dsl::Generated { expr: sql("a + 1"), stored };
    let before = table(|table| table.column_mut("b").unwrap().generated = Some(generated(false)));
    let refused = "can't alter generation expression of column t.b: MySQL 9.7.4 makes no column virtual, nor a \
                   virtual one another";
    check(MYSQL, &before, &[alter("b", ColumnChange::Generated(None))], &[refused]);
    check(MYSQL, &before, &[alter("b", ColumnChange::Generated(Some(generated(true))))], &[refused]);
}

#[test]
fn a_numbered_column_has_its_key_in_the_same_statement() {
    let column = Column { identity: Some(Default::default()), ..Column::new("n", int()) };
    let ops = [
        Op::AddColumn { table: "t".into(), column, position: None, if_not_exists: false },
        Op::CreateIndex {
            table: "t".into(),
            index: Index::new("i".into(), vec![IndexKey::column("n")]),
            if_not_exists: false,
            concurrently: false,
        },
    ];
    let expected = "ALTER TABLE `t` ADD COLUMN `n` int NOT NULL AUTO_INCREMENT, ADD INDEX `i` (`n`)";
    check(MYSQL, &table(|_| {}), &ops, &[expected]);
}

/// Catches a statement that names two character sets, which MariaDB refuses.
#[test]
fn text_converted_twice_is_two_statements() {
    let convert = |charset: &str| Op::AlterTable {
        table: "t".into(),
        change: TableChange::Text { charset: Some(charset.into()), collation: None },
    };
    let before = table(|table| table.options.charset = Some("utf8mb4".into()));
    let expected = [
        "ALTER TABLE `t` DEFAULT CHARACTER SET=latin1, MODIFY COLUMN `b` varchar(20) CHARACTER SET latin1",
        "ALTER TABLE `t` DEFAULT CHARACTER SET=utf8mb4, MODIFY COLUMN `b` varchar(20) CHARACTER SET utf8mb4",
    ];
    check(MARIADB, &before, &[convert("latin1"), convert("utf8mb4")], &expected);
}
