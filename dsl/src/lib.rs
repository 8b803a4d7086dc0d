//! The vocabulary of Dunlin.
