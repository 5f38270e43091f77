//! The bars on a label, drawn by one program and read by another, say the parcel's code.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::StatusCode;
use serde_json::json;

use crate::support::{Caller, PREREGISTER, Sandbox, international, national};

const PRINT: &str = "/support/labels/api/v1/labels/print";

/// Runs a tool of the system. Without it the labels are not tested at all, which must not look like success.
fn run(tool: &str, package: &str, arguments: &[&str]) -> String {
    let output = Command::new(tool)
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("{tool} cannot be run ({error}): install the Debian package {package}"));
    assert!(output.status.success(), "{tool}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What `pdftotext` reads in a PDF.
fn text(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("label.pdf");
    std::fs::write(&file, pdf).unwrap();
    run("pdftotext", "poppler-utils", &["-layout", &file.to_string_lossy(), "-"])
}

/// The codes read from each page of a PDF.
fn read(pdf: &[u8], folder: &Path) -> Vec<Vec<String>> {
    pages(pdf, folder, "203").iter().map(|page| scan(std::slice::from_ref(page))).collect()
}

/// The pages of a PDF as pictures of `dots` an inch.
fn pages(pdf: &[u8], folder: &Path, dots: &str) -> Vec<PathBuf> {
    let file = folder.join("label.pdf");
    std::fs::write(&file, pdf).unwrap();
    let stem = folder.join("page");
    run("pdftoppm", "poppler-utils", &["-r", dots, "-gray", &file.to_string_lossy(), &stem.to_string_lossy()]);
    let mut pages: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "pgm"))
        .collect();
    pages.sort();
    pages
}

/// The codes that a library which did not draw them reads in pictures, sorted; each once a picture.
fn scan(pictures: &[PathBuf]) -> Vec<String> {
    // The bars stand upright, so every eighth row of dots says enough.
    let mut arguments = vec!["--quiet", "--raw", "-Sdisable", "-Scode128.enable", "-Sx-density=0", "-Sy-density=8"];
    arguments.extend(pictures.iter().map(|picture| picture.to_str().unwrap()));
    let found = run("zbarimg", "zbar-tools", &arguments);
    let mut codes: Vec<String> = found.lines().map(str::to_owned).collect();
    codes.sort();
    codes
}

