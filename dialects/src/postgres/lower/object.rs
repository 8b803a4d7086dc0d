//! Objects in PostgreSQL's own terms, and operations on them.

mod routine;

use std::collections::BTreeMap;

use dunlin_dsl::{
    ArgumentMode, Attribute, Check, Collation, ColumnType, Composite, Constraint, Definition, Domain,
    DomainChange, Enforcement, EnumType, Expr, Extension, ExtensionChange, Identity, Label, MaterializedView,
    MaterializedViewChange, Namespace, Object, ObjectChange, ObjectId, ObjectKind, Op, OwnedBy, PolicyChange,
    PublicationChange, RoutineChange, Schema, Security, Sequence, SequenceChange, StatisticsChange,
    TriggerChange, Unsupported, Version, View, ViewChange,
};

use super::belonging;
use super::{default, expr, identity, index, name, options_of_column, present, settle};
use crate::postgres::object::{access, default_cost};
use crate::postgres::{create, options, print};
use crate::sql::Sql;

use routine::{argument_type, default_rows, estimate, routine, settings};
pub(in crate::postgres) use routine::{listed, setting_parts};

type Result<T> = std::result::Result<T, Unsupported>;

/// From here on a sequence can be kept out of the log, and is so with the table that it belongs to.
pub(in crate::postgres) const UNLOGGED: Version = Version::new(15, 0, 0);

/// An operation on an object with its definitions lowered, and a routine's arguments said.
pub(in crate::postgres) fn op(op: Op, schema: &Schema, sql: Sql<'_>) -> Result<Op> {
    let known = |id: ObjectId| -> Result<ObjectId> {
        let id = self::id(&id, sql)?;
        Ok(schema.object_id(&id).cloned().unwrap_or(id))
    };
    Ok(match op {
        Op::CreateObject { object, existing } => {
            Op::CreateObject { object: self::object(&object, sql)?, existing }
        }
        Op::DropObject { object, if_exists, cascade } => {
            Op::DropObject { object: known(object)?, if_exists, cascade }
        }
        Op::RenameObject { object, to } => Op::RenameObject { object: known(object)?, to },
        Op::SetSchema { object, schema } => Op::SetSchema { object: known(object)?, schema },
        Op::AlterObject { object, change } => {
            let object = known(object)?;
            let old = schema.object(&object).map(|old| &old.definition);
            let change = self::change(&object, change, old, sql)?;
            Op::AlterObject { object, change }
        }
        Op::Grant { on, grants } => {
            let on = known(on)?;
            Op::Grant { grants: access::lower(&on, &grants, sql), on }
        }
        Op::Revoke { on, grants } => {
            let on = known(on)?;
            Op::Revoke { grants: access::lower(&on, &grants, sql), on }
        }
        op => op,
    })
}

/// What the sequences of a table's columns do with it: from 15 on they are written ahead as it is.
pub(in crate::postgres) fn following(op: &Op, schema: &Schema, sql: Sql<'_>) -> Vec<Op> {
    let Op::SetTableOptions { table, options } = op else { return Vec::new() };
    let sequences = schema.objects.values().filter(|object| match &object.definition {
        Definition::Sequence(of) => {
            of.unlogged != options.unlogged && of.owned_by.as_ref().is_some_and(|by| by.table == *table)
        }
        _ => false,
    });
    let follow = |object: &Object| {
        let change = ObjectChange::Sequence(SequenceChange::Unlogged(options.unlogged));
        Op::AlterObject { object: object.id.clone(), change }
    };
    match sql.server.version >= UNLOGGED {
        true => sequences.map(follow).collect(),
        false => Vec::new(),
    }
}

/// An object in PostgreSQL's own terms, or what PostgreSQL can't do of it. Lowering what is low changes nothing.
pub(in crate::postgres) fn object(object: &Object, sql: Sql<'_>) -> Result<Object> {
    let mut id = self::id(&object.id, sql)?;
    let definition = definition(&id, &object.definition, sql)?;
    if let Definition::Function(of) | Definition::Procedure(of) = &definition {
        let goes_in = of.args.iter().filter(|arg| arg.mode != ArgumentMode::Out);
        id.args = Some(goes_in.map(|arg| arg.ty.clone()).collect());
    }
    let grants = access::lower_created(&id, &object.grants, sql);
    let withheld = object.withheld.iter().map(|privilege| privilege.to_ascii_uppercase()).collect();
    Ok(Object {
        id,
        definition,
        comment: present(object.comment.clone()),
        grants,
        withheld,
        notes: object.notes.clone(),
    })
}

