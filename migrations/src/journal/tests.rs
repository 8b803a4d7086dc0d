use dunlin_dsl::Value;

use super::*;

#[test]
fn a_runs_id_is_a_uuid_that_sorts_by_time() {
    assert_eq!(uuid(0x0123_4567_89ab, u128::MAX), "01234567-89ab-7fff-bfff-ffffffffffff");
    assert_eq!(uuid(1, 0), "00000000-0001-7000-8000-000000000000");
    assert_ne!(run_id(), run_id());
}

#[test]
fn moments_have_microseconds() {
    let now = now();
    assert_eq!(now.len(), "2026-11-22T07:13:00.000000Z".len(), "{now}");
    assert!(now.ends_with('Z'));
}

fn read(rows: &[(&str, Option<i128>, &str)]) -> Attempted {
    let mut attempted = Attempted::default();
    for (outcome, number, hash) in rows {
        let number = number.map_or(Value::Null, Value::Int);
        attempted
            .read(&Row(vec![
                "a".into(),
                "up".into(),
                number,
                (*hash).into(),
                "select 1".into(),
                (*outcome).into(),
                Value::Null,
            ]))
            .unwrap();
    }
    attempted
}

#[test]
fn what_was_begun_without_an_outcome_is_unknown() {
    let rows = [("planned", Some(1), "h1"), ("planned", Some(2), "h2"), ("intent", Some(1), "h1")];
    let attempted = read(&[&rows[..], &[("done", Some(1), "h1"), ("intent", Some(2), "h2")]].concat());
    assert_eq!(attempted.unknown, [2]);
    assert_eq!(attempted.done.into_iter().collect::<Vec<_>>(), [(1, "h1".to_owned())]);
    let attempted = read(&[&rows[..], &[("failed", Some(1), "h1")]].concat());
    assert!(attempted.unknown.is_empty() && attempted.done.is_empty());
}
