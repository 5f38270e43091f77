//! What the e-commerce plug-in's façade answers in its own way (wire-formats section 5). The rest of its paths lead to the
//! endpoints of the other APIs.

pub(crate) mod lockers;
pub(crate) mod trace;
