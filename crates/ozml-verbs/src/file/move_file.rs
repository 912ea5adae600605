//! `<MoveFile>`: move a file into a folder.

use ozml_engine::{Contexts, Kind, Param, VerbSpec};
use ozml_session::FileName;

const SOURCE: Param<FileName> = Param::new("SourceFile", "the file").mandatory();
const TARGET: Param<FileName> = Param::new("TargetDirectory", "the folder").mandatory();

/// The description of `MoveFile`.
pub(crate) static MOVE_FILE: VerbSpec = VerbSpec::new(
    "MoveFile",
    "Move a file into a folder",
    r#"<Response><MoveFile SourceFile="voicemail:new/1.wav" TargetDirectory="voicemail:old"/></Response>"#,
)
.contexts(Contexts::E.and(Contexts::M))
.kind(Kind::Effect)
.params(&[SOURCE.spec(), TARGET.spec()])
.readings(&[
    "Both must lie in roots that allow it. A file of the same name in the folder is never overwritten.",
]);
