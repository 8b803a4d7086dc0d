//! Schemas and their parts as a person reads them, in the words of SQL, for no server in particular.

mod object;

use std::fmt::{self, Display, Formatter};

use super::column::Column;
use super::constraint::{Action, Constraint, Deferrable, ExclusionElement, ForeignKey, Match};
use super::index::{Index, IndexKey, KeyPart, Nulls};
use super::table::Table;
use super::{ReplicaIdentity, Schema, is_default};

impl Display for Schema {
    /// Its tables and other objects, with an empty line between them.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let tables = self.tables.values().map(ToString::to_string);
        let all: Vec<_> = tables.chain(self.objects.values().map(ToString::to_string)).collect();
        f.write_str(&all.join("\n\n"))
    }
}

impl Display for Table {
    /// Its name, then a line for each column, constraint and index.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let schema = Schema::new().table(table("t").col("id", bigint().primary_key()).col("name", varchar(9).default("x")));
    /// assert_eq!(schema.to_string(), "table t\n  id bigint not null\n  name varchar(9) default 'x'\n  primary key t_pkey (id)");
    /// ```
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "table {}", self.name)?;
        for column in &self.columns {
            write!(f, "\n  {column}")?;
        }
        for constraint in self.constraints() {
            write!(f, "\n  {constraint}")?;
        }
        for index in &self.indexes {
            write!(f, "\n  {index}")?;
        }
        if !is_default(&self.options) {
            write!(f, "\n  options {:?}", self.options)?;
        }
        if let Some(partitioning) = &self.partitioning {
            write!(f, "\n  {partitioning}")?;
        }
        if let Some(of) = &self.partition_of {
            write!(f, "\n  partition of {} {}", of.parent, of.bound)?;
        }
        for parent in &self.inherits {
            write!(f, "\n  inherits from {parent}")?;
        }
        if self.row_security.enabled {
            f.write_str(if self.row_security.forced {
                "\n  row security, forced"
            } else {
                "\n  row security"
            })?;
        }
        if let Some(index) = &self.cluster {
            write!(f, "\n  clustered on {index}")?;
        }
        match &self.replica_identity {
            ReplicaIdentity::PrimaryKey => {}
            ReplicaIdentity::Full => f.write_str("\n  replica identity full")?,
            ReplicaIdentity::Nothing => f.write_str("\n  replica identity nothing")?,
            ReplicaIdentity::Index(index) => write!(f, "\n  replica identity {index}")?,
        }
        for grant in &self.grants {
            write!(f, "\n  {grant}")?;
        }
        for (name, remark) in &self.constraint_comments {
            write!(f, "\n  comment on {name} {remark:?}")?;
        }
        comment(f, self.comment.as_deref(), "\n  ")
    }
}

impl Display for Column {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.ty)?;
        for (dialects, collation) in self.collation.entries() {
            write!(f, " collate {collation} on {dialects}")?;
        }
        if self.not_null {
            f.write_str(" not null")?;
        }
        if let Some(default) = &self.default {
            write!(f, " default {default}")?;
        }
        if let Some(generated) = &self.generated {
            let kind = if generated.stored { "stored" } else { "virtual" };
            write!(f, " as ({}) {kind}", generated.expr)?;
        }
        if self.identity.is_some() {
            f.write_str(" identity")?;
        }
        if let Some(on_update) = &self.on_update {
            write!(f, " on update {on_update}")?;
        }
        if self.invisible {
            f.write_str(" invisible")?;
        }
        for (name, value) in &self.options {
            write!(f, " {name} {value}")?;
        }
        comment(f, self.comment.as_deref(), " ")
    }
}

impl Display for Constraint {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind(), self.label())?;
        match self {
            Self::PrimaryKey(key) => write!(f, " ({})", key.columns.join(", ")),
            Self::Unique(unique) => {
                write!(f, " ({})", unique.columns.join(", "))?;
                include(f, &unique.include)?;
                if unique.nulls_not_distinct {
                    f.write_str(" nulls not distinct")?;
                }
                f.write_str(deferral(unique.deferrable))
            }
            Self::ForeignKey(key) => foreign_key(f, key),
            Self::Check(check) => write!(f, " ({})", check.expr),
            Self::Exclusion(exclusion) => {
                let element =
                    |element: &ExclusionElement| format!("{} with {}", element.key, element.operator);
                let elements: Vec<_> = exclusion.elements.iter().map(element).collect();
                write!(
                    f,
                    " using {} ({})",
                    exclusion.method.as_deref().unwrap_or("gist"),
                    elements.join(", ")
                )?;
                include(f, &exclusion.include)?;
                if let Some(predicate) = &exclusion.predicate {
                    write!(f, " where {predicate}")?;
                }
                f.write_str(deferral(exclusion.deferrable))
            }
        }
    }
}

