//! What is wrong with a graph, or with a target in it: which revisions, and what to type.

use std::fmt;

use crate::few::{MOST, few};
use crate::plan::Direction;

/// Why revisions don't fit together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum GraphError {
    /// An id or a label that can't be one, or isn't what its file is called.
    Name { message: String },
    /// An id twice, with the files or types that have it, where they are known.
    DuplicateId { id: String, places: [Option<String>; 2] },
    /// A label on two revisions.
    DuplicateLabel { label: String, ids: [String; 2] },
    /// A label that is another revision's id.
    LabelIsId { label: String, id: String },
    /// A revision that comes after itself.
    SelfLoop { id: String, edge: Edge },
    /// A revision that comes after one that isn't here.
    Missing { id: String, place: Option<String>, edge: Edge, missing: String, near: Option<String> },
    /// Revisions that come after one another, in a circle.
    Cycle { ids: Vec<String> },
    /// A revision that depends on one that comes after it, and all revisions of the circle.
    DependencyCycle { id: String, on: String, ids: Vec<String> },
    /// A revision that says not what it comes after, where the one before it isn't the only head.
    NoParent { id: String, place: Option<String>, heads: Vec<String> },
}

/// How one revision comes after another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edge {
    Revises,
    DependsOn,
}

/// Why a target is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TargetError {
    Empty,
    /// What can't be read as a target.
    NotUnderstood {
        target: String,
    },
    /// A number of steps that is none.
    Steps {
        target: String,
    },
    /// A list or a range where one revision is asked for.
    NotOne {
        target: String,
    },
    /// No revision and no branch has this name.
    Unknown {
        text: String,
    },
    /// The beginning of several names.
    AmbiguousPrefix {
        text: String,
        found: Vec<String>,
    },
    /// `head` where there are several.
    SeveralHeads {
        branch: Option<String>,
        heads: Vec<String>,
    },
    /// Steps from what is applied, where that is several branches, after so many steps that are clear.
    SeveralCurrent {
        target: String,
        current: Vec<String>,
        clear: usize,
    },
    /// Steps that could go several ways.
    AmbiguousStep {
        target: String,
        at: Option<String>,
        ways: Vec<String>,
        steps: String,
    },
    /// A revision that isn't in the branch.
    NotInBranch {
        id: String,
        branch: String,
    },
    /// More steps than there are.
    TooFarUp {
        target: String,
        left: usize,
        steps: usize,
    },
    TooFarDown {
        target: String,
        applied: usize,
        steps: usize,
    },
    PastBase {
        target: String,
    },
    /// A revision that can't be applied again, for only history knows it.
    NotHere {
        id: String,
    },
    /// A downgrade to what isn't applied.
    NotApplied {
        id: String,
        current: Vec<String>,
    },
    /// An upgrade's target in a downgrade, or the other way round.
    WrongWay {
        target: String,
        asked: Direction,
    },
    /// A stamp that asks what is applied.
    StampAsks {
        target: String,
    },
    /// A script's end that asks what is applied.
    ScriptAsks {
        target: String,
    },
    /// A script's range that goes down where it is asked to go up, or the other way round.
    OtherWay {
        from: String,
        to: String,
        asked: Direction,
    },
    /// A script's range whose ends are in no line.
    Apart {
        from: String,
        to: String,
        way: Direction,
    },
    /// A range whose ends aren't one before the other.
    NotAncestor {
        /// None is base.
        upper: Option<String>,
        lower: String,
        /// Whether it is the other way round.
        is_turned: bool,
    },
}

