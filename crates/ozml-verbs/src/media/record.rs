//! `<Record>`: record the caller.

use ozml_engine::{Contexts, Kind, Param, RecordingFormat, Seconds, VerbSpec};
use ozml_session::{Digits, FileName, HttpUrl};

use crate::params::CALL_ID;

const FORMAT: Param<RecordingFormat> = Param::new("Format", "the format of the file").default("mp3");
const FINISHED: Param<HttpUrl> =
    Param::new("FinishedUrl", "is told where the recording is when it is closed")
        .alias("FinishedURL")
        .leads_on();
const DURATION: Param<Seconds> =
    Param::new("Duration", "the longest recording, on a call of an API extension");
const INACTIVITY: Param<Seconds> = Param::new(
    "Inactivity",
    "so much silence ends it, on a call of an API extension",
);
const FINISH: Param<Digits> = Param::new(
    "FinishDigits",
    "any of these keys ends it, on a call of an API extension",
);
const PATH: Param<FileName> = Param::new(
    "RecordPath",
    "the folder of the file; that of recordings when it is left out",
);

/// The description of `Record`.
pub(crate) static RECORD: VerbSpec = VerbSpec::new(
    "Record",
    "Record the caller",
    r##"<Response><Record Format="wav" Inactivity="4" FinishDigits="#"/></Response>"##,
)
.contexts(Contexts::E.and(Contexts::T).and(Contexts::H))
.kind(Kind::Call)
.params(&[
    FORMAT.spec(),
    FINISHED.spec(),
    DURATION.spec(),
    INACTIVITY.spec(),
    FINISH.spec(),
    PATH.spec(),
    CALL_ID.spec(),
])
.notes(&[
    "On a call of an API extension (context E) the next verb runs when it has ended; in third-party control it goes on until the call ends.",
    "A recording that the end of the call cuts off is closed and reported, too.",
])
.readings(&["The answer of FinishedUrl runs before the next verb."]);
