//! Functions, procedures and scheduled events.

use dunlin_dsl::{
    Argument, ArgumentMode, ColumnType, DataAccess, Definition, EventChange, EventState, Existing, Object,
    ObjectChange, ObjectId, Op, Returns, Routine, RoutineChange, Schedule, ScheduledEvent, Security, Size,
    Unmodelled, Volatility, sql,
};

use super::{
    HOSTILE, alter, create, creates, drop, on_both, read, refused, rename, run, there_and_back, words,
};
use crate::mysql::tests::int;

fn arg(name: &str, ty: ColumnType, mode: ArgumentMode) -> Argument {
    Argument { name: name.into(), ty, mode, default: None }
}

fn routine(args: Vec<Argument>, returns: Option<ColumnType>, body: &str) -> Routine {
    Routine {
        args,
        returns: returns.map(Returns::Type),
        language: None,
        body: sql(body),
        volatility: Volatility::Volatile,
        strict: false,
        leakproof: false,
        parallel: Default::default(),
        security: None,
        cost: None,
        rows: None,
        settings: Default::default(),
        support: None,
        data_access: None,
    }
}

fn function() -> Routine {
    let args = vec![
        arg("a", int(), ArgumentMode::In),
        arg("b`c", ColumnType::Varchar(20), ArgumentMode::In),
        arg("old", ColumnType::Native("VARCHAR(5) CHARACTER SET latin1".into()), ArgumentMode::In),
        arg("j", ColumnType::Json, ArgumentMode::In),
        arg("e", ColumnType::Enum(vec!["x".into(), "y'z".into()]), ArgumentMode::In),
    ];
    Routine {
        volatility: Volatility::Immutable,
        security: Some(Security::Invoker),
        data_access: Some(DataAccess::NoSql),
        ..routine(
            args,
            Some(ColumnType::Text(Size::Normal)),
            "BEGIN\n  RETURN concat(a, ';?😀 it''s \\\\');\nEND;",
        )
    }
}

#[tokio::test]
async fn functions_there_and_back() {
    on_both(async |conn| {
        let id = ObjectId::any_function(HOSTILE);
        let what = format!("FUNCTION `{}`", HOSTILE.replace('`', "``"));
        let mut object = Object::new(id.clone(), Definition::Function(function()));
        object.comment = Some("it's \\ one".into());
        let op = Op::CreateObject { object: object.clone(), existing: Existing::Refuse };
        let found = creates(conn, &op, &what).await;
        assert_eq!(found.id.args.as_ref().map(Vec::len), Some(5));
        let changes = [
            ObjectChange::Comment(None),
            ObjectChange::Comment(Some("other".into())),
            ObjectChange::Routine(RoutineChange::Security(None)),
            ObjectChange::Routine(RoutineChange::Body(sql("RETURN 'it''s \\\\ \\' \"x\"'"))),
            ObjectChange::Routine(RoutineChange::Volatility(Volatility::Volatile)),
        ];
        for change in changes {
            there_and_back(conn, &what, &[alter(&id, change)]).await;
        }
        there_and_back(conn, &what, &[rename(&id, "other")]).await;
        there_and_back(conn, &what, &[drop(&id)]).await;
        // Whoever asks for it with its types is understood too.
        assert!(read(conn, &found.id).await.is_some());
        let mut new = object.clone();
        new.definition = Definition::Function(Routine { body: sql("RETURN 'new'"), ..function() });
        there_and_back(conn, &what, &[Op::CreateObject { object: new, existing: Existing::Replace }]).await;
        let before = words(conn, &what).await;
        run(conn, &[Op::CreateObject { object, existing: Existing::Keep }]).await;
        assert_eq!(words(conn, &what).await, before);
    })
    .await;
}

#[tokio::test]
async fn procedures_there_and_back() {
    on_both(async |conn| {
        let id = ObjectId::any_procedure("p");
        let args = vec![
            arg("a", int(), ArgumentMode::In),
            arg("b", ColumnType::Varchar(20), ArgumentMode::Out),
            arg("c", ColumnType::Decimal { precision: Some((10, 2)) }, ArgumentMode::InOut),
        ];
        let body = "BEGIN SELECT 'a;b' INTO b; SET c = a; END";
        let op = create(id.clone(), Definition::Procedure(routine(args, None, body)));
        creates(conn, &op, "PROCEDURE p").await;
        for access in [DataAccess::NoSql, DataAccess::ReadsSqlData, DataAccess::ModifiesSqlData] {
            let change = ObjectChange::Routine(RoutineChange::DataAccess(Some(access)));
            there_and_back(conn, "PROCEDURE p", &[alter(&id, change)]).await;
        }
        there_and_back(conn, "PROCEDURE p", &[alter(&id, ObjectChange::Comment(Some("c".into())))]).await;
    })
    .await;
}

