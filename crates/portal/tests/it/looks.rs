//! Staff on the pages of an organisation's members: they say first what for, and only look.

use app::organisations::{self, LOOK};
use domain::role::{Role, Staff};
use http::StatusCode;
use portal::routes::{Audience, ROUTES, Verb};
use store::{Moment, testkit};

use crate::{
    desk::{Browser, Desk},
    projects::first_call::next,
    routes::stage::{Stage, Who},
};

const BOSS: Who = Who::Staff(Staff::Administrator);

async fn staff(desk: &Desk, role: Staff) -> Browser {
    desk.signed_in(&format!("{role}@carrier.example"), Some(role)).await
}

#[test]
fn whatever_belongs_to_an_organisation_is_its_members() {
    let theirs = |path: &str| path.starts_with("/organisations/{organisation}") || path.starts_with("/projects/{project}");
    for route in ROUTES {
        assert_eq!(route.audience == Audience::Member, theirs(route.path), "{}", route.path);
    }
}

/// What the console itself shows of a project takes no reason: whoever adds to it says here that it should not.
#[test]
fn what_staff_see_of_a_project_without_a_reason_is_named() {
    let named = ["/grants/{grant}/revoke", "/customer-keys"];
    for route in ROUTES {
        let rest = route.path.strip_prefix("/console/projects/{project}");
        assert!(rest.is_none_or(|rest| named.iter().any(|named| rest.starts_with(named))), "{}", route.path);
    }
}

#[tokio::test]
async fn no_page_of_members_is_shown_to_staff_who_have_not_said_what_for_and_no_form_is_taken_from_them() {
    let test = testkit::sqlite().await;
    let mut stage = Stage::set(&test).await;
    let console = stage.names.fill("/console/organisations/{organisation}");
    let mut tried = 0;
    for route in ROUTES.iter().filter(|route| route.audience == Audience::Member) {
        let path = stage.names.fill(route.path);
        let answer = stage.ask(BOSS, route.verb, &path).await;
        match route.verb {
            Verb::Get => {
                // What is no page leads to one that is.
                let page = path.strip_suffix(".csv").or_else(|| path.strip_suffix("/light")).unwrap_or(&path);
                assert_eq!(answer.location(), format!("{console}?next={}#look", page.replace('/', "%2F")), "{path}");
                assert_eq!(answer.page, "", "{path}");
            }
            Verb::Post => {
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
                assert!(answer.page.contains("staff only look at it") && answer.page.contains(&console), "{path}: {}", answer.page);
            }
        }
        tried += 1;
    }
    assert!(tried > 70, "{tried}");
}

#[tokio::test]
async fn what_for_is_asked_on_the_way_and_leads_on_to_where_they_were_going() {
    let test = testkit::sqlite().await;
    let desk = Desk::open_to_staff(&test).await;
    let founded = desk.founded("Librería").await;
    let mut vera = staff(&desk, Staff::Viewer).await;
    let wanted = format!("/projects/{}/decisions?outcome=refused", founded.first.project.id);
    let asked = vera.get(&wanted).await.location().to_owned();
    let page = vera.get(asked.split('#').next().expect("a page")).await.page;
    assert!(page.contains("<details id=\"look\" open>") && page.contains(&format!("name=\"next\" value=\"{wanted}\"")), "{page}");
    let look = format!("/console/organisations/{}/look", founded.organisation.id);
    let unsaid = vera.post(&look, &[("reason", " "), ("next", &wanted)]).await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unsaid.page.contains(&format!("name=\"next\" value=\"{wanted}\"")), "{}", unsaid.page);
    let noted = vera.post(&look, &[("reason", "ticket 7"), ("next", &wanted)]).await;
    assert_eq!(noted.location(), format!("{wanted}&done=look-noted"));
    assert_eq!(vera.get(noted.location()).await.status, StatusCode::OK);
    let mut sara = staff(&desk, Staff::Support).await;
    let path = format!("/projects/{}/decisions", founded.first.project.id);
    let long = sara.get(&format!("{path}?outcome={}", "x".repeat(600))).await;
    assert!(long.location().ends_with(&format!("?next={}#look", path.replace('/', "%2F"))), "the page at least: {}", long.location());
    for elsewhere in ["https://evil.example/", "//evil.example", "/\\evil.example", "/account"] {
        let noted = vera.post(&look, &[("reason", "ticket 7"), ("next", elsewhere)]).await;
        assert_eq!(noted.location(), format!("/organisations/{}?done=look-noted", founded.organisation.id), "{elsewhere}");
    }
}