/// What identifies an object, with the types of a routine's arguments as the catalog calls them.
pub(in crate::postgres) fn id(id: &ObjectId, sql: Sql<'_>) -> Result<ObjectId> {
    let mut low = id.clone();
    if low.kind == ObjectKind::DefaultPrivileges {
        low.name.name = match low.name.name.to_ascii_lowercase() {
            name if name == "routines" => "functions".into(),
            name => name,
        };
    }
    for ty in low.args.iter_mut().flatten() {
        *ty = argument_type(ty, sql)?;
    }
    Ok(low)
}

fn definition(id: &ObjectId, of: &Definition, sql: Sql<'_>) -> Result<Definition> {
    let operation = format!("write {id}");
    Ok(match of {
        Definition::Schema(_) => Definition::Schema(Namespace::default()),
        Definition::Extension(of) => Definition::Extension(Extension {
            schema: of.schema.clone().filter(|schema| *schema != sql.server.schema),
            version: of.version.clone(),
        }),
        Definition::Collation(of) => {
            Definition::Collation(Collation { provider: provider(of), ..of.clone() })
        }
        Definition::Enum(of) => Definition::Enum(EnumType { values: of.values.clone() }),
        Definition::Composite(of) => {
            let attributes = of.attributes.iter().map(|one| attribute(one, sql));
            Definition::Composite(Composite { attributes: attributes.collect::<Result<_>>()? })
        }
        Definition::Domain(of) => Definition::Domain(domain(id, of, &operation, sql)?),
        Definition::Sequence(of) => Definition::Sequence(sequence(id, of, sql)?),
        Definition::Function(of) => Definition::Function(routine(of, false, &operation, sql)?),
        Definition::Procedure(of) => Definition::Procedure(routine(of, true, &operation, sql)?),
        Definition::View(of) => Definition::View(View {
            query: query(&of.query, &operation, sql)?,
            security: invoker(of.security),
            algorithm: None,
            defaults: (of.defaults.iter().filter(|(_, default)| !create::is_null(default)))
                .map(|(column, default)| Ok((column.clone(), Expr::Sql(expr(default, &operation, sql)?))))
                .collect::<Result<_>>()?,
            column_comments: comments(&of.column_comments),
            ..of.clone()
        }),
        Definition::MaterializedView(of) => {
            let indexes = of.indexes.iter().map(|one| index(&id.name, one, sql));
            let mut indexes = indexes.collect::<Result<Vec<_>>>()?;
            indexes.sort_by_cached_key(|index| index.label.name().unwrap_or_default().to_owned());
            Definition::MaterializedView(MaterializedView {
                query: query(&of.query, &operation, sql)?,
                indexes,
                access_method: of.access_method.clone().filter(|method| method != options::HEAP),
                column_comments: comments(&of.column_comments),
                column_options: column_options(&of.column_options),
                ..of.clone()
            })
        }
        Definition::Trigger(of) => Definition::Trigger(belonging::trigger(of, &operation, sql)?),
        Definition::Rule(of) => Definition::Rule(belonging::rule(of, &operation, sql)?),
        Definition::Policy(of) => Definition::Policy(belonging::policy(of, &operation, sql)?),
        Definition::Statistics(of) => Definition::Statistics(belonging::statistics(of, &operation, sql)?),
        Definition::Publication(of) => Definition::Publication(belonging::publication(of, &operation, sql)?),
        other => other.clone(),
    })
}

