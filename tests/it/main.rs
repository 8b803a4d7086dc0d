//! Integration tests of Dunlin, one binary.
