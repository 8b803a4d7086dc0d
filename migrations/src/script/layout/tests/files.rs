//! Files and folders as they may be: of any bytes, of any name, behind links.

use std::io::{self, Cursor, Read};
use std::sync::Arc;

use super::*;
use crate::script::Open;
use crate::script::layout::{Directory, Folder};

/// One file, whatever its name and its bytes.
struct Bytes(String, Vec<u8>);

impl Folder for Bytes {
    fn list(&self) -> Result<Vec<String>, LayoutError> {
        Ok(vec![self.0.clone()])
    }

    fn open(&self, _: &str) -> Arc<dyn Open> {
        Arc::new(Text(self.1.clone()))
    }
}

struct Text(Vec<u8>);

impl Open for Text {
    fn open_at(&self, _: u64) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(Cursor::new(self.0.clone())))
    }
}

/// Several.
struct Files(&'static [(&'static str, &'static [u8])]);

impl Folder for Files {
    fn list(&self) -> Result<Vec<String>, LayoutError> {
        Ok(self.0.iter().map(|(path, _)| (*path).to_owned()).collect())
    }

    fn open(&self, path: &str) -> Arc<dyn Open> {
        let bytes = self.0.iter().find(|(name, _)| *name == path).map(|(_, bytes)| bytes.to_vec());
        Arc::new(Text(bytes.unwrap_or_default()))
    }
}

#[test]
fn a_byte_that_is_no_text_is_named() {
    for format in [Format::Sqlx, Format::Dunlin, Format::Numbered] {
        let folder = Bytes("1_a.sql".into(), b"select 1;\n-- caf\xe9\n".to_vec());
        let error = Listing::read(&folder, Some(format), &Lexicon::PLAIN).unwrap_err();
        assert_eq!(error.to_string(), "1_a.sql:2:7: byte 16 of it, 0xe9, isn't UTF-8");
        assert_eq!(error.hint(), Some("save the file in UTF-8"));
    }
}

#[test]
fn a_file_of_flyways_in_another_encoding_is_refused_by_its_settings() {
    let folder = Files(&[("V1__a.sql", b"-- caf\xe9\n"), ("V1__a.sql.conf", b"encoding=ISO-8859-1\n")]);
    let listing = Listing::read(&folder, None, &Lexicon::PLAIN).unwrap();
    let why = listing.revisions[0].revision.cannot_run.as_deref();
    assert_eq!(why, Some("V1__a.sql.conf says that it is in ISO-8859-1; Dunlin reads UTF-8"));
    let files = &[("V1__a.sql", SQL), ("V1__a.sql.conf", "# a = b\nexecuteInTransaction=true\nmixed=true\n")];
    refused(Some(Format::Flyway), files, "V1__a.sql.conf:3: Flyway knows no setting mixed of a script");
}

#[test]
fn utf_16_is_known_by_its_mark() {
    for (bytes, is_utf16) in
        [(&b"\xff\xfes\0"[..], true), (b"\xfe\xff\0s", true), (b"\xffs", false), (b"\xfes", false)]
    {
        let folder = Bytes("1_a.sql".into(), bytes.to_vec());
        let error = Listing::read(&folder, Some(Format::Numbered), &Lexicon::PLAIN).unwrap_err();
        assert_eq!(error.hint().is_some_and(|hint| hint.contains("UTF-16")), is_utf16, "{bytes:?}");
    }
}

// No name of a file panics, whatever the layout.
#[test]
fn any_name_is_read_or_refused() {
    let parts = [
        "", "1", "V1", "U", "R", "_", "__", ".", "-", "é", "🦀", " ", "up", ".up.sql", ".sql", "/",
        "\u{feff}", "x/up.sql",
    ];
    for a in parts {
        for b in parts {
            for c in parts {
                let folder = Bytes(format!("{a}{b}{c}"), GOOSE.into());
                for format in Format::ALL.map(Some).into_iter().chain([None]) {
                    _ = Listing::read(&folder, format, &Lexicon::PLAIN);
                }
            }
        }
    }
}

#[test]
fn long_lines_are_read_in_pieces() {
    let text = format!("-- +goose Up\nselect '{}';\n-- +goose Down\n", "é".repeat(200_000));
    let listing =
        Listing::read(&Bytes("1_a.sql".into(), text.clone().into()), None, &Lexicon::PLAIN).unwrap();
    let section = listing.revisions[0].revision.up.section();
    assert_eq!((section.start.line, section.end.line), (2, 3));
    assert_eq!(section.end.offset_bytes as usize, text.find("-- +goose Down").unwrap());
}

/// A folder of the file system that is removed with it.
struct OnDisk(std::path::PathBuf);

impl OnDisk {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("dunlin-layout-{name}-{}", std::process::id()));
        _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(path.join("empty")).unwrap();
        Self(path)
    }

    fn list(&self) -> Result<Vec<String>, String> {
        let listed = Directory::new(&self.0).list();
        let mut paths = listed.map_err(|error| error.to_string())?;
        paths.sort();
        Ok(paths)
    }
}

