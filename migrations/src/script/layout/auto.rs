//! Whose layout a folder has, by the marks that each layout has of its own.

use std::collections::{BTreeMap, BTreeSet};

use dunlin_dsl::Lexicon;

use super::fault::LayoutError;
use super::folder::Folder;
use super::names::{self, is_script};
use super::{Format, Listing, alembic, dbmate, golang_migrate, goose, read, sea_orm, sqlx};
use crate::script::{Position, Script};

pub(super) fn read(
    folder: &dyn Folder,
    paths: Vec<String>,
    lexicon: &Lexicon,
) -> Result<Listing, LayoutError> {
    let marks = marks(folder, &paths)?;
    let mut found = marks.iter();
    if let (Some((one, path)), Some((other, other_path))) = (found.next(), found.next()) {
        return Err(ask(format!("{path} is in the layout of {one}, and {other_path} in that of {other}")));
    }
    match marks.keys().next() {
        Some(Format::Flyway) => flyway_or_refinery(folder, paths, lexicon),
        Some(format) => Listing::read_as(*format, folder, paths, lexicon),
        None => without_marks(folder, paths, lexicon),
    }
}

/// The formats that something in the folder speaks for, each with the first file that does.
fn marks(folder: &dyn Folder, paths: &[String]) -> Result<BTreeMap<Format, String>, LayoutError> {
    let mut marks = BTreeMap::new();
    for path in paths {
        let format = match by_name(path) {
            None if path.contains('/') => None,
            None if is_script(path) => by_text(folder, path)?,
            None => by_program(folder, path),
            format => format,
        };
        if let Some(format) = format {
            marks.entry(format).or_insert_with(|| path.clone());
        }
    }
    // What it has in its folders isn't another tool's.
    if marks.contains_key(&Format::Sqitch) {
        marks.retain(|format, _| *format == Format::Sqitch);
    }
    // And what is Dunlin's stands beside such a tool's programs.
    for programs in [Format::Alembic, Format::SeaOrm] {
        if marks.contains_key(&programs) {
            marks.retain(|format, path| {
                *format == programs || *format != Format::Dunlin && !path.contains('/')
            });
        }
    }
    Ok(marks)
}

/// Whose step a program is, where its text tells.
fn by_program(folder: &dyn Folder, path: &str) -> Option<Format> {
    let (format, is_mark): (_, fn(&str) -> bool) = match names::file(path) {
        file if names::program(file).is_some() && file.ends_with(".rs") => return None,
        file if file.ends_with(".rs") => (Format::SeaOrm, sea_orm::is_mark),
        file if alembic::is_step(file) => (Format::Alembic, alembic::is_mark),
        _ => return None,
    };
    // One that can't be read says nothing here.
    let bytes = read::bytes(folder, path).ok()?;
    String::from_utf8_lossy(&bytes).lines().any(is_mark).then_some(format)
}

/// What a file's path alone tells. refinery's names are Flyway's too.
fn by_name(path: &str) -> Option<Format> {
    if matches!(path, "sqitch.plan" | "sqitch.conf") {
        return Some(Format::Sqitch);
    }
    if path.split_once('/').is_some_and(|(_, file)| file == "up.sql") {
        return Some(Format::Diesel);
    }
    let file = names::file(path);
    let stem = names::without_suffix(file, ".sql")?;
    let (version, _) = stem.get(1..)?.split_once("__")?;
    let is_version = version.starts_with(|c: char| c.is_ascii_digit());
    let is_flyway = match stem.as_bytes().first() {
        Some(b'V' | b'U' | b'B') => is_version,
        Some(b'R') => version.is_empty(),
        _ => false,
    };
    is_flyway.then_some(Format::Flyway)
}

/// What a file says to one of the tools.
fn by_text(folder: &dyn Folder, path: &str) -> Result<Option<Format>, LayoutError> {
    let mut found = None;
    read::lines(folder, path, |line| {
        if found.is_some() || !line.is_first {
            return Ok(());
        }
        let text = line.trimmed();
        found = if goose::is_annotation(text) {
            Some(Format::Goose)
        } else if dbmate::directive(text).is_some() {
            Some(Format::Dbmate)
        } else if to_dunlin(text).is_some() {
            Some(Format::Dunlin)
        } else if line.start == Position::START && text.starts_with(sqlx::NO_TRANSACTION) {
            Some(Format::Sqlx)
        } else {
            None
        };
        Ok(())
    })?;
    Ok(found)
}

/// What a comment says to Dunlin, where it does.
pub(super) fn to_dunlin(text: &str) -> Option<&str> {
    let (_, comment) = text.split_once("--").or_else(|| text.split_once('#'))?;
    let comment = comment.trim_start_matches(['-', '#']).trim_start();
    let (mark, said) = comment.split_at_checked("dunlin:".len())?;
    mark.eq_ignore_ascii_case("dunlin:").then_some(said)
}

