//! What a webhook is told of: the one place where deliveries ask what happens to a parcel.

use jiff::Timestamp;
use store::shipments::{Event, Parcel};

/// What happened to a parcel up to `now`, oldest first. The list only ever grows at its end, for as long as time goes forward.
pub(super) fn happened(_parcel: &Parcel, stored: &[Event], _now: Timestamp) -> Vec<Event> {
    stored.to_vec()
}

/// When the next thing happens to it by itself, if one does. What is stored later wakes the parcel anyway.
pub(super) fn next(_parcel: &Parcel, _stored: &[Event], _now: Timestamp) -> Option<Timestamp> {
    None
}