#[tokio::test]
async fn one_routine_of_a_name() {
    on_both(async |conn| {
        let of = |ty: ColumnType, result: &str| {
            let args = vec![arg("a", ty.clone(), ArgumentMode::In)];
            let routine = routine(args, Some(int()), &format!("RETURN {result}"));
            let id = ObjectId::function("f", [ty]);
            Object::new(id, Definition::Function(Routine { data_access: Some(DataAccess::NoSql), ..routine }))
        };
        let create = |object, existing| Op::CreateObject { object, existing };
        let text = || ColumnType::Varchar(10);
        run(conn, &[create(Object { comment: Some("c".into()), ..of(int(), "1") }, Existing::Refuse)]).await;
        let before = words(conn, "FUNCTION f").await;
        run(conn, &[create(of(text(), "2"), Existing::Keep)]).await;
        assert_eq!(words(conn, "FUNCTION f").await, before);
        let undo = run(conn, &[create(of(text(), "2"), Existing::Replace)]).await;
        let replaced = words(conn, "FUNCTION f").await;
        assert!(replaced.contains("varchar(10)") && replaced.contains("COMMENT 'c'"), "{replaced}");
        run(conn, &undo).await;
        assert_eq!(words(conn, "FUNCTION f").await, before);
        // What comes before it in the same revision counts too.
        let second = create(of(text(), "2"), Existing::Refuse);
        let two = [drop(&ObjectId::any_function("f")), create(of(int(), "1"), Existing::Refuse), second];
        let error = refused(conn, &two).await;
        assert!(error.contains("has one function of a name, and there is function f(int"), "{error}");
    })
    .await;
}

#[tokio::test]
async fn events_there_and_back() {
    on_both(async |conn| {
        let id = ObjectId::event(HOSTILE);
        let what = format!("EVENT `{}`", HOSTILE.replace('`', "``"));
        let event = ScheduledEvent {
            schedule: Schedule::Every {
                interval: "'1:30' hour_minute".into(),
                starts: Some("2030-01-01 00:00:00".into()),
                ends: Some("2031-01-01 00:00:00".into()),
            },
            body: sql("BEGIN SET @a = 'x;?😀'; SET @b = 1; END;"),
            preserve: true,
            state: EventState::Disabled,
        };
        let mut object = Object::new(id.clone(), Definition::Event(event));
        object.comment = Some("it's".into());
        creates(conn, &Op::CreateObject { object, existing: Existing::Refuse }, &what).await;
        let changes = [
            EventChange::Schedule(Schedule::At("2032-01-01 00:00:00".into())),
            EventChange::Schedule(Schedule::Every {
                interval: "3 quarter".into(),
                starts: Some("2030-01-01 00:00:00".into()),
                ends: None,
            }),
            EventChange::Preserve(false),
            EventChange::State(EventState::Enabled),
            EventChange::State(EventState::DisabledOnReplica),
            EventChange::Body(sql("SET @c = 1")),
        ];
        for change in changes {
            there_and_back(conn, &what, &[alter(&id, ObjectChange::Event(change))]).await;
        }
        there_and_back(conn, &what, &[alter(&id, ObjectChange::Comment(None))]).await;
        there_and_back(conn, &what, &[rename(&id, "other")]).await;
        there_and_back(conn, &what, &[drop(&id)]).await;
    })
    .await;
}

#[tokio::test]
async fn an_aggregate_function_is_left_as_it_is() {
    on_both(async |conn| {
        if conn.server().await.unwrap().dialect != dunlin_dsl::DialectId::Mariadb {
            return;
        }
        conn.execute(
            "CREATE AGGREGATE FUNCTION total(x int) RETURNS int BEGIN DECLARE s int DEFAULT 0; \
             DECLARE CONTINUE HANDLER FOR NOT FOUND RETURN s; LOOP FETCH GROUP NEXT ROW; SET s = s + x; END LOOP; END",
        )
        .await
        .unwrap();
        let id = ObjectId::any_function("total");
        let found = super::read(conn, &id).await.unwrap();
        assert_eq!(found.notes.unmodelled, [Unmodelled::thing("a body over all rows (AGGREGATE)")]);
        let error = super::refused(conn, &[super::rename(&id, "sum_of")]).await;
        assert!(error.contains("which would be lost"), "{error}");
    })
    .await;
}

#[tokio::test]
async fn a_renamed_event_keeps_its_definer_and_stays_off() {
    on_both(async |conn| {
        conn.execute("CREATE DEFINER='other'@'%' EVENT e ON SCHEDULE EVERY 1 DAY DISABLE DO SET @a = 1")
            .await
            .unwrap();
        let id = ObjectId::event("e");
        super::run(conn, &[super::rename(&id, "f")]).await;
        let found = super::read(conn, &ObjectId::event("f")).await.unwrap();
        assert_eq!(found.notes.owner.as_deref(), Some("other@%"));
        let words = super::words(conn, "EVENT f").await;
        assert!(words.contains(" DISABLE "), "{words}");
    })
    .await;
}

#[tokio::test]
async fn an_event_that_is_over_is_undone_all_the_same() {
    on_both(async |conn| {
        let of = ScheduledEvent {
            schedule: Schedule::At(sql("'2020-01-01 00:00:00'")),
            body: sql("SET @a = 1"),
            preserve: false,
            state: EventState::Enabled,
        };
        let undo = run(conn, &[create(ObjectId::event("e"), Definition::Event(of))]).await;
        assert_eq!(read(conn, &ObjectId::event("e")).await, None, "it is over, and gone");
        run(conn, &undo).await;
    })
    .await;
}
