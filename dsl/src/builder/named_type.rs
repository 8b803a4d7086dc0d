//! Enums, composite types and domains, as they are written: PostgreSQL.

use std::collections::BTreeMap;

use super::column::ColumnSpec;
use super::into::{IntoColumns, IntoSql};
use super::object::{AlterObjectSpec, ObjectSpec, attributes, drops_and_renames};
use crate::change::{ObjectChange, ValuePosition};
use crate::op::Op;
use crate::ops::{Ops, not_as_given};
use crate::schema::{
    Attribute, Check, Composite, Constraint, Definition, Domain, Enforcement, EnumType, Expr, Label, Name,
    ObjectId,
};

/// An enum type with these values: PostgreSQL. A column is of it by `native("mood")`.
///
/// Where there may be servers without such types, [`enumeration`](crate::enumeration) is a column's type on all of them.
pub fn enum_type(name: impl Into<Name>, values: impl IntoColumns) -> ObjectSpec<'static, EnumType> {
    let definition = Definition::Enum(EnumType { values: values.into_columns() });
    ObjectSpec::own(ObjectId::enumeration(name), definition)
}

/// A composite type: PostgreSQL. Its attributes follow, each by [`field`](ObjectSpec::field).
pub fn composite(name: impl Into<Name>) -> ObjectSpec<'static, Composite> {
    ObjectSpec::own(ObjectId::composite(name), Definition::Composite(Composite::default()))
}

/// A domain: PostgreSQL. It is written as a column is: `domain("email", text().check("VALUE LIKE '%@%'"))`.
pub fn domain(name: impl Into<Name>, spec: impl Into<ColumnSpec>) -> ObjectSpec<'static, Domain> {
    let (column, constraints, mut faults) = spec.into().into_named(String::new());
    let mut checks = Vec::new();
    for constraint in constraints {
        match constraint {
            Constraint::Check(check) => checks.push(check),
            other => faults.push(format!("a domain has no {}", other.kind())),
        }
    }
    let beyond = column.generated.is_some() || column.identity.is_some() || column.comment.is_some();
    if beyond {
        faults
            .push("a domain has a type, a default, NOT NULL and checks, and nothing else of a column".into());
    }
    let collation = column.collation.entries().first().map(|(_, name)| name.clone());
    let definition = Domain {
        ty: column.ty,
        collation,
        not_null: column.not_null,
        default: column.default,
        checks,
        check_comments: BTreeMap::new(),
    };
    let mut spec = ObjectSpec::own(ObjectId::domain(name), Definition::Domain(definition));
    spec.draft.faults = faults;
    spec
}

drops_and_renames! {
    EnumType enumeration drop_enum rename_enum "an enum type";
    Composite composite drop_composite rename_composite "a composite type";
    Domain domain drop_domain rename_domain "a domain";
}

