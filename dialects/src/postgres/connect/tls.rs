//! TLS: what libpq's `sslmode` and `sslrootcert` mean, by rustls.

use std::sync::Arc;

use dunlin_dsl::{ConnectionError, ErrorKind};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::url::DatabaseUrl;

/// What `sslmode` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mode {
    /// No TLS.
    Disable,
    /// TLS where the server takes nothing else.
    Allow,
    /// TLS where the server offers it.
    Prefer,
    /// TLS, whatever the certificate.
    Require,
    /// TLS, and a certificate from an authority that is trusted.
    VerifyCa,
    /// TLS, and such a certificate for this host's name.
    VerifyFull,
}

/// What a URL asks for, and how certificates are judged.
pub(super) fn of(url: &DatabaseUrl) -> Result<(Mode, MakeRustlsConnect), ConnectionError> {
    let root = url.parameter("sslrootcert");
    let system = root == Some("system");
    let mut mode = match url.parameter("sslmode") {
        Some("disable") => Mode::Disable,
        Some("allow") => Mode::Allow,
        Some("prefer") => Mode::Prefer,
        Some("require") => Mode::Require,
        Some("verify-ca") => Mode::VerifyCa,
        Some("verify-full") => Mode::VerifyFull,
        None if system => Mode::VerifyFull,
        None => Mode::Prefer,
        Some(_) => {
            return Err(bad(
                "sslmode is disable, allow, prefer, require, verify-ca or verify-full".to_owned()
            ));
        }
    };
    if system && mode != Mode::VerifyFull {
        // Anyone can have a certificate from a public authority: without the name it proves nothing.
        return Err(bad("sslrootcert=system goes with sslmode=verify-full alone".to_owned()));
    }
    if mode == Mode::Require && root.is_some() {
        mode = Mode::VerifyCa;
    }
    Ok((mode, MakeRustlsConnect::new(client(mode, root)?)))
}

fn client(mode: Mode, root: Option<&str>) -> Result<ClientConfig, ConnectionError> {
    let provider = Arc::new(ring::default_provider());
    let verifier = match mode {
        Mode::VerifyCa | Mode::VerifyFull => Some(chain(root, &provider)?),
        _ => None,
    };
    let builder = ClientConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| bad(format!("can't set up TLS: {error}")))?;
    let verifier = Arc::new(Verifier { chain: verifier, name: mode == Mode::VerifyFull, provider });
    Ok(builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth())
}

/// What judges a chain by the roots of a file or, by default, of the operating system.
fn chain(
    root: Option<&str>,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<WebPkiServerVerifier>, ConnectionError> {
    let mut roots = RootCertStore::empty();
    match root {
        Some(path) if path != "system" => {
            let unreadable =
                |error: &dyn std::fmt::Display| bad(format!("can't read sslrootcert {path}: {error}"));
            for certificate in CertificateDer::pem_file_iter(path).map_err(|error| unreadable(&error))? {
                let certificate = certificate.map_err(|error| unreadable(&error))?;
                roots.add(certificate).map_err(|error| unreadable(&error))?;
            }
        }
        _ => _ = roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs),
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone());
    verifier.build().map_err(|error| match root {
        Some(path) if path != "system" => bad(format!("sslrootcert {path} has no certificate: {error}")),
        _ => bad(format!("the system has no trusted certificates; name some by sslrootcert: {error}")),
    })
}

fn bad(message: String) -> ConnectionError {
    ConnectionError::new(ErrorKind::BadUrl, message)
}

/// Judges a certificate as `sslmode` says.
#[derive(Debug)]
struct Verifier {
    /// What judges the chain; none accepts any certificate.
    chain: Option<Arc<WebPkiServerVerifier>>,
    /// Whether the name counts too.
    name: bool,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(chain) = &self.chain else { return Ok(ServerCertVerified::assertion()) };
        match chain.verify_server_cert(certificate, intermediates, name, ocsp, now) {
            // The name is looked at last, once the chain has been found good.
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if !self.name => Ok(ServerCertVerified::assertion()),
            judged => judged,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
