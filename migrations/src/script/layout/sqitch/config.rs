//! `sqitch.conf`: where a project keeps its plan and its scripts.

/// Where things are, as paths in the folder.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Config {
    pub(super) plan: String,
    pub(super) deploy: String,
    pub(super) revert: String,
    pub(super) verify: String,
    /// What the names of scripts end in.
    pub(super) extension: String,
}

impl Config {
    /// What the settings say of the project, and of its engine above that.
    pub(super) fn parse(text: &str) -> Self {
        let settings = settings(text);
        let core = |key: &str| find(&settings, "core", key);
        let engine = core("engine").map(|engine| format!("engine {engine}")).unwrap_or_default();
        let get = |key: &str| find(&settings, &engine, key).or_else(|| core(key));
        let top = get("top_dir").unwrap_or_default();
        let folder = |key: &str, name: &str| get(key).map_or_else(|| join(&top, name), |path| clean(&path));
        Self {
            plan: folder("plan_file", "sqitch.plan"),
            deploy: folder("deploy_dir", "deploy"),
            revert: folder("revert_dir", "revert"),
            verify: folder("verify_dir", "verify"),
            extension: get("extension").unwrap_or_else(|| "sql".into()),
        }
    }
}

/// A path in a folder.
pub(super) fn join(folder: &str, path: &str) -> String {
    let folder = clean(folder);
    if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") }
}

/// A path without `.` in it.
fn clean(path: &str) -> String {
    path.split('/').filter(|part| !part.is_empty() && *part != ".").collect::<Vec<_>>().join("/")
}

/// Heading, key and value of each setting, in the form of git's: the last of a key counts.
fn settings(text: &str) -> Vec<(String, String, String)> {
    let mut heading = String::new();
    let mut settings = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.split(']').next()) {
            heading = name.replace('"', "").split_whitespace().collect::<Vec<_>>().join(" ");
        } else if let Some((key, value)) = line.split_once('=') {
            let value = value.trim().trim_matches('"').to_owned();
            settings.push((heading.clone(), key.trim().to_ascii_lowercase(), value));
        }
    }
    settings
}

fn find(settings: &[(String, String, String)], heading: &str, key: &str) -> Option<String> {
    let found = settings.iter().rfind(|(of, name, _)| of == heading && name == key);
    found.map(|(_, _, value)| value.clone())
}

#[cfg(test)]
mod tests {
    use super::Config;

    #[test]
    fn an_engine_has_settings_of_its_own() {
        let text = "[core]\n\tengine = pg\n\ttop_dir = ./sql/\n# no = thing\n[engine \"pg\"]\n\trevert_dir = back\n\
            [engine \"mysql\"]\n\ttop_dir = other\n";
        let config = Config::parse(text);
        assert_eq!(config.plan, "sql/sqitch.plan");
        assert_eq!(config.deploy, "sql/deploy");
        assert_eq!(config.revert, "back");
        assert_eq!(Config::parse("").deploy, "deploy");
        assert_eq!(Config::parse("").extension, "sql");
    }
}
