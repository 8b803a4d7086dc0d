//! The graph said plainly: what comes before a revision is found by adding what those found need, until nothing is added.

use std::collections::{BTreeMap, BTreeSet};

use super::Node;

/// Revisions with what they need, and what they revise.
pub(super) struct Reference {
    order: Vec<String>,
    needs: BTreeMap<String, Vec<String>>,
    parents: BTreeMap<String, Vec<String>>,
}

pub(super) type Ids = BTreeSet<String>;

impl Reference {
    pub(super) fn new(nodes: &[Node]) -> Self {
        let label = |name: &String| {
            let labelled = nodes.iter().find(|node| node.labels.contains(name));
            labelled.map_or_else(|| name.clone(), |node| node.id.clone())
        };
        let mut reference = Self { order: Vec::new(), needs: BTreeMap::new(), parents: BTreeMap::new() };
        for node in nodes {
            let previous = || reference.order.last().cloned().into_iter().collect();
            let parents: Vec<String> = node.revises.clone().unwrap_or_else(previous);
            let needs = parents.iter().cloned().chain(node.depends_on.iter().map(label)).collect();
            reference.order.push(node.id.clone());
            reference.needs.insert(node.id.clone(), needs);
            reference.parents.insert(node.id.clone(), parents);
        }
        reference
    }

    /// In the order of the list.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.order.iter().map(String::as_str)
    }

    /// A revision, and all that must be applied before it. One that is unknown stands alone.
    pub(super) fn with_before(&self, id: &str) -> Ids {
        all_before(&self.needs, Ids::from([id.to_owned()]))
    }

    /// The branch that a revision is in: it, what it revises and what revises it, whatever these depend on.
    pub(super) fn branch(&self, id: &str) -> Ids {
        let before = |id: &str| all_before(&self.parents, Ids::from([id.to_owned()]));
        let after = self.ids().filter(|other| before(other).contains(id)).map(str::to_owned);
        before(id).into_iter().chain(after).collect()
    }

    /// From one revision to another, by what they revise and depend on, both included.
    pub(super) fn range(&self, lower: &str, upper: &str) -> Ids {
        self.with_before(upper).intersection(&self.with_after(lower)).cloned().collect()
    }

    /// So many steps from a revision by what is revised, up or down, in a branch; none where a step has two ways, or none.
    pub(super) fn walk(&self, from: &str, steps: usize, is_up: bool, branch: &Ids) -> Option<Option<String>> {
        let mut at = Some(from.to_owned());
        for _ in 0..steps {
            let id = at?;
            let ways: Ids = match is_up {
                true => {
                    self.ids().filter(|other| self.parents[*other].contains(&id)).map(str::to_owned).collect()
                }
                false => self.parents[&id].iter().cloned().collect(),
            };
            let ways: Vec<String> = ways.intersection(branch).cloned().collect();
            at = match ways.as_slice() {
                [] if is_up => return None,
                [] => None,
                [way] => Some(way.clone()),
                _ => return None,
            };
        }
        Some(at)
    }

    /// A revision, and all before which it must be applied.
    pub(super) fn with_after(&self, id: &str) -> Ids {
        self.ids().filter(|other| self.with_before(other).contains(id)).map(str::to_owned).collect()
    }

    pub(super) fn heads(&self) -> Ids {
        let is_head = |id: &&String| !self.parents.values().any(|parents| parents.contains(id));
        self.order.iter().filter(is_head).cloned().collect()
    }

    pub(super) fn upgrade(&self, applied: &Ids, targets: &Ids) -> Ids {
        let reached: Ids = targets.iter().flat_map(|target| self.with_before(target)).collect();
        reached.difference(applied).cloned().collect()
    }

    pub(super) fn late(&self, applied: &Ids) -> Ids {
        let is_late = |id: &&String| !applied.contains(*id) && !self.with_after(id).is_disjoint(applied);
        self.order.iter().filter(is_late).cloned().collect()
    }

    /// Without a target, to base.
    pub(super) fn downgrade(&self, applied: &Ids, target: Option<&str>) -> Ids {
        let Some(target) = target else { return applied.clone() };
        let is_child = |id: &&String| self.parents[*id].iter().any(|parent| parent == target);
        let after: Ids =
            self.order.iter().filter(is_child).flat_map(|child| self.with_after(child)).collect();
        after.intersection(applied).cloned().collect()
    }

    /// Of what is applied, what none of it needs, though something late may stand between.
    pub(super) fn last(&self, applied: &Ids) -> Ids {
        let is_needed =
            |id: &&String| applied.iter().any(|other| other != *id && self.with_before(other).contains(*id));
        applied.iter().filter(|id| !is_needed(id)).cloned().collect()
    }

    pub(super) fn stamp(&self, applied: &Ids, target: &str) -> Ids {
        let related: Ids = self.with_before(target).union(&self.with_after(target)).cloned().collect();
        let others = self.last(applied);
        let kept: Ids = others.difference(&related).flat_map(|id| self.with_before(id)).collect();
        self.with_before(target).union(&kept.intersection(applied).cloned().collect()).cloned().collect()
    }

    /// The last so many, if each time only one could be next.
    pub(super) fn undo(&self, applied: &Ids, steps: usize) -> Option<Ids> {
        let mut left = applied.clone();
        for _ in 0..steps {
            let last = self.last(&left);
            if last.len() != 1 {
                return None;
            }
            left.retain(|id| !last.contains(id));
        }
        Some(applied.difference(&left).cloned().collect())
    }
}

/// These, and all that is found from them.
fn all_before(edges: &BTreeMap<String, Vec<String>>, mut found: Ids) -> Ids {
    loop {
        let more: Ids = found.iter().flat_map(|id| edges.get(id).into_iter().flatten()).cloned().collect();
        if more.is_subset(&found) {
            return found;
        }
        found.extend(more);
    }
}
