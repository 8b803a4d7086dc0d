//! What `docs/kinds.md` says is noted as not modelled, against the texts that the code notes.

use std::collections::BTreeSet;
use std::path::Path;

use super::page;

/// How a noted text begins.
const BEGINNINGS: [&str; 25] = [
    ".. on the",
    "DEFAULT ENCRYPTION",
    "READ ONLY = ",
    "a ",
    "an ",
    "another ",
    "columns ",
    "engine ",
    "grants",
    "in ",
    "index ..",
    "numbers ",
    "option ",
    "options ",
    "partitions ",
    "storage parameters",
    "table ..",
    "text ",
    "that ",
    "the name ",
    "to ",
    "transforms ",
    "type ..",
    "whose ",
    "with ",
];

/// What begins so, and is noted by no catalog: what the operations of a revision do to each other.
const NOT_NOTED: [&str; 1] = ["a column that this revision renames from .. to .."];

/// The texts that stand in quotes on the page, in the section about what is noted.
fn told(page: &str) -> BTreeSet<String> {
    let section = page.split("### What is noted").nth(1).unwrap().split("\n##").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| ") && !line.contains("noted as"));
    let texts = rows.flat_map(|row| row.split('`').skip(1).step_by(2)).map(str::to_owned);
    texts.filter(|text| is_note(text)).collect()
}

fn is_note(text: &str) -> bool {
    BEGINNINGS.iter().any(|beginning| text.starts_with(beginning))
}

/// The texts in some sources' literals, with `..` for what is put into them.
fn noted() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut noted = BTreeSet::new();
    for place in ["dialects/src/sqlite", "dialects/src/postgres", "dialects/src/mysql"] {
        for file in files(&root.join(place)) {
            let name = file.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&file).unwrap();
            if name.ends_with(".sql") {
                noted.extend(of_sql(&text));
            } else if ["/introspect", "/read"].iter().any(|part| name.contains(part)) {
                noted.extend(of_rust(&text));
            }
        }
    }
    let text = std::fs::read_to_string(root.join("dsl/src/schema/unmodelled.rs")).unwrap();
    let display = text.split("impl fmt::Display").nth(1).unwrap().split("impl PartKind").next().unwrap();
    noted.extend(of_rust(display));
    noted.retain(|text| is_note(text) && !NOT_NOTED.contains(&text.as_str()));
    noted
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

fn of_rust(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let literals = lines.flat_map(|line| line.split('"').skip(1).step_by(2));
    let filled = |text: &str| {
        let mut parts = text.split('{');
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |all, part| all + ".." + part.split_once('}').unwrap_or_default().1)
    };
    literals.map(filled).collect()
}

fn of_sql(text: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("--"));
    let mut found = Vec::new();
    for line in lines {
        let line = line.replace("''", "\u{1}");
        for (at, literal) in line.split('\'').enumerate().filter(|(at, _)| at % 2 == 1) {
            let then = |behind: usize| line.split('\'').nth(at + behind).unwrap_or_default();
            let after = then(1);
            let end = (after.starts_with(" ||") && after.ends_with("|| ")).then(|| {
                let more = if then(3).starts_with(" ||") { ".." } else { "" };
                format!("{}{more}", then(2))
            });
            let filled = match (after.starts_with(" ||"), end) {
                (true, end) => format!("{literal}..{}", end.unwrap_or_default()),
                (false, _) => literal.to_owned(),
            };
            found.push(filled.replace('\u{1}', "'"));
        }
    }
    found
}

/// Catches a text that the code notes and the page doesn't name, and one that the page names and nothing notes any more.
#[test]
fn what_is_noted_stands_on_the_page() {
    let (told, noted) = (told(&page()), noted());
    let untold: Vec<_> = noted.difference(&told).collect();
    let gone: Vec<_> = told.difference(&noted).collect();
    assert!(untold.is_empty(), "noted, and not in docs/kinds.md: {untold:#?}");
    assert!(gone.is_empty(), "in docs/kinds.md, and noted by nothing: {gone:#?}");
    assert!(noted.len() > 70, "only {} texts were found", noted.len());
}

/// Catches a word of a server's that is noted of a column, an index or a partition, and isn't named.
#[test]
fn words_that_are_noted_stand_on_the_page() {
    let page = page();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dialects/src/mysql/introspect");
    for file in ["words.rs", "partitions.rs"] {
        let text = std::fs::read_to_string(root.join(file)).unwrap();
        for list in text.split("const OF_").skip(1) {
            for word in of_rust(list.split("];").next().unwrap()) {
                assert!(page.contains(&word), "docs/kinds.md doesn't name {word}, as {file} does");
            }
        }
    }
}
