//! Evidence of lines over documents: every amount walks back to file, sheet and row, to the CRM data it was judged
//! against, to the match or the rejected candidates, and to the arithmetic. Deliberately absent: period rules (each
//! writes its own), markup.

use super::{
    super::{
        assess::verdict_of,
        facts::Facts,
        ledger::Evidence,
        money::{Money, Rate},
        sale::Sale,
        text::{Lang, Text},
        verdict::{AssessedSale, PartyVerdict, Status, Verdict},
    },
    bonus::Move,
    words::{both, date, instant, money, percent, say},
};

/// What evidence is drawn from.
pub(super) struct Sources<'a> {
    pub(super) facts: &'a Facts,
    pub(super) verdicts: &'a [PartyVerdict],
    pub(super) sales: &'a [AssessedSale],
    pub(super) snapshots: Vec<String>,
}

impl<'a> Sources<'a> {
    pub(super) fn new(facts: &'a Facts, verdicts: &'a [PartyVerdict], sales: &'a [AssessedSale]) -> Self {
        let snapshots =
            facts.snapshots.iter().map(|s| format!("{} {} {}", s.source, s.as_of.to_rfc3339(), s.hash)).collect();
        Self { facts, verdicts, sales, snapshots }
    }

    /// Evidence of a document, without its arithmetic.
    pub(super) fn of_document(&self, step: &Move<'_>) -> Evidence {
        let (Some(doc), Some(sale)) = (self.facts.sales.get(step.doc), self.facts.sales.get(step.sale)) else {
            return Evidence::default();
        };
        self.describe(step.doc, doc, (step.doc != step.sale).then_some(sale))
    }

    /// Evidence of a document by its index; `original` is the sale that it takes back.
    pub(super) fn describe(&self, at: usize, doc: &Sale, original: Option<&Sale>) -> Evidence {
        let assessed = self.sales.get(at);
        let party = self.facts.party_of.get(at).copied().unwrap_or(usize::MAX);
        Evidence {
            document: both(|lang| match original {
                None => named(doc, lang),
                Some(sale) => format!(
                    "{} {}, {} {}",
                    say(lang, "возврат", "return"),
                    named(doc, lang),
                    say(lang, "продажа", "sale"),
                    named(sale, lang)
                ),
            }),
            party: doc.party.name.clone(),
            source: doc.source.describe(),
            file_hash: doc.file_hash.clone(),
            snapshots: self.snapshots.clone(),
            status: assessed.map(|a| a.status.code().to_owned()).unwrap_or_default(),
            matching: verdict_of(self.facts, self.verdicts, party).map(matching).unwrap_or_default(),
            arithmetic: Text::default(),
            cause: assessed.map(|a| self.status_words(a)).unwrap_or_default(),
        }
    }

    /// The status in words: the cause when an amount differs from what was posted.
    pub(super) fn status_words(&self, assessed: &AssessedSale) -> Text {
        let status = both(|lang| {
            let until = date(assessed.deadline, lang);
            let entered = assessed.entered_at.map(|at| instant(at, self.facts.tz, lang)).unwrap_or_default();
            match (assessed.status, lang) {
                (Status::OnTime, Lang::Ru) => format!("карточка внесена {entered}, в срок (до {until} включительно)"),
                (Status::OnTime, Lang::En) => format!("card entered {entered}, in time (until {until} inclusive)"),
                (Status::Late, Lang::Ru) => format!("карточка внесена {entered}, позже срока ({until})"),
                (Status::Late, Lang::En) => format!("card entered {entered}, after the last day ({until})"),
                (Status::Missing, Lang::Ru) => format!("карточки нет в CRM, срок прошёл {until}"),
                (Status::Missing, Lang::En) => format!("no card in the CRM, the last day was {until}"),
                (Status::Pending, Lang::Ru) => format!("срок ещё не прошёл (до {until} включительно)"),
                (Status::Pending, Lang::En) => format!("there is still time (until {until} inclusive)"),
                (Status::Uncertain, Lang::Ru) => "совпадение сомнительно: решает человек, денег не касается".to_owned(),
                (Status::Uncertain, Lang::En) => "the match is uncertain: a person decides, no money moves".to_owned(),
                (Status::NotJudgeable, Lang::Ru) => "проверить нельзя, денег не касается".to_owned(),
                (Status::NotJudgeable, Lang::En) => "cannot be judged, no money moves".to_owned(),
                (Status::Exempt, Lang::Ru) => "не проверяется".to_owned(),
                (Status::Exempt, Lang::En) => "not judged".to_owned(),
            }
        });
        match &assessed.remark {
            Some(remark) => {
                Text::new(format!("{} ({})", status.ru, remark.ru), format!("{} ({})", status.en, remark.en))
            }
            None => status,
        }
    }

