use std::future::ready;
use std::sync::Arc;

use crate::{
    AcceptedSms, Action, CallId, CallRecord, CallSession, CallSummary, ConnectionError, ConnectionName,
    Connections, Contact, ContactFilter, Destination, Directory, DirectoryError, Extension, FetchAnswer,
    FetchError, FetchRequest, Fetcher, FileError, FileInfo, FileName, Files, History, HistoryError,
    HistoryFilter, IncomingMessage, MailError, Mailer, Messenger, Notification, Notifier, NotifyError,
    OutgoingMail, OutgoingMessage, OutgoingSms, PhoneSystem, PhoneSystemError, PlaceCall, Policy, PortFuture,
    ReceiveError, ReceivedSms, Refusal, SmsReceiver, SmsRefusal, Who,
};

/// Stands where a host offers no port: every operation answers "not available here", and the policy
/// admits everything.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unavailable;

fn no<'a, T: Send + 'a, E: Send + 'a>(fault: E) -> PortFuture<'a, T, E> {
    Box::pin(ready(Err(fault)))
}

impl Messenger for Unavailable {
    fn send<'a>(&'a self, _: &'a OutgoingSms) -> PortFuture<'a, AcceptedSms, SmsRefusal> {
        no(SmsRefusal::NoRoute("SMS is not available here".to_owned()))
    }
}

impl SmsReceiver for Unavailable {
    fn receive<'a>(&'a self, _: &'a ReceivedSms) -> PortFuture<'a, (), ReceiveError> {
        no(ReceiveError::Unavailable)
    }
}

impl Policy for Unavailable {
    fn admit<'a>(&'a self, _: Action, _: &'a Destination, _: &'a Who) -> PortFuture<'a, (), Refusal> {
        Box::pin(ready(Ok(())))
    }
}

impl Fetcher for Unavailable {
    fn fetch<'a>(&'a self, _: &'a FetchRequest) -> PortFuture<'a, FetchAnswer, FetchError> {
        no(FetchError::Unavailable)
    }
}

impl Notifier for Unavailable {
    fn notify<'a>(&'a self, _: &'a Notification) -> PortFuture<'a, (), NotifyError> {
        no(NotifyError::Unavailable)
    }
}

impl Mailer for Unavailable {
    fn send<'a>(&'a self, _: &'a OutgoingMail) -> PortFuture<'a, (), MailError> {
        no(MailError::Unavailable)
    }
}

impl Files for Unavailable {
    fn info<'a>(&'a self, _: &'a FileName) -> PortFuture<'a, FileInfo, FileError> {
        no(FileError::Unavailable)
    }
}

impl Connections for Unavailable {
    fn send<'a>(&'a self, _: &'a OutgoingMessage) -> PortFuture<'a, (), ConnectionError> {
        no(ConnectionError::Unavailable)
    }

    fn receive<'a>(&'a self, _: &'a ConnectionName) -> PortFuture<'a, IncomingMessage, ConnectionError> {
        no(ConnectionError::Unavailable)
    }
}

impl Directory for Unavailable {
    fn extensions<'a>(&'a self, _: Option<&'a str>) -> PortFuture<'a, Vec<Extension>, DirectoryError> {
        no(DirectoryError::Unavailable)
    }

    fn extension_types(&self) -> PortFuture<'_, Vec<String>, DirectoryError> {
        no(DirectoryError::Unavailable)
    }

    fn address_books(&self) -> PortFuture<'_, Vec<String>, DirectoryError> {
        no(DirectoryError::Unavailable)
    }

    fn contacts<'a>(&'a self, _: &'a ContactFilter) -> PortFuture<'a, Vec<Contact>, DirectoryError> {
        no(DirectoryError::Unavailable)
    }
}

impl History for Unavailable {
    fn calls<'a>(&'a self, _: &'a HistoryFilter) -> PortFuture<'a, Vec<CallRecord>, HistoryError> {
        no(HistoryError::Unavailable)
    }
}

impl PhoneSystem for Unavailable {
    fn place<'a>(&'a self, _: &'a PlaceCall) -> PortFuture<'a, Arc<dyn CallSession>, PhoneSystemError> {
        no(PhoneSystemError::Unavailable)
    }

    fn find<'a>(&'a self, _: &'a CallId) -> PortFuture<'a, Arc<dyn CallSession>, PhoneSystemError> {
        no(PhoneSystemError::Unavailable)
    }

    fn list(&self) -> PortFuture<'_, Vec<CallSummary>, PhoneSystemError> {
        no(PhoneSystemError::Unavailable)
    }

    fn bridge<'a>(&'a self, _: &'a CallId, _: &'a CallId) -> PortFuture<'a, (), PhoneSystemError> {
        no(PhoneSystemError::Unavailable)
    }
}
