//! The words of mails in English.

use domain::{
    contract::Standing,
    queue::Queue,
    role::{Role, Staff},
};

use super::{NAME, REASON, acting, circulars, moment, queues};
use crate::mail::{
    plain::{one_line, plain},
    text::{Decided, Overdue, Text},
};

/// Subject and message in English.
pub(in crate::mail) fn english(text: &Text<'_>, portal: &str) -> (String, String) {
    match *text {
        Text::Verify { link } => (
            "Confirm your e-mail address".into(),
            format!(
                "Somebody, you we hope, created an account with this address. To confirm it, open this link:\n\n{}\n\nIt works once, for three days. If it was not you, do nothing: until it is confirmed, the account is good for nothing.",
                link.expose()
            ),
        ),
        Text::AlreadyRegistered => (
            "You already have an account".into(),
            format!(
                "Somebody tried to create an account with this address, but there is one already. If it was you, sign in with it:\n\n{portal}/sign-in\n\nIf you do not remember the password, set another one here:\n\n{portal}/recover\n\nIf it was not you, there is nothing you need to do."
            ),
        ),
        Text::Recover { link } => (
            "Choose a new password".into(),
            format!(
                "Somebody asked for a new password for your account. To choose it, open this link:\n\n{}\n\nIt works once, for half an hour. If it was not you, do nothing: your password stays as it is.",
                link.expose()
            ),
        ),
        Text::PasswordChanged => (
            "Your password was changed".into(),
            format!(
                "The password of your account has just been changed, and its other sessions have ended. If it was not you, recover the account at once:\n\n{portal}/recover"
            ),
        ),
        Text::ConfirmAddress { link } => (
            "Confirm your new e-mail address".into(),
            format!(
                "To move your account to this address, open this link:\n\n{}\n\nIt works once, for a day. If you did not ask for it, do nothing.",
                link.expose()
            ),
        ),
        Text::AddressChanged => (
            "The address of your account was changed".into(),
            format!(
                "Your account does not use this address any more: from now on you sign in with the new one, and we write to you there. If it was not you, tell us as soon as you can:\n\n{portal}/support"
            ),
        ),
        Text::SecondFactorAdded => (
            "A second step to sign in was set up".into(),
            format!(
                "From now on, signing in to your account takes more than the password. Keep the recovery codes in a safe place. If it was not you, recover the account at once:\n\n{portal}/recover"
            ),
        ),
        Text::SecondFactorRemoved => (
            "A second step to sign in was removed".into(),
            format!(
                "An authenticator app or a passkey was removed from your account. If it was not you, recover the account at once:\n\n{portal}/recover"
            ),
        ),
        Text::AccountDeleted => (
            "Your account was deleted".into(),
            "We deleted your account and the data that identified you. What was done with it stays on record, but not that it was you. Thank you for having been here."
                .into(),
        ),
        Text::Invitation { organisation, inviter, role, link } => (
            format!("Invitation to {}", plain(organisation, NAME)),
            format!(
                "{} invites you to join \"{}\" as {}. To accept, open this link and sign in with this address (if you have no account yet, you can create one):\n\n{}\n\nIt works for seven days. If you did not expect this invitation, do nothing.",
                plain(inviter, NAME),
                plain(organisation, NAME),
                role_en(role),
                link.expose()
            ),
        ),
        Text::StaffInvitation { inviter, role, link } => (
            "Invitation onto the operator's staff".into(),
            format!(
                "{} invites you onto the operator's staff as {}. To accept, open this link and sign in with this address (if you have no account yet, you can create one). After that we ask you for a second factor:\n\n{}\n\nIt works for seven days. If you did not expect this invitation, do nothing.",
                plain(inviter, NAME),
                staff_en(role),
                link.expose()
            ),
        ),
        Text::AccessDecided { project, api, environment, decided, lacks_credential, page } => {
            let (verdict, more) = match decided {
                Decided::Approved if lacks_credential => (
                    "approved",
                    " Tokens you ask for from now on carry it. This API also demands an API credential, and the project has none: create one on its page."
                        .to_owned(),
                ),
                Decided::Approved => ("approved", " Tokens you ask for from now on carry it.".to_owned()),
                _ => decided_en(decided),
            };
            let what = format!("Access of \"{}\" to the API \"{api}\" in {environment}", plain(project, NAME));
            (format!("Access {verdict}: {api}"), format!("{what} was {verdict}.{more}\n\n{portal}{page}"))
        }
        Text::OrganisationTurned { organisation, to, reason, page } => {
            let name = plain(organisation, NAME);
            let (subject, message) = match to {
                Standing::Active => (
                    format!("\"{name}\" may act again"),
                    format!("The operator resumed \"{name}\": its clients get tokens again and its calls pass again, with the same keys."),
                ),
                Standing::Suspended => (
                    format!("\"{name}\" is suspended"),
                    format!(
                        "The operator suspended \"{name}\". Its clients get no tokens and its calls are refused until the operator resumes it; nothing is deleted.{}\n\nIf you think this is a mistake, or it is settled by now, write to us:\n\n{portal}/support",
                        because(reason)
                    ),
                ),
                Standing::Revoked => (
                    format!("\"{name}\" is closed"),
                    format!("The operator closed \"{name}\" for good. Nothing of it works any more; you can still look at it.{}", because(reason)),
                ),
            };
            (subject, format!("{message}\n\n{portal}{page}"))
        }
        Text::CustomerKeyIssued { project, account_number, key_id, environment, page } => (
            format!("New customer key in \"{}\"", plain(project, NAME)),
            format!(
                "The operator issued a customer key for the project \"{}\" in {environment}:\n\n  account  {}\n  key  {key_id}\n\nWhoever asked for it gets the customer password from the operator; it is not in this mail. If nobody in your team asked for it, revoke it in the portal:\n\n{portal}{page}",
                plain(project, NAME),
                plain(account_number, NAME)
            ),
        ),
        Text::ContractDecided { organisation, contract, decided, page } => {
            let contract = plain(contract, NAME);
            let (verdict, more) = match decided {
                Decided::Approved => ("activated", " You can open production with it now.".to_owned()),
                Decided::Rejected { reason } => ("rejected", because(reason)),
                Decided::Withdrawn { reason } => ("suspended", because(reason)),
                Decided::Over { reason } => ("ended", because(reason)),
            };
            let message = format!("Contract {contract} of \"{}\" was {verdict}.{more}\n\n{portal}{page}", plain(organisation, NAME));
            (format!("Contract {contract} {verdict}"), message)
        }
        Text::CustomerTypeDecided { organisation, customer_type, decided, page } => {
            let (verdict, more) = decided_en(decided);
            let kind = customer_type.as_str().replace('_', " ");
            let message = format!("The request that \"{}\" become: {kind} was {verdict}.{more}\n\n{portal}{page}", plain(organisation, NAME));
            (format!("Change of customer type {verdict}"), message)
        }
        Text::SecretIssued { project, environment, client_id, prefix, before_until, page } => {
            let before = match before_until {
                Some(until) => format!("The secret before it stops working on {}.", moment(until)),
                None => "The secret before it, if there is one, works until you retire it.".to_owned(),
            };
            let message = format!(
                "The project \"{}\" has a new secret in {environment}:\n\n  client  {client_id}\n  begins with  {prefix}…\n\n{before} If nobody in your team asked for it, revoke it in the portal:\n\n{portal}{page}",
                plain(project, NAME)
            );
            (format!("New secret in \"{}\"", plain(project, NAME)), message)
        }
        Text::ApiCredentialIssued { project, environment, id, prefix, page } => (
            format!("New API credential in \"{}\"", plain(project, NAME)),
            format!(
                "The project \"{}\" has a new API credential in {environment}:\n\n  credential  {id}\n  secret begins with  {prefix}…\n\nThe one before it, if there is one, works until you revoke it. If nobody in your team asked for this one, revoke it in the portal:\n\n{portal}{page}",
                plain(project, NAME)
            ),
        ),
        Text::CustomerKeyRotated { project, key, page } => {
            let before = match key.previous_until {
                Some(until) => format!("The one before it stops working on {}.", moment(*until)),
                None => "The one before it works no more.".to_owned(),
            };
            let message = format!(
                "The project \"{}\" has a new password for a customer key in {}:\n\n  account  {}\n  key  {}\n  begins with  {}…\n\n{before} If nobody in your team asked for it, suspend or revoke the key in the portal:\n\n{portal}{page}",
                plain(project, NAME),
                key.environment,
                key.account_number,
                key.id,
                key.prefix
            );
            (format!("New customer password in \"{}\"", plain(project, NAME)), message)
        }
        Text::PublicKeyAdded { project, environment, client_id, thumbprint, page } => (
            format!("New public key in \"{}\"", plain(project, NAME)),
            format!(
                "A client of the project \"{}\" has a new public key in {environment}: whoever has its private half gets tokens as the client.\n\n  client  {client_id}\n  thumbprint  {thumbprint}\n\nIf nobody in your team added it, remove it in the portal:\n\n{portal}{page}",
                plain(project, NAME)
            ),
        ),
        Text::ClientReplaced { project, environment, old, new, until, page } => (
            format!("New key in \"{}\"", plain(project, NAME)),
            format!(
                "The project \"{}\" changes its key in {environment}:\n\n  the new one  {new}\n  the one before  {old}\n\nThe one before gets no more tokens from {} on. If nobody in your team asked for it, revoke the new one in the portal:\n\n{portal}{page}",
                plain(project, NAME),
                moment(until)
            ),
        ),
        Text::Joined { organisation, email, role, page } => (
            format!("Somebody joined \"{}\"", plain(organisation, NAME)),
            format!(
                "{} joined \"{}\" as {}, by an invitation. If they should not be there, remove them here:\n\n{portal}{page}",
                one_line(email, NAME),
                plain(organisation, NAME),
                role_en(role)
            ),
        ),
        Text::QueuesOverdue { overdue } => (
            "What waits too long in the queues".into(),
            format!("This has waited for longer than agreed:\n\n{}{portal}/console", queues_en(overdue)),
        ),
        Text::CustomerKeyCreated { .. }
        | Text::MoreCustomerKeysCreated { .. }
        | Text::CustomerKeysStopped { .. }
        | Text::MoreCustomerKeysStopped { .. } => acting::english(text, portal).unwrap_or_default(),
        Text::PoliciesPublished { .. } | Text::Announced { .. } => circulars::english(text, portal).unwrap_or_default(),
        Text::RegistrationPin { pin, account_number, organisation } => (
            format!("Your PIN for account {}", plain(account_number, NAME)),
            format!(
                "\"{}\" asks to act for your account {}. If you agree, type this PIN on its page:\n\n{}\n\nIt works once, for ten minutes. If you did not ask for it, give it to nobody, not even to somebody who calls you, and tell us:\n\n{portal}/support",
                plain(organisation, NAME),
                plain(account_number, NAME),
                pin.expose()
            ),
        ),
    }
}

