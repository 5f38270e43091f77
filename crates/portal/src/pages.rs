//! The pages.

use std::fmt::Write as _;

use directory::Catalogue;
use domain::api::Api;

use crate::language::Language;

mod errors;

pub(crate) use errors::error;

/// A whole page around its content. `title` is plain text, `content` is HTML.
fn page(title: &str, content: &str, language: Language) -> String {
    let title = escaped(title);
    let tag = language.tag();
    format!(
        "<!doctype html>\n<html lang=\"{tag}\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{title} · Postigo</title></head>\n\
         <body>\n<header><a href=\"/\">Postigo</a> · <a href=\"/apis\">{apis}</a> · <a href=\"?lang=es\" lang=\"es\">Español</a> · <a href=\"?lang=en\" lang=\"en\">English</a></header>\n\
         <main>\n<h1>{title}</h1>\n{content}</main>\n</body>\n</html>\n",
        apis = language.pick("API", "APIs"),
    )
}

/// Text as it may stand in HTML, in elements and in quoted attributes.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

pub(crate) fn home(language: Language) -> String {
    let text = language.pick(
        "La puerta de las API de una empresa de paquetería: aquí ves qué API hay y qué dice cada error.",
        "The front door of a parcel carrier's APIs: see which APIs there are and what each error says.",
    );
    let link = language.pick("Ver las API", "See the APIs");
    page("Postigo", &format!("<p>{text}</p>\n<p><a href=\"/apis\">{link}</a></p>\n"), language)
}

pub(crate) fn apis(catalogue: &Catalogue, language: Language) -> String {
    let mut content = String::new();
    if catalogue.apis.is_empty() {
        let text = language.pick("Todavía no hay ninguna API publicada.", "No API is published yet.");
        let _ = writeln!(content, "<p>{text}</p>");
    } else {
        content.push_str("<ul>\n");
        for api in &catalogue.apis {
            let _ = writeln!(
                content,
                "<li><a href=\"/apis/{}\">{}</a> <code>{}</code></li>",
                api.name,
                escaped(&api.title),
                escaped(&api.scopes().to_string())
            );
        }
        content.push_str("</ul>\n");
    }
    page(language.pick("API", "APIs"), &content, language)
}

pub(crate) fn api(api: &Api, language: Language) -> String {
    let mut content = format!("<p><a href=\"/apis/{}/openapi.json\">OpenAPI</a></p>\n", api.name);
    if api.api_credential {
        let text = language.pick(
            "Cada llamada lleva, además del token, la credencial de API en las cabeceras <code>client_id</code> y <code>client_secret</code>.",
            "Beside the token, every call carries the API credential in the headers <code>client_id</code> and <code>client_secret</code>.",
        );
        let _ = writeln!(content, "<p>{text}</p>");
    }
    let (operation, scopes) = (language.pick("Operación", "Operation"), language.pick("Permisos (scopes)", "Scopes"));
    let _ =
        writeln!(content, "<table>\n<thead><tr><th scope=\"col\">{operation}</th><th scope=\"col\">{scopes}</th></tr></thead>\n<tbody>");
    for operation in &api.operations {
        let scopes: Vec<_> = operation.scopes.iter().map(|set| format!("<code>{}</code>", escaped(&set.to_string()))).collect();
        let _ = writeln!(
            content,
            "<tr><td><code>{} {}</code></td><td>{}</td></tr>",
            operation.method,
            escaped(&operation.path),
            scopes.join(language.pick(" o ", " or "))
        );
    }
    content.push_str("</tbody>\n</table>\n");
    page(&api.title, &content, language)
}

pub(crate) fn missing(language: Language) -> String {
    let text = language.pick(
        "Aquí no hay nada. Vuelve al <a href=\"/apis\">catálogo de API</a>.",
        "There is nothing here. Go back to the <a href=\"/apis\">API catalogue</a>.",
    );
    page(language.pick("Página no encontrada", "Page not found"), &format!("<p>{text}</p>\n"), language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_title_stays_text() {
        let html = page("\"><img src=x onerror=alert(1)>", "", Language::English);
        assert!(!html.contains("<img"), "{html}");
    }
}
