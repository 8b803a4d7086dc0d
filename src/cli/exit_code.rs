//! What `dunlin` tells the process that called it. 3, "a check found something", belongs to commands that check.

/// Done, or nothing to do.
pub(super) const DONE: u8 = 0;
/// The run failed; what is now true stands in its message.
pub(super) const FAILED: u8 = 1;
/// The words or the configuration are wrong; nothing was done.
pub(super) const USAGE: u8 = 2;
