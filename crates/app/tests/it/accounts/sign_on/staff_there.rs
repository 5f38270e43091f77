//! Who is of the staff where the provider says so.

use app::{Error, accounts, staff};
use domain::role::Staff;

use super::{
    super::people::{operator, settings, whole},
    house,
};

store::on_both_engines! {
    async fn where_only_the_provider_counts_nobody_is_invited(test: TestDb) {
        let (people, _) = house(&test, |terms| terms.only = true).await;
        assert_eq!(staff::only_by_provider(&people.app), people.app.sign_on().map(|on| on.terms().name.as_str()));
        let invites = staff::invite(&people.app, &operator(), "sara@operator.example", Staff::Viewer).await;
        assert!(matches!(invites.err(), Some(Error::Refused(_))));
        people.person("sara@operator.example", None).await;
        let before = people.app.clone().with(settings());
        let invited = staff::invite(&before, &operator(), "sara@operator.example", Staff::Viewer).await.expect("invites");
        let sara = accounts::find(&people.app, "sara@operator.example").await.expect("there").id;
        let accepts = staff::accept(&people.app, sara, invited.secret.expose()).await;
        assert!(matches!(accepts.err(), Some(Error::Refused(_))), "else the account could sign in by nothing");
        assert_eq!(accounts::find(&people.app, "sara@operator.example").await.expect("there").staff(), None);
        staff::accept(&before, sara, invited.secret.expose()).await.expect("good still");
    }

    async fn whose_role_is_the_providers_to_say_is_known(test: TestDb) {
        let (people, operators) = house(&test, |_| {}).await;
        let ana = whole(people.sign_on(&operators).await.expect("signs on").session);
        people.person("eva@operator.example", Some(Staff::Support)).await;
        let eva = accounts::find(&people.app, "eva@operator.example").await.expect("there").id;
        assert!(staff::is_linked(&people.app, &operator(), ana.id()).await.expect("reads"));
        assert!(!staff::is_linked(&people.app, &operator(), eva).await.expect("reads"));
    }
}
