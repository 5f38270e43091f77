//! QR codes (ISO/IEC 18004), drawn into the page: nobody else sees what they say.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

/// Light modules that must stand around a code.
const QUIET: usize = 4;

/// A QR code as the parts of an SVG image.
pub(crate) struct Drawing {
    /// Width and height of the image, in modules, with the quiet zone.
    pub(crate) side: usize,
    /// The dark modules, as the data of a path.
    pub(crate) path: String,
}

impl Drawing {
    /// The code that says `text`. `None` when no code holds that much.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let width = code.width();
        let mut path = String::new();
        for (y, row) in code.to_colors().chunks(width).enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|a, b| a == b) {
                if run.first() == Some(&Color::Dark) {
                    let _ = write!(path, "M{} {}h{}v1h-{}z", x + QUIET, y + QUIET, run.len(), run.len());
                }
                x += run.len();
            }
        }
        Some(Self { side: width + 2 * QUIET, path })
    }
}

#[cfg(test)]
mod tests {
    use std::{io::Write as _, process::Command};

    use super::*;

    /// The image as a bitmap (Netpbm's plain format), eight dots a module.
    fn bitmap(drawing: &Drawing) -> String {
        const DOTS: usize = 8;
        let mut dark = vec![vec![false; drawing.side]; drawing.side];
        for run in drawing.path.split_terminator('z') {
            let (at, length) = run.strip_prefix('M').and_then(|run| run.split_once('h')).expect("a run");
            let (x, y) = at.split_once(' ').expect("a place");
            let (x, y): (usize, usize) = (x.parse().expect("a number"), y.parse().expect("a number"));
            let length: usize = length.split_once('v').expect("a height").0.parse().expect("a number");
            dark[y][x..x + length].fill(true);
        }
        let mut out = format!("P1\n{0} {0}\n", drawing.side * DOTS);
        for row in &dark {
            let line: String = row.iter().flat_map(|dark| std::iter::repeat_n(if *dark { "1 " } else { "0 " }, DOTS)).collect();
            for _ in 0..DOTS {
                out.push_str(&line);
                out.push('\n');
            }
        }
        out
    }

    #[test]
    fn a_reader_that_did_not_draw_it_reads_it() {
        let text = "otpauth://totp/Postigo:ana%40shop.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Postigo";
        let mut file = tempfile::Builder::new().suffix(".pbm").tempfile().expect("a file");
        file.write_all(bitmap(&Drawing::of(text).expect("fits")).as_bytes()).expect("writes");
        let read = Command::new("zbarimg").args(["--quiet", "--raw"]).arg(file.path()).output().expect("zbarimg, of zbar-tools");
        assert_eq!(String::from_utf8_lossy(&read.stdout).trim(), text);
    }

    #[test]
    fn what_no_code_holds_is_not_drawn() {
        assert!(Drawing::of(&"x".repeat(5000)).is_none());
    }
}
