//! The operator's own things in the console: the audit log, signing keys, staff.

use app::{Actor, audit, mail, signing_keys, signing_keys::State, staff};
use domain::{Environment, KeyId, client_method::ClientMethod, role::Staff};
use http::StatusCode;
use store::testkit::{self, TestDb};

use crate::desk::{Browser, Desk, PASSWORD};

async fn desk() -> (TestDb, Desk) {
    let test = testkit::sqlite().await;
    let desk = Desk::open_to_staff(&test).await;
    (test, desk)
}

async fn administrator(desk: &Desk) -> Browser {
    desk.signed_in("ada@carrier.example", Some(Staff::Administrator)).await
}

#[tokio::test]
async fn the_log_is_read_in_words_filtered_and_paged() {
    let (_test, desk) = desk().await;
    let founded = desk.founded("Librería <b>Ana</b>").await;
    let mut vera = desk.signed_in("vera@carrier.example", Some(Staff::Viewer)).await;
    let page = vera.get("/console/audit").await.page;
    assert!(page.contains("created an organisation") && page.contains("Librería &#60;b&#62;Ana"), "{page}");
    assert!(page.contains(&format!("href=\"/console/organisations/{}\"", founded.organisation.id)));
    assert!(!page.contains("/console/audit/export"), "a viewer takes nothing away");
    let page = vera.get("/console/audit?who=vera%40carrier.example&lang=es").await.page;
    assert!(page.contains("entró<br>") && !page.contains("<code class=\"small\">organisation.create</code>"), "{page}");
    let wrong = vera.get("/console/audit?lang=en&since=soon").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.page.contains("id=\"since-wrong\"") && wrong.page.contains("value=\"soon\""), "{}", wrong.page);
    for number in 0..60 {
        desk.founded(&format!("Shop {number}")).await;
    }
    let page = vera.get("/console/audit?what=organisation").await.page;
    assert_eq!(page.matches("<code class=\"small\">organisation.create</code>").count(), 50);
    let next = page.split("href=\"/console/audit?").find(|rest| rest.contains("before=")).expect("another page");
    let next = next.split('"').next().expect("an address").replace("&#38;", "&").replace("&amp;", "&");
    let page = vera.get(&format!("/console/audit?{next}")).await.page;
    assert_eq!(page.matches("<code class=\"small\">organisation.create</code>").count(), 11);
    assert_eq!(vera.get("/console/audit?before=x").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_viewer_checks_the_chain_and_an_administrator_takes_the_log_away() {
    let (_test, desk) = desk().await;
    desk.founded("=1+1").await;
    let mut vera = desk.signed_in("vera@carrier.example", Some(Staff::Viewer)).await;
    let checked = vera.post("/console/audit/verify", &[]).await;
    assert_eq!(checked.status, StatusCode::OK);
    assert!(checked.page.contains("<strong>Whole.</strong>"), "{}", checked.page);
    assert_eq!(vera.post("/console/audit/export", &[("format", "csv")]).await.status, StatusCode::FORBIDDEN);
    let mut ada = administrator(&desk).await;
    let file = ada.post("/console/audit/export", &[("format", "jsonl"), ("what", "organisation")]).await;
    assert_eq!((file.status, &file.headers["content-type"]), (StatusCode::OK, &"application/jsonl".parse().expect("a value")));
    assert!(file.headers["content-disposition"].to_str().expect("text").contains("audit.jsonl"));
    assert_eq!(file.page.lines().count(), 1, "{}", file.page);
    let csv = ada.post("/console/audit/export", &[("format", "csv")]).await;
    assert!(csv.page.starts_with("seq,at,actor") && csv.page.contains("audit.export"), "{}", csv.page);
    assert!(ada.post("/console/audit/export", &[("format", "exe")]).await.status.is_client_error());
    let left = audit::list(&desk.app, &Actor::System, &audit::Wanted { what: "audit".into(), ..Default::default() }, None, 10).await;
    assert_eq!(left.expect("reads").rows.len(), 2);
}

async fn keys(desk: &Desk) -> Vec<(KeyId, State)> {
    let keys = signing_keys::list(&desk.app, &Actor::System, Environment::Sandbox).await.expect("reads");
    keys.into_iter().map(|listed| (listed.key.id, listed.state)).collect()
}

#[tokio::test]
async fn a_key_is_announced_and_a_leaked_one_ended_after_a_page_that_says_what_stops() {
    let (_test, desk) = desk().await;
    let mut vera = desk.signed_in("vera@carrier.example", Some(Staff::Viewer)).await;
    let page = vera.get("/console/keys").await.page;
    assert!(page.contains("signing") && !page.contains("/rotate") && !page.contains("/retire"), "{page}");
    let mut ada = administrator(&desk).await;
    desk.hands.advance(60);
    let announced = ada.post("/console/keys/sandbox/rotate", &[]).await;
    assert_eq!(announced.location(), "/console/keys?done=key-announced");
    assert_eq!(keys(&desk).await.iter().filter(|(_, state)| *state == State::Announced).count(), 1);
    let again = ada.post("/console/keys/sandbox/rotate", &[]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.page.contains("announced already"), "{}", again.page);
    assert_eq!(ada.post("/console/keys/nowhere/rotate", &[]).await.status, StatusCode::NOT_FOUND);

    let (signing, _) = keys(&desk).await.into_iter().find(|(_, state)| *state == State::Signing).expect("one signs");
    let path = format!("/console/keys/{signing}/retire");
    let page = ada.get(&path).await.page;
    assert!(page.contains("every integrator must fetch another") && page.contains("The announced key signs"), "{page}");
    desk.hands.advance(601);
    assert!(ada.get(&path).await.location().starts_with("/account/prove?next="), "an old proof does not do");
    assert!(ada.post(&path, &[]).await.location().starts_with("/account/prove"), "nor for the deed");
    let proof = [("password", PASSWORD), ("next", path.as_str())];
    assert_eq!(ada.post("/account/prove", &proof).await.status, StatusCode::SEE_OTHER);
    let (signing, _) = keys(&desk).await.into_iter().find(|(_, state)| *state == State::Signing).expect("the other signs now");
    let done = ada.post(&format!("/console/keys/{signing}/retire"), &[]).await;
    assert_eq!(done.location(), "/console/keys?done=key-retired");
    assert_eq!(keys(&desk).await.iter().find(|(id, _)| *id == signing).expect("there").1, State::Retired);
    assert_eq!(ada.get(&format!("/console/keys/{signing}/retire")).await.location(), "/console/keys");
    assert_eq!(ada.get("/console/keys/nope/retire").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_is_invited_accepts_behind_the_link_and_is_staff() {
    let (_test, desk) = desk().await;
    let mut ada = administrator(&desk).await;
    let wrong = ada.post("/console/staff/invite", &[("email", "nobody"), ("role", "support")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.page.contains("id=\"email-wrong\"") && wrong.page.contains("value=\"nobody\""), "{}", wrong.page);
    let sent = ada.post("/console/staff/invite", &[("email", "sara@people.example"), ("role", "support")]).await;
    assert_eq!(sent.location(), "/console/staff?done=invited");
    assert!(ada.get("/console/staff").await.page.contains("sara@people.example"));
    let letter = mail::mailbox(&desk.app, 1).await.expect("reads").remove(0).text.expect("kept");
    let path = letter
        .expose()
        .split_whitespace()
        .find_map(|word| word.split_once("/staff/accept").map(|(_, rest)| format!("/staff/accept{rest}")));
    let (path, token) = path.as_deref().and_then(|path| path.split_once("?token=").map(|(_, token)| (path, token))).expect("a link");

    assert!(desk.browser().get(path).await.page.contains("/sign-in?next=%2Fstaff%2Faccept"));
    let mut eva = desk.signed_in("eva@people.example", None).await;
    assert!(eva.get(path).await.page.contains("You are signed in as eva@people.example"));
    assert_eq!(eva.post("/staff/accept", &[("token", token)]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(eva.get("/console").await.status, StatusCode::NOT_FOUND);
    let mut sara = desk.signed_in("sara@people.example", None).await;
    assert_eq!(sara.post("/staff/accept", &[("token", token)]).await.location(), "/console");
    assert_eq!(sara.get("/console").await.status, StatusCode::OK);
    assert_eq!(sara.get("/console/staff/invite").await.status, StatusCode::FORBIDDEN);
    assert_eq!(desk.browser().get(path).await.status, StatusCode::NOT_FOUND, "the link is used up");
}

#[tokio::test]
async fn who_is_removed_is_signed_out_and_the_last_administrator_stays() {
    let (_test, desk) = desk().await;
    let mut ada = administrator(&desk).await;
    let mut sara = desk.signed_in("sara@carrier.example", Some(Staff::Support)).await;
    let (own, other) = (ada.account.expect("signed in"), sara.account.expect("signed in"));
    let page = ada.get("/console/staff").await.page;
    assert!(page.contains(&format!("/console/staff/{other}")) && !page.contains(&format!("/console/staff/{own}")), "{page}");
    assert_eq!(ada.post(&format!("/console/staff/{other}"), &[("role", "publisher")]).await.location(), "/console/staff?done=role-changed");
    assert_eq!(staff::find(&desk.app, &Actor::System, other).await.expect("there").staff(), Some(Staff::Publisher));
    let own_role = ada.post(&format!("/console/staff/{own}"), &[("role", "viewer")]).await;
    assert_eq!(own_role.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(own_role.page.contains("obody changes their own role"), "{}", own_role.page);
    assert_eq!(ada.post(&format!("/console/staff/{own}/remove"), &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(ada.get(&format!("/console/staff/{other}/remove")).await.page.contains("Their sessions end now"));
    assert_eq!(ada.post(&format!("/console/staff/{other}/remove"), &[]).await.location(), "/console/staff?done=staff-removed");
    assert!(sara.get("/organisations").await.location().starts_with("/sign-in"), "the session has ended");
    assert_eq!(ada.get(&format!("/console/staff/{other}")).await.status, StatusCode::NOT_FOUND);
    let mut olga = desk.signed_in("olga@people.example", None).await;
    let stranger = olga.account.expect("signed in");
    assert_eq!(
        ada.post(&format!("/console/staff/{stranger}"), &[("role", "viewer")]).await.status,
        StatusCode::NOT_FOUND,
        "others are invited"
    );
    assert_eq!(olga.get("/console/staff").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn secrets_are_told_that_somebody_should_look_at() {
    let (_test, desk) = desk().await;
    let founded = desk.founded("Librería").await;
    desk.hands.advance(400 * 86_400);
    let mut vera = desk.signed_in("vera@carrier.example", Some(Staff::Viewer)).await;
    let quiet = vera.get("/console/secrets?show=quiet").await.page;
    assert!(quiet.contains(&format!("/projects/{}", founded.first.project.id)) && quiet.contains("none ever"), "{quiet}");
    let mut tx = desk.app.db().begin().await.expect("begins");
    let (secret, now) = (&founded.first.client.secret.record, store::Moment(desk.app.now()));
    testkit::note_use(&mut tx, secret.id, now, None).await.expect("notes");
    tx.commit(*now).await.expect("commits");
    let old = vera.get("/console/secrets?show=old&lang=es").await.page;
    assert!(old.contains(&secret.prefix) && old.contains("Librería") && old.contains("400 días"), "{old}");
    assert!(vera.get("/console/secrets?lang=en").await.page.contains("None."));
    assert_eq!(vera.get("/console/secrets?show=all").await.status, StatusCode::NOT_FOUND);
    assert_eq!(vera.get("/console/secrets?after=x").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn clients_that_use_an_old_method_are_told_with_what_to_tell_them() {
    let (_test, desk) = desk().await;
    let founded = desk.founded("Librería").await;
    let client = &founded.first.client.client.id;
    let mut vera = desk.signed_in("vera@carrier.example", Some(Staff::Viewer)).await;
    assert!(vera.get("/console/secrets?lang=en").await.page.contains("href=\"/console/secrets/methods\""));
    assert!(vera.get("/console/secrets/methods?lang=en").await.page.contains("None."));
    let now = store::Moment(desk.app.now());
    let mut tx = desk.app.db().begin().await.expect("begins");
    for method in [ClientMethod::QueryToken, ClientMethod::SecretPost] {
        store::client_methods::note(&mut tx, client, method, now, "192.0.2.44", Some("cart<1>")).await.expect("notes");
    }
    tx.commit(*now).await.expect("commits");

    let query = vera.get("/console/secrets/methods?method=query_token&lang=en").await.page;
    assert!(query.contains(client.as_str()) && query.contains("Librería") && query.contains("192.0.2.44"), "{query}");
    assert!(query.contains("cart&#60;1&#62;") && query.contains("take access_token out of the URL"), "{query}");
    let post = vera.get("/console/secrets/methods?method=client_secret_post&lang=es").await.page;
    assert!(post.contains(client.as_str()) && !post.contains("Qué decirles"), "as the carriers have it: {post}");
    assert_eq!(vera.get("/console/secrets/methods?method=none").await.status, StatusCode::NOT_FOUND);
    assert_eq!(vera.get("/console/secrets/methods?after=x").await.status, StatusCode::NOT_FOUND);
}
