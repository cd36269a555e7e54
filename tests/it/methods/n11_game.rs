//! 11. Game elements: a contest with places, ties that share prizes, and money at the close.

use super::{section, story};

#[test]
fn the_longest_streak_wins_and_ties_share() {
    let story = story();
    // The pilot entered all four clients in time: three people share 3 000 + 1 000 + nothing, and nothing of it is lost.
    let prizes = story.entries("contest");
    assert_eq!(prizes.iter().map(|(_, kopecks)| *kopecks).collect::<Vec<_>>(), [133_334, 133_333, 133_333]);
    assert_eq!(prizes.iter().map(|(id, _)| *id).collect::<Vec<_>>(), ["0101", "0103", "0105"]);
    let month = section(&story.mail("audit.2026-W46").text, "МЕСЯЦ ПО ПРАВИЛАМ");
    assert!(month.contains("конкурс, место 1: Воробьёв Сергей") && month.contains("Орлов Илья"), "{month}");
}
