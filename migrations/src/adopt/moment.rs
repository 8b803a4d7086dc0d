//! Times as tools store them.

use jiff::Timestamp;

/// A time in RFC 3339, UTC and microseconds, from what a tool stored: RFC 3339, SQL's text with or without a zone, or seconds
/// since 1970. What is none of these is none.
pub(super) fn of(text: Option<String>) -> Option<String> {
    let text = text?;
    let text = text.trim();
    let seconds = || text.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    // A zone may lack its minutes, as PostgreSQL has it, or be missing.
    let zoned = || ["", ":00", "Z"].iter().find_map(|end| format!("{text}{end}").parse::<Timestamp>().ok());
    let moment = seconds().or_else(zoned)?;
    Some(format!("{moment:.6}"))
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn the_forms_of_all_tools_are_read() {
        for (text, expected) in [
            ("1704164645", "2024-01-02T03:04:05.000000Z"),
            ("2024-01-02T03:04:05.123456789+01:00", "2024-01-02T02:04:05.123456Z"),
            ("2024-01-02 03:04:05.5+00", "2024-01-02T03:04:05.500000Z"),
            ("2024-01-02 03:04:05+05:30", "2024-01-01T21:34:05.000000Z"),
            ("2024-01-02 03:04:05", "2024-01-02T03:04:05.000000Z"),
        ] {
            assert_eq!(of(Some(text.into())).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "yesterday", "2024-13-01 00:00:00"] {
            assert_eq!(of(Some(text.into())), None, "{text}");
        }
        assert_eq!(of(None), None);
    }
}
