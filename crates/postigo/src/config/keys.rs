//! The keys of the configuration, in one list, and what to say about one that is not in it.

use std::ops::Range;

use anyhow::{Result, bail};
use toml::{
    Spanned, Table, Value,
    de::{DeTable, DeValue},
};

/// How the environment variables begin; `__` stands between the parts of a key.
pub const PREFIX: &str = "POSTIGO__";

/// What a key holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Text,
    Number,
    /// `true` or `false`.
    Truth,
    /// Separated by commas in an environment variable.
    List,
    /// Texts under names of the operator's choosing; `name=text` separated by commas in an environment variable.
    Map,
}

/// Every key.
pub const KEYS: &[(&str, Kind)] = &[
    ("database_url", Kind::Text),
    ("master_key_file", Kind::Text),
    ("trusted_proxies", Kind::List),
    ("max_stale_seconds", Kind::Number),
    ("decision_retention_days", Kind::Number),
    ("decision_sample", Kind::Number),
    ("directory_capacity", Kind::Number),
    ("worker_threads", Kind::Number),
    ("log_format", Kind::Text),
    ("sandbox.event_matrix", Kind::Text),
    ("portal.listen", Kind::Text),
    ("portal.public_url", Kind::Text),
    ("portal.certificate", Kind::Text),
    ("portal.private_key", Kind::Text),
    ("portal.support_email", Kind::Text),
    ("portal.support_phone", Kind::Text),
    ("portal.support_hours", Kind::Text),
    ("portal.staff_second_factor", Kind::Truth),
    ("portal.mailbox", Kind::Truth),
    ("portal.staff_sign_on.issuer", Kind::Text),
    ("portal.staff_sign_on.client_id", Kind::Text),
    ("portal.staff_sign_on.client_secret_file", Kind::Text),
    ("portal.staff_sign_on.client_secret", Kind::Text),
    ("portal.staff_sign_on.scopes", Kind::Text),
    ("portal.staff_sign_on.name", Kind::Text),
    ("portal.staff_sign_on.role_claim", Kind::Text),
    ("portal.staff_sign_on.roles", Kind::Map),
    ("portal.staff_sign_on.only", Kind::Truth),
    ("portal.staff_sign_on.second_factor", Kind::Truth),
    ("portal.production_url", Kind::Text),
    ("environments.sandbox.listen", Kind::Text),
    ("environments.sandbox.public_url", Kind::Text),
    ("environments.sandbox.certificate", Kind::Text),
    ("environments.sandbox.private_key", Kind::Text),
    ("environments.production.listen", Kind::Text),
    ("environments.production.public_url", Kind::Text),
    ("environments.production.certificate", Kind::Text),
    ("environments.production.private_key", Kind::Text),
    ("telemetry.listen", Kind::Text),
    ("telemetry.public_url", Kind::Text),
    ("telemetry.certificate", Kind::Text),
    ("telemetry.private_key", Kind::Text),
    ("carrier.listen", Kind::Text),
    ("carrier.certificate", Kind::Text),
    ("carrier.private_key", Kind::Text),
    ("sandbox.webhook_private_addresses", Kind::Truth),
    ("mail.smtp", Kind::Text),
    ("mail.from", Kind::Text),
    ("registration.holders_url", Kind::Text),
    ("registration.holders_token_file", Kind::Text),
    ("registration.messages_url", Kind::Text),
    ("registration.messages_token_file", Kind::Text),
];

/// Refuses keys that are not in the list, naming file, line and the nearest key there is.
///
/// # Errors
/// One line.
pub fn check(name: &str, text: &str) -> Result<()> {
    let table = DeTable::parse(text).map_err(|error| anyhow::anyhow!("{name}:{}: {}", line(text, error.span()), error.message()))?;
    walk(name, text, "", table.get_ref())
}

