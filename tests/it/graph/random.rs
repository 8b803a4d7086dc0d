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
    /// Another one, which has a label if any has.
    other: String,
    steps: usize,
}

/// Each revision comes after up to three of those before it, mostly near ones, and depends on up to two, by their labels where they
/// have some; and the list has them in any order.
fn case() -> impl Strategy<Value = Case> {
    let node = (
        prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        prop::collection::vec(any::<prop::sample::Index>(), 0..3),
        prop::bool::weighted(0.2),
    );
    let few = prop::collection::vec(node.clone(), 1..14);
    let many = prop::collection::vec(node, 14..50);
    let nodes = prop_oneof![6 => few, 1 => many].prop_map(|nodes| {
        let id = |place: usize| format!("r{place}");
        let has_label: Vec<bool> = nodes.iter().map(|(.., has_label)| *has_label).collect();
        let label = |place: usize| format!("l{place}");
        // Of many the last ten: long lines, and not all revisions in one clump.
        let before = |place: usize, indexes: Vec<prop::sample::Index>| {
            let indexes = indexes.into_iter().filter(|_| place > 0);
            indexes.map(|index| place - 1 - index.index(place.min(10))).collect::<Vec<_>>()
        };
        let nodes = nodes.into_iter().enumerate().map(|(place, (parents, depends, _))| Node {
            id: id(place),
            revises: Some(before(place, parents).into_iter().map(id).collect()),
            depends_on: before(place, depends)
                .into_iter()
                .map(|other| if has_label[other] { label(other) } else { id(other) })
                .collect(),
            labels: Vec::from_iter(has_label[place].then(|| label(place))),
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
        let labelled = nodes.iter().find(|node| !node.labels.is_empty());
        let other = labelled.or(nodes.first()).map(|node| node.id.clone()).unwrap_or_default();
        Case { nodes, applied, target, other, steps }
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
    fn graphs_do_what_the_reference_says(Case { nodes, applied, target, other, steps } in case()) {
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
        // The same within a branch, and what depends on it elsewhere goes too.
        let branch = reference.branch(&other);
        let undone = reference.undo(&had_set.intersection(&branch).cloned().collect(), steps);
        let undone = undone.map(|undone| -> Ids {
            let after = undone.iter().flat_map(|id| reference.with_after(id));
            after.filter(|id| had_set.contains(id)).collect()
        });
        match (graph.downgrade_path(&had, &format!("{other}@-{steps}")), undone) {
            (Ok(down), undone) => prop_assert_eq!(Some(set(down)), undone),
            (Err(error), undone) => prop_assert_eq!(undone, None, "{}", error),
        }
        if let ([last], true) = (Vec::from_iter(reference.last(&had_set)).as_slice(), steps > 0) {
            let everything: Ids = reference.ids().map(str::to_owned).collect();
            let reached = reference.walk(last, steps, true, &everything).flatten();
            match (graph.upgrade_path(&had, &format!("+{steps}")), reached) {
                (Ok(up), Some(end)) => {
                    prop_assert_eq!(set(ids(up)), reference.upgrade(&had_set, &Ids::from([end])));
                }
                (Ok(up), None) => prop_assert!(false, "+{} went to {:?}", steps, ids(up)),
                (Err(error), reached) => prop_assert_eq!(None, reached, "{}", error),
            }
        }
        prop_assert_eq!(set(ids(graph.stamp_path(&had, &target).unwrap())), reference.stamp(&had_set, &target));
    }

    /// Branches, steps and ranges, which no database has a say in.
    #[test]
    fn targets_are_where_the_reference_says(Case { nodes, target, other, steps, .. } in case()) {
        let reference = Reference::new(&nodes);
        let graph = graph(&nodes).unwrap();
        let find = |text: &str| graph.find(&[], text).map(|found| set(ids(found)));
        let name = nodes.iter().find(|node| node.id == other).unwrap().labels.first().unwrap_or(&other);
        prop_assert_eq!(find(name).unwrap(), Ids::from([other.clone()]));

        let branch = reference.branch(&other);
        let heads: Ids = reference.heads().intersection(&branch).cloned().collect();
        prop_assert_eq!(find(&format!("{name}@heads")).unwrap(), heads.clone());
        match find(&format!("{name}@head")) {
            Ok(found) => prop_assert_eq!(found, heads),
            Err(error) => prop_assert!(heads.len() > 1, "{}", error),
        }
        match find(&format!("{name}@{target}")) {
            Ok(found) => {
                prop_assert!(branch.contains(&target));
                prop_assert_eq!(found, Ids::from([target.clone()]));
            }
            Err(error) => prop_assert!(!branch.contains(&target), "{}", error),
        }

        let all: Ids = reference.ids().map(str::to_owned).collect();
        let within = |text: String, is_up: bool, branch: &Ids| {
            let expected = reference.walk(&target, steps, is_up, branch).map(Ids::from_iter);
            match (find(&text), expected) {
                (Ok(found), expected) => prop_assert_eq!(Some(found), expected, "{}", text),
                (Err(error), expected) => prop_assert_eq!(None, expected, "{}: {}", text, error),
            }
            Ok(())
        };
        within(format!("{target}+{steps}"), true, &all)?;
        within(format!("{target}-{steps}"), false, &all)?;
        if branch.contains(&target) {
            within(format!("{name}@{target}+{steps}"), true, &branch)?;
            within(format!("{name}@{target}-{steps}"), false, &branch)?;
        }

        let expected = reference.range(&other, &target);
        match graph.range(&[], &format!("{name}:{target}")) {
            Ok(found) => {
                check_order(&ids(found.iter().copied()), &reference);
                prop_assert_eq!(set(ids(found)), expected);
            }
            Err(error) => prop_assert!(expected.is_empty(), "{}", error),
        }
    }
}
