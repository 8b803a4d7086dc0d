//! Taking over a database that another tool has migrated: from the table that the tool documents, with the checksums that it
//! would have stored, through the command line.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use dunlin::drivers::rusqlite::Connection;

/// The file `create table a(id int);`, 24 bytes, with which the checksums below were made.
const FIRST: &str = "create table a(id int);\n";
const SECOND: &str = "create table b(id int);\n";

/// A tool: its files, its table filled for the first of them, its id in Dunlin's history, what is said of the file.
struct Case {
    tool: &'static str,
    files: &'static [(&'static str, &'static str)],
    table: &'static str,
    first: &'static str,
    second: &'static str,
    content: &'static str,
}

const SAME: &str = "as it was when it was applied";
const UNKNOWN: &str = "not verifiable";

const CASES: [Case; 8] = [
    Case {
        tool: "sqlx",
        files: &[("1_first.sql", FIRST), ("2_second.sql", SECOND)],
        table: "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, installed_on TIMESTAMP NOT NULL \
                DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, checksum BLOB NOT NULL, execution_time BIGINT NOT NULL);
                INSERT INTO _sqlx_migrations VALUES (1, 'first', '2024-01-02 03:04:05', 1, x'0fa4f612848e3efb6b0407d1aeb08db0b11583b56df40\
                3fb9a6c9995c9a0637934f0c90e5fc992c8ba8141a040a0062c', 7)",
        first: "1_first",
        second: "2_second",
        content: SAME,
    },
    Case {
        tool: "refinery",
        files: &[("V1__first.sql", FIRST), ("V2__second.sql", SECOND)],
        table: "CREATE TABLE refinery_schema_history (version int4 PRIMARY KEY, name VARCHAR(255), applied_on VARCHAR(255), checksum VARCHAR(255));
                INSERT INTO refinery_schema_history VALUES (1, 'first', '2024-01-02T03:04:05Z', '13880320430104922755')",
        first: "V1__first",
        second: "V2__second",
        content: SAME,
    },
    Case {
        tool: "flyway",
        files: &[("V1__first.sql", FIRST), ("V1.1__second.sql", SECOND)],
        table: "CREATE TABLE flyway_schema_history (installed_rank INT PRIMARY KEY, version VARCHAR(50), description VARCHAR(200) NOT NULL, \
                type VARCHAR(20) NOT NULL, script VARCHAR(1000) NOT NULL, checksum INT, installed_by VARCHAR(100) NOT NULL, installed_on TEXT NOT \
                NULL, execution_time INT NOT NULL, success BOOLEAN NOT NULL);
                INSERT INTO flyway_schema_history VALUES (1, '1', 'first', 'SQL', 'V1__first.sql', -1193849269, 'a', '2024-01-02 03:04:05.000', 3, 1)",
        first: "V1__first",
        second: "V1.1__second",
        content: SAME,
    },
    Case {
        tool: "diesel",
        files: &[("2024-01-01-000000_first/up.sql", FIRST), ("2024-01-02-000000_second/up.sql", SECOND)],
        table: "CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, run_on TIMESTAMP NOT NULL DEFAULT \
                CURRENT_TIMESTAMP);
                INSERT INTO __diesel_schema_migrations VALUES ('20240101000000', '2024-01-02 03:04:05')",
        first: "2024-01-01-000000_first",
        second: "2024-01-02-000000_second",
        content: UNKNOWN,
    },
    Case {
        tool: "goose",
        files: &[
            ("00001_first.sql", "-- +goose Up\ncreate table a(id int);\n"),
            ("00002_second.sql", "-- +goose Up\ncreate table b(id int);\n"),
        ],
        table: "CREATE TABLE goose_db_version (id INTEGER PRIMARY KEY AUTOINCREMENT, version_id INTEGER NOT NULL, is_applied INTEGER NOT NULL, \
                tstamp TIMESTAMP DEFAULT (datetime('now')));
                INSERT INTO goose_db_version (version_id, is_applied, tstamp) VALUES (0, 1, '2024-01-01 00:00:00'), (1, 1, '2024-01-02 \
                03:04:05')",
        first: "00001_first",
        second: "00002_second",
        content: UNKNOWN,
    },
    Case {
        tool: "dbmate",
        files: &[
            ("01_first.sql", "-- migrate:up\ncreate table a(id int);\n-- migrate:down\n"),
            ("02_second.sql", "-- migrate:up\ncreate table b(id int);\n-- migrate:down\n"),
        ],
        table: "CREATE TABLE schema_migrations (version VARCHAR(128) PRIMARY KEY); INSERT INTO schema_migrations VALUES ('01')",
        first: "01_first",
        second: "02_second",
        content: UNKNOWN,
    },
    Case {
        tool: "golang-migrate",
        files: &[("000001_first.up.sql", FIRST), ("000002_second.up.sql", SECOND)],
        table: "CREATE TABLE schema_migrations (version uint64, dirty bool); CREATE UNIQUE INDEX version_unique ON schema_migrations (version);
                INSERT INTO schema_migrations VALUES (1, 0)",
        first: "000001_first",
        second: "000002_second",
        content: "assumed",
    },
    // What its settings leave out of a checksum.
    Case {
        tool: "sqlx",
        files: &[
            ("../sqlx.toml", "[migrate]\nignored-chars = [\"\\r\", \"\\n\"]\n"),
            ("1_first.sql", FIRST),
            ("2_second.sql", SECOND),
        ],
        table: "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, installed_on TIMESTAMP NOT NULL \
                DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, checksum BLOB NOT NULL, execution_time BIGINT NOT NULL);
                INSERT INTO _sqlx_migrations VALUES (1, 'first', '2024-01-02 03:04:05', 1, x'648730c996a6126e16132bba2dca9d11cab979a5723e5\
                1139f98cb71cd40f99f7a332f2b826c4c770045a7e0a03aa99f', 7)",
        first: "1_first",
        second: "2_second",
        content: SAME,
    },
];

