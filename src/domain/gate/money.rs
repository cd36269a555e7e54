//! Checks of what would go out: sellers nobody knows, implausible reductions. Deliberately absent: premiums (bands bound
//! them), the legal cap (`adjust::cap`).

use std::collections::BTreeMap;

use super::{
    super::{
        words::{both, money, percent},
        finding::{Finding, Severity},
        money::{Money, Rate},
        org::EmployeeId,
        text::Lang,
    },
    Figures, GateInput, figures, graded,
};

/// Runs with reductions that the median looks back on.
const TRAILING: usize = 8;

/// So many first runs with reductions have nothing to be compared with: a person looks at them.
const FIRST_RUNS: usize = 3;

/// From this share of missing turnover on (and at least `ENOUGH_SALES` documents) the feed is likelier at fault than
/// everybody at once.
const NEARLY_ALL: Rate = Rate::from_bp(9_000);
const ENOUGH_SALES: u64 = 10;

/// Turnover whose seller nobody knows.
pub(super) fn unknown_sellers(input: &GateInput<'_>) -> Option<Finding> {
    let own = figures(input.facts, input.outcome, input.entries);
    let share = own.unknown_manager();
    let (warn, hold) = (input.settings.warn.unknown_manager_bp, input.settings.hold.unknown_manager_bp);
    graded(i64::from(share.bp()), warn, hold, "unknown_sellers", || {
        both(|lang| {
            let (share, part) = (percent(share, lang), money(own.unknown_manager_turnover, lang));
            match lang {
                Lang::Ru => format!(
                    "Продавец неизвестен у {share} оборота (всего на {part}). Дополните список сотрудников именами из файла."
                ),
                Lang::En => format!(
                    "The seller of {share} of the turnover is unknown ({part} in all). Add the names from the file to the list of people."
                ),
            }
        })
    })
}

/// Reductions of the run, in total and by employee, against the median of at most eight earlier runs that had any.
/// The first three runs with reductions have no yardstick and are always pointed out (warn). An employee with fewer
/// than three such runs is compared with the largest that anybody had.
pub(super) fn reductions(input: &GateInput<'_>) -> Vec<Finding> {
    let own = figures(input.facts, input.outcome, input.entries);
    if own.reductions.is_zero() {
        return Vec::new();
    }
    let mut found = Vec::from_iter(nearly_all(&own));
    let earlier: Vec<&Figures> = input.history.iter().filter(|f| !f.reductions.is_zero()).collect();
    let trailing = earlier.get(earlier.len().saturating_sub(TRAILING)..).unwrap_or_default();
    if trailing.len() < FIRST_RUNS {
        found.push(Finding::new(
            Severity::Warn,
            "reductions_first_runs",
            both(|lang| {
                let (number, sum) = (trailing.len() + 1, money(own.reductions, lang));
                match lang {
                    Lang::Ru => format!("Это запуск № {number} из первых {FIRST_RUNS} со снижениями премии (на {sum}), сравнить их не с чем. Просмотрите строки перед выплатой."),
                    Lang::En => format!("This is run {number} of the first {FIRST_RUNS} with bonus reductions ({sum}); there is nothing to compare them with. Look through the lines before paying."),
                }
            }),
        ));
        return found;
    }
    let usual = median(trailing.iter().map(|f| f.reductions).collect());
    found.extend(against(input, own.reductions, usual, "reductions_implausible", |lang| match lang {
        Lang::Ru => "Снижения премии этого запуска".to_owned(),
        Lang::En => "The bonus reductions of this run".to_owned(),
    }));
    let mut by_employee: BTreeMap<&EmployeeId, Vec<Money>> = BTreeMap::new();
    for (id, sum) in earlier.iter().flat_map(|f| &f.employee_reductions) {
        by_employee.entry(id).or_default().push(*sum);
    }
    let largest = trailing.iter().flat_map(|f| f.employee_reductions.values()).max().copied().unwrap_or_default();
    for (id, sum) in &own.employee_reductions {
        let past = by_employee.get(id).map_or(&[][..], Vec::as_slice);
        let past = past.get(past.len().saturating_sub(TRAILING)..).unwrap_or_default();
        let usual = if past.len() < FIRST_RUNS { largest } else { median(past.to_vec()) };
        let name = input.facts.roster.get(id).map_or(id.0.as_str(), |p| p.name.as_str());
        found.extend(against(input, *sum, usual, "employee_reductions_implausible", |lang| match lang {
            Lang::Ru => format!("Снижения премии сотрудника {name}"),
            Lang::En => format!("The bonus reductions of {name}"),
        }));
    }
    found
}

fn against(
    input: &GateInput<'_>,
    sum: Money,
    usual: Money,
    code: &str,
    subject: impl Fn(Lang) -> String,
) -> Option<Finding> {
    let times = i128::from(sum.kopecks()) * 10_000 / i128::from(usual.kopecks().max(1));
    let times = i64::try_from(times).unwrap_or(i64::MAX);
    graded(times, input.settings.warn.reductions_bp, input.settings.hold.reductions_bp, code, || {
        both(|lang| {
            let (what, sum, usual) = (subject(lang), money(sum, lang), money(usual, lang));
            match lang {
                Lang::Ru => format!(
                    "{what} необычно велики: {sum}, обычно {usual}. Просмотрите строки; если всё верно, отпустите запуск с причиной."
                ),
                Lang::En => format!(
                    "{what} are unusually large: {sum}, usually {usual}. Look through the lines; if they are right, release the run with a reason."
                ),
            }
        })
    })
}

fn nearly_all(own: &Figures) -> Option<Finding> {
    let share = Rate::of(own.recent.missing_turnover.kopecks(), own.recent.settled_turnover.kopecks())?;
    (share >= NEARLY_ALL && own.recent.settled_sales >= ENOUGH_SALES).then(|| {
        let message = both(|lang| {
            let share = percent(share, lang);
            match lang {
                Lang::Ru => format!("По {share} проверенного оборота карточек в CRM нет или они опоздали. Вероятнее неполная выгрузка CRM. Проверьте её; если всё верно, отпустите запуск с причиной."),
                Lang::En => format!("For {share} of the judged turnover cards are missing or late. An incomplete CRM export is likelier. Check it; if it is right, release the run with a reason."),
            }
        });
        Finding::new(Severity::Hold, "nearly_all_missing", message)
    })
}

/// The middle value; of an even number the lower of the two in the middle, which is the stricter.
fn median(mut sums: Vec<Money>) -> Money {
    sums.sort_unstable();
    sums.get(sums.len().saturating_sub(1) / 2).copied().unwrap_or_default()
}
