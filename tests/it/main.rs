//! Integration tests of Dunlin, one binary, through the public API.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod adopt;
mod attempts;
mod attributes;
mod branches;
mod ceiling;
mod changes;
mod cli;
mod collected;
mod connections;
mod drivers;
mod dump;
mod files;
mod fit;
mod gauge;
mod graph;
mod hostile;
mod kinds;
mod large;
mod laws;
mod layout;
mod meaning;
mod offline;
mod rebuild;
mod refusals;
mod renames;
mod render;
mod runs;
mod rust_project;
mod script;
mod sea;
mod server;
mod set_aside;
mod standing;
mod verify;
mod whole;
