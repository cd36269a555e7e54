//! What the command answers: counterparties and sales by verdict, other currencies apart, findings. Deliberately absent:
//! names of counterparties (they are in the links).

use std::{collections::BTreeMap, path::Path};

use chrono::NaiveDate;
use serde::Serialize;

use super::book::Line;
use crate::{
    cli::{matching, output::Out, speech},
    deliver::format,
    domain::{
        finding::{Finding, Severity},
        money::Money,
        text::{Lang, Text},
        verdict::Verdict,
        words::date,
    },
};

const VERDICTS: [Verdict; 4] = [Verdict::InCrm, Verdict::NotInCrm, Verdict::Uncertain, Verdict::NotJudgeable];
/// Findings printed of each kind; JSON holds all.
const PRINTED: usize = 3;

/// Documents and their sum.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(super) struct Sum {
    documents: u64,
    kopecks: i64,
}

impl Sum {
    fn add(&mut self, amount: Money) {
        self.documents += 1;
        self.kopecks = self.kopecks.saturating_add(amount.kopecks());
    }
}

/// The answer.
#[derive(Debug, Serialize)]
pub(super) struct Summary<'a> {
    as_of: NaiveDate,
    counterparties: BTreeMap<&'static str, u64>,
    currency: String,
    sales: BTreeMap<&'static str, Sum>,
    /// Currencies that are not added to the others.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    other_currencies: BTreeMap<String, Sum>,
    pub findings: Vec<Finding>,
    links: Option<&'a Path>,
}

impl<'a> Summary<'a> {
    pub fn new<'s>(
        as_of: NaiveDate,
        verdicts: impl Iterator<Item = Verdict>,
        sales: impl Iterator<Item = (&'s Line, Verdict)>,
        currencies: &[String],
        mut findings: Vec<Finding>,
        links: Option<&'a Path>,
    ) -> Self {
        let mut counterparties: BTreeMap<&str, u64> = VERDICTS.iter().map(|v| (v.code(), 0)).collect();
        for verdict in verdicts {
            *counterparties.entry(verdict.code()).or_default() += 1;
        }
        let mut counted: Vec<BTreeMap<&'static str, Sum>> = vec![BTreeMap::new(); currencies.len()];
        for (line, verdict) in sales {
            if let Some(sums) = counted.get_mut(line.currency as usize) {
                sums.entry(verdict.code()).or_default().add(line.amount);
            }
        }
        let mut by_currency: BTreeMap<String, BTreeMap<&'static str, Sum>> =
            currencies.iter().cloned().zip(counted).filter(|(_, sums)| !sums.is_empty()).collect();
        // The rouble is the base where it occurs, else the most frequent currency.
        let documents = |sums: &BTreeMap<&str, Sum>| sums.values().map(|sum| sum.documents).sum::<u64>();
        let most = by_currency.iter().max_by_key(|(code, sums)| (documents(sums), std::cmp::Reverse((*code).clone())));
        let currency = match most {
            Some((code, _)) if !by_currency.contains_key("RUB") => code.clone(),
            _ => "RUB".to_owned(),
        };
        let mut sums: BTreeMap<&str, Sum> = VERDICTS.iter().map(|v| (v.code(), Sum::default())).collect();
        sums.extend(by_currency.remove(&currency).unwrap_or_default());
        let other_currencies = by_currency
            .into_iter()
            .map(|(code, sums)| {
                let total = sums.values().fold(Sum::default(), |a, b| Sum {
                    documents: a.documents + b.documents,
                    kopecks: a.kopecks.saturating_add(b.kopecks),
                });
                (code, total)
            })
            .collect();
        findings.sort_by_key(|f| std::cmp::Reverse(f.severity));
        Self { as_of, counterparties, currency, sales: sums, other_currencies, findings, links }
    }

    /// Prints it for people.
    pub fn print(&self, out: Out) {
        let (ru, en) = (date(self.as_of, Lang::Ru), date(self.as_of, Lang::En));
        out.say(&Text::new(format!("Сверка на {ru}"), format!("Reconciliation as of {en}")));
        out.line("");
        for verdict in VERDICTS {
            let n = self.counterparties.get(verdict.code()).copied().unwrap_or(0);
            let sum = self.sales.get(verdict.code()).copied().unwrap_or_default();
            let name = matching::verdict(verdict);
            let (ru, en) = (format!("{:<22}", name.ru), format!("{:<22}", name.en));
            let (documents, currency) = (|lang| grouped(lang, sum.documents), &self.currency);
            let amount = |lang| amount(lang, sum.kopecks);
            out.say(&Text::new(
                format!(
                    "  {ru}{:>9}   документов {:>9} на {:>18} {currency}",
                    grouped(Lang::Ru, n),
                    documents(Lang::Ru),
                    amount(Lang::Ru)
                ),
                format!(
                    "  {en}{:>9}   documents {:>9}, {:>18} {currency}",
                    grouped(Lang::En, n),
                    documents(Lang::En),
                    amount(Lang::En)
                ),
            ));
        }
        for (code, sum) in &self.other_currencies {
            let (n, kopecks) = (sum.documents, sum.kopecks);
            out.say(&Text::new(
                format!(
                    "  отдельно, в валюте {code}: документов {} на {}",
                    grouped(Lang::Ru, n),
                    amount(Lang::Ru, kopecks)
                ),
                format!("  apart, in {code}: documents {}, {}", grouped(Lang::En, n), amount(Lang::En, kopecks)),
            ));
        }
        if !self.findings.is_empty() {
            out.line("");
            out.say(&Text::new("Замечания:", "Findings:"));
            let mut seen: BTreeMap<(&str, Severity), usize> = BTreeMap::new();
            for finding in &self.findings {
                let n = seen.entry((&finding.code, finding.severity)).or_default();
                *n += 1;
                if *n > PRINTED {
                    continue;
                }
                let (line, severity) = (line(finding), severity(finding.severity));
                out.say(&Text::new(
                    format!("  {}: {}", severity.ru, line.ru),
                    format!("  {}: {}", severity.en, line.en),
                ));
            }
            let more: usize = seen.values().map(|n| n.saturating_sub(PRINTED)).sum();
            if more > 0 {
                out.say(&Text::new(
                    format!("  … и ещё {more} таких же; все замечания: --json"),
                    format!("  … and {more} more of the same kinds; all findings: --json"),
                ));
            }
        }
        if let Some(path) = self.links {
            let path = path.display();
            out.line("");
            out.say(&Text::new(format!("Сопоставление: {path}"), format!("Links: {path}")));
        }
    }
}

fn severity(severity: Severity) -> Text {
    match severity {
        Severity::Hold => Text::new("нужен человек", "needs a person"),
        Severity::Warn => Text::new("внимание", "warning"),
        Severity::Note => Text::new("к сведению", "note"),
    }
}

/// A finding with its place.
pub(super) fn line(finding: &Finding) -> Text {
    match &finding.source {
        Some(source) => {
            let place = source.describe();
            Text::new(format!("{}: {}", place.ru, finding.message.ru), format!("{}: {}", place.en, finding.message.en))
        }
        None => finding.message.clone(),
    }
}

/// Thousands apart.
fn grouped(lang: Lang, n: u64) -> String {
    format::integer(lang, i64::try_from(n).unwrap_or(i64::MAX))
}

fn amount(lang: Lang, kopecks: i64) -> String {
    speech::amount(lang, Money::from_kopecks(kopecks))
}
