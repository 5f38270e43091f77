//! FedEx: a proprietary parent acts for one of its own, with its customer key.

use super::{Evidence, Subject, customer};
use crate::refusal::Refusal;

pub(super) fn subject(evidence: &Evidence<'_>) -> Result<Subject, Refusal> {
    customer(evidence)
}
