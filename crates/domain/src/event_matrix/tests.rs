use super::*;

/// The built-in matrix with some lines changed.
fn changed(changes: &[(&str, &str)]) -> String {
    let mut text = BUILT_IN.to_owned();
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    text
}

fn faults(text: &str) -> Faults {
    Matrix::read(text).expect_err("has faults")
}

/// The line of an event in the file, from 1.
fn line(code: &str) -> u64 {
    1 + BUILT_IN.lines().position(|line| line.starts_with(code)).unwrap() as u64
}

#[test]
fn the_built_in_matrix_has_no_fault_and_an_event_for_every_step_and_phase() {
    let matrix = Matrix::read(BUILT_IN).unwrap_or_else(|faults| panic!("{faults}"));
    assert!(matrix.rows().len() >= 60, "{}", matrix.rows().len());
    for step in Step::ALL {
        assert_eq!(matrix.step(*step).step, Some(*step));
    }
    for phase in Phase::ALL {
        assert!(matrix.rows().iter().filter(|row| row.phase == *phase).count() >= 3, "{phase}");
    }
    for row in matrix.rows() {
        assert!(std::ptr::eq(matrix.find(&row.code).unwrap(), row));
    }
    assert!(matrix.find("a090000v").is_none() && matrix.find("").is_none());
}

/// The states of wire-formats section 5, by which the carrier's own plug-in maps the codes it knows.
#[test]
fn each_code_has_the_state_that_clients_in_the_wild_map_it_to() {
    let known = [
        (State::Preregistered, &["A090000V", "A150000R", "X010000V", "SR01000V"][..]),
        (State::Delivered, &["I010000V", "I01H210V", "IPUDO02V", "X120000V"]),
        (State::Cancelled, &["A040000R", "A060000R", "L010000R", "O080000V", "X160000V"]),
        (State::Returned, &["L020000V", "I020000V", "O140000V", "L030000R", "X170000V"]),
    ];
    let matrix = Matrix::built_in();
    for (state, codes) in known {
        for code in codes {
            assert_eq!(matrix.find(code).map(|row| row.state), Some(state), "{code}");
        }
    }
    for row in matrix.rows() {
        let expected = known.iter().find(|(_, codes)| codes.contains(&row.code.as_str())).map_or(State::InProgress, |(state, _)| *state);
        assert_eq!(row.state, expected, "{}", row.code);
    }
    for (code, step) in [
        ("A010000V", Step::Admitted),
        ("P040000V", Step::Sorted),
        ("P100000V", Step::LeftSorting),
        ("H020000V", Step::OutForDelivery),
        ("H01I350V", Step::AtOffice),
        ("H010930R", Step::DeliveryFailed),
        ("I020000V", Step::Returned),
    ] {
        assert_eq!(matrix.step(step).code, code);
    }
}

#[test]
fn all_faults_of_a_file_are_told_at_once_with_their_line_column_and_mend() {
    let text = changed(&[
        // Line 2: a colour that is none; and a place that is none.
        ("PREREGISTERED,V,Prerregistrado", "PREREGISTERED,verde,Prerregistrado"),
        ("Shipment information sent to FedEx,CUSTOMER", "Shipment information sent to FedEx,SHOP"),
        // A colour that does not agree with the code.
        ("IN TRANSIT,V,Admitido,Admitted,El envío se ha admitido y", "IN TRANSIT,R,Admitido,Admitted,El envío se ha admitido y"),
        // No text in one language.
        (",En reparto,Out for delivery,El envío está en reparto y", ",En reparto,,El envío está en reparto y"),
        // A phase and a state that do not exist.
        (
            "H050000V,Entrega en menos de una hora,Delivery within the hour,3",
            "H050000V,Entrega en menos de una hora,Delivery within the hour,9",
        ),
        ("no,no,in_progress,sorted", "no,no,moving,sorted"),
        // The same code twice, and one that is too short.
        ("\nA030000V", "\nA010000V"),
        ("\nP050000V", "\nP050V"),
        // The parcel is back and FedEx says delivered.
        ("returned,returned,RS,RS", "returned,returned,DL,DL"),
        // A step that nobody plays.
        ("in_progress,lost", "in_progress,"),
        ("no,no,in_progress,at-unit", "maybe,no,in_progress,at-unit"),
        ("El mal tiempo retrasa el envío", "=HYPERLINK(1)"),
        ("N070000R,Mal encaminado", "N070000R,\"Mal\nencaminado\""),
    ]);
    let faults = faults(&text);
    let told: Vec<(u64, &str)> = faults.listed().iter().map(|fault| (fault.line, fault.column.as_str())).collect();
    for (code, column) in [
        ("A090000V", "color"),
        ("A010000V", "color"),
        ("H020000V", "summaryText_en"),
        ("H050000V", "phase"),
        ("P040000V", "state"),
        ("A030000V", "eventCode"),
        ("P050000V", "eventCode"),
        ("I020000V", "fedexDerivedCode"),
        ("D010000V", "final"),
        ("N040000R", "expandedText_es"),
        ("N070000R", "eventDes_es"),
    ] {
        assert!(told.contains(&(line(code), column)), "{code} {column} is not in\n{faults}");
    }
    assert!(told.contains(&(1, "step")) && faults.more() == 0, "{faults}");
    assert!(told.is_sorted_by_key(|(line, _)| *line));
    let text = faults.to_string();
    for said in [
        "line 1, column step: no event plays lost;",
        "column color: \"verde\" is not a colour; use one of: V, R",
        "A010000V stands in line 16 already",
        "must have eight characters",
        "write yes or no",
        "would be a formula",
    ] {
        assert!(text.contains(said), "{said} is not in\n{text}");
    }
}

