//! In which order objects are created and dropped.

use std::collections::{BTreeMap, BTreeSet};

use crate::change::{ObjectChange, SequenceChange};
use crate::op::{Existing, Op};
use crate::schema::{
    ColumnType, Constraint, Definition, Expr, ForeignKey, KeyPart, Name, Object, ObjectId, ObjectKind,
    Returns, Schema, Sequence, Table, Trigger, TriggerAction,
};

/// The operations that create all of a schema: each object after those that it needs.
///
/// What it needs is told by names: a foreign key's table, a trigger's function, a column's type, and every name that
/// stands in a default, a check or a query. Where tables refer to each other in a circle, the foreign keys that close
/// it come last, by themselves; so does the column that a sequence belongs to.
pub fn creation_ops(schema: &Schema) -> Vec<Op> {
    let order = order(schema);
    let place: BTreeMap<&ObjectId, usize> = order.iter().enumerate().map(|(at, id)| (id, at)).collect();
    let mut creations = Vec::with_capacity(order.len());
    let mut late = Vec::new();
    for id in &order {
        match (schema.objects.get(id), schema.get(&id.name)) {
            (Some(object), _) => creations.push(create(object, schema, &mut late)),
            (None, Some(table)) => {
                let closes = |key: &ForeignKey| {
                    place.get(&ObjectId::table(&key.references)) > place.get(&ObjectId::table(&table.name))
                };
                let (later, now): (Vec<_>, Vec<_>) = table.foreign_keys.iter().cloned().partition(closes);
                let created = Table { foreign_keys: now, ..table.clone() };
                creations.push(Op::CreateTable { table: created, if_not_exists: false });
                late.extend(later.into_iter().map(|key| Op::AddConstraint {
                    table: table.name.clone(),
                    constraint: Constraint::ForeignKey(key),
                }));
            }
            (None, None) => {}
        }
    }
    creations.extend(late);
    creations
}

/// The operations that drop all of a schema: each object before those that it needs, circles opened first.
pub fn drop_ops(schema: &Schema) -> Vec<Op> {
    let creations = creation_ops(schema);
    let place = |is: &dyn Fn(&ObjectId) -> bool| {
        creations.iter().position(|op| {
            matches!(op, Op::CreateTable { .. } | Op::CreateObject { .. })
                && op.object().is_some_and(|id| is(&id))
        })
    };
    // A function that comes after the table, for it mentions that, would go before it, and the trigger stands on both.
    let stands = |object: &Object| match (&object.definition, object.belongs_to()) {
        (Definition::Trigger(Trigger { action: TriggerAction::Call { function, .. }, .. }), Some(on)) => {
            let called = place(&|id| id.kind == ObjectKind::Function && id.name == *function);
            called > place(&|id| id.is_relation() && id.name == *on)
        }
        _ => false,
    };
    let undo = |op: &Op| match op {
        Op::CreateTable { table, .. } => {
            Some(Op::DropTable { table: table.name.clone(), if_exists: false, cascade: false })
        }
        // What belongs to a table goes with it.
        Op::CreateObject { object, .. }
            if object.belongs_to().is_some_and(|on| schema.get(on).is_some()) && !stands(object) =>
        {
            None
        }
        Op::CreateObject { object, .. } => {
            Some(Op::DropObject { object: object.id.clone(), if_exists: false, cascade: false })
        }
        Op::AddConstraint { table, constraint } => Some(Op::DropConstraint {
            table: table.clone(),
            kind: constraint.kind(),
            name: constraint.label().name().unwrap_or_default().into(),
            if_exists: false,
        }),
        Op::AlterObject { object, change: ObjectChange::Sequence(SequenceChange::OwnedBy(Some(_))) } => {
            let change = ObjectChange::Sequence(SequenceChange::OwnedBy(None));
            Some(Op::AlterObject { object: object.clone(), change })
        }
        _ => None,
    };
    creations.iter().rev().filter_map(undo).collect()
}

/// Creates an object. A sequence is there before the table whose column it belongs to, and belongs to it after.
fn create(object: &Object, schema: &Schema, late: &mut Vec<Op>) -> Op {
    let mut object = object.clone();
    if let Definition::Sequence(Sequence { owned_by, .. }) = &mut object.definition
        && let Some(owner) = owned_by.take_if(|owner| schema.get(&owner.table).is_some())
    {
        let change = ObjectChange::Sequence(SequenceChange::OwnedBy(Some(owner)));
        late.push(Op::AlterObject { object: object.id.clone(), change });
    }
    Op::CreateObject { object, existing: Existing::Refuse }
}

