//! Colours, where a terminal wants them.

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use dunlin_migrations::State;

/// Whether words are painted. By themselves they aren't.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::cli) struct Paint(bool);

impl Paint {
    /// For a stream: painted if it is a terminal, and the environment doesn't say otherwise (`NO_COLOR`, `CLICOLOR`,
    /// `CLICOLOR_FORCE`, `TERM=dumb`).
    pub(super) fn on(stream: &impl anstream::stream::RawStream) -> Self {
        Self(AutoStream::choice(stream) != ColorChoice::Never)
    }

    /// What failed.
    pub(in crate::cli) fn bad(self, text: &str) -> String {
        self.with(AnsiColor::Red.on_default().bold(), text)
    }

    /// What someone should look at.
    pub(in crate::cli) fn warning(self, text: &str) -> String {
        self.with(AnsiColor::Yellow.on_default(), text)
    }

    /// What went well.
    pub(in crate::cli) fn good(self, text: &str) -> String {
        self.with(AnsiColor::Green.on_default(), text)
    }

    /// What matters less.
    pub(in crate::cli) fn faint(self, text: &str) -> String {
        self.with(Style::new().dimmed(), text)
    }

    /// How a revision stands, `width` wide.
    pub(in crate::cli) fn state(self, state: State, width: usize) -> String {
        let text = format!("{state:<width$}");
        match state {
            State::Applied => self.good(&text),
            State::Edited | State::Late => self.warning(&text),
            State::Missing | State::Failed => self.bad(&text),
            _ => text,
        }
    }

    fn with(self, style: Style, text: &str) -> String {
        if self.0 { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}
