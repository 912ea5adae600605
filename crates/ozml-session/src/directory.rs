use crate::{PhoneNumber, PortFuture};

/// The port to extensions and phone books.
pub trait Directory: Send + Sync {
    /// The extensions, of one type or all.
    fn extensions<'a>(&'a self, kind: Option<&'a str>) -> PortFuture<'a, Vec<Extension>, DirectoryError>;
    /// The types of extensions there can be.
    fn extension_types(&self) -> PortFuture<'_, Vec<String>, DirectoryError>;
    /// The names of the phone books.
    fn address_books(&self) -> PortFuture<'_, Vec<String>, DirectoryError>;
    /// The contacts of a phone book.
    fn contacts<'a>(&'a self, filter: &'a ContactFilter) -> PortFuture<'a, Vec<Contact>, DirectoryError>;
}

/// An extension of the phone system.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Extension {
    /// Its name.
    pub id: String,
    /// Its number.
    pub number: PhoneNumber,
    /// Its type.
    pub kind: String,
    /// Its state.
    pub state: String,
}

impl Extension {
    /// An extension.
    pub fn new(id: String, number: PhoneNumber, kind: String, state: String) -> Self {
        Self {
            id,
            number,
            kind,
            state,
        }
    }
}

/// Which contacts are wanted; `None` is no filter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ContactFilter {
    /// The phone book.
    pub address_book: String,
    /// Part of the name.
    pub name: Option<String>,
    /// Part of the number.
    pub number: Option<String>,
    /// Part of the mail address.
    pub mail: Option<String>,
}

impl ContactFilter {
    /// All contacts of a phone book.
    pub fn all(address_book: String) -> Self {
        Self {
            address_book,
            ..Self::default()
        }
    }
}

/// An entry of a phone book.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Contact {
    /// Full name.
    pub name: String,
    /// Number as written.
    pub number: String,
    /// Mail address as written.
    pub mail: String,
}

impl Contact {
    /// An entry.
    pub fn new(name: String, number: String, mail: String) -> Self {
        Self { name, number, mail }
    }
}

/// Why the directory has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DirectoryError {
    /// No directory here.
    #[error("the directory is not available here")]
    Unavailable,
    /// No phone book of this name.
    #[error("there is no phone book `{0}`")]
    UnknownBook(String),
    /// The directory failed; a later try may succeed.
    #[error("the directory failed: {0}")]
    Failed(String),
}
