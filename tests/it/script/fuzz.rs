//! Scripts made of all that may stand in the way: never a panic, never an endless loop, never a byte lost.

use dunlin::script::{PartKind, Position};
use dunlin::{DialectId, Lexicon};
use proptest::prelude::*;
use proptest::sample::select;

use super::{lexicon, parts};

/// Whatever the pieces in which a script is read, the parts are the same, and are the script.
pub(super) fn check(script: &[u8], lexicon: &Lexicon) {
    let (whole, error) = parts(script, lexicon, 1 << 20);
    let text: String = whole.iter().map(|(_, text, _)| text.as_str()).collect();
    match &error {
        None => assert_eq!(text.as_bytes(), script),
        Some(_) => assert!(script.starts_with(text.as_bytes()), "{text:?}"),
    }
    let mut position = Position::START;
    for (kind, text, place) in &whole {
        assert_eq!(*place, position.to_string());
        assert!(
            !text.is_empty()
                && (*kind != PartKind::Blank || text.chars().all(|c| c <= ' ' || c == '\u{feff}')),
            "{text:?}"
        );
        position = position.behind(text);
    }
    for chunk_bytes in [1, 2, 3, 7, 64] {
        let (pieces, other) = parts(script, lexicon, chunk_bytes);
        assert_eq!(pieces, whole, "in pieces of {chunk_bytes} bytes");
        assert_eq!(other.map(|error| error.to_string()), error.as_ref().map(ToString::to_string));
    }
}

/// What scripts are made of.
const FRAGMENTS: &[&str] = &[
    ";",
    ";;",
    "'",
    "''",
    "\"",
    "`",
    "[",
    "]",
    "\\",
    "\\'",
    "\\.",
    "\\.\n",
    "\\restrict x\n",
    "$",
    "$$",
    "$a$",
    "$1",
    "$é$",
    "a$$",
    "E'",
    "e'\\''",
    "U&'",
    "x'",
    "--",
    "-- ",
    "--\n",
    "- ",
    "#",
    "/*",
    "*/",
    "*",
    "/",
    "/*!",
    "/*!50003 ",
    "/*!99999 ",
    "/*M!",
    "/*+",
    "(",
    ")",
    ".",
    "@",
    ":",
    ":=",
    "<<",
    "=",
    ",",
    "\n",
    "\r\n",
    "\t",
    " ",
    "\u{feff}",
    "\u{1a}",
    "\0",
    "é",
    "🦆",
    "a",
    "1",
    "5e",
    "CREATE ",
    "OR REPLACE ",
    "ALTER ",
    "DEFINER=",
    "TRIGGER ",
    "PROCEDURE ",
    "FUNCTION ",
    "EVENT ",
    "PACKAGE ",
    "BODY ",
    "FOR EACH ROW ",
    "DO ",
    "AS ",
    "IS ",
    "BEGIN ",
    "BEGIN\n",
    "NOT ATOMIC ",
    "ATOMIC ",
    "END",
    "END;",
    "END IF;",
    "END$$",
    "IF ",
    "THEN ",
    "ELSE ",
    "CASE ",
    "WHEN ",
    "LOOP ",
    "WHILE ",
    "REPEAT ",
    "UNTIL ",
    "DECLARE ",
    "CONTINUE HANDLER FOR ",
    "RETURN ",
    "RETURNS ",
    "SELECT ",
    "SET ",
    "COPY t FROM stdin;\n",
    "COPY t FROM STDIN ",
    "1\t2\n",
    "DELIMITER //\n",
    "DELIMITER $$\n",
    "delimiter ;\n",
    "DELIMITER \n",
    "//",
    "source x\n",
    ".mode\n",
];

fn script() -> impl Strategy<Value = Vec<u8>> {
    let fragment = prop_oneof![
        60 => select(FRAGMENTS).prop_map(|text| text.as_bytes().to_vec()),
        1 => any::<u8>().prop_map(|byte| vec![byte]),
        1 => any::<char>().prop_map(|c| c.to_string().into_bytes()),
    ];
    prop::collection::vec(fragment, 0..40).prop_map(|fragments| fragments.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parts_are_the_script(script in script(), dialect in select(&DialectId::ALL[..])) {
        check(&script, &lexicon(dialect));
    }

    /// A class is found for anything.
    #[test]
    fn anything_is_classified(script in script(), dialect in select(&DialectId::ALL[..])) {
        dunlin::script::classify(&String::from_utf8_lossy(&script), &lexicon(dialect));
    }
}
