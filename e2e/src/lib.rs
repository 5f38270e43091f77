//! What the whole-system tests share: the built program as processes, the demo's credentials, and clients that speak to it over sockets.
//!
//! Nothing of the program is linked in here. What the tests know of it is what anybody can see from outside.

pub mod call;
pub mod carrier;
pub mod credentials;
pub mod demo;
pub mod moments;
pub mod operator;
pub mod ports;
pub mod postgres;
pub mod program;
pub mod shipment;
pub mod site;
pub mod visitor;
pub mod wire;
