//! Objects that aren't tables, as they are written: what all kinds have in common.

use std::marker::PhantomData;

use super::into::IntoColumns;
use super::slot::{Draft, Slot};
use super::table::TableSpec;
use crate::change::{ObjectChange, TableChange};
use crate::fault::fault;
use crate::op::{Existing, Op};
use crate::ops::{Ops, RecordError, not_as_given};
use crate::schema::{Definition, Grant, Name, Object, ObjectId, ObjectKind, Schema};

/// An object being written. `K` is how its kind is defined, and brings the methods of its own: [`View`](crate::View) has
/// `check_option()`.
///
/// One that comes from [`Ops`] is recorded; one that stands alone is given to a [`Schema`] or to
/// [`Ops::create_object`].
#[derive(Debug)]
pub struct ObjectSpec<'a, K> {
    pub(super) object: Slot<'a, Object>,
    pub(super) existing: Slot<'a, Existing>,
    pub(super) draft: Slot<'a, Draft>,
    kind: PhantomData<K>,
}

/// Changes of an object being written: each is an operation of its own.
pub struct AlterObjectSpec<'a, K> {
    pub(super) ops: &'a mut Ops,
    pub(super) id: ObjectId,
    kind: PhantomData<K>,
}

/// How a kind of object is defined.
pub trait Defined {
    /// The definition, if it is of this kind.
    fn of(definition: &mut Definition) -> Option<&mut Self>;
}

macro_rules! defined {
    ($($kind:ident $($variant:ident)|+),+ $(,)?) => {$(
        impl Defined for crate::schema::$kind {
            fn of(definition: &mut Definition) -> Option<&mut Self> {
                match definition {
                    $(Definition::$variant(of))|+ => Some(of),
                    _ => None,
                }
            }
        }
    )+};
}

defined! {
    Namespace Schema, Extension Extension, Collation Collation, EnumType Enum, Composite Composite, Domain Domain,
    Sequence Sequence, Routine Function | Procedure, View View, MaterializedView MaterializedView, Trigger Trigger,
    Rule Rule, Policy Policy, Statistics Statistics, Publication Publication, ScheduledEvent Event,
}

/// Gives a kind its attributes: the same method sets one when the object is created, and changes it later.
macro_rules! attributes {
    ($kind:ident, $wrap:ident($change:ident) {
        $($(#[$doc:meta])* $method:ident($($arg:ident: $ty:ty)?) $field:ident, $variant:ident = $value:expr;)+
    }) => {
        impl $crate::builder::ObjectSpec<'_, $crate::schema::$kind> {
            $($(#[$doc])*
            pub fn $method(self $(, $arg: $ty)?) -> Self {
                self.define(|of| of.$field = $value)
            })+
        }

        impl $crate::builder::AlterObjectSpec<'_, $crate::schema::$kind> {
            $($(#[$doc])*
            pub fn $method(self $(, $arg: $ty)?) -> Self {
                self.change($crate::change::ObjectChange::$wrap($crate::change::$change::$variant($value)))
            })+
        }
    };
}

/// Gives a kind its drop and its rename, and its way to change.
macro_rules! drops_and_renames {
    ($($kind:ident $id:ident $drop:ident $rename:ident $what:literal;)+) => {
        impl $crate::ops::Ops {$(
            #[doc = concat!("Drops ", $what, ".")]
            pub fn $drop(&mut self, name: impl Into<$crate::schema::Name>) -> $crate::builder::DropObjectSpec<'_> {
                self.drop_object($crate::schema::ObjectId::$id(name))
            }

            #[doc = concat!("Renames ", $what, " within its schema.")]
            pub fn $rename(&mut self, name: impl Into<$crate::schema::Name>, to: impl Into<String>) {
                self.rename_object($crate::schema::ObjectId::$id(name), to);
            }
        )+}
    };
}

pub(super) use {attributes, drops_and_renames};

impl<'a, K: Defined> ObjectSpec<'a, K> {
    /// Sets what is its own.
    pub(super) fn define(mut self, set: impl FnOnce(&mut K)) -> Self {
        if let Some(of) = K::of(&mut self.object.definition) {
            set(of);
        }
        self
    }
}

impl<'a, K> ObjectSpec<'a, K> {
    fn lent(object: &'a mut Object, existing: &'a mut Existing, draft: &'a mut Draft) -> Self {
        Self {
            object: Slot::Lent(object),
            existing: Slot::Lent(existing),
            draft: Slot::Lent(draft),
            kind: PhantomData,
        }
    }

    /// Leaves one alone that is there already, whatever it looks like.
    pub fn if_not_exists(mut self) -> Self {
        *self.existing = Existing::Keep;
        self
    }

    /// Puts it in place of one that is there already. What depends on that one stays where the server can do so.
    pub fn or_replace(mut self) -> Self {
        *self.existing = Existing::Replace;
        self
    }

    /// A remark kept in the catalog; where a server has no place for it, it is left out.
    pub fn comment(mut self, comment: impl Into<String>) -> Self {
        self.object.comment = Some(comment.into());
        self
    }

    /// Lets others do something with it: `.grant("SELECT", "reader")`, or arrays of both.
    pub fn grant(mut self, privileges: impl IntoColumns, to: impl IntoColumns) -> Self {
        self.object.grants.extend(grants(privileges, to));
        self
    }
}

impl<K> ObjectSpec<'static, K> {
    /// An object that stands alone.
    pub(super) fn own(id: ObjectId, definition: Definition) -> Self {
        Self {
            object: Slot::Own(Object::new(id, definition)),
            existing: Slot::Own(Existing::Refuse),
            draft: Slot::Own(Draft::default()),
            kind: PhantomData,
        }
    }

    pub(crate) fn into_parts(self) -> (Object, Existing, Draft) {
        match (self.object, self.existing, self.draft) {
            (Slot::Own(object), Slot::Own(existing), Slot::Own(draft)) => (object, existing, draft),
            (object, existing, draft) => (object.clone(), *existing, draft.clone()),
        }
    }
}

