//! Versions of the usage policies as files: a list of them, and beside it their texts. A version that is published does not change any more, so
//! that files only ever add one.

use domain::{Language, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{
    Moment, Tx,
    policies::{self as stored, Policies},
};

use super::{Draft, FIRST, blank, changed_meanwhile, checked};
use crate::{
    Actor, App, Error, Result,
    catalogue::{Change, Document, Kind},
    circulars,
};

/// The file that the list is written to, and the folder of the texts.
const LIST: &str = "policies.yaml";
const FOLDER: &str = "policies";

/// What a text is: its ending, and where it stands in a version.
const TEXTS: &[(&str, Text)] = &[
    ("es.md", Text::Whole(Language::Spanish)),
    ("en.md", Text::Whole(Language::English)),
    ("changes.es.md", Text::Changes(Language::Spanish)),
    ("changes.en.md", Text::Changes(Language::English)),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Text {
    Whole(Language),
    Changes(Language),
}

impl Text {
    fn of(self, policies: &Policies) -> &str {
        match self {
            Self::Whole(language) => policies.text(language),
            Self::Changes(language) => policies.changed(language),
        }
    }

    /// The member of a draft.
    fn of_draft(self, draft: &mut Draft) -> (&'static str, &mut String) {
        match self {
            Self::Whole(Language::Spanish) => ("spanish", &mut draft.spanish),
            Self::Whole(Language::English) => ("english", &mut draft.english),
            Self::Changes(Language::Spanish) => ("changed_spanish", &mut draft.changed_spanish),
            Self::Changes(Language::English) => ("changed_english", &mut draft.changed_english),
        }
    }
}

/// A version as the list has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    version: String,
    in_force_at: Option<String>,
}

/// A version as the files have it.
pub(crate) struct Listed {
    draft: Draft,
    /// As its texts were written, with their files.
    texts: Vec<(Text, String, String)>,
    in_force_at: Option<Timestamp>,
    /// Its place in the list.
    at: String,
}

/// A version that the files add.
pub(crate) struct Addition {
    draft: Draft,
    /// `None`: from now on.
    in_force_at: Option<Timestamp>,
    /// The draft of its name that waits.
    before: Option<Policies>,
}

fn file(version: &str, ending: &str) -> String {
    format!("{FOLDER}/{version}.{ending}")
}

/// Every published version but the one that a house begins with, which is the program's own.
pub(crate) async fn export(app: &App) -> Result<Vec<Document>> {
    let mut all: Vec<Policies> = stored::all(app.db()).await?;
    all.retain(|policies| policies.in_force_at.is_some() && policies.version != FIRST);
    if all.is_empty() {
        return Ok(Vec::new());
    }
    all.sort_by_key(|policies| policies.in_force_at);
    let list: Vec<Value> = all.iter().map(|policies| json!({"version": policies.version, "in_force_at": policies.in_force_at})).collect();
    let mut documents = vec![Document { file: LIST.to_owned(), content: json!({"policies": list}) }];
    for policies in &all {
        for (ending, text) in TEXTS.iter().map(|(ending, text)| (ending, text.of(policies))).filter(|(_, text)| !text.is_empty()) {
            documents.push(Document { file: file(&policies.version, ending), content: format!("{text}\n").into() });
        }
    }
    Ok(documents)
}

/// Reads lists and texts; every fault goes to `faults`.
pub(crate) fn read(documents: &[&Document], faults: &mut Vec<String>) -> Vec<Listed> {
    let mut listed: Vec<Listed> = Vec::new();
    for document in documents.iter().filter(|document| document.content.is_object()) {
        let name = &document.file;
        for member in document.content.as_object().into_iter().flat_map(|members| members.keys()).filter(|member| *member != "policies") {
            faults.push(format!("{name}: /{member}: is not known beside `policies`"));
        }
        let Some(entries) = document.content["policies"].as_array() else {
            faults.push(format!("{name}: /policies: must be a list"));
            continue;
        };
        for (i, entry) in entries.iter().enumerate() {
            let at = format!("{name}: /policies/{i}");
            match one(entry, at, documents, faults) {
                Some(version) if listed.iter().any(|known| known.draft.version == version.draft.version) => {
                    faults.push(format!("{}/version: {} is there twice", version.at, version.draft.version));
                }
                Some(version) => listed.push(version),
                None => {}
            }
        }
    }
    let known = |name: &str| listed.iter().any(|version| version.texts.iter().any(|(_, file, _)| file == name));
    let stray = documents.iter().filter(|document| document.content.is_string() && !known(&document.file));
    // Of a version with faults of its own nothing more is said.
    let stray: Vec<String> = stray.map(|document| format!("{}: is the text of no version in {LIST}", document.file)).collect();
    if faults.is_empty() {
        faults.extend(stray);
    }
    for (i, version) in listed.iter().enumerate() {
        if i > 0 && listed[i - 1].in_force_at.is_none_or(|before| version.in_force_at.is_some_and(|from| from <= before)) {
            faults.push(format!(
                "{}/in_force_at: must come after that of the version before it in the list, which must have one",
                version.at
            ));
        }
    }
    listed
}

fn one(entry: &Value, at: String, documents: &[&Document], faults: &mut Vec<String>) -> Option<Listed> {
    let entry = Entry::deserialize(entry).map_err(|error| faults.push(format!("{at}: {error}"))).ok()?;
    let Ok(in_force_at) = entry.in_force_at.as_deref().map(str::parse::<Timestamp>).transpose() else {
        faults.push(format!("{at}/in_force_at: is no moment: write \"2027-01-01T00:00:00Z\", for example"));
        return None;
    };
    let mut draft = Draft { version: entry.version, ..Draft::default() };
    let mut texts = Vec::new();
    for (ending, text) in TEXTS {
        let name = file(&draft.version, ending);
        let written = documents.iter().find(|document| document.file == name).and_then(|document| document.content.as_str());
        if let Some(written) = written {
            written.clone_into(text.of_draft(&mut draft).1);
        } else if matches!(text, Text::Whole(_)) {
            faults.push(format!("{at}: its text {name} is missing"));
            return None;
        }
        texts.push((*text, name, written.unwrap_or_default().to_owned()));
    }
    match checked(&draft) {
        Ok(draft) => Some(Listed { draft, texts, in_force_at, at }),
        Err(Error::Invalid { field, mend }) => {
            let mut probe = Draft::default();
            let place = texts.iter().find(|(text, ..)| text.of_draft(&mut probe).0 == field);
            faults.push(format!("{}: {}", place.map_or_else(|| format!("{at}/{field}"), |(_, name, _)| name.clone()), mend.english));
            None
        }
        Err(error) => {
            faults.push(format!("{at}: {error}"));
            None
        }
    }
}

/// What the files add to the versions that are there. What is there already must say the same: a text of another wording is a fault with its
/// file and line.
pub(crate) fn compare(present: &[Policies], listed: Vec<Listed>, now: Timestamp, faults: &mut Vec<String>) -> Vec<(Change, Addition)> {
    let is_past = |version: &Listed| version.in_force_at.is_none_or(|from| from <= now);
    // Of what would be in force already only the last can be: those before it are the past of another house.
    let current = listed.iter().rposition(is_past);
    let mut last = present.iter().filter_map(|policies| Some((policies.in_force_at?, policies.version.clone()))).max();
    let mut additions = Vec::new();
    for (i, version) in listed.into_iter().enumerate() {
        let known = present.iter().find(|policies| policies.version == version.draft.version);
        if let Some(published) = known.filter(|policies| policies.in_force_at.is_some()) {
            differences(published, &version, now, faults);
            continue;
        }
        if is_past(&version) && current != Some(i) {
            continue;
        }
        let in_force_at = version.in_force_at.filter(|from| *from > now);
        let from = Moment(in_force_at.unwrap_or(now));
        if let Some((after, name)) = last.as_ref().filter(|(after, _)| from <= *after) {
            faults.push(format!("{}/in_force_at: must come after {after}, when version {name} comes into force", version.at));
            continue;
        }
        last = Some((from, version.draft.version.clone()));
        let told = in_force_at.map_or_else(|| "+ in force from now on".to_owned(), |from| format!("+ in force from {from}"));
        let change = Change::new(Kind::Policies, "add", &version.draft.version, vec![told]);
        additions.push((change, Addition { draft: version.draft, in_force_at, before: known.cloned() }));
    }
    additions
}

fn differences(published: &Policies, version: &Listed, now: Timestamp, faults: &mut Vec<String>) {
    for (text, name, written) in &version.texts {
        if let Some(line) = differing_line(written, text.of(published)) {
            faults.push(format!(
                "{name}:{line}: version {} is published and does not change any more; put its text back, and write another version",
                published.version
            ));
        }
    }
    // When something came into force is each house's own; what is announced is.
    let to_come = published.in_force_at.filter(|from| from.0 > now);
    if let (Some(from), Some(wanted)) = (to_come, version.in_force_at)
        && from.0 != wanted
    {
        faults.push(format!("{}/in_force_at: version {} is announced for {from}, and that stays", version.at, published.version));
    }
}

/// The first line of a file, counted from one, that a text does not have there.
fn differing_line(written: &str, kept: &str) -> Option<usize> {
    let skipped = written[..written.len() - written.trim_start().len()].matches('\n').count();
    let (own, kept): (Vec<&str>, Vec<&str>) = (written.trim().lines().collect(), kept.lines().collect());
    let differs = (0..own.len().max(kept.len())).find(|line| own.get(*line) != kept.get(*line))?;
    Some(skipped + differs + 1)
}

/// Publishes a version in the transaction of whatever else the files change.
pub(crate) async fn add(app: &App, tx: &mut Tx, actor: &Actor, addition: &Addition) -> Result<()> {
    let (now, draft) = (app.moment(), &addition.draft);
    let from = addition.in_force_at.map_or(now, |from| Moment(from).max(now));
    stored::hold(tx).await?;
    let before = addition.before.clone().unwrap_or_else(|| blank(app, actor, &draft.version));
    let mut policies = draft.clone().over(before);
    let (written, revision) = match addition.before {
        Some(_) => (stored::change(tx, &policies).await?, policies.revision + 1),
        None => (stored::insert(tx, &policies).await?, policies.revision),
    };
    let published = written && stored::publish(tx, &policies.version, revision, now, &actor.to_string(), from).await.or_else(taken)?;
    if !published {
        return Err(changed_meanwhile());
    }
    (policies.published_at, policies.published_by, policies.in_force_at) = (Some(now), Some(actor.to_string()), Some(from));
    circulars::begin(app, tx, &circulars::About::Policies(&policies)).await
}

/// Another version comes into force at the same moment.
fn taken(error: store::Error) -> Result<bool> {
    match error {
        store::Error::Taken(_) => Ok(false),
        error => Err(error.into()),
    }
}
