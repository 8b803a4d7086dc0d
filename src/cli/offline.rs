//! SQL that is printed in place of being run: for which server, and from where to where.

use std::io::Write;

use dunlin_dialects::{DatabaseUrl, OpenMode, assumed, dialect, open};
use dunlin_dsl::{DialectId, Server, Version};
use dunlin_migrations::Offline;

use super::args;
use super::failure::Failure;
use super::session::{DONE, Session, block_on, unopened};

/// Both ends of a range, where a target is one.
pub(super) fn ends(target: &str) -> Option<(&str, &str)> {
    let (from, to) = target.split_once(':')?;
    Some((if from.is_empty() { "base" } else { from }, if to.is_empty() { "heads" } else { to }))
}

/// Refuses a range where a database tells what is applied.
pub(super) fn refuse_range(command: &str, target: &str) -> Result<(), Failure> {
    match ends(target) {
        None => Ok(()),
        Some((_, to)) => Err(Failure::usage(format!("{target} is a range, and the database tells where it begins"))
            .state("nothing was changed")
            .hint(format!("`dunlin {command} {to}` goes on from what is applied; `dunlin {command} {target} --sql` prints a script"))),
    }
}

impl Session {
    /// Has a script written to stdout.
    pub(super) fn script(
        &self,
        args: &args::Offline,
        work: impl AsyncFnOnce(
            &mut Offline<'_>,
            &mut (dyn Write + Send),
        ) -> dunlin_migrations::Result<Vec<String>>,
    ) -> Result<u8, Failure> {
        block_on(async {
            let mut database = match &args.schema {
                Some(url) => Some(self.schema(url).await?),
                None => None,
            };
            let server = match &mut database {
                Some(database) => {
                    let url = database.url().clone();
                    self.begin(database.connection(), &url).await?;
                    let server = database.connection().server().await;
                    server.map_err(|error| unopened(&url, error))?
                }
                None => self.server(args)?,
            };
            let dialect = dialect(server.dialect);
            let list = self.list(&dialect.lexicon(&server))?;
            let session = self.config().session.of(server.dialect).map(str::to_owned);
            // Whoever runs a script isn't who writes it.
            let mut options = self.options().clone();
            options.applied_by = None;
            let mut offline = Offline::new(dialect, server.clone(), &list).options(options).session(session);
            if let Some(database) = &mut database {
                offline = offline.database(database.connection());
            }
            let mut page = self.output.page(&server);
            let revisions = work(&mut offline, &mut page).await;
            page.finish(revisions.map_err(Failure::from))?;
            Ok(DONE)
        })?
    }

    async fn schema(&self, url: &str) -> Result<dunlin_dialects::Database, Failure> {
        let url = DatabaseUrl::parse(url).map_err(|error| {
            Failure::usage(format!("--schema: {error}"))
                .hint("a URL is like sqlite://app.db, postgres://user@host/database")
        })?;
        open(&url, OpenMode::Existing).await.map_err(|error| unopened(&url, error))
    }

    /// The server that the line names, or that the URL has.
    fn server(&self, args: &args::Offline) -> Result<Server, Failure> {
        let id = match (args.dialect.as_deref(), self.url()) {
            (Some(name), _) => {
                DialectId::ALL.into_iter().find(|id| id.as_str() == name).ok_or_else(|| {
                    Failure::usage(format!("there is no server {name}"))
                        .hint("choose one of sqlite, postgres, mysql, mariadb")
                })?
            }
            (None, Ok(url)) => url.dialect(),
            (None, Err(failure)) => {
                return Err(failure.and_hint("or say with --dialect which server the SQL is for"));
            }
        };
        let version = args.server_version.as_deref().map(|text| {
            Version::parse(text).ok_or_else(|| {
                Failure::usage(format!("{text} is no version")).hint("a version is like 16, 8.0.36 or 10.11")
            })
        });
        let database =
            self.url().ok().filter(|url| is_like(url.dialect(), id)).and_then(DatabaseUrl::database);
        assumed(id, version.transpose()?, database).map_err(|error| {
            Failure::usage(error.to_string()).hint("name a newer one with --server-version VERSION")
        })
    }
}

/// MariaDB answers to MySQL's URLs too.
fn is_like(one: DialectId, other: DialectId) -> bool {
    dialect(one).lexicon(&Server::new(one, Version::default())).client
        == dialect(other).lexicon(&Server::new(other, Version::default())).client
}
