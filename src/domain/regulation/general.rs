//! Sections 1 and 2: what the regulation is, whom it concerns, what its words mean. Deliberately absent: numbers of money.

use std::collections::BTreeSet;

use super::{Clause, Input, Section};
use crate::domain::{
    org::Role,
    policy::Scope,
    text::{Lang, Text},
    words::{both, date},
};

pub(super) fn section(input: &Input<'_>) -> Section {
    let version = input.version;
    let clauses = vec![
        Clause::says(Text::new(
            "Положение принято в соответствии со статьёй 135 Трудового кодекса РФ и определяет виды и размеры премий \
             за продажи, сроки, основания и условия их начисления.",
            "This regulation is adopted under article 135 of the Labour Code of the Russian Federation and sets the kinds \
             and amounts of bonuses for sales and the terms, grounds and conditions of their accrual.",
        )),
        Clause::says(concerns(input)),
        Clause::says(both(|lang| {
            let (from, id) = (date(version.effective_from, lang), &version.id);
            match lang {
                Lang::Ru => format!(
                    "Редакция {id} применяется к продажам и другим событиям с {from}. К более ранним применяется редакция, \
                     действовавшая в их день."
                ),
                Lang::En => format!(
                    "Version {id} applies to sales and other facts from {from} on. To earlier ones applies the version that \
                     was in force on their day."
                ),
            }
        })),
        Clause::says(Text::new(
            "Условия ниже — это условия начисления премии. Начисленная и выплаченная премия не уменьшается; разница \
             учитывается только в следующем начислении.",
            "What follows are conditions of accrual. A bonus that was accrued and paid is never lowered; a difference is \
             taken into account only in the next accrual.",
        )),
    ];
    Section::new(1, Text::new("Общие положения", "General"), clauses)
}

fn concerns(input: &Input<'_>) -> Text {
    let scopes: Vec<&Scope> = input.version.rules.iter().map(|rule| &rule.scope).collect();
    let all = scopes.iter().any(|s| s.departments.is_empty() && s.groups.is_empty() && s.hired_from.is_none());
    if all || scopes.is_empty() {
        return Text::new(
            "Положение распространяется на всех сотрудников, которые ведут продажи (менеджеров).",
            "The regulation concerns all employees who sell (managers).",
        );
    }
    let covered = |e: &&crate::domain::org::Employee| scopes.iter().any(|s| s.covers_employee(e));
    let departments: BTreeSet<&str> = input
        .roster
        .with_role(Role::Manager)
        .filter(covered)
        .map(|e| e.department.as_str())
        .filter(|d| !d.is_empty())
        .collect();
    let list = departments.into_iter().collect::<Vec<_>>().join(", ");
    let (ru, en) = if list.is_empty() {
        (String::new(), String::new())
    } else {
        (format!(" Сейчас это сотрудники подразделений: {list}."), format!(" At present these are people of: {list}."))
    };
    Text::new(
        format!("Положение распространяется на менеджеров, названных в пунктах раздела 4.{ru}"),
        format!("The regulation concerns the managers named in the clauses of section 4.{en}"),
    )
}

pub(super) fn words() -> Section {
    let term = |ru: &str, en: &str| Clause::says(Text::new(ru, en));
    let clauses = vec![
        term(
            "Учётная система — программа, в которой бухгалтерия ведёт продажи; CRM — программа, в которой менеджеры ведут \
             клиентов.",
            "The accounting system is the program in which sales are booked; the CRM is the program in which managers keep \
             clients.",
        ),
        term(
            "Продажа — документ реализации учётной системы. Возврат относится к продаже, которую он отменяет.",
            "A sale is a sales document of the accounting system. A return belongs to the sale that it takes back.",
        ),
        term(
            "Карточка — запись покупателя (организации или контакта) в CRM. Днём внесения считается день, когда она \
             появилась в CRM; поздняя правка дат его не меняет.",
            "A card is the buyer's record (company or contact) in the CRM. It counts as entered on the day it appeared in the \
             CRM; editing dates later changes nothing.",
        ),
        term(
            "Рабочие дни считаются по производственному календарю РФ.",
            "Working days are those of the production calendar of the Russian Federation.",
        ),
        term(
            "Период — календарный месяц. Закрытый период не меняется.",
            "A period is a calendar month. A closed period does not change.",
        ),
        term(
            "Снижение премии — часть премии по продаже, которая не начисляется, потому что условие её начисления не \
             выполнено.",
            "A bonus reduction is the part of a sale's bonus that is not accrued because its condition is not met.",
        ),
    ];
    Section::new(2, Text::new("Термины", "Words"), clauses)
}