#[tokio::test]
async fn a_reason_opens_one_organisation_to_one_person_for_half_an_hour() {
    let test = testkit::sqlite().await;
    let desk = Desk::open_to_staff(&test).await;
    let (founded, other) = (desk.founded("Librería").await, desk.founded("Papelería").await);
    let (mut vera, mut sara) = (staff(&desk, Staff::Viewer).await, staff(&desk, Staff::Support).await);
    let page = |id| format!("/organisations/{id}");
    let (theirs, others) = (page(founded.organisation.id), page(other.organisation.id));
    let project = format!("/projects/{}", founded.first.project.id);
    let look = format!("/console{theirs}/look");
    vera.post(&look, &[("reason", "ticket 7")]).await;
    for path in [&theirs, &project] {
        assert_eq!(vera.get(path).await.status, StatusCode::OK, "{path}");
        assert_eq!(sara.get(path).await.status, StatusCode::SEE_OTHER, "somebody else's reason: {path}");
    }
    assert_eq!(vera.get(&others).await.status, StatusCode::SEE_OTHER, "a reason for another organisation");
    desk.hands.advance(u64::try_from(LOOK.as_secs()).expect("a while") - 1);
    assert_eq!(vera.get(&theirs).await.status, StatusCode::OK);
    desk.hands.advance(1);
    assert_eq!(vera.get(&theirs).await.status, StatusCode::SEE_OTHER, "that was long ago");
    vera.post(&look, &[("reason", "ticket 8")]).await;
    assert_eq!(vera.get(&project).await.status, StatusCode::OK);
    // Done twice is noted once.
    for _ in 0..2 {
        vera.post(&format!("{look}/end"), &[]).await;
        assert_eq!(vera.get(&project).await.status, StatusCode::SEE_OTHER, "they said that they were done");
    }
    let entries = store::audit::latest(desk.app.db(), 50).await.expect("reads");
    let looks: Vec<_> = entries.iter().rev().filter(|entry| entry.action.starts_with("organisation.look")).collect();
    let told: Vec<_> = looks.iter().map(|entry| (entry.action.as_str(), entry.detail.contains("ticket"))).collect();
    assert_eq!(told, [("organisation.look", true), ("organisation.look", true), ("organisation.look_end", false)]);
}

#[tokio::test]
async fn the_light_of_the_first_call_goes_out_when_the_look_ends() {
    let test = testkit::sqlite().await;
    let desk = Desk::open_to_staff(&test).await;
    let founded = desk.founded("Librería").await;
    let mut vera = staff(&desk, Staff::Viewer).await;
    let light = format!("/projects/{}/first-call/light", founded.first.project.id);
    let look = format!("/console/organisations/{}/look", founded.organisation.id);
    let page = light.trim_end_matches("/light").replace('/', "%2F");
    assert_eq!(vera.get(&light).await.location(), format!("{}?next={page}#look", look.trim_end_matches("/look")), "to the page it is on");
    for ends in ["said", "old"] {
        vera.post(&look, &[("reason", "ticket 7")]).await;
        let mut stream = vera.listen(&light).await;
        assert!(next(&mut stream).await.is_some());
        match ends {
            "said" => drop(vera.post(&format!("{look}/end"), &[]).await),
            // Less than the stream itself would last.
            _ => {
                desk.hands.advance(u64::try_from(LOOK.as_secs()).expect("a while") - 60);
                stream = vera.listen(&light).await;
                assert!(next(&mut stream).await.is_some());
                desk.hands.advance(61);
            }
        }
        assert_eq!(next(&mut stream).await, None, "{ends}");
    }
}

