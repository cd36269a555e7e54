//! Charts of the weekly audit: the shares of up to eight weeks as bars with their figures, and one small line for each manager.
//! The bars stand on a light ground of their own, so that they read in a dark mail too; the lines are of a blue that stands
//! out on both. Nothing is told by colour alone. Deliberately absent: pixels (`raster`), the words beside them (`templates`).

use crate::domain::{money::Rate, report::audit_rows::WeekShare, text::Lang, words::say};

use super::format;

/// Width of a week, units.
const SLOT: i64 = 64;
const BAR: i64 = 40;
const MARGIN: i64 = 16;
/// The line on which the bars stand, and the height of a full one.
const BASE: i64 = 156;
const FULL: i64 = 96;
const HEIGHT: i64 = 192;
/// Width and height of a manager's line.
pub const SPARK: (u32, u32) = (96, 24);

/// Width and height of the chart of so many weeks.
pub fn weeks_size(weeks: usize) -> (u32, u32) {
    let width = (2 * MARGIN + SLOT * weeks as i64).max(2 * MARGIN + 4 * SLOT);
    (u32::try_from(width).unwrap_or_default(), HEIGHT as u32)
}

/// The shares of the weeks, oldest first.
pub fn weeks(points: &[WeekShare], lang: Lang) -> String {
    let (width, height) = weeks_size(points.len());
    let title = say(lang, "Занесено по неделям, %", "Entered by week, %");
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" font-family=\"sans-serif\">\n\
         <rect x=\"0.5\" y=\"0.5\" width=\"{}\" height=\"{}\" rx=\"6\" fill=\"#fdfdfd\" stroke=\"#d5dce2\"/>\n\
         <text x=\"{MARGIN}\" y=\"30\" font-size=\"16\" fill=\"#1f2933\">{title}</text>\n",
        width - 1,
        height - 1
    );
    for (at, point) in (0_i64..).zip(points) {
        let middle = MARGIN + SLOT * at + SLOT / 2;
        let tall = (i64::from(point.share.bp().clamp(0, 10_000)) * FULL / 10_000).max(1);
        let last = at + 1 == points.len() as i64;
        let (colour, weight) = if last { ("#1f5f99", "bold") } else { ("#5f92b8", "normal") };
        let figure = format::percent(lang, point.share).replace(['%', format::NBSP], "");
        out.push_str(&format!(
            "<rect x=\"{}\" y=\"{}\" width=\"{BAR}\" height=\"{tall}\" fill=\"{colour}\"/>\
             <text x=\"{middle}\" y=\"{}\" font-size=\"17\" font-weight=\"{weight}\" text-anchor=\"middle\" fill=\"#1f2933\">{figure}</text>\
             <text x=\"{middle}\" y=\"{}\" font-size=\"16\" text-anchor=\"middle\" fill=\"#566370\">{}</text>\n",
            middle - BAR / 2,
            BASE - tall,
            BASE - tall - 6,
            BASE + 22,
            point.number,
        ));
    }
    out.push_str(&format!(
        "<line x1=\"{MARGIN}\" y1=\"{BASE}\" x2=\"{}\" y2=\"{BASE}\" stroke=\"#1f2933\"/>\n</svg>\n",
        i64::from(width) - MARGIN
    ));
    out
}

/// A manager's shares as a line between nothing (below) and everything (above), its end marked.
pub fn spark(shares: &[Rate]) -> String {
    let (width, height) = SPARK;
    let steps = i64::try_from(shares.len()).unwrap_or(1).saturating_sub(1).max(1);
    // Tenths of a unit: no fractions of a machine's own making.
    let x = |at: i64| 60 + at * (i64::from(width) * 10 - 120) / steps;
    let y = |share: Rate| 200 - i64::from(share.bp().clamp(0, 10_000)) * 160 / 10_000;
    let unit = |tenths: i64| format!("{}.{}", tenths / 10, tenths % 10);
    let at: Vec<(String, String)> = (0..).zip(shares).map(|(i, share)| (unit(x(i)), unit(y(*share)))).collect();
    let line: Vec<String> = at.iter().map(|(x, y)| format!("{x},{y}")).collect();
    let (end_x, end_y) = at.last().cloned().unwrap_or_default();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\">\
         <polyline points=\"{}\" fill=\"none\" stroke=\"#3a86bd\" stroke-width=\"2\"/>\
         <circle cx=\"{end_x}\" cy=\"{end_y}\" r=\"3.5\" fill=\"#3a86bd\"/></svg>",
        line.join(" ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(number: u32, bp: i32) -> WeekShare {
        WeekShare { number, share: Rate::from_bp(bp) }
    }

    #[test]
    fn a_bar_is_as_tall_as_its_share_and_carries_its_figure() {
        let svg = weeks(&[point(46, 5_000), point(47, 9_740)], Lang::Ru);
        assert!(svg.contains("height=\"48\"") && svg.contains(">50<"), "{svg}");
        assert!(svg.contains("height=\"93\"") && svg.contains(">97,4<") && svg.contains(">47<"), "{svg}");
        assert!(weeks(&[point(47, 9_740)], Lang::En).contains(">97.4<"));
        assert!(
            weeks(&[point(1, -5), point(2, 20_000)], Lang::Ru).contains("height=\"96\""),
            "nothing leaves the chart"
        );
    }

    #[test]
    fn a_line_goes_up_where_the_shares_do() {
        let rising = spark(&[Rate::from_bp(0), Rate::from_bp(10_000)]);
        assert!(rising.contains("points=\"6.0,20.0 90.0,4.0\""), "{rising}");
        assert!(spark(&[]).contains("polyline"), "nothing to draw is no panic");
    }
}
