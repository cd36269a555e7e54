//! 6. The company's goals brought to people: one page a month for everybody, without a sum or a name.

use super::story;

#[test]
fn everybody_gets_one_page_and_the_same_one() {
    let story = story();
    let pages: Vec<_> = story.mails.iter().filter(|mail| mail.key.starts_with("company.")).collect();
    assert_eq!(pages.len(), 9);
    assert!(pages.iter().all(|page| !page.text.contains('₽')));
    // 24 clients with 1 270 000 of turnover; the three never entered are 240 000 of it.
    let page = story.mail("company.2026-11.once.0101");
    assert!(page.text.contains("81,1·%") && page.text.contains("21 из 24"), "{}", page.text);
    insta::assert_snapshot!(page.text);
}
