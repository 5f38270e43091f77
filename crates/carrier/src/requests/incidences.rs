//! Why a collection cannot be made, or was not. The carrier has 31 codes; their texts here are our own.

/// When a reason can come up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Before anybody sets out: the collection becomes `NO_VIABLE`.
    Planning,
    /// On the way or at the door: it becomes `NO_REALIZADA`.
    Round,
}

/// One reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reason {
    pub(crate) code: &'static str,
    pub(crate) stage: Stage,
    pub(crate) spanish: &'static str,
    pub(crate) english: &'static str,
}

const fn planning(code: &'static str, spanish: &'static str, english: &'static str) -> Reason {
    Reason { code, stage: Stage::Planning, spanish, english }
}

const fn round(code: &'static str, spanish: &'static str, english: &'static str) -> Reason {
    Reason { code, stage: Stage::Round, spanish, english }
}

/// Every reason. The first of each stage is the one a collection has when no other was asked for.
pub(crate) static REASONS: [Reason; 31] = [
    round("A", "No había nadie en la dirección", "Nobody was at the address"),
    round("AB", "El establecimiento estaba cerrado", "The premises were closed"),
    round("AC", "Cerrado por vacaciones", "Closed for holidays"),
    round("AD", "Cerrado por fiesta local", "Closed for a local holiday"),
    round("B", "La dirección es incorrecta", "The address is wrong"),
    planning("BA", "La dirección está incompleta", "The address is incomplete"),
    planning("BB", "El código postal no corresponde a la localidad", "The postcode does not belong to the locality"),
    planning("C", "La zona no tiene servicio de recogida", "The area has no collection service"),
    planning("D", "No quedan plazas en la franja horaria", "The time slot is full"),
    planning("E", "El contrato no incluye recogidas", "The contract does not include collections"),
    planning("F", "El anexo del contrato no está vigente", "The annex of the contract is not in force"),
    planning("G", "La solicitud está repetida", "The request is a repetition"),
    planning("H", "El volumen supera la capacidad de la unidad", "The volume exceeds what the unit can carry"),
    planning("I", "La fecha es festiva en la localidad", "The date is a holiday in the locality"),
    planning("J", "La solicitud llegó después de la hora límite", "The request came after the cut-off time"),
    round("K", "Los paquetes no estaban preparados", "The parcels were not ready"),
    round("L", "Los paquetes no llevaban etiqueta", "The parcels had no labels"),
    round("M", "El embalaje no era adecuado", "The packaging was not suitable"),
    round("N", "Los paquetes superaban el peso permitido", "The parcels were above the weight allowed"),
    round("O", "Los paquetes superaban las medidas permitidas", "The parcels were above the size allowed"),
    round("P", "El contenido no está permitido", "The contents are not allowed"),
    round("Q", "El cliente rechazó la recogida", "The customer refused the collection"),
    round("R", "El cliente pidió otra fecha", "The customer asked for another date"),
    round("S", "Otra empresa ya se había llevado los paquetes", "Another company had taken the parcels already"),
    round("T", "No se pudo acceder al edificio", "The building could not be entered"),
    round("U", "La espera en la dirección fue demasiado larga", "The wait at the address was too long"),
    round("V", "El vehículo sufrió una avería", "The vehicle broke down"),
    round("W", "El mal tiempo impidió llegar", "Bad weather made it impossible to get there"),
    round("X", "Un corte de tráfico impidió llegar", "A closed road made it impossible to get there"),
    round("Y", "Los paquetes no cabían en el vehículo", "The parcels did not fit into the vehicle"),
    round("Z", "No se pudo hacer por otra causa", "It could not be made for another reason"),
];

impl Reason {
    /// The reason with that code, when it can come up at that stage.
    pub(crate) fn find(stage: Stage, code: &str) -> Option<&'static Self> {
        REASONS.iter().find(|reason| reason.stage == stage && reason.code == code)
    }

    /// The reason given when none was asked for.
    pub(crate) fn usual(stage: Stage) -> Option<&'static Self> {
        REASONS.iter().find(|reason| reason.stage == stage)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_code_and_no_text_stands_there_twice() {
        for of in [|reason: &Reason| reason.code, |reason: &Reason| reason.spanish, |reason: &Reason| reason.english] {
            assert_eq!(REASONS.iter().map(of).collect::<BTreeSet<_>>().len(), REASONS.len());
        }
        assert!(Reason::usual(Stage::Planning).is_some() && Reason::usual(Stage::Round).is_some());
        assert_eq!((Reason::find(Stage::Round, "AB").is_some(), Reason::find(Stage::Planning, "AB")), (true, None));
    }
}
