//! The management API as the rest of the house must know it: its reserved name, and what its scopes stand for.

use crate::{api::Api, role::Duty};

/// The name of the catalogue's entry that the program writes itself. No document may take it.
pub const NAME: &str = "management";

/// The duty that a scope of the management API stands for, read off its verb: `projects:write` is an administrator's, `access:decide` what
/// support decides, `customer-keys:issue` what it hands out and `organisations:annotate` what it notes, `catalogue:publish` a publisher's, and
/// everything that ends in `:read` is looking. `None`: no scope of this API.
#[must_use]
pub fn duty(scope: &str) -> Option<Duty> {
    match scope.split_once(':')?.1 {
        "read" => Some(Duty::See),
        "decide" | "issue" | "annotate" => Some(Duty::Decide),
        "publish" => Some(Duty::Publish),
        "write" | "administer" | "revoke" => Some(Duty::Administer),
        _ => None,
    }
}

impl Api {
    /// Whether it is the management API: no gateway routes it, no page lists it, and only internal organisations may ask for it.
    #[must_use]
    pub fn is_management(&self) -> bool {
        self.name.as_str() == NAME
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_scope_stands_for_one_duty() {
        assert_eq!(duty("organisations:read"), Some(Duty::See));
        for support in ["access:decide", "customer-keys:issue", "organisations:annotate"] {
            assert_eq!(duty(support), Some(Duty::Decide), "{support}");
        }
        assert_eq!(duty("catalogue:publish"), Some(Duty::Publish));
        for all in ["projects:write", "keys:administer", "tokens:revoke"] {
            assert_eq!(duty(all), Some(Duty::Administer), "{all}");
        }
        for none in ["AP3", "", "projects", "projects:", "projects:admin"] {
            assert_eq!(duty(none), None, "{none:?}");
        }
    }
}
