//! Where an entity is: the region behind ИНН and КПП against the town, the phone's area code and the КПП of a record.
//! What a town or an area code says about the region is learned from the CRM itself, from its records with ИНН: the
//! evidence is log2 of the region's share among records of that town over its share among all (a likelihood ratio). One
//! record in a hundred that contradicts the others is taken for a slip. Where all records are of one region both shares are
//! the whole, and no town tells anything.
//! Deliberately absent: lists of towns, regions or area codes.

use rustc_hash::FxHashMap;

use super::profile::{Kind, Profile, Words};

/// Number of a region: the first two digits of ИНН and КПП; Moscow and Saint Petersburg have two, folded into one.
pub(super) type Region = u8;

/// Nothing about a place is worth more, for or against, bits.
const MOST: f64 = 5.0;
const LEAST: f64 = -4.0;
/// Worth of another place.
const ELSEWHERE: f64 = LEAST + 1.0;
/// Fewer than one of so many are slips.
const STRANGE: u32 = 100;
/// Two digits.
const REGIONS: usize = 100;
/// Digits of a phone that may be an area code.
const CODE: std::ops::RangeInclusive<usize> = 3..=5;
/// Fewer records than this say nothing.
const FEW: u32 = 4;

/// What two places were told by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Basis {
    /// The regions of both КПП or ИНН.
    Region,
    /// Our region and what the record's town shows of regions.
    TownOfRegion,
    /// Our region and what the area code of the record's phone shows of regions.
    AreaCode,
    /// Two towns.
    Town,
}

/// Counts of regions.
#[derive(Debug)]
struct Seen {
    all: u32,
    by_region: [u32; REGIONS],
}

impl Default for Seen {
    fn default() -> Self {
        Self { all: 0, by_region: [0; REGIONS] }
    }
}

impl Seen {
    fn add(&mut self, region: Region) {
        self.all += 1;
        if let Some(n) = self.by_region.get_mut(usize::from(region)) {
            *n += 1;
        }
    }

    fn of(&self, region: Region) -> u32 {
        self.by_region.get(usize::from(region)).copied().unwrap_or(0)
    }

    /// Whether there are enough, most of them in one region.
    fn tells(&self) -> bool {
        self.all >= FEW && self.by_region.iter().max().is_some_and(|most| most * 10 >= self.all * 6)
    }

    /// Whether so few of many are of that region that they are slips: then it is as far away as a region can be. A town of
    /// few records proves nothing by one of them.
    fn is_strange(&self, region: Region) -> bool {
        self.of(region).max(1) * STRANGE < self.all
    }

    /// Whether there is more than one region.
    fn differ(&self) -> bool {
        self.by_region.iter().filter(|n| **n > 0).nth(1).is_some()
    }
}

/// About which regions towns, area codes and regions say something else than before: a bit for each region, and one for
/// the town itself.
pub(super) struct Differs {
    towns: Vec<Mask>,
    codes: FxHashMap<String, Mask>,
    regions: Mask,
}

/// A bit for each region.
pub(super) type Mask = u128;
/// Behind the regions: the worth of a common town.
const TOWN: Mask = 1 << 127;

fn bit(region: Option<Region>) -> Mask {
    region.map_or(0, |region| 1 << region.min(126))
}

impl Differs {
    /// For counterparties of which places the record's may be worth something else.
    pub fn of(&self, record: &Profile, words: &Words) -> Mask {
        let town = self.towns.get(record.city as usize).copied().unwrap_or(0);
        let own = (bit(record.region) | bit(record.office)) & self.regions;
        if self.codes.is_empty() {
            return town | own;
        }
        let phones = record.of(Kind::Phone, words).iter().map(|phone| words.key(*phone));
        let codes = phones.flat_map(|phone| CODE.clone().filter_map(move |n| phone.get(..n)));
        codes.filter_map(|code| self.codes.get(code)).fold(town | own, |all, mask| all | mask)
    }