impl Ops {
    /// Creates an enum type: PostgreSQL.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.create_enum("mood", ["sad", "happy"]).comment("how one is");
    /// op.add_enum_value("mood", "ok").after("sad");
    /// op.rename_enum_value("mood", "sad", "blue");
    /// op.drop_enum_value("mood", "happy");
    /// op.create_table("people").col("mood", native("mood").not_null());
    /// op.finish()?;
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn create_enum(
        &mut self,
        name: impl Into<Name>,
        values: impl IntoColumns,
    ) -> ObjectSpec<'_, EnumType> {
        self.create_object(enum_type(name, values))
    }

    /// Adds a value to an enum type, last unless it is said otherwise.
    pub fn add_enum_value(&mut self, name: impl Into<Name>, value: impl Into<String>) -> AddValueSpec<'_> {
        let change = ObjectChange::AddValue { value: value.into(), position: None, if_not_exists: false };
        let op = Op::AlterObject { object: ObjectId::enumeration(name), change };
        match &mut self.record(op).op {
            Op::AlterObject { change: ObjectChange::AddValue { position, if_not_exists, .. }, .. } => {
                AddValueSpec { position, if_not_exists }
            }
            _ => not_as_given(),
        }
    }

    /// Renames a value of an enum type; rows that have it have it still.
    pub fn rename_enum_value(
        &mut self,
        name: impl Into<Name>,
        value: impl Into<String>,
        to: impl Into<String>,
    ) {
        let change = ObjectChange::RenameValue { value: value.into(), to: to.into() };
        self.push(Op::AlterObject { object: ObjectId::enumeration(name), change });
    }

    /// Takes a value from an enum type. It fails where a row has it: give such rows another value first.
    pub fn drop_enum_value(&mut self, name: impl Into<Name>, value: impl Into<String>) {
        let change = ObjectChange::DropValue { value: value.into() };
        self.push(Op::AlterObject { object: ObjectId::enumeration(name), change });
    }

    /// Creates a composite type: PostgreSQL.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.create_composite("address").field("street", text()).field("zip", varchar(10));
    /// op.alter_composite("address").add_field("country", char(2)).drop_field("zip");
    /// op.finish()?;
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn create_composite(&mut self, name: impl Into<Name>) -> ObjectSpec<'_, Composite> {
        self.create_object(composite(name))
    }

    /// Changes a composite type.
    pub fn alter_composite(&mut self, name: impl Into<Name>) -> AlterObjectSpec<'_, Composite> {
        AlterObjectSpec::new(self, ObjectId::composite(name))
    }

    /// Creates a domain: PostgreSQL. It is written as a column is.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.create_domain("email", text().not_null().check("VALUE LIKE '%@%'"));
    /// op.alter_domain("email").nullable().add_check("length(VALUE) < 255");
    /// op.create_table("users").col("email", native("email"));
    /// op.finish()?;
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn create_domain(
        &mut self,
        name: impl Into<Name>,
        spec: impl Into<ColumnSpec>,
    ) -> ObjectSpec<'_, Domain> {
        self.create_object(domain(name, spec))
    }

    /// Changes a domain.
    pub fn alter_domain(&mut self, name: impl Into<Name>) -> AlterObjectSpec<'_, Domain> {
        AlterObjectSpec::new(self, ObjectId::domain(name))
    }
}

/// A value being added to an enum type.
pub struct AddValueSpec<'a> {
    position: &'a mut Option<ValuePosition>,
    if_not_exists: &'a mut bool,
}

impl AddValueSpec<'_> {
    /// Before this value.
    pub fn before(self, value: impl Into<String>) -> Self {
        *self.position = Some(ValuePosition::Before(value.into()));
        self
    }

    /// After this value.
    pub fn after(self, value: impl Into<String>) -> Self {
        *self.position = Some(ValuePosition::After(value.into()));
        self
    }

    /// Does nothing if there is one.
    pub fn if_not_exists(self) -> Self {
        *self.if_not_exists = true;
        self
    }
}

impl ObjectSpec<'_, Composite> {
    /// Adds an attribute: `.field("zip", varchar(10).comment("without the country"))`.
    pub fn field(mut self, name: impl Into<String>, ty: impl Into<ColumnSpec>) -> Self {
        let (attribute, faults) = attribute(name.into(), ty.into());
        self.draft.faults.extend(faults);
        self.define(|of| of.attributes.push(attribute))
    }
}

impl AlterObjectSpec<'_, Composite> {
    /// Adds an attribute, last.
    pub fn add_field(self, name: impl Into<String>, ty: impl Into<ColumnSpec>) -> Self {
        let (attribute, faults) = attribute(name.into(), ty.into());
        for fault in faults {
            self.ops.fault(format!("alter attributes of {}", self.id), fault);
        }
        self.change(ObjectChange::AddAttribute(attribute))
    }

    /// Drops an attribute.
    pub fn drop_field(self, name: impl Into<String>) -> Self {
        self.change(ObjectChange::DropAttribute { name: name.into() })
    }

    /// Renames an attribute.
    pub fn rename_field(self, name: impl Into<String>, to: impl Into<String>) -> Self {
        self.change(ObjectChange::RenameAttribute { name: name.into(), to: to.into() })
    }

    /// Gives an attribute another type. It fails where a table has a column of the composite type.
    pub fn field_type(self, name: impl Into<String>, ty: impl Into<ColumnSpec>) -> Self {
        let (to, faults) = ty.into().into_type();
        for fault in faults {
            self.ops.fault(format!("alter attributes of {}", self.id), fault);
        }
        self.change(ObjectChange::AttributeType { name: name.into(), to })
    }

    /// Sets the remark on an attribute.
    pub fn field_comment(self, name: impl Into<String>, comment: impl Into<String>) -> Self {
        self.change(ObjectChange::AttributeComment { name: name.into(), comment: Some(comment.into()) })
    }

    /// Removes the remark on an attribute.
    pub fn drop_field_comment(self, name: impl Into<String>) -> Self {
        self.change(ObjectChange::AttributeComment { name: name.into(), comment: None })
    }
}

