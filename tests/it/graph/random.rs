//! Random graphs, in lists of any order, against the reference.

use proptest::prelude::*;

use super::reference::{Ids, Reference};
use super::{Node, check_order, graph, ids};

#[derive(Clone, Debug)]
struct Case {
    nodes: Vec<Node>,
    /// What is applied; with holes in it where `holes` says so.
    applied: Vec<String>,
    target: String,
    steps: usize,
}

/// Each revision comes after up to three of those before it and depends on up to two, and the list has them in any order.
fn case() -> impl Strategy<Value = Case> {
    let node = (
        prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        prop::collection::vec(any::<prop::sample::Index>(), 0..3),
    );
    let nodes = prop::collection::vec(node, 1..14).prop_map(|nodes| {
        let id = |place: usize| format!("r{place}");
        let before = |place: usize, indexes: Vec<prop::sample::Index>| {
            let indexes = indexes.into_iter().filter(|_| place > 0);
            indexes.map(|index| id(index.index(place))).collect::<Vec<_>>()
        };
        let nodes = nodes.into_iter().enumerate().map(|(place, (parents, depends))| Node {
            id: id(place),
            revises: Some(before(place, parents)),
            depends_on: before(place, depends),
            labels: Vec::new(),
        });
        nodes.collect::<Vec<_>>()
    });
    let rest =
        (prop::collection::vec(any::<prop::sample::Index>(), 0..4), any::<prop::sample::Index>(), 0..5_usize);
    let holes = prop::option::weighted(0.3, any::<prop::sample::Index>());
    (nodes.prop_shuffle(), rest, holes).prop_map(|(nodes, (tops, target, steps), hole)| {
        let reference = Reference::new(&nodes);
        let id = |index: prop::sample::Index| nodes[index.index(nodes.len())].id.clone();
        let hole = hole.map(id);
        let applied: Ids = tops.into_iter().flat_map(|top| reference.with_before(&id(top))).collect();
        let applied = applied.into_iter().filter(|id| Some(id) != hole.as_ref()).collect();
        let target = id(target);
        Case { nodes, applied, target, steps }
    })
}

fn set(ids: Vec<String>) -> Ids {
    let count = ids.len();
    let set: Ids = ids.into_iter().collect();
    assert_eq!(set.len(), count, "something twice in {set:?}");
    set
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn graphs_do_what_the_reference_says(Case { nodes, applied, target, steps } in case()) {
        let reference = Reference::new(&nodes);
        let graph = graph(&nodes).unwrap();
        let had: Vec<&str> = applied.iter().map(String::as_str).collect();
        let had_set: Ids = applied.iter().cloned().collect();
        check_order(&ids(graph.revisions()), &reference);
        prop_assert_eq!(set(ids(graph.heads())), reference.heads());
        prop_assert_eq!(set(ids(graph.late(&had))), reference.late(&had_set));

        let up = ids(graph.upgrade_path(&had, &target).unwrap());
        check_order(&up, &reference);
        prop_assert_eq!(set(up), reference.upgrade(&had_set, &Ids::from([target.clone()])));
        let up = ids(graph.upgrade_path(&had, "heads").unwrap());
        check_order(&up, &reference);
        prop_assert_eq!(set(up), reference.upgrade(&had_set, &reference.heads()));

        let mut down = graph.downgrade_path(&had, "base").unwrap();
        down.reverse();
        check_order(&down, &reference);
        prop_assert_eq!(set(down), reference.downgrade(&had_set, None));
        match graph.downgrade_path(&had, &target) {
            Ok(mut down) => {
                down.reverse();
                check_order(&down, &reference);
                prop_assert!(had_set.contains(&target));
                prop_assert_eq!(set(down), reference.downgrade(&had_set, Some(&target)));
            }
            Err(error) => prop_assert!(!had_set.contains(&target), "{}", error),
        }
        match (graph.downgrade_path(&had, &format!("-{steps}")), reference.undo(&had_set, steps)) {
            (Ok(down), undone) => prop_assert_eq!(Some(set(down)), undone),
            (Err(error), undone) => prop_assert_eq!(undone, None, "{}", error),
        }
        prop_assert_eq!(set(ids(graph.stamp_path(&had, &target).unwrap())), reference.stamp(&had_set, &target));
    }
}
