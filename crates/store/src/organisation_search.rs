//! Organisations as the operator's staff look for them: by what they are called, hold, run and who is in them.
//!
//! Names are found by the beginnings of their words, everything else as a whole. Of the words typed the rarest leads, and of what it fits so
//! much is looked at as bounded, so that a word that fits everything costs no more than one that fits little.

use domain::{CustomerType, OrganisationId, Timestamp, contract::Standing};
use serde::Serialize;
use sqlx::FromRow;

use crate::{
    Db, Moment, Result,
    like::pattern,
    organisation_words::{behind, count, words},
    organisations::Organisation,
};

/// How many names that the rarest word fits are looked at.
pub const MOST: i64 = 1000;

/// How many other words the names must hold; more are not looked at.
const OTHERS: usize = 3;

/// The organisations that fit what was typed, with one match for each, the clearest; then the filters.
macro_rules! found {
    () => {
        "found (owner, matched) AS (SELECT owner, MIN(matched) FROM (
            SELECT id AS owner, '1' || id AS matched FROM organisations WHERE id = $2
            UNION ALL SELECT organisation_id, '3' || number FROM contracts WHERE number = $2
            UNION ALL SELECT organisation_id, '4' || client_number FROM contracts WHERE client_number = $2
            UNION ALL SELECT p.organisation_id, '5' || c.id FROM clients c JOIN projects p ON p.id = c.project_id WHERE c.id = $2
            UNION ALL SELECT organisation_id, '6' || id FROM projects WHERE id = $2
            UNION ALL SELECT m.organisation_id, '7' || a.email FROM accounts a JOIN memberships m ON m.account_id = a.id
                WHERE a.email = $3 AND a.deleted_at IS NULL
            UNION ALL SELECT w.organisation_id, CASE w.project_id WHEN '' THEN '2' || n.name ELSE '8' || p.name END
                FROM (SELECT organisation_id, project_id FROM organisation_words WHERE word >= $1 AND word < $9
                    ORDER BY word, organisation_id, project_id LIMIT 1000) AS w
                JOIN organisations n ON n.id = w.organisation_id LEFT JOIN projects p ON p.id = w.project_id
                WHERE COALESCE(p.folded, n.folded) LIKE $10 ESCAPE '!' AND COALESCE(p.folded, n.folded) LIKE $11 ESCAPE '!'
                AND COALESCE(p.folded, n.folded) LIKE $12 ESCAPE '!'
            ) AS every GROUP BY owner)
        SELECT o.id, o.name, o.customer_type, o.status, o.created_at, f.matched
        FROM found f JOIN organisations o ON o.id = f.owner WHERE ($4 = '' OR o.status = $4) AND ($5 = '' OR o.customer_type = $5)"
    };
}

sql! {
    PLACE = "SELECT created_at, folded FROM organisations WHERE id = $1";
    NEWEST = "SELECT id, name, customer_type, status, created_at, '' AS matched FROM organisations
        WHERE ($1 = '' OR status = $1) AND ($2 = '' OR customer_type = $2) AND (created_at, id) < ($3, $4)
        ORDER BY created_at DESC, id DESC LIMIT $5";
    BY_NAME = "SELECT id, name, customer_type, status, created_at, '' AS matched FROM organisations
        WHERE ($1 = '' OR status = $1) AND ($2 = '' OR customer_type = $2) AND (folded, id) > ($3, $4)
        ORDER BY folded, id LIMIT $5";
    FOUND_NEWEST = concat!("WITH ", found!(), " AND (o.created_at, o.id) < ($6, $7) ORDER BY o.created_at DESC, o.id DESC LIMIT $8");
    FOUND_BY_NAME = concat!("WITH ", found!(), " AND (o.folded, o.id) > ($6, $7) ORDER BY o.folded, o.id LIMIT $8");
}

/// In which order organisations are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// The newest first.
    #[default]
    Newest,
    /// By name, whatever its capitals and accents.
    Name,
}

/// Which organisations are wanted.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// What was typed; empty: all.
    pub text: String,
    /// Only in this state.
    pub status: Option<Standing>,
    /// Only of this customer type.
    pub customer_type: Option<CustomerType>,
    /// In which order.
    pub order: Order,
    /// Only those after this one.
    pub after: Option<OrganisationId>,
}

