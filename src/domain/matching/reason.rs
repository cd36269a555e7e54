//! Reasons in words, in both languages: what agreed, what did not, and why a person has to look.
//! Deliberately absent: any decision.

use super::{
    comparison::InnLevel,
    doubt::Doubt,
    evidence::Item,
    found::Scored,
    naming::NameLevel,
    profile::{Profile, common},
    search::Search,
    wording::{self, Written},
};
use crate::domain::{
    crm::CrmId,
    text::{Lang, Text},
    verdict::{Candidate, Work},
    words::{both, integer},
};

fn text(ru: &str, en: &str) -> Text {
    Text::new(ru, en)
}

fn joined(parts: &[Text]) -> Text {
    let all = |get: fn(&Text) -> &str| parts.iter().map(get).collect::<Vec<_>>().join("; ");
    Text { ru: all(|t| &t.ru), en: all(|t| &t.en) }
}

/// A record as a candidate.
pub(super) fn shown(record: u32, score_bp: u32, reason: Text, search: &Search<'_>) -> Option<Candidate> {
    let known = search.records.get(record as usize)?;
    Some(Candidate { id: known.record.id.clone(), title: known.record.title.clone(), score_bp, reason })
}

/// A record that a person confirmed. It may have left the CRM since.
pub(super) fn confirmed(id: &CrmId, search: &Search<'_>) -> Candidate {
    let known = search.records.iter().find(|known| known.record.id == *id);
    let mut reason = text("подтверждено человеком", "confirmed by a person");
    if known.is_none_or(|known| known.gone) {
        reason = joined(&[reason, text("сейчас карточки в CRM нет", "the record is not in the CRM now")]);
    }
    let title = known.map(|known| known.record.title.clone()).unwrap_or_default();
    Candidate { id: id.clone(), title, score_bp: 10_000, reason }
}

pub(super) fn by_decision() -> Text {
    text("подтверждено человеком", "confirmed by a person")
}

/// A record with the counterparty's ИНН.
pub(super) fn by_inn(record: u32, party: &Profile, search: &Search<'_>, score: u32) -> Option<Candidate> {
    let theirs = search.record_profiles.get(record as usize)?;
    let words = &search.words;
    let exact = party.exact_inns(words).any(|inn| theirs.exact_inns(words).any(|other| other == inn));
    let mut parts = vec![text("ИНН совпал", "ИНН agrees")];
    if !exact {
        parts.push(text(
            "восстановлен ведущий ноль, название согласуется",
            "a leading zero was restored, the name agrees",
        ));
    }
    let (ours, theirs) = (party.kpps(&search.words), theirs.kpps(&search.words));
    if !ours.is_empty() && !theirs.is_empty() {
        parts.push(if common(ours, theirs) {
            text("КПП совпал", "КПП agrees")
        } else {
            text("КПП другой: филиал или головная организация", "another КПП: a branch or the head office")
        });
    }
    shown(record, score, joined(&parts), search)
}

/// The same for a record that is no longer in the CRM.
pub(super) fn gone_by_inn(record: u32, party: &Profile, search: &Search<'_>, score: u32) -> Option<Candidate> {
    let candidate = by_inn(record, party, search, score)?;
    let gone = text(
        "в CRM этой карточки больше нет, но внесена она была",
        "this card is no longer in the CRM, but it was entered",
    );
    Some(Candidate { reason: joined(&[candidate.reason.clone(), gone]), ..candidate })
}

pub(super) fn inn_matched(candidates: &[Candidate], names_unrelated: bool) -> Text {
    let mut parts = vec![candidates.first().map(|c| c.reason.clone()).unwrap_or_default()];
    if names_unrelated {
        parts.push(text("название в CRM другое", "the name in the CRM is another"));
    }
    if candidates.len() > 1 {
        let n = candidates.len();
        parts.push(Text::new(
            format!("карточек с этим ИНН в CRM: {n}"),
            format!("records with this ИНН in the CRM: {n}"),
        ));
    }
    joined(&parts)
}

pub(super) fn inn_and_name_disagree() -> Text {
    text(
        "ИНН стоит на карточке с другим названием, а это название на другой карточке; решает человек",
        "the ИНН stands on a record with another name, and the name on another record; a person decides",
    )
}

