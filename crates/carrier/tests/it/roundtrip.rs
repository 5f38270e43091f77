//! The bars on a label, drawn by one program and read by another, say the parcel's code.

use std::{path::Path, process::Command};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;

use crate::support::{Caller, Sandbox, international, national};

/// Runs a tool of the system. Without it the labels are not tested at all, which must not look like success.
fn run(tool: &str, package: &str, arguments: &[&str]) -> String {
    let output = Command::new(tool)
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("{tool} cannot be run ({error}): install the Debian package {package}"));
    assert!(output.status.success(), "{tool}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The codes read from each page of a PDF.
fn read(pdf: &[u8], folder: &Path) -> Vec<Vec<String>> {
    let file = folder.join("label.pdf");
    std::fs::write(&file, pdf).unwrap();
    let stem = folder.join("page");
    run("pdftoppm", "poppler-utils", &["-r", "203", "-gray", &file.to_string_lossy(), &stem.to_string_lossy()]);
    let mut pages: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "pgm"))
        .collect();
    pages.sort();
    pages
        .iter()
        .map(|page| {
            let found = run("zbarimg", "zbar-tools", &["--quiet", "--raw", "-Sdisable", "-Scode128.enable", &page.to_string_lossy()]);
            let mut codes: Vec<String> = found.lines().map(str::to_owned).collect();
            codes.sort();
            codes
        })
        .collect()
}

async fn pdf(caller: &Caller, codes: &[String], mode: i64, position: i64) -> Vec<u8> {
    let print = json!({"application": "PRS", "documentationType": 1, "print": {
        "shipments": codes, "labelFormat": 2, "labelPrintMode": mode, "labelPrintInitialPosition": position,
    }});
    let (_, answer) = caller.post("/support/labels/api/v1/labels/print", print).await;
    STANDARD.decode(answer["pdf"].as_str().unwrap()).unwrap()
}

/// Parcels of each kind of code, with texts that fill the label.
async fn parcels(caller: &Caller) -> Vec<String> {
    let mut full = national();
    full["product"] = json!("PPFXB");
    full["packagesNumber"] = json!("3");
    full["packages"] = json!([{"packageWeightGrams": 500}, {"packageWeightGrams": 40000}, {"packageWeightGrams": 7}]);
    for party in ["sender", "addressee"] {
        full[party]["company"] = json!("Compañía Ñandú de Distribución y Logística Señorial, S.L. ".repeat(4));
        full[party]["address"] = json!("Avenida de la Constitución Española, portal 3, escalera B, 4.º izquierda ".repeat(2));
        full[party]["contactPhone"] = json!("954000000");
    }
    full["shipmentNotes"] = json!("Entregar por la mañana, ¡frágil! ".repeat(5));
    let mut codes = Vec::new();
    for shipment in [national(), international(), full] {
        let made = caller.ship(shipment).await;
        codes.extend(made["packages"].as_array().unwrap().iter().map(|package| package["packageCode"].as_str().unwrap().to_owned()));
    }
    codes
}

#[tokio::test]
async fn the_bars_of_a_printers_label_say_the_parcels_code() {
    let sandbox = Sandbox::new(store::testkit::sqlite().await);
    let caller = sandbox.caller();
    let codes = parcels(&caller).await;
    let folder = tempfile::tempdir().unwrap();
    let read = read(&pdf(&caller, &codes, 2, 1).await, folder.path());
    assert_eq!(read, codes.iter().map(|code| vec![code.clone()]).collect::<Vec<_>>());
}

#[tokio::test]
async fn the_bars_on_a_sheet_of_a4_say_the_parcels_codes() {
    let sandbox = Sandbox::new(store::testkit::sqlite().await);
    let caller = sandbox.caller();
    let codes = parcels(&caller).await;
    let folder = tempfile::tempdir().unwrap();
    // The first sheet begins at position 3 and so has room for two.
    let read = read(&pdf(&caller, &codes, 1, 3).await, folder.path());
    let sorted = |codes: &[String]| {
        let mut codes = codes.to_vec();
        codes.sort();
        codes
    };
    assert_eq!(read, [sorted(&codes[..2]), sorted(&codes[2..])]);
}

#[tokio::test]
async fn a_label_holds_its_texts_with_their_accents() {
    let sandbox = Sandbox::new(store::testkit::sqlite().await);
    let caller = sandbox.caller();
    let code = caller.parcel().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("label.pdf");
    std::fs::write(&file, pdf(&caller, std::slice::from_ref(&code), 2, 1).await).unwrap();
    let text = run("pdftotext", "poppler-utils", &["-layout", &file.to_string_lossy(), "-"]);
    for expected in
        ["Begoña Peña", "Íñigo Muñoz", "Avenida de la Constitución, 1", "41001 Sevilla", "1,250 kg", "Paq Estándar", &code, "SANDBOX"]
    {
        assert!(text.contains(expected), "{expected} is not in:\n{text}");
    }
}
