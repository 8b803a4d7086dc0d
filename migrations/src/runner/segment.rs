//! A revision cut at its opaque steps.
//!
//! What the database holds after hand-written SQL or a data step isn't known from the operations, so what comes behind
//! one is rendered against what is then read.

use dunlin_dsl::Op;

/// A part of a revision.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Segment<'a> {
    /// Operations that are rendered together.
    Ops(&'a [Op]),
    /// A data step, by name.
    Step(&'a str),
}

impl Segment<'_> {
    /// Whether what it does to the schema can't be known.
    pub(super) fn is_opaque(&self) -> bool {
        match self {
            Self::Ops(ops) => ops.iter().any(Op::is_opaque),
            Self::Step(_) => true,
        }
    }
}

/// The segments of these operations, in order.
pub(super) fn segments(ops: &[Op]) -> Vec<Segment<'_>> {
    ops.chunk_by(|a, b| kind(a) == kind(b) && !matches!(a, Op::Run { .. }) && !b.begins_part(a))
        .map(segment)
        .collect()
}

fn segment(run: &[Op]) -> Segment<'_> {
    match run {
        [Op::Run { step }] => Segment::Step(step),
        ops => Segment::Ops(ops),
    }
}

/// Hand-written SQL needs to know nothing of what was before, so several of it are one segment.
fn kind(op: &Op) -> u8 {
    match op {
        Op::Run { .. } => 0,
        op if op.is_opaque() => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use dunlin_dsl::sql;

    use super::*;

    #[test]
    fn opaque_steps_cut() {
        let drop = Op::DropTable { table: "t".into(), if_exists: false, cascade: false };
        let execute = Op::Execute { sql: sql("select 1"), undo: None };
        let run = |step: &str| Op::Run { step: step.into() };
        let ops =
            [drop.clone(), drop.clone(), execute.clone(), execute.clone(), run("a"), run("b"), drop.clone()];
        let expected = [
            Segment::Ops(&[drop.clone(), drop.clone()]),
            Segment::Ops(&[execute.clone(), execute]),
            Segment::Step("a"),
            Segment::Step("b"),
            Segment::Ops(&[drop]),
        ];
        assert_eq!(segments(&ops), expected);
        assert_eq!(segments(&[]), []);
    }
}
