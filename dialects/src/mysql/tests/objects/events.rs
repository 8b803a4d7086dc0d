//! When events run.

use dunlin_dsl::{Definition, EventState, Expr, ObjectChange, ObjectId, Op, Schedule, ScheduledEvent, sql};

use super::{alter, create, drop, on_both, read, refused, run, there_and_back, words};

fn event(schedule: Schedule) -> ScheduledEvent {
    ScheduledEvent { schedule, body: sql("SET @a = 1"), preserve: true, state: EventState::Disabled }
}

fn every(interval: &str, starts: Option<Expr>, ends: Option<Expr>) -> Op {
    let schedule = Schedule::Every { interval: interval.into(), starts, ends };
    create(ObjectId::event("e"), Definition::Event(event(schedule)))
}

/// The server keeps the moment of creation as the first time, and so does whatever is done and undone after it.
#[tokio::test]
async fn an_event_without_a_first_time_keeps_the_one_it_got() {
    on_both(async |conn| {
        let id = ObjectId::event("e");
        run(conn, &[every("1 DAY", None, None)]).await;
        let before = words(conn, "EVENT e").await;
        assert!(before.contains("STARTS"), "{before}");
        conn.sleep(std::time::Duration::from_millis(1100)).await;
        let undo = run(conn, &[drop(&id)]).await;
        run(conn, &undo).await;
        assert_eq!(words(conn, "EVENT e").await, before);
        there_and_back(conn, "EVENT e", &[alter(&id, ObjectChange::Comment(Some("c".into())))]).await;
        let Definition::Event(event) = read(conn, &id).await.unwrap().definition else { panic!() };
        let Schedule::Every { starts, .. } = event.schedule else { panic!() };
        assert!(starts.is_some());
    })
    .await;
}

/// A comment ends with its line, and takes in nothing of what stands behind it.
#[tokio::test]
async fn comments_in_times() {
    on_both(async |conn| {
        let with = |time: &str, comment: &str| Some(sql(format!("'{time}' {comment}")));
        let (starts, ends) =
            (with("2030-01-01 00:00:00", "-- from then on"), with("2031-01-01 00:00:00", "# till then"));
        run(conn, &[every("1 DAY", starts, ends)]).await;
        let found = words(conn, "EVENT e").await;
        for part in ["STARTS '2030", "ENDS '2031", "ON COMPLETION PRESERVE", "DISABLE", "SET @a = 1"] {
            assert!(found.contains(part), "{part}: {found}");
        }
        let at = Schedule::At(sql("'2030-01-01 00:00:00' -- then"));
        run(conn, &[create(ObjectId::event("at"), Definition::Event(event(at)))]).await;
        assert!(words(conn, "EVENT at").await.contains("ON COMPLETION PRESERVE"));
        let error = refused(conn, &[every("1 -- DAY", None, None)]).await;
        assert!(error.contains("as an interval"), "{error}");
    })
    .await;
}

#[tokio::test]
async fn units_of_an_interval() {
    on_both(async |conn| {
        let error = refused(conn, &[every("1 FORTNIGHT", None, None)]).await;
        assert!(error.ends_with("has no unit FORTNIGHT of an event's interval"), "{error}");
        for unit in crate::mysql::lower::object::UNITS {
            run(conn, &[every(&format!("'1' {}", unit.to_lowercase()), None, None)]).await;
            run(conn, &[drop(&ObjectId::event("e"))]).await;
        }
        conn.execute("CREATE EVENT m ON SCHEDULE EVERY 5 MICROSECOND DO SET @a = 1").await.unwrap_err();
    })
    .await;
}
