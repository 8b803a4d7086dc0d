//! dbmate: files whose names begin with digits, divided by `-- migrate:up` and `-- migrate:down`, in one folder.
//!
//! The version is those digits as text, and the order that of the whole name as text: `10b.sql` comes before `9_a.sql`.

use super::fault::LayoutError;
use super::read::{Line, Reader, Way};
use super::{Listed, names};
use crate::script::Transaction;

pub(super) fn read(reader: &mut Reader<'_>) -> Result<Vec<Listed>, LayoutError> {
    // Paths are sorted as text already.
    let mut found = reader.top();
    found.retain(|path| path.ends_with(".sql"));
    found.retain(|path| {
        let is_revision = !names::digits(path).0.is_empty();
        if !is_revision {
            reader.ignore(path, "its name doesn't begin with digits");
        }
        is_revision
    });
    names::unique(&found, |path| names::digits(path).0.to_owned(), |path| path, "the version")?;
    found.iter().map(|path| revision(reader, path)).collect()
}

fn revision(reader: &Reader<'_>, path: &str) -> Result<Listed, LayoutError> {
    let mut reading = Reading::default();
    let in_file = |error: LayoutError, line| error.in_file(path).at_line(line);
    let end = reader.lines(path, |line| {
        reading.line(&line).map_err(|message| in_file(LayoutError::new(message), line.start.line))
    })?;
    let (Some((up, up_in)), Some((down, down_in))) = (reading.up, reading.down) else {
        let missing = "there is no `-- migrate:up`, or no `-- migrate:down` behind it; dbmate needs both";
        return Err(
            in_file(LayoutError::new(missing), end.line).with_hint("an empty `-- migrate:down` does nothing")
        );
    };
    let ((up, checksum), (down, _)) = (up.finish(), down.finish());
    let stem = path.strip_suffix(".sql").unwrap_or(path);
    let (version, name) = names::digits(stem);
    let script = |section, transaction| reader.script(path, section, transaction);
    let listed = Listed::new(names::id(stem), version, script(up, up_in), checksum);
    Ok(listed.about(names::words(name.trim_start_matches('_'))).with_down(Some(script(down, down_in))))
}

/// A file that is being read.
#[derive(Default)]
struct Reading {
    up: Option<(Way, Transaction)>,
    down: Option<(Way, Transaction)>,
}

impl Reading {
    fn line(&mut self, line: &Line<'_>) -> Result<(), String> {
        let Some((is_up, options)) = line.is_first.then(|| directive(line.trimmed())).flatten() else {
            match (&mut self.down, &mut self.up) {
                (Some((way, _)), _) | (None, Some((way, _))) => way.line(line),
                (None, None) if line.is_comment_or_blank() => {}
                (None, None) => return Err("a statement stands before `-- migrate:up`".into()),
            }
            return Ok(());
        };
        let place = match is_up {
            // dbmate reads a second pair too, and then fails in the middle of it, at the version that it has already recorded.
            true if self.up.is_some() => return Err("there is a second `-- migrate:up`".into()),
            true => &mut self.up,
            false if self.up.is_none() => {
                return Err("`-- migrate:down` stands before `-- migrate:up`".into());
            }
            false if self.down.is_some() => return Err("there is a second `-- migrate:down`".into()),
            false => &mut self.down,
        };
        *place = Some((Way::at(line.end), transaction(options)));
        Ok(())
    }
}

/// What a line says to dbmate: whether it is up, and with what options.
pub(super) fn directive(text: &str) -> Option<(bool, &str)> {
    let text = text.strip_prefix("--")?.trim_start().strip_prefix("migrate:")?;
    let (is_up, options) = match text.strip_prefix("up") {
        Some(options) => (true, options),
        None => (false, text.strip_prefix("down")?),
    };
    (options.is_empty() || options.starts_with(char::is_whitespace)).then_some((is_up, options))
}

/// What the options say. Of several the last counts, and those that aren't known count for nothing.
fn transaction(options: &str) -> Transaction {
    let mut values = options.split_whitespace().filter_map(|option| option.strip_prefix("transaction:"));
    if values.next_back() == Some("false") { Transaction::None } else { Transaction::Own }
}

#[cfg(test)]
mod tests {
    use super::{directive, transaction};
    use crate::script::Transaction;

    #[test]
    fn a_directive_begins_its_line() {
        assert_eq!(directive("-- migrate:up"), Some((true, "")));
        assert_eq!(directive("--migrate:down  transaction:false"), Some((false, "  transaction:false")));
        for text in [" -- migrate:up", "-- migrate:upwards", "-- Migrate:up", "migrate:up", "-- migrate: up"]
        {
            assert_eq!(directive(text), None, "{text}");
        }
    }

    #[test]
    fn one_option_is_known() {
        assert_eq!(transaction(" transaction:false"), Transaction::None);
        assert_eq!(transaction(" foo:bar transaction:true"), Transaction::Own);
        assert_eq!(transaction(" transaction"), Transaction::Own);
    }
}
