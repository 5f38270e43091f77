//! Forms that other sites, or other visitors, send (trust section 1, row 51).

use http::StatusCode;
use store::testkit;

use super::*;

/// Names and values.
type Fields<'a> = &'a [(&'a str, &'a str)];

#[tokio::test]
async fn a_form_that_is_not_ours_is_refused_and_nothing_is_done() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let mut ana = desk.browser();
    registered(&desk, &mut ana, ANA).await;
    register(&mut ana, "bea@shop.example").await;
    let verify = token(&desk, "bea@shop.example", "/verify").await;
    desk.hands.advance(1);
    ana.post("/recover", &[("email", ANA)]).await;
    let recover = token(&desk, ANA, "/recover/new-password").await;
    let before = mails(&desk).await;

    let mut victim = desk.browser();
    victim.get("/").await;
    let mut other = desk.browser();
    other.get("/").await;
    let token_of = |browser: &Browser| desk.app.form_token(&browser.cookies["postigo-visitor"]);
    let (own, others) = (token_of(&victim), token_of(&other));
    assert_ne!(own, others);
    let same = [("sec-fetch-site", "same-origin")];
    let cases: [(_, Option<&str>, Fields<'_>); 9] = [
        ("no token", None, &same),
        ("an empty one", Some(""), &same),
        ("a wrong one", Some("0123456789abcdef"), &same),
        ("another visitor's", Some(&others), &same),
        ("from another site", Some(&own), &[("sec-fetch-site", "cross-site")]),
        ("from a sibling", Some(&own), &[("sec-fetch-site", "same-site")]),
        ("from another origin", Some(&own), &[("origin", "https://evil.example")]),
        ("from no origin", Some(&own), &[("origin", "null")]),
        ("from an origin like ours", Some(&own), &[("origin", "http://portal.example.evil.example")]),
    ];
    let doors: [(_, Fields<'_>); 7] = [
        ("/register", &[("email", "eva@shop.example"), ("name", "Eva"), ("password", PASSWORD)]),
        ("/register/again", &[("email", "bea@shop.example")]),
        ("/verify", &[("token", &verify)]),
        ("/sign-in", &[("email", ANA), ("password", PASSWORD)]),
        ("/sign-in/passkey/begin", &[]),
        ("/recover", &[("email", ANA)]),
        ("/recover/new-password", &[("token", &recover), ("password", "nueve nubes verdes")]),
    ];
    for (path, fields) in doors {
        for (what, token, headers) in cases {
            let mut sent = fields.to_vec();
            sent.extend(token.map(|token| ("form_token", token)));
            let answer = victim.post_only(path, &sent, headers).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}, {what}");
            assert!(!victim.cookies.contains_key("postigo-session"), "{path}, {what}");
        }
    }
    assert_eq!(mails(&desk).await, before, "nobody was written to");
    assert!(accounts::find(&desk.app, "eva@shop.example").await.is_err());
    assert!(accounts::peek(&desk.app, &verify, accounts::Purpose::Verify).await.is_ok(), "the link was not used up");
    assert!(accounts::peek(&desk.app, &recover, accounts::Purpose::Recover).await.is_ok(), "nor was this one");
    let mine = victim.post_only("/sign-in", &[("email", ANA), ("password", PASSWORD), ("form_token", &own)], &[("origin", URL)]).await;
    assert_eq!(mine.location(), "/organisations", "while our own page's form is taken");
}

#[tokio::test]
async fn signing_out_needs_a_form_of_ours_and_kills_the_cookie() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let mut ana = desk.signed_in(ANA, None).await;
    let cookie = ana.cookies["postigo-session"].clone();
    let forged = ana.post_only("/sign-out", &[], &[("sec-fetch-site", "cross-site")]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    assert!(held(&ana, &desk).await.is_some());
    assert_eq!(ana.post("/sign-out", &[]).await.location(), "/?done=signed-out");
    assert!(!ana.cookies.contains_key("postigo-session"));
    ana.cookies.insert("postigo-session".into(), cookie);
    assert!(held(&ana, &desk).await.is_none());
}
