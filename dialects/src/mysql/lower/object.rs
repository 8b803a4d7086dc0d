//! Objects that aren't tables in the server's own terms, and what these servers lack.

use dunlin_dsl::{
    Algorithm, Argument, ArgumentMode, ColumnType, Definition, Enabled, Expr, Name, Namespace, Notes, Object,
    ObjectId, ObjectKind, Parallel, Returns, Routine, RoutineChange, Schedule, ScheduledEvent, Security,
    Sequence, Server, Timing, Trigger, TriggerAction, TriggerEvent, Unsupported, View, Volatility,
};

use super::is_json;
use crate::mysql::flavor::Flavor;
use crate::mysql::object::access;
use crate::mysql::options::complete;
use crate::mysql::{column, native, text};
use crate::sql::Sql;

const ON: &str = "leave it out here with on(..)";

/// An object in the server's own terms, or what the server can't do of it. Lowering what is low changes nothing.
pub(in crate::mysql) fn object(object: &Object, sql: Sql<'_>) -> Result<Object, Unsupported> {
    let mut low = object.clone();
    let server = remembered(sql.server, &object.notes);
    low.definition = definition(&object.id, &object.definition, Sql { server: &server, ..sql })?;
    low.comment = comment(&low.id, low.comment.as_deref(), sql)?;
    if let Definition::Function(routine) | Definition::Procedure(routine) = &low.definition {
        low.id.args = Some(ingoing(routine));
    }
    if let Some(withheld) = low.withheld.first() {
        return sql.refuse(
            format!("withhold {withheld} on {}", low.id),
            "lets nobody do by default what isn't granted",
            ON,
        );
    }
    low.grants = access::lower(&low.grants, &low.id, sql)?;
    Ok(low)
}

/// The server as it was to the session that made an object.
pub(in crate::mysql) fn remembered(server: &Server, notes: &Notes) -> Server {
    let mut server = server.clone();
    server.facts.extend(notes.settings.clone());
    server
}

/// What identifies an object, in the server's own types.
pub(in crate::mysql) fn id(id: &ObjectId, sql: Sql<'_>) -> Result<ObjectId, Unsupported> {
    let mut low = id.clone();
    for ty in low.args.iter_mut().flatten() {
        *ty = argument_type(ty, sql)?;
    }
    Ok(low)
}

/// The types of a routine's arguments, but for those that only go out.
pub(in crate::mysql) fn ingoing(routine: &Routine) -> Vec<ColumnType> {
    let ingoing = routine.args.iter().filter(|arg| arg.mode != ArgumentMode::Out);
    ingoing.map(|arg| arg.ty.clone()).collect()
}

/// A remark, as it is kept: it is left out where the catalog has no place for one.
pub(in crate::mysql) fn comment(
    id: &ObjectId,
    comment: Option<&str>,
    sql: Sql<'_>,
) -> Result<Option<String>, Unsupported> {
    use ObjectKind::{Event, Function, Procedure, Schema, Sequence};
    let has = match id.kind {
        Function | Procedure | Event | Sequence => true,
        Schema => Flavor::of(sql.server).has_schema_comments(),
        _ => false,
    };
    let Some(comment) = comment.filter(|comment| !comment.is_empty() && has) else { return Ok(None) };
    column::comment_text(comment, sql)?;
    Ok(Some(comment.to_owned()))
}

/// A definition in the server's own terms.
pub(in crate::mysql) fn definition(
    id: &ObjectId,
    definition: &Definition,
    sql: Sql<'_>,
) -> Result<Definition, Unsupported> {
    Ok(match definition {
        Definition::Schema(of) => Definition::Schema(namespace(of, sql)),
        Definition::Sequence(of) => Definition::Sequence(sequence(id, of, sql)?),
        Definition::Function(of) => Definition::Function(routine(id, of, sql)?),
        Definition::Procedure(of) => Definition::Procedure(routine(id, of, sql)?),
        Definition::View(of) => Definition::View(view(id, of, sql)?),
        Definition::Trigger(of) => Definition::Trigger(trigger(id, of, sql)?),
        Definition::Event(of) => Definition::Event(event(id, of, sql)?),
        _ => return lacks(format!("write {id}"), id.kind, sql),
    })
}

