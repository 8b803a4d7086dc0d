//! What a drop takes and its undo gives back, told by the server's own words: all of it, or the drop says what it loses.

use dunlin_dsl::{Connection, Dialect, DialectId, ObjectId, ObjectKind, Op, reverse_all, touched};

use super::{drop, execute, on_both, words};
use crate::mysql::Mysql;

/// On which servers (MariaDB, MySQL), what is made, what of it is dropped, and what the drop says that it would lose: nothing
/// where all comes back. `{db}` is the database's own name, and `;;` ends a statement.
#[rustfmt::skip]
const CASES: &[(&str, &str, &str, &str)] = &[
    ("am", "CREATE OR REPLACE DEFINER=`other`@`h` VIEW v AS SELECT 1 AS a", "VIEW v", ""),
    ("am", "CREATE DEFINER=`other`@`h` SQL SECURITY INVOKER VIEW v AS SELECT 1 AS a", "VIEW v", ""),
    ("am", "CREATE DEFINER=`other`@`h` FUNCTION f() RETURNS int DETERMINISTIC SQL SECURITY INVOKER COMMENT 'it''s' RETURN 1", "FUNCTION f", ""),
    ("am", "CREATE DEFINER=`other`@`h` PROCEDURE f(INOUT `a` varchar(3), OUT `b` varchar(5)) MODIFIES SQL DATA SQL SECURITY INVOKER COMMENT 'c' SET b = 1", "PROCEDURE f", ""),
    ("am", "SET sql_mode = 'ANSI_QUOTES,PAD_CHAR_TO_FULL_LENGTH';;CREATE DEFINER=`other`@`h` PROCEDURE f() CONTAINS SQL SELECT \"a\"", "PROCEDURE f", ""),
    ("am", "CREATE TABLE t (a int);;CREATE DEFINER=`other`@`h` TRIGGER `tr` BEFORE INSERT ON `t` FOR EACH ROW SET NEW.a = 1", "TRIGGER tr", ""),
    ("am", "CREATE TABLE t (a int);;CREATE DEFINER=`other`@`h` TRIGGER `tr` BEFORE INSERT ON `t` FOR EACH ROW SET NEW.a = 1", "TABLE t", ""),
    ("am", "CREATE DEFINER=`other`@`h` EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01' ENDS '2031-01-01' ON COMPLETION PRESERVE DISABLE ON SLAVE COMMENT 'c' DO SET @a = 1", "EVENT e", ""),
    ("am", "CREATE EVENT e ON SCHEDULE EVERY '1-2' YEAR_MONTH STARTS '2030-01-01' ON COMPLETION PRESERVE DISABLE DO SET @a = 1", "EVENT e", ""),
    ("am", "CREATE EVENT e ON SCHEDULE AT '2030-01-01 00:00:00' ON COMPLETION PRESERVE DO SET @a = 1", "EVENT e", ""),
    ("a", "CREATE ROLE lost_role;;CREATE DEFINER=`lost_role` VIEW v AS SELECT 1 AS a", "VIEW v", ""),
    ("a", "CREATE ROLE lost_role;;CREATE DEFINER=`lost_role` PROCEDURE f() SELECT 1", "PROCEDURE f", ""),
    ("m", "CREATE TABLE t (a int, b int AS (a + 1) VIRTUAL, c int AS (a * 2) STORED NOT NULL COMMENT 'x', d int INVISIBLE DEFAULT 3, KEY (b), KEY (c DESC))", "TABLE t", ""),
    ("a", "CREATE TABLE t (a int, b int AS (a + 1) VIRTUAL, c int AS (a * 2) STORED COMMENT 'x', d int INVISIBLE DEFAULT 3, KEY (b), KEY (c DESC))", "TABLE t", ""),
    ("m", "CREATE TABLE t (a int INVISIBLE, my int, KEY ((a + 1) DESC), UNIQUE KEY q ((lower(concat(a,'x')))), KEY j ((CAST(my AS CHAR(5)))))", "TABLE t", ""),
    ("m", "CREATE TABLE t (j json, KEY m ((CAST(j->'$.a' AS UNSIGNED ARRAY))))", "TABLE t", ""),
    ("m", "SET SESSION sql_generate_invisible_primary_key = 1;;CREATE TABLE t (a int);;SET SESSION sql_generate_invisible_primary_key = 0", "TABLE t", ""),
    ("am", "CREATE TABLE t (a int, b int, CONSTRAINT c1 CHECK (a > 0), CONSTRAINT c2 CHECK (b <> 3 OR a IS NULL))", "TABLE t", ""),
    ("m", "CREATE TABLE t (a int, CONSTRAINT c1 CHECK (a > 0) NOT ENFORCED, KEY k (a) INVISIBLE)", "TABLE t", ""),
    ("a", "CREATE TABLE t (a int CHECK (a > 0), KEY k (a) IGNORED)", "TABLE t", ""),
    ("am", "CREATE TABLE t (a text, b varchar(200), c blob, KEY k (a(10), b(5)), KEY l (c(3)), FULLTEXT KEY f (a), FULLTEXT KEY g (b) COMMENT 'x')", "TABLE t", ""),
    ("m", "CREATE TABLE t (a text, FULLTEXT KEY f (a) WITH PARSER ngram)", "TABLE t", ""),
    ("m", "CREATE TABLE t (a point NOT NULL SRID 4326, b geometry, SPATIAL KEY s (a))", "TABLE t", ""),
    ("a", "CREATE TABLE t (a point REF_SYSTEM_ID=4326 NOT NULL, b geometry, SPATIAL KEY s (a))", "TABLE t", ""),
    ("am", "CREATE TABLE t (id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY) AUTO_INCREMENT=500 ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8 COMMENT='x'", "TABLE t", ""),
    ("am", "CREATE TABLE t (id int AUTO_INCREMENT, a int, KEY (a, id), KEY (id))", "TABLE t", ""),
    ("m", "CREATE TABLE t (id int) COMPRESSION='zlib' ", "TABLE t", ""),
    ("m", "CREATE TABLE t (id int, KEY k (id) KEY_BLOCK_SIZE=4)", "TABLE t", ""),
    ("am", "CREATE TABLE t (id int, KEY k (id) COMMENT 'MERGE_THRESHOLD=40')", "TABLE t", ""),
    ("a", "CREATE TABLE t (id int) ENCRYPTED='NO' PAGE_COMPRESSED=1 PAGE_COMPRESSION_LEVEL=3", "TABLE t", ""),
    ("a", "CREATE TABLE t (id int, a varchar(9)) ENGINE=Aria TRANSACTIONAL=1 PAGE_CHECKSUM=1 ROW_FORMAT=PAGE", "TABLE t", ""),
    ("am", "CREATE TABLE t (id int, a varchar(9), KEY k (a), FULLTEXT f (a)) ENGINE=MyISAM ROW_FORMAT=FIXED PACK_KEYS=1 DELAY_KEY_WRITE=1 CHECKSUM=1 MAX_ROWS=10 AVG_ROW_LENGTH=5", "TABLE t", ""),
    ("am", "CREATE TABLE t (id int, a varchar(9), KEY k (a) USING BTREE, KEY l (id)) ENGINE=MEMORY MAX_ROWS=10", "TABLE t", ""),
    ("m", "CREATE TABLE t (id int, a varchar(9)) ENGINE=ARCHIVE", "TABLE t", ""),
    ("am", "CREATE TABLE t (id int NOT NULL, a varchar(9) NOT NULL) ENGINE=CSV", "TABLE t", ""),
    ("m", "CREATE TABLE t (id int NOT NULL) ENGINE=BLACKHOLE", "TABLE t", ""),
    ("am", "CREATE TABLE u (id int NOT NULL) ENGINE=MyISAM;;CREATE TABLE t (id int NOT NULL) ENGINE=MERGE UNION=(u) INSERT_METHOD=LAST", "TABLE t", "option insert_method"),
    ("a", "CREATE TABLE t (a int, PRIMARY KEY (a)) WITH SYSTEM VERSIONING", "TABLE t", "a history of its rows"),
    ("a", "CREATE TABLE t (a int, s timestamp(6) GENERATED ALWAYS AS ROW START, e timestamp(6) GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME(s, e)) WITH SYSTEM VERSIONING", "TABLE t", "a history of its rows"),
    ("a", "CREATE TABLE t (a int, s timestamp(6) GENERATED ALWAYS AS ROW START INVISIBLE, e timestamp(6) GENERATED ALWAYS AS ROW END INVISIBLE, PERIOD FOR SYSTEM_TIME(s, e)) WITH SYSTEM VERSIONING PARTITION BY SYSTEM_TIME INTERVAL 1 DAY PARTITIONS 3", "TABLE t", "a history of its rows"),
    ("a", "CREATE TABLE t (a int WITH SYSTEM VERSIONING, b int)", "TABLE t", "a history of its rows"),
    ("a", "CREATE TABLE t (id int, s date, e date, PERIOD FOR p (s, e), PRIMARY KEY (id, p WITHOUT OVERLAPS))", "TABLE t", "a period p"),
    ("a", "CREATE TABLE t (a int, b varchar(5) COMPRESSED)", "TABLE t", "column b that is COMPRESSED"),
    ("a", "CREATE TABLE t (a uuid DEFAULT uuid(), b inet6, c inet4, d json DEFAULT '{}')", "TABLE t", ""),
    ("m", "CREATE TABLE t (a vector(3), b binary(16) DEFAULT (uuid_to_bin(uuid())), c json DEFAULT (json_array()))", "TABLE t", ""),
    ("am", "CREATE TABLE t (a timestamp NULL, b timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, c datetime(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3), d timestamp(2) NOT NULL DEFAULT '2020-01-01 00:00:00')", "TABLE t", ""),
    ("am", "CREATE TABLE t (a int(5) ZEROFILL, b tinyint(1), c float(7,3), d double(9,2) unsigned, e decimal(5,0) zerofill, f bit(3) DEFAULT b'101', g year DEFAULT 2000, h bool DEFAULT true)", "TABLE t", ""),
    ("am", "CREATE TABLE t (a char(3) CHARACTER SET latin1 COLLATE latin1_bin DEFAULT 'é', b text CHARACTER SET utf8mb3, c varchar(5) BINARY, d national varchar(4), e set('a','b') DEFAULT 'a,b') CHARSET latin1", "TABLE t", ""),
    ("am", "SET sql_mode='';;CREATE TABLE t (a datetime DEFAULT '0000-00-00 00:00:00', b date NOT NULL DEFAULT '0000-00-00')", "TABLE t", ""),
    ("am", "SET sql_mode='';;CREATE TABLE t (a timestamp NOT NULL DEFAULT '0000-00-00 00:00:00', b int NOT NULL DEFAULT 0)", "TABLE t", ""),
    ("am", "CREATE TABLE p (id int PRIMARY KEY, x int, UNIQUE (x));;CREATE TABLE t (a int, b int, CONSTRAINT fk1 FOREIGN KEY (a) REFERENCES p (id) ON DELETE SET NULL ON UPDATE CASCADE, CONSTRAINT fk2 FOREIGN KEY (b) REFERENCES p (x) ON DELETE RESTRICT)", "TABLE t", ""),
    ("am", "CREATE DATABASE {db}_x;;CREATE TABLE {db}_x.p (id int PRIMARY KEY);;CREATE TABLE t (a int, CONSTRAINT fk1 FOREIGN KEY (a) REFERENCES {db}_x.p (id))", "TABLE t", ""),
    ("m", "CREATE TABLE p (id int, KEY (id));;SET restrict_fk_on_non_standard_key=OFF;;CREATE TABLE t (a int, CONSTRAINT fk1 FOREIGN KEY (a) REFERENCES p (id));;SET restrict_fk_on_non_standard_key=ON", "TABLE t", "foreign key fk1 to columns of p that are no key"),
    ("am", "SET foreign_key_checks=0;;CREATE TABLE t (a int, CONSTRAINT fk1 FOREIGN KEY (a) REFERENCES p (id));;SET foreign_key_checks=1", "TABLE t", "foreign key fk1 to p, which isn't there"),
    ("am", "CREATE TABLE t (a int, b int);;CREATE USER lost@'%';;GRANT SELECT (a), UPDATE (b) ON t TO lost@'%';;GRANT INSERT ON t TO lost@'%' WITH GRANT OPTION", "TABLE t", ""),
    ("am", "CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN 1;;CREATE USER lost@'%';;GRANT EXECUTE, ALTER ROUTINE ON FUNCTION f TO lost@'%' WITH GRANT OPTION", "FUNCTION f", ""),
    ("am", "CREATE VIEW v AS SELECT 1 AS a, 2 AS b;;CREATE USER lost@'%';;GRANT SELECT, SHOW VIEW ON v TO lost@'%';;GRANT SELECT (b) ON v TO lost@'%'", "VIEW v", ""),
    ("am", "CREATE TABLE t (a int) PARTITION BY RANGE (a) (PARTITION p0 VALUES LESS THAN (10) COMMENT = 'c' MAX_ROWS = 5 MIN_ROWS = 2, PARTITION p1 VALUES LESS THAN MAXVALUE)", "TABLE t", "partition p0 with MAX_ROWS"),
    ("a", "CREATE TABLE t (a int) PARTITION BY RANGE (a) (PARTITION p0 VALUES LESS THAN (10) DATA DIRECTORY = '/tmp', PARTITION p1 VALUES LESS THAN MAXVALUE)", "TABLE t", "partition p0 with DATA DIRECTORY"),
    ("am", "CREATE TABLE t (a int) PARTITION BY RANGE (a) SUBPARTITION BY HASH (a) SUBPARTITIONS 2 (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN MAXVALUE)", "TABLE t", "partition p0sp0"),
    ("am", "CREATE TABLE t (a int, b varchar(5)) PARTITION BY LIST COLUMNS (b) (PARTITION p0 VALUES IN ('a', 'b?', '😀?', NULL), PARTITION p1 VALUES IN ('c''d'))", "TABLE t", ""),
    ("am", "CREATE TABLE t (a int, b varchar(5), PRIMARY KEY (a)) PARTITION BY KEY () PARTITIONS 3", "TABLE t", ""),
    ("am", "CREATE TABLE t (a int, b varchar(5), PRIMARY KEY (a)) PARTITION BY LINEAR KEY ALGORITHM=1 (a) PARTITIONS 3", "TABLE t", "partitions by an older algorithm of KEY"),
    ("am", "CREATE TABLE t (a int, b int) PARTITION BY HASH (a + b) (PARTITION x COMMENT 'one', PARTITION y)", "TABLE t", ""),
    ("am", "CREATE TABLE t (a int, d date) PARTITION BY RANGE COLUMNS (d, a) (PARTITION x VALUES LESS THAN ('2020-01-01', 5), PARTITION y VALUES LESS THAN (MAXVALUE, MAXVALUE))", "TABLE t", ""),
    ("am", "CREATE TABLE t (a enum('yes','why?','😀') DEFAULT '😀' COMMENT '😀?')", "TABLE t", ""),
    ("m", "CREATE TABLE t (a varchar(9) DEFAULT '😀', b varchar(9) NOT NULL DEFAULT 'a?', CONSTRAINT c CHECK (a <> '😀')) COMMENT 'x?'", "TABLE t", ""),
    ("am", "CREATE TABLE t (a varchar(9) COMMENT 'why?', KEY k (a) COMMENT 'how?') COMMENT 'x?'", "TABLE t", ""),
    ("am", "CREATE TABLE t (a int COMMENT '😀', KEY k (a) COMMENT '😀') COMMENT '😀'", "TABLE t", ""),
    ("am", "CREATE TABLE t (a varchar(9), b varchar(9) AS (concat(a, '😀')))", "TABLE t", ""),
    ("am", "CREATE VIEW v AS SELECT '😀?' AS a, 'x' AS `b?`", "VIEW v", ""),
    ("am", "CREATE PROCEDURE f() COMMENT 'why? 😀' SELECT '😀?'", "PROCEDURE f", ""),
    ("am", "CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01' COMMENT '😀?' DO SET @a = '😀?'", "EVENT e", ""),
    ("am", "CREATE TABLE t (a int) PARTITION BY RANGE (a) (PARTITION p0 VALUES LESS THAN (10) COMMENT = 'why? 😀')", "TABLE t", ""),
    ("am", "CREATE FUNCTION f(a varchar(5) CHARACTER SET latin1 COLLATE latin1_bin, b enum('x','y?'), c decimal(5,2) unsigned) RETURNS varchar(9) CHARSET utf8mb4 COLLATE utf8mb4_bin READS SQL DATA RETURN a", "FUNCTION f", "an argument with characters that the catalog doesn't tell"),
    ("a", "CREATE AGGREGATE FUNCTION f(x int) RETURNS int BEGIN DECLARE s int DEFAULT 0; DECLARE CONTINUE HANDLER FOR NOT FOUND RETURN s; LOOP FETCH GROUP NEXT ROW; SET s = s + x; END LOOP; END", "FUNCTION f", "a body over all rows"),
    ("a", "SET sql_mode=ORACLE;;CREATE PROCEDURE f(`a` IN varchar(3), `b` IN OUT varchar(4)) AS BEGIN SELECT a; END", "PROCEDURE f", ""),
    ("a", "CREATE PROCEDURE f(IN `a` row type of `mysql`.`user`) SELECT 1", "PROCEDURE f", ""),
    ("a", "CREATE TABLE t (a int);;CREATE PROCEDURE f(x TYPE OF t.a, IN y ROW (p int, q varchar(3))) SELECT 1", "PROCEDURE f", "an argument that is a row"),
    ("a", "CREATE FUNCTION f(INOUT `a` varchar(3), OUT `b` varchar(3), `c` varchar(4)) RETURNS varchar(3) CHARSET utf8mb4 COLLATE utf8mb4_general_ci\n    DETERMINISTIC BEGIN SET b = 1; RETURN 2; END", "FUNCTION f", ""),
    ("m", "CREATE FUNCTION f(a int) RETURNS int LANGUAGE JAVASCRIPT DETERMINISTIC AS $$ return a $$", "FUNCTION f", "a body in"),
    ("am", "CREATE TABLE t (a int);;CREATE ALGORITHM=MERGE VIEW v (x) AS SELECT a FROM t WHERE a > 1 WITH LOCAL CHECK OPTION", "VIEW v", ""),
    ("am", "CREATE ALGORITHM=TEMPTABLE VIEW v AS SELECT 1 AS a", "VIEW v", ""),
    ("a", "CREATE SEQUENCE s START WITH 5 INCREMENT BY 2 MINVALUE 1 MAXVALUE 99 CACHE 3 CYCLE COMMENT 'x?' ENGINE=MyISAM", "SEQUENCE s", "engine MyISAM"),
    ("a", "CREATE SEQUENCE s;;SELECT NEXTVAL(s)", "SEQUENCE s", ""),
    ("a", "CREATE SEQUENCE s INCREMENT 0 ENGINE=Aria", "SEQUENCE s", "engine Aria"),
    ("m", "CREATE DATABASE {db}_y;;ALTER DATABASE {db}_y READ ONLY = 1", "DATABASE {db}_y", "READ ONLY = 1"),
    ("a", "CREATE DATABASE {db}_y COMMENT 'why?'", "DATABASE {db}_y", ""),
    ("am", "CREATE USER lost@'%';;CREATE DATABASE {db}_y;;GRANT SELECT ON {db}_y.* TO lost@'%'", "DATABASE {db}_y", ""),
    ("a", "CREATE SEQUENCE s;;CREATE TABLE t (a int DEFAULT nextval(s))", "TABLE t", ""),
    ("a", "CREATE TABLE t (a int INVISIBLE DEFAULT 1, b int) ENGINE=Aria", "TABLE t", ""),
    ("m", "CREATE TABLE t (a int PRIMARY KEY AUTO_INCREMENT, b int) SECONDARY_ENGINE=RAPID", "TABLE t", "option secondary_engine"),
    ("a", "CREATE TABLE t (a int) DATA DIRECTORY='/tmp'", "TABLE t", "option data directory"),
    ("am", "CREATE TABLE t (a varchar(20), b varchar(20), UNIQUE KEY u (a(3)), PRIMARY KEY (b(4)))", "TABLE t", "a primary key over less"),
    ("m", "CREATE TABLE t (a int, b int, PRIMARY KEY (a DESC, b))", "TABLE t", "a primary key over less"),
    ("a", "CREATE TABLE t (a int, b int, PRIMARY KEY (a DESC, b))", "TABLE t", "a primary key over less"),
    ("a", "CREATE TABLE t (a text, b blob, UNIQUE KEY b (b), UNIQUE KEY u (a))", "TABLE t", ""),
    ("am", "CREATE TABLE t (a int, PRIMARY KEY (a) COMMENT 'pk')", "TABLE t", "a comment on its primary key"),
    ("am", "CREATE TABLE t (a int, PRIMARY KEY (a) USING BTREE) ENGINE=MEMORY", "TABLE t", "a primary key kept as btree"),
    ("m", "CREATE TABLE t (a int DEFAULT (1 + 1), b varchar(9) DEFAULT 'x''y', c int DEFAULT (a), d point DEFAULT (point(1,2)))", "TABLE t", ""),
    ("a", "CREATE TABLE t (a int DEFAULT (1 + 1), b varchar(9) DEFAULT (concat('x\\'y','?')), c int DEFAULT (a), d point DEFAULT (point(1,2)))", "TABLE t", ""),
    ("am", "CREATE TABLE t (a tinyblob, b mediumblob, c longtext, d tinytext, e varbinary(3) DEFAULT 'a\\0b', f binary(3) DEFAULT 'a')", "TABLE t", ""),
    ("am", "CREATE TABLE t (a int, s set('😀','?','ü') DEFAULT 'ü', e enum('a?','🙂''\\\\') NOT NULL DEFAULT 'a?')", "TABLE t", ""),
    ("a", "CREATE TABLE t (a varchar(9) DEFAULT (concat('😀', 'x')), b varchar(9) CHECK (b <> '🙂'), CONSTRAINT c CHECK (a <> '????' OR b = '😀'))", "TABLE t", ""),
    ("m", "CREATE DATABASE {db}_y CHARSET latin1", "DATABASE {db}_y", ""),
    ("a", "CREATE TABLE t (a varchar(9) DEFAULT '😀', b varchar(9) NOT NULL DEFAULT 'a?')", "TABLE t", "column b with a default that the catalog doesn't tell"),
    ("a", "CREATE TABLE t (a varchar(9) DEFAULT '😀', b varchar(9) NOT NULL DEFAULT 'a?');;INSERT INTO t () VALUES ()", "TABLE t", ""),
];

