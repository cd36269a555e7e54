//! Deals that wait for the head: the queue with what is deferred and what is missing, who may speak about a deal, and the
//! answers of a filled workbook judged against today's facts. Deliberately absent: the deferral itself (`adjust`), cells,
//! storage.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    adjust::{Approvals, DealState, deal_code, deal_words},
    facts::{Facts, Outcome},
    ledger::EntryKind,
    money::Money,
    org::{Employee, EmployeeId, Resolved, Role, Roster, name_key},
    period::Period,
    policy::RuleKind,
    sale::{Sale, SaleKey},
    text::Text,
    verdict::{AssessedSale, Status},
};

/// Headers of the workbook that are read back, in both languages.
pub const KEY: [&str; 2] = ["Ключ документа", "Document key"];
/// The answer.
pub const ANSWER: [&str; 2] = ["Решение", "Decision"];
/// What is missing, when the deal is returned.
pub const NOTE: [&str; 2] = ["Чего не хватает", "What is missing"];
/// What the row was made from.
pub const MADE: [&str; 2] = ["Отпечаток", "Fingerprint"];
/// The word that approves.
pub const APPROVE: [&str; 2] = ["одобрить", "approve"];
/// The word that returns.
pub const RETURN: [&str; 2] = ["вернуть", "return"];

/// One deal of the queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Deal {
    /// The sale.
    pub sale: SaleKey,
    /// Its number.
    pub number: String,
    /// Its date.
    pub date: NaiveDate,
    /// Buyer as written.
    pub party: String,
    /// Seller.
    pub seller: EmployeeId,
    /// Seller's name.
    pub seller_name: String,
    /// Seller's department.
    pub department: String,
    /// Amount with VAT.
    pub amount: Money,
    /// Bonus that waits.
    pub deferred: Money,
    /// Rule.
    pub rule: String,
    /// `awaiting_approval`, `returned`, `approved`.
    pub state: String,
    /// The state in words.
    pub words: Text,
    /// What the client's card lacks, as the policy names it.
    pub lacks: Vec<String>,
    /// Last day for the head's word; `None` without a calendar.
    pub due: Option<NaiveDate>,
    /// What the row was made from.
    pub made: String,
}

/// Deals under approval rules that are in force for their sellers, those without a decision first, each by money.
pub fn queue(facts: &Facts, outcome: &Outcome) -> Vec<Deal> {
    let approvals = Approvals::of(facts);
    let by_key: HashMap<&str, (&Sale, &AssessedSale)> =
        facts.sales.iter().zip(&outcome.sales).map(|pair| (pair.0.key.0.as_str(), pair)).collect();
    let mut lacking: BTreeMap<(Period, &EmployeeId, &str), &Vec<String>> = BTreeMap::new();
    for card in &outcome.cards {
        lacking.insert((card.period, &card.employee, card.party.0.as_str()), &card.missing);
    }
    let lines = outcome.wanted.iter().filter(|w| w.kind == EntryKind::Deferral && !w.shadow);
    let mut deals: Vec<Deal> = lines
        .filter_map(|line| {
            let (sale, own) = by_key.get(line.key.subject.as_str()).copied()?;
            if sale.is_return() {
                return None;
            }
            let seller = facts.roster.get(&line.key.employee)?;
            let state = approvals.state(sale, &seller.id);
            let rule = facts.policy.as_of(sale.date)?.rules.iter().find(|rule| rule.id == line.key.rule)?;
            let due = match rule.kind {
                RuleKind::DealApproval { escalate_working_days } => {
                    facts.calendar.working_day_after(sale.date, escalate_working_days)
                }
                _ => None,
            };
            let card = lacking.get(&(Period::of(sale.date), &seller.id, own.party.0.as_str()));
            let lacks = match own.status {
                Status::Missing => vec!["crm".to_owned()],
                _ => card.map(|missing| (*missing).clone()).unwrap_or_default(),
            };
            Some(Deal {
                sale: sale.key.clone(),
                number: sale.number.clone(),
                date: sale.date,
                party: sale.party.name.clone(),
                seller: seller.id.clone(),
                seller_name: seller.name.clone(),
                department: seller.department.clone(),
                amount: sale.amount,
                deferred: -line.amount,
                rule: rule.id.clone(),
                state: deal_code(state).to_owned(),
                words: deal_words(facts, state),
                lacks,
                due,
                made: fingerprint(sale, state),
            })
        })
        .collect();
    let rank = |state: &str| ["awaiting_approval", "returned", "approved"].iter().position(|s| *s == state);
    deals.sort_by(|a, b| (rank(&a.state), b.deferred, &a.sale).cmp(&(rank(&b.state), a.deferred, &b.sale)));
    deals
}

