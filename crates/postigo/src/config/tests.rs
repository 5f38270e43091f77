use super::*;

fn parse(text: &str, variables: &[(&str, &str)]) -> Result<Config> {
    Config::parse("postigo.toml", text, variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())))
}

fn refused(text: &str, variables: &[(&str, &str)]) -> String {
    format!("{:#}", parse(text, variables).expect_err("refused"))
}

#[test]
fn without_a_file_everything_listens_on_its_default_port() {
    let config = parse("", &[]).expect("defaults");
    let ports: Vec<_> = config.listeners().iter().map(|(_, listener)| listener.listen.port()).collect();
    assert_eq!(ports, [8080, 8081, 8082, 8083]);
}

#[test]
fn a_file_that_names_a_listener_serves_only_what_it_names() {
    let config =
        parse("[environments.sandbox]\nlisten = \"127.0.0.1:9000\"\npublic_url = \"https://sandbox.example/\"\n", &[]).expect("reads");
    assert_eq!(config.listeners().len(), 1);
    assert_eq!(config.environments.sandbox.expect("sandbox").public_url(), "https://sandbox.example");
}

#[test]
fn a_listener_that_does_not_say_where_has_the_default_port_of_its_table() {
    let config = parse("[environments.production]\npublic_url = \"https://api.example\"", &[]).expect("reads");
    assert_eq!(config.listeners().len(), 1);
    assert_eq!(config.environments.production.expect("production").listen.to_string(), "127.0.0.1:8082");
}

#[test]
fn the_carrier_alone_has_a_port_of_its_own_and_is_no_listener_of_a_node() {
    let config = parse("[carrier]\nlisten = \"127.0.0.1:9\"\n", &[]).expect("reads");
    assert_eq!((config.listeners().len(), config.carrier().listen.port()), (4, 9));
    assert_eq!(parse("", &[]).expect("reads").carrier().listen.port(), 8090);
    assert!(refused("[carrier]\npublic_url = \"https://x.example\"\n", &[]).contains("no key carrier.public_url"));
    assert!(refused("[carrier]\nlisten = \"127.0.0.1:8080\"\n[portal]\n", &[]).contains("both listen on"));
}

#[test]
fn a_variable_without_a_file_moves_one_listener_and_closes_none() {
    let config = parse("", &[("POSTIGO__PORTAL__LISTEN", "127.0.0.1:7")]).expect("reads");
    let ports: Vec<_> = config.listeners().iter().map(|(_, listener)| listener.listen.port()).collect();
    assert_eq!(ports, [7, 8081, 8082, 8083]);
}

#[test]
fn decisions_are_kept_for_a_time_that_a_calendar_has() {
    for days in ["0", "3651", "99999999"] {
        assert!(refused(&format!("decision_retention_days = {days}"), &[]).contains("must be 1 to 3650"), "{days}");
    }
}

#[test]
fn an_unknown_key_is_named_with_its_line_and_the_nearest_key() {
    assert_eq!(
        refused("decision_sample = 1\n\n[environments.sandbox]\nlistn = \"127.0.0.1:1\"\n", &[]),
        "postigo.toml:4: there is no key environments.sandbox.listn; did you mean environments.sandbox.listen?"
    );
    assert!(refused("databse_url = \"sqlite://x\"", &[]).contains("did you mean database_url?"));
    assert!(refused("[telemetri]\nlisten = \"127.0.0.1:1\"", &[]).contains("did you mean telemetry"));
}

#[test]
fn a_wrong_type_and_bad_syntax_are_reported_with_their_line() {
    assert!(refused("\ndecision_sample = \"many\"", &[]).starts_with("postigo.toml:2: "));
    assert!(refused("\n\n[portal\n", &[]).starts_with("postigo.toml:3: "));
    assert!(refused("[portal]\nlisten = \"8080\"", &[]).starts_with("postigo.toml:2: "));
}

#[test]
fn the_sandbox_may_have_an_event_matrix_of_its_own_and_still_serves_everything() {
    let config = parse("[sandbox]\nevent_matrix = \"matrix.csv\"", &[]).expect("reads");
    assert_eq!(config.sandbox.event_matrix.as_deref(), Some(Path::new("matrix.csv")));
    assert_eq!(config.listeners().len(), 4);
    let config = parse("", &[("POSTIGO__SANDBOX__EVENT_MATRIX", "other.csv")]).expect("reads");
    assert_eq!(config.sandbox.event_matrix.as_deref(), Some(Path::new("other.csv")));
    assert!(refused("[sandbox]\nevent_matrx = \"x\"", &[]).contains("did you mean sandbox.event_matrix?"));
}

