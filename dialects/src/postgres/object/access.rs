//! Who may do what with an object or a table, and with what a role will create.

use std::collections::{BTreeMap, BTreeSet};

use dunlin_dsl::{Grant, Object, ObjectId, ObjectKind, Statement, Unsupported, Version};

use super::address::address;
use crate::sql::Sql;

type Result<T> = std::result::Result<T, Unsupported>;

/// From here on there is a privilege to vacuum and analyze a table.
const MAINTAIN: Version = Version::new(17, 0, 0);

/// Everyone, as SQL calls them.
const PUBLIC: &str = "PUBLIC";

/// GRANT, one statement a grantee.
pub(in crate::postgres) fn grant(
    on: &ObjectId,
    grants: &BTreeSet<Grant>,
    sql: Sql<'_>,
) -> Result<Vec<Statement>> {
    if grants.is_empty() {
        return Ok(Vec::new());
    }
    let (head, target) = target("grant privileges on", on, sql)?;
    let statements = by_grantee(on, grants, sql).into_iter().map(|((to, grantable), privileges)| {
        let option = if grantable { " WITH GRANT OPTION" } else { "" };
        let (privileges, to) = (list(&privileges, sql)?, role(to, sql)?);
        Ok(Statement::new(format!("{head}GRANT {privileges} ON {target} TO {to}{option}"), []))
    });
    statements.collect()
}

/// REVOKE, one statement a grantee; of a grantable privilege only that it may be granted on.
pub(in crate::postgres) fn revoke(
    on: &ObjectId,
    grants: &BTreeSet<Grant>,
    sql: Sql<'_>,
) -> Result<Vec<Statement>> {
    revoke_as(on, grants, "GRANT OPTION FOR ", sql)
}

fn revoke_as(
    on: &ObjectId,
    grants: &BTreeSet<Grant>,
    of_grantable: &str,
    sql: Sql<'_>,
) -> Result<Vec<Statement>> {
    if grants.is_empty() {
        return Ok(Vec::new());
    }
    let (head, target) = target("revoke privileges on", on, sql)?;
    let statements = by_grantee(on, grants, sql).into_iter().map(|((to, grantable), privileges)| {
        let option = if grantable { of_grantable } else { "" };
        let (privileges, to) = (list(&privileges, sql)?, role(to, sql)?);
        Ok(Statement::new(format!("{head}REVOKE {option}{privileges} ON {target} FROM {to}"), []))
    });
    statements.collect()
}

/// Gives everyone what they had by default, where default privileges wouldn't by now.
pub(in crate::postgres) fn give(object: &Object, sql: Sql<'_>) -> Result<Vec<Statement>> {
    let mut granted = object.notes.granted.clone();
    granted.retain(|grant| !object.withheld.contains(&grant.privilege));
    grant(&object.id, &granted, sql)
}

/// Takes from everyone what they may by default.
pub(in crate::postgres) fn withhold(
    on: &ObjectId,
    withheld: &BTreeSet<String>,
    sql: Sql<'_>,
) -> Result<Vec<Statement>> {
    if withheld.is_empty() {
        return Ok(Vec::new());
    }
    revoke(on, &withheld.iter().map(of_everyone).collect(), sql)
}

/// Makes of default privileges those that the server has by itself.
pub(super) fn drop_defaults(object: &Object, sql: Sql<'_>) -> Result<Vec<Statement>> {
    // All of a grantable privilege goes, and not only that it may be granted on.
    let mut statements = revoke_as(&object.id, &object.grants, "", sql)?;
    statements.extend(grant(&object.id, &object.withheld.iter().map(of_everyone).collect(), sql)?);
    Ok(statements)
}

/// Grants as they are read back: in capitals, `ALL` spelled out, one column each, none that says less than another.
pub(in crate::postgres) fn lower(on: &ObjectId, grants: &BTreeSet<Grant>, sql: Sql<'_>) -> BTreeSet<Grant> {
    let mut low = BTreeSet::new();
    for grant in grants {
        let privilege = grant.privilege.trim().to_ascii_uppercase();
        let privileges = match privilege.as_str() {
            "ALL" | "ALL PRIVILEGES" => all(on, !grant.columns.is_empty(), sql),
            _ => vec![privilege],
        };
        let columns: Vec<Vec<String>> = match grant.columns.as_slice() {
            [] => vec![Vec::new()],
            columns => columns.iter().map(|column| vec![column.clone()]).collect(),
        };
        let to = if grant.to == "public" { PUBLIC } else { &grant.to };
        for privilege in privileges {
            low.extend(columns.iter().map(|columns| Grant {
                to: to.to_owned(),
                privilege: privilege.clone(),
                columns: columns.clone(),
                grantable: grant.grantable,
            }));
        }
    }
    let whole = low.clone();
    low.retain(|grant| grant.grantable || !whole.contains(&Grant { grantable: true, ..grant.clone() }));
    low
}

/// Who may do what when it is created: everyone's defaults say themselves.
pub(in crate::postgres) fn lower_created(
    on: &ObjectId,
    grants: &BTreeSet<Grant>,
    sql: Sql<'_>,
) -> BTreeSet<Grant> {
    let defaults: Vec<Grant> = defaults(on).iter().map(|privilege| of_everyone(*privilege)).collect();
    let mut low = lower(on, grants, sql);
    low.retain(|grant| !defaults.contains(grant));
    low
}

