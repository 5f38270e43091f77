//! Tokens for callers inside the program, who decide themselves who may have them.

use domain::{ClientId, contract::Standing, request_id::RequestId};
use web::Visit;

use crate::{
    ask::post,
    house::{House, Member},
};

async fn vouch(house: &House, client: &ClientId) -> Option<String> {
    let at = house.hands.clock().now();
    let visit = Visit { id: RequestId::new(at, &house.entropy), at, address: [192, 0, 2, 7].into(), secure: true };
    house.sandbox.vouch(client, &visit).await.map(|token| token.expose().to_owned())
}

async fn scope_of(house: &House, member: &Member, token: &str) -> Option<String> {
    let answer = post("/oauth2/introspect").form(&[("token", token)]).basic(member.id.as_str(), &member.secret).send(house).await.json();
    (answer["active"] == true).then(|| answer["scope"].as_str().unwrap_or_default().to_owned())
}

store::on_both_engines! {
    async fn a_token_that_is_vouched_for_is_the_clients_own_with_all_that_is_granted(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let token = vouch(&house, &shop.id).await.expect("a token");
        assert_eq!(scope_of(&house, &shop, &token).await.as_deref(), Some("AP3 LBS RCG"));
        house.revoke_secret(shop.secret_id).await;
        assert!(vouch(&house, &shop.id).await.is_none(), "no secret is left for it to stand on");
    }

    async fn nobody_is_vouched_for_who_may_not_act(test: TestDb) {
        let house = House::open(test).await;
        let (shop, other) = (house.shop().await, house.shop().await);
        assert!(vouch(&house, &ClientId::from("sbx_nobody")).await.is_none());
        house.set_client(&shop.id, Standing::Suspended).await;
        assert!(vouch(&house, &shop.id).await.is_none());
        house.set_organisation(other.organisation, Standing::Suspended).await;
        assert!(vouch(&house, &other.id).await.is_none());
        let nothing = house.member(domain::CustomerType::Customer, &[]).await;
        assert!(vouch(&house, &nothing.id).await.is_none(), "nothing is granted");
    }
}
