//! `PUT /delivery/package`: a declaration is mended while its parcels are still at home. Codes stay as they are.

use http::StatusCode;
use serde_json::{Map, Value, json};
use store::{Tx, shipments as store_shipments};

use crate::{
    Answer, Call,
    body::{self, list, text},
    declaration::Declaration,
    events,
    labels::FOREIGN,
    preregister::{
        MOST_SHIPMENTS,
        findings::{self, Finding, Kind},
        framed,
        read::find,
        refused, rules,
        take::refer,
    },
    respond::{Refusal, answer as json_answer},
};

/// The label's code and the bill were made from these.
const FIXED: [&str; 4] = ["product", "contractNumber", "clientNumber", "labellerCode"];

/// Members of a change that say which shipment is meant.
const NAMES: [&str; 3] = ["packageCode", "shipmentCode", "errorCodeLanguage"];

pub(crate) async fn answer(call: &Call<'_>) -> Answer {
    let request = body::object(call.body)?;
    // One shipment may stand alone or in the array that creating takes.
    let changes: Vec<&Value> = match list(&request, "shipments") {
        [] => vec![&request],
        many => many.iter().collect(),
    };
    if changes.len() > MOST_SHIPMENTS {
        return Err(Refusal::Malformed(format!("Máximo {MOST_SHIPMENTS} envíos / At most {MOST_SHIPMENTS} shipments")));
    }
    let now = call.now;
    let mut found = Vec::new();
    let mut changed = Vec::new();
    let mut targets = Vec::new();
    for change in changes {
        targets.push((change, target(call, change).await?));
    }
    // Everybody locks in one order, so that two changes of the same shipments wait for each other and never in a circle.
    let mut order: Vec<usize> = (0..targets.len()).collect();
    order.sort_by(|a, b| targets[*a].1.code.cmp(&targets[*b].1.code));
    let mut tx = call.house.db.begin().await?;
    for target in order.iter().map(|at| &targets[*at].1) {
        store_shipments::lock_declaration(&mut tx, call.caller.owner, &target.code, now).await?;
    }
    for (change, target) in &targets {
        let (findings, shipment) = apply(call, &mut tx, change, target, now).await?;
        found.push(findings);
        changed.push(shipment);
    }
    if found.iter().any(|findings| !findings.is_empty()) {
        return Ok(refused(call, findings::language(&request), &found));
    }
    tx.commit(now).await?;
    Ok(json_answer(StatusCode::OK, &framed(call, "1", &changed)))
}

/// The shipment a change is about.
struct Target {
    code: String,
    parcels: Vec<store_shipments::Parcel>,
}

async fn target(call: &Call<'_>, change: &Value) -> Result<Target, Refusal> {
    let first_package = list(change, "packages").first().and_then(|package| text(package, "packageCode"));
    let code = match (text(change, "packageCode").or(first_package), text(change, "shipmentCode")) {
        (Some(parcel), _) => find(call, &parcel).await?.map(|parcel| parcel.shipment_code),
        (None, Some(shipment)) => Some(shipment).filter(|code| crate::codes::is_plausible(code)),
        (None, None) => {
            return Err(Refusal::Malformed("Falta packageCode / packageCode is missing".into()));
        }
    };
    let code = code.ok_or(Refusal::NotFound(FOREIGN))?;
    let parcels = store_shipments::parcels_of(&call.house.db, call.caller.owner, &code).await?;
    if parcels.is_empty() { Err(Refusal::NotFound(FOREIGN)) } else { Ok(Target { code, parcels }) }
}

async fn apply(
    call: &Call<'_>,
    tx: &mut Tx,
    change: &Value,
    target: &Target,
    now: jiff::Timestamp,
) -> Result<(Vec<Finding>, Value), Refusal> {
    let owner = call.caller.owner;
    let declared = store_shipments::lock_declaration(tx, owner, &target.code, now).await?;
    let declared = declared.and_then(|text| serde_json::from_str::<Map<String, Value>>(&text).ok());
    let Some(mut declared) = declared else {
        return Err(Refusal::Broken("a shipment without a declaration"));
    };
    let mut findings = Vec::new();
    if target.parcels.iter().all(|parcel| parcel.annulled_at.is_some()) {
        findings.push(Finding::new(Kind::Annulled, "packageCode"));
    }
    // Its journey is read off the declaration: what has begun is not told otherwise afterwards.
    if target.parcels.iter().any(|parcel| events::is_admitted(parcel, now)) {
        findings.push(Finding::new(Kind::Admitted, "packageCode"));
    }
    merge(&mut declared, change, target, &mut findings);
    let merged = Value::Object(declared);
    // The contract cannot have changed, and asking for it here would take a second connection beside the transaction's.
    findings.extend(rules::form(Declaration(&merged)));
    if findings.is_empty() {
        store_shipments::rewrite(tx, owner, &target.code, &merged.to_string()).await?;
        refer(call, tx, &target.code, Declaration(&merged)).await?;
    }
    let packages: Vec<Value> = (target.parcels.iter().zip(Declaration(&merged).packages()))
        .map(|(parcel, package)| {
            let id = package.text("packageId").unwrap_or_else(|| parcel.number.to_string());
            json!({ "packageId": id, "packageCode": parcel.code })
        })
        .collect();
    let entry = target.parcels.first().map_or(now, |parcel| parcel.created_at.0);
    Ok((
        findings,
        json!({
            "validationErrorCount": 0,
            "shipmentCode": target.code,
            "packages": packages,
            "entryDate": call.house.calendar.date(entry),
        }),
    ))
}

/// Lays a change over a declaration: parties and parcels member by member, all else as a whole.
fn merge(declared: &mut Map<String, Value>, change: &Value, target: &Target, findings: &mut Vec<Finding>) {
    let Some(change) = change.as_object() else {
        return;
    };
    for (member, value) in change {
        match member.as_str() {
            name if NAMES.contains(&name) => {}
            name if FIXED.contains(&name) => {
                let same = declared.get(name).and_then(body::plain) == body::plain(value);
                if !same && !value.is_null() {
                    findings.push(Finding::new(Kind::Unchangeable, name));
                }
            }
            "sender" | "addressee" => {
                lay_over(declared.entry(member.clone()).or_insert(Value::Null), value);
            }
            "packages" => {
                let changes = value.as_array().map_or(&[][..], Vec::as_slice);
                let packages = declared.get_mut("packages").and_then(Value::as_array_mut);
                let Some(packages) = packages else { continue };
                for (at, change) in changes.iter().enumerate() {
                    let at = match text(change, "packageCode") {
                        Some(code) => target.parcels.iter().position(|parcel| parcel.code == code),
                        None => Some(at),
                    };
                    match at.and_then(|at| packages.get_mut(at)) {
                        Some(package) => lay_over(package, change),
                        None => findings.push(Finding::new(Kind::Unchangeable, "packages")),
                    }
                }
            }
            _ => {
                declared.insert(member.clone(), value.clone());
            }
        }
    }
}

fn lay_over(old: &mut Value, new: &Value) {
    match (old.as_object_mut(), new.as_object()) {
        (Some(old), Some(new)) => {
            for (member, value) in new.iter().filter(|(member, _)| *member != "packageCode") {
                old.insert(member.clone(), value.clone());
            }
        }
        (_, Some(_)) => *old = new.clone(),
        (_, None) => {}
    }
}
