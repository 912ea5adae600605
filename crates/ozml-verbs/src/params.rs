//! Parameters that several verbs share.

use ozml_engine::{CallAddress, Contexts, Param, Party};
use ozml_session::CallId;

/// The call a verb of third-party control works on.
pub(crate) const CALL_ID: Param<CallId> =
    Param::new("CallId", "the call; that of the notification when it is left out").mandatory_in(Contexts::H);

/// Who hears a sound in third-party control.
pub(crate) const PARTY: Param<Party> =
    Param::new("Party", "who hears it, in third-party control only").mandatory_in(Contexts::T);

/// The extension a message is sent for.
pub(crate) const API_EXTENSION: Param<CallAddress> = Param::new(
    "ApiExtension",
    "the extension it is sent for; the script's own when it is left out",
);