fn walk(name: &str, text: &str, above: &str, table: &DeTable<'_>) -> Result<()> {
    for (key, value) in table {
        let key: &Spanned<_> = key;
        let path = if above.is_empty() { key.get_ref().to_string() } else { format!("{above}.{}", key.get_ref()) };
        let is_table = KEYS.iter().any(|(known, _)| known.starts_with(&format!("{path}.")));
        match value.get_ref() {
            DeValue::Table(inner) if is_table => walk(name, text, &path, inner)?,
            _ if KEYS.iter().any(|(known, _)| *known == path) => {}
            _ => bail!("{name}:{}: there is no key {path}; {}", line(text, Some(key.span())), suggestion(&path)),
        }
    }
    Ok(())
}

fn suggestion(path: &str) -> String {
    let mut tables: Vec<_> = KEYS.iter().filter_map(|(key, _)| key.rsplit_once('.')).map(|(table, _)| table).collect();
    tables.dedup();
    let nearest = KEYS.iter().map(|(key, _)| *key).chain(tables).max_by(|a, b| {
        let near = |known: &str| strsim::jaro_winkler(known, path);
        near(a).total_cmp(&near(b))
    });
    format!("did you mean {}?", nearest.unwrap_or_default())
}

/// The line, from 1, on which a span begins.
pub fn line(text: &str, span: Option<Range<usize>>) -> usize {
    let at = span.map_or(0, |span| span.start.min(text.len()));
    text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1
}

/// A file that names no listener means all of them; an environment variable then changes one and closes none.
pub fn serve_everything_unless_told(table: &mut Table) {
    if ["portal", "environments", "telemetry"].iter().any(|name| table.contains_key(*name)) {
        return;
    }
    let empty = || Value::Table(Table::new());
    let environments = ["sandbox", "production"].map(|name| (name.to_owned(), empty()));
    table.insert("portal".to_owned(), empty());
    table.insert("environments".to_owned(), Value::Table(Table::from_iter(environments)));
    table.insert("telemetry".to_owned(), empty());
}

/// Sets the key that an environment variable names.
///
/// # Errors
/// When there is no such key, or the value is not of its kind.
pub fn set(table: &mut Table, variable: &str, value: &str) -> Result<()> {
    let path = variable.trim_start_matches(PREFIX).to_ascii_lowercase().replace("__", ".");
    let Some((_, kind)) = KEYS.iter().find(|(known, _)| *known == path) else {
        bail!("environment variable {variable}: there is no key {path}; {}", suggestion(&path));
    };
    let value = match kind {
        Kind::Text => Value::String(value.to_owned()),
        Kind::Number => match value.trim().parse() {
            Ok(number) => Value::Integer(number),
            Err(_) => bail!("environment variable {variable}: {value:?} is not a whole number"),
        },
        Kind::Truth => match value.trim().parse() {
            Ok(truth) => Value::Boolean(truth),
            Err(_) => bail!("environment variable {variable}: {value:?} is neither true nor false"),
        },
        Kind::Map => {
            let pairs = value.split(',').map(str::trim).filter(|part| !part.is_empty()).map(|part| match part.split_once('=') {
                Some((name, text)) => Ok((name.trim().to_owned(), Value::String(text.trim().to_owned()))),
                None => bail!("environment variable {variable}: {part:?} is not of the form name=text"),
            });
            Value::Table(pairs.collect::<Result<_>>()?)
        }
        Kind::List => {
            Value::Array(value.split(',').map(str::trim).filter(|part| !part.is_empty()).map(|part| Value::String(part.into())).collect())
        }
    };
    let mut at = table;
    let mut parts: Vec<_> = path.split('.').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        at = at
            .entry(part)
            .or_insert_with(|| Value::Table(Table::new()))
            .as_table_mut()
            .ok_or_else(|| anyhow::anyhow!("environment variable {variable}: {part} is not a table in the file"))?;
    }
    at.insert(last.to_owned(), value);
    Ok(())
}
