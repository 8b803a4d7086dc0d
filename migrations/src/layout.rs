//! Dunlin's own tables: what they are called here, and what they look like.

use std::ops::Range;

use dunlin_dsl::{
    Column, ColumnType, Connection, Dialect, DialectId, Identity, Index, IndexKey, IntWidth, Label, Name, Op,
    PerDialect, PrimaryKey, Schema, Server, Size, Table, TableOptions, Unique, Unsupported, Value,
};

use jiff::Timestamp;

use crate::error::{Error, Kind, Result};
use crate::journal;
use crate::options::Options;
use crate::script::Variables;

/// The newest layout of the tables that this Dunlin knows.
pub(crate) const VERSION: i64 = 1;

/// The columns of `dunlin_history`, in order.
pub(crate) const HISTORY: [&str; 11] = [
    "id",
    "revision",
    "kind",
    "checksum",
    "applied_at",
    "duration_ms",
    "run_id",
    "applied_by",
    "tool_version",
    "undo_format",
    "undo",
];

/// The columns of `dunlin_journal`, in order.
pub(crate) const JOURNAL: [&str; 12] = [
    "seq",
    "run_id",
    "revision",
    "direction",
    "statement",
    "hash",
    "sql",
    "outcome",
    "fingerprint_before",
    "fingerprint_after",
    "at",
    "detail",
];

/// A server together with the names that Dunlin's own tables have there, resolved once and always qualified.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub(crate) dialect: &'static dyn Dialect,
    pub(crate) server: Server,
    pub(crate) history: Own,
    pub(crate) journal: Own,
    /// What puts back what a script has set.
    pub(crate) settings_query: String,
    /// What `${name}` in a script stands for here.
    pub(crate) variables: Variables,
    /// The server's own clock, where what is written now runs later.
    clock: Option<&'static str>,
    prefix: String,
}

/// What `${name}` stands for, with what Flyway knows by itself.
fn variables(options: &Options, server: &Server) -> Variables {
    let now = Timestamp::now().strftime("%Y-%m-%d %H:%M:%S").to_string();
    let variables = options.variables.clone().began_at(now);
    let known = [
        ("flyway:defaultSchema", server.schema.as_str()),
        ("flyway:database", server.fact("current_database")),
        ("flyway:user", server.fact("current_user")),
    ];
    let known = known.into_iter().filter(|(_, value)| !value.is_empty());
    known.fold(variables, |variables, (name, value)| variables.or_with(name, value))
}

/// One of Dunlin's own tables.
#[derive(Clone, Debug)]
pub(crate) struct Own {
    /// Its name, qualified.
    pub(crate) name: Name,
    /// The same as SQL.
    pub(crate) sql: String,
    /// Its columns as SQL, in order.
    columns: Vec<String>,
}

impl Layout {
    /// The names on this connection's server. A connection in a transaction that isn't Dunlin's to end is refused, and so
    /// is a transaction that was handed over where DDL would commit it.
    pub(crate) async fn of(conn: &mut dyn Connection, options: &Options) -> Result<Self> {
        let dialect = conn.dialect();
        let server = conn.server().await.map_err(Error::from_connection)?;
        if conn.owns_transactions() {
            if conn.in_transaction().await.map_err(Error::from_connection)? {
                return Err(Error::new(Kind::InTransaction));
            }
        } else if !dialect.transactions(&server).ddl {
            return Err(Error::new(Kind::Refused(format!(
                "on {server} DDL commits the transaction that was handed over"
            )))
            .with_hint("hand over the connection itself"));
        }
        Self::resolve(dialect, server, options)
    }

    /// The names on a server that isn't asked, where what is written runs later. Where no database is known they aren't qualified.
    pub(crate) fn assumed(dialect: &'static dyn Dialect, server: Server, options: &Options) -> Result<Self> {
        let clock = Some(dialect.now(&server));
        Ok(Self { clock, ..Self::named(dialect, server, options)? })
    }

    /// The names on this server.
    fn resolve(dialect: &'static dyn Dialect, server: Server, options: &Options) -> Result<Self> {
        if options.schema.as_ref().unwrap_or(&server.schema).is_empty() {
            return Err(Error::new(Kind::Refused(format!("no database is selected on {server}")))
                .with_hint("name one in the URL, or a schema for Dunlin's own tables"));
        }
        Self::named(dialect, server, options)
    }

    fn named(dialect: &'static dyn Dialect, server: Server, options: &Options) -> Result<Self> {
        let schema = options.schema.as_ref().unwrap_or(&server.schema);
        let schema = Some(schema.clone()).filter(|schema| !schema.is_empty());
        let own = |table: &str, columns: &[&str]| {
            let name = Name { schema: schema.clone(), name: format!("{}{table}", options.prefix) };
            let sql = dialect.table(&name, &server)?;
            let columns = columns.iter().map(|column| dialect.identifier(column, &server));
            Ok(Own { name, sql, columns: columns.collect::<Result<_, Unsupported>>()? })
        };
        let history = own("history", &HISTORY).map_err(Error::from_unsupported)?;
        let journal = own("journal", &JOURNAL).map_err(Error::from_unsupported)?;
        let variables = variables(options, &server);
        let settings_query = dialect.settings_query(&server, &options.own_settings);
        Ok(Self {
            dialect,
            server,
            history,
            journal,
            settings_query,
            variables,
            clock: None,
            prefix: options.prefix.clone(),
        })
    }

