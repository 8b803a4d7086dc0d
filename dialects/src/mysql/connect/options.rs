//! A URL as the driver's options.

use std::path::{Path, PathBuf};
use std::time::Duration;

use dunlin_dsl::{ConnectionError, ErrorKind};
use mysql_async::{ClientIdentity, Opts, OptsBuilder, SslOpts};

use crate::url::DatabaseUrl;

/// How long it takes at most until a server lets one in, unless the URL says so.
const CONNECT: Duration = Duration::from_secs(30);

/// A host's name for which no certificate is. With it the driver asks only who signed the certificate: it knows an
/// error about a name by this word in its text, and rustls 0.23 doesn't say it, except as the name that was asked for.
const ANY_NAME: &str = "NotValidForName";

/// What a URL asks for.
#[derive(Clone)]
pub(super) struct Options {
    /// For the first attempt.
    pub(super) first: Opts,
    /// For a second one, without TLS, where the server has none and that is no matter.
    pub(super) plain: Option<Opts>,
    /// How long both may take.
    pub(super) timeout: Duration,
}

/// How much a connection must be protected.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SslMode {
    Disable,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

impl Options {
    /// Reads a URL's parts and parameters: `sslmode`, `sslrootcert`, `sslcert`, `sslkey`, `socket` and `connect_timeout`
    /// (in seconds), or MySQL's own words for them.
    pub(super) fn read(url: &DatabaseUrl) -> Result<Self, ConnectionError> {
        let mut mode = SslMode::Prefer;
        let (mut root, mut cert, mut key): (Option<PathBuf>, Option<PathBuf>, Option<PathBuf>) =
            Default::default();
        let (mut socket, mut timeout) = (None, CONNECT);
        for (name, value) in url.parameters() {
            match name.as_str() {
                "sslmode" | "ssl-mode" => mode = SslMode::read(value)?,
                "sslrootcert" | "ssl-ca" => root = Some(value.into()),
                "sslcert" | "ssl-cert" => cert = Some(value.into()),
                "sslkey" | "ssl-key" => key = Some(value.into()),
                "socket" => socket = Some(value.clone()),
                "connect_timeout" | "connect-timeout" => {
                    let seconds = value.parse().map_err(|_| bad(format!("{name} is a number of seconds")))?;
                    timeout = Duration::from_secs(seconds);
                }
                other => return Err(bad(format!("a mysql URL has no parameter {other}"))),
            }
        }
        let options = OptsBuilder::default()
            .ip_or_hostname(url.host().unwrap_or("localhost"))
            .tcp_port(url.port().unwrap_or(3306))
            .user(url.user())
            .pass(url.password())
            .db_name(url.database())
            // The driver would leave the host that was asked for, and go by the server's own socket.
            .prefer_socket(false)
            .socket(socket)
            .stmt_cache_size(0);
        let plain = Opts::from(options.clone());
        if mode == SslMode::Disable {
            return Ok(Self { first: plain, plain: None, timeout });
        }
        let identity = match (cert, key) {
            (Some(cert), Some(key)) => Some(ClientIdentity::new(cert.into(), key.into())),
            (None, None) => None,
            _ => return Err(bad("sslcert and sslkey go together".to_owned())),
        };
        let tls = tls(mode, root.as_deref())?.with_client_identity(identity);
        let first = Opts::from(options.ssl_opts(tls));
        Ok(Self { first, plain: (mode == SslMode::Prefer).then_some(plain), timeout })
    }
}

impl SslMode {
    fn read(value: &str) -> Result<Self, ConnectionError> {
        Ok(match value.to_ascii_lowercase().replace('_', "-").as_str() {
            "disable" | "disabled" => Self::Disable,
            "prefer" | "preferred" => Self::Prefer,
            "require" | "required" => Self::Require,
            "verify-ca" => Self::VerifyCa,
            "verify-full" | "verify-identity" => Self::VerifyFull,
            _ => {
                let known = "disable, prefer, require, verify-ca and verify-full";
                return Err(bad(format!("sslmode is none of {known}")));
            }
        })
    }
}

/// TLS as the mode asks. Signers are those of `root`, else the operating system's.
fn tls(mode: SslMode, root: Option<&Path>) -> Result<SslOpts, ConnectionError> {
    // Where a program has more than one of rustls' providers built in, rustls wants one chosen, and panics without.
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // If another thread has just chosen one, that is as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
    let options = SslOpts::default();
    if !matches!(mode, SslMode::VerifyCa | SslMode::VerifyFull) {
        return Ok(options.with_danger_accept_invalid_certs(true).with_danger_skip_domain_validation(true));
    }
    let options = match root {
        Some(root) => {
            if !root.is_file() {
                return Err(bad(format!("there is no file {} of root certificates", root.display())));
            }
            options.with_root_certs(vec![root.to_owned().into()]).with_disable_built_in_roots(true)
        }
        None => {
            let found = rustls_native_certs::load_native_certs().certs;
            let mut store = rustls::RootCertStore::empty();
            // One that rustls can't read would stop the driver.
            let usable = found.into_iter().filter(|cert| store.add(cert.clone()).is_ok());
            let roots: Vec<_> = usable.map(|cert| cert.to_vec().into()).collect();
            if roots.is_empty() {
                return Err(bad(
                    "the operating system has no root certificates; name a file by sslrootcert".into()
                ));
            }
            options.with_root_certs(roots).with_disable_built_in_roots(true)
        }
    };
    Ok(match mode {
        SslMode::VerifyCa => {
            options.with_danger_skip_domain_validation(true).with_danger_tls_hostname_override(Some(ANY_NAME))
        }
        _ => options,
    })
}

fn bad(message: String) -> ConnectionError {
    ConnectionError::new(ErrorKind::BadUrl, message)
}