fn change(
    id: &ObjectId,
    change: ObjectChange,
    old: Option<&Definition>,
    sql: Sql<'_>,
) -> Result<ObjectChange> {
    let operation = format!("alter {id}");
    Ok(match change {
        ObjectChange::Comment(text) => ObjectChange::Comment(present(text)),
        ObjectChange::Definition(of) => ObjectChange::Definition(Box::new(definition(id, &of, sql)?)),
        ObjectChange::AddAttribute(of) => ObjectChange::AddAttribute(attribute(&of, sql)?),
        ObjectChange::AttributeType { name, to } => {
            ObjectChange::AttributeType { name, to: ColumnType::Native(print::ty(&sql.ty(&to)?)) }
        }
        ObjectChange::AttributeComment { name, comment } => {
            ObjectChange::AttributeComment { name, comment: present(comment) }
        }
        ObjectChange::CheckComment { name, comment } => {
            ObjectChange::CheckComment { name, comment: present(comment) }
        }
        ObjectChange::AddCheck(of) => ObjectChange::AddCheck(check(id, &of, &operation, sql)?),
        ObjectChange::Extension(ExtensionChange::Schema(schema)) => {
            let schema = schema.filter(|schema| *schema != sql.server.schema);
            ObjectChange::Extension(ExtensionChange::Schema(schema))
        }
        ObjectChange::Domain(DomainChange::Default(of)) => {
            let ty = match old {
                Some(Definition::Domain(of)) => sql.ty(&of.ty)?,
                _ => String::new(),
            };
            ObjectChange::Domain(DomainChange::Default(printed(of.as_ref(), &ty, &operation, sql)?))
        }
        ObjectChange::Sequence(change) => {
            let now = match old {
                Some(Definition::Sequence(of)) => of.clone(),
                _ => Sequence::default(),
            };
            ObjectChange::Sequence(sequence_change(id, change, &now, sql)?)
        }
        ObjectChange::View(change) => ObjectChange::View(match change {
            ViewChange::Query(of) => ViewChange::Query(query(&of, &operation, sql)?),
            ViewChange::Security(of) => ViewChange::Security(invoker(of)),
            ViewChange::Algorithm(_) => ViewChange::Algorithm(None),
            ViewChange::Defaults(of) => {
                let defaults = of.iter().filter(|(_, default)| !create::is_null(default));
                let defaults = defaults.map(|(column, default)| {
                    Ok((column.clone(), Expr::Sql(expr(default, &operation, sql)?)))
                });
                ViewChange::Defaults(defaults.collect::<Result<_>>()?)
            }
            ViewChange::ColumnComments(of) => ViewChange::ColumnComments(comments(&of)),
            change => change,
        }),
        ObjectChange::MaterializedView(MaterializedViewChange::Query(of)) => {
            ObjectChange::MaterializedView(MaterializedViewChange::Query(query(&of, &operation, sql)?))
        }
        ObjectChange::MaterializedView(MaterializedViewChange::ColumnComments(of)) => {
            ObjectChange::MaterializedView(MaterializedViewChange::ColumnComments(comments(&of)))
        }
        ObjectChange::MaterializedView(MaterializedViewChange::ColumnOptions(of)) => {
            ObjectChange::MaterializedView(MaterializedViewChange::ColumnOptions(column_options(&of)))
        }
        ObjectChange::MaterializedView(MaterializedViewChange::AccessMethod(of)) => {
            let method = of.filter(|method| method != options::HEAP);
            ObjectChange::MaterializedView(MaterializedViewChange::AccessMethod(method))
        }
        ObjectChange::Trigger(TriggerChange::When(of)) => {
            let when = belonging::condition(&of, &operation, sql)?;
            ObjectChange::Trigger(TriggerChange::When(when))
        }
        ObjectChange::Trigger(TriggerChange::From(mut of)) => {
            of.iter_mut().for_each(|of| belonging::own(of, sql));
            ObjectChange::Trigger(TriggerChange::From(of))
        }
        ObjectChange::Trigger(TriggerChange::Action(of)) => {
            ObjectChange::Trigger(TriggerChange::Action(belonging::action(of, sql)))
        }
        ObjectChange::Routine(change) => {
            let (language, rows) = match old {
                Some(Definition::Function(of) | Definition::Procedure(of)) => {
                    (of.language.as_deref(), default_rows(of))
                }
                _ => (None, None),
            };
            ObjectChange::Routine(match change {
                RoutineChange::Body(of) => RoutineChange::Body(Expr::Sql(sql.expr(&of, &operation)?)),
                RoutineChange::Security(of) => RoutineChange::Security(definer(of)),
                RoutineChange::Cost(of) => {
                    RoutineChange::Cost(estimate(of).filter(|cost| *cost != default_cost(language)))
                }
                RoutineChange::Rows(of) => RoutineChange::Rows(estimate(of).filter(|of| Some(*of) != rows)),
                RoutineChange::Settings(of) => RoutineChange::Settings(settings(&of)),
                RoutineChange::Support(mut of) => {
                    of.iter_mut().for_each(|of| belonging::own(of, sql));
                    RoutineChange::Support(of)
                }
                change => change,
            })
        }
        ObjectChange::Policy(change) => ObjectChange::Policy(match change {
            PolicyChange::Roles(of) => PolicyChange::Roles(belonging::roles(&of)),
            PolicyChange::Using(of) => PolicyChange::Using(belonging::condition(&of, &operation, sql)?),
            PolicyChange::WithCheck(of) => {
                PolicyChange::WithCheck(belonging::condition(&of, &operation, sql)?)
            }
            change => change,
        }),
        ObjectChange::Statistics(StatisticsChange::Target(of)) => {
            ObjectChange::Statistics(StatisticsChange::Target(of.filter(|target| *target >= 0)))
        }
        ObjectChange::Statistics(StatisticsChange::Kinds(of)) => {
            ObjectChange::Statistics(StatisticsChange::Kinds(belonging::kinds(of)))
        }
        ObjectChange::Publication(change) => ObjectChange::Publication(match change {
            PublicationChange::Tables(of) => {
                PublicationChange::Tables(belonging::published(&of, &operation, sql)?)
            }
            PublicationChange::Operations(of) => PublicationChange::Operations(belonging::operations(of)),
            change => change,
        }),
        change => change,
    })
}

