//! What a foreign key needs of the tables at its ends: a change that would take it is refused before the server stops at it.

use dunlin_dsl::{ColumnChange, ColumnType, Constraint, ConstraintKind, IntWidth, Op, PrimaryKey};

use super::{is_mariadb, on_both, refused, run};

fn retype(table: &str, column: &str, to: ColumnType) -> Op {
    let change = ColumnChange::Type { to, using: None };
    Op::AlterColumn { table: table.into(), column: column.into(), change }
}

fn drop_key(table: &str, kind: ConstraintKind, name: &str) -> Op {
    Op::DropConstraint { table: table.into(), kind, name: name.into(), if_exists: false }
}

fn drop_index(table: &str, name: &str) -> Op {
    Op::DropIndex { table: table.into(), name: name.into(), if_exists: false, concurrently: false }
}

fn drop_column(table: &str, column: &str) -> Op {
    Op::DropColumn { table: table.into(), column: column.into(), if_exists: false }
}

/// Catches the servers' errors 1553, 1829, 1830, 1832, 1833 and 3780, which come when other statements have run already.
#[tokio::test]
async fn what_a_foreign_key_needs_stays() {
    on_both(async |conn| {
        let server = conn.server().await.unwrap();
        for text in [
            "CREATE TABLE p (id int, x varchar(10), y int, PRIMARY KEY (id), UNIQUE ux (x), KEY iy (y))",
            "CREATE TABLE c (a int, b varchar(10), n int, KEY ka (a, n), KEY kb (b), KEY kn (n), \
             CONSTRAINT f1 FOREIGN KEY (a) REFERENCES p (id) ON DELETE SET NULL, \
             CONSTRAINT f2 FOREIGN KEY (b) REFERENCES p (x))",
        ] {
            conn.execute(text).await.unwrap();
        }
        let big = ColumnType::Integer { width: IntWidth::Big, unsigned: false };
        let primary = PrimaryKey::over(vec!["a".into(), "n".into()]);
        for (op, why) in [
            (drop_index("c", "ka"), "table c needs an index that begins with a, and none would be left"),
            (drop_key("p", ConstraintKind::Unique, "ux"), "table c needs an index that begins with x"),
            (drop_key("p", ConstraintKind::PrimaryKey, ""), "table c needs an index that begins with id"),
            (drop_column("p", "x"), "a foreign key of table c has its column x"),
            (retype("c", "a", big.clone()), "table c has its column a, whose type can't change under it"),
            (retype("p", "id", big.clone()), "table c has its column id, whose type can't change under it"),
            (Op::AddConstraint { table: "c".into(), constraint: Constraint::PrimaryKey(primary) }, "sets a"),
        ] {
            let error = refused(conn, std::slice::from_ref(&op)).await;
            assert!(error.contains(why), "{server}: {op}: {error}");
        }
        let longer = [retype("c", "b", ColumnType::Varchar(20))];
        match is_mariadb(conn, &server) {
            true => assert!(refused(conn, &longer).await.contains("whose type can't change")),
            false => drop(run(conn, &longer).await),
        }
        // What isn't needed goes, and all goes where the foreign key goes with it.
        run(conn, &[drop_index("c", "kn"), drop_index("p", "iy")]).await;
        let undo = run(
            conn,
            &[
                drop_key("c", ConstraintKind::ForeignKey, "f1"),
                drop_index("c", "ka"),
                retype("p", "id", big.clone()),
                retype("c", "a", big),
            ],
        )
        .await;
        run(conn, &undo).await;
        run(conn, &[drop_key("c", ConstraintKind::ForeignKey, "f2"), drop_column("p", "x")]).await;
    })
    .await;
}
