//! Scripts that a run fetches while it runs.

use std::sync::Arc;

use ozml_parser::{Diagnostic, Source};
use ozml_session::{FetchAnswer, FetchError, FetchRequest, HttpUrl};

use super::cx::RunCx;
use super::outcome::{Failure, Flow, LimitReached, Stop};
use super::port_answers;
use crate::check::{CheckOptions, Profile, Provenance, check};
use crate::program::Program;
use crate::trace::{Place, TraceKind};
use crate::verb::ScriptAddress;

/// Faults of a fetched script that a trace repeats one by one.
const MOST_FAULTS: usize = 20;

/// How a script is asked for.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ScriptRequest {
    /// The name of the notification, such as `GoTo`.
    pub notification: &'static str,
    /// The parameter that holds the address, for messages.
    pub param: &'static str,
    /// Where.
    pub url: HttpUrl,
    /// Further form fields.
    pub fields: Vec<(String, String)>,
    /// Whether the request reports something: then it runs to its outcome, also when the call ends.
    pub reports: bool,
}

impl ScriptRequest {
    /// A request without fields of its own whose answer is all that matters.
    pub fn new(notification: &'static str, param: &'static str, url: HttpUrl) -> Self {
        Self {
            notification,
            param,
            url,
            fields: Vec::new(),
            reports: false,
        }
    }

    /// A request that reports `fields`.
    #[must_use]
    pub fn reporting(mut self, fields: Vec<(String, String)>) -> Self {
        self.fields = fields;
        self.reports = true;
        self
    }
}

/// A script that was fetched and checked.
#[derive(Debug, Clone)]
pub struct Fetched {
    program: Arc<Program>,
    doc: u32,
}

impl Fetched {
    /// The flow that continues there.
    pub fn replace(self) -> Flow {
        Flow::Replace(self)
    }
}

/// The script that runs, and which one of the run's documents it is.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub(crate) program: Arc<Program>,
    pub(crate) number: u32,
}

