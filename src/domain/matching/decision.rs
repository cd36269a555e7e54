//! From what was found to the verdict (rules, section 2). Absence is only said when nothing is left above the review
//! threshold; everything else is for a person. Deliberately absent: searching, words for reasons (`reason`).

use super::{
    Detail, MatchSettings,
    assign::MARGIN,
    doubt::Doubt,
    found::{Found, Scored},
    naming::NameLevel,
    profile::Profile,
    reason,
    search::Search,
};
use crate::domain::{
    text::Text,
    verdict::{Candidate, PartyVerdict, Verdict, Work},
};

/// Evidence at which a person looks, and at which a match is automatic, in bits; the default thresholds stand there.
const REVIEW: f64 = -3.2;
const ACCEPT: f64 = 2.8;
/// From here on another record of the entity found is one of it, and a candidate of a poor card is shown, bits.
const ALIVE: f32 = 0.0;
const NEAR: f32 = -4.0;
/// Score of a match by ИНН.
pub(super) const SURE: u32 = 10_000;

/// Candidates listed for an uncertain counterparty, and rejected ones for an absent one.
const LISTED: usize = 8;
const REJECTED: usize = 3;

/// Score of so much evidence: 7500 at the review point, 9300 at the accept point, never above 9999 or below 0.
pub(super) fn score(bits: f64) -> u32 {
    let value = if bits < REVIEW {
        7_500.0 + (bits - REVIEW) * 375.0
    } else if bits < ACCEPT {
        7_500.0 + (bits - REVIEW) / (ACCEPT - REVIEW) * 1_800.0
    } else {
        9_999.0 - 699.0 * (-(bits - ACCEPT) / 4.0).exp2()
    };
    value.clamp(0.0, 9_999.0).round() as u32
}

/// Least evidence of that score: where a company's own thresholds stand.
pub(super) fn bits_at(score_bp: u32) -> f64 {
    let score = f64::from(score_bp.min(9_998));
    if score < 7_500.0 {
        REVIEW + (score - 7_500.0) / 375.0
    } else if score < 9_300.0 {
        REVIEW + (score - 7_500.0) / 1_800.0 * (ACCEPT - REVIEW)
    } else {
        ACCEPT - 4.0 * ((9_999.0 - score) / 699.0).log2()
    }
}

/// Whether a candidate may be automatic on its own.
pub(super) fn accepted(candidate: &Scored, settings: &MatchSettings) -> bool {
    let blocking = candidate.doubts.iter().any(|doubt| !matches!(doubt, Doubt::Contested(_)));
    !blocking && score(f64::from(candidate.bits) - f64::from(candidate.others)) >= settings.accept_bp
}

/// Whether the first candidate has no equal among other entities. Deleted records are no equals.
pub(super) fn is_clear(scored: &[Scored], search: &Search<'_>) -> bool {
    scored.first().is_some_and(|best| has_no_equal(best, scored, search))
}

fn has_no_equal(best: &Scored, scored: &[Scored], search: &Search<'_>) -> bool {
    let entity = |c: &Scored| search.cluster.get(c.record as usize).copied();
    scored
        .iter()
        .filter(|other| entity(other) != entity(best) && !other.doubts.has(Doubt::Gone))
        .all(|other| other.bits < best.bits - MARGIN)
}

/// On which side of everything that a verdict holds it against a candidate stands.
pub(super) fn sides(c: &Scored, settings: &MatchSettings) -> [bool; 6] {
    let open = score(f64::from(c.bits)) >= settings.review_bp;
    let supported = c.comparison.supported();
    [accepted(c, settings), open, c.bits > ALIVE, c.bits > NEAR, supported, is_only_met(c)]
}

/// Whether it was only met on the way: it has nothing in common with the name, nor a contact or number.
fn is_only_met(c: &Scored) -> bool {
    let c = &c.comparison;
    c.name.level == NameLevel::Unlike && !(c.phone || c.email || c.domain || c.external || c.kpp == Some(true))
}

