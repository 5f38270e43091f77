//! Which client assertions were used: each is good once, on this node, for as long as it lives (RFC 7523, section 3, item 7).
//!
//! Two generations are kept and the older one is forgotten as a whole, so that forgetting costs nothing. An id is remembered for as long as its
//! assertion can live at least, and for twice that at most.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, PoisonError},
};

use domain::{ClientId, Timestamp, client_assertion::LONGEST_LIFE, digest, token::LEEWAY};

/// How long a generation lasts, in seconds.
const GENERATION: i64 = LONGEST_LIFE + LEEWAY;

/// How many ids a client may use in a generation: a hundred times what asks for a token every few seconds.
const OF_A_CLIENT: u32 = 10_000;

/// How many ids are remembered of all clients together in a generation.
const OF_ALL: usize = 500_000;

/// The ids that were used.
#[derive(Default)]
pub(crate) struct Assertions(Mutex<Generations>);

#[derive(Default)]
struct Generations {
    began: i64,
    current: Generation,
    before: Generation,
}

#[derive(Default)]
struct Generation {
    ids: HashSet<[u8; 32]>,
    of_client: HashMap<ClientId, u32>,
}

/// Why an id is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    /// It was used before.
    Used,
    /// It could not be remembered, and so it could come again.
    TooMany,
}

impl Assertions {
    /// Notes that a client used this id, unless it did before.
    pub(crate) fn first(&self, client: &ClientId, id: &str, now: Timestamp) -> Result<(), Again> {
        // No id of a client has a line break in front of it: `plausible` sees to that.
        let name = digest::sha256(format!("{client}\n{id}").as_bytes());
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        generations.turn(now.as_second());
        if generations.before.ids.contains(&name) || generations.current.ids.contains(&name) {
            return Err(Again::Used);
        }
        let Generation { ids, of_client } = &mut generations.current;
        let used = of_client.entry(client.clone()).or_default();
        if *used >= OF_A_CLIENT || ids.len() >= OF_ALL {
            return Err(Again::TooMany);
        }
        *used += 1;
        ids.insert(name);
        Ok(())
    }
}

impl Generations {
    fn turn(&mut self, now: i64) {
        if now - self.began < GENERATION {
            return;
        }
        let before = std::mem::take(&mut self.current);
        self.before = if now - self.began < 2 * GENERATION { before } else { Generation::default() };
        self.began = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).expect("a moment")
    }

    #[test]
    fn an_id_is_good_once_for_each_client_for_as_long_as_its_assertion_can_live() {
        let (used, a, b) = (Assertions::default(), ClientId::from("a"), ClientId::from("b"));
        assert_eq!(used.first(&a, "1", at(0)), Ok(()));
        assert_eq!(used.first(&b, "1", at(0)), Ok(()), "of another client it is another");
        assert_eq!(used.first(&a, "2", at(200)), Ok(()));
        for second in [0, 1, 200, GENERATION - 1, GENERATION, 2 * GENERATION - 1] {
            assert_eq!(used.first(&a, "1", at(second)), Err(Again::Used), "{second}");
        }
        assert_eq!(used.first(&a, "2", at(200 + GENERATION)), Err(Again::Used));
        assert_eq!(used.first(&a, "1", at(2 * GENERATION)), Ok(()), "nothing with that id lives any more");
        assert_eq!(used.first(&a, "1", at(10 * GENERATION)), Ok(()), "after a long silence");
    }

    #[test]
    fn no_client_fills_the_memory_and_no_other_suffers_from_one_that_tries() {
        let (used, a, b) = (Assertions::default(), ClientId::from("a"), ClientId::from("b"));
        for id in 0..OF_A_CLIENT {
            assert_eq!(used.first(&a, &id.to_string(), at(0)), Ok(()));
        }
        assert_eq!(used.first(&a, "one more", at(1)), Err(Again::TooMany), "what cannot be remembered is not taken");
        assert_eq!(used.first(&a, "0", at(1)), Err(Again::Used));
        assert_eq!(used.first(&b, "one", at(1)), Ok(()));
        assert_eq!(used.first(&a, "one more", at(GENERATION)), Ok(()));
        assert_eq!(used.first(&a, "0", at(GENERATION)), Err(Again::Used), "the one before is still known");
    }
}
