//! Bands of premiums and tiers of rates: contiguous, covering everything, each told with its place. Deliberately absent:
//! which rules have bands (`policy_rules`, `policy_kinds`).

use super::{
    amount::{percent, premium_of, share_of},
    reader::Section,
    spot::Spot,
};
use crate::domain::{
    money::Rate,
    policy::{Band, Tier},
    text::Text,
};

/// Bands over 0..100 %: each begins where the one before ends, the first at 0 %, the last ends at 100 % inclusive.
pub(super) fn bands(s: &Section<'_>) -> Vec<Band> {
    let mut bands: Vec<Band> = Vec::new();
    let mut complete = true;
    let sections = s.sections("bands");
    let mut last: Option<Spot> = None;
    let mut expected = Rate::ZERO;
    for band in &sections {
        band.require(&["from", "to", "premium"]);
        let rate = |key| band.node(key).and_then(|node| share_of(node, s.sink()));
        let (from, to) = (rate("from"), rate("to"));
        let premium = band.node("premium").and_then(|node| premium_of(node, s.sink()));
        band.finish();
        let (Some(from), Some(to), Some(premium)) = (from, to, premium) else {
            complete = false;
            continue;
        };
        if complete && from != expected {
            gap(band, from, expected);
        }
        if to <= from {
            band.error(
                "to",
                Text::new("полоса пуста: конец не выше начала", "the band is empty: it ends where it begins"),
            );
        }
        if to > Rate::WHOLE {
            band.error("to", Text::new("полоса кончается выше 100 %", "the band ends above 100 %"));
        }
        expected = to;
        last = Some(band.at("to"));
        bands.push(Band { from, to, premium });
    }
    if let Some(at) = last
        && complete
        && expected < Rate::WHOLE
    {
        s.sink().error_hint(
            at,
            Text::new(
                format!("полосы кончаются на {}, а не на 100 %", percent(expected)),
                format!("the bands end at {}, not at 100 %", percent(expected)),
            ),
            Text::new("добавьте последнюю полосу до \"100 %\"", "add a last band up to \"100 %\""),
        );
    }
    if let Some(last) = bands.last_mut()
        && last.to == Rate::WHOLE
    {
        // The last band includes a full score.
        last.to = Rate::from_bp(Rate::WHOLE.bp() + 1);
    }
    bands
}

fn gap(band: &Section<'_>, from: Rate, expected: Rate) {
    let (is, want) = (percent(from), percent(expected));
    let message = if from > expected {
        Text::new(
            format!("между полосами дыра: от {want} до {is}"),
            format!("there is a gap between bands: {want} to {is}"),
        )
    } else {
        Text::new(format!("полосы перекрываются: от {is} до {want}"), format!("bands overlap: {is} to {want}"))
    };
    band.error_hint(
        "from",
        message,
        Text::new(format!("начните полосу с \"{want}\""), format!("begin the band at \"{want}\"")),
    );
}

/// No plan is met ten times over; a step beyond it is a slip of the pen.
const FARTHEST: Rate = Rate::from_bp(100_000);

/// Steps of a rate by attainment of the plan: ascending from 0 %, the last without an end.
pub(super) fn steps(steps: &[Section<'_>]) -> Vec<Tier> {
    let mut tiers: Vec<Tier> = Vec::new();
    for step in steps {
        step.require(&["from", "rate"]);
        let share = |key| step.node(key).and_then(|node| share_of(node, step.sink()));
        let (from, rate) = (share("from"), share("rate"));
        step.finish();
        let (Some(from), Some(rate)) = (from, rate) else { continue };
        match tiers.last() {
            None if from != Rate::ZERO => step.error_hint(
                "from",
                Text::new("первая ступень начинается не с 0 %", "the first step does not begin at 0 %"),
                Text::new("начните её с \"0 %\"", "begin it at \"0 %\""),
            ),
            Some(last) if from <= last.from => step.error(
                "from",
                Text::new(
                    format!("ступени идут не по возрастанию: {} после {}", percent(from), percent(last.from)),
                    format!("the steps do not ascend: {} after {}", percent(from), percent(last.from)),
                ),
            ),
            Some(last) if rate < last.rate => step.sink().warn(
                step.at("rate"),
                Text::new("за большее выполнение плана ставка меньше", "the rate falls while more of the plan is met"),
                Text::new("проверьте ставку", "look at the rate"),
            ),
            _ => {}
        }
        if from > FARTHEST {
            step.error("from", Text::new("ступень выше 1000 % плана", "the step lies above 1000 % of the plan"));
        }
        if rate > Rate::WHOLE {
            step.error("rate", Text::new("доля больше 100 %", "the share is above 100 %"));
        }
        tiers.push(Tier { from, rate });
    }
    tiers
}
