//! OzML text to a [`Document`] with spans, and [`Diagnostic`]s that point into it.
//!
//! This crate reads XML and knows no verb. It takes hostile input: the limits of [`ReadingLimits`] are checked
//! in one linear pass before anything is built, and nothing recurses over the input.
//!
//! ```
//! use ozml_parser::{Document, ReadingLimits, Source};
//!
//! let source = Source::new("hello.xml", "<Response><Speak>Hi &amp; bye</Speak></Response>");
//! let document = Document::parse(&source, &ReadingLimits::default())?;
//! let speak = document.root().elements().next().expect("one verb");
//! assert_eq!(speak.name(), "Speak");
//! assert_eq!(*speak.text().value(), "Hi & bye");
//! # Ok::<(), ozml_parser::Diagnostic>(())
//! ```

mod diagnostic;
mod document;
mod format;
mod limits;
mod read;
mod render;
mod report;
mod source;

pub use diagnostic::{Code, Diagnostic, Fix, Label, Severity};
pub use document::{Attribute, Document, Element, Node, Text};
pub use format::format;
pub use limits::ReadingLimits;
pub use read::Unreadable;
pub use render::{Style, is_unprintable, render};
pub use report::{Format, Report, Rule, Tool};
pub use source::{Position, Source, Span};
