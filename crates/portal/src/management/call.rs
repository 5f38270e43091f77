//! One call of an operation, read and checked: what the noun's functions work with.

use app::{Actor, App};
use domain::{ClientId, Timestamp};
use http::{HeaderMap, StatusCode, header::IF_MATCH, header::IF_NONE_MATCH};
use serde_json::{Map, Value, json};

use super::{
    answer::{Answer, etag},
    problem::Problem,
    schema::Wrong,
    table::Operation,
};
use crate::Portal;

/// What every operation answers.
pub(crate) type Outcome = Result<Answer, Problem>;

/// How many things a page has when the caller does not say, and at most.
pub(crate) const PAGE: i64 = 50;
pub(crate) const LONGEST_PAGE: i64 = 200;

/// A call whose token, parameters and body are right.
pub(crate) struct Call {
    pub(crate) portal: Portal,
    pub(crate) operation: &'static Operation,
    /// The client, with the one duty that this operation's scope stands for.
    pub(crate) actor: Actor,
    pub(crate) client: ClientId,
    pub(crate) headers: HeaderMap,
    /// The path below the portal's address, as it was asked for.
    pub(crate) path: String,
    pub(crate) segments: Vec<(String, String)>,
    pub(crate) query: Vec<(String, String)>,
    /// The body; `null` when there is none.
    pub(crate) body: Value,
}

impl Call {
    pub(crate) fn app(&self) -> &App {
        self.portal.app()
    }

    /// The open segment of that name as an id; what is no id is not found.
    pub(crate) fn id<T: std::str::FromStr>(&self, name: &str) -> Result<T, Problem> {
        self.segment(name).parse().map_err(|_| Problem::not_found())
    }

