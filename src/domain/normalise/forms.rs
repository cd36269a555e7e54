//! Legal forms: Russian, Ukrainian, Kazakh, Belarusian and foreign ones, full and short. The longest spelling wins, so
//! «публичное акционерное общество» never becomes «публичное АО». Deliberately absent: ТД, ГК, ПО (part of the name).

/// What kind of entity a form makes: two spellings of different classes are hardly one buyer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FormClass {
    /// ООО, ТОВ, ТОО, Ltd.
    Limited,
    /// АО and its kinds.
    JointStock,
    /// A person who trades: ИП, ФОП, КФХ.
    Sole,
    /// State and municipal bodies and enterprises.
    State,
    /// Everything else: cooperatives, associations, non-profit organisations.
    Other,
}

/// A legal form.
#[derive(Debug, PartialEq, Eq)]
pub struct Form {
    /// Short spelling in lower case, such as `ооо`.
    pub code: &'static str,
    /// Its class.
    pub class: FormClass,
    /// Spellings as words separated by spaces, besides the code itself.
    spellings: &'static [&'static str],
    /// Whether it is recognised in the middle of a name too.
    anywhere: bool,
}

const fn form(code: &'static str, class: FormClass, anywhere: bool, spellings: &'static [&'static str]) -> Form {
    Form { code, class, spellings, anywhere }
}

use FormClass::{JointStock, Limited, Other, Sole, State};

static FORMS: &[Form] = &[
    form("ооо", Limited, true, &["общество с ограниченной ответственностью", "о о о", "общ с огр отв"]),
    form("одо", Limited, false, &["общество с дополнительной ответственностью"]),
    form("пао", JointStock, true, &["публичное акционерное общество", "публічне акціонерне товариство", "пат"]),
    form("нао", JointStock, true, &["непубличное акционерное общество"]),
    form("зао", JointStock, true, &["закрытое акционерное общество", "з а о"]),
    form("оао", JointStock, true, &["открытое акционерное общество", "о а о"]),
    form(
        "ао",
        JointStock,
        false,
        &[
            "акционерное общество",
            "акціонерне товариство",
            "акционерная компания",
            "приватне акціонерне товариство",
            "прат",
        ],
    ),
    form(
        "ип",
        Sole,
        false,
        &[
            "индивидуальный предприниматель",
            "предприниматель",
            "индивид предприниматель",
            "инд предприниматель",
            "пбоюл",
            "предприниматель без образования юридического лица",
            "ипбоюл",
            "жеке кәсіпкер",
        ],
    ),
    form(
        "ип глава кфх",
        Sole,
        false,
        &["индивидуальный предприниматель глава крестьянского фермерского хозяйства", "ип гкфх", "глава кфх", "гкфх"],
    ),
    form(
        "фоп",
        Sole,
        false,
        &[
            "фізична особа підприємець",
            "физическое лицо предприниматель",
            "флп",
            "спд",
            "спд фо",
            "суб єкт підприємницької діяльності",
        ],
    ),
    form(
        "чп",
        Sole,
        false,
        &["частный предприниматель", "частное предприятие", "чуп", "частное унитарное предприятие"],
    ),
    form("тов", Limited, true, &["товариство з обмеженою відповідальністю", "товариство 3 обмеженою відповідальністю"]),
    form("пп", Other, false, &["приватне підприємство"]),
    form(
        "тоо",
        Limited,
        true,
        &["товарищество с ограниченной ответственностью", "жшс", "жауапкершілігі шектеулі серіктестігі"],
    ),
    form("фгуп", State, true, &["федеральное государственное унитарное предприятие"]),
    form("гуп", State, true, &["государственное унитарное предприятие"]),
    form("муп", State, true, &["муниципальное унитарное предприятие", "муниципальное предприятие"]),
    form("фгбоу", State, true, &["федеральное государственное бюджетное образовательное учреждение"]),
    form("фгбу", State, true, &["федеральное государственное бюджетное учреждение"]),
    form("фгку", State, true, &["федеральное государственное казенное учреждение"]),
    form("фкп", State, false, &["федеральное казенное предприятие"]),
    form("гбоу", State, true, &["государственное бюджетное образовательное учреждение"]),
    form("гбуз", State, true, &["государственное бюджетное учреждение здравоохранения"]),
    form("гбу", State, true, &["государственное бюджетное учреждение"]),
    form("гау", State, false, &["государственное автономное учреждение"]),
    form("гку", State, false, &["государственное казенное учреждение"]),
    form(
        "мбоу",
        State,
        true,
        &[
            "муниципальное бюджетное образовательное учреждение",
            "муниципальное бюджетное общеобразовательное учреждение",
        ],
    ),
    form("мбдоу", State, true, &["муниципальное бюджетное дошкольное образовательное учреждение"]),
    form(
        "мадоу",
        State,
        true,
        &[
            "муниципальное автономное дошкольное образовательное учреждение",
            "муниципальное казенное дошкольное образовательное учреждение",
            "мкдоу",
        ],
    ),
    form(
        "маоу",
        State,
        true,
        &[
            "муниципальное автономное общеобразовательное учреждение",
            "муниципальное автономное образовательное учреждение",
        ],
    ),
    form(
        "мкоу",
        State,
        true,
        &["муниципальное казенное общеобразовательное учреждение", "муниципальное казенное образовательное учреждение"],
    ),
    form(
        "мбудо",
        State,
        true,
        &[
            "муниципальное бюджетное учреждение дополнительного образования",
            "муниципальное автономное учреждение дополнительного образования",
            "маудо",
        ],
    ),
    form("мбук", State, true, &["муниципальное бюджетное учреждение культуры"]),
    form("маук", State, true, &["муниципальное автономное учреждение культуры"]),
    form("мкук", State, true, &["муниципальное казенное учреждение культуры"]),
    form(
        "гбпоу",
        State,
        true,
        &[
            "государственное бюджетное профессиональное образовательное учреждение",
            "государственное автономное профессиональное образовательное учреждение",
            "гапоу",
        ],
    ),
    form("мбу", State, false, &["муниципальное бюджетное учреждение"]),
    form("мау", State, false, &["муниципальное автономное учреждение"]),
    form("мку", State, false, &["муниципальное казенное учреждение"]),
    form("му", State, false, &["муниципальное учреждение"]),
    form("ано", Other, false, &["автономная некоммерческая организация"]),
    form("нко", Other, false, &["некоммерческая организация"]),
    form("чу", Other, false, &["частное учреждение"]),
    form("тсж", Other, false, &["товарищество собственников жилья"]),
    form("тсн", Other, false, &["товарищество собственников недвижимости"]),
    form("снтсн", Other, false, &["садоводческое некоммерческое товарищество собственников недвижимости"]),
    form("жск", Other, false, &["жилищно строительный кооператив"]),
    form("гск", Other, false, &["гаражно строительный кооператив"]),
    form("снт", Other, false, &["садоводческое некоммерческое товарищество", "садовое некоммерческое товарищество"]),
    form("спк", Other, false, &["сельскохозяйственный производственный кооператив"]),
    form("сспк", Other, false, &["сельскохозяйственный снабженческий потребительский кооператив"]),
    form("пк", Other, false, &["производственный кооператив"]),
    form("кооп", Other, false, &["кооператив", "потребительский кооператив"]),
    form("кфх", Sole, false, &["крестьянское фермерское хозяйство", "крестьянско фермерское хозяйство"]),
    form("фг", Other, false, &["фермерське господарство"]),
    form("ооу", Other, false, &["общественное учреждение"]),
    form("роо", Other, false, &["региональная общественная организация"]),
    form("llc", Limited, true, &["limited liability company", "l l c"]),
    form(
        "ltd",
        Limited,
        true,
        &["limited", "private limited company", "co ltd", "company limited", "pte ltd", "pvt ltd"],
    ),
    form("gmbh", Limited, true, &["gesellschaft mit beschränkter haftung"]),
    form("inc", JointStock, false, &["incorporated", "corp", "corporation"]),
    form("plc", JointStock, false, &["public limited company"]),
    form("ag", JointStock, false, &["aktiengesellschaft"]),
    form("jsc", JointStock, true, &["joint stock company", "ojsc", "pjsc", "cjsc"]),
    form("sarl", Limited, false, &["s a r l"]),
    form("srl", Limited, false, &["s r l"]),
    form("spzoo", Limited, false, &["sp z o o", "sp zoo"]),
];

struct Spelling {
    words: Vec<&'static str>,
    form: &'static Form,
}

/// The spellings, longest first; among equals in the order of the table.
struct Spellings {
    all: Vec<Spelling>,
    /// For each 64 of them, by the bit of a first letter, a bit for each spelling that begins so.
    by_letter: Vec<[u64; 64]>,
}

impl Spellings {
    fn new() -> Self {
        let spelt =
            |form: &'static Form| std::iter::once(&form.code).chain(form.spellings).map(move |text| (form, *text));
        let words = |(form, text): (&'static Form, &'static str)| Spelling { words: text.split(' ').collect(), form };
        let mut all: Vec<Spelling> = FORMS.iter().flat_map(spelt).map(words).collect();
        all.sort_by_key(|s| std::cmp::Reverse(s.words.len()));
        let mut by_letter = vec![[0; 64]; all.len().div_ceil(64)];
        for (i, spelling) in all.iter().enumerate() {
            let first = spelling.words.first().and_then(|word| word.chars().next()).map_or(0, |c| c as usize % 64);
            if let Some(bits) = by_letter.get_mut(i / 64).and_then(|block| block.get_mut(first)) {
                *bits |= 1 << (i % 64);
            }
        }
        Self { all, by_letter }
    }

    /// Those that begin with one of the letters, in order.
    fn beginning(&self, letters: u64) -> impl Iterator<Item = &Spelling> {
        let of_block =
            move |block: &[u64; 64]| bits(letters).filter_map(|at| block.get(at)).fold(0, |all, own| all | own);
        let numbers = self
            .by_letter
            .iter()
            .enumerate()
            .flat_map(move |(n, block)| bits(of_block(block)).map(move |at| n * 64 + at));
        numbers.filter_map(|number| self.all.get(number))
    }
}

/// Places of the bits that are set, ascending.
fn bits(mut of: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let at = of.trailing_zeros() as usize;
        of &= of.wrapping_sub(1);
        (at < 64).then_some(at)
    })
}