fn dropping(what: &str) -> Op {
    let (kind, name) = what.split_once(' ').unwrap();
    drop(&match kind {
        "TABLE" => return Op::DropTable { table: name.into(), if_exists: false, cascade: false },
        "VIEW" => ObjectId::view(name),
        "FUNCTION" => ObjectId::any_function(name),
        "PROCEDURE" => ObjectId { kind: ObjectKind::Procedure, ..ObjectId::any_function(name) },
        "TRIGGER" => ObjectId::trigger(name, "t"),
        "EVENT" => ObjectId::event(name),
        "SEQUENCE" => ObjectId::new(ObjectKind::Sequence, name),
        "DATABASE" => ObjectId::schema(name),
        other => panic!("{other}"),
    })
}

/// Who may do what, and which triggers there are.
const BESIDE: [&str; 4] = [
    "SELECT grantee, table_name, privilege_type, is_grantable FROM information_schema.table_privileges \
     WHERE table_schema = DATABASE() ORDER BY 1, 2, 3",
    "SELECT grantee, table_name, column_name, privilege_type, is_grantable FROM information_schema.column_privileges \
     WHERE table_schema = DATABASE() ORDER BY 1, 2, 3, 4",
    "SELECT user, host, routine_name, routine_type, proc_priv FROM mysql.procs_priv WHERE db = DATABASE() ORDER BY 1, 2, 3, 4",
    "SELECT trigger_name, definer, sql_mode, action_order, action_statement FROM information_schema.triggers \
     WHERE trigger_schema = DATABASE() ORDER BY 1",
];

