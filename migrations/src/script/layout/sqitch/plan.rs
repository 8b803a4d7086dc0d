//! `sqitch.plan`: the changes and the tags of a project, in order.

use sha1::{Digest, Sha1};

use super::super::checksum::hex;

/// A plan.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) project: String,
    pub(super) uri: String,
    pub(super) changes: Vec<Change>,
    /// Each tag, and the place of the change that it stands behind.
    tags: Vec<(String, usize)>,
}

/// A change of a plan.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) name: String,
    /// How sqitch's own tables call it: a hash over all of it and over the change before.
    pub(super) id: String,
    pub(super) requires: Vec<String>,
    pub(super) conflicts: Vec<String>,
    pub(super) note: String,
    /// Where it stands, counted from 1.
    pub(super) line: u64,
}

/// A line of a plan, as it is written.
struct Entry<'a> {
    name: &'a str,
    requires: Vec<&'a str>,
    conflicts: Vec<&'a str>,
    date: &'a str,
    planner: &'a str,
    note: String,
}

impl Plan {
    /// Reads a plan; what is wrong comes with its line.
    pub(super) fn parse(text: &str) -> Result<Self, (u64, String)> {
        let mut plan = Self::default();
        for (line, text) in (1..).zip(text.lines()) {
            let text = text.trim();
            if let Some(pragma) = text.strip_prefix('%') {
                plan.pragma(pragma);
            } else if !text.is_empty() && !text.starts_with('#') {
                plan.entry(text, line).map_err(|message| (line, message))?;
            }
        }
        if plan.project.is_empty() {
            return Err((1, "there is no `%project=`, which a plan needs".into()));
        }
        Ok(plan)
    }

    fn pragma(&mut self, pragma: &str) {
        let (key, value) = pragma.split_once('=').unwrap_or((pragma, ""));
        match key.trim() {
            "project" => self.project = value.trim().to_owned(),
            "uri" => self.uri = value.trim().to_owned(),
            _ => {}
        }
    }

    fn entry(&mut self, text: &str, line: u64) -> Result<(), String> {
        if let Some(tag) = text.strip_prefix('@') {
            let entry = Entry::parse(tag)?;
            let Some(place) = self.changes.len().checked_sub(1) else {
                return Err(format!("tag @{} stands before any change", entry.name));
            };
            if self.tags.iter().any(|(tag, _)| tag == entry.name) {
                return Err(format!("tag @{} stands in the plan twice", entry.name));
            }
            self.tags.push((entry.name.to_owned(), place));
            return Ok(());
        }
        // sqitch reads either sign, and takes it for nothing.
        let entry = Entry::parse(text.strip_prefix(['+', '-']).map_or(text, str::trim_start))?;
        let place = self.changes.len();
        if let Some(before) = self.changes.iter().rposition(|change| change.name == entry.name)
            && !self.tags.iter().any(|(_, tagged)| (before..place).contains(tagged))
        {
            return Err(format!(
                "{} stands in the plan twice, with no tag between, as a rework needs it",
                entry.name
            ));
        }
        let change = Change {
            name: entry.name.to_owned(),
            id: entry.id(&self.project, &self.uri, self.changes.last()),
            requires: entry.requires.iter().map(|name| (*name).to_owned()).collect(),
            conflicts: entry.conflicts.iter().map(|name| (*name).to_owned()).collect(),
            note: entry.note,
            line,
        };
        self.changes.push(change);
        Ok(())
    }

    /// The tags behind a change and before its rework; none where it isn't reworked.
    pub(super) fn tags_until_rework(&self, place: usize) -> Vec<&str> {
        let name = &self.changes[place].name;
        let Some(rework) = self.changes[place + 1..].iter().position(|other| other.name == *name) else {
            return Vec::new();
        };
        let until = place + 1 + rework;
        let tags = self.tags.iter().filter(|(_, tagged)| (place..until).contains(tagged));
        tags.map(|(tag, _)| tag.as_str()).collect()
    }

    /// A dependency without the project's own name before it; none where it is of another project.
    pub(super) fn own<'d>(&self, dependency: &'d str) -> Option<&'d str> {
        match dependency.split_once(':') {
            Some((project, change)) => (project == self.project).then_some(change),
            None => Some(dependency),
        }
    }

    /// The change before a place that a dependency means: `name`, `@tag`, `name@tag`, or an id.
    pub(super) fn find(&self, dependency: &str, place: usize) -> Option<usize> {
        let (name, tag) = dependency.split_once('@').unwrap_or((dependency, ""));
        let last = match tag {
            "" | "HEAD" => place,
            "ROOT" => 1,
            tag => self.tags.iter().find(|(name, _)| name == tag)?.1 + 1,
        };
        let before = &self.changes[..last.min(place)];
        match name {
            "" => before.len().checked_sub(1),
            name => before.iter().rposition(|change| change.name == name || change.id == name),
        }
    }
}