impl<K> From<Object> for ObjectSpec<'static, K> {
    fn from(object: Object) -> Self {
        Self::own(object.id.clone(), object.definition.clone()).with(object)
    }
}

impl<K> ObjectSpec<'static, K> {
    fn with(mut self, object: Object) -> Self {
        *self.object = object;
        self
    }
}

impl<'a, K> AlterObjectSpec<'a, K> {
    pub(super) fn new(ops: &'a mut Ops, id: ObjectId) -> Self {
        Self { ops, id, kind: PhantomData }
    }

    /// Records a change.
    pub(super) fn change(self, change: ObjectChange) -> Self {
        self.ops.push(Op::AlterObject { object: self.id.clone(), change });
        self
    }

    /// Sets its comment.
    pub fn comment(self, comment: impl Into<String>) -> Self {
        self.change(ObjectChange::Comment(Some(comment.into())))
    }

    /// Removes its comment.
    pub fn drop_comment(self) -> Self {
        self.change(ObjectChange::Comment(None))
    }

    /// Gives it to another owner.
    pub fn owner(self, role: impl Into<String>) -> Self {
        self.change(ObjectChange::Owner(role.into()))
    }
}

impl Ops {
    /// Records the creation of an object, and lends it for what is said of it next.
    pub(super) fn create<K>(&mut self, id: ObjectId, definition: Definition) -> ObjectSpec<'_, K> {
        let object = Object::new(id, definition);
        let entry = self.record(Op::CreateObject { object, existing: Existing::Refuse });
        match &mut entry.op {
            Op::CreateObject { object, existing } => ObjectSpec::lent(object, existing, &mut entry.draft),
            _ => not_as_given(),
        }
    }

    /// Creates an object that was written elsewhere: what [`view`](crate::view), [`sequence`](crate::sequence) and their
    /// like give.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.create_object(view("admins", "SELECT id FROM users WHERE is_admin").comment("who may do all"));
    /// op.create_object(sequence("tickets").start(1000)).if_not_exists();
    /// op.finish()?;
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn create_object<K>(&mut self, spec: ObjectSpec<'static, K>) -> ObjectSpec<'_, K> {
        let (given, unless, draft) = spec.into_parts();
        let mut created = self.create(given.id.clone(), given.definition.clone());
        *created.object = given;
        *created.existing = unless;
        *created.draft = draft;
        created
    }

    /// Renames any object within its schema; for each kind there is a method of its own, such as
    /// [`rename_view`](Self::rename_view).
    pub fn rename_object(&mut self, object: ObjectId, to: impl Into<String>) {
        let to = to.into();
        self.push(match object.kind {
            ObjectKind::Table => Op::RenameTable { table: object.name, to },
            _ => Op::RenameObject { object, to },
        });
    }

    /// Puts an object into another schema: PostgreSQL; tables and views on MySQL and MariaDB too.
    pub fn set_schema(&mut self, object: ObjectId, schema: impl Into<String>) {
        self.push(Op::SetSchema { object, schema: Some(schema.into()) });
    }

    /// Sets the comment of any object.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.comment_on(ObjectId::view("admins"), "who may do all");
    /// op.comment_on(ObjectId::trigger("touch", "users"), "keeps updated_at");
    /// op.drop_comment_on(ObjectId::table("users"));
    /// op.finish()?;
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn comment_on(&mut self, object: ObjectId, comment: impl Into<String>) {
        self.set_comment(object, Some(comment.into()));
    }

    /// Removes the comment of any object.
    pub fn drop_comment_on(&mut self, object: ObjectId) {
        self.set_comment(object, None);
    }

    fn set_comment(&mut self, object: ObjectId, comment: Option<String>) {
        self.push(match object.kind {
            ObjectKind::Table => Op::SetTableComment { table: object.name, comment },
            _ => Op::AlterObject { object, change: ObjectChange::Comment(comment) },
        });
    }

    /// Gives a table or another object to another owner: PostgreSQL.
    pub fn set_owner(&mut self, object: ObjectId, role: impl Into<String>) {
        let owner = role.into();
        self.push(match object.kind {
            ObjectKind::Table => Op::AlterTable { table: object.name, change: TableChange::Owner(owner) },
            _ => Op::AlterObject { object, change: ObjectChange::Owner(owner) },
        });
    }
}