fn dunlin(folder: &Path, args: &[&str]) -> Output {
    let shop = Path::new(env!("CARGO_BIN_EXE_shop"));
    let mut command = Command::new(shop.with_file_name("dunlin"));
    command.current_dir(folder).args(args).args(["--url", "sqlite://old.db"]).stdin(Stdio::null());
    ["DUNLIN_ENV", "DUNLIN_CONFIG", "DUNLIN_REVISIONS"].iter().for_each(|name| _ = command.env_remove(name));
    command.output().unwrap()
}

#[track_caller]
fn check(output: &Output, code: i32, says: &str) {
    let all =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{all}");
    assert!(all.contains(says), "{says} isn't in {all}");
}

/// A folder with a tool's files, and the database that it left.
fn left_by(case: &Case) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in case.files {
        let path = folder.path().join("migrations").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let conn = Connection::open(folder.path().join("old.db")).unwrap();
    conn.execute_batch(&format!("{FIRST}{}", case.table)).unwrap();
    folder
}

#[test]
fn takes_over_from_each_tool() {
    for case in &CASES {
        let folder = left_by(case);
        let folder = folder.path();
        let rows = |table: &str| -> String {
            let conn = Connection::open(folder.join("old.db")).unwrap();
            let count = format!("SELECT count(*) || '' FROM {table}");
            conn.query_row(&count, [], |row| row.get(0)).unwrap()
        };
        let adopt = ["adopt", "--from", case.tool];
        let dry = dunlin(folder, &[&adopt[..], &["--dry-run"]].concat());
        check(&dry, 0, case.first);
        check(&dry, 0, case.content);
        check(&dry, 0, &format!("pending  {}", case.second));
        check(&dry, 0, "to take over: 1 would be written into Dunlin's history");
        check(&dunlin(folder, &["status"]), 0, &format!("pending  {}", case.first));
        check(&dunlin(folder, &adopt), 0, "taken over: 1 written into Dunlin's history");
        check(&dunlin(folder, &["status"]), 0, &format!("applied  {}", case.first));
        check(&dunlin(folder, &["status"]), 0, &format!("pending  {}", case.second));
        if !matches!(case.tool, "dbmate" | "golang-migrate") {
            check(&dunlin(folder, &["status", "--json"]), 0, "2024-01-02T03:04:05");
        }
        let history = rows("dunlin_history");
        check(&dunlin(folder, &adopt), 0, "nothing to do");
        assert_eq!(rows("dunlin_history"), history, "{}: a second time changes nothing", case.tool);
        check(&dunlin(folder, &["upgrade"]), 0, &format!("applied {}", case.second));
        check(&dunlin(folder, &["upgrade"]), 0, "nothing to do");
        // What Dunlin has applied is none of the tool's, and isn't pending for that.
        check(&dunlin(folder, &adopt), 0, &format!("applied  {}", case.second));
        assert_eq!(rows("b"), "0");
        let conn = Connection::open(folder.join("old.db")).unwrap();
        assert!(conn.execute_batch(case.table).is_err(), "{}: its own table stays", case.tool);
    }
}

/// What doesn't fit is refused, and nothing is written.
#[test]
fn refuses_what_does_not_fit() {
    let written = |folder: &Path| {
        let conn = Connection::open(folder.join("old.db")).unwrap();
        conn.prepare("SELECT 1 FROM dunlin_history").is_ok()
    };
    let broken = |tool: &str, sql: &str, says: &str| {
        let case = CASES.iter().find(|case| case.tool == tool).unwrap();
        let folder = left_by(case);
        Connection::open(folder.path().join("old.db")).unwrap().execute_batch(sql).unwrap();
        check(&dunlin(folder.path(), &["adopt", "--from", tool]), 1, says);
        assert!(!written(folder.path()), "{tool}");
    };
    broken("sqlx", "UPDATE _sqlx_migrations SET success = 0", "sqlx's migration 1 failed, and is half done");
    broken(
        "sqlx",
        "UPDATE _sqlx_migrations SET checksum = x'00'",
        "changed since sqlx applied them: 1_first",
    );
    broken("sqlx", "UPDATE _sqlx_migrations SET version = 9", "no file is here for it");
    broken("golang-migrate", "UPDATE schema_migrations SET dirty = 1", "version 1 is dirty");
    broken("goose", "DROP TABLE goose_db_version", "there is no history of goose here");
    broken("dbmate", "ALTER TABLE schema_migrations ADD dirty bool", "has the columns version, dirty");
    let folder = left_by(&CASES[0]);
    check(&dunlin(folder.path(), &["adopt", "--from", "nothing"]), 2, "known are sqlx");
    check(
        &dunlin(folder.path(), &["adopt", "--from", "sqlx", "--table", "elsewhere"]),
        1,
        "looked for table elsewhere",
    );
    check(&dunlin(folder.path(), &["adopt", "--from", "sqlx", "--table", "_sqlx_migrations"]), 0, "applied");
}
