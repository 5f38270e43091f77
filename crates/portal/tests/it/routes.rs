//! Every route of the portal, and what each answers to nobody, to a stranger and to a viewer.

pub mod stage;

use std::collections::BTreeSet;

use domain::role::Staff;
use http::StatusCode;
use portal::routes::{Audience, ROUTES, Verb};
use store::testkit;

use stage::{Stage, Who};

/// Verb, path, and the status for nobody, for an owner of another organisation, for a viewer of the organisation that everything in
/// the path belongs to; under `/console` also for a viewer among the operator's people. `in` is 303 to `/sign-in`; 303 leads elsewhere.
const TABLE: &str = "
GET / 200 200 200
GET /apis 200 200 200
GET /apis/{name} 200 200 200
GET /apis/{name}/openapi.json 200 200 200
GET /apis/{name}/changes 200 200 200
GET /apis/{name}/console in 200 200
GET /apis/{name}/console/frame?project={project} in 404 403
GET /apis/{name}/{operation} 200 200 200
GET /event-matrix 200 200 200
GET /event-matrix.csv 200 200 200
GET /event-matrix.xlsx 200 200 200
GET /event-matrix.json 200 200 200
GET /guides 200 200 200
GET /guides/{name} 200 200 200
GET /errors 200 200 200
GET /errors/{code} 200 200 200
GET /policies 200 200 200
GET /support 200 200 200
GET /status 200 200 200
GET /status.atom 200 200 200
GET /assets/{digest}/{name} 200 200 200

GET /sign-in 200 303 303
POST /sign-in 422 422 422
POST /sign-in/passkey/begin 200 200 200
POST /sign-in/passkey 422 422 422
GET /sign-in/second-factor in 303 303
POST /sign-in/second-factor in 303 303
POST /sign-in/second-factor/passkey/begin in 303 303
POST /sign-in/second-factor/passkey in 303 303
GET /sign-in/staff 404 404 404
GET /sign-in/staff/callback 404 404 404
GET /sign-in/staff/link in 404 404
POST /sign-in/staff/link in 404 404
POST /sign-in/staff/logout 404 404 404
POST /sign-out 303 303 303
GET /register 200 303 303
POST /register 200 200 200
GET /register/again 200 200 200
POST /register/again 200 200 200
GET /verify 404 404 404
POST /verify 404 404 404
GET /recover 200 200 200
POST /recover 200 200 200
GET /recover/new-password 404 404 404
POST /recover/new-password 404 404 404
GET /mailbox 200 200 200
GET /mailbox/{mail} 200 200 200

GET /account in 200 200
POST /account in 303 303
GET /account/email in 200 200
POST /account/email in 303 303
GET /account/email/confirm 410 410 410
POST /account/email/confirm 410 410 410
GET /account/prove in 303 303
POST /account/prove in 422 422
POST /account/prove/passkey in 409 409
GET /account/prove/provider in 404 404
GET /account/security in 200 200
GET /account/security/app in 200 200
POST /account/security/app in 200 200
GET /account/security/app/remove in 303 303
POST /account/security/app/remove in 409 409
GET /account/security/codes in 303 303
POST /account/security/codes in 409 409
GET /account/security/passkeys in 200 200
POST /account/security/passkeys in 422 422
POST /account/security/passkeys/begin in 200 200
GET /account/security/passkeys/{passkey} in 404 404
POST /account/security/passkeys/{passkey} in 404 404
GET /account/security/passkeys/{passkey}/remove in 404 404
POST /account/security/passkeys/{passkey}/remove in 404 404
GET /account/sessions in 200 200
POST /account/sessions/end-others in 303 303
POST /account/sessions/{session}/end in 404 404
GET /account/data in 200 200
GET /account/data/export in 200 200
GET /account/data/delete in 200 200
POST /account/data/delete in 303 303

