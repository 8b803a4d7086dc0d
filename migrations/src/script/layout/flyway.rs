//! Flyway: `V1.2__description.sql` in order, then `R__description.sql` whenever it has changed; `U1.2__description.sql` undoes
//! `V1.2`. In the folder and all below it, with the prefixes, the separator and the suffix that it has by default.
//!
//! A version's parts are numbers of any length, divided by `.` or `_`; `1` is `1.0` is `01`. Beside `V1__a.sql` may stand its
//! settings, `V1__a.sql.conf`.

mod version;

use super::fault::LayoutError;
use super::read::Reader;
use super::{Listed, names};
use crate::script::digest::Digest;
use crate::script::{Placeholders, Script, Section, Transaction};
pub(super) use version::Version;

/// Scripts that run at a moment of a run, and aren't steps of it.
const CALLBACKS: [&str; 40] = [
    "afterBaseline",
    "afterBaselineError",
    "afterBaselineOperationFinish",
    "afterClean",
    "afterCleanError",
    "afterCleanOperationFinish",
    "afterConnect",
    "afterEachMigrate",
    "afterEachMigrateError",
    "afterEachMigrateStatement",
    "afterEachMigrateStatementError",
    "afterEachUndo",
    "afterEachUndoError",
    "afterEachUndoStatement",
    "afterEachUndoStatementError",
    "afterInfo",
    "afterInfoError",
    "afterInfoOperationFinish",
    "afterMigrate",
    "afterMigrateApplied",
    "afterMigrateError",
    "afterMigrateOperationFinish",
    "afterRepair",
    "afterUndo",
    "afterUndoError",
    "afterValidate",
    "afterValidateError",
    "afterVersioned",
    "beforeBaseline",
    "beforeClean",
    "beforeConnect",
    "beforeCreateSchema",
    "beforeEachMigrate",
    "beforeEachMigrateStatement",
    "beforeEachUndo",
    "beforeInfo",
    "beforeMigrate",
    "beforeRepair",
    "beforeRepeatables",
    "createSchema",
];

/// What stands for the moment of the run.
const TIMESTAMP: &str = "${flyway:timestamp}";

/// Endings of programs that Flyway runs too.
const PROGRAMS: [&str; 9] = ["java", "class", "ps1", "bat", "cmd", "sh", "bash", "py", "kts"];

/// What a file is, by its name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Versioned,
    Undo,
    Baseline,
    Repeatable,
}

struct Found {
    kind: Kind,
    version: Version,
    description: String,
    path: String,
    is_program: bool,
}

