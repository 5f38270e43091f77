//! The canonical spelling of what people write in many ways.

use unicode_normalization::UnicodeNormalization as _;

/// Each line is one word of addresses in all its spellings; the first stands for all. In English and Spanish, because addresses of both mix.
const ABBREVIATIONS: &[&[&str]] = &[
    &["c", "cl", "cll", "calle"],
    &["av", "avd", "avda", "avenida", "ave", "aven", "avenue"],
    &["pl", "pza", "plz", "plaza", "place"],
    &["ps", "po", "pso", "paseo"],
    &["ctra", "crta", "carretera"],
    &["cno", "cmno", "camino"],
    &["rda", "ronda"],
    &["trv", "trva", "travesia"],
    &["urb", "urbanizacion"],
    &["pol", "poligono"],
    &["ind", "industrial"],
    &["edif", "edificio", "bldg", "building"],
    &["esc", "escalera"],
    &["bj", "bajo"],
    &["dcha", "derecha"],
    &["izq", "izda", "izquierda"],
    &["pta", "puerta"],
    &["sta", "santa"],
    &["st", "str", "street", "saint"],
    &["rd", "road"],
    &["blvd", "boulevard", "bulevar"],
    &["dr", "drive"],
    &["ln", "lane"],
    &["ct", "court"],
    &["pkwy", "pky", "parkway"],
    &["hwy", "highway"],
    &["sq", "square"],
    &["ter", "terrace"],
    &["ste", "suite"],
    &["apt", "apartment"],
    &["fl", "flr", "floor", "piso"],
    &["rm", "room"],
    &["n", "north"],
    &["s", "south"],
    &["e", "east"],
    &["w", "west"],
    &["ne", "northeast"],
    &["nw", "northwest"],
    &["se", "southeast"],
    &["sw", "southwest"],
];

/// Words of addresses that say nothing.
const FILLERS: &[&str] = &["no", "num", "numero", "nbr", "number", "de", "del", "la", "las", "los", "el", "the", "of"];

/// Letters and digits only, small and without accents.
#[must_use]
pub fn name(text: &str) -> String {
    plain(text).filter(|sign| !sign.is_whitespace()).collect()
}

/// The lines of a street as one, each word in its first spelling. Where lines and spaces are does not matter.
#[must_use]
pub fn street(lines: &[String]) -> String {
    let text: String = lines.iter().flat_map(|line| plain(line).chain([' '])).collect();
    let words = text.split(' ').filter(|word| !word.is_empty() && !FILLERS.contains(word));
    words.map(|word| ABBREVIATIONS.iter().find(|spellings| spellings.contains(&word)).map_or(word, |spellings| spellings[0])).collect()
}

/// A postal code; of one in the United States the first five digits.
#[must_use]
pub fn postal_code(country: &str, text: &str) -> String {
    let code = name(text);
    if name(country) == "us" { code.chars().take(5).collect() } else { code }
}

/// Letters and digits, small and without accents, and a space for each other sign; what only joins letters is left out.
fn plain(text: &str) -> impl Iterator<Item = char> + '_ {
    text.nfkd().filter(|sign| !unicode_normalization::char::is_combining_mark(*sign) && !matches!(sign, '.' | '\'' | '\u{2019}')).flat_map(
        |sign| {
            let small = sign.to_lowercase();
            small.map(|sign| if sign.is_alphanumeric() { sign } else { ' ' })
        },
    )
}
