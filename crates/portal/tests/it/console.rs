//! The console: who is let in, who decides, and what those who come second are told.

use app::{Actor, access, contracts, customer_types, organisations::Founded};
use domain::{
    AccessRequestId, ContractId, CustomerType, CustomerTypeRequestId,
    Environment::{Production, Sandbox},
    contract::ContractStatus,
    role::{Role, Staff},
};
use http::StatusCode;
use portal::routes::{ROUTES, Verb};
use store::{
    access_requests::Status,
    testkit::{self, TestDb},
};

use crate::desk::{Browser, Desk};

const MARKUP: &str = "<img src=x onerror=alert(1)> {{7*7}}";

/// What waits in each queue.
struct Waiting {
    request: AccessRequestId,
    contract: ContractId,
    customer_type: CustomerTypeRequestId,
}

async fn asked(desk: &Desk, founded: &Founded, api: &str, reason: &str) -> AccessRequestId {
    let wish = access::Wish {
        project: founded.first.project.id,
        environment: Production,
        api: api.into(),
        scopes: None,
        plan: None,
        reason: reason.into(),
    };
    access::request(&desk.app, &Actor::System, wish).await.expect("asks").request.id
}

/// A new organisation that waits for everything.
async fn waiting(desk: &Desk, name: &str) -> (Founded, Waiting) {
    let founded = desk.founded(name).await;
    let owner = founded.organisation.id;
    let request = asked(desk, &founded, "labels", "from January on").await;
    let contract = contracts::link(&desk.app, &Actor::System, owner, "54000001", "80000001", "LCE1").await.expect("links").id;
    let asked = customer_types::request(&desk.app, &Actor::System, owner, CustomerType::Integrator, "we ship for others").await;
    (founded, Waiting { request, contract, customer_type: asked.expect("asks").id })
}

impl Waiting {
    fn path(&self, path: &str) -> String {
        let request = if path.contains("customer-types") { self.customer_type.to_string() } else { self.request.to_string() };
        path.replace("{request}", &request).replace("{contract}", &self.contract.to_string())
    }
}

/// The pages of queues; the others have tests of their own.
fn is_queue(path: &str) -> bool {
    path == "/console" || ["/console/access", "/console/contracts", "/console/customer-types"].iter().any(|queue| path.starts_with(queue))
}

async fn desk() -> (TestDb, Desk) {
    let test = testkit::sqlite().await;
    let desk = Desk::open_to_staff(&test).await;
    (test, desk)
}

async fn support(desk: &Desk) -> Browser {
    desk.signed_in("sara@carrier.example", Some(Staff::Support)).await
}

#[tokio::test]
async fn every_route_of_the_console_knows_who_may_look_and_who_may_decide() {
    let (_test, desk) = desk().await;
    let (founded, _) = waiting(&desk, "Librería").await;
    let mut people =
        vec![("nobody", desk.browser()), ("owner", desk.member(founded.organisation.id, "olga@shop.example", Role::Owner).await)];
    for (name, staff) in
        [("viewer", Staff::Viewer), ("publisher", Staff::Publisher), ("support", Staff::Support), ("administrator", Staff::Administrator)]
    {
        people.push((name, desk.signed_in(&format!("{name}@carrier.example"), Some(staff)).await));
    }
    let mut tried = 0;
    for route in ROUTES.iter().filter(|route| is_queue(route.path)) {
        for (name, browser) in &mut people {
            tried += 1;
            let (_, waiting) = waiting(&desk, &format!("Shop {tried}")).await;
            if route.path.ends_with("/suspend") {
                let active = ContractStatus::Active;
                contracts::set_status(&desk.app, &Actor::System, waiting.contract, active, None).await.expect("activates");
            }
            let path = waiting.path(route.path);
            let answer = match route.verb {
                Verb::Get => browser.get(&path).await,
                Verb::Post => browser.post(&path, &[("reason", "because")]).await,
            };
            let expected = match (*name, route.verb) {
                ("nobody", _) | ("support" | "administrator", Verb::Post) => StatusCode::SEE_OTHER,
                ("owner", _) => StatusCode::NOT_FOUND,
                (_, Verb::Post) => StatusCode::FORBIDDEN,
                (_, Verb::Get) => StatusCode::OK,
            };
            assert_eq!(answer.status, expected, "{name} {:?} {path}", route.verb);
            if *name == "nobody" {
                assert!(answer.location().starts_with("/sign-in?next="), "{}", answer.location());
            }
            let request = store::access_requests::find(desk.app.db(), waiting.request).await.expect("reads").expect("there");
            let is_decision = path.ends_with("/approve") || path.ends_with("/reject");
            let decides = matches!(*name, "support" | "administrator") && is_decision && path.starts_with("/console/access");
            assert_eq!(request.status != Status::Pending, decides, "{name} {path}");
        }
    }
    assert!(tried > 80, "{tried}");
}

