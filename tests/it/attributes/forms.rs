//! The attributes that a column may have.

use crate::server::Kind;

/// A column by its parts, in the order in which the servers take them.
#[derive(Clone)]
pub(super) struct Form {
    pub(super) name: &'static str,
    /// The only server that has it.
    pub(super) on: Option<Kind>,
    pub(super) ty: &'static str,
    /// Another type that holds all that this one does.
    pub(super) wider: &'static str,
    /// Its character set and its collation.
    pub(super) text: &'static str,
    pub(super) generated: &'static str,
    pub(super) null: &'static str,
    pub(super) default: &'static str,
    pub(super) on_update: &'static str,
    /// What else is said of it, but for its comment and its check.
    pub(super) more: &'static str,
    pub(super) comment: &'static str,
    pub(super) check: &'static str,
    /// Keys of the table.
    pub(super) keys: &'static str,
    /// The row's value; the column's own one if it is empty.
    pub(super) value: &'static str,
}

const fn form(name: &'static str, ty: &'static str, wider: &'static str, value: &'static str) -> Form {
    Form {
        name,
        on: None,
        ty,
        wider,
        text: "",
        generated: "",
        null: "",
        default: "",
        on_update: "",
        more: "",
        comment: "",
        check: "",
        keys: "",
        value,
    }
}

const INT: Form = form("int", "int", "bigint", "-7");
const VARCHAR: Form = form("varchar", "varchar(20)", "varchar(300)", "'it''s ü'");
const DATETIME: Form = form("datetime", "datetime", "datetime(3)", "'2026-01-31 10:11:12'");
const MYSQL: Option<Kind> = Some(Kind::Mysql);
const MARIADB: Option<Kind> = Some(Kind::Mariadb);

