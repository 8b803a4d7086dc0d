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
