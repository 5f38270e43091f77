//! What the operator tells everybody: written in the console, read on the page of the status, in its feed and on top of every page.

use app::{
    Actor, App,
    announcements::{self, Draft},
};
use domain::{
    AnnouncementId, Environment,
    announcement::Kind,
    role::{Role, Staff},
};
use http::StatusCode;
use jiff::SignedDuration;
use store::testkit;

use crate::desk::Desk;

const MARKUP: &str = "<img src=x onerror=alert(1)>";

fn draft(kind: Kind) -> Draft {
    Draft {
        kind,
        environment: None,
        api: String::new(),
        title_spanish: "Etiquetas con retraso".into(),
        title_english: format!("Labels are late {MARKUP}"),
        text_spanish: "Estamos en ello.".into(),
        text_english: format!("We are on it. {MARKUP}"),
        starts_at: None,
        ends_at: None,
    }
}

/// A draft, for tests of all routes.
pub async fn written(app: &App) -> AnnouncementId {
    announcements::create(app, &Actor::System, &draft(Kind::Notice)).await.expect("writes")
}

async fn published(desk: &Desk, draft: &Draft) -> AnnouncementId {
    let id = announcements::create(&desk.app, &Actor::System, draft).await.expect("writes");
    announcements::publish(&desk.app, &Actor::System, id, 1, false).await.expect("publishes");
    desk.directory.catch_up().await.expect("hears of it");
    id
}

fn fields(changes: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let mut fields = vec![
        ("kind", "incident"),
        ("environment", "production"),
        ("api", "labels"),
        ("title_spanish", "Etiquetas con retraso"),
        ("title_english", "Labels are late"),
        ("text_spanish", "Estamos en ello."),
        ("text_english", "We are on it."),
        ("revision", "1"),
    ];
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    fields
}

#[tokio::test]
async fn a_publisher_writes_publishes_adds_to_and_ends_an_incident() {
    let test = testkit::sqlite().await;
    let desk = Desk::open_to_staff(&test).await;
    let mut publisher = desk.signed_in("pia@operator.example", Some(Staff::Publisher)).await;
    let made = publisher.post("/console/announcements/new", &fields(&[])).await;
    let (path, done) = made.location().split_once('?').expect("a path");
    assert!(path.starts_with("/console/announcements/") && done == "done=draft-saved", "{}", made.page);
    let draft = publisher.get(path).await.page;
    // Both languages as they will be read, and nothing for anybody else yet.
    assert!(draft.contains("lang=\"es\"") && draft.contains("Estamos en ello.") && draft.contains("We are on it."), "{draft}");
    assert!(!desk.browser().get("/status").await.page.contains("Labels are late"));

    let late = publisher.post(&format!("{path}/publish"), &[("revision", "7")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "somebody changed it meanwhile");
    let done = publisher.post(&format!("{path}/publish"), &[("revision", "1")]).await;
    assert!(done.location().ends_with("done=announcement-published"), "{}", done.page);
    for page in ["/", "/guides", "/organisations", "/console"] {
        let page = publisher.get(page).await.page;
        assert!(page.contains("class=\"band wrong\"") && page.contains("Labels are late"), "{page}");
    }
    let status = desk.browser().get("/status").await.page;
    assert!(
        status.contains("There is an incident.") && status.contains("with an incident") && !status.contains("Everything works."),
        "{status}"
    );
    // The sandbox is not concerned.
    assert_eq!(status.matches("with an incident").count(), 1, "{status}");

    let news = [("revision", "1"), ("stage", "resolved"), ("spanish", "Ya va."), ("english", "It works again.")];
    let done = publisher.post(&format!("{path}/update"), &news).await;
    assert!(done.location().ends_with("done=announcement-updated"), "{}", done.page);
    let status = desk.browser().get("/status").await.page;
    assert!(status.contains("Everything works.") && status.contains("It works again.") && status.contains("Labels are late"), "{status}");
    assert!(!desk.browser().get("/").await.page.contains("class=\"band"));
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field_and_keeps_what_was_typed() {
    let test = testkit::sqlite().await;
    let desk = Desk::open_to_staff(&test).await;
    let mut publisher = desk.signed_in("pia@operator.example", Some(Staff::Publisher)).await;
    for (change, field) in [
        (("kind", "maintenance"), "ends_at"),
        (("kind", "party"), "kind"),
        (("starts_at", "tomorrow"), "starts_at"),
        (("title_english", ""), "title_english"),
        (("api", "nothing"), "api"),
    ] {
        let refused = publisher.post("/console/announcements/new", &fields(&[change])).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert!(
            refused.page.contains(&format!("href=\"#{field}\"")) && refused.page.contains("Estamos en ello."),
            "{field}: {}",
            refused.page
        );
    }
    // Whoever only looks sees no form, and is refused without one.
    let id = written(&desk.app).await;
    let mut viewer = desk.signed_in("vera@operator.example", Some(Staff::Viewer)).await;
    let page = viewer.get(&format!("/console/announcements/{id}")).await.page;
    assert!(!page.contains("/publish\"") && !page.contains("/discard\"") && !page.contains(MARKUP), "{page}");
    for verb in ["", "/publish", "/update", "/end", "/discard"] {
        let refused = viewer.post(&format!("/console/announcements/{id}{verb}"), &fields(&[])).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{verb}");
    }
}

#[tokio::test]
async fn maintenance_is_on_every_page_from_a_day_before_and_no_sooner() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let starts = desk.app.now() + SignedDuration::from_hours(48);
    let work = Draft {
        environment: Some(Environment::Sandbox),
        starts_at: Some(starts),
        ends_at: Some(starts + SignedDuration::from_hours(1)),
        ..draft(Kind::Maintenance)
    };
    published(&desk, &work).await;
    published(&desk, &draft(Kind::Notice)).await;
    let bands = async || desk.browser().get("/apis").await.page.matches("class=\"band").count();
    assert_eq!(bands().await, 0, "two days ahead, and a notice is not for every page");
    let status = desk.browser().get("/status").await.page;
    assert!(status.contains("Labels are late &#60;img") && !status.contains(MARKUP), "{status}");
    for (hours, number, stopped) in [(24, 1, 0), (24, 1, 1), (1, 0, 0)] {
        // Nothing tells the portal that time goes by.
        desk.hands.advance(hours * 3600);
        assert_eq!(bands().await, number, "{stopped}");
        let status = desk.browser().get("/status").await.page;
        // The sandbox's row and no other.
        assert_eq!(status.matches("under maintenance").count(), stopped, "{status}");
        assert_eq!(status.matches("Maintenance is under way.").count(), stopped, "{status}");
        assert_eq!(status.matches("Everything works.").count(), 1 - stopped, "{status}");
    }
}

#[tokio::test]
async fn the_feed_has_each_announcement_in_the_language_asked_for() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let id = published(&desk, &draft(Kind::Incident)).await;
    let english = desk.browser().get("/status.atom").await;
    assert_eq!(english.headers["content-type"], "application/atom+xml; charset=utf-8");
    assert!(english.page.starts_with("<?xml") && english.page.contains(&format!("<id>urn:uuid:{id}</id>")), "{}", english.page);
    assert!(english.page.contains("Incident: Labels are late") && !english.page.contains(MARKUP), "{}", english.page);
    let spanish = desk.browser().get("/status.atom?lang=es").await.page;
    assert!(spanish.contains("xml:lang=\"es\"") && spanish.contains("Incidencia: Etiquetas con retraso"), "{spanish}");
}