    pub(crate) fn segment(&self, name: &str) -> &str {
        self.segments.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The parameter of that name; empty when it is not there.
    pub(crate) fn parameter(&self, name: &str) -> &str {
        self.query.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// A parameter whose values are words of ours, checked already.
    pub(crate) fn word<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.parameter(name).parse().ok()
    }

    /// How many things the caller wants on a page.
    pub(crate) fn limit(&self) -> i64 {
        self.parameter("limit").parse().unwrap_or(PAGE).clamp(1, LONGEST_PAGE)
    }

    /// Where the page begins, as whatever its cursors are.
    pub(crate) fn after<T: std::str::FromStr>(&self) -> Result<Option<T>, Problem> {
        match self.parameter("after") {
            "" => Ok(None),
            cursor => cursor.parse().map(Some).map_err(|_| wrong_cursor()),
        }
    }

    /// A text of the body; empty when it is not there.
    pub(crate) fn text(&self, member: &str) -> &str {
        self.body.get(member).and_then(Value::as_str).unwrap_or_default()
    }

    /// A text of the body that may be left out.
    pub(crate) fn optional(&self, member: &str) -> Option<&str> {
        self.body.get(member).and_then(Value::as_str)
    }

    /// A member of the body whose values are words of ours, checked already.
    pub(crate) fn choice<T: std::str::FromStr>(&self, member: &str) -> Result<T, Problem> {
        self.text(member).parse().map_err(|_| {
            let wrong = Wrong::new(format!("/{member}"), "no es una de las palabras posibles", "is not one of the words it may be");
            Problem::body(vec![wrong])
        })
    }

    /// A number of the body that may be left out.
    pub(crate) fn number(&self, member: &str) -> Option<u32> {
        u32::try_from(self.body.get(member).and_then(whole)?).ok()
    }

    /// A count of changes in the body, checked already.
    pub(crate) fn count(&self, member: &str) -> i64 {
        self.body.get(member).and_then(whole).unwrap_or_default()
    }

    /// Whether a member of the body that may be left out is there and true.
    pub(crate) fn flag(&self, member: &str) -> bool {
        self.body.get(member).and_then(Value::as_bool).unwrap_or_default()
    }

    /// A moment of the body that may be left out.
    pub(crate) fn moment(&self, member: &str) -> Result<Option<Timestamp>, Problem> {
        let moment = self.optional(member).map(str::parse).transpose();
        moment.map_err(|_| {
            let wrong = Wrong::new(
                format!("/{member}"),
                "no es un momento: escribe, por ejemplo, 2027-01-01T00:00:00Z",
                "is no moment: write 2027-01-01T00:00:00Z, for example",
            );
            Problem::body(vec![wrong])
        })
    }

    /// Lets a change through only when the caller saw the thing as it stands now (RFC 9110, section 13.1.1).
    pub(crate) fn must_match(&self, present: &Value) -> Result<(), Problem> {
        let wants_none = self.wants_none()?;
        match self.tags()? {
            None if !wants_none => Err(required()),
            // It is there: whatever else is wanted, this is not so.
            _ if wants_none => Err(Problem::new(
                StatusCode::PRECONDITION_FAILED,
                "precondition-failed",
                "Ya existe: para cambiarlo, léelo y envía su ETag en If-Match.",
                "It exists already: to change it, read it and send its ETag in If-Match.",
            )),
            Some(tags) if tags.iter().any(|tag| *tag == "*" || *tag == etag(present)) => Ok(()),
            _ => Err(Problem::changed()),
        }
    }

    /// Lets something be made only when the caller knows that there is none (RFC 9110, section 13.1.2).
    pub(crate) fn must_be_new(&self) -> Result<(), Problem> {
        let wants_none = self.wants_none()?;
        match self.tags()? {
            // It is not there: whatever else is wanted, this is not so.
            Some(_) => Err(Problem::new(
                StatusCode::PRECONDITION_FAILED,
                "precondition-failed",
                "No existe, así que no puede estar como dice If-Match: para crearlo envía If-None-Match: *.",
                "It does not exist, so it cannot be as If-Match says: to make it, send If-None-Match: *.",
            )),
            None if wants_none => Ok(()),
            None => Err(Problem::new(
                StatusCode::PRECONDITION_REQUIRED,
                "precondition-required",
                "No existe: para crearlo envía If-None-Match: *, que no pisa lo que otra persona cree entretanto.",
                "It does not exist: to make it, send If-None-Match: *, which overwrites nothing somebody makes in the meantime.",
            )),
        }
    }

    /// The tags of `If-Match`; `None`: it was not sent.
    fn tags(&self) -> Result<Option<Vec<&str>>, Problem> {
        let Some(wanted) = self.headers.get(IF_MATCH) else { return Ok(None) };
        let tags: Vec<&str> = wanted.to_str().unwrap_or_default().split(',').map(str::trim).collect();
        if tags.iter().all(|tag| *tag == "*" || is_tag(tag)) {
            return Ok(Some(tags));
        }
        Err(Problem::parameter("If-Match", "Envía el ETag tal como llegó, con sus comillas.", "send the ETag as it came, with its quotes"))
    }

    /// `If-None-Match` asks here whether there is anything at all; a tag in it would ask what nobody needs to know who writes.
    fn wants_none(&self) -> Result<bool, Problem> {
        match self.headers.get(IF_NONE_MATCH).map(|value| value.as_bytes()) {
            None => Ok(false),
            Some(b"*") => Ok(true),
            Some(_) => {
                Err(Problem::parameter("If-None-Match", "Aquí solo vale un asterisco: *.", "an asterisk alone, *, means something here"))
            }
        }
    }

    /// A page of things whose use case was asked for one more than the page holds. The cursor is a member of the last one.
    pub(crate) fn page(&self, mut rows: Vec<Value>, cursor: &str) -> Answer {
        let limit = usize::try_from(self.limit()).unwrap_or(0);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|row| match &row[cursor] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        });
        self.page_with(rows, next)
    }

    /// A page that knows where the next begins.
    pub(crate) fn page_with(&self, rows: Vec<Value>, next: Option<String>) -> Answer {
        let link = next.as_ref().map(|next| {
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.extend_pairs(self.query.iter().filter(|(name, _)| name != "after")).append_pair("after", next);
            format!("<{}{}?{}>; rel=\"next\"", self.portal.settings().public_url, self.path, query.finish())
        });
        Answer { link, ..Answer::of(StatusCode::OK, json!({"items": rows, "next": next})) }
    }

    /// A page of things that are all at hand, in their order. The cursor is a member that no two of them share.
    pub(crate) fn page_of(&self, all: Vec<Value>, cursor: &str) -> Outcome {
        self.page_by(all, |row| row[cursor].as_str().unwrap_or_default().to_owned())
    }

    /// The same where the cursor is made of several members.
    pub(crate) fn page_by(&self, all: Vec<Value>, cursor: impl Fn(&Value) -> String) -> Outcome {
        let mut rest = all;
        let after = self.parameter("after");
        if !after.is_empty() {
            let at = rest.iter().position(|row| cursor(row) == after).ok_or_else(wrong_cursor)?;
            rest.drain(..=at);
        }
        let limit = usize::try_from(self.limit()).unwrap_or(0);
        let more = rest.len() > limit;
        rest.truncate(limit);
        let next = rest.last().filter(|_| more).map(cursor);
        Ok(self.page_with(rest, next))
    }

    /// Something that was made; `path` is below `/api/v1`.
    pub(crate) fn made(&self, path: &str, thing: Value) -> Answer {
        let location = format!("{}{}{path}", self.portal.settings().public_url, super::ROOT);
        Answer { location: Some(location), ..Answer::of(StatusCode::CREATED, thing) }
    }
}