/// What a row of the workbook is made from: document, amount, and the last word on it.
fn fingerprint(sale: &Sale, state: DealState<'_>) -> String {
    let last = match state {
        DealState::Waiting => "",
        DealState::Grown(word) | DealState::Returned(word) | DealState::Approved(word) => word.id.as_str(),
    };
    let digest = Sha256::digest(format!("{}\n{}\n{last}", sale.key.0, sale.amount.kopecks()));
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The deal that is meant: by key, or by a document number that only one has.
///
/// # Errors
/// A sentence when there is none, or more than one.
pub fn find<'a>(deals: &'a [Deal], named: &str) -> Result<&'a Deal, Text> {
    if let Some(deal) = deals.iter().find(|deal| deal.sale.0 == named.trim()) {
        return Ok(deal);
    }
    let mut same = deals.iter().filter(|deal| name_key(&deal.number) == name_key(named));
    match (same.next(), same.next()) {
        (Some(deal), None) => Ok(deal),
        (Some(_), Some(_)) => Err(Text::new(
            format!("документов № {named} несколько: укажите ключ из sverka deals list"),
            format!("several documents have No. {named}: give the key from sverka deals list"),
        )),
        _ => Err(Text::new(
            format!("сделки «{named}» нет среди тех, что решает руководитель: sverka deals list"),
            format!("“{named}” is not among the deals that a head decides on: sverka deals list"),
        )),
    }
}

/// The head who speaks: a person of the people file with the role, of all departments or the seller's, and never the seller.
///
/// # Errors
/// A sentence saying why this person may not speak about this deal.
pub fn speaker<'a>(
    roster: &'a Roster,
    name: &str,
    today: NaiveDate,
    seller: &EmployeeId,
) -> Result<&'a Employee, Text> {
    let person = match roster.resolve(name, today) {
        Resolved::One(person) => person,
        Resolved::Nobody => {
            return Err(Text::new(
                format!("«{name}» нет среди сотрудников: сделку решает руководитель из списка людей"),
                format!("“{name}” is not among the employees: a head from the people file decides"),
            ));
        }
        Resolved::Ambiguous => {
            return Err(Text::new(
                format!("имя «{name}» есть у двоих: укажите табельный номер"),
                format!("two people are called “{name}”: give the personnel number"),
            ));
        }
    };
    if person.id == *seller {
        return Err(Text::new(
            "свою сделку продавец не решает: нужен другой руководитель",
            "nobody decides on a deal of his own: another head has to",
        ));
    }
    let department = roster.get(seller).map(|s| s.department.as_str()).unwrap_or_default();
    if !person.roles.contains(&Role::Head) || !person.works_on(today) {
        return Err(Text::new(
            format!("{} сейчас не руководитель: сделку решает руководитель", person.name),
            format!("{} is not a head at present: a head decides", person.name),
        ));
    }
    if !person.department.is_empty() && person.department != department {
        return Err(Text::new(
            format!("{} руководит другим отделом («{}»)", person.name, person.department),
            format!("{} heads another department (“{}”)", person.name, person.department),
        ));
    }
    Ok(person)
}

