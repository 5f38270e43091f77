//! From a method and a path to an operation of an API.

mod path;

use std::{
    collections::HashMap,
    sync::{Arc, atomic::AtomicUsize},
};

use directory::Catalogue;
use domain::{
    ApiName, Environment,
    api::{Api, Life, Operation, Status, Upstream},
    decision::Refusal,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Version, request::Parts, uri::Authority};
use metrics::Counter;

use crate::{forward::Target, limit::Offer, meter, schema::Schema};

/// An API as this environment serves it.
pub(crate) struct Served {
    pub(crate) api: Arc<Api>,
    /// Where its requests go; empty: it is not offered here.
    pub(crate) targets: Box<[Target]>,
    /// Whose turn it is.
    pub(crate) turn: AtomicUsize,
    /// Its plans, as the limits need them; the first is the default.
    pub(crate) offers: Box<[Offer]>,
    /// Counts what passed.
    pub(crate) passed: Counter,
    /// What its answers say while it is deprecated; made once, here.
    pub(crate) ending: Option<Ending>,
}

/// That an API ends, as headers.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Ending {
    /// Since when it is deprecated (RFC 9745, section 2.1).
    deprecation: HeaderValue,
    /// When it stops (RFC 8594, section 3).
    sunset: Option<HeaderValue>,
}

impl Ending {
    fn of(life: &Life) -> Option<Self> {
        let since = life.deprecated_at.filter(|_| life.status == Status::Deprecated)?;
        let header = |text: String| HeaderValue::try_from(text).ok();
        Some(Self {
            deprecation: header(format!("@{}", since.as_second()))?,
            sunset: life.sunset_at.and_then(|at| header(at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())),
        })
    }

    /// Says it on an answer, whatever the API itself says there.
    pub(crate) fn say(&self, headers: &mut HeaderMap) {
        headers.insert(HeaderName::from_static("deprecation"), self.deprecation.clone());
        if let Some(sunset) = &self.sunset {
            headers.insert(HeaderName::from_static("sunset"), sunset.clone());
        }
    }
}

impl Served {
    fn new(api: &Arc<Api>, environment: Environment, ending: Option<Ending>) -> Self {
        let targets = api.upstreams.of(environment).iter().filter_map(|upstream| {
            let target = Target::new(upstream);
            if let (None, Upstream::Origin(origin)) = (&target, upstream) {
                tracing::error!(api = %api.name, %origin, "an upstream cannot be addressed and is left out");
            }
            target
        });
        Self {
            targets: targets.collect(),
            turn: AtomicUsize::new(0),
            offers: api.plans.iter().map(Offer::new).collect(),
            passed: meter::passed(environment, api.name.as_str()),
            ending,
            api: Arc::clone(api),
        }
    }
}

/// One operation of a served API.
pub(crate) struct Endpoint {
    pub(crate) served: Arc<Served>,
    pub(crate) id: Arc<str>,
    pub(crate) schema: Option<Schema>,
    at: usize,
}

impl Endpoint {
    /// The operation as the catalogue has it.
    pub(crate) fn operation(&self) -> &Operation {
        &self.served.api.operations[self.at]
    }
}

/// The operations of one path.
struct Place {
    served: Arc<Served>,
    endpoints: Vec<(Method, Arc<Endpoint>)>,
    /// The value of `Allow`.
    allow: Arc<str>,
}

/// The routes of one API, which the next version of the catalogue takes over where the API is the same one.
struct Compiled {
    api: Arc<Api>,
    ending: Option<Ending>,
    places: Vec<(String, Arc<Place>)>,
}

/// Every route of one version of the catalogue.
pub(crate) struct Table {
    pub(crate) catalogue: Arc<Catalogue>,
    router: matchit::Router<Arc<Place>>,
    compiled: HashMap<ApiName, Compiled>,
    /// Where connections may go, with how long they may take, in milliseconds.
    origins: Vec<(Authority, u64)>,
    /// The management API: it has no route here, and is judged by [`Gateway::judge`](crate::Gateway::judge).
    pub(crate) management: Option<Arc<Served>>,
}

/// Where a request ends that has no endpoint. The API is named when its path is known.
pub(crate) type Dead = (Option<Arc<Served>>, Refusal);

