//! Reading what clients send: numbers come as strings and strings as numbers, and an empty string means nothing.

use bytes::Bytes;
use serde_json::Value;

use crate::respond::Refusal;

/// Reads a JSON body, whatever its content type says (the shops' plug-in sends `text/plain`). Depth is limited by the
/// parser, so nesting without end is malformed like anything else.
pub(crate) fn json(body: &Bytes) -> Result<Value, Refusal> {
    serde_json::from_slice(body)
        .map_err(|error| Refusal::Malformed(format!("El cuerpo no es JSON válido / The body is not valid JSON: {error}")))
}

/// The same where an object is needed.
pub(crate) fn object(body: &Bytes) -> Result<Value, Refusal> {
    let value = json(body)?;
    if value.is_object() {
        Ok(value)
    } else {
        Err(Refusal::Malformed("El cuerpo debe ser un objeto JSON / The body must be a JSON object".into()))
    }
}

/// A member as text, trimmed; `None` when it is absent, empty, or not a plain value.
pub(crate) fn text(of: &Value, member: &str) -> Option<String> {
    of.get(member).and_then(plain)
}

/// A value as text, as [`text`] reads it.
pub(crate) fn plain(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// A member as a whole number, spelt `12`, `"12"` or `12.0`; `None` when it is absent, `Err` when it is something else.
pub(crate) fn whole(of: &Value, member: &str) -> Result<Option<i64>, ()> {
    let Some(value) = of.get(member) else {
        return Ok(None);
    };
    if let Some(number) = value.as_i64() {
        return Ok(Some(number));
    }
    match value {
        Value::Null => Ok(None),
        Value::Array(_) | Value::Object(_) => Err(()),
        _ => match plain(value) {
            None => Ok(None),
            Some(text) => {
                let digits = text.strip_suffix(".0").unwrap_or(&text);
                digits.parse().map(Some).map_err(|_| ())
            }
        },
    }
}

/// The elements of an array member; none when it is absent or not an array.
pub(crate) fn list<'v>(of: &'v Value, member: &str) -> &'v [Value] {
    of.get(member).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A parameter of the query, as it stands there. The ones read here are codes and numbers, which need no decoding.
pub(crate) fn query<'q>(query: &'q str, name: &str) -> Option<&'q str> {
    query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// A parameter of the query as its sender wrote it before encoding it for the address, trimmed. `None` when it is absent,
/// empty or no text.
pub(crate) fn decoded(of: &str, name: &str) -> Option<String> {
    let encoded = query(of, name)?;
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        bytes.push(match (first, after) {
            (b'+', _) => b' ',
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                rest = after;
                hexadecimal(*high) << 4 | hexadecimal(*low)
            }
            // A percent sign that begins nothing means itself.
            _ => *first,
        });
    }
    let text = String::from_utf8(bytes).ok()?.trim().to_owned();
    (!text.is_empty()).then_some(text)
}

fn hexadecimal(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20) - b'a' + 10,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_and_strings_stand_for_each_other() {
        let value = json!({"a": "12", "b": 12, "c": 12.0, "d": "", "e": null, "f": [], "g": "x", "h": "99999999999999999999"});
        assert_eq!(text(&value, "b").as_deref(), Some("12"));
        assert_eq!(text(&value, "d"), None);
        assert_eq!(whole(&value, "a"), Ok(Some(12)));
        assert_eq!(whole(&value, "b"), Ok(Some(12)));
        assert_eq!(whole(&value, "c"), Ok(Some(12)));
        assert_eq!(whole(&value, "d"), Ok(None));
        assert_eq!(whole(&value, "e"), Ok(None));
        for wrong in ["f", "g", "h"] {
            assert_eq!(whole(&value, wrong), Err(()), "{wrong}");
        }
    }

    #[test]
    fn a_parameter_is_read_as_it_was_before_it_was_encoded() {
        let query = "a=PEDIDO%2D1%2f%c3%b1&b=x+y%20z&c=%&d=%zz&e=%ff&f=&g=%20+&h=100%25";
        for (name, value) in [("a", Some("PEDIDO-1/ñ")), ("b", Some("x y z")), ("c", Some("%")), ("d", Some("%zz")), ("h", Some("100%"))] {
            assert_eq!(decoded(query, name).as_deref(), value, "{name}");
        }
        for name in ["e", "f", "g", "i"] {
            assert_eq!(decoded(query, name), None, "{name}");
        }
    }

    #[test]
    fn nesting_without_end_is_malformed() {
        let bomb = Bytes::from("[".repeat(100_000));
        assert!(matches!(json(&bomb), Err(Refusal::Malformed(_))));
        let bomb = Bytes::from("{\"a\":".repeat(100_000));
        assert!(matches!(json(&bomb), Err(Refusal::Malformed(_))));
    }
}
