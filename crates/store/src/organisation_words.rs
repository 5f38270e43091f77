//! The words of the names of organisations and of their projects, so that a word, or the beginning of one, finds whose it is without reading
//! every name there is. Kept by whoever writes a name, in the same transaction.

use domain::{OrganisationId, ProjectId, folding::folded};

use crate::{Db, Result, Tx};

/// How many words of a name are kept; a name has at most 120 characters.
const MOST: usize = 40;

/// How many characters of a word.
const LONGEST: usize = 40;

sql! {
    FORGET = "DELETE FROM organisation_words WHERE organisation_id = $1 AND project_id = ''";
    KEEP = "INSERT INTO organisation_words (word, organisation_id, project_id) VALUES ($1, $2, '') ON CONFLICT DO NOTHING";
    FORGET_PROJECT = "DELETE FROM organisation_words WHERE project_id = $1 AND organisation_id = (SELECT organisation_id FROM projects WHERE id = $1)";
    KEEP_PROJECT = "INSERT INTO organisation_words (word, organisation_id, project_id) SELECT CAST($1 AS TEXT), organisation_id, id FROM projects
        WHERE id = $2 ON CONFLICT DO NOTHING";
    COUNT = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM organisation_words WHERE word >= $1 AND word < $2 LIMIT $3) AS counted";
}

/// The words of a text, as they are kept and looked for.
pub(crate) fn words(text: &str) -> Vec<String> {
    let folded = folded(text);
    let words = folded.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty());
    words.take(MOST).map(|word| word.chars().take(LONGEST).collect()).collect()
}

/// Behind every word that begins with this one.
pub(crate) fn behind(word: &str) -> String {
    format!("{word}\u{10ffff}")
}

/// Keeps the words of an organisation's name in the place of what was kept.
pub(crate) async fn of_organisation(tx: &mut Tx, id: OrganisationId, name: &str) -> Result<()> {
    on_tx!(tx, on => sqlx::query(FORGET).bind(id.to_string()).execute(on).await.map(drop))?;
    for word in words(name) {
        on_tx!(tx, on => sqlx::query(KEEP).bind(word).bind(id.to_string()).execute(on).await.map(drop))?;
    }
    Ok(())
}

/// Keeps the words of a project's name in the place of what was kept.
pub(crate) async fn of_project(tx: &mut Tx, id: ProjectId, name: &str) -> Result<()> {
    on_tx!(tx, on => sqlx::query(FORGET_PROJECT).bind(id.to_string()).execute(on).await.map(drop))?;
    for word in words(name) {
        on_tx!(tx, on => sqlx::query(KEEP_PROJECT).bind(word).bind(id.to_string()).execute(on).await.map(drop))?;
    }
    Ok(())
}

/// How many names have a word that begins with this one, counted up to `most`.
pub(crate) async fn count(db: &Db, word: &str, most: i64) -> Result<i64> {
    Ok(on_db!(db, on => sqlx::query_scalar(COUNT).bind(word).bind(behind(word)).bind(most).fetch_one(on).await)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_cut_where_a_word_ends() {
        assert_eq!(words(" Envíos-Unidos, S.L. (2.ª) "), ["envios", "unidos", "s", "l", "2", "ª"]);
        assert!(words(" ... ").is_empty());
        assert!(*"envio" < *behind("env") && *behind("env") < *"eo");
    }
}