GET /organisations in 200 200
GET /organisations/new in 200 200
POST /organisations/new in 200 200
GET /organisations/{organisation} in 404 200
GET /organisations/{organisation}/members in 404 200
POST /organisations/{organisation}/members in 404 403
GET /organisations/{organisation}/members/{account} in 404 403
POST /organisations/{organisation}/members/{account} in 404 403
GET /organisations/{organisation}/members/{account}/remove in 404 403
POST /organisations/{organisation}/members/{account}/remove in 404 403
GET /organisations/{organisation}/leave in 404 200
POST /organisations/{organisation}/leave in 404 303
GET /organisations/{organisation}/invitations/{invitation}/withdraw in 404 403
POST /organisations/{organisation}/invitations/{invitation}/withdraw in 404 403
GET /organisations/{organisation}/contracts in 404 200
POST /organisations/{organisation}/contracts in 404 403
GET /organisations/{organisation}/acting in 404 200
POST /organisations/{organisation}/acting/agree in 404 403
GET /organisations/{organisation}/acting/{child}/stop in 404 403
POST /organisations/{organisation}/acting/{child}/stop in 404 403
GET /organisations/{organisation}/acting/{child}/stop-all in 404 403
POST /organisations/{organisation}/acting/{child}/stop-all in 404 403
GET /organisations/{organisation}/customer-type in 404 200
POST /organisations/{organisation}/customer-type in 404 403
GET /organisations/{organisation}/settings in 404 200
POST /organisations/{organisation}/settings in 404 403
GET /organisations/{organisation}/settings/close in 404 403
POST /organisations/{organisation}/settings/close in 404 403
GET /organisations/{organisation}/projects/new in 404 403
POST /organisations/{organisation}/projects/new in 404 403
GET /invitations/accept 404 404 404
GET /invitations/accept?token={token} 200 200 200
POST /invitations/accept in 409 409
GET /staff/accept 404 404 404
POST /staff/accept in 409 409

GET /projects/{project} in 404 200
GET /projects/{project}/access in 404 200
GET /projects/{project}/access/new in 404 403
POST /projects/{project}/access/new in 404 403
GET /projects/{project}/access/{request} in 404 200
GET /projects/{project}/access/grants/{grant}/revoke in 404 403
POST /projects/{project}/access/grants/{grant}/revoke in 404 403
GET /projects/{project}/access/grants/{grant}/plan in 404 403
POST /projects/{project}/access/grants/{grant}/plan in 404 403
GET /projects/{project}/clients/{client}/rotate in 404 403
POST /projects/{project}/clients/{client}/rotate in 404 403
GET /projects/{project}/clients/{client}/replace in 404 403
POST /projects/{project}/clients/{client}/replace in 404 403
GET /projects/{project}/clients/{client}/public-keys in 404 200
POST /projects/{project}/clients/{client}/public-keys in 404 403
GET /projects/{project}/clients/{client}/public-keys/{thumbprint}/remove in 404 403
POST /projects/{project}/clients/{client}/public-keys/{thumbprint}/remove in 404 403
GET /projects/{project}/secrets/{secret}/retire in 404 403
POST /projects/{project}/secrets/{secret}/retire in 404 403
GET /projects/{project}/secrets/{secret}/revoke in 404 403
POST /projects/{project}/secrets/{secret}/revoke in 404 403
GET /projects/{project}/api-credentials/new?environment=sandbox in 404 403
POST /projects/{project}/api-credentials/new in 404 403
GET /projects/{project}/api-credentials/{credential}/revoke in 404 403
POST /projects/{project}/api-credentials/{credential}/revoke in 404 403
GET /projects/{project}/customer-keys in 404 200
GET /projects/{project}/customer-keys.csv in 404 200
GET /projects/{project}/customer-keys/new in 404 403
POST /projects/{project}/customer-keys/new in 404 403
GET /projects/{project}/customer-keys/limits in 404 403
POST /projects/{project}/customer-keys/limits in 404 403
GET /projects/{project}/customer-keys/{child} in 404 200
GET /projects/{project}/customer-keys/{child}/limits in 404 403
POST /projects/{project}/customer-keys/{child}/limits in 404 403
GET /projects/{project}/customer-keys/{child}/rotate in 404 403
POST /projects/{project}/customer-keys/{child}/rotate in 404 403
POST /projects/{project}/customer-keys/{child}/suspend in 404 403
POST /projects/{project}/customer-keys/{child}/resume in 404 403
GET /projects/{project}/customer-keys/{child}/revoke in 404 403
POST /projects/{project}/customer-keys/{child}/revoke in 404 403
POST /projects/{project}/customer-keys/{child}/bind in 404 403
GET /projects/{project}/production in 404 200
POST /projects/{project}/production in 404 403
POST /projects/{project}/policies in 404 403
GET /projects/{project}/settings in 404 200
POST /projects/{project}/settings in 404 403
GET /projects/{project}/archive in 404 403
POST /projects/{project}/archive in 404 403
GET /projects/{project}/first-call in 404 200
GET /projects/{project}/first-call/light in 404 200
GET /projects/{project}/decisions in 404 200
GET /projects/{project}/decisions/{id} in 404 200
GET /decisions in 200 200
GET /decisions?id={id} in 404 303

