//! What is due and when: rows decide, the timer only wakes.