/// Refuses a kind of object that these servers haven't, and says what they have instead.
pub(in crate::mysql) fn lacks<T>(
    operation: impl std::fmt::Display,
    kind: ObjectKind,
    sql: Sql<'_>,
) -> Result<T, Unsupported> {
    use ObjectKind::*;
    let (lacks, instead) = match kind {
        Extension => {
            ("has no extensions", "leave it out here with on(..); its functions are built in or plugins")
        }
        Collation => ("makes no collations", "give columns one of its own: collation(\"utf8mb4_bin\")"),
        Enum => ("has no enum types of their own", "give the column its values: enumeration([..])"),
        Composite => ("has no composite types", "give each attribute a column, or keep it as json()"),
        Domain => ("has no domains", "give the column the type, and the table a check"),
        Sequence => ("has no sequences", "number a column: id(), or integer().identity()"),
        MaterializedView => ("has no materialized views", "create a table, and fill it by a scheduled event"),
        Rule => ("has no rules", "create a trigger"),
        Policy => {
            ("has no row-level security", "create a view that shows each user the rows that are theirs")
        }
        Statistics => {
            ("has no statistics over several columns", "leave it out here with on(..), and create an index")
        }
        Publication => {
            ("has no publications", "leave it out here with on(..); its binary log has all changes")
        }
        DefaultPrivileges => {
            ("has no default privileges", "grant on the whole schema: it holds for what comes later too")
        }
        _ => ("has no such object", ON),
    };
    sql.refuse(operation, lacks, instead)
}

fn namespace(of: &Namespace, sql: Sql<'_>) -> Namespace {
    let fact = |name: &str| Some(sql.server.fact(name).to_owned()).filter(|fact| !fact.is_empty());
    let (charset, collation) = match (of.charset.clone(), of.collation.clone()) {
        (None, None) => (fact("character_set_server"), fact("collation_server")),
        (charset, collation) => complete(charset, collation, sql),
    };
    Namespace { charset, collation }
}

fn sequence(id: &ObjectId, of: &Sequence, sql: Sql<'_>) -> Result<Sequence, Unsupported> {
    let flavor = Flavor::of(sql.server);
    let operation = || format!("write {id}");
    if !flavor.has_sequences() {
        return lacks(operation(), ObjectKind::Sequence, sql);
    }
    if of.owned_by.is_some() {
        let lacks = "has no sequences that go with a column";
        return sql.refuse(operation(), lacks, "drop it where the column is dropped");
    }
    if of.unlogged {
        return sql.refuse(operation(), "has no unlogged sequences", ON);
    }
    if let Some(ty) = &of.ty {
        let ty = native::lower(ty, sql)?;
        if ty != ColumnType::Native("bigint(20)".into()) {
            return sql.refuse(
                operation(),
                "has sequences of bigint alone",
                "leave the type out, and give a max",
            );
        }
    }
    let increment = of.increment.unwrap_or(1);
    let (min, max) = if increment < 0 { (i64::MIN + 1, -1) } else { (1, i64::MAX - 1) };
    let least = of.min.unwrap_or(min);
    let greatest = of.max.unwrap_or(max);
    let start = if increment < 0 { greatest } else { least };
    Ok(Sequence {
        ty: None,
        start: of.start.filter(|given| *given != start),
        increment: of.increment.filter(|given| *given != 1),
        min: of.min.filter(|given| *given != min),
        max: of.max.filter(|given| *given != max),
        cache: of.cache.filter(|given| *given != 1000),
        cycle: of.cycle,
        owned_by: None,
        unlogged: false,
    })
}

/// Refuses what these servers have of no routine.
pub(in crate::mysql) fn routine_change(
    id: &ObjectId,
    change: &RoutineChange,
    sql: Sql<'_>,
) -> Result<(), Unsupported> {
    let operation = format!("alter {} of {id}", change.attribute());
    match change {
        RoutineChange::Strict(true)
        | RoutineChange::Leakproof(true)
        | RoutineChange::Parallel(Parallel::Safe | Parallel::Restricted)
        | RoutineChange::Cost(Some(_))
        | RoutineChange::Rows(Some(_))
        | RoutineChange::Support(Some(_)) => sql.refuse(operation, UNPLANNED, ON),
        RoutineChange::Settings(of) if !of.is_empty() => sql.refuse(operation, UNSET, SET_INSIDE),
        _ => Ok(()),
    }
}

/// What these servers lack of PostgreSQL's routines.
const UNPLANNED: &str = "knows neither strict, leakproof nor parallel routines, and no cost, rows or support";
const UNSET: &str = "has no settings of a routine";
const SET_INSIDE: &str = "set them in its body";

