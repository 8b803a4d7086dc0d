//! The lock under which one migrator works: an advisory lock, which belongs to the database and dies with its session.

use std::time::Duration;

use dunlin_dsl::{Lock, SessionLock};

/// How long to sleep between tries. Waiting inside `pg_advisory_lock` would hold a snapshot, for which
/// `CREATE INDEX CONCURRENTLY` waits in turn: on PostgreSQL 15 that was seen to end as a deadlock.
const POLL: Duration = Duration::from_millis(100);

/// The lock for a key.
pub(super) fn lock(key: &str) -> Lock {
    let number = hash(key);
    // An advisory lock on 64 bits stands in pg_locks as two halves, which are unsigned there.
    let (high, low) = ((number as u64) >> 32, number as u64 & 0xffff_ffff);
    let holder = format!(
        "SELECT pg_catalog.concat('process ', l.pid, ', ' || nullif(a.application_name, ''), \
         ' on ' || pg_catalog.host(a.client_addr), ', connected since ' || pg_catalog.to_char(a.backend_start, 'HH24:MI:SS')) \
         FROM pg_catalog.pg_locks AS l LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid \
         WHERE l.locktype = 'advisory' AND l.classid = {high} AND l.objid = {low} AND l.objsubid = 1 AND l.granted \
         AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) \
         AND l.pid <> pg_catalog.pg_backend_pid() LIMIT 1"
    );
    // Statements behind it are in flight already, so it must fail and not just say no. A cast fails without plpgsql; the
    // text depends on something that isn't known while planning, for a constant would be cast then, and always fail.
    let proof = format!(
        "SELECT CASE WHEN pg_catalog.pg_try_advisory_xact_lock({number}) THEN 0 \
         ELSE CAST('{} in process ' || pg_catalog.pg_backend_pid() AS integer) END",
        Lock::REFUSED
    );
    Lock {
        session: Some(SessionLock {
            acquire: format!("SELECT pg_catalog.pg_try_advisory_lock({number})"),
            release: format!("SELECT pg_catalog.pg_advisory_unlock({number})"),
            holder,
            poll: POLL,
        }),
        proof: Some(proof),
    }
}

/// FNV-1a: the same number in every build, and different ones for the few keys that a database has.
fn hash(key: &str) -> i64 {
    let hash = key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    hash as i64
}
