use dunlin_migrations::{Graph, Revision};

use super::*;

/// Draws a graph given as `id parent parent`, the newest first, each revision followed by its id.
fn drawing(graph: &[(String, Vec<String>)]) -> String {
    let rows = draw(graph.iter().map(|(id, parents)| (id.as_str(), parents.as_slice())));
    let lines = rows.iter().zip(graph).flat_map(|(row, (id, _))| {
        let below = row.below.iter().map(|below| format!("{below}\n"));
        [format!("{} {id}\n", row.commit)].into_iter().chain(below)
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

/// A merge that opens a lane beside one that ends: each has a row of its own, and so no line leads from one to the other.
#[test]
fn lanes_open_and_join_in_rows_of_their_own() {
    check(
        "m2 m1 g;f m1;m1 a h;g a;h a;a",
        "
● m2
├─╮
│ │ ● f
├─│─╯
● │ m1
├─│─╮
│ ● │ g
├─╯ │
│   ● h
├───╯
○ a",
    );
    // A parent that is waited for already gets a lane, which joins the other one.
    check(
        "n b;m a b;b a;a",
        "
● n
│ ● m
│ ├─╮
├─│─╯
● │ b
├─╯
○ a",
    );
}

/// Who comes after whom, as a reader of the drawing follows its lines: a line that runs across leads from each lane that
/// comes into it from above to each that leaves it below.
fn read(drawing: &str) -> BTreeSet<(String, String)> {
    let mut edges = BTreeSet::new();
    let mut lanes: Vec<BTreeSet<String>> = vec![BTreeSet::new(); 200];
    for line in drawing.lines() {
        let cells: Vec<char> = line.chars().collect();
        if let Some(column) = cells.iter().position(|cell| matches!(cell, '●' | '○')) {
            let id: String =
                cells[column + 1..].iter().collect::<String>().split_whitespace().last().unwrap().into();
            for (lane, cell) in cells[..column].iter().step_by(2).enumerate() {
                assert_eq!(*cell == '│', !lanes[lane].is_empty(), "{line}\n{drawing}");
            }
            let children = std::mem::take(&mut lanes[column / 2]);
            edges.extend(children.into_iter().map(|child| (child, id.clone())));
            lanes[column / 2].extend((cells[column] == '●').then_some(id));
            continue;
        }
        let (mut from, mut to) = (BTreeSet::new(), Vec::new());
        for (lane, cell) in cells.iter().step_by(2).enumerate() {
            let (up, down) = (
                matches!(cell, '├' | '┤' | '┼' | '┴' | '╯' | '╰'),
                matches!(cell, '├' | '┤' | '┼' | '┬' | '╮' | '╭'),
            );
            if up {
                assert!(!lanes[lane].is_empty(), "{line}\n{drawing}");
                from.append(&mut lanes[lane]);
            }
            if down {
                to.push(lane);
            }
            assert!(up || down || (*cell == '│') != lanes[lane].is_empty(), "{line}\n{drawing}");
        }
        to.into_iter().for_each(|lane| lanes[lane].clone_from(&from));
    }
    edges
}

/// What a graph says, and the same read from its drawing.
#[track_caller]
fn check_lines(graph: &[(String, Vec<String>)]) {
    let edges =
        graph.iter().flat_map(|(id, parents)| parents.iter().map(|parent| (id.clone(), parent.clone())));
    let drawing = drawing(graph);
    assert_eq!(read(&drawing), edges.collect(), "\n{drawing}");
}

/// A number below this one, by chance.
fn dice(state: &mut u64, sides: usize) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*state >> 33).unwrap() % sides
}

/// Whatever the graph, following the lines gives it back.
#[test]
fn a_drawing_says_what_the_graph_is() {
    let mut state = 1;
    for _ in 0..2_000 {
        let mut graph: Vec<(String, Vec<String>)> = Vec::new();
        for number in 0..2 + dice(&mut state, 12) {
            let parents: BTreeSet<usize> = match number {
                0 => BTreeSet::new(),
                _ => (0..dice(&mut state, 4)).map(|_| number - 1 - dice(&mut state, number.min(5))).collect(),
            };
            let parents = parents.into_iter().map(|parent| format!("r{parent}")).collect();
            graph.push((format!("r{number}"), parents));
        }
        graph.reverse();
        check_lines(&graph);
    }
}

/// Three hundred revisions of thirty features, merged late and in any order: the lines say what the graph is, each feature is
/// one run, and the drawing has no more lanes than there are features at once.
#[test]
fn a_long_history_can_be_read() {
    let mut state = 7;
    let mut made: Vec<Revision> = Vec::new();
    let mut make = |id: String, revises: Vec<String>| {
        made.push(Revision { id: id.clone(), revises, ..Revision::default() });
        id
    };
    let mut main = make("main_0".into(), vec![]);
    // The features that aren't merged yet, with what each has last and how many revisions it still gets.
    let mut open: Vec<(usize, String, usize)> = Vec::new();
    let (mut features, mut merges) = (0, 0);
    while merges < 30 {
        if features < 30 && open.len() < 8 && dice(&mut state, 3) == 0 {
            open.push((features, main.clone(), 7));
            features += 1;
        }
        let chosen = dice(&mut state, open.len() + 1);
        match open.get_mut(chosen) {
            None if features == 30 => {}
            None => main = make(format!("main_{}_{chosen}_{}", features, state % 1_000_000), vec![main]),
            Some((feature, last, 0)) => {
                main = make(format!("merge_{feature}"), vec![main, last.clone()]);
                open.remove(chosen);
                merges += 1;
            }
            Some((feature, last, left)) => {
                *left -= 1;
                *last = make(format!("feature_{feature}_step_{left}"), vec![last.clone()]);
            }
        }
    }
    assert!(made.len() >= 270, "{}", made.len());
    let graph = Graph::new(made).unwrap();
    let newest: Vec<_> = graph.revisions().iter().rev().collect();
    let runs = graph.in_runs(&newest);
    assert_eq!(runs.len(), newest.len());
    let drawn: Vec<_> = runs.iter().map(|revision| (revision.id.clone(), revision.revises.clone())).collect();
    check_lines(&drawn);
    for feature in 0..30 {
        let is_of = |revision: &&&Revision| revision.id.starts_with(&format!("feature_{feature}_"));
        let first = runs.iter().position(|revision| is_of(&revision)).unwrap();
        assert_eq!(runs[first..].iter().take_while(is_of).count(), 7, "feature {feature} is one run");
    }
    let widest = draw(drawn.iter().map(|(id, parents)| (id.as_str(), parents.as_slice())));
    let widest = widest.iter().map(|row| row.commit.chars().count()).max().unwrap();
    assert!(widest <= 2 * 9 + 1, "{widest} columns\n{}", drawing(&drawn));
}
