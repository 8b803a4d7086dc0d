//! Signals that end a run, and what the server then does.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::{check, dunlin, run};
use crate::on_every_server;
use crate::server::{Kind, TestDb};

/// The statement is cancelled, and the lock is free.
async fn is_cancelled(db: &TestDb) {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let toml = format!("[env.development]\nurl = \"{}\"\n", db.url);
    std::fs::write(folder.join("dunlin.toml"), toml).unwrap();
    std::fs::create_dir(folder.join("migrations")).unwrap();
    let slow = match db.kind {
        Kind::Sqlite => {
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
        }
        // By itself it would return 1 where it is ended, and be done.
        Kind::Mariadb | Kind::Mysql => "SELECT 1 FROM information_schema.engines WHERE SLEEP(600)",
        _ => "SELECT pg_sleep(600)",
    };
    std::fs::write(folder.join("migrations/01_slow.sql"), format!("{slow};\n")).unwrap();
    for (signal, code, says) in [("-INT", 130, "interrupted"), ("-TERM", 143, "terminated")] {
        let mut dunlin = Command::new(dunlin());
        dunlin.current_dir(folder).args(["up", "-v"]).env_remove("DUNLIN_ENV").stdin(Stdio::null());
        let mut child = dunlin.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        while !line.contains(slow) {
            line.clear();
            assert_ne!(said.read_line(&mut line).unwrap(), 0, "it ended too early");
        }
        // What was told is on its way.
        std::thread::sleep(Duration::from_millis(300));
        let began = Instant::now();
        let kill = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        assert!(kill.success());
        let mut rest = String::new();
        said.read_to_string(&mut rest).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(code), "{rest}");
        assert!(began.elapsed() < Duration::from_secs(60), "it took {:?}", began.elapsed());
        assert!(rest.contains(&format!("error: {says} while revision 01_slow was at work")), "{rest}");
        assert!(rest.contains("next: `dunlin status` tells"), "{rest}");
        let running = match db.kind {
            Kind::Sqlite => continue,
            Kind::Mariadb | Kind::Mysql => {
                "SELECT count(*) FROM information_schema.processlist WHERE info LIKE 'SELECT 1 FROM%' AND db = DATABASE()"
            }
            _ => {
                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(600)%' AND state = 'active' \
                     AND datname = current_database()"
            }
        };
        assert_eq!(db.value(running).await.as_deref(), Some("0"));
    }
    // Whoever needs the lock has it at once.
    check(
        &run(&dunlin(), folder, &["stamp", "heads", "--lock-timeout", "0"]),
        0,
        "stamped as applied 01_slow",
    );
}

on_every_server!(a_signal_cancels_the_statement, is_cancelled);
