//! Data that stands in a script behind its statement.

use dunlin::{ConnectionError, ErrorKind};

use crate::on_every_server;

on_every_server!(only_postgres_takes_data, async |db: &TestDb| {
    let mut database = db.open().await;
    let conn = database.connection();
    conn.execute("CREATE TABLE t (id INTEGER)").await.unwrap();
    let mut pieces = vec![b"2\n3\n".to_vec(), b"1\n".to_vec()];
    let copied = conn.copy_in("COPY t FROM stdin", &mut || Ok(pieces.pop())).await;
    if !db.kind.is_postgres() {
        assert_eq!(copied.unwrap_err().kind, ErrorKind::Statement);
        return;
    }
    assert_eq!(copied, Ok(3));

    // Data that fails half-way leaves nothing, and the connection works on.
    let mut pieces =
        vec![Err(ConnectionError::new(ErrorKind::Statement, "no more")), Ok(Some(b"4\n".to_vec()))];
    let copied = conn.copy_in("COPY t FROM stdin", &mut || pieces.pop().unwrap()).await;
    assert_eq!(copied.unwrap_err().message, "no more");
    let mut wrong = Some(b"5\nx\n".to_vec());
    let copied = conn.copy_in("COPY t FROM stdin", &mut || Ok(wrong.take())).await;
    assert_eq!(copied.unwrap_err().code.as_deref(), Some("22P02"));
    assert_eq!(conn.query("SELECT count(*) FROM t").await.unwrap()[0].int(0), Some(3));
});
