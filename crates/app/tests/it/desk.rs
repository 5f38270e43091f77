//! Organisations as the operator's staff handle them: found, suspended, written about.

use app::{
    Actor, Error, Rule, contracts, customer_keys, mail,
    organisations::{self, Search},
    projects,
    records::{Matched, Order},
    view,
};
use domain::{
    CustomerType,
    Environment::{Production, Sandbox},
    Language,
    contract::Standing::{Active, Revoked, Suspended},
    role::{Role, Staff},
};

use crate::house::{House, actor, house};

async fn found(house: &House, text: &str) -> Vec<(String, Option<Matched>)> {
    let wanted = Search { text: text.into(), order: Order::Name, limit: 50, ..Search::default() };
    let hits = organisations::search(&house.app, &actor(), &wanted).await.expect("looks");
    hits.rows.iter().map(|hit| (hit.organisation.name.clone(), hit.matched().map(|(kind, _)| kind))).collect()
}

fn one(name: &str, matched: Matched) -> Vec<(String, Option<Matched>)> {
    vec![(name.to_owned(), Some(matched))]
}

/// Who got a mail of this kind, with its text.
async fn told(house: &House, kind: &str) -> Vec<(String, String)> {
    let mails = mail::mailbox(&house.app, 1000).await.expect("reads");
    let of_kind = mails.into_iter().filter(|posted| posted.mail.kind == kind);
    let mut told: Vec<_> =
        of_kind.map(|posted| (posted.mail.recipient.to_string(), posted.text.expect("its text").expose().to_owned())).collect();
    told.sort();
    told
}

