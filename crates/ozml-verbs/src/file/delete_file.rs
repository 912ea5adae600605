//! `<DeleteFile>`: delete a file.

use ozml_engine::{Contexts, Kind, Param, VerbSpec};
use ozml_session::FileName;

const SOURCE: Param<FileName> = Param::new("SourceFile", "the file")
    .mandatory()
    .content()
    .alias("Source")
    .alias("File")
    .alias("Path")
    .ours();

/// The description of `DeleteFile`.
pub(crate) static DELETE_FILE: VerbSpec = VerbSpec::new(
    "DeleteFile",
    "Delete a file",
    "<Response><DeleteFile>voicemail:new/1.wav</DeleteFile></Response>",
)
.contexts(Contexts::E.and(Contexts::M))
.kind(Kind::Effect)
.params(&[SOURCE.spec()])
.readings(&[
    "The vendor describes it in one line: its parameter is ours, after MoveFile.",
    "Only in the roots that allow it. A file that is not there fails the verb; the script goes on.",
]);
