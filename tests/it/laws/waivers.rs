//! A line that was contested and withdrawn takes nothing, nor does the return of its sale; every other line stays as it is.
//! Deliberately absent: how a dispute is decided (`dispute`).

use sverka::domain::{
    adjust::explain,
    dispute::Waiver,
    facts::Facts,
    ledger::{EntryKey, Wanted},
    money::Money,
    text::Text,
    verdict::{PartyVerdict, Verdict},
};

use super::{
    book::Book,
    world::{at, cap, conclude, facts, missing, party, rub, sale},
};

const AS_OF: &str = "2026-11-20 17:00:00";

fn absent() -> [PartyVerdict; 1] {
    [super::world::verdict("P0", Verdict::NotInCrm, &[])]
}

/// Two sales with a bonus of 12,50 and 25,00; half of the first comes back in the next month:
/// of the 6,25 not accrued 3,13 stay, so 3,12 come back.
fn world() -> Facts {
    let mut back = sale("3", "2026-11-03", "P0", "Иванов И.И.", "-500.00");
    back.returns = Some("1".into());
    let sales = vec![
        sale("1", "2026-10-05", "P0", "Иванов И.И.", "1000.00"),
        sale("2", "2026-10-06", "P0", "Иванов И.И.", "2000.00"),
        back,
    ];
    facts(AS_OF, vec![party("P0", "Ромашка")], sales, vec![missing(5_000, 0), cap(10_000)])
}

fn wanted(facts: &Facts) -> Vec<Wanted> {
    conclude(facts, &absent(), at(AS_OF)).wanted
}

fn amounts(facts: &Facts) -> Vec<(String, Money)> {
    let number = |subject: &str| subject.split('|').nth(1).unwrap_or_default().to_owned();
    wanted(facts).into_iter().map(|w| (number(&w.key.subject), w.amount)).collect()
}

fn waive(facts: &mut Facts, key: EntryKey) {
    facts.waivers = vec![Waiver { key, cause: Text::new("строка снята", "the line was withdrawn") }];
}

fn line(number: &str, sum: &str) -> (String, Money) {
    (number.to_owned(), rub(sum))
}

#[test]
fn what_was_withdrawn_takes_nothing_and_all_the_rest_stays() {
    let mut facts = world();
    let all = [line("1", "-6.25"), line("2", "-12.50"), line("3", "3.12")];
    assert_eq!(amounts(&facts), all);
    let key = wanted(&facts)[0].key.clone();
    waive(&mut facts, key.clone());
    assert_eq!(amounts(&facts), [line("2", "-12.50")]);
    // The word is about this line alone: another rule's, another's or another month's is not it.
    let other: [fn(&mut EntryKey); 3] = [
        |key| key.rule = "another".into(),
        |key| key.employee.0 = "0002".into(),
        |key| key.belongs_to = key.belongs_to.next(),
    ];
    for change in other {
        let mut not_it = key.clone();
        change(&mut not_it);
        waive(&mut facts, not_it);
        assert_eq!(amounts(&facts), all);
    }
}

#[test]
fn what_was_posted_goes_back_with_the_ground_of_the_decision() {
    let mut facts = world();
    let mut book = Book::default();
    let first = book.post(&wanted(&facts));
    waive(&mut facts, first[0].key.clone());
    let outcome = conclude(&facts, &absent(), at(AS_OF));
    let mut back = book.post(&outcome.wanted);
    explain(&mut back, &facts, &absent(), &outcome.sales);
    let sums: Vec<_> = back.iter().map(|entry| (entry.key.subject.as_str(), entry.amount)).collect();
    assert_eq!(sums, [("ФИРМА|1|2026", rub("6.25")), ("ФИРМА|3|2026", rub("-3.12"))]);
    assert_eq!(back[0].evidence.cause.en, "the line was withdrawn; posted so far -6.25, due 0.00");
    assert_eq!(book.sums().values().sum::<i64>(), -1_250);
}