impl Display for Index {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let unique = if self.unique { "unique " } else { "" };
        let keys: Vec<_> = self.keys.iter().map(ToString::to_string).collect();
        write!(f, "{unique}index {} ({})", self.label, keys.join(", "))?;
        include(f, &self.include)?;
        if let Some(method) = &self.method {
            write!(f, " using {method}")?;
        }
        if self.nulls_not_distinct {
            f.write_str(" nulls not distinct")?;
        }
        if let Some(predicate) = &self.predicate {
            write!(f, " where {predicate}")?;
        }
        for (place, target) in &self.statistics {
            write!(f, " statistics {target} of key {place}")?;
        }
        comment(f, self.comment.as_deref(), " ")
    }
}

impl Display for IndexKey {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.on {
            KeyPart::Column(column) => f.write_str(column)?,
            KeyPart::Expr(expr) => write!(f, "({expr})")?,
        }
        if let Some(characters) = self.prefix {
            write!(f, "({characters})")?;
        }
        for (dialects, collation) in self.collation.entries() {
            write!(f, " collate {collation} on {dialects}")?;
        }
        if let Some(opclass) = &self.opclass {
            write!(f, " {opclass}")?;
        }
        for (name, value) in &self.opclass_options {
            write!(f, " ({name} = {value})")?;
        }
        if self.descending {
            f.write_str(" desc")?;
        }
        match self.nulls {
            Some(Nulls::First) => f.write_str(" nulls first"),
            Some(Nulls::Last) => f.write_str(" nulls last"),
            None => Ok(()),
        }
    }
}

fn foreign_key(f: &mut Formatter<'_>, key: &ForeignKey) -> fmt::Result {
    let (columns, referred) = (key.columns.join(", "), key.references_columns.join(", "));
    write!(f, " ({columns}) to {} ({referred})", key.references)?;
    if key.matching == Match::Full {
        f.write_str(" match full")?;
    }
    for (when, action) in [("delete", key.on_delete), ("update", key.on_update)] {
        let what = match action {
            Action::NoAction => continue,
            Action::Restrict => "restrict",
            Action::Cascade => "cascade",
            Action::SetNull => "set null",
            Action::SetDefault => "set default",
        };
        write!(f, " on {when} {what}")?;
    }
    f.write_str(deferral(key.deferrable))
}

fn include(f: &mut Formatter<'_>, columns: &[String]) -> fmt::Result {
    match columns {
        [] => Ok(()),
        columns => write!(f, " include ({})", columns.join(", ")),
    }
}

fn deferral(deferrable: Deferrable) -> &'static str {
    match deferrable {
        Deferrable::No => "",
        Deferrable::InitiallyImmediate => " deferrable",
        Deferrable::InitiallyDeferred => " initially deferred",
    }
}

fn comment(f: &mut Formatter<'_>, comment: Option<&str>, before: &str) -> fmt::Result {
    match comment {
        Some(comment) => write!(f, "{before}comment {comment:?}"),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    #[test]
    fn every_part_is_printed() {
        let schema = Schema::new().table(
            table("posts")
                .col("id", bigint().identity().primary_key())
                .col(
                    "user_id",
                    uuid()
                        .not_null()
                        .references("users", "id")
                        .on_delete(Action::Cascade)
                        .initially_deferred(),
                )
                .col("words", integer().default(0).check("words >= 0").comment("counted"))
                .col("twice", integer().generated_stored("words * 2"))
                .unique(["user_id", "words"])
                .index(index([desc("words"), expr("lower(title)")]).unique().filter("words > 0").named("i"))
                .comment("what was written"),
        );
        let expected = "table posts\n  id bigint not null identity\n  user_id uuid not null\n  \
                        words integer default 0 comment \"counted\"\n  twice integer as (words * 2) stored\n  \
                        primary key posts_pkey (id)\n  unique constraint posts_user_id_words_key (user_id, words)\n  \
                        foreign key posts_user_id_fkey (user_id) to users (id) on delete cascade initially deferred\n  \
                        check posts_words_check (words >= 0)\n  \
                        unique index i (words desc, (lower(title))) where words > 0\n  comment \"what was written\"";
        assert_eq!(schema.to_string(), expected);
    }
}
