//! Ten thousand changed files, seeded: a file with a printed total is read to the same total, or it is refused or held;
//! never is another total accepted. `SVERKA_MUTANTS` makes it more. Deliberately absent: changes that no total can show
//! (a name, a date, two amounts exchanged between documents).

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use sverka::{
    domain::money::Money,
    ingest::{Parsed, sandbox, sandbox::ParseLimits},
};

use super::{
    child::block_on,
    mutate::{self, Dice},
    mutation_seeds::{self, Seed},
    parse, program, real_file, request, sales,
};

/// What became of a mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Read, and the printed total is that of the original.
    Same,
    /// Refused, held, or the reader died of it.
    Held,
    /// Read; that no total is printed is said.
    NoTotal,
    /// Read as a list of counterparties, which carries no money.
    Cards,
}

/// The printed total of an original; `None` where it is held.
fn printed(parsed: &Parsed) -> Option<Money> {
    parsed.accounting.as_ref().filter(|_| !parsed.holds()).and_then(|t| t.printed_total)
}

/// The law.
fn judge(original: Option<Money>, mutant: &Parsed) -> Result<Outcome, String> {
    if mutant.holds() {
        return Ok(Outcome::Held);
    }
    let Some(table) = &mutant.accounting else { return Err("neither facts nor a reason".to_owned()) };
    if table.sales.is_empty() {
        return if table.cards.is_empty() { Err("accepted without a row".to_owned()) } else { Ok(Outcome::Cards) };
    }
    // Whatever the currency: a total that is printed covers all rows of these files.
    let sum: Money = table.sales.iter().map(|sale| sale.amount).sum();
    match table.printed_total {
        None if mutant.findings.iter().any(|f| f.code == "no_total") => Ok(Outcome::NoTotal),
        None => Err("no total, and nobody says so".to_owned()),
        Some(total) if total != sum => Err(format!("the total {total} is accepted over rows of {sum}")),
        Some(total) if original.is_some_and(|known| known != total) => {
            Err(format!("another total is accepted: {total}, {} documents", table.sales.len()))
        }
        Some(_) => Ok(Outcome::Same),
    }
}

fn mutant(seed: &Seed, dice: &mut Dice) -> (Vec<u8>, String) {
    match &seed.parts {
        Some(parts) if dice.below(10) > 0 => {
            let mut parts = parts.clone();
            let how = mutate::inside(&mut parts, dice);
            (mutate::zip(&parts), how)
        }
        _ => {
            let mut bytes = seed.bytes.clone();
            let how = mutate::raw(&mut bytes, dice);
            (bytes, how)
        }
    }
}

/// Reads `count` mutants of the seeds on two threads; every breach of the law is listed with the number that remakes it.
fn trial(seeds: &[Seed], count: usize, read: impl Fn(&Seed, &[u8]) -> Parsed + Sync) -> [usize; 4] {
    let originals: Vec<Option<Money>> = seeds.iter().map(|seed| printed(&read(seed, &seed.bytes))).collect();
    let next = AtomicUsize::new(0);
    let (breaches, outcomes) = (Mutex::new(Vec::new()), [const { AtomicUsize::new(0) }; 4]);
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                break;
            }
            let (seed, original) = (&seeds[index % seeds.len()], originals[index % seeds.len()]);
            let (bytes, how) = mutant(seed, &mut Dice::new(index as u64));
            // A panic ends the child, and the file with it.
            let judged = catch_unwind(AssertUnwindSafe(|| read(seed, &bytes)))
                .map_or(Ok(Outcome::Held), |parsed| judge(original, &parsed));
            match judged {
                Ok(outcome) => {
                    outcomes[outcome as usize].fetch_add(1, Ordering::Relaxed);
                }
                Err(why) => breaches.lock().expect("a lock").push(format!("{} #{index}: {why}; {how}", seed.name)),
            }
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(work);
        scope.spawn(work);
    });
    let mut breaches = breaches.into_inner().expect("a lock");
    breaches.sort();
    assert!(breaches.is_empty(), "{} breaches:\n{}", breaches.len(), breaches.join("\n"));
    outcomes.map(AtomicUsize::into_inner)
}

fn wanted(default: usize) -> usize {
    std::env::var("SVERKA_MUTANTS").ok().and_then(|n| n.parse().ok()).map_or(default, |n: usize| n.max(default))
}

#[test]
fn every_seed_is_read_with_its_total() {
    let known = printed(&parse(&mutation_seeds::all()[0].bytes));
    assert!(known.is_some_and(|total| !total.is_zero()));
    for seed in mutation_seeds::all() {
        let parsed = parse(&seed.bytes);
        assert_eq!((printed(&parsed), sales(&parsed).len()), (known, 7), "{}: {:#?}", seed.name, parsed.findings);
    }
    for seed in mutation_seeds::for_the_child() {
        assert_eq!(printed(&in_the_child(&seed.bytes)), known, "{}", seed.name);
    }
}

#[test]
fn never_is_another_total_accepted() {
    let outcomes = trial(&mutation_seeds::all(), wanted(10_000), |_, bytes| parse(bytes));
    assert_told_apart(outcomes);
}

#[test]
fn never_is_another_total_accepted_from_a_reader_that_may_die() {
    let outcomes = trial(&mutation_seeds::for_the_child(), wanted(10_000) / 25, |_, bytes| in_the_child(bytes));
    assert_told_apart(outcomes);
}

/// Real files: what is held stays held, or is accepted with a total that its rows have.
#[test]
fn changed_real_files_are_held_or_add_up() {
    let seeds: Vec<Seed> = ["1c/upp-account-11-turnover.xlsx", "1c/ut-gross-profit-grouped.xlsx"]
        .into_iter()
        .filter_map(|name| Some(Seed::new(name, real_file(name)?.1)))
        .collect();
    if !seeds.is_empty() {
        trial(&seeds, wanted(10_000) / 50, |_, bytes| parse(bytes));
    }
}

/// The law is only worth something if mutants of every fate come up.
fn assert_told_apart(outcomes: [usize; 4]) {
    let all: usize = outcomes.iter().sum();
    let [same, held, no_total, _] = outcomes;
    assert!(same * 10 > all && held * 10 > all && no_total > 0, "{outcomes:?}");
}

/// Reads bytes in a child under the limits of the daemon; a death is its finding.
pub fn in_the_child(bytes: &[u8]) -> Parsed {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("mutant");
    std::fs::write(&path, bytes).expect("write");
    let parsed = block_on(sandbox::parse(program(), &path, &request("RUB"), &ParseLimits::default()));
    parsed.unwrap_or_else(|finding| Parsed::refused(vec![finding]))
}
