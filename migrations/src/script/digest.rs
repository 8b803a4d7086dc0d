//! The checksum of a way up that is written in SQL.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// The checksum `sql1`: SHA-256 of a text, with CRLF as LF, without spaces and tabs at the end of
/// lines and without blank lines at its end. So what editors do on their own changes nothing.
#[derive(Default)]
pub(super) struct Digest {
    hash: Sha256,
    /// What is dropped if the line ends here.
    blanks: String,
    /// What is dropped if the text ends here.
    newlines: usize,
    /// Whether the rest of the line is left out, its end too.
    skipping: bool,
}

impl Digest {
    /// The next piece of the text.
    pub(super) fn text(&mut self, text: &str) {
        for line in text.split_inclusive('\n') {
            let (line, newline) = match line.strip_suffix('\n') {
                Some(line) => (line, true),
                None => (line, false),
            };
            if std::mem::take(&mut self.skipping) {
                self.skipping = !newline;
                continue;
            }
            self.line(line);
            if newline {
                self.blanks.clear();
                self.newlines += 1;
            }
        }
    }

    /// Leaves out the line on which a comment to Dunlin stands.
    pub(super) fn skip_line(&mut self) {
        self.blanks.clear();
        self.skipping = true;
    }

    pub(super) fn finish(self) -> String {
        let mut text = String::from("sql1:");
        for byte in self.hash.finalize() {
            // Writing to a text can't fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }

    /// A line or a piece of one, without its end. A CR counts as blank, for it is dropped before a LF.
    fn line(&mut self, line: &str) {
        let kept = line.trim_end_matches([' ', '\t', '\r']);
        if !kept.is_empty() {
            for _ in 0..std::mem::take(&mut self.newlines) {
                self.hash.update(b"\n");
            }
            self.hash.update(self.blanks.as_bytes());
            self.blanks.clear();
            self.hash.update(kept.as_bytes());
        }
        self.blanks.push_str(&line[kept.len()..]);
    }
}