    /// The places of a counterparty, to be held against those of a record.
    pub fn places(party: &Profile) -> Mask {
        bit(party.region) | if party.has_city() { TOWN } else { 0 }
    }
}

/// What the CRM shows about towns, area codes and regions.
#[derive(Debug, Default)]
pub(super) struct Geography {
    regions: Seen,
    /// Of towns and of area codes.
    seen: Vec<Seen>,
    by_town: FxHashMap<u32, u32>,
    by_code: FxHashMap<String, u32>,
    /// Records by town, with or without a region.
    towns: Vec<u32>,
    records: u32,
    /// What each of them says about each region, bits.
    ratios: Vec<f64>,
    /// Worth of the same region, bits.
    surprises: Vec<f64>,
}

impl Geography {
    /// Learns from the records.
    pub fn new(records: &[Profile], words: &Words) -> Self {
        let mut learned = Self { towns: vec![0; words.len_towns()], ..Self::default() };
        let mut by_town: FxHashMap<u32, Seen> = FxHashMap::default();
        let mut by_code: FxHashMap<&str, Seen> = FxHashMap::default();
        for record in records {
            if let Some(n) = learned.towns.get_mut(record.city as usize) {
                learned.records += 1;
                *n += 1;
            }
            let Some(region) = record.region else { continue };
            learned.regions.add(region);
            if record.has_city() {
                by_town.entry(record.city).or_default().add(region);
            }
            for phone in record.of(Kind::Phone, words) {
                for code in CODE.filter_map(|n| words.key(*phone).get(..n)) {
                    by_code.entry(code).or_default().add(region);
                }
            }
        }
        let differ = learned.regions.differ();
        for (town, seen) in by_town.into_iter().filter(|(_, seen)| differ && seen.tells()) {
            learned.by_town.insert(town, learned.seen.len() as u32);
            learned.seen.push(seen);
        }
        for (code, seen) in by_code.into_iter().filter(|(_, seen)| differ && seen.tells()) {
            learned.by_code.insert(code.to_owned(), learned.seen.len() as u32);
            learned.seen.push(seen);
        }
        learned.weigh();
        learned
    }

    /// Notes in the record what its town and phones say.
    pub fn note(&self, record: &mut Profile, words: &Words) {
        record.town_seen = self.by_town.get(&record.city).copied();
        // The shortest code that tells; a mobile prefix is spread over all regions and is not among them.
        let of_phone = |phone: &u32| CODE.clone().find_map(|n| self.by_code.get(words.key(*phone).get(..n)?)).copied();
        record.phones_seen = record.of(Kind::Phone, words).iter().filter_map(of_phone).collect();
    }

    /// How much the places speak for one entity, in bits; `None` when one side has no place.
    #[inline]
    pub fn evidence(&self, party: &Profile, record: &Profile) -> Option<f64> {
        self.basis(party, record).map(|(worth, _)| worth)
    }

    /// The same, and by what.
    pub fn basis(&self, party: &Profile, record: &Profile) -> Option<(f64, Basis)> {
        let region = party.region;
        // A record with КПП stands where its КПП says.
        if let (Some(ours), Some(theirs)) = (region, record.office) {
            let worth = if ours == theirs { self.surprise(ours) } else { ELSEWHERE };
            return Some((worth, Basis::Region));
        }
        let by_region = region.and_then(|ours| self.by_region(ours, record));
        let by_town = (party.has_city() && record.has_city())
            .then(|| if party.city == record.city { self.town(record.city) } else { ELSEWHERE })
            .map(|worth| (worth, Basis::Town));
        match (by_region, by_town) {
            // Both tell of one place: they are no two proofs.
            (Some(a), Some(b)) if b.0 > 0.0 => Some(if b.0 >= a.0 { b } else { a }),
            (Some(a), Some(b)) => Some(if b.0 < a.0 { b } else { a }),
            (one, other) => one.or(other),
        }
    }

