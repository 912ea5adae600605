use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use ozml_dialplan::RouterConfig;
use ozml_session::{AcceptedSms, Clock, EffectKey, Ids, MessageId, OutgoingSms};
use ozml_sms::gateway::{SendOptions, SmsGateway};

use super::explain::facts;
use super::wait::{self, Wanted};
use super::{
    Answer, ExplainRequest, Explained, Fault, Gateway, Message, Request, Retried, Routes, SendRequest, stored,
};

/// How long a message is worth trying again where nothing is said.
const RETRY: Duration = Duration::from_secs(24 * 60 * 60);

/// A message of the control socket is the only effect of its run.
const EFFECT: u64 = 1;

/// Does what requests ask of a gateway. One serves any number of them at once.
pub struct Service {
    gateway: SmsGateway,
    ids: Arc<dyn Ids>,
    clock: Arc<dyn Clock>,
    routes: RwLock<Arc<Routes>>,
}

impl Service {
    /// On a gateway with the routes of its configuration. `ids` name messages that have no key.
    pub fn new(
        gateway: SmsGateway,
        router: &RouterConfig,
        ids: impl Ids + 'static,
        clock: impl Clock + 'static,
    ) -> Self {
        Self {
            gateway,
            ids: Arc::new(ids),
            clock: Arc::new(clock),
            routes: RwLock::new(Arc::new(Routes::of(router))),
        }
    }

    /// The gateway has other routes now.
    pub fn set_routes(&self, router: &RouterConfig) {
        *self.routes.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(Routes::of(router));
    }

    /// Does what a request asks. Dropping the future takes no message back.
    pub async fn answer(&self, request: Request) -> Answer {
        if request.is_change() {
            tracing::info!(
                command = request.command(),
                about = request.about(),
                "told by an operator"
            );
        }
        let answer = self.try_answer(request).await;
        answer.unwrap_or_else(|fault| {
            tracing::debug!(code = fault.code, "a command is refused");
            Answer::Error(fault)
        })
    }

    /// Does what a line asks, whatever stands in it.
    pub async fn answer_line(&self, line: &[u8]) -> Answer {
        match serde_json::from_slice(line) {
            Ok(request) => self.answer(request).await,
            Err(fault) => Answer::Error(Fault::invalid(format!("no request: {fault}"))),
        }
    }

    async fn try_answer(&self, request: Request) -> Result<Answer, Fault> {
        let gateway = &self.gateway;
        match request {
            Request::Send(request) => self.send(*request).await,
            Request::Status { id: None, .. } => self.status().await,
            Request::Status {
                id: Some(id),
                wait,
                seen,
            } => self.message(&id, wait, seen).await,
            Request::List(request) => stored::list(gateway.store(), &request).await,
            Request::Retry { id, validity } => self.retry(id, validity.unwrap_or(RETRY)).await,
            Request::Pause { connection } => done(gateway.pause(&connection, true).await, &connection),
            Request::Resume { connection } => done(gateway.pause(&connection, false).await, &connection),
            Request::Drain { resume } => {
                gateway.drain(!resume).await;
                Ok(Answer::Done {})
            }
            Request::Purge { before } => {
                let messages = gateway.purge(before).await?;
                Ok(Answer::Purged { messages })
            }
            Request::Routes {} => Ok(Answer::Routes(self.routes())),
            Request::RouteExplain(request) => Ok(self.explain(&request)),
        }
    }

    async fn send(&self, request: SendRequest) -> Result<Answer, Fault> {
        let run = request.key.unwrap_or_else(|| self.ids.run());
        let mut sms = OutgoingSms::new(EffectKey::new(run, EFFECT), request.to, request.text);
        sms.from = request.from;
        sms.report = request.report;
        let mut options = SendOptions::default();
        options.account = request.account;
        options.priority = request.priority;
        options.validity = request.validity;
        options.on_unknown = request.on_unknown;
        let AcceptedSms { id, .. } = match self.gateway.send_with(&sms, &options).await? {
            accepted if request.wait.is_none() => return Ok(Answer::Accepted(accepted.into())),
            accepted => accepted,
        };
        self.message(&id, request.wait, None).await
    }

    async fn message(
        &self,
        id: &MessageId,
        wait: Option<Duration>,
        seen: Option<usize>,
    ) -> Result<Answer, Fault> {
        let Some(wait) = wait else {
            return stored::message(self.gateway.store(), id).await;
        };
        let stored = wait::message(&self.gateway, id, Wanted { wait, seen }).await?;
        Ok(Answer::Message(Box::new(Message::whole(&stored))))
    }

    /// How the gateway is: [`Answer::Gateway`].
    ///
    /// # Errors
    /// When it is closed.
    pub async fn status(&self) -> Result<Answer, Fault> {
        let status = self.gateway.status().await.ok_or_else(Fault::closed)?;
        Ok(Answer::Gateway(Box::new(Gateway::of(&status))))
    }

    async fn retry(&self, id: MessageId, life: Duration) -> Result<Answer, Fault> {
        let before = self.gateway.find(&id).await?;
        let before = before.ok_or_else(|| stored::unknown(&id))?;
        let again = match self.gateway.retry(&id, life).await? {
            None => return Err(stored::unknown(&id)),
            Some(again) => again,
        };
        if again && before.progress.is_ended() {
            // Whoever looks at it next shall not find its old end.
            wait::change(&self.gateway, &before).await?;
        }
        Ok(Answer::Retried(Retried { id, again }))
    }

    fn routes(&self) -> Routes {
        let routes = self.routes.read().unwrap_or_else(PoisonError::into_inner);
        Routes::clone(&routes)
    }

    fn explain(&self, request: &ExplainRequest) -> Answer {
        let now = request.at.unwrap_or_else(|| self.clock.wall());
        let explained = self.gateway.planner().explain(now, &facts(request));
        Answer::Explanation(Box::new(Explained::new(explained)))
    }
}

fn done(is_found: bool, connection: &ozml_session::ConnectionName) -> Result<Answer, Fault> {
    if is_found {
        return Ok(Answer::Done {});
    }
    let text = format!("there is no connection `{connection}`");
    Err(Fault::invalid(text))
}

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Service").finish_non_exhaustive()
    }
}
