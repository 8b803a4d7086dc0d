//! How MySQL's and MariaDB's SQL reads.

use dunlin_dsl::lexicon::{
    Begins, Bodies, Body, Class, Client, ExecutableComment, LineComment, Mode, Quote, Rule, rule,
};
use dunlin_dsl::{Lexicon, Server};

use super::flavor::Flavor;

/// The facts for a server of this kind, version and `sql_mode`.
pub(super) fn lexicon(server: &Server) -> Lexicon {
    let flavor = Flavor::of(server);
    Lexicon {
        quotes: quotes(server),
        mode: Some(Mode { variable: "SQL_MODE", is_switch: false, quotes: MODES }),
        escape_strings: false,
        dollar_quotes: flavor.has_dollar_quotes(),
        line_comments: &[
            LineComment { mark: "--", needs_blank: true },
            LineComment { mark: "#", needs_blank: false },
        ],
        comment_depth: 1,
        executable_comments: executable(server, flavor),
        semicolons_in_brackets: false,
        copy_data: false,
        client: Client {
            name: "mysql",
            escape: Some(b'\\'),
            anywhere: false,
            words: &["CONNECT", "NOTEE", "PAGER", "NOPAGER", "PROMPT", "SOURCE", "SYSTEM", "TEE"],
            // mysqldump's and mariadb-dump's mark for the client, where it isn't in a comment.
            idle: &["\\-"],
            delimiter: true,
            stops: "",
            variable: None,
            no_variables_behind: &[],
        },
        bodies: Bodies {
            created: if flavor.has_compound_statements() { MARIADB } else { MYSQL },
            blocks: if flavor.has_compound_statements() {
                &["BEGIN", "FOR", "IF", "LOOP", "REPEAT", "WHILE"]
            } else {
                &["BEGIN", "IF", "LOOP", "REPEAT", "WHILE"]
            },
            verbs: Bodies::VERBS,
            bare: flavor.has_compound_statements(),
            declarations: flavor.has_compound_statements(),
        },
        rules: RULES,
    }
}

/// With `"` a string or a name, and a backslash an escape or a character, as `sql_mode` says.
fn quotes(server: &Server) -> &'static [Quote] {
    let has = |word: &str| server.fact("sql_mode").split(',').any(|other| other == word);
    let found = MODES.iter().find(|(word, _)| has(word));
    found.or(MODES.last()).map_or(&[], |(_, quotes)| *quotes)
}

const STRINGS: &[Quote] = &[Quote::escaped(b'\''), Quote::escaped(b'"'), Quote::plain(b'`')];
const ANSI: &[Quote] = &[Quote::escaped(b'\''), Quote::plain(b'"'), Quote::plain(b'`')];
const NO_BACKSLASHES: &[Quote] = &[Quote::plain(b'\''), Quote::plain(b'"'), Quote::plain(b'`')];

/// Words of `sql_mode`; some stand for others too.
const MODES: &[(&str, &[Quote])] = &[
    ("NO_BACKSLASH_ESCAPES", NO_BACKSLASHES),
    ("ANSI_QUOTES", ANSI),
    ("ANSI", ANSI),
    ("DB2", ANSI),
    ("MAXDB", ANSI),
    ("MSSQL", ANSI),
    ("ORACLE", ANSI),
    ("POSTGRESQL", ANSI),
    ("", STRINGS),
];

/// Where bodies begin: behind a routine's parameters, an event's schedule, a trigger's FOR EACH ROW.
const MYSQL: &[Body] = &[
    Body { kind: "PROCEDURE", begins: Begins::Behind { words: &[], brackets: true } },
    Body { kind: "FUNCTION", begins: Begins::Behind { words: &[], brackets: true } },
    Body { kind: "TRIGGER", begins: Begins::Behind { words: &["ROW"], brackets: false } },
    Body { kind: "EVENT", begins: Begins::Behind { words: &["DO"], brackets: false } },
];

/// The same, and what Oracle's mode has.
const MARIADB: &[Body] = &[
    Body { kind: "PROCEDURE", begins: Begins::Behind { words: &["AS", "IS"], brackets: true } },
    Body { kind: "FUNCTION", begins: Begins::Behind { words: &["AS", "IS"], brackets: true } },
    Body { kind: "TRIGGER", begins: Begins::Behind { words: &["ROW"], brackets: false } },
    Body { kind: "EVENT", begins: Begins::Behind { words: &["DO"], brackets: false } },
    Body { kind: "PACKAGE", begins: Begins::Behind { words: &["AS", "IS"], brackets: false } },
];

/// A comment's number has two digits for each part of the version. MariaDB leaves `/*!50700` to `/*!99999` to MySQL.
fn executable(server: &Server, flavor: Flavor) -> Vec<ExecutableComment> {
    let version = server.version;
    let number = [version.major, version.minor, version.patch];
    let up_to = number.into_iter().fold(0, |number, part| number * 100 + u32::from(part.min(99)));
    let foreign = flavor.has_compound_statements().then_some((50700, 99999));
    let own = ExecutableComment { mark: "/*!", up_to, foreign };
    match flavor.has_compound_statements() {
        true => vec![own, ExecutableComment { mark: "/*M!", up_to, foreign: None }],
        false => vec![own],
    }
}

/// <https://dev.mysql.com/doc/refman/9.1/en/implicit-commit.html>, and the same page of MariaDB's.
const RULES: &[Rule] = &[
    rule("BEGIN NOT", Class::CALL),
    rule("BEGIN", Class::BEGIN),
    rule("START TRANSACTION", Class::BEGIN),
    rule("COMMIT", Class::COMMIT),
    rule("ROLLBACK ?WORK TO", Class::SAVEPOINT),
    rule("ROLLBACK", Class::ROLLBACK),
    rule("SAVEPOINT|RELEASE", Class::SAVEPOINT),
    rule("XA", Class::BEGIN),
    rule("CREATE ?OR ?REPLACE TEMPORARY TABLE", Class::INSIDE),
    rule("DROP TEMPORARY TABLE", Class::INSIDE),
    rule("SET PASSWORD|ROLE|DEFAULT", Class::COMMITS),
    rule("SET ?GLOBAL|SESSION|LOCAL TRANSACTION", Class::SETTING),
    rule("SET|USE", Class::SETTING),
    rule("PREPARE", Class::SETTING),
    rule("CALL|EXECUTE|DO", Class::CALL),
    rule("LOCK TABLE|TABLES", Class::LOCK_TABLES),
    rule("UNLOCK TABLE|TABLES", Class::UNLOCK_TABLES),
    rule("LOCK|UNLOCK INSTANCE", Class::COMMITS),
    rule("CREATE|ALTER|DROP|RENAME|TRUNCATE|GRANT|REVOKE", Class::COMMITS),
    rule("ANALYZE|OPTIMIZE|REPAIR|CHECK ?LOCAL|NO_WRITE_TO_BINLOG TABLE|TABLES", Class::COMMITS),
    rule("CACHE|LOAD INDEX", Class::COMMITS),
    rule("FLUSH|RESET|INSTALL|UNINSTALL|PURGE|STOP|START|CHANGE|CLONE|IMPORT", Class::COMMITS),
];
