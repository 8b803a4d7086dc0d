//! What sea-query's users bring along: values, expressions, and CREATE TABLE statements.

mod expr;
mod value;

#[cfg(test)]
mod tests;
