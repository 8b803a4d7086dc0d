//! Flyway's versions.

use std::cmp::Ordering;
use std::fmt;

use super::super::names::as_numbers;

/// A version: numbers of any length. Parts that are missing count as 0.
///
/// Its text is as Flyway's history has it; `Display` gives one text for all that are equal.
#[derive(Clone, Debug)]
pub(in super::super) struct Version(String);

impl Version {
    /// The version that a file's name has, which may be empty where it needs none.
    pub(in super::super) fn parse(text: &str) -> Option<Self> {
        let text = text.replace('_', ".");
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        (text.is_empty() || text.split('.').all(is_number)).then_some(Self(text))
    }

    /// Its text, with dots.
    pub(in super::super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Its parts, without zeros at its end.
    fn parts(&self) -> Vec<&str> {
        let mut parts: Vec<_> = self.0.split('.').map(|part| part.trim_start_matches('0')).collect();
        while parts.last().is_some_and(|part| part.is_empty()) {
            parts.pop();
        }
        parts
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b) = (self.parts(), other.parts());
        let differs = a.iter().zip(&b).map(|(a, b)| as_numbers(a, b)).find(|order| order.is_ne());
        differs.unwrap_or_else(|| a.len().cmp(&b.len()))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Version {}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = self.parts();
        let parts: Vec<_> = parts.iter().map(|part| if part.is_empty() { "0" } else { part }).collect();
        f.write_str(if parts.is_empty() { "0" } else { "" })?;
        f.write_str(&parts.join("."))
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    fn version(text: &str) -> Version {
        Version::parse(text).unwrap()
    }

    #[test]
    fn parts_are_compared_as_numbers() {
        assert!(version("1.10") > version("1.9") && version("2") > version("1_99"));
        assert!(version("1") < version("1.0.1"));
        assert!(version("99999999999999999999999") > version("20240101000000"));
        for equal in ["1", "1.0", "01", "1_0_0"] {
            assert_eq!(version(equal), version("1"));
            assert_eq!(version(equal).to_string(), "1");
        }
        assert_eq!(version("0.0").to_string(), "0");
        assert_eq!(version("1.00.2").to_string(), "1.0.2");
    }

    #[test]
    fn what_is_no_number_is_no_version() {
        for text in ["1.", "a", "1.a", "_1", "1__2", "-1", "1 "] {
            assert!(Version::parse(text).is_none(), "{text}");
        }
    }
}
