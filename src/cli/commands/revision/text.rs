//! What a new revision's file says.

use super::New;
use super::name::slug;

/// A file of SQL with nothing in it but what it says of itself. Without a way down it can't be undone: one that is empty
/// would only seem to undo it.
pub(super) fn sql(new: &New<'_>) -> String {
    let list = |ids: &[String]| if ids.is_empty() { "base".to_owned() } else { ids.join(", ") };
    let mut text = format!("-- {}\n-- dunlin: revises {}\n", one_line(new.message), list(&new.revises));
    if !new.depends_on.is_empty() {
        text += &format!("-- dunlin: depends-on {}\n", list(&new.depends_on));
    }
    for label in new.labels {
        text += &format!("-- dunlin: branch-label {label}\n");
    }
    if new.is_merge() {
        text += "\n-- dunlin: down\n";
    } else {
        text += "\n-- Write the way up here, and the way down behind a line that says `dunlin: down` in a comment.\n";
    }
    text
}

/// A file of Rust that compiles as it stands. Its way down is derived, so that it has none.
pub(super) fn rust(new: &New<'_>) -> String {
    let list = |ids: &[String]| format!("{ids:?}");
    let name = struct_name(new.message);
    let mut text = format!(
        "//! {}\n\nuse dunlin::prelude::*;\n\npub struct {name};\n\nimpl Migration for {name} {{\n",
        one_line(new.message)
    );
    text += &format!(
        "    fn revises(&self) -> Option<&[&str]> {{\n        Some(&{})\n    }}\n\n",
        list(&new.revises)
    );
    if !new.depends_on.is_empty() {
        text += &format!(
            "    fn depends_on(&self) -> &[&str] {{\n        &{}\n    }}\n\n",
            list(&new.depends_on)
        );
    }
    if !new.labels.is_empty() {
        text +=
            &format!("    fn branch_labels(&self) -> &[&str] {{\n        &{}\n    }}\n\n", list(new.labels));
    }
    text += if new.is_merge() {
        "    fn up(&self, _: &mut Ops) {}\n"
    } else {
        "    fn up(&self, op: &mut Ops) {\n        \
         // As in: op.create_table(\"posts\").id().col(\"title\", varchar(200).not_null());\n        \
         let _ = op;\n    }\n    \
         // There is no `down`: it is derived from `up`.\n"
    };
    text + "}\n"
}

fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

/// What the struct is called: `add posts` is `AddPosts`. It is alone in its file, so that only what the file uses is
/// another's name. Words that aren't ASCII are left out.
fn struct_name(message: &str) -> String {
    let mut name = String::new();
    for word in slug(message, 60).split('_').filter(|word| word.is_ascii()) {
        let (first, rest) = word.split_at(word.len().min(1));
        name += &first.to_ascii_uppercase();
        name += rest;
    }
    let is_taken = matches!(name.as_str(), "Self" | "Ops" | "Migration" | "Option" | "Some");
    match name.bytes().next() {
        None => "Revision".to_owned(),
        Some(first) if first.is_ascii_digit() || is_taken => format!("Revision{name}"),
        Some(_) => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structs_have_names() {
        for (message, expected) in [
            ("add posts", "AddPosts"),
            ("!!", "Revision"),
            ("2fa for users", "Revision2faForUsers"),
            ("self", "RevisionSelf"),
            ("größe of shoes", "OfShoes"),
        ] {
            assert_eq!(struct_name(message), expected);
        }
    }

    #[test]
    fn rust_says_what_is_not_usual() {
        let new = New {
            message: "merge",
            revises: vec!["1_a".into(), "2_\"b".into()],
            depends_on: vec!["3_c".into()],
            labels: &["one".into()],
            id: None,
            folder: None,
            language: None,
        };
        let text = rust(&new);
        for part in
            ["Some(&[\"1_a\", \"2_\\\"b\"])", "&[\"3_c\"]", "&[\"one\"]", "fn up(&self, _: &mut Ops) {}"]
        {
            assert!(text.contains(part), "{text}");
        }
    }
}