/// What columns have beside their types, as far as they have something.
fn column_options(
    of: &BTreeMap<String, BTreeMap<String, String>>,
) -> BTreeMap<String, BTreeMap<String, String>> {
    let low = of.iter().map(|(column, options)| (column.clone(), options_of_column(options)));
    low.filter(|(_, options)| !options.is_empty()).collect()
}

/// How text is compared, if it isn't in the usual way.
fn collation(of: &Option<String>, sql: Sql<'_>) -> Option<String> {
    of.as_ref().filter(|collation| *collation != "default").map(|collation| print::found(collation, sql))
}

/// Who provides a collation; libc needs no saying.
pub(in crate::postgres) fn provider(of: &Collation) -> Option<String> {
    of.provider.as_ref().map(|provider| provider.to_ascii_lowercase()).filter(|provider| provider != "libc")
}

fn attribute(of: &Attribute, sql: Sql<'_>) -> Result<Attribute> {
    Ok(Attribute {
        name: of.name.clone(),
        ty: ColumnType::Native(print::ty(&sql.ty(&of.ty)?)),
        collation: collation(&of.collation, sql),
        comment: present(of.comment.clone()),
    })
}

fn domain(id: &ObjectId, of: &Domain, operation: &str, sql: Sql<'_>) -> Result<Domain> {
    let ty = print::ty(&sql.ty(&of.ty)?);
    let checks = of.checks.iter().map(|one| check(id, one, operation, sql));
    let mut checks = checks.collect::<Result<Vec<_>>>()?;
    checks.sort_by_cached_key(|check| check.label.name().unwrap_or_default().to_owned());
    Ok(Domain {
        default: printed(of.default.as_ref(), &ty, operation, sql)?,
        ty: ColumnType::Native(ty),
        collation: collation(&of.collation, sql),
        not_null: of.not_null,
        checks,
        check_comments: comments(&of.check_comments),
    })
}

fn check(id: &ObjectId, of: &Check, operation: &str, sql: Sql<'_>) -> Result<Check> {
    let mut named = Constraint::Check(of.clone());
    name(&id.name, &mut named);
    let mut label = Label::Unnamed;
    settle(&mut label, named);
    if of.no_inherit {
        return sql.refuse(operation, "has no tables that inherit from a domain", "leave no_inherit out");
    }
    if of.enforcement == Enforcement::NotEnforced {
        let lacks = "enforces the checks of domains, at least for new values";
        return sql.refuse(operation, lacks, "leave it out, or make it not_valid()");
    }
    Ok(Check { enforcement: of.enforcement, ..Check::new(label, Expr::Sql(expr(&of.expr, operation, sql)?)) })
}