/// A record of the ИНН that does not count, because it is another branch.
pub(super) fn other_branch(record: u32, search: &Search<'_>) -> Option<Candidate> {
    let reason = text(
        "ИНН совпал, но КПП другой, а филиалы считаются порознь",
        "ИНН agrees, but КПП differs, and branches count each on its own",
    );
    shown(record, 7_000.min(search.settings.review_bp.saturating_sub(1)), reason, search)
}

/// Everything that speaks for and against a candidate of the counterparty at that place.
pub(super) fn matched(scored: &Scored, party: usize, search: &Search<'_>) -> Text {
    evidence(scored, party, search).map(|parts| joined(&parts)).unwrap_or_default()
}

fn evidence(scored: &Scored, party: usize, search: &Search<'_>) -> Option<Vec<Text>> {
    let comparison = &scored.comparison;
    let mut items: Vec<Item> = Vec::new();
    search.compared(party, scored.record, &mut items)?;
    let known = search.records.get(scored.record as usize)?;
    let written = Written::new(search.parties.get(party)?, known, &search.words);
    let (mut parts, places) = wording::phrases(comparison.name, &items, &written);
    let theirs = search.record_profiles.get(scored.record as usize)?;
    let ours = search.profiles.get(party)?;
    let (mine, other) = (ours.inns(&search.words), theirs.inns(&search.words));
    let number = other.first().map(|inn| search.words.key(*inn)).unwrap_or_default();
    match comparison.inn {
        InnLevel::Different => {
            parts.push(Text::new(format!("ИНН в CRM другой: {number}"), format!("another ИНН in the CRM: {number}")));
        }
        InnLevel::Unknown if other.is_empty() => parts.push(text("ИНН в CRM нет", "no ИНН in the CRM")),
        InnLevel::Unknown if mine.is_empty() => parts.push(text("ИНН в учёте нет", "no ИНН in accounting")),
        InnLevel::Unknown => {}
        level => parts.push(wording::inn(level)),
    }
    let flags = [
        (comparison.external, "код учёта стоит в карточке CRM", "the record holds the accounting code"),
        (comparison.kpp == Some(true), "КПП совпал", "КПП agrees"),
        (comparison.kpp == Some(false), "КПП другой", "another КПП"),
        (comparison.phone, "телефон совпал", "the phone agrees"),
        (comparison.email, "e-mail совпал", "the e-mail agrees"),
        (comparison.domain && !comparison.email, "домен почты совпал", "the mail domain agrees"),
    ];
    parts.extend(flags.iter().filter(|(holds, ..)| *holds).map(|(_, ru, en)| text(ru, en)));
    parts.extend(places);
    parts.extend(scored.doubts.iter().filter_map(|d| doubt(d, search)));
    Some(parts)
}

/// A doubt that the rest of the reason does not say already.
fn doubt(doubt: Doubt, search: &Search<'_>) -> Option<Text> {
    match doubt {
        Doubt::OtherInn | Doubt::Initials | Doubt::OtherForm | Doubt::PartOfName | Doubt::RestoredInn => None,
        _ => Some(gate(doubt, search)),
    }
}

/// Why the candidate cannot be automatic.
pub(super) fn gate(doubt: Doubt, search: &Search<'_>) -> Text {
    let named = |party: u32| search.parties.get(party as usize).map_or("", |party| party.name.as_str());
    match doubt {
        Doubt::Gone => text("карточки в CRM больше нет", "the record is no longer in the CRM"),
        Doubt::Contested(rival) => {
            let name = named(rival);
            Text::new(
                format!("на эту карточку так же претендует «{name}»"),
                format!("“{name}” claims this record just as well"),
            )
        }
        Doubt::Taken(rival) => {
            let name = named(rival);
            Text::new(format!("эта карточка — «{name}»"), format!("this record is “{name}”"))
        }
        Doubt::CommonName => text("такое название не у одного", "several have this name"),
        Doubt::ContactByName => text("контакт совпал только по имени", "a contact that agrees by name only"),
        Doubt::OtherInn => text("ИНН разные", "the ИНН differ"),
        Doubt::Initials => text("только фамилия и инициалы", "only surname and initials"),
        Doubt::OtherForm => text("организационная форма другого рода", "a legal form of another kind"),
        Doubt::PartOfName => text("совпала только часть названия", "only part of the name agrees"),
        Doubt::RestoredInn => text(
            "ИНН совпал лишь после восстановления нуля, а название другое",
            "ИНН agrees only after restoring a zero, and the name differs",
        ),
    }
}

