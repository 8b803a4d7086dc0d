//! `dunlin.toml`: where a project's revisions are, and which databases it knows.

#[cfg(test)]
mod tests;
mod variables;

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use dunlin_dialects::{DatabaseUrl, SqliteFile};
use dunlin_dsl::DialectId;
use dunlin_migrations::script::Variables;
use serde::Deserialize;

pub(super) use self::variables::EnvVars;
use self::variables::Unfilled;
use super::failure::Failure;

/// The file's name; it is looked for here and in the folders above.
pub(super) const FILE_NAME: &str = "dunlin.toml";

/// A project's configuration, as it stands in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(super) struct Config {
    /// The folder of revisions, or several that are read as one, seen from the file.
    pub(super) revisions: Option<Folders>,
    /// Whose layout the folder has: a tool's name, or `auto`.
    pub(super) format: Option<String>,
    /// How files of new revisions are called, as in `{year}{month}{day}_{hour}{minute}{second}_{slug}`.
    pub(super) file_template: Option<String>,
    /// The time zone of the times in their names: UTC where it isn't said.
    pub(super) timezone: Option<String>,
    /// How many characters of a message their names take: 40 where it isn't said.
    pub(super) truncate_slug_length: Option<usize>,
    /// The program that has the project's revisions, where they are Rust.
    pub(super) rust: Option<Program>,
    /// Statements that run first on every connection.
    pub(super) session: Sessions,
    /// The schema that holds Dunlin's own tables; the connection's own where it isn't said.
    pub(super) history_schema: Option<String>,
    /// What Dunlin's own tables begin with; `dunlin_` where it isn't said.
    pub(super) history_prefix: Option<String>,
    /// What is one transaction: each revision, or the whole run.
    pub(super) transaction: Option<Transaction>,
    /// What becomes of a pending revision with an applied descendant.
    pub(super) late: Option<Late>,
    /// What `${name}` in files of SQL stands for; `${NAME}` in a value stands for an environment variable. The table's
    /// presence turns variables on; `false` turns off those too that another tool's files always have filled.
    pub(super) variables: Option<Filling>,
    /// A file of `NAME=VALUE` lines that are taken for environment variables where the process has none of that name; seen
    /// from this file.
    pub(super) env_file: Option<PathBuf>,
    /// The environment that is used when none is named.
    pub(super) default_env: Option<String>,
    /// The databases, by environment.
    pub(super) env: BTreeMap<String, Environment>,
}

/// One folder, or several.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged, expecting = "expected a folder, or a list of folders")]
pub(super) enum Folders {
    /// This one.
    One(PathBuf),
    /// All of these.
    Several(Vec<PathBuf>),
}

impl Folders {
    /// Each of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Path> {
        match self {
            Self::One(folder) => std::slice::from_ref(folder).iter(),
            Self::Several(folders) => folders.iter(),
        }
        .map(PathBuf::as_path)
    }
}

/// Whether variables are filled in files of SQL, or with what.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged, expecting = "expected a table of names and texts, or false")]
pub(super) enum Filling {
    /// Filled, with what the environments and the process's environment have; or not.
    Switch(bool),
    /// Filled with this.
    Values(BTreeMap<String, String>),
}

/// `[env.NAME]`: one database.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(super) struct Environment {
    /// Its URL; `${NAME}` stands for an environment variable.
    pub(super) url: String,
    /// What may destroy something there asks for the environment's name, or needs `--force`.
    pub(super) protected: bool,
    /// What `${name}` stands for there, before what `[variables]` says.
    pub(super) variables: Option<BTreeMap<String, String>>,
}

/// `[rust]`: the project's own program, which `dunlin` builds and calls.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(super) struct Program {
    /// Its package's manifest, seen from the file: `Cargo.toml` beside it where it isn't said.
    pub(super) manifest: Option<PathBuf>,
    /// Which of the package's programs it is, where there are several.
    pub(super) bin: Option<String>,
    /// What stands before each command, where the program has them below a command of its own.
    pub(super) args: Vec<String>,
    /// Cargo's profile: `dev` where it isn't said.
    pub(super) profile: Option<String>,
    /// Features of the package that are turned on.
    pub(super) features: Vec<String>,
}

/// `[session]`: statements for each kind of server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(super) struct Sessions {
    sqlite: Vec<String>,
    postgres: Vec<String>,
    mysql: Vec<String>,
    mariadb: Vec<String>,
}

impl Sessions {
    /// The settings of the project's own making.
    pub(super) fn own_settings(&self) -> impl Iterator<Item = String> {
        self.postgres.iter().flat_map(|sql| own_settings(sql))
    }

