//! Lines that can't be read, and what is said of them.

use super::{check, dunlin, run, stderr};

/// What an Alembic user types, and Dunlin doesn't take, is answered by what serves in its place.
#[test]
fn words_of_other_tools_are_answered() {
    let folder = tempfile::tempdir().unwrap();
    for (line, says, next) in [
        ("-n test status", "unexpected argument '-n'", "--env NAME chooses"),
        ("--name=test status", "unexpected argument '--name'", "--env NAME chooses"),
        ("-x tenant=a upgrade", "unexpected argument '-x'", "[variables] in dunlin.toml"),
        ("upgrade head --tag t", "unexpected argument '--tag'", "[variables] in dunlin.toml"),
        ("--raiseerr upgrade", "unexpected argument '--raiseerr'", "leave it out"),
        ("current -c", "a value is required for '--config <FILE>'", "`dunlin current --check-heads`"),
        ("init -t generic x", "unexpected argument '-t'", "there are no templates"),
        ("init --package x", "unexpected argument '--package'", "there are no templates"),
        ("list_templates", "unrecognized subcommand 'list_templates'", "there are no templates"),
        (
            "revision --autogenerate -m x",
            "unexpected argument '--autogenerate'",
            "that isn't there yet: write the revision yourself, with `dunlin revision -m MESSAGE`",
        ),
        ("version", "unrecognized subcommand 'version'", "`dunlin --version`"),
        ("plan", "unrecognized subcommand 'plan'", "`dunlin upgrade --plan`"),
        ("diff", "unrecognized subcommand 'diff'", "that isn't there yet"),
        ("upgrade c1 c2", "unexpected argument 'c2'", "several targets are one word, with commas between"),
        (
            "init --from alembic",
            "there is no folder alembic/versions",
            "name the one that is there: dunlin init DIR --from alembic",
        ),
        ("init --from nothing", "no format of revisions is called nothing", "known are auto, dunlin"),
        ("history --rev-range=", "the range is empty", "leave -r out"),
        ("revision users", "unexpected argument 'users'", "a message of several words"),
        ("migrate", "unrecognized subcommand 'migrate'", "`dunlin upgrade`"),
        ("heads --verbos", "unexpected argument '--verbos'", "did you mean --verbose? `dunlin heads --help`"),
        ("stauts", "unrecognized subcommand 'stauts'", "did you mean stamp or status? `dunlin --help`"),
        ("downgrade --nonsense", "unexpected argument '--nonsense'", "`dunlin downgrade --help`"),
        ("--json", "no command is given", ""),
    ] {
        let args: Vec<_> = line.split(' ').collect();
        let output = run(&dunlin(), folder.path(), &[&args[..], &["--url", "sqlite://x.db"]].concat());
        check(&output, 2, says);
        if !next.is_empty() {
            let said = stderr(&output);
            assert!(
                said.contains(&format!("next: {next}")) && said.contains("now: nothing was changed"),
                "{said}"
            );
        }
    }
    let help = run(&dunlin(), folder.path(), &["heads", "--help"]);
    check(&help, 0, "Exit codes: 0 done, 1 the run failed, 2 wrong usage or configuration, 3 a check found");
}
