//! What a project has in one environment, as its overview shows it.

use app::{
    records::{AccessStatus, MethodUse, SecretRow},
    view::{self, ClientPage, ProjectPage},
};
use domain::{Environment, ScopeSet, api::Dialect, contract::Standing, rotation::Verdict};

use super::{live, may};
use crate::{
    failure::Failure,
    frame::Moment,
    reference::operation::token_route,
    visit::Visit,
    words::{self, State},
};

/// A project in one environment.
pub(super) struct Quarter {
    pub(super) word: &'static str,
    pub(super) name: &'static str,
    /// What cancels the stamp.
    pub(super) mark: &'static str,
    pub(super) base_url: String,
    pub(super) tokens: Vec<TokenUrl>,
    pub(super) scopes: String,
    pub(super) keys: Vec<Key>,
    /// How many clients are over: revoked, or replaced.
    pub(super) over: usize,
    pub(super) credentials: Vec<Credential>,
    /// The titles of the granted APIs that demand an API credential.
    pub(super) demanding: Vec<String>,
    /// How many customer keys may act; empty for organisations that act for nobody.
    pub(super) customer_keys: String,
    pub(super) access: Vec<Access>,
}

impl Quarter {
    /// Whether the project may have one more API credential here.
    pub(super) fn may_have_another(&self) -> bool {
        i64::try_from(self.credentials.len()).is_ok_and(|live| live < app::api_credentials::MOST)
    }
}

/// Where one asks for a token.
pub(super) struct TokenUrl {
    pub(super) word: &'static str,
    pub(super) way: &'static str,
    pub(super) url: String,
}

/// A client.
pub(super) struct Key {
    pub(super) id: String,
    pub(super) suspended: bool,
    /// When it stops getting tokens, while it is being replaced.
    pub(super) ends: Option<Moment>,
    pub(super) secrets: Vec<Secret>,
    /// How many public keys open something.
    pub(super) public_keys: usize,
    /// How it proved itself lately.
    pub(super) methods: Vec<Method>,
}

/// A way in which a client proves itself.
pub(super) struct Method {
    pub(super) word: &'static str,
    pub(super) name: &'static str,
    pub(super) used: Used,
    /// What to do instead, when it is an old one.
    pub(super) advice: Option<&'static str>,
}

/// A client secret that opens something.
pub(super) struct Secret {
    pub(super) id: String,
    pub(super) prefix: String,
    pub(super) created: Moment,
    pub(super) ends: Option<Moment>,
    pub(super) used: Option<Used>,
    pub(super) verdict: &'static str,
    /// Its colour.
    pub(super) class: &'static str,
}

/// When, whence and by which program something was last used.
pub(super) struct Used {
    pub(super) at: Moment,
    pub(super) address: String,
    pub(super) agent: String,
}

/// An API credential that opens something.
pub(super) struct Credential {
    pub(super) id: String,
    pub(super) prefix: String,
    pub(super) created: Moment,
}

/// How a project stands with an API.
pub(super) struct Access {
    pub(super) api: String,
    pub(super) title: String,
    /// In words, and the colour.
    pub(super) state: &'static str,
    pub(super) class: &'static str,
    pub(super) since: Option<Moment>,
    pub(super) scopes: String,
    pub(super) plan: String,
    /// What a person wrote about a rejection.
    pub(super) reason: String,
    /// Whether it makes sense to ask for (more) access.
    pub(super) asks: bool,
}

pub(super) fn used(secret: &SecretRow, visit: &Visit<'_>) -> Option<Used> {
    let at = secret.last_used_at?;
    Some(Used {
        at: Moment::new(*at, visit.language),
        address: secret.last_used_address.clone().unwrap_or_default(),
        agent: secret.last_used_agent.clone().unwrap_or_default(),
    })
}

fn method(row: &MethodUse, visit: &Visit<'_>) -> Method {
    Method {
        word: row.method.as_str(),
        name: words::method(row.method, visit.language),
        used: Used {
            at: Moment::new(*row.last_used_at, visit.language),
            address: row.last_used_address.clone(),
            agent: row.last_used_agent.clone().unwrap_or_default(),
        },
        advice: words::method_advice(row.method, visit.language),
    }
}

/// Everything a project has in an environment.
pub(super) async fn quarter(visit: &Visit<'_>, page: &ProjectPage, environment: Environment) -> Result<Quarter, Failure> {
    let catalogue = visit.portal.catalogue();
    let base_url = visit.portal.settings().base_url(environment).unwrap_or_default().to_owned();
    let granted: Vec<_> = page.grants.iter().filter(|grant| grant.environment == environment && grant.revoked_at.is_none()).collect();
    let scopes: ScopeSet = granted.iter().flat_map(|grant| grant.scopes.iter().cloned()).collect();
    let apis: Vec<_> = granted.iter().filter_map(|grant| catalogue.find(grant.api.as_str())).collect();
    // Who was granted nothing yet sees every way there is.
    let dialects: Vec<Dialect> = match apis.as_slice() {
        [] => catalogue.apis.iter().map(|api| api.dialect).collect(),
        apis => apis.iter().map(|api| api.dialect).collect(),
    };
    let of_environment: Vec<&ClientPage> = page.clients.iter().filter(|client| client.client.environment == environment).collect();
    let usable = |client: &&&ClientPage| client.client.status != Standing::Revoked;
    let opens = |client: &ClientPage| live(client).next().is_some() || !client.public_keys.is_empty();
    let some_live = of_environment.iter().filter(usable).any(|client| opens(client));
    // A client without a live secret or public key is over once another one has taken its place.
    let shown: Vec<_> = of_environment.iter().filter(usable).filter(|client| !some_live || opens(client)).collect();
    Ok(Quarter {
        word: environment.as_str(),
        name: words::environment(environment, visit.language),
        mark: words::cancelled(environment, visit.language),
        tokens: token_urls(visit, &dialects, &base_url),
        base_url,
        scopes: scopes.to_string(),
        over: of_environment.len() - shown.len(),
        keys: shown.into_iter().map(|client| key(visit, client)).collect(),
        credentials: credentials(visit, page, environment),
        demanding: apis.iter().filter(|api| api.api_credential).map(|api| api.title.clone()).collect(),
        customer_keys: customer_keys(visit, page, environment).await?,
        access: access(visit, page, environment),
    })
}

