//! Journeys through the portal in a real browser; each is a program in `e2e/browser/journeys`.

use std::process::Command;

use postigo_e2e::{
    demo::Demo,
    program::{run, workspace},
};

fn walked(demo: &Demo, journey: &str, sights: usize) {
    let mut node = Command::new("node");
    node.arg(format!("journeys/{journey}.mjs")).arg(&demo.json).current_dir(workspace().join("e2e/browser"));
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
async fn production_is_asked_for_with_a_reason_and_opened_by_the_operator_in_one_click() {
    walked(&Demo::start().await, "production", 20);
}