#[test]
fn the_list_of_faults_has_an_end() {
    let text = BUILT_IN.replace(",no,no,", ",nein,nein,");
    let faults = faults(&text);
    assert_eq!(faults.listed().len(), 50);
    assert!(faults.more() > 10 && faults.to_string().ends_with(&format!("and {} more", faults.more())));
}

#[test]
fn a_file_that_is_no_matrix_is_told_what_its_columns_should_be() {
    for (text, said) in [
        ("", "line 1: the file is empty; its first line names the columns: eventCode,eventDes_es"),
        ("\n\n", "the file is empty"),
        ("eventCode;eventDes_es;color\nA;B;V\n", "not separated by commas"),
        ("eventCode,colour\n", "column colour: there is no such column; the columns are eventCode,"),
        ("eventCode,eventCode\n", "column eventCode: the column stands there twice"),
    ] {
        let faults = faults(text).to_string();
        assert!(faults.contains(said), "{text:?}: {faults}");
    }
    let header = BUILT_IN.lines().next().unwrap();
    let faults = faults(&format!("{header}\nA090000V,too,few\n"));
    assert_eq!(faults.listed()[1].to_string(), "line 2: the line has 3 fields and the header 30; put texts with a comma into quotes");
    assert!(Matrix::read(&"x".repeat(5 * 1024 * 1024)).is_err());
    assert!(Matrix::read(&format!("{header}{}", "\n".repeat(1000))).is_err());
}

#[test]
fn the_order_of_columns_a_mark_at_the_beginning_and_the_ends_of_lines_do_not_matter() {
    let plain = Matrix::built_in();
    let turned: String = BUILT_IN
        .lines()
        .map(|line| {
            let mut record = csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_bytes());
            let mut fields: Vec<String> = record.records().next().unwrap().unwrap().iter().map(|field| format!("\"{field}\"")).collect();
            fields.reverse();
            format!("{}\r\n", fields.join(","))
        })
        .collect();
    let turned = Matrix::read(&format!("\u{feff}{turned}")).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(turned.rows(), plain.rows());
}

#[test]
fn what_is_handed_out_reads_back_with_every_cell() {
    let matrix = Matrix::built_in();
    for language in [Language::Spanish, Language::English] {
        let text = matrix.to_csv(language);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let names: Vec<_> = columns().iter().map(|column| column.name).collect();
        assert_eq!(reader.headers().unwrap(), names);
        let records: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!(records.len(), matrix.rows().len());
        let json = matrix.to_json(language);
        for ((record, row), object) in records.iter().zip(matrix.rows()).zip(json.as_array().unwrap()) {
            let cells: Vec<_> = row.cells(language).collect();
            assert_eq!(record, cells.iter().map(Cell::as_text).collect::<Vec<_>>());
            assert_eq!(object["eventCode"], row.code);
            assert_eq!((&object["final"], &object["incidence"]), (&row.is_final.into(), &row.incidence.into()));
            assert_eq!(object["expandedText"], row.expanded.in_language(language));
            assert_eq!(object.as_object().unwrap().len(), names.len());
        }
    }
    assert!(columns().iter().all(|column| !column.spanish.is_empty() && !column.english.is_empty()));
}

mod any_text {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn is_read_or_refused_without_a_fault_of_ours(text in "[a-z,;\"\n\r\u{0}é]{0,200}", at in 0usize..30_000, cut in 0usize..200) {
            let _ = Matrix::read(&text);
            // And the true file with something put into it, or taken out of it.
            let boundary = |mut at: usize| { while !BUILT_IN.is_char_boundary(at) { at -= 1; } at };
            let (from, to) = (boundary(at.min(BUILT_IN.len())), boundary((at + cut).min(BUILT_IN.len())));
            if let Err(faults) = Matrix::read(&format!("{}{text}{}", &BUILT_IN[..from], &BUILT_IN[to..])) {
                prop_assert!(!faults.listed().is_empty() && faults.listed().len() <= 50);
            }
        }
    }
}
