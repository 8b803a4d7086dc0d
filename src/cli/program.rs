//! The project's own program: where revisions are Rust, `dunlin` builds it and hands the whole line over to it.
//!
//! The line is passed on as it was typed, so that it needn't be understood here: what the program's own version of Dunlin
//! takes is what counts.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use clap::Parser;
use clap::error::ErrorKind;
use serde_json::Value;

use super::args::{self, Cli};
use super::config::Program;
use super::failure::Failure;
use super::output::Output;

/// How long a build is silent.
const SILENT: Duration = Duration::from_secs(1);

/// Builds and calls the program of the project that the process was called in; none, if it has none, or if the line asks for
/// what needs no project.
pub(super) fn call() -> Option<ExitCode> {
    let line: Vec<OsString> = std::env::args_os().skip(1).collect();
    let parsed = Cli::try_parse();
    let is_for_us = match &parsed {
        Ok(cli) => !matches!(cli.command, args::Command::InProject(_)),
        Err(error) => {
            !error.use_stderr() || error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
        }
    };
    if is_for_us {
        return None;
    }
    let words = Words::of(&line);
    let config = match &parsed {
        Ok(cli) => cli.global.config.clone(),
        Err(_) => words.config.or_else(|| std::env::var_os("DUNLIN_CONFIG").map(PathBuf::from)),
    };
    let here = std::env::current_dir().ok()?;
    // What is wrong with the file is told by what reads it next.
    let (program, file) = Program::find(config.as_deref(), &here)?;
    let beside = file.parent().unwrap_or(&here);
    let output = words.output;
    let failure = match build(&program, &here.join(beside), output) {
        Ok(built) => match run(Command::new(built).args(&program.args).args(&line)) {
            Ok(code) => return Some(code),
            Err(failure) => failure,
        },
        Err(failure) => failure,
    };
    output.failure(&failure);
    Some(ExitCode::from(failure.code()))
}

/// What a line says that may have words which are unknown here.
struct Words {
    config: Option<PathBuf>,
    output: Output,
}

impl Words {
    fn of(line: &[OsString]) -> Self {
        let has = |words: &[&str]| line.iter().any(|word| words.iter().any(|known| word == known));
        let config = line.iter().enumerate().find_map(|(place, word)| match word.to_str()? {
            "--config" | "-c" => line.get(place + 1).map(PathBuf::from),
            word => word.strip_prefix("--config=").map(PathBuf::from),
        });
        Self { config, output: Output::new(has(&["--json"]), has(&["-q", "--quiet"]), false) }
    }
}

/// Builds the program, and gives where it is. The compiler speaks for itself, on stderr; where only results and errors are
/// wanted, it does so only if it fails.
fn build(program: &Program, folder: &Path, output: Output) -> Result<PathBuf, Failure> {
    let manifest = folder.join(program.manifest.as_deref().unwrap_or(Path::new("Cargo.toml")));
    if !manifest.is_file() {
        return Err(untouched(format!(
            "there is no {}, which [rust] in dunlin.toml names",
            manifest.display()
        ))
        .hint("mend `manifest` there: it is seen from dunlin.toml"));
    }
    let is_silent = output.quiet;
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--quiet", "--message-format", "json-render-diagnostics", "--manifest-path"]);
    cargo.arg(&manifest);
    match &program.bin {
        Some(bin) => cargo.args(["--bin", bin]),
        None => cargo.arg("--bins"),
    };
    if let Some(profile) = &program.profile {
        cargo.args(["--profile", profile]);
    }
    if !program.features.is_empty() {
        cargo.args(["--features", &program.features.join(",")]);
    }
    // There the project's own toolchain and configuration of Cargo are found.
    cargo.current_dir(manifest.parent().unwrap_or(folder)).stdin(Stdio::null()).stdout(Stdio::piped());
    cargo.stderr(if is_silent { Stdio::piped() } else { Stdio::inherit() });
    let mut child = cargo.spawn().map_err(|error| {
        untouched(format!("this project's revisions are Rust, and cargo can't be run: {error}"))
            .hint("install Rust from https://rustup.rs, or put cargo on the PATH")
    })?;
    let (built, status) = watch(&mut child, output)?;
    if !status.0.success() {
        let message = format!("the project's program can't be built: cargo ended with {}", status.0);
        let where_said = if output.json { "in `compiler`" } else { "above" };
        let failure = untouched(message)
            .compiler(status.1)
            .hint(format!("mend what the compiler says {where_said}, and type the same again"));
        return Err(match takes_published(&manifest) {
            true => failure.and_hint(
                "where cargo finds no package `dunlin`, name a checkout in the manifest, as `dunlin init --rust --dunlin-path DIR` does",
            ),
            false => failure,
        });
    }
    match built.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(untouched(format!("{} has no program", manifest.display()))
            .hint("write one whose main is `dunlin::cli::main::<Migrator>()`")),
        several => {
            let mut names: Vec<_> = several.iter().filter_map(|path| path.file_stem()?.to_str()).collect();
            names.sort_unstable();
            Err(untouched(format!("{} has several programs: {}", manifest.display(), names.join(", ")))
                .hint("say which one it is: bin = \"NAME\" under [rust] in dunlin.toml"))
        }
    }
}

