//! What a database has beside relations and routines, as it is written: schemas, extensions, collations, statistics,
//! publications, events.

use super::into::{IntoColumns, IntoKeys, IntoSql};
use super::object::{AlterObjectSpec, ObjectSpec, attributes, drops_and_renames};
use crate::builder::DropObjectSpec;
use crate::change::{EventChange, ObjectChange, PublicationChange};
use crate::ops::Ops;
use crate::schema::{
    Collation, Definition, EventState, Expr, Extension, Name, Namespace, ObjectId, Publication,
    PublishedOperation, PublishedTable, Schedule, ScheduledEvent, Statistics, StatisticsKind,
};

/// A schema: PostgreSQL's, or a database of MySQL's and MariaDB's.
pub fn namespace(name: impl Into<String>) -> ObjectSpec<'static, Namespace> {
    ObjectSpec::own(ObjectId::schema(name.into()), Definition::Schema(Namespace::default()))
}

/// An extension: PostgreSQL.
pub fn extension(name: impl Into<String>) -> ObjectSpec<'static, Extension> {
    ObjectSpec::own(ObjectId::extension(name.into()), Definition::Extension(Extension::default()))
}

/// A collation of this locale: PostgreSQL.
pub fn collation(name: impl Into<Name>, locale: impl Into<String>) -> ObjectSpec<'static, Collation> {
    let definition = Collation { locale: locale.into(), ..Collation::default() };
    ObjectSpec::own(ObjectId::collation(name), Definition::Collation(definition))
}

/// Extended statistics over columns and expressions of a table: PostgreSQL.
pub fn statistics(
    name: impl Into<Name>,
    table: impl Into<Name>,
    on: impl IntoKeys,
) -> ObjectSpec<'static, Statistics> {
    let on = on.into_keys().into_iter().map(|key| key.on).collect();
    let definition = Statistics { table: table.into(), on, kinds: Default::default(), target: None };
    ObjectSpec::own(ObjectId::statistics(name), Definition::Statistics(definition))
}

/// A publication: PostgreSQL. What it has follows.
pub fn publication(name: impl Into<String>) -> ObjectSpec<'static, Publication> {
    ObjectSpec::own(ObjectId::publication(name.into()), Definition::Publication(Publication::default()))
}

/// A scheduled event: MySQL, MariaDB. When it runs and what follow.
pub fn event(name: impl Into<Name>) -> ObjectSpec<'static, ScheduledEvent> {
    let definition = ScheduledEvent {
        schedule: Schedule::Every { interval: String::new(), starts: None, ends: None },
        body: Expr::Sql(String::new()),
        preserve: false,
        state: EventState::Enabled,
    };
    ObjectSpec::own(ObjectId::event(name), Definition::Event(definition))
}

drops_and_renames! {
    Namespace schema drop_schema rename_schema "a schema that has nothing in it";
    Collation collation drop_collation rename_collation "a collation";
    Statistics statistics drop_statistics rename_statistics "extended statistics";
    Publication publication drop_publication rename_publication "a publication";
    ScheduledEvent event drop_event rename_event "a scheduled event";
}

impl Ops {
    /// Creates a schema: PostgreSQL's, or a database of MySQL's and MariaDB's.
    pub fn create_schema(&mut self, name: impl Into<String>) -> ObjectSpec<'_, Namespace> {
        self.create_object(namespace(name))
    }

    /// Changes a schema.
    pub fn alter_schema(&mut self, name: impl Into<String>) -> AlterObjectSpec<'_, Namespace> {
        AlterObjectSpec::new(self, ObjectId::schema(name.into()))
    }

    /// Creates an extension: PostgreSQL.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.create_extension("citext").if_not_exists();
    /// op.create_schema("app").if_not_exists();
    /// op.create_extension("pg_trgm").schema("app");
    /// op.create_collation("german", "de-u-co-phonebk").provider("icu");
    /// op.create_statistics("zip_and_city", "addresses", ["zip", "city"]).dependencies();
    /// op.create_publication("all_of_it").all_tables();
    /// op.on(MYSQL | MARIADB, |op| {
    ///     op.create_event("purge").every("1 DAY").body("DELETE FROM sessions WHERE expires_at < now()");
    /// });
    /// op.finish()?;
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn create_extension(&mut self, name: impl Into<String>) -> ObjectSpec<'_, Extension> {
        self.create_object(extension(name))
    }

    /// Changes an extension.
    pub fn alter_extension(&mut self, name: impl Into<String>) -> AlterObjectSpec<'_, Extension> {
        AlterObjectSpec::new(self, ObjectId::extension(name.into()))
    }

    /// Drops an extension.
    pub fn drop_extension(&mut self, name: impl Into<String>) -> DropObjectSpec<'_> {
        self.drop_object(ObjectId::extension(name.into()))
    }

    /// Creates a collation of this locale: PostgreSQL.
    pub fn create_collation(
        &mut self,
        name: impl Into<Name>,
        locale: impl Into<String>,
    ) -> ObjectSpec<'_, Collation> {
        self.create_object(collation(name, locale))
    }

    /// Notes a collation's version anew, after its provider's has changed and what is sorted by it was sorted anew.
    pub fn refresh_collation(&mut self, name: impl Into<Name>) {
        let (object, change) = (ObjectId::collation(name), ObjectChange::RefreshCollation);
        self.push(crate::op::Op::AlterObject { object, change });
    }

    /// Creates extended statistics over columns and expressions of a table: PostgreSQL.
    pub fn create_statistics(
        &mut self,
        name: impl Into<Name>,
        table: impl Into<Name>,
        on: impl IntoKeys,
    ) -> ObjectSpec<'_, Statistics> {
        self.create_object(statistics(name, table, on))
    }

    /// Changes extended statistics.
    pub fn alter_statistics(&mut self, name: impl Into<Name>) -> AlterObjectSpec<'_, Statistics> {
        AlterObjectSpec::new(self, ObjectId::statistics(name))
    }

    /// Creates a publication: PostgreSQL.
    pub fn create_publication(&mut self, name: impl Into<String>) -> ObjectSpec<'_, Publication> {
        self.create_object(publication(name))
    }

    /// Changes a publication.
    pub fn alter_publication(&mut self, name: impl Into<String>) -> AlterObjectSpec<'_, Publication> {
        AlterObjectSpec::new(self, ObjectId::publication(name.into()))
    }

    /// Creates a scheduled event: MySQL, MariaDB.
    pub fn create_event(&mut self, name: impl Into<Name>) -> ObjectSpec<'_, ScheduledEvent> {
        self.create_object(event(name))
    }

    /// Changes a scheduled event.
    pub fn alter_event(&mut self, name: impl Into<Name>) -> AlterObjectSpec<'_, ScheduledEvent> {
        AlterObjectSpec::new(self, ObjectId::event(name))
    }
}