#[test]
fn bad_urls_are_refused() {
    for url in ["ftp://x", "https://", "https://x/?a=1", "https://x/#a", "no url at all"] {
        let text = format!("[portal]\nlisten = \"127.0.0.1:1\"\npublic_url = \"{url}\"");
        assert!(refused(&text, &[]).contains("[portal] public_url"), "{url}");
    }
    assert!(refused("database_url = \"mysql://x\"", &[]).contains("sqlite:// or postgres://"));
}

#[test]
fn environment_variables_set_any_key_and_are_checked_like_the_file() {
    let config = parse(
        "decision_sample = 5",
        &[
            ("POSTIGO__DECISION_SAMPLE", "7"),
            ("POSTIGO__TRUSTED_PROXIES", "10.0.0.0/8, ::1"),
            ("POSTIGO__ENVIRONMENTS__SANDBOX__LISTEN", "127.0.0.1:7"),
        ],
    )
    .expect("reads");
    assert_eq!(config.decision_sample, 7);
    assert_eq!(config.trusted_proxies().expect("networks").len(), 2);
    assert_eq!(config.environments.sandbox.expect("sandbox").listen.port(), 7);
    assert!(refused("", &[("POSTIGO__DATABSE_URL", "x")]).contains("did you mean database_url?"));
    assert!(refused("", &[("POSTIGO__DECISION_SAMPLE", "x")]).contains("not a whole number"));
    let config = parse("", &[("POSTIGO__SANDBOX__WEBHOOK_PRIVATE_ADDRESSES", "true")]).expect("reads");
    assert!(config.sandbox.webhook_private_addresses && !Config::default().sandbox.webhook_private_addresses);
    assert!(refused("", &[("POSTIGO__SANDBOX__WEBHOOK_PRIVATE_ADDRESSES", "1")]).contains("neither true nor false"));
    assert!(refused("", &[("POSTIGO__TRUSTED_PROXIES", "10.0.0.0/99")]).contains("trusted_proxies"));
}

#[test]
fn two_listeners_on_one_port_or_one_issuer_for_both_environments_are_refused() {
    let text = "[portal]\nlisten = \"127.0.0.1:9\"\n[telemetry]\nlisten = \"127.0.0.1:9\"";
    assert!(refused(text, &[]).contains("[telemetry] and [portal] both listen on 127.0.0.1:9"));
    let text = "[environments.sandbox]\nlisten = \"127.0.0.1:1\"\npublic_url = \"https://x\"\n[environments.production]\nlisten = \"127.0.0.1:2\"\npublic_url = \"https://x\"";
    assert!(refused(text, &[]).contains("same public_url"));
}

#[test]
fn staff_need_a_second_factor_unless_the_portals_table_says_otherwise() {
    assert!(parse("", &[]).expect("reads").settings().staff_second_factor);
    assert!(parse("[portal]\npublic_url = \"https://x\"", &[]).expect("reads").settings().staff_second_factor);
    let config = parse("[portal]\nstaff_second_factor = false", &[]).expect("reads");
    assert!(!config.settings().staff_second_factor);
    assert!(!parse("", &[("POSTIGO__PORTAL__STAFF_SECOND_FACTOR", "false")]).expect("reads").settings().staff_second_factor);
    assert!(
        parse("[portal]\nstaff_second_factor = false\npublic_url = \"http://mybox:8080\"", &[]).is_ok(),
        "by another name of this machine"
    );
    for reached in ["listen = \"0.0.0.0:80\"", "listen = \"10.0.0.1:80\"", "public_url = \"https://portal.example\""] {
        assert!(refused(&format!("[portal]\nstaff_second_factor = false\n{reached}"), &[]).contains("a password alone"), "{reached}");
        assert!(parse(&format!("[portal]\nstaff_second_factor = true\n{reached}"), &[]).is_ok(), "{reached}");
    }
    assert!(refused("", &[("POSTIGO__PORTAL__STAFF_SECOND_FACTOR", "no")]).contains("neither true nor false"));
    assert!(refused("[telemetry]\nstaff_second_factor = false", &[]).contains("there is no key telemetry.staff_second_factor"));
}

#[test]
fn the_mailbox_is_open_only_where_the_configuration_says_so_and_nothing_sends() {
    let open = |text: &str| parse(text, &[]).expect("reads").portal.is_some_and(|portal| portal.has_mailbox());
    assert!(!open("") && !open("[portal]\npublic_url = \"https://x\""), "forgetting the mail server opens no mailbox");
    assert!(open("[portal]\nmailbox = true"));
    let both = "[portal]\nmailbox = true\n[mail]\nsmtp = \"smtp://localhost\"\nfrom = \"a@example.com\"";
    assert!(refused(both, &[]).contains("[portal] mailbox"));
    assert!(parse(&both.replace("true", "false"), &[]).is_ok());
    assert!(refused("[telemetry]\nmailbox = true", &[]).contains("there is no key telemetry.mailbox"));
}