GET /console in 404 404 200
GET /console/access in 404 404 200
GET /console/access/{request} in 404 404 200
POST /console/access/{request}/approve in 404 404 403
POST /console/access/{request}/reject in 404 404 403
GET /console/contracts in 404 404 200
GET /console/contracts/{contract} in 404 404 200
POST /console/contracts/{contract}/activate in 404 404 403
POST /console/contracts/{contract}/reject in 404 404 403
POST /console/contracts/{contract}/suspend in 404 404 403
POST /console/contracts/{contract}/end in 404 404 403
GET /console/apis in 404 404 200
GET /console/apis/new in 404 404 403
POST /console/apis/new in 404 404 403
GET /console/apis/{api} in 404 404 200
GET /console/apis/{api}/new in 404 404 403
POST /console/apis/{api}/new in 404 404 403
GET /console/apis/{api}/drafts/{number} in 404 404 200
POST /console/apis/{api}/drafts/{number}/publish in 404 404 403
GET /console/apis/{api}/drafts/{number}/discard in 404 404 403
POST /console/apis/{api}/drafts/{number}/discard in 404 404 403
POST /console/apis/{api}/drafts/{number}/again in 404 404 403
GET /console/apis/{api}/drafts/{number}/preview in 404 404 200
GET /console/apis/{api}/drafts/{number}/preview/{operation} in 404 404 200
POST /console/apis/{api}/drafts/{number}/upstreams in 404 404 403
POST /console/apis/{api}/upstreams in 404 404 403
GET /console/apis/{api}/holders.csv in 404 404 200
GET /console/apis/{api}/rules in 404 404 403
POST /console/apis/{api}/rules in 404 404 403
GET /console/apis/{api}/deprecate in 404 404 403
POST /console/apis/{api}/deprecate in 404 404 403
POST /console/apis/{api}/keep in 404 404 403
GET /console/apis/{api}/retire in 404 404 403
POST /console/apis/{api}/retire in 404 404 403
GET /console/organisations in 404 404 200
GET /console/organisations/{organisation} in 404 404 200
GET /console/organisations/{organisation}/suspend in 404 404 403
POST /console/organisations/{organisation}/suspend in 404 404 403
POST /console/organisations/{organisation}/resume in 404 404 403
POST /console/organisations/{organisation}/customer-type in 404 404 403
POST /console/organisations/{organisation}/contracts in 404 404 403
POST /console/organisations/{organisation}/notes in 404 404 403
POST /console/organisations/{organisation}/notes/{note}/remove in 404 404 403
POST /console/organisations/{organisation}/look in 404 404 303
POST /console/organisations/{organisation}/look/end in 404 404 303
GET /console/projects/{project}/grants/{grant}/revoke in 404 404 403
POST /console/projects/{project}/grants/{grant}/revoke in 404 404 403
GET /console/projects/{project}/customer-keys in 404 404 200
GET /console/projects/{project}/customer-keys.csv in 404 404 200
GET /console/projects/{project}/customer-keys/new in 404 404 403
POST /console/projects/{project}/customer-keys/new in 404 404 403
GET /console/projects/{project}/customer-keys/limits in 404 404 403
POST /console/projects/{project}/customer-keys/limits in 404 404 403
GET /console/projects/{project}/customer-keys/{child} in 404 404 200
GET /console/projects/{project}/customer-keys/{child}/limits in 404 404 403
POST /console/projects/{project}/customer-keys/{child}/limits in 404 404 403
POST /console/projects/{project}/customer-keys/{child}/suspend in 404 404 403
POST /console/projects/{project}/customer-keys/{child}/resume in 404 404 403
GET /console/projects/{project}/customer-keys/{child}/revoke in 404 404 403
POST /console/projects/{project}/customer-keys/{child}/revoke in 404 404 403
GET /console/customer-types in 404 404 200
GET /console/customer-types/{request} in 404 404 200
POST /console/customer-types/{request}/approve in 404 404 403
POST /console/customer-types/{request}/reject in 404 404 403
GET /console/audit in 404 404 200
POST /console/audit/verify in 404 404 200
POST /console/audit/export in 404 404 403
GET /console/secrets in 404 404 200
GET /console/secrets?show=quiet in 404 404 200
GET /console/secrets/methods in 404 404 200
GET /console/keys in 404 404 200
POST /console/keys/{environment}/rotate in 404 404 403
GET /console/keys/{key}/retire in 404 404 403
POST /console/keys/{key}/retire in 404 404 403
GET /console/announcements in 404 404 200
GET /console/announcements/new in 404 404 403
POST /console/announcements/new in 404 404 403
GET /console/announcements/{announcement} in 404 404 200
POST /console/announcements/{announcement} in 404 404 403
POST /console/announcements/{announcement}/publish in 404 404 403
POST /console/announcements/{announcement}/update in 404 404 403
POST /console/announcements/{announcement}/end in 404 404 403
POST /console/announcements/{announcement}/discard in 404 404 403
GET /console/policies in 404 404 200
GET /console/policies/new in 404 404 403
POST /console/policies/new in 404 404 403
GET /console/policies/acceptances in 404 404 200
GET /console/policies/acceptances.csv in 404 404 200
GET /console/policies/{version} in 404 404 200
POST /console/policies/{version} in 404 404 403
POST /console/policies/{version}/publish in 404 404 403
POST /console/policies/{version}/discard in 404 404 403
POST /console/access/{request}/take in 404 404 403
POST /console/access/{request}/leave in 404 404 403
POST /console/contracts/{contract}/take in 404 404 403
POST /console/contracts/{contract}/leave in 404 404 403
POST /console/customer-types/{request}/take in 404 404 403
POST /console/customer-types/{request}/leave in 404 404 403
GET /console/queues in 404 404 200
POST /console/queues in 404 404 403
GET /console/queues/rules/new in 404 404 403
POST /console/queues/rules/new in 404 404 403
GET /console/queues/rules/{rule} in 404 404 200
POST /console/queues/rules/{rule} in 404 404 403
POST /console/queues/rules/{rule}/remove in 404 404 403
GET /console/queues/templates/new in 404 404 403
POST /console/queues/templates/new in 404 404 403
GET /console/queues/templates/{template} in 404 404 200
POST /console/queues/templates/{template} in 404 404 403
POST /console/queues/templates/{template}/remove in 404 404 403
GET /console/plans in 404 404 200
GET /console/plans/new in 404 404 403
POST /console/plans/new in 404 404 403
GET /console/plans/{plan} in 404 404 200
POST /console/plans/{plan} in 404 404 403
GET /console/plans/{plan}/remove in 404 404 403
POST /console/plans/{plan}/remove in 404 404 403
GET /console/staff in 404 404 200
GET /console/staff/invite in 404 404 403
POST /console/staff/invite in 404 404 403
POST /console/staff/invitations/{invitation}/withdraw in 404 404 403
GET /console/staff/{account} in 404 404 403
POST /console/staff/{account} in 404 404 403
GET /console/staff/{account}/remove in 404 404 403
POST /console/staff/{account}/remove in 404 404 403
";

