//! Which grants there are, and who may use them (trust T14-T17, F13, F14).

use domain::CustomerType;

use crate::{
    ask::{TOKEN_ROUTES, post},
    house::House,
};

store::on_both_engines! {
    async fn only_four_grants_exist_and_each_has_one_spelling(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        for grant_type in [
            "password",
            "refresh_token",
            "authorization_code",
            "implicit",
            "nope",
            "Client_Credentials",
            " client_credentials",
            "client_credentials ",
            "client_credentials\n",
            "urn:ietf:params:oauth:grant-type:device_code",
            "URN:ietf:params:oauth:grant-type:token-exchange",
            "token-exchange",
        ] {
            let answer = post("/oauth2/token").form(&[("grant_type", grant_type)]).basic(shop.id.as_str(), &shop.secret).send(&house).await;
            assert_eq!((answer.status, &*answer.error()), (400, "unsupported_grant_type"), "{grant_type:?}");
        }
        let answer = post("/oauth2/token").form(&[("scope", "AP3")]).basic(shop.id.as_str(), &shop.secret).send(&house).await;
        assert_eq!((answer.status, &*answer.error()), (400, "invalid_request"));
    }

    async fn the_customer_type_decides_which_grants_a_client_may_use(test: TestDb) {
        let house = House::open(test).await;
        for customer_type in CustomerType::ALL.iter().copied() {
            let member = house.member(customer_type, &[("fedex-track", "CXS")]).await;
            let key = house.customer_key(&member, "1").await;
            for (grant_type, open) in [
                ("client_credentials", true),
                (
                    "csp_credentials",
                    matches!(customer_type, CustomerType::Integrator | CustomerType::CompatibleProvider | CustomerType::Internal),
                ),
                ("client_pc_credentials", customer_type == CustomerType::ProprietaryParent),
            ] {
                let mut all = vec![("grant_type", grant_type), ("client_id", member.id.as_str()), ("client_secret", &*member.secret)];
                if grant_type != "client_credentials" {
                    all.extend([("child_key", key.id.as_str()), ("child_secret", &*key.secret)]);
                }
                for ((_, path), refused) in TOKEN_ROUTES.into_iter().zip([400, 401, 403]) {
                    let answer = post(path).form(&all).send(&house).await;
                    assert_eq!(answer.status, if open { 200 } else { refused }, "{customer_type} {grant_type} {path}");
                    if !open && path == "/oauth2/token" {
                        assert_eq!(answer.error(), "unauthorized_client");
                    }
                }
            }
        }
    }

    async fn a_client_can_be_narrowed_to_fewer_grants_and_never_widened(test: TestDb) {
        let house = House::open(test).await;
        let (platform, key) = house.platform().await;
        let ask = async |grant_type: &str| {
            let child = [("child_key", key.id.as_str()), ("child_secret", &*key.secret)];
            let child = if grant_type == "client_credentials" { &child[..0] } else { &child[..] };
            let all: Vec<_> = [("grant_type", grant_type)].into_iter().chain(child.iter().copied()).collect();
            post("/oauth2/token").form(&all).basic(platform.id.as_str(), &platform.secret).send(&house).await.status
        };
        house.narrow(&platform.id, Some("csp_credentials"), 3600).await;
        assert_eq!((ask("client_credentials").await, ask("csp_credentials").await, ask("client_pc_credentials").await), (400, 200, 400));
        house.narrow(&platform.id, Some("client_credentials client_pc_credentials"), 3600).await;
        assert_eq!((ask("client_credentials").await, ask("csp_credentials").await, ask("client_pc_credentials").await), (200, 400, 400));
        house.narrow(&platform.id, None, 3600).await;
        assert_eq!((ask("client_credentials").await, ask("csp_credentials").await), (200, 200));
    }

    async fn a_client_that_may_not_use_a_grant_hears_so_before_its_customer_key_is_judged(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        for child in [&[][..], &[("child_key", "x")], &[("child_key", "x"), ("child_secret", "y")]] {
            let all: Vec<_> = [("grant_type", "csp_credentials")].into_iter().chain(child.iter().copied()).collect();
            let answer = post("/oauth2/token").form(&all).basic(shop.id.as_str(), &shop.secret).send(&house).await;
            assert_eq!((answer.status, &*answer.error()), (400, "unauthorized_client"));
        }
    }
}
