//! The queues of the operator's console, and what needs nobody to decide it.

use crate::{ApiName, ApprovalRuleId, CustomerType, Environment, words::words};

words! {
    /// What waits for the operator's staff.
    pub enum Queue: "a queue" {
        /// Access requests.
        Access = "access",
        /// Contracts that an organisation linked.
        Contracts = "contracts",
        /// Organisations that want to be another customer type.
        CustomerTypes = "customer_types",
    }
}

impl Queue {
    /// Within how many hours something should be decided where the operator says nothing else. An integrator who waits for access cannot work;
    /// what the others wait for takes somebody to look into the carrier's own books.
    #[must_use]
    pub const fn target_hours(self) -> i64 {
        match self {
            Self::Access => 24,
            Self::Contracts => 48,
            Self::CustomerTypes => 72,
        }
    }
}

/// Access requests of this kind need nobody. Every condition that is set must hold; at least one about who asks is, in production.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalRule {
    /// Its id.
    pub id: ApprovalRuleId,
    /// What people call it; it stands as the reason of what it approves.
    pub name: String,
    /// Only for this API.
    pub api: Option<ApiName>,
    /// Only in this environment.
    pub environment: Option<Environment>,
    /// Only for organisations of these types; empty: of any.
    pub customer_types: Vec<CustomerType>,
    /// Only when whoever asks has a verified address at one of these; empty: at any.
    pub mail_domains: Vec<String>,
    /// Only for organisations with an active contract.
    pub active_contract: bool,
}

/// Who asks for what.
#[derive(Debug, Clone, Copy)]
pub struct Applicant<'a> {
    /// The API.
    pub api: &'a ApiName,
    /// Where.
    pub environment: Environment,
    /// What the organisation is to the carrier.
    pub customer_type: CustomerType,
    /// Where the verified address of whoever asks is; `None`: nobody with one asks.
    pub mail_domain: Option<&'a str>,
    /// Whether the organisation has an active contract.
    pub active_contract: bool,
}

impl ApprovalRule {
    /// Whether it says anything about who asks. One that does not would open production to everybody who ever registered.
    #[must_use]
    pub fn is_about_somebody(&self) -> bool {
        self.active_contract || !self.mail_domains.is_empty() || !self.customer_types.is_empty()
    }

    /// Whether it approves this. A domain is matched whole: neither its subdomains nor names that end like it are meant.
    #[must_use]
    pub fn approves(&self, who: Applicant<'_>) -> bool {
        let about_production = who.environment == Environment::Production && !self.is_about_somebody();
        !about_production
            && self.api.as_ref().is_none_or(|api| api == who.api)
            && self.environment.is_none_or(|environment| environment == who.environment)
            && (self.customer_types.is_empty() || self.customer_types.contains(&who.customer_type))
            && (self.mail_domains.is_empty()
                || who.mail_domain.is_some_and(|domain| self.mail_domains.iter().any(|known| known.eq_ignore_ascii_case(domain))))
            && (!self.active_contract || who.active_contract)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule() -> ApprovalRule {
        ApprovalRule {
            id: ApprovalRuleId(uuid::Uuid::nil()),
            name: "own people".into(),
            api: None,
            environment: None,
            customer_types: Vec::new(),
            mail_domains: vec!["shop.example".into()],
            active_contract: false,
        }
    }

    fn applicant(api: &ApiName) -> Applicant<'_> {
        Applicant {
            api,
            environment: Environment::Production,
            customer_type: CustomerType::Customer,
            mail_domain: Some("shop.example"),
            active_contract: false,
        }
    }

    #[test]
    fn every_condition_that_is_set_must_hold() {
        let api = ApiName::from("labels");
        let who = applicant(&api);
        assert!(rule().approves(who));
        assert!(!ApprovalRule { api: Some("tracking".into()), ..rule() }.approves(who));
        assert!(!ApprovalRule { environment: Some(Environment::Sandbox), ..rule() }.approves(who));
        assert!(!ApprovalRule { customer_types: vec![CustomerType::Internal], ..rule() }.approves(who));
        assert!(!ApprovalRule { active_contract: true, ..rule() }.approves(who));
        assert!(ApprovalRule { active_contract: true, ..rule() }.approves(Applicant { active_contract: true, ..who }));
    }

    #[test]
    fn a_domain_is_matched_whole_and_only_when_it_was_verified() {
        let api = ApiName::from("labels");
        for (domain, expected) in [
            (Some("shop.example"), true),
            (Some("SHOP.example"), true),
            (Some("evilshop.example"), false),
            (Some("sub.shop.example"), false),
            (Some("shop.example.evil.example"), false),
            (None, false),
        ] {
            assert_eq!(rule().approves(Applicant { mail_domain: domain, ..applicant(&api) }), expected, "{domain:?}");
        }
    }

    #[test]
    fn a_rule_about_nobody_opens_no_production() {
        let api = ApiName::from("labels");
        let open = ApprovalRule { mail_domains: Vec::new(), ..rule() };
        assert!(!open.approves(applicant(&api)));
        assert!(open.approves(Applicant { environment: Environment::Sandbox, ..applicant(&api) }));
    }
}