/// Whether a manifest takes Dunlin from the registry, where this version may not be.
fn takes_published(manifest: &Path) -> bool {
    let text = std::fs::read_to_string(manifest).unwrap_or_default();
    let table: toml::Table = toml::from_str(&text).unwrap_or_default();
    let dunlin = table.get("dependencies").and_then(|all| all.get("dunlin"));
    dunlin.is_some_and(|dunlin| ["path", "git", "workspace"].iter().all(|key| dunlin.get(key).is_none()))
}

/// How cargo ended, and what it said where nobody saw it.
struct Ended(ExitStatus, String);

/// Waits for cargo, and gives the programs that it says it has built. A long build says that it goes on.
fn watch(child: &mut Child, output: Output) -> Result<(Vec<PathBuf>, Ended), Failure> {
    let failed = |error: std::io::Error| {
        untouched(format!("cargo can't be waited for: {error}")).hint("run the same command again")
    };
    let said = child.stderr.take().map(|mut stderr| {
        thread::spawn(move || {
            let mut text = Vec::new();
            let _ = stderr.read_to_end(&mut text);
            String::from_utf8_lossy(&text).into_owned()
        })
    });
    let (sender, receiver) = mpsc::channel();
    let stdout = child.stdout.take();
    let reader = thread::spawn(move || {
        let lines =
            stdout.into_iter().flat_map(|stdout| BufReader::new(stdout).lines().map_while(Result::ok));
        let built: Vec<_> = lines.filter_map(|line| program_in(&line)).collect();
        let _ = sender.send(());
        built
    });
    let is_long = receiver.recv_timeout(SILENT) == Err(mpsc::RecvTimeoutError::Timeout);
    if is_long {
        output.progress("building the project's program ..");
    }
    let built = reader.join().unwrap_or_default();
    let status = child.wait().map_err(failed)?;
    let said = said.and_then(|said| said.join().ok()).unwrap_or_default();
    Ok((built, Ended(status, said)))
}

/// The program that one of cargo's messages is about.
fn program_in(message: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    message["executable"].as_str().map(PathBuf::from)
}

fn untouched(message: String) -> Failure {
    Failure::usage(message).state("nothing was run, and no database was touched")
}

fn uncalled(error: &std::io::Error) -> Failure {
    untouched(format!("the project's program can't be called: {error}"))
        .hint("see that programs may run where Cargo puts them, or say with CARGO_TARGET_DIR where else")
}

/// Becomes the program: the terminal, signals and the exit code are its own.
#[cfg(unix)]
fn run(program: &mut Command) -> Result<ExitCode, Failure> {
    use std::os::unix::process::CommandExt;
    let error = program.exec();
    Err(uncalled(&error))
}

/// Calls the program, and ends as it does.
#[cfg(not(unix))]
fn run(program: &mut Command) -> Result<ExitCode, Failure> {
    let status = program.status();
    let status = status.map_err(|error| uncalled(&error))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