/// Everything, each after what it needs. What comes within a circle comes first whose turn it is.
fn order(schema: &Schema) -> Vec<ObjectId> {
    let names = Names::of(schema);
    let mut all: Vec<ObjectId> = schema.tables.keys().map(ObjectId::table).collect();
    all.extend(schema.objects.keys().cloned());
    all.sort();
    let needs: BTreeMap<&ObjectId, Needs> = all.iter().map(|id| (id, needs(schema, id, &names))).collect();
    let mut done = BTreeSet::new();
    let mut order = Vec::with_capacity(all.len());
    for start in &all {
        // Depth first, with a stack of our own: a chain of ten thousand tables mustn't exhaust the thread's.
        let mut stack = vec![(start, false)];
        while let Some((id, expanded)) = stack.pop() {
            if expanded {
                order.push(id.clone());
            } else if done.insert(id) {
                stack.push((id, true));
                let Some(of) = needs.get(id) else { continue };
                let may = of.may.iter().rev().filter(|other| !reaches(other, id, &needs));
                let first = may.chain(of.must.iter().rev());
                stack.extend(
                    first.filter_map(|other| needs.get_key_value(other)).map(|(other, _)| (*other, false)),
                );
            }
        }
    }
    order
}

/// What an object needs: what it can't be created without, and what its body mentions.
#[derive(Default)]
struct Needs {
    must: Vec<ObjectId>,
    /// A routine's body may mention what is created only later, even what needs the routine itself.
    may: Vec<ObjectId>,
}

/// Whether an object needs another, directly or not.
fn reaches(from: &ObjectId, to: &ObjectId, needs: &BTreeMap<&ObjectId, Needs>) -> bool {
    let mut seen = BTreeSet::new();
    let mut stack = vec![from];
    while let Some(id) = stack.pop() {
        if id == to {
            return true;
        }
        if seen.insert(id) {
            stack.extend(needs.get(id).into_iter().flat_map(|needs| &needs.must));
        }
    }
    false
}

/// The objects of a schema by the last part of their names.
struct Names<'a> {
    words: BTreeMap<&'a str, Vec<ObjectId>>,
    /// Names that aren't words; there are few.
    others: Vec<(&'a str, ObjectId)>,
}

impl<'a> Names<'a> {
    fn of(schema: &'a Schema) -> Self {
        let mut names = Self { words: BTreeMap::new(), others: Vec::new() };
        let tables = schema.tables.keys().map(|name| (name.name.as_str(), ObjectId::table(name)));
        // What belongs to a table is never mentioned by name.
        let free = schema
            .objects
            .iter()
            .filter(|(id, object)| object.belongs_to().is_none() && id.kind != ObjectKind::DefaultPrivileges);
        for (name, id) in tables.chain(free.map(|(id, _)| (id.name.name.as_str(), id.clone()))) {
            match name.chars().all(is_word) {
                true => names.words.entry(name).or_default().push(id),
                false => names.others.push((name, id)),
            }
        }
        names
    }

