//! Programs of other tools, of whatever bytes: what they say is read without a panic and to an end, or refused by the file's name.

use std::io::{self, Cursor, Read};
use std::sync::Arc;

use dunlin::Lexicon;
use dunlin::script::Open;
use dunlin::script::layout::{Folder, Format, LayoutError, Listing};
use proptest::prelude::*;
use proptest::sample::select;

/// Files of any bytes.
struct Files(Vec<(&'static str, Vec<u8>)>);

struct Bytes(Vec<u8>);

impl Open for Bytes {
    fn open_at(&self, _: u64) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(Cursor::new(self.0.clone())))
    }
}

impl Folder for Files {
    fn list(&self) -> Result<Vec<String>, LayoutError> {
        Ok(self.0.iter().map(|(path, _)| (*path).to_owned()).collect())
    }

    fn open(&self, path: &str) -> Arc<dyn Open> {
        let bytes = self.0.iter().find(|(name, _)| *name == path).map(|(_, bytes)| bytes.clone());
        Arc::new(Bytes(bytes.unwrap_or_default()))
    }
}

/// What such files are made of.
const FRAGMENTS: &[&[u8]] = &[
    b"revision",
    b"down_revision",
    b"depends_on",
    b"branch_labels",
    b"\nrevision = 'a1'\n",
    b"\ndown_revision: str | None = None\n",
    b" = ",
    b": ",
    b"==",
    b"None",
    b"'",
    b"\"",
    b"'''",
    b"\"\"\"",
    b"(",
    b")",
    b"[",
    b"]",
    b"{",
    b"}",
    b",",
    b";",
    b"\\",
    b"\\\n",
    b"\\x",
    b"\\u00",
    b"\\U0011",
    b"#",
    b"\n",
    b"\r\n",
    b"\r",
    b"\t",
    b" ",
    b"\x0c",
    b"\0",
    b"\xff",
    b"\xc3",
    b"\xef\xbb\xbf",
    "é".as_bytes(),
    "🦆".as_bytes(),
    b"r'",
    b"f\"",
    b"rb'",
    b"a",
    b"12",
    b"fn migrations(",
    b"fn name(&self) -> &str {",
    b"sea_orm_migration",
    b"::",
    b"m1_a",
    b"m2_b::Migration",
    b"Box::new(",
    b"//",
    b"/*",
    b"*/",
    b"r#\"",
    b"'\"'",
];

fn text() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(select(FRAGMENTS), 0..40).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn programs_of_any_bytes_are_read_or_refused(one in text(), other in text()) {
        let folders = [
            (Format::Alembic, vec![("1.py", one.clone()), ("2.py", other.clone())]),
            (Format::SeaOrm, vec![("lib.rs", one), ("m1_a.rs", other), ("m2_b/mod.rs", Vec::new())]),
        ];
        for (format, files) in folders {
            let paths: Vec<_> = files.iter().map(|(path, _)| *path).collect();
            let folder = Files(files);
            for format in [Some(format), None] {
                match Listing::read(&folder, format, &Lexicon::PLAIN) {
                    Ok(listing) => for listed in &listing.revisions {
                        prop_assert!(listed.revision.cannot_run.is_some());
                        prop_assert!(paths.contains(&listed.revision.up.file()));
                    },
                    Err(error) => prop_assert!(error.file().is_some_and(|file| paths.contains(&file)), "{error}"),
                }
            }
        }
    }
}