#[tokio::test]
async fn support_takes_access_back_in_the_console_and_viewers_do_not() {
    let test = testkit::sqlite().await;
    let desk = Desk::open_to_staff(&test).await;
    let founded = desk.founded("Librería").await;
    let (id, project) = (founded.organisation.id, founded.first.project.id);
    crate::projects::granted(&desk, project, "labels").await;
    let grant = store::grants::live(desk.app.db(), project, domain::Environment::Sandbox).await.expect("reads")[0].id;
    let (mut vera, mut sara) = (staff(&desk, Staff::Viewer).await, staff(&desk, Staff::Support).await);
    let (console, revoke) = (format!("/console/organisations/{id}"), format!("/console/projects/{project}/grants/{grant}/revoke"));
    assert!(!vera.get(&console).await.page.contains(&revoke));
    assert!(sara.get(&console).await.page.contains(&revoke));
    assert_eq!(vera.get(&revoke).await.status, StatusCode::FORBIDDEN);
    assert_eq!(vera.post(&revoke, &[]).await.status, StatusCode::FORBIDDEN);
    let page = sara.get(&revoke).await.page;
    assert!(page.contains("Librería") && page.contains("<code>labels</code>") && page.contains(&format!("action=\"{revoke}\"")), "{page}");
    let long = "x".repeat(5000);
    assert_eq!(sara.post(&revoke, &[("reason", &long)]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(sara.post(&revoke, &[("reason", "unpaid")]).await.location(), format!("{console}?done=access-taken-back"));
    assert!(store::grants::live(desk.app.db(), project, domain::Environment::Sandbox).await.expect("reads").is_empty());
    assert_eq!(sara.get(&revoke).await.location(), console, "it is done already");
    // On the members' own page staff are offered nothing.
    sara.post(&format!("{console}/look"), &[("reason", "ticket 7")]).await;
    assert!(!sara.get(&format!("/projects/{project}/access")).await.page.contains("/revoke"));
}

#[tokio::test]
async fn staff_who_are_members_are_members_there_and_strangers_hear_of_nothing() {
    let test = testkit::sqlite().await;
    let desk = Desk::open_to_staff(&test).await;
    let founded = desk.founded("Librería").await;
    let id = founded.organisation.id;
    let mut both = staff(&desk, Staff::Support).await;
    let mut tx = desk.app.db().begin().await.expect("begins");
    store::memberships::insert(&mut tx, id, both.account.expect("signed in"), Role::Owner, Moment(desk.app.now())).await.expect("joins");
    tx.commit(desk.app.now()).await.expect("commits");
    // Somebody who is at home there is asked nothing, and noted nowhere.
    assert!(!both.get(&format!("/console/organisations/{id}")).await.page.contains("id=\"look\""));
    both.post(&format!("/console/organisations/{id}/look"), &[("reason", "ticket 7")]).await;
    let entries = store::audit::latest(desk.app.db(), 50).await.expect("reads");
    assert!(entries.iter().all(|entry| entry.action != "organisation.look"), "{entries:?}");
    let page = both.get(&format!("/organisations/{id}")).await;
    assert!(page.status == StatusCode::OK && !page.page.contains("read-only"), "{}", page.page);
    let renamed = both.post(&format!("/organisations/{id}/settings"), &[("name", "Quiosco")]).await;
    assert_eq!(renamed.status, StatusCode::SEE_OTHER);
    assert_eq!(organisations::find(&desk.app, &app::Actor::System, &id.to_string()).await.expect("there").name, "Quiosco");
    let mut vera = staff(&desk, Staff::Viewer).await;
    for path in ["/organisations/00000000-0000-4000-8000-000000000001", "/organisations/x", "/projects/x"] {
        assert_eq!(vera.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let mut eve = desk.signed_in("eve@other.example", None).await;
    let look = format!("/console/organisations/{id}/look");
    assert_eq!(eve.post(&look, &[("reason", "ticket 7")]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(eve.get(&format!("/organisations/{id}")).await.status, StatusCode::NOT_FOUND);
}
