//! Tables below others: partitions, and heirs.

use dunlin::prelude::*;

use super::super::dice::Dice;
use super::super::table::base;

/// A table and its partitions, of which one may be divided itself, and one may take all that no other takes.
pub(super) fn partitioned_table(dice: &mut Dice, schema: Schema) -> Schema {
    let name = dice.name();
    let parent = base(dice, &name);
    let parent = if dice.coin() { parent.index_on(["other"]) } else { parent };
    let (parent, first, second) = divided(dice, parent);
    let of = format!("part of {name}");
    let child = table(of.as_str()).partition_of(name.as_str(), first);
    let child = if dice.coin() { child.check("(id > 0)") } else { child };
    let mut schema = schema.table(parent);
    for (at, bound) in second.into_iter().enumerate() {
        let more = table(format!("part {at} of {name}")).partition_of(name.as_str(), bound);
        let more = match dice.space.clone() {
            Some(space) if dice.one_in(4) => more.tablespace(space),
            _ => more,
        };
        schema = schema.table(more);
    }
    match dice.below(3) {
        0 => schema.table(child),
        below => {
            let bound = if below == 1 { Bound::list([7]) } else { Bound::Default };
            let last = table(format!("least of {name}")).partition_of(of, bound);
            schema.table(child.partition_by_list(["other"])).table(last)
        }
    }
}

/// The table divided in some way, the bound of its first partition, and those of others.
fn divided(dice: &mut Dice, parent: TableSpec<'static>) -> (TableSpec<'static>, Bound, Vec<Bound>) {
    let number = dice.number();
    let (parent, first, mut others) = match dice.below(5) {
        0 => {
            let least = Bound::range([sql("MINVALUE")], [Expr::from(1)]);
            let others = vec![least, Bound::range([number], [number + 5])];
            (parent.partition_by_range(["id"]), Bound::range([1], [number]), others)
        }
        1 => {
            let others = vec![Bound::list([Expr::from(2000), Expr::from(2001)])];
            (parent.partition_by_list(["id"]), Bound::list([1, number]), others)
        }
        2 => (parent.partition_by_range(["id"]), Bound::Default, vec![Bound::range([1], [number])]),
        3 => {
            let of = |from: i64, to: i64| Bound::range([from, from], [to, to]);
            (parent.partition_by_range(["id", "other"]), of(1, 5), vec![of(5, number + 10)])
        }
        _ => {
            let others = vec![Bound::hash(4, 0), Bound::hash(4, 2)];
            return (parent.partition_by_hash(["id", "other"]), Bound::hash(4, 1), others);
        }
    };
    if first != Bound::Default && dice.coin() {
        others.push(Bound::Default);
    }
    let kept = dice.below(others.len() + 1);
    (parent, first, others.split_off(kept))
}

pub(super) fn heir(dice: &mut Dice, schema: Schema) -> Schema {
    let name = dice.name();
    let child = table(format!("heir of {name}")).col("more", text()).inherits(name.as_str());
    schema.table(base(dice, &name)).table(child)
}
