//! What the assessment notices, gathered per name, year or currency and not per sale, so that one cause is one line.
//! Deliberately absent: levels of warn and hold for shares of turnover (`gate`).

use std::collections::{BTreeMap, BTreeSet};

use super::super::{
    words::{both, money, say},
    finding::{Finding, Severity, SourceRef},
    money::Money,
    sale::Sale,
    text::{Lang, Text},
};

/// Count, sum and first place of one cause.
#[derive(Default)]
struct Heap {
    count: usize,
    sum: Money,
    first: Option<SourceRef>,
}

impl Heap {
    fn add(&mut self, sale: &Sale) {
        self.count += 1;
        self.sum += sale.amount;
        if self.first.is_none() {
            self.first = Some(sale.source.clone());
        }
    }

    fn finding(self, severity: Severity, code: &str, wording: impl Fn(Lang, usize, String) -> String) -> Finding {
        let found = Finding::new(severity, code, both(|lang| wording(lang, self.count, money(self.sum, lang))));
        match self.first {
            Some(source) => found.at(source),
            None => found,
        }
    }
}

/// Everything noticed, by cause.
#[derive(Default)]
pub(super) struct Summary {
    nobody: BTreeMap<(String, bool), Heap>,
    currencies: BTreeMap<String, Heap>,
    years: BTreeMap<i32, Heap>,
    returns: BTreeSet<Stray>,
}

/// Number, amount, whether a sale was found, place.
type Stray = (String, Money, bool, SourceRef);

impl Summary {
    /// A sale whose seller is nobody, or two people at once.
    pub(super) fn nobody(&mut self, sale: &Sale, ambiguous: bool) {
        self.nobody.entry((sale.manager.trim().to_owned(), ambiguous)).or_default().add(sale);
    }

    /// A sale in a currency that is not computed.
    pub(super) fn other_currency(&mut self, sale: &Sale) {
        self.currencies.entry(sale.currency.trim().to_uppercase()).or_default().add(sale);
    }

    /// A sale whose deadline needs a year without calendar data.
    pub(super) fn no_calendar(&mut self, year: i32, sale: &Sale) {
        self.years.entry(year).or_default().add(sale);
    }

    /// A return that takes no sale back.
    pub(super) fn return_without_sale(&mut self, sale: &Sale) {
        self.returns.insert((sale.number.clone(), sale.amount, false, sale.source.clone()));
    }

    /// A return of more than was sold; `beyond` is the excess.
    pub(super) fn return_beyond(&mut self, sale: &Sale, beyond: Money) {
        self.returns.insert((sale.number.clone(), beyond, true, sale.source.clone()));
    }

    /// The findings, in a fixed order.
    pub(super) fn findings(self) -> Vec<Finding> {
        let mut all = Vec::new();
        for (year, heap) in self.years {
            all.push(heap.finding(Severity::Hold, "calendar_missing", |lang, count, _| match lang {
                Lang::Ru => format!(
                    "Нет производственного календаря на {year} год, срок не посчитать (документов: {count}). \
                     Добавьте файл этого года в папку календаря и запустите снова."
                ),
                Lang::En => format!(
                    "There is no working-day calendar for {year}, so deadlines cannot be counted (documents: {count}). \
                     Add the file of that year to the calendar folder and run again."
                ),
            }));
        }
        for ((name, ambiguous), heap) in self.nobody {
            let code = if ambiguous { "ambiguous_seller" } else { "unknown_seller" };
            all.push(heap.finding(Severity::Warn, code, |lang, count, sum| {
                let who = if name.is_empty() {
                    say(lang, "Продавец в файле не указан", "The file names no seller").to_owned()
                } else if ambiguous {
                    match lang {
                        Lang::Ru => format!("Имя «{name}» есть у двух сотрудников"),
                        Lang::En => format!("Two employees share the name “{name}”"),
                    }
                } else {
                    match lang {
                        Lang::Ru => format!("Продавца «{name}» нет в списке сотрудников"),
                        Lang::En => format!("Seller “{name}” is not in the list of people"),
                    }
                };
                match lang {
                    Lang::Ru => format!(
                        "{who}: документов {count} на {sum}. Премии по ним не считаются. Добавьте имя в файл сотрудников."
                    ),
                    Lang::En => format!(
                        "{who}: {count} documents for {sum}. No bonus is computed for them. Add the name to the people file."
                    ),
                }
            }));
        }
        for (currency, heap) in self.currencies {
            all.push(heap.finding(Severity::Note, "other_currency", |lang, count, sum| match lang {
                Lang::Ru => format!(
                    "Документы в другой валюте ({currency}): {count} на {sum}. Показаны отдельно, не считаются."
                ),
                Lang::En => format!(
                    "Documents in another currency ({currency}): {count} for {sum}. Listed apart, not computed."
                ),
            }));
        }
        for (number, amount, linked, source) in self.returns {
            let (code, message) = if linked {
                ("return_exceeds_sale", exceeds(&number, amount))
            } else {
                ("return_without_sale", stray(&number, amount))
            };
            all.push(Finding::new(Severity::Warn, code, message).at(source));
        }
        all
    }
}

fn exceeds(number: &str, beyond: Money) -> Text {
    both(|lang| match lang {
        Lang::Ru => format!(
            "Возврат № {number} больше проданного на {}. Учтено только проданное. Проверьте документ в бухгалтерии.",
            money(beyond, lang)
        ),
        Lang::En => format!(
            "Return No. {number} is larger than what was sold by {}. Only what was sold is reversed. Check the document in accounting.",
            money(beyond, lang)
        ),
    })
}

fn stray(number: &str, amount: Money) -> Text {
    both(|lang| match lang {
        Lang::Ru => format!(
            "Для возврата № {number} на {} не найдена продажа. Премию он не меняет. Укажите документ продажи или загрузите её период.",
            money(amount, lang)
        ),
        Lang::En => format!(
            "No sale is found for return No. {number} of {}. It changes no bonus. Name the document of the sale or load its period.",
            money(amount, lang)
        ),
    })
}
