//! Real names: labelled spellings among distractors, and the state register.

use std::collections::BTreeMap;

use sverka::domain::{normalise::name::Name, verdict::Verdict};

use super::{buyers, company, verdicts};

#[expect(clippy::print_stdout, reason = "a skipped test says so")]
fn rows(file: &str) -> Option<Vec<csv::StringRecord>> {
    let path = format!("{}/../shared/data/names/{file}", env!("CARGO_MANIFEST_DIR"));
    let Ok(mut reader) = csv::Reader::from_path(&path) else {
        println!("names/{file} is absent, skipped");
        return None;
    };
    Some(reader.records().map_while(Result::ok).collect())
}

#[test]
fn labelled_spellings_have_the_core_of_their_name() {
    let Some(rows) = rows("levenschtain_ru_variants.csv") else { return };
    let core = |text: &str| {
        let mut words = Name::new(text).words;
        words.retain(|w| w != "рао");
        words.join(" ")
    };
    let wrong: Vec<_> =
        rows.iter().filter(|r| !core(&r[1]).starts_with(&core(&r[0]))).map(|r| r[1].to_owned()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn labelled_spellings_are_found_among_thousands_of_others() {
    let (Some(variants), Some(others)) =
        (rows("levenschtain_ru_variants.csv"), rows("levenschtain_ru_distractors.csv"))
    else {
        return;
    };
    let names: BTreeMap<&str, usize> = variants.iter().map(|r| &r[0]).zip(0..).collect();
    let mut records: Vec<_> =
        others.iter().enumerate().map(|(i, r)| company(&format!("x{i}"), &r[0], "", "")).collect();
    records.extend(names.iter().map(|(name, i)| company(&format!("q{i}"), name, "", "")));
    let (mut lost, mut wrong) = (Vec::new(), Vec::new());
    for variant in variants.iter().filter(|r| &r[3] == "0") {
        let verdict = verdicts(&buyers(&[(&variant[1], "", "")]), &records, &[]).remove(0);
        let want = format!("q{}", names[&variant[0]]);
        let has = verdict.candidates.iter().any(|c| c.id.id == want);
        match verdict.verdict {
            Verdict::InCrm if verdict.candidates[0].id.id != want => wrong.push(variant[1].to_owned()),
            Verdict::NotInCrm => lost.push(variant[1].to_owned()),
            Verdict::Uncertain if !has => lost.push(variant[1].to_owned()),
            _ => {}
        }
    }
    assert!(lost.is_empty(), "called absent: {lost:?}");
    assert!(wrong.is_empty(), "another one: {wrong:?}");
}

#[test]
fn the_state_register_gives_no_automatic_match_between_different_inns() {
    let Some(rows) = rows("egrul_companies.csv") else { return };
    // Accounting has the first half, the CRM the second: nobody is in both.
    let half = rows.len() / 2;
    let known: std::collections::BTreeSet<&str> = rows[half..].iter().map(|r| &r[0]).collect();
    let list: Vec<(&str, &str, &str)> =
        rows[..half].iter().filter(|r| !known.contains(&r[0])).map(|r| (&r[5], &r[0], &r[1])).collect();
    let records: Vec<_> =
        rows[half..].iter().enumerate().map(|(i, r)| company(&i.to_string(), &r[5], &r[0], &r[1])).collect();
    let found = verdicts(&buyers(&list), &records, &[]);
    let wrong: Vec<_> = found.iter().filter(|v| v.verdict == Verdict::InCrm).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// The register's full and short names of one company, a CRM without ИНН.
#[test]
fn full_and_short_names_of_the_register_meet() {
    let Some(rows) = rows("egrul_companies.csv") else { return };
    let rows: Vec<_> = rows.into_iter().filter(|r| !r[5].is_empty()).collect();
    let bare: Vec<_> = rows.iter().enumerate().map(|(i, r)| company(&i.to_string(), &r[4], "", "")).collect();
    let all: Vec<(&str, &str, &str)> = rows.iter().map(|r| (&r[5], &r[0], &r[1])).collect();
    let parties = buyers(&all);
    let found = verdicts(&parties, &bare, &[]);
    let inn_of = |id: &str| rows[id.parse::<usize>().expect("a number")][0].to_owned();
    let (mut right, mut lost) = (0, Vec::new());
    for (party, verdict) in parties.iter().zip(&found) {
        let inn = party.inn().map(ToString::to_string).unwrap_or_default();
        match verdict.verdict {
            Verdict::InCrm => {
                assert!(verdict.candidates.iter().any(|c| inn_of(&c.id.id) == inn), "{} -> {verdict:?}", party.name);
                right += 1;
            }
            Verdict::NotInCrm => lost.push(party.name.clone()),
            _ => {}
        }
    }
    // Some short names share no letter group with the full one («ООО "СК"», «ЯРО ООВЖТР»).
    assert!(lost.len() * 100 <= parties.len() * 7, "called absent: {lost:?}");
    assert!(right * 100 >= parties.len() * 80, "{right} of {}", parties.len());
}
