//! Whether a text that an object had is another wording of what it is now: the server writes both and prints them, and nothing of
//! that stays.
//!
//! Views are written for it beside the object, under a name of Dunlin's own, each inside a block of PL/pgSQL that is rolled back at its
//! end; of a rule a rule on a table with the same columns. No more is locked than what readers of the tables lock.

use dunlin_dsl::{
    Connection, ConnectionError, Definition, ErrorKind, Expr, Name, Object, ObjectId, Schema, Unsupported,
    recall,
};

use super::object::rule;
use crate::sql::{Sql, list};

type Result<T> = std::result::Result<T, Unsupported>;

/// What is written for the question, and the setting in which its answer comes: a block has no other.
const NAME: &str = "dunlin_recalled";
const ANSWER: &str = "dunlin.recalled";

/// Whether there is a PL/pgSQL to ask with.
const ASKABLE: &str =
    "SELECT FROM pg_catalog.pg_language WHERE lanname = 'plpgsql' AND has_language_privilege(oid, 'USAGE')";

/// Of texts that objects had, those that mean what the objects are now.
pub(super) async fn recalled(
    conn: &mut dyn Connection,
    had: &[&Object],
    now: &Schema,
    sql: Sql<'_>,
) -> std::result::Result<Vec<Object>, ConnectionError> {
    let asked: Vec<_> = had.iter().filter_map(|had| Some((*had, question(had, now, sql)?))).collect();
    if asked.is_empty() || conn.query(ASKABLE).await?.is_empty() {
        return Ok(Vec::new());
    }
    let questions: Vec<&Question> = asked.iter().map(|(_, question)| question).collect();
    conn.execute(&block(&questions, sql).map_err(unwritten)?).await?;
    let answer = format!(
        "SELECT current_setting('{ANSWER}', true) AS answer, set_config('{ANSWER}', '', false) AS forgotten"
    );
    let rows = conn.query(&answer).await?;
    let answer = rows.first().and_then(|row| row.text(0)).unwrap_or_default();
    let same: Vec<usize> = answer.split_whitespace().filter_map(|at| at.parse().ok()).collect();
    let is_same = |(at, _): &(usize, _)| same.contains(at);
    Ok(asked.iter().enumerate().filter(is_same).map(|(_, (had, _))| (*had).clone()).collect())
}

/// What writes an object with the texts that it had, what writes it as it is, and what then asks for it.
struct Question {
    had: String,
    has: String,
    printed: String,
}

/// The question for an object; none where it isn't there, where nothing has to be asked, and where what can't be written can't be the
/// same.
fn question(had: &Object, now: &Schema, sql: Sql<'_>) -> Option<Question> {
    let now = now.object(&had.id)?;
    let mut with_had = Schema::new();
    with_had.insert_object(now.clone());
    recall(&mut with_had, had);
    let had = with_had.object(&now.id)?;
    if had.definition == now.definition {
        return None;
    }
    let beside = now.belongs_to().unwrap_or(&now.id.name).sibling(NAME);
    let written = |object: &Object| written(object, &beside, sql);
    let printed = printed(now, &beside, sql);
    Some(Question { had: written(had).ok()?, has: written(now).ok()?, printed: printed.ok()? })
}

/// What writes an object's texts under another name.
fn written(object: &Object, beside: &Name, sql: Sql<'_>) -> Result<String> {
    let operation = format!("write {}", object.id);
    let table = match object.belongs_to() {
        Some(on) => sql.table(on)?,
        None => String::new(),
    };
    let name = sql.table(beside)?;
    let view = |columns: &[String], query: &str| {
        let columns = if columns.is_empty() { String::new() } else { format!(" ({})", sql.ids(columns)?) };
        Ok(format!("CREATE VIEW {name}{columns} AS {query}"))
    };
    let condition = |expr: &Option<Expr>| match expr {
        Some(expr) => Ok(format!("({})", sql.expr(expr, &operation)?)),
        None => Ok("NULL".to_owned()),
    };
    match &object.definition {
        Definition::View(of) => view(&of.columns, &sql.expr(&of.query, &operation)?),
        Definition::MaterializedView(of) => view(&of.columns, &sql.expr(&of.query, &operation)?),
        Definition::Policy(of) => {
            let (using, check) = (condition(&of.using)?, condition(&of.with_check)?);
            view(&[], &format!("SELECT {using} AS using, {check} AS with_check FROM {table}"))
        }
        Definition::Trigger(of) => {
            let when = condition(&of.when)?;
            view(&[], &format!("SELECT {when} AS \"when\" FROM {table} AS old, {table} AS new"))
        }
        Definition::Rule(of) => {
            let rule = rule(&ObjectId::rule(NAME, beside.clone()), of, false, sql)?;
            Ok(format!("CREATE TABLE {name} (LIKE {table}); {rule}"))
        }
        _ => Err(Unsupported::new(operation, "it has no text", "leave it")),
    }
}

/// What the server then prints.
fn printed(object: &Object, beside: &Name, sql: Sql<'_>) -> Result<String> {
    let name = sql.text(&sql.table(beside)?)?;
    Ok(match object.definition {
        Definition::Rule(_) => format!(
            "SELECT pg_catalog.pg_get_ruledef(oid) FROM pg_catalog.pg_rewrite WHERE ev_class = {name}::pg_catalog.regclass"
        ),
        _ => format!("SELECT pg_catalog.pg_get_viewdef({name}::pg_catalog.regclass)"),
    })
}

/// A block that asks, and puts the numbers of what is the same into a setting. What the server can't write isn't the same; what has another
/// reason, as a lock that it can't have, is an error.
fn block(questions: &[&Question], sql: Sql<'_>) -> Result<String> {
    let rows = questions.iter().enumerate().map(|(at, question)| {
        let [had, has, printed] =
            [&question.had, &question.has, &question.printed].map(|text| sql.text(text));
        Ok(format!("({at}, ARRAY[{}, {}], {})", had?, has?, printed?))
    });
    let text = format!(
        "DECLARE
  one record;
  make text;
  print text;
  prints text[];
  same text := '';
BEGIN
  FOR one IN SELECT * FROM (VALUES {}) v (at, makes, printed) LOOP
    prints := '{{}}';
    FOREACH make IN ARRAY one.makes LOOP
      print := NULL;
      BEGIN
        EXECUTE make;
        EXECUTE one.printed INTO print;
        RAISE EXCEPTION USING ERRCODE = 'DUNLN';
      EXCEPTION
        WHEN SQLSTATE 'DUNLN' THEN NULL;
        WHEN OTHERS THEN
          IF SQLSTATE ~ '^(40|53|55|57|58|XX)' THEN RAISE; END IF;
      END;
      prints := prints || print;
    END LOOP;
    IF prints[1] = prints[2] THEN same := same || one.at || ' '; END IF;
  END LOOP;
  PERFORM pg_catalog.set_config('{ANSWER}', same, false);
END",
        list(rows)?
    );
    Ok(format!("DO LANGUAGE plpgsql {}", sql.text(&text)?))
}

fn unwritten(error: Unsupported) -> ConnectionError {
    ConnectionError::new(ErrorKind::Statement, error.to_string())
}
