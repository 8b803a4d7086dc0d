//! What sea-query's users bring along: values, expressions, and CREATE TABLE statements.

mod expr;
mod table;
mod types;
mod value;

#[cfg(test)]
mod tests;