impl<'a> Entry<'a> {
    /// `name [dependencies] 2026-11-22T08:21:36Z Name <email> # note`.
    fn parse(text: &'a str) -> Result<Self, String> {
        let wrong = |what: &str| format!("{what} is missing in `{text}`");
        let (name, mut rest) = text.split_once(char::is_whitespace).ok_or_else(|| wrong("a date"))?;
        rest = rest.trim_start();
        let (mut requires, mut conflicts) = (Vec::new(), Vec::new());
        if let Some(list) = rest.strip_prefix('[') {
            let (list, behind) = list.split_once(']').ok_or_else(|| wrong("the bracket that closes"))?;
            for dependency in list.split_whitespace() {
                match dependency.strip_prefix('!') {
                    Some(conflict) => conflicts.push(conflict),
                    None => requires.push(dependency),
                }
            }
            rest = behind.trim_start();
        }
        let (date, rest) = rest.split_once(char::is_whitespace).ok_or_else(|| wrong("a planner"))?;
        if !(date.ends_with('Z') && date.contains('T') && date.starts_with(|c: char| c.is_ascii_digit())) {
            return Err(format!("{date} is no date such as 2026-11-22T08:21:36Z, in `{text}`"));
        }
        let close = rest.find('>').ok_or_else(|| wrong("the planner's <address>"))?;
        let (planner, note) = rest.split_at(close + 1);
        let note = note.trim_start();
        let note = match note.strip_prefix('#') {
            Some(note) => unescape(note.trim()),
            None if note.is_empty() => String::new(),
            None => return Err(format!("`{note}` stands behind the planner, without a # before it")),
        };
        Ok(Self { name, requires, conflicts, date, planner: planner.trim(), note })
    }

    /// The hash by which sqitch's tables know it.
    fn id(&self, project: &str, uri: &str, parent: Option<&Change>) -> String {
        let mut lines = vec![format!("project {project}")];
        if !uri.is_empty() {
            lines.push(format!("uri {uri}"));
        }
        lines.push(format!("change {}", self.name));
        lines.extend(parent.map(|parent| format!("parent {}", parent.id)));
        lines.push(format!("planner {}", self.planner));
        lines.push(format!("date {}", self.date));
        for (heading, mark, names) in [("requires", '+', &self.requires), ("conflicts", '-', &self.conflicts)]
        {
            if !names.is_empty() {
                lines.push(heading.into());
                lines.extend(names.iter().map(|name| format!("  {mark} {name}")));
            }
        }
        if !self.note.is_empty() {
            lines.extend([String::new(), self.note.clone()]);
        }
        let info = lines.join("\n");
        let mut hash = Sha1::new();
        hash.update(format!("change {}\0{info}", info.len()));
        hex(&hash.finalize())
    }
}

/// `\n`, `\r` and `\\` stand for what can't stand in a line.
fn unescape(note: &str) -> String {
    let mut text = String::with_capacity(note.len());
    let mut characters = note.chars();
    while let Some(c) = characters.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        match characters.next() {
            Some('n') => text.push('\n'),
            Some('r') => text.push('\r'),
            Some('\\') | None => text.push('\\'),
            Some(other) => text.extend(['\\', other]),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::Plan;

    const PLAN: &str = "%syntax-version=1.0.0\n%project=demo\n%uri=urn:demo\n\n# a comment\n\
        one 2026-11-22T08:21:36Z Ann Lee <ann@example.com> # first\n\
        two [one] 2026-11-22T08:21:38Z Ann Lee <ann@example.com> # sécond\n\
        @v1 2026-11-22T08:21:39Z Ann Lee <ann@example.com> # tag\n\n\
        + one [one@v1] 2026-11-22T08:21:41Z Ann Lee <ann@example.com> # again\n";

    // The ids are those that sqitch 1.3.1 stored.
    #[test]
    fn ids_form_a_chain() {
        let plan = Plan::parse(PLAN).unwrap();
        let ids: Vec<_> = plan.changes.iter().map(|change| change.id.as_str()).collect();
        assert_eq!(
            ids,
            [
                "e73e4287014f44a3ec97c23f653fb7272dfdf0d9",
                "d22efa46915ba02790a80c9ec12f6110870cacaa",
                "eeb8bfcf4d59444531ecd5058c8057699b5ced71",
            ]
        );
        assert_eq!(plan.tags_until_rework(0), ["v1"]);
        assert!(plan.tags_until_rework(1).is_empty());
        assert_eq!(plan.find("one@v1", 2), Some(0));
        assert_eq!(plan.find("@v1", 2), Some(1));
        assert_eq!(plan.find("three", 2), None);
        assert_eq!(plan.find("two", 1), None);
        let signs = PLAN.replace("\ntwo", "\n- two").replace("+ one", "one");
        assert_eq!(Plan::parse(&signs).unwrap().changes[2].id, plan.changes[2].id);
    }

    #[track_caller]
    fn refused(plan: &str, line: u64, part: &str) {
        let (at, message) = Plan::parse(plan).unwrap_err();
        assert!(at == line && message.contains(part), "{at}: {message}");
    }

    #[test]
    fn what_is_wrong_names_its_line() {
        let one = "one 2026-11-22T08:21:36Z Ann <a@b>";
        refused("", 1, "%project");
        refused("%project=p\none", 2, "a date");
        refused("%project=p\none 2026-11-22T08:21:36Z", 2, "a planner");
        refused("%project=p\none yesterday Ann <a@b>", 2, "yesterday is no date");
        refused("%project=p\none [two 2026-11-22T08:21:36Z Ann <a@b>", 2, "bracket");
        refused(&format!("%project=p\n{one}\n\n{one}"), 4, "twice");
        refused("%project=p\n@v1 2026-11-22T08:21:36Z Ann <a@b>", 2, "before any change");
        refused(&format!("%project=p\n{one} note"), 2, "without a #");
    }
}
