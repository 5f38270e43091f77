//! PDF files: pages, and the letters they use.

mod letters;

use pdf_writer::{Content, Finish as _, Pdf, Rect, Ref, TextStr};

use crate::labels::drawing::{BOLD, Canvas, Letters, MM, REGULAR};

/// The size of an upright sheet, in millimetres.
pub(crate) const A4: (f32, f32) = (210.0, 297.0);

/// Half a sheet lying, in millimetres.
pub(crate) const A5_LYING: (f32, f32) = (210.0, 148.5);

/// A document while it is drawn, page by page.
#[derive(Debug, Default)]
pub(crate) struct Document {
    letters: Letters,
    /// Size in millimetres and content of each page.
    pages: Vec<((f32, f32), pdf_writer::Buf)>,
}

impl Document {
    /// Adds a page of that size in millimetres.
    pub(crate) fn page(&mut self, size: (f32, f32), draw: impl FnOnce(&mut Canvas<'_>)) {
        let mut canvas = Canvas { content: Content::new(), letters: &mut self.letters };
        draw(&mut canvas);
        let content = canvas.content.finish();
        self.pages.push((size, content));
    }

    /// The file. It holds neither a date nor anything else that differs from one time to the next.
    pub(crate) fn finish(self, title: &str) -> Vec<u8> {
        let mut ids = (1..).map(Ref::new);
        let mut id = || ids.next().unwrap_or(Ref::new(1));
        let (catalog, tree, info) = (id(), id(), id());
        let (regular, bold) = ([id(), id(), id(), id(), id()], [id(), id(), id(), id(), id()]);
        let pages: Vec<_> = self.pages.into_iter().map(|page| (id(), id(), page)).collect();

        let mut pdf = Pdf::new();
        pdf.catalog(catalog).pages(tree);
        let count = i32::try_from(pages.len()).unwrap_or(i32::MAX);
        pdf.pages(tree).kids(pages.iter().map(|(page, ..)| *page)).count(count);
        pdf.document_info(info).title(TextStr(title)).creator(TextStr("Paloma"));
        letters::embed(&mut pdf, regular, &self.letters.regular, letters::REGULAR);
        letters::embed(&mut pdf, bold, &self.letters.bold, letters::BOLD);
        for (page_id, content_id, ((wide, high), content)) in pages {
            let mut page = pdf.page(page_id);
            page.parent(tree).media_box(Rect::new(0.0, 0.0, wide * MM, high * MM)).contents(content_id);
            page.resources().fonts().pair(REGULAR, regular[0]).pair(BOLD, bold[0]);
            page.finish();
            pdf.stream(content_id, &content);
        }
        pdf.finish()
    }
}