/// An organisation that fits.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Hit {
    /// The organisation.
    #[sqlx(flatten)]
    pub organisation: Organisation,
    /// A digit for the kind of match, and what matched; empty when nothing was typed.
    pub matched: String,
}

/// What of an organisation was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matched {
    /// Its id.
    Id,
    /// Its name.
    Name,
    /// One of its contracts, by its number.
    Contract,
    /// One of its contracts, by the client number on it.
    ClientNumber,
    /// A client of one of its projects.
    Client,
    /// The id of one of its projects.
    ProjectId,
    /// The address of a member.
    Member,
    /// The name of one of its projects.
    Project,
}

impl Hit {
    /// What matched; `None`: nothing was looked for.
    #[must_use]
    pub fn matched(&self) -> Option<(Matched, &str)> {
        let (kind, text) = self.matched.split_at_checked(1)?;
        let kind = match kind {
            "1" => Matched::Id,
            "2" => Matched::Name,
            "3" => Matched::Contract,
            "4" => Matched::ClientNumber,
            "5" => Matched::Client,
            "6" => Matched::ProjectId,
            "7" => Matched::Member,
            _ => Matched::Project,
        };
        Some((kind, text))
    }
}

/// The organisations that fit, at most `limit`, and whether so many fitted that not all were looked at. After one that does not exist there
/// are none.
///
/// # Errors
/// When the database cannot be read.
pub async fn search(db: &Db, search: &Search, limit: i64) -> Result<(Vec<Hit>, bool)> {
    let place: (Moment, String) = match search.after {
        None => (Moment(Timestamp::MAX), String::new()),
        Some(after) => match on_db!(db, on => sqlx::query_as(PLACE).bind(after.to_string()).fetch_optional(on).await)? {
            Some(place) => place,
            None => return Ok((Vec::new(), false)),
        },
    };
    let after = search.after.map(|id| id.to_string()).unwrap_or_default();
    let status = search.status.map_or("", Standing::as_str);
    let customer_type = search.customer_type.map_or("", CustomerType::as_str);
    let text = search.text.trim();
    if text.is_empty() {
        let all = match search.order {
            Order::Newest => on_db!(db, on => sqlx::query_as(NEWEST).bind(status).bind(customer_type).bind(place.0).bind(after).bind(limit)
                .fetch_all(on).await)?,
            Order::Name => on_db!(db, on => sqlx::query_as(BY_NAME).bind(status).bind(customer_type).bind(place.1).bind(after).bind(limit)
                .fetch_all(on).await)?,
        };
        return Ok((all, false));
    }
    let (first, end, others, clipped) = leading(db, text).await?;
    let [one, two, three] = others;
    let address = text.to_lowercase();
    let found = match search.order {
        Order::Newest => {
            on_db!(db, on => sqlx::query_as(FOUND_NEWEST).bind(first).bind(text).bind(address).bind(status).bind(customer_type)
            .bind(place.0).bind(after).bind(limit).bind(end).bind(one).bind(two).bind(three).fetch_all(on).await)?
        }
        Order::Name => on_db!(db, on => sqlx::query_as(FOUND_BY_NAME).bind(first).bind(text).bind(address).bind(status).bind(customer_type)
            .bind(place.1).bind(after).bind(limit).bind(end).bind(one).bind(two).bind(three).fetch_all(on).await)?,
    };
    Ok((found, clipped))
}

/// The range of the rarest word of a text, patterns for others, and whether that range holds more than is looked at.
async fn leading(db: &Db, text: &str) -> Result<(String, String, [String; OTHERS], bool)> {
    let mut typed = words(text);
    // The longest are likely to be the rarest.
    typed.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    typed.dedup();
    typed.truncate(OTHERS + 1);
    let mut others: [String; OTHERS] = std::array::from_fn(|_| "%".to_owned());
    let mut rarest: Option<(i64, usize)> = None;
    for (at, word) in typed.iter().enumerate() {
        let names = count(db, word, MOST + 1).await?;
        if rarest.is_none_or(|(fewest, _)| names < fewest) {
            rarest = Some((names, at));
        }
    }
    // A text without words fits no name.
    let Some((names, at)) = rarest else { return Ok((String::new(), String::new(), others, false)) };
    let first = typed.remove(at);
    for (other, word) in others.iter_mut().zip(&typed) {
        *other = pattern(word);
    }
    Ok((first.clone(), behind(&first), others, names > MOST))
}
