//! The states of a collection request, and which of them may follow which.

use crate::words::words;

/// How a fixed test value begins that puts a collection of the sandbox into a state; the state's word follows.
pub const FIXED_VALUE: &str = "SBX-REQUEST-";

words! {
    /// Where a collection request stands.
    pub enum State: "a state of a collection" {
        /// Just asked for.
        Inicial = "INICIAL",
        /// It can be made as asked.
        Viable = "VIABLE",
        /// It can be made on another day or at another hour, if the customer agrees.
        ViableConCambios = "VIABLE_CON_CAMBIOS",
        /// It cannot be made.
        NoViable = "NO_VIABLE",
        /// Somebody is choosing the unit by hand.
        PreAsignadaManual = "PRE_ASIGNADA_MANUAL",
        /// The unit is known, the courier is not.
        AsignadoCodired = "ASIGNADO_CODIRED",
        /// A courier has it on the day's round.
        Asignada = "ASIGNADA",
        /// The order has gone out to the unit.
        Cursada = "CURSADA",
        /// The unit has taken it on.
        AltaEnUnidad = "ALTA_EN_UNIDAD",
        /// The courier is on the way.
        EnRuta = "EN_RUTA",
        /// The courier collects on a delivery round.
        EnReparto = "EN_REPARTO",
        /// It waits at the unit for the next round.
        PendienteEnUnidad = "PENDIENTE_EN_UNIDAD",
        /// The parcels were collected.
        Realizada = "REALIZADA",
        /// The courier came, or tried to, and has no parcels.
        NoRealizada = "NO_REALIZADA",
        /// Called off.
        Cancelada = "CANCELADA",
    }
}

impl State {
    /// The states that may follow this one; none when it is an end. The first is the usual one, except after
    /// [`State::ViableConCambios`], where everything waits for the customer.
    #[must_use]
    pub const fn moves(self) -> &'static [Self] {
        match self {
            Self::Inicial => &[Self::Viable, Self::ViableConCambios, Self::NoViable, Self::Cancelada],
            Self::Viable => &[Self::Asignada, Self::PreAsignadaManual, Self::AsignadoCodired, Self::Cancelada],
            Self::ViableConCambios => &[Self::Viable, Self::Cancelada],
            Self::PreAsignadaManual | Self::AsignadoCodired => &[Self::Asignada, Self::Cancelada],
            Self::Asignada => &[Self::EnRuta, Self::Cursada, Self::Cancelada],
            Self::Cursada => &[Self::EnRuta, Self::AltaEnUnidad, Self::Cancelada],
            Self::AltaEnUnidad => &[Self::EnRuta, Self::Cancelada],
            Self::EnRuta => &[Self::Realizada, Self::EnReparto, Self::PendienteEnUnidad, Self::NoRealizada],
            Self::EnReparto => &[Self::Realizada, Self::PendienteEnUnidad, Self::NoRealizada],
            Self::PendienteEnUnidad => &[Self::EnRuta, Self::NoRealizada, Self::Cancelada],
            Self::NoViable | Self::Realizada | Self::NoRealizada | Self::Cancelada => &[],
        }
    }

    /// Whether `to` may follow this state.
    #[must_use]
    pub fn may_become(self, to: Self) -> bool {
        self.moves().contains(&to)
    }

    /// What comes next when nobody does anything and nothing goes wrong.
    #[must_use]
    pub fn usual_next(self) -> Option<Self> {
        if self == Self::ViableConCambios { None } else { self.moves().first().copied() }
    }

    /// The fixed test value that puts a collection of the sandbox into this state.
    #[must_use]
    pub fn fixed_value(self) -> String {
        format!("{FIXED_VALUE}{self}")
    }

    /// What the state means, in Spanish and in English, one line each.
    #[must_use]
    pub const fn meaning(self) -> (&'static str, &'static str) {
        match self {
            Self::Inicial => ("La recogida se acaba de solicitar", "The collection was just asked for"),
            Self::Viable => ("La recogida se puede hacer tal como se pidió", "The collection can be made as asked"),
            Self::ViableConCambios => (
                "La recogida se puede hacer en otro momento y espera que aceptes el cambio",
                "The collection can be made at another time and waits for you to accept the change",
            ),
            Self::NoViable => ("La recogida no se puede hacer", "The collection cannot be made"),
            Self::PreAsignadaManual => ("Alguien está eligiendo la unidad a mano", "Somebody is choosing the unit by hand"),
            Self::AsignadoCodired => ("Ya tiene unidad, pero todavía no repartidor", "It has a unit, but no courier yet"),
            Self::Asignada => ("Un repartidor la lleva en su ruta del día", "A courier has it on the day's round"),
            Self::Cursada => ("La orden ha salido hacia la unidad", "The order has gone out to the unit"),
            Self::AltaEnUnidad => ("La unidad se ha hecho cargo de ella", "The unit has taken it on"),
            Self::EnRuta => ("El repartidor va de camino", "The courier is on the way"),
            Self::EnReparto => ("El repartidor la hará durante su reparto", "The courier collects on a delivery round"),
            Self::PendienteEnUnidad => ("Espera en la unidad a la próxima ruta", "It waits at the unit for the next round"),
            Self::Realizada => ("Los paquetes se han recogido", "The parcels were collected"),
            Self::NoRealizada => ("Los paquetes no se han podido recoger", "The parcels could not be collected"),
            Self::Cancelada => ("La recogida se ha cancelado", "The collection was called off"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_can_be_reached_and_every_way_ends() {
        let mut reached = vec![State::Inicial];
        let mut at = 0;
        while let Some(state) = reached.get(at).copied() {
            for next in state.moves() {
                if !reached.contains(next) {
                    reached.push(*next);
                }
            }
            at += 1;
        }
        reached.sort();
        assert_eq!(reached, State::ALL);
        for state in State::ALL {
            let usual: Vec<_> = std::iter::successors(Some(*state), |state| state.usual_next()).take(20).collect();
            assert!(usual.len() < 20, "{state} goes round in circles: {usual:?}");
        }
    }

    #[test]
    fn what_is_out_or_over_cannot_be_called_off() {
        for state in [State::EnRuta, State::EnReparto, State::Realizada, State::NoRealizada, State::NoViable, State::Cancelada] {
            assert!(!state.may_become(State::Cancelada), "{state}");
        }
        for state in [State::Inicial, State::Viable, State::ViableConCambios, State::Asignada, State::PendienteEnUnidad] {
            assert!(state.may_become(State::Cancelada), "{state}");
        }
    }

    #[test]
    fn a_fixed_value_names_its_state() {
        for state in State::ALL {
            assert_eq!(state.fixed_value().strip_prefix(FIXED_VALUE).map(str::parse), Some(Ok(*state)));
        }
    }
}
