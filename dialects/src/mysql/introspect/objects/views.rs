//! Views, in the servers' own words: the catalog tells neither how one is evaluated nor what its columns were named.

use dunlin_dsl::{
    Algorithm, CheckOption, ConnectionError, Definition, Expr, Name, Object, ObjectId, Security, Unmodelled,
    View,
};

use super::super::key;
use super::{Objects, Remembered};
use crate::lex::{Kind, name, tokens};
use crate::mysql::text;

impl Objects<'_> {
    pub(super) async fn views(&mut self, asked: &[ObjectId]) -> Result<(), ConnectionError> {
        if asked.is_empty() {
            return Ok(());
        }
        let (schemas, names) = self.conditions(asked.iter().map(|id| &id.name))?;
        let query = format!(
            "SELECT TABLE_SCHEMA, TABLE_NAME, DEFINER, CHARACTER_SET_CLIENT, CHECK_OPTION, SECURITY_TYPE, COLLATION_CONNECTION \
             FROM information_schema.VIEWS WHERE TABLE_SCHEMA{schemas} AND TABLE_NAME{names}"
        );
        let rows = self.conn.query(&query).await?;
        let found: Vec<_> =
            rows.iter().filter_map(|row| Some((row, self.asked(asked, &key(row))?.clone()))).collect();
        let names: Vec<Name> = found.iter().map(|(_, id)| id.name.clone()).collect();
        let shown = self.shown("VIEW", &names).await?;
        for ((row, id), shown) in found.into_iter().zip(shown) {
            let mut view = View {
                query: Expr::Sql(String::new()),
                columns: Vec::new(),
                check_option: match row.text(4).as_deref() {
                    Some("LOCAL") => Some(CheckOption::Local),
                    Some("CASCADED") => Some(CheckOption::Cascaded),
                    _ => None,
                },
                security: (row.text(5).as_deref() == Some("INVOKER")).then_some(Security::Invoker),
                security_barrier: false,
                algorithm: None,
                defaults: Default::default(),
                column_comments: Default::default(),
            };
            let is_known = shown.is_some_and(|shown| parse(&shown, &mut view));
            if let Expr::Sql(query) = &mut view.query {
                *query = text::expression(query, self.sql.server);
            }
            let mut object = Object::new(id, Definition::View(view));
            if !is_known {
                object.notes.unmodelled.push(Unmodelled::thing("a query that this user may not see"));
            }
            let (definer, charset, collation) = (row.text(2), row.text(3), row.text(6));
            let remembered = Remembered { definer, charset, collation, ..Remembered::default() };
            self.remembered(&mut object, remembered).await?;
            Self::refuse_charset(&mut object);
            self.found.insert_object(object);
        }
        Ok(())
    }
}

/// Reads `CREATE ALGORITHM=.. VIEW name (columns) AS query WITH .. CHECK OPTION` into a view.
fn parse(shown: &str, view: &mut View) -> bool {
    // Only what stands before the query is read by tokens: literals in it may have backslashes.
    let tokens = tokens(shown);
    let is = |at: usize, word: &str| {
        tokens
            .get(at)
            .is_some_and(|t| t.kind == Kind::Word && shown[t.start..t.end].eq_ignore_ascii_case(word))
    };
    let punct = |at: usize, c: char| tokens.get(at).is_some_and(|token| token.kind == Kind::Punct(c));
    let Some(start) = (0..tokens.len()).find(|at| is(*at, "VIEW")) else { return false };
    for at in 0..start {
        if is(at, "ALGORITHM") && punct(at + 1, '=') {
            view.algorithm = match () {
                () if is(at + 2, "MERGE") => Some(Algorithm::Merge),
                () if is(at + 2, "TEMPTABLE") => Some(Algorithm::Temptable),
                () => None,
            };
        }
    }
    let mut at = if punct(start + 2, '.') { start + 4 } else { start + 2 };
    if punct(at, '(') {
        while !punct(at, ')') {
            at += 1;
            match tokens.get(at) {
                Some(token) if token.kind == Kind::Quoted => view.columns.push(name(shown, *token)),
                Some(_) => {}
                None => return false,
            }
        }
        at += 1;
    }
    let Some(begin) = tokens.get(at).filter(|_| is(at, "AS")) else { return false };
    let mut query = shown[begin.end..].trim();
    for end in [" WITH LOCAL CHECK OPTION", " WITH CASCADED CHECK OPTION"] {
        query = query.strip_suffix(end).filter(|_| view.check_option.is_some()).unwrap_or(query);
    }
    view.query = Expr::Sql(query.to_owned());
    true
}
