//! Views.

use dunlin_dsl::{
    Algorithm, CheckOption, Definition, ObjectChange, ObjectId, Op, Security, View, ViewChange, sql,
};

use super::{
    HOSTILE, alter, create, creates, drop, on_both, read, refused, rename, run, there_and_back, words,
};

fn view(query: &str) -> View {
    View {
        query: sql(query),
        columns: Vec::new(),
        check_option: None,
        security: None,
        security_barrier: false,
        algorithm: None,
        defaults: Default::default(),
        column_comments: Default::default(),
    }
}

#[tokio::test]
async fn views_there_and_back() {
    on_both(async |conn| {
        conn.execute("CREATE TABLE t (id int PRIMARY KEY, a varchar(20))").await.unwrap();
        let id = ObjectId::view(HOSTILE);
        let what = format!("VIEW `{}`", HOSTILE.replace('`', "``"));
        let whole = View {
            columns: vec!["x".into(), "y`z".into()],
            check_option: Some(CheckOption::Local),
            security: Some(Security::Invoker),
            algorithm: Some(Algorithm::Merge),
            ..view("SELECT id, concat(a, 'it''s \\\\ ü😀?;') FROM t WHERE id > 0;")
        };
        creates(conn, &create(id.clone(), Definition::View(whole)), &what).await;
        let changes = [
            ViewChange::Query(sql("SELECT id, a AS b FROM t")),
            ViewChange::CheckOption(None),
            ViewChange::CheckOption(Some(CheckOption::Cascaded)),
            ViewChange::Security(None),
            ViewChange::Algorithm(None),
        ];
        for change in changes {
            there_and_back(conn, &what, &[alter(&id, ObjectChange::View(change))]).await;
        }
        there_and_back(conn, &what, &[rename(&id, "other")]).await;
        let dropped = [alter(&id, ObjectChange::View(ViewChange::Security(None))), drop(&id)];
        there_and_back(conn, &what, &dropped).await;
        let same = alter(&id, ObjectChange::View(ViewChange::Security(Some(Security::Invoker))));
        assert_eq!(run(conn, &[same]).await.len(), 1);
        // There is no place for it.
        let before = words(conn, &what).await;
        run(conn, &[alter(&id, ObjectChange::Comment(Some("x".into())))]).await;
        assert_eq!(words(conn, &what).await, before);
    })
    .await;
}

#[tokio::test]
async fn a_definer_is_kept() {
    on_both(async |conn| {
        conn.execute("CREATE TABLE t (id int PRIMARY KEY)").await.unwrap();
        conn.execute("CREATE DEFINER='it''s'@'localhost' VIEW v AS SELECT id FROM t").await.unwrap();
        let id = ObjectId::view("v");
        let found = read(conn, &id).await.unwrap();
        assert_eq!(found.notes.owner.as_deref(), Some("it's@localhost"));
        there_and_back(conn, "VIEW v", &[drop(&id)]).await;
        there_and_back(conn, "VIEW v", &[alter(&id, ObjectChange::Owner("other@%".into()))]).await;
        // One of the connection's own user goes to another, and back.
        for sql in [
            "CREATE VIEW mine AS SELECT id FROM t",
            "CREATE FUNCTION f() RETURNS int DETERMINISTIC NO SQL RETURN 1",
            "CREATE EVENT e ON SCHEDULE AT '2035-01-01' DO SET @a = 1",
            "CREATE TRIGGER `r` BEFORE INSERT ON `t` FOR EACH ROW SET @a = 1",
        ] {
            conn.execute(sql).await.unwrap();
        }
        for (id, what) in [
            (ObjectId::view("mine"), "VIEW mine"),
            (ObjectId::any_function("f"), "FUNCTION f"),
            (ObjectId::event("e"), "EVENT e"),
            (ObjectId::trigger("r", "t"), "TRIGGER r"),
        ] {
            there_and_back(conn, what, &[alter(&id, ObjectChange::Owner("other@%".into()))]).await;
        }
    })
    .await;
}

#[tokio::test]
async fn what_a_view_reads_cant_go_without_it() {
    on_both(async |conn| {
        conn.execute("CREATE TABLE t (id int PRIMARY KEY, a int)").await.unwrap();
        run(conn, &[create(ObjectId::view("v"), Definition::View(view("SELECT id FROM t")))]).await;
        run(conn, &[create(ObjectId::view("w"), Definition::View(view("SELECT id FROM v")))]).await;
        let drop_table = Op::DropTable { table: "t".into(), if_exists: false, cascade: false };
        let error = refused(conn, std::slice::from_ref(&drop_table)).await;
        assert!(error.contains("view v"), "{error}");
        let error = refused(conn, &[drop(&ObjectId::view("v"))]).await;
        assert_eq!(error, "can't drop view v: view w depends on it");
        let error = refused(conn, &[rename(&ObjectId::view("v"), "x")]).await;
        assert_eq!(error, "can't rename view v to x: view w names it, and would be left broken");
        let before = (words(conn, "VIEW v").await, words(conn, "VIEW w").await);
        let all = [drop(&ObjectId::view("w")), drop(&ObjectId::view("v")), drop_table];
        let undo = run(conn, &all).await;
        run(conn, &undo).await;
        assert_eq!((words(conn, "VIEW v").await, words(conn, "VIEW w").await), before);
        // A routine that reads it is named too, and goes before it.
        conn.execute("CREATE PROCEDURE p(a int, OUT b int) SELECT count(*) INTO b FROM w WHERE id > a")
            .await
            .unwrap();
        let error = refused(conn, &[drop(&ObjectId::view("w"))]).await;
        assert!(error.contains("procedure p(int"), "{error}");
        let undo = run(conn, &[drop(&ObjectId::any_procedure("p")), drop(&ObjectId::view("w"))]).await;
        run(conn, &undo).await;
        conn.execute("DROP PROCEDURE p").await.unwrap();
        // A name that is asked for as a table's may be a view's.
        assert!(read(conn, &ObjectId::view("v")).await.is_some());
        let asked =
            dunlin_dsl::Dialect::introspect(&crate::mysql::Mysql, conn, &[ObjectId::table("v")]).await;
        assert!(asked.unwrap().object(&ObjectId::view("v")).is_some());
    })
    .await;
}

#[tokio::test]
async fn a_comment_takes_in_no_check_option() {
    on_both(async |conn| {
        conn.execute("CREATE TABLE t (id int PRIMARY KEY)").await.unwrap();
        for (name, query) in [("v", "SELECT id FROM t WHERE id > 0 -- some"), ("w", "SELECT id FROM t # all")]
        {
            let of = View { check_option: Some(CheckOption::Cascaded), ..view(query) };
            run(conn, &[create(ObjectId::view(name), Definition::View(of))]).await;
            let words = words(conn, &format!("VIEW {name}")).await;
            assert!(words.contains("WITH CASCADED CHECK OPTION"), "{words}");
        }
        let two = create(ObjectId::view("x"), Definition::View(view("SELECT id FROM t; DROP TABLE t")));
        let error = refused(conn, &[two]).await;
        assert!(error.contains("it has several statements"), "{error}");
    })
    .await;
}
