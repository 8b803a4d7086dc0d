use std::sync::Arc;

use super::{Hidden, Placeholders, Variables};
use crate::script::{Position, Script, Section};

fn script(text: &str, placeholders: Placeholders) -> Script {
    let script = Script::new("db/V1__a.sql", Arc::new(text.to_owned()), Section::of(text));
    script.with_placeholders(placeholders)
}

fn fill(variables: &Variables, placeholders: Placeholders, text: &str) -> String {
    match variables.fill(&script(text, placeholders), text, Position::START) {
        Ok(filled) => filled.text.into_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn they_are_filled_where_they_are_on() {
    let on = Variables::on().with("a", "1").with("env:B_2", "${a}").with("flyway:user", "me");
    let on = on.began_at("noon".into());
    for (placeholders, text, expected) in [
        (Placeholders::IfOn, "x ${a}${env:B_2} y", "x 1${a} y"),
        (
            Placeholders::IfOn,
            "${}, ${ a}, ${a b}, $${a}$$, ${1}, $a, ${",
            "${}, ${ a}, ${a b}, $${a}$$, ${1}, $a, ${",
        ),
        (Placeholders::IfOn, "é\n ${c}", "db/V1__a.sql:2:2: the variable ${c} isn't set"),
        (Placeholders::IfOn, "${A}", "db/V1__a.sql:1:1: the variable ${A} isn't set"),
        (Placeholders::Always, "$${A}$$ ${FLYWAY:user}", "$1$$ me"),
        (Placeholders::Always, "'${flyway:filename}'", "'V1__a.sql'"),
        (Placeholders::Always, "${a b}", "db/V1__a.sql:1:1: the variable ${a b} isn't set"),
        (Placeholders::Always, "${flyway:timestamp}", "noon"),
        (Placeholders::Never, "${a}", "${a}"),
        (Placeholders::Environment, "${a} $B_2, ${B_2}x ${a:-5}", "1 ${a}, ${a}x 1"),
        (Placeholders::Environment, "${c:-5}${c-}${c:-a-b}", "5a-b"),
        (Placeholders::Environment, "${a?must be set}${a:?}", "11"),
        (Placeholders::Environment, "${c:?must-be set}", "db/V1__a.sql:1:1: the variable ${c} isn't set"),
        (Placeholders::Environment, "$$ $1 $a$ x $a$ b$a $", "$$ $1 $a$ x $a$ b$a $"),
        (Placeholders::Environment, "x $c", "db/V1__a.sql:1:3: the variable ${c} isn't set"),
    ] {
        assert_eq!(fill(&on, placeholders, text), expected, "{text}");
    }
    assert_eq!(fill(&Variables::default(), Placeholders::IfOn, "${a}"), "${a}");
    assert!(fill(&Variables::default(), Placeholders::Always, "${a}").contains("isn't set"));
    for placeholders in [Placeholders::IfOn, Placeholders::Always, Placeholders::Environment] {
        assert_eq!(fill(&Variables::off(), placeholders, "${a}"), "${a}");
    }
}

#[test]
fn data_is_filled_as_flyway_does() {
    let variables = Variables::on().with("a", "1");
    for (placeholders, expected) in [(Placeholders::Always, "x\t1\n"), (Placeholders::IfOn, "x\t${a}\n")] {
        let data = variables.fill_data(&script("", placeholders), b"x\t${a}\n".to_vec(), Position::START);
        assert_eq!(data.unwrap(), expected.as_bytes());
    }
    let refused = variables.fill_data(&script("", Placeholders::Always), b"${b}".to_vec(), Position::START);
    assert!(refused.unwrap_err().to_string().contains("${b} isn't set"));
}

#[test]
fn places_are_those_of_the_file() {
    let variables = Variables::on().with("long", "0123456789").with("empty", "");
    let raw = "a ${long} b ${empty} c";
    let filled = variables.fill(&script(raw, Placeholders::IfOn), raw, Position::START).ok().unwrap();
    assert_eq!(filled.text, "a 0123456789 b  c");
    for (sent, expected) in [(0, "a"), (2, "${long}"), (7, "${long}"), (12, " b"), (13, "b"), (16, "c")] {
        let at = filled.unfilled(sent);
        assert!(raw[at..].starts_with(expected), "{sent}: {}", &raw[at..]);
    }
    assert_eq!(filled.unfilled(filled.text.len()), raw.len());
}

#[test]
fn values_are_hidden() {
    let variables =
        Variables::on().with("p", "S3cret-Word").with("n", "ab").with("q", "S3cret-Word-and-more");
    let raw = "${p} ${n} ${q}";
    let filled = variables.fill(&script(raw, Placeholders::IfOn), raw, Position::START).ok().unwrap();
    let mut hidden = Hidden::default();
    hidden.add(raw, &filled);
    for (text, expected) in [
        ("near \"S3cret-Word\"", "near \"${p}\""),
        ("xs3cret-wordx", "x${p}x"),
        ("near 'S3cret-Word-and-m' at line 1", "near '${q}' at line 1"),
        ("near 'S3cret-Wo' at line 1", "near '${q}' at line 1"),
        ("a table ab, tab", "a table ${n}, tab"),
        ("nothing é", "nothing é"),
    ] {
        assert_eq!(hidden.hide(text), expected);
    }
}
