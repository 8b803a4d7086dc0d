//! What has to be read beside what is asked for: what a table has its columns from, and the views on it or on a view.

use dunlin_dsl::{Connection, ConnectionError, Name, ObjectId, ObjectKind};

use super::Reader;

const AROUND: &str = include_str!("../sql/around.sql");

/// What stands around `ids`, and isn't among them: the ancestors of an heir and of a partition that is partitioned itself, the views
/// on a table or a view, and what has the name of one of them as another kind.
pub(super) async fn ids(
    conn: &mut dyn Connection,
    reader: &Reader<'_>,
    ids: &[ObjectId],
) -> Result<Vec<ObjectId>, ConnectionError> {
    let asked: Vec<&ObjectId> = ids.iter().filter(|id| Family::of(id.kind).is_some()).collect();
    let names: Vec<&Name> = asked.iter().map(|id| &id.name).collect();
    let mut more = Vec::new();
    if names.is_empty() {
        return Ok(more);
    }
    for row in conn.query(&reader.question(AROUND, &names, [])?).await? {
        let Some(kind) = row.text(0).as_deref().and_then(kind) else { continue };
        let found = ObjectId::new(kind, reader.name(&row, 1));
        let mut alike = asked.iter().filter(|id| id.name == found.name).peekable();
        let is_new = match alike.peek() {
            // It isn't asked for at all.
            None => true,
            Some(_) => {
                alike.clone().all(|id| id.kind != kind)
                    && alike.any(|id| Family::of(id.kind) == Family::of(kind))
            }
        };
        if is_new {
            more.push(found);
        }
    }
    Ok(more)
}

/// Kinds of which there is one of a name only.
#[derive(PartialEq, Eq)]
enum Family {
    Relation,
    Type,
    Routine,
}

impl Family {
    fn of(kind: ObjectKind) -> Option<Self> {
        use ObjectKind::{
            Composite, Domain, Enum, Function, MaterializedView, Procedure, Sequence, Table, View,
        };
        match kind {
            Table | View | MaterializedView | Sequence => Some(Self::Relation),
            Enum | Composite | Domain => Some(Self::Type),
            Function | Procedure => Some(Self::Routine),
            _ => None,
        }
    }
}

fn kind(word: &str) -> Option<ObjectKind> {
    use ObjectKind::{Composite, Domain, Enum, Function, MaterializedView, Procedure, Sequence, Table, View};
    let kinds = [Composite, Domain, Enum, Function, MaterializedView, Procedure, Sequence, Table, View];
    match word {
        "composite" => Some(Composite),
        word => kinds.into_iter().find(|kind| kind.as_str() == word),
    }
}
