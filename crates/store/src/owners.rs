//! Whose things a list is of: of organisations that somebody names by a part of what they are called.
//!
//! Few organisations are found once, by reading every name there is, and what they have is found from them; what many have is found on the way
//! through all that there is. A list and its count are asked with the same.

use domain::folding::folded;

use crate::{Db, Result, like::pattern};

/// How many organisations are few.
const FEW: i64 = 1000;

sql! {
    CALLED = "SELECT id FROM organisations WHERE folded LIKE $1 ESCAPE '!' LIMIT $2";
}

/// The ids that stand in the list `$n`, as a table `these`.
macro_rules! these {
    (sqlite, $list:literal) => {
        concat!("these (id) AS (SELECT value FROM json_each(", $list, "))")
    };
    (postgres, $list:literal) => {
        concat!("these (id) AS (SELECT json_array_elements_text(CAST(", $list, " AS json)))")
    };
}

pub(crate) use these;

/// Whose things are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Owners {
    /// Anybody's.
    #[default]
    Anybody,
    /// Of the many whose folded names are like this pattern.
    Many(String),
    /// Of the few that stand in this JSON list of their ids.
    Few(String),
    /// Of none: no organisation is called so.
    Nobody,
}

impl Owners {
    /// Those with this in their name, whatever its capitals and accents; empty: anybody.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn called(db: &Db, text: &str) -> Result<Self> {
        let like = pattern(&folded(text));
        if like == "%%" {
            return Ok(Self::Anybody);
        }
        let found: Vec<(String,)> = on_db!(db, on => sqlx::query_as(CALLED).bind(&like).bind(FEW + 1).fetch_all(on).await)?;
        let ids: Vec<String> = found.into_iter().map(|(id,)| id).collect();
        Ok(match i64::try_from(ids.len()) {
            Ok(0) => Self::Nobody,
            Ok(1..=FEW) => Self::Few(serde_json::to_string(&ids).unwrap_or_default()),
            _ => Self::Many(like),
        })
    }

    /// What a statement is told of them: the list of the few, or a pattern that the names of the others fit.
    pub(crate) fn told(&self) -> &str {
        match self {
            Self::Anybody | Self::Nobody => "%%",
            Self::Many(like) => like,
            Self::Few(ids) => ids,
        }
    }
}
