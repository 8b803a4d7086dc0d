//! What a run would do, told from the tables as they are now and from what the operations then make of them.

use dunlin_dsl::{Connection, Object, Op, Place, Schema, Server, Setting, Statement, apply, recall, touched};

use super::recorded::{Surveyed, Way};
use super::segment::{Segment, segments};
use crate::error::{Error, Result};
use crate::layout::Layout;
use crate::lock::assignment;
use crate::plan::{Direction, Plan, PlannedStatement, Step};
use crate::script::classify;

/// Of a file with more statements a plan tells only so many.
const MAX_STATEMENTS: usize = 1000;

/// The plan of these ways, in order.
pub(super) async fn preview<'w>(
    conn: &mut dyn Connection,
    layout: &Layout,
    ways: impl Iterator<Item = (Direction, &'w str, &'w Way)> + Clone,
) -> Result<Plan> {
    let mut known = Known::read(conn, layout, ways.clone().map(|(.., way)| way)).await?;
    let steps = ways.map(|(direction, id, way)| match way {
        Way::Ops { ops, .. } => known.step(id.to_owned(), direction, ops),
        Way::Script(surveyed) => known.script(id.to_owned(), direction, surveyed),
    });
    Ok(Plan { steps: steps.collect::<Result<_>>()? })
}

/// What is known of the tables.
struct Known<'a> {
    layout: &'a Layout,
    schema: Schema,
    /// Texts that are other wordings of what there is.
    recalled: Vec<Object>,
    /// Whether something was renamed: what is recalled behind it may have its old name.
    renamed: bool,
    /// Whether hand-written SQL or a data step is among what went before: what it did isn't known.
    opaque: bool,
}

impl<'a> Known<'a> {
    async fn read<'w>(
        conn: &mut dyn Connection,
        layout: &'a Layout,
        ways: impl Iterator<Item = &'w Way>,
    ) -> Result<Self> {
        let ops = ways.filter_map(|way| match way {
            Way::Ops { ops, .. } => Some(ops),
            Way::Script(_) => None,
        });
        let all = ops.flat_map(|ops| Op::select(ops, layout.server.dialect)).collect::<Vec<_>>();
        let ids = touched(&all);
        let schema = match ids.is_empty() {
            true => Schema::new(),
            false => layout.dialect.introspect(conn, &ids).await.map_err(Error::from_connection)?,
        };
        let recalled = layout.dialect.recalled(conn, &Op::recalls(&all), &schema).await;
        let recalled = recalled.map_err(Error::from_connection)?;
        Ok(Self { layout, schema, recalled, renamed: false, opaque: false })
    }

    fn step(&mut self, id: String, direction: Direction, ops: &[Op]) -> Result<Step> {
        let Layout { dialect, server, .. } = self.layout;
        let selected = Op::select(ops, server.dialect);
        let mut statements = Vec::new();
        let mut complete = true;
        for segment in segments(&selected) {
            let ops = match segment {
                Segment::Ops(ops) => ops,
                Segment::Step(_) => {
                    self.opaque = true;
                    complete = false;
                    continue;
                }
            };
            for had in Op::recalls(ops) {
                if self.renamed || self.recalled.contains(had) {
                    recall(&mut self.schema, had);
                }
            }
            let lowered = dialect.lower_ops(ops, &self.schema, server);
            match lowered.and_then(|ops| Ok((dialect.render(&ops, &self.schema, server)?, ops))) {
                Ok((rendered, lowered)) => {
                    for statement in rendered {
                        statements.extend(self.planned(statement)?);
                    }
                    for op in &lowered {
                        self.renamed |= matches!(
                            op,
                            Op::RenameTable { .. } | Op::RenameColumn { .. } | Op::RenameObject { .. }
                        );
                        // Rendering has applied them already, to a copy of its own.
                        let _ = apply(&mut self.schema, op);
                    }
                }
                // What an opaque step did before may be just what is missing here.
                Err(_) if self.opaque => complete = false,
                Err(error) => return Err(Error::from_unsupported(error).with_revision(&id)),
            }
            self.opaque |= ops.iter().any(Op::is_opaque);
        }
        let operations = selected.iter().map(ToString::to_string).collect();
        Ok(Step { id, direction, operations, statements, complete })
    }

    /// A file's statements are told as they stand in it; of a very long one the first.
    fn script(&mut self, id: String, direction: Direction, surveyed: &Surveyed) -> Result<Step> {
        let Layout { dialect, server, .. } = self.layout;
        let lexicon = dialect.lexicon(server);
        let wrong = |error| Error::from_script(error).with_revision(&id);
        self.opaque = true;
        let survey = surveyed.survey(self.layout).map_err(|error| error.with_revision(&id))?;
        let script = &surveyed.script;
        let mut read = script.statements(&lexicon).map_err(wrong)?;
        let mut statements = Vec::new();
        while statements.len() < MAX_STATEMENTS
            && let Some(sql) = read.next().map_err(wrong)?
        {
            while read.data().map_err(wrong)?.is_some() {}
            let sent = self.layout.variables.fill(script, &sql.text, sql.start).map_err(wrong)?.text;
            let place = if survey.alone { Place::Outside } else { classify(&sent, &lexicon).place };
            statements.push(PlannedStatement { sql: sql.text, place, hazards: Vec::new() });
        }
        let complete = statements.len() == survey.statements;
        let operations = vec![format!("run {} statements of {}", survey.statements, script.file())];
        Ok(Step { id, direction, operations, statements, complete })
    }

    /// A statement, between what sets its settings and what sets them as they are.
    fn planned(&self, statement: Statement) -> Result<Vec<PlannedStatement>> {
        let Layout { server, .. } = self.layout;
        let alone = |sql| PlannedStatement { sql, place: statement.place, hazards: Vec::new() };
        let set = |value: fn(&Setting, &Server) -> String| {
            let settings = statement.settings.iter();
            settings.map(move |setting| Ok(alone(assignment(self.layout, setting, &value(setting, server))?)))
        };
        let before = set(|setting, _| setting.value.clone()).collect::<Result<Vec<_>>>()?;
        let after =
            set(|setting, server| server.fact(&setting.name).to_owned()).collect::<Result<Vec<_>>>()?;
        let sql = statement.sql.clone();
        let planned = PlannedStatement { sql, place: statement.place, hazards: statement.hazards.clone() };
        Ok(before.into_iter().chain([planned]).chain(after.into_iter().rev()).collect())
    }
}
