//! The pages of organisations: who sees them, who may do what there, and what is shown once.

mod contracts;
mod customer_types;
mod founding;
mod invitations;
mod members;
mod projects;
mod settings;
mod strangers;

use domain::{AccountId, OrganisationId, role::Role};

use crate::desk::{Browser, Desk};

/// A name that would run if it were markup, and count if it were a template.
const MARKUP: &str = "\"><img src=x onerror=alert(1)>{{7*7}}";

/// What of [`MARKUP`] must never stand in a page.
fn has_markup(page: &str) -> bool {
    page.contains("<img src=x") || page.contains("\">49")
}

/// One organisation with somebody of each role.
struct House {
    desk: Desk,
    id: OrganisationId,
    path: String,
    people: Vec<(Role, Browser)>,
    stranger: Browser,
}

async fn house(test: &store::testkit::TestDb) -> House {
    let desk = Desk::open(test).await;
    let id = desk.founded("Librería").await.organisation.id;
    let mut people = Vec::new();
    for role in Role::ALL {
        people.push((*role, desk.member(id, &format!("{role}@shop.example"), *role).await));
    }
    let elsewhere = desk.founded("Elsewhere").await.organisation.id;
    let stranger = desk.member(elsewhere, "owner@elsewhere.example", Role::Owner).await;
    House { desk, id, path: format!("/organisations/{id}"), people, stranger }
}

impl House {
    fn somebody(&mut self, role: Role) -> &mut Browser {
        &mut self.people[role as usize].1
    }

    fn account(&self, role: Role) -> AccountId {
        self.people[role as usize].1.account.expect("signed in")
    }

    /// The status of a form sent by everybody in turn: stranger, viewer, developer, admin, owner.
    async fn statuses(&mut self, path: &str, fields: &[(&str, &str)]) -> Vec<u16> {
        let path = format!("{}{path}", self.path);
        let mut statuses = vec![self.stranger.post(&path, fields).await.status.as_u16()];
        for (_, browser) in &mut self.people {
            statuses.push(browser.post(&path, fields).await.status.as_u16());
        }
        statuses
    }

    /// The roles whose page at `path` contains `text`.
    async fn shown(&mut self, path: &str, text: &str) -> Vec<Role> {
        let path = format!("{}{path}", self.path);
        let mut roles = Vec::new();
        for (role, browser) in &mut self.people {
            if browser.get(&path).await.page.contains(text) {
                roles.push(*role);
            }
        }
        roles
    }
}

/// What stands in a page from `start` to the next character that cannot be of a credential.
fn credential<'p>(page: &'p str, start: &str) -> &'p str {
    let at = page.find(start).unwrap_or_else(|| panic!("no {start} in {page}"));
    let rest = &page[at..];
    &rest[..rest.find(|sign: char| !sign.is_ascii_alphanumeric() && sign != '_').unwrap_or(rest.len())]
}