    /// Those for one; MariaDB has MySQL's too, and its own behind them.
    pub(super) fn of(&self, dialect: DialectId) -> impl Iterator<Item = &str> {
        let (first, second): (&[String], &[String]) = match dialect {
            DialectId::Sqlite => (&self.sqlite, &[]),
            DialectId::Postgres => (&self.postgres, &[]),
            DialectId::Mysql => (&self.mysql, &[]),
            DialectId::Mariadb => (&self.mysql, &self.mariadb),
            _ => (&[], &[]),
        };
        first.iter().chain(second).map(String::as_str)
    }
}

/// `transaction = "revision" | "run"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub(super) enum Transaction {
    /// Each revision.
    Revision,
    /// All of them, where the server can.
    Run,
}

/// The settings that a statement makes whose names have a dot: nobody but the project knows them.
fn own_settings(sql: &str) -> impl Iterator<Item = String> {
    let words = sql.split(|c: char| c.is_whitespace() || "=(),;".contains(c)).filter(|word| !word.is_empty());
    let words: Vec<&str> = words.collect();
    let name = match words.as_slice() {
        [set, scope, name, ..]
            if set.eq_ignore_ascii_case("set")
                && ["session", "local"].iter().any(|word| scope.eq_ignore_ascii_case(word)) =>
        {
            Some(*name)
        }
        [set, name, ..] if set.eq_ignore_ascii_case("set") => Some(*name),
        _ => {
            let at = words.iter().position(|word| word.to_ascii_lowercase().ends_with("set_config"));
            at.and_then(|at| words.get(at + 1).copied())
        }
    };
    let name = name.map(|name| name.replace(['\'', '"'], ""));
    name.filter(|name| name.contains('.')).into_iter()
}

/// `late = "error" | "warn" | "apply"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub(super) enum Late {
    /// Stops.
    Error,
    /// Leaves it pending, and says so every time.
    Warn,
    /// Runs it.
    Apply,
}

/// A configuration with the place it came from.
#[derive(Clone, Debug, Default)]
pub(super) struct Project {
    /// What the file says; nothing, where there is none.
    pub(super) config: Config,
    /// The file, if there is one.
    pub(super) file: Option<PathBuf>,
}

impl Program {
    /// The program that `file`, or the nearest `dunlin.toml`, names, and that file. What else is in it is the program's to
    /// understand, which may be newer.
    pub(super) fn find(file: Option<&Path>, start: &Path) -> Option<(Self, PathBuf)> {
        let file = find(file, start)?;
        Some((Self::named_in(&fs::read_to_string(&file).ok()?)?, file))
    }

    fn named_in(text: &str) -> Option<Self> {
        let mut table: toml::Table = toml::from_str(text).ok()?;
        table.remove("rust")?.try_into().ok()
    }
}

/// `file`, or the nearest `dunlin.toml` at `start` or above.
fn find(file: Option<&Path>, start: &Path) -> Option<PathBuf> {
    match file {
        Some(file) => Some(file.to_owned()),
        None => start.ancestors().map(|folder| folder.join(FILE_NAME)).find(|file| file.exists()),
    }
}

impl Project {
    /// Reads `file`, or the nearest `dunlin.toml` at `start` or above; a project needs none.
    pub(super) fn load(file: Option<&Path>, start: &Path) -> Result<Self, Failure> {
        let file = find(file, start);
        let Some(file) = file else { return Ok(Self::default()) };
        let shown = file.display();
        let text = fs::read_to_string(&file).map_err(|error| {
            Failure::usage(format!("failed to read {shown}: {error}")).hint(match error.kind() {
                ErrorKind::NotFound => "name another one with --config FILE, or write one with `dunlin init`",
                ErrorKind::InvalidData => "write it in UTF-8",
                _ => "see that it is a file which may be read, or name another one with --config FILE",
            })
        })?;
        let config = toml::from_str(&text).map_err(|error| unread(&file, &text, &error))?;
        Ok(Self { config, file: Some(file) })
    }

    /// The process's environment variables, with those of the file that the line or `env_file` names.
    pub(super) fn env_vars(&self, file: Option<&Path>) -> Result<EnvVars, Failure> {
        let vars = EnvVars::of_process();
        match (file, &self.config.env_file) {
            (Some(file), _) => vars.and_file(file),
            (None, Some(file)) => vars.and_file(&self.folder().join(file)),
            (None, None) => Ok(vars),
        }
    }

    /// The folder of the file: what it names is seen from there.
    pub(super) fn folder(&self) -> &Path {
        self.file.as_deref().and_then(Path::parent).unwrap_or(Path::new(""))
    }

