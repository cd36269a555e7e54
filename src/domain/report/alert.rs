//! What one manager still has to enter: only his own sales, each told when it is new and once more when its deadline
//! has passed. Returns are left out (there is nothing to enter for them), so are sales of closed periods (nothing he
//! enters changes them) and clients whose accounting card is too poor (accounting's task). Deliberately absent: when
//! alerts go out, and remembering what was told (the caller keeps `marks` and drops `resolved`).

use std::{cmp::Reverse, collections::BTreeSet};

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use crate::domain::{
    assess::returns,
    facts::{Facts, Outcome},
    ledger::{EntryKind, LedgerEntry, Wanted},
    line_code::LineCode,
    money::Money,
    org::{Employee, EmployeeId},
    period::Period,
    regulation::cite,
    sale::SaleKey,
    text::Text,
    verdict::{Status, Verdict},
};

use super::{
    Frame, ImportCard, ImportFormat, ReportContext, Tally, alert_cost, audit_rows::CandidateLine,
    audit_seen::taken_back, document,
};

/// Why a sale is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// Not in the CRM yet, told for the first time.
    New,
    /// Its deadline has passed.
    Due,
}

impl AlertKind {
    /// Stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Due => "due",
        }
    }

    /// The kind of that name.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::New, Self::Due].into_iter().find(|k| k.code() == code)
    }
}

/// One thing that was told to somebody.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AlertedItem {
    /// To whom.
    pub employee: EmployeeId,
    /// About which sale.
    pub sale: SaleKey,
    /// What.
    pub kind: AlertKind,
}

/// The alert of one manager.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AlertReport {
    /// Company, as-of.
    pub frame: Frame,
    /// Whose sales these are; part of the mail's key.
    pub owner: EmployeeId,
    /// Name of the owner when somebody else reads the mail in his place.
    pub in_place_of: Option<String>,
    /// Day of the alert in the business time zone; part of the mail's key.
    pub day: NaiveDate,
    /// Sales to enter: passed deadlines first, then by deadline, then greatest first.
    pub items: Vec<AlertLine>,
    /// Cards ready for import, for buyers without any similar card.
    pub cards: Vec<ImportCard>,
    /// Whose import they are made for.
    pub import: ImportFormat,
    /// Sum over `items`.
    pub total: Tally,
    /// Sum of the reductions of `items`, zero or negative.
    pub cost: Money,
    /// What the cap of the same periods gives back as it stands, zero or positive.
    pub relief: Money,
    /// How many of `items` are past their deadline.
    pub due: usize,
    /// The earliest deadline still ahead (or today), if any.
    pub next_deadline: Option<NaiveDate>,
    /// Sales told before and still open.
    pub still_open: Tally,
    /// Their buyers, each once.
    pub still_open_parties: BTreeSet<String>,
    /// Sales told before and settled since.
    pub resolved: Vec<ResolvedLine>,
    /// What is told by this mail: to be remembered together with it.
    #[serde(skip)]
    pub marks: Vec<AlertedItem>,
}

/// One sale to enter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AlertLine {
    /// Identity, for `sverka explain`.
    pub sale: SaleKey,
    /// Why it is told.
    pub kind: AlertKind,
    /// Buyer.
    pub party: String,
    /// Buyer's ИНН as written; empty = none.
    pub inn: String,
    /// Document.
    pub document: Text,
    /// Its date.
    pub date: NaiveDate,
    /// Amount with VAT.
    pub amount: Money,
    /// Last day.
    pub deadline: NaiveDate,
    /// Whether that is today.
    pub last_day: bool,
    /// What is missing, in words.
    pub what: Text,
    /// The reduction as it stands, negative; `None` while the deadline is ahead or no rule applies.
    pub cost: Option<Money>,
    /// What the reduction becomes when the deadline passes, negative; `None` = passed already, or nothing.
    pub at_stake: Option<Money>,
    /// The clause that says so; empty when nothing is or would be reduced.
    pub ground: Text,
    /// There are similar cards: no bonus changes until a person decides.
    pub similar: bool,
    /// Period of the sale: its reduction is final when that is closed.
    pub period: Period,
    /// When that is due, business time; `None` = not scheduled.
    pub final_at: Option<NaiveDateTime>,
    /// Code of the posted reduction, for an objection; empty while none is posted.
    pub code: String,
    /// Similar cards, best first.
    pub candidates: Vec<CandidateLine>,
    /// File, sheet, row.
    pub source: Text,
}

