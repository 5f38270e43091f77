//! The Event Matrix as a page and as files.

use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};

use super::*;

#[tokio::test]
async fn events_are_filtered_by_phase_and_by_words_without_accents() {
    let test = testkit::sqlite().await;
    let portal = portal(&test).await;
    let shown = |page: &str| page.matches("<tr id=\"").count();
    let (_, _, all) = get(&portal, "/event-matrix", "es").await;
    assert_eq!(shown(&all), domain::event_matrix::Matrix::built_in().rows().len());
    let (_, _, delivered) = get(&portal, "/event-matrix?phase=4", "es").await;
    assert!(shown(&delivered) > 2 && shown(&delivered) < shown(&all));
    // The trap: what went back to its sender is in the phase of deliveries, and says so.
    assert!(delivered.contains("<strong>devuelto</strong>, final"), "{delivered}");
    let (_, _, found) = get(&portal, "/event-matrix?q=pendiente+TRANSPORTISTA+a090000v", "es").await;
    assert_eq!(shown(&found), 1);
    let (_, _, none) = get(&portal, "/event-matrix?q=%3Cscript%3E&phase=9", "en").await;
    assert!(shown(&none) == 0 && none.contains("No event has") && !none.contains("<script>"), "{none}");
}

#[tokio::test]
async fn the_files_hold_every_event_in_the_language_asked_for() {
    let test = testkit::sqlite().await;
    let portal = portal(&test).await;
    let matrix = domain::event_matrix::Matrix::built_in();
    let (_, head, csv) = get(&portal, "/event-matrix.csv?lang=es", "en").await;
    assert_eq!(head.headers()[CONTENT_TYPE], "text/csv; charset=utf-8");
    assert_eq!(head.headers()[CONTENT_DISPOSITION], "attachment; filename=\"matriz-de-eventos.csv\"");
    assert!(csv.starts_with("eventCode,") && csv.contains("Prerregistrado"), "{csv}");
    let (_, _, json) = get(&portal, "/event-matrix.json", "en").await;
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json.as_array().map(Vec::len), Some(matrix.rows().len()));
    assert_eq!(json[0]["eventDes"], "Preregistered");
}

#[tokio::test]
async fn the_spreadsheet_is_a_zip_of_sheets_and_the_same_each_time() {
    let test = testkit::sqlite().await;
    let (one, other) = (portal(&test).await, portal(&testkit::sqlite().await).await);
    let bytes = |portal: Portal, path: &'static str| async move {
        let request = http::Request::builder().uri(path).body(Body::Empty).expect("a request");
        let response = portal.handle(request, SOMEBODY).await;
        assert_eq!(response.headers()[CONTENT_TYPE], "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
        response.into_body().read(1_000_000).await.expect("a body")
    };
    let spanish = bytes(one.clone(), "/event-matrix.xlsx?lang=es").await;
    assert!(spanish.starts_with(b"PK\x03\x04"));
    assert_eq!(spanish, bytes(other, "/event-matrix.xlsx?lang=es").await);
    assert_ne!(spanish, bytes(one, "/event-matrix.xlsx?lang=en").await);
}
