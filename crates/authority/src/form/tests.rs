use proptest::prelude::*;

use super::*;

fn parse(text: &str) -> Result<Vec<(String, String)>, Fault> {
    Form::parse(text.as_bytes()).map(|form| form.0.into_iter().map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
}

fn fault(bytes: &[u8]) -> Option<Fault> {
    Form::parse(bytes).err()
}

/// Percent-encodes everything, which is always allowed.
fn encode(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

#[test]
fn names_and_values_are_decoded() {
    let form = Form::parse(b"grant_type=client_credentials&scope=AP3+LBS%20RCG&x=%c3%B1&&flag").expect("a form");
    assert_eq!(form.get("grant_type"), Some("client_credentials"));
    assert_eq!(form.get("scope"), Some("AP3 LBS RCG"));
    assert_eq!(form.get("x"), Some("\u{f1}"));
    assert_eq!(form.get("flag"), None);
    assert!(form.names_any(&["flag"]));
}

#[test]
fn a_parameter_without_a_value_is_absent() {
    assert_eq!(Form::parse(b"scope=&a=b").expect("a form").get("scope"), None);
}

#[test]
fn only_the_first_equals_sign_separates() {
    assert_eq!(parse("a=b=c"), Ok(vec![("a".into(), "b=c".into())]));
}

#[test]
fn broken_encodings_are_refused() {
    for bytes in [
        &b"a=%"[..],
        b"a=%1",
        b"a=%zz",
        b"a=%+1",
        b"%=a",
        b"a=%ff",
        b"a=\xff",
        b"a=%00",
        b"a=b\0",
        b"a%00=b",
        b"a=%c0%ae",
        b"a=%ed%a0%80",
        b"a=%-1",
    ] {
        assert_eq!(fault(bytes), Some(Fault::Encoding), "{bytes:?}");
    }
}

#[test]
fn any_repeated_parameter_is_refused_however_it_is_spelt() {
    for text in ["a=1&a=1", "a=1&a=2", "a=&a=1", "a&a", "scope=x&sc%6fpe=y", "unknown=1&unknown=2", "=1&=2"] {
        assert_eq!(fault(text.as_bytes()), Some(Fault::Repeated), "{text}");
    }
    assert_eq!(fault(b"a=1&A=1"), None, "names are case-sensitive");
}

#[test]
fn more_parameters_than_any_request_has_are_refused() {
    let many = |count: usize| (0..count).map(|i| format!("p{i}=1")).collect::<Vec<_>>().join("&");
    assert_eq!(fault(many(MOST).as_bytes()), None);
    assert_eq!(fault(many(MOST + 1).as_bytes()), Some(Fault::TooMany));
}

proptest! {
    #[test]
    fn reading_never_panics(bytes: Vec<u8>) {
        let _ = Form::parse(&bytes);
    }

    #[test]
    fn what_is_read_has_no_nul_and_no_name_twice(text in "[a-c=&%+0-9]{0,40}") {
        if let Ok(read) = parse(&text) {
            for (at, (name, value)) in read.iter().enumerate() {
                prop_assert!(!name.contains('\0') && !value.contains('\0'));
                prop_assert!(read[..at].iter().all(|(earlier, _)| earlier != name));
            }
        }
    }

    #[test]
    fn what_was_encoded_is_read_back(pairs in proptest::collection::btree_map("[^\0]{0,8}", "[^\0]{0,20}", 0..10)) {
        let text = pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect::<Vec<_>>().join("&");
        let expected: Vec<_> = pairs.into_iter().collect();
        prop_assert_eq!(parse(&text), Ok(expected));
    }
}
