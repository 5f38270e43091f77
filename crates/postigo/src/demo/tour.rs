//! The guided tour: what is being done, the request as `curl`, the answer shortened, what to look at next.

use std::{io::IsTerminal as _, time::Duration};

use anyhow::{Context as _, Result, bail};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::Environment;
use http::Method;
use serde_json::{Value, json};
use store::Db;

use super::{
    call::{Answer, Call},
    credentials::{Credentials, Project},
    seed::{SHOP, SMALL_SHOP},
    stage::Stage,
};
use crate::{commands::decision, output::line};

/// Walks the tour; how many steps failed.
pub async fn walk(stage: &Stage, credentials: &Credentials, db: &Db) -> Result<usize> {
    let shop = credentials.project(SHOP, Environment::Sandbox).context("the shop is there")?;
    let small = credentials.project(SMALL_SHOP, Environment::Sandbox).context("the small shop is there")?;
    let mut tour = Tour {
        base: credentials.base_url(Environment::Sandbox).to_owned(),
        stage,
        shop,
        small,
        db,
        token: String::new(),
        parcel: String::new(),
        styled: std::io::stdout().is_terminal(),
    };
    tour.heading("Postigo, the front door of a parcel carrier's APIs")?;
    line("This demo runs all of it on this machine: portal, authorization server, gateway, and Paloma, the sandbox carrier.")?;

    let mut failed = 0;
    let steps: [(&str, Step); 8] = [
        ("A token, as RFC 6749 has it", Step::OauthToken),
        ("The same engine, as FedEx answers", Step::FedexToken),
        ("The same engine, as Correos answers", Step::CorreosToken),
        ("A parcel, preregistered through the gateway", Step::Preregister),
        ("Its label", Step::Label),
        ("Its tracking, read back", Step::Track),
        ("The same parcel, in FedEx' shape", Step::FedexTrack),
        ("A refusal that explains itself", Step::Refusal),
    ];
    for (i, (title, step)) in steps.into_iter().enumerate() {
        tour.heading(&format!("{}. {title}", i + 1))?;
        if let Err(error) = tour.take(step).await {
            failed += 1;
            line(&format!("\nThis step failed: {error:#}"))?;
        }
    }
    line("")?;
    line(&if failed == 0 { "All steps passed.".to_owned() } else { format!("{failed} of {} steps failed.", steps.len()) })?;
    Ok(failed)
}

