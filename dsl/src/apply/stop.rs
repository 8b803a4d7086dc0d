//! What stands in an operation's way.

use std::fmt;

use crate::op::{Existing, Op};

/// What stands in an operation's way, and what to do about it where that is known.
#[derive(Debug)]
pub(crate) struct Stop {
    pub(super) reason: String,
    pub(super) instead: Option<String>,
}

impl Stop {
    pub(super) fn new(reason: impl Into<String>, instead: impl Into<String>) -> Self {
        Self { reason: reason.into(), instead: Some(instead.into()) }
    }

    /// A name that something else has.
    pub(super) fn taken(reason: impl Into<String>) -> Self {
        Self::new(reason, "choose another name, or rename or drop that first")
    }
}

impl From<String> for Stop {
    fn from(reason: String) -> Self {
        Self { reason, instead: None }
    }
}

impl From<Stop> for String {
    fn from(stop: Stop) -> Self {
        stop.to_string()
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)?;
        self.instead.iter().try_for_each(|instead| write!(f, "; {instead}"))
    }
}

/// The same operation, saying that it does nothing where there is nothing to do, and how that is written.
pub(super) fn lenient(op: &Op) -> Option<(Op, &'static str)> {
    let mut op = op.clone();
    match &mut op {
        Op::DropTable { if_exists, .. }
        | Op::DropObject { if_exists, .. }
        | Op::DropColumn { if_exists, .. }
        | Op::DropConstraint { if_exists, .. }
        | Op::DropIndex { if_exists, .. }
            if !*if_exists =>
        {
            *if_exists = true;
            Some((op, "say if_exists(), or name what is there"))
        }
        Op::CreateTable { if_not_exists, .. }
        | Op::AddColumn { if_not_exists, .. }
        | Op::CreateIndex { if_not_exists, .. }
            if !*if_not_exists =>
        {
            *if_not_exists = true;
            Some((op, "say if_not_exists(), choose another name, or drop that first"))
        }
        Op::CreateObject { existing: existing @ Existing::Refuse, .. } => {
            *existing = Existing::Keep;
            Some((op, "say if_not_exists() or or_replace(), choose another name, or drop that first"))
        }
        _ => None,
    }
}
