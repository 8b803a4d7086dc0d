//! `revisions!`: a folder's files as texts, and its files of Rust as modules.

mod build_script;
mod folder;
mod rust;

use std::env;
use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::parse::{Parse, ParseStream};
use syn::{Error, Expr, LitStr, Result, Token};

use self::rust::Rust;

/// `"migrations"`, or that and the layout of the folder: `"migrations", Format::Flyway`.
pub(crate) struct Input {
    folder: LitStr,
    format: Option<Expr>,
}

impl Parse for Input {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let folder = input.parse()?;
        let comma: Option<Token![,]> = input.parse()?;
        let format = if comma.is_some() && !input.is_empty() { Some(input.parse()?) } else { None };
        let _: Option<Token![,]> = input.parse()?;
        Ok(Self { folder, format })
    }
}

pub(crate) fn expand(input: &Input) -> Result<TokenStream> {
    let refuse = |message: String| Error::new(input.folder.span(), message);
    let package = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let package =
        package.ok_or_else(|| refuse("revisions! needs Cargo, which says where the package is".into()))?;
    build_script::check(&package, &input.folder.value()).map_err(refuse)?;
    collect(&package, input)
}

/// The list of what the folder in this package holds.
fn collect(package: &Path, input: &Input) -> Result<TokenStream> {
    let refuse = |message: String| Error::new(input.folder.span(), message);
    let folder = package.join(input.folder.value());
    let (mut files, mut modules, mut code) = (Vec::new(), Vec::new(), Vec::new());
    for file in folder::list(&folder).map_err(refuse)? {
        let path = &file.path;
        let on_disk = folder.join(path);
        let on_disk = on_disk.to_str().ok_or_else(|| refuse(format!("{}: not UTF-8", on_disk.display())))?;
        match file.kind {
            folder::Kind::Text => files.push(quote! { (#path, ::core::include_str!(#on_disk)) }),
            folder::Kind::Name => files.push(quote! { (#path, "") }),
            folder::Kind::Rust => {
                let name = match rust::read(on_disk).map_err(|why| refuse(format!("{path}: {why}")))? {
                    Rust::Revision(name) => Some(name),
                    Rust::Unreadable => None,
                    Rust::Helper => continue,
                };
                let module = format_ident!("revision_{}", modules.len());
                modules.push(quote! {
                    #[path = #on_disk]
                    #[allow(unreachable_pub)]
                    mod #module;
                });
                files.push(quote! { (#path, "") });
                // A file that can't be read as Rust is told of by the compiler itself.
                let name = name.into_iter();
                code.push(quote! { #((#path, ::std::boxed::Box::new(#module::#name) as _),)* });
            }
        }
    }
    let format = match &input.format {
        Some(format) => quote! { ::core::option::Option::Some(#format) },
        None => quote! { ::core::option::Option::None },
    };
    Ok(quote! {{
        #(#modules)*
        ::dunlin::MigrationList::of_folder(
            ::dunlin::script::layout::Embedded(&[#(#files),*]),
            #format,
            ::std::vec![#(#code)*],
        )
    }})
}