impl Drop for OnDisk {
    fn drop(&mut self) {
        _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_directory_lists_what_is_below_it() {
    let folder = OnDisk::new("below");
    for path in ["b/c", ".git"] {
        std::fs::create_dir_all(folder.0.join(path)).unwrap();
    }
    for path in ["a.sql", ".hidden.sql", ".git/x.sql", "b/c/d.sql"] {
        std::fs::write(folder.0.join(path), SQL).unwrap();
    }
    assert_eq!(folder.list().unwrap(), ["a.sql", "b/c/d.sql", "empty/"]);
    let missing = Directory::new(folder.0.join("missing")).list().unwrap_err();
    assert!(missing.to_string().starts_with("there is no folder ") && missing.hint().is_some());
    let file = Directory::new(folder.0.join("a.sql")).list().unwrap_err();
    assert!(file.to_string().contains("can't be read"), "{file}");
}

#[test]
fn several_folders_are_read_as_one() {
    let folder = OnDisk::new("several");
    for path in ["main", "billing", "main/nested"] {
        std::fs::create_dir_all(folder.0.join(path)).unwrap();
    }
    for path in
        ["main/1_a.sql", "main/README.md", "billing/2_b.sql", "billing/README.md", "main/nested/3_c.sql"]
    {
        std::fs::write(folder.0.join(path), SQL).unwrap();
    }
    let of = |paths: &[&str]| {
        let mut paths = paths.iter().map(|path| folder.0.join(path));
        let first = Directory::new(paths.next().unwrap());
        paths.fold(first, Directory::and)
    };
    let listed = |paths: &[&str]| of(paths).list().map_err(|error| error.to_string());
    let all = ["1_a.sql", "2_b.sql", "3_c.sql", "README.md"];
    assert_eq!(listed(&["main", "billing", "main/nested"]).unwrap(), all);
    assert_eq!(listed(&["main/nested", "billing", "main", "main/."]).unwrap(), all);
    assert_eq!(listed(&["main", "billing"]).unwrap(), ["1_a.sql", "2_b.sql", "README.md", "nested/3_c.sql"]);
    let directory = of(&["main", "billing"]);
    assert_eq!(directory.path_of("2_b.sql"), folder.0.join("billing/2_b.sql"));
    let read = Listing::read(&directory, Some(Format::Dunlin), &Lexicon::PLAIN).unwrap();
    let ids: Vec<_> = read.revisions.iter().map(|listed| listed.revision.id.as_str()).collect();
    assert_eq!(ids, ["1_a", "2_b"]);

    std::fs::write(folder.0.join("billing/1_a.sql"), SQL).unwrap();
    let error = listed(&["main", "billing"]).unwrap_err();
    assert!(error.starts_with("1_a.sql: it is in ") && error.contains("billing"), "{error}");
    assert!(listed(&["main", "gone"]).unwrap_err().starts_with("there is no folder "));
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_never_for_ever() {
    use std::os::unix::fs::symlink;
    let folder = OnDisk::new("links");
    symlink(&folder.0, folder.0.join("round")).unwrap();
    symlink("../a.sql", folder.0.join("empty/1_a.sql")).unwrap();
    std::fs::write(folder.0.join("a.sql"), SQL).unwrap();
    symlink("nowhere", folder.0.join("2_b.sql")).unwrap();
    assert_eq!(folder.list().unwrap(), ["2_b.sql", "a.sql", "empty/1_a.sql"]);
    let read = |path: &str| {
        let directory = Directory::new(folder.0.join(path));
        Listing::read(&directory, Some(Format::Sqlx), &Lexicon::PLAIN)
    };
    assert_eq!(read("empty").unwrap().revisions.len(), 1);
    let error = read("").unwrap_err();
    assert_eq!(error.file(), Some("2_b.sql"));
    assert!(error.to_string().contains("can't be read"), "{error}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_no_text_is_refused_where_it_matters() {
    use std::os::unix::ffi::OsStrExt;
    let folder = OnDisk::new("names");
    let name = |bytes: &[u8]| folder.0.join(std::ffi::OsStr::from_bytes(bytes));
    std::fs::write(name(b"caf\xe9.txt"), "").unwrap();
    assert_eq!(folder.list().unwrap(), ["empty/"]);
    std::fs::write(name(b"1_caf\xe9.sql"), "").unwrap();
    assert_eq!(folder.list().unwrap_err(), "1_caf\u{fffd}.sql: the file's name isn't UTF-8");
}
