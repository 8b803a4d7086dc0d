//! `dunlin edit`.

use std::process::Command;

use dunlin_migrations::few;

use crate::cli::args::Edit;
use crate::cli::failure::Failure;
use crate::cli::listed::{Asking, Listed};
use crate::cli::session::{DONE, Session};

pub(in crate::cli) fn run(session: &Session, args: &Edit) -> Result<u8, Failure> {
    let asking = Asking::if_asked(session, &args.revision)?;
    let found = asking.graph.find(&asking.applied(), &args.revision)?;
    let revision = match found.as_slice() {
        [revision] => revision,
        [] => {
            return Err(Failure::usage(format!("no revision is at {}", args.revision))
                .hint("name one: `dunlin history` lists them"));
        }
        several => {
            let ids: Vec<_> = several.iter().map(|revision| revision.id.as_str()).collect();
            return Err(Failure::usage(format!("{} is {} revisions", args.revision, ids.len()))
                .hint(format!("name one of {}", few(&ids))));
        }
    };
    let path = session.file_of(revision).ok_or_else(|| {
        Failure::usage(format!("revision {} is code, and its file isn't known", revision.id))
            .hint("open it where the program has it")
    })?;
    let variables = ["VISUAL", "EDITOR"];
    let editor =
        variables.iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.trim().is_empty()));
    let editor = editor.ok_or_else(|| {
        Failure::usage("neither VISUAL nor EDITOR is set")
            .hint(format!("set one, as in EDITOR=vi; the file is {}", path.display()))
    })?;
    // As a shell would take it: a program and its arguments.
    let mut words = editor.split_whitespace();
    let status = Command::new(words.next().unwrap_or_default()).args(words).arg(&path).status();
    match status {
        Ok(status) if status.success() => {
            if session.output.json {
                session.output.value(&Listed::new(revision).in_file(Some(path.display().to_string())))?;
            }
            Ok(DONE)
        }
        Ok(status) => Err(Failure::run(format!("{editor} ended with {status}"))
            .state("the file is as the editor left it")
            .hint(format!("look at {}", path.display()))),
        Err(error) => Err(Failure::run(format!("failed to start {editor}: {error}"))
            .state("nothing was changed")
            .hint(format!("set EDITOR to one that is here; the file is {}", path.display()))),
    }
}
