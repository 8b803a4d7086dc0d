//! What texts of SQL mention: nothing more is ever asked of them.

/// The texts of SQL in something.
pub(crate) fn texts(of: impl serde::Serialize) -> Vec<String> {
    strings(of, &["sql"])
}

/// The texts of SQL in something, and the types in a server's own words.
pub(crate) fn texts_and_types(of: impl serde::Serialize) -> Vec<String> {
    strings(of, &["sql", "native"])
}

fn strings(of: impl serde::Serialize, keys: &[&str]) -> Vec<String> {
    fn collect(value: &serde_json::Value, keys: &[&str], texts: &mut Vec<String>) {
        match value {
            serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, keys, texts)),
            serde_json::Value::Object(fields) => {
                for (key, value) in fields.iter().filter(|(key, _)| key.as_str() != "notes") {
                    match value {
                        serde_json::Value::String(text) if keys.contains(&key.as_str()) => {
                            texts.push(text.clone());
                        }
                        value => collect(value, keys, texts),
                    }
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    // What has no JSON form has no text of SQL either.
    collect(&serde_json::to_value(of).unwrap_or_default(), keys, &mut found);
    found
}

/// Whether a text has a name, or the end of a literal, as a word of its own.
pub(crate) fn mentions(text: &str, name: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let behind = text[at + name.len()..].chars().next();
        !before.is_some_and(is_word) && !behind.is_some_and(is_word)
    })
}

/// Whether a text has a name where a column's may stand: not before a bracket, where it is a function's, nor behind `::`,
/// where it is a type's.
pub(crate) fn mentions_column(text: &str, name: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name).any(|(at, _)| {
        let (before, behind) = (&text[..at], &text[at + name.len()..]);
        let is_whole = !before.ends_with(is_word) && !behind.starts_with(is_word);
        is_whole && !before.ends_with("::") && !behind.trim_start().starts_with('(')
    })
}
