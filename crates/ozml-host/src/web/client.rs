//! The one client for all outbound HTTP.

use std::time::Duration;

use ozml_session::{Clock, FetchError, FetchMethod, FetchRequest, HttpUrl};
use reqwest::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION, PRAGMA};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, Proxy, Request, Response, StatusCode};
use tokio::time::timeout;
use url::{Url, form_urlencoded};

use super::address::is_public;
use super::allow::{Admission, PRIVATE_ADDRESS, forbidden};
use super::config::{WebConfig, WebConfigError, tls};
use super::failure::{failure, limit};
use super::gate::{Gate, Pass};
use super::origin::Origin;
use super::resolve::{Checked, Handout, Resolve, ResolveError};
use super::signature::{SIGNATURE_HEADER, sign};
use crate::SystemClock;

const USER_AGENT: &str = concat!("ozml/", env!("CARGO_PKG_VERSION"));

/// How long a connection without a request is kept.
const IDLE: Duration = Duration::from_secs(30);

/// Checks, resolves, connects, signs, and follows redirects.
pub(super) struct WebClient {
    http: Client,
    config: WebConfig,
    resolver: Box<dyn Resolve>,
}

/// A request that is ready to be made.
#[derive(Debug, Clone)]
pub(super) struct Outgoing {
    url: HttpUrl,
    /// A form, for a POST.
    body: Option<String>,
}

/// A request to one of the servers that redirect it.
struct Hop<'r> {
    request: &'r Outgoing,
    url: &'r HttpUrl,
    origin: Origin,
    admission: Admission,
    /// Signatures are for the first origin only.
    signs: bool,
}

/// An answer whose body was not read yet.
pub(super) struct Opened {
    response: Response,
    /// Where it came from, after redirects.
    pub(super) redirected: Option<HttpUrl>,
    _pass: Pass,
}

impl Outgoing {
    /// A POST of a form.
    pub(super) fn post(url: HttpUrl, form: String) -> Self {
        Self {
            url,
            body: Some(form),
        }
    }

    /// The fields go into the body of a POST, or behind the query of a GET.
    pub(super) fn of(request: &FetchRequest) -> Result<Self, FetchError> {
        let url = request.url.clone();
        if request.method == FetchMethod::Post {
            return Ok(Self::post(url, form(&request.fields)));
        }
        let mut with_fields = parse(&url)?;
        if !request.fields.is_empty() {
            with_fields.query_pairs_mut().extend_pairs(&request.fields);
        }
        let url =
            HttpUrl::new(with_fields.as_str()).map_err(|fault| FetchError::Failed(fault.to_string()))?;
        Ok(Self { url, body: None })
    }

    fn method(&self) -> Method {
        match self.body {
            Some(_) => Method::POST,
            None => Method::GET,
        }
    }
}