impl GraphError {
    pub(crate) fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Name { .. } => "choose another: letters, digits, _ and . are always right".into(),
            Self::DuplicateId { .. } => "give one of them another id, or take one away".into(),
            Self::DuplicateLabel { label, ids: [_, second] } => {
                format!(
                    "take the label {label} off {second}, for what comes after a labelled revision has its label anyway"
                )
            }
            Self::LabelIsId { label, id } => {
                format!("give the branch that begins with {id} another label than {label}")
            }
            Self::SelfLoop { id, edge } => match edge {
                Edge::Revises => format!("say what {id} comes after, or `base` if it comes after nothing"),
                Edge::DependsOn => format!("take {id} out of what it depends on"),
            },
            Self::Missing { missing, .. } if missing == "base" => {
                "leave base out, or say it alone, for what comes after nothing".into()
            }
            Self::Missing { near: Some(near), .. } => {
                format!("the whole id is asked for: did you mean {near}?")
            }
            Self::Missing { missing, edge: Edge::Revises, .. } => {
                format!("bring {missing} here, or say another parent, `base` if it comes after nothing")
            }
            Self::Missing { missing, .. } => format!("bring {missing} here, or don't depend on it"),
            Self::Cycle { ids } => match ids.first() {
                Some(first) => {
                    format!("give one of them another parent: {first} must come after something else")
                }
                None => return None,
            },
            Self::DependencyCycle { id, on, .. } => format!("don't let {id} depend on {on}"),
            Self::NoParent { heads, .. } => match heads.as_slice() {
                [head] => format!(
                    "say which it comes after: `-- dunlin: revises {head}` in a file, `revises` in code"
                ),
                heads => format!(
                    "say which it comes after, as `-- dunlin: revises {}` in a file, `revises` in code; or all of them, to merge: \
                     `-- dunlin: revises {}`",
                    heads.first().map_or("", String::as_str),
                    heads.join(", ")
                ),
            },
        })
    }
}

impl fmt::Display for GraphError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = |place: &Option<String>| place.as_ref().map(|at| format!(" ({at})")).unwrap_or_default();
        match self {
            Self::Name { message } => f.write_str(message),
            Self::DuplicateId { id, places: [Some(one), Some(other)] } if one == other => {
                write!(f, "two revisions have the id {id}: {one}, twice")
            }
            Self::DuplicateId { id, places: [Some(one), Some(other)] } => {
                write!(f, "two revisions have the id {id}: {one} and {other}")
            }
            Self::DuplicateId { id, .. } => write!(f, "two revisions have the id {id}"),
            Self::DuplicateLabel { label, ids: [one, other] } => {
                write!(f, "revisions {one} and {other} both have the branch label {label}")
            }
            Self::LabelIsId { label, id } => {
                write!(f, "revision {id} has the branch label {label}, which is another revision's id")
            }
            Self::SelfLoop { id, edge } => write!(f, "revision {id} {edge} itself"),
            Self::Missing { id, place, edge, missing, .. } => {
                write!(f, "revision {id}{} {edge} {missing}, which is unknown here", at(place))
            }
            Self::Cycle { ids } => write!(f, "revisions {} come after one another", few(ids)),
            Self::DependencyCycle { id, on, ids } => {
                write!(f, "revision {id} depends on {on}, which comes after it")?;
                if ids.len() > 2 { write!(f, ": {}", few(ids)) } else { Ok(()) }
            }
            Self::NoParent { id, place, heads } => {
                let at = at(place);
                match heads.as_slice() {
                    [head] => write!(
                        f,
                        "revision {id}{at} states no parent, and {head} comes after the one before it"
                    ),
                    heads => write!(
                        f,
                        "revision {id}{at} states no parent, and there are {} heads before it: {}",
                        heads.len(),
                        few(heads)
                    ),
                }
            }
        }
    }
}

impl fmt::Display for Edge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Revises => "revises",
            Self::DependsOn => "depends on",
        })
    }
}

