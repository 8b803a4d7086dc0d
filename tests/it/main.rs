//! Integration tests of Dunlin, one binary, through the public API.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod laws;
mod meaning;
mod runs;
mod server;
