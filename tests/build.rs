//! Watches the folders that `revisions!` collects.
#![allow(clippy::print_stdout, reason = "this is how a build script speaks to Cargo")]

fn main() {
    println!("cargo::rerun-if-changed=data/revisions");
    println!("cargo::rerun-if-changed=data/several/shop");
    println!("cargo::rerun-if-changed=data/several/billing");
    println!("cargo::rerun-if-changed=data/several/on_alembic");
    println!("cargo::rerun-if-changed=data/cli/programs/project/alembic/versions");
}