impl TargetError {
    pub(crate) fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Empty | Self::Steps { .. } => {
                "a target is `head`, an id, or a number of steps such as +1 or -1".into()
            }
            Self::NotUnderstood { .. } => "`dunlin history` lists the revisions that are known".into(),
            Self::NotOne { target } if target.contains(':') => {
                "name one revision; a range is what `dunlin history -r` takes, and a run with --sql".into()
            }
            Self::NotOne { .. } => "name one revision: `dunlin history` lists them".into(),
            Self::Unknown { .. } => "`dunlin history` lists the revisions that are known".into(),
            Self::AmbiguousPrefix { found, .. } => match found.first() {
                Some(first) => format!("type more of it, as in {first}"),
                None => return None,
            },
            Self::SeveralHeads { branch: None, heads } => format!(
                "name one, as in {}; say `heads` for all of them; or make them one with `dunlin merge heads`",
                heads.first()?
            ),
            Self::SeveralHeads { branch: Some(branch), heads } => {
                format!("name one, as in {}, or say {branch}@heads for all of them", heads.first()?)
            }
            Self::SeveralCurrent { clear, .. } if *clear > 0 => {
                format!("-{clear} is clear; go there first, and then say in which branch")
            }
            Self::SeveralCurrent { target, current, .. } => {
                let typed: Vec<_> = current.iter().take(MOST).map(|id| format!("{id}@{target}")).collect();
                format!("say in which branch: {}", typed.join(" or "))
            }
            Self::AmbiguousStep { ways, steps, .. } => {
                let typed: Vec<_> = ways.iter().take(MOST).map(|id| format!("{id}@{steps}")).collect();
                format!("say in which branch: {}", typed.join(" or "))
            }
            Self::NotInBranch { id, .. } => format!("say {id} alone"),
            Self::TooFarUp { target, .. } => format!("`{}heads` is as far as it goes", in_branch(target)),
            Self::TooFarDown { applied: 0, .. } => "nothing is applied; `dunlin upgrade` goes up".into(),
            Self::TooFarDown { target, .. } | Self::PastBase { target } => {
                format!("`{}base` is as far as it goes", in_branch(target))
            }
            Self::NotApplied { current, .. } => match current.as_slice() {
                [] => "nothing is applied; `dunlin upgrade` goes up".into(),
                ids => format!("the database is at {}; `dunlin status` tells each revision", few(ids)),
            },
            Self::NotHere { .. } => "get its file, or undo it alone with `dunlin downgrade`".into(),
            Self::WrongWay { asked: Direction::Up, .. } => "`dunlin downgrade` goes down".into(),
            Self::WrongWay { asked: Direction::Down, .. } => "`dunlin upgrade` goes up".into(),
            Self::StampAsks { .. } => "name the revision at which the database is".into(),
            Self::ScriptAsks { .. } => {
                "name the revision at which the database is before it, as in FROM:TO; `dunlin current` tells it".into()
            }
            Self::OtherWay { from, to, asked: Direction::Up } => {
                format!("`dunlin downgrade {from}:{to} --sql` goes down")
            }
            Self::OtherWay { from, to, asked: Direction::Down } => {
                format!("`dunlin upgrade {from}:{to} --sql` goes up")
            }
            Self::Apart { from, to, way: Direction::Up } => {
                format!("to go on in another branch too, `dunlin upgrade {from}:{from},{to} --sql`")
            }
            Self::Apart { .. } => "`dunlin history --graph` shows what comes after what".into(),
            Self::NotAncestor { upper: Some(upper), lower, is_turned: true } => {
                format!("a range begins with what comes first: `{upper}:{lower}`")
            }
            Self::NotAncestor { upper: Some(upper), lower, .. } => {
                format!("`{lower}:heads` is all after {lower}, `:{upper}` all up to {upper}")
            }
            Self::NotAncestor { upper: None, lower, .. } => {
                format!("a range begins with what comes first: `base:{lower}`")
            }
        })
    }
}