impl Schema {
    /// The same schema with an object more, which isn't a table: what [`view`](crate::view), [`sequence`](crate::sequence)
    /// and their like give.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let schema = Schema::new()
    ///     .table(table("users").col("id", bigint().primary_key()).col("is_admin", boolean()))
    ///     .with(view("admins", "SELECT id FROM users WHERE is_admin"));
    /// schema.check()?;
    /// // Whatever the order in which they are declared, each is created after what it needs.
    /// assert_eq!(creation_ops(&schema)[1].to_string(), "create view admins");
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn with<K>(mut self, spec: ObjectSpec<'static, K>) -> Self {
        let (mut object, existing, draft) = spec.into_parts();
        self.written.naming.name_object(&mut object);
        let operation = format!("declare {}", object.id);
        let twice = self.objects.contains_key(&object.id).then(|| "it is declared twice".to_owned());
        let unsound = fault(&Op::CreateObject { object: object.clone(), existing });
        let faults = draft.faults.into_iter().chain(twice).chain(unsound);
        self.written.faults.extend(faults.map(|reason| RecordError { operation: operation.clone(), reason }));
        self.insert_object(object);
        self
    }
}

impl TableSpec<'_> {
    /// Lets others do something with it: `.grant("SELECT", "reader")`, or arrays of both.
    pub fn grant(mut self, privileges: impl IntoColumns, to: impl IntoColumns) -> Self {
        self.table.grants.extend(grants(privileges, to));
        self
    }
}

/// Each privilege of each grantee.
pub(super) fn grants(privileges: impl IntoColumns, to: impl IntoColumns) -> Vec<Grant> {
    let (privileges, to) = (privileges.into_columns(), to.into_columns());
    let each = |to: &String| {
        let grant = |privilege: &String| Grant {
            to: if to.eq_ignore_ascii_case("public") { "PUBLIC".into() } else { to.clone() },
            privilege: privilege.to_uppercase(),
            columns: Vec::new(),
            grantable: false,
        };
        privileges.iter().map(grant).collect::<Vec<_>>()
    };
    to.iter().flat_map(each).collect()
}

/// The name of something that belongs to a table, and the table's.
pub(super) fn of_table(name: impl Into<String>, table: impl Into<Name>) -> (String, Name) {
    (name.into(), table.into())
}
