//! Dunlin changes database schemas safely.
