//! Somebody at the portal without a browser: pages, forms and one cookie jar.

use std::collections::BTreeMap;

use crate::call::{Answer, Call, get, post};

/// Somebody who fills in forms.
#[derive(Debug)]
pub struct Visitor {
    portal: String,
    cookies: BTreeMap<String, String>,
}

impl Visitor {
    /// Somebody who signed in with a password.
    ///
    /// # Panics
    /// When that does not let them in.
    pub async fn signed_in(portal: &str, email: &str, password: &str) -> Self {
        let mut visitor = Self { portal: portal.to_owned(), cookies: BTreeMap::new() };
        let answer = visitor.submits("/sign-in", &[("email", email), ("password", password)]).await;
        assert_eq!((answer.status, answer.header("location").starts_with("/sign-in")), (303, false), "{answer:?}");
        visitor
    }

    /// A page.
    pub async fn opens(&mut self, path: &str) -> Answer {
        let call = self.with_cookies(get(format!("{}{path}", self.portal)));
        self.sends(&call).await
    }

    /// The form of the page at this path, sent to it with these members.
    ///
    /// # Panics
    /// When there is no form on it.
    pub async fn submits(&mut self, path: &str, members: &[(&str, &str)]) -> Answer {
        let page = self.opens(path).await.text();
        let token = page.split("name=\"form_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let token = token.unwrap_or_else(|| panic!("no form at {path}: {page}"));
        let all: Vec<_> = members.iter().copied().chain([("form_token", token)]).collect();
        let call = self.with_cookies(post(format!("{}{path}", self.portal)).form(&all).header("sec-fetch-site", "same-origin"));
        self.sends(&call).await
    }

    fn with_cookies(&self, call: Call) -> Call {
        let jar: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let call = call.header("accept-language", "en");
        if jar.is_empty() { call } else { call.header("cookie", &jar.join("; ")) }
    }

    async fn sends(&mut self, call: &Call) -> Answer {
        let answer = call.send().await;
        for set in answer.headers.get_all("set-cookie") {
            let pair = set.to_str().expect("text").split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }
}
