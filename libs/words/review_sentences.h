#ifndef COUNCIL_LIBS_WORDS_REVIEW_SENTENCES_H_
#define COUNCIL_LIBS_WORDS_REVIEW_SENTENCES_H_

#include <array>

#include "libs/words/sentence.h"

// The catalogue's sentences that look back: at a year, and at what advice was worth.
namespace council::words {

inline constexpr std::array kReviewSentences = {
    Sentence("review.balance.gaps", "– stands where nobody had a seat, or too little was recorded."),
    Sentence("review.title", "Your council in {year}{over, select, yes {} other {, up to {day}}}", Text("year"),
             Choice("over"), DayOfMonth("day")),
    Sentence("review.nothing",
             "Nothing is written down for {year}. council log NAME writes down a talk, council import brings those of "
             "your calendar.",
             Text("year")),

    Sentence("review.talks.none", "No talk is written down in {year}.", Text("year")),
    Sentence("review.talks",
             "You had {talks, plural, one {# talk} other {# talks}}{people, plural, =0 {} one { with # person} "
             "other { with # people}}, about {time}.",
             Number("talks"), Number("people"), Text("time")),
    Sentence("review.minutes", "{minutes, plural, one {# minute} other {# minutes}}", Number("minutes")),
    Sentence("review.hours", "{hours, plural, one {1 hour} other {{hours, number, ::.#} hours}}", Decimal("hours")),
    Sentence("review.first.all",
             "{people, plural, one {It was} other {With each of them it was}} the first time in your ledger.",
             Number("people")),
    Sentence("review.first.many",
             "With {people, plural, one {one of them} other {# of them}} it was the first time in your ledger.",
             Number("people")),
    Sentence("review.first", "For the first time in your ledger you talked with {names}.", Names("names")),
    Sentence("review.joined", "Joined: {names}.", Names("names")),
    Sentence("review.left", "Left: {names}.", Names("names")),
    Sentence("review.seats.none", "Nobody joined and nobody left."),
    Sentence("review.faded.none", "No tie that was alive when the year began has faded."),
    Sentence("review.faded",
             "{over, select, yes {By the end of {year} you had} other {You have}} not been in touch with {name} since "
             "{day}.",
             Choice("over"), Text("year"), Name("name"), Text("day")),

    Sentence("review.times", "{count, plural, =1 {once} =2 {twice} other {# times}}", Number("count")),
    Sentence("review.benefits.none",
             "Nothing given or received is written down; council log NAME --received advice writes it down."),
    Sentence("review.benefits.received", "Received {received}; nothing given is written down.", Text("received")),
    Sentence("review.benefits.given", "Given {given}; nothing received is written down.", Text("given")),
    Sentence("review.benefits", "Given {given}, received {received}.", Text("given"), Text("received")),

    Sentence("review.introductions.none", "No introduction is written down."),
    Sentence("review.introductions",
             "{count, plural, one {# introduction; {talks, plural, =0 {no talk that came of it is recorded} "
             "other {it led to a talk}}} other {# introductions{talks, plural, =0 {; no talk that came of them is "
             "recorded} other {, of which # led to a talk}}}}.",
             Number("count"), Number("talks")),
    Sentence("review.introduced.by_me",
             "You introduced {introduced} to {name} on {day}{outcome, select, talk {; a talk with both was on "
             "{talk_day}} none {; no talk with both is recorded since} other {}}.",
             Name("introduced"), Name("name"), Text("day"), Choice("outcome"), Text("talk_day")),
    Sentence("review.introduced.to_me",
             "{name} introduced you to {introduced} on {day}{outcome, select, talk {; your first talk with "
             "{introduced} was on {talk_day}} none {; no talk with {introduced} is recorded since} other {}}.",
             Name("introduced"), Name("name"), Text("day"), Choice("outcome"), Text("talk_day")),

    Sentence("review.when.start", "when the year began"),
    Sentence("review.when.day", "on {day}", DayOfMonth("day")),
    Sentence("review.when.month", "at the end of {month}", Month("month")),
    Sentence("review.balance.none", "Nobody had a seat at the end of any month: there is no balance to show."),
    Sentence("review.balance.unrecorded",
             "Less than half of what the score rests on was recorded {when}: how the council is lived can''t be told "
             "yet.",
             Text("when")),
    Sentence("review.balance.once", "The score was {score} of 100 {when}.", Text("score"), Text("when")),
    Sentence("review.balance.twice", "The score was {before} of 100 {first} and {after} {last}.", Text("before"),
             Text("first"), Text("after"), Text("last")),
    Sentence("review.balance.later", "The score was {after} of 100 {last}; {first} less than half of it was recorded.",
             Text("after"), Text("last"), Text("first")),
    Sentence("review.balance.model",
             "It is computed in another way since: the two figures can''t be compared to the point."),

    Sentence("review.advice.none", "No step was advised in {year}; council advice names some.", Text("year")),
    Sentence("hindsight.followed",
             "Of {given, plural, one {# step} other {# steps}} that Council advised you followed {followed}.",
             Number("given"), Number("followed")),
    Sentence(
        "hindsight.none",
        "No step was advised in this time. council advice gives some; a month later this shows what came of them."),
    Sentence("hindsight.fading",
             "{names} seemed to be fading on {day} ({percent}\u00a0% likely to be in touch within 90 days): "
             "{came, select, open {the 90 days are not over} yes {you were in touch} other {you were not}}.",
             Names("names"), Text("day"), Number("percent"), Choice("came")),
    Sentence("hindsight.faded",
             "Of {ties, plural, one {# tie} other {# ties}} that seemed to be fading 90 days ago or more, "
             "{faded, plural, one {# was} other {# were}} not in touch within 90 days; {expected, number, ::.0} were "
             "expected.",
             Number("ties"), Number("faded"), Decimal("expected")),
};

}  // namespace council::words

#endif  // COUNCIL_LIBS_WORDS_REVIEW_SENTENCES_H_
