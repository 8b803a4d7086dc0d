//! Which texts JSON keeps as they mean. MySQL keeps its values, and not its text: of two members with one name the last, and of
//! a number what a double holds.

use dunlin_dsl::Unsupported;

use crate::sql::Sql;

/// The longest text that is looked into: regular expressions give up beyond some hundred thousand steps. A longer one must be
/// written as MySQL writes it.
const CHARACTERS: u32 = 50_000;

/// The condition of texts that are no JSON, or would be less. What is left of a text without what its strings say, spaces and
/// zeros behind a point never grows by being read; so where it is as long afterwards, no member and no digit was lost, unless there
/// are numbers that may be written longer.
pub(super) fn misfit(a: &str, sql: Sql<'_>) -> Result<String, Unsupported> {
    let text = format!("CONVERT({a} USING utf8mb4)");
    let read = format!("CAST(CAST({text} AS JSON) AS CHAR)");
    let replace = |text: String, pattern: &str, by: &str| {
        Ok(format!("REGEXP_REPLACE({text}, {}, {})", sql.text(pattern)?, sql.text(by)?))
    };
    let outline = |text: &str| {
        let strings = replace(text.to_owned(), r#""(?:[^"\\]++|\\.)*+""#, "\"")?;
        let spaces = replace(strings, "[ \t\r\n]+", "")?;
        let zeros = replace(spaces, "[.]0+(?![0-9])", "")?;
        replace(zeros, "([.][0-9]*[1-9])0+(?![0-9])", "$1")
    };
    let (was, is) = (outline(&text)?, outline(&read)?);
    let inexact = "[0-9][eE]|(?<![0-9])(-[0-9]{19}|[0-9]{20})|(?<![0-9.])(?=[0-9.]{17})[0-9]+[.]";
    let same = |text: &str| format!("CAST(REPLACE({text}, ' ', '') AS BINARY)");
    Ok(format!(
        "({a} IS NOT NULL AND IF(JSON_VALID({text}), {} <> {} AND IF(CHAR_LENGTH({text}) > {CHARACTERS}, TRUE, \
         CHAR_LENGTH({was}) <> CHAR_LENGTH({is}) OR {was} REGEXP {} OR {is} REGEXP '[0-9]e'), TRUE))",
        same(&text),
        same(&read),
        sql.text(inexact)?,
    ))
}