/// Whether the best of those that are not deleted has no equal.
pub(super) fn stands_out(scored: &[Scored], search: &Search<'_>) -> bool {
    let best = scored.iter().find(|c| !c.doubts.has(Doubt::Gone)).or(scored.first());
    best.is_some_and(|best| has_no_equal(best, scored, search))
}

/// Where the words of a candidate come from.
#[derive(Clone, Copy)]
pub(super) enum Words<'a> {
    /// Told as they are.
    Told,
    /// The candidates of most verdicts have none.
    Left,
    /// Known from before, or else told.
    Known(&'a dyn Fn(&Scored) -> Option<Text>),
}

impl From<Detail> for Words<'_> {
    fn from(detail: Detail) -> Self {
        match detail {
            Detail::Full => Self::Told,
            Detail::Verdict => Self::Left,
        }
    }
}

/// The verdict on the counterparty at that place.
pub(super) fn verdict(i: usize, found: Found, search: &Search<'_>, words: Words<'_>) -> PartyVerdict {
    let work = Work { records: search.records.len() as u32, ..found.work };
    PartyVerdict { work, ..judge(i, found, work, search, words) }
}

fn judge(i: usize, mut found: Found, work: Work, search: &Search<'_>, words: Words<'_>) -> PartyVerdict {
    let Some((party, profile)) = search.parties.get(i).zip(search.profiles.get(i)) else {
        return answer(String::new(), Verdict::NotJudgeable, Vec::new(), Text::default());
    };
    let key = party.key.0.clone();
    if let Some((_, decision)) = found.confirmed().first() {
        let candidates = found.confirmed().iter().map(|(id, _)| reason::confirmed(id, search)).collect();
        let id = decision.clone();
        return PartyVerdict { decision: Some(id), ..answer(key, Verdict::InCrm, candidates, reason::by_decision()) };
    }
    // Deleted records step behind living ones: they never decide, they only make a person look.
    found.scored.sort_by_key(|c| c.doubts.has(Doubt::Gone));
    let settings = search.settings;
    let listed = |list: &[&Scored], n: usize| -> Vec<Candidate> {
        let worded = |c: &Scored| match words {
            Words::Told => reason::matched(c, i, search),
            Words::Left => Text::default(),
            Words::Known(known) => known(c).unwrap_or_else(|| reason::matched(c, i, search)),
        };
        list.iter()
            .take(n)
            .filter_map(|c| reason::shown(c.record, score(f64::from(c.bits)), worded(c), search))
            .collect()
    };
    let first = found.scored.first();
    let acceptable = first.is_some_and(|best| accepted(best, settings)) && is_clear(&found.scored, search);

    if !found.by_inn.is_empty() {
        let mut candidates: Vec<Candidate> =
            found.by_inn.iter().filter_map(|(r, _)| reason::by_inn(*r, profile, search, SURE)).collect();
        if found.names_unrelated && acceptable {
            candidates.extend(listed(&found.scored.iter().collect::<Vec<_>>(), 1));
            return answer(key, Verdict::Uncertain, candidates, reason::inn_and_name_disagree());
        }
        let why = reason::inn_matched(&candidates, found.names_unrelated);
        // The record of its own place first, be it one without ИНН.
        if let Some(place) = found.place {
            if let Some(at) = found.by_inn.iter().position(|(record, _)| *record == place) {
                if at < candidates.len() {
                    let own = candidates.remove(at);
                    candidates.insert(0, own);
                }
            } else if let Some(own) = found.scored.iter().find(|c| c.record == place) {
                candidates.splice(0..0, listed(&[own], 1));
            }
        }
        // A card that was merged into another or entered anew proves that the client had been entered before.
        candidates.extend(found.gone.iter().filter_map(|r| reason::gone_by_inn(*r, profile, search, SURE)));
        return answer(key, Verdict::InCrm, candidates, why);
    }
    let poor = poor_name(profile, search);
    if acceptable
        && let Some(best) = first
        && (poor.is_none() || best.comparison.supported())
    {
        let entity = search.cluster.get(best.record as usize);
        let same: Vec<&Scored> = found
            .scored
            .iter()
            .filter(|c| search.cluster.get(c.record as usize) == entity && c.bits > ALIVE)
            .filter(|c| !c.doubts.has(Doubt::Gone) && !c.doubts.has(Doubt::OtherInn))
            .collect();
        let candidates = listed(&same, LISTED);
        let told = candidates.first().map(|c| c.reason.clone()).filter(|reason| !reason.ru.is_empty());
        let why = told.unwrap_or_else(|| reason::matched(best, i, search));
        return answer(key, Verdict::InCrm, candidates, why);
    }
    if let Some(why) = poor {
        let near: Vec<&Scored> = found.scored.iter().filter(|c| c.bits > NEAR).collect();
        return answer(key, Verdict::NotJudgeable, listed(&near, REJECTED), why);
    }
    let open: Vec<&Scored> = found.scored.iter().filter(|c| score(f64::from(c.bits)) >= settings.review_bp).collect();
    if let Some(best) = open.first() {
        let tie = !is_clear(&found.scored, search);
        return answer(key, Verdict::Uncertain, listed(&open, LISTED), reason::doubtful(best, tie, search));
    }
    let mut rejected: Vec<Candidate> =
        found.other_branch.iter().filter_map(|r| reason::other_branch(*r, search)).take(REJECTED).collect();
    let branch = !rejected.is_empty();
    let near: Vec<&Scored> = found.scored.iter().filter(|c| !is_only_met(c)).collect();
    rejected.extend(listed(&near, REJECTED - rejected.len()));
    if work.limited && !branch {
        // Absence is only said of what was looked at to the end.
        return answer(key, Verdict::Uncertain, rejected, reason::too_many(work));
    }
    let why = absence(i, &found, rejected.is_empty(), work, search);
    answer(key, Verdict::NotInCrm, rejected, why)
}