/// All that the server says of it.
async fn all_words(conn: &mut dyn Connection, what: &str) -> String {
    let mut text = words(conn, what).await;
    for query in BESIDE {
        for row in conn.query(query).await.unwrap() {
            let values: Vec<String> = (0..row.0.len()).filter_map(|at| row.text(at)).collect();
            text += &format!("\n{}", values.join(" | "));
        }
    }
    text
}

/// Drops it and undoes that: what the drop says that it would lose, or what the server says of it after.
async fn outcome(conn: &mut dyn Connection, what: &str) -> Result<String, String> {
    let server = conn.server().await.unwrap();
    let mut ops = vec![dropping(what)];
    let mut undo = None;
    for _ in 0..2 {
        let before = Mysql.introspect(conn, &touched(&ops)).await.unwrap();
        ops = Mysql.lower_ops(&ops, &before, &server).map_err(|error| error.to_string())?;
        if undo.is_none() {
            undo = Some(reverse_all(&ops, &before).map_err(|error| error.reason)?);
        }
        for statement in Mysql.render(&ops, &before, &server).map_err(|error| error.to_string())? {
            execute(conn, &statement).await.map_err(|error| format!("{}: {error}", statement.sql))?;
        }
        ops = undo.clone().unwrap();
    }
    Ok(all_words(conn, what).await)
}

