//! Data steps: Rust code inside a migration.

use std::error::Error;

use async_trait::async_trait;

use crate::connection::Connection;

/// Rust code that changes data in the middle of a migration.
///
/// It is known in plans, checksums and history by its name alone. It may run again after a retry, so it
/// should do no harm twice.
#[async_trait]
pub trait DataStep: Send + Sync {
    /// Its name, unique within the migration.
    fn name(&self) -> &str;

    /// Does it, in the revision's transaction where the server has one.
    async fn run(&self, conn: &mut dyn Connection) -> Result<(), Box<dyn Error + Send + Sync>>;
}
