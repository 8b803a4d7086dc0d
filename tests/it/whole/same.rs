//! Comparing so that a difference can be read, and means something.

use dunlin::prelude::*;

use crate::server::Kind;

/// Compares object by object.
pub(crate) fn same(found: &Schema, expected: &Schema, what: &str) {
    let text = |value: Option<String>| value.unwrap_or_default();
    for (name, table) in &expected.tables {
        let found = found.get(name);
        let printed = [found, Some(table)].map(|table| text(table.map(|table| format!("{table:#?}"))));
        assert!(found == Some(table), "{what}: {name}:\n{}", differences(&printed[0], &printed[1]));
    }
    for (id, object) in &expected.objects {
        let found = found.objects.get(id);
        let printed = [found, Some(object)].map(|object| text(object.map(|object| format!("{object:#?}"))));
        assert!(found == Some(object), "{what}: {id}:\n{}", differences(&printed[0], &printed[1]));
    }
    assert_eq!(found.tables.len(), expected.tables.len(), "{what}");
    assert_eq!(found.objects.len(), expected.objects.len(), "{what}");
}

/// Compares what a server says of its database.
pub(crate) fn same_dump(kind: Kind, found: &str, expected: &str, what: &str) {
    let (found, expected) = (canonical(kind, found), canonical(kind, expected));
    assert!(found == expected, "{what}:\n{}", differences(&found, &expected));
}

/// A dump without what means nothing: the order of keys and, on PostgreSQL and SQLite, where a column stands that was
/// dropped and came back, and whether SQLite keeps a name in quotes, as it does once it has renamed it.
fn canonical(kind: Kind, dump: &str) -> String {
    match kind {
        Kind::Sqlite => {
            let kinds = ["table | ", "index | ", "view | ", "trigger | "];
            let mut objects: Vec<Vec<String>> = Vec::new();
            for line in dump.lines() {
                if kinds.iter().any(|kind| line.starts_with(kind)) {
                    objects.push(Vec::new());
                }
                let words = line.split([' ', ',', '(', ')']).filter(|word| !word.is_empty());
                let words = words.map(|word| word.replace('"', ""));
                objects.last_mut().into_iter().for_each(|object| object.extend(words.clone()));
            }
            objects.iter_mut().for_each(|object| object.sort_unstable());
            objects.iter().map(|object| object.join(" ") + "\n").collect()
        }
        Kind::Postgres15 | Kind::Postgres18 => {
            let sorted = |stanza: &str| {
                let mut lines: Vec<_> = stanza.lines().map(in_order).collect();
                lines.sort_unstable();
                lines.join("\n")
            };
            let mut stanzas: Vec<_> = dump.split("\n\n--\n").map(sorted).collect();
            stanzas.sort_unstable();
            stanzas.join("\n")
        }
        Kind::Mysql | Kind::Mariadb => {
            let is_key = |line: &str| {
                let line = line.trim_start();
                ["KEY ", "UNIQUE KEY ", "CONSTRAINT "].iter().any(|word| line.starts_with(word))
            };
            let mut lines: Vec<_> = dump.lines().map(|line| line.trim_end_matches(',')).collect();
            for keys in lines.chunk_by_mut(|one, next| is_key(one) && is_key(next)) {
                keys.sort_unstable();
            }
            lines.join("\n")
        }
    }
}

/// A line of a `CREATE TABLE`, wherever it stands in it, and statistics, whose columns stand in the table's order.
fn in_order(line: &str) -> String {
    if !line.starts_with("CREATE STATISTICS") {
        return line.trim_end_matches(',').to_owned();
    }
    let mut words: Vec<_> = line.split([' ', ',', ';']).collect();
    words.sort_unstable();
    words.join(" ")
}

/// From the first line in which two texts differ to the last: with a plus what was found, with a minus what was expected.
pub(crate) fn differences(found: &str, expected: &str) -> String {
    let (found, expected): (Vec<_>, Vec<_>) = (found.lines().collect(), expected.lines().collect());
    let common = found.iter().zip(&expected).take_while(|(one, other)| one == other).count();
    let (found, expected) = (&found[common..], &expected[common..]);
    let tail = found.iter().rev().zip(expected.iter().rev()).take_while(|(one, other)| one == other).count();
    let signed =
        |sign, lines: &[&str]| lines.iter().map(|line| format!("{sign} {line}\n")).collect::<String>();
    signed("+", &found[..found.len() - tail]) + &signed("-", &expected[..expected.len() - tail])
}
