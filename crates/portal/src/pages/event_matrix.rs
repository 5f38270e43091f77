//! The Event Matrix: what may happen to a parcel, to be read and to be kept.

use askama::Template;
use domain::{
    event_matrix::{self, Column, Phase, Row, State, columns},
    folding::folded,
};

use crate::{
    failure::Failure,
    form::Form,
    frame::Frame,
    language::Language,
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "event_matrix.html")]
struct Show<'v> {
    frame: Frame<'v>,
    form: Form,
    phases: Vec<(&'static str, String)>,
    lines: Vec<Line<'v>>,
    all: usize,
    columns: &'static [Column],
}

/// A row as the page shows it.
struct Line<'v> {
    row: &'v Row,
    description: &'v str,
    phase: &'v str,
    summary: &'v str,
    expanded: &'v str,
    is_red: bool,
    state: &'static str,
    is_return: bool,
}

/// `GET /event-matrix`: with `?phase=` and `?q=`, the events of that phase in which all those words occur.
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let language = visit.language;
    let matrix = &visit.portal.settings().matrix;
    let typed = visit.query.text("q");
    let wanted: Vec<_> = folded(&typed[..typed.floor_char_boundary(100)]).split_whitespace().map(str::to_owned).collect();
    let phase: Option<Phase> = visit.query.text("phase").parse().ok();
    let fits = |row: &&Row| {
        let text = || folded(&row.cells(language).map(|cell| cell.as_text().to_owned()).collect::<Vec<_>>().join(" "));
        phase.is_none_or(|phase| row.phase == phase) && (wanted.is_empty() || wanted.iter().all(|word| text().contains(word)))
    };
    let mut phases = vec![("", visit.t("todas", "all").to_owned())];
    phases.extend(Phase::ALL.iter().map(|phase| {
        let names: Vec<_> = phase.names().iter().map(|(spanish, english)| visit.t(spanish, english)).collect();
        (phase.as_str(), format!("{phase}: {}", names.join(", ")))
    }));
    visit.page(&Show {
        frame: visit.frame(visit.t("Matriz de eventos", "Event Matrix")),
        form: Form::with(&[("phase", phase.map_or("", |phase| phase.as_str())), ("q", typed)]),
        phases,
        lines: matrix.rows().iter().filter(fits).map(|row| line(row, language)).collect(),
        all: matrix.rows().len(),
        columns: columns(),
    })
}

fn line(row: &Row, language: Language) -> Line<'_> {
    Line {
        row,
        description: row.description.in_language(language),
        phase: row.phase_name.in_language(language),
        summary: row.summary.in_language(language),
        expanded: row.expanded.in_language(language),
        is_red: row.colour == event_matrix::Colour::Red,
        state: match row.state {
            State::Preregistered => language.pick("prerregistrado", "preregistered"),
            State::InProgress => language.pick("en curso", "in progress"),
            State::Delivered => language.pick("entregado", "delivered"),
            State::Cancelled => language.pick("anulado", "cancelled"),
            State::Returned => language.pick("devuelto", "returned"),
        },
        is_return: row.state == State::Returned,
    }
}

/// `GET /event-matrix.csv`.
pub(crate) async fn csv(visit: &Visit<'_>) -> Outcome {
    let text = visit.portal.settings().matrix.to_csv(visit.language);
    visit.file("text/csv; charset=utf-8", Some(&name(visit, "csv")), text)
}

/// `GET /event-matrix.json`: an array of objects.
pub(crate) async fn json(visit: &Visit<'_>) -> Outcome {
    let value = visit.portal.settings().matrix.to_json(visit.language);
    let text = serde_json::to_string_pretty(&value).map_err(|error| Failure::Broken(error.to_string()))?;
    visit.file("application/json", Some(&name(visit, "json")), text)
}

/// `GET /event-matrix.xlsx`.
pub(crate) async fn xlsx(visit: &Visit<'_>) -> Outcome {
    let sheet = visit.portal.sheets().of(&visit.portal.settings().matrix, visit.language).map_err(Failure::Broken)?;
    visit.file("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Some(&name(visit, "xlsx")), sheet)
}

fn name(visit: &Visit<'_>, ending: &str) -> String {
    format!("{}.{ending}", visit.t("matriz-de-eventos", "event-matrix"))
}
