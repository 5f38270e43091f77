//! `postigo account`.

use std::io::Read as _;

use anyhow::{Context as _, Result, bail};
use app::{Actor, App, accounts, staff};
use clap::Subcommand;
use domain::{Language, role::Staff, secret::Secret};
use serde_json::json;

use super::Plain;

/// What is read of a password at most, in bytes.
const MOST: u64 = 4096;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create an account whose address is taken as verified
    #[command(after_help = "Example:\n  postigo account create ana@example.com --name 'Ana Pérez' --staff administrator")]
    Create {
        email: String,
        /// The person's name
        #[arg(long)]
        name: String,
        /// Read the password from standard input; without it, one is drawn and printed once
        #[arg(long)]
        password_stdin: bool,
        /// es or en; leave out to follow the browser
        #[arg(long)]
        language: Option<Language>,
        /// Make it one of the operator's staff: viewer, support, publisher or administrator
        #[arg(long, value_name = "ROLE")]
        staff: Option<Staff>,
        #[command(flatten)]
        plain: Plain,
    },
    /// List accounts by address
    #[command(after_help = "Example:\n  postigo account list --json")]
    List {
        /// Start after this address
        #[arg(long, default_value = "")]
        after: String,
        #[arg(long, default_value_t = 100)]
        limit: i64,
        #[command(flatten)]
        plain: Plain,
    },
    /// Show an account with its organisations
    #[command(after_help = "Example:\n  postigo account show ana@example.com")]
    Show {
        /// Address or id
        account: String,
        #[command(flatten)]
        plain: Plain,
    },
    /// Take its address as verified, without the link
    #[command(after_help = "Example:\n  postigo account verify ana@example.com")]
    Verify {
        account: String,
        #[command(flatten)]
        plain: Plain,
    },
    /// Make it one of the operator's staff, or none of them any more. Where it signs on by a provider, that one says anew at each sign-on what it is
    #[command(after_help = "Example:\n  postigo account set-staff ana@example.com support")]
    SetStaff {
        account: String,
        /// viewer, support, publisher, administrator or none
        #[arg(value_parser = staff)]
        role: Role,
        #[command(flatten)]
        plain: Plain,
    },
    /// Set its password and end its sessions
    #[command(after_help = "Example:\n  postigo account set-password ana@example.com")]
    SetPassword {
        account: String,
        /// Read the password from standard input; without it, one is drawn and printed once
        #[arg(long)]
        password_stdin: bool,
        #[command(flatten)]
        plain: Plain,
    },
    /// Forget the second factor of somebody who lost it and the recovery codes
    #[command(after_help = "Example:\n  postigo account remove-second-factor ana@example.com")]
    RemoveSecondFactor {
        account: String,
        #[command(flatten)]
        plain: Plain,
    },
    /// Forget what the staff's provider calls it, and end its sessions
    #[command(after_help = "Example:\n  postigo account unlink-sign-on ana@example.com")]
    UnlinkSignOn {
        account: String,
        #[command(flatten)]
        plain: Plain,
    },
    /// Delete an account; what it did stays in the audit log under its id
    #[command(after_help = "Example:\n  postigo account delete ana@example.com")]
    Delete {
        account: String,
        #[command(flatten)]
        plain: Plain,
    },
}

/// A staff role, or none.
#[derive(Debug, Clone, Copy)]
pub struct Role(Option<Staff>);

fn staff(text: &str) -> Result<Role, String> {
    match text {
        "none" => Ok(Role(None)),
        role => role.parse().map(|role| Role(Some(role))).map_err(|error| format!("{error}, or none")),
    }
}

impl Command {
    pub async fn run(self, app: &App, actor: &Actor) -> Result<()> {
        match self {
            Self::Create { email, name, password_stdin, language, staff, plain } => {
                let password = given(password_stdin)?;
                let password = password.as_ref().map(Secret::expose);
                let created = accounts::create_verified(app, actor, &email, &name, password, language, staff).await?;
                let thing = serde_json::to_value(&created.account)?;
                match created.drawn {
                    Some(drawn) => super::issued(plain.output(), thing, "password", &drawn),
                    None => plain.output().one(&thing),
                }
            }
            Self::List { after, limit, plain } => {
                let accounts = store::accounts::page(app.db(), &after, limit.clamp(1, 10_000)).await?;
                let columns = ["id", "email", "name", "staff", "verified_at"];
                plain.output().many(&accounts, &columns, "No account yet: postigo account create EMAIL --name NAME")
            }
            Self::Show { account, plain } => {
                let account = accounts::find(app, &account).await?;
                let mut thing = serde_json::to_value(&account)?;
                thing["organisations"] = serde_json::to_value(store::accounts::member_of(app.db(), account.id).await?)?;
                thing["provider_identities"] = serde_json::to_value(store::staff_identities::of_account(app.db(), account.id).await?)?;
                plain.output().one(&thing)
            }
            Self::Verify { account, plain } => {
                let account = accounts::find(app, &account).await?;
                accounts::verify_by(app, actor, account.id).await?;
                plain.output().done(&format!("{} is verified.", account.email))
            }
            Self::SetStaff { account, role: Role(role), plain } => {
                let account = accounts::find(app, &account).await?;
                staff::set_role(app, actor, account.id, role).await?;
                let done = match role {
                    Some(role) => format!("{} is now staff: {role}.", account.email),
                    None => format!("{} is not of the staff any more.", account.email),
                };
                let until = if staff::is_linked(app, actor, account.id).await? {
                    " The provider it is linked to says anew at each sign-on what it is: change it there as well."
                } else {
                    ""
                };
                plain.output().done(&format!("{done}{until}"))
            }
            Self::SetPassword { account, password_stdin, plain } => {
                let account = accounts::find(app, &account).await?;
                let password = given(password_stdin)?;
                match accounts::set_password_by(app, actor, account.id, password.as_ref().map(Secret::expose)).await? {
                    Some(drawn) => super::issued(plain.output(), json!({"email": account.email}), "password", &drawn),
                    None => plain.output().done(&format!("The password of {} is set; its sessions have ended.", account.email)),
                }
            }
            Self::RemoveSecondFactor { account, plain } => {
                let account = accounts::find(app, &account).await?;
                accounts::remove_second_factor(app, actor, account.id).await?;
                plain.output().done(&format!("{} signs in by password alone until it sets up a second factor again.", account.email))
            }
            Self::UnlinkSignOn { account, plain } => {
                let account = accounts::find(app, &account).await?;
                accounts::unlink_sign_on(app, actor, account.id).await?;
                plain.output().done(&format!("{} is linked to no provider any more; its sessions have ended.", account.email))
            }
            Self::Delete { account, plain } => {
                let account = accounts::find(app, &account).await?;
                accounts::delete_by(app, actor, account.id).await?;
                plain.output().done(&format!("The account of {} is deleted.", account.email))
            }
        }
    }
}

/// The password on standard input, one line, when it is to be read.
fn given(read: bool) -> Result<Option<Secret>> {
    if !read {
        return Ok(None);
    }
    let mut text = String::new();
    std::io::stdin().lock().take(MOST).read_to_string(&mut text).context("the password cannot be read from standard input")?;
    let password = Secret::new(text);
    match password.expose().trim_end_matches(['\r', '\n']) {
        "" => bail!("standard input holds no password"),
        password if password.contains(['\r', '\n']) => bail!("standard input holds more than one line"),
        password => Ok(Some(Secret::new(password.to_owned()))),
    }
}
