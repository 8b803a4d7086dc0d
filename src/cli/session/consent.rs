//! Leave to destroy something in a protected environment.

use std::io::{self, IsTerminal, Write};

use dunlin_migrations::{Direction, Plan, few};

use super::Session;
use crate::cli::failure::Failure;

impl Session {
    /// Whether something that destroys needs consent.
    pub(in crate::cli) fn asks_consent(&self, force: bool) -> bool {
        self.protected.is_some() && !force
    }

    /// Lets something be destroyed in a protected environment only if someone at a terminal types the environment's name.
    pub(in crate::cli) fn require_consent(&self, what: &str) -> Result<(), Failure> {
        let Some(name) = self.protected.as_deref() else { return Ok(()) };
        let refused = |message: String| Failure::usage(message).hint("add --force if you mean it");
        let message = format!("environment {name} is protected, and {what}");
        if self.output.json || !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return Err(refused(message));
        }
        let mut answer = String::new();
        let asked = write!(io::stderr(), "{message}\ntype its name to go on: ")
            .and_then(|()| io::stdin().read_line(&mut answer));
        if !answer.ends_with('\n') {
            // What is said next stands on a line of its own, though none was typed.
            let _ = writeln!(io::stderr());
        }
        match asked {
            Ok(_) if answer.trim() == name => Ok(()),
            _ => Err(refused(format!("environment {name} is protected, and its name wasn't given"))),
        }
    }

    /// Lets revisions be undone in a protected environment only with consent.
    pub(in crate::cli) fn require_consent_to_undo(&self, command: &str, plan: &Plan) -> Result<(), Failure> {
        let undone = plan.steps.iter().filter(|step| step.direction == Direction::Down);
        let ids: Vec<_> = undone.map(|step| step.id.as_str()).collect();
        if ids.is_empty() {
            return Ok(());
        }
        self.require_consent(&format!("{command} may lose what rows hold: it undoes {}", few(&ids)))
    }
}
