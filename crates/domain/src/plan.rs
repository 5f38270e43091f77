//! Plans: how much an API may be used.
//!
//! A plan is written where the API is, or once for the whole house ([`HousePlan`]) and named by the APIs that offer it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{language::Language, openapi::is_name};

/// Rate limit and quota of one offer of an API. What is absent is not limited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The name under which it is asked for.
    pub name: String,
    /// What people call it; empty: its name.
    #[serde(default, skip_serializing_if = "Title::is_empty")]
    pub title: Title,
    /// Requests in a fixed window, for each project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
    /// Requests in a day that ends at 00:00 UTC, for each project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota: Option<Quota>,
    /// Whether the operator decides who gets it.
    #[serde(default, skip_serializing_if = "Approval::is_none")]
    pub approval: Approval,
    /// Whether it is a plan of the house, named in the document and not written there.
    #[serde(skip)]
    pub of_house: bool,
}

/// What people call a plan.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Title {
    /// In Spanish.
    pub es: String,
    /// In English.
    pub en: String,
}

impl Title {
    /// In the reader's language.
    #[must_use]
    pub fn in_language(&self, language: Language) -> &str {
        language.pick(&self.es, &self.en)
    }

    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.es.is_empty() && self.en.is_empty()
    }
}

/// Who decides that a project gets a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Approval {
    /// The operator, even where the API approves by itself.
    Required,
    /// What the API says of access requests holds.
    #[default]
    None,
}

impl Approval {
    /// Whether what the API says holds.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::None
    }
}

/// A number of requests in a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// How many.
    pub requests: u32,
    /// In how many seconds; FedEx counts in windows of 10.
    #[serde(default = "ten")]
    pub window_seconds: u32,
}

impl Rate {
    /// Whether anything passes.
    #[must_use]
    pub const fn lets_pass(&self) -> bool {
        self.requests > 0
    }

    /// Whether its window is one: a second at least and [`LONGEST_WINDOW`] at most.
    #[must_use]
    pub const fn has_window(&self) -> bool {
        self.window_seconds > 0 && self.window_seconds <= LONGEST_WINDOW
    }
}

/// A number of requests in a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// How many.
    pub requests: u32,
}

impl Quota {
    /// Whether anything passes.
    #[must_use]
    pub const fn lets_pass(&self) -> bool {
        self.requests > 0
    }
}

const fn ten() -> u32 {
    10
}

/// The longest title, in characters.
pub const LONGEST_TITLE: usize = 100;

/// The longest window of a rate, in seconds: a day, for what is longer is a quota.
pub const LONGEST_WINDOW: u32 = 86_400;

/// A plan of the house, as it is written once for every API that names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HousePlan {
    /// Its name: 1 to 64 characters of a-z, 0-9 and -, starting with a letter. `new` is a word of addresses and names none.
    pub name: String,
    /// What people call it.
    pub title: Title,
    /// Requests in a fixed window, for each project and API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
    /// Requests in a day that ends at 00:00 UTC, for each project and API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota: Option<Quota>,
}

/// What is wrong with a plan of the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// The name has other characters, or too many.
    Name,
    /// The Spanish title is empty, too long or has control characters.
    SpanishTitle,
    /// The same of the English one.
    EnglishTitle,
    /// The rate allows nothing, or its window is none or longer than a day.
    Rate,
    /// The quota allows nothing.
    Quota,
}

impl HousePlan {
    /// Everything that is wrong with it; empty: nothing.
    #[must_use]
    pub fn flaws(&self) -> Vec<Flaw> {
        let title = |text: &str| {
            let length = text.chars().count();
            length == 0 || length > LONGEST_TITLE || text.trim() != text || text.chars().any(char::is_control)
        };
        let rate = |rate: Rate| !rate.lets_pass() || !rate.has_window();
        [
            (!is_name(&self.name) || self.name == "new", Flaw::Name),
            (title(&self.title.es), Flaw::SpanishTitle),
            (title(&self.title.en), Flaw::EnglishTitle),
            (self.rate.is_some_and(rate), Flaw::Rate),
            (self.quota.is_some_and(|quota| !quota.lets_pass()), Flaw::Quota),
        ]
        .into_iter()
        .filter_map(|(wrong, flaw)| wrong.then_some(flaw))
        .collect()
    }

    /// The offer of an API that names it.
    #[must_use]
    pub fn offer(&self, approval: Approval) -> Plan {
        Plan { name: self.name.clone(), title: self.title.clone(), rate: self.rate, quota: self.quota, approval, of_house: true }
    }
}

/// The plans of the house, by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plans(BTreeMap<String, HousePlan>);

impl Plans {
    /// The plan of that name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&HousePlan> {
        self.0.get(name)
    }

    /// Every plan, by name.
    pub fn iter(&self) -> impl Iterator<Item = &HousePlan> {
        self.0.values()
    }

    /// Whether an API that was read with other plans would be read the same with these. Looks at what it offers of the house.
    #[must_use]
    pub fn keep(&self, offered: &[Plan]) -> bool {
        offered.iter().filter(|plan| plan.of_house).all(|plan| {
            let now = self.find(&plan.name);
            now.is_some_and(|now| now.title == plan.title && now.rate == plan.rate && now.quota == plan.quota)
        })
    }
}

impl FromIterator<HousePlan> for Plans {
    fn from_iter<I: IntoIterator<Item = HousePlan>>(plans: I) -> Self {
        Self(plans.into_iter().map(|plan| (plan.name.clone(), plan)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gold() -> HousePlan {
        HousePlan {
            name: "gold".into(),
            title: Title { es: "Oro".into(), en: "Gold".into() },
            rate: Some(Rate { requests: 100, window_seconds: 10 }),
            quota: Some(Quota { requests: 1000 }),
        }
    }

    #[test]
    fn what_is_wrong_with_a_plan_is_said_at_once() {
        assert_eq!(gold().flaws(), []);
        let wrong = HousePlan {
            name: "Gold".into(),
            title: Title { es: " ".into(), en: "x".repeat(101) },
            rate: Some(Rate { requests: 1, window_seconds: LONGEST_WINDOW + 1 }),
            quota: Some(Quota { requests: 0 }),
        };
        assert_eq!(wrong.flaws(), [Flaw::Name, Flaw::SpanishTitle, Flaw::EnglishTitle, Flaw::Rate, Flaw::Quota]);
    }

    #[test]
    fn an_offer_is_kept_while_its_plan_says_the_same() {
        let offered = [gold().offer(Approval::Required)];
        let plans: Plans = [gold()].into_iter().collect();
        assert!(plans.keep(&offered));
        let other: Plans = [HousePlan { quota: None, ..gold() }].into_iter().collect();
        assert!(!other.keep(&offered));
        assert!(!Plans::default().keep(&offered));
        let inline = Plan { of_house: false, ..gold().offer(Approval::None) };
        assert!(Plans::default().keep(&[inline]));
    }
}