pub(super) const FORMS: &[Form] = &[
    INT,
    VARCHAR,
    DATETIME,
    form("tinyint", "tinyint", "smallint", "-128"),
    form("boolean", "tinyint(1)", "int", "1"),
    form("smallint unsigned", "smallint unsigned", "int unsigned", "65535"),
    form("mediumint", "mediumint", "int", "-8388608"),
    form("bigint unsigned", "bigint unsigned", "", "18446744073709551615"),
    form("int zerofill", "int(8) unsigned zerofill", "bigint unsigned", "42"),
    form("decimal", "decimal(10,3)", "decimal(20,6)", "-1234.567"),
    form("decimal unsigned", "decimal(5,1) unsigned", "", "12.5"),
    form("float", "float", "double", "0.5"),
    form("double", "double", "", "0.1"),
    form("bit", "bit(7)", "bit(20)", "b'1010101'"),
    form("char", "char(5)", "varchar(9)", "'ab'"),
    form("tinytext", "tinytext", "text", "'tiny ü'"),
    form("text", "text", "longtext", "'text ü'"),
    form("mediumtext", "mediumtext", "longtext", "'medium'"),
    form("longtext", "longtext", "", "'long'"),
    form("binary", "binary(4)", "", "x'00ff0001'"),
    form("varbinary", "varbinary(9)", "varbinary(90)", "x'00ff'"),
    form("tinyblob", "tinyblob", "blob", "x'00ff'"),
    form("blob", "blob", "longblob", "x'c328'"),
    form("date", "date", "datetime", "'2026-02-28'"),
    form("time", "time(3)", "time(6)", "'-12:34:56.789'"),
    form("timestamp", "timestamp NULL", "", "'2026-01-31 10:11:12'"),
    form("year", "year", "", "2026"),
    form("enum", "enum('a','b''s','ü')", "enum('a','b''s','ü','more')", "'b''s'"),
    form("set", "set('x','y z','it''s')", "set('x','y z','it''s','w')", "'x,it''s'"),
    form("json", "json", "", "'{\"a\": [1, null]}'"),
    form("point", "point", "geometry", "ST_GeomFromText('POINT(1 2)')"),
    Form { on: MYSQL, ..form("srid", "point SRID 4326", "", "ST_GeomFromText('POINT(1 2)', 4326)") },
    Form {
        on: MARIADB,
        ..form("srid", "point REF_SYSTEM_ID=4326", "", "ST_GeomFromText('POINT(1 2)', 4326)")
    },
    Form { on: MARIADB, ..form("uuid", "uuid", "", "'123e4567-e89b-12d3-a456-426655440000'") },
    Form { on: MARIADB, ..form("inet4", "inet4", "inet6", "'10.0.0.1'") },
    Form { on: MARIADB, ..form("inet6", "inet6", "", "'2001:db8::1'") },
    Form { name: "charset", text: "CHARACTER SET latin1", value: "'é'", ..VARCHAR },
    Form { name: "collation", text: "COLLATE utf8mb4_bin", ..VARCHAR },
    Form {
        name: "charset and collation",
        text: "CHARACTER SET latin1 COLLATE latin1_general_cs",
        value: "'é'",
        ..VARCHAR
    },
    Form { name: "not null", null: "NOT NULL", ..INT },
    Form { name: "not null with a default", null: "NOT NULL", default: "DEFAULT 7", ..INT },
    Form { name: "default text", default: "DEFAULT 'it''s'", ..VARCHAR },
    Form { name: "empty default", null: "NOT NULL", default: "DEFAULT ''", ..VARCHAR },
    Form { name: "default with a backslash", default: "DEFAULT 'a\\\\b\"c'", ..VARCHAR },
    Form { name: "default expression", default: "DEFAULT (1 + 2 * 3)", ..INT },
    Form {
        name: "default function",
        default: "DEFAULT (uuid())",
        ..form("", "varchar(40)", "varchar(50)", "'x'")
    },
    Form { name: "default of text", default: "DEFAULT ('it''s')", ..form("", "text", "longtext", "'x'") },
    Form { name: "default bits", default: "DEFAULT b'11'", ..form("", "bit(7)", "bit(9)", "b'1'") },
    Form { name: "now", wider: "", null: "NOT NULL", default: "DEFAULT CURRENT_TIMESTAMP", ..DATETIME },
    Form {
        name: "on update",
        wider: "",
        default: "DEFAULT CURRENT_TIMESTAMP",
        on_update: "ON UPDATE CURRENT_TIMESTAMP",
        ..DATETIME
    },
    Form { name: "on update alone", wider: "", on_update: "ON UPDATE CURRENT_TIMESTAMP", ..DATETIME },
    Form {
        name: "on update of milliseconds",
        null: "NOT NULL",
        default: "DEFAULT CURRENT_TIMESTAMP(3)",
        on_update: "ON UPDATE CURRENT_TIMESTAMP(3)",
        ..form("", "timestamp(3)", "", "'2026-01-31 10:11:12.5'")
    },
    Form {
        name: "numbered",
        null: "NOT NULL",
        more: "AUTO_INCREMENT",
        keys: ", KEY `a_key` (`a`)",
        value: "41",
        ..INT
    },
    Form { name: "virtual", generated: "GENERATED ALWAYS AS (`n` + 1) VIRTUAL", value: "", ..INT },
    Form { name: "stored", generated: "GENERATED ALWAYS AS (`n` + 1) STORED", value: "", ..INT },
    Form {
        name: "stored text",
        generated: "GENERATED ALWAYS AS (concat('it''s ',`n`)) STORED",
        value: "",
        ..form("", "varchar(40)", "varchar(50)", "")
    },
    Form { name: "comment", comment: "COMMENT 'it''s \\\\ \"here\", ü'", ..INT },
    Form { name: "invisible", more: "INVISIBLE", default: "DEFAULT 3", ..INT },
    Form { name: "invisible with a comment", more: "INVISIBLE", comment: "COMMENT 'hidden'", ..VARCHAR },
    Form { name: "check", check: "CHECK (`a` < 100)", ..INT },
    Form {
        name: "named check",
        keys: ", CONSTRAINT `{t}_range` CHECK (`a` between 1 and 100)",
        value: "7",
        ..INT
    },
    Form { name: "unique", keys: ", UNIQUE KEY `a_unique` (`a`)", ..INT },
    Form {
        name: "everything",
        text: "CHARACTER SET latin1 COLLATE latin1_bin",
        null: "NOT NULL",
        default: "DEFAULT 'é'",
        more: "INVISIBLE",
        comment: "COMMENT 'all of it'",
        keys: ", KEY `a_key` (`a`)",
        value: "'é'",
        ..VARCHAR
    },
    Form { name: "compressed", on: MARIADB, ..form("", "text COMPRESSED", "", "'text'") },
    Form { name: "column format", on: MYSQL, more: "COLUMN_FORMAT FIXED", ..INT },
    Form { name: "storage", on: MYSQL, more: "STORAGE DISK", ..INT },
    Form { name: "not secondary", on: MYSQL, more: "NOT SECONDARY", ..INT },
];

impl Form {
    /// A table with such a column among others.
    pub(super) fn create(&self, table: &str) -> String {
        let parts = [
            self.ty,
            self.text,
            self.generated,
            self.null,
            self.default,
            self.on_update,
            self.more,
            self.comment,
            self.check,
        ];
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        format!(
            "CREATE TABLE `{table}` (`id` int NOT NULL, `n` int, `a` {}, `b` varchar(10) DEFAULT 'b' COMMENT 'beside', \
             PRIMARY KEY (`id`){}) DEFAULT CHARSET=utf8mb4",
            parts.join(" "),
            self.keys.replace("{t}", table),
        )
    }

    pub(super) fn is_number(&self) -> bool {
        ["int", "tinyint", "smallint", "mediumint", "bigint"].iter().any(|ty| self.ty.starts_with(ty))
    }

    pub(super) fn is_short_text(&self) -> bool {
        ["varchar", "char"].iter().any(|ty| self.ty.starts_with(ty))
    }

    pub(super) fn is_text(&self) -> bool {
        self.is_short_text() || self.ty.ends_with("text")
    }
}
