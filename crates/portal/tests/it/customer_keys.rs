//! Customer keys: issued by staff on request, made by members in the sandbox, stopped by both, each as far as they may.

use app::{Actor, customer_keys, organisations, organisations::Founded};
use domain::{
    CustomerType,
    Environment::{Production, Sandbox},
    contract::Standing,
    role::{Role, Staff},
    rotation::Overlap,
};
use http::StatusCode;
use store::{
    Moment, acting,
    customer_key_usage::{self, Day},
    testkit::{self, TestDb},
};

use crate::desk::{Browser, Desk};

async fn platform() -> (TestDb, Desk, Founded) {
    let test = testkit::sqlite().await;
    let desk = Desk::open_to_staff(&test).await;
    let founded = desk.founded("Platform").await;
    organisations::set_customer_type(&desk.app, &Actor::System, founded.organisation.id, CustomerType::Integrator).await.expect("sets");
    (test, desk, founded)
}

async fn staff(desk: &Desk, role: Staff) -> Browser {
    desk.signed_in(&format!("{role}@carrier.example"), Some(role)).await
}

/// The customer key that a page shows, and its secret.
fn issued(page: &str) -> (String, String) {
    let shown = |id: &str| {
        let rest = page.split(&format!("id=\"{id}\">")).nth(1).unwrap_or_else(|| panic!("no {id} in {page}"));
        rest.split('<').next().expect("text").to_owned()
    };
    (shown("issued-child_key"), shown("issued-child_secret"))
}

#[tokio::test]
async fn staff_issue_a_key_on_request_and_its_secret_is_shown_once() {
    let (_test, desk, founded) = platform().await;
    let (project, id) = (founded.first.project.id, founded.organisation.id);
    let mut olga = desk.member(id, "olga@platform.example", Role::Owner).await;
    let mut sara = staff(&desk, Staff::Support).await;
    let list = format!("/console/projects/{project}/customer-keys");
    assert!(sara.get(&list).await.page.contains(&format!("{list}/new")));
    assert!(sara.get(&format!("/console/organisations/{id}")).await.page.contains(&list));
    let wrong = sara.post(&format!("{list}/new"), &[("account_number", "74 05"), ("environment", "production")]).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.page.contains("value=\"74 05\""), "{}", wrong.page);
    let nowhere = sara.post(&format!("{list}/new"), &[("account_number", "740561073")]).await;
    assert_eq!(nowhere.status, StatusCode::UNPROCESSABLE_ENTITY, "no environment is chosen for anybody");
    let made = sara.post(&format!("{list}/new"), &[("account_number", "740561073"), ("environment", "production")]).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.page);
    let (key, secret) = issued(&made.page);
    assert!(made.page.contains("PRODUCTION") && made.headers["cache-control"] == "no-store");
    let theirs = format!("/projects/{project}/customer-keys");
    for (browser, page) in [(&mut sara, &list), (&mut olga, &theirs)] {
        for page in [page.clone(), format!("{page}/{key}")] {
            let page = browser.get(&page).await.page;
            assert!(page.contains(&key) && !page.contains(&secret), "{page}");
        }
    }
    let mails = app::mail::mailbox(&desk.app, 10).await.expect("reads");
    let told: Vec<_> = mails.iter().filter(|posted| posted.mail.kind == "customer_key_issued").collect();
    assert_eq!(told.len(), 1);
    assert!(!told[0].text.as_ref().expect("text").expose().contains(&secret));
}

