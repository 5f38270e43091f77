//! Revocation (trust V01-V09; §1 rows 16-18).

use std::{sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use directory::Directory;
use domain::wrapping::MasterKey;
use store::testkit::entropy;

use crate::{
    ask::{Answer, access_token, post},
    house::{House, Member},
};

async fn revoke(house: &House, member: &Member, parameters: &[(&str, &str)]) -> Answer {
    post("/oauth2/revoke").form(parameters).basic(member.id.as_str(), &member.secret).send(house).await
}

async fn is_active(house: &House, member: &Member, token: &str) -> bool {
    post("/oauth2/introspect").form(&[("token", token)]).basic(member.id.as_str(), &member.secret).send(house).await.json()["active"]
        == true
}

fn token_id(token: &str) -> uuid::Uuid {
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).expect("a payload")).expect("base64");
    let claims: serde_json::Value = serde_json::from_slice(&payload).expect("JSON");
    claims["jti"].as_str().expect("an id").parse().expect("a UUID")
}

store::on_both_engines! {
    async fn a_revoked_token_is_dead_before_the_answer_arrives_and_its_siblings_live(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        for hint in [None, Some("access_token"), Some("refresh_token"), Some("nonsense")] {
            let (token, sibling) = (access_token(&house, &shop).await, access_token(&house, &shop).await);
            let all: Vec<_> = [("token", &*token)].into_iter().chain(hint.map(|hint| ("token_type_hint", hint))).collect();
            let answer = revoke(&house, &shop, &all).await;
            assert_eq!((answer.status, &*answer.body, answer.header("cache-control")), (200, "", Some("no-store")));
            assert!(house.directory.is_revoked(token_id(&token)), "known here at once");
            assert!(!is_active(&house, &shop, &token).await);
            assert!(is_active(&house, &shop, &sibling).await);
            assert_eq!(revoke(&house, &shop, &all).await.status, 200, "again");
        }
    }

    async fn whoever_revokes_must_be_the_client_it_was_issued_to(test: TestDb) {
        let house = House::open(test).await;
        let (shop, other) = (house.shop().await, house.shop().await);
        let token = access_token(&house, &shop).await;
        assert_eq!(post("/oauth2/revoke").form(&[("token", &token)]).send(&house).await.status, 401);
        assert_eq!(post("/oauth2/revoke").form(&[("token", &token)]).basic(shop.id.as_str(), "wrong").send(&house).await.status, 401);
        assert_eq!(revoke(&house, &other, &[("token", &token)]).await.status, 200, "no word about whose it is");
        assert!(is_active(&house, &shop, &token).await);
        assert!(!house.directory.is_revoked(token_id(&token)));
    }

    async fn what_is_no_token_is_revoked_already(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let token = access_token(&house, &shop).await;
        for garbage in ["x", "a.b.c", "[[[[", &token[..token.len() - 2], &format!("{token}x")] {
            let answer = revoke(&house, &shop, &[("token", garbage)]).await;
            assert_eq!((answer.status, &*answer.body), (200, ""), "{garbage}");
        }
        assert!(is_active(&house, &shop, &token).await);
        house.hands.advance(4000);
        assert_eq!(revoke(&house, &shop, &[("token", &token)]).await.status, 200, "expired");
        assert_eq!(revoke(&house, &shop, &[]).await.error(), "invalid_request");
        assert!(store::revoked_tokens::find(&house.db, token_id(&token)).await.expect("reads").is_none(), "nothing was kept for it");
    }

    async fn ten_revocations_at_once_are_one(test: TestDb) {
        let house = Arc::new(House::open(test).await);
        let shop = Arc::new(house.shop().await);
        let token: Arc<str> = access_token(&house, &shop).await.into();
        let tasks: Vec<_> = (0..10)
            .map(|_| {
                let (house, shop, token) = (Arc::clone(&house), Arc::clone(&shop), Arc::clone(&token));
                tokio::spawn(async move {
                    let status = revoke(&house, &shop, &[("token", &token)]).await.status;
                    (status, is_active(&house, &shop, &token).await)
                })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await.expect("joins"), (200, false));
        }
    }

    async fn a_revocation_leaves_a_trace_of_who_did_it_and_nothing_of_the_token(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let token = access_token(&house, &shop).await;
        revoke(&house, &shop, &[("token", &token)]).await;
        let entry = store::audit::latest(&house.db, 1).await.expect("reads").remove(0);
        assert_eq!(
            (&*entry.actor, &*entry.action, &*entry.subject),
            (&*format!("client:{}", shop.id), "token.revoke", &*token_id(&token).to_string())
        );
        assert!(!entry.detail.contains(&token));
    }

    async fn a_revoked_token_never_comes_back_not_even_in_its_last_seconds_on_a_new_node(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let token = access_token(&house, &shop).await;
        revoke(&house, &shop, &[("token", &token)]).await;
        let master = Arc::new(MasterKey::parse(&MasterKey::draw(&entropy(7))).expect("a master key"));
        house.hands.advance(3598);
        // Until every verifier's leeway is over.
        for _ in 0..10 {
            house.hands.advance(1);
            assert!(!is_active(&house, &shop, &token).await);
            let fresh = Directory::open(house.db.clone(), Arc::clone(&master), house.hands.clock(), directory::Settings::default())
                .await
                .expect("opens");
            assert!(fresh.is_revoked(token_id(&token)));
            fresh.stop();
        }
    }

    async fn another_spelling_of_the_signature_does_not_bring_a_token_back(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let token = access_token(&house, &shop).await;
        let (message, signature) = token.rsplit_once('.').expect("a signature");
        let mut signature = URL_SAFE_NO_PAD.decode(signature).expect("base64");
        negate(&mut signature[32..]);
        let twin = format!("{message}.{}", URL_SAFE_NO_PAD.encode(&signature));
        assert!(is_active(&house, &shop, &twin).await, "ECDSA has two signatures for everything");
        revoke(&house, &shop, &[("token", &token)]).await;
        assert!(!is_active(&house, &shop, &twin).await);
    }

    async fn without_a_database_a_revocation_is_a_503_and_not_a_lie(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let token = access_token(&house, &shop).await;
        house.db.close().await;
        let answer = revoke(&house, &shop, &[("token", &token)]).await;
        assert_eq!((answer.status, answer.header("retry-after"), &*answer.error()), (503, Some("1"), "temporarily_unavailable"));
        assert!(is_active(&house, &shop, &token).await);
    }
}

