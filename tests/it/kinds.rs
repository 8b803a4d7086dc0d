//! `docs/kinds.md` against the cases that it names: what is said of a server is what its file in the folder shows.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use dunlin::prelude::*;

mod noted;

/// The servers in the order of the table's columns, by their files.
const SERVERS: [&str; 4] = ["sqlite", "postgres", "mysql", "mariadb"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/render")
}

fn page() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/kinds.md")).unwrap()
}

/// What the files of a case show of a server; a body that is carried as text is shown like anything else.
fn shown(case: &str, server: &str) -> &'static str {
    let refused = |text: &str| {
        text.lines().any(|line| {
            let line = line.strip_prefix("-- ").map(|line| line.strip_prefix("setup: ").unwrap_or(line));
            line.is_some_and(|line| line.starts_with("can't ") && !line.starts_with("can't undo "))
        })
    };
    let text = std::fs::read_to_string(root().join(case).join(format!("{server}.sql"))).unwrap();
    let newer = std::fs::read_to_string(root().join(case).join("postgres18.sql")).ok();
    match (refused(&text), newer) {
        (true, Some(newer)) if server == "postgres" && !refused(&newer) => "from 18",
        (true, _) => "no",
        (false, _) if text.trim().is_empty() => "–",
        (false, _) => "yes",
    }
}

/// Catches a row that nobody changed when a dialect learned something, or was found not to know it.
#[test]
fn every_row_is_what_its_case_shows() {
    let page = page();
    let mut rows = 0;
    for line in page.lines().filter(|line| line.contains("(../tests/data/render/")) {
        let cells: Vec<_> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let (link, said) = (cells.last().unwrap(), &cells[1..cells.len() - 1]);
        let case = link.split(['[', ']']).nth(1).unwrap();
        for (server, said) in SERVERS.iter().zip(said) {
            let said = if *said == "text" { "yes" } else { said };
            assert_eq!(said, shown(case, server), "{server}: {line}");
        }
        assert_eq!(said.len(), SERVERS.len(), "{line}");
        rows += 1;
    }
    assert!(rows > 150, "only {rows} rows were found");
}

/// Catches a new kind of object, or a new change of one, that has a case and no place on the page.
#[test]
fn every_kind_has_a_section() {
    let page = page();
    let mut kinds = BTreeSet::new();
    fn collect(ops: &[Op], kinds: &mut BTreeSet<ObjectKind>) {
        for op in ops {
            match op {
                Op::On { ops, .. } => collect(ops, kinds),
                op => kinds.extend(op.object().map(|id| id.kind)),
            }
        }
    }
    for entry in std::fs::read_dir(root()).unwrap() {
        let json = std::fs::read_to_string(entry.unwrap().path().join("case.json")).unwrap();
        let mut case: serde_json::Value = serde_json::from_str(&json).unwrap();
        for part in ["setup", "ops"] {
            collect(&serde_json::from_value::<Vec<Op>>(case[part].take()).unwrap(), &mut kinds);
        }
    }
    for kind in kinds {
        let heading = format!("\n## {}", kind.as_str());
        assert!(page.to_lowercase().contains(&heading), "docs/kinds.md has no section for a {kind}");
    }
}

/// Catches a row about ALTER whose case has another name, and one that writes what the DSL doesn't have.
#[test]
fn every_alter_is_written_and_shown() {
    let page = page();
    let section =
        page.split("## Every ALTER of the servers").nth(1).unwrap().split("## Not modelled").next().unwrap();
    let code = |text: &str| text.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    let dsl = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../dsl/src"));
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let known: BTreeSet<&str> = dsl.split(|c| !is_word(c)).collect();
    let mut rows = 0;
    for line in section.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| ALTER")) {
        let cells: Vec<_> = line.trim_matches('|').split('|').collect();
        let [.., written, cases] = cells[..] else { panic!("{line}") };
        assert!(written.starts_with(" –") || !code(cases).is_empty(), "nothing shows {line}");
        for case in code(cases) {
            assert!(root().join(&case).is_dir(), "there is no case {case}");
        }
        let calls = code(written).into_iter().filter(|text| text.contains('('));
        for call in calls.filter(|_| !written.starts_with(" –")) {
            let names =
                call.match_indices('(').filter_map(|(at, _)| call[..at].rsplit(|c| !is_word(c)).next());
            for name in names {
                assert!(known.contains(name), "the DSL has no {name}: {line}");
            }
        }
        rows += 1;
    }
    assert!(rows > 80, "only {rows} rows were found");
}

/// All that the files of a folder say.
fn sources(folder: &Path) -> String {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let text = |path: PathBuf| match path.is_dir() {
        true => sources(&path),
        false => std::fs::read_to_string(path).unwrap(),
    };
    entries.map(text).collect()
}
