//! The texts in which servers keep what they were told, compared for what they say.

use dunlin::prelude::*;

use crate::dump::dump;
use crate::server::{Kind, TestDb};
use crate::whole::same;

/// Whether it matters in which order a table's columns are; on PostgreSQL it never does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Matters,
    MeansNothing,
}

/// Compares what a server says of both databases.
pub(super) async fn same(found: &TestDb, expected: &TestDb, what: &str) {
    let what = format!("{what}: not as it is made fresh");
    same_texts(found.kind, [&said(found).await, &said(expected).await], Order::Matters, &what);
}

/// What a server says of a database, but for its name.
pub(super) async fn said(db: &TestDb) -> String {
    let text = dump(db, &[]).await;
    db.name().map_or_else(|| text.clone(), |name| text.replace(&name, "own"))
}

/// Compares what a server said.
pub(super) fn same_texts(kind: Kind, said: [&str; 2], order: Order, what: &str) {
    if kind == Kind::Sqlite {
        let [found, expected] = said.map(|text| sqlite(text, order));
        assert!(found == expected, "{what}:\n{}", same::differences(&found, &expected));
        return;
    }
    let [found, expected] = said.map(|text| match order {
        Order::Matters => signed(text),
        Order::MeansNothing => without_order(&signed(text)),
    });
    same::same_dump(kind, &found, &expected, what);
}

/// The columns of MySQL's and MariaDB's tables, each in a line that begins with its name, in the order of their names.
fn without_order(dump: &str) -> String {
    let is_column = |line: &&str| line.starts_with("  `");
    let mut lines: Vec<&str> = dump.lines().map(|line| line.trim_end_matches(',')).collect();
    lines.chunk_by_mut(|one, next| is_column(one) && is_column(next)).for_each(<[_]>::sort_unstable);
    lines.join("\n")
}

/// Numbers below nothing without brackets: MySQL writes `-(3)` or `-3`, by what has become of the column meanwhile.
fn signed(dump: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(dump.len()), dump);
    while let Some((before, behind)) = rest.split_once("-(") {
        out += before;
        let number = behind.split_once(')').filter(|(number, _)| {
            !number.is_empty() && number.chars().all(|c| c.is_ascii_digit() || c == '.')
        });
        match number {
            Some((number, after)) => {
                out += &format!("-{number}");
                rest = after;
            }
            None => {
                out += "-(";
                rest = behind;
            }
        }
    }
    out + rest
}

/// SQLite keeps the text of a table that was edited, and a fresh one's is written anew. They say the same if they have the same
/// columns in the same order, each with the same clauses, and the same constraints, whatever is in quotes, and however it is laid
/// out.
fn sqlite(dump: &str, order: Order) -> String {
    let kinds = ["table | ", "index | ", "view | ", "trigger | "];
    let mut objects: Vec<String> = Vec::new();
    for line in dump.lines() {
        match objects.last_mut() {
            Some(last) if !kinds.iter().any(|kind| line.starts_with(kind)) => *last += &format!("\n{line}"),
            _ => objects.push(line.to_owned()),
        }
    }
    let mut out = String::new();
    for object in objects {
        let (head, text) = object.split_once(" | CREATE ").unwrap_or((&object, ""));
        // It stays when nothing is numbered any more.
        if head.contains("sqlite_sequence") || head.contains(" | dunlin_") {
            continue;
        }
        let words = words(text);
        let said = match head.starts_with("table | ") {
            true => table(&words, order),
            false => words.join(" "),
        };
        out += &format!("{head}\n{said}\n");
    }
    out
}

/// The words of a text: names without their quotes, strings with them, no comments.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let end = match c {
            '"' | '\'' | '`' => {
                let mut end = 1;
                loop {
                    end += rest[end..].find(c).map_or(rest.len() - end, |at| at + 1);
                    match rest[end..].starts_with(c) {
                        true => end += 1,
                        false => break end,
                    }
                }
            }
            c if c.is_alphanumeric() || c == '_' => {
                rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '.').unwrap_or(rest.len())
            }
            _ if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            _ if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |at| at + 2),
            c => c.len_utf8(),
        };
        let (word, tail) = rest.split_at(end);
        rest = tail;
        match c {
            '"' | '`' => words.push(word[1..word.len() - 1].replace(&format!("{c}{c}"), &c.to_string())),
            _ if word.trim().is_empty() || word.starts_with("--") || word.starts_with("/*") => {}
            _ => words.push(word.to_owned()),
        }
    }
    words
}

