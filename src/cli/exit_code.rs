//! What `dunlin` tells the process that called it.

/// Done, or nothing to do.
pub(super) const DONE: u8 = 0;
/// The run failed; what is now true stands in its message.
pub(super) const FAILED: u8 = 1;
/// The words or the configuration are wrong; nothing was done.
pub(super) const USAGE: u8 = 2;
/// A check found something.
pub(super) const FOUND: u8 = 3;
