//! The graph of revisions: cases of `tests/data/graph`, and random graphs against a plain reference.
//!
//! A file has sections, `== title`, each with a graph and cases. A revision is a line, `b revises a1 a2 depends-on c label l`;
//! one that says not what it revises comes after the line before. A case is `what target [from ROWS | having IDS]: expected`.
//! `script up a:b` and `script down b:a` are of what `--sql` prints.
//! `from` gives what is applied by its last revisions, `having` all of it in order. Expected is `steps => rows`, names, or
//! `error: text`, with ` | next: hint` where there is one. `DUNLIN_BLESS=1` writes what was found.

mod random;
mod reference;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use dunlin::prelude::*;
use dunlin::{Error, Graph, MigrationList, Offline, Revision};
use futures_util::FutureExt;

use self::reference::Reference;

/// A revision that does nothing.
#[derive(Clone, Debug, Default)]
struct Node {
    id: String,
    revises: Option<Vec<String>>,
    depends_on: Vec<String>,
    labels: Vec<String>,
}

/// What the trait lends out.
struct Lent {
    id: &'static str,
    revises: Option<Vec<&'static str>>,
    depends_on: Vec<&'static str>,
    labels: Vec<&'static str>,
}

impl Migration for Lent {
    fn id(&self) -> &str {
        self.id
    }

    fn up(&self, _: &mut Ops) {}

    fn revises(&self) -> Option<&[&str]> {
        self.revises.as_deref()
    }

    fn depends_on(&self) -> &[&str] {
        &self.depends_on
    }

    fn branch_labels(&self) -> &[&str] {
        &self.labels
    }
}

impl Node {
    fn parse(line: &str) -> Self {
        let mut words = line.split_whitespace();
        let mut node = Self { id: words.next().unwrap().to_owned(), ..Self::default() };
        let mut into = "";
        for word in words {
            match (into, word) {
                (_, "revises") => {
                    node.revises = Some(Vec::new());
                    into = "revises";
                }
                (_, "depends-on" | "label") => into = word,
                ("revises", "base") => {}
                ("revises", id) => node.revises.get_or_insert_default().push(id.to_owned()),
                ("depends-on", id) => node.depends_on.push(id.to_owned()),
                ("label", label) => node.labels.push(label.to_owned()),
                _ => panic!("{line}"),
            }
        }
        node
    }

    /// A test's few words may stay in memory.
    fn lend(&self) -> Lent {
        let lend = |text: &String| -> &'static str { Box::leak(text.clone().into_boxed_str()) };
        Lent {
            id: lend(&self.id),
            revises: self.revises.as_ref().map(|ids| ids.iter().map(lend).collect()),
            depends_on: self.depends_on.iter().map(lend).collect(),
            labels: self.labels.iter().map(lend).collect(),
        }
    }
}

fn graph(nodes: &[Node]) -> Result<Graph, Error> {
    Graph::of(&list(nodes))
}

fn list(nodes: &[Node]) -> MigrationList {
    nodes.iter().map(|node| Box::new(node.lend()) as Box<dyn Migration>).collect()
}

/// The revisions of a script: `up a:b`, or `down b:a`.
fn script(case: &str, nodes: &[Node]) -> Result<String, Error> {
    let (way, range) = case.split_once(' ').unwrap();
    let (from, to) = range.split_once(':').unwrap();
    let (list, server) = (list(nodes), dunlin::assumed(DialectId::Sqlite, None, None).unwrap());
    let mut offline = Offline::new(dunlin::dialect(server.dialect), server, &list);
    let mut text = Vec::new();
    let ids = match way {
        "up" => offline.upgrade(from, to, &mut text).now_or_never(),
        "down" => offline.downgrade(from, to, &mut text).now_or_never(),
        _ => panic!("{case}"),
    };
    // Nobody is waited for.
    let ids = ids.unwrap()?;
    assert_eq!(ids.is_empty(), text.is_empty(), "{case}");
    Ok(ids.join(" "))
}

fn shown(error: &Error) -> String {
    assert!(error.is_graph() || error.is_target(), "{error}");
    match error.hint() {
        Some(hint) => format!("error: {error} | next: {hint}"),
        None => format!("error: {error}"),
    }
}

fn ids<'a>(revisions: impl IntoIterator<Item = &'a Revision>) -> Vec<String> {
    revisions.into_iter().map(|revision| revision.id.clone()).collect()
}

/// What is applied, in the order in which it was, as a case says it.
fn applied(case: &str, reference: &Reference) -> Vec<String> {
    if let Some((_, ids)) = case.split_once(" having ") {
        return ids.split_whitespace().map(str::to_owned).collect();
    }
    let Some((_, rows)) = case.split_once(" from ") else { return Vec::new() };
    let mut all = BTreeSet::new();
    for row in rows.split_whitespace() {
        all.extend(reference.with_before(row));
    }
    reference.ids().filter(|id| all.contains(*id)).map(str::to_owned).collect()
}

