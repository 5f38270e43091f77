//! The letters a document uses, written into it (PDF 32000-1, sections 9.7 and 9.10.3).

use pdf_writer::{
    Name, Pdf, Rect, Ref, Str,
    types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap},
};

use crate::labels::{drawing::Used, font::Face};

/// What a reader is told of a weight besides its glyphs.
pub(crate) struct Weight {
    face: Face,
    name: &'static [u8],
    stem: f32,
}

/// The six capitals before a name say that the font is a part of that one.
pub(crate) const REGULAR: Weight = Weight { face: Face::Regular, name: b"PALOMA+NotoSans", stem: 80.0 };
pub(crate) const BOLD: Weight = Weight { face: Face::Bold, name: b"PALOMB+NotoSans-Bold", stem: 140.0 };

const IDENTITY: SystemInfo<'static> = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// Writes a font under the first of the ids; the others are its parts.
pub(crate) fn embed(pdf: &mut Pdf, ids: [Ref; 5], used: &Used, weight: Weight) {
    let [font, glyphs, descriptor, file, letters] = ids;
    let name = Name(weight.name);
    let mut written = pdf.type0_font(font);
    written.base_font(name).encoding_predefined(Name(b"Identity-H")).descendant_font(glyphs).to_unicode(letters);
    drop(written);

    let mut cid = pdf.cid_font(glyphs);
    cid.subtype(CidFontType::Type2).base_font(name).system_info(IDENTITY).font_descriptor(descriptor).default_width(0.0);
    cid.cid_to_gid_map_predefined(Name(b"Identity"));
    cid.widths().consecutive(0, used.letters.iter().map(|(_, advance)| f32::from(*advance)));
    drop(cid);

    // Metrics of the whole font, in thousandths of the size; readers need them only should the file not open.
    let mut described = pdf.font_descriptor(descriptor);
    described.name(name).flags(FontFlags::NON_SYMBOLIC).bbox(Rect::new(-621.0, -389.0, 2800.0, 1067.0)).italic_angle(0.0);
    described.ascent(1069.0).descent(-293.0).cap_height(714.0).stem_v(weight.stem).font_file2(file);
    drop(described);

    // The file is our own: should it be unreadable all the same, the letters are missing and the bars still stand.
    let subset = subsetter::subset(weight.face.file(), 0, &used.glyphs).unwrap_or_default();
    pdf.stream(file, &subset).pair(Name(b"Length1"), i32::try_from(subset.len()).unwrap_or(i32::MAX));

    let mut map = UnicodeCmap::new(Name(b"Letters"), IDENTITY);
    for (id, (letter, _)) in (0_u16..).zip(&used.letters).skip(1) {
        map.pair(id, *letter);
    }
    pdf.cmap(letters, &map.finish());
}