/// What everyone may do with such an object unless it is taken away (PostgreSQL's manual, "Privileges").
pub(in crate::postgres) fn defaults(on: &ObjectId) -> &'static [&'static str] {
    use ObjectKind::{Composite, DefaultPrivileges, Domain, Enum, Function, Procedure};
    match (on.kind, on.name.name.as_str(), &on.name.schema) {
        (Function | Procedure, ..) | (DefaultPrivileges, "functions", None) => &["EXECUTE"],
        (Enum | Composite | Domain, ..) | (DefaultPrivileges, "types", None) => &["USAGE"],
        _ => &[],
    }
}

/// A role as SQL names it. Those that stand for whoever asks, and for everyone, are words.
pub(in crate::postgres) fn role(name: &str, sql: Sql<'_>) -> Result<String> {
    match name {
        "PUBLIC" | "CURRENT_USER" | "CURRENT_ROLE" | "SESSION_USER" => Ok(name.to_owned()),
        "public" => Ok(PUBLIC.to_owned()),
        name => sql.id(name),
    }
}

fn of_everyone(privilege: impl Into<String>) -> Grant {
    Grant { to: PUBLIC.into(), privilege: privilege.into(), columns: Vec::new(), grantable: false }
}

/// Privileges with their columns, by grantee and whether they may be granted on.
type Grantees<'g> = BTreeMap<(&'g str, bool), BTreeMap<String, Vec<String>>>;

fn by_grantee<'g>(on: &ObjectId, grants: &'g BTreeSet<Grant>, sql: Sql<'_>) -> Grantees<'g> {
    let mut grantees = Grantees::new();
    for grant in grants {
        let alone = BTreeSet::from([grant.clone()]);
        for low in lower(on, &alone, sql) {
            let privileges = grantees.entry((grant.to.as_str(), grant.grantable)).or_default();
            // A privilege on the whole and one on columns are two, and so are told apart.
            let key = if low.columns.is_empty() { low.privilege } else { format!("{} (", low.privilege) };
            privileges.entry(key).or_default().extend(low.columns);
        }
    }
    grantees
}

fn list(privileges: &BTreeMap<String, Vec<String>>, sql: Sql<'_>) -> Result<String> {
    crate::sql::list(privileges.iter().map(|(privilege, columns)| match columns.as_slice() {
        [] => Ok(privilege.clone()),
        columns => Ok(format!("{privilege}{})", sql.ids(columns)?)),
    }))
}

/// What stands before GRANT or REVOKE, and what stands behind ON.
fn target(what: &str, on: &ObjectId, sql: Sql<'_>) -> Result<(String, String)> {
    use ObjectKind::*;
    let word = match on.kind {
        Table | View | MaterializedView => "TABLE",
        Sequence => "SEQUENCE",
        Schema => "SCHEMA",
        Function => "FUNCTION",
        Procedure => "PROCEDURE",
        Enum | Composite => "TYPE",
        Domain => "DOMAIN",
        DefaultPrivileges => return default_target(what, on, sql),
        _ => {
            let lacks = format!("keeps no privileges on a {}", on.kind);
            return sql.refuse(format!("{what} {on}"), &lacks, "grant them on what it uses");
        }
    };
    Ok((String::new(), format!("{word} {}", address(on, sql)?)))
}

fn default_target(what: &str, on: &ObjectId, sql: Sql<'_>) -> Result<(String, String)> {
    let word = match on.name.name.as_str() {
        "tables" => "TABLES",
        "sequences" => "SEQUENCES",
        "functions" => "FUNCTIONS",
        "types" => "TYPES",
        "schemas" => "SCHEMAS",
        other => {
            let lacks = format!("has no default privileges on {other}");
            let instead = "say tables, sequences, functions, types or schemas";
            return sql.refuse(format!("{what} {on}"), &lacks, instead);
        }
    };
    let mut head = String::from("ALTER DEFAULT PRIVILEGES ");
    if let Some(role) = &on.role {
        head += &format!("FOR ROLE {} ", self::role(role, sql)?);
    }
    if let Some(schema) = &on.name.schema {
        head += &format!("IN SCHEMA {} ", sql.id(schema)?);
    }
    Ok((head, word.into()))
}

/// All privileges that there are on such an object, or on its columns.
fn all(on: &ObjectId, of_columns: bool, sql: Sql<'_>) -> Vec<String> {
    use ObjectKind::{DefaultPrivileges, Function, Procedure, Schema, Sequence, Table, View};
    let kind = match (on.kind, on.name.name.as_str()) {
        (DefaultPrivileges, "tables") | (View | ObjectKind::MaterializedView, _) => Table,
        (DefaultPrivileges, "sequences") => Sequence,
        (DefaultPrivileges, "functions") | (Procedure, _) => Function,
        (DefaultPrivileges, "schemas") => Schema,
        (kind, _) => kind,
    };
    let words: &[&str] = match kind {
        Table if of_columns => &["INSERT", "REFERENCES", "SELECT", "UPDATE"],
        Table => &["DELETE", "INSERT", "REFERENCES", "SELECT", "TRIGGER", "TRUNCATE", "UPDATE"],
        Sequence => &["SELECT", "UPDATE", "USAGE"],
        Schema => &["CREATE", "USAGE"],
        Function => &["EXECUTE"],
        _ => &["USAGE"],
    };
    let maintain = kind == Table && !of_columns && sql.server.version >= MAINTAIN;
    words.iter().copied().chain(maintain.then_some("MAINTAIN")).map(str::to_owned).collect()
}
