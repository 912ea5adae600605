//! A web server that does as it is told, on loopback.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ozml_host::web::{AddressRules, OriginPattern, Resolve, ResolveError, WebConfig, WebFetcher};
use ozml_session::{FetchAnswer, FetchError, FetchRequest, Fetcher, HttpUrl, PortFuture};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;

/// What a server does on a connection once it has read the request.
#[derive(Clone)]
pub(crate) enum Step {
    Write(Vec<u8>),
    /// Again and again, so long after another.
    Repeat(Vec<u8>, Duration),
    Stall,
    Reset,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    pub(crate) fn path(&self) -> &str {
        self.head.split(' ').nth(1).unwrap()
    }
}

pub(crate) struct Server {
    pub(crate) port: u16,
    requests: mpsc::UnboundedReceiver<Received>,
}

type Behaviour = Arc<dyn Fn(&Received) -> Vec<Step> + Send + Sync>;

impl Server {
    /// Behaves the same way for every request.
    pub(crate) async fn always(steps: Vec<Step>) -> Self {
        Self::start(move |_| steps.clone(), None).await
    }

    pub(crate) async fn answering(
        behaviour: impl Fn(&Received) -> Vec<Step> + Send + Sync + 'static,
    ) -> Self {
        Self::start(behaviour, None).await
    }

    pub(crate) async fn start(
        behaviour: impl Fn(&Received) -> Vec<Step> + Send + Sync + 'static,
        tls: Option<TlsAcceptor>,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, requests) = mpsc::unbounded_channel();
        let behaviour: Behaviour = Arc::new(behaviour);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(connection(stream, behaviour.clone(), sender.clone(), tls.clone()));
            }
        });
        Self { port, requests }
    }

    /// Waits for the next request.
    pub(crate) async fn next(&mut self) -> Received {
        self.requests.recv().await.unwrap()
    }

    /// The next request, if there was one.
    pub(crate) fn try_next(&mut self) -> Option<Received> {
        self.requests.try_recv().ok()
    }
}

async fn connection(
    stream: TcpStream,
    behaviour: Behaviour,
    sender: mpsc::UnboundedSender<Received>,
    tls: Option<TlsAcceptor>,
) {
    match tls {
        None => {
            let mut stream = stream;
            if serve(&mut stream, behaviour, sender).await == Some(()) {
                stream.set_zero_linger().unwrap();
            }
        }
        Some(tls) => {
            if let Ok(mut stream) = tls.accept(stream).await {
                serve(&mut stream, behaviour, sender).await;
                let _closed = stream.shutdown().await;
            }
        }
    }
}

/// Serves one request; something when the connection is to be reset.
async fn serve(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    behaviour: Behaviour,
    sender: mpsc::UnboundedSender<Received>,
) -> Option<()> {
    let request = read(stream).await?;
    let steps = behaviour(&request);
    // A test that is over does not listen any more.
    let _unheard = sender.send(request);
    for step in steps {
        match step {
            Step::Write(bytes) => stream.write_all(&bytes).await.ok()?,
            Step::Repeat(bytes, wait) => loop {
                stream.write_all(&bytes).await.ok()?;
                tokio::time::sleep(wait).await;
            },
            Step::Stall => std::future::pending().await,
            Step::Reset => return Some(()),
        }
    }
    None
}

async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Option<Received> {
    let mut bytes = Vec::new();
    loop {
        if let Some(request) = complete(&bytes) {
            return Some(request);
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

fn complete(bytes: &[u8]) -> Option<Received> {
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let request = Received {
        head: head.to_owned(),
        body: body.to_owned(),
    };
    let length = request
        .header("content-length")
        .map_or(0, |length| length.parse().unwrap());
    (request.body.len() >= length).then_some(request)
}

/// An answer with a body, after which the connection is closed.
pub(crate) fn answer(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<Step> {
    let body = body.as_ref();
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n");
    vec![Step::Write([head.as_bytes(), body].concat())]
}

pub(crate) fn page(body: &str) -> Vec<Step> {
    answer("200 OK", "", body)
}

pub(crate) fn redirect(status: &str, location: &str) -> Vec<Step> {
    answer(status, &format!("Location: {location}\r\n"), "")
}

/// Names and what they resolve to, one answer after the other, the last one again and again.
#[derive(Clone, Default)]
pub(crate) struct Names(Arc<Mutex<BTreeMap<String, Answers>>>);

/// How often a name was asked for, and what is answered.
type Answers = (usize, Vec<Vec<IpAddr>>);

impl Names {
    pub(crate) fn with(self, name: &str, answers: &[&[&str]]) -> Self {
        let answers = answers
            .iter()
            .map(|answer| answer.iter().map(|address| address.parse().unwrap()).collect())
            .collect();
        self.0.lock().unwrap().insert(name.to_owned(), (0, answers));
        self
    }

    /// How often a name was asked for.
    pub(crate) fn asked(&self, name: &str) -> usize {
        self.0.lock().unwrap()[name].0
    }
}

impl Resolve for Names {
    fn resolve<'a>(&'a self, name: &'a str) -> PortFuture<'a, Vec<IpAddr>, ResolveError> {
        let mut names = self.0.lock().unwrap();
        let answer = names.get_mut(name).map(|(asked, answers)| {
            let answer = answers.get(*asked).or(answers.last()).cloned().unwrap();
            *asked += 1;
            answer
        });
        Box::pin(std::future::ready(answer.ok_or(ResolveError)))
    }
}

/// A configuration that allows some origins and all that is public.
pub(crate) fn allowing(origins: &[&str]) -> WebConfig {
    let origins = origins.iter().map(|origin| OriginPattern::new(origin).unwrap());
    let mut config = WebConfig::default();
    config.rules = AddressRules::new().allow(origins);
    config
}

/// A client that may reach a server, by its address and as `app.example`.
pub(crate) fn client_of(server: &Server, change: impl FnOnce(&mut WebConfig)) -> WebFetcher {
    let mut config = allowing(&[
        &format!("http://127.0.0.1:{}", server.port),
        &format!("http://app.example:{}", server.port),
    ]);
    change(&mut config);
    let names = Names::default().with("app.example", &[&["127.0.0.1"]]);
    WebFetcher::with_resolver(config, names).unwrap()
}

pub(crate) fn url(url: &str) -> HttpUrl {
    HttpUrl::new(url).unwrap()
}

pub(crate) async fn get(web: &WebFetcher, address: &str) -> Result<FetchAnswer, FetchError> {
    web.fetch(&FetchRequest::get(url(address), 1024 * 1024)).await
}

pub(crate) async fn post(
    web: &WebFetcher,
    address: &str,
    fields: &[(&str, &str)],
) -> Result<FetchAnswer, FetchError> {
    let fields = fields
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    web.fetch(&FetchRequest::post(url(address), fields, 1024 * 1024))
        .await
}

pub(crate) fn rule<T: std::fmt::Debug>(answer: Result<T, FetchError>) -> String {
    match answer {
        Err(FetchError::Forbidden { rule }) => rule,
        other => panic!("a refusal was expected, not {other:?}"),
    }
}

pub(crate) fn failed<T: std::fmt::Debug>(answer: Result<T, FetchError>) -> String {
    match answer {
        Err(FetchError::Failed(text)) => text,
        other => panic!("a failure was expected, not {other:?}"),
    }
}
