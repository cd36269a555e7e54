//! The trade-off that the two thresholds of `[matching]` set: what automatic links are worth, how much goes to people, and
//! how many clients of the CRM are unfairly called absent. On a labelled folder (`SVERKA_BENCH_LABELLED`, with `truth.csv`
//! and `crm_companies.csv`) and on real names, if they are there. Run with `cargo bench --bench matching`.
//! Deliberately absent: assertions; choosing the thresholds for anybody.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    time::Instant,
};

use chrono::{DateTime, NaiveDate};
use sverka::domain::{
    crm::{CrmId, CrmKind, CrmRecord, KnownRecord},
    finding::SourceRef,
    matching::{MatchSettings, Matcher, pair},
    money::Money,
    normalise,
    party::Counterparty,
    sale::{PartyCard, PartyRef, Sale, SaleKey},
    verdict::{PartyVerdict, Verdict},
};

const ACCEPT: [u32; 7] = [8_000, 8_500, 9_000, 9_300, 9_500, 9_700, 9_900];
const REVIEW: [u32; 7] = [5_000, 6_000, 6_500, 7_000, 7_500, 8_000, 8_500];

fn main() {
    // `cargo test --benches` only checks that it starts.
    if std::env::args().any(|a| a == "--test") {
        return;
    }
    match std::env::var("SVERKA_BENCH_LABELLED") {
        Ok(folder) => labelled(Path::new(&folder)),
        Err(_) => println!("SVERKA_BENCH_LABELLED is not set: no labelled folder"),
    }
    let names = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/names"));
    if names.is_dir() {
        spellings(names);
        register(names);
    } else {
        println!("names/ is absent: no real names");
    }
}

/// A buyer as written, the records that are it, and whether nobody can know so.
struct Label {
    name: String,
    inn: String,
    kpp: String,
    right: BTreeSet<String>,
    renamed: bool,
}

fn labelled(folder: &Path) {
    let labels: Vec<Label> = rows(&folder.join("truth.csv"))
        .iter()
        .map(|row| Label {
            name: cell(row, "name"),
            inn: cell(row, "inn"),
            kpp: cell(row, "kpp"),
            right: std::iter::once(cell(row, "crm_id"))
                .chain(cell(row, "alt_crm_ids").split('|').map(str::to_owned))
                .filter(|id| !id.is_empty())
                .collect(),
            renamed: cell(row, "tags").split('+').any(|tag| tag == "renamed"),
        })
        .collect();
    let records: Vec<KnownRecord> = rows(&folder.join("crm_companies.csv"))
        .iter()
        .map(|row| {
            let mut known = company(&cell(row, "id"), &cell(row, "title"), &cell(row, "inn"), &cell(row, "kpp"));
            known.record.phone = cell(row, "phone");
            known.record.email = cell(row, "email");
            known.record.city = cell(row, "city");
            known
        })
        .collect();
    println!("labelled: {} buyers as written, {} records", labels.len(), records.len());
    weeks(&labels, &records);
    if std::env::var("SVERKA_BENCH_WEEKS").is_ok() {
        return;
    }
    println!("accept_bp  automatic: precision  recall   to people");
    for accept_bp in ACCEPT {
        let score = judge(&labels, &records, &MatchSettings { accept_bp, ..MatchSettings::default() });
        println!("{accept_bp:>9}  {:>20.4}  {:.4}  {:>9.4}", score.precision(), score.recall(), score.people());
    }
    println!("review_bp  to people  unfairly absent  called present though absent");
    for review_bp in REVIEW {
        let score = judge(&labels, &records, &MatchSettings { review_bp, ..MatchSettings::default() });
        println!("{review_bp:>9}  {:>9.4}  {:>15.4}  {:>28.4}", score.people(), score.unfair(), score.missed());
    }
    println!("accounting's list beside the sales  automatic: precision  recall   to people  unfairly absent");
    for (share, known) in
        [("none", 0), ("phone and town of a third", 3_333), ("of two thirds", 6_667), ("of all", 10_000)]
    {
        let cards = cards(&labels, &records, known);
        let score = judge_with(&labels, &records, &cards, &MatchSettings::default());
        let (precision, recall) = (score.precision(), score.recall());
        println!("{share:>34}  {precision:>20.4}  {recall:.4}  {:>9.4}  {:>15.4}", score.people(), score.unfair());
    }
}

