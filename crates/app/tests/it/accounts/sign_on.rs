use app::{
    Error,
    accounts::{self, Arrived, Needs, Opened, Refusal, Returned, SignOnRefusal, SignedIn, Terms},
    audit, staff,
};
use domain::{Language, role::Staff};
use serde_json::json;
use store::testkit::TestDb;

use super::{
    operators_provider::{ISSUER, Operators},
    people::{PASSWORD, People, half, operator, people_with, settings, visit, whole},
};

mod linking;
mod staff_there;

const ANA: &str = "ana@operator.example";
const BROWSER: &str = "a browser";

/// A house whose staff sign on by the operator's provider.
async fn house(test: &TestDb, change: impl FnOnce(&mut Terms)) -> (People, Operators) {
    let people = people_with(test, settings()).await;
    let operators = Operators::new(people.hands.clone());
    let app = people.app.clone().with(app::Settings { sign_on: Some(operators.sign_on(change)), ..settings() });
    (People { app, ..people }, operators)
}

impl People {
    /// Signs in by password where staff need no second factor of ours.
    async fn enter_as_staff(&self, email: &str) -> SignedIn {
        let app = self.app.clone().with(app::Settings { staff_second_factor: false, ..self.app.settings().clone() });
        whole(accounts::sign_in(&app, email, PASSWORD, visit()).await.expect("signs in").session)
    }

    async fn begin(&self, operators: &Operators, who: Option<&SignedIn>) -> String {
        let url = accounts::begin_sign_on(&self.app, who, "/console", BROWSER, visit()).await.expect("begins");
        operators.sees(&url)["state"].clone()
    }

    async fn come_back(&self, state: &str, who: Option<&SignedIn>) -> Result<Arrived, Error> {
        self.come_back_as(Returned { state, code: "good", error: "", issuer: "" }, who, BROWSER).await
    }

    async fn come_back_as(&self, returned: Returned<'_>, who: Option<&SignedIn>, browser: &str) -> Result<Arrived, Error> {
        accounts::finish_sign_on(&self.app, returned, who, browser, Language::English, visit()).await
    }

    /// All the way, with nobody signed in before.
    async fn sign_on(&self, operators: &Operators) -> Result<Opened, Error> {
        let state = self.begin(operators, None).await;
        Ok(opened(self.come_back(&state, None).await?))
    }

    /// What the page brings back that asks whoever holds the account.
    async fn ticket(&self, operators: &Operators, who: &SignedIn) -> String {
        let state = self.begin(operators, None).await;
        match self.come_back(&state, Some(who)).await.expect("asks") {
            Arrived::Linking { ticket } => ticket,
            _ => panic!("let in unasked"),
        }
    }

    /// A sign-on with a token that says this.
    async fn sign_on_with(&self, operators: &Operators, changes: serde_json::Value) -> Result<Opened, Error> {
        operators.says(&changes);
        self.sign_on(operators).await
    }
}

fn opened(arrived: Arrived) -> Opened {
    match arrived {
        Arrived::In { opened, next } => {
            assert_eq!(next, "/console");
            *opened
        }
        Arrived::Proved { .. } => panic!("a proof"),
        Arrived::Linking { .. } => panic!("a question"),
    }
}

fn why<T>(result: Result<T, Error>) -> SignOnRefusal {
    match result {
        Err(Error::Account(Refusal::SignOn(refusal))) => refusal,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("let in"),
    }
}