impl fmt::Display for TargetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the target is empty"),
            Self::NotUnderstood { target } => write!(
                f,
                "target {} isn't understood: it is head, heads, base, an id or the beginning of one, a branch label, +N or -N, \
                 one of these with steps as in head-1, or in a branch as in label@head",
                shown(target)
            ),
            Self::Steps { target } => write!(f, "{} isn't a number of steps", shown(target)),
            Self::NotOne { target } => {
                write!(f, "{} is more than one revision, and one is asked for", shown(target))
            }
            Self::Unknown { text } => write!(f, "revision {} is unknown here", shown(text)),
            Self::AmbiguousPrefix { text, found } => {
                let more = if found.len() > 2 { " and others" } else { "" };
                write!(f, "{text} could be revision {}{more}", either(&found[..found.len().min(2)]))
            }
            Self::SeveralHeads { branch: None, heads } => {
                write!(f, "there are {} heads: {}", heads.len(), few(heads))
            }
            Self::SeveralHeads { branch: Some(branch), heads } => {
                write!(f, "branch {branch} has {} heads: {}", heads.len(), few(heads))
            }
            Self::SeveralCurrent { target, current, .. } => {
                write!(f, "{target} could go from {}", either(current))
            }
            Self::AmbiguousStep { target, at, ways, .. } => {
                write!(f, "{target} could go from {} to {}", at.as_deref().unwrap_or("base"), either(ways))
            }
            Self::NotInBranch { id, branch } => write!(f, "revision {id} isn't in the branch of {branch}"),
            Self::TooFarUp { target, left, steps } => {
                let (verb, noun) = if *left == 1 { ("is", "revision") } else { ("are", "revisions") };
                write!(f, "there {verb} {left} {noun} ahead, and {target} asks for {steps}")
            }
            Self::TooFarDown { target, applied, steps } => {
                let (noun, verb) = if *applied == 1 { ("revision", "is") } else { ("revisions", "are") };
                write!(f, "{applied} {noun} {verb} applied, and {target} asks to undo {steps}")
            }
            Self::PastBase { target } => write!(f, "{target} goes back past base"),
            Self::NotApplied { id, .. } => {
                write!(f, "revision {id} isn't applied, so there is no going back to it")
            }
            Self::NotHere { id } => {
                write!(f, "revision {id} is unknown here, and couldn't be applied again")
            }
            Self::WrongWay { target, asked: Direction::Up } => {
                write!(f, "{target} is where a downgrade goes, and this is an upgrade")
            }
            Self::WrongWay { target, asked: Direction::Down } => {
                write!(f, "{target} is where an upgrade goes, and this is a downgrade")
            }
            Self::StampAsks { target } => {
                write!(f, "{target} depends on what is applied, and a stamp says what is")
            }
            Self::ScriptAsks { target } => {
                write!(f, "{target} depends on what is applied, and a script asks no database")
            }
            Self::OtherWay { from, to, asked: Direction::Up } => {
                write!(f, "{from}:{to} goes down, and this is an upgrade")
            }
            Self::OtherWay { from, to, asked: Direction::Down } => {
                write!(f, "{from}:{to} goes up, and this is a downgrade")
            }
            Self::Apart { from, to, .. } => write!(f, "neither of {from} and {to} comes after the other"),
            Self::NotAncestor { upper: Some(upper), lower, .. } => {
                write!(f, "revision {upper} doesn't come after {lower}")
            }
            Self::NotAncestor { upper: None, lower, .. } => write!(f, "base doesn't come after {lower}"),
        }
    }
}

/// What a target says of its branch, `label@`.
fn in_branch(target: &str) -> &str {
    target.rfind('@').map_or("", |at| &target[..=at])
}

/// What was typed, in one line and no longer than one.
fn shown(text: &str) -> String {
    let is_odd = text.is_empty() || text.chars().any(|c| c.is_whitespace() || c.is_control());
    match text.char_indices().nth(100) {
        Some((end, _)) => format!("{:?} and so on", &text[..end]),
        None if is_odd => format!("{text:?}"),
        None => text.to_owned(),
    }
}

/// `a`, `a or b`, `a, b or c`.
fn either(ids: &[String]) -> String {
    match ids {
        [] => String::new(),
        [id] => id.clone(),
        // Then a list is cut, and its last is none of what is named.
        ids if ids.len() > MOST => few(ids),
        [ids @ .., last] => format!("{} or {last}", ids.join(", ")),
    }
}
