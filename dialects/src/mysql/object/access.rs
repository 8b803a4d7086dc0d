//! Who may do what.
//!
//! Here a grant stays behind when its table is dropped or renamed, and whether it may be granted on is said once for all that
//! one has on an object. So these become operations of their own (`lower_ops`), and a schema has what the server has.

use std::collections::{BTreeMap, BTreeSet};

use dunlin_dsl::{Grant, Name, ObjectId, ObjectKind, Op, Schema, Unsupported};

use crate::mysql::flavor::Flavor;
use crate::sql::{Sql, list};

/// What everyone may.
const PUBLIC: &str = "PUBLIC";

/// Grants as reading them back gives them: every privilege by itself, on one column each.
pub(in crate::mysql) fn lower(
    grants: &BTreeSet<Grant>,
    on: &ObjectId,
    sql: Sql<'_>,
) -> Result<BTreeSet<Grant>, Unsupported> {
    let mut low = BTreeSet::new();
    for grant in grants {
        let to = grantee(&grant.to, on, sql)?;
        let privilege = spaced(&grant.privilege);
        let privileges = match privilege.as_str() {
            "ALL" | "ALL PRIVILEGES" if grant.columns.is_empty() => all(on.kind, sql),
            "ALL" | "ALL PRIVILEGES" => {
                ["SELECT", "INSERT", "UPDATE", "REFERENCES"].map(String::from).to_vec()
            }
            _ if !privilege.is_empty() && privilege.chars().all(|c| c.is_ascii_alphabetic() || c == ' ') => {
                vec![privilege]
            }
            _ => {
                return sql.refuse(
                    format!("grant {privilege:?} on {on}"),
                    "has no such privilege",
                    "grant one that it has, such as SELECT or EXECUTE",
                );
            }
        };
        let columns = match grant.columns.as_slice() {
            [] => vec![Vec::new()],
            columns => columns.iter().map(|column| vec![column.clone()]).collect(),
        };
        for privilege in privileges {
            for columns in &columns {
                let (to, privilege, columns) = (to.clone(), privilege.clone(), columns.clone());
                low.insert(Grant { to, privilege, columns, grantable: grant.grantable });
            }
        }
    }
    let grantors: BTreeSet<String> =
        low.iter().filter(|grant| grant.grantable).map(|grant| grant.to.clone()).collect();
    Ok(low.into_iter().map(|grant| Grant { grantable: grantors.contains(&grant.to), ..grant }).collect())
}

/// GRANT, one statement for each who gets something.
pub(in crate::mysql) fn grant(
    grants: &BTreeSet<Grant>,
    on: &ObjectId,
    sql: Sql<'_>,
) -> Result<Vec<String>, Unsupported> {
    if grants.is_empty() {
        return Ok(Vec::new());
    }
    let target = target(on, sql)?;
    let mut by_grantee: BTreeMap<(&str, bool), Vec<&Grant>> = BTreeMap::new();
    for grant in grants {
        by_grantee.entry((&grant.to, grant.grantable)).or_default().push(grant);
    }
    let statement = |((to, grantable), grants): ((&str, bool), Vec<&Grant>)| {
        let option = if grantable { " WITH GRANT OPTION" } else { "" };
        Ok(format!("GRANT {} ON {target} TO {}{option}", privileges(&grants, sql)?, user(to, sql)?))
    };
    by_grantee.into_iter().map(statement).collect()
}

/// REVOKE, one statement for each who loses something; `held` is what there is.
pub(super) fn revoke(
    grants: &BTreeSet<Grant>,
    held: &BTreeSet<Grant>,
    on: &ObjectId,
    sql: Sql<'_>,
) -> Result<Vec<String>, Unsupported> {
    let target = target(on, sql)?;
    let mut by_grantee: BTreeMap<&str, Vec<&Grant>> = BTreeMap::new();
    for grant in grants {
        by_grantee.entry(&grant.to).or_default().push(grant);
    }
    let statement = |(to, grants): (&str, Vec<&Grant>)| {
        let taken: Vec<&Grant> = grants.iter().filter(|grant| !grant.grantable).copied().collect();
        let kept = held.iter().filter(|held| held.to == to).filter(|held| {
            !taken.iter().any(|taken| (&taken.privilege, &taken.columns) == (&held.privilege, &held.columns))
        });
        let had_option = held.iter().any(|held| held.to == to && held.grantable);
        let mut words = Vec::new();
        if !taken.is_empty() {
            words.push(privileges(&taken, sql)?);
        }
        // Who has nothing left would still have the right to grant it.
        if grants.iter().any(|grant| grant.grantable) || (had_option && kept.count() == 0) {
            words.push("GRANT OPTION".into());
        }
        Ok(format!("REVOKE {} ON {target} FROM {}", words.join(", "), user(to, sql)?))
    };
    by_grantee.into_iter().map(statement).collect()
}

