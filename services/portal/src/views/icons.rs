//! The line icons, drawn by the current text colour. All are decoration: the word stands beside each.

const SHAPES: &[(&str, &str)] = &[
    ("tick", r#"<path d="M5 12.5l4.5 4.5L19 7.5"/>"#),
    (
        "cross",
        r#"<circle cx="12" cy="12" r="8.5"/><path d="M8.5 8.5l7 7M15.5 8.5l-7 7"/>"#,
    ),
    (
        "clock",
        r#"<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>"#,
    ),
    (
        "warning",
        r#"<path d="M12 4L2.8 19.5h18.4z"/><path d="M12 10v4.5M12 17v.1"/>"#,
    ),
    (
        "info",
        r#"<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5M12 7.8v.1"/>"#,
    ),
    ("home", r#"<path d="M4 11l8-7 8 7v9h-5v-6H9v6H4z"/>"#),
    (
        "grid",
        r#"<path d="M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h6v6h-6z"/>"#,
    ),
    (
        "paper",
        r#"<path d="M6 3h8l4 4v14H6z"/><path d="M14 3v4h4M9 12h6M9 16h6"/>"#,
    ),
    (
        "mail",
        r#"<rect x="3" y="5" width="18" height="14" rx="2"/><path d="M3.5 7l8.5 6 8.5-6"/>"#,
    ),
    (
        "card",
        r#"<rect x="3" y="5" width="18" height="14" rx="2"/><path d="M3 10h18M7 15h4"/>"#,
    ),
    ("plus", r#"<path d="M12 5v14M5 12h14"/>"#),
    (
        "calendar",
        r#"<rect x="4" y="5" width="16" height="15" rx="2"/><path d="M4 10h16M8 3v4M16 3v4"/>"#,
    ),
    (
        "lock",
        r#"<rect x="5" y="10" width="14" height="10" rx="2"/><path d="M8 10V7a4 4 0 0 1 8 0v3"/>"#,
    ),
    (
        "upload",
        r#"<path d="M12 15V4M7.5 8.5L12 4l4.5 4.5M4 15v5h16v-5"/>"#,
    ),
    (
        "print",
        r#"<path d="M7 9V4h10v5M7 17H4V9h16v8h-3"/><path d="M7 14h10v6H7z"/>"#,
    ),
    ("back", r#"<path d="M20 12H4M10 6l-6 6 6 6"/>"#),
    ("again", r#"<path d="M19 12a7 7 0 1 1-2-5M19 3v4h-4"/>"#),
    (
        "pen",
        r#"<path d="M4 20l1-5L16 4l4 4L9 19z"/><path d="M14 6l4 4"/>"#,
    ),
    (
        "person",
        r#"<circle cx="12" cy="8" r="4"/><path d="M4 20.5c1-4 4.2-6 8-6s7 2 8 6"/>"#,
    ),
    (
        "people",
        r#"<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 19.5c.8-3.6 3.4-5.3 6.5-5.3s5.7 1.7 6.5 5.3"/><path d="M15.5 5.4a3.5 3.5 0 0 1 0 6.2M18 14.8c1.8.8 3 2.4 3.5 4.7"/>"#,
    ),
    (
        "device",
        r#"<rect x="4" y="4" width="16" height="12" rx="2"/><path d="M9 20h6M12 16v4"/>"#,
    ),
    (
        "health",
        r#"<path d="M12 20C5 15 3 12 3 9a4.5 4.5 0 0 1 9-1.5A4.5 4.5 0 0 1 21 9c0 3-2 6-9 11z"/>"#,
    ),
    (
        "school",
        r#"<path d="M2 9l10-5 10 5-10 5z"/><path d="M6 11.5V17c3.5 2.5 8.5 2.5 12 0v-5.5"/>"#,
    ),
    (
        "sun",
        r#"<circle cx="12" cy="12" r="4"/><path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6L7 7M17 17l1.4 1.4M18.4 5.6L17 7M7 17l-1.4 1.4"/>"#,
    ),
    (
        "coins",
        r#"<circle cx="9" cy="9" r="5.5"/><path d="M14.5 9.8A5.5 5.5 0 1 1 9.8 14.5"/>"#,
    ),
    (
        "house",
        r#"<path d="M4 11l8-7 8 7"/><path d="M6 9.5V20h12V9.5M10 20v-6h4v6"/>"#,
    ),
    (
        "handshake",
        r#"<path d="M3 8l5-2 4 2 4-2 5 2v8l-4 1-5 4-5-4-4-1z"/><path d="M12 8l-3 4c1.5 1.5 3 1 4-.5l4 4"/>"#,
    ),
    ("out", r#"<path d="M14 4h5v16h-5M4 12h11M11 8l4 4-4 4"/>"#),
];

/// Icons that point in the reading direction and turn with it.
const MIRRORED: &[&str] = &["back", "out"];

/// The drawing; `size` is empty, `small` or `large`.
pub(crate) fn icon(name: &str, size: &str) -> String {
    let shape = SHAPES
        .iter()
        .find(|(known, _)| *known == name)
        .map_or("", |(_, shape)| *shape);
    let size = if size.is_empty() {
        String::new()
    } else {
        format!(" icon--{size}")
    };
    let mirror = if MIRRORED.contains(&name) {
        " icon--mirror"
    } else {
        ""
    };
    format!(
        r#"<svg class="icon{size}{mirror}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{shape}</svg>"#
    )
}