store::on_both_engines! {
    async fn an_organisation_is_found_by_whatever_somebody_has_of_it(test: TestDb) {
        let house = house(&test).await;
        let (app, id, project) = (&house.app, house.organisation(), house.project());
        organisations::create(app, &actor(), "Papelería Ñandú, S.L.", CustomerType::Integrator, "Tienda nueva").await.expect("founds");
        house.member("Olga@shop.example", Role::Owner).await;
        contracts::link(app, &actor(), id, "54000001", "80000001", "LCE1").await.expect("links");
        assert_eq!(found(&house, "LIBRERIA").await, one("Librería", Matched::Name), "without capitals and accents");
        assert_eq!(found(&house, "nandu papel").await, one("Papelería Ñandú, S.L.", Matched::Name), "words in any order, and how they begin");
        assert_eq!(found(&house, "nandu libreria").await, [], "all of them");
        assert_eq!(found(&house, "54000001").await, one("Librería", Matched::Contract));
        assert_eq!(found(&house, "80000001").await, one("Librería", Matched::ClientNumber));
        assert_eq!(found(&house, house.founded.first.client.client.id.as_str()).await, one("Librería", Matched::Client));
        assert_eq!(found(&house, &id.to_string()).await, one("Librería", Matched::Id));
        assert_eq!(found(&house, &project.to_string()).await, one("Librería", Matched::ProjectId));
        assert_eq!(found(&house, "tiend").await, one("Papelería Ñandú, S.L.", Matched::Project));
        for text in ["%", "_", "!", "' OR 1=1 --", "nothing", "\u{10ffff}"] {
            assert_eq!(found(&house, text).await, [], "{text}");
        }
        assert_eq!(found(&house, "").await.len(), 2);
        organisations::rename(app, &actor(), id, "Quiosco").await.expect("renames");
        projects::rename(app, &actor(), project, "Escaparate").await.expect("renames");
        assert_eq!(found(&house, "libreria").await, [], "the old name is forgotten");
        assert_eq!(found(&house, "quios").await, one("Quiosco", Matched::Name));
        assert_eq!(found(&house, "escap").await, one("Quiosco", Matched::Project));
    }

    async fn a_member_is_found_by_the_whole_address_in_any_case(test: TestDb) {
        let house = house(&test).await;
        house.member("olga@shop.example", Role::Owner).await;
        assert_eq!(found(&house, " OLGA@shop.example ").await, one("Librería", Matched::Member));
        assert_eq!(found(&house, "olga@shop.exampl").await, []);
    }

    async fn a_list_is_read_page_by_page_in_both_orders_and_nothing_twice(test: TestDb) {
        let house = house(&test).await;
        for name in ["Ábaco", "abanico", "Zeta", "Éter"] {
            house.hands.advance(1);
            let kind = if name == "Zeta" { CustomerType::Integrator } else { CustomerType::Customer };
            organisations::create(&house.app, &actor(), name, kind, "Web").await.expect("founds");
        }
        for (order, text, expected) in [
            (Order::Newest, "", ["Éter", "Zeta", "abanico", "Ábaco", "Librería"]),
            (Order::Newest, "web", ["Éter", "Zeta", "abanico", "Ábaco", "Librería"]),
            (Order::Name, "", ["Ábaco", "abanico", "Éter", "Librería", "Zeta"]),
            (Order::Name, "web", ["Ábaco", "abanico", "Éter", "Librería", "Zeta"]),
        ] {
            let (mut seen, mut after) = (Vec::new(), None);
            for _ in 0..4 {
                let wanted = Search { text: text.into(), order, after, limit: 2, ..Search::default() };
                let hits = organisations::search(&house.app, &actor(), &wanted).await.expect("looks");
                seen.extend(hits.rows.into_iter().map(|hit| hit.organisation.name));
                after = hits.next;
                if after.is_none() { break; }
            }
            assert_eq!(seen, expected, "{order:?} {text}");
        }
        organisations::set_status(&house.app, &actor(), house.organisation(), Suspended, Some("unpaid")).await.expect("suspends");
        for (wanted, expected) in [
            (Search { status: Some(Suspended), ..Search::default() }, "Librería"),
            (Search { customer_type: Some(CustomerType::Integrator), text: "web".into(), ..Search::default() }, "Zeta"),
        ] {
            let hits = organisations::search(&house.app, &actor(), &Search { limit: 9, ..wanted }).await.expect("looks");
            assert_eq!(hits.rows.iter().map(|hit| hit.organisation.name.as_str()).collect::<Vec<_>>(), [expected]);
        }
    }

    async fn a_suspension_has_a_reason_that_members_read_and_are_mailed_in_their_language(test: TestDb) {
        let house = house(&test).await;
        let (app, id) = (&house.app, house.organisation());
        let olga = house.member("olga@shop.example", Role::Owner).await;
        house.member("dora@shop.example", Role::Developer).await;
        house.member("ada@shop.example", Role::Admin).await;
        let mut tx = app.db().begin().await.expect("begins");
        store::accounts::set_language(&mut tx, olga, Some(Language::Spanish)).await.expect("sets");
        tx.commit(app.now()).await.expect("commits");
        for missing in [None, Some(""), Some("  \n")] {
            let refused = organisations::set_status(app, &actor(), id, Suspended, missing).await;
            assert!(matches!(refused, Err(Error::Invalid { field: "reason", .. })), "{refused:?}");
        }
        assert!(told(&house, "organisation_turned").await.is_empty());
        let boss = house.staff(Staff::Administrator).await;
        organisations::set_status(app, &boss, id, Suspended, Some(" factura 7 impagada ")).await.expect("suspends");
        let page = view::organisation(app, &Actor::Account(olga), id).await.expect("sees");
        let stopped = page.stopped.expect("stopped");
        assert_eq!((stopped.reason.as_deref(), stopped.by_whom, stopped.at.map(|at| at.0)), (Some("factura 7 impagada"), Some(boss.to_string()), Some(app.now())));
        assert!(view::project(app, &Actor::Account(olga), house.project()).await.expect("sees").stopped.is_some());
        let mails = told(&house, "organisation_turned").await;
        assert_eq!(mails.iter().map(|(to, _)| to.as_str()).collect::<Vec<_>>(), ["ada@shop.example", "olga@shop.example"], "who answers for it");
        assert!(mails[1].1.contains("La operadora ha suspendido «Librería»") && mails[1].1.contains("Motivo: factura 7 impagada"), "{}", mails[1].1);
        assert!(mails[0].1.contains("The operator suspended \"Librería\"") && mails[0].1.contains("Reason: factura 7 impagada"), "{}", mails[0].1);
        let again = organisations::set_status(app, &boss, id, Suspended, Some("twice")).await;
        assert!(matches!(again, Err(Error::Refused(_))), "{again:?}");
        organisations::set_status(app, &boss, id, Active, None).await.expect("resumes");
        assert!(view::organisation(app, &Actor::Account(olga), id).await.expect("sees").stopped.is_none());
        let mails = told(&house, "organisation_turned").await;
        assert_eq!(mails.len(), 4);
        assert!(mails.iter().any(|(_, text)| text.contains("reactivado «Librería»")));
        assert!(matches!(organisations::set_status(app, &boss, id, Active, None).await, Err(Error::Refused(_))));
    }

    async fn of_those_who_turn_it_at_once_one_does_and_closed_stays_closed(test: TestDb) {
        let house = house(&test).await;
        let app = &house.app;
        for turn in 0..6 {
            let name = format!("Shop {turn}");
            let id = organisations::create(app, &actor(), &name, CustomerType::Customer, "Web").await.expect("founds").organisation.id;
            let by = actor();
            let (suspended, closed) = if turn % 2 == 0 {
                tokio::join!(organisations::set_status(app, &by, id, Suspended, Some("unpaid")), organisations::close(app, &by, id))
            } else {
                organisations::set_status(app, &by, id, Suspended, Some("unpaid")).await.expect("suspends");
                tokio::join!(organisations::set_status(app, &by, id, Active, None), organisations::close(app, &by, id))
            };
            let done = view::organisation(app, &by, id).await.expect("sees").organisation.status;
            match (&suspended, &closed) {
                // One after the other: what is closed was open before.
                (Ok(()), Ok(())) => assert_eq!(done, Revoked),
                (Ok(()), Err(Error::Rule(Rule::AlreadyDecided))) => assert_ne!(done, Revoked),
                (Err(Error::Rule(Rule::AlreadyDecided) | Error::Refused(_)), Ok(())) => assert_eq!(done, Revoked),
                other => panic!("{other:?}"),
            }
            if done == Revoked {
                assert!(matches!(organisations::set_status(app, &by, id, Active, None).await, Err(Error::Refused(_))));
                assert!(matches!(organisations::set_status(app, &by, id, Suspended, Some("x")).await, Err(Error::Refused(_))));
                assert!(matches!(organisations::close(app, &by, id).await, Err(Error::Rule(Rule::Closed))));
            }
        }
    }

    async fn a_customer_type_is_changed_from_what_was_seen(test: TestDb) {
        let house = house(&test).await;
        let (app, id) = (&house.app, house.organisation());
        organisations::change_customer_type(app, &actor(), id, CustomerType::Customer, CustomerType::Integrator).await.expect("changes");
        let late = organisations::change_customer_type(app, &actor(), id, CustomerType::Customer, CustomerType::Internal).await;
        assert!(matches!(late, Err(Error::Rule(Rule::AlreadyDecided))), "{late:?}");
        assert_eq!(view::organisation(app, &actor(), id).await.expect("sees").organisation.customer_type, CustomerType::Integrator);
    }

    async fn a_note_is_removed_by_who_wrote_it_or_who_administers(test: TestDb) {
        let house = house(&test).await;
        let (app, id) = (&house.app, house.organisation());
        let (sara, boss) = (house.staff(Staff::Support).await, house.staff(Staff::Administrator).await);
        for wrong in ["", "  ", &"x".repeat(2001), "bell\u{7}"] {
            assert!(matches!(organisations::add_note(app, &sara, id, wrong).await, Err(Error::Invalid { field: "text", .. })));
        }
        let own = organisations::add_note(app, &sara, id, "They pay late.\nCall Ana.").await.expect("writes");
        let others = organisations::add_note(app, &boss, id, "Friends of the house").await.expect("writes");
        let notes = organisations::dossier(app, &sara, id).await.expect("reads").notes;
        assert_eq!(notes.len(), 2);
        assert!(matches!(organisations::remove_note(app, &sara, id, others.id).await, Err(Error::StaffOnly { .. })));
        let elsewhere = organisations::create(app, &actor(), "Elsewhere", CustomerType::Customer, "Web").await.expect("founds").organisation.id;
        assert!(matches!(organisations::remove_note(app, &boss, elsewhere, own.id).await, Err(Error::NotFound { .. })));
        organisations::remove_note(app, &sara, id, own.id).await.expect("removes");
        assert!(matches!(organisations::remove_note(app, &sara, id, own.id).await, Err(Error::NotFound { .. })), "once");
        organisations::remove_note(app, &boss, id, others.id).await.expect("removes");
        let dossier = organisations::dossier(app, &sara, id).await.expect("reads");
        assert!(dossier.notes.is_empty());
        let actions: Vec<_> = dossier.audit.iter().map(|entry| entry.action.as_str()).collect();
        assert_eq!(actions, ["organisation.remove_note", "organisation.remove_note", "organisation.add_note", "organisation.add_note", "organisation.create"]);
        assert!(!dossier.audit.iter().any(|entry| entry.detail.contains("pay late")), "what a note said is in no log");
    }

    async fn a_dossier_holds_what_the_organisation_has_and_a_look_leaves_a_trace(test: TestDb) {
        let house = house(&test).await;
        let (app, id, project) = (&house.app, house.organisation(), house.project());
        app::access::request(app, &actor(), house.wish(Sandbox, "labels", None)).await.expect("asks");
        app::access::request(app, &actor(), house.wish(Production, "tracking", None)).await.expect("asks");
        organisations::set_customer_type(app, &actor(), id, CustomerType::Integrator).await.expect("sets");
        let key = customer_keys::create(app, &actor(), project, Sandbox, "740561073").await.expect("issues").record.id;
        customer_keys::create(app, &actor(), project, Sandbox, "740561074").await.expect("issues");
        customer_keys::set_status(app, &actor(), &key, Suspended).await.expect("suspends");
        let viewer = house.staff(Staff::Viewer).await;
        organisations::look(app, &viewer, id, "they asked").await.expect("notes");
        assert!(matches!(organisations::look(app, &viewer, id, &"x".repeat(201)).await, Err(Error::Invalid { .. })));
        let dossier = organisations::dossier(app, &viewer, id).await.expect("reads");
        assert_eq!((dossier.clients.len(), dossier.grants.len(), dossier.waiting.len()), (1, 1, 1));
        let held = (dossier.sandbox.clients, dossier.sandbox.api_credentials, dossier.sandbox.customer_keys, dossier.sandbox.suspended_keys);
        assert_eq!(held, (1, 1, 1, 1));
        assert_eq!(dossier.production.clients, 0);
        let pages = organisations::Pages::Project(project);
        assert_eq!(organisations::sight(app, &viewer, pages).await.expect("sees"), organisations::Sight::Looking(id));
        let other = house.staff(Staff::Administrator).await;
        assert_eq!(organisations::sight(app, &other, pages).await.expect("sees"), organisations::Sight::Unsaid(id), "it was somebody else");
        assert!(dossier.audit[0].action == "organisation.look" && dossier.audit[0].detail.contains("they asked"), "{:?}", dossier.audit[0]);
        organisations::look_away(app, &viewer, id).await.expect("notes");
        assert_eq!(organisations::sight(app, &viewer, pages).await.expect("sees"), organisations::Sight::Unsaid(id));
    }

    async fn a_key_that_staff_issue_is_told_to_the_platform_without_its_secret(test: TestDb) {
        let house = house(&test).await;
        let app = &house.app;
        organisations::set_customer_type(app, &actor(), house.organisation(), CustomerType::Integrator).await.expect("sets");
        let dora = house.member("dora@shop.example", Role::Developer).await;
        house.member("olga@shop.example", Role::Owner).await;
        let sara = house.staff(Staff::Support).await;
        customer_keys::create(app, &Actor::Account(dora), house.project(), Sandbox, "740561073").await.expect("issues");
        assert!(told(&house, "customer_key_issued").await.is_empty(), "what members do themselves they know");
        let issued = customer_keys::create(app, &sara, house.project(), Production, "740561074").await.expect("issues");
        let mails = told(&house, "customer_key_issued").await;
        assert_eq!(mails.len(), 1);
        let (to, text) = &mails[0];
        assert_eq!(to, "olga@shop.example");
        assert!(text.contains("740561074") && text.contains(issued.record.id.as_str()) && !text.contains(issued.secret.expose()), "{text}");
    }

    async fn customer_keys_are_found_by_account_number_or_key_and_read_in_pages(test: TestDb) {
        let house = house(&test).await;
        let (app, project) = (&house.app, house.project());
        organisations::set_customer_type(app, &actor(), house.organisation(), CustomerType::Integrator).await.expect("sets");
        let mut ids = Vec::new();
        for number in 0..5 {
            house.hands.advance(1);
            let environment = if number == 0 { Production } else { Sandbox };
            ids.push(customer_keys::create(app, &actor(), project, environment, &format!("74{number}")).await.expect("issues").record.id);
        }
        customer_keys::set_status(app, &actor(), &ids[1], Suspended).await.expect("suspends");
        let listed = async |filter: customer_keys::Filter| {
            let (rows, next) = customer_keys::list(app, &actor(), project, &filter, 2).await.expect("reads");
            (rows.into_iter().map(|row| row.key.account_number).collect::<Vec<_>>(), next)
        };
        let all = customer_keys::Filter::default();
        let (first, next) = listed(all.clone()).await;
        assert_eq!((first, next.as_ref()), (vec!["744".to_owned(), "743".to_owned()], Some(&ids[3])));
        let (second, next) = listed(customer_keys::Filter { after: next, ..all.clone() }).await;
        let (last, end) = listed(customer_keys::Filter { after: next, ..all.clone() }).await;
        assert_eq!((second.len(), last, end), (2, vec!["740".to_owned()], None));
        for (filter, expected) in [
            (customer_keys::Filter { text: " 742 ".into(), ..all.clone() }, vec!["742"]),
            (customer_keys::Filter { text: ids[4].to_string(), ..all.clone() }, vec!["744"]),
            (customer_keys::Filter { text: "%".into(), ..all.clone() }, vec![]),
            (customer_keys::Filter { environment: Some(Production), ..all.clone() }, vec!["740"]),
            (customer_keys::Filter { status: Some(Suspended), ..all }, vec!["741"]),
        ] {
            assert_eq!(listed(filter).await.0, expected);
        }
    }
}
