use super::*;

fn graph(ids: &[&str]) -> Graph {
    let mut parent: Option<String> = None;
    let revisions = (ids.iter())
        .map(|id| Revision {
            id: (*id).into(),
            revises: parent.replace((*id).into()).into_iter().collect(),
            ..Revision::default()
        })
        .collect();
    Graph::new(revisions).unwrap()
}

fn revision(id: &str, revises: &[&str]) -> Revision {
    let revises = revises.iter().map(|id| (*id).to_owned()).collect();
    Revision { id: id.into(), revises, ..Revision::default() }
}

#[track_caller]
fn check_refused(revisions: Vec<Revision>, expected: &str) {
    let error = Graph::new(revisions).unwrap_err();
    assert!(error.is_graph());
    assert_eq!(error.to_string(), expected);
}

#[test]
fn what_does_not_fit_together_is_refused_by_name() {
    check_refused(vec![revision("", &[])], "a revision's id is empty");
    check_refused(
        vec![revision("a b", &[])],
        "revision id \"a b\" has white space or a control character in it",
    );
    check_refused(
        vec![revision("a:b", &[])],
        "revision id a:b has a : in it, which targets use for something else",
    );
    check_refused(
        vec![revision("head", &[])],
        "revision id head is a word that targets use for something else",
    );
    check_refused(
        vec![revision("-1", &[])],
        "revision id -1 begins with a -, as `-1` does, which means one step back",
    );
    check_refused(
        vec![revision(&"x".repeat(256), &[])],
        &format!("revision id {}... has 256 bytes, and 255 are the most", "x".repeat(60)),
    );
    check_refused(vec![revision("a", &[]), revision("a", &["a"])], "two revisions have the id a");
    check_refused(vec![revision("b", &["a"])], "revision b revises a, which is unknown here");
    check_refused(
        vec![revision("a", &[]), revision("b", &["c"]), revision("c", &["b"])],
        "revisions b, c come after one another",
    );
    check_refused(vec![revision("a", &["a"])], "revision a revises itself");
    let mut late = revision("a", &[]);
    late.depends_on = vec!["b".into()];
    check_refused(vec![late, revision("b", &["a"])], "revision a depends on b, which comes after it");
    assert!(Graph::new(vec![revision(&"x".repeat(255), &[])]).is_ok());
    assert!(Graph::new(vec![revision("2024-01-02_x", &[])]).is_ok());
}

#[track_caller]
fn check_climb(applied: &[&str], target: &str, expected: Result<(&[usize], &[usize]), &str>) {
    let graph = graph(&["a1", "a2", "b1", "b2"]);
    let climb = graph.climb(applied, target).map_err(|error| error.to_string());
    let climb =
        climb.map(|climb| (climb.pending.iter().collect::<Vec<_>>(), climb.late.iter().collect::<Vec<_>>()));
    let expected = expected.map(|(pending, late)| (pending.into(), late.into()));
    assert_eq!(climb, expected.map_err(str::to_owned));
}

#[test]
fn climbs() {
    check_climb(&[], "head", Ok((&[0, 1, 2, 3], &[])));
    check_climb(&["a1"], "heads", Ok((&[1, 2, 3], &[])));
    check_climb(&["a1", "a2", "b1", "b2"], "head", Ok((&[], &[])));
    check_climb(&["a1"], "b1", Ok((&[1, 2], &[])));
    check_climb(&["a1"], "+1", Ok((&[1], &[])));
    check_climb(&["a1"], "+0", Ok((&[], &[])));
    check_climb(&["a1"], "+4", Err("there are 3 revisions ahead, and +4 asks for 4"));
    check_climb(&["a1", "b1"], "head", Ok((&[3], &[1])));
    check_climb(&["a1", "b1"], "a2", Ok((&[], &[1])));
    check_climb(&["zz"], "a1", Ok((&[0], &[])));
    check_climb(&[], "b", Err("b could be revision b1 or b2"));
    check_climb(&[], "", Err("the target is empty"));
    check_climb(&[], "zz", Err("revision zz is unknown here"));
    check_climb(&[], "base", Ok((&[], &[])));
    check_climb(&["a1"], "-1", Err("-1 is where a downgrade goes, and this is an upgrade"));
    check_climb(&[], "+x", Err("+x isn't a number of steps"));
    check_climb(&[], "a1:b1", Err("a1:b1 is more than one revision, and one is asked for"));
}

#[track_caller]
fn check_descent(applied: &[&str], target: &str, expected: Result<&[&str], &str>) {
    let graph = graph(&["a1", "a2", "b1", "b2"]);
    let undone = graph.downgrade_path(applied, target).map_err(|error| error.to_string());
    let expected = expected.map(|ids| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>());
    assert_eq!(undone, expected.map_err(str::to_owned));
}

#[test]
fn descents() {
    check_descent(&["a1", "a2", "b1"], "base", Ok(&["b1", "a2", "a1"]));
    check_descent(&["a1", "a2", "b1"], "-1", Ok(&["b1"]));
    check_descent(&["a1", "a2", "b1"], "-0", Ok(&[]));
    check_descent(&["a1", "a2", "b1"], "a1", Ok(&["b1", "a2"]));
    check_descent(&["a1"], "-2", Err("1 revision is applied, and -2 asks to undo 2"));
    check_descent(&["a1"], "b1", Err("revision b1 isn't applied, so there is no going back to it"));
    check_descent(&["a1"], "head", Err("head is where an upgrade goes, and this is a downgrade"));
    // What a newer build applied is undone first, for it was applied last.
    check_descent(&["a1", "a2", "zz"], "-2", Ok(&["zz", "a2"]));
    check_descent(&["a1", "a2", "zz"], "zz", Ok(&[]));
    // A late one that was applied last goes after what builds on it.
    check_descent(&["a1", "b1", "a2"], "-1", Ok(&["b1"]));
    check_descent(&["a1", "zz", "a2"], "-2", Ok(&["a2", "zz"]));
}

#[test]
fn messages_are_ids_in_words() {
    for (id, expected) in [
        ("20261122_071300_create_users", "create users"),
        ("2024-01-02_x", "x"),
        ("0001", "0001"),
        ("add_email", "add email"),
    ] {
        assert_eq!(message(id), expected);
    }
}
