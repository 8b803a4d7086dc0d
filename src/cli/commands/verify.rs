//! `dunlin verify`.

use std::collections::BTreeMap;

use dunlin_dialects::{DatabaseUrl, dialect};
use dunlin_dsl::{DialectId, Server, Version};
use dunlin_migrations::Error;
use serde::Serialize;

use crate::cli::args::Verify as Args;
use crate::cli::failure::Failure;
use crate::cli::interrupt::or_signal;
use crate::cli::session::{DONE, Needs, Seen, Session, block_on};
use crate::verify::{Outcome, Verdict, Verify};

pub(in crate::cli) fn run(session: &Session, args: &Args) -> Result<u8, Failure> {
    let output = session.output;
    let url = match &args.dev_url {
        Some(url) => DatabaseUrl::parse(url).map_err(|error| {
            Failure::usage(format!("--dev-url: {error}")).hint("name a server's database, as --url does")
        })?,
        None => session.url()?.clone(),
    };
    if let Ok(own) = session.url()
        && sort(own.dialect()) != sort(url.dialect())
    {
        return Err(Failure::usage("--dev-url names another kind of server than the database is on")
            .hint("name a server of the same kind, for another one would tell nothing of this database"));
    }
    let server = Server::new(url.dialect(), Version::default());
    let list = session.list(&dialect(url.dialect()).lexicon(&server))?;
    let mut told = Ok(());
    let mut tell = |verdict: &Verdict| {
        if !output.json && told.is_ok() {
            told = output.line(&verdict.to_string());
        }
    };
    let options = session.options().clone();
    let statements = session.config().session.of(url.dialect()).map(str::to_owned);
    let mut verify =
        Verify::new(&list, url.clone()).options(options).session(statements).on_verdict(&mut tell);
    if args.dev_url.is_some() {
        verify = verify.spare_server();
    }
    if let Some(program) = &args.pg_dump {
        verify = verify.pg_dump(program);
    }
    if args.pending {
        let pending = session.with_runner(Needs::Nothing, async |runner| runner.pending().await)?;
        verify = verify.only(pending.into_iter().map(|revision| revision.id));
    }
    let verdicts = match block_on(or_signal(verify.run()))? {
        Ok(verdicts) => verdicts.map_err(|error| failed(&error, &url))?,
        Err(signal) => {
            let failure = Failure::ended_by(signal, Seen::default());
            return Err(failure
                .state("the database made for it is removed")
                .hint("run the same command again"));
        }
    };
    told?;
    if output.json {
        output.value(&verdicts.iter().map(Shown::of).collect::<Vec<_>>())?;
    }
    output.progress(&summary(&verdicts));
    let is_wrong = |outcome: &Outcome| outcome.is_broken() || args.strict && !outcome.is_reversible();
    let wrong: Vec<_> = verdicts.iter().filter(|verdict| is_wrong(&verdict.outcome)).collect();
    let message = match wrong.as_slice() {
        [] => return Ok(DONE),
        [one] => format!("revision {} is {}", one.revision, one.outcome.name()),
        several => format!("{} revisions aren't proven", several.len()),
    };
    Err(Failure::found(message)
        .state("nothing was changed but in a database made for it, which is removed")
        .hint("correct their ways down; those that Dunlin derives are exact wherever they can be"))
}

/// MySQL and MariaDB are told apart only when they are asked.
fn sort(dialect: DialectId) -> DialectId {
    if dialect == DialectId::Mariadb { DialectId::Mysql } else { dialect }
}

/// How nothing could be told.
fn failed(error: &Error, url: &DatabaseUrl) -> Failure {
    let failure = Failure::run(match error.connection() {
        Some(_) => format!("nothing can be told on {url}: {error}"),
        None => error.to_string(),
    });
    let hint = match (error.hint(), error.connection()) {
        (Some(hint), None) => hint.to_owned(),
        _ => "--dev-url names a server on which you may create databases, --pg-dump the program that tells what PostgreSQL has".into(),
    };
    failure.state("nothing was changed").hint(hint)
}

/// How many there are of each kind.
fn summary(verdicts: &[Verdict]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    verdicts.iter().for_each(|verdict| *counts.entry(verdict.outcome.name()).or_default() += 1);
    let counts: Vec<_> = counts.iter().map(|(name, count)| format!("{count} {name}")).collect();
    match verdicts {
        [] => "there is no revision to verify".into(),
        _ => format!("verified: {}", counts.join(", ")),
    }
}

/// A verdict as JSON.
#[derive(Serialize)]
struct Shown<'a> {
    revision: &'a str,
    verdict: &'a str,
    /// The values that don't come back, and what else isn't as it was.
    lost: &'a [String],
    changed: &'a [String],
    reason: Option<&'a str>,
    diff: Option<&'a str>,
    rows: usize,
    notes: &'a [String],
}

impl<'a> Shown<'a> {
    fn of(verdict: &'a Verdict) -> Self {
        let Verdict { revision, outcome, rows, notes } = verdict;
        let plain = Self {
            revision,
            verdict: outcome.name(),
            lost: &[],
            changed: &[],
            reason: None,
            diff: None,
            rows: *rows,
            notes,
        };
        match outcome {
            Outcome::Exact | Outcome::NotReached => plain,
            Outcome::SchemaOnly { lost } => Self { lost, ..plain },
            Outcome::Lossy { changed } => Self { changed, ..plain },
            Outcome::Irreversible { reason } => Self { reason: Some(reason), ..plain },
            Outcome::Broken { reason, diff } => Self {
                reason: Some(reason),
                diff: Some(diff).filter(|diff| !diff.is_empty()).map(String::as_str),
                ..plain
            },
        }
    }
}