/// The rows that Alembic would have for this: what nothing else that is applied comes after or depends on.
fn rows(applied: &BTreeSet<String>, reference: &Reference) -> String {
    let is_row = |id: &&String| {
        !applied.iter().any(|other| other != *id && reference.with_before(other).contains(*id))
    };
    applied.iter().filter(is_row).cloned().collect::<Vec<_>>().join(" ")
}

/// Each step behind all that it needs.
fn check_order(steps: &[String], reference: &Reference) {
    for (place, id) in steps.iter().enumerate() {
        for later in &steps[place + 1..] {
            assert!(!reference.with_before(id).contains(later), "{id} before {later} in {steps:?}");
        }
    }
}

fn find(case: &str, graph: &Graph, reference: &Reference) -> Result<String, Error> {
    let mut words = case.split_whitespace();
    let (what, target) = (words.next().unwrap(), words.next().unwrap_or_default());
    // A target may have a blank in it, which is wrong.
    let target = match case.split_once(' ').filter(|_| case.starts_with("find b c")) {
        Some((_, target)) => target,
        None => target,
    };
    let applied = applied(case, reference);
    let had: Vec<&str> = applied.iter().map(String::as_str).collect();
    let mut after: BTreeSet<String> = applied.iter().cloned().collect();
    let path = |steps: &[String], after: &BTreeSet<String>| {
        format!("{} => {}", steps.join(" "), rows(after, reference)).trim().to_owned()
    };
    Ok(match what {
        "upgrade" => {
            let steps = ids(graph.upgrade_path(&had, target)?);
            check_order(&steps, reference);
            after.extend(steps.iter().cloned());
            path(&steps, &after)
        }
        "downgrade" => {
            let steps = graph.downgrade_path(&had, target)?;
            check_order(&steps.iter().rev().cloned().collect::<Vec<_>>(), reference);
            after.retain(|id| !steps.contains(id));
            path(&steps, &after)
        }
        "stamp" => {
            after.retain(|id| graph.get(id).is_none());
            after.extend(ids(graph.stamp_path(&had, target)?));
            path(&[], &after)
        }
        "find" => ids(graph.find(&had, target)?).join(" "),
        "range" => {
            let mut found = ids(graph.range(&had, target)?);
            found.reverse();
            found.join(" ")
        }
        "current" => ids(graph.current(&had)).join(" "),
        "late" => ids(graph.late(&had)).join(" "),
        "heads" => ids(graph.heads()).join(" "),
        "bases" => ids(graph.bases()).join(" "),
        "graph" => "sound".to_owned(),
        _ => panic!("{case}"),
    })
}

#[test]
fn cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/graph");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut wrong = String::new();
    let mut count = 0;
    for file in &files {
        let text = std::fs::read_to_string(file).unwrap();
        let mut found = String::new();
        let mut nodes = Vec::new();
        for line in text.lines() {
            let what = line.split_whitespace().next().unwrap_or_default().trim_end_matches(':');
            match what {
                _ if line.is_empty() || line.starts_with('#') => {}
                "==" => nodes.clear(),
                "upgrade" | "downgrade" | "script" | "stamp" | "find" | "range" | "current" | "late"
                | "heads" | "bases" | "graph" => {
                    count += 1;
                    let (case, _) = case(line);
                    let result = match case.strip_prefix("script ") {
                        Some(range) => script(range, &nodes),
                        None => graph(&nodes).and_then(|graph| find(case, &graph, &Reference::new(&nodes))),
                    };
                    let result = result.unwrap_or_else(|error| shown(&error));
                    writeln!(found, "{}", format!("{case}: {result}").trim_end()).unwrap();
                    continue;
                }
                _ => nodes.push(Node::parse(line)),
            }
            writeln!(found, "{line}").unwrap();
        }
        if std::env::var_os("DUNLIN_BLESS").is_some() {
            std::fs::write(file, &found).unwrap();
        }
        for (expected, found) in text.lines().zip(found.lines()).filter(|(expected, found)| expected != found)
        {
            writeln!(wrong, "{}: expected {expected}\n    found {found}", file.display()).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(count > 250, "only {count} cases");
}

/// A line divided into the case and what is expected: a range has a colon too.
fn case(line: &str) -> (&str, &str) {
    match line.split_once(": ") {
        Some((case, expected)) => (case, expected),
        None => (line.strip_suffix(':').unwrap_or(line), ""),
    }
}