    /// The name and the database of an environment, with its variables filled in.
    ///
    /// Without a name it is `default_env`, else `development`, else the only one there is.
    pub(super) fn environment(
        &self,
        name: Option<&str>,
        vars: &EnvVars,
    ) -> Result<(String, Environment), Failure> {
        let (name, environment) = self.choose(name)?;
        if environment.url.is_empty() {
            return Err(Failure::usage(format!("environment {name} has no url"))
                .hint(format!("write url = \"..\" under [env.{name}]")));
        }
        let url = vars.fill_url(&environment.url).map_err(|unfilled| match unfilled {
            Unfilled::Unclosed => {
                Failure::usage(format!("the url of environment {name} has a ${{ without its }}"))
                    .hint("close it, as in ${DATABASE_URL}")
            }
            Unfilled::NoName => Failure::usage(format!(
                "the url of environment {name} has a ${{..}} that doesn't hold a variable's name"
            ))
            .hint("write the name alone, as in ${DATABASE_URL}: there are no defaults"),
            Unfilled::Unset(variable) => {
                Failure::usage(format!("environment {name} needs the variable {variable}, which isn't set"))
                    .hint(format!(
                        "set {variable}, name a file that does with --env-file FILE, or give --url URL"
                    ))
            }
        })?;
        if url.is_empty() {
            return Err(Failure::usage(format!(
                "environment {name} has no url: {} stands for nothing",
                environment.url
            ))
            .hint(
                "give the variable a value, name a file that does with --env-file FILE, or give --url URL",
            ));
        }
        Ok((name.to_owned(), Environment { url, ..environment.clone() }))
    }

    /// The protected environment whose database this is, though it was named by its URL.
    pub(super) fn protecting(&self, url: &DatabaseUrl, vars: &EnvVars) -> Option<&str> {
        let mut protected = self.config.env.iter().filter(|(_, environment)| environment.protected);
        let found = protected.find(|(_, environment)| {
            let filled = vars.fill_url(&environment.url).ok();
            filled
                .and_then(|url| DatabaseUrl::parse(&url).ok())
                .is_some_and(|known| is_same(&self.seen_from_file(known), url))
        });
        found.map(|(name, _)| name.as_str())
    }

    /// A SQLite file that `dunlin.toml` names is seen from there, wherever the command is called.
    pub(super) fn seen_from_file(&self, url: DatabaseUrl) -> DatabaseUrl {
        match url.sqlite_file() {
            SqliteFile::Path(path) if path.is_relative() => {
                let path = self.folder().join(path);
                url.with_sqlite_file(path)
            }
            _ => url,
        }
    }

    /// What `${name}` in files of SQL stands for: what the code says, unless `[variables]` is there or the environment has
    /// some of its own, which go first. What a process's environment holds has names that begin with `env:`.
    pub(super) fn variables(
        &self,
        environment: Option<&Environment>,
        vars: &EnvVars,
        code: Variables,
    ) -> Result<Variables, Failure> {
        let nothing = BTreeMap::new();
        let of_all = match &self.config.variables {
            Some(Filling::Switch(false)) => return Ok(Variables::off()),
            Some(Filling::Switch(true)) => Some(&nothing),
            Some(Filling::Values(values)) => Some(values),
            None => None,
        };
        let tables = [of_all, environment.and_then(|env| env.variables.as_ref())];
        let is_silent = tables == [None, None];
        // Those of the environment are there for files of goose's, whatever is turned on.
        let variables =
            vars.iter().fold(if is_silent { code } else { Variables::on() }, |variables, (name, value)| {
                variables.or_with(format!("env:{name}"), value)
            });
        if is_silent {
            return Ok(variables);
        }
        tables.into_iter().flatten().flatten().try_fold(variables, |variables, (name, value)| {
            let value = vars.fill(value).map_err(|unfilled| match unfilled {
                Unfilled::Unclosed => {
                    Failure::usage(format!("the value of variable {name} has a ${{ without its }}"))
                        .hint("close it, as in ${SHOP_PASSWORD}")
                }
                Unfilled::NoName => Failure::usage(format!(
                    "the value of variable {name} has a ${{..}} that doesn't hold a name of the environment's"
                ))
                .hint("write the name alone, as in ${SHOP_PASSWORD}: there are no defaults"),
                Unfilled::Unset(variable) => Failure::usage(format!(
                    "variable {name} of [variables] needs {variable} of the environment, which isn't set"
                ))
                .hint(format!("set {variable}")),
            })?;
            Ok(variables.with(name, value))
        })
    }

