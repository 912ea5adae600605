//! `<SendEmail>`: send an e-mail.

use ozml_engine::{BodyText, Contexts, Kind, LineText, Param, VerbSpec};
use ozml_session::MailAddress;

use crate::params::API_EXTENSION;

const RECIPIENT: Param<MailAddress> = Param::new("Recipient", "who receives it").mandatory();
const SUBJECT: Param<LineText> = Param::new("Subject", "its subject");
const MESSAGE: Param<BodyText> = Param::new("Message", "its text").content();
const SENDER: Param<MailAddress> = Param::new(
    "Sender",
    "who it comes from; the provider's own when it is left out",
);

/// The description of `SendEmail`.
pub(crate) static SEND_EMAIL: VerbSpec = VerbSpec::new(
    "SendEmail",
    "Send an e-mail",
    r#"<Response><SendEmail Recipient="duty@corp.example" Subject="Door">Opened.</SendEmail></Response>"#,
)
.contexts(Contexts::E.and(Contexts::M).and(Contexts::H))
.kind(Kind::Effect)
.params(&[
    RECIPIENT.spec(),
    SUBJECT.spec(),
    MESSAGE.spec(),
    SENDER.spec(),
    API_EXTENSION.spec(),
])
.readings(&["One Recipient; a list is an error."]);