/// A table's columns in order, then its constraints and its options in any.
fn table(words: &[String], order: Order) -> String {
    let (mut parts, mut depth) = (vec![Vec::new()], 0_usize);
    for word in words {
        match word.as_str() {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        match (depth, word.as_str()) {
            (1, ",") | (0, ")" | ",") => parts.push(Vec::new()),
            (1, "(") if parts.len() == 1 => parts.push(Vec::new()),
            _ => parts.last_mut().unwrap().push(word.as_str()),
        }
    }
    let starts = |part: &Vec<&str>| {
        part.first()
            .is_some_and(|word| ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"].contains(word))
    };
    let first = parts.iter().position(starts).unwrap_or(parts.len() - 1);
    let mut lines: Vec<String> = parts.drain(..first).map(|part| column(&part)).collect();
    if order == Order::MeansNothing {
        // The first is the table's name.
        lines[1..].sort_unstable();
    }
    let mut rest: Vec<String> = parts.iter().map(|part| part.join(" ")).collect();
    rest.sort_unstable();
    lines.extend(rest);
    lines.join("\n")
}

/// A column's name and type, then its clauses in any order.
fn column(words: &[&str]) -> String {
    const CLAUSES: [&str; 10] = [
        "CONSTRAINT",
        "PRIMARY",
        "NOT",
        "DEFAULT",
        "COLLATE",
        "AS",
        "GENERATED",
        "CHECK",
        "REFERENCES",
        "UNIQUE",
    ];
    let (mut clauses, mut depth, mut named) = (vec![String::new()], 0_usize, 0);
    for (at, word) in words.iter().enumerate() {
        match *word {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            word if depth == 0 && at > 0 && at != named + 1 && CLAUSES.contains(&word) => {
                // A constraint's name belongs to what follows it.
                if named == 0 || at != named + 2 {
                    clauses.push(String::new());
                }
                if word == "CONSTRAINT" {
                    named = at;
                }
            }
            _ => {}
        }
        let clause = clauses.last_mut().unwrap();
        *clause += &format!("{word} ");
    }
    clauses[1..].sort_unstable();
    clauses.concat()
}

/// The same with one name in place of another in everything that is SQL.
macro_rules! with_name {
    ($of:expr, $from:expr, $to:expr) => {{
        let mut value = serde_json::to_value(&*$of).unwrap();
        rename(&mut value, $from, $to);
        serde_json::from_value(value).unwrap()
    }};
}

/// What a server does to texts that mention what is renamed, and `apply` doesn't.
pub(super) fn renamed(model: &mut Schema, op: &Op) {
    match op {
        Op::RenameColumn { table, column, to } => {
            if let Some(table) = model.tables.get_mut(table) {
                *table = with_name!(table, column, to);
            }
            for object in model.objects.values_mut() {
                if object.id.kind == ObjectKind::Trigger && object.id.on.as_ref() == Some(table) {
                    *object = with_name!(object, column, to);
                }
            }
        }
        Op::RenameTable { table, to } => *model = with_name!(model, &table.name, to),
        _ => {}
    }
}

fn rename(value: &mut serde_json::Value, from: &str, to: &str) {
    match value {
        serde_json::Value::Object(fields) => {
            for (key, value) in fields {
                match (key.as_str(), value) {
                    ("sql", serde_json::Value::String(text)) => *text = replaced(text, from, to),
                    (_, value) => rename(value, from, to),
                }
            }
        }
        serde_json::Value::Array(values) => values.iter_mut().for_each(|value| rename(value, from, to)),
        _ => {}
    }
}

fn replaced(text: &str, from: &str, to: &str) -> String {
    let quote = if text.contains('`') { '`' } else { '"' };
    let doubled = to.replace(quote, &format!("{quote}{quote}"));
    let to = format!("{quote}{doubled}{quote}");
    let mut out = text.replace(&format!("{quote}{from}{quote}"), &to);
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == quote;
    let mut done = 0;
    while let Some(at) = out[done..].find(from).map(|at| at + done) {
        let end = at + from.len();
        let alone = !out[..at].ends_with(is_part) && !out[end..].starts_with(is_part);
        if alone {
            out.replace_range(at..end, &to);
        }
        done = if alone { at + to.len() } else { end };
    }
    out
}
