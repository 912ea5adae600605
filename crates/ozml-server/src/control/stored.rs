//! Questions that a store answers, whoever has it.

use ozml_session::MessageId;
use ozml_sms::gateway;
use ozml_sms::store::{ListFilter, Store};

use super::{Answer, Fault, ListRequest, MOST_ROWS, Message, Messages, Received};

/// One message of a store: [`Answer::Message`].
pub async fn message(store: &dyn Store, id: &MessageId) -> Result<Answer, Fault> {
    let stored = store.find(id).await?;
    let stored = stored.ok_or_else(|| unknown(id))?;
    Ok(Answer::Message(Box::new(Message::whole(&stored))))
}

/// Messages of a store: [`Answer::Messages`] or [`Answer::Received`].
pub async fn list(store: &dyn Store, request: &ListRequest) -> Result<Answer, Fault> {
    let rows = request.rows.min(MOST_ROWS);
    if request.incoming {
        let rows = usize::try_from(rows).unwrap_or(usize::MAX);
        return Ok(Answer::Received(received(store, rows).await?));
    }
    let mut filter = ListFilter::default();
    filter.state = request.state;
    filter.unfinished = request.unfinished;
    filter.to_prefix.clone_from(&request.to);
    filter.below = request.below;
    filter.rows = rows;
    let listed = store.list(filter).await?;
    Ok(Answer::Messages(Messages {
        list: listed.messages.iter().map(Message::in_list).collect(),
        more: listed.more,
    }))
}

/// Messages of a store that came in and were not handed on, newest first.
pub async fn received(store: &dyn Store, rows: usize) -> Result<Vec<Received>, Fault> {
    let mut messages = gateway::received(store).await?;
    messages.sort_by_key(|sms| std::cmp::Reverse(sms.received_at));
    Ok(messages.iter().take(rows).map(Received::from).collect())
}

pub(super) fn unknown(id: &MessageId) -> Fault {
    Fault::invalid(format!("there is no message `{id}`"))
}
