//! Which fault a call asks for: the header first, then the fixed test values in path, query and body.

use domain::scenario::{self, Asked, FIXED, Fault, Unknown};
use serde_json::Value;

use crate::{
    Call,
    respond::Refusal,
    scenarios::{Deed, HEADER},
};

/// How many values of a body are looked at. A creation of a hundred shipments has fewer.
const MOST_VALUES: usize = 50_000;

/// The fault that the call names for what it does.
pub(super) fn fault(call: &Call<'_>, deed: Deed) -> Result<Option<Asked>, Refusal> {
    let unknown = |unknown: Unknown| Refusal::Malformed(unknown.to_string());
    let mut found = Vec::new();
    if let Some(word) = call.headers.get(HEADER) {
        found.extend(scenario::header(&String::from_utf8_lossy(word.as_bytes())).map_err(unknown)?);
    }
    let last = call.path.rsplit('/').next().unwrap_or_default();
    let queried = call.query.split('&').filter_map(|pair| pair.split_once('=')).map(|(_, value)| value);
    for value in last.split(',').chain(queried) {
        found.extend(scenario::fixed(value).map_err(unknown)?);
    }
    // Hardly any body holds one: it is read for that purpose only where the bytes occur.
    if call.body.windows(FIXED.len()).any(|bytes| bytes == FIXED.as_bytes())
        && let Ok(body) = serde_json::from_slice::<Value>(call.body)
    {
        walk(&body, &mut |text| {
            found.extend(scenario::fixed(text)?);
            Ok(())
        })
        .map_err(unknown)?;
    }
    Ok(found.into_iter().find(|asked| deed.suffers(asked.fault)))
}

/// Whether a declaration holds the fixed value of a fault.
pub(super) fn holds(declaration: &str, fault: Fault) -> bool {
    if !declaration.contains(FIXED) {
        return false;
    }
    let mut held = false;
    let declared = serde_json::from_str(declaration).unwrap_or(Value::Null);
    // A word nobody knows was refused when the declaration came.
    let _ = walk(&declared, &mut |text| {
        held |= scenario::fixed(text)?.is_some_and(|asked| asked.fault == fault);
        Ok(())
    });
    held
}

/// Shows every text in a value, in the order in which they stand. The parser limits how deep they do.
fn walk(value: &Value, see: &mut impl FnMut(&str) -> Result<(), Unknown>) -> Result<(), Unknown> {
    let mut left = vec![value];
    for _ in 0..MOST_VALUES {
        match left.pop() {
            None => break,
            Some(Value::String(text)) => see(text)?,
            Some(Value::Array(values)) => left.extend(values.iter().rev()),
            Some(Value::Object(members)) => left.extend(members.values().rev()),
            Some(_) => {}
        }
    }
    Ok(())
}