attributes! {
    Namespace, Schema(NamespaceChange) {
        /// The default character set of its tables: MySQL, MariaDB.
        charset(name: impl Into<String>) charset, Charset = Some(name.into());
        /// The default collation of its tables: MySQL, MariaDB.
        collate(name: impl Into<String>) collation, Collation = Some(name.into());
    }
}

attributes! {
    Extension, Extension(ExtensionChange) {
        /// Its version; the server's default unless given.
        version(version: impl Into<String>) version, Version = Some(version.into());
        /// The schema of its objects.
        schema(name: impl Into<String>) schema, Schema = Some(name.into());
    }
}

impl ObjectSpec<'_, Collation> {
    /// Who provides it: `icu`, `libc`, `builtin`.
    pub fn provider(self, provider: impl Into<String>) -> Self {
        self.define(|of| of.provider = Some(provider.into()))
    }

    /// Texts that compare as equal may differ: `icu`.
    pub fn nondeterministic(self) -> Self {
        self.define(|of| of.nondeterministic = true)
    }

    /// Rules beyond its locale's: `icu`, PostgreSQL 16.
    pub fn rules(self, rules: impl Into<String>) -> Self {
        self.define(|of| of.rules = Some(rules.into()))
    }
}

impl ObjectSpec<'_, Statistics> {
    /// Counts how many different combinations there are.
    pub fn ndistinct(self) -> Self {
        self.define(|of| _ = of.kinds.insert(StatisticsKind::Ndistinct))
    }

    /// Counts how far one column says what another is.
    pub fn dependencies(self) -> Self {
        self.define(|of| _ = of.kinds.insert(StatisticsKind::Dependencies))
    }

    /// Counts the most common combinations.
    pub fn mcv(self) -> Self {
        self.define(|of| _ = of.kinds.insert(StatisticsKind::Mcv))
    }
}

attributes! {
    Statistics, Statistics(StatisticsChange) {
        /// What is counted, all of it; every kind if none is given. For other kinds they are dropped and created.
        kinds(kinds: impl IntoIterator<Item = StatisticsKind>) kinds, Kinds = kinds.into_iter().collect();
        /// How finely it is counted, 0 to 10,000.
        target(target: i32) target, Target = Some(target);
        /// It is counted as finely as its columns say.
        default_target() target, Target = None;
    }
}

impl ObjectSpec<'_, Publication> {
    /// Every table, also those to come.
    pub fn all_tables(self) -> Self {
        self.define(|of| of.all_tables = true)
    }

    /// A table.
    pub fn table(self, table: impl Into<Name>) -> Self {
        let published = PublishedTable { table: table.into(), columns: Vec::new(), filter: None };
        self.define(|of| _ = of.tables.insert(published))
    }

    /// Some columns of a table: PostgreSQL 15.
    pub fn table_columns(self, table: impl Into<Name>, columns: impl IntoColumns) -> Self {
        let published = PublishedTable { table: table.into(), columns: columns.into_columns(), filter: None };
        self.define(|of| _ = of.tables.insert(published))
    }

    /// Some rows of a table: PostgreSQL 15.
    pub fn table_where(self, table: impl Into<Name>, sql: impl IntoSql) -> Self {
        let filter = Some(sql.into_sql());
        let published = PublishedTable { table: table.into(), columns: Vec::new(), filter };
        self.define(|of| _ = of.tables.insert(published))
    }

    /// Every table of a schema, also those to come: PostgreSQL 15.
    pub fn schema(self, schema: impl Into<String>) -> Self {
        self.define(|of| _ = of.schemas.insert(schema.into()))
    }

    /// Only these changes are published; all of them unless given.
    pub fn operations(self, operations: impl IntoIterator<Item = PublishedOperation>) -> Self {
        let operations = operations.into_iter().collect();
        self.define(|of| of.operations = operations)
    }

    /// Changes of partitions are published as changes of the table that they are of.
    pub fn via_root(self) -> Self {
        self.define(|of| of.via_root = true)
    }

    /// Stored generated columns are published: PostgreSQL 18.
    pub fn generated_columns(self) -> Self {
        self.define(|of| of.generated = true)
    }
}

