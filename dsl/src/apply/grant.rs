//! Who may do what after a grant and a revocation.

use std::collections::BTreeSet;

use super::stop::Stop;
use crate::op::Op;
use crate::schema::{Definition, Grant, Notes, Object, ObjectId, ObjectKind, PassedOn, Schema};

/// Who may do what with an object: what was granted, and what everyone may by default and may not here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Access {
    grants: BTreeSet<Grant>,
    withheld: BTreeSet<String>,
    /// What its owner has no more. What owners have isn't among the grants.
    lost: BTreeSet<Grant>,
    owner: Option<String>,
    is_own: bool,
}

/// Lets others do something.
pub(super) fn grant(schema: &mut Schema, on: &ObjectId, grants: &BTreeSet<Grant>) -> Result<(), Stop> {
    let mut access = Access::of(schema, on)?;
    access.grant(on, grants);
    access.put(schema, on);
    Ok(())
}

/// Takes away what others may do; of a grantable one only that it may be granted on.
pub(super) fn revoke(schema: &mut Schema, on: &ObjectId, grants: &BTreeSet<Grant>) -> Result<(), Stop> {
    let mut access = Access::of(schema, on)?;
    let notes = match on.kind {
        ObjectKind::Table => schema.get(&on.name).map(|table| &table.notes),
        _ => schema.object(on).map(|object| &object.notes),
    };
    notes.map_or(Ok(()), |notes| kept(&notes.passed_on, grants))?;
    access.revoke(on, grants);
    access.put(schema, on);
    Ok(())
}

impl Access {
    /// What holds for an object or a table.
    pub(crate) fn of(schema: &Schema, on: &ObjectId) -> Result<Self, Stop> {
        let table = || {
            let table = schema.get(&on.name)?;
            Some(Self { grants: table.grants.clone(), ..Self::noted(&table.notes) })
        };
        let object = || {
            let object = schema.object(on)?;
            let (grants, mut withheld) = (object.grants.clone(), object.withheld.clone());
            withheld.extend(object.notes.withheld.iter().cloned());
            Some(Self { grants, withheld, ..Self::noted(&object.notes) })
        };
        let found = match on.kind {
            ObjectKind::Table => table(),
            // There are always some; they aren't known as an object while they are the server's.
            ObjectKind::DefaultPrivileges => Some(object().unwrap_or_default()),
            _ => object(),
        };
        match (found, on.kind) {
            (Some(found), _) => Ok(found),
            (None, ObjectKind::Table) => Err(format!("there is no {on}").into()),
            (None, _) => {
                let known = super::object::known(schema, on);
                Err(known.err().unwrap_or_else(|| format!("there is no {on}").into()))
            }
        }
    }

    /// What is noted of the owner.
    fn noted(notes: &Notes) -> Self {
        let owner = notes.owner.clone().or_else(|| notes.own.clone());
        let lost = notes.revoked.iter().filter(|grant| Some(&grant.to) == owner.as_ref()).cloned().collect();
        Self { lost, is_own: notes.owner.is_none(), owner, ..Self::default() }
    }

    /// What holds for a new object of which so much is withheld.
    pub(super) fn without(withheld: &BTreeSet<String>) -> Self {
        Self { withheld: withheld.clone(), ..Self::default() }
    }

    pub(super) fn put(self, schema: &mut Schema, on: &ObjectId) {
        if on.kind == ObjectKind::Table {
            if let Some(table) = schema.tables.get_mut(&on.name) {
                self.note(&mut table.notes);
                table.grants = self.grants;
            }
        } else if let Some(id) = schema.object_id(on).cloned()
            && let Some(object) = schema.objects.get_mut(&id)
        {
            self.note(&mut object.notes);
            object.grants = self.grants;
            object.withheld = withhold(&mut object.notes, self.withheld);
            if on.kind == ObjectKind::DefaultPrivileges
                && object.grants.is_empty()
                && object.withheld.is_empty()
            {
                schema.objects.remove(&id);
            }
        } else if on.kind == ObjectKind::DefaultPrivileges && self != Self::default() {
            let mut object = Object::new(on.clone(), Definition::DefaultPrivileges);
            (object.grants, object.withheld) = (self.grants, self.withheld);
            schema.insert_object(object);
        }
    }

    fn note(&self, notes: &mut Notes) {
        notes.revoked.retain(|grant| Some(&grant.to) != self.owner.as_ref());
        notes.revoked.extend(self.lost.iter().cloned());
    }