/// A bit for the first letter of a word; of a word in Latin letters also for the Cyrillic letter it looks like.
fn first_letter(word: &str) -> u64 {
    let bit = |c: char| 1 << (c as u32 % 64);
    word.chars().next().map_or(0, |c| bit(c) | super::text::cyrillic_twin(c).map_or(0, bit))
}

/// Takes legal forms out of the words: at both ends, and unmistakable ones anywhere. Answers the first one found (the
/// outermost in reading order of the search).
pub fn take(words: &mut Vec<String>) -> Option<&'static Form> {
    let mut found: Option<&'static Form> = None;
    // A zero for each letter of ООО is a habit of number keyboards.
    if words.len() > 1
        && let Some(first) = words.first_mut().filter(|w| *w == "000")
    {
        "ооо".clone_into(first);
    }
    // «И.П. Иванов И.И.» is a form; «И.П. Иванов» are initials.
    if words.len() > 3 && words.first().is_some_and(|w| w == "и") && words.get(1).is_some_and(|w| w == "п") {
        words.drain(..2);
        words.insert(0, "ип".to_owned());
    }
    static SPELLINGS: std::sync::LazyLock<Spellings> = std::sync::LazyLock::new(Spellings::new);
    'again: loop {
        let firsts = words.iter().fold(0, |all, word| all | first_letter(word));
        for spelling in SPELLINGS.beginning(firsts).filter(|spelling| spelling.words.len() <= words.len()) {
            let n = spelling.words.len();
            let last = words.len() - n;
            let anywhere = spelling.form.anywhere || n >= 3;
            let starts: &mut dyn Iterator<Item = usize> =
                if anywhere { &mut (0..=last) } else { &mut [0, last].into_iter() };
            for start in starts {
                let here = words.get(start..start + n).unwrap_or_default();
                if here.iter().zip(&spelling.words).all(|(word, want)| same_word(word, want, n)) {
                    words.drain(start..start + n);
                    found = found.or(Some(spelling.form));
                    if words.is_empty() {
                        break 'again;
                    }
                    continue 'again;
                }
            }
        }
        break;
    }
    found
}