    /// `100 000,00 × 1,25 % = 1 250,00; 1 250,00 × 50 % = 625,00`, piece by piece.
    pub(super) fn arithmetic(moves: &[(&Move<'_>, Rate)], total: Money) -> Text {
        both(|lang| {
            let pieces: Vec<String> = moves.iter().map(|(step, share)| piece(step, *share, lang)).collect();
            if pieces.len() > 1 {
                format!("{}; {} {}", pieces.join("; "), say(lang, "итого", "total"), money(total, lang))
            } else {
                pieces.concat()
            }
        })
    }
}

fn piece(step: &Move<'_>, share: Rate, lang: Lang) -> String {
    let chain = |base: Money| {
        let bonus = base.share(step.rate);
        let kept = bonus.max(Money::ZERO).share(share);
        format!(
            "{} × {}{} = {}; {} × {} = {}",
            money(base, lang),
            percent(step.rate, lang),
            by_plan(step, lang),
            money(bonus, lang),
            money(bonus, lang),
            percent(share, lang),
            money(kept, lang)
        )
    };
    if step.doc == step.sale {
        return chain(step.after);
    }
    let before = say(lang, "до возврата", "before the return");
    let after = say(lang, "после", "after");
    let back = say(lang, "возвращается", "comes back");
    format!(
        "{before} {}; {after} {}; {back} {}",
        chain(step.before),
        chain(step.after),
        money(step.reduction(share), lang)
    )
}

/// ` (план выполнен на 104 %)`, or nothing at a flat rate.
pub(super) fn by_plan(step: &Move<'_>, lang: Lang) -> String {
    let words = say(lang, "план выполнен на", "plan met to");
    step.attained.map(|share| format!(" ({words} {})", percent(share, lang))).unwrap_or_default()
}

/// `№ 0000-000123 от 05.11.2026`.
fn named(sale: &Sale, lang: Lang) -> String {
    match lang {
        Lang::Ru => format!("№ {} от {}", sale.number, date(sale.date, lang)),
        Lang::En => format!("No. {} of {}", sale.number, date(sale.date, lang)),
    }
}

/// The verdict's reason with the match or the best rejected candidates.
fn matching(verdict: &PartyVerdict) -> Text {
    both(|lang| {
        let mut text = verdict.reason.get(lang).to_owned();
        if verdict.candidates.is_empty() {
            return text;
        }
        let intro = match verdict.verdict {
            Verdict::InCrm => say(lang, "найдено", "found"),
            Verdict::NotInCrm => say(lang, "ближайшие отклонены", "nearest, rejected"),
            Verdict::Uncertain | Verdict::NotJudgeable => say(lang, "похожие", "similar"),
        };
        let listed: Vec<String> = verdict
            .candidates
            .iter()
            .take(3)
            .map(|c| {
                let likeness = percent(Rate::from_bp(i32::try_from(c.score_bp).unwrap_or(i32::MAX)), lang);
                let reason = c.reason.get(lang);
                let tail = if reason.is_empty() { String::new() } else { format!(": {reason}") };
                format!("«{}» ({}), {likeness}{tail}", c.title, c.id)
            })
            .collect();
        if !text.is_empty() {
            text.push_str("; ");
        }
        format!("{text}{intro}: {}", listed.join("; "))
    })
}