/// A user as `'user'@'host'`, a role by its name.
pub(super) fn user(name: &str, sql: Sql<'_>) -> Result<String, Unsupported> {
    if name == PUBLIC {
        return Ok(PUBLIC.into());
    }
    match name.rsplit_once('@') {
        Some((user, host)) => Ok(format!("{}@{}", sql.text(user)?, sql.text(host)?)),
        None => sql.id(name),
    }
}

/// What is granted on an object.
pub(in crate::mysql) fn held<'s>(schema: &'s Schema, on: &ObjectId) -> &'s BTreeSet<Grant> {
    static NONE: BTreeSet<Grant> = BTreeSet::new();
    let found = match on.kind {
        ObjectKind::Table => schema.get(&on.name).map(|table| &table.grants),
        _ => schema.object(on).map(|object| &object.grants),
    };
    found.unwrap_or(&NONE)
}

/// A grant or a revocation as this server does it, with what it does beside it; nothing where it changes nothing.
pub(in crate::mysql) fn lower_op(op: Op, schema: &Schema, sql: Sql<'_>) -> Result<Vec<Op>, Unsupported> {
    let is_known = |on: &ObjectId| schema.has(on);
    Ok(match op {
        Op::Grant { on, grants } => {
            let mut grants = lower(&grants, &on, sql)?;
            let held = held(schema, &on);
            let grantor = |to: &str, among: &BTreeSet<Grant>| {
                among.iter().any(|grant| grant.to == to && grant.grantable)
            };
            let more = held.iter().filter(|held| !held.grantable && grantor(&held.to, &grants));
            let more: Vec<Grant> = more.map(|held| Grant { grantable: true, ..held.clone() }).collect();
            grants = grants
                .into_iter()
                .map(|grant| Grant { grantable: grant.grantable || grantor(&grant.to, held), ..grant })
                .chain(more)
                .filter(|grant| !held.contains(grant))
                .collect();
            if grants.is_empty() { Vec::new() } else { vec![Op::Grant { on, grants }] }
        }
        Op::Revoke { on, grants } => {
            let grants: BTreeSet<Grant> = match is_known(&on) {
                false => lower(&grants, &on, sql)?,
                true => {
                    let held = held(schema, &on);
                    // One that is revoked only as grantable says nothing of the others by its privilege.
                    let mut taken = BTreeSet::new();
                    for grant in &grants {
                        let low = lower(&BTreeSet::from([grant.clone()]), &on, sql)?;
                        taken.extend(low.into_iter().flat_map(|grant| {
                            let same = |held: &&Grant| {
                                held.to == grant.to
                                    && if grant.grantable {
                                        held.grantable
                                    } else {
                                        // Here a revocation leaves what was granted on columns, and elsewhere it
                                        // doesn't: so it is one of these too.
                                        held.privilege == grant.privilege
                                            && (grant.columns.is_empty() || held.columns == grant.columns)
                                    }
                            };
                            let found: Vec<Grant> = (held.iter().filter(same))
                                .map(|held| Grant { grantable: grant.grantable, ..held.clone() })
                                .collect();
                            found
                        }));
                    }
                    taken
                }
            };
            if grants.is_empty() { Vec::new() } else { vec![Op::Revoke { on, grants }] }
        }
        op => vec![op],
    })
}

/// What is revoked before an object goes or gets another name, and granted again on `to` after it.
pub(in crate::mysql) fn around(op: Op, on: &ObjectId, to: Option<ObjectId>, schema: &Schema) -> Vec<Op> {
    let held = held(schema, on);
    // What is granted on a routine goes with it, and comes with the one that takes its place.
    if held.is_empty() || matches!(on.kind, ObjectKind::Function | ObjectKind::Procedure) {
        return vec![op];
    }
    let taken = held.iter().map(|grant| Grant { grantable: false, ..grant.clone() }).collect();
    let mut ops = vec![Op::Revoke { on: on.clone(), grants: taken }, op];
    ops.extend(to.map(|on| Op::Grant { on, grants: held.clone() }));
    ops
}

/// What is revoked before a column goes or gets another name, and granted again after it.
pub(in crate::mysql) fn around_column(
    op: Op,
    table: &Name,
    column: &str,
    to: Option<&str>,
    schema: &Schema,
) -> Vec<Op> {
    let on = ObjectId::table(table);
    let held = held(schema, &on).iter().filter(|grant| grant.columns.iter().any(|other| other == column));
    let held: Vec<&Grant> = held.collect();
    if held.is_empty() {
        return vec![op];
    }
    let taken = held.iter().map(|grant| Grant { grantable: false, ..(*grant).clone() }).collect();
    let mut ops = vec![Op::Revoke { on: on.clone(), grants: taken }, op];
    ops.extend(to.map(|to| {
        let grants = held.iter().map(|grant| Grant { columns: vec![to.to_owned()], ..(*grant).clone() });
        Op::Grant { on, grants: grants.collect() }
    }));
    ops
}

