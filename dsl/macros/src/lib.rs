//! The macros of Dunlin. Use them through the crate `dunlin`.

mod revisions;

use proc_macro::TokenStream;

/// Collects the revisions of a folder at compile time into a `MigrationList`: files of SQL, and files of Rust.
///
/// ```ignore
/// impl Migrations for Migrator {
///     fn migrations() -> MigrationList {
///         revisions!("migrations")
///     }
/// }
/// ```
///
/// The folder is seen from the package. Each `.rs` file in it has one `pub struct Name;` that implements `Migration`
/// without `fn id`: the file's name is the id. Other tools' layouts are read by their own rules; where the files
/// don't tell which one it is, it is named: `revisions!("db", Format::Flyway)`. Several folders are read as one:
/// `revisions!(["migrations", "billing"])`. Texts are in the program, so that it runs where the folder isn't.
///
/// Cargo compiles the package again for a new file only if a build script watches the folder. That is a file
/// `build.rs` beside `Cargo.toml`, whose `main` says:
///
/// ```
/// println!("cargo::rerun-if-changed=migrations");
/// ```
///
/// # Errors
///
/// It doesn't compile without such a build script, nor with a file that two folders have, nor with a file of Rust that has
/// no migration, has several, or whose struct isn't public or has fields. What the files of SQL say is read when the server is known, before anything runs.
#[proc_macro]
pub fn revisions(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as revisions::Input);
    revisions::expand(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}
