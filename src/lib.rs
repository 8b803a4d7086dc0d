//! Dunlin changes database schemas safely.
//!
//! This is its foundation in the making. What is there today is the vocabulary: schemas as values, operations with
//! an exact meaning ([`apply`]) and an exact undo ([`reverse`]), and the typed DSL that records them. Rendering for
//! servers, the engine that runs migrations, and the command line are not there yet.
//!
//! ```
//! use dunlin::prelude::*;
//!
//! let mut op = Ops::new();
//! op.create_table("users").col("id", uuid().primary_key()).col("email", varchar(255).not_null().unique());
//! let up = op.finish()?.ops;
//!
//! let empty = Schema::new();
//! let down = reverse_all(&up, &empty)?;
//! assert_eq!(down[0].to_string(), "drop table users");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub use dunlin_dsl::*;

/// What a migration needs, in one `use`.
pub mod prelude {
    pub use dunlin_dsl::*;
}

/// The example in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
