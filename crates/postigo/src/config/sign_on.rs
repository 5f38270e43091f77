//! The operator's own provider, by which staff sign on.

use std::{collections::BTreeMap, path::PathBuf, str::FromStr as _};

use anyhow::{Context as _, Result, bail};
use app::accounts::Terms;
use domain::{openid, role::Staff, secret::Secret};
use serde::{Deserialize, Serialize};

/// What is asked for when nothing else is said.
const SCOPES: &str = "openid profile email";
/// The longest name on a button, in characters.
const LONGEST_NAME: usize = 40;

/// The table `[portal.staff_sign_on]`. No `Debug`: it may hold a secret.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct StaffSignOn {
    /// The provider, as it writes itself: its metadata are at `/.well-known/openid-configuration` under it.
    pub issuer: String,
    /// What the provider calls Postigo. Its redirect URI there is the portal's `public_url` followed by `/sign-in/staff/callback`.
    pub client_id: String,
    /// The file with the client's secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_secret_file: Option<PathBuf>,
    /// The secret itself, for the environment variable `POSTIGO__PORTAL__STAFF_SIGN_ON__CLIENT_SECRET`; one of the two is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
    /// What is asked of the provider; absent: `openid profile email`. Add what makes it tell the role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scopes: Option<String>,
    /// What people call it; it stands on the button.
    pub name: String,
    /// The claim that says what somebody is: its name, or a path into it (`realm_access.roles`).
    pub role_claim: String,
    /// What its values mean: `viewer`, `support`, `publisher` or `administrator`. Of somebody with several, the mightiest counts, from
    /// administrator by publisher and support to viewer.
    pub roles: BTreeMap<String, String>,
    /// Whether staff can sign in by nothing else.
    pub only: bool,
    /// Whether the provider asks every one of them for a second factor. Otherwise its tokens must say so (`amr` with `mfa`, or a class of `acr`
    /// that means it), or Postigo asks for its own.
    pub second_factor: bool,
}

impl std::fmt::Debug for StaffSignOn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StaffSignOn").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl StaffSignOn {
    /// What the use cases must know, the secret read.
    ///
    /// # Errors
    /// One line that never shows the secret.
    pub fn terms(&self) -> Result<Terms> {
        Ok(Terms {
            issuer: self.issuer.clone(),
            client_id: self.client_id.clone(),
            client_secret: self.secret()?,
            scopes: self.scopes().to_owned(),
            name: self.name.clone(),
            role_claim: self.role_claim.clone(),
            roles: self.roles()?,
            only: self.only,
            second_factor: self.second_factor,
        })
    }

    fn scopes(&self) -> &str {
        self.scopes.as_deref().unwrap_or(SCOPES)
    }

    fn secret(&self) -> Result<Secret> {
        let text = match (&self.client_secret_file, &self.client_secret) {
            (Some(file), None) => std::fs::read_to_string(file)
                .with_context(|| format!("cannot read client_secret_file {}", file.display()))?
                .trim()
                .to_owned(),
            (None, Some(secret)) => secret.clone(),
            _ => bail!(
                "give the client's secret in client_secret_file, or in POSTIGO__PORTAL__STAFF_SIGN_ON__CLIENT_SECRET, and not in both"
            ),
        };
        if text.is_empty() {
            bail!("the client's secret is empty");
        }
        Ok(Secret::new(text))
    }

    fn roles(&self) -> Result<Vec<(String, Staff)>> {
        let roles = self.roles.iter().map(|(value, role)| {
            let role = Staff::from_str(role).map_err(|_| {
                anyhow::anyhow!("roles: {role:?} is no role of staff; those are viewer, support, publisher and administrator")
            })?;
            Ok((value.clone(), role))
        });
        roles.collect()
    }

    /// Everything but the secret, which only a node must be able to read.
    ///
    /// # Errors
    /// One line with the mend.
    pub fn check(&self) -> Result<()> {
        if !openid::is_safe(&self.issuer) || self.issuer.contains('?') {
            bail!("issuer must look like https://login.example.com, without query or fragment (http only of this machine)");
        }
        for (key, value) in [("client_id", &self.client_id), ("name", &self.name), ("role_claim", &self.role_claim)] {
            if value.trim().is_empty() || value.chars().any(char::is_control) {
                bail!("{key} is missing");
            }
        }
        if self.name.chars().count() > LONGEST_NAME {
            bail!("name has at most {LONGEST_NAME} characters: it stands on a button");
        }
        if !self.scopes().split(' ').any(|scope| scope == "openid") {
            bail!("scopes must have openid among them");
        }
        if self.roles()?.is_empty() {
            bail!(
                "roles is missing: without it nobody gets in; write for example [portal.staff_sign_on.roles] and postigo-admins = \"administrator\""
            );
        }
        if self.client_secret_file.is_some() == self.client_secret.is_some() {
            bail!("give the client's secret in client_secret_file, or in POSTIGO__PORTAL__STAFF_SIGN_ON__CLIENT_SECRET, and not in both");
        }
        Ok(())
    }
}
