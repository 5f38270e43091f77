//! Comma-separated values (RFC 4180), which people open in spreadsheets.

/// A cell that a spreadsheet reads as text, whatever somebody wrote into it.
#[must_use]
pub fn cell(text: &str) -> String {
    let calms = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{calms}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_spreadsheet_computes_nothing_of_what_somebody_wrote() {
        assert_eq!(cell("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        assert_eq!(cell("{\"a\":1}"), "\"{\"\"a\"\":1}\"");
        for formula in ["+1", "-1", "@x", "\tx", "\rx"] {
            assert!(cell(formula).starts_with("\"'"), "{formula:?}");
        }
    }
}