impl Table {
    /// Compiles the catalogue, but for the APIs that are as they were in `before`. What cannot be routed is logged and left out; nothing here may
    /// close what else is served.
    pub(crate) fn compile(catalogue: Arc<Catalogue>, environment: Environment, before: Option<&Self>) -> Self {
        let mut router = matchit::Router::new();
        let mut origins = Vec::new();
        let mut compiled = HashMap::new();
        // The catalogue is in the order of names: which API wins a path does not depend on a database's collation.
        for api in &catalogue.apis {
            let ending = catalogue.life(api.name.as_str()).and_then(Ending::of);
            let known = before.and_then(|before| before.compiled.get(&api.name));
            let known = known.filter(|known| Arc::ptr_eq(&known.api, api) && known.ending == ending);
            let places = known.map_or_else(|| places(api, environment, ending.clone()), |known| known.places.clone());
            if let Some((_, place)) = places.first() {
                origins
                    .extend(place.served.targets.iter().filter_map(Target::authority).map(|authority| (authority.clone(), api.connect_ms)));
            }
            for (path, place) in &places {
                if let Err(error) = router.insert(path.as_str(), Arc::clone(place)) {
                    tracing::error!(api = %api.name, %path, %error, "a path cannot be routed beside those of another API and is left out");
                }
            }
            compiled.insert(api.name.clone(), Compiled { api: Arc::clone(api), ending, places });
        }
        let management = catalogue.management.as_ref().map(|api| Arc::new(Served::new(api, environment, None)));
        Self { catalogue, router, compiled, origins, management }
    }

    /// Every origin of the APIs, with how long a connection to it may take, in milliseconds. Some stand there several times.
    pub(crate) fn origins(&self) -> impl Iterator<Item = (Authority, u64)> {
        self.origins.iter().cloned()
    }

    /// The endpoint of a request.
    pub(crate) fn find(&self, request: &Parts) -> Result<Arc<Endpoint>, Dead> {
        // HTTP/1 asks an origin server in origin-form; whoever sends another form takes us for a proxy (RFC 9112, section 3.2).
        if request.version < Version::HTTP_2 && request.uri.authority().is_some() {
            return Err((None, if request.method == Method::CONNECT { Refusal::NoRoute } else { Refusal::AmbiguousPath }));
        }
        let path = request.uri.path();
        if !path.starts_with('/') {
            return Err((None, Refusal::NoRoute));
        }
        if !path::is_unambiguous(path) {
            // It goes nowhere; it is only told so in the words of the API that it seems to be for.
            let seeming = self.router.at(path).ok().map(|found| Arc::clone(&found.value.served));
            return Err((seeming, Refusal::AmbiguousPath));
        }
        let Ok(found) = self.router.at(path) else { return Err((None, Refusal::NoRoute)) };
        let place = found.value;
        let Some(endpoint) = place.endpoint(&request.method) else {
            return Err((Some(Arc::clone(&place.served)), Refusal::MethodNotAllowed(Arc::clone(&place.allow))));
        };
        if place.served.targets.is_empty() {
            return Err((Some(Arc::clone(&place.served)), Refusal::NotHere));
        }
        Ok(Arc::clone(endpoint))
    }
}

impl Place {
    /// A `HEAD` that the document does not name is answered by the API as its `GET` (RFC 9110, section 9.3.2).
    fn endpoint(&self, method: &Method) -> Option<&Arc<Endpoint>> {
        let declared = |wanted: &Method| self.endpoints.iter().find(|(own, _)| own == wanted).map(|(_, endpoint)| endpoint);
        declared(method).or_else(|| if *method == Method::HEAD { declared(&Method::GET) } else { None })
    }
}

/// The paths of an API in the router's spelling. Templates that differ in the names of their parameters alone are one path.
fn places(api: &Arc<Api>, environment: Environment, ending: Option<Ending>) -> Vec<(String, Arc<Place>)> {
    let served = Arc::new(Served::new(api, environment, ending));
    let mut order = Vec::new();
    let mut places: HashMap<String, Place> = HashMap::new();
    for (at, operation) in api.operations.iter().enumerate() {
        let (Ok(method), Some(path)) = (operation.method.parse::<Method>(), template(&operation.path)) else {
            tracing::error!(api = %api.name, operation = operation.id, "an operation cannot be routed and is left out");
            continue;
        };
        let place = places.entry(path.clone()).or_insert_with(|| {
            order.push(path);
            Place { served: Arc::clone(&served), endpoints: Vec::new(), allow: "".into() }
        });
        let schema = Schema::compile(api, operation);
        let endpoint = Endpoint { served: Arc::clone(&served), id: operation.id.as_str().into(), schema, at };
        place.endpoints.push((method, Arc::new(endpoint)));
    }
    for place in places.values_mut() {
        place.allow = allow(&place.endpoints);
    }
    order.into_iter().filter_map(|path| places.remove_entry(&path)).map(|(path, place)| (path, Arc::new(place))).collect()
}

