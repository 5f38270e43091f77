//! Longer texts of the operator's: paragraphs and lists under headings that links can name, `## Heading {#name}`.

use askama::{Template, filters::HtmlSafe};

use crate::reference::prose::Prose;

/// A text, ready to be shown.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/article.html")]
pub(crate) struct Article {
    lead: Prose,
    sections: Vec<Section>,
}

/// Its template escapes every text.
impl HtmlSafe for Article {}

/// What stands under a heading.
#[derive(Debug, Clone)]
struct Section {
    /// Its name in links; empty when it has none.
    id: String,
    heading: String,
    prose: Prose,
}

impl Article {
    /// Reads at most so many bytes of a text.
    pub(crate) fn read(text: &str, most: usize) -> Self {
        let text = crate::reference::cut(text, most);
        let mut parts: Vec<(Option<&str>, String)> = vec![(None, String::new())];
        for line in text.lines() {
            match line.strip_prefix("## ") {
                Some(heading) => parts.push((Some(heading), String::new())),
                None => {
                    if let Some((_, body)) = parts.last_mut() {
                        body.push_str(line);
                        body.push('\n');
                    }
                }
            }
        }
        let mut article = Self::default();
        for (heading, body) in parts {
            let prose = Prose::read(&body, most);
            let Some(heading) = heading else {
                article.lead = prose;
                continue;
            };
            let (heading, id) = named(heading.trim());
            article.sections.push(Section { id: id.to_owned(), heading: heading.to_owned(), prose });
        }
        article
    }
}

/// A heading and its name: small letters, digits and dashes in `{#...}` at its end.
fn named(heading: &str) -> (&str, &str) {
    let Some((text, id)) = heading.strip_suffix('}').and_then(|heading| heading.rsplit_once("{#")) else { return (heading, "") };
    let fits = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if fits { (text.trim_end(), id) } else { (heading, "") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_have_the_names_that_links_use_and_nothing_else_becomes_markup() {
        let html = Article::read("Lead <b>.\n\n## One {#one}\n\n1. **a**\n\n## Two {#\"x}\n\ntext", 10_000).to_string();
        assert!(html.contains("<h2 id=\"one\">One</h2>") && html.contains("<strong>a</strong>"), "{html}");
        assert!(html.contains("<h2>Two {#&#34;x}</h2>") && !html.contains("<b>"), "{html}");
    }
}