/// Memory of this process now, KB.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()).and_then(|kb| kb.parse().ok()).unwrap_or(0)
}

/// A run that goes on from the last one, week after week, beside a whole run. In a week one record in a hundred and one
/// counterparty in a hundred changes (`SVERKA_BENCH_EVERY=50`: one in fifty): another title or name, with a slip, another
/// phone, the town of another record, no number, gone, or new.
fn weeks(labels: &[Label], records: &[KnownRecord]) {
    let sales: Vec<Sale> = labels.iter().zip(1..).map(|(l, n)| sale(n, &l.name, &l.inn, &l.kpp)).collect();
    let (mut parties, ..) = normalise::parties(&sales, &[]);
    let mut records = records.to_vec();
    let every: usize = std::env::var("SVERKA_BENCH_EVERY").ok().and_then(|n| n.parse().ok()).unwrap_or(100);
    let settings = MatchSettings::default();
    let mut matcher = Matcher::default();
    let before = resident();
    println!("one in {every} changes");
    println!("going on    seconds  whole run  verdicts that differ");
    for week in 0..5 {
        let started = Instant::now();
        let again = matcher.pair(&parties, &records, &[], &settings);
        let going_on = started.elapsed().as_secs_f64();
        if week == 0 {
            println!("kept: {} KB for each counterparty", (resident() - before) / again.len().max(1) as u64);
        }
        let started = Instant::now();
        let whole = pair(&parties, &records, &[], &settings);
        let took = started.elapsed().as_secs_f64();
        let differ = again.iter().zip(&whole).filter(|(a, b)| **a != *b).count();
        println!("week {week:>5}  {going_on:>8.2}  {took:>9.2}  {differ:>20}");
        let slip = |text: &str| {
            let mut letters: Vec<char> = text.chars().collect();
            letters.remove(letters.len() / 2);
            letters.into_iter().collect::<String>()
        };
        for at in (week..records.len()).step_by(every) {
            let town = records[(at + records.len() / 2) % records.len()].record.city.clone();
            let record = &mut records[at].record;
            match at / every % 6 {
                0 | 1 => record.title = slip(&record.title),
                2 => record.phone = format!("+7 9{at:09}"),
                3 => record.city = town,
                4 => record.inn.clear(),
                _ => record.id.id.push_str("-new"),
            }
        }
        for at in (week..parties.len()).step_by(every) {
            let (old, row) = (parties[at].clone(), &labels[at % labels.len()]);
            let name = if (at / every).is_multiple_of(2) { slip(&old.name) } else { row.name.clone() };
            parties[at] = Counterparty {
                spellings: vec![PartyRef { name: name.clone(), ..(*old.spellings[0]).clone() }.into()],
                name,
                ..old
            };
        }
    }
}

/// Accounting's list of counterparties: so many of ten thousand cards have a phone and a town. Where the client is in the
/// CRM these are its own, but every tenth phone is another one and every tenth town the next one's; who is in no CRM has
/// those of a company that has nothing to do with it.
fn cards(labels: &[Label], records: &[KnownRecord], known: u64) -> Vec<PartyCard> {
    let by_id: BTreeMap<&str, &KnownRecord> = records.iter().map(|r| (r.record.id.id.as_str(), r)).collect();
    let mut state = 88_172_645_463_325_252_u64;
    // Marsaglia's xorshift (2003): the same cards every time.
    let mut draw = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let mut cards = Vec::new();
    for label in labels {
        let any = &records[draw(records.len() as u64) as usize].record;
        let own = label.right.iter().find_map(|id| by_id.get(id.as_str())).map_or(any, |known| &known.record);
        let (has, phone, town) = (draw(10_000) < known, draw(10), draw(10));
        let party =
            PartyRef { code: String::new(), name: label.name.clone(), inn: label.inn.clone(), kpp: label.kpp.clone() };
        let strange = format!("+7 9{:09}", draw(1_000_000_000));
        cards.push(PartyCard {
            party,
            phone: if !has {
                String::new()
            } else if phone > 0 && !label.right.is_empty() {
                own.phone.clone()
            } else {
                strange
            },
            city: if !has {
                String::new()
            } else if town > 0 {
                own.city.clone()
            } else {
                any.city.clone()
            },
            ..PartyCard::default()
        });
    }
    cards
}

