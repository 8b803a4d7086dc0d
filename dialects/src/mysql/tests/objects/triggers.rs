//! Triggers, at their places.

use dunlin_dsl::{
    Aside, Connection, Definition, Each, Enabled, ObjectId, Op, Timing, Trigger, TriggerAction, TriggerEvent,
    TriggerOrder, sql,
};

use super::{HOSTILE, create, creates, drop, on_both, read, refused, rename, run, there_and_back, words};

fn trigger(body: &str, order: Option<TriggerOrder>) -> Trigger {
    Trigger {
        timing: Timing::Before,
        events: [TriggerEvent::Insert].into(),
        update_of: Vec::new(),
        each: Each::Row,
        when: None,
        action: TriggerAction::Body(sql(body)),
        old_table: None,
        new_table: None,
        constraint: false,
        deferrable: Default::default(),
        from: None,
        enabled: Enabled::Origin,
        order: Aside(order),
    }
}

async fn order(conn: &mut dyn Connection) -> Vec<String> {
    let rows = conn
        .query(
            "SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() \
             ORDER BY EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER",
        )
        .await
        .unwrap();
    rows.iter().map(|row| row.text(0).unwrap()).collect()
}

#[tokio::test]
async fn triggers_there_and_back() {
    on_both(async |conn| {
        conn.execute("CREATE TABLE `t``t` (id int PRIMARY KEY, a varchar(50))").await.unwrap();
        let id = ObjectId::trigger(HOSTILE, "t`t");
        let what = format!("TRIGGER `{}`", HOSTILE.replace('`', "``"));
        let body = "BEGIN SET NEW.a = 'x;?😀 it''s \\\\'; SET @x = 1; END;";
        creates(conn, &create(id.clone(), Definition::Trigger(trigger(body, None))), &what).await;
        let after = Trigger {
            timing: Timing::After,
            events: [TriggerEvent::Delete].into(),
            ..trigger("SET @y = OLD.id", None)
        };
        let change = dunlin_dsl::ObjectChange::Definition(Box::new(Definition::Trigger(after)));
        there_and_back(conn, &what, &[Op::AlterObject { object: id.clone(), change }]).await;
        there_and_back(conn, &what, &[rename(&id, "other")]).await;
        there_and_back(conn, &what, &[drop(&id)]).await;
        let two = Trigger {
            events: [TriggerEvent::Insert, TriggerEvent::Delete].into(),
            ..trigger("SET @y = 1", None)
        };
        let error = refused(conn, &[create(ObjectId::trigger("two", "t`t"), Definition::Trigger(two))]).await;
        assert!(error.ends_with("has triggers of one event alone"), "{error}");
    })
    .await;
}

#[tokio::test]
async fn triggers_keep_their_places() {
    on_both(async |conn| {
        conn.execute("CREATE TABLE t (id int PRIMARY KEY, a varchar(50))").await.unwrap();
        let on = |name: &str| ObjectId::trigger(name, "t");
        let make = |name: &str, order| create(on(name), Definition::Trigger(trigger("SET @x = 1", order)));
        run(
            conn,
            &[
                make("m", None),
                make("z", Some(TriggerOrder::Precedes("m".into()))),
                make("a", Some(TriggerOrder::Follows("m".into()))),
            ],
        )
        .await;
        assert_eq!(order(conn).await, ["z", "m", "a"]);
        for name in ["z", "m", "a"] {
            there_and_back(conn, &format!("TRIGGER {name}"), &[drop(&on(name))]).await;
            assert_eq!(order(conn).await, ["z", "m", "a"], "{name}");
            there_and_back(conn, &format!("TRIGGER {name}"), &[rename(&on(name), "q")]).await;
            assert_eq!(order(conn).await, ["z", "m", "a"], "{name}");
        }
        // They go with their table, and come back with it; they stay where it gets another name or another column.
        let drop_table = Op::DropTable { table: "t".into(), if_exists: false, cascade: false };
        there_and_back(conn, "TRIGGER m", &[drop_table]).await;
        assert_eq!(order(conn).await, ["z", "m", "a"]);
        there_and_back(conn, "TRIGGER m", &[Op::RenameTable { table: "t".into(), to: "u".into() }]).await;
        assert_eq!(order(conn).await, ["z", "m", "a"]);
        let before = words(conn, "TRIGGER m").await;
        let change = dunlin_dsl::ColumnChange::Type { to: dunlin_dsl::ColumnType::Varchar(60), using: None };
        run(conn, &[Op::AlterColumn { table: "t".into(), column: "a".into(), change }]).await;
        assert_eq!(words(conn, "TRIGGER m").await, before);
        assert!(read(conn, &on("m")).await.is_some());
    })
    .await;
}