/// One sale that is settled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ResolvedLine {
    /// Identity.
    pub sale: SaleKey,
    /// Buyer; empty when accounting took the document back.
    pub party: String,
}

impl AlertReport {
    /// What there is to say to the person, given what was told before; `None` when there is nothing new. Settled sales
    /// alone are no reason for a mail.
    pub fn build(
        facts: &Facts,
        outcome: &Outcome,
        person: &Employee,
        alerted: &[AlertedItem],
        ctx: &ReportContext,
    ) -> Option<Self> {
        let told: BTreeSet<(&SaleKey, AlertKind)> =
            alerted.iter().filter(|a| a.employee == person.id).map(|a| (&a.sale, a.kind)).collect();
        let mut unsettled: BTreeSet<&SaleKey> = BTreeSet::new();
        let mut items = Vec::new();
        let mut still_open = Tally::default();
        let mut still_open_parties = BTreeSet::new();
        let links = returns::link(facts);
        for index in (0..facts.sales.len()).filter(|at| !taken_back(facts, &links, *at)) {
            let Some(line) = line(facts, outcome, index, person, ctx, &mut unsettled) else { continue };
            if told.contains(&(&line.sale, AlertKind::Due)) || told.contains(&(&line.sale, line.kind)) {
                still_open.add(line.amount);
                still_open_parties.insert(line.party);
            } else {
                items.push(line);
            }
        }
        if items.is_empty() {
            return None;
        }
        if items.iter().any(|i| i.kind == AlertKind::New && !i.similar) {
            let stakes = alert_cost::if_missed(facts, outcome, &person.id);
            for item in items.iter_mut().filter(|i| i.kind == AlertKind::New && !i.similar) {
                let Some((amount, ground)) = stakes.get(&item.sale.0) else { continue };
                (item.at_stake, item.ground) = (Some(*amount), ground.clone());
            }
        }
        items.sort_by(|a, b| {
            (Reverse(a.kind), a.deadline, Reverse(a.amount), &a.sale).cmp(&(
                Reverse(b.kind),
                b.deadline,
                Reverse(b.amount),
                &b.sale,
            ))
        });
        let mut total = Tally::default();
        for item in &items {
            total.add(item.amount);
        }
        let keys: BTreeSet<&SaleKey> = told.iter().map(|(key, _)| *key).collect();
        Some(Self {
            frame: ctx.frame(facts),
            owner: person.id.clone(),
            in_place_of: None,
            day: ctx.today(),
            total,
            cards: ImportCard::list(facts, person, &items),
            import: ctx.import,
            relief: alert_cost::relief(outcome, &person.id, &items),
            cost: items.iter().filter_map(|i| i.cost).sum(),
            due: items.iter().filter(|i| i.kind == AlertKind::Due).count(),
            next_deadline: items.iter().filter(|i| i.kind == AlertKind::New).map(|i| i.deadline).min(),
            still_open,
            still_open_parties,
            resolved: keys
                .into_iter()
                .filter(|key| !unsettled.contains(key))
                .map(|key| ResolvedLine { sale: key.clone(), party: buyer(facts, key) })
                .collect(),
            marks: items
                .iter()
                .map(|i| AlertedItem { employee: person.id.clone(), sale: i.sale.clone(), kind: i.kind })
                .collect(),
            items,
        })
    }
}

impl AlertReport {
    /// Names the line of the ledger behind every reduction that is posted, so that an answer can contest it.
    pub fn name_lines(&mut self, ledger: &[LedgerEntry]) {
        for item in &mut self.items {
            let of = |e: &&LedgerEntry| {
                e.entry.kind == EntryKind::Reduction
                    && e.entry.key.employee == self.owner
                    && e.entry.key.subject == item.sale.0
            };
            let sum: Money = ledger.iter().filter(of).map(|e| e.entry.amount).sum();
            let last = ledger.iter().rfind(of).filter(|_| sum.is_negative());
            item.code = last.map(|e| LineCode::of(e).to_string()).unwrap_or_default();
        }
    }
}