#[tokio::test]
async fn who_may_not_decide_sees_no_buttons() {
    let (_test, desk) = desk().await;
    let (_, waiting) = waiting(&desk, "Librería").await;
    let mut viewer = desk.signed_in("vera@carrier.example", Some(Staff::Viewer)).await;
    let mut sara = support(&desk).await;
    for path in ["/console/access", "/console/contracts", "/console/customer-types"] {
        let id = if path.ends_with("contracts") { waiting.contract.to_string() } else { waiting.path("/{request}").replace('/', "") };
        let id = if path.ends_with("types") { waiting.customer_type.to_string() } else { id };
        for path in [path.to_owned(), format!("{path}/{id}")] {
            let page = viewer.get(&path).await.page;
            assert!(page.contains("Whoever has the role support or administrator"), "{path}");
            assert!(!page.contains("/approve") && !page.contains("/activate") && !page.contains("/reject"), "{path}");
            let page = sara.get(&path).await.page;
            assert!(page.contains("/approve") || page.contains("/activate"), "{path}");
        }
    }
}

#[tokio::test]
async fn one_click_approves_and_no_secret_passes_the_operators_screen() {
    let (_test, desk) = desk().await;
    let (founded, waiting) = waiting(&desk, "Librería").await;
    let mut sara = support(&desk).await;
    let queue = sara.get("/console/access?api=labels").await.page;
    let path = format!("/console/access/{}/approve?api=labels", waiting.request);
    assert!(queue.contains(&format!("action=\"{path}\"")), "{queue}");
    let answer = sara.post(&path, &[]).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/console/access?api=labels&done=approved"));
    let after = sara.get(answer.location()).await.page;
    assert!(after.contains("Approved.") && after.contains("No waiting request fits that"), "{after}");
    let project = founded.first.project.id;
    let grants = store::grants::live(desk.app.db(), project, Production).await.expect("reads");
    assert_eq!(grants.len(), 1);
    assert!(store::api_credentials::of_project(desk.app.db(), project).await.expect("reads").is_empty());
    // Its people are told that something is missing, and where it is made.
    let mut dora = desk.member(founded.organisation.id, "dora@shop.example", Role::Developer).await;
    let page = dora.get(&format!("/projects/{project}/access")).await.page;
    assert!(page.contains(&format!("/projects/{project}/api-credentials/new?environment=production")), "{page}");
}

#[tokio::test]
async fn who_decides_second_is_told_who_was_first_and_loses_nothing() {
    let (_test, desk) = desk().await;
    let (_, waiting) = waiting(&desk, "Librería").await;
    let mut sara = support(&desk).await;
    let mut adam = desk.signed_in("adam@carrier.example", Some(Staff::Administrator)).await;
    for (approve, reject) in [
        ("/console/access/{request}/approve", "/console/access/{request}/reject"),
        ("/console/contracts/{contract}/activate", "/console/contracts/{contract}/activate"),
        ("/console/customer-types/{request}/approve", "/console/customer-types/{request}/reject"),
    ] {
        let (approve, reject) = (waiting.path(approve), waiting.path(reject));
        assert_eq!(sara.post(&approve, &[]).await.status, StatusCode::SEE_OTHER, "{approve}");
        let again = sara.post(&approve, &[]).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "{approve} twice");
        assert!(again.page.contains("Somebody else decided first"), "{}", again.page);
        let late = adam.post(&reject, &[("reason", "a reason that took long to write")]).await;
        assert_eq!(late.status, StatusCode::CONFLICT, "{reject}");
        if reject.ends_with("reject") {
            assert!(
                late.page.contains("a reason that took long to write") && late.page.contains("decided by sara@carrier.example"),
                "{}",
                late.page
            );
        }
    }
    let request = store::access_requests::find(desk.app.db(), waiting.request).await.expect("reads").expect("there");
    assert_eq!(request.status, Status::Approved);
}