/// Fields as a form, in their order.
pub(super) fn form(fields: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

/// The origin of a URL.
pub(super) fn origin(url: &HttpUrl) -> Result<Origin, FetchError> {
    Origin::of(url).ok_or_else(|| forbidden("scheme"))
}

fn parse(url: &HttpUrl) -> Result<Url, FetchError> {
    Url::parse(url.as_str()).map_err(|_| forbidden("scheme"))
}

/// A URL as logs may show it.
pub(super) fn without_query(url: &HttpUrl) -> &str {
    let url = url.as_str();
    url.split(['?', '#']).next().unwrap_or(url)
}

impl WebClient {
    pub(super) fn new(config: WebConfig, resolver: Box<dyn Resolve>) -> Result<Self, WebConfigError> {
        let wrong = |fault: reqwest::Error| WebConfigError::Client(fault.to_string());
        let mut http = Client::builder()
            .tls_backend_preconfigured(tls(config.authorities.as_deref())?)
            .dns_resolver(Handout)
            .no_proxy()
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .user_agent(USER_AGENT)
            .connect_timeout(config.limits.fetch_connect)
            .http1_max_headers(config.limits.response_headers)
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(4);
        if let Some(proxy) = &config.proxy {
            http = http.proxy(Proxy::all(proxy.as_str()).map_err(wrong)?);
        }
        Ok(Self {
            http: http.build().map_err(wrong)?,
            config,
            resolver,
        })
    }

    pub(super) fn config(&self) -> &WebConfig {
        &self.config
    }

    /// What can be said about an address before its name is resolved.
    pub(super) fn admit(&self, url: &HttpUrl) -> Result<(), FetchError> {
        self.config.rules.admit(&origin(url)?).map(|_| ())
    }

    /// Makes a request and follows redirects; each is checked like the first. The caller keeps the total
    /// time.
    pub(super) async fn open(&self, request: &Outgoing, gate: &Gate) -> Result<Opened, FetchError> {
        let signed_for = origin(&request.url)?;
        let limits = &self.config.limits;
        let mut redirected = None;
        for _ in 0..=limits.redirects {
            let hop = self.hop(request, redirected.as_ref(), &signed_for)?;
            let pass = gate.enter(&hop.origin.host()).await?;
            let response = timeout(limits.fetch_header, self.send(&hop))
                .await
                .map_err(|_| FetchError::Timeout)??;
            match redirection(&response, &hop)? {
                Some(next) => redirected = Some(next),
                None => {
                    return Ok(Opened {
                        response,
                        redirected,
                        _pass: pass,
                    });
                }
            }
        }
        Err(limit("redirects", limits.redirects))
    }

    /// What is known before a name is resolved; refused here, a request waits for nothing.
    fn hop<'r>(
        &self,
        request: &'r Outgoing,
        redirected: Option<&'r HttpUrl>,
        signed_for: &Origin,
    ) -> Result<Hop<'r>, FetchError> {
        let url = redirected.unwrap_or(&request.url);
        let origin = origin(url)?;
        let admission = self.config.rules.admit(&origin)?;
        Ok(Hop {
            request,
            url,
            signs: origin == *signed_for,
            origin,
            admission,
        })
    }

    async fn send(&self, hop: &Hop<'_>) -> Result<Response, FetchError> {
        let checked = self.checked(hop).await?;
        let sent = self.http.execute(self.request(hop)?);
        let response = checked.during(sent).await.map_err(|fault| failure(&fault))?;
        tracing::debug!(
            url = without_query(hop.url),
            status = response.status().as_u16(),
            "web request"
        );
        self.head_fits(&response)?;
        Ok(response)
    }

    /// The addresses to which a request may connect. They are found out once.
    async fn checked(&self, hop: &Hop<'_>) -> Result<Checked, FetchError> {
        let must_be_public = hop.admission == Admission::IfPublic;
        if let Some(proxy) = &self.config.proxy {
            if must_be_public && hop.origin.is_localhost() {
                return Err(forbidden(PRIVATE_ADDRESS));
            }
            return self.resolved(proxy).await;
        }
        let checked = self.resolved(hop.url).await?;
        if must_be_public && !checked.addresses.iter().copied().all(is_public) {
            return Err(forbidden(PRIVATE_ADDRESS));
        }
        Ok(checked)
    }

    /// The addresses of the host of a URL; none where it is an address itself, as nobody asks for those.
    async fn resolved(&self, url: &HttpUrl) -> Result<Checked, FetchError> {
        let parsed = parse(url)?;
        let Some(url::Host::Domain(name)) = parsed.host() else {
            return Ok(Checked::default());
        };
        let lost = |fault: ResolveError| FetchError::Failed(fault.to_string());
        let addresses = timeout(self.config.limits.fetch_connect, self.resolver.resolve(name))
            .await
            .map_err(|_| FetchError::Timeout)?
            .map_err(lost)?;
        if addresses.is_empty() {
            return Err(lost(ResolveError));
        }
        Ok(Checked {
            host: name.to_owned(),
            addresses,
        })
    }

    fn request(&self, hop: &Hop<'_>) -> Result<Request, FetchError> {
        let mut builder = self.http.request(hop.request.method(), hop.url.as_str());
        if let Some(body) = &hop.request.body {
            // As the vendor's system sends it.
            builder = builder
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(CACHE_CONTROL, "no-store,no-cache")
                .header(PRAGMA, "no-cache")
                .body(body.clone());
            if let Some(secrets) = self.config.secrets.as_ref().filter(|_| hop.signs) {
                builder = builder.header(
                    SIGNATURE_HEADER,
                    sign(secrets.current(), SystemClock::new().wall(), body.as_bytes()),
                );
            }
        }
        builder.build().map_err(|fault| failure(&fault))
    }

    fn head_fits(&self, response: &Response) -> Result<(), FetchError> {
        let most = self.config.limits.response_header_bytes;
        let bytes: usize = response
            .headers()
            .iter()
            .map(|(name, value)| name.as_str().len().saturating_add(value.len()))
            .sum();
        if bytes > most {
            return Err(limit("response_header_bytes", most));
        }
        Ok(())
    }
}

/// Where an answer sends the request, if it does.
fn redirection(response: &Response, hop: &Hop<'_>) -> Result<Option<HttpUrl>, FetchError> {
    let is_redirect = matches!(
        response.status(),
        StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT
    );
    let Some(location) = response.headers().get(LOCATION).filter(|_| is_redirect) else {
        return Ok(None);
    };
    let no_url = || FetchError::Failed("the answer redirects to something that is no URL".to_owned());
    let written = std::str::from_utf8(location.as_bytes()).map_err(|_| no_url())?;
    let target = parse(hop.url)?.join(written).map_err(|_| no_url())?;
    match target.scheme() {
        "https" => {}
        "http" if hop.origin.is_secure() => return Err(forbidden("https-to-http")),
        "http" => {}
        _ => return Err(forbidden("scheme")),
    }
    if !target.username().is_empty() || target.password().is_some() {
        return Err(forbidden("user-info"));
    }
    HttpUrl::new(target.as_str()).map(Some).map_err(|_| no_url())
}

impl Opened {
    pub(super) fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    /// The whole body, unpacked; it is given up as soon as it has more than `max` bytes.
    pub(super) async fn body(mut self, max: usize) -> Result<Vec<u8>, FetchError> {
        let too_large = FetchError::TooLarge { max };
        let announced = self.response.content_length().unwrap_or(0);
        if usize::try_from(announced).map_or(true, |announced| announced > max) {
            return Err(too_large);
        }
        let mut body = Vec::new();
        while let Some(chunk) = self.response.chunk().await.map_err(|fault| failure(&fault))? {
            if body.len().saturating_add(chunk.len()) > max {
                return Err(too_large);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}