/// Replaces s by n - s, n being the order of P-256.
fn negate(s: &mut [u8]) {
    let order = [
        0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84,
        0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51_u8,
    ];
    let mut borrow = 0;
    for (digit, order) in s.iter_mut().zip(order).rev() {
        let difference = i16::from(order) - i16::from(*digit) - borrow;
        borrow = i16::from(difference < 0);
        *digit = u8::try_from(difference.rem_euclid(256)).expect("a byte");
    }
}

#[tokio::test]
async fn no_client_can_fill_every_nodes_memory_with_revoked_tokens() {
    let house = House::open(store::testkit::sqlite().await).await;
    let (shop, other) = (house.shop().await, house.shop().await);
    let (now, later) = (house.now(), store::Moment(house.now().0 + Duration::from_secs(3600)));
    let mut tx = house.db.begin().await.expect("begins");
    for _ in 0..app::tokens::MOST {
        store::revoked_tokens::insert(&mut tx, house.entropy.uuid(now.0), Some(&shop.id), later, now).await.expect("inserts");
    }
    tx.commit(now.0).await.expect("commits");
    let token = access_token(&house, &shop).await;
    let answer = revoke(&house, &shop, &[("token", &token)]).await;
    assert_eq!((answer.status, &*answer.error(), answer.header("retry-after")), (429, "invalid_request", Some("60")));
    assert!(is_active(&house, &shop, &token).await, "and it says so truthfully");
    let theirs = access_token(&house, &other).await;
    tokio::time::timeout(Duration::from_secs(60), house.directory.catch_up()).await.expect("in time").expect("hears");
    assert_eq!(revoke(&house, &other, &[("token", &theirs)]).await.status, 200, "others are not affected");
    house.hands.advance(3601);
    let token = access_token(&house, &shop).await;
    assert_eq!(revoke(&house, &shop, &[("token", &token)]).await.status, 200, "once the others have expired");
}
