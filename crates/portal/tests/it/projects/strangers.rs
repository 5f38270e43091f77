//! Ids of others open nothing, in whatever position they stand (trust section 1, rows 45 and 46).

use super::*;

const CHOICE: &[(&str, &str)] = &[("overlap", "24h"), ("environment", "sandbox"), ("version", app::policies::FIRST), ("name", "Nuevo")];

/// The paths that change something, under a project, with these ids.
fn changing(client: &str, secret: &str, credential: &str) -> Vec<String> {
    vec![
        format!("/clients/{client}/rotate"),
        format!("/clients/{client}/replace"),
        format!("/clients/{client}/public-keys"),
        format!("/secrets/{secret}/retire"),
        format!("/secrets/{secret}/revoke"),
        format!("/api-credentials/{credential}/revoke"),
    ]
}

const OF_THE_PROJECT: &[&str] = &["/api-credentials/new?environment=sandbox", "/production", "/settings", "/archive"];

#[tokio::test]
async fn whoever_is_no_member_hears_404_of_every_page_by_every_verb() {
    let test = testkit::sqlite().await;
    let (desk, founded, _) = at_work(&test).await;
    let credential = granted(&desk, founded.first.project.id, "labels").await;
    let id = decided(&desk, &founded, "/labels", Outcome::Passed(200)).await;
    let client = &founded.first.client;
    let other = desk.founded("Papelería").await;
    let mut stranger = desk.member(other.organisation.id, "eve@other.example", Role::Owner).await;
    let mut paths = changing(client.client.id.as_str(), &client.secret.record.id.to_string(), &credential);
    paths.extend(OF_THE_PROJECT.iter().map(|path| (*path).to_owned()));
    for rest in &paths {
        assert_eq!(stranger.get(&path(&founded, rest)).await.status, 404, "GET {rest}");
        assert_eq!(stranger.post(&path(&founded, rest), CHOICE).await.status, 404, "POST {rest}");
    }
    assert_eq!(stranger.post(&path(&founded, "/policies"), CHOICE).await.status, 404);
    for rest in ["", "/first-call", "/first-call/light", "/decisions", &format!("/decisions/{id}")] {
        assert_eq!(stranger.get(&path(&founded, rest)).await.status, 404, "GET {rest}");
    }
}

#[tokio::test]
async fn under_ones_own_project_the_ids_of_another_are_not_there() {
    let test = testkit::sqlite().await;
    let (desk, founded, mut developer) = at_work(&test).await;
    let other = desk.founded("Papelería").await;
    // Also those of another project of one's own organisation.
    let sister = app::projects::create(&desk.app, &Actor::System, founded.organisation.id, "Almacén").await.expect("a project");
    for (project, client) in [(other.first.project.id, &other.first.client), (sister.project.id, &sister.client)] {
        let credential = granted(&desk, project, "labels").await;
        for rest in changing(client.client.id.as_str(), &client.secret.record.id.to_string(), &credential) {
            assert_eq!(developer.get(&path(&founded, &rest)).await.status, 404, "GET {rest}");
            assert_eq!(developer.post(&path(&founded, &rest), CHOICE).await.status, 404, "POST {rest}");
        }
        let seen = app::view::project(&desk.app, &Actor::System, project).await.expect("sees");
        assert!(seen.clients.len() == 1 && seen.clients[0].secrets.len() == 1 && seen.clients[0].retires_at.is_none(), "nothing was done");
        assert!(seen.api_credentials.iter().all(|row| row.revoked_at.is_none()));
    }
    let id = decided(&desk, &other, "/labels", Outcome::Passed(200)).await;
    assert_eq!(developer.get(&path(&founded, &format!("/decisions/{id}"))).await.status, 404);
    for odd in ["/secrets/nothing/revoke", "/clients/%2e%2e/rotate", "/decisions/nothing", "/api-credentials/nothing/revoke"] {
        assert_eq!(developer.get(&path(&founded, odd)).await.status, 404, "{odd}");
    }
    assert_eq!(developer.get("/projects/nothing").await.status, 404);
}

#[tokio::test]
async fn a_viewer_sees_everything_and_changes_nothing() {
    let test = testkit::sqlite().await;
    let (desk, founded, _) = at_work(&test).await;
    let credential = granted(&desk, founded.first.project.id, "labels").await;
    let mut viewer = desk.member(founded.organisation.id, "vera@shop.example", Role::Viewer).await;
    for rest in ["", "/first-call", "/decisions", "/production", "/settings"] {
        let answer = viewer.get(&path(&founded, rest)).await;
        assert_eq!(answer.status, 200, "{rest}");
        for button in
            ["/rotate\"", "/replace\"", "/revoke\"", "/retire\"", "/api-credentials/new", "/archive\"", "action=\"/projects", "/access/new"]
        {
            let get = answer.page.replace("method=\"get\" action=\"/projects", "");
            assert!(!get.contains(button), "{button} on {rest}: {}", answer.page);
        }
    }
    let client = &founded.first.client;
    let mut paths = changing(client.client.id.as_str(), &client.secret.record.id.to_string(), &credential);
    paths.extend(["/api-credentials/new?environment=sandbox".to_owned(), "/archive".to_owned()]);
    for rest in &paths {
        // Who may not add a public key still sees which there are.
        let seen = viewer.get(&path(&founded, rest)).await;
        let expected = if rest.ends_with("/public-keys") { 200 } else { 403 };
        assert!(seen.status == expected && !seen.page.contains("name=\"jwk\""), "GET {rest}: {}", seen.status);
        assert_eq!(viewer.post(&path(&founded, rest), CHOICE).await.status, 403, "POST {rest}");
    }
    for rest in ["/production", "/settings", "/policies"] {
        assert_eq!(viewer.post(&path(&founded, rest), CHOICE).await.status, 403, "POST {rest}");
    }
}
