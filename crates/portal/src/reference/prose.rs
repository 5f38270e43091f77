//! Descriptions of a document: the little of Markdown that people write in them, as blocks that a template escapes.

use askama::{Template, filters::HtmlSafe};

use super::cut;

/// A description, ready to be shown.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "reference/prose.html")]
pub(crate) struct Prose {
    blocks: Vec<Block>,
}

/// Its template escapes every text.
impl HtmlSafe for Prose {}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Block {
    Paragraph(Vec<Span>),
    Points(Vec<Vec<Span>>),
    Steps(Vec<Vec<Span>>),
    Code(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Span {
    Text(String),
    Code(String),
    Strong(String),
}

impl Prose {
    /// Reads at most so many bytes of a text.
    pub(crate) fn read(text: &str, most: usize) -> Self {
        let text = cut(text, most);
        let mut blocks = Vec::new();
        let mut open: Option<(Kind, Vec<String>)> = None;
        let mut fence: Option<Vec<&str>> = None;
        let mut after_gap = false;
        for line in text.lines() {
            if line.trim_start().starts_with("```") {
                match fence.take() {
                    Some(lines) => blocks.push(Block::Code(lines.join("\n"))),
                    None => {
                        blocks.extend(open.take().map(closed));
                        fence = Some(Vec::new());
                    }
                }
                continue;
            }
            if let Some(lines) = &mut fence {
                lines.push(line);
                continue;
            }
            let is_inside = line.starts_with([' ', '\t']);
            let line = line.trim();
            let gap = std::mem::replace(&mut after_gap, line.is_empty());
            if line.is_empty() {
                // An empty line ends a paragraph; a list goes on with another item, or with what is moved in.
                if open.as_ref().is_some_and(|(kind, _)| *kind == Kind::Paragraph) {
                    blocks.extend(open.take().map(closed));
                }
                continue;
            }
            if gap && !is_inside && item(line).is_none() {
                blocks.extend(open.take().map(closed));
            }
            match (item(line), &mut open) {
                (Some((kind, text)), Some((current, items))) if *current == kind => items.push(text.to_owned()),
                (Some((kind, text)), _) => {
                    blocks.extend(open.take().map(closed));
                    open = Some((kind, vec![text.to_owned()]));
                }
                (None, Some((_, items))) => {
                    if let Some(last) = items.last_mut() {
                        last.push(' ');
                        last.push_str(line);
                    }
                }
                (None, None) => open = Some((Kind::Paragraph, vec![line.trim_start_matches('#').trim().to_owned()])),
            }
        }
        blocks.extend(open.take().map(closed));
        blocks.extend(fence.map(|lines| Block::Code(lines.join("\n"))));
        Self { blocks }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Paragraph,
    Points,
    Steps,
}

fn item(line: &str) -> Option<(Kind, &str)> {
    if let Some(text) = line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")) {
        return Some((Kind::Points, text));
    }
    let (number, text) = line.split_once(". ")?;
    (!number.is_empty() && number.len() <= 3 && number.bytes().all(|byte| byte.is_ascii_digit())).then_some((Kind::Steps, text))
}

fn closed((kind, items): (Kind, Vec<String>)) -> Block {
    let mut items: Vec<_> = items.iter().map(|text| spans(text)).collect();
    match kind {
        Kind::Paragraph => Block::Paragraph(items.pop().unwrap_or_default()),
        Kind::Points => Block::Points(items),
        Kind::Steps => Block::Steps(items),
    }
}

/// Code between backticks, strong words between double stars; whatever is not closed is text.
fn spans(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['`', '*']) {
        let (before, there) = rest.split_at(at);
        plain.push_str(before);
        let mark = if there.starts_with('`') {
            "`"
        } else if there.starts_with("**") {
            "**"
        } else {
            plain.push('*');
            rest = &there[1..];
            continue;
        };
        let inside = &there[mark.len()..];
        match inside.find(mark) {
            Some(end) if end > 0 => {
                if !plain.is_empty() {
                    spans.push(Span::Text(std::mem::take(&mut plain)));
                }
                let marked = inside[..end].to_owned();
                spans.push(if mark == "`" { Span::Code(marked) } else { Span::Strong(marked) });
                rest = &inside[end + mark.len()..];
            }
            _ => {
                plain.push_str(mark);
                rest = inside;
            }
        }
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        spans.push(Span::Text(plain));
    }
    spans
}

/// The first paragraph's beginning, without marks, for places with room for one line.
pub(crate) fn first_line(text: &str) -> String {
    let paragraph = text.trim().split("\n\n").next().unwrap_or_default().replace(['`', '*', '\n'], " ");
    cut(paragraph.split_whitespace().collect::<Vec<_>>().join(" ").as_str(), 200)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_lists_and_code_are_told_apart() {
        let text = "Two, on **every** call:\n\n1. a `token`;\n2. a pair\n   of its own.\n\n```sh\ncurl <x>\n\n- no item\n```\n\n- a\n- b\nc\n\n  d\n\ne";
        let html = Prose::read(text, 10_000).to_string();
        let plain = html.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(plain.contains("<p>Two, on <strong>every</strong> call:</p>"), "{html}");
        assert!(plain.contains("<li>a <code>token</code>;</li>") && plain.contains("<li>a pair of its own.</li>"), "{html}");
        assert!(html.contains("<pre tabindex=\"0\"><code>curl &#60;x&#62;\n\n- no item</code></pre>"), "{html}");
        assert!(plain.contains("<li>b c d</li>") && plain.ends_with("</ul> <p>e</p>"), "{html}");
    }

    #[test]
    fn what_is_not_closed_or_is_markup_stays_text() {
        for text in ["a ` b", "**", "a ** b", "****", "``", "*x*", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "```", "1."]
        {
            let html = Prose::read(text, 1_000).to_string();
            assert!(!html.contains("<img") && !html.contains("href"), "{html}");
        }
        assert_eq!(Prose::read("a ` b ** c", 100).blocks, [Block::Paragraph(vec![Span::Text("a ` b ** c".into())])]);
    }

    #[test]
    fn a_long_text_is_cut_between_letters() {
        let html = Prose::read(&"ñ".repeat(10_000), 101).to_string();
        assert!(html.contains('…') && html.len() < 200, "{html}");
    }
}