#[tokio::test]
async fn a_rejection_takes_a_reason_keeps_what_was_typed_and_is_read_by_those_who_asked() {
    let (_test, desk) = desk().await;
    let (founded, waiting) = waiting(&desk, "Librería").await;
    let mut sara = support(&desk).await;
    let long = "largo ".repeat(400);
    for path in ["/console/access/{request}/reject", "/console/contracts/{contract}/reject", "/console/customer-types/{request}/reject"] {
        let path = waiting.path(path);
        let empty = sara.post(&path, &[("reason", " \n ")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert!(empty.page.contains("href=\"#reason\">Say why"), "{}", empty.page);
        let kept = sara.post(&path, &[("reason", &long)]).await;
        assert_eq!(kept.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert!(kept.page.contains(long.trim_end()), "{path} keeps what was typed");
        let done = sara.post(&path, &[("reason", MARKUP)]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{path}");
        assert!(done.location().ends_with("done=rejected"), "{}", done.location());
        let page = sara.get(path.trim_end_matches("/reject")).await.page;
        assert!(!page.contains("<img") && page.contains("{{7*7}}") && !page.contains("/reject"), "{page}");
    }
    let mut olga = desk.member(founded.organisation.id, "olga@shop.example", Role::Owner).await;
    let page = olga.get(&format!("/projects/{}/access/{}", founded.first.project.id, waiting.request)).await.page;
    assert!(page.contains("rejected") && page.contains("onerror=alert(1)") && !page.contains("<img"), "{page}");
    assert!(!page.contains("sara@carrier.example"), "who of the staff decided is not the customer's business");
}

#[tokio::test]
async fn a_contract_is_suspended_resumed_and_ended_with_reasons() {
    let (_test, desk) = desk().await;
    let (_, waiting) = waiting(&desk, "Librería").await;
    let mut sara = support(&desk).await;
    let path = |verb: &str| format!("/console/contracts/{}/{verb}", waiting.contract);
    let status = async || store::contracts::find(desk.app.db(), waiting.contract).await.expect("reads").expect("there").status;
    sara.post(&path("activate"), &[]).await;
    assert_eq!(sara.post(&path("suspend"), &[("reason", "")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(status().await, ContractStatus::Active);
    sara.post(&path("suspend"), &[("reason", "unpaid")]).await;
    assert_eq!(status().await, ContractStatus::Suspended);
    let page = sara.get("/console/contracts?status=suspended").await.page;
    assert!(page.contains("unpaid") && page.contains("54000001"), "{page}");
    sara.post(&path("activate"), &[]).await;
    assert_eq!(status().await, ContractStatus::Active);
    sara.post(&path("end"), &[("reason", "over")]).await;
    assert_eq!(status().await, ContractStatus::Ended);
    let late = sara.post(&path("activate"), &[]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.page.contains("has ended; link it anew"), "{}", late.page);
    assert!(sara.get("/console/contracts?status=ended").await.page.contains("54000001"));
}

#[tokio::test]
async fn queues_are_filtered_and_read_page_by_page_and_stored_markup_stays_text() {
    let (_test, desk) = desk().await;
    let (odd, _) = waiting(&desk, MARKUP).await;
    asked(&desk, &odd, "tracking", MARKUP).await;
    desk.hands.advance(2 * 86_400);
    let many = desk.founded("Cafetería Sol").await;
    for _ in 0..30 {
        asked(&desk, &many, "labels", &"mucho ".repeat(330)).await;
    }
    let mut sara = support(&desk).await;
    let overview = sara.get("/console").await.page;
    assert!(overview.contains("<strong>32</strong>") && overview.contains("waited for 2 days"), "{overview}");
    assert!(overview.contains("action=\"/decisions\""));
    let first = sara.get("/console/access").await.page;
    assert!(first.len() < 100_000, "{}", first.len());
    assert!(!first.contains("<img") && first.contains("{{7*7}}"));
    let next = first.split("href=\"").find(|part| part.starts_with("/console/access?after=")).expect("another page");
    let second = sara.get(next.split('"').next().expect("an address")).await.page;
    let rows = |page: &str| page.matches("<tr id=\"r-").count();
    assert_eq!((rows(&first), rows(&second)), (25, 7));
    for (query, expected) in [
        ("api=tracking", 1),
        ("environment=sandbox", 0),
        ("environment=production", 25),
        ("age=1", 2),
        ("age=7", 0),
        ("organisation=sol", 25),
        ("api=x", 0),
    ] {
        assert_eq!(rows(&sara.get(&format!("/console/access?{query}")).await.page), expected, "{query}");
    }
    for odd in ["after=1", "after=1.x", "after=%27%20OR%201=1"] {
        assert_eq!(sara.get(&format!("/console/access?{odd}")).await.status, StatusCode::NOT_FOUND, "{odd}");
    }
    for odd in ["age=-1", "age=99999999999999999999", "environment=moon", "organisation=%25", "status=x"] {
        assert_eq!(sara.get(&format!("/console/access?{odd}")).await.status, StatusCode::OK, "{odd}");
    }
}

#[tokio::test]
async fn a_request_stands_beside_what_its_organisation_has() {
    let (_test, desk) = desk().await;
    let (founded, waiting) = waiting(&desk, "Librería").await;
    let project = founded.first.project.id;
    let sandbox = access::Wish { project, environment: Sandbox, api: "tracking".into(), scopes: None, plan: None, reason: String::new() };
    access::request(&desk.app, &Actor::System, sandbox).await.expect("asks");
    let before = asked(&desk, &founded, "labels", "an earlier try").await;
    access::reject(&desk.app, &Actor::Operator("ana".into()), before, "no contract yet").await.expect("rejects");
    let mut sara = support(&desk).await;
    sara.language = "es";
    let page = sara.get(&format!("/console/access/{}", waiting.request)).await.page;
    for part in ["54000001", "TPB", "no contract yet", "from January on", "cliente", "Lo que ya tiene"] {
        assert!(page.contains(part), "{part}");
    }
    let nobodys = "00000000-0000-4000-8000-000000000001";
    for path in ["/console/access/", "/console/contracts/", "/console/customer-types/"] {
        for id in [nobodys, "x"] {
            assert_eq!(sara.get(&format!("{path}{id}")).await.status, StatusCode::NOT_FOUND, "{path}{id}");
        }
    }
}
