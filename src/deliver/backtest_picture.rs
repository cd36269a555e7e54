//! A back-test as a picture: for each person what he would get by the present regulation and by the draft, from one line of zero.
//! Meaning never depends on colour alone: the bars are named and numbered. Deliberately absent: turning it into points
//! (`raster`).

use super::clean;
use crate::domain::{
    backtest::Row,
    money::Money,
    text::Lang,
    words::{money, say},
};

const WIDTH: i64 = 960;
const LEFT: i64 = 260;
const RIGHT: i64 = 150;
const BAR: i64 = 14;
const STEP: i64 = 44;
const TOP: i64 = 84;

/// The picture as SVG; people in the order of the rows, at most so many.
pub fn svg(rows: &[Row], title: &str, most: usize, lang: Lang) -> String {
    let shown: Vec<&Row> = rows.iter().take(most).collect();
    let sums = || shown.iter().flat_map(|row| [row.present.total(), row.draft.total()]);
    let least = sums().min().unwrap_or_default().min(Money::ZERO).kopecks();
    let greatest = sums().max().unwrap_or_default().max(Money::ZERO).kopecks();
    let span = (greatest - least).max(1);
    let x = |kopecks: i64| {
        let offset = i128::from(kopecks - least) * i128::from(WIDTH - LEFT - RIGHT) / i128::from(span);
        LEFT + i64::try_from(offset).unwrap_or_default()
    };
    let height = TOP + STEP * shown.len() as i64 + 24;
    let name = escaped(title);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" \
         role=\"img\" aria-label=\"{name}\" font-family=\"Arial, 'Liberation Sans', sans-serif\" font-size=\"13\">\n\
         <title>{name}</title>\n<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#ffffff\"/>\n\
         <text x=\"16\" y=\"28\" font-size=\"17\" font-weight=\"bold\" fill=\"#1f2933\">{name}</text>\n"
    );
    let legend =
        [(16, "#9aa5b1", say(lang, "сейчас", "now")), (130, "#1f5f99", say(lang, "по проекту", "by the draft"))];
    for (at, colour, word) in legend {
        out.push_str(&format!(
            "<rect x=\"{at}\" y=\"44\" width=\"14\" height=\"14\" fill=\"{colour}\"/><text x=\"{}\" y=\"56\" \
             fill=\"#1f2933\">{word}</text>\n",
            at + 20
        ));
    }
    let zero = x(0);
    for (at, row) in shown.iter().enumerate() {
        let y = TOP + STEP * at as i64;
        let who = escaped(&clean::cut(&clean::line(&row.name), 34));
        out.push_str(&format!("<text x=\"16\" y=\"{}\" fill=\"#1f2933\">{who}</text>\n", y + BAR + 4));
        for (line, colour, sum) in [(0, "#9aa5b1", row.present.total()), (1, "#1f5f99", row.draft.total())] {
            let (y, end) = (y + line * (BAR + 2), x(sum.kopecks()));
            let (from, width) = (zero.min(end), (zero - end).abs().max(1));
            let label = money(sum, lang).replace('-', "\u{2212}");
            out.push_str(&format!(
                "<rect x=\"{from}\" y=\"{y}\" width=\"{width}\" height=\"{BAR}\" fill=\"{colour}\"/><text x=\"{}\" y=\"{}\" \
                 fill=\"#1f2933\">{label}</text>\n",
                zero.max(end) + 6,
                y + BAR - 2
            ));
        }
    }
    out.push_str(&format!(
        "<line x1=\"{zero}\" y1=\"{}\" x2=\"{zero}\" y2=\"{}\" stroke=\"#1f2933\"/>\n</svg>\n",
        TOP - 8,
        height - 16
    ));
    out
}

fn escaped(text: &str) -> String {
    clean::line(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