/// The ways to a token, each once, in the order of `dialects`.
fn token_urls(visit: &Visit<'_>, dialects: &[Dialect], base_url: &str) -> Vec<TokenUrl> {
    let mut urls: Vec<TokenUrl> = Vec::new();
    for dialect in dialects {
        let (word, way) = words::way(*dialect, visit.language);
        if !urls.iter().any(|known| known.word == word) {
            urls.push(TokenUrl { word, way, url: format!("{base_url}{}", token_route(*dialect).0) });
        }
    }
    urls
}

fn key(visit: &Visit<'_>, client: &ClientPage) -> Key {
    let secrets = live(client).map(|page| {
        let secret = &page.secret;
        let (verdict, class) = words::verdict(page.verdict, visit.language);
        Secret {
            id: secret.id.to_string(),
            prefix: secret.prefix.clone(),
            created: Moment::new(*secret.created_at, visit.language),
            ends: secret.retires_at.map(|at| Moment::new(*at, visit.language)),
            used: used(secret, visit),
            verdict,
            class,
        }
    });
    let secrets: Vec<Secret> = secrets.collect();
    Key {
        id: client.client.id.to_string(),
        suspended: client.client.status == Standing::Suspended,
        public_keys: client.public_keys.len(),
        methods: client.methods.iter().map(|used| method(used, visit)).collect(),
        ends: client
            .retires_at
            .filter(|_| !secrets.is_empty() || !client.public_keys.is_empty())
            .map(|at| Moment::new(*at, visit.language)),
        secrets,
    }
}

fn credentials(visit: &Visit<'_>, page: &ProjectPage, environment: Environment) -> Vec<Credential> {
    let live = page.api_credentials.iter().filter(|row| row.environment == environment && row.revoked_at.is_none());
    live.map(|row| Credential { id: row.id.to_string(), prefix: row.prefix.clone(), created: Moment::new(*row.created_at, visit.language) })
        .collect()
}

/// How many customer keys may act here, in digits; empty where the organisation's type acts for nobody.
async fn customer_keys(visit: &Visit<'_>, page: &ProjectPage, environment: Environment) -> Result<String, Failure> {
    if !page.organisation.customer_type.acts_for_others() {
        return Ok(String::new());
    }
    let acting = view::acting_customer_keys(visit.portal.app(), &visit.actor()?, page.project.id, environment).await?;
    Ok(acting.to_string())
}

/// How the project stands with every API that is offered in the environment.
fn access(visit: &Visit<'_>, page: &ProjectPage, environment: Environment) -> Vec<Access> {
    let t = |spanish, english| visit.language.pick(spanish, english);
    let moment = |at: &app::records::Moment| Some(Moment::new(**at, visit.language));
    let develops = may(page, domain::role::Permission::Develop);
    let catalogue = visit.portal.catalogue();
    let offered = catalogue.apis.iter().filter(|api| !api.upstreams.of(environment).is_empty());
    let stands = offered.map(|api| {
        let mut access = Access {
            api: api.name.to_string(),
            title: api.title.clone(),
            state: t("sin pedir", "not asked for"),
            class: "",
            since: None,
            scopes: String::new(),
            plan: String::new(),
            reason: String::new(),
            asks: develops,
        };
        let grant =
            page.grants.iter().find(|grant| grant.environment == environment && grant.api == api.name && grant.revoked_at.is_none());
        let asked = page.access_requests.iter().rfind(|request| request.environment == environment && request.api == api.name);
        if let Some(grant) = grant {
            (access.state, access.class) = (t("concedido", "approved"), "ok");
            access.since = moment(&grant.created_at);
            access.scopes = grant.scopes.to_string();
            access.plan.clone_from(&grant.plan);
            access.asks = develops && !grant.scopes.covers(&api.scopes());
        } else if let Some(request) = asked {
            let State { class, word } = words::request_state(request.status, visit.language);
            // What was approved and has no grant any more is over.
            (access.state, access.class) =
                if request.status == AccessStatus::Approved { (t("terminado", "ended"), "") } else { (word, class) };
            access.since = request.decided_at.as_ref().map_or_else(|| moment(&request.created_at), moment);
            access.scopes = request.scopes.to_string();
            access.plan.clone_from(&request.plan);
            access.reason = words::decision_reason(request, visit.language);
            access.asks = develops && request.status != AccessStatus::Pending;
        }
        access
    });
    stands.collect()
}

/// Whether a secret is the only one that opens anything.
pub(super) fn is_only(verdict: Verdict) -> bool {
    verdict == Verdict::Only
}
