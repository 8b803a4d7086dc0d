//! How PostgreSQL's SQL reads.

use dunlin_dsl::Lexicon;
use dunlin_dsl::lexicon::{Begins, Bodies, Body, Class, Client, LineComment, Mode, Quote, Rule, rule};

/// The facts, which are the same in every version from 13 on; `BEGIN ATOMIC` is refused by 13.
pub(super) fn lexicon() -> Lexicon {
    Lexicon {
        quotes: QUOTES,
        mode: Some(Mode { variable: "STANDARD_CONFORMING_STRINGS", is_switch: true, quotes: MODES }),
        escape_strings: true,
        dollar_quotes: true,
        line_comments: &[LineComment { mark: "--", needs_blank: false }],
        comment_depth: u32::MAX,
        executable_comments: Vec::new(),
        semicolons_in_brackets: true,
        copy_data: true,
        client: Client {
            name: "psql",
            escape: Some(b'\\'),
            anywhere: true,
            words: &[],
            // pg_dump writes them since 2025, so that psql obeys none of its commands in between; Dunlin obeys none at all.
            idle: &["\\restrict", "\\unrestrict"],
            delimiter: false,
            stops: "\\set ON_ERROR_STOP on",
            variable: Some(b':'),
            // JSON_OBJECT('a':b)
            no_variables_behind: &["JSON_OBJECT", "JSON_OBJECTAGG"],
        },
        bodies: Bodies {
            created: &[
                Body { kind: "FUNCTION", begins: Begins::With("BEGIN", "ATOMIC") },
                Body { kind: "PROCEDURE", begins: Begins::With("BEGIN", "ATOMIC") },
            ],
            blocks: &[],
            verbs: &[],
            bare: false,
            declarations: false,
        },
        rules: RULES,
    }
}

const QUOTES: &[Quote] = &[Quote::plain(b'\''), Quote::plain(b'"')];

/// Dumps from before 9.1 turn `standard_conforming_strings` off, and have backslashes in plain strings.
const MODES: &[(&str, &[Quote])] =
    &[("OFF", ESCAPED), ("FALSE", ESCAPED), ("NO", ESCAPED), ("0", ESCAPED), ("", QUOTES)];
const ESCAPED: &[Quote] = &[Quote::escaped(b'\''), Quote::plain(b'"')];

/// What calls PreventInTransactionBlock in the server's source, as far as a statement's words tell; and what its manual has
/// under the commands for transactions and settings.
const RULES: &[Rule] = &[
    rule("BEGIN", Class::BEGIN),
    rule("START TRANSACTION", Class::BEGIN),
    rule("COMMIT|ROLLBACK PREPARED", Class::OUTSIDE),
    rule("PREPARE TRANSACTION", Class::COMMIT),
    rule("COMMIT|END", Class::COMMIT),
    rule("ROLLBACK ?WORK|TRANSACTION TO", Class::SAVEPOINT),
    rule("ROLLBACK|ABORT", Class::ROLLBACK),
    rule("SAVEPOINT|RELEASE", Class::SAVEPOINT),
    rule("VACUUM", Class::OUTSIDE),
    rule("CREATE|DROP DATABASE|TABLESPACE|SUBSCRIPTION", Class::OUTSIDE),
    rule("CREATE ?UNIQUE INDEX CONCURRENTLY", Class::OUTSIDE),
    rule("DROP INDEX CONCURRENTLY", Class::OUTSIDE),
    rule("REINDEX * CONCURRENTLY", Class::OUTSIDE),
    rule("REINDEX DATABASE|SYSTEM|SCHEMA", Class::OUTSIDE),
    rule("REINDEX ( * ) DATABASE|SYSTEM|SCHEMA", Class::OUTSIDE),
    rule("ALTER TABLE * DETACH PARTITION * CONCURRENTLY|FINALIZE", Class::OUTSIDE),
    rule("ALTER SYSTEM", Class::OUTSIDE),
    rule("ALTER DATABASE * SET TABLESPACE", Class::OUTSIDE),
    rule("ALTER SUBSCRIPTION * REFRESH|PUBLICATION", Class::OUTSIDE),
    // Since 12 it may stand in a transaction, in which its value can't be used.
    rule("ALTER TYPE * ADD VALUE", Class::COMMIT_AFTER),
    // One table may be clustered in a transaction, all of them may not.
    rule("CLUSTER ?VERBOSE $", Class::OUTSIDE),
    rule("CLUSTER ( * ) $", Class::OUTSIDE),
    rule("DISCARD ALL", Class::SETTING_OUTSIDE),
    rule("CREATE ?OR ?REPLACE ?LOCAL|GLOBAL TEMP|TEMPORARY", Class::SETTING),
    // A block that commits can do so only where no transaction is around it.
    rule("DO * {COMMIT|ROLLBACK}", Class::CALL_OUTSIDE),
    // What they run may commit, where no transaction is around them.
    rule("CALL|DO", Class::CALL),
    rule("SET LOCAL|CONSTRAINTS|TRANSACTION", Class::INSIDE),
    rule("SET|RESET|DISCARD", Class::SETTING),
    rule("SELECT|WITH * SET_CONFIG", Class::SETTING),
    // A table may be called so.
    rule("WITH * INSERT INTO TEMP|TEMPORARY", Class::INSIDE),
    rule("SELECT|WITH * INTO ?LOCAL|GLOBAL TEMP|TEMPORARY", Class::SETTING),
];