    /// The environment of this name, or the one that is meant where none is named.
    pub(super) fn choose(&self, name: Option<&str>) -> Result<(&str, &Environment), Failure> {
        let known: Vec<&str> = self.config.env.keys().map(String::as_str).collect();
        let default = self.config.default_env.as_deref().filter(|name| !name.is_empty());
        let name = match (name, default, known.as_slice()) {
            (Some(name), _, _) | (None, Some(name), _) => name,
            (None, None, [only]) => only,
            (None, None, _) if known.contains(&"development") => "development",
            (None, None, []) => {
                return Err(Failure::usage("no database is named").hint(format!(
                    "give --url URL, or write [env.development] with its url into {FILE_NAME}"
                )));
            }
            (None, None, _) => {
                return Err(Failure::usage(format!(
                    "no environment is named, and there are {}",
                    known.join(", ")
                ))
                .hint("choose one with --env NAME or DUNLIN_ENV"));
            }
        };
        let found =
            self.config.env.get_key_value(name).map(|(name, environment)| (name.as_str(), environment));
        found.ok_or_else(|| {
            let hint = match known.as_slice() {
                [] => format!("write [env.{name}] with its url into {FILE_NAME}, or give --url URL"),
                _ => format!("choose one of {}", known.join(", ")),
            };
            Failure::usage(format!("environment {name} is unknown here")).hint(hint)
        })
    }
}

/// Whether two URLs lead to one database, whoever asks.
fn is_same(one: &DatabaseUrl, other: &DatabaseUrl) -> bool {
    match (one.sqlite_file(), other.sqlite_file()) {
        (SqliteFile::Path(one), SqliteFile::Path(other)) => {
            let whole = |path: &Path| fs::canonicalize(path).or_else(|_| std::path::absolute(path)).ok();
            whole(one) == whole(other)
        }
        _ => {
            let place = |url: &DatabaseUrl| {
                let (server, port) = match url.dialect() {
                    DialectId::Postgres => ("postgres", 5432),
                    DialectId::Mysql | DialectId::Mariadb => ("mysql", 3306),
                    _ => return None,
                };
                // A URL without a database leads to the user's own on PostgreSQL.
                let database = url.database().or(url.user().filter(|_| server == "postgres"));
                Some((server, host(url), url.port().unwrap_or(port), database.map(str::to_owned)))
            };
            place(one).is_some_and(|one| Some(one) == place(other))
        }
    }
}

/// The host that a URL leads to; none is this one, by whichever name or socket.
fn host(url: &DatabaseUrl) -> Option<String> {
    let host = url.host().or(url.parameter("host")).filter(|host| !host.is_empty())?;
    let host = host.trim_end_matches('.').to_lowercase();
    let is_here = host == "localhost"
        || host.starts_with('/')
        || host.parse().is_ok_and(|address: IpAddr| address.to_canonical().is_loopback());
    (!is_here).then_some(host)
}

/// Says where a file can't be read, and shows the place: but not a line that may hold a password, as a URL does, a statement of
/// `[session]`, and a variable.
fn unread(file: &Path, text: &str, error: &toml::de::Error) -> Failure {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let (line, column) = (
        before.matches('\n').count() + 1,
        before.rsplit('\n').next().unwrap_or_default().chars().count() + 1,
    );
    let shown = text.lines().nth(line - 1).unwrap_or_default();
    let table = before.lines().rev().find(|line| line.trim_start().starts_with('[')).unwrap_or_default();
    let is_secret = [table, shown].iter().any(|line| line.contains("session") || line.contains("variables"));
    let place = match is_secret || shown.contains("://") || shown.len() > 200 {
        true => String::new(),
        false => format!("\n{line:>5} | {shown}\n      | {:>column$}", '^'),
    };
    let message = match (error.message().split_once("://"), error.message().rsplit_once("expected ")) {
        (Some(_), _) => "a URL stands where something else is expected".to_owned(),
        (None, Some((_, what))) if is_secret && !error.message().starts_with("unknown ") => {
            format!("{what} is expected")
        }
        (None, _) => error.message().to_owned(),
    };
    // Of Rust's types nobody need know here.
    let message = message.replace("expected usize", "expected a whole number, 0 or more");
    let failure = Failure::usage(format!(
        "failed to read {}, line {line}, column {column}: {message}{place}",
        file.display()
    ));
    match nearest(error.message()) {
        Some((unknown, known)) => failure.hint(format!("write {known} in place of {unknown}")),
        None if error.message().starts_with("unknown ") => {
            failure.hint("mend the file: what it may have there stands above, behind `expected`")
        }
        None => failure.hint(format!("mend line {line} of {}", file.display())),
    }
}

/// The unknown word and the most like it of those that are known, where an error tells of such: serde puts each into
/// backticks, the unknown one first.
fn nearest(message: &str) -> Option<(&str, &str)> {
    if !message.starts_with("unknown ") {
        return None;
    }
    let mut words = message.split('`').skip(1).step_by(2);
    let unknown = words.next()?;
    let likeness = |word: &str| strsim::jaro_winkler(unknown, word);
    // As few letters as can be have to change, in a word that begins alike.
    let alike = words.filter(|word| likeness(word) > 0.7);
    Some((unknown, alike.min_by_key(|word| strsim::osa_distance(unknown, word))?))
}
