//! How MySQL and MariaDB differ, and their versions among themselves: named questions, which no other file asks by comparing.

use dunlin_dsl::{Action, DialectId, Server, Version};

use super::level::Level;

/// The tablespace that is a file of the table's own, as a table has unless it is put elsewhere.
pub(super) const OWN_FILE: &str = "innodb_file_per_table";

/// The words for how a table may be changed, from the least on.
pub(super) const CEILINGS: [&str; 5] = [
    "ALGORITHM=INSTANT",
    "ALGORITHM=NOCOPY, LOCK=NONE",
    "ALGORITHM=NOCOPY, LOCK=SHARED",
    "ALGORITHM=INPLACE, LOCK=NONE",
    "ALGORITHM=INPLACE, LOCK=SHARED",
];

/// A server as MySQL's kin: what it can do, and how its catalog speaks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flavor {
    mariadb: bool,
    version: Version,
}

impl Flavor {
    /// The flavor of a server.
    pub(super) fn of(server: &Server) -> Self {
        Self { mariadb: server.dialect == DialectId::Mariadb, version: server.version }
    }

    fn since(self, mysql: Version, mariadb: Version) -> bool {
        self.version >= if self.mariadb { mariadb } else { mysql }
    }

    /// What is MySQL's of two, or MariaDB's: for a table in which each has a column.
    pub(super) fn either<T>(self, mysql: T, mariadb: T) -> T {
        if self.mariadb { mariadb } else { mysql }
    }

