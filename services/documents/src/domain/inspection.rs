//! Is this a PDF that may be kept? Judged by content, never by name: type, password, active content, whether it can be read at all.
//! It does not render, and it does not look for malware: that is the scanner's.

mod bounds;

use lopdf::{Dictionary, Document, LoadOptions, Object};

use super::refusal::Refusal;

/// The only type taken in so far.
pub(crate) const PDF: &str = "application/pdf";
/// Names that make a reader do something by itself, or hide another file inside.
const ACTIVE: &[&[u8]] = &[
    b"JavaScript",
    b"JS",
    b"OpenAction",
    b"AA",
    b"Launch",
    b"EmbeddedFile",
    b"EmbeddedFiles",
    // A file specification that carries its file; the carried stream need not say what it is.
    b"EF",
    b"FileAttachment",
    b"GoToE",
    b"Movie",
    b"Rendition",
    b"RichMedia",
    b"Screen",
    b"Sound",
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
        max_decompressed_size: Some(bounds::per_stream(bytes)?),
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
    if objects.any(|object| is_active(&document, object, 0))
        || has_active_entry(&document, &document.trailer, 0)
    {
        return Err(Refusal::ActiveContent);
    }
    let listed = document.get_pages();
    // A file that was cut off may still list its pages: each must be there to be read.
    if listed
        .values()
        .any(|page| document.get_dictionary(*page).is_err())
        || is_cut_off(&document, bytes)
    {
        return Err(Refusal::Damaged);
    }
    match u32::try_from(listed.len()) {
        Ok(pages) if pages > 0 => Ok(Accepted {
            media_type: PDF,
            pages,
        }),
        _ => Err(Refusal::Damaged),
    }
}

fn is_active(document: &Document, object: &Object, depth: usize) -> bool {
    if depth > DEPTH {
        return true;
    }
    match object {
        Object::Dictionary(dictionary) => has_active_entry(document, dictionary, depth + 1),
        Object::Stream(stream) => has_active_entry(document, &stream.dict, depth + 1),
        Object::Array(items) => items.iter().any(|item| is_active(document, item, depth + 1)),
        Object::Name(_)
        | Object::Null
        | Object::Boolean(_)
        | Object::Integer(_)
        | Object::Real(_)
        | Object::String(..)
        | Object::Reference(_) => false,
    }
}

fn has_active_entry(document: &Document, dictionary: &Dictionary, depth: usize) -> bool {
    let typed = [b"S".as_slice(), b"Type", b"Subtype"]
        .iter()
        .filter_map(|key| dictionary.get(key).ok())
        .any(|value| matches!(value, Object::Name(name) if ACTIVE.contains(&name.as_slice())));
    typed
        || dictionary.iter().any(|(key, value)| {
            (ACTIVE.contains(&key.as_slice()) && !is_plain_destination(document, key, value))
                || is_active(document, value, depth + 1)
        })
}

/// Nearly every program writes "open at the first page" as an OpenAction: a page to show, or a jump to one, directly or
/// by reference, is no action. What cannot be resolved does nothing either.
fn is_plain_destination(document: &Document, key: &[u8], value: &Object) -> bool {
    if key != b"OpenAction" {
        return false;
    }
    let resolved = match value {
        Object::Reference(id) => document.objects.get(id),
        direct => Some(direct),
    };
    match resolved {
        None | Some(Object::Array(_) | Object::Null) => true,
        Some(Object::Dictionary(action)) => {
            let kind = action.get(b"S").and_then(Object::as_name);
            kind.is_ok_and(|kind| kind == b"GoTo") && !action.has(b"Next")
        }
        Some(_) => false,
    }
}

/// The library rebuilt the table of objects and the file has no end mark: what follows the cut is lost, whatever could be saved before it.
fn is_cut_off(document: &Document, bytes: &[u8]) -> bool {
    document.xref_recovery.is_some() && !contains(&bytes[bytes.len().saturating_sub(2048)..], b"%%EOF")
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[cfg(test)]
mod tests;
