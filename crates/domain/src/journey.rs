//! Journeys: what the sandbox carrier lets happen to a parcel, and when.
//!
//! A journey is a script of steps, each some whole hours after the preregistration. Nothing of it is drawn or stored: the
//! same parcel at the same moment has the same history, and whoever moves the clock knows what to expect. Hours are counted
//! through day and night; a toy carrier never sleeps.

use crate::{Language, event_matrix::Step, words::words};

words! {
    /// A journey that can be asked for.
    pub enum Journey: "a journey" {
        /// Handed over at the first attempt; abroad after customs.
        Delivered = "delivered",
        /// Nobody is in at first; handed over the day after.
        FailedThenDelivered = "failed-then-delivered",
        /// Waits at an office or in a locker, and is picked up.
        OfficePickUp = "office-pick-up",
        /// Cannot be handed over and goes back to its sender.
        Returned = "returned",
        /// Customs hold it; it is handed over later.
        CustomsHold = "customs-hold",
        /// Does not arrive and is not found.
        Lost = "lost",
    }
}

/// How a parcel is meant to be handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handover {
    /// At the address.
    Address,
    /// At a post office.
    Office,
    /// From a locker.
    Locker,
}

/// What a journey depends on besides its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// Whether it leads out of the country, through customs.
    pub abroad: bool,
    /// How it is meant to end.
    pub handover: Handover,
}

/// Where a step happens, seen from the parcel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    /// With the sender.
    Sender,
    /// The unit that took the parcel.
    OriginUnit,
    /// The centre where everything is sorted.
    SortingCentre,
    /// Where parcels leave the country.
    Exchange,
    /// Where parcels enter the country of destination.
    Border,
    /// The unit that delivers.
    DestinationUnit,
    /// The office where it waits.
    Office,
    /// The locker where it waits.
    Locker,
    /// With the addressee.
    Addressee,
}

/// One step of a journey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stage {
    /// What happens.
    pub step: Step,
    /// How many hours after the preregistration.
    pub hours: u32,
    /// Where.
    pub spot: Spot,
}

/// How the header of a request and the fixed value of a declared reference begin that ask for a journey.
const HEADER: &str = "journey-";
const FIXED: &str = "SBX-JOURNEY-";

impl Journey {
    /// The value of the header `X-Sandbox-Scenario` that asks for it: `journey-returned`.
    #[must_use]
    pub fn header_value(self) -> String {
        format!("{HEADER}{self}")
    }

    /// The reference that asks for it: `SBX-JOURNEY-RETURNED`.
    #[must_use]
    pub fn fixed_value(self) -> String {
        format!("{FIXED}{}", self.as_str().to_ascii_uppercase())
    }

    /// The journey that a header or a reference asks for, in either form; `None` when the text asks for none.
    ///
    /// # Errors
    /// When it asks for a journey that does not exist. The message lists those that do.
    pub fn asked_for(text: &str) -> Option<Result<Self, crate::words::UnknownWord>> {
        [HEADER, FIXED].into_iter().find_map(|prefix| text.strip_prefix(prefix)).map(|name| name.to_ascii_lowercase().parse())
    }

    /// What happens on it, in a line.
    #[must_use]
    pub const fn meaning(self, language: Language) -> &'static str {
        let (spanish, english) = match self {
            Self::Delivered => ("Se entrega al primer intento", "Delivered at the first attempt"),
            Self::FailedThenDelivered => {
                ("El destinatario está ausente y se entrega al día siguiente", "The addressee is not in; it is delivered the day after")
            }
            Self::OfficePickUp => {
                ("Espera en una oficina o un CityPaq y se recoge allí", "Waits at an office or in a locker and is picked up there")
            }
            Self::Returned => (
                "No se puede entregar y vuelve al remitente; acaba en la fase ENTREGADO",
                "Cannot be delivered and goes back to its sender; it ends in the phase of deliveries",
            ),
            Self::CustomsHold => ("La aduana lo retiene dos días y luego se entrega", "Customs hold it for two days; then it is delivered"),
            Self::Lost => ("No llega, se busca y se da por perdido", "Does not arrive, is searched for and taken for lost"),
        };
        match language {
            Language::Spanish => spanish,
            Language::English => english,
        }
    }

    /// The journey of a parcel for which none was asked.
    #[must_use]
    pub const fn usual(route: Route) -> Self {
        match route.handover {
            Handover::Address => Self::Delivered,
            Handover::Office | Handover::Locker => Self::OfficePickUp,
        }
    }

    /// Every step in the order of time. The first is the preregistration, at hour 0.
    #[must_use]
    pub fn script(self, route: Route) -> Vec<Stage> {
        let abroad = route.abroad || self == Self::CustomsHold;
        let mut script = Script(Vec::with_capacity(16));
        script.add(0, Step::Preregistered, Spot::Sender);
        script.add(4, Step::Admitted, Spot::OriginUnit);
        script.add(9, Step::LeftOrigin, Spot::OriginUnit);
        script.add(15, Step::Sorted, Spot::SortingCentre);
        script.add(22, Step::LeftSorting, Spot::SortingCentre);
        if abroad {
            script.add(30, Step::LeftCountry, Spot::Exchange);
        }
        if self == Self::Lost {
            script.add(6 * 24, Step::Delayed, Spot::SortingCentre);
            script.add(20 * 24, Step::Lost, Spot::SortingCentre);
            return script.0;
        }
        let at_unit = if abroad { script.through_customs(self == Self::CustomsHold) } else { 38 };
        script.add(at_unit, Step::AtUnit, Spot::DestinationUnit);
        let delivered = if abroad { Step::DeliveredAbroad } else { Step::Delivered };
        match self {
            Self::OfficePickUp => script.picked_up(at_unit, route.handover),
            Self::Returned => script.returned(at_unit, route.handover),
            Self::FailedThenDelivered => {
                script.attempt(at_unit + 4, Step::DeliveryFailed);
                script.attempt(at_unit + 28, delivered);
            }
            Self::Delivered | Self::CustomsHold | Self::Lost => script.attempt(at_unit + 4, delivered),
        }
        script.0
    }
}

