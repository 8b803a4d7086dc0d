use super::*;

/// Draws a graph given as `id parent parent`, the newest first, each revision followed by its id.
fn drawing(graph: &[(String, Vec<String>)]) -> String {
    let rows = draw(graph.iter().map(|(id, parents)| (id.as_str(), parents.as_slice())));
    let lines = rows.iter().zip(graph).map(|(row, (id, _))| match &row.below {
        Some(below) => format!("{} {id}\n{below}\n", row.commit),
        None => format!("{} {id}\n", row.commit),
    });
    lines.collect()
}

#[track_caller]
fn check(graph: &str, expected: &str) {
    let graph: Vec<_> = (graph.split(';'))
        .map(|line| {
            let mut words = line.split_whitespace().map(str::to_owned);
            (words.next().unwrap(), words.collect())
        })
        .collect();
    let found = drawing(&graph);
    assert_eq!(found.trim_end(), expected.trim(), "\n{found}");
}

#[test]
fn drawings() {
    check("c b;b a;a", "● c\n● b\n○ a");
    check(
        "d2 c2;c2 b;d1 c1;c1 b;b a;a",
        "
● d2
● c2
│ ● d1
│ ● c1
├─╯
● b
○ a",
    );
    check(
        "f e;e d1 d2;d2 c2;c2 b;d1 c1;c1 b;b a;a",
        "
● f
● e
├─╮
│ ● d2
│ ● c2
● │ d1
● │ c1
├─╯
● b
○ a",
    );
    // Two roots; what comes after three.
    check(
        "m a b c;c;b;a",
        "
● m
├─┬─╮
│ │ ○ c
│ ○ b
○ a",
    );
    // A line across a lane that it has nothing to do with.
    check(
        "z a;y x;w a;x a;a",
        "
● z
│ ● y
│ │ ● w
├─│─╯
│ ● x
├─╯
○ a",
    );
    check(
        "m b1 b2;b1 a;b2 a;n a;a",
        "
● m
├─╮
● │ b1
│ ● b2
├─╯
│ ● n
├─╯
○ a",
    );
    // The lane of a parent that is waited for to the right comes over to the left.
    check(
        "m b c;c a;b a;a",
        "
● m
├─╮
│ ● c
● │ b
├─╯
○ a",
    );
    // A parent that isn't shown leads nowhere.
    check("c b;b a", "● c\n○ b");
}

/// Three hundred revisions with thirty merges stay in few lanes, and no line is wider than they are.
#[test]
fn a_long_history_stays_narrow() {
    let id = |number: usize| format!("r{number:03}");
    let mut graph: Vec<(String, Vec<String>)> = Vec::new();
    for number in 0..300_usize {
        let parents = match number % 10 {
            _ if number == 0 => vec![],
            4 => vec![number - 4],
            5 => vec![number - 2],
            9 => vec![number - 1, number - 5],
            _ => vec![number - 1],
        };
        graph.push((id(number), parents.into_iter().map(id).collect()));
    }
    graph.reverse();
    let rows = draw(graph.iter().map(|(id, parents)| (id.as_str(), parents.as_slice())));
    assert_eq!(graph.iter().filter(|(_, parents)| parents.len() > 1).count(), 30);
    let widest = rows.iter().flat_map(|row| [Some(&row.commit), row.below.as_ref()]).flatten();
    assert!(widest.map(|line| line.chars().count()).max() <= Some(5));
    let lines = rows.iter().filter(|row| row.below.is_some()).count();
    assert_eq!(lines, 60, "each fork and each merge has one line of its own");
}