/// What a case leaves behind.
const LEFT: [&str; 10] = [
    "TABLE IF EXISTS t, u, p",
    "VIEW IF EXISTS v",
    "FUNCTION IF EXISTS f",
    "PROCEDURE IF EXISTS f",
    "EVENT IF EXISTS e",
    "SEQUENCE IF EXISTS s",
    "USER IF EXISTS lost@'%'",
    "ROLE IF EXISTS lost_role",
    "DATABASE IF EXISTS {db}_x",
    "DATABASE IF EXISTS {db}_y",
];

/// Catches what is lost without a word, and an undo that the server refuses when it is too late.
#[tokio::test]
async fn what_is_dropped_comes_back_or_is_told() {
    on_both(async |conn| {
        let server = conn.server().await.unwrap();
        let letter = if server.dialect == DialectId::Mariadb { 'a' } else { 'm' };
        let fill = |text: &str| text.replace("{db}", &server.schema);
        let mode = format!("SET sql_mode = '{}'", server.fact("sql_mode"));
        let mut wrong = Vec::new();
        for (_, setup, what, told) in CASES.iter().filter(|case| case.0.contains(letter)) {
            for one in setup.split(";;") {
                conn.execute(&fill(one)).await.unwrap_or_else(|error| panic!("{server}: {one}: {error}"));
            }
            conn.execute(&mode).await.unwrap();
            let before = all_words(conn, &fill(what)).await;
            let found = outcome(conn, &fill(what)).await;
            let is_right = match &found {
                Ok(after) => told.is_empty() && *after == before,
                Err(reason) => !told.is_empty() && reason.contains(told),
            };
            if !is_right {
                wrong.push(format!(
                    "{setup}\nof which was told: {told}\n{before}\nafter the undo: {found:#?}"
                ));
            }
            // A database that is only read isn't dropped.
            _ = conn.execute(&fill("ALTER DATABASE {db}_y READ ONLY = 0")).await;
            for left in LEFT {
                _ = conn.execute(&fill(&format!("DROP {left}"))).await;
            }
        }
        assert!(wrong.is_empty(), "{server}:\n{}", wrong.join("\n\n"));
    })
    .await;
}
