//! What may happen to a parcel, in the words of both carriers. The codes are the event matrix' (wire-formats section 5).

/// The parcel was announced.
pub(crate) const PREREGISTERED: &str = "A090000V";

/// Its announcement was called off.
pub(crate) const ANNULLED: &str = "A040000R";

/// The parcel has reached the person it was for.
pub(crate) const DELIVERED: &str = "I010000V";

/// The languages of tracking; what has no texts of its own falls back to Spanish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    Spanish,
    English,
}

impl Language {
    /// From `languageCode`: ES, ES_CA, ES_EU, ES_GL, EN, PT, ZH, FR.
    pub(crate) fn of(code: Option<&str>) -> Self {
        if code.is_some_and(|code| code.eq_ignore_ascii_case("EN")) { Self::English } else { Self::Spanish }
    }
}

/// The texts of an event in one language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Texts {
    /// The name of its phase.
    pub(crate) phase: &'static str,
    /// In a word.
    pub(crate) summary: &'static str,
    /// In a sentence.
    pub(crate) expanded: &'static str,
}

/// How the FedEx-shaped track says the same.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scan {
    /// `eventType`, and `code` of the latest status.
    pub(crate) code: &'static str,
    /// `derivedStatusCode`.
    pub(crate) derived_code: &'static str,
    /// `derivedStatus` and `statusByLocale`.
    pub(crate) derived: &'static str,
    /// `eventDescription`.
    pub(crate) description: &'static str,
    /// `locationType` of a scan of this kind, a word of FedEx' list.
    pub(crate) location_type: &'static str,
    /// `possessionStatus`: whether the carrier has, or has had, the parcel in its hands.
    pub(crate) in_possession: bool,
}

/// One row of the matrix.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Event {
    pub(crate) code: &'static str,
    pub(crate) phase: &'static str,
    /// Whether it is bad news.
    pub(crate) incidence: bool,
    pub(crate) spanish: Texts,
    pub(crate) english: Texts,
    pub(crate) scan: Scan,
}

static MATRIX: [Event; 3] = [
    Event {
        code: PREREGISTERED,
        phase: "1",
        incidence: false,
        spanish: Texts {
            phase: "PRERREGISTRADO",
            summary: "Prerregistrado",
            expanded: "El envío está prerregistrado y pendiente de entrega al transportista",
        },
        english: Texts {
            phase: "PREREGISTERED",
            summary: "Preregistered",
            expanded: "The shipment is preregistered and has not been handed to the carrier yet",
        },
        scan: Scan {
            code: "OC",
            derived_code: "IN",
            derived: "Label created",
            description: "Shipment information sent to FedEx",
            location_type: "CUSTOMER",
            in_possession: false,
        },
    },
    Event {
        code: ANNULLED,
        phase: "1",
        incidence: false,
        spanish: Texts { phase: "PRERREGISTRADO", summary: "Anulado", expanded: "El prerregistro del envío se ha anulado" },
        english: Texts { phase: "PREREGISTERED", summary: "Annulled", expanded: "The preregistration of the shipment was annulled" },
        scan: Scan {
            code: "CA",
            derived_code: "CA",
            derived: "Shipment cancelled",
            description: "Shipment cancelled by sender",
            location_type: "CUSTOMER",
            in_possession: false,
        },
    },
    Event {
        code: DELIVERED,
        phase: "4",
        incidence: false,
        spanish: Texts {
            phase: "ENTREGADO", summary: "Entregado", expanded: "El envío se ha entregado al destinatario o a su autorizado"
        },
        english: Texts {
            phase: "DELIVERED",
            summary: "Delivered",
            expanded: "The shipment was delivered to the addressee or to somebody authorised",
        },
        scan: Scan {
            code: "DL",
            derived_code: "DL",
            derived: "Delivered",
            description: "Delivered",
            location_type: "DELIVERY_LOCATION",
            in_possession: true,
        },
    },
];

impl Event {
    /// The row with that code.
    pub(crate) fn find(code: &str) -> Option<&'static Self> {
        MATRIX.iter().find(|event| event.code == code)
    }

    pub(crate) fn texts(&self, language: Language) -> &Texts {
        match language {
            Language::Spanish => &self.spanish,
            Language::English => &self.english,
        }
    }

    /// `V` (verde) or `R` (rojo): the last letter of the code says it.
    pub(crate) fn colour(&self) -> &'static str {
        if self.code.ends_with('R') { "R" } else { "V" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_has_a_code_of_eight_ending_in_its_colour() {
        for event in &MATRIX {
            assert_eq!(event.code.len(), 8);
            assert!(event.code.ends_with(event.colour()));
            assert!(std::ptr::eq(Event::find(event.code).unwrap(), event));
        }
    }

    #[test]
    fn languages_without_texts_fall_back_to_spanish() {
        for code in [None, Some("ES"), Some("ES_CA"), Some("PT"), Some("ZH"), Some("")] {
            assert_eq!(Language::of(code), Language::Spanish);
        }
        assert_eq!(Language::of(Some("en")), Language::English);
    }
}
