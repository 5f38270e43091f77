//! What a password chosen by a person must be. Length is what counts; composition rules only make people write `Passw0rd!`.
//!
//! Follows NIST SP 800-63B, section 3.1.1.2: no rules of composition, no expiry, nothing that everybody tries first.

/// The least length, in characters.
pub const SHORTEST: usize = 10;
/// The greatest length, in bytes: a sentence fits; what is hashed stays bounded.
pub const LONGEST: usize = 256;

/// Different characters a password has at least.
const LEAST_DIFFERENT: usize = 5;

/// What everybody tries first, in lower case and without what is usually added to it: digits and signs at either end.
const FIRST_TRIED: &[&str] = &[
    "password",
    "passwort",
    "contrasena",
    "contraseña",
    "qwerty",
    "qwertyuiop",
    "qwertyuiopasdf",
    "asdfghjkl",
    "zxcvbnm",
    "iloveyou",
    "tequiero",
    "teamomucho",
    "administrator",
    "administrador",
    "welcome",
    "bienvenido",
    "letmein",
    "changeme",
    "cambiame",
    "postigo",
    "abcdefghij",
    "abcdefghijk",
    "passwordpassword",
    "realmadrid",
    "barcelona",
    "correos",
    "superman",
    "sunshine",
    "princess",
    "princesa",
    "football",
    "baseball",
];
const ROWS: &[&str] = &["01234567890123456789", "98765432109876543210", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm"];

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Weak {
    /// Fewer than [`SHORTEST`] characters.
    #[error("a password has at least {SHORTEST} characters; a few unrelated words make a good password")]
    Short,
    /// More than [`LONGEST`] bytes.
    #[error("a password has at most {LONGEST} bytes")]
    Long,
    /// One of those that are tried first.
    #[error("that password is among the first that are tried; a few unrelated words make a good password")]
    Common,
    /// Little more than the owner's name or address.
    #[error("that password is little more than your name or address; a few unrelated words make a good password")]
    Personal,
}

/// Checks a new password. `about`: what is known of its owner (address, name), which it must not be made of.
///
/// # Errors
/// The first reason against it.
pub fn check(password: &str, about: &[&str]) -> Result<(), Weak> {
    if password.len() > LONGEST {
        return Err(Weak::Long);
    }
    if password.chars().count() < SHORTEST {
        return Err(Weak::Short);
    }
    let plain = password.to_lowercase();
    let mut different: Vec<char> = plain.chars().collect();
    different.sort_unstable();
    different.dedup();
    let stem = plain.trim_matches(|c: char| !c.is_alphabetic());
    if different.len() < LEAST_DIFFERENT || FIRST_TRIED.contains(&stem) || ROWS.iter().any(|row| row.contains(plain.as_str())) {
        return Err(Weak::Common);
    }
    // What is left without the owner's own words must still be something.
    let words = about.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric())).filter(|word| word.chars().count() > 3);
    let left = words.fold(plain.clone(), |left, word| left.replace(&word.to_lowercase(), ""));
    if left.len() < plain.len() && left.chars().filter(|c| c.is_alphanumeric()).count() < SHORTEST / 2 {
        return Err(Weak::Personal);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_is_asked_for_and_composition_is_not() {
        assert_eq!(check("Xk3$9!aZ", &[]), Err(Weak::Short));
        assert_eq!(check(&"abcdef ".repeat(40), &[]), Err(Weak::Long));
        for good in ["caballo pila grapa", "tres tristes tigres", "ñandú ñoño", "k4Qz-81mv-tPe2"] {
            assert_eq!(check(good, &["ana@example.com", "Ana Pérez"]), Ok(()), "{good}");
        }
    }

    #[test]
    fn what_everybody_tries_first_is_refused_with_its_usual_trimmings() {
        for common in
            ["password123", "Password2026!", "1234567890", "qwertyuiop", "aaaaaaaaaaaa", "Contraseña1", "!!Postigo2026", "abcdefghijkl"]
        {
            assert_eq!(check(common, &[]), Err(Weak::Common), "{common}");
        }
    }

    #[test]
    fn the_owners_own_words_alone_are_no_password() {
        let about = ["maria.cervantes@libreria.es", "María Cervantes"];
        for personal in ["cervantes2026", "mariacervantes", "Libreria-123"] {
            assert_eq!(check(personal, &about), Err(Weak::Personal), "{personal}");
        }
        assert_eq!(check("cervantes monta molinos", &about), Ok(()));
    }
}
