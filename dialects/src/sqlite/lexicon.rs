//! How SQLite's SQL reads.

use dunlin_dsl::Lexicon;
use dunlin_dsl::lexicon::{Begins, Bodies, Body, Class, Client, LineComment, Quote, Rule, rule};

/// The facts, which are the same in every version.
pub(super) fn lexicon() -> Lexicon {
    Lexicon {
        quotes: QUOTES,
        mode: None,
        escape_strings: false,
        dollar_quotes: false,
        line_comments: &[LineComment { mark: "--", needs_blank: false }],
        comment_depth: 1,
        executable_comments: Vec::new(),
        semicolons_in_brackets: false,
        copy_data: false,
        client: Client {
            name: "sqlite3",
            escape: Some(b'.'),
            anywhere: false,
            words: &[],
            idle: &[],
            delimiter: false,
            stops: ".bail on",
            variable: None,
            no_variables_behind: &[],
        },
        // As sqlite3_complete() has it: BEGIN and END may be names, but no statement of a trigger begins with END.
        bodies: Bodies {
            created: &[Body { kind: "TRIGGER", begins: Begins::Always }],
            blocks: &[],
            verbs: &[],
            bare: false,
            declarations: false,
        },
        rules: RULES,
    }
}

const QUOTES: &[Quote] = &[
    Quote::plain(b'\''),
    Quote::plain(b'"'),
    Quote::plain(b'`'),
    Quote { open: b'[', close: b']', backslashes: false },
];

/// <https://sqlite.org/lang_transaction.html>; of the pragmas, those whose page says that a transaction is in their way.
const RULES: &[Rule] = &[
    rule("BEGIN", Class::BEGIN),
    rule("COMMIT|END", Class::COMMIT),
    rule("ROLLBACK ?TRANSACTION TO", Class::SAVEPOINT),
    rule("ROLLBACK", Class::ROLLBACK),
    rule("SAVEPOINT|RELEASE", Class::SAVEPOINT),
    rule("VACUUM", Class::OUTSIDE),
    rule("ATTACH|DETACH", Class::SETTING_OUTSIDE),
    rule("CREATE TEMP|TEMPORARY", Class::SETTING),
    rule("PRAGMA ?_ ?. FOREIGN_KEYS|JOURNAL_MODE|SYNCHRONOUS|TEMP_STORE =|(", Class::SETTING_OUTSIDE),
    rule("PRAGMA ?_ ?. PAGE_SIZE|AUTO_VACUUM|ENCODING|WAL_CHECKPOINT", Class::SETTING_OUTSIDE),
    rule("PRAGMA ?_ ?. FOREIGN_KEY_CHECK|INTEGRITY_CHECK|QUICK_CHECK", Class::QUESTION),
    rule("PRAGMA ?_ ?. OPTIMIZE", Class::INSIDE),
    rule("PRAGMA ?_ ?. _ =|(", Class::SETTING),
];
