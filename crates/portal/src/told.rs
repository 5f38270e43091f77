//! An announcement as everybody reads it, on the page of the status and in the console's preview.

use app::{announcements::LONGEST, records::Announcement};
use askama::{Template, filters::HtmlSafe};
use domain::{
    Language, Timestamp,
    announcement::{Kind, Stage},
};

use crate::{
    frame::Moment,
    reference::prose::Prose,
    words::{self, State},
};

/// An announcement in one language.
#[derive(Template)]
#[template(path = "parts/told.html")]
pub(crate) struct Told {
    language: Language,
    id: String,
    /// Whether links may lead to it: once on a page.
    has_anchor: bool,
    kind: State,
    title: String,
    place: &'static str,
    api: String,
    from: Moment,
    to: Option<Moment>,
    is_over: bool,
    /// It was ended before it began.
    called_off: bool,
    text: Prose,
    /// The newest first.
    updates: Vec<(Moment, State, Prose)>,
}

/// Its template escapes every text.
impl HtmlSafe for Told {}

impl Told {
    /// An announcement for readers of a language, as it stands at a moment.
    pub(crate) fn new(one: &Announcement, language: Language, now: Timestamp) -> Self {
        let is_over = one.is_over(now);
        let class = match one.kind {
            _ if is_over => "",
            Kind::Notice => "",
            Kind::Maintenance => "warn",
            Kind::Incident => "wrong",
        };
        let stage = |stage: Stage| State {
            class: if stage == Stage::Resolved { "ok" } else { "" },
            word: words::announcement_stage(stage, language),
        };
        let updates = one.updates.iter().rev();
        Self {
            language,
            id: one.id.to_string(),
            has_anchor: true,
            kind: State { class, word: words::announcement_kind(one.kind, language) },
            title: one.title(language).to_owned(),
            place: words::announcement_place(one.environment(), language),
            api: one.api.clone(),
            from: Moment::new(*one.starts_at, language),
            called_off: one.is_called_off(),
            to: one.ends_at.filter(|end| *end >= one.starts_at).map(|end| Moment::new(*end, language)),
            is_over,
            text: Prose::read(one.text(language), LONGEST),
            updates: updates
                .map(|said| (Moment::new(*said.at, language), stage(said.stage), Prose::read(said.text(language), LONGEST)))
                .collect(),
        }
    }

    /// The same for a page that has it twice.
    pub(crate) fn unnamed(mut self) -> Self {
        self.has_anchor = false;
        self
    }

    fn t<'a>(&self, spanish: &'a str, english: &'a str) -> &'a str {
        self.language.pick(spanish, english)
    }
}
