//! What a web client is made from.

use std::sync::Arc;

use ozml_session::HttpUrl;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use super::allow::AddressRules;
use super::limits::WebLimits;
use super::secret::Secrets;

/// How the web may be reached. The default reaches all that is public, without proxy and signatures.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct WebConfig {
    /// Which origins.
    pub rules: AddressRules,
    /// How much, how long.
    pub limits: WebLimits,
    /// A proxy for all requests. It resolves names, so a name's addresses are its concern then; all other
    /// rules hold. The environment's proxies are never used.
    pub proxy: Option<HttpUrl>,
    /// What signs POST requests.
    pub secrets: Option<Secrets>,
    /// Certificates in PEM text that are trusted besides the system's.
    pub authorities: Option<Vec<u8>>,
}

/// Why there is no web client.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WebConfigError {
    /// The certificates of [`WebConfig::authorities`].
    #[error("the trusted certificates cannot be read: {0}")]
    Authorities(String),
    /// The rest.
    #[error("the web client cannot be made: {0}")]
    Client(String),
}

/// TLS that trusts the system's authorities and those of the configuration. Without any, `https` fails and
/// `http` works.
pub(super) fn tls(authorities: Option<&[u8]>) -> Result<ClientConfig, WebConfigError> {
    let mut roots = RootCertStore::empty();
    // One that cannot be read does not spoil the others.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let wrong = |fault: String| WebConfigError::Authorities(fault);
    if let Some(pem) = authorities {
        let before = roots.len();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|fault| wrong(fault.to_string()))?;
            roots.add(certificate).map_err(|fault| wrong(fault.to_string()))?;
        }
        if roots.len() == before {
            return Err(wrong("none were found".to_owned()));
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|fault| WebConfigError::Client(fault.to_string()))?;
    let mut tls = builder.with_root_certificates(roots).with_no_client_auth();
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(tls)
}
