//! 7. Leaders as models: the card and the deal of the month, chosen by a rule, shown without saying whose they are.

use super::story;

#[test]
fn the_models_are_those_of_the_rule_and_can_be_shown_to_everybody() {
    let story = story();
    let card = story.card.clone().expect("a card");
    // Entered on the fifth with everything by three people, and one made whole later: the smaller id of equals.
    assert_eq!((card.record.as_str(), card.seller.as_str(), card.chosen_from), ("crm:company:13", "Орлов Илья", 4));
    let deal = story.deal.clone().expect("a deal");
    assert_eq!((deal.party.as_str(), deal.activities), ("Клиент 3-1 ООО", 2));
    let shown = format!("{:?} {:?}", card.anonymous(), deal.anonymous());
    for word in ["Клиент", "Орлов", "Лебедев", "crm:", "0000-"] {
        assert!(!shown.contains(word), "{word}: {shown}");
    }
    let page = &story.mail("company.2026-11.once.0101").text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(page.contains("Карточка месяца: заполнено 3·поля") && page.contains("Сделка месяца: 2·записи"), "{page}");
}
