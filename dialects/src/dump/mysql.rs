//! `SHOW CREATE` of everything, and who may do what.

use dunlin_dsl::{Connection, ConnectionError, ErrorKind, Row, Value};

use super::{lines, unsupported};

pub(super) const TABLES: &str = "SELECT NULL, table_name FROM information_schema.tables \
     WHERE table_schema = DATABASE() AND table_type NOT IN ('VIEW', 'SEQUENCE') ORDER BY 2";

/// The kinds of object: the question for the names of those in a database, the word behind `SHOW CREATE`, and which
/// of the answer's columns isn't part of a definition.
const SHOWN: [(&str, &str, Option<usize>); 7] = [
    (TABLES, "TABLE", None),
    (
        "SELECT NULL, table_name FROM information_schema.tables \
         WHERE table_schema = DATABASE() AND table_type = 'SEQUENCE' ORDER BY 2",
        "SEQUENCE",
        None,
    ),
    (
        "SELECT NULL, table_name FROM information_schema.views WHERE table_schema = DATABASE() ORDER BY 2",
        "VIEW",
        None,
    ),
    (
        "SELECT NULL, routine_name FROM information_schema.routines \
         WHERE routine_schema = DATABASE() AND routine_type = 'FUNCTION' ORDER BY 2",
        "FUNCTION",
        None,
    ),
    (
        "SELECT NULL, routine_name FROM information_schema.routines \
         WHERE routine_schema = DATABASE() AND routine_type = 'PROCEDURE' ORDER BY 2",
        "PROCEDURE",
        None,
    ),
    // In the order in which they fire. Its last column is when it was created.
    (
        "SELECT NULL, trigger_name FROM information_schema.triggers WHERE trigger_schema = DATABASE() \
         ORDER BY event_object_table, action_timing, event_manipulation, action_order",
        "TRIGGER",
        Some(6),
    ),
    (
        "SELECT NULL, event_name FROM information_schema.events WHERE event_schema = DATABASE() ORDER BY 2",
        "EVENT",
        None,
    ),
];

/// Who may do what in a database.
const PRIVILEGES: [&str; 4] = [
    "SELECT grantee, privilege_type, is_grantable FROM information_schema.schema_privileges \
     WHERE table_schema = DATABASE() ORDER BY 1, 2",
    "SELECT grantee, table_name, privilege_type, is_grantable FROM information_schema.table_privileges \
     WHERE table_schema = DATABASE() ORDER BY 1, 2, 3",
    "SELECT grantee, table_name, column_name, privilege_type, is_grantable FROM information_schema.column_privileges \
     WHERE table_schema = DATABASE() ORDER BY 1, 2, 3, 4",
    "SELECT user, host, routine_name, routine_type, proc_priv FROM mysql.procs_priv WHERE db = DATABASE() ORDER BY 1, 2, 3, 4",
];

pub(super) async fn schema(conn: &mut dyn Connection) -> Result<String, ConnectionError> {
    let server = conn.server().await?;
    let dialect = conn.dialect();
    let options = "SELECT default_character_set_name, default_collation_name FROM information_schema.schemata \
                   WHERE schema_name = DATABASE()";
    let mut text = lines(&conn.query(options).await?);
    for (names, word, aside) in SHOWN {
        for row in conn.query(names).await? {
            let name = row.text(1).unwrap_or_default();
            let name = dialect.identifier(&name, &server).map_err(unsupported)?;
            let mut rows = conn.query(&format!("SHOW CREATE {word} {name}")).await?;
            for Row(values) in &mut rows {
                if let Some(value) = aside.and_then(|at| values.get_mut(at)) {
                    *value = Value::Null;
                }
            }
            let shown = lines(&rows);
            text += &if word == "TABLE" { laid_out(&shown) } else { shown };
        }
    }
    for question in PRIVILEGES {
        match conn.query(question).await {
            Ok(rows) => text += &lines(&rows),
            // Few may read what the server itself keeps; whoever may not is granted nothing there that a revision could tell.
            Err(error) if error.kind == ErrorKind::Denied => {}
            Err(error) => return Err(error),
        }
    }
    Ok(text)
}

/// What a table is made of, without where its numbering stands, which belongs to its rows; its keys and constraints stand in the
/// order of their names, and not in that in which they came.
fn laid_out(text: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let is_part = |line: &String| line.starts_with("  ") && !line.trim_start().starts_with('`');
    if let Some(first) = lines.iter().position(is_part) {
        let count = lines[first..].iter().take_while(|line| is_part(line)).count();
        let parts = &mut lines[first..][..count];
        parts.iter_mut().for_each(|line| *line = line.trim_end_matches(',').to_owned());
        parts.sort_unstable();
    }
    if let Some(options) = lines.iter_mut().find(|line| line.starts_with(')'))
        && let Some((before, rest)) = options.split_once(" AUTO_INCREMENT=")
        && !before.contains(" COMMENT=")
    {
        *options = format!("{before}{}", rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    lines.join("\n") + "\n"
}