    /// The grant with the owner's name where it has a word for it.
    fn named(&self, grant: &Grant) -> Grant {
        let is_word = ["CURRENT_USER", "CURRENT_ROLE", "SESSION_USER"].contains(&grant.to.as_str());
        match self.owner.as_ref().filter(|_| self.is_own && is_word) {
            Some(owner) => Grant { to: owner.clone(), ..grant.clone() },
            None => grant.clone(),
        }
    }

    /// The owner's own privilege, if a grant is one: it may be granted on in any case. On a column it has none by itself.
    fn of_owner(&self, grant: &Grant) -> Option<Grant> {
        let is = grant.columns.is_empty() && Some(&grant.to) == self.owner.as_ref();
        is.then(|| Grant { grantable: false, ..grant.clone() })
    }

    pub(crate) fn grant(&mut self, on: &ObjectId, grants: &BTreeSet<Grant>) {
        for grant in grants.iter().map(|grant| self.named(grant)).collect::<Vec<_>>() {
            if let Some(own) = self.of_owner(&grant) {
                self.lost.remove(&own);
            } else if is_default(on, &grant) {
                self.withheld.remove(&grant.privilege);
            } else {
                hold(&mut self.grants, grant);
            }
        }
    }

    pub(crate) fn revoke(&mut self, on: &ObjectId, grants: &BTreeSet<Grant>) {
        for grant in &grants.iter().map(|grant| self.named(grant)).collect::<Vec<_>>() {
            if is_default(on, grant) {
                self.withheld.insert(grant.privilege.clone());
                continue;
            }
            if grant.columns.is_empty() {
                self.revoke_of_columns(grant);
            }
            if let Some(own) = self.of_owner(grant) {
                self.lost.extend((!grant.grantable).then_some(own));
                continue;
            }
            let held = self.grants.iter().find(|held| is_same(held, grant)).cloned();
            if let Some(held) = held {
                self.grants.remove(&held);
                if grant.grantable {
                    self.grants.insert(Grant { grantable: false, ..held });
                }
            }
        }
    }

    /// What is revoked on the whole is revoked on its columns too (PostgreSQL's manual, "REVOKE").
    fn revoke_of_columns(&mut self, grant: &Grant) {
        for held in std::mem::take(&mut self.grants) {
            match of_column(&held, grant) {
                true if grant.grantable => self.grants.insert(Grant { grantable: false, ..held }),
                true => false,
                false => self.grants.insert(held),
            };
        }
    }

    /// The operations that make of this what another one is.
    pub(crate) fn difference(&self, to: &Self, on: &ObjectId) -> Vec<Op> {
        let mut less = BTreeSet::new();
        let mut more: BTreeSet<Grant> = to.grants.difference(&self.grants).cloned().collect();
        for grant in self.grants.difference(&to.grants) {
            let kept = more.take(&Grant { grantable: false, ..grant.clone() });
            // What may only not be granted on any more is revoked as grantable.
            less.insert(Grant { grantable: kept.is_some(), ..grant.clone() });
        }
        less.extend(to.lost.difference(&self.lost).cloned());
        more.extend(self.lost.difference(&to.lost).cloned());
        less.extend(to.withheld.difference(&self.withheld).map(|privilege| of_everyone(privilege)));
        more.extend(self.withheld.difference(&to.withheld).map(|privilege| of_everyone(privilege)));
        // What is revoked on the whole takes those of columns with it.
        let again = to.grants.iter().filter(|grant| less.iter().any(|whole| of_column(grant, whole)));
        more.extend(again.cloned());
        // What is granted as grantable now and wasn't before isn't revoked first.
        less.retain(|grant| !more.iter().any(|other| is_same(other, grant)));
        let mut ops = Vec::new();
        if !less.is_empty() {
            ops.push(Op::Revoke { on: on.clone(), grants: less });
        }
        if !more.is_empty() {
            ops.push(Op::Grant { on: on.clone(), grants: more });
        }
        ops
    }
}