/// Whatever order they are dropped in, the undo names none that isn't there yet, and puts each back at its place.
#[tokio::test]
async fn triggers_come_back_to_their_places_in_whatever_order_they_went() {
    on_both(async |conn| {
        conn.execute("CREATE TABLE t (id int PRIMARY KEY)").await.unwrap();
        let on = |name: &str| ObjectId::trigger(name, "t");
        let all = ["c", "a", "d", "b"];
        for name in all {
            run(conn, &[create(on(name), Definition::Trigger(trigger("SET @x = 1", None)))]).await;
        }
        let orders = (0..256).map(|n| [n & 3, n >> 2 & 3, n >> 4 & 3, n >> 6 & 3]);
        for order_of_drops in orders.filter(|order| (0..4).all(|at| order.contains(&at))) {
            for count in 2..=4 {
                let drops: Vec<Op> = order_of_drops[..count].iter().map(|at| drop(&on(all[*at]))).collect();
                let undo = run(conn, &drops).await;
                run(conn, &undo).await;
                assert_eq!(order(conn).await, all, "{drops:?}");
            }
        }
        // One that gets another name is the same to its neighbours.
        let undo = run(conn, &[rename(&on("a"), "q"), drop(&on("d")), drop(&on("q"))]).await;
        run(conn, &undo).await;
        assert_eq!(order(conn).await, all);
        let table = Op::DropTable { table: "t".into(), if_exists: false, cascade: false };
        let undo = run(conn, &[drop(&on("c")), drop(&on("d")), table]).await;
        run(conn, &undo).await;
        assert_eq!(order(conn).await, all);
    })
    .await;
}

#[tokio::test]
async fn a_replaced_trigger_keeps_its_place_or_gets_another() {
    on_both(async |conn| {
        conn.execute("CREATE TABLE t (id int PRIMARY KEY)").await.unwrap();
        let id = |name: &str| ObjectId::trigger(name, "t");
        for name in ["a", "b", "c"] {
            run(conn, &[create(id(name), Definition::Trigger(trigger("SET @a = 1", None)))]).await;
        }
        let replace = |name: &str, body: &str, order: Option<TriggerOrder>| Op::CreateObject {
            object: dunlin_dsl::Object::new(id(name), Definition::Trigger(trigger(body, order))),
            existing: dunlin_dsl::Existing::Replace,
        };
        run(conn, &[replace("a", "SET @a = 2", None)]).await;
        assert_eq!(order(conn).await, ["a", "b", "c"]);
        let undo = run(conn, &[replace("c", "SET @a = 1", Some(TriggerOrder::Precedes("a".into())))]).await;
        assert_eq!(order(conn).await, ["c", "a", "b"]);
        run(conn, &undo).await;
        assert_eq!(order(conn).await, ["a", "b", "c"]);
        let lost = create(id("d"), Definition::Trigger(trigger("SET @a = 1; SET @b = 1", None)));
        let error = refused(conn, &[lost]).await;
        assert!(error.contains("it has several statements"), "{error}");
        // The number of this is that of a lost connection on MySQL.
        let error = conn
            .execute("CREATE TRIGGER d BEFORE INSERT ON t FOR EACH ROW FOLLOWS nobody SET @a = 1")
            .await
            .unwrap_err();
        assert_eq!(error.kind, dunlin_dsl::ErrorKind::Statement, "{error}");
    })
    .await;
}
