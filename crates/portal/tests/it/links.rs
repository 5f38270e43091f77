//! Every public page that another leads to: it is there in both languages, its anchors too, and it is light.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

#[tokio::test]
async fn no_link_of_a_public_page_leads_nowhere() {
    let test = testkit::sqlite().await;
    let portal = portal_with(&test, apis::carriers()).await;
    for language in ["es", "en"] {
        let mut pages: BTreeMap<String, String> = BTreeMap::new();
        let mut wanted: BTreeSet<(String, String)> = BTreeSet::new();
        let mut queue = vec!["/".to_owned()];
        while let Some(path) = queue.pop() {
            if pages.contains_key(&path) {
                continue;
            }
            let file = [".json", ".csv", ".xlsx", ".atom", ".css", ".js", ".svg"].iter().any(|ending| path.ends_with(ending));
            if file {
                let request = http::Request::builder().uri(&path).body(Body::Empty).expect("a request");
                assert_eq!(portal.handle(request, SOMEBODY).await.status(), StatusCode::OK, "{path}");
                pages.insert(path, String::new());
                continue;
            }
            let (status, response, html) = get(&portal, &path, language).await;
            // What is for people with an account leads to where one signs in.
            if status == StatusCode::SEE_OTHER {
                let to = response.headers()["location"].to_str().expect("text");
                assert_eq!(to, format!("/sign-in?next={}", path.replace('/', "%2F")));
                pages.insert(path, html);
                continue;
            }
            assert_eq!(status, StatusCode::OK, "{path}");
            assert!(html.len() < 84_000, "{path} weighs {}", html.len());
            for part in html.split(" href=\"").skip(1) {
                let link = part.split('"').next().unwrap_or_default();
                let (address, anchor) = link.split_once('#').unwrap_or((link, ""));
                let address = address.split('?').next().unwrap_or_default();
                let address = if address.is_empty() { &path } else { address };
                if address.starts_with('/') {
                    wanted.insert((address.to_owned(), anchor.to_owned()));
                    queue.push(address.to_owned());
                }
            }
            pages.insert(path, html);
        }
        assert!(pages.len() > 90, "{:?}", pages.keys());
        for (path, anchor) in wanted.iter().filter(|(_, anchor)| !anchor.is_empty()) {
            assert!(pages[path].contains(&format!("id=\"{anchor}\"")), "{path}#{anchor} in {language}");
        }
    }
}

#[tokio::test]
async fn the_guide_to_the_sandbox_tells_every_fault_and_every_journey() {
    let test = testkit::sqlite().await;
    let portal = portal(&test).await;
    for language in ["es", "en"] {
        let (_, _, page) = get(&portal, "/guides/sandbox", language).await;
        for scenario in domain::scenario::ALL {
            assert!(page.contains(scenario.fixed) && page.contains(&format!("<code>{}</code>", scenario.header)), "{}", scenario.header);
        }
        for journey in domain::journey::Journey::ALL {
            assert!(page.contains(&journey.fixed_value()), "{journey}");
        }
        assert!(page.contains("https://sandbox.example/support"), "the addresses are those of the house");
    }
    assert_eq!(get(&portal, "/guides/nope", "es").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_page_that_is_not_there_leads_to_no_other_host_whatever_its_address_looks_like() {
    let test = testkit::sqlite().await;
    let desk = desk::Desk::open(&test).await;
    for path in ["//evil.example/x?a=b", "///evil.example", "/\\evil.example"] {
        let Ok(uri) = path.parse::<http::Uri>() else { continue };
        let answer = desk.browser().get(&uri.to_string()).await;
        assert_eq!(answer.status, 404, "{path}");
        for elsewhere in ["\"//", "\"/\\"] {
            assert!(!answer.page.contains(&format!("href={elsewhere}")), "{path}: {}", answer.page);
        }
        assert!(answer.page.contains("lang=es\""), "the other language is still a link: {}", answer.page);
    }
}