/// Who the columns are.
const COLUMNS: [Who; 4] = [Who::Nobody, Who::Stranger, Who::Viewer, Who::Staff(Staff::Viewer)];

/// Under these everything has a public name.
const PUBLIC: [&str; 6] = ["/guides", "/errors", "/assets", "/mailbox", "/invitations", "/staff"];

struct Row {
    verb: Verb,
    path: &'static str,
    expected: Vec<&'static str>,
}

fn rows() -> Vec<Row> {
    let lines = TABLE.lines().filter(|line| !line.is_empty());
    let row = |line: &'static str| {
        let mut words = line.split(' ');
        let verb = if words.next() == Some("GET") { Verb::Get } else { Verb::Post };
        Row { verb, path: words.next().expect("a path"), expected: words.collect() }
    };
    lines.map(row).collect()
}

/// The open segments of a path.
fn segments(path: &'static str) -> Vec<&'static str> {
    path.split('{').skip(1).map(|rest| rest.split('}').next().expect("an end")).collect()
}

#[test]
fn the_table_has_every_route_and_no_other() {
    let rows = rows();
    let name = |verb: Verb, path: &str| format!("{verb:?} {}", path.split('?').next().unwrap_or_default());
    let listed: BTreeSet<_> = rows.iter().map(|row| name(row.verb, row.path)).collect();
    let served: BTreeSet<_> = ROUTES.iter().map(|route| name(route.verb, route.path)).collect();
    assert_eq!(listed, served);
    let once: BTreeSet<_> = rows.iter().map(|row| format!("{:?} {}", row.verb, row.path)).collect();
    assert_eq!((once.len(), served.len()), (rows.len(), ROUTES.len()), "nothing is listed or served twice");
    for row in rows {
        assert_eq!(row.expected.len(), if row.path.starts_with("/console") { 4 } else { 3 }, "{}", row.path);
    }
}

#[tokio::test]
async fn every_route_answers_nobody_a_stranger_and_a_viewer_as_the_table_says() {
    let test = testkit::sqlite().await;
    let mut stage = Stage::set(&test).await;
    let mut wrong = Vec::new();
    for row in rows() {
        let path = stage.names.fill(row.path);
        for (who, expected) in COLUMNS.into_iter().zip(row.expected) {
            let answer = stage.ask(who, row.verb, &path).await;
            let to = answer.location();
            let is_door = to == "/sign-in" || to.starts_with("/sign-in?");
            let got = if answer.status == StatusCode::SEE_OTHER && is_door { "in" } else { answer.status.as_str() };
            if got != expected {
                wrong.push(format!("{:?} {} as {who:?}: {got} {to}, not {expected}", row.verb, row.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn no_form_is_taken_without_its_token_or_from_another_site() {
    let test = testkit::sqlite().await;
    let mut stage = Stage::set(&test).await;
    for route in ROUTES.iter().filter(|route| route.verb == Verb::Post && route.audience != Audience::Provider) {
        let path = stage.names.fill(route.path);
        let who = if route.audience == Audience::Staff { Who::Staff(Staff::Support) } else { Who::Viewer };
        for answer in stage.forge(who, &path).await {
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
            // It is the form that is refused, not what their role lacks.
            assert!(answer.page.contains("The form has expired"), "{path}: {}", answer.page);
        }
    }
}

#[tokio::test]
async fn a_stranger_cannot_tell_what_exists_from_what_does_not() {
    let test = testkit::sqlite().await;
    let mut stage = Stage::set(&test).await;
    let mut tried = 0;
    for row in rows().iter().filter(|row| !PUBLIC.iter().any(|public| row.path.starts_with(public))) {
        // What is in the catalogue is nobody's own.
        let named = ["name", "operation", "api", "number"];
        let open: Vec<_> = segments(row.path).into_iter().filter(|segment| !named.contains(segment)).collect();
        let Some(last) = open.last() else { continue };
        // Each segment made up or not; then what is another's under what is one's own, beside what is nobody's there.
        let mut groups = vec![
            (0..1 << open.len())
                .map(|bits| {
                    let made_up: Vec<_> =
                        open.iter().enumerate().filter(|(at, _)| bits & (1 << at) != 0).map(|(_, segment)| *segment).collect();
                    stage.names.made_up(&made_up)
                })
                .collect::<Vec<_>>(),
        ];
        if open.len() > 1 {
            let own = stage.own.iter().find(|(name, _)| *name == open[0]).expect("something of one's own");
            let names = stage.names.with(own.0, &own.1);
            groups.push(vec![names.made_up(&[*last]), names]);
        }
        for names in groups {
            let mut seen = Vec::new();
            for names in names {
                let path = names.fill(row.path);
                let full = stage.ask(Who::Stranger, row.verb, &path).await;
                assert_eq!(full.status, StatusCode::NOT_FOUND, "{:?} {path}", row.verb);
                seen.push(names.anonymous(&full));
                if row.verb == Verb::Post {
                    seen.push(names.anonymous(&stage.send_empty(Who::Stranger, &path).await));
                }
                tried += 1;
            }
            assert!(seen.windows(2).all(|two| two[0] == two[1]), "{:?} {}: {seen:#?}", row.verb, row.path);
        }
    }
    assert!(tried > 150, "{tried}");
}
