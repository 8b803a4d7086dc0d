//! Creates and drops the tables and other objects of a declared schema, for projects that need no history.

use std::collections::BTreeMap;

use dunlin_dsl::{
    BatchError, Connection, Name, Object, ObjectId, Op, Schema, Statement, creation_ops, drop_ops,
};

use crate::error::{Error, FailedStatement, Kept, Kind, Result};
use crate::event::Listener;
use crate::layout::Layout;
use crate::lock::Session;
use crate::options::Options;

/// Creates the tables and other objects of `schema` that don't exist, and gives the tables' names in the order in which
/// they were created.
///
/// What exists is left alone, whatever it looks like. Foreign keys decide the order, and cycles of them work.
/// Where DDL has transactions it is all of them or none.
pub async fn create_all(conn: &mut dyn Connection, schema: &Schema, options: &Options) -> Result<Vec<Name>> {
    schema.check().map_err(|error| Error::new(Kind::Record(error)))?;
    run(conn, schema, options, |existing, known| {
        let mut missing = schema.clone();
        missing.tables.retain(|name, _| existing.get(name).is_none());
        missing.objects.retain(|id, _| known.get(id).is_none_or(|id| existing.object(id).is_none()));
        creation_ops(&missing)
    })
    .await
}

/// Drops the tables and other objects of `schema` that exist, and gives the tables' names in the order in which they were
/// dropped.
///
/// Only what `schema` names is dropped, with what belongs to it. Where DDL has transactions it is all of it or none.
pub async fn drop_all(conn: &mut dyn Connection, schema: &Schema, options: &Options) -> Result<Vec<Name>> {
    run(conn, schema, options, |existing, known| {
        let mut declared = existing.clone();
        // With a table more was read than itself: its triggers, and publications that have it.
        declared.objects.retain(|found, _| known.values().any(|id| id.is(found)));
        drop_ops(&declared)
    })
    .await
}

/// Objects by what a schema calls them, and what the server does.
type Known = BTreeMap<ObjectId, ObjectId>;

/// Does, under the lock, what `decide` makes of those tables of the schema that exist.
async fn run(
    conn: &mut dyn Connection,
    schema: &Schema,
    options: &Options,
    decide: impl Fn(&Schema, &Known) -> Vec<Op>,
) -> Result<Vec<Name>> {
    let layout = Layout::of(conn, options).await?;
    let mut listener = Listener(None);
    let mut session = Session::open(conn, &layout, options, &mut listener).await?;
    let done = locked(conn, &layout, &mut session, &mut listener, schema, decide).await;
    let closed = session.close(conn).await;
    done.and_then(|names| closed.map(|()| names))
}

async fn locked(
    conn: &mut dyn Connection,
    layout: &Layout,
    session: &mut Session,
    listener: &mut Listener<'_>,
    schema: &Schema,
    decide: impl Fn(&Schema, &Known) -> Vec<Op>,
) -> Result<Vec<Name>> {
    let known = known(layout, schema)?;
    let mut ids: Vec<ObjectId> = schema.tables.keys().map(ObjectId::table).collect();
    ids.extend(known.values().cloned());
    let existing = layout.dialect.introspect(conn, &ids).await.map_err(Error::from_connection)?;
    let ops = decide(&existing, &known);
    if ops.is_empty() {
        return Ok(Vec::new());
    }
    let ops = layout.dialect.lower_ops(&ops, &existing, &layout.server).map_err(Error::from_unsupported)?;
    let statements =
        layout.dialect.render(&ops, &existing, &layout.server).map_err(Error::from_unsupported)?;
    let around = layout.dialect.around(&ops, &layout.server);
    let mark = session.mark();
    session.hold(conn, layout, &around).await?;
    let ran = execute(conn, layout, session, listener, &statements).await;
    let put_back = session.put_back(conn, mark).await;
    ran.and(put_back)?;
    let name = |op: &Op| match op {
        Op::CreateTable { table, .. } => Some(table.name.clone()),
        Op::DropTable { table, .. } => Some(table.clone()),
        _ => None,
    };
    Ok(ops.iter().filter_map(name).collect())
}

/// What the server calls each object: a routine's arguments are of its own types.
fn known(layout: &Layout, schema: &Schema) -> Result<Known> {
    let lowered = |object: &Object| {
        let mut alone = Schema::new();
        alone.insert_object(object.clone());
        let lowered = layout.dialect.lower(&alone, &layout.server).map_err(Error::from_unsupported)?;
        let id = lowered.objects.into_keys().next().unwrap_or_else(|| object.id.clone());
        Ok((object.id.clone(), id))
    };
    schema.objects.values().map(lowered).collect()
}

async fn execute(
    conn: &mut dyn Connection,
    layout: &Layout,
    session: &mut Session,
    listener: &mut Listener<'_>,
    statements: &[Statement],
) -> Result<()> {
    let one_transaction = session.transactions.ddl && conn.owns_transactions();
    let mut texts: Vec<String> = statements.iter().map(|statement| statement.sql.clone()).collect();
    if one_transaction {
        session.begin(conn, listener).await?;
        texts.push(session.transactions.commit.to_owned());
    }
    let ran = match statements.iter().any(|statement| !statement.settings.is_empty()) {
        true => one_by_one(conn, layout, session, statements).await?,
        false => conn.batch(&texts).await,
    };
    let Err(failed) = ran else { return Ok(()) };
    let kept = match (one_transaction, conn.owns_transactions()) {
        (true, _) => {
            // What failed is worth more than a rollback's own failure.
            let _ = conn.execute(session.transactions.rollback).await;
            Kept::Nothing
        }
        (false, true) => Kept::Statements {
            done: (1..=failed.index).collect(),
            unknown: Vec::new(),
            left: (failed.index + 1..=statements.len()).collect(),
        },
        (false, false) => Kept::CallersTransaction,
    };
    let error = Error::from_connection(failed.error).with_kept(kept);
    Err(match statements.get(failed.index) {
        Some(statement) => {
            let number = failed.index + 1;
            error.with_statement(FailedStatement::new(number, Some(statements.len()), statement.sql.clone()))
        }
        None => error,
    })
}

/// Runs statements each under its own settings, which only servers whose DDL has no transactions ask for.
async fn one_by_one(
    conn: &mut dyn Connection,
    layout: &Layout,
    session: &mut Session,
    statements: &[Statement],
) -> Result<std::result::Result<(), BatchError>> {
    for (index, statement) in statements.iter().enumerate() {
        let mark = session.mark();
        session.hold(conn, layout, &statement.settings).await?;
        let ran = conn.execute(&statement.sql).await;
        session.put_back(conn, mark).await?;
        if let Err(error) = ran {
            return Ok(Err(BatchError { index, error }));
        }
    }
    Ok(Ok(()))
}