/// Why absence is said; `nothing`: there is not even a rejected candidate.
pub(super) fn absence(i: usize, found: &Found, nothing: bool, work: Work, search: &Search<'_>) -> Text {
    let numbered = search.profiles.get(i).is_some_and(|profile| !profile.inns(&search.words).is_empty());
    let branch = found.other_branch.iter().any(|r| reason::other_branch(*r, search).is_some());
    reason::absent(numbered, nothing, branch, work)
}

fn answer(key: String, verdict: Verdict, candidates: Vec<Candidate>, reason: Text) -> PartyVerdict {
    PartyVerdict {
        party: crate::domain::party::PartyKey(key),
        verdict,
        candidates,
        reason,
        decision: None,
        work: Work::default(),
    }
}

/// Why the counterparty cannot be judged by its name, if it cannot: no ИНН, and nothing but general words, hardly a
/// letter, or words so common that even an equal name would prove nothing.
fn poor_name(profile: &Profile, search: &Search<'_>) -> Option<Text> {
    if !profile.ids(&search.words).is_empty() {
        return None;
    }
    let telling: Vec<_> = profile.names(&search.words).iter().filter(|name| !search.is_general(name)).collect();
    if telling.is_empty() {
        return Some(reason::general_name());
    }
    if telling.iter().all(|name| name.joined(&search.words).chars().count() < 3) {
        return Some(reason::short_name());
    }
    let most = telling
        .iter()
        .map(|name| {
            let words: f64 = name.words(&search.words).iter().map(|w| search.weights.word(*w)).sum();
            let (bits, namesakes) = (search.weights.name(name), name.others);
            search.weights.prior() + words.min(bits + if namesakes == 0 { 4.0 } else { 0.0 }) + 0.7
        })
        .fold(f64::MIN, f64::max);
    (most < REVIEW).then(reason::common_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threshold_stands_where_the_score_says() {
        for score_bp in (100..9_990).step_by(13) {
            assert_eq!(score(bits_at(score_bp)), score_bp);
        }
        assert_eq!((score(REVIEW), score(ACCEPT)), (7_500, 9_300));
    }
}
