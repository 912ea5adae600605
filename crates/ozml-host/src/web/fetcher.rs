//! The port `Fetcher` on the real web.

use std::fmt;
use std::sync::Arc;

use ozml_session::{FetchAnswer, FetchError, FetchRequest, Fetcher, PortFuture};
use tokio::time::timeout;

use super::client::{Outgoing, WebClient};
use super::config::{WebConfig, WebConfigError};
use super::gate::Gate;
use super::resolve::{Resolve, SystemResolver};

/// The port [`Fetcher`] over HTTP and HTTPS. A clone is the same client; it needs a tokio runtime with I/O
/// and time.
///
/// A request is checked before its connection is made, and again at each redirect: what the rules of its
/// [`WebConfig`] refuse is [`FetchError::Forbidden`] and no byte is sent. A request that is dropped is given up.
#[derive(Clone)]
pub struct WebFetcher {
    client: Arc<WebClient>,
    gate: Arc<Gate>,
}

impl WebFetcher {
    /// A client with the machine's resolver. It reads the trusted certificates of the system.
    pub fn new(config: WebConfig) -> Result<Self, WebConfigError> {
        Self::with_resolver(config, SystemResolver)
    }

    /// A client with another resolver.
    pub fn with_resolver(
        config: WebConfig,
        resolver: impl Resolve + 'static,
    ) -> Result<Self, WebConfigError> {
        let gate = Gate::new(config.limits.fetches, config.limits.fetches_per_host);
        Ok(Self {
            client: Arc::new(WebClient::new(config, Box::new(resolver))?),
            gate: Arc::new(gate),
        })
    }

    pub(super) fn client(&self) -> &Arc<WebClient> {
        &self.client
    }

    async fn answer(&self, request: &FetchRequest) -> Result<FetchAnswer, FetchError> {
        let outgoing = Outgoing::of(request)?;
        let mut opened = self.client.open(&outgoing, &self.gate).await?;
        let status = opened.status();
        let url = opened.redirected.take().unwrap_or_else(|| request.url.clone());
        let body = opened.body(request.max_bytes).await?;
        Ok(FetchAnswer::new(status, url, body))
    }
}

impl Fetcher for WebFetcher {
    fn fetch<'a>(&'a self, request: &'a FetchRequest) -> PortFuture<'a, FetchAnswer, FetchError> {
        let total = self.client.config().limits.fetch_total;
        Box::pin(async move {
            timeout(total, self.answer(request))
                .await
                .map_err(|_| FetchError::Timeout)?
        })
    }
}

impl fmt::Debug for WebFetcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebFetcher")
    }
}
