//! The words of mails, language by language: each reads as if it had been written in it.

mod acting;
mod circulars;
mod english;
mod spanish;

use super::{plain::plain, text::Overdue};

pub(super) use english::english;
pub(super) use spanish::spanish;

/// How much of a name is quoted, in characters.
const NAME: usize = 120;
/// How much of a reason is, in characters: all that one may have.
const REASON: usize = 2000;

/// A line for each queue that has something, and the oldest of it below.
fn queues(overdue: &[Overdue], head: impl Fn(&Overdue) -> String) -> String {
    let mut text = String::new();
    for queue in overdue.iter().filter(|queue| queue.number > 0) {
        text.push_str(&head(queue));
        text.push('\n');
        for line in &queue.oldest {
            text.push_str(&format!("  {}\n", plain(line, NAME * 2)));
        }
        text.push('\n');
    }
    text
}

fn moment(at: domain::Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}
