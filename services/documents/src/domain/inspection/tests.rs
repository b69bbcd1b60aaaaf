//! Files of each kind, built here, against the verdict that each deserves.

use lopdf::{Object, StringFormat, dictionary};
use proptest::prelude::*;

use super::*;

/// A PDF of one page whose catalogue has more entries.
fn pdf_with(catalogue: Dictionary) -> Vec<u8> {
    let mut document = Document::with_version("1.7");
    let pages = document.new_object_id();
    let page = document.add_object(dictionary! { "Type" => "Page", "Parent" => pages, "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()] });
    document.objects.insert(
        pages,
        Object::Dictionary(dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 }),
    );
    let mut root = dictionary! { "Type" => "Catalog", "Pages" => pages };
    root.extend(&catalogue);
    let root = document.add_object(root);
    document.trailer.set("Root", root);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

#[test]
fn a_plain_pdf_is_accepted_with_its_pages() {
    assert_eq!(
        inspect(&pdf_with(Dictionary::new())),
        Ok(Accepted {
            media_type: PDF,
            pages: 1
        })
    );
}

#[test]
fn opening_at_a_page_is_no_active_content() {
    let catalogue = dictionary! { "OpenAction" => vec![Object::Reference((3, 0)), "Fit".into()] };
    assert!(inspect(&pdf_with(catalogue)).is_ok());
}

#[test]
fn an_empty_file_is_refused() {
    assert_eq!(inspect(b""), Err(Refusal::Empty));
}

#[test]
fn a_picture_named_pdf_is_refused_by_its_content() {
    assert_eq!(
        inspect(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        Err(Refusal::TypeNotAccepted)
    );
    assert_eq!(
        inspect(b"\xff\xd8\xff\xe0\0\x10JFIF"),
        Err(Refusal::TypeNotAccepted)
    );
    assert_eq!(
        inspect(b"<html><script>alert(1)</script>"),
        Err(Refusal::TypeNotAccepted)
    );
    assert_eq!(inspect(b"MZ\x90\0"), Err(Refusal::TypeNotAccepted));
}

#[test]
fn a_pdf_that_cannot_be_read_is_damaged() {
    assert_eq!(inspect(b"%PDF-1.7\nnothing more"), Err(Refusal::Damaged));
    let mut cut = pdf_with(Dictionary::new());
    cut.truncate(40);
    assert_eq!(inspect(&cut), Err(Refusal::Damaged));
}

#[test]
fn a_password_protected_pdf_is_refused() {
    let mut bytes = pdf_with(Dictionary::new());
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let position = text.rfind("/Root").unwrap();
    bytes.splice(position..position, *b"/Encrypt<</Filter/Standard/V 2/R 3/Length 128/P -44/O(01234567890123456789012345678901)/U(01234567890123456789012345678901)>>");
    assert_eq!(inspect(&bytes), Err(Refusal::PasswordProtected));
}

#[test]
fn scripts_actions_and_attachments_are_refused() {
    let script = || dictionary! { "S" => "JavaScript", "JS" => Object::String(b"app.alert(1)".to_vec(), StringFormat::Literal) };
    let launch =
        || dictionary! { "S" => "Launch", "F" => Object::String(b"cmd.exe".to_vec(), StringFormat::Literal) };
    for catalogue in [
        dictionary! { "OpenAction" => script() },
        dictionary! { "AA" => dictionary! { "WC" => script() } },
        dictionary! { "OpenAction" => launch() },
        dictionary! { "Names" => dictionary! { "EmbeddedFiles" => dictionary! { "Names" => vec![] } } },
        dictionary! { "Names" => dictionary! { "JavaScript" => dictionary! { "Names" => vec![] } } },
        dictionary! { "AcroForm" => dictionary! { "XFA" => vec![] } },
    ] {
        assert_eq!(inspect(&pdf_with(catalogue)), Err(Refusal::ActiveContent));
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_get_a_verdict_and_never_a_panic(bytes: Vec<u8>) {
        let _verdict = inspect(&bytes);
    }

    #[test]
    fn bytes_behind_a_pdf_head_get_a_verdict_and_never_a_panic(tail: Vec<u8>) {
        let _verdict = inspect(&[b"%PDF-1.7\n".as_slice(), &tail].concat());
    }

    #[test]
    fn a_pdf_with_a_changed_byte_gets_a_verdict_and_never_a_panic(position in 9usize..400, byte: u8) {
        let mut bytes = pdf_with(Dictionary::new());
        let position = position % bytes.len();
        bytes[position] = byte;
        let _verdict = inspect(&bytes);
    }
}