/// Counts of one setting.
#[derive(Default)]
struct Score {
    all: f64,
    there: f64,
    known: f64,
    automatic: f64,
    right: f64,
    uncertain: f64,
    lost: f64,
    invented: f64,
}

impl Score {
    fn add(&mut self, verdict: &PartyVerdict, right: &BTreeSet<String>, renamed: bool) {
        let there = !right.is_empty();
        self.all += 1.0;
        self.there += f64::from(there);
        self.known += f64::from(there && !renamed);
        match verdict.verdict {
            Verdict::InCrm => {
                self.automatic += 1.0;
                self.right += f64::from(verdict.candidates.first().is_some_and(|c| right.contains(&c.id.id)));
                self.invented += f64::from(!there);
            }
            Verdict::Uncertain => self.uncertain += 1.0,
            Verdict::NotInCrm => self.lost += f64::from(there && !renamed),
            Verdict::NotJudgeable => {}
        }
    }

    fn precision(&self) -> f64 {
        self.right / self.automatic.max(1.0)
    }

    fn recall(&self) -> f64 {
        self.right / self.there.max(1.0)
    }

    fn people(&self) -> f64 {
        self.uncertain / self.all.max(1.0)
    }

    fn unfair(&self) -> f64 {
        self.lost / self.known.max(1.0)
    }

    fn missed(&self) -> f64 {
        self.invented / (self.all - self.there).max(1.0)
    }
}

fn judge(labels: &[Label], records: &[KnownRecord], settings: &MatchSettings) -> Score {
    judge_with(labels, records, &[], settings)
}

fn judge_with(labels: &[Label], records: &[KnownRecord], cards: &[PartyCard], settings: &MatchSettings) -> Score {
    let sales: Vec<Sale> = labels.iter().zip(1..).map(|(l, n)| sale(n, &l.name, &l.inn, &l.kpp)).collect();
    let (parties, party_of, _) = normalise::parties(&sales, cards);
    let verdicts = pair(&parties, records, &[], settings);
    let mut score = Score::default();
    for (label, party) in labels.iter().zip(party_of) {
        score.add(&verdicts[party], &label.right, label.renamed);
    }
    score
}

/// Real spellings of real names among thousands of other companies, neither side with ИНН.
fn spellings(names: &Path) {
    let variants = rows(&names.join("levenschtain_ru_variants.csv"));
    let others = rows(&names.join("levenschtain_ru_distractors.csv"));
    let numbers: BTreeMap<String, usize> = variants.iter().map(|row| cell(row, "query")).zip(0..).collect();
    // The distractors hold the names themselves too: two equal records are nothing to choose between.
    let plain = |name: &str| normalise::name::Name::new(name).core();
    let asked: BTreeSet<String> = numbers.keys().map(|name| plain(name)).collect();
    let distractors = others
        .iter()
        .enumerate()
        .filter(|(_, row)| !asked.contains(&plain(&cell(row, "name"))))
        .map(|(i, row)| company(&format!("x{i}"), &cell(row, "name"), "", ""));
    let own = numbers.iter().map(|(name, i)| company(&format!("q{i}"), name, "", ""));
    let records: Vec<KnownRecord> = distractors.chain(own).collect();
    let mut score = Score::default();
    let started = Instant::now();
    for row in variants.iter().filter(|row| cell(row, "legal_form_differs") == "0") {
        let verdict = pair(&buyers(&[(cell(row, "variant"), String::new())]), &records, &[], &MatchSettings::default());
        let right: BTreeSet<String> = [format!("q{}", numbers[&cell(row, "query")])].into();
        score.add(&verdict[0], &right, false);
    }
    print("spellings of a search engine's tests", &score, started);
}

