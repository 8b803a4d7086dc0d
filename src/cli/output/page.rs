//! A script on its way to stdout, piece by piece: as it is, or as a string in an object of JSON.

use std::io::{self, BufWriter, Stdout, Write};

use dunlin_dsl::Server;
use serde_json::{Value, json};

use super::Output;
use crate::cli::failure::Failure;

/// What a script is written on.
pub(in crate::cli) struct Page {
    output: Output,
    to: BufWriter<Stdout>,
    server: Server,
    /// Whether anything was written.
    begun: bool,
    /// Whether whoever read it went away early.
    closed: bool,
    /// Why nothing more can be written, otherwise.
    failed: Option<String>,
}

impl Page {
    pub(super) fn new(output: Output, server: &Server) -> Self {
        Self {
            output,
            to: BufWriter::new(io::stdout()),
            server: server.clone(),
            begun: false,
            closed: false,
            failed: None,
        }
    }

    /// Ends it: these revisions are in it, or it failed.
    pub(in crate::cli) fn finish(mut self, revisions: Result<Vec<String>, Failure>) -> Result<(), Failure> {
        // A reader that went away early, such as `head`, is no failure.
        if self.closed {
            return Ok(());
        }
        if let Some(error) = &self.failed {
            return Err(cut_short(error));
        }
        let revisions = revisions?;
        if !self.begun && !self.output.json {
            self.output.progress("nothing to do");
            return Ok(());
        }
        match self.end(&revisions) {
            Err(error) if !self.closed => Err(cut_short(&error.to_string())),
            _ => Ok(()),
        }
    }

    fn end(&mut self, revisions: &[String]) -> io::Result<()> {
        if self.output.json {
            self.begin()?;
            self.put(b"\",\n  \"revisions\": ")?;
            // As deep in the object as it stands.
            let revisions = serde_json::to_string_pretty(revisions)?.replace('\n', "\n  ");
            self.put(format!("{revisions}\n}}\n").as_bytes())?;
        }
        self.flush()
    }

    /// What stands before the script.
    fn begin(&mut self) -> io::Result<()> {
        if self.begun || !self.output.json {
            return Ok(());
        }
        let server = [
            ("dialect", json!(self.server.dialect)),
            ("server_version", Value::String(self.server.version.to_string())),
        ];
        let fields: String =
            server.into_iter().map(|(key, value)| format!("  \"{key}\": {value},\n")).collect();
        self.put(format!("{{\n{fields}  \"sql\": \"").as_bytes())
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.begun = true;
        let put = self.to.write_all(bytes);
        self.note(put)
    }

    /// Keeps in mind how writing went.
    fn note(&mut self, written: io::Result<()>) -> io::Result<()> {
        match &written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => self.closed = true,
            Err(error) => self.failed = Some(error.to_string()),
            Ok(()) => {}
        }
        written
    }
}

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.begin()?;
        if !self.output.json {
            self.put(bytes)?;
            return Ok(bytes.len());
        }
        // What begins or ends in the middle of a character needs no care, for no such byte is escaped.
        let mut rest = bytes;
        while let Some(at) = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)) {
            self.put(&rest[..at])?;
            self.put(escaped(rest[at]).as_bytes())?;
            rest = &rest[at + 1..];
        }
        self.put(rest)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.to.flush();
        self.note(flushed)
    }
}

/// A character that can't stand in a string of JSON, as it can.
fn escaped(byte: u8) -> String {
    match byte {
        b'"' => "\\\"".into(),
        b'\\' => "\\\\".into(),
        b'\n' => "\\n".into(),
        b'\r' => "\\r".into(),
        b'\t' => "\\t".into(),
        byte => format!("\\u{byte:04x}"),
    }
}

/// How a script couldn't be written to its end.
fn cut_short(error: &str) -> Failure {
    Failure::run(format!("failed to write to stdout: {error}"))
        .state("nothing was changed; the script is cut short, and isn't to be run")
        .hint("see that stdout leads to where there is room, and run the same command again")
}