    /// The words for the most that a change may take; none where it may take all. MySQL knows no INSTANT before 8.0.12, and takes no
    /// LOCK beside it.
    pub(super) fn ceiling(self, level: Level) -> Option<&'static str> {
        let [instant, nocopy, nocopy_shared, inplace, inplace_shared] = CEILINGS;
        Some(match level {
            Level::Instant if self.adds_columns_at_once() => instant,
            Level::Nocopy if self.mariadb => nocopy,
            Level::NocopyShared if self.mariadb => nocopy_shared,
            Level::Instant | Level::Nocopy | Level::Inplace => inplace,
            Level::NocopyShared | Level::InplaceShared => inplace_shared,
            Level::Copy => return None,
            Level::CopyAlways => "ALGORITHM=COPY",
        })
    }

    /// A last column is added by the catalog alone.
    pub(super) fn adds_columns_at_once(self) -> bool {
        self.since(Version::new(8, 0, 12), Version::default())
    }

    /// So is one at any place.
    pub(super) fn adds_columns_within_at_once(self) -> bool {
        self.since(Version::new(8, 0, 29), Version::default())
    }

    /// A column is dropped by the catalog alone.
    pub(super) fn drops_columns_at_once(self) -> bool {
        self.since(Version::new(8, 0, 29), Version::default())
    }

    /// A column is renamed by the catalog alone.
    pub(super) fn renames_columns_at_once(self) -> bool {
        self.since(Version::new(8, 0, 28), Version::default())
    }

    /// What it takes to write a table anew that has so many FULLTEXT indexes.
    pub(super) fn rebuild_with_fulltext(self, indexes: usize) -> Level {
        match indexes {
            0 => Level::Inplace,
            1 if self.mariadb => Level::InplaceShared,
            _ => Level::Copy,
        }
    }

    /// A unique key that is too long for an index is kept by a hash.
    pub(super) fn hashes_long_keys(self) -> bool {
        self.mariadb
    }

    /// What is computed when it is read may be so from a column that numbers itself.
    pub(super) fn computes_from_numbers_when_read(self) -> bool {
        self.mariadb
    }

    /// An index is built anew where it is renamed or hidden, its text gets longer or a foreign key goes, and the table itself gets
    /// something beside it (seen on MariaDB 10.11).
    pub(super) fn minds_several_parts(self) -> bool {
        self.mariadb
    }

    /// A change of how a table is divided takes a ceiling.
    pub(super) fn has_partition_ceilings(self) -> bool {
        !self.mariadb
    }

    /// A moment that is set with each change of its row, refuses NULL and has no default gets `'0000-00-00 00:00:00'` as one.
    pub(super) fn gives_zero_moments(self) -> bool {
        self.mariadb
    }

    /// The oldest version that Dunlin works with.
    pub(super) fn oldest(self) -> Version {
        if self.mariadb { Version::new(10, 6, 0) } else { Version::new(8, 0, 0) }
    }

    /// The `sql_mode` that it comes with.
    pub(super) fn usual_mode(self) -> &'static str {
        if self.mariadb {
            "STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_CREATE_USER,NO_ENGINE_SUBSTITUTION"
        } else {
            "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,\
             NO_ENGINE_SUBSTITUTION"
        }
    }

    /// The collation of what is utf8mb4 and says no more.
    pub(super) fn utf8mb4_collation(self) -> &'static str {
        match self.mariadb {
            false => "utf8mb4_0900_ai_ci",
            true if self.version >= Version::new(11, 5, 0) => "utf8mb4_uca1400_ai_ci",
            true => "utf8mb4_general_ci",
        }
    }

    /// Checks are kept. MySQL before 8.0.16 reads and forgets them.
    pub(super) fn has_checks(self) -> bool {
        self.mariadb || self.version >= Version::new(8, 0, 16)
    }

    /// A partition may change places with a table without a look at each row.
    pub(super) fn exchanges_unchecked(self) -> bool {
        self.since(Version::default(), Version::new(11, 4, 0))
    }

    /// A partition becomes a table of its own, and a table a partition: MariaDB, from 10.7 on.
    pub(super) fn converts_partitions(self) -> bool {
        self.mariadb && self.version >= Version::new(10, 7, 0)
    }

    /// A foreign key refers to a primary or unique key, and to no other index, unless a setting says otherwise.
    pub(super) fn refers_to_keys_alone(self) -> bool {
        !self.mariadb && self.version >= Version::new(8, 4, 0)
    }

    /// A column can get more digits or characters while a foreign key has it.
    pub(super) fn lengthens_under_foreign_keys(self) -> bool {
        !self.mariadb
    }

    /// A column can begin to number itself, and cease to, while a foreign key has it.
    pub(super) fn numbers_under_foreign_keys(self) -> bool {
        self.mariadb
    }

    /// A function's arguments may go out.
    pub(super) fn has_function_argument_modes(self) -> bool {
        self.mariadb && self.version >= Version::new(10, 8, 0)
    }

    /// A database can be made one that is only read.
    pub(super) fn has_read_only_schemas(self) -> bool {
        !self.mariadb && self.version >= Version::new(8, 0, 22)
    }

    /// `DROP CHECK`; MariaDB has `DROP CONSTRAINT` alone.
    pub(super) fn has_drop_check(self) -> bool {
        !self.mariadb
    }

    /// A check can be kept without being enforced.
    pub(super) fn has_check_enforcement(self) -> bool {
        !self.mariadb
    }

    /// A check may belong to its column: it has the column's name, is renamed with it, and MODIFY without it drops it.
    pub(super) fn has_column_checks(self) -> bool {
        self.mariadb
    }

    /// The catalog tells a check's table, and whether it belongs to a column.
    pub(super) fn catalog_has_check_tables(self) -> bool {
        self.mariadb
    }

    /// Where the catalog has a session's variables.
    pub(super) fn session_variables(self) -> &'static str {
        if self.mariadb {
            "information_schema.SESSION_VARIABLES"
        } else {
            "performance_schema.session_variables"
        }
    }

    /// `$$..$$` is a string: MySQL has routines in JavaScript.
    pub(super) fn has_dollar_quotes(self) -> bool {
        !self.mariadb && self.version >= Version::new(9, 0, 0)
    }

    /// Blocks are statements by themselves, Oracle's mode has packages, and comments name MariaDB: `/*M! .. */`.
    pub(super) fn has_compound_statements(self) -> bool {
        self.mariadb
    }

    /// `json` is a word for `longtext` with a check.
    pub(super) fn json_is_text(self) -> bool {
        self.mariadb
    }

    /// The catalog gives integers a width for display: `int(11)`. MySQL 8.0.19 left them out, but for `tinyint(1)`.
    pub(super) fn has_display_widths(self) -> bool {
        self.mariadb || self.version < Version::new(8, 0, 19)
    }

    /// Indexes over expressions.
    pub(super) fn has_expression_indexes(self) -> bool {
        !self.mariadb && self.version >= Version::new(8, 0, 13)
    }

    /// Indexes from the greatest to the least. MariaDB before 10.8 reads `DESC` and forgets it.
    pub(super) fn has_descending_indexes(self) -> bool {
        self.since(Version::default(), Version::new(10, 8, 0))
    }

    /// Columns that `SELECT *` leaves out.
    pub(super) fn has_invisible_columns(self) -> bool {
        self.since(Version::new(8, 0, 23), Version::default())
    }

    /// Defaults that are expressions.
    pub(super) fn has_default_expressions(self) -> bool {
        self.since(Version::new(8, 0, 13), Version::default())
    }

    /// Text, blobs and JSON take a literal as their default; elsewhere it must be an expression, in brackets.
    pub(super) fn has_literal_text_defaults(self) -> bool {
        self.mariadb
    }

    /// A generated column may be NOT NULL.
    pub(super) fn has_generated_not_null(self) -> bool {
        !self.mariadb
    }

    /// The catalog gives defaults as SQL, with quotes around a string, and the word NULL where there is none.
    pub(super) fn catalog_quotes_defaults(self) -> bool {
        self.mariadb
    }

    /// The catalog escapes the text of expressions once more, as if it stood in quotes.
    pub(super) fn catalog_escapes_expressions(self) -> bool {
        !self.mariadb
    }

    /// The catalog has question marks for characters beyond U+FFFF, in expressions too.
    pub(super) fn catalog_loses_characters(self) -> bool {
        self.mariadb
    }

    /// The catalog tells a spatial column's reference system beside the column, and not in a table of its own.
    pub(super) fn catalog_has_column_srid(self) -> bool {
        !self.mariadb
    }

    /// The catalog tells which tables a view reads.
    pub(super) fn catalog_has_view_usage(self) -> bool {
        !self.mariadb && self.version >= Version::new(8, 0, 13)
    }

    /// The catalog's word for an index that the optimizer doesn't see, and what it says of one that it sees.
    pub(super) fn index_visibility(self) -> (&'static str, &'static str) {
        if self.mariadb { ("IGNORED", "NO") } else { ("IS_VISIBLE", "YES") }
    }

    /// It reads the expressions that it keeps by the mode of whoever uses the table, and has written them with escapes: where
    /// the mode has none, it mistakes a text with a quote or a backslash, or can't read it (seen on MySQL 9.7).
    pub(super) fn mistakes_expressions(self) -> bool {
        !self.mariadb
    }

    /// The same of the remarks on partitions (seen on MariaDB 10.11).
    pub(super) fn mistakes_partition_comments(self) -> bool {
        self.mariadb
    }

    /// The words for whether queries are planned with an index.
    pub(super) fn visibility(self, invisible: bool) -> &'static str {
        match (self.mariadb, invisible) {
            (false, true) => "INVISIBLE",
            (false, false) => "VISIBLE",
            (true, true) => "IGNORED",
            (true, false) => "NOT IGNORED",
        }
    }

    /// The catalog's column for an index's expression.
    pub(super) fn index_expression(self) -> &'static str {
        if self.has_expression_indexes() { "EXPRESSION" } else { "NULL" }
    }

    /// What the catalog says of a foreign key that says nothing; the two mean the same.
    pub(super) fn silent_action(self) -> Action {
        if self.mariadb { Action::Restrict } else { Action::NoAction }
    }

    /// The moment a statement began, as the catalog writes it, with so many digits of a second.
    pub(super) fn now(self, precision: u8) -> String {
        match (self.mariadb, precision) {
            (true, 0) => "current_timestamp()".into(),
            (true, digits) => format!("current_timestamp({digits})"),
            (false, 0) => "CURRENT_TIMESTAMP".into(),
            (false, digits) => format!("CURRENT_TIMESTAMP({digits})"),
        }
    }

    /// `year` as the catalog writes it.
    pub(super) fn year(self) -> &'static str {
        if self.has_display_widths() { "year(4)" } else { "year" }
    }

    /// The catalog's name of the spatial type that holds others.
    pub(super) fn geometry_collection(self) -> &'static str {
        if self.mariadb { "geometrycollection" } else { "geomcollection" }
    }

    /// What stands before a spatial column's reference system.
    pub(super) fn srid_word(self) -> &'static str {
        if self.mariadb { "ref_system_id=" } else { "srid " }
    }

    /// The question how far the statement of another connection is: what goes on, how much of it is done, and how much there
    /// is. MySQL tells only with its consumer `events_stages_current` switched on; a thousandth of a stage is MariaDB's unit.
    #[cfg(feature = "mysql")]
    pub(super) fn progress_query(self, id: u32) -> String {
        match self.mariadb {
            true => format!(
                "SELECT STATE, CAST((STAGE - 1) * 100000 + PROGRESS * 1000 AS UNSIGNED), MAX_STAGE * 100000 \
                 FROM information_schema.PROCESSLIST WHERE ID = {id} AND MAX_STAGE > 0"
            ),
            false => format!(
                "SELECT stage.EVENT_NAME, stage.WORK_COMPLETED, stage.WORK_ESTIMATED \
                 FROM performance_schema.events_stages_current AS stage \
                 JOIN performance_schema.threads AS thread USING (THREAD_ID) \
                 WHERE thread.PROCESSLIST_ID = {id} AND stage.WORK_ESTIMATED > 0"
            ),
        }
    }

    /// Sequences.
    pub(super) fn has_sequences(self) -> bool {
        self.mariadb
    }

    /// Whether an invisible column must have something for the rows that don't name it (MariaDB: 4108).
    pub(super) fn fills_invisible_columns(self) -> bool {
        self.mariadb
    }

    /// Whether a column is renamed that a check, a generated column or an index's expression mentions (MySQL: 3959, 3108, 3837).
    pub(super) fn renames_in_expressions(self) -> bool {
        self.mariadb
    }

    /// A column by which a table is divided can get another name.
    pub(super) fn renames_partition_keys(self) -> bool {
        self.mariadb
    }

    /// A default partition of a table that is divided by lists.
    pub(super) fn has_default_partition(self) -> bool {
        self.mariadb
    }

    /// Comments on databases.
    pub(super) fn has_schema_comments(self) -> bool {
        self.mariadb
    }

    /// Databases whose tables are encrypted by default: MySQL since 8.0.16.
    pub(super) fn has_schema_encryption(self) -> bool {
        !self.mariadb && self.version >= Version::new(8, 0, 16)
    }

    /// OR REPLACE for functions, procedures and triggers, which keeps what was granted and the place among others.
    pub(super) fn replaces_routines(self) -> bool {
        self.mariadb
    }

    /// Triggers that more than one event fires.
    pub(super) fn has_triggers_of_several_events(self) -> bool {
        self.mariadb && self.version >= Version::new(12, 0, 0)
    }

    /// `PUBLIC`, as one to whom something can be granted.
    pub(super) fn has_public(self) -> bool {
        self.mariadb && self.version >= Version::new(10, 11, 0)
    }

    /// A role is something else than a user, and has no host.
    pub(super) fn has_roles_without_hosts(self) -> bool {
        self.mariadb
    }

    /// The privilege to delete a versioned table's history.
    pub(super) fn has_delete_history(self) -> bool {
        self.mariadb
    }

    /// The privilege to see how a routine is made.
    pub(super) fn has_show_create_routine(self) -> bool {
        self.mariadb && self.version >= Version::new(11, 3, 0)
    }

    /// An event's state of being enabled elsewhere alone, in the words of CREATE EVENT.
    pub(super) fn disabled_on_replica(self) -> &'static str {
        if !self.mariadb && self.version >= Version::new(8, 2, 0) {
            "DISABLE ON REPLICA"
        } else {
            "DISABLE ON SLAVE"
        }
    }

    /// Tablespaces that a table can be put into.
    pub(super) fn has_tablespaces(self) -> bool {
        !self.mariadb
    }

    /// Every engine may have options of its own.
    pub(super) fn has_options_of_engines(self) -> bool {
        self.mariadb
    }

    /// `ALTER FUNCTION .. COMMENT ''` takes a comment off. MySQL 9.7 leaves it.
    pub(super) fn takes_off_routine_comments(self) -> bool {
        self.mariadb
    }
}
