//! The notice of a hold without templates, for the day a template is broken. Deliberately absent: every other kind; a
//! mail about money that cannot be rendered holds its run instead.

use std::fmt::Write;

use crate::domain::{report::HeldReport, text::Lang};

use super::{clean, compose::Rendered, error::TemplateError};

/// Subject and text, no HTML.
pub(super) fn held(report: &HeldReport, lang: Lang, error: &TemplateError) -> Rendered {
    let what = if report.subject == "file" { &report.file } else { &report.job };
    let (subject, wait, release, template) = match lang {
        Lang::Ru => ("[Сверка] Ждёт проверки", "Приостановлено", "Отпустить", "Письмо без оформления"),
        Lang::En => ("[Sverka] Waits for a person", "On hold", "Release", "Plain mail"),
    };
    let mut text = format!("{wait}: {}\n\n", clean::line(what));
    for reason in &report.reasons {
        let (place, message) = (clean::line(reason.place.get(lang)), clean::line(reason.message.get(lang)));
        let _ = writeln!(text, "- {place}{}{message}", if place.is_empty() { "" } else { ": " });
    }
    let _ = write!(text, "\n{release}:\n  sverka release {} --reason \"…\"\n", report.hold);
    let _ = write!(text, "\n{template}: {}\n", error.text().get(lang));
    Rendered { subject: format!("{subject}: {what}"), text, html: String::new(), limit: usize::MAX }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deliver::samples;

    #[test]
    fn the_plain_notice_says_what_why_and_how_to_release() {
        let report = samples::held_report();
        let error = TemplateError::Template("syntax error (in ru/held/body.html:3)".to_owned());
        let mail = held(&report, Lang::Ru, &error);
        assert!(mail.html.is_empty());
        for part in ["Продажи.xlsx", "F217", "по примеру", "sverka release h1 --reason", "ru/held/body.html:3"]
        {
            assert!(mail.text.contains(part), "{part}: {}", mail.text);
        }
        assert!(mail.subject.contains("Продажи.xlsx"), "{}", mail.subject);
    }
}
