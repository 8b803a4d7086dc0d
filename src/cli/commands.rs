//! One file a command.

pub(super) mod adopt;
pub(super) mod branches;
pub(super) mod check;
pub(super) mod completions;
pub(super) mod current;
pub(super) mod downgrade;
pub(super) mod edit;
pub(super) mod ensure_version;
pub(super) mod heads;
pub(super) mod history;
pub(super) mod init;
pub(super) mod man;
pub(super) mod merge;
pub(super) mod redo;
pub(super) mod revision;
pub(super) mod show;
pub(super) mod stamp;
pub(super) mod status;
pub(super) mod upgrade;
pub(super) mod verify;
