//! Samples of the monthly pages. Deliberately absent: real names and shares.

use crate::domain::{
    facts::{Facts, Outcome},
    money::Rate,
    org::EmployeeId,
    period::Period,
    report::{
        CompanyReport, PilotReport, ReportContext,
        company::{
            Cohort, CompanyState, EffectState, FixRow, Learner, ModelCard, ModelDeal, MonthShares, OfHead, Readiness,
            TrainingEffect, TrainingList,
        },
        pilot::{Measure, PilotGroup, PilotMonth, Said, Side},
    },
};

/// A page without and one with everything.
pub(super) fn company(facts: &Facts, ctx: &ReportContext, full: bool) -> CompanyReport {
    let period = Period::of(ctx.today()).prev();
    let mut page = CompanyReport::build(facts, &Outcome::default(), period, ctx);
    if !full {
        return page;
    }
    let share = Some(Rate::from_bp(9_140));
    let month = |period, complete| MonthShares {
        period,
        clients: 41,
        known_clients: 38,
        known: share,
        judged: share,
        complete,
        uncertain: Some(Rate::from_bp(120)),
        not_judgeable: Some(Rate::from_bp(40)),
    };
    page.state = CompanyState::Ready;
    page.month = month(period, share);
    page.trend = vec![month(period.prev(), None), page.month.clone()];
    (page.hands.single, page.hands.shared, page.hands.unknown) = (share, share, share);
    (page.hands.clients, page.hands.left, page.hands.silent) = ([12, 20, 6], 2, 6);
    let tried = |share, lacking| Readiness {
        segment: "vip".to_owned(),
        clients: 30,
        passing: 12,
        share,
        turnover: share,
        now: share,
        lacking,
    };
    let lacking = vec![("phone".to_owned(), 9), ("email".to_owned(), 4)];
    page.readiness = vec![tried(share, lacking), tried(None, Vec::new())];
    let cohort = |bands, complete| Cohort { bands, people: 3, sales: 40, on_time: share, missing: share, complete };
    page.cohorts.rows = vec![cohort(vec!["under_3_months", "under_1_year"], share), cohort(vec!["over_3_years"], None)];
    page.cohorts.people = 6;
    page.card = Some(ModelCard {
        period,
        record: String::new(),
        party: String::new(),
        seller: String::new(),
        segment: "all".to_owned(),
        fields: vec!["phone".to_owned(), "email".to_owned()],
        complete_at: ctx.local(ctx.as_of),
        days_ahead: 2,
        chosen_from: 4,
    });
    page.deal = Some(ModelDeal {
        period,
        number: String::new(),
        party: String::new(),
        seller: String::new(),
        amount: None,
        date: None,
        segment: "all".to_owned(),
        activities: 7,
        won: Some(1),
        days_ahead: 2,
        chosen_from: 4,
    });
    page.of_head = Some(OfHead { department: "Розница".to_owned(), fixes: fixes(), training: trainings(ctx) });
    page
}

/// Managers with and without a complete card.
pub(super) fn fixes() -> Vec<FixRow> {
    let row = |hours: Vec<i64>| FixRow {
        id: EmployeeId("0012".to_owned()),
        name: "Иванова Анна".to_owned(),
        alerted: 5,
        fixed: 3,
        entered: 1,
        hours,
    };
    vec![row(Vec::new()), row(vec![5, 26, 100])]
}

/// A topic, and trainings in every state.
pub(super) fn trainings(ctx: &ReportContext) -> TrainingList {
    let states = [EffectState::Measured, EffectState::Early, EffectState::Empty, EffectState::Unmeasurable];
    let effect = |state| TrainingEffect {
        name: "Иванова Анна".to_owned(),
        topic: "phone".to_owned(),
        on: ctx.today(),
        until: ctx.today(),
        state,
        before: (6, 9),
        after: (2, 8),
    };
    let learner = Learner {
        name: "Иванова Анна".to_owned(),
        cards: 9,
        topics: vec![("phone".to_owned(), 4), ("inn".to_owned(), 1)],
    };
    TrainingList { people: vec![learner], trainings: states.into_iter().map(effect).collect() }
}

/// The same of the pilot: each thing that a comparison may say.
pub(super) fn pilot(facts: &Facts, ctx: &ReportContext, full: bool) -> PilotReport {
    let period = Period::of(ctx.today()).prev();
    let share = |bp| Some(Rate::from_bp(bp));
    let side = |share| Side { people: 4, clients: 40, hits: 36, share };
    let measure = |code, said, numbers: Option<[i32; 3]>| Measure {
        code,
        pilot: side(numbers.and_then(|_| share(9_000))),
        rest: side(numbers.and_then(|_| share(7_120))),
        said,
        difference_bp: numbers.map(|n| n[0]),
        low_bp: numbers.map(|n| n[1]),
        high_bp: numbers.map(|n| n[2]),
    };
    let group = |measures| PilotGroup {
        name: "пилот".to_owned(),
        rules: vec!["completeness".to_owned(), "freshness".to_owned()],
        people: 4,
        rest: 8,
        measures,
        months: [(share(9_000), share(7_120)), (None, None)]
            .map(|(pilot, rest)| PilotMonth { period, pilot, rest })
            .to_vec(),
    };
    let groups = if full {
        vec![
            group(vec![
                measure("in_time", Said::Above, Some([1_880, 420, 3_210])),
                measure("complete", Said::NotApart, Some([310, -900, 1_500])),
            ]),
            group(vec![
                measure("in_time", Said::Below, Some([-1_880, -3_210, -420])),
                measure("complete", Said::TooFew, None),
            ]),
        ]
    } else {
        vec![PilotGroup { months: Vec::new(), ..group(vec![measure("in_time", Said::TooFew, None)]) }]
    };
    let occasion = format!("{period}{}", if full { ".once" } else { "" });
    PilotReport { frame: ctx.frame(facts), period, occasion, groups }
}
