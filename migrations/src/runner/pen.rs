//! A connection on which nothing answers: what is sent to it is written down, as the server's own client reads it.

use std::any::Any;
use std::io::Write;
use std::time::Duration;

use async_trait::async_trait;
use dunlin_dsl::lexicon::Effect;
use dunlin_dsl::{
    BatchError, Connection, ConnectionError, CopyData, Dialect, ErrorKind, Lexicon, Row, Server,
};

use crate::layout::Layout;
use crate::script::{classify, shape};

/// Writes a script.
pub(super) struct Pen<'w> {
    dialect: &'static dyn Dialect,
    server: Server,
    lexicon: Lexicon,
    to: &'w mut (dyn Write + Send),
    /// Whether a transaction is open, as far as the statements tell.
    open: bool,
}

impl<'w> Pen<'w> {
    pub(super) fn new(layout: &Layout, to: &'w mut (dyn Write + Send)) -> Self {
        let (dialect, server) = (layout.dialect, layout.server.clone());
        Self { dialect, lexicon: dialect.lexicon(&server), server, to, open: false }
    }

    /// A line that is no statement: a comment, or a command of the client's.
    pub(super) fn line(&mut self, text: &str) -> Result<(), ConnectionError> {
        self.put(text.as_bytes())?;
        self.put(b"\n")
    }

    /// Makes the client stop at the first error, where it doesn't do so anyway.
    pub(super) fn stop_at_errors(&mut self) -> Result<(), ConnectionError> {
        match self.lexicon.client.stops {
            "" => Ok(()),
            command => self.line(command),
        }
    }

    fn statement(&mut self, sql: &str) -> Result<(), ConnectionError> {
        let sql = sql.trim_end();
        let shape = shape(sql, &self.lexicon);
        if shape.has_cr_lf {
            let message = format!(
                "{} leaves out the CR of a line's end, and in a string that would change what it says",
                self.lexicon.client.name
            );
            return Err(ConnectionError::new(ErrorKind::Statement, message));
        }
        match classify(sql, &self.lexicon).effect {
            Effect::Begin => self.open = true,
            Effect::Commit | Effect::Rollback | Effect::CommitsImplicitly => self.open = false,
            _ => {}
        }
        // What ends the statement mustn't become a part of a comment.
        let gap = if shape.ends_in_comment { "\n" } else { "" };
        if !(shape.has_terminator && self.lexicon.client.delimiter) {
            return self.line(&format!("{sql}{gap};"));
        }
        let mut delimiter = "//".to_owned();
        while sql.contains(&delimiter) {
            delimiter.push('/');
        }
        // One that the text ends with the beginning of would be found too early.
        let gap = if sql.ends_with('/') { "\n" } else { gap };
        self.line(&format!("DELIMITER {delimiter}\n{sql}{gap}{delimiter}\nDELIMITER ;"))
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), ConnectionError> {
        self.to.write_all(bytes).map_err(|error| {
            ConnectionError::new(ErrorKind::Statement, format!("failed to write the script: {error}"))
        })
    }
}

#[async_trait]
impl Connection for Pen<'_> {
    fn dialect(&self) -> &'static dyn Dialect {
        self.dialect
    }

    async fn server(&mut self) -> Result<Server, ConnectionError> {
        Ok(self.server.clone())
    }

    async fn execute(&mut self, sql: &str) -> Result<u64, ConnectionError> {
        self.statement(sql)?;
        Ok(0)
    }

    async fn query(&mut self, sql: &str) -> Result<Vec<Row>, ConnectionError> {
        let message = format!("a script has nobody to ask: {sql}");
        Err(ConnectionError::new(ErrorKind::Statement, message))
    }

    async fn batch(&mut self, statements: &[String]) -> Result<(), BatchError> {
        for (index, sql) in statements.iter().enumerate() {
            self.statement(sql).map_err(|error| BatchError { index, error })?;
        }
        Ok(())
    }

    async fn copy_in(&mut self, sql: &str, data: &mut CopyData<'_>) -> Result<u64, ConnectionError> {
        self.statement(sql)?;
        let mut ends = true;
        while let Some(piece) = data()? {
            self.put(&piece)?;
            ends = piece.last().map_or(ends, |last| *last == b'\n');
        }
        if !ends {
            self.put(b"\n")?;
        }
        self.line("\\.")?;
        Ok(0)
    }

    async fn sleep(&mut self, _: Duration) {}

    fn owns_transactions(&self) -> bool {
        true
    }

    async fn in_transaction(&mut self) -> Result<bool, ConnectionError> {
        Ok(self.open)
    }

    fn on_drop(&mut self, _: Vec<String>) {}

    fn driver(&mut self) -> Option<&mut (dyn Any + Send)> {
        None
    }
}
