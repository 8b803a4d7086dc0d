//! Checksums of revisions and hashes of statements.
//!
//! A checksum is `scheme:hex`. `ops1` is the SHA-256 of a canonical form of a revision's recorded operations: their
//! JSON with keys sorted and no white space, without what a convention named and without what reading a table back
//! notes. Fields that say nothing are absent from that JSON already. So neither another naming convention nor a
//! newer Dunlin that knows more fields makes history look edited.

use dunlin_dsl::Op;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

const SCHEME: &str = "ops1:";

/// The checksum of a revision's way up.
pub(crate) fn checksum(ops: &[Op]) -> String {
    format!("{SCHEME}{}", hex(&form(ops)))
}

/// Whether a revision's code is other than it was when `recorded` was; a scheme that isn't known can't be compared, and
/// is no difference.
pub(crate) fn edited(recorded: &str, ops: &[Op]) -> bool {
    recorded.starts_with(SCHEME) && recorded != checksum(ops)
}

/// Whether two checksums say that something has changed: those of different schemes say nothing.
pub(crate) fn differs(recorded: &str, now: &str) -> bool {
    let scheme = |checksum: &str| checksum.split_once(':').map(|(scheme, _)| scheme.to_owned());
    scheme(recorded) == scheme(now) && recorded != now
}

/// The hash of a statement's text.
pub(crate) fn hash(sql: &str) -> String {
    hex(sql.as_bytes())
}

/// The canonical form of operations.
fn form(ops: &[Op]) -> Vec<u8> {
    let mut form = Vec::with_capacity(512 * ops.len());
    // Operations always have a JSON form: no map in them has keys that aren't strings.
    write(&serde_json::to_value(ops).unwrap_or_default(), &mut form);
    form
}

fn write(value: &Value, form: &mut Vec<u8>) {
    match value {
        Value::Array(items) => {
            form.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    form.push(b',');
                }
                write(item, form);
            }
            form.push(b']');
        }
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().filter(|(key, value)| counts(key, value)).collect();
            // serde_json sorts keys unless some crate in the build asks it not to.
            fields.sort_unstable_by_key(|(key, _)| *key);
            form.push(b'{');
            for (index, (key, value)) in fields.into_iter().enumerate() {
                if index > 0 {
                    form.push(b',');
                }
                text(key, form);
                form.push(b':');
                write(value, form);
            }
            form.push(b'}');
        }
        Value::String(value) => text(value, form),
        // Numbers, true, false and null; writing to memory can't fail.
        other => _ = serde_json::to_writer(form, other),
    }
}

/// Whether a field is part of what a revision means.
fn counts(key: &str, value: &Value) -> bool {
    let derived = |fields: &Map<String, Value>| fields.len() == 1 && fields.contains_key("derived");
    key != "notes" && !value.as_object().is_some_and(derived)
}

fn text(value: &str, form: &mut Vec<u8>) {
    _ = serde_json::to_writer(form, value);
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

#[cfg(test)]
mod tests;
