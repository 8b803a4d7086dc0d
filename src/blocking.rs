//! The same for programs without a runtime.
//!
//! It serves SQLite. The drivers of the other servers live on tokio: called outside of it they give an error that says so.

use dunlin_dialects::Connect;
use dunlin_dsl::{ConnectionError, Name, Schema};
use dunlin_migrations::{Direction, Plan, Report, Result, Revision, Status};
use pollster::block_on;

use crate::{Database, Migrations, Verdict, Verify};

/// [`dunlin::connect`](crate::connect()), waited for.
pub fn connect(url: &str) -> std::result::Result<Database, ConnectionError> {
    block_on(crate::connect(url))
}

/// [`Migrations::up`], waited for.
pub fn up<M: Migrations>(conn: &mut (impl Connect + ?Sized)) -> Result<Report> {
    block_on(M::up(conn))
}

/// [`Migrations::down`], waited for.
pub fn down<M: Migrations>(conn: &mut (impl Connect + ?Sized), steps: usize) -> Result<Report> {
    block_on(M::down(conn, steps))
}

/// [`Migrations::upgrade`], waited for.
pub fn upgrade<M: Migrations>(conn: &mut (impl Connect + ?Sized), target: &str) -> Result<Report> {
    block_on(M::upgrade(conn, target))
}

/// [`Migrations::downgrade`], waited for.
pub fn downgrade<M: Migrations>(conn: &mut (impl Connect + ?Sized), target: &str) -> Result<Report> {
    block_on(M::downgrade(conn, target))
}

/// [`Migrations::status`], waited for.
pub fn status<M: Migrations>(conn: &mut (impl Connect + ?Sized)) -> Result<Vec<Status>> {
    block_on(M::status(conn))
}

/// [`Migrations::pending`], waited for.
pub fn pending<M: Migrations>(conn: &mut (impl Connect + ?Sized)) -> Result<Vec<Revision>> {
    block_on(M::pending(conn))
}

/// [`Migrations::plan`], waited for.
pub fn plan<M: Migrations>(
    conn: &mut (impl Connect + ?Sized),
    direction: Direction,
    target: &str,
) -> Result<Plan> {
    block_on(M::plan(conn, direction, target))
}

/// [`Migrations::stamp`], waited for.
pub fn stamp<M: Migrations>(conn: &mut (impl Connect + ?Sized), target: &str) -> Result<Report> {
    block_on(M::stamp(conn, target))
}

/// [`Verify::run`], waited for.
pub fn verify(verify: Verify<'_>) -> Result<Vec<Verdict>> {
    block_on(verify.run())
}

/// [`create_all`](crate::create_all), waited for.
pub fn create_all(conn: &mut (impl Connect + ?Sized), schema: &Schema) -> Result<Vec<Name>> {
    block_on(crate::create_all(conn, schema))
}

/// [`drop_all`](crate::drop_all), waited for.
pub fn drop_all(conn: &mut (impl Connect + ?Sized), schema: &Schema) -> Result<Vec<Name>> {
    block_on(crate::drop_all(conn, schema))
}