fn allow(endpoints: &[(Method, Arc<Endpoint>)]) -> Arc<str> {
    let mut methods: Vec<_> = endpoints.iter().map(|(method, _)| method.as_str()).collect();
    if methods.contains(&"GET") && !methods.contains(&"HEAD") {
        methods.push("HEAD");
    }
    methods.sort_unstable();
    methods.join(", ").into()
}

/// A path template of OpenAPI as the router spells it: parameters are numbered, so that two templates of one shape are one route.
fn template(path: &str) -> Option<String> {
    let mut written = String::with_capacity(path.len());
    let mut rest = path;
    let mut parameters = 0;
    while let Some((literal, after)) = rest.split_once('{') {
        let (_name, after) = after.split_once('}')?;
        written.push_str(literal);
        written.push_str(&format!("{{p{parameters}}}"));
        parameters += 1;
        rest = after;
    }
    written.push_str(rest);
    // A stray brace is left to the router, which knows how to refuse it.
    Some(written)
}

/// `Allow` as a header.
pub(crate) fn allow_value(allow: &str) -> HeaderValue {
    // Methods are tokens; anything else has been refused on the way in.
    HeaderValue::from_str(allow).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use directory::Catalogue;
    use domain::{
        Environment,
        api::{Api, Life, PerEnvironment, Status},
        plan::Plans,
    };

    use super::{Table, template};

    fn catalogue(apis: Vec<Arc<Api>>) -> Arc<Catalogue> {
        let life = Life {
            status: Status::Published,
            version: 1,
            since: domain::Timestamp::UNIX_EPOCH,
            deprecated_at: None,
            sunset_at: None,
            retired_at: None,
        };
        Arc::new(Catalogue {
            version: 1,
            documents: vec!["{}".into(); apis.len()],
            lives: vec![life; apis.len()],
            apis,
            retired: Vec::new(),
            management: None,
            scopes: PerEnvironment::default(),
        })
    }

    fn api(name: &str) -> Arc<Api> {
        let document = serde_json::json!({
            "openapi": "3.1.0", "info": {"title": name, "version": "1"},
            "paths": {format!("/{name}"): {"get": {"security": [{"oauth": ["A"]}]}}},
            "components": {"securitySchemes": {"oauth": {"type": "oauth2"}}},
            "x-postigo": {"name": name, "upstreams": {"sandbox": ["service:paloma"]}}
        });
        Arc::new(domain::openapi::read(&document, &Plans::default()).expect("an API"))
    }

    #[test]
    fn the_routes_of_an_api_that_did_not_change_are_taken_over() {
        let (same, old, new) = (api("same"), api("other"), api("other"));
        let before = Table::compile(catalogue(vec![Arc::clone(&old), Arc::clone(&same)]), Environment::Sandbox, None);
        let after = Table::compile(catalogue(vec![new, same]), Environment::Sandbox, Some(&before));
        let place = |table: &Table, path: &str| Arc::clone(table.router.at(path).expect("a route").value);
        assert!(Arc::ptr_eq(&place(&before, "/same"), &place(&after, "/same")));
        assert!(!Arc::ptr_eq(&place(&before, "/other"), &place(&after, "/other")));
        let gone = Table::compile(catalogue(vec![old]), Environment::Sandbox, Some(&after));
        assert!(gone.router.at("/same").is_err() && gone.router.at("/other").is_ok());
    }

    #[test]
    fn templates_of_one_shape_are_one_route() {
        assert_eq!(template("/a/{code}/b/{n}").as_deref(), Some("/a/{p0}/b/{p1}"));
        assert_eq!(template("/a/{x}").as_deref(), template("/a/{y}").as_deref());
        assert_eq!(template("/a/{x").as_deref(), None);
        assert_eq!(template("/a").as_deref(), Some("/a"));
    }
}