async fn pdf(caller: &Caller, codes: &[String], mode: i64, position: i64) -> Vec<u8> {
    let print = json!({"application": "PRS", "documentationType": 1, "print": {
        "shipments": codes, "labelFormat": 2, "labelPrintMode": mode, "labelPrintInitialPosition": position,
    }});
    let (_, answer) = caller.post(PRINT, print).await;
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
async fn two_hundred_codes_are_read_as_they_were_given() {
    let sandbox = Sandbox::new(store::testkit::sqlite().await);
    let caller = sandbox.caller();
    let mut codes = Vec::new();
    for shipment in [national(), international()] {
        let shipments: Vec<_> = (0..100)
            .map(|at| {
                let mut shipment = shipment.clone();
                if shipment["addressee"]["country"] == "ESP" {
                    // From Álava to Melilla.
                    shipment["addressee"]["cp"] = json!(format!("{:02}{:03}", at % 52 + 1, at * 137 % 1000));
                    shipment["addressee"].as_object_mut().unwrap().remove("province");
                    shipment["product"] = json!(["PAAZE", "PAFXB", "PADXA", "PPFXB"][at % 4]);
                } else {
                    shipment["product"] = json!(["POAZE", "POAFXB", "POAXAC", "S0360"][at % 4]);
                }
                shipment
            })
            .collect();
        let (status, made) = caller.post(&format!("{PREREGISTER}/delivery"), json!({"shipments": shipments})).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        codes.extend(made["shipments"].as_array().unwrap().iter().map(crate::support::code));
    }
    let folder = tempfile::tempdir().unwrap();
    let read = scan(&pages(&pdf(&caller, &codes, 1, 1).await, folder.path(), "150"));
    codes.sort();
    assert_eq!(read, codes);
}

#[tokio::test]
async fn customs_forms_carry_the_parcels_code_too() {
    let sandbox = Sandbox::new(store::testkit::sqlite().await);
    let caller = sandbox.caller();
    let light = crate::support::code(&caller.ship(international()).await);
    let mut heavy = international();
    heavy["packages"][0]["packageWeightGrams"] = json!("5000");
    let article = heavy["packages"][0]["packageContents"]["customsData"][0].clone();
    heavy["packages"][0]["packageContents"]["customsData"] = json!(vec![article; 25]);
    let heavy = crate::support::code(&caller.ship(heavy).await);
    let print = |mode| {
        let body = json!({"application": "PRS", "documentationType": 0, "print": {"shipments": [light, heavy], "labelPrintMode": mode}});
        async { STANDARD.decode(caller.post(PRINT, body).await.1["pdf"].as_str().unwrap()).unwrap() }
    };
    let one = |code: &String| vec![code.clone()];
    let folder = tempfile::tempdir().unwrap();
    // Label, CN 22, label; then the CN 23 with the half sheet that its last articles need.
    assert_eq!(read(&print(2).await, folder.path()), [&light, &light, &heavy, &heavy, &heavy].map(one));
    let folder = tempfile::tempdir().unwrap();
    let on_a4 = read(&print(1).await, folder.path());
    assert_eq!(on_a4, [vec![light.clone(), heavy.clone()], vec![heavy.clone()]]);
}

#[tokio::test]
async fn a_label_holds_its_texts_with_their_accents() {
    let sandbox = Sandbox::new(store::testkit::sqlite().await);
    let caller = sandbox.caller();
    let code = caller.parcel().await;
    let text = text(&pdf(&caller, std::slice::from_ref(&code), 2, 1).await);
    for expected in
        ["Begoña Peña", "Íñigo Muñoz", "Avenida de la Constitución, 1", "41001 Sevilla", "1,250 kg", "Paq Estándar", &code, "SANDBOX"]
    {
        assert!(text.contains(expected), "{expected} is not in:\n{text}");
    }
}

#[tokio::test]
async fn names_from_all_of_europe_stand_on_the_label_as_they_are_written() {
    let sandbox = Sandbox::new(store::testkit::sqlite().await);
    let caller = sandbox.caller();
    let mut shipment = international();
    shipment["addressee"]["company"] = json!("Żółć & Große Straße, Győr");
    shipment["addressee"]["address"] = json!("Οδός Ερμού / бул. Витоша / Nu\u{301}n\u{303}ez");
    shipment["addressee"]["locality"] = json!("Łódź");
    shipment["addressee"]["country"] = json!("POL");
    let code = crate::support::code(&caller.ship(shipment).await);
    let text = text(&pdf(&caller, &[code], 2, 1).await);
    for expected in ["Łucja Müller", "Żółć & Große Straße, Győr", "Οδός Ερμού", "бул. Витоша", "Núñez", "Łódź", "POLAND", "POL 10117"]
    {
        assert!(text.contains(expected), "{expected} is not in:\n{text}");
    }
}

#[tokio::test]
async fn what_production_draws_says_nothing_of_a_sandbox() {
    let sandbox = Sandbox::new(store::testkit::sqlite().await);
    let caller = sandbox.production();
    crate::preregister::link_contract(&sandbox, &caller, ["54000000", "80000000", "XXX1"]).await;
    let code = crate::support::code(&caller.ship(international()).await);
    for (path, kind) in [(PRINT, 0), (crate::customs::DOCUMENTS, 5)] {
        for (format, member) in [(1, "xml"), (2, "pdf"), (3, "zpl")] {
            let body = json!({"application": "PRS", "documentationType": kind, "print": {"shipments": [code], "labelFormat": format}});
            let (_, answer) = caller.post(path, body).await;
            let Some(drawn) = answer[member].as_str().map(|drawn| STANDARD.decode(drawn).unwrap()) else {
                assert!(path != PRINT && format != 2, "{answer}");
                continue;
            };
            let said = if member == "pdf" { text(&drawn) } else { String::from_utf8(drawn).unwrap() };
            // The watermark climbs, so its letters come one by one.
            assert!(
                said.contains("Łucja") && !said.contains("SANDBOX") && !said.contains("BOX") && !said.contains("sandbox=\"true\""),
                "{said}"
            );
        }
    }
}
