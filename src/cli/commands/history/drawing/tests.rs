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

/// Who comes after whom, as a reader of the drawing follows its lines.
fn read(drawn: &[Row], ids: &[String]) -> BTreeSet<(String, String)> {
    let mut edges = BTreeSet::new();
    let mut lanes: Vec<Vec<String>> = vec![Vec::new(); 100];
    for (row, id) in drawn.iter().zip(ids) {
        let own = row.commit.chars().position(|c| matches!(c, '●' | '○')).unwrap() / 2;
        edges.extend(std::mem::take(&mut lanes[own]).into_iter().map(|child| (child, id.clone())));
        let Some(below) = &row.below else {
            lanes[own].extend(row.commit.contains('●').then(|| id.clone()));
            continue;
        };
        let cells: Vec<char> = below.chars().collect();
        let leads = |lane: usize| cells.get(2 * lane + 1) == Some(&'─');
        let (mut first, mut last) = (own, own);
        while first > 0 && leads(first - 1) {
            first -= 1;
        }
        while leads(last) {
            last += 1;
        }
        let touched = (first..=last).filter(|lane| *lane != own && !matches!(cells[2 * lane], '│' | '─'));
        let mut moved = vec![id.clone()];
        for lane in touched {
            match cells[2 * lane] {
                '╯' | '┴' | '╰' => moved.append(&mut lanes[lane]),
                _ => lanes[lane].push(id.clone()),
            }
        }
        if matches!(cells[2 * own], '├' | '┤' | '┼') {
            lanes[own] = moved;
        }
    }
    edges
}

/// Whatever the graph, following the lines gives it back.
#[test]
fn a_drawing_says_what_the_graph_is() {
    let mut state = 1_u64;
    let mut dice = |sides: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % sides
    };
    for _ in 0..2_000 {
        let mut graph: Vec<(String, Vec<String>)> = Vec::new();
        for number in 0..2 + dice(12) {
            let parents: BTreeSet<usize> = match number {
                0 => BTreeSet::new(),
                _ => (0..dice(4)).map(|_| number - 1 - dice(number.min(5))).collect(),
            };
            let parents = parents.into_iter().map(|parent| format!("r{parent}")).collect();
            graph.push((format!("r{number}"), parents));
        }
        graph.reverse();
        let rows = draw(graph.iter().map(|(id, parents)| (id.as_str(), parents.as_slice())));
        let ids: Vec<_> = graph.iter().map(|(id, _)| id.clone()).collect();
        let edges =
            graph.iter().flat_map(|(id, parents)| parents.iter().map(|parent| (id.clone(), parent.clone())));
        assert_eq!(read(&rows, &ids), edges.collect(), "{graph:?}\n{}", drawing(&graph));
    }
}