/// What a name says.
enum Name {
    File(Found),
    Ignored(&'static str),
    Other,
}

pub(super) fn read(reader: &mut Reader<'_>) -> Result<(Vec<Listed>, Vec<Listed>), LayoutError> {
    let mut found = Vec::new();
    for path in reader.paths.clone() {
        match parse(&path)? {
            Name::File(file) => found.push(file),
            Name::Ignored(reason) => reader.ignore(&path, reason),
            Name::Other => {}
        }
    }
    let mut of = |kind| -> Vec<Found> {
        let (these, others) =
            std::mem::take(&mut found).into_iter().partition(|file: &Found| file.kind == kind);
        found = others;
        these
    };
    let (mut versioned, undo, mut repeatable) = (of(Kind::Versioned), of(Kind::Undo), of(Kind::Repeatable));
    versioned.extend(baseline(reader, of(Kind::Baseline), &versioned));
    for files in [&versioned, &undo] {
        names::unique(files, |file| file.version.to_string(), |file| &file.path, "the version")?;
    }
    names::unique(&repeatable, |file| file.description.clone(), |file| &file.path, "the description")?;
    versioned.sort_by(|a, b| a.version.cmp(&b.version));
    repeatable.sort_by(|a, b| a.description.cmp(&b.description));
    let mut revisions = Vec::with_capacity(versioned.len());
    for file in &versioned {
        let down = undo.iter().find(|undo| undo.version == file.version && !undo.is_program);
        let down = down.map(|undo| Ok(script(reader, undo)?.0)).transpose()?;
        revisions.push(listed(reader, file)?.with_down(down));
    }
    for file in &undo {
        if file.is_program || !versioned.iter().any(|other| other.version == file.version) {
            reader.ignore(&file.path, "it undoes no file of its version, or is a program");
        }
    }
    let repeatables = repeatable.iter().map(|file| listed(reader, file)).collect::<Result<_, _>>()?;
    Ok((revisions, repeatables))
}

/// The newest baseline, where the files that it stands for aren't here.
///
/// An empty database gets the baseline and what comes behind it; where all files are here, they lead to the same.
fn baseline(reader: &mut Reader<'_>, mut found: Vec<Found>, versioned: &[Found]) -> Option<Found> {
    found.sort_by(|a, b| a.version.cmp(&b.version));
    let newest = found.pop();
    for file in &found {
        reader.ignore(&file.path, "a newer baseline stands for it");
    }
    let newest = newest?;
    if versioned.iter().any(|file| file.version <= newest.version) {
        reader.ignore(&newest.path, "a baseline, and the versions that it stands for are here too");
        return None;
    }
    Some(newest)
}

fn listed(reader: &Reader<'_>, file: &Found) -> Result<Listed, LayoutError> {
    let name = names::file(&file.path);
    let id = names::id(name.rsplit_once('.').map_or(name, |(stem, _)| stem));
    let version = file.version.as_str();
    if file.is_program {
        let up = reader.script(&file.path, Section::of(""), Transaction::Own);
        return Ok(Listed::new(id, version, up, unread(reader, file)?)
            .about(&file.description)
            .which_cannot_run(format!("{} is a program", file.path)));
    }
    let (up, settings) = script(reader, file)?;
    if let Some(why) = settings.cannot_run {
        return Ok(Listed::new(id, version, up, unread(reader, file)?)
            .about(&file.description)
            .which_cannot_run(why));
    }
    let whole = reader.whole(&file.path)?;
    let mut listed = Listed::new(id, version, up, whole.checksum).about(&file.description);
    // Its checksum is another one then at every moment.
    if file.kind == Kind::Repeatable && settings.placeholders == Placeholders::Always {
        reader.lines(&file.path, |line| {
            listed.revision.runs_each_time |= line.text.to_ascii_lowercase().contains(TIMESTAMP);
            Ok(())
        })?;
    }
    Ok(listed)
}

/// The checksum of a file that can't be run here: where it runs again whenever it changes, that it has changed must be told. In
/// another encoding it couldn't even be read.
fn unread(reader: &Reader<'_>, file: &Found) -> Result<String, LayoutError> {
    if file.kind != Kind::Repeatable {
        return Ok(String::new());
    }
    let mut digest = Digest::default();
    digest.text(&reader.program(&file.path)?);
    Ok(digest.finish())
}

fn script(reader: &Reader<'_>, file: &Found) -> Result<(Script, Settings), LayoutError> {
    let settings = Settings::of(reader, &file.path)?;
    let section = match &settings.cannot_run {
        Some(_) => Section::of(""),
        None => reader.whole(&file.path)?.section,
    };
    let script = reader.script(&file.path, section, settings.transaction);
    Ok((script.with_placeholders(settings.placeholders), settings))
}

/// What the settings beside a file say.
struct Settings {
    transaction: Transaction,
    placeholders: Placeholders,
    cannot_run: Option<String>,
}

impl Settings {
    fn of(reader: &Reader<'_>, path: &str) -> Result<Self, LayoutError> {
        let mut settings =
            Self { transaction: Transaction::Own, placeholders: Placeholders::Always, cannot_run: None };
        let conf = format!("{path}.conf");
        if !reader.has(&conf) {
            return Ok(settings);
        }
        for (number, line) in (1..).zip(reader.text(&conf)?.lines()) {
            let Some((key, value)) = property(line) else { continue };
            let is = |expected: &str| value.eq_ignore_ascii_case(expected);
            match key {
                "executeInTransaction" | "placeholderReplacement" if !is("true") && !is("false") => {
                    return Err(LayoutError::new(format!(
                        "{key} is either true or false, and not {value:?}"
                    ))
                    .in_file(conf)
                    .at_line(number)
                    .with_hint("Flyway refuses it too: write true or false"));
                }
                "executeInTransaction" if is("false") => settings.transaction = Transaction::None,
                "placeholderReplacement" if is("false") => settings.placeholders = Placeholders::Never,
                "encoding" if !is("UTF-8") && !is("US-ASCII") => {
                    settings.cannot_run =
                        Some(format!("{conf} says that it is in {value}; Dunlin reads UTF-8"));
                }
                "shouldExecute" if !is("true") => {
                    settings.cannot_run =
                        Some(format!("{conf} says that it runs where {value}, which Dunlin can't tell"));
                }
                "executeInTransaction" | "placeholderReplacement" | "encoding" | "shouldExecute" => {}
                other => {
                    return Err(LayoutError::new(format!("Flyway knows no setting {other} of a script"))
                        .in_file(conf)
                        .at_line(number)
                        .with_hint("known are executeInTransaction, placeholderReplacement, encoding and shouldExecute"));
                }
            }
        }
        Ok(settings)
    }
}

/// A line of a file of properties, as Java reads them: `key=value`, `key: value` or `key value`.
fn property(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    if line.is_empty() || line.starts_with(['#', '!']) {
        return None;
    }
    let divides = |c: char| c.is_whitespace() || "=:".contains(c);
    let (key, value) = line.split_at(line.find(divides).unwrap_or(line.len()));
    let value = value.trim_start();
    Some((key, value.strip_prefix(['=', ':']).unwrap_or(value).trim_start()))
}

/// What a name says.
fn parse(path: &str) -> Result<Name, LayoutError> {
    let file = names::file(path);
    let Some((stem, ending)) = file.rsplit_once('.') else { return Ok(Name::Other) };
    let is_program = PROGRAMS.contains(&ending);
    let may_run = ending.eq_ignore_ascii_case("sql") || (is_program && stem.contains("__"));
    if !may_run {
        return Ok(Name::Other);
    }
    let event = stem.split("__").next().unwrap_or_default();
    if CALLBACKS.contains(&event) {
        return Ok(Name::Ignored("a callback, which Dunlin doesn't run"));
    }
    let kind = match stem.as_bytes().first() {
        Some(b'V') => Kind::Versioned,
        Some(b'U') => Kind::Undo,
        Some(b'B') => Kind::Baseline,
        Some(b'R') => Kind::Repeatable,
        _ => return Ok(Name::Ignored("its name isn't V1__description.sql, nor R__description.sql")),
    };
    let rest = &stem[1..];
    let (version, description) = rest.split_once("__").unwrap_or((rest, ""));
    match (kind == Kind::Repeatable, version.is_empty()) {
        (true, false) => return Ok(Name::Ignored("its name isn't R__description.sql, without a version")),
        (false, true) => return Ok(Name::Ignored("its name has no version")),
        _ => {}
    }
    let Some(parsed) = Version::parse(version) else {
        return Err(LayoutError::new(format!("its version, {version}, isn't of numbers"))
            .in_file(path)
            .with_hint("Flyway takes what stands between the first letter and __ for a version: rename the file, or move it away"));
    };
    let (path, description) = (path.to_owned(), names::words(description));
    Ok(Name::File(Found { kind, version: parsed, description, path, is_program }))
}

#[cfg(test)]
mod tests {
    use super::{Name, parse, property};

