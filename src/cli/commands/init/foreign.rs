//! What another tool's own configuration says of its folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use dunlin_migrations::script::layout::Format;

use super::Settings;
use crate::cli::failure::Failure;
use crate::cli::folder::DEFAULT;

/// Another tool's folder.
#[derive(Debug, Default)]
pub(super) struct Foreign {
    /// Where it is, seen from the configuration; Flyway and Alembic may have several.
    pub(super) folders: Vec<String>,
    /// What its files' placeholders stand for.
    pub(super) variables: BTreeMap<String, String>,
    /// Whether its files' placeholders stand for nothing.
    pub(super) fills_nothing: bool,
    /// What else one should know.
    pub(super) notes: Vec<String>,
}

/// Settings of Flyway's under which its files are other ones than Dunlin takes, each with the value that it has by itself.
const FLYWAY_NAMES: [(&str, &str); 8] = [
    ("sqlMigrationPrefix", "V"),
    ("undoSqlMigrationPrefix", "U"),
    ("baselineMigrationPrefix", "B"),
    ("repeatableSqlMigrationPrefix", "R"),
    ("sqlMigrationSeparator", "__"),
    ("sqlMigrationSuffixes", ".sql"),
    ("placeholderPrefix", "${"),
    ("placeholderSuffix", "}"),
];

impl Foreign {
    /// What the tool's configuration says, in the folder `beside`; a folder that is named goes first, and one that neither names
    /// is the tool's usual one.
    pub(super) fn find(format: Format, beside: &Path, named: Option<&str>) -> Result<Self, Failure> {
        let mut foreign = Self::default();
        let configured = match format {
            Format::Diesel => {
                read(beside, "diesel.toml")?.remove("migrations_directory.dir").into_iter().collect()
            }
            Format::Sqlx => {
                let mut settings = read(beside, "sqlx.toml")?;
                if let Some(table) = settings.get("migrate.table-name") {
                    foreign.notes.push(format!(
                        "sqlx keeps its history in {table}: dunlin adopt --from sqlx --table {table}"
                    ));
                }
                settings.remove("migrate.migrations-dir").into_iter().collect()
            }
            Format::Flyway => foreign.read_flyway(beside, named.is_some())?,
            Format::Alembic => read_alembic(beside)?,
            Format::Sqitch => vec![".".to_owned()],
            _ => Vec::new(),
        };
        let usual: &[&str] = match format {
            Format::Flyway => &["src/main/resources/db/migration", "db/migration", "sql", DEFAULT],
            Format::Dbmate => &["db/migrations", DEFAULT],
            Format::Alembic => &["alembic/versions", "migrations/versions"],
            Format::SeaOrm => &["migration/src"],
            Format::Goose => &[DEFAULT, "db/migrations", "sql/migrations"],
            _ => &[DEFAULT],
        };
        let first = usual.iter().find(|folder| beside.join(folder).is_dir()).or(usual.first());
        foreign.folders = match named {
            Some(named) => vec![named.to_owned()],
            None if configured.is_empty() => vec![(*first.unwrap_or(&DEFAULT)).to_owned()],
            None => configured,
        };
        Ok(foreign)
    }

    /// Flyway's folders, where some are named, and what its placeholders stand for. Names of files that Dunlin would read otherwise
    /// are refused.
    fn read_flyway(&mut self, beside: &Path, is_named: bool) -> Result<Vec<String>, Failure> {
        let mut settings = Settings::new();
        for file in ["flyway.toml", "flyway.conf", "conf/flyway.conf", "conf/flyway.toml"] {
            settings.extend(read(beside, file)?);
        }
        let get = |name: &str| settings.get(&format!("flyway.{name}")).map(String::as_str);
        for (name, usual) in FLYWAY_NAMES {
            if let Some(value) = get(name).filter(|value| *value != usual) {
                return Err(Failure::usage(format!(
                    "Flyway's configuration sets {name} to {value}, and Dunlin reads {usual}"
                ))
                .hint("rename the files, and take the setting out"));
            }
        }
        if let Some(table) = get("table") {
            self.notes.push(format!(
                "Flyway keeps its history in {table}: dunlin adopt --from flyway --table {table}"
            ));
        }
        self.fills_nothing = get("placeholderReplacement") == Some("false");
        let placeholder = |(key, value): (&String, &String)| {
            Some((key.strip_prefix("flyway.placeholders.")?.to_owned(), value.clone()))
        };
        self.variables = settings.iter().filter_map(placeholder).collect();
        let Some(locations) = get("locations").filter(|_| !is_named) else { return Ok(Vec::new()) };
        let mut folders = Vec::new();
        for location in locations.split(',').map(str::trim).filter(|location| !location.is_empty()) {
            folders.push(match location.split_once(':') {
                Some(("classpath", folder)) => {
                    format!("src/main/resources/{}", folder.trim_start_matches('/'))
                }
                Some(("filesystem", folder)) => folder.to_owned(),
                None => location.to_owned(),
                Some(_) => {
                    return Err(Failure::usage(format!(
                        "Flyway's configuration names {location}, which is no folder"
                    ))
                    .hint("fetch the files, and name their folder: dunlin init DIR --from flyway"));
                }
            });
        }
        // Flyway passes over folders that aren't there.
        let (there, absent): (Vec<_>, Vec<_>) =
            folders.into_iter().partition(|folder| beside.join(folder).is_dir());
        if there.is_empty() {
            return Ok(absent);
        }
        let absent = absent.iter().map(|folder| format!("there is no folder {folder}: it is left out"));
        self.notes.extend(absent);
        Ok(there)
    }
}