#[tokio::test]
async fn members_make_keys_in_the_sandbox_stop_resume_and_revoke_them() {
    let (_test, desk, founded) = platform().await;
    let (project, id) = (founded.first.project.id, founded.organisation.id);
    let mut dora = desk.member(id, "dora@platform.example", Role::Developer).await;
    let list = format!("/projects/{project}/customer-keys");
    let made = dora.post(&format!("{list}/new"), &[("account_number", "740561073"), ("environment", "production")]).await;
    assert_eq!(made.status, StatusCode::OK);
    let (key, _) = issued(&made.page);
    let found = customer_keys::find(&desk.app, &Actor::System, &key.as_str().into()).await.expect("there");
    assert_eq!(found.environment, Sandbox, "whatever is sent, members make none in production");
    let of = format!("{list}/{key}");
    for (verb, state) in [("suspend", "suspended"), ("resume", "active")] {
        let answer = dora.post(&format!("{of}/{verb}"), &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{verb}");
        assert!(dora.get(&of).await.page.contains(&format!(">{state}</span>")), "{verb}");
    }
    let asks = dora.get(&format!("{of}/revoke")).await.page;
    assert!(asks.contains("for good") && asks.contains(&format!("action=\"{of}/revoke\"")), "{asks}");
    assert_eq!(dora.post(&format!("{of}/revoke"), &[]).await.location(), format!("{of}?done=key-revoked"));
    assert_eq!(dora.post(&format!("{of}/resume"), &[]).await.status, StatusCode::CONFLICT, "what is revoked stays so");
    let page = dora.get(&of).await.page;
    assert!(!page.contains("/suspend") && !page.contains("/resume") && !page.contains("/revoke"), "{page}");
}

#[tokio::test]
async fn what_the_operator_suspended_members_do_not_resume_and_viewers_see_no_buttons() {
    let (_test, desk, founded) = platform().await;
    let (project, id) = (founded.first.project.id, founded.organisation.id);
    let key = customer_keys::create(&desk.app, &Actor::System, project, Production, "740561073").await.expect("issues").record.id;
    let (mine, theirs) = (format!("/projects/{project}/customer-keys/{key}"), format!("/console/projects/{project}/customer-keys/{key}"));
    let mut boss = staff(&desk, Staff::Administrator).await;
    assert_eq!(boss.post(&format!("{theirs}/suspend"), &[]).await.status, StatusCode::SEE_OTHER);
    let mut dora = desk.member(id, "dora@platform.example", Role::Developer).await;
    let refused = dora.post(&format!("{mine}/resume"), &[]).await;
    assert!(refused.status == StatusCode::CONFLICT && refused.page.contains("The operator suspended it"), "{}", refused.page);
    assert!(dora.get(&format!("/projects/{project}/customer-keys")).await.page.contains("by the operator"));
    for (browser, base) in
        [(desk.member(id, "vera@platform.example", Role::Viewer).await, &mine), (staff(&desk, Staff::Support).await, &theirs)]
    {
        let mut browser = browser;
        let page = browser.get(base).await.page;
        assert!(page.contains(key.as_str()) && !page.contains("/resume\"") && !page.contains("/revoke\""), "{page}");
        for verb in ["suspend", "resume", "revoke"] {
            assert_eq!(browser.post(&format!("{base}/{verb}"), &[]).await.status, StatusCode::FORBIDDEN, "{base} {verb}");
        }
    }
    let kept = customer_keys::find(&desk.app, &Actor::System, &key).await.expect("there");
    assert_eq!(kept.status, Standing::Suspended);
}

#[tokio::test]
async fn keys_are_looked_up_filtered_and_paged_and_of_this_project_alone() {
    let (_test, desk, founded) = platform().await;
    let project = founded.first.project.id;
    let mut keys = Vec::new();
    for number in 100..130 {
        desk.hands.advance(1);
        let environment = if number == 100 { Production } else { Sandbox };
        let made = customer_keys::create(&desk.app, &Actor::System, project, environment, &format!("A{number}")).await;
        keys.push(made.expect("issues").record.id);
    }
    let mut dora = desk.member(founded.organisation.id, "dora@platform.example", Role::Developer).await;
    let list = format!("/projects/{project}/customer-keys");
    let first = dora.get(&list).await.page;
    assert!(first.contains(">A129<") && first.contains(">A105<") && !first.contains(">A104<"), "{first}");
    let second = dora.get(&format!("{list}?after={}", keys[5])).await.page;
    assert!(second.contains(">A104<") && second.contains(">A100<") && !second.contains("Next page"), "{second}");
    let page = dora.get(&format!("{list}?q=A117")).await.page;
    assert!(page.contains(">A117<") && !page.contains(">A118<"), "{page}");
    let page = dora.get(&format!("{list}?environment=production")).await.page;
    assert!(page.contains(">A100<") && !page.contains(">A101<"), "{page}");
    assert!(dora.get(&format!("{list}?q=nothing&status=revoked")).await.page.contains("No key fits that"));
    let other = app::projects::create(&desk.app, &Actor::System, founded.organisation.id, "Other").await.expect("creates").project.id;
    assert_eq!(dora.get(&format!("/projects/{other}/customer-keys/{}", keys[0])).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_acts_for_nobody_reads_for_whom_keys_are() {
    let test = testkit::sqlite().await;
    let desk = Desk::open_to_staff(&test).await;
    let founded = desk.founded("Shop").await;
    let project = founded.first.project.id;
    let mut dora = desk.member(founded.organisation.id, "dora@shop.example", Role::Developer).await;
    let page = dora.get(&format!("/projects/{project}/customer-keys")).await.page;
    assert!(page.contains("does not act for others") && page.contains("/customer-type") && !page.contains("customer-keys/new"), "{page}");
    assert!(!dora.get(&format!("/projects/{project}")).await.page.contains("/customer-keys\""));
    let refused = dora.post(&format!("/projects/{project}/customer-keys/new"), &[("account_number", "740561073")]).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.page.contains("integrators"), "{}", refused.page);
}

#[tokio::test]
async fn members_rotate_the_password_in_production_too_and_it_is_shown_once() {
    let (_test, desk, founded) = platform().await;
    let (project, id) = (founded.first.project.id, founded.organisation.id);
    let key = customer_keys::create(&desk.app, &Actor::System, project, Production, "740561073").await.expect("issues").record;
    let mut dora = desk.member(id, "dora@platform.example", Role::Developer).await;
    let of = format!("/projects/{project}/customer-keys/{}", key.id);
    assert!(dora.get(&of).await.page.contains(&format!("{of}/rotate")));
    let unchosen = dora.post(&format!("{of}/rotate"), &[]).await;
    assert!(unchosen.status == StatusCode::UNPROCESSABLE_ENTITY && unchosen.page.contains("Choose when."), "{}", unchosen.page);
    let made = dora.post(&format!("{of}/rotate"), &[("overlap", "24h")]).await;
    assert!(made.status == StatusCode::OK && made.headers["cache-control"] == "no-store", "{}", made.page);
    let (shown, secret) = issued(&made.page);
    assert!(shown == key.id.as_str() && made.page.contains("The one before works on until"), "{}", made.page);
    let page = dora.get(&of).await.page;
    assert!(page.contains(&format!("{}…", key.prefix)) && page.contains("The one before") && !page.contains(&secret), "{page}");
    let asks = dora.get(&format!("{of}/rotate")).await.page;
    assert!(asks.contains("Two are live already"), "{asks}");
    let full = dora.post(&format!("{of}/rotate"), &[("overlap", "7d")]).await;
    assert!(full.status == StatusCode::UNPROCESSABLE_ENTITY && full.page.contains("two live secrets"), "{}", full.page);
    let made = dora.post(&format!("{of}/rotate"), &[("overlap", "now")]).await;
    assert!(made.page.contains("gets no more tokens"), "{}", made.page);
    assert!(!dora.get(&of).await.page.contains("The one before"));
    desk.hands.advance(1);
    customer_keys::rotate(&desk.app, &Actor::System, &key.id, Overlap::Day).await.expect("rotates");
    desk.hands.advance(86_400);
    assert!(!dora.get(&of).await.page.contains("The one before"), "what has ended is not shown");
}

#[tokio::test]
async fn staff_rotate_no_password_of_a_platform_and_nobody_that_of_a_revoked_key() {
    let (_test, desk, founded) = platform().await;
    let project = founded.first.project.id;
    let key = customer_keys::create(&desk.app, &Actor::System, project, Sandbox, "740561073").await.expect("issues").record.id;
    let mut boss = staff(&desk, Staff::Administrator).await;
    assert!(!boss.get(&format!("/console/projects/{project}/customer-keys/{key}")).await.page.contains("/rotate"));
    let of = format!("/projects/{project}/customer-keys/{key}");
    assert_eq!(boss.post(&format!("{of}/rotate"), &[("overlap", "now")]).await.status, StatusCode::FORBIDDEN);
    let mut dora = desk.member(founded.organisation.id, "dora@platform.example", Role::Developer).await;
    customer_keys::set_status(&desk.app, &Actor::System, &key, Standing::Revoked).await.expect("revokes");
    assert!(!dora.get(&of).await.page.contains("/rotate"));
    assert_eq!(dora.get(&format!("{of}/rotate")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_list_is_taken_away_as_a_file_by_members_and_staff_with_the_filter_of_the_page() {
    let (_test, desk, founded) = platform().await;
    let project = founded.first.project.id;
    let mut secrets = Vec::new();
    for (environment, number) in [(Production, "A1"), (Sandbox, "A2"), (Sandbox, "A3")] {
        secrets.push(customer_keys::create(&desk.app, &Actor::System, project, environment, number).await.expect("issues").secret);
    }
    let mut vera = desk.member(founded.organisation.id, "vera@platform.example", Role::Viewer).await;
    let mut sara = staff(&desk, Staff::Viewer).await;
    for (browser, base) in [(&mut vera, format!("/projects/{project}")), (&mut sara, format!("/console/projects/{project}"))] {
        let list = browser.get(&format!("{base}/customer-keys?environment=sandbox")).await.page;
        assert!(list.contains(&format!("href=\"{base}/customer-keys.csv?environment=sandbox\"")), "{list}");
        let file = browser.get(&format!("{base}/customer-keys.csv?environment=sandbox")).await;
        assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
        assert!(file.headers["content-disposition"].to_str().expect("text").contains("customer-keys.csv"));
        assert!(file.page.contains("\"A2\"") && file.page.contains("\"A3\"") && !file.page.contains("\"A1\""), "{}", file.page);
        let all = browser.get(&format!("{base}/customer-keys.csv")).await.page;
        assert!(all.lines().count() == 4 && secrets.iter().all(|secret| !all.contains(secret.expose())), "{all}");
    }
}

#[tokio::test]
async fn the_page_of_a_key_says_when_it_was_last_used_and_how_much_in_thirty_days() {
    let (_test, desk, founded) = platform().await;
    let project = founded.first.project.id;
    let key = customer_keys::create(&desk.app, &Actor::System, project, Production, "740561073").await.expect("issues").record.id;
    let mut vera = desk.member(founded.organisation.id, "vera@platform.example", Role::Viewer).await;
    let of = format!("/projects/{project}/customer-keys/{key}");
    let unused = vera.get(&of).await.page;
    assert!(unused.contains("Last use</dt><dd>none") && !unused.contains("Use in the last 30 days"), "{unused}");
    let today = customer_key_usage::day(desk.app.now());
    let mut tx = desk.app.db().begin().await.expect("begins");
    for (day, passed, refused) in [(today, 1234, 5), (today - 29, 1, 0), (today - 30, 99, 99)] {
        customer_key_usage::add(&mut tx, &key, &Day { day, passed, refused }).await.expect("counts");
    }
    acting::note_use(&mut tx, &key, Moment(desk.app.now())).await.expect("notes");
    tx.commit(desk.app.now()).await.expect("commits");
    let page = vera.get(&of).await.page;
    assert!(page.contains("1,235 requests passed and 5 were refused"), "{page}");
    assert!(!page.contains("Last use</dt><dd>none"), "{page}");
    assert!(page.contains("2026-06-01") && page.contains("2026-05-03") && !page.contains("2026-05-02"), "{page}");
}

#[tokio::test]
async fn what_a_key_may_ask_for_is_set_for_each_of_a_project_and_for_one_alone() {
    let (_test, desk, founded) = platform().await;
    let project = founded.first.project.id;
    let key = customer_keys::create(&desk.app, &Actor::System, project, Sandbox, "740561073").await.expect("issues").record.id;
    let mut dora = desk.member(founded.organisation.id, "dora@platform.example", Role::Developer).await;
    let keys = format!("/projects/{project}/customer-keys");
    let (all, one) = (format!("{keys}/limits?environment=sandbox"), format!("{keys}/{key}/limits"));
    assert!(dora.get(&keys).await.page.contains(&format!("href=\"{keys}/limits\"")));
    assert!(dora.get(&format!("{keys}/{key}")).await.page.contains("no limit"));
    for (fields, wrong) in [
        ([("rate_requests", "ten"), ("rate_window", "60"), ("quota", "")], "rate_requests"),
        ([("rate_requests", "10"), ("rate_window", ""), ("quota", "")], "rate_window"),
        ([("rate_requests", "0"), ("rate_window", "60"), ("quota", "")], "rate_requests"),
        ([("rate_requests", "1"), ("rate_window", "86401"), ("quota", "")], "rate_window"),
        ([("rate_requests", ""), ("rate_window", "60"), ("quota", "0")], "quota"),
    ] {
        for path in [&all, &one] {
            let answer = dora.post(path, &fields).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {fields:?}");
            assert!(answer.page.contains(&format!("id=\"{wrong}-wrong\"")), "{path} {fields:?}: {}", answer.page);
        }
    }
    assert_eq!(dora.post(&all, &[("rate_requests", "10"), ("rate_window", "60"), ("quota", "1000")]).await.status, StatusCode::SEE_OTHER);
    assert!(dora.get(&format!("{keys}/{key}")).await.page.contains("10 requests every 60 s, 1,000 requests a day"));
    assert!(!dora.get(&format!("{keys}/limits")).await.page.contains("value=\"1000\""), "production is another thing");
    assert_eq!(dora.post(&one, &[("rate_requests", ""), ("rate_window", "60"), ("quota", "7")]).await.status, StatusCode::SEE_OTHER);
    let page = dora.get(&format!("{keys}/{key}")).await.page;
    assert!(page.contains("7 requests a day") && !page.contains("every 60 s"), "{page}");
    assert_eq!(dora.post(&one, &[("as_project", "yes")]).await.status, StatusCode::SEE_OTHER);
    assert!(dora.get(&format!("{keys}/{key}")).await.page.contains("10 requests every 60 s"));
    customer_keys::set_status(&desk.app, &Actor::System, &key, Standing::Revoked).await.expect("revokes");
    assert_eq!(dora.post(&one, &[("quota", "7")]).await.status, StatusCode::NOT_FOUND);
}