#[tokio::test]
async fn the_feed_says_what_is_concerned_and_when_and_that_it_is_over_or_called_off() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let (now, hour) = (desk.app.now(), SignedDuration::from_hours(1));
    let told = |at: domain::Timestamp| at.strftime("%Y-%m-%d %H:%M UTC").to_string();
    let short = Draft { api: "labels".into(), ends_at: Some(now + hour), environment: Some(Environment::Sandbox), ..draft(Kind::Notice) };
    published(&desk, &short).await;
    let planned = published(&desk, &Draft { starts_at: Some(now + hour * 9), ..draft(Kind::Notice) }).await;
    let feed = async |query: &str| desk.browser().get(&format!("/status.atom{query}")).await.page;
    let (english, times) = (feed("").await, format!("sandbox · API labels · {} – {}", told(now), told(now + hour)));
    assert!(english.contains(&format!("{times}\n\nWe are on it.")), "{english}");
    assert!(english.contains(&format!("sandbox and production · from {}\n", told(now + hour * 9))), "{english}");
    // Nothing tells the portal that time goes by; a reader sees by the date that something is new.
    desk.hands.advance(7200);
    let english = feed("").await;
    let turned = (now + hour).strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    assert!(english.contains(&format!("{times} · over\n")), "{english}");
    assert_eq!(english.matches(&format!("<updated>{turned}</updated>")).count(), 2, "of the entry and of the feed: {english}");
    announcements::end(&desk.app, &Actor::System, planned).await.expect("calls it off");
    desk.directory.catch_up().await.expect("hears of it");
    let spanish = feed("?lang=es").await;
    assert!(spanish.contains(" · cancelado\n") && spanish.contains(" · terminado\n"), "{spanish}");
}

#[tokio::test]
async fn the_mail_goes_to_as_many_as_the_page_said() {
    let test = testkit::sqlite().await;
    let desk = Desk::open_to_staff(&test).await;
    let founded = desk.founded("Librería").await;
    desk.member(founded.organisation.id, "olga@shop.example", Role::Owner).await;
    crate::projects::granted(&desk, founded.first.project.id, "labels").await;
    let mut publisher = desk.signed_in("pia@operator.example", Some(Staff::Publisher)).await;
    let id =
        announcements::create(&desk.app, &Actor::System, &Draft { api: "labels".into(), ..draft(Kind::Notice) }).await.expect("writes");
    let path = format!("/console/announcements/{id}");
    assert!(publisher.get(&path).await.page.contains("Recipients: 1<"));
    publisher.post(&format!("{path}/publish"), &[("revision", "1"), ("by_mail", "yes")]).await;
    let mails = app::mail::mailbox(&desk.app, 100).await.expect("reads");
    let told: Vec<_> = mails.iter().filter(|mail| mail.mail.kind == "announced").map(|mail| mail.mail.recipient.to_string()).collect();
    assert_eq!(told, ["olga@shop.example"]);
}
