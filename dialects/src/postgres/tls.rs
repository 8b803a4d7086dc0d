//! TLS for PostgreSQL, as libpq's `sslmode` means it: `require` encrypts and trusts anyone, `verify-ca` asks who signed, and
//! `verify-full` also whose name it is.

use std::sync::Arc;

use dunlin_dsl::{ConnectionError, ErrorKind};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::url::DatabaseUrl;

/// What a URL asks of TLS.
pub(super) fn connector(url: &DatabaseUrl) -> Result<(SslMode, MakeRustlsConnect), ConnectionError> {
    let roots = url.parameter("sslrootcert");
    let (mode, trust) = match (url.parameter("sslmode").unwrap_or("prefer"), roots) {
        ("disable", _) => (SslMode::Disable, Trust::Anyone),
        ("allow" | "prefer", _) => (SslMode::Prefer, Trust::Anyone),
        // libpq, too, takes a root certificate as a wish to see it used.
        ("require", None) => (SslMode::Require, Trust::Anyone),
        ("require" | "verify-ca", _) => (SslMode::Require, Trust::Signer),
        ("verify-full", _) => (SslMode::Require, Trust::Name),
        (other, _) => {
            return Err(bad(format!(
                "sslmode {other} is unknown: it is disable, allow, prefer, require, verify-ca or verify-full"
            )));
        }
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = match trust {
        Trust::Anyone => Arc::new(Verifier { trust, inner: None, provider: provider.clone() }),
        _ => {
            let inner =
                WebPkiServerVerifier::builder_with_provider(Arc::new(store(roots)?), provider.clone());
            let inner = inner.build().map_err(|error| bad(format!("can't check certificates: {error}")))?;
            Arc::new(Verifier { trust, inner: Some(inner), provider: provider.clone() })
        }
    };
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| bad(format!("can't set TLS up: {error}")))?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    Ok((mode, MakeRustlsConnect::new(config)))
}

/// The certificates that are trusted: a file's, or the system's.
fn store(file: Option<&str>) -> Result<RootCertStore, ConnectionError> {
    let mut store = RootCertStore::empty();
    match file {
        None | Some("system") => {
            let found = rustls_native_certs::load_native_certs();
            store.add_parsable_certificates(found.certs);
        }
        Some(file) => {
            let unreadable =
                |error: &dyn std::fmt::Display| bad(format!("can't read sslrootcert {file}: {error}"));
            for certificate in CertificateDer::pem_file_iter(file).map_err(|error| unreadable(&error))? {
                let certificate = certificate.map_err(|error| unreadable(&error))?;
                store.add(certificate).map_err(|error| unreadable(&error))?;
            }
        }
    }
    match store.is_empty() {
        true => Err(bad("there is no root certificate to check the server's with: give sslrootcert=FILE")),
        false => Ok(store),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trust {
    Anyone,
    Signer,
    Name,
}

#[derive(Debug)]
struct Verifier {
    trust: Trust,
    inner: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(inner) = &self.inner else { return Ok(ServerCertVerified::assertion()) };
        let verified = inner.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        match verified {
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if self.trust == Trust::Signer => Ok(ServerCertVerified::assertion()),
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

fn bad(message: impl Into<String>) -> ConnectionError {
    ConnectionError::new(ErrorKind::BadUrl, message)
}
