//! A credential as it is shown: a stamp, with its environment cancelled across the corner (`parts/stamp.html`).

use app::{
    Issued, clients,
    records::{ApiCredentialRow, ClientRow, CustomerKeyRow},
};
use domain::{Environment, Language, secret::Secret};

/// What `parts/stamp.html` shows.
pub(crate) struct Stamp {
    /// Of the element; unique on the page.
    pub(crate) id: &'static str,
    pub(crate) environment: Environment,
    pub(crate) title: String,
    /// What it is for, in a sentence; may be empty.
    pub(crate) about: &'static str,
    pub(crate) rows: Vec<Row>,
}

/// A line of it: something to copy.
pub(crate) struct Row {
    /// Of the element, so that a button can copy it.
    pub(crate) id: String,
    /// The parameter or header the value goes into.
    pub(crate) name: &'static str,
    /// What else people call it; may be empty.
    pub(crate) also: &'static str,
    pub(crate) value: String,
    is_secret: bool,
}

impl Stamp {
    /// An OAuth client, without its secret.
    pub(crate) fn client(id: &'static str, client: &ClientRow, language: Language) -> Self {
        Self {
            id,
            environment: client.environment,
            title: language.pick("Cliente OAuth", "OAuth client").to_owned(),
            about: language.pick("Con esta pareja se piden los tokens.", "This pair gets tokens."),
            rows: Vec::new(),
        }
        .row("client_id", language.pick("clave API", "API key"), client.id.to_string())
    }

    /// An OAuth client that was created a moment ago: the one time its secret can be shown.
    pub(crate) fn created_client(id: &'static str, created: &clients::Created, language: Language) -> Self {
        Self::client(id, &created.client, language).secret(
            "client_secret",
            language.pick("clave secreta", "secret key"),
            &created.secret.secret,
        )
    }

    /// An API credential that was issued a moment ago.
    pub(crate) fn issued_api_credential(id: &'static str, issued: &Issued<ApiCredentialRow>, language: Language) -> Self {
        Self {
            id,
            environment: issued.record.environment,
            title: language.pick("Credencial de API", "API credential").to_owned(),
            about: language.pick(
                "Otra pareja, con los mismos nombres: va en las cabeceras de cada llamada a las API que lo piden, junto al token.",
                "Another pair with the same names: it goes into the headers of every call to the APIs that ask for it, beside the token.",
            ),
            rows: Vec::new(),
        }
        .row("client_id", language.pick("cabecera", "header"), issued.record.id.to_string())
        .secret("client_secret", language.pick("cabecera", "header"), &issued.secret)
    }

    /// A customer key that was issued a moment ago.
    pub(crate) fn issued_customer_key(id: &'static str, issued: &Issued<CustomerKeyRow>, language: Language) -> Self {
        Self {
            id,
            environment: issued.record.environment,
            title: match language {
                Language::Spanish => format!("Clave de cliente de la cuenta {}", issued.record.account_number),
                Language::English => format!("Customer key of account {}", issued.record.account_number),
            },
            about: language.pick(
                "Con esta pareja, junto a la del cliente OAuth, el proyecto pide tokens en nombre de esa cuenta.",
                "With this pair beside the OAuth client's, the project gets tokens in the name of that account.",
            ),
            rows: Vec::new(),
        }
        .row("child_key", language.pick("clave de cliente", "customer key"), issued.record.id.to_string())
        .secret("child_secret", language.pick("contraseña de cliente", "customer password"), &issued.secret)
    }

    /// With a value that anybody of the organisation may see at any time.
    pub(crate) fn row(mut self, name: &'static str, also: &'static str, value: String) -> Self {
        self.rows.push(Row { id: format!("{}-{name}", self.id), name, also, value, is_secret: false });
        self
    }

    /// With a secret, which is shown this once.
    pub(crate) fn secret(mut self, name: &'static str, also: &'static str, secret: &Secret) -> Self {
        self.rows.push(Row { id: format!("{}-{name}", self.id), name, also, value: secret.expose().to_owned(), is_secret: true });
        self
    }

    /// Whether something on it cannot be shown again.
    pub(crate) fn is_shown_once(&self) -> bool {
        self.rows.iter().any(|row| row.is_secret)
    }
}
