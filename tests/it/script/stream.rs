//! A script is never in memory as a whole.

use std::cell::Cell;
use std::io::Read;
use std::rc::Rc;

use dunlin::DialectId;
use dunlin::script::{PartKind, Splitter};

use super::lexicon;

/// The same text again and again, counting what was read of it.
struct Repeated {
    text: Vec<u8>,
    left: usize,
    read: Rc<Cell<u64>>,
}

impl Read for Repeated {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        // A short read now and then, as from a pipe.
        let wanted = buffer.len().min(self.left).min(70_001);
        for (at, byte) in buffer[..wanted].iter_mut().enumerate() {
            *byte = self.text[(self.read.get() as usize + at) % self.text.len()];
        }
        self.left -= wanted;
        self.read.set(self.read.get() + wanted as u64);
        Ok(wanted)
    }
}

/// Reads a text repeated `times`, and gives how many parts of a kind there were and how far reading was ahead.
fn read(text: &str, times: usize, dialect: DialectId, kind: PartKind) -> (usize, u64) {
    let read = Rc::new(Cell::new(0));
    let reader = Repeated { text: text.into(), left: text.len() * times, read: Rc::clone(&read) };
    let lexicon = lexicon(dialect);
    let mut splitter = Splitter::new(reader, &lexicon);
    let (mut parts, mut ahead) = (0, 0);
    loop {
        let before = splitter.position().offset_bytes;
        let Some(part) = splitter.next().unwrap() else { break };
        parts += usize::from(part.kind == kind);
        ahead = ahead.max(read.get() - before);
    }
    assert_eq!(splitter.position().offset_bytes, (text.len() * times) as u64);
    (parts, ahead)
}

#[test]
fn what_is_read_ahead_is_bounded() {
    let statement = "INSERT INTO t (id, body) VALUES (1, 'some text; of a seed'), (2, 'more -- of it');\n";
    let (statements, ahead) = read(statement, 100_000, DialectId::Sqlite, PartKind::Statement);
    assert_eq!(statements, 100_000);
    assert!(ahead < 1024 * 1024, "{ahead} bytes");
}

#[test]
fn data_of_a_copy_comes_in_pieces() {
    let rows = "1\tsome text; of a seed\n".repeat(1_000_000);
    let script = format!("COPY t FROM stdin;\n{rows}\\.\n");
    let (pieces, ahead) = read(&script, 1, DialectId::Postgres, PartKind::Data);
    assert!(pieces > 10 && ahead < 1024 * 1024, "{pieces} pieces, {ahead} bytes");
}