    fn by_region(&self, ours: Region, record: &Profile) -> Option<(f64, Basis)> {
        let ratio = |at: &u32| self.ratios.get(*at as usize * REGIONS + usize::from(ours)).copied();
        if let Some(worth) = record.town_seen.as_ref().and_then(ratio) {
            return Some((worth, Basis::TownOfRegion));
        }
        let by_phone = record.phones_seen.iter().filter_map(ratio).max_by(f64::total_cmp);
        by_phone.map(|worth| (worth, Basis::AreaCode)).or_else(|| {
            let theirs = record.region?;
            Some((if theirs == ours { self.surprise(ours) } else { ELSEWHERE }, Basis::Region))
        })
    }

    /// What says something else about places than before.
    pub fn differs(&self, before: &Self) -> Differs {
        let row = |from: &Self, at: Option<&u32>| -> Option<Vec<f64>> {
            let from = at.and_then(|at| from.ratios.get(*at as usize * REGIONS..(*at as usize + 1) * REGIONS))?;
            Some(from.to_vec())
        };
        let mask = |now: Option<Vec<f64>>, then: Option<Vec<f64>>| match (now, then) {
            (None, None) => 0,
            (Some(now), Some(then)) => {
                let differ = |(i, (a, b)): (usize, (&f64, &f64))| if a.total_cmp(b).is_ne() { 1 << i } else { 0 };
                now.iter().zip(&then).enumerate().map(differ).fold(0, |all, one: Mask| all | one)
            }
            _ => !TOWN,
        };
        let town = |town: u32| {
            let worth = if self.town(town).total_cmp(&before.town(town)).is_ne() { TOWN } else { 0 };
            worth | mask(row(self, self.by_town.get(&town)), row(before, before.by_town.get(&town)))
        };
        let code = |code: &String| mask(row(self, self.by_code.get(code)), row(before, before.by_code.get(code)));
        let codes = self.by_code.keys().chain(before.by_code.keys());
        let regions = (0..REGIONS as Region).filter(|r| self.surprise(*r).total_cmp(&before.surprise(*r)).is_ne());
        Differs {
            towns: (0..self.towns.len().max(before.towns.len()) as u32).map(town).collect(),
            codes: codes.map(|text| (text.clone(), code(text))).filter(|(_, mask)| *mask != 0).collect(),
            regions: regions.fold(0, |all, region| all | bit(Some(region))),
        }
    }

    /// Works out what every town, area code and region is worth.
    fn weigh(&mut self) {
        let all = f64::from(self.regions.all);
        let share = |region: Region| (f64::from(self.regions.of(region)) + 0.5) / (all + 40.0);
        // Likelihood ratio of the region among records of the town against all records, smoothed by one record.
        let ratio = |seen: &Seen, region: Region| {
            if seen.is_strange(region) {
                return LEAST;
            }
            let here = (f64::from(seen.of(region)) + share(region)) / (f64::from(seen.all) + 1.0);
            whole((here / share(region)).log2().clamp(LEAST, MOST))
        };
        let regions = 0..REGIONS as Region;
        self.ratios = self
            .seen
            .iter()
            .flat_map(|seen| regions.clone().map(move |region| (seen, region)))
            .map(|(seen, region)| ratio(seen, region))
            .collect();
        self.surprises = regions.map(|region| whole((-share(region).log2() * 0.9).clamp(0.0, MOST))).collect();
    }

    /// Worth of the same region.
    #[inline]
    fn surprise(&self, region: Region) -> f64 {
        self.surprises.get(usize::from(region)).copied().unwrap_or(MOST)
    }

    /// Worth of the same town.
    #[inline]
    fn town(&self, town: u32) -> f64 {
        let seen = f64::from(self.towns.get(town as usize).copied().unwrap_or(0)) + 0.5;
        whole(((f64::from(self.records) + 40.0) / seen).log2().clamp(0.0, MOST))
    }
}

/// To the nearest whole bit: one record more or less moves few of them.
fn whole(bits: f64) -> f64 {
    bits.round()
}
