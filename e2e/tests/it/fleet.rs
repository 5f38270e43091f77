//! Several nodes on one PostgreSQL.

use http::Method;
use postigo_e2e::{
    call::get,
    credentials::{Project, text},
    moments::within_a_second,
    postgres::Database,
    program::{PATIENCE, Running, workspace},
    shipment::{DELIVERED, PRINT, SEARCH, TRACK, label, tracked},
    site::Site,
};
use serde_json::Value;

/// Two nodes that share a database, a key and their public URLs, as behind one balancer.
struct Fleet {
    // First, so that they are gone before what they stand on.
    nodes: [Running; 2],
    sites: [Site; 2],
    shop: Project,
    database: Database,
}

impl Fleet {
    async fn start() -> Self {
        let database = Database::create();
        let sites = [0, 1].map(|_| Site::with(&format!("database_url = \"{}\"", database.url())));
        // One issuer, whichever node issues.
        for site in &sites {
            let written = std::fs::read_to_string(site.config()).expect("the configuration");
            let mut text = String::new();
            for line in written.lines() {
                text.push_str(line);
                text.push('\n');
                if let Some(name) = line.strip_prefix("[environments.").and_then(|rest| rest.strip_suffix(']')) {
                    text.push_str(&format!("public_url = \"https://{name}.example.com\"\n"));
                }
            }
            site.configure(&text);
        }
        let operator = sites[0].operator();
        operator.does(&["migrate"]);
        let catalogue = workspace().join("crates/carrier/openapi");
        operator.does(&["apply", catalogue.to_str().expect("text")]);
        let made = operator.reads(&["organisation", "create", "Librería Cervantes", "--type", "integrator"]);
        std::fs::copy(sites[0].folder().join("master.key"), sites[1].folder().join("master.key")).expect("copies the key");
        let mut shop = Project {
            base: sites[0].url(1),
            organisation: text(&made, "/name"),
            id: text(&made, "/project_id"),
            client_id: text(&made, "/client_id"),
            client_secret: text(&made, "/client_secret"),
            scopes: Vec::new(),
            api_credential: (String::new(), String::new()),
            customer_keys: Vec::new(),
        };
        for api in ["preregister", "labels", "tracking", "requests", "fedex-track", "fedex-ship"] {
            let asked = operator.reads(&["access", "create", "--project", &shop.id, "--environment", "sandbox", "--api", api]);
            if asked.get("api_client_secret").is_some() {
                shop.api_credential = (text(&asked, "/api_client_id"), text(&asked, "/api_client_secret"));
            }
        }
        let nodes = [sites[0].serve().await, sites[1].serve().await];
        Self { nodes, sites, shop, database }
    }

    /// The shop as it calls each node.
    fn shops(&self) -> [Project; 2] {
        [0, 1].map(|at: usize| Project { base: self.sites[at].url(1), ..self.shop.clone() })
    }
}

async fn track(project: &Project, token: &str) -> u16 {
    project.api(Method::POST, TRACK, token).json(&tracked(DELIVERED)).send().await.status
}

/// What both nodes say to a token.
async fn both(shops: &[Project; 2], token: &str) -> (u16, u16) {
    (track(&shops[0], token).await, track(&shops[1], token).await)
}

#[tokio::test]
async fn what_one_node_issues_and_keeps_the_other_takes_and_finds() {
    let fleet = Fleet::start().await;
    let [one, other] = fleet.shops();
    let token = one.token("").await;
    let parcel = one.parcel(&token).await;
    let trace = other.api(Method::GET, &format!("{SEARCH}/{parcel}"), &token).send().await;
    assert_eq!((trace.status, &trace.json()["code"]), (200, &Value::from(parcel.as_str())));
    let printed = other.api(Method::POST, PRINT, &other.token("LBS").await).json(&label(&parcel, 3)).send().await;
    assert!(printed.json()["zpl"].is_string(), "{printed:?}");
    let keys = [
        get(fleet.sites[0].url(1) + "/.well-known/jwks.json").send().await.json(),
        get(fleet.sites[1].url(1) + "/.well-known/jwks.json").send().await.json(),
    ];
    assert_eq!(keys[0], keys[1]);
    // A decision made at one node is read wherever the database is.
    let refused = other.api(Method::POST, PRINT, &other.token("TPB").await).json(&label(&parcel, 3)).send().await;
    assert_eq!(refused.status, 403);
    let operator = fleet.sites[0].operator();
    let found = postigo_e2e::moments::eventually(PATIENCE, async || (operator.types(&["decision", refused.id()]).code == 0).then_some(()));
    assert!(found.await.is_some(), "the decision is kept");
    operator.does(&["audit", "verify"]);
}