fn queues_en(overdue: &[Overdue]) -> String {
    queues(overdue, |queue| {
        let name = match queue.queue {
            Queue::Access => "Access requests",
            Queue::Contracts => "Contracts to activate",
            Queue::CustomerTypes => "Customer types",
        };
        format!("{name}: {} for more than {} hours", queue.number, queue.hours)
    })
}

fn decided_en(decided: Decided<'_>) -> (&'static str, String) {
    match decided {
        Decided::Approved => ("approved", " It works from now on: there is nothing else you need to do.".to_owned()),
        Decided::Rejected { reason } => ("rejected", because(reason)),
        Decided::Withdrawn { reason } | Decided::Over { reason } => ("withdrawn", because(reason)),
    }
}

fn because(reason: &str) -> String {
    if reason.is_empty() { String::new() } else { format!("\n\nReason: {}", plain(reason, REASON)) }
}

const fn staff_en(role: Staff) -> &'static str {
    match role {
        Staff::Viewer => "a viewer",
        Staff::Support => "support",
        Staff::Publisher => "a publisher",
        Staff::Administrator => "an administrator",
    }
}

const fn role_en(role: Role) -> &'static str {
    match role {
        Role::Viewer => "a viewer",
        Role::Developer => "a developer",
        Role::Admin => "an administrator",
        Role::Owner => "an owner",
    }
}
