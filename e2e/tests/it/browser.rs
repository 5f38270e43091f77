//! Journeys through the portal in a real browser; each is a program in `e2e/browser/journeys`.

use std::process::Command;

use postigo_e2e::{
    demo::Demo,
    program::{run, workspace},
};

fn walked(demo: &Demo, journey: &str, sights: usize) {
    walked_as(demo, journey, None, sights);
}

/// Walks a journey with the operator in this language and the members in the other one.
async fn walked_in(operators: &str, journey: &str, sights: usize) {
    walked_as(&Demo::start().await, journey, Some(operators), sights);
}

fn walked_as(demo: &Demo, journey: &str, operators: Option<&str>, sights: usize) {
    let mut node = Command::new("node");
    node.arg(format!("journeys/{journey}.mjs")).arg(&demo.json).args(operators).current_dir(workspace().join("e2e/browser"));
    let outcome = run(&mut node);
    assert_eq!(outcome.code, 0, "{}\n{}", outcome.stdout, outcome.stderr);
    let seen = outcome.stdout.lines().filter(|line| line.starts_with("ok ")).count();
    assert!(seen >= sights, "only {seen} of at least {sights} things were seen:\n{}\n{}", outcome.stdout, outcome.stderr);
}

#[tokio::test]
async fn every_public_page_is_accessible_light_and_in_the_readers_language() {
    walked(&Demo::start().await, "public_pages", 4);
}

#[tokio::test]
async fn an_account_is_opened_forgotten_and_recovered_with_the_script_and_without_it() {
    walked(&Demo::start().await, "recovery", 24);
}

#[tokio::test]
async fn an_invitation_leads_from_the_mail_into_the_organisation() {
    walked(&Demo::start().await, "invitation", 17);
}

#[tokio::test]
async fn whoever_knows_nothing_makes_a_first_call_by_what_the_pages_say() {
    walked(&Demo::start().await, "newcomer", 26);
}

#[tokio::test]
async fn the_main_road_is_in_spanish_throughout() {
    walked(&Demo::start().await, "spanish", 26);
}

#[tokio::test]
async fn an_api_is_tried_in_its_console_and_no_secret_reaches_the_browser() {
    walked(&Demo::start().await, "try_it", 8);
}

#[tokio::test]
async fn every_page_of_members_and_of_staff_is_accessible_light_and_in_the_readers_language() {
    walked(&Demo::start().await, "every_page", 20);
}

#[tokio::test]
async fn a_passkey_is_added_signs_in_is_renamed_and_removed() {
    walked(&Demo::start_with(|command| command.args(["--portal-host", "localhost"])).await, "passkey", 10);
}

#[tokio::test]
async fn production_is_asked_for_with_a_reason_and_opened_by_the_operator_in_one_click() {
    walked(&Demo::start().await, "production", 20);
}

#[tokio::test]
async fn an_api_is_published_from_a_file_called_deprecated_and_retired_by_an_operator_in_spanish() {
    walked_in("es", "publishing", 16).await;
}

#[tokio::test]
async fn an_api_is_published_from_a_file_called_deprecated_and_retired_by_an_operator_in_english() {
    walked_in("en", "publishing", 16).await;
}

#[tokio::test]
async fn an_organisation_is_suspended_and_resumed_while_it_calls_by_an_operator_in_spanish() {
    walked_in("es", "suspending", 11).await;
}

#[tokio::test]
async fn an_organisation_is_suspended_and_resumed_while_it_calls_by_an_operator_in_english() {
    walked_in("en", "suspending", 11).await;
}

#[tokio::test]
async fn another_version_of_the_policies_is_written_announced_accepted_and_in_force_by_an_operator_in_spanish() {
    walked_in("es", "policies", 16).await;
}

#[tokio::test]
async fn another_version_of_the_policies_is_written_announced_accepted_and_in_force_by_an_operator_in_english() {
    walked_in("en", "policies", 16).await;
}

#[tokio::test]
async fn a_secret_is_rotated_while_programs_go_on() {
    walked(&Demo::start().await, "rotation", 10);
}

#[tokio::test]
async fn the_first_call_has_a_light_that_names_the_layer() {
    walked(&Demo::start().await, "first_call", 10);
}