/// Flyway's reading, unless refinery's would run what Flyway doesn't.
///
/// What refinery alone passes over, a name with a dash in it, no user of refinery would have kept.
fn flyway_or_refinery(
    folder: &dyn Folder,
    paths: Vec<String>,
    lexicon: &Lexicon,
) -> Result<Listing, LayoutError> {
    let refinery = Listing::read_as(Format::Refinery, folder, paths.clone(), lexicon);
    let flyway = Listing::read_as(Format::Flyway, folder, paths, lexicon);
    // What only Flyway has: versions with parts, files that run again, ways down, settings beside a file.
    let (flyway, refinery) = match (flyway, refinery) {
        (flyway, Err(_)) => return flyway,
        // Settings beside a file are Flyway's alone.
        (Err(error), _) if error.file().is_some_and(|file| file.ends_with(".conf")) => return Err(error),
        (Err(_), refinery) => return refinery,
        (Ok(flyway), Ok(refinery)) => (flyway, refinery),
    };
    let is_plain = |listed: &super::Listed| {
        listed.revision.down.is_none() && listed.revision.up.transaction().is_tools()
    };
    if !flyway.repeatables.is_empty() || !flyway.revisions.iter().all(is_plain) {
        return Ok(flyway);
    }
    let files = |listing: &Listing| -> BTreeSet<String> {
        listing.revisions.iter().map(|listed| listed.revision.up.file().to_owned()).collect()
    };
    let (by_flyway, by_refinery) = (files(&flyway), files(&refinery));
    let mut refinerys = by_refinery.difference(&by_flyway).peekable();
    let Some(file) = refinerys.peek().copied() else { return Ok(flyway) };
    match refinerys.all(|file| file.ends_with(".rs")) && by_flyway.is_subset(&by_refinery) {
        true => Ok(refinery),
        false => Err(ask(format!("refinery would run {file}, and Flyway would not"))),
    }
}

/// Files that say nothing of a tool. Their readings differ in nothing but what is missing, and none looks into folders below.
fn without_marks(folder: &dyn Folder, paths: Vec<String>, lexicon: &Lexicon) -> Result<Listing, LayoutError> {
    let (below, scripts): (Vec<&str>, Vec<&str>) =
        paths.iter().map(String::as_str).filter(|path| is_script(path)).partition(|path| path.contains('/'));
    let is_prismas = |path: &&str| path.split_once('/').is_some_and(|(_, file)| file == "migration.sql");
    if let (Some(first), true) = (below.first(), scripts.is_empty() && below.iter().all(is_prismas)) {
        let (name, _) = first.split_once('/').unwrap_or_default();
        return Err(LayoutError::new("it is in the layout of Prisma or Drizzle, which isn't read")
            .in_file(*first)
            .with_hint(format!("copy each of these files to one with its folder's name, as {name}.sql")));
    }
    let below: BTreeSet<String> =
        below.iter().filter_map(|path| Some(format!("{}/", path.split_once('/')?.0))).collect();
    if let (Some(first), true) = (below.first(), scripts.is_empty()) {
        let below: Vec<_> = below.iter().map(String::as_str).collect();
        return Err(LayoutError::new(format!(
            "no .sql file is in the folder itself, but below it, in {}",
            below.join(", ")
        ))
        .with_hint(format!("name the one that is meant, as in --revisions FOLDER/{first}")));
    }
    if let (true, Some(first)) = (scripts.is_empty(), programs_below(folder, &paths)) {
        let hint = format!("name the one that is meant, as in --revisions FOLDER/{first}");
        let message = format!("no revision is in the folder itself, but below it, in {first}");
        return Err(LayoutError::new(message).with_hint(hint));
    }
    let all = |is: fn(&str) -> bool| !scripts.is_empty() && scripts.iter().all(|path| is(path));
    let is_pair = |path: &str| golang_migrate::parse(path).is_some();
    let has_number = |path: &str| !names::digits(path).0.is_empty();
    let (numbered, others): (Vec<&str>, Vec<&str>) = scripts.iter().partition(|path| has_number(path));
    if let (Some(other), true) = (others.first(), numbered.len() > others.len()) {
        let number = numbered[0];
        return Err(ask(format!(
            "{other} would run in Dunlin's own layout, and not where files are numbered as {number} is"
        )));
    }
    if all(is_pair) {
        return pairs(Listing::read_as(Format::GolangMigrate, folder, paths, lexicon)?);
    }
    let format = if all(has_number) { Format::Numbered } else { Format::Dunlin };
    Listing::read_as(format, folder, paths, lexicon)
}

/// The first folder right below in which a tool's steps are programs.
fn programs_below(folder: &dyn Folder, paths: &[String]) -> Option<String> {
    let mut below = paths.iter().filter_map(|path| Some((path, path.split_once('/')?)));
    let found = below.find(|(path, (_, file))| !file.contains('/') && by_program(folder, path).is_some());
    found.map(|(_, (first, _))| format!("{first}/"))
}

/// Pairs, which may be golang-migrate's, sqlx's or nobody's. To golang-migrate alone a file that is missing does nothing, so
/// here it counts as missing; and SQLite's foreign keys are on with one of them and off with the other, so they stay as they are.
fn pairs(mut listing: Listing) -> Result<Listing, LayoutError> {
    for listed in &mut listing.revisions {
        let is_missing = |end: Position| end == Position::START;
        let revision = &mut listed.revision;
        let up = revision.up.file().to_owned();
        if revision.checksum.is_empty() {
            return Err(LayoutError::new("there is no .up.sql of its version").in_file(up).with_hint(
                "write it, or set `format = \"golang-migrate\"`, to which a missing file does nothing",
            ));
        }
        let down = revision.down.take();
        let down = down.filter(|down| !(down.file() == up && is_missing(down.section().end)));
        revision.down = down.map(nobodys);
        revision.up = nobodys(revision.up.clone());
    }
    Ok(listing)
}

/// A script that may be of any of these tools, or of none.
fn nobodys(script: Script) -> Script {
    script.without_session().with_own_table(None).with_placeholders(Format::Dunlin.placeholders())
}

fn ask(what: String) -> LayoutError {
    let names: Vec<_> = Format::ALL.iter().map(|format| format.as_str()).collect();
    LayoutError::new(what).with_hint(format!(
        "say whose layout it is: --format, or `format` in dunlin.toml, is one of {}",
        names.join(", ")
    ))
}