/// Gives something another owner, as PostgreSQL does: what the old one had and lacked is the new one's, beside what that had.
pub(super) fn give(notes: &mut Notes, grants: &mut BTreeSet<Grant>, to: &str) {
    let old = notes.owner.replace(to.to_owned()).or(notes.own.take());
    let follow = |grant: Grant| match Some(&grant.to) == old.as_ref() {
        true => Grant { to: to.to_owned(), ..grant },
        false => grant,
    };
    let own = |grant: &Grant| grant.to == to && grant.columns.is_empty();
    let held = std::mem::take(grants);
    let lost = std::mem::take(&mut notes.revoked).into_iter().filter(|lost| lost.to != to).map(follow);
    notes.revoked =
        lost.filter(|lost| !held.iter().any(|grant| own(grant) && is_same(grant, lost))).collect();
    held.into_iter().filter(|grant| !own(grant)).for_each(|grant| hold(grants, follow(grant)));
    let passed_on = std::mem::take(&mut notes.passed_on).into_iter().filter(|passed| passed.by != to);
    notes.passed_on = passed_on.map(|passed| PassedOn { grant: follow(passed.grant), ..passed }).collect();
}

/// Adds a grant to those that are held; one that may be granted on stays that.
fn hold(grants: &mut BTreeSet<Grant>, grant: Grant) {
    if !grants.iter().any(|held| is_same(held, &grant) && held.grantable) {
        grants.retain(|held| !is_same(held, &grant));
        grants.insert(grant);
    }
}

/// Tells apart what everyone lacks by default privileges from what they lack beyond those, which is given back.
fn withhold(notes: &mut Notes, withheld: BTreeSet<String>) -> BTreeSet<String> {
    let granted = std::mem::take(&mut notes.granted);
    let mut by_default = std::mem::take(&mut notes.withheld);
    by_default.extend(granted.into_iter().map(|grant| grant.privilege));
    notes.granted = by_default.difference(&withheld).map(|privilege| of_everyone(privilege)).collect();
    let (lacks, beyond) = withheld.into_iter().partition(|privilege| by_default.contains(privilege));
    notes.withheld = lacks;
    beyond
}

/// Refuses to take away what somebody has granted on.
fn kept(passed_on: &BTreeSet<PassedOn>, revoked: &BTreeSet<Grant>) -> Result<(), Stop> {
    let stands_on = |passed: &&PassedOn, grant: &Grant| {
        let is_of = grant.columns.is_empty() || grant.columns == passed.grant.columns;
        passed.by == grant.to && passed.grant.privilege == grant.privilege && is_of
    };
    let on: Vec<String> = (passed_on.iter())
        .filter(|passed| revoked.iter().any(|grant| stands_on(passed, grant)))
        .map(|passed| {
            format!("{} has granted {} on to {}", passed.by, passed.grant.privilege, passed.grant.to)
        })
        .collect();
    match on.is_empty() {
        true => Ok(()),
        false => Err(Stop::new(
            on.join(", "),
            "take that away first, as whoever granted it, or write it as SQL: execute(\"REVOKE .. CASCADE\").undo(..)",
        )),
    }
}

fn of_everyone(privilege: &str) -> Grant {
    Grant { to: PUBLIC.into(), privilege: privilege.to_owned(), columns: Vec::new(), grantable: false }
}

/// Everyone, as SQL calls them.
const PUBLIC: &str = "PUBLIC";

/// Whether everyone may do this with such an object unless it is taken away: PostgreSQL's `EXECUTE` and `USAGE`
/// (PostgreSQL's manual, "Privileges").
fn is_default(on: &ObjectId, grant: &Grant) -> bool {
    use ObjectKind::{Composite, DefaultPrivileges, Domain, Enum, Function, Procedure};
    grant.to == PUBLIC
        && match on.kind {
            // Within one schema, default privileges can only add.
            DefaultPrivileges if on.name.schema.is_none() => {
                matches!(
                    (on.name.name.as_str(), grant.privilege.as_str()),
                    ("functions", "EXECUTE") | ("types", "USAGE")
                )
            }
            Function | Procedure => grant.privilege == "EXECUTE",
            Enum | Composite | Domain => grant.privilege == "USAGE",
            _ => false,
        }
}

/// Whether one is the other's privilege, on a column of it.
fn of_column(one: &Grant, whole: &Grant) -> bool {
    (&one.to, &one.privilege) == (&whole.to, &whole.privilege)
        && whole.columns.is_empty()
        && !one.columns.is_empty()
}

fn is_same(one: &Grant, other: &Grant) -> bool {
    (&one.to, &one.privilege, &one.columns) == (&other.to, &other.privilege, &other.columns)
}