/// All privileges on a kind of object.
fn all(kind: ObjectKind, sql: Sql<'_>) -> Vec<String> {
    const TABLE: [&str; 12] = [
        "SELECT",
        "INSERT",
        "UPDATE",
        "DELETE",
        "CREATE",
        "DROP",
        "REFERENCES",
        "INDEX",
        "ALTER",
        "CREATE VIEW",
        "SHOW VIEW",
        "TRIGGER",
    ];
    const SCHEMA: [&str; 6] =
        ["CREATE TEMPORARY TABLES", "LOCK TABLES", "EXECUTE", "CREATE ROUTINE", "ALTER ROUTINE", "EVENT"];
    let flavor = Flavor::of(sql.server);
    let mut all: Vec<&str> = match kind {
        ObjectKind::Function | ObjectKind::Procedure => vec!["EXECUTE", "ALTER ROUTINE"],
        ObjectKind::Schema => TABLE.into_iter().chain(SCHEMA).collect(),
        _ => TABLE.to_vec(),
    };
    if flavor.has_delete_history() && !matches!(kind, ObjectKind::Function | ObjectKind::Procedure) {
        all.push("DELETE HISTORY");
    }
    if flavor.has_show_create_routine()
        && matches!(kind, ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Schema)
    {
        all.push("SHOW CREATE ROUTINE");
    }
    all.into_iter().map(String::from).collect()
}

/// Who is meant: a name without a host is a role on MariaDB, and a user from anywhere on MySQL, where roles are users.
fn grantee(to: &str, on: &ObjectId, sql: Sql<'_>) -> Result<String, Unsupported> {
    let flavor = Flavor::of(sql.server);
    if to.eq_ignore_ascii_case(PUBLIC) {
        return match flavor.has_public() {
            true => Ok(PUBLIC.into()),
            false => sql.refuse(
                format!("grant something on {on} to PUBLIC"),
                "has no PUBLIC",
                "grant it to a role that all have",
            ),
        };
    }
    match to.rsplit_once('@') {
        Some((user, host)) => Ok(format!("{user}@{}", host.to_ascii_lowercase())),
        None if flavor.has_roles_without_hosts() => Ok(to.to_owned()),
        None => Ok(format!("{to}@%")),
    }
}

fn spaced(privilege: &str) -> String {
    privilege.split_ascii_whitespace().collect::<Vec<_>>().join(" ").to_ascii_uppercase()
}

/// Privileges with the columns that each is limited to: `SELECT (a, b), INSERT`.
fn privileges(grants: &[&Grant], sql: Sql<'_>) -> Result<String, Unsupported> {
    let mut columns: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut whole = BTreeSet::new();
    for grant in grants {
        match grant.columns.as_slice() {
            [] => {
                whole.insert(grant.privilege.as_str());
            }
            names => columns.entry(&grant.privilege).or_default().extend(names.iter().cloned()),
        }
    }
    let whole = whole.into_iter().map(|privilege| Ok(privilege.to_owned()));
    let limited = columns.into_iter().map(|(word, names)| Ok(format!("{word} ({})", sql.ids(&names)?)));
    list(whole.chain(limited))
}

/// What stands behind ON.
fn target(on: &ObjectId, sql: Sql<'_>) -> Result<String, Unsupported> {
    use ObjectKind::{Function, Procedure, Schema, Sequence, Table, View};
    match on.kind {
        Table | View | Sequence => sql.table(&on.name),
        Function => Ok(format!("FUNCTION {}", sql.table(&on.name)?)),
        Procedure => Ok(format!("PROCEDURE {}", sql.table(&on.name)?)),
        // Here `_` and `%` stand for anything.
        Schema => Ok(format!("{}.*", sql.id(&pattern(&on.name.name))?)),
        ObjectKind::DefaultPrivileges => {
            super::lower::lacks(format!("change {on}"), ObjectKind::DefaultPrivileges, sql)
        }
        kind => {
            let lacks = format!("has no privileges on {}s", kind.as_str());
            sql.refuse(format!("grant something on {on}"), &lacks, "leave it out here with on(..)")
        }
    }
}

/// A schema's name as the pattern that stands for it alone.
pub(in crate::mysql) fn pattern(name: &str) -> String {
    name.replace('\\', "\\\\").replace('_', "\\_").replace('%', "\\%")
}