#[test]
fn mail_is_sent_where_a_server_and_a_sender_are_named_and_never_with_a_password_in_clear() {
    use app::mail::Delivery;
    assert_eq!(parse("", &[]).expect("reads").settings().delivery, Delivery::Mailbox);
    for good in
        ["smtps://u:p@mail.example:465", "smtp://u:p@mail.example:587?tls=required", "smtp://mail.example:25", "smtp://u:p@127.0.0.1:1025"]
    {
        let config = parse(&format!("[mail]\nsmtp = \"{good}\"\nfrom = \"Postigo <no-reply@example.com>\""), &[]).expect(good);
        assert_eq!(config.settings().delivery, Delivery::Smtp);
        assert!(!format!("{config:?}").contains("u:p@"), "not shown");
    }
    for (bad, says) in [
        ("smtp = \"smtp://u:hidden@mail.example\"\nfrom = \"a@example.com\"", "in clear"),
        ("smtp = \"http://u:hidden@mail.example\"\nfrom = \"a@example.com\"", "must look like"),
        ("smtp = \"smtps://u:hidden@mail.example\"", "needs from"),
        ("smtp = \"smtps://u:hidden@mail.example\"\nfrom = \"nobody\"", "is not a sender"),
    ] {
        let text = refused(&format!("[mail]\n{bad}"), &[]);
        assert!(text.contains(says) && !text.contains("hidden"), "{text}");
    }
}

/// The list of keys and the struct say the same: every key of a full configuration is in the list, and the other way round.
#[test]
fn the_list_of_keys_is_complete() {
    let mut config = Config { max_stale_seconds: Some(1), worker_threads: Some(1), ..Config::default() };
    config.listen_from(8080);
    let full = Some("x".into());
    config.carrier = Some(Listener { certificate: full.clone(), private_key: full.clone(), ..Listener::local(8090) });
    config.sandbox.event_matrix = full.clone();
    for listener in [&mut config.portal, &mut config.environments.sandbox, &mut config.environments.production, &mut config.telemetry] {
        let listener = listener.as_mut().expect("a listener");
        (listener.public_url, listener.certificate, listener.private_key) = (Some("https://x".into()), full.clone(), full.clone());
    }
    config.portal.as_mut().expect("a listener").staff_second_factor = Some(true);
    config.portal.as_mut().expect("a listener").mailbox = Some(true);
    config.portal.as_mut().expect("a listener").staff_sign_on = Some(StaffSignOn {
        client_secret_file: Some("x".into()),
        client_secret: Some("x".into()),
        scopes: Some("x".into()),
        ..StaffSignOn::default()
    });
    config.portal.as_mut().expect("a listener").production_url = Some("https://x".into());
    config.mail = Mail { smtp: Some("smtp://localhost".into()), from: Some("a@example.com".into()) };
    config.registration = Registration {
        holders_url: Some("https://x".into()),
        holders_token_file: Some("x".into()),
        messages_url: Some("https://x".into()),
        messages_token_file: Some("x".into()),
    };
    let portal = config.portal.as_mut().expect("a portal");
    (portal.support_email, portal.support_phone, portal.support_hours) = (Some("x".into()), Some("x".into()), Some("x".into()));
    fn names(above: &str, table: &toml::Table, into: &mut Vec<String>) {
        for (key, value) in table {
            let path = if above.is_empty() { key.clone() } else { format!("{above}.{key}") };
            match value {
                toml::Value::Table(inner) if keys::KEYS.iter().all(|(key, _)| *key != path) => names(&path, inner, into),
                _ => into.push(path),
            }
        }
    }
    let mut written = Vec::new();
    names("", &toml::Table::try_from(&config).expect("writes"), &mut written);
    let mut listed: Vec<_> = keys::KEYS.iter().map(|(key, _)| (*key).to_owned()).collect();
    written.sort();
    listed.sort();
    assert_eq!(written, listed);
}

#[test]
fn whom_to_turn_to_is_the_portals_to_say() {
    let config = parse(
        "[portal]\nsupport_email = \"api@example.com\"\nsupport_hours = \"L-V 9-18\"",
        &[("POSTIGO__PORTAL__SUPPORT_PHONE", "+34 900")],
    );
    let support = config.expect("reads").portal.expect("a portal").support();
    assert_eq!((support.email.as_str(), support.phone.as_str(), support.hours.as_str()), ("api@example.com", "+34 900", "L-V 9-18"));
    assert!(refused("[telemetry]\nsupport_email = \"x\"", &[]).contains("there is no key telemetry.support_email"));
}

