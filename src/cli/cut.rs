//! Statements that are as long as they like, cut to what is read of them.

/// The most lines of a statement that a person is shown, and the most characters of each.
const LINES: usize = 16;
const COLUMNS: usize = 160;
/// The most bytes of it that stand in JSON.
const JSON_BYTES: usize = 4096;

/// A statement for a person: what stands around a place in it, where it is too long for one screen.
pub(super) fn for_screen(sql: &str, at_byte: usize) -> String {
    let sql = sql.trim_end();
    let before = &sql[..boundary(sql, at_byte)];
    let (line, column) =
        (before.matches('\n').count(), before.rsplit('\n').next().unwrap_or_default().chars().count());
    let first = if line < LINES { 0 } else { line - LINES / 2 };
    let mut is_cut = first > 0;
    let mut shown = Vec::new();
    if is_cut {
        shown.push(format!("… {first} lines before"));
    }
    let mut lines = sql.lines().enumerate().skip(first);
    for (number, text) in lines.by_ref().take(LINES) {
        let skipped = if number == line && column > COLUMNS { column - COLUMNS / 2 } else { 0 };
        let mut rest = text.chars().skip(skipped);
        let mut part = String::from(if skipped > 0 { "…" } else { "" });
        part.extend(rest.by_ref().take(COLUMNS));
        let is_long = rest.next().is_some();
        if is_long {
            part.push('…');
        }
        is_cut |= is_long || skipped > 0;
        shown.push(part);
    }
    match lines.count() {
        0 if !is_cut => {}
        0 => shown.push(format!("… {} bytes in all", sql.len())),
        left => shown.push(format!("… {left} more lines, {} bytes in all", sql.len())),
    }
    shown.join("\n")
}

/// A statement for a program: what stands around a place in it, and whether that isn't all of it.
pub(super) fn for_json(sql: &str, at_byte: usize) -> (&str, bool) {
    if sql.len() <= JSON_BYTES {
        return (sql, false);
    }
    let first = boundary(sql, at_byte.min(sql.len() - JSON_BYTES / 2).saturating_sub(JSON_BYTES / 2));
    (&sql[first..boundary(sql, first + JSON_BYTES)], true)
}

/// The place itself, or the last one before it at which a character begins.
fn boundary(text: &str, at_byte: usize) -> usize {
    (0..=at_byte.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_short_stays_whole() {
        for sql in ["", "SELECT 1", "SELECT\n\t'ä',\n  2"] {
            assert_eq!((for_screen(sql, 3), for_json(sql, 3)), (sql.to_owned(), (sql, false)));
        }
    }

    /// Many lines, one long line, and a place far inside of each.
    #[test]
    fn what_is_long_is_cut_around_the_place() {
        let lines: String = (1..=5000).map(|number| format!("line {number}\n")).collect();
        let shown = for_screen(&lines, 0);
        assert!(shown.starts_with("line 1\nline 2\n"), "{shown}");
        assert!(shown.ends_with("line 16\n… 4984 more lines, 48892 bytes in all"), "{shown}");
        let shown = for_screen(&lines, lines.find("line 3000").unwrap());
        assert!(shown.starts_with("… 2991 lines before\nline 2992\n"), "{shown}");
        assert!(shown.contains("\nline 3000\n"), "{shown}");
        let shown = for_screen(&lines, usize::MAX);
        assert!(shown.ends_with("line 5000\n… 48892 bytes in all"), "{shown}");

        let long =
            format!("INSERT INTO t VALUES ('{}', oops, '{}')", "ä".repeat(100_000), "b".repeat(100_000));
        let shown = for_screen(&long, 0);
        assert!(
            shown.starts_with("INSERT INTO t VALUES ('ää") && shown.contains("ä…\n… 300035 bytes"),
            "{shown}"
        );
        let at = long.find("oops").unwrap();
        let shown = for_screen(&long, at);
        assert!(shown.starts_with("…ä") && shown.contains("ä', oops, 'b"), "{shown}");
        for at in [0, at, at - 1, long.len(), usize::MAX] {
            let (part, is_cut) = for_json(&long, at);
            assert!(is_cut && (2000..=JSON_BYTES).contains(&part.len()), "{}", part.len());
            assert!(for_screen(&long, at).chars().count() < 500);
        }
        assert!(for_json(&long, at).0.contains("oops"));
    }
}