/// Why a person has to look.
pub(super) fn doubtful(best: &Scored, tie: bool, search: &Search<'_>) -> Text {
    let gone = best.doubts.has(Doubt::Gone);
    if gone {
        return text(
            "карточка была в CRM, но её там больше нет; решает человек",
            "the record was in the CRM but no longer is; a person decides",
        );
    }
    if best.doubts.has(Doubt::OtherInn) {
        return text(
            "название совпало, а ИНН разные; решает человек",
            "the name agrees, the ИНН differ; a person decides",
        );
    }
    if tie {
        return text("подходят несколько карточек CRM; решает человек", "several CRM records fit; a person decides");
    }
    if let Some(Doubt::Contested(rival)) = best.doubts.iter().find(|d| matches!(d, Doubt::Contested(_))) {
        let name = search.parties.get(rival as usize).map_or("", |party| party.name.as_str());
        return Text::new(
            format!("карточка подходит и контрагенту «{name}»; решает человек"),
            format!("the record fits “{name}” too; a person decides"),
        );
    }
    match best.comparison.name.level {
        NameLevel::Initials => text(
            "совпали только фамилия и инициалы; решает человек",
            "only surname and initials agree; a person decides",
        ),
        _ => text("похоже, но доказательств мало; решает человек", "alike, but the evidence is thin; a person decides"),
    }
}

/// Why absence is said, with the work that proves it.
pub(super) fn absent(numbered: bool, nothing: bool, branch: bool, work: Work) -> Text {
    joined(&[found_nothing(numbered, nothing, branch), looked(work)])
}

/// Nothing fits, but not everything that is alike was compared.
pub(super) fn too_many(work: Work) -> Text {
    let why = text(
        "похожих карточек слишком много, чтобы сравнить все, а среди сравнённых подходящей нет; решает человек",
        "too many records are alike to compare them all, and none of those compared fits; a person decides",
    );
    joined(&[why, looked(work)])
}

/// `просмотрено карточек CRM: 23 439, из них с общими словами или номерами: 41, сравнено полностью: 20`.
fn looked(work: Work) -> Text {
    let Work { records, met, compared, .. } = work;
    both(|lang| {
        let n = |count: u32| integer(u64::from(count), lang);
        let (records, met, compared) = (n(records), n(met), n(compared));
        match lang {
            Lang::Ru => format!(
                "просмотрено карточек CRM: {records}, с общим словом или номером: {met}, сравнено полностью: {compared}"
            ),
            Lang::En => format!(
                "CRM records looked through: {records}, sharing a word or a number: {met}, compared in full: {compared}"
            ),
        }
    })
}

fn found_nothing(numbered: bool, nothing: bool, branch: bool) -> Text {
    if branch {
        return text(
            "в CRM есть только другой филиал или головная организация, а филиалы считаются порознь",
            "the CRM has only another branch or the head office, and branches count each on its own",
        );
    }
    let inn = if numbered {
        text("ИНН в CRM не найден; ", "the ИНН is not in the CRM; ")
    } else {
        text("", "")
    };
    let name = if nothing {
        text("похожих названий нет", "there are no similar names")
    } else {
        text("похожие карточки не подходят", "similar records do not fit")
    };
    Text { ru: inn.ru + &name.ru, en: inn.en + &name.en }
}

pub(super) fn general_name() -> Text {
    text(
        "в учёте нет ИНН, а название общее; заполните карточку контрагента",
        "accounting has no ИНН and the name is general; complete the counterparty's card",
    )
}

pub(super) fn short_name() -> Text {
    text(
        "в учёте нет ИНН, а название слишком короткое; заполните карточку контрагента",
        "accounting has no ИНН and the name is too short; complete the counterparty's card",
    )
}

pub(super) fn common_name() -> Text {
    text(
        "в учёте нет ИНН, а такое название слишком частое; заполните карточку контрагента",
        "accounting has no ИНН and the name is too common; complete the counterparty's card",
    )
}
