//! Sequences, which MariaDB has.

use dunlin_dsl::{Definition, DialectId, Object, ObjectChange, ObjectId, Op, Sequence, SequenceChange};

use super::{HOSTILE, alter, create, creates, drop, on_both, refused, rename, run, there_and_back};

#[tokio::test]
async fn sequences_there_and_back() {
    on_both(async |conn| {
        let server = conn.server().await.unwrap();
        let id = ObjectId::sequence(HOSTILE);
        let what = format!("SEQUENCE `{}`", HOSTILE.replace('`', "``"));
        let plain = create(ObjectId::sequence("s"), Definition::Sequence(Sequence::default()));
        if server.dialect == DialectId::Mysql {
            let error = refused(conn, &[plain]).await;
            assert!(error.ends_with("has no sequences"), "{error}");
            return;
        }
        creates(conn, &plain, "SEQUENCE s").await;
        let sequence = Sequence {
            start: Some(5),
            increment: Some(2),
            min: Some(-10),
            max: Some(100),
            cache: Some(10),
            cycle: true,
            ..Sequence::default()
        };
        let mut object = Object::new(id.clone(), Definition::Sequence(sequence));
        object.comment = Some("it's".into());
        creates(conn, &Op::CreateObject { object, existing: Default::default() }, &what).await;
        let changes = [
            SequenceChange::Start(None),
            SequenceChange::Start(Some(7)),
            SequenceChange::Increment(None),
            SequenceChange::Min(None),
            SequenceChange::Max(None),
            SequenceChange::Max(Some(90)),
            SequenceChange::Cache(None),
            SequenceChange::Cycle(false),
        ];
        for change in changes {
            there_and_back(conn, &what, &[alter(&id, ObjectChange::Sequence(change))]).await;
        }
        there_and_back(conn, &what, &[alter(&id, ObjectChange::Comment(None))]).await;
        there_and_back(conn, &what, &[rename(&id, "other")]).await;
        there_and_back(conn, &what, &[drop(&id)]).await;
        let down = Sequence { increment: Some(-1), ..Sequence::default() };
        creates(conn, &create(ObjectId::sequence("down"), Definition::Sequence(down)), "SEQUENCE down").await;
        conn.execute("CREATE TABLE t (id int DEFAULT (nextval(s)))").await.unwrap();
        let error = refused(conn, &[drop(&ObjectId::sequence("s"))]).await;
        assert_eq!(error, "can't drop sequence s: column t.id depends on it");
        conn.execute("DROP TABLE t").await.unwrap();
        let server = conn.server().await.unwrap();
        let restart = alter(&ObjectId::sequence("s"), ObjectChange::Restart(Some(40)));
        let before = dunlin_dsl::Dialect::introspect(&crate::mysql::Mysql, conn, &[ObjectId::sequence("s")])
            .await
            .unwrap();
        for statement in
            dunlin_dsl::Dialect::render(&crate::mysql::Mysql, &[restart], &before, &server).unwrap()
        {
            conn.execute(&statement.sql).await.unwrap();
        }
        assert_eq!(conn.query("SELECT nextval(s)").await.unwrap()[0].int(0), Some(40));
        run(conn, &[drop(&ObjectId::sequence("s"))]).await;
    })
    .await;
}
