//! The environment's public keys (RFC 7517), so that tokens can be verified offline.

use http::Method;
use web::{Response, Visit};

use crate::{House, respond};

pub(crate) fn answer(house: &House, method: &Method, visit: &Visit) -> Response {
    respond::document(house, method, visit, || house.directory.keys(house.settings.environment).jwks(visit.at))
}
