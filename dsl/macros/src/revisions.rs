//! `revisions!`: a folder's files as texts, and its files of Rust as modules.

mod build_script;
mod folder;
mod rust;

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::token::Bracket;
use syn::{Error, Expr, LitStr, Result, Token, bracketed};

use self::rust::Rust;

/// `"migrations"`, or several folders, `["migrations", "billing"]`; behind it perhaps their layout: `"db", Format::Flyway`.
pub(crate) struct Input {
    folders: Vec<LitStr>,
    format: Option<Expr>,
}

impl Parse for Input {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let folders = if input.peek(Bracket) {
            let list;
            let bracket = bracketed!(list in input);
            let folders = Punctuated::<LitStr, Token![,]>::parse_terminated(&list)?;
            if folders.is_empty() {
                return Err(Error::new(bracket.span.join(), "revisions! needs a folder"));
            }
            folders.into_iter().collect()
        } else {
            vec![input.parse()?]
        };
        let comma: Option<Token![,]> = input.parse()?;
        let format = if comma.is_some() && !input.is_empty() { Some(input.parse()?) } else { None };
        let _: Option<Token![,]> = input.parse()?;
        Ok(Self { folders, format })
    }
}

pub(crate) fn expand(input: &Input) -> Result<TokenStream> {
    let package = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).ok_or_else(|| {
        Error::new(Span::call_site(), "revisions! needs Cargo, which says where the package is")
    })?;
    for folder in &input.folders {
        build_script::check(&package, &folder.value()).map_err(|why| Error::new(folder.span(), why))?;
    }
    collect(&package, input)
}

/// The list of what the folders in this package hold.
fn collect(package: &Path, input: &Input) -> Result<TokenStream> {
    let (mut files, mut modules, mut code) = (Vec::new(), Vec::new(), Vec::new());
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    for (place, folder) in input.folders.iter().enumerate() {
        if place > 0 {
            files.push(quote! { (::dunlin::script::layout::Embedded::NEXT, "") });
        }
        let (name, span) = (folder.value(), folder.span());
        for file in folder::list(&package.join(&name)).map_err(|why| Error::new(span, why))? {
            match (known.get(&file.path), file.kind) {
                (Some(_), folder::Kind::Name) => {}
                (Some(other), _) => {
                    let path = &file.path;
                    return Err(Error::new(span, format!("{path} is in {other} and in {name}: rename one")));
                }
                (None, _) => {
                    known.insert(file.path.clone(), name.clone());
                    let on_disk = package.join(&name).join(&file.path);
                    add(&file, &on_disk, (&mut files, &mut modules, &mut code))
                        .map_err(|why| Error::new(span, why))?;
                }
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

/// A file, as the program has it: its text, or a module and the migration in it.
fn add(
    file: &folder::File,
    on_disk: &Path,
    (files, modules, code): (&mut Vec<TokenStream>, &mut Vec<TokenStream>, &mut Vec<TokenStream>),
) -> std::result::Result<(), String> {
    let path = &file.path;
    let on_disk = on_disk.to_str().ok_or_else(|| format!("{}: not UTF-8", on_disk.display()))?;
    match file.kind {
        folder::Kind::Text => files.push(quote! { (#path, ::core::include_str!(#on_disk)) }),
        folder::Kind::Name => files.push(quote! { (#path, "") }),
        folder::Kind::Rust => {
            let (name, about) = match rust::read(on_disk).map_err(|why| format!("{path}: {why}"))? {
                Rust::Revision { name, about } => (Some(name), about),
                Rust::Unreadable => (None, None),
                Rust::Helper => return Ok(()),
            };
            let module = format_ident!("revision_{}", modules.len());
            modules.push(quote! {
                #[path = #on_disk]
                #[allow(unreachable_pub)]
                mod #module;
            });
            let about = about.unwrap_or_default();
            files.push(quote! { (#path, #about) });
            // A file that can't be read as Rust is told of by the compiler itself.
            let name = name.into_iter();
            code.push(quote! { #((#path, ::std::boxed::Box::new(#module::#name) as _),)* });
        }
    }
    Ok(())
}