/// Full, short and English names of the state register against each other, neither side with ИНН; then with ИНН, the two
/// sides having no company in common.
fn register(names: &Path) {
    let list = rows(&names.join("egrul_companies.csv"));
    for (from, to) in
        [("name_full", "name_short"), ("name_short", "name_full"), ("name_en", "name_full"), ("name_full", "name_en")]
    {
        let both: Vec<_> = list.iter().filter(|row| !cell(row, from).is_empty() && !cell(row, to).is_empty()).collect();
        // The other companies of the register stand in the CRM too, under the same kind of name or their full one.
        let title =
            |row: &Row| Some(cell(row, to)).filter(|name| !name.is_empty()).unwrap_or_else(|| cell(row, "name_full"));
        let records: Vec<KnownRecord> =
            list.iter().map(|row| company(&cell(row, "inn"), &title(row), "", "")).collect();
        let started = Instant::now();
        let mut score = Score::default();
        let asked: Vec<(String, String)> = both.iter().map(|row| (cell(row, from), String::new())).collect();
        let sales: Vec<Sale> = asked.iter().zip(1..).map(|((name, _), n)| sale(n, name, "", "")).collect();
        let (parties, party_of, _) = normalise::parties(&sales, &[]);
        let found = pair(&parties, &records, &[], &MatchSettings::default());
        for (row, party) in both.iter().zip(party_of) {
            // Companies of one name cannot be told apart without ИНН: any of them is right.
            let same = |r: &&Row| ["name_full", from].iter().any(|column| cell(r, column) == cell(row, column));
            let right = list.iter().filter(same).map(|r| cell(r, "inn")).collect();
            score.add(&found[party], &right, false);
        }
        print(&format!("register: {from} -> {to}"), &score, started);
    }
    let half = list.len() / 2;
    let known: BTreeSet<String> = list[half..].iter().map(|row| cell(row, "inn")).collect();
    let records: Vec<KnownRecord> = list[half..]
        .iter()
        .map(|row| company(&cell(row, "inn"), &cell(row, "name_short"), &cell(row, "inn"), ""))
        .collect();
    let ours: Vec<(String, String)> = list[..half]
        .iter()
        .filter(|row| !known.contains(&cell(row, "inn")))
        .map(|row| (cell(row, "name_full"), cell(row, "inn")))
        .collect();
    let found = pair(&buyers(&ours), &records, &[], &MatchSettings::default());
    let wrong = found.iter().filter(|v| v.verdict == Verdict::InCrm).count();
    println!("register, halves with ИНН: {wrong} automatic links between different ИНН of {} buyers", found.len());
}

fn print(what: &str, score: &Score, started: Instant) {
    println!(
        "{what}: {} names, automatic {} (precision {:.4}, recall {:.4}), to people {}, called absent {}; {:.2} s",
        score.all,
        score.automatic,
        score.precision(),
        score.recall(),
        score.uncertain,
        score.lost,
        started.elapsed().as_secs_f64()
    );
}

type Row = BTreeMap<String, String>;

fn rows(path: &Path) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    reader.deserialize().map(|row| row.unwrap_or_else(|e| panic!("{}: {e}", path.display()))).collect()
}

fn cell(row: &Row, column: &str) -> String {
    row.get(column).cloned().unwrap_or_default()
}

fn buyers(list: &[(String, String)]) -> Vec<Counterparty> {
    let sales: Vec<Sale> = list.iter().zip(1..).map(|((name, inn), n)| sale(n, name, inn, "")).collect();
    normalise::parties(&sales, &[]).0
}

fn sale(number: u32, name: &str, inn: &str, kpp: &str) -> Sale {
    let date = NaiveDate::from_ymd_opt(2026, 11, 5).expect("a date");
    Sale {
        key: SaleKey::new("Компания", &number.to_string(), date),
        organisation: "Компания".into(),
        number: number.to_string(),
        date,
        party: PartyRef { code: String::new(), name: name.into(), inn: inn.into(), kpp: kpp.into() },
        manager: String::new(),
        amount: Money::from_kopecks(100),
        net: None,
        margin: None,
        bonus: None,
        currency: "RUB".into(),
        returns: None,
        file_hash: String::new(),
        source: SourceRef::default(),
    }
}

fn company(id: &str, title: &str, inn: &str, kpp: &str) -> KnownRecord {
    KnownRecord {
        record: CrmRecord {
            inn: inn.into(),
            kpp: kpp.into(),
            ..CrmRecord::new(CrmId { source: "crm".into(), kind: CrmKind::Company, id: id.into() }, title)
        },
        entered_at: DateTime::UNIX_EPOCH,
        gone: false,
    }
}