fn routine(id: &ObjectId, of: &Routine, sql: Sql<'_>) -> Result<Routine, Unsupported> {
    let operation = || format!("write {id}");
    let refuse = |lacks: &str, instead: &str| sql.refuse(operation(), lacks, instead);
    if let Some(language) = of.language.as_deref().filter(|language| !language.eq_ignore_ascii_case("sql")) {
        return refuse(&format!("has no routines in {language:?} here"), "write the body in SQL");
    }
    let is_planned = of.cost.is_some() || of.rows.is_some() || of.support.is_some();
    if of.strict || of.leakproof || of.parallel != Parallel::Unsafe || is_planned {
        return refuse(UNPLANNED, ON);
    }
    if !of.settings.is_empty() {
        return refuse(UNSET, SET_INSIDE);
    }
    let is_function = id.kind == ObjectKind::Function;
    let mut args = Vec::with_capacity(of.args.len());
    for arg in &of.args {
        if arg.name.is_empty() {
            return refuse("has no arguments without a name", "name each");
        }
        if arg.default.is_some() {
            return refuse("has no defaults of arguments", "give each in the call");
        }
        if arg.mode == ArgumentMode::Variadic {
            return refuse("has no variadic arguments", "give a json array");
        }
        if is_function
            && arg.mode != ArgumentMode::In
            && !Flavor::of(sql.server).has_function_argument_modes()
        {
            return refuse("has functions with arguments that go in alone", "create a procedure");
        }
        let ty = argument_type(&arg.ty, sql)?;
        args.push(Argument { name: arg.name.clone(), ty, mode: arg.mode, default: None });
    }
    let returns = match (&of.returns, is_function) {
        (Some(Returns::Type(ty)), true) => Some(Returns::Type(argument_type(ty, sql)?)),
        (None, false) => None,
        (None, true) => return refuse("has no functions without a result", "create a procedure"),
        (Some(Returns::SetOf(_) | Returns::Table(_)), _) => {
            return refuse(
                "has no functions that give rows",
                "create a view, or a procedure that selects them",
            );
        }
        (Some(_), false) => {
            return refuse("has no procedures with a result", "create a function, or let an argument go out");
        }
    };
    Ok(Routine {
        args,
        returns,
        language: None,
        body: body(&of.body, &operation(), sql)?,
        volatility: match of.volatility {
            Volatility::Immutable => Volatility::Immutable,
            // There is only DETERMINISTIC and its absence.
            Volatility::Stable | Volatility::Volatile => Volatility::Volatile,
        },
        strict: false,
        leakproof: false,
        parallel: Parallel::Unsafe,
        security: of.security.filter(|security| *security != Security::Definer),
        cost: None,
        rows: None,
        settings: Default::default(),
        support: None,
        data_access: of.data_access,
    })
}

/// The type of an argument or a result, with the character set that it has of its own.
pub(in crate::mysql) fn argument_type(ty: &ColumnType, sql: Sql<'_>) -> Result<ColumnType, Unsupported> {
    if Flavor::of(sql.server).json_is_text() && is_json(&dunlin_dsl::Column::new("", ty.clone()), sql) {
        return Ok(with_charset("longtext", Some("utf8mb4"), Some("utf8mb4_bin"), sql));
    }
    let low = native::lower(ty, sql)?;
    let ColumnType::Native(text) = &low else { return Ok(low) };
    if text.chars().any(|c| c == '\0' || c == ';') {
        return sql.refuse(format!("use the type {text:?}"), "has no such type", "correct its name");
    }
    let mut words = text.split(' ').filter(|word| !word.is_empty()).peekable();
    let (mut kept, mut charset, mut collation) = (Vec::new(), None, None);
    while let Some(word) = words.next() {
        match word {
            "charset" => charset = words.next(),
            "character" if words.next_if_eq(&"set").is_some() => charset = words.next(),
            "collate" => collation = words.next(),
            word => kept.push(word),
        }
    }
    if charset.is_none() && collation.is_none() {
        return Ok(low);
    }
    Ok(with_charset(&kept.join(" "), charset, collation, sql))
}

/// A type of text with its character set and collation, where they aren't the database's.
pub(in crate::mysql) fn with_charset(
    ty: &str,
    charset: Option<&str>,
    collation: Option<&str>,
    sql: Sql<'_>,
) -> ColumnType {
    let (charset, collation) = complete(charset.map(Into::into), collation.map(Into::into), sql);
    let mut text = ty.to_owned();
    if collation.as_deref() != Some(sql.server.fact("collation_database")) {
        for (word, name) in [("charset", charset), ("collate", collation)] {
            text += &name.map_or(String::new(), |name| format!(" {word} {name}"));
        }
    }
    ColumnType::Native(text)
}

fn view(id: &ObjectId, of: &View, sql: Sql<'_>) -> Result<View, Unsupported> {
    let operation = || format!("write {id}");
    if of.security_barrier {
        return sql.refuse(operation(), "has no security barrier", "leave it out here with on(..)");
    }
    if !of.defaults.is_empty() {
        return sql.refuse(
            operation(),
            "has no defaults of a view's columns",
            "give them to the table's columns",
        );
    }
    if of.algorithm == Some(Algorithm::Temptable) && of.check_option.is_some() {
        return sql.refuse(
            operation(),
            "checks nothing through a temporary table",
            "leave the algorithm out",
        );
    }
    Ok(View {
        query: body(&of.query, &operation(), sql)?,
        security: of.security.filter(|security| *security != Security::Definer),
        column_comments: Default::default(),
        ..of.clone()
    })
}

