//! The catalogue's pages: from the sandbox carrier's own documents, and from a document that means harm.

use serde_json::json;

use super::*;

pub(crate) fn carriers() -> Vec<Document> {
    let read = |(file, text): &(&str, &str)| Document { file: (*file).to_owned(), content: serde_saphyr::from_str(text).expect("YAML") };
    carrier::openapi::DOCUMENTS.iter().map(read).collect()
}

/// The addresses on this host that a page leads to, without query and fragment.
fn links(page: &str) -> Vec<String> {
    let mut links = Vec::new();
    for part in page.split("href=\"/").skip(1) {
        let link = part.split(['"', '?', '#']).next().unwrap_or_default();
        links.push(format!("/{link}"));
    }
    links
}

#[tokio::test]
async fn every_page_of_every_api_is_there_in_both_languages_and_light_enough() {
    let test = testkit::sqlite().await;
    let portal = portal_with(&test, carriers()).await;
    let (_, _, list) = get(&portal, "/apis", "en").await;
    let mut pages: Vec<_> = links(&list).into_iter().filter(|link| link.starts_with("/apis/")).collect();
    assert_eq!(pages.len(), 7, "{pages:?}");
    for api in pages.clone() {
        let (_, _, page) = get(&portal, &api, "en").await;
        pages.extend(links(&page).into_iter().filter(|link| link.starts_with(&format!("{api}/"))));
    }
    pages.sort_unstable();
    pages.dedup();
    assert!(pages.len() > 30, "{pages:?}");
    for page in pages.iter().filter(|page| !page.ends_with(".json") && !page.ends_with("/console")) {
        for language in ["es", "en"] {
            let (status, _, html) = get(&portal, page, language).await;
            assert_eq!(status, StatusCode::OK, "{page}");
            // The stylesheet, the script and the mark come on top.
            assert!(html.len() < 80_000, "{page} weighs {}", html.len());
            let code = html.matches("<details name=\"code\"").count();
            assert_eq!(code, if page.matches('/').count() == 3 && !page.ends_with("/changes") { 7 } else { 0 }, "{page}");
        }
    }
}

#[tokio::test]
async fn the_home_page_says_which_products_the_apis_cover() {
    let test = testkit::sqlite().await;
    let portal = portal_with(&test, carriers()).await;
    let (_, _, page) = get(&portal, "/", "es").await;
    assert!(page.contains("Paquetería nacional") && page.contains("Paquetería internacional"), "{page}");
    assert!(page.contains("como Correos") && page.contains("como FedEx") && page.contains("Imprime las etiquetas"), "{page}");
    let empty = portal_with(&testkit::sqlite().await, Vec::new()).await;
    let (status, _, page) = get(&empty, "/", "es").await;
    assert!(status == StatusCode::OK && !page.contains("Paquetería nacional"), "{page}");
}

#[tokio::test]
async fn an_operation_tells_what_it_needs_and_is_found_by_a_word() {
    let test = testkit::sqlite().await;
    let portal = portal_with(&test, carriers()).await;
    let (_, _, page) = get(&portal, "/apis/preregister/createDelivery", "en").await;
    for part in [
        "/admissions/preregister/api/v1/delivery",
        "Idempotency-Key",
        "customsData",
        "AP3",
        "client_secret",
        "POSTIGO_CLIENT_SECRET",
        "validationErrorCount",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(page.contains("https://sandbox.example/Api/Authorize/Token"), "the real address of the sandbox");
    let (_, _, fedex) = get(&portal, "/apis/fedex-track/trackByTrackingNumber", "en").await;
    assert!(fedex.contains("https://sandbox.example/oauth/token") && !fedex.contains("your-api-client-id"));
    let (_, _, found) = get(&portal, "/apis/shop?q=citypaq", "es").await;
    assert!(found.contains("listTerminals") && !found.contains("id=\"cancelRequest\""), "{found}");
    let (_, _, nothing) = get(&portal, "/apis/shop?q=zebra+%3Cb%3E", "es").await;
    assert!(nothing.contains("Ninguna operación") && !nothing.contains("<b>"), "{nothing}");
    assert_eq!(get(&portal, "/apis/preregister/nope", "en").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_document_that_means_harm_is_shown_as_text_and_in_measure() {
    let evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>`<b>`**<i>**";
    let mut schema = json!({"$ref": "#/components/schemas/Loop"});
    for level in 0..40 {
        schema = json!({"type": "object", "title": evil, "description": evil, "required": [evil], "properties": {evil: schema, format!("m{level}"): {"enum": [evil, 1, null]}}});
    }
    let many: serde_json::Map<_, _> =
        (0..3_000).map(|n| (format!("member {n} {evil}"), json!({"type": evil, "pattern": evil, "example": evil}))).collect();
    let mut operation = json!({
        "operationId": evil, "summary": evil, "description": evil.repeat(2_000), "tags": [evil], "security": [{"oauth": ["X"]}],
        "parameters": [{"name": "X-Evil", "in": "header", "required": true, "schema": {"type": "string"}, "example": "x\r\nEvil: 1"}, {"$ref": "#/components/parameters/none"}, 7, {"name": "id", "in": "path", "example": evil}],
        "requestBody": {"content": {"application/json": {"schema": schema, "example": {evil: evil.repeat(9_000)}}}},
        "responses": {"200": {"description": evil, "headers": {evil: {"description": evil}}, "content": {evil: {"schema": {"type": "object", "properties": many}}}}, evil: evil, "999999": {}}
    });
    for status in 300..600 {
        operation["responses"][status.to_string()] =
            json!({"description": evil.repeat(50), "content": {"application/json": {"example": evil.repeat(90)}}});
    }
    let mut document = document();
    document["info"]["description"] = json!(evil.repeat(3_000));
    document["info"]["x-changelog"] = json!([{"version": evil, "date": 7, "changes": [evil, {}]}, evil]);
    document["info"]["x-products"] = json!({"a": evil});
    document["servers"] = json!([{"url": "e", "description": "sandbox"}, {"url": "http://e", "description": 9}, evil]);
    document["tags"] = json!([{"name": evil, "description": evil}, evil]);
    document["paths"] = json!({"/labels/{id}": {"get": operation}, "/circle": {"get": operation.clone()}});
    document["components"]["schemas"] =
        json!({"Loop": {"allOf": [{"$ref": "#/components/schemas/Loop"}], "items": {"$ref": "#/components/schemas/Loop"}}});
    let test = testkit::sqlite().await;
    let portal = portal_with(&test, vec![Document { file: "labels.json".into(), content: document }]).await;
    let (_, _, overview) = get(&portal, "/apis/labels", "es").await;
    let mut pages = vec!["/".to_owned(), "/apis".into(), "/apis/labels".into(), "/apis/labels?q=script".into()];
    pages.extend(
        links(&overview)
            .into_iter()
            .filter(|link| link.starts_with("/apis/labels/") && !link.ends_with(".json") && !link.ends_with("/console")),
    );
    assert_eq!(pages.len(), 9, "{pages:?}");
    for page in pages {
        let (status, _, html) = get(&portal, &page, "es").await;
        assert_eq!(status, StatusCode::OK, "{page}");
        for markup in ["<script>alert", "<img", "<b>", "<i>"] {
            assert!(!html.contains(markup), "{markup} in {page}");
        }
        assert!(html.len() < 85_000, "{page} weighs {}", html.len());
        let code = html.split_once("<code id=\"code-curl\">").and_then(|(_, code)| code.split_once("</code>"));
        assert!(code.is_none_or(|(code, _)| code.contains("X-Evil: x  Evil: 1")), "{page}");
    }
}
