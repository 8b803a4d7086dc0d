//! Opening a database by URL.

use std::time::Duration;

use dunlin_dsl::{Connection, ConnectionError, ErrorKind};
use tokio_postgres::config::{SslMode, TargetSessionAttrs};
use tokio_postgres::{Client, Config};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::error::unconnected;
use super::tls::{self, Mode};
use super::{Driver, Session};
use crate::connect::Cancel;
use crate::url::DatabaseUrl;

/// How long a server may take to be reached, unless the URL says otherwise.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The parameters that a URL may have.
const PARAMETERS: [&str; 7] = [
    "sslmode",
    "sslrootcert",
    "application_name",
    "connect_timeout",
    "options",
    "target_session_attrs",
    "host",
];

/// Opens a connection of Dunlin's own, which a task on the current tokio runtime drives until it is dropped.
///
/// The URL's parameters are libpq's `sslmode`, `sslrootcert`, `application_name`, `connect_timeout` in seconds, `options`,
/// `target_session_attrs`, and `host`, for a socket's directory in a URL that names no host.
pub(crate) async fn open(url: &DatabaseUrl) -> Result<Box<dyn Connection>, ConnectionError> {
    let config = config(url)?;
    let (mode, tls) = tls::of(url)?;
    let mode = if is_socket(&config) { Mode::Disable } else { mode };
    if tokio::runtime::Handle::try_current().is_err() {
        let message = "a connection to PostgreSQL needs a tokio runtime, and there is none here";
        return Err(ConnectionError::new(ErrorKind::Unreachable, message));
    }
    let client = connect(&config, mode, &tls).await.map_err(|error| unconnected(&error))?;
    let mut session = Session::new(Driver::Own(Box::new(client)));
    session.server().await?;
    Ok(Box::new(session))
}

/// What has the server cancel the statement of a connection that [`open`] gave.
pub(crate) fn cancel(
    url: &DatabaseUrl,
    connection: &mut dyn Connection,
) -> Result<Option<Cancel>, ConnectionError> {
    let Some(client) = connection.driver().and_then(|driver| driver.downcast_ref::<Client>()) else {
        return Ok(None);
    };
    let token = client.cancel_token();
    let (_, tls) = tls::of(url)?;
    Ok(Some(Box::pin(async move {
        // Where it can't be said, the server finishes the statement, and then finds its client gone.
        let _ = token.cancel_query(tls).await;
    })))
}

/// Connects, in each of the ways that the mode allows.
async fn connect(
    config: &Config,
    mode: Mode,
    tls: &MakeRustlsConnect,
) -> Result<Client, tokio_postgres::Error> {
    match mode {
        Mode::Disable => attempt(config, SslMode::Disable, tls).await,
        Mode::Allow => match attempt(config, SslMode::Disable, tls).await {
            Err(error) if is_unwanted(&error) => attempt(config, SslMode::Require, tls).await,
            outcome => outcome,
        },
        Mode::Prefer => match attempt(config, SslMode::Prefer, tls).await {
            Err(error) if is_unwanted(&error) || is_handshake(&error) => {
                attempt(config, SslMode::Disable, tls).await
            }
            outcome => outcome,
        },
        Mode::Require | Mode::VerifyCa | Mode::VerifyFull => attempt(config, SslMode::Require, tls).await,
    }
}

async fn attempt(
    config: &Config,
    mode: SslMode,
    tls: &MakeRustlsConnect,
) -> Result<Client, tokio_postgres::Error> {
    let mut config = config.clone();
    let (client, connection) = config.ssl_mode(mode).connect(tls.clone()).await?;
    tokio::spawn(async move {
        // Whoever waits for an answer is told of the connection's end too.
        let _ = connection.await;
    });
    Ok(client)
}

/// Whether the server lets this user in by the other way alone, if at all.
fn is_unwanted(error: &tokio_postgres::Error) -> bool {
    error.code().is_some_and(|code| code.code() == "28000")
}

/// Whether the two couldn't agree on TLS. Its errors have no kind that can be asked for.
fn is_handshake(error: &tokio_postgres::Error) -> bool {
    error.to_string().starts_with("error performing TLS handshake")
}

fn is_socket(config: &Config) -> bool {
    #[cfg(unix)]
    {
        use tokio_postgres::config::Host;
        config.get_hosts().iter().all(|host| matches!(host, Host::Unix(_)))
    }
    #[cfg(not(unix))]
    {
        let _ = config;
        false
    }
}

fn config(url: &DatabaseUrl) -> Result<Config, ConnectionError> {
    let unknown = url.parameters().iter().find(|(name, _)| !PARAMETERS.contains(&name.as_str()));
    if let Some((name, _)) = unknown {
        return Err(bad(format!(
            "a postgres URL has no parameter {name} here; it may have {}",
            PARAMETERS.join(", ")
        )));
    }
    let mut config = Config::new();
    config.host(url.host().or(url.parameter("host")).unwrap_or("localhost"));
    config.port(url.port().unwrap_or(5432));
    config.application_name(url.parameter("application_name").unwrap_or("dunlin"));
    if let Some(user) = url.user() {
        config.user(user);
    }
    if let Some(password) = url.password() {
        config.password(password);
    }
    if let Some(database) = url.database() {
        config.dbname(database);
    }
    if let Some(options) = url.parameter("options") {
        config.options(options);
    }
    config.connect_timeout(match url.parameter("connect_timeout") {
        Some(seconds) => {
            Duration::from_secs(seconds.parse().map_err(|_| bad("connect_timeout is a number of seconds"))?)
        }
        None => TIMEOUT,
    });
    config.target_session_attrs(match url.parameter("target_session_attrs") {
        None | Some("any") => TargetSessionAttrs::Any,
        Some("read-write") => TargetSessionAttrs::ReadWrite,
        Some("read-only") => TargetSessionAttrs::ReadOnly,
        Some(_) => return Err(bad("target_session_attrs is any, read-write or read-only")),
    });
    Ok(config)
}

fn bad(message: impl Into<String>) -> ConnectionError {
    ConnectionError::new(ErrorKind::BadUrl, message)
}
