#ifndef COUNCIL_LIBS_WORDS_ADVICE_SENTENCES_H_
#define COUNCIL_LIBS_WORDS_ADVICE_SENTENCES_H_

#include <array>

#include "libs/words/sentence.h"

// The catalogue's sentences about what may be done with somebody, and why.
namespace council::words {

inline constexpr std::array kAdviceSentences = {
    // Words that sentences take.
    Sentence("times",
             "{count, plural, =0 {never} =1 {once} =2 {twice} =3 {three times} =4 {four times} =5 {five times} "
             "=6 {six times} =7 {seven times} =8 {eight times} =9 {nine times} =10 {ten times} =11 {eleven times} "
             "=12 {twelve times} other {# times}}",
             Number("count")),
    Sentence("number",
             "{number, plural, =0 {none} =1 {one} =2 {two} =3 {three} =4 {four} =5 {five} =6 {six} =7 {seven} "
             "=8 {eight} =9 {nine} =10 {ten} =11 {eleven} =12 {twelve} other {#}}",
             Number("number")),
    Sentence("since.month", "since {month}", Month("month")),
    Sentence("since.year", "since {month}", MonthAndYear("month")),
    Sentence("others", "{count, plural, one {# other} other {# others}}", Number("count")),
    Sentence("role",
             "{role, select, energizer {an energizer} informant {an informant} supporter {a supporter} "
             "brainstormer {a brainstormer} mentor {a mentor} sponsor {a sponsor} other {a friend}}",
             Choice("role")),
    Sentence("side_of_life",
             "{side, select, career {work} physical {sport, health or the outdoors} "
             "mental {learning, books or the arts} emotional {family, close friends or what matters} "
             "other {neighbours, clubs or company}}",
             Choice("side")),

    // RECONNECT.
    Sentence("advice.reconnect.first",
             "No talk with {name} is written down yet, and {days, plural, one {# day} other {# days}} "
             "{rhythm, select, gap {is the longest gap that you set} set {is how often you mean to talk} "
             "other {is a good rhythm for a council}}; a first one, or writing down the last, would be a start.",
             Name("name"), Number("days"), Choice("rhythm")),
    Sentence("advice.reconnect.gap",
             "{spoke, select, yes {You last spoke with {name}} other {You were last in touch with {name}}} "
             "{days, plural, one {# day} other {# days}} ago, and {gap, plural, one {# day} other {# days}} is the "
             "longest gap that you set.",
             Name("name"), Choice("spoke"), Number("days"), Number("gap")),
    Sentence("advice.reconnect.set",
             "{spoke, select, yes {You last spoke with {name}} other {You were last in touch with {name}}} "
             "{days, plural, one {# day} other {# days}} ago and meant to talk every "
             "{rhythm, plural, one {day} other {# days}}.",
             Name("name"), Choice("spoke"), Number("days"), Number("rhythm")),
    Sentence("advice.reconnect.usual",
             "{spoke, select, yes {You last spoke with {name}} other {You were last in touch with {name}}} "
             "{days, plural, one {# day} other {# days}} ago; about every {rhythm, plural, one {day} other {# days}} "
             "is the rhythm so far.",
             Name("name"), Choice("spoke"), Number("days"), Number("rhythm")),
    Sentence(
        "advice.reconnect.fading",
        "{spoke, select, yes {You last spoke with {name}} other {You were last in touch with {name}}} "
        "{days, plural, one {# day} other {# days}} ago; three months ago the two of you looked {before}\u00a0% likely "
        "to be in touch again soon, and now {now}\u00a0%.",
        Name("name"), Choice("spoke"), Number("days"), Number("before"), Number("now")),

    // GIVE_BACK and ASK.
    Sentence("advice.give_back",
             "Over the last year or so {name} has helped you a good deal; is there something they could use?",
             Name("name")),
    Sentence(
        "advice.give_back.counted",
        "{name} {kind, select, advice {advised you} feedback {gave you feedback} information {kept you informed} "
        "introduction {introduced you to others} support {supported you} sponsorship {spoke up for you} "
        "brainstorm {thought things through with you} other {helped you}} {times} {since}; is there something they "
        "could use?",
        Name("name"), Choice("kind"), Text("times"), Text("since")),
    Sentence("advice.ask",
             "Over the last year or so you have helped {name} a good deal; they may well be glad to be asked for "
             "something.",
             Name("name")),
    Sentence("advice.ask.counted",
             "You {kind, select, advice {advised {name}} feedback {gave {name} feedback} "
             "information {kept {name} informed} introduction {introduced {name} to others} "
             "support {supported {name}} sponsorship {spoke up for {name}} "
             "brainstorm {thought things through with {name}} other {helped {name}}} {times} {since}; they may well be "
             "glad to be asked for something.",
             Name("name"), Choice("kind"), Text("times"), Text("since")),
    Sentence("advice.ask.mentor",
             "{name} is a mentor of yours, and no advice or feedback of theirs is written down for the last "
             "{days, plural, one {day} other {# days}}; what would you like to hear their mind on?",
             Name("name"), Number("days")),

    // DEEPEN.
    Sentence("advice.deepen",
             "In the last {days, plural, one {day} other {# days}} you and {name} were in touch {times}, and it was "
             "news or a greeting each time; {time} for a real talk would do you both good.",
             Name("name"), Number("days"), Text("times"), Minutes("time")),

    // INVITE and REST.
    Sentence("advice.invite.facet", "another {facet} ({value})", Text("facet"), Text("value")),
    Sentence("advice.invite",
             "You and {name} are in touch ({days, plural, =0 {today} one {last # day ago} other {last # days ago}}), "
             "and talks with them lift you; a seat for them would bring your council {brings}.",
             Name("name"), Number("days"), Names("brings")),
    Sentence("advice.rest.tiring",
             "Talks with {name} have been tiring lately ({mean, number, ::sign-always .0} a talk on a scale from -2 to "
             "+2, over {talks, plural, one {# talk} other {# talks}}); it may do you good to see them less often for "
             "now.",
             Name("name"), Decimal("mean"), Number("talks")),
    Sentence(
        "advice.rest.crowded",
        "{seats, plural, one {# person has a seat} other {# people have a seat}}, and {low} to {high} are what one "
        "can be close to; {talked, select, yes {with the last talk {days, plural, one {# day} other {# days}} ago} "
        "other {with no talk written down yet}}, the council would be more in balance if you saw {name} less "
        "often for now.",
        Name("name"), Number("seats"), Number("low"), Number("high"), Choice("talked"), Number("days")),

    // INTRODUCE.
    Sentence("advice.introduce",
             "{gave, select, yes {Over the last year or so {giver} {kind, select, advice {advised you} "
             "feedback {gave you feedback} information {kept you informed} introduction {introduced you to others} "
             "support {supported you} sponsorship {spoke up for you} brainstorm {thought things through with you} "
             "other {helped you}}} other {{giver} stands for {good} on your council}}, and "
             "{shown, select, yes {you {kind, select, advice {advised {taker}} feedback {gave {taker} feedback} "
             "information {kept {taker} informed} introduction {introduced {taker} to others} "
             "support {supported {taker}} sponsorship {spoke up for {taker}} "
             "brainstorm {thought things through with {taker}} other {helped {taker}}}} "
             "other {{taker} may have a use for {good}}}; as far as is known they have not met.",
             Name("giver"), Name("taker"), Choice("gave"), Choice("shown"), Choice("kind"), Text("good")),
    Sentence("advice.good",
             "{kind, select, advice {good advice} feedback {candid feedback} information {useful news} "
             "introduction {introductions} support {support} sponsorship {a good word where it counts} "
             "brainstorm {ideas} other {a helping hand}}",
             Choice("kind")),

    // BROADEN and REBALANCE.
    Sentence("advice.broaden",
             "Of about {hours, plural, one {# hour} other {# hours}} of talks lately hardly any were about {side}; "
             "{name} shares that with you, and {time} would be a start.",
             Name("name"), Number("hours"), Text("side"), Minutes("time")),
    Sentence(
        "advice.rebalance.career",
        "Career took {share}\u00a0% of about {hours, plural, one {# hour} other {# hours}} of talks lately, and up to "
        "{high}\u00a0% serves best; {time} with {name} about {side} would bring it down.",
        Name("name"), Number("share"), Number("hours"), Number("high"), Text("side"), Minutes("time")),
    Sentence("advice.rebalance.rhythm", "{name} every {days, plural, one {day} other {# days}}", Name("name"),
             Number("days")),
    Sentence("advice.rebalance.hours",
             "The rhythms of your seats ask for about {planned, number, ::.0} hours a week, and you set "
             "{aside, number, ::.0} aside; {rhythms} would come closer.",
             Decimal("planned"), Decimal("aside"), Names("rhythms")),

    // Why somebody is proposed for a seat: a fact, and what would fall.
    Sentence("propose.why.size", "One of {people}, where {low} to {high} in touch serve best", Text("people"),
             Number("low"), Number("high")),
    Sentence("propose.people", "{number} {count, plural, one {person} other {people}}", Text("number"),
             Number("count")),
    Sentence("propose.why.role",
             "{role, select, energizer {{count, plural, =1 {The only energizer} other {One of {number} energizers}}} "
             "informant {{count, plural, =1 {The only informant} other {One of {number} informants}}} "
             "supporter {{count, plural, =1 {The only supporter} other {One of {number} supporters}}} "
             "brainstormer {{count, plural, =1 {The only brainstormer} other {One of {number} brainstormers}}} "
             "other {{count, plural, =1 {The only mentor} other {One of {number} mentors}}}}",
             Choice("role"), Number("count"), Text("number")),
    Sentence("propose.why.strangers",
             "{name} knows {known} of {others, plural, one {the one other} other {the {number} others}}", Name("name"),
             Text("known"), Number("others"), Text("number")),
    Sentence("propose.why.facet", "{count, plural, =1 {The only one} other {One of {number}}} whose {facet} is {value}",
             Number("count"), Text("number"), Text("facet"), Text("value")),
    Sentence("propose.why.energy", "Talks with {name} lift you", Name("name")),
    Sentence("propose.why.reciprocity",
             "{way, select, given {You help {name}} received {{name} helps you} other {You and {name} help each "
             "other}}",
             Name("name"), Choice("way")),
    Sentence("propose.why.depth", "You and {name} talk in depth", Name("name")),
    Sentence("propose.why.vitality",
             "You and {name} are in touch{fresh, select, yes { as often as you mean to} other {}}", Name("name"),
             Choice("fresh")),
    Sentence("propose.why.engagement", "Talks with {name} make room for {side}", Name("name"), Text("side")),
    Sentence("propose.why.reach", "Introductions pass between you and {name}", Name("name")),
    Sentence("propose.reason", "{why}: without {name} {component} would fall from {from} to {to}.", Text("why"),
             Name("name"), Text("component"), Text("from"), Text("to")),
    Sentence("propose.alone", "Without {name} nobody would have a seat.", Name("name")),
    Sentence("propose.pinned", "You asked for a seat for {name}; with them the score is {score}.", Name("name"),
             Number("score")),
    Sentence("propose.asked",
             "{why}; you asked for {seats, plural, one {# seat} other {# seats}} at least, and {name} makes one of "
             "them.",
             Text("why"), Name("name"), Number("seats")),
    Sentence("propose.unknown",
             "You asked for {seats, plural, one {# seat} other {# seats}} at least; what {name} would bring is not "
             "recorded yet.",
             Name("name"), Number("seats")),

    // What there is to talk about with somebody.
    Sentence("day.of_month", "{day}", DayOfMonth("day")),
    Sentence("day.date", "{day}", Date("day")),
    Sentence("person.promised.by_me", "You promised {name}: {text}{due, select, none {} other {, by {day}}}.",
             Name("name"), Text("text"), Choice("due"), Text("day")),
    Sentence("person.promised.by_them", "{name} promised you: {text}{due, select, none {} other {, by {day}}}.",
             Name("name"), Text("text"), Choice("due"), Text("day")),
    Sentence("person.birthday", "{name} has a birthday {today, select, yes {today} other {on {day}}}.", Name("name"),
             Choice("today"), Text("day")),
    Sentence("person.ask",
             "{name} is a mentor of yours, and no advice of theirs is written down for the last three months; what "
             "would you like to hear their mind on?",
             Name("name")),
    Sentence("person.deepen", "The last three times it was news or a greeting; what is on their mind these days?"),
    Sentence("person.broaden", "Your talks {since} were about work alone; what do they enjoy besides?", Text("since")),
    Sentence("person.last_time", "On {day} it was about: {note}", Text("day"), Text("note")),
};

}  // namespace council::words

#endif  // COUNCIL_LIBS_WORDS_ADVICE_SENTENCES_H_
