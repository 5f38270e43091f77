//! The rules of an API: who may ask, who is approved at once, what a call must bring. Saving them makes a draft.

use app::catalogue::{self, Rules};
use askama::Template;
use domain::{
    ApiName, CustomerType,
    api::{AutoApprove, Dialect, PerEnvironment},
};
use http::StatusCode;

use super::{frame, must_publish, named};
use crate::{
    failure::Failure,
    form::Form,
    frame::{Frame, Notice},
    language::Language,
    visit::{Outcome, Visit},
    words,
};

#[derive(Template)]
#[template(path = "console/apis/rules.html")]
struct Show<'v> {
    frame: Frame<'v>,
    form: Form,
    api: String,
    /// The version that the draft will differ from.
    from: i64,
    types: Vec<(&'static str, &'static str)>,
    dialects: Vec<(&'static str, &'static str)>,
}

/// `GET /console/apis/{api}/rules`: as the live version has them, or the newest draft where nothing is live.
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    must_publish(visit).await?;
    let api = named(visit);
    let overview = catalogue::overview(visit.portal.app(), &visit.actor()?, &api).await?;
    let live = overview.live.as_ref().map(|live| live.life.version);
    let from = live.or_else(|| overview.versions.first().map(|version| version.number)).ok_or(Failure::Missing)?;
    let seen = catalogue::version(visit.portal.app(), &visit.actor()?, &api, from).await?;
    page(visit, StatusCode::OK, filled(&Rules::of(&seen.api)), &api, from).await
}

/// `POST /console/apis/{api}/rules`
pub(crate) async fn set(visit: &Visit<'_>) -> Outcome {
    must_publish(visit).await?;
    let (api, mut form) = (named(visit), Form::typed(&visit.form));
    let from: i64 = visit.form.text("from").parse().map_err(|_| Failure::Missing)?;
    let rules = typed(visit, &mut form);
    if let Some(rules) = rules {
        match catalogue::set_rules(visit.portal.app(), &visit.actor()?, &api, from, &rules).await {
            Ok(number) => return visit.redirect_with(&format!("/console/apis/{api}/drafts/{number}"), Notice::Drafted),
            Err(error) => form.refused(error, visit.language)?,
        }
    }
    page(visit, StatusCode::UNPROCESSABLE_ENTITY, form, &api, from).await
}

/// What the form says, or `None` and the form says what is wrong.
fn typed(visit: &Visit<'_>, form: &mut Form) -> Option<Rules> {
    let types = |name| -> Vec<CustomerType> {
        let chosen: Vec<_> = visit.form.all(name).collect();
        CustomerType::ALL.iter().copied().filter(|kind| chosen.contains(&kind.as_str())).collect()
    };
    let approve = |name| match types(name) {
        none if none.is_empty() => AutoApprove::None,
        all if all.len() == CustomerType::ALL.len() => AutoApprove::All,
        some => AutoApprove::Types(some),
    };
    let open_to = types("open_to");
    if open_to.is_empty() {
        form.wrong(
            "open_to",
            visit.t(
                "Elige al menos un tipo; para que no la pida nadie, ponla en desuso.",
                "Choose at least one type; so that nobody asks for it, deprecate it.",
            ),
        );
    }
    let dialect: Option<Dialect> = visit.form.text("dialect").parse().ok();
    if dialect.is_none() {
        form.wrong("dialect", visit.t("Elige una forma.", "Choose a shape."));
    }
    let has = |name| visit.form.all("calls").any(|known| known == name);
    let rules = Rules {
        open_to: (open_to.len() < CustomerType::ALL.len()).then_some(open_to),
        hidden: visit.form.text("hidden") == "yes",
        auto_approve: PerEnvironment { sandbox: approve("sandbox"), production: approve("production") },
        api_credential: has("api_credential"),
        dialect: dialect?,
        token_in_query: has("token_in_query"),
        validate_requests: has("validate_requests"),
    };
    (!form.is_wrong()).then_some(rules)
}

/// A form that begins with these rules.
fn filled(rules: &Rules) -> Form {
    let mut values = vec![("dialect", rules.dialect.as_str())];
    let all = CustomerType::ALL;
    let open_to = rules.open_to.as_deref().unwrap_or(all);
    values.extend(open_to.iter().map(|kind| ("open_to", kind.as_str())));
    for (name, approve) in [("sandbox", &rules.auto_approve.sandbox), ("production", &rules.auto_approve.production)] {
        values.extend(all.iter().filter(|kind| approve.approves(**kind)).map(|kind| (name, kind.as_str())));
    }
    let calls = [
        ("api_credential", rules.api_credential),
        ("token_in_query", rules.token_in_query),
        ("validate_requests", rules.validate_requests),
    ];
    values.extend(calls.iter().filter(|(_, on)| *on).map(|(name, _)| ("calls", *name)));
    if rules.hidden {
        values.push(("hidden", "yes"));
    }
    Form::with(&values)
}

async fn page(visit: &Visit<'_>, status: StatusCode, form: Form, api: &ApiName, from: i64) -> Outcome {
    let title = match visit.language {
        Language::Spanish => format!("Reglas de {api}"),
        Language::English => format!("Rules of {api}"),
    };
    let (frame, _) = frame(visit, title).await?;
    let types = CustomerType::ALL.iter().map(|kind| (kind.as_str(), words::customer_type(*kind, visit.language)));
    let dialects = Dialect::ALL.iter().map(|dialect| (dialect.as_str(), words::dialect(*dialect, visit.language)));
    let show = Show { frame, form, api: api.to_string(), from, types: types.collect(), dialects: dialects.collect() };
    visit.page_with(status, &show)
}