#[tokio::test]
async fn every_revocation_by_command_is_seen_by_both_nodes_within_a_second() {
    let fleet = Fleet::start().await;
    let (shops, operator) = (fleet.shops(), fleet.sites[1].operator());
    let knocks = async |shops: &[Project; 2]| (shops[0].knocks().await.status, shops[1].knocks().await.status);

    let (token, sibling) = (shops[0].token("CXS").await, shops[1].token("CXS").await);
    assert_eq!((both(&shops, &token).await, both(&shops, &sibling).await), ((200, 200), (200, 200)));
    operator.does(&["revoke", "token", &token]);
    within_a_second("a revoked token", (401, 401), async || both(&shops, &token).await).await;
    assert_eq!(both(&shops, &sibling).await, (200, 200));

    let issued = operator.reads(&[
        "customer-key",
        "create",
        "--project",
        &fleet.shop.id,
        "--environment",
        "sandbox",
        "--account-number",
        "740561073",
    ]);
    let (key, secret) = (text(&issued, "/child_key"), text(&issued, "/child_secret"));
    let child = shops[0].knocks_for("/oauth2/token", "csp_credentials", (&key, &secret)).await;
    let child = text(&child.json(), "/access_token");
    assert_eq!(both(&shops, &child).await, (200, 200));
    operator.does(&["revoke", "customer-key", &key]);
    within_a_second("a revoked customer key", (401, 401), async || both(&shops, &child).await).await;

    let fresh = operator.reads(&["secret", "create", "--client", &fleet.shop.client_id]);
    let renewed = shops.clone().map(|shop| Project { client_secret: text(&fresh, "/client_secret"), ..shop });
    within_a_second("a new secret", (200, 200), async || knocks(&renewed).await).await;
    let listed = operator.reads(&["secret", "list", "--client", &fleet.shop.client_id]);
    let old = listed.as_array().expect("a list").iter().find(|secret| secret["id"] != fresh["id"]).expect("the old one");
    operator.does(&["revoke", "secret", &text(old, "/id")]);
    within_a_second("a revoked secret", ((401, 401), (401, 401)), async || (both(&shops, &sibling).await, knocks(&shops).await)).await;

    let token = renewed[0].token("CXS LBS").await;
    let grants = operator.reads(&["access", "grants", "--project", &fleet.shop.id]);
    for grant in grants.as_array().expect("a list").iter().filter(|grant| text(grant, "/api").starts_with("fedex-")) {
        operator.does(&["revoke", "grant", &text(grant, "/id")]);
    }
    within_a_second("a revoked grant", (403, 403), async || both(&renewed, &token).await).await;

    operator.does(&["revoke", "organisation", &fleet.shop.organisation]);
    within_a_second("a revoked organisation", ((401, 401), (401, 401)), async || (both(&renewed, &token).await, knocks(&renewed).await))
        .await;
}

#[tokio::test]
async fn a_node_that_goes_takes_nobody_along() {
    let mut fleet = Fleet::start().await;
    let [one, other] = fleet.shops();
    let token = one.token("CXS").await;
    fleet.nodes[0].terminate();
    assert!(fleet.nodes[0].end(PATIENCE).await.success());
    assert_eq!((track(&other, &token).await, other.knocks().await.status), (200, 200));
    let again = fleet.sites[0].serve().await;
    fleet.nodes[0] = again;
    assert_eq!(track(&one, &token).await, 200, "a token outlives the node that issued it");
}

#[tokio::test]
async fn a_database_of_another_house_is_not_opened_with_this_key() {
    let fleet = Fleet::start().await;
    let stranger = Site::with(&format!("database_url = \"{}\"", fleet.database.url()));
    let outcome = stranger.operator().types(&["organisation", "list"]);
    assert!(outcome.refusal().contains("master"), "{outcome:?}");
    assert!(!stranger.folder().join("master.key").exists(), "no other key is drawn");
}
