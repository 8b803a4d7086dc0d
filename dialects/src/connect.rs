//! Connecting: what a caller's connection must be, and databases opened by URL.

use dunlin_dsl::Connection;

/// Something that Dunlin can work on: a driver's own connection, borrowed, or what `connect` opened by URL.
pub trait Connect: Send {
    /// The connection, for as long as it is borrowed.
    fn connect(&mut self) -> Box<dyn Connection + '_>;
}