/// Whether a text is an entity tag (RFC 9110, section 8.8.3). A weak one is, and matches nothing.
fn is_tag(text: &str) -> bool {
    let quoted = text.strip_prefix("W/").unwrap_or(text);
    let inside = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inside.is_some_and(|inside| inside.bytes().all(|byte| byte != b'"' && (byte == 0x21 || (0x23..=0x7e).contains(&byte))))
}

fn wrong_cursor() -> Problem {
    Problem::parameter("after", "Tómalo de «next» en la página anterior.", "take it from \"next\" of the page before")
}

fn required() -> Problem {
    Problem::new(
        StatusCode::PRECONDITION_REQUIRED,
        "precondition-required",
        "Lee primero lo que vas a cambiar y envía su ETag en If-Match, para no pisar lo que cambie otra persona.",
        "Read first what you are about to change and send its ETag in If-Match, so that nobody's change is overwritten.",
    )
}

/// The parameters of a call, when each is one of the operation's, comes once and has a value it may have.
pub(crate) fn parameters(operation: &Operation, query: &str) -> Result<Vec<(String, String)>, Problem> {
    let mut found: Vec<(String, String)> = Vec::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let Some(parameter) = operation.query.iter().find(|parameter| parameter.name == name) else {
            let known: Vec<_> = operation.query.iter().map(|parameter| parameter.name).collect();
            let known = if known.is_empty() { "-".to_owned() } else { known.join(", ") };
            let name: String = name.chars().take(64).collect();
            return Err(Problem::parameter(
                name,
                format!("Esta operación no tiene ese parámetro; tiene: {known}."),
                format!("this operation has no such parameter; it has: {known}"),
            ));
        };
        if found.iter().any(|(known, _)| *known == name) {
            return Err(Problem::parameter(parameter.name, "Envíalo una sola vez.", "send it once"));
        }
        if !parameter.kind.admits(&value) {
            let shape = parameter.kind.schema();
            return Err(Problem::parameter(
                parameter.name,
                format!("El valor no vale; el esquema es {shape}."),
                format!("the value cannot be used; its schema is {shape}"),
            ));
        }
        found.push((name.into_owned(), value.into_owned()));
    }
    Ok(found)
}

/// A number without a fraction, however it is written: `600.0` is an integer too (JSON Schema 2020-12, section 4.2.3).
fn whole(value: &Value) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "it has no fraction and lies between bounds that both types have")]
    let of = |number: f64| (number.fract() == 0.0 && number.abs() < 9e15).then_some(number as i64);
    value.as_i64().or_else(|| value.as_f64().and_then(of))
}

/// A record as the body of an answer.
pub(crate) fn written(record: &impl serde::Serialize) -> Result<Value, Problem> {
    serde_json::to_value(record).map_err(|error| Problem::ours(&error))
}

/// Puts a member in the place of what stands there.
pub(crate) fn with(mut thing: Value, members: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    if let Value::Object(map) = &mut thing {
        map.extend(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>());
    }
    thing
}

/// A list of words, as text with spaces has them.
pub(crate) fn words(text: &str) -> Value {
    text.split(' ').filter(|word| !word.is_empty()).collect()
}
