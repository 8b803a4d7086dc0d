//! What `dunlin` tells the process that called it.

/// Done, or nothing to do.
pub(super) const DONE: u8 = 0;
/// The run failed; what is now true stands in its message.
pub(super) const FAILED: u8 = 1;
/// The words or the configuration are wrong; nothing was done.
pub(super) const USAGE: u8 = 2;
/// A check found something.
pub(super) const FOUND: u8 = 3;
/// SIGINT ended the run: 128 and its number, as shells say it.
pub(super) const INTERRUPTED: u8 = 130;
/// SIGTERM ended the run.
pub(super) const TERMINATED: u8 = 143;
