use super::kept::ranges;
use super::*;

#[test]
fn numbers_are_told_as_ranges() {
    for (numbers, expected) in [
        (&[1][..], "statement 1"),
        (&[1, 2], "statements 1-2"),
        (&[1, 3], "statements 1 and 3"),
        (&[1, 2, 4, 6, 7], "statements 1-2, 4 and 6-7"),
    ] {
        assert_eq!(ranges(numbers), expected);
    }
}

#[test]
fn the_state_names_what_stays() {
    let error = Error::graph("x").with_revision("b").with_kept(Kept::Statements {
        done: vec![1, 2],
        unknown: vec![3],
        left: vec![4, 5],
    });
    assert_eq!(
        error.state(),
        "of revision b, statements 1-2 are done and stay; whether statement 3 was done isn't known; \
         statements 4-5 are left"
    );
    assert_eq!(Error::graph("x").state(), "nothing was changed");
}

#[test]
fn what_cannot_be_undone_is_said_once() {
    let why = "can't undo drop view v: it has a security label, which Dunlin can't bring back; write a down";
    assert_eq!(
        Error::new(Kind::Undo(why.into())).to_string(),
        "can't be undone: drop view v: it has a security label, which Dunlin can't bring back; write a down"
    );
}
