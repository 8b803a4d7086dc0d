//! One file a command.

pub(super) mod adopt;
pub(super) mod downgrade;
pub(super) mod init;
pub(super) mod stamp;
pub(super) mod status;
pub(super) mod upgrade;