impl AlterObjectSpec<'_, Publication> {
    /// Every table, also those to come. PostgreSQL can't change that: the publication is dropped and created.
    pub fn all_tables(self) -> Self {
        self.change(ObjectChange::Publication(PublicationChange::AllTables(true)))
    }

    /// Its tables, all of them.
    pub fn tables(self, tables: impl IntoIterator<Item = PublishedTable>) -> Self {
        self.change(ObjectChange::Publication(PublicationChange::Tables(tables.into_iter().collect())))
    }

    /// Its schemas, all of them.
    pub fn schemas(self, schemas: impl IntoColumns) -> Self {
        let schemas = schemas.into_columns().into_iter().collect();
        self.change(ObjectChange::Publication(PublicationChange::Schemas(schemas)))
    }

    /// Only these changes are published; all of them if none is given.
    pub fn operations(self, operations: impl IntoIterator<Item = PublishedOperation>) -> Self {
        self.change(ObjectChange::Publication(PublicationChange::Operations(
            operations.into_iter().collect(),
        )))
    }

    /// Whether changes of partitions are published as changes of the table that they are of.
    pub fn via_root(self, via_root: bool) -> Self {
        self.change(ObjectChange::Publication(PublicationChange::ViaRoot(via_root)))
    }

    /// Whether stored generated columns are published: PostgreSQL 18.
    pub fn generated_columns(self, generated: bool) -> Self {
        self.change(ObjectChange::Publication(PublicationChange::Generated(generated)))
    }
}

impl From<&str> for PublishedTable {
    fn from(table: &str) -> Self {
        Self { table: table.into(), columns: Vec::new(), filter: None }
    }
}

impl From<Name> for PublishedTable {
    fn from(table: Name) -> Self {
        Self { table, columns: Vec::new(), filter: None }
    }
}

attributes! {
    ScheduledEvent, Event(EventChange) {
        /// Runs once, at this time: SQL text, such as `'2030-01-01 00:00:00'`.
        at(sql: impl IntoSql) schedule, Schedule = Schedule::At(sql.into_sql());
        /// Runs again and again: `1 DAY`, `'1:30' HOUR_MINUTE`.
        every(interval: impl Into<String>) schedule, Schedule = Schedule::Every { interval: interval.into(), starts: None, ends: None };
        /// The statement that it runs, often `BEGIN .. END`.
        body(sql: impl IntoSql) body, Body = sql.into_sql();
        /// It stays after its last run.
        preserve() preserve, Preserve = true;
        /// It goes after its last run, as it does unless something else is said.
        not_preserve() preserve, Preserve = false;
        /// It runs, as it does unless something else is said.
        enabled() state, State = EventState::Enabled;
        /// It doesn't run.
        disabled() state, State = EventState::Disabled;
        /// It runs where it was created, and not on a replica.
        disabled_on_replica() state, State = EventState::DisabledOnReplica;
    }
}

impl ObjectSpec<'_, ScheduledEvent> {
    /// When an event that runs [again and again](Self::every) begins: SQL text.
    pub fn starts(self, sql: impl IntoSql) -> Self {
        let at = sql.into_sql();
        self.of_every(".starts(..)", |starts, _| *starts = Some(at))
    }

    /// When an event that runs [again and again](Self::every) ends: SQL text.
    pub fn ends(self, sql: impl IntoSql) -> Self {
        let at = sql.into_sql();
        self.of_every(".ends(..)", |_, ends| *ends = Some(at))
    }

    fn of_every(mut self, what: &str, set: impl FnOnce(&mut Option<Expr>, &mut Option<Expr>)) -> Self {
        match &mut self.object.definition {
            Definition::Event(ScheduledEvent { schedule: Schedule::Every { starts, ends, .. }, .. }) => {
                set(starts, ends)
            }
            _ => self.draft.fault(format!("{what} doesn't follow .every(..)")),
        }
        self
    }
}

impl AlterObjectSpec<'_, ScheduledEvent> {
    /// Runs again and again, from some time on and until another.
    pub fn every_between(
        self,
        interval: impl Into<String>,
        starts: Option<Expr>,
        ends: Option<Expr>,
    ) -> Self {
        let schedule = Schedule::Every { interval: interval.into(), starts, ends };
        self.change(ObjectChange::Event(EventChange::Schedule(schedule)))
    }
}