/// A row of the workbook as written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilledDeal {
    /// Row, 1-based.
    pub row: u32,
    /// Key of the sale.
    pub key: String,
    /// The answer.
    pub answer: String,
    /// What is missing.
    pub note: String,
    /// What the row was made from.
    pub made: String,
}

/// What a head says about one deal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Word {
    /// About which sale.
    pub sale: SaleKey,
    /// Its amount.
    pub amount: Money,
    /// Who.
    pub author: EmployeeId,
    /// `None` = approved; else what is missing.
    pub returned: Option<String>,
}

/// A workbook, judged row by row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Judged {
    /// Rows that say something new.
    pub apply: Vec<(u32, Word)>,
    /// Rows that say what stands already.
    pub unchanged: Vec<u32>,
    /// Rows without an answer.
    pub empty: usize,
    /// Rows that are refused, with why.
    pub refused: Vec<(u32, Text)>,
}

/// Judges the rows: each stands or falls alone.
pub fn judge(rows: &[FilledDeal], facts: &Facts, outcome: &Outcome, author: &str, today: NaiveDate) -> Judged {
    let deals = queue(facts, outcome);
    let mut judged = Judged::default();
    let mut said: HashMap<&SaleKey, u32> = HashMap::new();
    for row in rows {
        if row.answer.is_empty() {
            judged.empty += 1;
            continue;
        }
        match one(row, &deals, facts, author, today) {
            Err(why) => judged.refused.push((row.row, why)),
            Ok((deal, word)) => {
                if let Some(other) = said.insert(&deal.sale, row.row) {
                    let why = Text::new(
                        format!("эта сделка уже решена в строке {other}"),
                        format!("row {other} decides on this deal already"),
                    );
                    judged.refused.push((row.row, why));
                } else if word.returned.is_none() && deal.state == "approved" {
                    judged.unchanged.push(row.row);
                } else {
                    judged.apply.push((row.row, word));
                }
            }
        }
    }
    judged
}

fn one<'a>(
    row: &FilledDeal,
    deals: &'a [Deal],
    facts: &Facts,
    author: &str,
    today: NaiveDate,
) -> Result<(&'a Deal, Word), Text> {
    let deal = find(deals, &row.key)?;
    let says = |words: [&str; 2], short: [&str; 2]| {
        let answer = name_key(&row.answer);
        words.iter().chain(&short).any(|word| name_key(word) == answer)
    };
    let returned = if says(APPROVE, ["да", "yes"]) {
        None
    } else if says(RETURN, ["нет", "no"]) {
        Some(row.note.trim().to_owned())
    } else {
        return Err(Text::new(
            format!("ответ «{}» непонятен: «одобрить» или «вернуть»", row.answer),
            format!("the answer “{}” is not understood: “approve” or “return”", row.answer),
        ));
    };
    let word = word(facts, deal, author, today, returned)?;
    // The same answer taken in twice is no news, whatever the fingerprint says by now.
    let repeated = word.returned.is_none() && deal.state == "approved";
    if row.made != deal.made && !repeated {
        return Err(Text::new(
            "сделка с тех пор изменилась (сумма или решение): выгрузите таблицу заново",
            "the deal has changed since (its amount or a decision): export the table anew",
        ));
    }
    Ok((deal, word))
}

/// A head's word on a deal of the queue.
///
/// # Errors
/// When the author may not speak, or a return does not say what is missing.
pub fn word(
    facts: &Facts,
    deal: &Deal,
    author: &str,
    today: NaiveDate,
    returned: Option<String>,
) -> Result<Word, Text> {
    let author = speaker(&facts.roster, author, today, &deal.seller)?;
    if returned.as_ref().is_some_and(|lacks| lacks.trim().is_empty()) {
        return Err(Text::new("возврат должен назвать, чего не хватает", "a return has to say what is missing"));
    }
    Ok(Word { sale: deal.sale.clone(), amount: deal.amount, author: author.id.clone(), returned })
}