    #[track_caller]
    fn check(path: &str, expected: &str) {
        let found = match parse(path) {
            Ok(Name::File(file)) => format!("{} {}", file.version.as_str(), file.description),
            Ok(Name::Ignored(_)) => "ignored".into(),
            Ok(Name::Other) => "other".into(),
            Err(error) => error.to_string(),
        };
        assert_eq!(found, expected, "{path}");
    }

    #[test]
    fn properties_are_read_as_java_does() {
        for line in ["a=b:c", " a : b:c ", "a b:c", "a:b:c", "a\t=b:c"] {
            assert_eq!(property(line), Some(("a", "b:c")), "{line}");
        }
        assert_eq!(property("a"), Some(("a", "")));
        for line in ["", "  ", "# a=b", "! a=b"] {
            assert_eq!(property(line), None, "{line}");
        }
    }

    #[test]
    fn names_are_read_as_it_does() {
        check("db/V1_2__add_users.SQL", "1.2 add users");
        check("V01.sql", "01 ");
        check("V1__a__b.sql", "1 a  b");
        check("R__views and more.sql", " views and more");
        check("V2__Program.java", "2 Program");
        check("Views.sql", "Views.sql: its version, iews, isn't of numbers");
        check("V__a.sql", "ignored");
        check("Readme.sql", "ignored");
        check("v1__a.sql", "ignored");
        check("afterMigrate__grants.sql", "ignored");
        check("Versions.java", "other");
        check("V1__a.sql.conf", "other");
        check("README", "other");
    }
}
