//! The annex to the job description: the duties that the version's rules ask of a manager, with a sheet to be signed.
//! Deliberately absent: amounts, which only the regulation sets.

use super::{Block, Clause, Document, Input, Section, clause, sheet, terms};
use crate::domain::{
    policy::{PolicyVersion, Rule, RuleKind},
    text::{Lang, Text},
    words::{both, date},
};

/// The annex.
pub fn build(input: &Input<'_>) -> Document {
    let version = input.version;
    let mut duties = vec![Clause::says(both(|lang| {
        let until = terms::deadline_words(version.grace_working_days, lang);
        match lang {
            Lang::Ru => format!("Вносить в CRM карточку каждого покупателя, которому состоялась продажа, {until}."),
            Lang::En => format!("Enter in the CRM the card of every buyer to whom something was sold, {until}."),
        }
    }))];
    duties.extend(fields(version));
    duties.extend(version.rules.iter().filter_map(|rule| duty(rule, version)));
    duties.push(Clause::says(Text::new(
        "Сообщать руководителю об ошибках в данных: чужой продаже, двойной карточке, неверном ИНН.",
        "Tell the head about errors in the data: a sale of somebody else, a double card, a wrong tax number.",
    )));
    let basis = vec![
        Clause::says(both(|lang| {
            let (id, from) = (&version.id, date(version.effective_from, lang));
            match lang {
                Lang::Ru => format!("Обязанности действуют с {from} по редакции {id} положения «{}».", version.title),
                Lang::En => {
                    format!("The duties hold from {from} under version {id} of the regulation “{}”.", version.title)
                }
            }
        })),
        Clause::says(Text::new(
            "Как обязанности связаны с премией, определяет положение; приложение сумм не устанавливает.",
            "How the duties bear on the bonus is set by the regulation; this annex sets no amounts.",
        )),
    ];
    Document {
        company: input.company.to_owned(),
        title: Text::new(
            "Приложение к должностной инструкции менеджера по продажам: работа с CRM",
            "Annex to the job description of a sales manager: work with the CRM",
        ),
        approval: super::approval(),
        facts: super::facts(input),
        sections: vec![
            Section::new(1, Text::new("Обязанности", "Duties"), duties),
            Section::new(2, Text::new("Основание", "Basis"), basis),
        ],
        sheet: sheet(input),
    }
}

fn fields(version: &PolicyVersion) -> Option<Clause> {
    let profile = version.profiles.iter().find(|p| p.segment == "all")?;
    let names: Vec<Text> = profile.fields.iter().map(|f| terms::field(&f.field)).collect();
    Some(Clause {
        blocks: vec![Block::Paragraph(Text::new("Заполнять в карточке:", "Fill in on the card:")), Block::List(names)],
        ..Clause::default()
    })
}

/// What a rule asks the manager to do; `None` when it asks nothing beyond the card itself.
fn duty(rule: &Rule, version: &PolicyVersion) -> Option<Clause> {
    let (ru, en) = match &rule.kind {
        RuleKind::MissingCounterparty { .. } => (
            "До продажи новому покупателю проверять, нет ли его карточки в CRM, чтобы не заводить вторую".to_owned(),
            "Before a sale to a new buyer look whether the CRM has a card already, so as not to create a second one"
                .to_owned(),
        ),
        RuleKind::Completeness { .. } => (
            "Поддерживать карточки покупателей, которым продавал в периоде, полными к его закрытию".to_owned(),
            "Keep the cards of the buyers of the period complete by its close".to_owned(),
        ),
        RuleKind::Freshness { fresh_days, .. } => (
            format!(
                "Обновлять карточки покупателей: за {fresh_days} дней до конца периода в карточке есть изменение или дело"
            ),
            format!(
                "Keep the buyers' cards fresh: a change or an activity within the {fresh_days} days before the period ends"
            ),
        ),
        RuleKind::DealApproval { .. } => (
            "Вести историю сделки полностью и передавать её руководителю на одобрение".to_owned(),
            "Keep the whole history of a deal and hand it to the head for approval".to_owned(),
        ),
        RuleKind::CallRecording { min_seconds, .. } => (
            format!("Записывать в CRM каждый звонок клиенту длиннее {min_seconds} секунд"),
            format!("Record in the CRM every call to a client of more than {min_seconds} seconds"),
        ),
        RuleKind::Contest { .. } | RuleKind::Cap { .. } => return None,
    };
    let number = clause(version, &rule.id)?;
    Some(Clause::says(Text::new(
        format!("{ru} (пункт {number} положения)."),
        format!("{en} (clause {number} of the regulation)."),
    )))
}