/// The sale as a line when it is the person's to enter. Every sale of his that is not settled goes into `unsettled`.
pub(super) fn line<'a>(
    facts: &'a Facts,
    outcome: &Outcome,
    index: usize,
    person: &Employee,
    ctx: &ReportContext,
    unsettled: &mut BTreeSet<&'a SaleKey>,
) -> Option<AlertLine> {
    let (sale, assessed) = (facts.sales.get(index)?, outcome.sales.get(index)?);
    if assessed.employee.as_ref() != Some(&person.id) {
        return None;
    }
    if !matches!(assessed.status, Status::OnTime | Status::Late | Status::Exempt) {
        unsettled.insert(&sale.key);
    }
    let kind = match assessed.status {
        Status::Pending => AlertKind::New,
        Status::Missing => AlertKind::Due,
        _ => return None,
    };
    let period = Period::of(sale.date);
    let foreign = sale.currency != facts.base_currency;
    if sale.is_return() || foreign || facts.closing_records.contains_key(&period) {
        return None;
    }
    let at = *facts.party_of.get(index)?;
    let (party, verdict) = (facts.parties.get(at)?, outcome.verdicts.get(at)?);
    if verdict.verdict == Verdict::NotJudgeable {
        return None;
    }
    let similar = verdict.verdict == Verdict::Uncertain;
    let what = match (similar, verdict.candidates.len()) {
        (false, _) => absent(&sale.party.inn),
        (true, 0 | 1) => Text::new(
            "В CRM есть похожая карточка. Если это тот же клиент, впишите в неё ИНН; если другой, заведите карточку",
            "The CRM has a similar card. If it is the same client, enter the tax number there; if not, create a card",
        ),
        (true, _) => Text::new(
            "В CRM несколько похожих карточек. Впишите ИНН в ту, что этого клиента; если ни одна не его, заведите новую",
            "The CRM has several similar cards. Enter the tax number in the one of this client; if none is, create a card",
        ),
    };
    let wanted: Vec<&Wanted> = outcome
        .wanted
        .iter()
        .filter(|w| !w.shadow && w.kind == EntryKind::Reduction && w.key.employee == person.id)
        .filter(|w| w.key.subject == sale.key.0)
        .collect();
    let cited = wanted.first().filter(|_| kind == AlertKind::Due);
    Some(AlertLine {
        sale: sale.key.clone(),
        kind,
        party: party.name.clone(),
        inn: sale.party.inn.clone(),
        document: document(sale),
        date: sale.date,
        amount: sale.amount,
        deadline: assessed.deadline,
        last_day: assessed.deadline == ctx.today(),
        what,
        ground: cited.map(|w| cite(&facts.policy, &w.policy_version, &w.key.rule)).unwrap_or_default(),
        cost: (kind == AlertKind::Due && !wanted.is_empty()).then(|| wanted.iter().map(|w| w.amount).sum()),
        at_stake: None,
        similar,
        period,
        final_at: ctx.closes.get(&period).map(|at| ctx.local(*at)),
        code: String::new(),
        candidates: if similar { CandidateLine::list(verdict, ctx) } else { Vec::new() },
        source: sale.source.describe(),
    })
}

/// What to enter when there is no card at all.
fn absent(inn: &str) -> Text {
    if inn.is_empty() {
        return Text::new(
            "В CRM нет карточки этого клиента. Заведите её под этим названием",
            "The CRM has no card of this client. Create one under this name",
        );
    }
    Text::new(
        format!("В CRM нет карточки этого клиента. Заведите её и впишите ИНН {inn}"),
        format!("The CRM has no card of this client. Create one and enter the tax number {inn}"),
    )
}

fn buyer(facts: &Facts, key: &SaleKey) -> String {
    facts.sales.iter().find(|s| &s.key == key).map(|s| s.party.name.clone()).unwrap_or_default()
}