/// A default as the catalog prints it, where it is a literal.
fn printed(of: Option<&Expr>, ty: &str, operation: &str, sql: Sql<'_>) -> Result<Option<Expr>> {
    let present = of.filter(|default| !create::is_null(default));
    present.map(|of| Ok(Expr::Sql(default(of, ty, operation, sql)?))).transpose()
}

fn sequence(id: &ObjectId, of: &Sequence, sql: Sql<'_>) -> Result<Sequence> {
    let ty = of.ty.as_ref().map(|ty| Ok(print::ty(&sql.ty(ty)?))).transpose()?;
    let ty = ty.filter(|ty| ty != "bigint");
    let numbers = numbers(of, ty.as_deref().unwrap_or("bigint"));
    let owned_by = of.owned_by.as_ref().map(|by| owner(id, by, sql));
    Ok(Sequence {
        ty: ty.map(ColumnType::Native),
        start: numbers.start,
        increment: numbers.increment,
        min: numbers.min,
        max: numbers.max,
        cache: numbers.cache,
        cycle: of.cycle,
        owned_by,
        unlogged: of.unlogged,
    })
}

/// A sequence counts as an identity does.
fn numbers(of: &Sequence, ty: &str) -> Identity {
    let Sequence { start, increment, min, max, cache, cycle, .. } = *of;
    identity(&Identity { start, increment, min, max, cache, cycle, ..Identity::default() }, ty)
}

/// The least and the greatest number of a lowered sequence.
pub(in crate::postgres) fn range(of: &Sequence) -> (i64, i64) {
    let greatest = match &of.ty {
        Some(ColumnType::Native(ty)) if ty == "smallint" => i64::from(i16::MAX),
        Some(ColumnType::Native(ty)) if ty == "integer" => i64::from(i32::MAX),
        _ => i64::MAX,
    };
    let (min, max) =
        if of.increment.is_none_or(|step| step > 0) { (1, greatest) } else { (-greatest - 1, -1) };
    (of.min.unwrap_or(min), of.max.unwrap_or(max))
}

/// The column that a sequence belongs to, in the sequence's own schema.
fn owner(id: &ObjectId, by: &OwnedBy, sql: Sql<'_>) -> OwnedBy {
    let mut by = by.clone();
    if by.table.schema.as_ref() == Some(&sql.server.schema) && id.name.schema.is_none() {
        by.table.schema = None;
    }
    by
}

fn sequence_change(
    id: &ObjectId,
    change: SequenceChange,
    now: &Sequence,
    sql: Sql<'_>,
) -> Result<SequenceChange> {
    // What is the default goes by the type and by the direction, which the change may change too.
    let low = |of: Sequence| sequence(id, &of, sql);
    Ok(match change {
        SequenceChange::Type(ty) => SequenceChange::Type(low(Sequence { ty, ..Sequence::default() })?.ty),
        SequenceChange::Increment(of) => SequenceChange::Increment(of.filter(|step| *step != 1)),
        SequenceChange::Cache(of) => SequenceChange::Cache(of.filter(|cache| *cache != 1)),
        SequenceChange::Start(start) => SequenceChange::Start(low(Sequence { start, ..now.clone() })?.start),
        SequenceChange::Min(min) => SequenceChange::Min(low(Sequence { min, ..now.clone() })?.min),
        SequenceChange::Max(max) => SequenceChange::Max(low(Sequence { max, ..now.clone() })?.max),
        SequenceChange::OwnedBy(by) => SequenceChange::OwnedBy(by.map(|by| owner(id, &by, sql))),
        change => change,
    })
}

/// The owner's rights count for a view unless it is said otherwise.
fn invoker(of: Option<Security>) -> Option<Security> {
    of.filter(|security| *security == Security::Invoker)
}

/// The invoker's rights count for a routine unless it is said otherwise.
fn definer(of: Option<Security>) -> Option<Security> {
    of.filter(|security| *security == Security::Definer)
}

fn comments(of: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    of.iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(column, text)| (column.clone(), text.clone()))
        .collect()
}

fn query(of: &Expr, operation: &str, sql: Sql<'_>) -> Result<Expr> {
    Ok(Expr::Sql(sql.expr(of, operation)?.trim().trim_end_matches(';').trim_end().to_owned()))
}