/// What to open and to try while the demo serves.
pub fn invite(stage: &Stage, credentials: &Credentials) -> Result<()> {
    let config = stage.config_file();
    line("\nEverything keeps running; stop it with Ctrl-C.\n")?;
    line(&format!("  portal        {}", credentials.portal.url))?;
    line(&format!("  sandbox       {}", credentials.environments.sandbox.base_url))?;
    line(&format!("  production    {}", credentials.environments.production.base_url))?;
    line(&format!("  health        {}/readyz", credentials.telemetry.url))?;
    line("\nSign in to the portal as one of these:\n")?;
    let operator = &credentials.portal.operator;
    line(&format!("  {:<28}{:<34}the operator", operator.email, operator.password))?;
    for member in &credentials.portal.accounts {
        let who = format!("{} of {}", member.role, member.organisation);
        line(&format!("  {:<28}{:<34}{who}", member.sign_in.email, member.sign_in.password))?;
    }
    line("\nIn another terminal:\n")?;
    for command in [
        "organisation list",
        "access list --status pending",
        "contract list --status pending",
        "keys list --environment sandbox",
        "audit verify",
    ] {
        line(&format!("  postigo {command} --config {}", config.display()))?;
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Step {
    OauthToken,
    FedexToken,
    CorreosToken,
    Preregister,
    Label,
    Track,
    FedexTrack,
    Refusal,
}

struct Tour<'a> {
    base: String,
    stage: &'a Stage,
    shop: &'a Project,
    small: &'a Project,
    db: &'a Db,
    token: String,
    parcel: String,
    styled: bool,
}

impl Tour<'_> {
    async fn take(&mut self, step: Step) -> Result<()> {
        match step {
            Step::OauthToken => self.oauth_token().await,
            Step::FedexToken => self.fedex_token().await,
            Step::CorreosToken => self.correos_token().await,
            Step::Preregister => self.preregister().await,
            Step::Label => self.label().await,
            Step::Track => self.track().await,
            Step::FedexTrack => self.fedex_track().await,
            Step::Refusal => self.refusal().await,
        }
    }

    async fn oauth_token(&mut self) -> Result<()> {
        line(&format!("{SHOP} asks for a token with its client id and secret. No scope asked: all that is granted.\n"))?;
        let call = self.token_call("/oauth2/token", self.shop, None);
        let answer = self.make(&call, 200).await?;
        self.token = text(&answer, "/access_token")?;
        self.next(
            "The token is a signed JWT (RFC 9068): /.well-known/jwks.json has the keys to check it offline. Below, $TOKEN stands for it.",
        )
    }

    async fn fedex_token(&mut self) -> Result<()> {
        line("Code written for FedEx finds its path, its lower-case `bearer` and its error envelope.\n")?;
        let answer = self.make(&self.token_call("/oauth/token", self.shop, Some("CXS")), 200).await?;
        if answer.body["token_type"] != "bearer" {
            bail!("token_type should be `bearer`");
        }
        self.next("`expires_in` is in seconds, whatever the guide says.")
    }

    async fn correos_token(&mut self) -> Result<()> {
        line("Code written for Correos finds `idToken`, and `expiresIn` in minutes.\n")?;
        let answer = self.make(&self.token_call("/Api/Authorize/Token", self.shop, Some("AP3 LBS RCG TPB")), 200).await?;
        text(&answer, "/idToken")?;
        self.next("Three dialects, one engine: adding a fourth carrier is adding one file.")
    }

    async fn preregister(&mut self) -> Result<()> {
        line(
            "The token says who calls; the API credential in client_id and client_secret is Correos' second layer. The gateway checks both.\n",
        )?;
        let body = json!({"errorCodeLanguage": "eng", "shipments": [{
            "product": "PAAZE", "deliveryMethod": "DOUAOF", "admissionMethod": "OFI",
            "contractNumber": "54000000", "clientNumber": "80000000", "labellerCode": "XXX1",
            "packagesNumber": "1", "totalWeight": "1200", "shipmentReference1": "PEDIDO-1001",
            "sender": {"name": "Librería Cervantes", "address": "Calle de Alcalá 1", "locality": "Madrid", "province": "28", "cp": "28014", "country": "ESP", "contactPhone": "910000000", "email": "tienda@example.com"},
            "addressee": {"name": "Lucía", "lastName1": "Fernández", "address": "Carrer de Mallorca 401", "locality": "Barcelona", "province": "08", "cp": "08013", "country": "ESP", "contactPhone": "930000000", "email": "lucia@example.com", "smsNumber": "600000000"},
            "packages": [{"packageId": "1", "packageWeightGrams": "1200", "packageHeight": "100", "packageWidth": "200", "packageLength": "300", "clientReference": "PEDIDO-1001"}]
        }]});
        let answer = self.make(&self.api(Method::POST, "/admissions/preregister/api/v1/delivery", self.shop).json(body), 201).await?;
        self.parcel = text(&answer, "/shipments/0/packages/0/packageCode")?;
        self.next("The last letter of the code is its check letter.")
    }

    async fn label(&mut self) -> Result<()> {
        line("Another API, another scope (LBS), the same token.\n")?;
        let body = json!({"application": "DEMO", "documentationType": 1, "print": {"shipments": [self.parcel], "labelFormat": 2, "labelPrintMode": 2, "labelOrderType": 1, "labelPrintInitialPosition": 1}});
        let answer = self.make(&self.api(Method::POST, "/support/labels/api/v1/labels/print", self.shop).json(body), 200).await?;
        let pdf = STANDARD.decode(text(&answer, "/pdf")?).context("the label is not base64")?;
        if !pdf.starts_with(b"%PDF-") {
            bail!("the label is not a PDF");
        }
        let file = self.stage.folder.join(format!("label-{}.pdf", self.parcel));
        std::fs::write(&file, &pdf).with_context(|| format!("cannot write {}", file.display()))?;
        self.next(&format!("The label is in {} ({} bytes); its barcode scans.", file.display(), pdf.len()))
    }

    async fn track(&mut self) -> Result<()> {
        let path = format!("/support/trackpub/api/v2/search/{}?languageCode=EN", self.parcel);
        let answer = self.make(&self.api(Method::GET, &path, self.shop), 200).await?;
        if answer.body["events"].as_array().is_none_or(Vec::is_empty) {
            bail!("the parcel has no event");
        }
        Ok(())
    }

    async fn fedex_track(&mut self) -> Result<()> {
        line("FedEx-shaped APIs ask for the token alone; the parcel is the same.\n")?;
        let body = json!({"includeDetailedScans": true, "trackingInfo": [{"trackingNumberInfo": {"trackingNumber": self.parcel}}]});
        let call = Call::new(Method::POST, format!("{}/track/v1/trackingnumbers", self.base)).bearer(&self.token).json(body);
        let answer = self.make(&call, 200).await?;
        text(&answer, "/output/completeTrackResults/0/trackResults/0/latestStatusDetail/code")?;
        Ok(())
    }

    async fn refusal(&mut self) -> Result<()> {
        line(&format!(
            "{SMALL_SHOP} may print labels and track, nothing else. Its token is good, its API credential too; it tries to preregister.\n"
        ))?;
        let asked = self.token_call("/oauth2/token", self.small, Some("LBS")).send().await?;
        let token = text(&asked, "/access_token")?;
        let pair = self.small.api_credentials.get("preregister").context("the small shop has an API credential")?;
        let call = Call::new(Method::POST, format!("{}/admissions/preregister/api/v1/delivery", self.base))
            .bearer(&token)
            .header("client_id", &pair.client_id)
            .header("client_secret", &pair.client_secret)
            .json(json!({"shipments": []}));
        let answer = self.make(&call, 403).await?;
        let id = answer.headers.get("x-request-id").and_then(|id| id.to_str().ok()).context("the answer has no request id")?.to_owned();
        line(&format!("\n  postigo decision {id} --config {}\n", self.stage.config_file().display()))?;
        let report = self.decision(&id).await?;
        decision::print(&report)?;
        self.next("Every refusal carries such an id; the ones it belongs to can read why.")
    }

    /// Decisions are written in batches: this one is there in a moment.
    async fn decision(&self, id: &str) -> Result<Value> {
        let id = id.parse().context("the request id is no UUID")?;
        for _ in 0..50 {
            if let Some(kept) = store::decisions::find(self.db, id).await? {
                return Ok(serde_json::from_str(&kept.detail)?);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        bail!("the decision was not kept")
    }

    fn token_call(&self, path: &str, project: &Project, scope: Option<&str>) -> Call {
        let call = Call::new(Method::POST, format!("{}{path}", self.base)).form(&[
            ("grant_type", "client_credentials"),
            ("client_id", &project.client_id),
            ("client_secret", &project.client_secret),
        ]);
        match scope {
            Some(scope) => call.form(&[("scope", scope)]),
            None => call,
        }
    }

    fn api(&self, method: Method, path: &str, project: &Project) -> Call {
        let call = Call::new(method, format!("{}{path}", self.base)).bearer(&self.token);
        match project.api_credentials.get("preregister") {
            Some(pair) => call.header("client_id", &pair.client_id).header("client_secret", &pair.client_secret),
            None => call,
        }
    }

    async fn make(&self, call: &Call, expected: u16) -> Result<Answer> {
        for part in call.as_curl().lines() {
            line(&format!("  {}", self.dim(part)))?;
        }
        let answer = call.send().await?;
        line(&format!("\n  {}", answer.status))?;
        for part in serde_json::to_string_pretty(&shortened(&answer.body, 0))?.lines() {
            line(&format!("  {part}"))?;
        }
        if answer.status != expected {
            bail!("{expected} was expected, not {}", answer.status);
        }
        Ok(answer)
    }

    fn heading(&self, text: &str) -> Result<()> {
        if self.styled {
            line(&format!("\n\x1b[1m{text}\x1b[0m\n"))
        } else {
            line(&format!("\n{text}\n{}\n", "-".repeat(text.chars().count())))
        }
    }

    fn next(&self, text: &str) -> Result<()> {
        line(&format!("\n{text}"))
    }

    fn dim(&self, text: &str) -> String {
        if self.styled { format!("\x1b[2m{text}\x1b[0m") } else { text.to_owned() }
    }
}

fn text(answer: &Answer, pointer: &str) -> Result<String> {
    let found = answer.body.pointer(pointer).and_then(Value::as_str);
    Ok(found.with_context(|| format!("the answer has no {pointer}"))?.to_owned())
}

/// The answer as it fits a screen: long texts cut, long lists and deep members left out.
fn shortened(value: &Value, depth: usize) -> Value {
    match value {
        Value::String(text) if text.chars().count() > 100 => json!(text.chars().take(40).collect::<String>() + "…"),
        Value::Array(items) if items.len() > 1 => Value::Array(
            items.iter().take(1).map(|item| shortened(item, depth + 1)).chain([json!(format!("… {} more", items.len() - 1))]).collect(),
        ),
        Value::Array(items) => items.iter().map(|item| shortened(item, depth + 1)).collect(),
        Value::Object(_) if depth >= 7 => json!("{…}"),
        Value::Object(members) => {
            let most = if depth >= 5 { 5 } else { 12 };
            let mut kept: serde_json::Map<_, _> =
                members.iter().take(most).map(|(key, value)| (key.clone(), shortened(value, depth + 1))).collect();
            if members.len() > most {
                kept.insert("…".to_owned(), json!(format!("{} more", members.len() - most)));
            }
            Value::Object(kept)
        }
        other => other.clone(),
    }
}
