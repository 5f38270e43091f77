//! What a token may do: what was asked for, as far as it is granted (RFC 6749, section 3.3).

use domain::ScopeSet;

use crate::refusal::Refusal;

/// The scopes of the token. No scope asked for means all that is granted; some granted is a token that says which; none is an error.
pub(crate) fn narrow(granted: ScopeSet, asked: Option<&str>) -> Result<ScopeSet, Refusal> {
    if granted.is_empty() {
        return Err(Refusal::Scope("No access is granted yet. Request access to an API for this project, and wait for the approval."));
    }
    let Some(asked) = asked else { return Ok(granted) };
    let asked = ScopeSet::parse(asked)
        .map_err(|_| Refusal::Scope("The scope is malformed. Write the names as they are granted, separated by single spaces (%x20)."))?;
    // Spaces only: as good as nothing asked.
    if asked.is_empty() {
        return Ok(granted);
    }
    let both = granted.intersection(&asked);
    if both.is_empty() {
        return Err(Refusal::Scope(
            "None of the scopes asked for is granted. Upper and lower case count; leave scope away to get all that is granted.",
        ));
    }
    Ok(both)
}