store::on_both_engines! {
    async fn whoever_the_provider_knows_gets_an_account_a_role_and_eight_hours(test: TestDb) {
        let (people, operators) = house(&test, |_| {}).await;
        let first = people.sign_on(&operators).await.expect("signs on");
        let who = whole(people.session(&first).await.expect("live"));
        let account = who.account();
        assert_eq!((account.email.as_str(), account.name.as_str(), account.staff()), (ANA, "Ana Pérez", Some(Staff::Support)));
        assert_eq!((account.language(), account.has_password), (Some(Language::Spanish), false));

        // The same person under another address is the same account, and what the provider says of the role counts at once.
        let changes = json!({"email": "perez@operator.example", "groups": ["looks", "rules"]});
        let again = whole(people.sign_on_with(&operators, changes).await.expect("signs on").session);
        assert_eq!((again.id(), again.account().staff()), (who.id(), Some(Staff::Administrator)));
        let lowered = whole(people.sign_on_with(&operators, json!({"groups": "looks"})).await.expect("signs on").session);
        assert_eq!(lowered.account().staff(), Some(Staff::Viewer));
        assert_eq!(whole(people.session(&first).await.expect("live")).account().staff(), Some(Staff::Viewer), "in the sessions before, too");

        for _ in 0..7 {
            people.hands.advance(3600);
            assert!(people.session(&first).await.is_some());
        }
        people.hands.advance(3600);
        assert!(people.session(&first).await.is_none(), "after eight hours however much it is used");
    }

    async fn an_answer_is_good_once_in_one_browser_and_for_ten_minutes(test: TestDb) {
        let (people, operators) = house(&test, |_| {}).await;
        let state = people.begin(&operators, None).await;
        opened(people.come_back(&state, None).await.expect("signs on"));
        assert_eq!(why(people.come_back(&state, None).await), SignOnRefusal::State, "used");

        let state = people.begin(&operators, None).await;
        let back = Returned { state: &state, code: "good", error: "", issuer: "" };
        assert_eq!(why(people.come_back_as(back, None, "another browser").await), SignOnRefusal::State);
        assert_eq!(why(people.come_back(&state, None).await), SignOnRefusal::State, "and burnt by that");

        for made_up in ["", "x", &"x".repeat(5000)] {
            assert_eq!(why(people.come_back(made_up, None).await), SignOnRefusal::State);
        }
        let state = people.begin(&operators, None).await;
        people.hands.advance(600);
        assert_eq!(why(people.come_back(&state, None).await), SignOnRefusal::State, "too late");

        // The code of one sign-on is of no use to another: its verifier is another.
        let (mine, _) = (people.begin(&operators, None).await, people.begin(&operators, None).await);
        assert_eq!(why(people.come_back(&mine, None).await), SignOnRefusal::State);
    }

    async fn the_oldest_of_many_begun_in_one_browser_is_over(test: TestDb) {
        let (people, operators) = house(&test, |_| {}).await;
        let first = people.begin(&operators, None).await;
        people.hands.advance(1);
        for _ in 0..5 {
            people.begin(&operators, None).await;
        }
        assert_eq!(why(people.come_back(&first, None).await), SignOnRefusal::State);
    }

    async fn who_answers_says_so_and_errors_are_not_shown(test: TestDb) {
        let (people, operators) = house(&test, |_| {}).await;
        for (error, refusal) in [("access_denied", SignOnRefusal::Denied), ("<b>server_error", SignOnRefusal::Provider)] {
            let state = people.begin(&operators, None).await;
            let denied = people.come_back_as(Returned { state: &state, code: "", error, issuer: "" }, None, BROWSER).await;
            assert_eq!(why(denied), refusal);
        }
        let state = people.begin(&operators, None).await;
        let strange = Returned { state: &state, code: "good", error: "", issuer: "https://evil.example" };
        assert_eq!(why(people.come_back_as(strange, None, BROWSER).await), SignOnRefusal::Token);

        people.hands.advance(3600);
        operators.publishes(json!({"authorization_response_iss_parameter_supported": true}));
        let state = people.begin(&operators, None).await;
        assert_eq!(why(people.come_back(&state, None).await), SignOnRefusal::Token, "it always says so, and did not");
        let state = people.begin(&operators, None).await;
        let named = Returned { state: &state, code: "good", error: "", issuer: ISSUER };
        opened(people.come_back_as(named, None, BROWSER).await.expect("signs on"));
    }

    async fn a_token_that_is_not_in_order_lets_nobody_in(test: TestDb) {
        let (people, operators) = house(&test, |_| {}).await;
        for bad in [
            json!({"nonce": "another"}),
            json!({"aud": "another"}),
            json!({"iss": "https://evil.example"}),
            json!({"exp": operators.now() - 3600}),
            json!({"sub": null}),
        ] {
            assert_eq!(why(people.sign_on_with(&operators, bad.clone()).await), SignOnRefusal::Token, "{bad}");
        }
        assert!(matches!(accounts::find(&people.app, ANA).await, Err(Error::NotFound { .. })), "and makes no account");
    }

    async fn a_new_key_is_looked_for_once_a_minute(test: TestDb) {
        let (people, operators) = house(&test, |_| {}).await;
        people.sign_on(&operators).await.expect("signs on");
        people.sign_on(&operators).await.expect("signs on");
        assert_eq!((operators.asked("/keys"), operators.asked("/.well-known/openid-configuration")), (1, 1), "kept for an hour");
        operators.changes_key("two");
        assert_eq!(why(people.sign_on(&operators).await), SignOnRefusal::Token, "looked for a moment ago");
        people.hands.advance(60);
        people.sign_on(&operators).await.expect("signs on by the new key");
        assert_eq!(operators.asked("/keys"), 2);
    }

    async fn a_provider_that_is_down_is_left_alone_for_a_moment(test: TestDb) {
        let (people, operators) = house(&test, |_| {}).await;
        operators.is_down(true);
        for _ in 0..2 {
            assert_eq!(why(accounts::begin_sign_on(&people.app, None, "/", BROWSER, visit()).await), SignOnRefusal::Provider);
        }
        assert_eq!(operators.asked("/.well-known/openid-configuration"), 1);
        operators.is_down(false);
        people.hands.advance(5);
        people.sign_on(&operators).await.expect("signs on");
    }

    async fn who_loses_the_role_loses_the_sessions_and_hears_why(test: TestDb) {
        let (people, operators) = house(&test, |_| {}).await;
        assert_eq!(why(people.sign_on_with(&operators, json!({"groups": ["all"]})).await), SignOnRefusal::NoRole);
        assert!(matches!(accounts::find(&people.app, ANA).await, Err(Error::NotFound { .. })), "nobody gets an account for nothing");

        let before = people.sign_on_with(&operators, json!({})).await.expect("signs on");
        assert_eq!(why(people.sign_on_with(&operators, json!({"groups": ["all"]})).await), SignOnRefusal::NoRole);
        assert!(people.session(&before).await.is_none(), "out at once");
        assert_eq!(accounts::find(&people.app, ANA).await.expect("still there").staff(), None);
    }

    async fn who_may_invite_no_more_by_the_providers_word_has_invited_nobody(test: TestDb) {
        let (people, operators) = house(&test, |_| {}).await;
        for groups in ["looks", "all"] {
            let who = whole(people.sign_on_with(&operators, json!({"groups": "rules"})).await.expect("signs on").session);
            let invited = staff::invite(&people.app, &who.actor(), "sara@operator.example", Staff::Administrator).await.expect("invites");
            people.sign_on_with(&operators, json!({"groups": "rules"})).await.expect("signs on");
            staff::open(&people.app, invited.secret.expose()).await.expect("open still");
            people.sign_on_with(&operators, json!({"groups": groups})).await.ok();
            assert!(staff::open(&people.app, invited.secret.expose()).await.is_err(), "{groups}");
        }
    }

    async fn the_second_factor_is_the_providers_where_it_says_so_and_ours_where_not(test: TestDb) {
        let (people, operators) = house(&test, |terms| terms.second_factor = false).await;
        let first = people.sign_on(&operators).await.expect("signs on");
        assert_eq!(half(first.session).needs(), Needs::Enrolment);
        whole(people.sign_on_with(&operators, json!({"amr": ["pwd", "mfa"]})).await.expect("signs on").session);
        whole(people.sign_on_with(&operators, json!({"acr": "phr"})).await.expect("signs on").session);

        let opened = people.sign_on_with(&operators, json!({})).await.expect("signs on");
        let session = people.session(&opened).await.expect("live");
        let enroller = session.enroller(&people.app).expect("half a session sets one up");
        let enrolment = accounts::enrol_totp(&people.app, &enroller).await.expect("begins");
        let uri = enrolment.uri.expose().to_owned();
        accounts::confirm_totp(&people.app, &enroller, &people.code(&uri)).await.expect("confirms");
        people.hands.advance(60);
        let opened = people.sign_on(&operators).await.expect("signs on");
        let waiting = half(opened.session);
        assert_eq!(waiting.needs(), Needs::SecondFactor { totp: true, passkey: false });
        let done = accounts::second_factor(&people.app, &waiting, &people.code(&uri), visit()).await.expect("completes");
        let who = whole(people.session(&done).await.expect("live"));
        assert_eq!(who.session().expires_at.duration_since(people.app.now()).as_hours(), 8, "it is the provider's session still");
        whole(people.sign_on_with(&operators, json!({"amr": ["mfa"]})).await.expect("signs on").session);
    }

    async fn what_the_provider_began_only_the_provider_proves_again(test: TestDb) {
        let (people, operators) = house(&test, |_| {}).await;
        let opened = people.sign_on(&operators).await.expect("signs on");
        let who = whole(people.session(&opened).await.expect("live"));
        let id = who.id();
        accounts::set_password_by(&people.app, &operator(), id, Some(PASSWORD)).await.expect("sets");
        let opened = people.sign_on(&operators).await.expect("signs on");
        let who = whole(people.session(&opened).await.expect("live"));
        people.hands.advance(601);
        let by_password = accounts::prove(&people.app, &who, accounts::Proof::Password(PASSWORD), visit()).await;
        assert!(matches!(by_password, Err(Error::Account(Refusal::SignOnOnly))));

        let url = accounts::begin_sign_on(&people.app, Some(&who), "/console", BROWSER, visit()).await.expect("begins");
        let seen = operators.sees(&url);
        assert_eq!((seen["prompt"].as_str(), seen["max_age"].as_str()), ("login", "0"));
        operators.says(&json!({"auth_time": operators.now() - 3600}));
        assert_eq!(why(people.come_back(&seen["state"], Some(&who)).await), SignOnRefusal::NotAsked);
        operators.says(&json!({"auth_time": null}));
        let state = people.begin(&operators, Some(&who)).await;
        assert_eq!(why(people.come_back(&state, Some(&who)).await), SignOnRefusal::NotAsked);
        operators.says(&json!({"auth_time": operators.now(), "sub": "u-luis"}));
        let state = people.begin(&operators, Some(&who)).await;
        assert_eq!(why(people.come_back(&state, Some(&who)).await), SignOnRefusal::OtherPerson);
        operators.says(&json!({"auth_time": operators.now()}));
        let state = people.begin(&operators, Some(&who)).await;
        assert_eq!(why(people.come_back(&state, None).await), SignOnRefusal::State, "without the session that asked");
        let state = people.begin(&operators, Some(&who)).await;
        assert!(matches!(people.come_back(&state, Some(&who)).await, Ok(Arrived::Proved { .. })));
        whole(people.session(&opened).await.expect("live")).must_be_proved(&people.app).expect("proved");

        operators.says(&json!({"auth_time": operators.now(), "groups": []}));
        let state = people.begin(&operators, Some(&who)).await;
        assert_eq!(why(people.come_back(&state, Some(&who)).await), SignOnRefusal::NoRole, "the role is seen to here as well");
        assert!(people.session(&opened).await.is_none());
    }

    async fn a_provider_that_only_remembers_somebody_proves_nothing_anew(test: TestDb) {
        let (people, operators) = house(&test, |_| {}).await;
        for (asked_at, proves) in
            [(json!(operators.now() - 3600), false), (json!(null), false), (json!(operators.now()), true), (json!(operators.now() + 59), true)]
        {
            let opened = people.sign_on_with(&operators, json!({"auth_time": asked_at})).await.expect("signs on");
            for session in [opened.session.clone(), people.session(&opened).await.expect("live")] {
                let who = whole(session);
                assert_eq!(who.must_be_proved(&people.app).is_ok(), proves, "{asked_at}");
                assert!(who.session().proved_at <= who.session().created_at, "no proof is of the future");
            }
        }
        let remembered = people.sign_on_with(&operators, json!({"auth_time": operators.now() - 3600})).await.expect("signs on");
        let deletes = accounts::delete(&people.app, &whole(remembered.session)).await;
        assert!(matches!(deletes, Err(Error::Unproved)));
    }

    async fn where_only_the_provider_counts_staff_come_in_by_nothing_else(test: TestDb) {
        let (people, operators) = house(&test, |terms| terms.only = true).await;
        people.person("eva@operator.example", Some(Staff::Administrator)).await;
        people.person("shop@example.com", None).await;
        let by_password = accounts::sign_in(&people.app, "eva@operator.example", PASSWORD, visit()).await;
        assert!(matches!(by_password, Err(Error::Account(Refusal::SignOnOnly))));
        let customer = people.sign_in("shop@example.com").await;
        assert!(people.session(&customer).await.is_some(), "customers as ever");
        let id = accounts::find(&people.app, "shop@example.com").await.expect("there").id;
        accounts::set_staff(&people.app, &operator(), id, Some(Staff::Viewer)).await.expect("sets");
        assert!(people.session(&customer).await.is_none(), "whoever becomes staff signs on anew");
        people.sign_on(&operators).await.expect("signs on");
    }

    async fn a_session_ends_with_the_provider_that_began_it(test: TestDb) {
        let (people, operators) = house(&test, |_| {}).await;
        let opened = people.sign_on(&operators).await.expect("signs on");
        let session = people.session(&opened).await.expect("live");
        let leaving = accounts::leave_provider(&people.app, &session, "/").await;
        let back = "https%3A%2F%2Fportal.example%2F";
        assert_eq!(leaving, Some(format!("{ISSUER}/out?client_id=postigo&post_logout_redirect_uri={back}")));
        let elsewhere = people.app.clone().with(settings());
        assert!(accounts::session(&elsewhere, opened.cookie.expose()).await.expect("reads").is_none(), "without the provider it is none");
    }

    async fn the_provider_ends_one_of_its_sessions_or_all_of_a_person(test: TestDb) {
        let (people, operators) = house(&test, |_| {}).await;
        let one = people.sign_on(&operators).await.expect("signs on");
        let two = people.sign_on_with(&operators, json!({"sid": "s2"})).await.expect("signs on");
        let event = json!({domain::openid::LOGOUT_EVENT: {}});
        let token = |about: serde_json::Value| {
            let mut claims = json!({"iss": ISSUER, "aud": "postigo", "iat": operators.now(), "exp": operators.now() + 120, "jti": "j", "events": event});
            for (name, value) in about.as_object().expect("an object") {
                claims[name] = value.clone();
            }
            operators.token(&claims)
        };
        assert_eq!(why(accounts::sign_on_logout(&people.app, "rubbish").await), SignOnRefusal::Token);
        assert_eq!(why(accounts::sign_on_logout(&people.app, &token(json!({"sid": "s1", "nonce": "n"}))).await), SignOnRefusal::Token);
        assert_eq!(accounts::sign_on_logout(&people.app, &token(json!({"sid": "s1"}))).await.expect("ends"), 1);
        assert!(people.session(&one).await.is_none() && people.session(&two).await.is_some());
        assert_eq!(accounts::sign_on_logout(&people.app, &token(json!({"sub": "u-luis"}))).await.expect("ends"), 0);
        assert_eq!(accounts::sign_on_logout(&people.app, &token(json!({"sub": "u-ana"}))).await.expect("ends"), 1);
        assert!(people.session(&two).await.is_none());

        let (three, four) = (
            people.sign_on_with(&operators, json!({"sid": null})).await.expect("signs on"),
            people.sign_on_with(&operators, json!({"sid": "s4"})).await.expect("signs on"),
        );
        assert_eq!(accounts::sign_on_logout(&people.app, &token(json!({"sub": "u-ana", "sid": "s3"}))).await.expect("ends"), 1);
        assert!(people.session(&three).await.is_none() && people.session(&four).await.is_some(), "it may have been the one");
        assert_eq!(accounts::sign_on_logout(&people.app, &token(json!({"sid": "s3"}))).await.expect("ends"), 0);
        let ended = audit::Wanted { what: "account.sign_on_logout".into(), ..Default::default() };
        let entries = audit::list(&people.app, &operator(), &ended, None, 100).await.expect("reads").rows.len();
        assert_eq!(entries, 3, "what ended nothing is no entry");
    }

    async fn what_the_provider_only_tells_when_asked_is_asked_for(test: TestDb) {
        let (people, operators) = house(&test, |_| {}).await;
        operators.says(&json!({"groups": null, "email": null, "email_verified": null}));
        operators.tells(json!({"sub": "u-ana", "email": ANA, "email_verified": true, "groups": ["rules"]}));
        let who = whole(people.sign_on(&operators).await.expect("signs on").session);
        assert_eq!(who.account().staff(), Some(Staff::Administrator));
        operators.tells(json!({"sub": "u-luis", "email": ANA, "email_verified": true, "groups": ["rules"]}));
        assert_eq!(why(people.sign_on(&operators).await), SignOnRefusal::Token);
    }

    async fn a_deleted_account_is_forgotten_by_what_the_provider_calls_it(test: TestDb) {
        let (people, operators) = house(&test, |_| {}).await;
        let who = whole(people.sign_on(&operators).await.expect("signs on").session);
        accounts::delete(&people.app, &who).await.expect("deletes");
        let anew = whole(people.sign_on(&operators).await.expect("signs on").session);
        assert_ne!(anew.id(), who.id());
    }
}
