//! The FedEx-shaped paths over the same shipments (interface section 7). A tracking number is a parcel's code.

pub(crate) mod cancel;
pub(crate) mod place;
pub(crate) mod result;
pub(crate) mod sample;
pub(crate) mod story;
pub(crate) mod track;
