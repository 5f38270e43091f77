//! What a token may do (trust T05-T10; §1 row 21).

use domain::CustomerType;

use crate::{
    ask::{TOKEN_ROUTES, token, token_of},
    house::House,
};

store::on_both_engines! {
    async fn asking_for_nothing_gives_all_and_asking_for_some_gives_what_of_it_is_granted(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        for (asked, granted) in [
            ("", "AP3 LBS RCG"),
            (" ", "AP3 LBS RCG"),
            ("AP3", "AP3"),
            ("RCG AP3", "AP3 RCG"),
            ("LBS  LBS AP3 ", "AP3 LBS"),
            ("AP3 nope", "AP3"),
            ("AP3 ap3 Lbs", "AP3"),
        ] {
            assert_eq!(token_of(&house, &shop, &[("scope", asked)]).await["scope"], granted, "{asked:?}");
        }
    }

    async fn nothing_but_a_space_separates_scopes_and_case_counts(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        for asked in
            ["nope", "ap3", "AP3,LBS", "AP3\tLBS", "AP3\u{a0}LBS", "AP3\nLBS", "a\"b", "a\\b", "AP3 a\u{7}b", "AP3 \u{f1}", "*", "AP3;LBS"]
        {
            for (dialect, path) in TOKEN_ROUTES {
                let answer =
                    token(path, &[("scope", asked), ("client_id", shop.id.as_str()), ("client_secret", &shop.secret)]).send(&house).await;
                assert_eq!(answer.status, 400, "{asked:?}");
                assert!(dialect != "oauth" || answer.error() == "invalid_scope", "{asked:?}");
            }
        }
    }

    async fn a_project_without_access_gets_no_token_until_it_is_approved(test: TestDb) {
        let house = House::open(test).await;
        let poor = house.member(CustomerType::Customer, &[]).await;
        for parameters in [&[][..], &[("scope", "AP3")]] {
            let answer = token("/oauth2/token", parameters).basic(poor.id.as_str(), &poor.secret).send(&house).await;
            assert_eq!((answer.status, &*answer.error()), (400, "invalid_scope"));
            assert!(answer.body.contains("No access is granted yet"));
        }
        let grant = house.grant(&poor, "preregister", "AP3").await;
        assert_eq!(token_of(&house, &poor, &[]).await["scope"], "AP3");
        house.revoke_grant(&grant).await;
        assert_eq!(token("/oauth2/token", &[]).basic(poor.id.as_str(), &poor.secret).send(&house).await.error(), "invalid_scope");
    }

    async fn the_life_of_a_token_is_told_in_seconds_and_to_correos_users_in_minutes(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        for (lifetime, minutes) in [(3600, 60), (1800, 30), (119, 1), (86_400, 1440)] {
            house.narrow(&shop.id, None, lifetime).await;
            let credentials = [("client_id", shop.id.as_str()), ("client_secret", &*shop.secret)];
            for path in ["/oauth2/token", "/oauth/token"] {
                assert_eq!(token(path, &credentials).send(&house).await.json()["expires_in"], lifetime);
            }
            assert_eq!(token("/Api/Authorize/Token", &credentials).send(&house).await.json()["expiresIn"], minutes);
        }
    }
}