    /// What all migrators of this history share: the key of their lock.
    pub(crate) fn lock_key(&self) -> String {
        self.history.name.to_string()
    }

    /// Now, as SQL.
    pub(crate) fn now(&self) -> Result<String> {
        match self.clock {
            Some(clock) => Ok(clock.to_owned()),
            None => self.literal(journal::now()),
        }
    }

    /// A value as SQL.
    pub(crate) fn literal(&self, value: impl Into<Value>) -> Result<String> {
        self.dialect.literal(&value.into(), &self.server).map_err(Error::from_unsupported)
    }

    /// The statements that create `dunlin_history`.
    pub(crate) fn create_history(&self) -> Result<Vec<String>> {
        let unique =
            Unique { label: self.label("history_revision_key"), ..Unique::over(vec!["revision".into()]) };
        let columns = vec![
            Column { identity: Some(Identity::default()), ..required("id", big()) },
            Column { not_null: true, ..revision() },
            required("kind", ColumnType::Varchar(16)),
            Column::new("checksum", ColumnType::Varchar(255)),
            required("applied_at", moment()),
            required("duration_ms", big()),
            required("run_id", ColumnType::Varchar(36)),
            Column::new("applied_by", ColumnType::Varchar(255)),
            required("tool_version", ColumnType::Varchar(64)),
            Column::new("undo_format", ColumnType::Integer { width: IntWidth::Normal, unsigned: false }),
            Column::new("undo", ColumnType::Text(Size::Long)),
        ];
        self.create(Table { uniques: vec![unique], ..self.table(&self.history, columns, "history_pkey") })
    }

    /// The statements that create `dunlin_journal`.
    pub(crate) fn create_journal(&self) -> Result<Vec<String>> {
        // A run asks what became of revisions before it, by their ids.
        let keys = vec![IndexKey::column("revision"), IndexKey::column("seq")];
        let index = Index::new(self.label("journal_revision"), keys);
        let columns = vec![
            required("seq", big()),
            required("run_id", ColumnType::Varchar(36)),
            revision(),
            Column::new("direction", ColumnType::Varchar(8)),
            Column::new("statement", big()),
            Column::new("hash", ColumnType::Varchar(64)),
            Column::new("sql", ColumnType::Text(Size::Long)),
            required("outcome", ColumnType::Varchar(16)),
            Column::new("fingerprint_before", ColumnType::Varchar(255)),
            Column::new("fingerprint_after", ColumnType::Varchar(255)),
            required("at", moment()),
            Column::new("detail", ColumnType::Text(Size::Long)),
        ];
        self.create(Table { indexes: vec![index], ..self.table(&self.journal, columns, "journal_pkey") })
    }

    fn create(&self, table: Table) -> Result<Vec<String>> {
        let create = Op::CreateTable { table, if_not_exists: false };
        let statements = self.dialect.render(&[create], &Schema::new(), &self.server);
        let statements = statements.map_err(Error::from_unsupported)?;
        Ok(statements.into_iter().map(|statement| statement.sql).collect())
    }

    fn table(&self, own: &Own, columns: Vec<Column>, key: &str) -> Table {
        let first = columns.first().map(|column| column.name.clone());
        Table {
            primary_key: Some(PrimaryKey {
                label: self.label(key),
                ..PrimaryKey::over(first.into_iter().collect())
            }),
            columns,
            // Rows in an engine without transactions would outlive a rollback.
            options: TableOptions {
                engine: Some("InnoDB".into()),
                charset: Some("utf8mb4".into()),
                ..TableOptions::default()
            },
            ..Table::new(&own.name)
        }
    }

    fn label(&self, name: &str) -> Label {
        Label::Given(format!("{}{name}", self.prefix))
    }
}

impl Own {
    /// A column as SQL, by its place.
    pub(crate) fn column(&self, place: usize) -> &str {
        &self.columns[place]
    }

    /// These columns as SQL, with commas between.
    pub(crate) fn columns(&self, places: Range<usize>) -> String {
        self.columns[places].join(", ")
    }
}

fn required(name: &str, ty: ColumnType) -> Column {
    Column { not_null: true, ..Column::new(name, ty) }
}

fn big() -> ColumnType {
    ColumnType::Integer { width: IntWidth::Big, unsigned: false }
}

/// RFC 3339 in UTC with microseconds, as text: it sorts, and reads back exactly as it was written on every server. MySQL's
/// and SQLite's own types would give it back without a zone, and PostgreSQL's in each session's own zone.
fn moment() -> ColumnType {
    ColumnType::Varchar(32)
}

/// A revision's id, compared byte by byte. MySQL's and MariaDB's default collations take `A` for `a`, `e` for `é` and,
/// padding, `a ` for `a`; PostgreSQL's may be one that does so too.
fn revision() -> Column {
    let collation = PerDialect::default()
        .with(DialectId::Sqlite, "BINARY".to_owned())
        .with(DialectId::Postgres, "C".to_owned())
        .with(DialectId::Mysql, "utf8mb4_0900_bin".to_owned())
        .with(DialectId::Mariadb, "utf8mb4_nopad_bin".to_owned());
    Column { collation, ..Column::new("revision", ColumnType::Varchar(255)) }
}
