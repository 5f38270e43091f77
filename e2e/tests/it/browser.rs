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
async fn a_secret_is_rotated_while_programs_go_on() {
    walked(&Demo::start().await, "rotation", 10);
}

#[tokio::test]
async fn the_first_call_has_a_light_that_names_the_layer() {
    walked(&Demo::start().await, "first_call", 10);
}