/// Equal, look-alike in the other alphabet, or (long words of full forms) at most two slips of the pen.
fn same_word(word: &str, want: &str, n: usize) -> bool {
    if word == want {
        return true;
    }
    if word.len() <= 6 && word.is_ascii() {
        return super::text::is_twin(word, want);
    }
    // Two bytes a letter: eight letters and more.
    n > 1
        && want.len() >= 16
        && word.len() + 4 >= want.len()
        && want.len() + 6 >= word.len()
        && word.chars().next() == want.chars().next()
        && rapidfuzz::distance::osa::distance_with_args(
            word.chars(),
            want.chars(),
            &rapidfuzz::distance::osa::Args::default().score_cutoff(2),
        )
        .is_some()
}

/// The form of that code.
pub fn by_code(code: &str) -> Option<&'static Form> {
    FORMS.iter().find(|form| form.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rest(raw: &str) -> (Option<&'static str>, String) {
        let mut words = super::super::text::words(raw);
        let form = take(&mut words).map(|f| f.code);
        (form, words.join(" "))
    }

    #[test]
    fn full_short_before_behind_and_look_alike_forms_are_one() {
        for raw in [
            "ООО \"Ромашка\"",
            "РОМАШКА ООО",
            "OOO Ромашка",
            "Общество с ограниченной ответственностью «Ромашка»",
            "Обществo с ограниченой ответственостью Ромашка",
            "О.О.О. Ромашка",
            "000 Ромашка",
            "ООО ООО Ромашка",
        ] {
            assert_eq!(rest(raw), (Some("ооо"), "ромашка".to_owned()), "{raw}");
        }
    }

    #[test]
    fn the_longest_form_wins() {
        assert_eq!(rest("Публичное акционерное общество «Газ»"), (Some("пао"), "газ".to_owned()));
        assert_eq!(rest("ПАО Газ"), (Some("пао"), "газ".to_owned()));
        assert_eq!(rest("Акционерное общество Газ"), (Some("ао"), "газ".to_owned()));
    }

    #[test]
    fn neighbours_and_sole_traders() {
        assert_eq!(rest("ТОВ «КАНАПА»").0, Some("тов"));
        assert_eq!(rest("TOBAPИCTBO 3 OБMEЖЕHOЮ ВІДПОВІДАЛЬНІСТЮ \"КАНАПА\""), (Some("тов"), "канапа".to_owned()));
        assert_eq!(rest("Фізична особа-підприємець Масковий Ольга").0, Some("фоп"));
        assert_eq!(rest("ТОО Алма").0, Some("тоо"));
        assert_eq!(rest("Иванов И.И. ИП"), (Some("ип"), "иванов и и".to_owned()));
        assert_eq!(rest("ТД Ромашка").0, None);
    }
}