    /// What a text mentions, as a word or in quotes.
    fn mentioned(&self, text: &str, to: &mut Vec<ObjectId>) {
        for word in text.split(|c| !is_word(c)).filter(|word| !word.is_empty()) {
            let folded = word.to_lowercase();
            let found = self.words.get(word).or_else(|| self.words.get(folded.as_str()));
            to.extend(found.into_iter().flatten().cloned());
        }
        let others = self.others.iter().filter(|(name, _)| text.contains(name));
        to.extend(others.map(|(_, id)| id.clone()));
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn needs(schema: &Schema, id: &ObjectId, names: &Names<'_>) -> Needs {
    let mut needs = Needs::default();
    let mut texts = Vec::new();
    if let Some(namespace) = &id.name.schema {
        needs.must.push(ObjectId::schema(namespace.as_str()));
    }
    match (schema.objects.get(id), schema.get(&id.name)) {
        (Some(object), _) => of_object(object, &mut needs, &mut texts, names),
        (None, Some(table)) => of_table(table, &mut needs, &mut texts),
        (None, None) => {}
    }
    for text in texts {
        names.mentioned(&text, &mut needs.must);
    }
    needs.must.retain(|other| other != id);
    needs.may.retain(|other| other != id);
    needs
}

fn of_table(table: &Table, needs: &mut Needs, texts: &mut Vec<String>) {
    needs.must.extend(table.foreign_keys.iter().map(|key| ObjectId::table(&key.references)));
    needs.must.extend(table.inherits.iter().map(ObjectId::table));
    needs.must.extend(table.partition_of.iter().map(|of| ObjectId::table(&of.parent)));
    for column in &table.columns {
        texts.extend(type_name(&column.ty));
        texts.extend(column.collation.entries().iter().map(|(_, name)| name.clone()));
        exprs(&column.default, texts);
        exprs(&column.generated.as_ref().map(|generated| generated.expr.clone()), texts);
    }
    texts.extend(table.checks.iter().map(|check| check.expr.to_string()));
    for index in &table.indexes {
        exprs(&index.predicate, texts);
        for key in &index.keys {
            if let KeyPart::Expr(expr) = &key.on {
                texts.push(expr.to_string());
            }
        }
    }
    needs.must.extend(table.notes.needs.iter().cloned());
}

fn of_object(object: &Object, needs: &mut Needs, texts: &mut Vec<String>, names: &Names<'_>) {
    if let Some(on) = object.belongs_to() {
        needs.must.extend([ObjectId::table(on), ObjectId::view(on), ObjectId::materialized_view(on)]);
    }
    needs.must.extend(object.notes.needs.iter().cloned());
    match &object.definition {
        Definition::Extension(extension) => {
            needs.must.extend(extension.schema.iter().map(|schema| ObjectId::schema(schema.as_str())))
        }
        Definition::Composite(composite) => {
            texts.extend(composite.attributes.iter().flat_map(|attribute| type_name(&attribute.ty)))
        }
        Definition::Domain(domain) => {
            texts.extend(type_name(&domain.ty));
            exprs(&domain.default, texts);
            texts.extend(domain.checks.iter().map(|check| check.expr.to_string()));
        }
        Definition::Function(routine) | Definition::Procedure(routine) => {
            texts.extend(routine.args.iter().flat_map(|arg| type_name(&arg.ty)));
            match &routine.returns {
                Some(Returns::Type(ty) | Returns::SetOf(ty)) => texts.extend(type_name(ty)),
                Some(Returns::Table(columns)) => {
                    texts.extend(columns.iter().flat_map(|(_, ty)| type_name(ty)))
                }
                None => {}
            }
            names.mentioned(&routine.body.to_string(), &mut needs.may);
        }
        Definition::View(view) => texts.push(view.query.to_string()),
        Definition::MaterializedView(view) => texts.push(view.query.to_string()),
        Definition::Trigger(trigger) => {
            exprs(&trigger.when, texts);
            match &trigger.action {
                TriggerAction::Call { function, .. } => {
                    needs.must.push(ObjectId::function(function, no_args()))
                }
                // What a body mentions is looked for only when it fires.
                TriggerAction::Body(body) => names.mentioned(&body.to_string(), &mut needs.may),
            }
        }
        Definition::Rule(rule) => {
            exprs(&rule.when, texts);
            texts.push(rule.action.to_string());
        }
        Definition::Policy(policy) => {
            exprs(&policy.using, texts);
            exprs(&policy.with_check, texts);
        }
        Definition::Publication(publication) => {
            needs.must.extend(publication.tables.iter().map(|published| ObjectId::table(&published.table)));
            needs.must.extend(publication.schemas.iter().map(|schema| ObjectId::schema(schema.as_str())));
        }
        Definition::Event(event) => names.mentioned(&event.body.to_string(), &mut needs.may),
        Definition::Schema(_)
        | Definition::Collation(_)
        | Definition::Enum(_)
        | Definition::Sequence(_)
        | Definition::Statistics(_)
        | Definition::DefaultPrivileges => {}
    }
}

fn no_args() -> [ColumnType; 0] {
    []
}

fn exprs(expr: &Option<Expr>, texts: &mut Vec<String>) {
    texts.extend(expr.iter().map(ToString::to_string));
}

/// The name of a type that isn't one of every server's.
fn type_name(ty: &ColumnType) -> Vec<String> {
    match ty {
        ColumnType::Native(name) => vec![name.clone()],
        ColumnType::Array(element) => type_name(element),
        ColumnType::PerDialect(types) => types.entries().iter().flat_map(|(_, ty)| type_name(ty)).collect(),
        _ => Vec::new(),
    }
}

/// The default privileges within a schema, which go with it.
pub(crate) fn within<'a>(schema: &'a Schema, id: &'a ObjectId) -> impl Iterator<Item = &'a Object> {
    schema.objects.values().filter(move |object| {
        id.kind == ObjectKind::Schema
            && object.id.kind == ObjectKind::DefaultPrivileges
            && object.id.name.schema.as_ref() == Some(&id.name.name)
    })
}

/// Which of a schema's objects belong to a table or a view, and go with it: triggers, rules, policies, statistics, and
/// the sequences that its columns own.
pub(crate) fn belongings<'a>(schema: &'a Schema, owner: &'a Name) -> impl Iterator<Item = &'a Object> {
    schema.objects.values().filter(move |object| match &object.definition {
        Definition::Sequence(sequence) => sequence.owned_by.as_ref().is_some_and(|by| by.table == *owner),
        _ => object.belongs_to() == Some(owner),
    })
}