struct Script(Vec<Stage>);

impl Script {
    fn add(&mut self, hours: u32, step: Step, spot: Spot) {
        self.0.push(Stage { step, hours, spot });
    }

    /// From the border to the hour at which the parcel reaches its unit.
    fn through_customs(&mut self, held: bool) -> u32 {
        self.add(54, Step::ArrivedCountry, Spot::Border);
        self.add(58, Step::InCustoms, Spot::Border);
        let cleared = if held {
            self.add(62, Step::CustomsHold, Spot::Border);
            110
        } else {
            64
        };
        self.add(cleared, Step::CustomsCleared, Spot::Border);
        cleared + 24
    }

    /// Out on the road at `hour`, and at the door four hours later.
    fn attempt(&mut self, hour: u32, end: Step) {
        self.add(hour, Step::OutForDelivery, Spot::DestinationUnit);
        self.add(hour + 4, end, Spot::Addressee);
    }

    fn picked_up(&mut self, at_unit: u32, handover: Handover) {
        self.waiting(at_unit + 4, handover);
        match handover {
            Handover::Locker => self.add(at_unit + 28, Step::CollectedAtLocker, Spot::Locker),
            Handover::Address | Handover::Office => self.add(at_unit + 28, Step::CollectedAtOffice, Spot::Office),
        }
    }

    fn waiting(&mut self, hour: u32, handover: Handover) {
        match handover {
            Handover::Locker => self.add(hour, Step::AtLocker, Spot::Locker),
            Handover::Address | Handover::Office => self.add(hour, Step::AtOffice, Spot::Office),
        }
    }

    /// Two attempts where there is an address, then fifteen days of waiting, then back.
    fn returned(&mut self, at_unit: u32, handover: Handover) {
        let waiting = if handover == Handover::Address {
            self.attempt(at_unit + 4, Step::DeliveryFailed);
            self.attempt(at_unit + 28, Step::DeliveryFailed);
            at_unit + 34
        } else {
            at_unit + 4
        };
        self.waiting(waiting, handover);
        let back = waiting + 15 * 24;
        self.add(back, Step::ReturnStarted, Spot::DestinationUnit);
        self.add(back + 24, Step::ReturnOnItsWay, Spot::SortingCentre);
        self.add(back + 72, Step::Returned, Spot::Sender);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event_matrix::{Matrix, Phase, State};

    const ROUTES: [Route; 6] = {
        const fn route(abroad: bool, handover: Handover) -> Route {
            Route { abroad, handover }
        }
        [
            route(false, Handover::Address),
            route(false, Handover::Office),
            route(false, Handover::Locker),
            route(true, Handover::Address),
            route(true, Handover::Office),
            route(true, Handover::Locker),
        ]
    };

    #[test]
    fn every_script_begins_with_the_preregistration_moves_on_in_time_and_ends_with_a_final_event() {
        let matrix = Matrix::built_in();
        for route in ROUTES {
            for journey in Journey::ALL {
                let script = journey.script(route);
                assert_eq!((script[0].step, script[0].hours), (Step::Preregistered, 0), "{journey} {route:?}");
                assert!(script.windows(2).all(|pair| pair[0].hours < pair[1].hours), "{journey} {route:?}: {script:?}");
                let finals: Vec<_> = script.iter().filter(|stage| matrix.step(stage.step).is_final).collect();
                assert_eq!(finals, [script.last().unwrap()], "{journey} {route:?}");
            }
        }
    }

    #[test]
    fn a_return_ends_among_the_deliveries_and_is_none() {
        let matrix = Matrix::built_in();
        for route in ROUTES {
            let last = matrix.step(Journey::Returned.script(route).last().unwrap().step);
            assert_eq!((last.phase, last.state), (Phase::Delivered, State::Returned));
        }
    }

    #[test]
    fn every_step_of_the_matrix_is_played_by_some_journey_or_is_the_annulment() {
        let played: Vec<Step> = ROUTES
            .iter()
            .flat_map(|route| Journey::ALL.iter().flat_map(|journey| journey.script(*route)))
            .map(|stage| stage.step)
            .collect();
        for step in Step::ALL.iter().filter(|step| **step != Step::Annulled) {
            assert!(played.contains(step), "{step}");
        }
    }

    #[test]
    fn a_journey_is_asked_for_in_the_form_of_a_header_or_of_a_reference() {
        for journey in Journey::ALL {
            assert_eq!(Journey::asked_for(&journey.header_value()), Some(Ok(*journey)));
            assert_eq!(Journey::asked_for(&journey.fixed_value()), Some(Ok(*journey)));
        }
        assert_eq!(Journey::FailedThenDelivered.fixed_value(), "SBX-JOURNEY-FAILED-THEN-DELIVERED");
        assert_eq!(Journey::asked_for("throttled"), None);
        assert_eq!(Journey::asked_for("PEDIDO-SBX-JOURNEY-LOST"), None);
        let unknown = Journey::asked_for("journey-to-the-moon").unwrap().unwrap_err().to_string();
        assert!(unknown.contains("failed-then-delivered") && unknown.contains("lost"), "{unknown}");
    }
}
