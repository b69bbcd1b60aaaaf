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
fn a_file_that_was_cut_off_anywhere_is_damaged() {
    let whole = pdf_with(Dictionary::new());
    for length in 9..whole.len() - 8 {
        assert_eq!(
            inspect(&whole[..length]),
            Err(Refusal::Damaged),
            "cut at {length} of {}",
            whole.len()
        );
    }
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

#[test]
fn a_file_carried_without_saying_so_is_refused() {
    // The type of an embedded file's stream is optional: the file specification alone carries it.
    let mut document = Document::load_mem(&pdf_with(Dictionary::new())).unwrap();
    let file = document.add_object(lopdf::Stream::new(Dictionary::new(), b"MZ".to_vec()));
    let specification =
        document.add_object(dictionary! { "Type" => "Filespec", "EF" => dictionary! { "F" => file } });
    document
        .add_object(dictionary! { "Type" => "Annot", "Subtype" => "FileAttachment", "FS" => specification });
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    assert_eq!(inspect(&bytes), Err(Refusal::ActiveContent));
}

#[test]
fn what_hides_in_a_compressed_object_stream_is_found() {
    let script = dictionary! { "S" => "JavaScript" };
    let catalogue = dictionary! { "AA" => dictionary! { "WC" => script } };
    let mut document = Document::load_mem(&pdf_with(catalogue)).unwrap();
    let mut packed = Vec::new();
    document.save_modern(&mut packed).unwrap();
    assert!(!contains(&packed, b"/JavaScript"), "the test must hide it");
    assert_eq!(inspect(&packed), Err(Refusal::ActiveContent));
}

#[test]
fn a_jump_to_open_with_is_no_active_content() {
    let jump = dictionary! { "S" => "GoTo", "D" => vec![Object::Integer(0), "Fit".into()] };
    assert!(inspect(&pdf_with(dictionary! { "OpenAction" => jump })).is_ok());
    let mut document = Document::load_mem(&pdf_with(Dictionary::new())).unwrap();
    let view = document.add_object(Object::Array(vec![Object::Integer(0), "Fit".into()]));
    document.catalog_mut().unwrap().set("OpenAction", view);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    assert!(inspect(&bytes).is_ok());
}

#[test]
fn a_file_before_the_pdf_in_one_is_not_taken() {
    let two_in_one = [b"<html>".as_slice(), &pdf_with(Dictionary::new())].concat();
    assert_eq!(inspect(&two_in_one), Err(Refusal::TypeNotAccepted));
}

#[test]
fn deep_nesting_is_damage_and_not_the_end_of_the_process() {
    for (open, close) in [("[", "]"), ("<</A", ">>"), ("(", ")")] {
        let deep = format!(
            "%PDF-1.5\n1 0 obj\n{}{}\nendobj\ntrailer<</Root 1 0 R>>\n",
            open.repeat(200_000),
            close.repeat(200_000)
        );
        let ended = std::thread::Builder::new()
            .stack_size(2 * 1024 * 1024)
            .spawn(move || inspect(deep.as_bytes()));
        assert_eq!(ended.unwrap().join().unwrap(), Err(Refusal::Damaged));
    }
}

/// A PDF of one page and that many compressed object streams, each of 8 MB of blanks; written by hand, because the
/// library does not write what it did not make.
fn many_bombs(count: usize) -> Vec<u8> {
    let mut bomb = lopdf::Stream::new(
        Dictionary::new(),
        [b"9 0 ".as_slice(), &vec![b' '; 8 * 1024 * 1024]].concat(),
    );
    bomb.compress().unwrap();
    let head = format!(
        "<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length {}>>\nstream\n",
        bomb.content.len()
    );
    let bomb = [head.as_bytes(), &bomb.content, b"\nendstream"].concat();
    let mut objects: Vec<Vec<u8>> = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R>>".to_vec(),
    ];
    objects.extend(std::iter::repeat_n(bomb, count));
    let mut bytes = b"%PDF-1.5\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", bytes.len()));
        bytes.extend_from_slice(format!("{} 0 obj\n", number + 1).as_bytes());
        bytes.extend_from_slice(object);
        bytes.extend_from_slice(b"\nendobj\n");
    }
    let start = bytes.len();
    let trailer = format!(
        "{table}trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF",
        objects.len() + 1
    );
    bytes.extend_from_slice(trailer.as_bytes());
    bytes
}

#[test]
fn a_small_file_cannot_make_the_inspection_unpack_gigabytes() {
    let bytes = many_bombs(200);
    assert!(bytes.len() < 10 * 1024 * 1024);
    // 200 streams of 8 MB: all but the bounded part of each stays packed.
    let each = bounds::per_stream(&bytes).unwrap();
    assert!(each * 200 <= 64 * 1024 * 1024);
    let _verdict = inspect(&bytes);
    assert_eq!(inspect(&many_bombs(5000)), Err(Refusal::Damaged));
}