impl RunCx<'_> {
    /// The address of a script; a relative one is resolved against the document that names it.
    pub fn script_url(&self, address: &ScriptAddress, param: &'static str) -> Result<HttpUrl, Stop> {
        let fault = |text: String| Failure::new(302, format!("{param}: {text}"));
        match address {
            ScriptAddress::Url(url) => Ok(url.clone()),
            ScriptAddress::Relative(relative) => {
                let base = HttpUrl::new(self.document.program.source().name());
                let base = base.map_err(|_| {
                    fault(format!(
                        "`{relative}` is a relative URL, and this document has none of its own"
                    ))
                })?;
                base.join(relative)
                    .map_err(|invalid| fault(invalid.to_string()).into())
            }
            ScriptAddress::Sql(_) => Err(fault("there is no SQL source here".to_owned()).into()),
        }
    }

    /// Fetches a script with a POST and checks it in the lenient profile; none when the answer is empty.
    /// The limits `goto_per_call`, `goto_without_wait` and `fetch_bytes` hold.
    pub async fn fetch_script(&mut self, request: ScriptRequest) -> Result<Option<Fetched>, Stop> {
        self.count_fetched_script()?;
        // The address names the document from now on.
        self.secrets.keep_used();
        let max = usize::try_from(self.limits.fetch_bytes).unwrap_or(usize::MAX);
        let fields = self.notification_fields(&request);
        let post = FetchRequest::post(request.url.clone(), fields, max);
        let answer = self
            .fetch(&post, request.reports, ("fetch_bytes", self.limits.fetch_bytes))
            .await?;
        let answer = answer.map_err(|text| Failure::new(302, format!("{}: {text}", request.param)))?;
        if answer.body.iter().all(u8::is_ascii_whitespace) {
            return Ok(None);
        }
        self.checked(&answer).map(Some)
    }

    /// Makes a request and records it; a wrong status is a fault, too. A key never cuts it.
    pub(super) async fn fetch(
        &mut self,
        request: &FetchRequest,
        reports: bool,
        limit: (&'static str, u64),
    ) -> Result<Result<FetchAnswer, String>, Stop> {
        let operation = self.ports.fetcher().fetch(request);
        let answer = if reports {
            self.effect("fetcher.fetch", operation, port_answers::fetched)
                .await
        } else {
            self.wait_uncut("fetcher.fetch", operation, port_answers::fetched)
                .await?
        };
        self.record(TraceKind::Fetch {
            method: request.method.as_str().into(),
            url: request.url.as_str().into(),
            fields: request.fields.clone(),
            status: answer.as_ref().map_or(0, |answer| answer.status),
        });
        let address = &request.url;
        Ok(match answer {
            Ok(answer) if (200..300).contains(&answer.status) => Ok(answer),
            Ok(answer) => Err(format!("{address} answered with status {}", answer.status)),
            Err(fault) => {
                self.fetch_refused(request, &fault, limit);
                Err(format!("{address}: {fault}"))
            }
        })
    }

    /// What refuses one request by a rule or a limit is an event of its own.
    fn fetch_refused(&mut self, request: &FetchRequest, fault: &FetchError, limit: (&'static str, u64)) {
        match fault {
            FetchError::Forbidden { rule } => {
                self.limits_reached = self.limits_reached.saturating_add(1);
                self.record(TraceKind::Policy {
                    rule: rule.as_str().into(),
                    target: request.url.as_str().into(),
                });
            }
            FetchError::TooLarge { .. } => self.reached(LimitReached::new(limit.0, limit.1)),
            _ => {}
        }
    }

    /// The fields every notification has, then those of this one.
    fn notification_fields(&self, request: &ScriptRequest) -> Vec<(String, String)> {
        let mut fields = vec![("NotificationName".to_owned(), request.notification.to_owned())];
        if let Some(call) = self.call() {
            let caller = call.caller.as_ref().map_or("", |caller| caller.as_str());
            let of_call = [
                ("CallId", call.id.as_str()),
                ("CallerID", caller),
                ("Dialed", call.called.as_str()),
            ];
            fields.extend(of_call.map(|(name, value)| (name.to_owned(), value.to_owned())));
        }
        fields.push(("Timestamp".to_owned(), self.ports.clock().wall().to_string()));
        fields.extend(request.fields.iter().cloned());
        fields
    }

    /// Checks a script that was fetched; it is the run's next document, whether it has faults or not.
    fn checked(&mut self, answer: &FetchAnswer) -> Result<Fetched, Stop> {
        let url = answer.url.as_str();
        let wrong = |text: String| Failure::new(300, format!("{url}: {text}"));
        let source = Source::from_bytes(url, &answer.body).map_err(|fault| wrong(fault.to_string()))?;
        let options = CheckOptions::new(self.context)
            .profile(Profile::Lenient)
            .provenance(Provenance::Fetched);
        let checked = check(&source, self.known, options);
        self.documents = self.documents.saturating_add(1);
        let doc = self.documents;
        self.record_document(&source, doc);
        match checked.program {
            Some(program) => {
                self.record_found(&source, program.warnings(), doc);
                Ok(Fetched { program, doc })
            }
            None => {
                let errors: Vec<&Diagnostic> = checked
                    .diagnostics
                    .iter()
                    .filter(|fault| fault.is_error())
                    .collect();
                self.record_found(&source, errors.iter().copied().take(MOST_FAULTS), doc);
                self.limits_exceeded(&errors);
                Err(unusable(&source, &errors).into())
            }
        }
    }

    /// A limit that the script alone exceeds is an event of its own, each limit once.
    fn limits_exceeded(&mut self, errors: &[&Diagnostic]) {
        let mut names: Vec<_> = errors.iter().filter_map(|fault| fault.limit).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            let value = self.limits.get(name).unwrap_or_default();
            self.reached(LimitReached::new(name, value));
        }
    }

    fn record_document(&self, source: &Source, doc: u32) {
        let kind = TraceKind::DocLoaded {
            url: source.name().into(),
            sha256: source.sha256().into(),
            bytes: u64::try_from(source.text().len()).unwrap_or(u64::MAX),
        };
        let position = source.position(0);
        self.record_at(Place { doc, position }, kind);
    }

    /// What the checker found, each at its place in document `doc`.
    pub(super) fn record_found<'d>(
        &self,
        source: &Source,
        found: impl IntoIterator<Item = &'d Diagnostic>,
        doc: u32,
    ) {
        for fault in found {
            let start = fault.span().map_or(0, |span| span.range().start);
            let position = source.position(start);
            let kind = TraceKind::Warning {
                code: fault.code.as_str().into(),
                text: fault.message.as_str().into(),
            };
            self.record_at(Place { doc, position }, kind);
        }
    }

    /// Runs a fetched script in the place of the verb that asked for it. Answers may ask for answers, as
    /// deep as documents may nest (limit `depth`).
    pub async fn run_answer(&mut self, answer: Fetched) -> Result<Flow, Stop> {
        let most = self.limits.reading.depth;
        self.answers = self.answers.saturating_add(1);
        if self.answers > most {
            return Err(LimitReached::new("depth", u64::try_from(most).unwrap_or(u64::MAX)).into());
        }
        let place = self.place;
        let outer = self.enter(answer);
        let program = self.document.program.clone();
        let flow = self.run_branch(program.body()).await;
        self.document = outer;
        self.place = place;
        self.answers = self.answers.saturating_sub(1);
        flow
    }

    /// Makes a fetched script the one that runs; the one before it.
    pub(super) fn enter(&mut self, fetched: Fetched) -> Document {
        // What hides keys once hides them for ever: some of a password may come late.
        self.hides_around |= self.hides_keys() || fetched.program.hides_keys;
        let document = Document {
            program: fetched.program,
            number: fetched.doc,
        };
        self.place = Some(Place {
            doc: document.number,
            position: document.program.source().position(0),
        });
        std::mem::replace(&mut self.document, document)
    }
}

fn unusable(source: &Source, errors: &[&Diagnostic]) -> Failure {
    let Some(first) = errors.first() else {
        return Failure::new(301, format!("{}: a verb in it cannot run yet", source.name()));
    };
    let line = first
        .span()
        .map_or(1, |span| source.position(span.range().start).line);
    let more = match errors.len().saturating_sub(1) {
        0 => String::new(),
        1 => " (and one more fault)".to_owned(),
        more => format!(" (and {more} more faults)"),
    };
    Failure::new(
        first.status,
        format!("{}:{line}: {}{more}", source.name(), first.message),
    )
}
