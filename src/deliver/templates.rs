//! The list of all templates there are, and a check that renders each of them with samples in both languages, so that a
//! wrong template is found by `sverka check` and by a test, not on Friday. Deliberately absent: rendering (`engine`).

use crate::domain::{mail::MailKind, text::Lang};

use super::{
    compose,
    engine::{Engine, Part},
    error::TemplateError,
    samples,
};

macro_rules! sources {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/", $name)))),*]
    };
}

/// Every template by name: `<language>/<kind>/<part>`, and the shared frame.
pub const SOURCES: &[(&str, &str)] = sources![
    "_macros.html",
    "_layout.html",
    "_layout.txt",
    "ru/_late.html",
    "ru/_late.txt",
    "ru/_foot.html",
    "ru/_foot.txt",
    "ru/_asof.txt",
    "ru/_changed.html",
    "ru/audit/subject.txt",
    "ru/audit/_sentence.txt",
    "ru/audit/body.txt",
    "ru/audit/body.html",
    "ru/alert/subject.txt",
    "ru/alert/_sentence.txt",
    "ru/alert/_item.txt",
    "ru/alert/body.txt",
    "ru/alert/body.html",
    "ru/statement/subject.txt",
    "ru/statement/_sentence.txt",
    "ru/statement/_amounts.txt",
    "ru/statement/body.txt",
    "ru/statement/body.html",
    "ru/personal/subject.txt",
    "ru/personal/_sentence.txt",
    "ru/personal/body.txt",
    "ru/personal/body.html",
    "ru/escalation/subject.txt",
    "ru/escalation/_sentence.txt",
    "ru/escalation/body.txt",
    "ru/escalation/body.html",
    "ru/contested/subject.txt",
    "ru/contested/_sentence.txt",
    "ru/contested/body.txt",
    "ru/contested/body.html",
    "ru/weekly/subject.txt",
    "ru/weekly/_sentence.txt",
    "ru/weekly/body.txt",
    "ru/weekly/body.html",
    "ru/_fixes.html",
    "ru/_fixes.txt",
    "ru/_training.html",
    "ru/_training.txt",
    "ru/company/subject.txt",
    "ru/company/_models.txt",
    "ru/company/_deal.txt",
    "ru/company/_sentence.txt",
    "ru/company/body.txt",
    "ru/company/body.html",
    "ru/pilot/subject.txt",
    "ru/pilot/_said.txt",
    "ru/pilot/_sentence.txt",
    "ru/pilot/body.txt",
    "ru/pilot/body.html",
    "ru/held/subject.txt",
    "ru/held/body.txt",
    "ru/held/body.html",
    "ru/undelivered/subject.txt",
    "ru/undelivered/body.txt",
    "ru/undelivered/body.html",
    "ru/bounced/subject.txt",
    "ru/bounced/_sentence.txt",
    "ru/bounced/body.txt",
    "ru/bounced/body.html",
    "en/_late.html",
    "en/_late.txt",
    "en/_foot.html",
    "en/_foot.txt",
    "en/_asof.txt",
    "en/_changed.html",
    "en/audit/subject.txt",
    "en/audit/_sentence.txt",
    "en/audit/body.txt",
    "en/audit/body.html",
    "en/alert/subject.txt",
    "en/alert/_sentence.txt",
    "en/alert/_item.txt",
    "en/alert/body.txt",
    "en/alert/body.html",
    "en/statement/subject.txt",
    "en/statement/_sentence.txt",
    "en/statement/_amounts.txt",
    "en/statement/body.txt",
    "en/statement/body.html",
    "en/personal/subject.txt",
    "en/personal/_sentence.txt",
    "en/personal/body.txt",
    "en/personal/body.html",
    "en/escalation/subject.txt",
    "en/escalation/_sentence.txt",
    "en/escalation/body.txt",
    "en/escalation/body.html",
    "en/contested/subject.txt",
    "en/contested/_sentence.txt",
    "en/contested/body.txt",
    "en/contested/body.html",
    "en/weekly/subject.txt",
    "en/weekly/_sentence.txt",
    "en/weekly/body.txt",
    "en/weekly/body.html",
    "en/_fixes.html",
    "en/_fixes.txt",
    "en/_training.html",
    "en/_training.txt",
    "en/company/subject.txt",
    "en/company/_models.txt",
    "en/company/_deal.txt",
    "en/company/_sentence.txt",
    "en/company/body.txt",
    "en/company/body.html",
    "en/pilot/subject.txt",
    "en/pilot/_said.txt",
    "en/pilot/_sentence.txt",
    "en/pilot/body.txt",
    "en/pilot/body.html",
    "en/held/subject.txt",
    "en/held/body.txt",
    "en/held/body.html",
    "en/undelivered/subject.txt",
    "en/undelivered/body.txt",
    "en/undelivered/body.html",
    "en/bounced/subject.txt",
    "en/bounced/_sentence.txt",
    "en/bounced/body.txt",
    "en/bounced/body.html",
];

/// Every kind of mail; each has a subject, a text part and an HTML part in both languages.
pub const MAILS: [MailKind; 12] = MailKind::ALL;

/// Renders every template with every sample in both languages. Returns how many renderings there were, or all faults.
pub fn check() -> Result<usize, Vec<TemplateError>> {
    check_sources(SOURCES)
}

/// The same over given sources.
pub fn check_sources(sources: &[(&str, &str)]) -> Result<usize, Vec<TemplateError>> {
    let mut done = 0;
    let mut faults = Vec::new();
    for lang in [Lang::Ru, Lang::En] {
        let engine = match Engine::with(lang, "RUB", sources) {
            Ok(engine) => engine,
            Err(fault) => {
                faults.push(fault);
                continue;
            }
        };
        for sample in samples::all() {
            let rendered = compose::context(lang, &sample.frame, sample.name, &sample.report).and_then(|context| {
                Part::ALL.into_iter().try_for_each(|part| engine.render(sample.kind, part, &context).map(drop))
            });
            match rendered {
                Ok(()) => done += Part::ALL.len(),
                Err(fault) => faults.push(fault),
            }
        }
    }
    if faults.is_empty() { Ok(done) } else { Err(faults) }
}
