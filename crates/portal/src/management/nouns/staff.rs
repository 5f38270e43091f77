//! The operator's own people, and those who are invited to be.

use app::{
    records::{StaffInvitation, StaffPerson},
    staff as cases,
};
use domain::{AccountId, InvitationId, role::Staff};
use serde_json::{Value, json};

use crate::management::{
    answer::Answer,
    call::{Call, Outcome, with, written},
    problem::Problem,
    schema::{Named, closed, id, moment, object, one_of, or_null, text},
};

pub(crate) fn schemas() -> Vec<Named> {
    let role = || one_of(Staff::ALL.iter().map(|role| role.as_str()));
    let short = vec![
        ("account_id", id()),
        ("name", text()),
        ("email", text()),
        ("role", role()),
        ("second_factor", json!({"type": "boolean"})),
        ("created_at", moment()),
        ("signed_in_at", or_null(moment())),
    ];
    let linked = json!({"type": "boolean",
        "description": "Whether the operator's provider says at each sign-on what they are: a role set here holds until the next one."});
    let mut whole = short.clone();
    whole.push(("linked", linked));
    vec![
        ("StaffMemberInShort", object(&short)),
        ("StaffMember", object(&whole)),
        ("SetStaffRole", closed(&[("role", role())])),
        (
            "StaffInvitation",
            object(&[
                ("id", id()),
                ("email", text()),
                ("role", role()),
                ("invited_by", text()),
                ("created_at", moment()),
                ("expires_at", moment()),
            ]),
        ),
        ("NewStaffInvitation", closed(&[("email", json!({"type": "string", "minLength": 3, "maxLength": 254})), ("role", role())])),
    ]
}

fn shown(person: &StaffPerson) -> Value {
    let StaffPerson { account, signed_in_at } = person;
    json!({
        "account_id": account.id, "name": account.name, "email": account.email.as_str(), "role": account.staff(),
        "second_factor": account.has_second_factor(), "created_at": account.created_at, "signed_in_at": signed_in_at,
    })
}

/// When somebody last signed in is no part of what is changed here.
fn state(person: &Value) -> Value {
    json!([person["account_id"], person["role"]])
}

async fn now(call: &Call) -> Result<(AccountId, Value), Problem> {
    let id: AccountId = call.id("account")?;
    let all = cases::list(call.app(), &call.actor).await?;
    let found = all.iter().find(|person| person.account.id == id).ok_or_else(Problem::not_found)?;
    Ok((id, shown(found)))
}

/// `GET /staff`
pub(crate) async fn list(call: &Call) -> Outcome {
    let all = cases::list(call.app(), &call.actor).await?;
    call.page_of(all.iter().map(shown).collect(), "account_id")
}

/// `GET /staff/{account}`
pub(crate) async fn show(call: &Call) -> Outcome {
    let (id, present) = now(call).await?;
    let state = state(&present);
    let linked = cases::is_linked(call.app(), &call.actor, id).await?;
    Ok(Answer::one(with(present, [("linked", linked.into())])).tagged(&state))
}

/// `PUT /staff/{account}/role`
pub(crate) async fn set_role(call: &Call) -> Outcome {
    // Only who is of the staff has a role here; others are invited.
    let (id, present) = now(call).await?;
    call.must_match(&state(&present))?;
    cases::set_role(call.app(), &call.actor, id, Some(call.choice("role")?)).await?;
    show(call).await
}

/// `DELETE /staff/{account}`
pub(crate) async fn remove(call: &Call) -> Outcome {
    let (id, present) = now(call).await?;
    call.must_match(&state(&present))?;
    cases::set_role(call.app(), &call.actor, id, None).await?;
    Ok(Answer::nothing())
}

/// How it ended is told of none: those that are listed are open.
fn invited(invitation: &StaffInvitation) -> Result<Value, Problem> {
    let mut thing = written(invitation)?;
    if let Some(members) = thing.as_object_mut() {
        members.retain(|name, _| name != "ended_at" && name != "outcome");
    }
    Ok(thing)
}

async fn invitation(call: &Call) -> Result<(InvitationId, Value), Problem> {
    let id: InvitationId = call.id("invitation")?;
    let open = cases::invitations(call.app(), &call.actor).await?;
    let found = open.iter().find(|invitation| invitation.id == id).ok_or_else(Problem::not_found)?;
    Ok((id, invited(found)?))
}

/// `GET /staff-invitations`
pub(crate) async fn invitations(call: &Call) -> Outcome {
    let open = cases::invitations(call.app(), &call.actor).await?;
    call.page_of(open.iter().map(invited).collect::<Result<_, _>>()?, "id")
}

/// `POST /staff-invitations`
pub(crate) async fn invite(call: &Call) -> Outcome {
    let issued = cases::invite(call.app(), &call.actor, call.text("email"), call.choice("role")?).await?;
    // The link goes to the address it is for, and to nobody else.
    let thing = invited(&issued.record)?;
    Ok(call.made(&format!("/staff-invitations/{}", issued.record.id), thing.clone()).tagged(&thing))
}

/// `GET /staff-invitations/{invitation}`
pub(crate) async fn show_invitation(call: &Call) -> Outcome {
    Ok(Answer::one(invitation(call).await?.1))
}

/// `DELETE /staff-invitations/{invitation}`
pub(crate) async fn withdraw(call: &Call) -> Outcome {
    let (id, present) = invitation(call).await?;
    call.must_match(&present)?;
    cases::withdraw(call.app(), &call.actor, id).await?;
    Ok(Answer::nothing())
}
