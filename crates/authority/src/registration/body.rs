//! What clients send: members they know more of than we do are passed over, numbers stand for texts, and what is missing is named.

use bytes::Bytes;
use serde_json::Value;

use super::respond::Refused;

/// The longest text that is looked at, in bytes.
const LONGEST: usize = 200;
/// How many lines a street has at most.
const LINES: usize = 5;

/// A JSON object.
pub(super) struct Body(Value);

impl Body {
    pub(super) fn read(bytes: &Bytes) -> Result<Self, Refused> {
        match serde_json::from_slice(bytes) {
            Ok(value @ Value::Object(_)) => Ok(Self(value)),
            Ok(_) => Err(Refused::NotAnObject),
            Err(error) => Err(Refused::NotJson(error.line(), error.column())),
        }
    }

    /// The member at a path such as `accountNumber.value`, as text; `None` when it is absent or empty.
    pub(super) fn optional(&self, path: &'static str) -> Result<Option<String>, Refused> {
        let value = path.split('.').try_fold(&self.0, |value, name| value.get(name));
        let text = match value {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::String(text)) => text.trim().to_owned(),
            Some(Value::Number(number)) => number.to_string(),
            Some(_) => return Err(Refused::Wrong(path, "must be a text")),
        };
        if text.len() > LONGEST || text.chars().any(char::is_control) {
            return Err(Refused::Wrong(path, "is too long, or holds control characters"));
        }
        Ok(Some(text).filter(|text| !text.is_empty()))
    }

    /// The same where it must be there.
    pub(super) fn needed(&self, path: &'static str) -> Result<String, Refused> {
        self.optional(path)?.ok_or(Refused::Missing(path))
    }

    /// Whether there is anything at this path.
    pub(super) fn is_text(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|value| value.is_string() || value.is_number())
    }

    /// The lines of a street.
    pub(super) fn lines(&self, path: &'static str) -> Result<Vec<String>, Refused> {
        let value = path.split('.').try_fold(&self.0, |value, name| value.get(name)).ok_or(Refused::Missing(path))?;
        let lines = match value {
            Value::String(line) => vec![line.clone()],
            Value::Array(lines) if lines.len() <= LINES => {
                let lines: Option<Vec<_>> =
                    lines.iter().filter(|line| !line.is_null()).map(|line| line.as_str().map(str::to_owned)).collect();
                lines.ok_or(Refused::Wrong(path, "must be a list of texts"))?
            }
            _ => return Err(Refused::Wrong(path, "must be a list of one to five texts")),
        };
        if lines.iter().any(|line| line.len() > LONGEST || line.chars().any(char::is_control)) {
            return Err(Refused::Wrong(path, "holds a line that is too long, or control characters"));
        }
        if lines.iter().all(|line| line.trim().is_empty()) { Err(Refused::Missing(path)) } else { Ok(lines) }
    }
}
