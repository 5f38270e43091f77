//! The words of the matrix that are not free text.

use crate::words::words;

words! {
    /// The part of a parcel's journey an event belongs to, by the number the carrier gives it.
    pub enum Phase: "a phase" {
        /// Announced, not yet in the carrier's hands.
        Announced = "1",
        /// On its way.
        InTransit = "2",
        /// About to be handed over.
        OutForDelivery = "3",
        /// Handed over: to the addressee, or back to the sender.
        Delivered = "4",
        /// On its way back.
        Return = "5",
        /// Something went wrong.
        Incident = "6",
    }
}

words! {
    /// The colour an event is shown in, which is also the last letter of its code.
    pub enum Colour: "a colour" {
        /// Verde: all is well.
        Green = "V",
        /// Rojo: it is not.
        Red = "R",
    }
}

words! {
    /// The class that the carrier's own e-commerce plug-in sorts an event into. What it has no class for is in progress.
    pub enum State: "a state" {
        /// Announced.
        Preregistered = "preregistered",
        /// Anything between the announcement and the end.
        InProgress = "in_progress",
        /// In the addressee's hands.
        Delivered = "delivered",
        /// Called off.
        Cancelled = "cancelled",
        /// Back in the sender's hands.
        Returned = "returned",
    }
}

words! {
    /// What may happen on a scripted [journey](crate::journey). Every matrix has one row for each.
    pub enum Step: "a step" {
        /// The parcel was announced.
        Preregistered = "preregistered",
        /// Its announcement was called off.
        Annulled = "annulled",
        /// The carrier has taken it.
        Admitted = "admitted",
        /// It left the unit that took it.
        LeftOrigin = "left-origin",
        /// It reached the sorting centre.
        Sorted = "sorted",
        /// It left the sorting centre.
        LeftSorting = "left-sorting",
        /// It left the country.
        LeftCountry = "left-country",
        /// It reached its country of destination.
        ArrivedCountry = "arrived-country",
        /// Customs look at it.
        InCustoms = "in-customs",
        /// Customs keep it.
        CustomsHold = "customs-hold",
        /// Customs let it go.
        CustomsCleared = "customs-cleared",
        /// It reached the unit that delivers it.
        AtUnit = "at-unit",
        /// It is on the last vehicle.
        OutForDelivery = "out-for-delivery",
        /// Nobody was in.
        DeliveryFailed = "delivery-failed",
        /// It was handed over at the address.
        Delivered = "delivered",
        /// It was handed over at an address abroad.
        DeliveredAbroad = "delivered-abroad",
        /// It waits at an office.
        AtOffice = "at-office",
        /// It waits in a locker.
        AtLocker = "at-locker",
        /// It was handed over at an office.
        CollectedAtOffice = "collected-at-office",
        /// It was taken out of a locker.
        CollectedAtLocker = "collected-at-locker",
        /// It goes back.
        ReturnStarted = "return-started",
        /// It is on its way back.
        ReturnOnItsWay = "return-on-its-way",
        /// It is back at its sender.
        Returned = "returned",
        /// It is late and being searched for.
        Delayed = "delayed",
        /// It will not be found.
        Lost = "lost",
    }
}

/// FedEx' words for where a scan happened.
pub const LOCATION_TYPES: &[&str] = &[
    "AIRPORT",
    "CUSTOMER",
    "CUSTOMS_BROKER",
    "DELIVERY_LOCATION",
    "DESTINATION_AIRPORT",
    "DESTINATION_FEDEX_FACILITY",
    "DROP_BOX",
    "ENROUTE",
    "FEDEX_FACILITY",
    "FEDEX_OFFICE_LOCATION",
    "INTERLINE_CARRIER",
    "NON_FEDEX_FACILITY",
    "ORIGIN_AIRPORT",
    "ORIGIN_FEDEX_FACILITY",
    "PICKUP_LOCATION",
    "PLANE",
    "PORT_OF_ENTRY",
    "SORT_FACILITY",
    "TURNPOINT",
    "VEHICLE",
];

impl Phase {
    /// The names of the phase in Spanish and in English; an event bears one of them.
    #[must_use]
    pub const fn names(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Announced => &[("PRERREGISTRADO", "PREREGISTERED"), ("PRE-ADMISIÓN", "PRE-ADMISSION")],
            Self::InTransit => &[("EN TRÁNSITO", "IN TRANSIT")],
            Self::OutForDelivery => &[("EN REPARTO", "OUT FOR DELIVERY")],
            Self::Delivered => &[("ENTREGADO", "DELIVERED")],
            Self::Return => &[("DEVOLUCIÓN", "RETURN")],
            Self::Incident => &[("INCIDENCIA", "INCIDENT")],
        }
    }
}
