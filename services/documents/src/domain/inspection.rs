//! Is this a PDF that may be kept? Judged by content, never by name: type, password, active content, whether it can be read at all.
//! It does not render, and it does not look for malware: that is the scanner's.

use lopdf::{Dictionary, Document, LoadOptions, Object};

use super::refusal::Refusal;

/// The only type taken in so far.
pub(crate) const PDF: &str = "application/pdf";
/// Most bytes that one compressed stream of the file's structure may grow to.
const MAX_DECOMPRESSED: usize = 64 * 1024 * 1024;
/// Names that make a reader do something by itself, or hide another file inside.
const ACTIVE: &[&[u8]] = &[
    b"JavaScript",
    b"JS",
    b"OpenAction",
    b"AA",
    b"Launch",
    b"EmbeddedFile",
    b"EmbeddedFiles",
    b"RichMedia",
    b"XFA",
    b"SubmitForm",
    b"ImportData",
];
/// Deepest nesting that is followed.
const DEPTH: usize = 64;

/// What an accepted paper is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Accepted {
    pub(crate) media_type: &'static str,
    pub(crate) pages: u32,
}

/// Judges a whole file.
///
/// # Errors
/// The first reason to refuse it.
pub(crate) fn inspect(bytes: &[u8]) -> Result<Accepted, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    let detected = infer::get(bytes).map(|kind| kind.mime_type());
    if !bytes.starts_with(b"%PDF-") || detected.is_some_and(|kind| kind != PDF) {
        return Err(Refusal::TypeNotAccepted);
    }
    let options = LoadOptions {
        max_decompressed_size: Some(MAX_DECOMPRESSED),
        ..LoadOptions::default()
    };
    let document = match Document::load_mem_with_options(bytes, options) {
        Ok(document) => document,
        Err(lopdf::Error::InvalidPassword | lopdf::Error::Decryption(_)) => {
            return Err(Refusal::PasswordProtected);
        }
        // An encrypted file that the library cannot read is told apart by its trailer's key, which is never encrypted itself.
        Err(_) if contains(bytes, b"/Encrypt") => return Err(Refusal::PasswordProtected),
        Err(_) => return Err(Refusal::Damaged),
    };
    if document.is_encrypted() || document.was_encrypted() || document.trailer.has(b"Encrypt") {
        return Err(Refusal::PasswordProtected);
    }
    let mut objects = document.objects.values().chain(std::iter::once(&Object::Null));
    if objects.any(|object| is_active(object, 0)) || has_active_entry(&document.trailer, 0) {
        return Err(Refusal::ActiveContent);
    }
    let pages = document.get_pages().len();
    match u32::try_from(pages) {
        Ok(pages) if pages > 0 => Ok(Accepted {
            media_type: PDF,
            pages,
        }),
        _ => Err(Refusal::Damaged),
    }
}

fn is_active(object: &Object, depth: usize) -> bool {
    if depth > DEPTH {
        return true;
    }
    match object {
        Object::Dictionary(dictionary) => has_active_entry(dictionary, depth + 1),
        Object::Stream(stream) => has_active_entry(&stream.dict, depth + 1),
        Object::Array(items) => items.iter().any(|item| is_active(item, depth + 1)),
        Object::Name(_)
        | Object::Null
        | Object::Boolean(_)
        | Object::Integer(_)
        | Object::Real(_)
        | Object::String(..)
        | Object::Reference(_) => false,
    }
}

fn has_active_entry(dictionary: &Dictionary, depth: usize) -> bool {
    let typed = [b"S".as_slice(), b"Type", b"Subtype"]
        .iter()
        .filter_map(|key| dictionary.get(key).ok())
        .any(|value| matches!(value, Object::Name(name) if ACTIVE.contains(&name.as_slice())));
    typed
        || dictionary.iter().any(|(key, value)| {
            (ACTIVE.contains(&key.as_slice()) && !is_plain_destination(key, value))
                || is_active(value, depth + 1)
        })
}

/// Nearly every program writes "open at the first page" as an OpenAction: an array with a page is no action.
fn is_plain_destination(key: &[u8], value: &Object) -> bool {
    key == b"OpenAction" && matches!(value, Object::Array(_))
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[cfg(test)]
mod tests;
