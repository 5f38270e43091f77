//! Labels in ZPL II, for a printer of 8 dots a millimetre: 100 by 150 mm are 800 by 1200 dots.

use std::fmt::Write as _;

use crate::labels::{
    Label, WATERMARK,
    font::{Style, regular},
    lettering::{block, fitted},
};

/// The label's usable width in dots.
const ROOM: f32 = 740.0;

/// Writes the labels in their order, each as a format of its own.
pub(crate) fn write(labels: &[Label]) -> String {
    labels.iter().map(one).collect()
}

fn one(label: &Label) -> String {
    // ^CI28: text is UTF-8. ^PW and ^LL: the size of the label.
    let mut zpl = String::from("^XA\n^CI28\n^PW800\n^LL1200\n^LH0,0\n^FO24,24^GB752,1152,3^FS\n");
    field(&mut zpl, 40, 50, 44, &label.product);
    field(&mut zpl, 600, 50, 30, "PALOMA");
    if label.sandbox {
        field(&mut zpl, 600, 84, 28, WATERMARK);
    }
    line(&mut zpl, 130);
    field(&mut zpl, 40, 142, 20, "REMITENTE");
    address(&mut zpl, 168, &label.sender, &[(regular(26.0), 6), (regular(22.0), 7)]);
    line(&mut zpl, 356);
    field(&mut zpl, 40, 368, 20, "DESTINATARIO");
    address(&mut zpl, 398, &label.addressee, &[(regular(36.0), 7), (regular(28.0), 9), (regular(22.0), 11)]);
    field(&mut zpl, 40, 706, 56, format!("{} {}", label.country, label.postcode).trim());
    line(&mut zpl, 770);
    let facts = format!("{}   Bulto {}/{}   {}   {}", label.weight, label.number, label.of, label.entry, label.reference);
    field(&mut zpl, 40, 790, 26, &facts);
    line(&mut zpl, 836);
    // ^BC: Code 128, 220 dots high, text below, no text above, no UCC digit, the printer chooses the sets (mode A).
    let _ = writeln!(zpl, "^FO80,870^BY3^BCN,220,N,N,N,A^FD{}^FS", only_code(&label.code));
    field(&mut zpl, 160, 1108, 36, &label.code);
    zpl.push_str("^XZ\n");
    zpl
}

/// The lines of an address from `y` down, in the first of the styles in which they fit.
fn address(zpl: &mut String, y: u16, lines: &[String], styles: &[(Style, usize)]) {
    let (style, lines) = block(lines, styles, ROOM);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "sizes of letters in dots")]
    let size = style.size as u16;
    for (text, y) in lines.iter().zip((y..).step_by(usize::from(size + size / 6))) {
        field(zpl, 40, u32::from(y), size, text);
    }
}

fn line(zpl: &mut String, y: u32) {
    let _ = writeln!(zpl, "^FO24,{y}^GB752,2,2^FS");
}

/// A text in font 0; what could be a command is written as its number (^FH).
fn field(zpl: &mut String, x: u32, y: u32, size: u16, text: &str) {
    let room = 770.0 - f32::from(u16::try_from(x).unwrap_or(0));
    // The printer's font 0 is narrower than ours, so what fits in ours fits in it.
    let text = escaped(&fitted(text, regular(f32::from(size)), room));
    let _ = writeln!(zpl, "^FO{x},{y}^A0N,{size},{size}^FH_^FD{text}^FS");
}

/// `^` and `~` begin commands, `_` is our own escape, `\` starts one in some fields, and control characters steer the line.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '^' | '~' | '_' | '\\' => {
                let _ = write!(safe, "_{:02X}", u32::from(c));
            }
            c if c.is_control() => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}

/// A code has only letters and digits; nothing else may reach the bars, where `>` would be a command too.
fn only_code(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn label(name: &str) -> Label {
        let name = name.to_owned();
        Label {
            product: name.clone(),
            sender: vec![name.clone()],
            addressee: vec![name.clone(), name.clone()],
            postcode: name.clone(),
            reference: name.clone(),
            notes: name,
            ..crate::labels::sample("PQXXX10000000010128001A")
        }
    }

    #[test]
    fn a_label_says_its_code_in_bars_and_in_clear_and_keeps_its_accents() {
        let zpl = write(&[label("José Núñez")]);
        assert!(zpl.starts_with("^XA") && zpl.ends_with("^XZ\n"));
        assert!(zpl.contains("^CI28") && zpl.contains("José Núñez"));
        assert!(zpl.contains("^BCN,220,N,N,N,A^FDPQXXX10000000010128001A^FS"));
        assert!(zpl.contains("SANDBOX"));
        assert!(!write(&[Label { sandbox: false, ..label("x") }]).contains("SANDBOX"));
    }

    proptest! {
        #[test]
        fn no_text_becomes_a_command(name in "\\PC{0,40}|[\\^~_\\\\a-zA-Z\\x00-\\x1f]{0,40}") {
            let count = |zpl: &str, c: char| zpl.matches(c).count();
            let (plain, zpl) = (write(&[label("x")]), write(&[label(&name)]));
            // As many commands as with a harmless text, give or take the lines an address wraps into.
            prop_assert_eq!(count(&zpl, '~'), 0);
            prop_assert_eq!(zpl.matches("^XA").count(), 1);
            prop_assert_eq!(zpl.matches("^XZ").count(), 1);
            let fields = zpl.matches("^FD").count();
            prop_assert_eq!(zpl.matches("^FS").count(), fields + plain.matches("^GB").count());
            prop_assert_eq!(count(&zpl, '^'), zpl.lines().map(|line| count(line, '^')).sum::<usize>());
            prop_assert!(zpl.lines().all(|line| line.starts_with('^')));
        }
    }
}
