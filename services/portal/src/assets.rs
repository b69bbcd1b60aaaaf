//! Style, scripts and fonts, embedded, under names that hold their digest: a browser keeps them for a year and fetches a new one when it changed.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use ring::digest::{SHA256, digest};

use crate::error::Error;

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const WOFF2: &str = "font/woff2";

/// Files that name no other file; their names are known first.
const LEAVES: &[(&str, &str, &[u8])] = &[
    (
        "tadamon-sans-arabic-400.woff2",
        WOFF2,
        include_bytes!("../assets/fonts/tadamon-sans-arabic-400.woff2"),
    ),
    (
        "tadamon-sans-arabic-600.woff2",
        WOFF2,
        include_bytes!("../assets/fonts/tadamon-sans-arabic-600.woff2"),
    ),
    (
        "tadamon-sans-latin-400.woff2",
        WOFF2,
        include_bytes!("../assets/fonts/tadamon-sans-latin-400.woff2"),
    ),
    (
        "tadamon-sans-latin-600.woff2",
        WOFF2,
        include_bytes!("../assets/fonts/tadamon-sans-latin-600.woff2"),
    ),
    ("icon.svg", "image/svg+xml", include_bytes!("../assets/icon.svg")),
    ("solver.js", JS, include_bytes!("../assets/solver.js")),
];

/// Text files that name leaves as `@name@`.
const TEXTS: &[(&str, &str, &str)] = &[
    (
        "style.css",
        CSS,
        concat!(
            include_str!("../assets/tokens.css"),
            include_str!("../assets/components.css"),
            include_str!("../assets/office.css"),
            include_str!("../assets/print.css")
        ),
    ),
    ("menu.js", JS, include_str!("../assets/menu.js")),
    ("robot.js", JS, include_str!("../assets/robot.js")),
    ("forms.js", JS, include_str!("../assets/forms.js")),
    ("upload.js", JS, include_str!("../assets/upload.js")),
    ("receipt.js", JS, include_str!("../assets/receipt.js")),
    ("office.js", JS, include_str!("../assets/office.js")),
];

struct Assets {
    /// Plain name -> hashed name.
    names: HashMap<&'static str, String>,
    /// Hashed name -> type and content.
    files: HashMap<String, (&'static str, Bytes)>,
}

static ASSETS: LazyLock<Assets> = LazyLock::new(|| {
    let mut assets = Assets {
        names: HashMap::new(),
        files: HashMap::new(),
    };
    for (name, kind, content) in LEAVES {
        assets.add(name, kind, Bytes::from_static(content));
    }
    for (name, kind, content) in TEXTS {
        let mut content = (*content).to_owned();
        for (leaf, hashed) in &assets.names {
            content = content.replace(&format!("@{leaf}@"), &format!("/assets/{hashed}"));
        }
        assets.add(name, kind, Bytes::from(content));
    }
    assets
});

impl Assets {
    fn add(&mut self, name: &'static str, kind: &'static str, content: Bytes) {
        let hash = hex::encode(&digest(&SHA256, &content).as_ref()[..8]);
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        let hashed = format!("{stem}.{hash}.{ending}");
        self.names.insert(name, hashed.clone());
        self.files.insert(hashed, (kind, content));
    }
}

/// The address of an asset; a name that does not exist gives an address that answers 404, and a test that walks the pages fails.
pub(crate) fn url(name: &str) -> String {
    format!("/assets/{}", ASSETS.names.get(name).map_or(name, String::as_str))
}

/// Serves an asset for a year.
pub(crate) async fn serve(Path(name): Path<String>) -> Response {
    match ASSETS.files.get(&name) {
        Some((kind, content)) => {
            let headers = [
                (header::CONTENT_TYPE, *kind),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            ];
            (headers, content.clone()).into_response()
        }
        None => Error::NotFound.into_response(),
    }
}

/// Where browsers look by habit: the icon has a hashed name like every other file.
pub(crate) async fn favicon() -> Response {
    axum::response::Redirect::temporary(&url("icon.svg")).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_in_a_text_file_was_replaced_by_its_address() {
        for (name, _, _) in TEXTS {
            let (_, content) = &ASSETS.files[&ASSETS.names[name]];
            assert!(!String::from_utf8_lossy(content).contains("@tadamon"), "{name}");
            assert!(!String::from_utf8_lossy(content).contains("@solver"), "{name}");
        }
    }

    #[test]
    fn no_raw_colour_stands_outside_the_tokens() {
        let raw = regex_lite::Regex::new(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsl").unwrap();
        for sheet in [
            include_str!("../assets/components.css"),
            include_str!("../assets/office.css"),
            include_str!("../assets/print.css"),
        ] {
            assert!(
                !raw.is_match(sheet),
                "{:?}",
                raw.find(sheet).map(|found| found.as_str())
            );
        }
    }

    #[test]
    fn pages_use_logical_sides_only() {
        let sided = regex_lite::Regex::new(
            r"(margin|padding|border)-(left|right)|text-align:\s*(left|right)|[^-]\b(left|right):",
        )
        .unwrap();
        for sheet in [
            include_str!("../assets/components.css"),
            include_str!("../assets/office.css"),
        ] {
            assert!(
                !sided.is_match(sheet),
                "{:?}",
                sided.find(sheet).map(|found| found.as_str())
            );
        }
    }
}
