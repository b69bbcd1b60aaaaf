//! The portal's look comes from one file of tokens: no colour and no pixel size stands anywhere else, and no style in a page. How it looks is
//! judged by screenshots, not here.

use regex_lite::Regex;

use crate::tree::{File, files, none};

/// The one file where raw values stand.
const TOKENS: &str = "tokens.css";

fn in_portal(file: &&File) -> bool {
    file.path.starts_with("services/portal/") && !file.is_test() && !file.path.contains("/fonts/")
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is well formed")
}

/// Lines without `/* … */`; line numbers stay.
fn css_lines(text: &str) -> Vec<String> {
    let mut inside = false;
    text.lines()
        .map(|line| {
            let mut kept = String::new();
            let mut rest = line;
            loop {
                if inside {
                    let Some(end) = rest.find("*/") else { break };
                    rest = &rest[end + 2..];
                    inside = false;
                } else if let Some(start) = rest.find("/*") {
                    kept.push_str(&rest[..start]);
                    rest = &rest[start + 2..];
                    inside = true;
                } else {
                    kept.push_str(rest);
                    break;
                }
            }
            kept
        })
        .collect()
}

#[test]
fn raw_colours_and_sizes_stand_in_the_tokens_file_only() {
    let colour = pattern(r"#[0-9a-fA-F]{3,8}\b|\b(rgba?|hsla?|hwb|lab|lch|oklab|oklch)\(");
    let named =
        pattern(r":[^;]*\b(white|black|red|green|blue|gr[ae]y|orange|yellow|navy|teal|maroon|silver)\b");
    let pixels = pattern(r"\b\d*\.?\d+px\b");
    let mut findings = Vec::new();
    for file in files()
        .iter()
        .filter(in_portal)
        .filter(|file| file.has_extension("css") && file.name() != TOKENS)
    {
        for (at, line) in css_lines(&file.text).iter().enumerate() {
            let values = line.contains(':') && !line.trim_start().starts_with("--") && !line.contains("{");
            if colour.is_match(line.split_once(':').map_or("", |(_, value)| value))
                || (values && named.is_match(line))
            {
                findings.push(format!("{}:{}: raw colour: {}", file.path, at + 1, line.trim()));
            }
            if pixels.is_match(line) {
                findings.push(format!("{}:{}: raw size: {}", file.path, at + 1, line.trim()));
            }
        }
    }
    none(
        &findings,
        "give the value a name in the portal's tokens.css and use var(--name); media queries take em",
    );
}

#[test]
fn no_page_carries_a_style_or_a_colour_of_its_own() {
    let style = pattern(r#"\bstyle\s*=\s*["']|<style\b|\b(fill|stroke|color|bgcolor)\s*=\s*["']#"#);
    let mut findings = Vec::new();
    for file in files().iter().filter(in_portal).filter(|file| {
        ["html", "rs", "js"]
            .iter()
            .any(|extension| file.has_extension(extension))
    }) {
        for (at, line) in file.text.lines().enumerate() {
            if style.is_match(line) {
                findings.push(format!("{}:{}: {}", file.path, at + 1, line.trim()));
            }
        }
    }
    none(
        &findings,
        "the content policy refuses inline styles: use a class, and currentColor in drawings",
    );
}

#[test]
fn no_page_calls_a_third_party() {
    let address =
        pattern(r#"(?:src|href|action|url|import|fetch|from)\s*[=(]?\s*["'(]\s*(https?:)?//[A-Za-z0-9]"#);
    let mut findings = Vec::new();
    for file in files().iter().filter(in_portal).filter(|file| {
        ["html", "css", "js"]
            .iter()
            .any(|extension| file.has_extension(extension))
    }) {
        for (at, line) in file.text.lines().enumerate() {
            if address.is_match(line) && !line.contains("http://www.w3.org/") {
                findings.push(format!("{}:{}: {}", file.path, at + 1, line.trim()));
            }
        }
    }
    none(
        &findings,
        "serve the file from the portal itself: pages make no third-party call of any kind",
    );
}
