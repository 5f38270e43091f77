//! Labels as data, for those who draw them themselves.

use std::fmt::Write as _;

use crate::labels::Label;

/// Writes the labels in their order.
pub(crate) fn write(labels: &[Label]) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<labels>\n");
    for label in labels {
        let _ = writeln!(xml, "  <label sandbox=\"{}\">", label.sandbox);
        let numbers = [label.number.to_string(), label.of.to_string()];
        for (name, value) in [
            ("packageCode", &label.code),
            ("shipmentCode", &label.shipment_code),
            ("product", &label.product),
            ("packageNumber", &numbers[0]),
            ("packagesNumber", &numbers[1]),
            ("weight", &label.weight),
            ("entryDate", &label.entry),
            ("reference", &label.reference),
            ("postcode", &label.postcode),
            ("country", &label.country),
            ("observations", &label.notes),
        ] {
            element(&mut xml, 4, name, value);
        }
        for (name, lines) in [("sender", &label.sender), ("addressee", &label.addressee)] {
            let _ = writeln!(xml, "    <{name}>");
            for line in lines {
                element(&mut xml, 6, "line", line);
            }
            let _ = writeln!(xml, "    </{name}>");
        }
        xml.push_str("  </label>\n");
    }
    xml.push_str("</labels>\n");
    xml
}

fn element(xml: &mut String, indent: usize, name: &str, value: &str) {
    let _ = writeln!(xml, "{:indent$}<{name}>{}</{name}>", "", escaped(value));
}

/// XML 1.0, sections 2.2 and 2.4: what is not a character of XML falls away, what would be markup is written as an entity.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {}
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_cannot_become_markup() {
        assert_eq!(escaped("a<b>&\u{0}\u{ffff}ñ"), "a&lt;b&gt;&amp;ñ");
    }
}