const SIGN_ON: &str =
    "[portal.staff_sign_on]\nissuer = \"https://login.example.com\"\nclient_id = \"postigo\"\nname = \"Casa\"\nrole_claim = \"groups\"\n";

#[test]
fn staff_sign_on_by_the_provider_that_is_named_whole() {
    let roles = "[portal.staff_sign_on.roles]\n\"postigo admins\" = \"administrator\"\nall = \"viewer\"\n";
    let secret = [("POSTIGO__PORTAL__STAFF_SIGN_ON__CLIENT_SECRET", "s")];
    let config = parse(&format!("{SIGN_ON}{roles}"), &secret).expect("reads");
    let terms = config.portal.and_then(|portal| portal.staff_sign_on).expect("there").terms().expect("terms");
    assert_eq!((terms.scopes.as_str(), terms.roles.len(), terms.only, terms.second_factor), ("openid profile email", 2, false, false));
    let by_variable =
        [secret[0], ("POSTIGO__PORTAL__STAFF_SIGN_ON__ROLES", "a=support, b=viewer"), ("POSTIGO__PORTAL__STAFF_SIGN_ON__ONLY", "true")];
    let config = parse(SIGN_ON, &by_variable).expect("reads");
    let named = config.portal.and_then(|portal| portal.staff_sign_on).expect("there");
    assert!(named.only && named.roles["a"] == "support" && named.roles.len() == 2);
    assert!(!format!("{named:?}").contains("client_secret"));
}

#[test]
fn a_provider_that_lets_nobody_in_or_is_reached_in_clear_is_refused() {
    let secret = [("POSTIGO__PORTAL__STAFF_SIGN_ON__CLIENT_SECRET", "s")];
    let roles = "[portal.staff_sign_on.roles]\nall = \"viewer\"\n";
    for (text, why) in [
        (SIGN_ON.to_owned(), "roles is missing"),
        (format!("{SIGN_ON}[portal.staff_sign_on.roles]\nall = \"boss\"\n"), "no role of staff"),
        (format!("{SIGN_ON}scopes = \"email\"\n{roles}"), "openid"),
        (format!("{}{roles}", SIGN_ON.replace("https://login", "http://login")), "issuer must look like"),
        (format!("{}{roles}", SIGN_ON.replace("name = \"Casa\"\n", "")), "name is missing"),
        (format!("{SIGN_ON}client_secret_file = \"x\"\n{roles}"), "not in both"),
    ] {
        assert!(refused(&text, &secret).contains(why), "{text}");
    }
    assert!(refused(&format!("{SIGN_ON}{roles}"), &[]).contains("client_secret_file"), "no secret at all");
    assert!(refused(&format!("{SIGN_ON}isuer = \"x\"\n"), &[]).contains("did you mean portal.staff_sign_on.issuer"));
    let elsewhere = refused("[telemetry.staff_sign_on]\nissuer = \"x\"\n", &[]);
    assert!(elsewhere.contains("there is no key telemetry.staff_sign_on"), "{elsewhere}");
    let pairs = [secret[0], ("POSTIGO__PORTAL__STAFF_SIGN_ON__ROLES", "viewer")];
    assert!(refused(SIGN_ON, &pairs).contains("name=text"));
}

#[test]
fn services_that_hear_of_account_holders_are_asked_over_tls_or_on_this_machine() {
    let table = |lines: &str| format!("[registration]\n{lines}\n");
    for url in ["https://holders.carrier.example/v1", "http://localhost:9000", "http://127.0.0.1:9000/v1", "http://[::1]:9000"] {
        for name in ["holders", "messages"] {
            parse(&table(&format!("{name}_url = \"{url}\"\n{name}_token_file = \"token\"")), &[]).expect(url);
        }
    }
    for (lines, words) in [
        ("holders_url = \"http://holders.carrier.example\"", "holders_url: \"http://holders.carrier.example\" must begin with https://"),
        ("messages_url = \"http://192.0.2.1\"", "messages_url: \"http://192.0.2.1\" must begin with https://"),
        ("messages_url = \"http://localhost@192.0.2.1\"", "messages_url"),
        ("holders_token_file = \"token\"", "holders_token_file: there is no holders_url"),
        ("holders_url = \"https://x\"\nmessages_token_file = \"token\"", "messages_token_file: there is no messages_url"),
    ] {
        let error = refused(&table(lines), &[]);
        assert!(error.contains("[registration]") && error.contains(words), "{lines}: {error}");
    }
}