fn trigger(id: &ObjectId, of: &Trigger, sql: Sql<'_>) -> Result<Trigger, Unsupported> {
    let operation = || format!("write {id}");
    let refuse = |lacks: &str, instead: &str| sql.refuse(operation(), lacks, instead);
    let TriggerAction::Body(text) = &of.action else {
        return refuse("has triggers with a body, and none that call a function", "give it a body");
    };
    if of.timing == Timing::InsteadOf {
        return refuse("has no triggers on views", "write to the tables below the view");
    }
    if of.events.contains(&TriggerEvent::Truncate) {
        return refuse("fires nothing when a table is emptied at once", ON);
    }
    if of.events.len() != 1
        && !(Flavor::of(sql.server).has_triggers_of_several_events() && of.events.len() > 1)
    {
        return refuse("has triggers of one event alone", "create one for each event");
    }
    if !of.update_of.is_empty() {
        return refuse("has no UPDATE OF columns", "compare OLD with NEW in the body");
    }
    if of.each != dunlin_dsl::Each::Row {
        return refuse("has triggers for each row alone", "fire for each row");
    }
    if of.when.is_some() {
        return refuse("has no WHEN", "begin the body with IF");
    }
    if of.old_table.is_some() || of.new_table.is_some() {
        return refuse("has no names for all rows at once", "use OLD and NEW of each row");
    }
    if of.constraint || of.from.is_some() {
        return refuse("has no constraint triggers", "create a plain one");
    }
    if of.enabled != Enabled::Origin {
        return refuse("has triggers that always fire", "drop it, or ask for a variable in its body");
    }
    Ok(Trigger { action: TriggerAction::Body(body(text, &operation(), sql)?), ..of.clone() })
}

fn event(id: &ObjectId, of: &ScheduledEvent, sql: Sql<'_>) -> Result<ScheduledEvent, Unsupported> {
    let operation = format!("write {id}");
    let time = |expr: &Expr| Ok(Expr::Sql(sql.expr(expr, &operation)?));
    let schedule = match &of.schedule {
        Schedule::At(at) => Schedule::At(time(at)?),
        Schedule::Every { interval, starts, ends } => Schedule::Every {
            interval: self::interval(interval, &operation, sql)?,
            starts: starts.as_ref().map(time).transpose()?,
            ends: ends.as_ref().map(time).transpose()?,
        },
    };
    Ok(ScheduledEvent { schedule, body: body(&of.body, &operation, sql)?, ..of.clone() })
}

/// The units in which an event's interval is given; to both servers microseconds are too short.
pub(in crate::mysql) const UNITS: [&str; 15] = [
    "YEAR",
    "QUARTER",
    "MONTH",
    "WEEK",
    "DAY",
    "HOUR",
    "MINUTE",
    "SECOND",
    "YEAR_MONTH",
    "DAY_HOUR",
    "DAY_MINUTE",
    "DAY_SECOND",
    "HOUR_MINUTE",
    "HOUR_SECOND",
    "MINUTE_SECOND",
];

/// How often: a value, and the unit in capitals.
fn interval(given: &str, operation: &str, sql: Sql<'_>) -> Result<String, Unsupported> {
    let refuse = || {
        let lacks = format!("doesn't read {given:?} as an interval");
        sql.refuse(operation, &lacks, "give it as in '1 DAY' or \"'1:30' HOUR_MINUTE\"")
    };
    let Some((value, unit)) = given.trim().rsplit_once(char::is_whitespace) else { return refuse() };
    if !crate::lex::is_one_part(value.trim()) || value.contains('\0') || text::has_line_comment(value) {
        return refuse();
    }
    let unit = unit.to_ascii_uppercase();
    if !UNITS.contains(&unit.as_str()) {
        let lacks = format!("has no unit {unit} of an event's interval");
        return sql.refuse(operation, &lacks, &format!("give one of {}", UNITS.join(", ")));
    }
    Ok(format!("{} {unit}", value.trim()))
}

/// A text as the server keeps it: without the semicolon that a client would need.
fn body(text: &Expr, operation: &str, sql: Sql<'_>) -> Result<Expr, Unsupported> {
    let text = sql.expr(text, operation)?;
    if let Some((reason, instead)) = crate::mysql::body::fault(&text, sql.server) {
        return Err(Unsupported::new(operation, reason, instead));
    }
    let text = text.trim();
    Ok(Expr::Sql(text.strip_suffix(';').unwrap_or(text).trim_end().to_owned()))
}

/// The name under which a trigger is known: its table's schema is its own.
pub(in crate::mysql) fn full_name(id: &ObjectId) -> Name {
    match &id.on {
        Some(on) => Name { schema: on.schema.clone(), name: id.name.name.clone() },
        None => id.name.clone(),
    }
}
