//! A paper for the demonstration: one PDF page that says SPÉCIMEN and nothing about anybody.

use std::fmt::Write as _;

/// A valid PDF of one page; `title` in ASCII.
pub(super) fn specimen(title: &str) -> Vec<u8> {
    // Octal 311 is É in the page's encoding.
    let text =
        format!("BT /F1 48 Tf 120 500 Td (SP\\311CIMEN) Tj ET BT /F1 18 Tf 120 450 Td ({title}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    let mut pdf = String::from("%PDF-1.7\n");
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(pdf.len());
        let _always_fits = write!(pdf, "{} 0 obj\n{object}\nendobj\n", index + 1);
    }
    let start = pdf.len();
    let _always_fits = write!(pdf, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for offset in offsets {
        let _always_fits = writeln!(pdf, "{offset:010} 00000 n ");
    }
    let _always_fits = write!(
        pdf,
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n",
        objects.len() + 1
    );
    pdf.into_bytes()
}
