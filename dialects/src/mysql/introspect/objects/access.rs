//! Who may do what with the objects that were found.

use std::collections::{BTreeMap, BTreeSet};

use dunlin_dsl::{ConnectionError, Grant, Name, ObjectId, ObjectKind};

use super::super::{Key, among, unreadable};
use super::Objects;
use crate::mysql::object::access::pattern;

impl Objects<'_> {
    pub(super) async fn grants(&mut self) -> Result<(), ConnectionError> {
        self.grants_on_relations().await?;
        self.grants_on_schemas().await?;
        self.grants_on_routines().await
    }

    async fn grants_on_relations(&mut self) -> Result<(), ConnectionError> {
        let relations = self.found.objects.keys().filter(|id| id.is_relation());
        let names: Vec<Name> =
            self.found.tables.keys().cloned().chain(relations.map(|id| id.name.clone())).collect();
        if names.is_empty() {
            return Ok(());
        }
        let (schemas, quoted) = self.conditions(names.iter())?;
        let mut grants: BTreeMap<Key, BTreeSet<Grant>> = BTreeMap::new();
        for (view, column) in [("TABLE_PRIVILEGES", "NULL"), ("COLUMN_PRIVILEGES", "COLUMN_NAME")] {
            let query = format!(
                "SELECT TABLE_SCHEMA, TABLE_NAME, GRANTEE, PRIVILEGE_TYPE, IS_GRANTABLE, {column} \
                 FROM information_schema.{view} WHERE TABLE_SCHEMA{schemas} AND TABLE_NAME{quoted}"
            );
            for row in self.conn.query(&query).await? {
                let privilege = row.text(3).unwrap_or_default();
                if privilege == "USAGE" {
                    continue;
                }
                grants.entry(super::key(&row)).or_default().insert(Grant {
                    to: grantee(&row.text(2).unwrap_or_default()),
                    privilege,
                    columns: row.text(5).into_iter().collect(),
                    grantable: row.text(4).as_deref() == Some("YES"),
                });
            }
        }
        let folds = self.folds();
        for name in names {
            let (schema, own) = self.place(&name);
            let same = |a: &str, b: &str| a == b || (folds && a.to_lowercase() == b.to_lowercase());
            let found = grants.iter().find(|(key, _)| same(&key.0, &schema) && same(&key.1, &own));
            let Some(held) = found.map(|(_, held)| held.clone()) else { continue };
            if let Some(table) = self.found.tables.get_mut(&name) {
                // What was granted on a column outlives it, and can't be granted again.
                let stands = |grant: &Grant| {
                    let is = |column: &String| {
                        table.columns.iter().any(|own| own.name.eq_ignore_ascii_case(column))
                    };
                    grant.columns.iter().all(is)
                };
                table.grants = held.into_iter().filter(stands).collect();
                continue;
            }
            let object = self.found.objects.iter_mut().find(|(id, _)| id.is_relation() && id.name == name);
            if let Some((_, object)) = object {
                object.grants = held;
            }
        }
        Ok(())
    }

    async fn grants_on_schemas(&mut self) -> Result<(), ConnectionError> {
        let schemas: Vec<ObjectId> =
            self.found.objects.keys().filter(|id| id.kind == ObjectKind::Schema).cloned().collect();
        if schemas.is_empty() {
            return Ok(());
        }
        let patterns: Vec<String> = schemas.iter().map(|id| pattern(&id.name.name)).collect();
        let names = among(patterns, self.sql).map_err(unreadable)?;
        let query = format!(
            "SELECT TABLE_SCHEMA, GRANTEE, PRIVILEGE_TYPE, IS_GRANTABLE FROM information_schema.SCHEMA_PRIVILEGES \
             WHERE TABLE_SCHEMA{names}"
        );
        for row in self.conn.query(&query).await? {
            let of = row.text(0).unwrap_or_default();
            let privilege = row.text(2).unwrap_or_default();
            let id = schemas.iter().find(|id| pattern(&id.name.name) == of);
            let object = id.and_then(|id| self.found.objects.get_mut(id));
            if let Some(object) = object.filter(|_| privilege != "USAGE") {
                object.grants.insert(Grant {
                    to: grantee(&row.text(1).unwrap_or_default()),
                    privilege,
                    columns: Vec::new(),
                    grantable: row.text(3).as_deref() == Some("YES"),
                });
            }
        }
        Ok(())
    }

    /// No view of the information schema tells of routines. Who may not read the table itself sees no grants.
    async fn grants_on_routines(&mut self) -> Result<(), ConnectionError> {
        let is_routine = |id: &&ObjectId| matches!(id.kind, ObjectKind::Function | ObjectKind::Procedure);
        let routines: Vec<ObjectId> = self.found.objects.keys().filter(is_routine).cloned().collect();
        if routines.is_empty() {
            return Ok(());
        }
        let (schemas, names) = self.conditions(routines.iter().map(|id| &id.name))?;
        // Names are put into this table as if their bytes were latin1 (seen on MySQL 9.7 and MariaDB 10.11).
        let [schema, name] = ["Db", "Routine_name"]
            .map(|column| format!("CONVERT(CAST(CONVERT({column} USING latin1) AS BINARY) USING utf8mb4)"));
        let query = format!(
            "SELECT Db, Routine_name, Routine_type, User, Host, Proc_priv, {schema}, {name} FROM mysql.procs_priv \
             WHERE (Db{schemas} OR {schema}{schemas}) AND (Routine_name{names} OR {name}{names})"
        );
        let user = self.session().await?.user;
        for row in self.conn.query(&query).await.unwrap_or_default() {
            let kind = match row.text(2).as_deref() {
                Some("FUNCTION") => ObjectKind::Function,
                _ => ObjectKind::Procedure,
            };
            let of_kind: Vec<ObjectId> = routines.iter().filter(|id| id.kind == kind).cloned().collect();
            let meant = (row.text(6).unwrap_or_default(), row.text(7).unwrap_or_default());
            let id = self.asked(&of_kind, &super::key(&row)).or_else(|| self.asked(&of_kind, &meant));
            let Some(id) = id else { continue };
            let Some(object) = self.found.objects.get_mut(id) else { continue };
            let (name, host) = (row.text(3).unwrap_or_default(), row.text(4).unwrap_or_default());
            let to = if host.is_empty() { name } else { format!("{name}@{host}") };
            // Who makes a routine may use it and change it.
            if to == *object.notes.owner.as_ref().unwrap_or(&user) {
                continue;
            }
            let words = row.text(5).unwrap_or_default().to_ascii_uppercase();
            let grantable = words.split(',').any(|word| word == "GRANT");
            for privilege in words.split(',').filter(|word| !word.is_empty() && *word != "GRANT") {
                let (to, privilege) = (to.clone(), privilege.to_owned());
                object.grants.insert(Grant { to, privilege, columns: Vec::new(), grantable });
            }
        }
        Ok(())
    }
}

/// `'user'@'host'` as it is written in a grant; a role has no host.
fn grantee(told: &str) -> String {
    let inside = told.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).unwrap_or(told);
    match inside.rsplit_once("'@'") {
        Some((user, "")) => user.to_owned(),
        Some((user, host)) => format!("{user}@{host}"),
        None => inside.trim_end_matches("'@'").to_owned(),
    }
}
