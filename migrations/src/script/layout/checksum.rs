//! What the tools store of a file, to know it again.

use std::hash::Hasher as _;
use std::io::Read;

use sha1::Sha1;
use sha2::{Digest as _, Sha384};
use siphasher::sip::SipHasher13;

use super::{Format, Listed, Listing, names};
use crate::script::{Position, ScriptError, Variables};

/// The checksums that a tool's history may hold of a revision, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checksum {
    /// Of the file as it is.
    pub exact: Vec<String>,
    /// Of the same with other ends of lines.
    pub other_line_ends: Vec<String>,
}

impl Checksum {
    /// Whether a history holds one of them; none where the tool keeps none.
    pub fn is(&self, stored: &str) -> Option<bool> {
        let mut all = self.exact.iter().chain(&self.other_line_ends).peekable();
        all.peek()?;
        Some(all.any(|checksum| checksum.eq_ignore_ascii_case(stored.trim())))
    }
}

impl Listing {
    /// What the tool stores of a revision's file. Nothing where it keeps no checksums, or where the revision is a program.
    ///
    /// sqlx: SHA-384 in hexadecimal, of the file as it is and without the characters that its settings name. refinery: SipHash-1-3 of name, version and text, as a number; there are two, for versions
    /// of 32 and of 64 bits. Flyway: CRC-32 of the lines without their ends, as a signed number; of what runs again as it stands, and with what
    /// its placeholders stand for. sqitch: SHA-1 of the script.
    pub fn checksum(&self, listed: &Listed, variables: &Variables) -> Result<Checksum, ScriptError> {
        if listed.revision.checksum.is_empty() {
            return Ok(Checksum::default());
        }
        let of = |ends| -> Result<Vec<String>, ScriptError> {
            let mut hashes = self.hashes(listed);
            listed.revision.up.whole_file(|bytes| {
                ends_as(ends, bytes, |bytes| hashes.iter_mut().for_each(|hash| hash.update(bytes)))
            })?;
            Ok(hashes.into_iter().map(Hash::finish).collect())
        };
        let mut exact = of(Ends::AsTheyAre)?;
        if let Some(text) = self.as_hashed(listed, variables)? {
            let mut hashes = self.hashes(listed);
            hashes.iter_mut().for_each(|hash| hash.update(text.as_bytes()));
            exact.extend(hashes.into_iter().map(Hash::finish));
        }
        let other_line_ends = match self.format {
            Format::Sqlx | Format::Refinery => [of(Ends::Lf)?, of(Ends::CrLf)?].concat(),
            _ => Vec::new(),
        };
        Ok(Checksum { exact, other_line_ends })
    }

    /// The text that the tool takes the checksum of, where that isn't the file's own.
    fn as_hashed(&self, listed: &Listed, variables: &Variables) -> Result<Option<String>, ScriptError> {
        let script = &listed.revision.up;
        let whole = || -> Result<Option<String>, ScriptError> {
            let mut bytes = Vec::new();
            script.whole_file(|piece| bytes.extend_from_slice(piece))?;
            Ok(String::from_utf8(bytes).ok())
        };
        match self.format {
            Format::Sqlx if !self.ignored_chars.is_empty() => {
                Ok(whole()?.map(|text| text.replace(|c| self.ignored_chars.contains(c), "")))
            }
            // What runs again has no version. One that has no value for a placeholder couldn't have run.
            Format::Flyway if listed.version.is_empty() => {
                let text = whole()?.unwrap_or_default();
                let filled = variables.fill(script, &text, Position::START).ok();
                Ok(filled.map(|filled| filled.text.into_owned()))
            }
            _ => Ok(None),
        }
    }

    fn hashes(&self, listed: &Listed) -> Vec<Hash> {
        match self.format {
            Format::Sqlx => vec![Hash::Sha384(Sha384::new())],
            Format::Refinery => {
                let name = names::file(listed.revision.up.file());
                let name =
                    name.split_once("__").map_or("", |(_, name)| name.strip_suffix(".sql").unwrap_or(name));
                let version: u64 = listed.version.parse().unwrap_or_default();
                let short = u32::try_from(version).ok().map(|version| refinery(name, &version.to_le_bytes()));
                short.into_iter().chain([refinery(name, &version.to_le_bytes())]).collect()
            }
            Format::Flyway => vec![Hash::Lines { crc: crc32fast::Hasher::new(), is_first: true }],
            Format::Sqitch => vec![Hash::Sha1(Sha1::new())],
            _ => Vec::new(),
        }
    }
}

fn refinery(name: &str, version: &[u8]) -> Hash {
    let mut hash = SipHasher13::new();
    hash.write(name.as_bytes());
    hash.write(&[0xff]);
    hash.write(version);
    Hash::Sip(hash)
}

/// A hash that is being made.
enum Hash {
    Sha384(Sha384),
    Sha1(Sha1),
    Sip(SipHasher13),
    /// Flyway's: of lines without their ends, and without the mark of the file's encoding.
    Lines {
        crc: crc32fast::Hasher,
        is_first: bool,
    },
}

impl Hash {
    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha384(hash) => hash.update(bytes),
            Self::Sha1(hash) => sha1::Digest::update(hash, bytes),
            Self::Sip(hash) => hash.write(bytes),
            Self::Lines { crc, is_first } => {
                let bytes = match std::mem::take(is_first) {
                    true => bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes),
                    false => bytes,
                };
                bytes.split(|byte| matches!(byte, b'\r' | b'\n')).for_each(|line| crc.update(line));
            }
        }
    }

    fn finish(self) -> String {
        match self {
            Self::Sha384(hash) => hex(&hash.finalize()),
            Self::Sha1(hash) => hex(&sha1::Digest::finalize(hash)),
            Self::Sip(mut hash) => {
                hash.write(&[0xff]);
                hash.finish().to_string()
            }
            Self::Lines { crc, .. } => crc.finalize().cast_signed().to_string(),
        }
    }
}

/// How lines are to end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    AsTheyAre,
    Lf,
    CrLf,
}

/// Gives a piece of a file with other ends of lines. A CR at the end of a piece stands before a LF, if anything.
fn ends_as(ends: Ends, bytes: &[u8], mut to: impl FnMut(&[u8])) {
    if ends == Ends::AsTheyAre {
        return to(bytes);
    }
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let Some(text) = line.strip_suffix(b"\n") else {
            to(line);
            continue;
        };
        to(text.strip_suffix(b"\r").unwrap_or(text));
        to(if ends == Ends::Lf { b"\n" } else { b"\r\n" });
    }
}

/// Bytes in hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads a file from its start to its end in pieces that end with a line, or anywhere if a line is very long, but never
/// between CR and LF.
pub(in crate::script) fn in_pieces(mut read: impl Read, mut each: impl FnMut(&[u8])) -> std::io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    let mut kept = 0;
    loop {
        let read = match read.read(&mut buffer[kept..]) {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        let filled = kept + read;
        if read == 0 {
            each(&buffer[..filled]);
            return Ok(());
        }
        // At least the mark of the encoding is in the first piece.
        let is_short = filled < 3;
        let end = if is_short { 0 } else { filled - usize::from(buffer[filled - 1] == b'\r') };
        if end > 0 {
            each(&buffer[..end]);
        }
        buffer.copy_within(end..filled, 0);
        kept = filled - end;
    }
}
