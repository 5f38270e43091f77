//! Organisations in the console: found, suspended and resumed, written about, looked at as their members see them.

use app::{Actor, accounts, contracts, organisations, organisations::Founded};
use domain::role::{Role, Staff};
use http::StatusCode;
use store::testkit::{self, TestDb};

use crate::desk::{Browser, Desk};

const MARKUP: &str = "<img src=x onerror=alert(1)> {{7*7}}";

async fn desk() -> (TestDb, Desk, Founded) {
    let test = testkit::sqlite().await;
    let desk = Desk::open_to_staff(&test).await;
    let founded = desk.founded("Librería").await;
    (test, desk, founded)
}

async fn staff(desk: &Desk, role: Staff) -> Browser {
    desk.signed_in(&format!("{role}@carrier.example"), Some(role)).await
}

fn path(founded: &Founded) -> String {
    format!("/console/organisations/{}", founded.organisation.id)
}

/// The forms of a page that change something: where they are sent.
fn posts(page: &str) -> Vec<&str> {
    let forms = page.split("<form ").skip(1).filter(|form| form.starts_with("method=\"post\""));
    forms.filter_map(|form| form.split("action=\"").nth(1)?.split('"').next()).filter(|action| *action != "/sign-out").collect()
}

#[tokio::test]
async fn one_box_finds_organisations_and_says_what_matched() {
    let (_test, desk, founded) = desk().await;
    contracts::link(&desk.app, &Actor::System, founded.organisation.id, "54000001", "80000001", "LCE1").await.expect("links");
    desk.founded("Papelería").await;
    let mut vera = staff(&desk, Staff::Viewer).await;
    let page = vera.get("/console/organisations").await.page;
    assert!(page.contains(">Librería</a>") && page.contains(">Papelería</a>"), "{page}");
    let page = vera.get("/console/organisations?q=54000001").await.page;
    assert!(page.contains(&path(&founded)) && page.contains("contract: 54000001") && !page.contains("Papelería"), "{page}");
    let client = &founded.first.client.client.id;
    assert!(vera.get(&format!("/console/organisations?q={client}")).await.page.contains(&format!("OAuth client: {client}")));
    let page = vera.get("/console/organisations?q=libreria&status=suspended").await.page;
    assert!(page.contains("No organisation fits that") && page.contains("value=\"libreria\""), "{page}");
    let page = vera.get("/console/organisations?q=%3Cimg%20src%3Dx%3E&order=name&type=internal").await.page;
    assert!(!page.contains("<img src=x") && page.contains("No organisation fits that"), "{page}");
    assert_eq!(vera.get("/console/organisations?after=nothing").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_long_list_goes_on_where_it_ended() {
    let (_test, desk, _) = desk().await;
    for number in 10..40 {
        desk.founded(&format!("Shop {number}")).await;
    }
    let mut vera = staff(&desk, Staff::Viewer).await;
    let first = vera.get("/console/organisations?q=shop&order=name").await.page;
    assert!(first.contains("Shop 10<") && first.contains("Shop 34<") && !first.contains("Shop 35<"), "{first}");
    let links = first.split("href=\"/console/organisations?").skip(1).filter_map(|rest| rest.split('"').next());
    let next = links.filter(|link| !link.contains("lang=")).find(|link| link.contains("after=")).expect("more").to_owned();
    let second = vera.get(&format!("/console/organisations?{}", next.replace("&#38;", "&").replace("&amp;", "&"))).await.page;
    assert!(
        second.contains("Shop 35<") && second.contains("Shop 39<") && !second.contains("Shop 34<") && !second.contains("Next page"),
        "{second}"
    );
}

#[tokio::test]
async fn an_administrator_suspends_with_a_reason_that_members_read_and_resumes() {
    let (_test, desk, founded) = desk().await;
    let (path, id, project) = (path(&founded), founded.organisation.id, founded.first.project.id);
    let mut boss = staff(&desk, Staff::Administrator).await;
    let mut olga = desk.member(id, "olga@shop.example", Role::Owner).await;
    let asks = boss.get(&format!("{path}/suspend")).await.page;
    assert!(asks.contains("What stops") && asks.contains("data-name=\"OAuth clients\">1<"), "{asks}");
    let empty = boss.post(&format!("{path}/suspend"), &[("reason", "  ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.page.contains("href=\"#reason\""), "{}", empty.page);
    assert_eq!(
        boss.post(&format!("{path}/suspend"), &[("reason", MARKUP)]).await.location(),
        format!("{path}?done=organisation-suspended")
    );
    for page in [format!("/organisations/{id}"), format!("/organisations/{id}/contracts"), format!("/projects/{project}")] {
        let page = olga.get(&page).await.page;
        assert!(page.contains("The operator suspended this organisation.") && page.contains("&#60;img src=x"), "{page}");
        assert!(!page.contains("administrator@carrier.example"), "who of the staff did it is nobody's business: {page}");
    }
    let page = boss.get(&path).await.page;
    assert!(
        page.contains("suspended") && page.contains("administrator@carrier.example") && page.contains(&format!("{path}/resume")),
        "{page}"
    );
    assert!(page.contains(&format!("id=\"organisation-id\">{id}<")), "{page}");
    let late = boss.post(&format!("{path}/suspend"), &[("reason", "twice")]).await;
    assert!(late.status == StatusCode::CONFLICT && late.page.contains("twice"), "{} {}", late.status, late.page);
    assert_eq!(boss.post(&format!("{path}/resume"), &[]).await.location(), format!("{path}?done=organisation-resumed"));
    assert!(!olga.get(&format!("/organisations/{id}")).await.page.contains("suspended"));
    assert_eq!(boss.post(&format!("{path}/resume"), &[]).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn who_may_not_suspend_or_write_sees_no_buttons_and_is_refused() {
    let (_test, desk, founded) = desk().await;
    let path = path(&founded);
    let mut sara = staff(&desk, Staff::Support).await;
    let page = sara.get(&path).await.page;
    assert!(!page.contains(&format!("{path}/suspend")) && page.contains(&format!("{path}/notes")), "{page}");
    assert_eq!(sara.get(&format!("{path}/suspend")).await.status, StatusCode::FORBIDDEN);
    for verb in ["suspend", "resume"] {
        assert_eq!(sara.post(&format!("{path}/{verb}"), &[("reason", "because")]).await.status, StatusCode::FORBIDDEN, "{verb}");
    }
    for role in [Staff::Viewer, Staff::Publisher] {
        let mut browser = staff(&desk, role).await;
        assert_eq!(posts(&browser.get(&path).await.page), [format!("{path}/look")], "{role}");
        for verb in ["suspend", "resume", "notes", "customer-type", "contracts"] {
            let fields = [("reason", "x"), ("text", "x"), ("was", "customer"), ("customer_type", "integrator"), ("number", "54000001")];
            assert_eq!(browser.post(&format!("{path}/{verb}"), &fields).await.status, StatusCode::FORBIDDEN, "{role} {verb}");
        }
    }
}

#[tokio::test]
async fn notes_are_for_staff_alone_and_stay_text() {
    let (_test, desk, founded) = desk().await;
    let (path, id) = (path(&founded), founded.organisation.id);
    let (mut sara, mut boss) = (staff(&desk, Staff::Support).await, staff(&desk, Staff::Administrator).await);
    let long = "x".repeat(2001);
    let refused = sara.post(&format!("{path}/notes"), &[("text", &long)]).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.page.contains(&long), "what was typed stays");
    assert_eq!(boss.post(&format!("{path}/notes"), &[("text", MARKUP)]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(sara.post(&format!("{path}/notes"), &[("text", "Ask Ana first")]).await.status, StatusCode::SEE_OTHER);
    let page = sara.get(&path).await.page;
    assert!(page.contains("Ask Ana first") && page.contains("&#60;img src=x") && !page.contains("<img src=x"), "{page}");
    assert_eq!(page.matches("/remove\"").count(), 1, "one's own: {page}");
    assert_eq!(boss.get(&path).await.page.matches("/remove\"").count(), 2);
    let remove =
        page.split("action=\"").filter_map(|rest| rest.split('"').next()).find(|action| action.ends_with("/remove")).expect("a form");
    assert_eq!(sara.post(remove, &[]).await.location(), format!("{path}?done=note-removed"));
    assert_eq!(sara.post(remove, &[]).await.status, StatusCode::NOT_FOUND);
    let mut olga = desk.member(id, "olga@shop.example", Role::Owner).await;
    boss.post(&format!("{path}/notes"), &[("text", "Top secret")]).await;
    for page in ["", "/members", "/contracts", "/customer-type", "/settings"] {
        assert!(!olga.get(&format!("/organisations/{id}{page}")).await.page.contains("Top secret"), "{page}");
    }
    assert_eq!(olga.get(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn type_and_contracts_are_set_from_its_page_and_nobody_overwrites_in_silence() {
    let (_test, desk, founded) = desk().await;
    let path = path(&founded);
    let mut sara = staff(&desk, Staff::Support).await;
    let to = |kind| [("was", "customer"), ("customer_type", kind)];
    assert_eq!(sara.post(&format!("{path}/customer-type"), &to("integrator")).await.location(), format!("{path}?done=customer-type-set"));
    let late = sara.post(&format!("{path}/customer-type"), &to("compatible_provider")).await;
    assert!(late.status == StatusCode::CONFLICT && late.page.contains("Somebody else decided first"), "{}", late.page);
    assert_eq!(sara.post(&format!("{path}/customer-type"), &to("nothing")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    // The operator's own organisations are an administrator's to name: they may ask for the management API.
    assert_eq!(sara.post(&format!("{path}/customer-type"), &to("internal")).await.status, StatusCode::FORBIDDEN);
    let page = sara.get(&path).await.page;
    assert!(page.contains("<option value=\"integrator\" selected>") && !page.contains("<option value=\"internal\""));
    let wrong = sara.post(&format!("{path}/contracts"), &[("number", "5"), ("client_number", "80000001"), ("labeller", "lce1")]).await;
    assert!(
        wrong.status == StatusCode::UNPROCESSABLE_ENTITY
            && wrong.page.contains("href=\"#number\"")
            && wrong.page.contains("value=\"80000001\"")
    );
    let linked =
        sara.post(&format!("{path}/contracts"), &[("number", "54000001"), ("client_number", "80000001"), ("labeller", "lce1")]).await;
    assert!(linked.location().starts_with("/console/contracts/"), "{}", linked.location());
    let contract = linked.location().split('?').next().expect("a path").to_owned();
    assert_eq!(sara.post(&format!("{contract}/activate"), &[]).await.status, StatusCode::SEE_OTHER);
    let page = sara.get(&path).await.page;
    assert!(page.contains(&contract) && page.contains("active"), "{page}");
}

#[tokio::test]
async fn staff_enter_what_members_see_with_a_reason_and_can_change_nothing_there() {
    let (_test, desk, founded) = desk().await;
    let (path, id, project) = (path(&founded), founded.organisation.id, founded.first.project.id);
    desk.member(id, "olga@shop.example", Role::Owner).await;
    let mut boss = staff(&desk, Staff::Administrator).await;
    let own = [
        format!("/organisations/{id}"),
        format!("/organisations/{id}/members"),
        format!("/organisations/{id}/contracts"),
        format!("/organisations/{id}/customer-type"),
        format!("/organisations/{id}/settings"),
        format!("/projects/{project}"),
        format!("/projects/{project}/access"),
        format!("/projects/{project}/customer-keys"),
        format!("/projects/{project}/decisions"),
        format!("/projects/{project}/first-call"),
        format!("/projects/{project}/production"),
        format!("/projects/{project}/settings"),
    ];
    assert_eq!(boss.post(&format!("{path}/look"), &[("reason", "")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(boss.get(&own[0]).await.status, StatusCode::SEE_OTHER, "nobody said why");
    assert_eq!(
        boss.post(&format!("{path}/look"), &[("reason", "ticket 7")]).await.location(),
        format!("/organisations/{id}?done=look-noted")
    );
    let end = format!("{path}/look/end");
    for page in &own {
        let answer = boss.get(page).await;
        assert_eq!(answer.status, StatusCode::OK, "{page}");
        assert!(answer.page.contains("read-only") && answer.page.contains("Why is in the audit log"), "{page}: {}", answer.page);
        assert_eq!(posts(&answer.page), [end.as_str()], "{page}");
    }
    let client = &founded.first.client.client.id;
    for refused in [
        format!("/organisations/{id}/members"),
        format!("/organisations/{id}/settings"),
        format!("/organisations/{id}/settings/close"),
        format!("/organisations/{id}/customer-type"),
        format!("/organisations/{id}/projects/new"),
        format!("/projects/{project}/settings"),
        format!("/projects/{project}/archive"),
        format!("/projects/{project}/clients/{client}/rotate"),
        format!("/projects/{project}/customer-keys/new"),
        format!("/projects/{project}/production"),
    ] {
        let fields = [
            ("reason", "x"),
            ("name", "Mine"),
            ("email", "a@b.example"),
            ("role", "viewer"),
            ("customer_type", "integrator"),
            ("overlap", "24h"),
        ];
        assert_eq!(boss.post(&refused, &fields).await.status, StatusCode::FORBIDDEN, "{refused}");
    }
    let page = boss.get(&path).await.page;
    assert!(page.contains("organisation.look") && page.contains("ticket 7"), "{page}");
    assert_eq!(boss.post(&end, &[]).await.location(), format!("{path}?done=look-ended"));
    assert_eq!(boss.get(&own[0]).await.status, StatusCode::SEE_OTHER, "they said that they were done");
    let mut olga = desk.browser();
    assert!(!olga.get("/").await.page.contains("read-only"));
}

#[tokio::test]
async fn a_page_of_an_organisation_with_much_in_it_stays_small() {
    let (_test, desk, founded) = desk().await;
    let id = founded.organisation.id;
    for number in 0..60 {
        app::projects::create(&desk.app, &Actor::System, id, &format!("Project {number}")).await.expect("creates");
        organisations::add_note(&desk.app, &Actor::System, id, &"n".repeat(400)).await.expect("writes");
        let email = format!("m{number}@shop.example");
        let made = accounts::create_verified(&desk.app, &Actor::System, &email, &email, None, None, None).await.expect("an account");
        let mut tx = desk.app.db().begin().await.expect("begins");
        store::memberships::insert(&mut tx, id, made.account.id, Role::Viewer, store::Moment(desk.app.now())).await.expect("a member");
        tx.commit(desk.app.now()).await.expect("commits");
    }
    let page = staff(&desk, Staff::Administrator).await.get(&path(&founded)).await.page;
    assert!(page.len() < 90_000, "{}", page.len());
    assert!(page.contains("And more: 35"), "{page}");
}