/// An attribute, written as a column is.
fn attribute(name: String, spec: ColumnSpec) -> (Attribute, Vec<String>) {
    let (column, constraints, mut faults) = spec.into_named(name);
    let plain = crate::schema::Column {
        collation: column.collation.clone(),
        comment: column.comment.clone(),
        ..crate::schema::Column::new(column.name.clone(), column.ty.clone())
    };
    if column != plain || !constraints.is_empty() {
        faults.push(format!(
            "attribute {} has a type, a collation and a comment, and nothing else of a column",
            column.name
        ));
    }
    let collation = column.collation.entries().first().map(|(_, name)| name.clone());
    (Attribute { name: column.name, ty: column.ty, collation, comment: column.comment }, faults)
}

attributes! {
    Domain, Domain(DomainChange) {
        /// Refuses NULL.
        not_null() not_null, NotNull = true;
        /// Takes NULL.
        nullable() not_null, NotNull = false;
        /// What a column of this type gets that has no default of its own. A string is a literal; SQL text is `sql("now()")`.
        default(value: impl Into<Expr>) default, Default = Some(value.into());
        /// No default.
        drop_default() default, Default = None;
    }
}

impl ObjectSpec<'_, Domain> {
    /// A remark on one of its conditions.
    pub fn check_comment(self, name: impl Into<String>, comment: impl Into<String>) -> Self {
        let (name, comment) = (name.into(), comment.into());
        self.define(|of| _ = of.check_comments.insert(name, comment))
    }
}

impl AlterObjectSpec<'_, Domain> {
    /// Adds a condition, in which the value is `VALUE`: SQL text.
    pub fn add_check(self, sql: impl IntoSql) -> Self {
        self.change(ObjectChange::AddCheck(Check::new(Label::Unnamed, sql.into_sql())))
    }

    /// Adds a condition with a name of its own.
    pub fn add_named_check(self, name: impl Into<String>, sql: impl IntoSql) -> Self {
        self.change(ObjectChange::AddCheck(Check::new(Label::Given(name.into()), sql.into_sql())))
    }

    /// Looks at no value that there is for the condition [added](Self::add_named_check) last: it holds for those that are
    /// written from now on, until it is [validated](Self::validate_check).
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.alter_domain("positive").add_named_check("small", "VALUE < 1000").not_valid();
    /// op.alter_domain("positive").validate_check("small");
    /// # op.finish()?;
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn not_valid(self) -> Self {
        match self.ops.entries().last_mut().map(|entry| &mut entry.op) {
            Some(Op::AlterObject { object, change: ObjectChange::AddCheck(check) }) if *object == self.id => {
                check.enforcement = Enforcement::NotValid;
            }
            _ => self.ops.fault(format!("alter {}", self.id), ".not_valid() doesn't follow a new check"),
        }
        self
    }

    /// Looks at all values that there are for a condition that was added without.
    pub fn validate_check(self, name: impl Into<String>) -> Self {
        self.change(ObjectChange::EnforceCheck { name: name.into(), to: Enforcement::Full })
    }

    /// Drops a condition.
    pub fn drop_check(self, name: impl Into<String>) -> Self {
        self.change(ObjectChange::DropCheck { name: name.into() })
    }

    /// Renames a condition.
    pub fn rename_check(self, name: impl Into<String>, to: impl Into<String>) -> Self {
        self.change(ObjectChange::RenameCheck { name: name.into(), to: to.into() })
    }

    /// Sets the remark on a condition.
    pub fn check_comment(self, name: impl Into<String>, comment: impl Into<String>) -> Self {
        self.change(ObjectChange::CheckComment { name: name.into(), comment: Some(comment.into()) })
    }

    /// Removes the remark on a condition.
    pub fn drop_check_comment(self, name: impl Into<String>) -> Self {
        self.change(ObjectChange::CheckComment { name: name.into(), comment: None })
    }
}
