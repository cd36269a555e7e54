//! Sections 5 to 7: how it is computed and corrected, how an employee objects, how the regulation comes into force.
//! Deliberately absent: amounts.

use super::{Block, Clause, Input, Section, rules::lowers};
use crate::domain::{
    dispute::{DisputeTerms, Ruling},
    text::{Lang, Text},
    words::{both, date},
};

pub(super) fn computing() -> Section {
    let says = |ru: &str, en: &str| Clause::says(Text::new(ru, en));
    let clauses = vec![
        says(
            "Расчёт ведётся по данным учётной системы и CRM. Каждая сумма сопровождается основанием: документ, файл, лист и \
             строка, данные CRM, арифметика, пункт этого положения.",
            "The computation rests on the data of the accounting system and the CRM. Every amount comes with its ground: \
             document, file, sheet and row, the CRM's data, the arithmetic, the clause of this regulation.",
        ),
        says(
            "Премия снижается только при доказанном отсутствии карточки. Сомнительное совпадение, неполные данные учётной \
             системы или CRM премию не снижают: решает человек.",
            "A bonus is reduced only on proven absence of the card. A doubtful match or incomplete data of either system \
             reduce nothing: a person decides.",
        ),
        says(
            "Расчёт выполняется каждую неделю, окончательный — при закрытии периода. До закрытия внесённая карточка меняет \
             расчёт сразу.",
            "It is computed every week and finally at the close of the period. Until then a card that is entered changes the \
             computation at once.",
        ),
        says(
            "Если после закрытия изменилось основание (карточка, документ, возврат, решение по возражению), разница \
             начисляется в первом открытом периоде отдельной строкой «корректировка премии» со ссылкой на исходную запись.",
            "When a ground changes after the close (card, document, return, decision about an objection), the difference is \
             accrued in the first open period as a line “bonus adjustment” that refers to the original entry.",
        ),
    ];
    Section::new(5, Text::new("Порядок расчёта", "How it is computed"), clauses)
}

pub(super) fn disputes(input: &Input<'_>) -> Section {
    let says = |ru: &str, en: &str| Clause::says(Text::new(ru, en));
    let clauses = vec![
        says(
            "Сотрудник, не согласный со строкой расчёта, сообщает об этом руководителю: отвечает на письмо с расчётом, называет \
             код строки и причину («карточка есть, номер …», «не мой клиент», «розничный покупатель», «двойная карточка»).",
            "An employee who disagrees with a line tells his head: by answering the mail with the computation and naming the \
             code of the line and the reason (“there is a card, number …”, “not my client”, “retail buyer”, “double card”).",
        ),
        says(
            "Пока возражение не рассмотрено, спорная строка в расчёт бухгалтерии не передаётся.",
            "Until the objection is decided, the disputed line is not handed over to payroll.",
        ),
        says(
            "Решение принимает руководитель отдела по основаниям строки и сообщает его сотруднику. Решение, его автор и причина \
             записываются; удовлетворённое возражение меняет расчёт по пункту 5.4.",
            "The head of the department decides on the line's grounds and tells the employee. The decision, its author and its \
             reason are recorded; an objection that is upheld changes the computation under clause 5.4.",
        ),
        Clause::says(both(|lang| silence(input.version.disputes, lang))),
        says(
            "Этот порядок не ограничивает права сотрудника обратиться в комиссию по трудовым спорам, инспекцию труда и суд.",
            "This does not limit the employee's right to turn to the labour dispute commission, the labour inspectorate and the \
             court.",
        ),
    ];
    Section::new(6, Text::new("Порядок возражений", "Objections"), clauses)
}

/// How long the head has, and what holds when he does not answer.
pub(super) fn silence(terms: DisputeTerms, lang: Lang) -> String {
    let days = terms.deadline_working_days;
    match (lang, terms.by_default) {
        (Lang::Ru, Ruling::Withdraw) => {
            format!("Рабочих дней на решение: {days}. Если решения в срок нет, строка снимается и премия начисляется.")
        }
        (Lang::Ru, Ruling::Uphold) => {
            format!("Рабочих дней на решение: {days}. Если решения в срок нет, строка остаётся в силе.")
        }
        (Lang::En, Ruling::Withdraw) => {
            format!(
                "Working days for the decision: {days}. Without one in time the line is withdrawn and the bonus accrued."
            )
        }
        (Lang::En, Ruling::Uphold) => {
            format!("Working days for the decision: {days}. Without one in time the line stands.")
        }
    }
}

pub(super) fn closing(input: &Input<'_>) -> Section {
    let version = input.version;
    let grounds: Vec<Text> = version
        .rules
        .iter()
        .filter(|rule| lowers(&rule.kind))
        .filter_map(|rule| super::clause(version, &rule.id))
        .map(|number| Text::new(format!("пункт {number}"), format!("clause {number}")))
        .collect();
    let all = if grounds.is_empty() {
        Clause::says(Text::new(
            "Оснований, по которым премия не начисляется или снижается, эта редакция не содержит.",
            "This version has no grounds on which a bonus is not accrued or reduced.",
        ))
    } else {
        Clause {
            blocks: vec![
                Block::Paragraph(Text::new(
                    "Основания, по которым премия по продаже не начисляется полностью; других нет:",
                    "The grounds on which the bonus of a sale is not accrued in full; there are no others:",
                )),
                Block::List(grounds),
            ],
            ..Clause::default()
        }
    };
    let clauses = vec![
        all,
        Clause::says(both(|lang| {
            let (id, from) = (&version.id, date(version.effective_from, lang));
            match lang {
                Lang::Ru => format!("Редакция {id} вступает в силу {from} после утверждения приказом."),
                Lang::En => format!("Version {id} comes into force on {from}, after approval by order."),
            }
        })),
        Clause::says(Text::new(
            "Сотрудников знакомят с редакцией под подпись до начала её действия. Правила, для которых это указано, применяются \
             к сотруднику с даты его подписи.",
            "Employees acknowledge the version by signature before it comes into force. Rules that say so apply to an employee \
             from the day of his signature.",
        )),
        Clause::says(Text::new(
            "Изменения вносятся новой редакцией с будущей датой; действующая редакция не правится.",
            "Changes are made by a new version with a date ahead; the version in force is not edited.",
        )),
    ];
    Section::new(7, Text::new("Заключительные положения", "Closing provisions"), clauses)
}