/// The folders that Alembic's configuration names: `version_locations`, else the one in `script_location`.
fn read_alembic(beside: &Path) -> Result<Vec<String>, Failure> {
    let mut settings = read(beside, "alembic.ini")?;
    for (key, value) in read(beside, "pyproject.toml")? {
        if let Some(key) = key.strip_prefix("tool.alembic.") {
            settings.insert(key.to_owned(), value);
        }
    }
    let get = |name: &str| {
        let value = settings.get(name)?.replace("%(here)s/", "").replace("%(here)s", ".");
        Some(value).filter(|value| !value.is_empty())
    };
    let is_recursive =
        get("recursive_version_locations").is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let read = |folders: Vec<String>| match is_recursive {
        true => folders.into_iter().flat_map(|folder| with_those_below(beside, folder)).collect(),
        false => folders,
    };
    if let Some(locations) = get("version_locations") {
        let divides = |c: char| c.is_whitespace() || ":;,".contains(c);
        let folders = locations.split(divides).filter(|folder| !folder.is_empty()).map(str::to_owned);
        return Ok(read(folders.collect()));
    }
    let folder = |location: String| match location.split_once(':') {
        // `package.name:folder`
        Some((package, folder)) => format!("{}/{folder}/versions", package.replace('.', "/")),
        None => format!("{}/versions", location.trim_end_matches('/')),
    };
    Ok(read(get("script_location").map(folder).into_iter().collect()))
}

/// The settings of a file, by their keys; none where it isn't there.
fn read(beside: &Path, file: &str) -> Result<Settings, Failure> {
    let path = beside.join(file);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Settings::new()),
        Err(error) => {
            return Err(Failure::usage(format!("failed to read {}: {error}", path.display()))
                .hint("see that it may be read, or name the folder: dunlin init DIR --from TOOL"));
        }
    };
    let mut settings = Settings::new();
    if file.ends_with(".toml") {
        let table: toml::Table = toml::from_str(&text).map_err(|error| {
            Failure::usage(format!("failed to read {}: {}", path.display(), error.to_string().trim_end()))
                .hint("mend it, or move it away")
        })?;
        flatten("", &toml::Value::Table(table), &mut settings);
        return Ok(settings);
    }
    let is_ini = file.ends_with(".ini");
    let comments: &[char] = if is_ini { &['#', ';'] } else { &['#', '!'] };
    let (mut last, mut is_tools) = (String::new(), true);
    for line in text.lines().filter(|line| !line.trim_start().starts_with(comments)) {
        if let Some(section) = line.strip_prefix('[').filter(|_| is_ini) {
            // Others are another database's, or not the tool's.
            is_tools = matches!(section.trim_end(), "alembic]" | "DEFAULT]");
            last.clear();
        } else if !is_tools {
        } else if let (true, Some(value)) = (is_ini && line.starts_with([' ', '\t']), settings.get_mut(&last))
        {
            // In such a file a value goes on in lines that are indented.
            *value += &format!(" {}", line.trim());
        } else if let Some((key, value)) = line.split_once(['=', ':']) {
            key.trim().clone_into(&mut last);
            settings.insert(last.clone(), value.trim().to_owned());
        }
    }
    Ok(settings)
}

/// A folder and those below it in which steps are, as Alembic reads them recursively; the folder itself goes first.
fn with_those_below(beside: &Path, folder: String) -> Vec<String> {
    let entries = fs::read_dir(beside.join(&folder)).into_iter().flatten().flatten();
    let mut below: Vec<String> = entries
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| !name.starts_with('.') && name != "__pycache__")
        .collect();
    below.sort_unstable();
    let has_steps = |folder: &String| {
        let mut files = fs::read_dir(beside.join(folder)).into_iter().flatten().flatten();
        files.any(|file| file.path().extension().is_some_and(|ending| ending == "py"))
    };
    let below = below.into_iter().flat_map(|name| with_those_below(beside, format!("{folder}/{name}")));
    let below: Vec<_> = below.filter(has_steps).collect();
    std::iter::once(folder).chain(below).collect()
}

/// The values of a table, each with its path as key. Of a list the texts are divided by commas.
fn flatten(key: &str, value: &toml::Value, settings: &mut Settings) {
    match value {
        toml::Value::Table(table) => {
            for (name, value) in table {
                let key = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
                flatten(&key, value, settings);
            }
        }
        toml::Value::Array(list) => {
            let texts: Vec<_> = list.iter().filter_map(toml::Value::as_str).collect();
            settings.insert(key.to_owned(), texts.join(","));
        }
        toml::Value::String(text) => _ = settings.insert(key.to_owned(), text.clone()),
        toml::Value::Boolean(value) => _ = settings.insert(key.to_owned(), value.to_string()),
        toml::Value::Integer(value) => _ = settings.insert(key.to_owned(), value.to_string()),
        _ => {}
    }
}
