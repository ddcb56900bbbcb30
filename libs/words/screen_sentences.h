#ifndef COUNCIL_LIBS_WORDS_SCREEN_SENTENCES_H_
#define COUNCIL_LIBS_WORDS_SCREEN_SENTENCES_H_

#include <array>

#include "libs/words/sentence.h"

// The catalogue's sentences about the present: what a person may do, has promised, meets, and has written down.
namespace council::words {

inline constexpr std::array kScreenSentences = {
    Sentence("someone", "someone"),
    Sentence("day.near", "{day, select, yesterday {yesterday} tomorrow {tomorrow} other {today}}", Choice("day")),
    Sentence("day.weekday", "{day}", Weekday("day")),
    Sentence("day.short", "{day}", ShortDate("day")),

    // What a step is, in a few words.
    Sentence("step.reconnect", "Talk with {name}", Name("name")),
    Sentence("step.give_back", "Offer {name} something", Name("name")),
    Sentence("step.ask", "Ask {name} for advice", Name("name")),
    Sentence("step.deepen", "Take time for a real talk with {name}", Name("name")),
    Sentence("step.invite", "Offer {name} a seat", Name("name")),
    Sentence("step.rest", "See {name} less often for now", Name("name")),
    Sentence("step.introduce", "Introduce {names}", Names("names")),
    Sentence("step.broaden", "Make time with {name} for more than work", Name("name")),
    Sentence("step.rebalance", "Plan the time with {names} anew", Names("names")),
    Sentence("step.rebalance.time", "Plan your time anew"),
    Sentence("step.other", "Think of {name}", Name("name")),
    Sentence("step.snoozed", "snoozed until {day}", Text("day")),
    Sentence("step.fewer",
             "You dismissed {dismissed} of {answered, plural, one {# step} other {# steps}} of the kind {kind}: they "
             "come up less.",
             Number("dismissed"), Number("answered"), Text("kind")),
    Sentence("step.answered",
             "{step}: {answer}{then, select, log {; when it is done, council log NAME writes it down, else it comes up "
             "again in a month} away {; it stays away until something changes} other {}}.",
             Text("step"), Text("answer"), Choice("then")),
    Sentence("step.from_seats", "No entry of the ledger is behind it: it comes from who sits on your council."),
    Sentence("step.none", "No step stands out today."),
    Sentence("step.none.now", "No step stands out now. The more talks are logged, the more advice can say:"),
    Sentence("step.none.of_kind", "No step of that kind would help now; council advice shows the others."),

    // Promises.
    Sentence("promise.by_me",
             "You promised {names}{known, select, yes {: {text}} other { something, whose words were erased}}"
             "{due, select, none {} other {, by {day}}}",
             Names("names"), Choice("known"), Text("text"), Choice("due"), Text("day")),
    Sentence("promise.by_them",
             "{names} promised you{known, select, yes {: {text}} other { something, whose words were erased}}"
             "{due, select, none {} other {, by {day}}}",
             Names("names"), Choice("known"), Text("text"), Choice("due"), Text("day")),
    Sentence("promise.in_digest", "{by_me, select, yes {you promised {names}} other {{names} promised you}}: {text}",
             Choice("by_me"), Names("names"), Text("text")),
    Sentence("promise.none", "{whose, select, all {No promise is open.} other {No promise with them is open.}}",
             Choice("whose")),

    // The balance's headline.
    Sentence("headline.council", "Your council: {score} of 100", Text("score")),
    Sentence("headline.lived",
             "{seats, plural, one {# seat} other {# seats}}. Who sits there (structure): {structure}. How it is lived "
             "(practice): {practice}. Recorded: {recorded}\u00a0%.",
             Number("seats"), Text("structure"), Text("practice"), Text("recorded")),
    Sentence("headline.structure", "Who sits on your council: {structure} of 100", Text("structure")),
    Sentence("headline.not_recorded",
             "{seats, plural, one {# seat} other {# seats}}. How it is lived is not recorded yet.", Number("seats")),
    Sentence("headline.not_recorded.next", "Next: council log NAME --on yesterday writes down your last talk."),
    Sentence("headline.nobody", "Nobody has a seat on your council yet."),
    Sentence("headline.nobody.import", "council import brings your contacts."),
    Sentence("headline.nobody.next", "council propose shows who could."),
    Sentence("headline.nobody.first", "council seat NAME --as mentor --every 6w takes the first."),
    Sentence("history.none", "No day in this time had a council."),
    Sentence("component.not_recorded", "Not recorded yet. {reason}", Text("reason")),
    Sentence("component.about", "It is about {names}.", Names("names")),
    Sentence("introductions.none",
             "No two people stand out who should meet. What each gives and could use comes from talks with --received "
             "and --given."),

    // The digest.
    Sentence("digest.title", "Your council, {first} to {last}", DayOfMonth("first"), Date("last")),
    Sentence("digest.meeting", "{title} ({names})", Text("title"), Text("names")),
    Sentence("digest.steps", "{steps, plural, one {A step that would help} other {Steps that would help}}",
             Number("steps")),
    Sentence("digest.unconfirmed", "Did they take place? council plans"),
    Sentence("digest.check_ins", "To talk with, by your own rhythm"),
    Sentence("digest.empty", "Nothing is due this week."),

    // Meetings.
    Sentence("plans.none",
             "No meetings with your people are planned within {days, plural, one {# day} other {# days}}. council "
             "import calendar.ics brings them.",
             Number("days")),
    Sentence("plans.today.none", "No meetings today or tomorrow."),
    Sentence("plans.over", "did it take place?"),
    Sentence("plans.ask", "{plan}. Did it take place?", Text("plan")),
    Sentence("plans.unconfirmed",
             "{plan}{others, plural, =0 {. Did it take place?} one { and # other. Did they take place?} "
             "other { and # others. Did they take place?}}",
             Text("plan"), Number("others")),
    Sentence("plans.taken_back",
             "#{entry} of this meeting was taken back, and stays so; council log NAME writes it down anew.",
             Text("entry")),
    Sentence("plans.known", "{talk} is written down already; council correct {entry} changes it.", Text("talk"),
             Text("entry")),
    Sentence("plans.answered", "It was answered before; council talks shows what is written down."),
    Sentence("plans.off", "{plan} is off the list; importing its calendar again brings it back as long as it is there.",
             Text("plan")),
    Sentence("plans.missed", "{plan} did not take place; its calendar brings it no more.", Text("plan")),

    // The name of a check-in in one's own calendar.
    Sentence("calendar.talk", "{known, select, yes {Talk with {initials}} other {Talk}}", Choice("known"),
             Text("initials")),

    // A person.
    Sentence("names.some", "{names} and {others, plural, one {# other} other {# others}}", Text("names"),
             Number("others")),
    Sentence("show.no_roles", "a seat without roles yet"),
    Sentence("show.rhythm", "{inferred, select, yes {about every {rhythm}} other {every {rhythm}}}", Choice("inferred"),
             Text("rhythm")),
    Sentence("show.next", "next about {day}", Text("day")),
    Sentence("show.nothing", "{left, select, yes {nothing is written down} other {nothing is written down yet}}",
             Choice("left")),
    Sentence("show.nothing.sentence",
             "{left, select, yes {Nothing is written down.} other {Nothing is written down yet.}}", Choice("left")),
    Sentence(
        "show.tie",
        "{talks, plural, one {# talk} other {# talks}}{left, select, yes {, the first in {first}, the last "
        "{last}} other {, in touch since {first}, last {last}}}{known, select, yes {; {percent}\u00a0% likely to be in "
        "touch again within 90 days} other {}}",
        Number("talks"), Choice("left"), MonthAndYear("first"), Text("last"), Choice("known"), Number("percent")),
    Sentence("show.passed", "{way, select, received {You received {what}} other {You gave {what}}}", Choice("way"),
             Text("what")),

    // Talks and ties.
    Sentence("talk.passed", "{way, select, received {received {what}} other {gave {what}}}", Choice("way"),
             Text("what")),
    Sentence("talk.promised", "{by_me, select, yes {you promised {text}} other {they promised {text}}}",
             Choice("by_me"), Text("text")),
    Sentence("talk.promise_done", "a promise done"),
    Sentence("talks.none", "Nothing is logged here yet. council log NAME --on yesterday writes it down."),
    Sentence("ties.none", "Nothing is logged yet. council log NAME --on yesterday begins a tie."),
    Sentence("ties.feeling", "{feeling, select, tiring {tiring lately} energizing {energizing} other {even}}",
             Choice("feeling")),

    // Contacts: new ones, fewer ones.
    Sentence("contacts.none",
             "No contacts yet. council import FILE brings an address book; council contacts add NAME one person."),
    Sentence("contacts.added", "{name} is a contact now.", Name("name")),
    Sentence("contacts.acquainted", "{names} {known, select, yes {know} other {don't know}} each other.",
             Names("names"), Choice("known")),
    Sentence("contacts.delete.ask", "Delete {contact}?", Text("contact")),
    Sentence("contacts.delete.ask_all", "Delete these {contacts, plural, one {# contact} other {# contacts}}?",
             Number("contacts")),
    Sentence("contacts.deleted",
             "{contacts, plural, one {{names} is deleted} other {# contacts are deleted: {names}}}; the ledger keeps "
             "its entries.",
             Number("contacts"), Names("names")),
    Sentence("contacts.unchanged", "{name} stays as it is: {reason}", Name("name"), Text("reason")),
    Sentence("contacts.merge.ask", "Merge {others} into {contact}?", Names("others"), Text("contact")),
    Sentence("contacts.merge.ask_all",
             "Merge these {contacts, plural, one {# contact} other {# contacts}} into {people}?", Number("contacts"),
             Number("people")),
    Sentence("contacts.merged",
             "{contacts, plural, one {# contact is} other {# contacts are}} {people, plural, =1 {one} other {#}} now: "
             "{who}.",
             Number("contacts"), Number("people"), Text("who")),
    Sentence("contacts.merge.none",
             "No two contacts have the same name, and an e-mail address or a phone number in common; council contacts "
             "duplicates shows who else may be one person."),
    Sentence("contacts.duplicates.none", "No two contacts look like one person."),
    Sentence("contacts.duplicates.sure", "council contacts merge --all merges those who are one person beyond doubt."),

    // Imports, and what is taken back of them.
    Sentence("import.ask", "You met {names} three times or more. Add them to your contacts?", Names("names")),
    Sentence("import.added", "New among your contacts: {names}.", Names("names")),
    Sentence("import.met", "{name} ({meetings, plural, one {# meeting} other {# meetings}})", Name("name"),
             Number("meetings")),
    Sentence("import.unknown", "Met more than once and not among your contacts: {names}.", Names("names")),
    Sentence("import.later", "(Talks with those who are new count once they are contacts: they are left out here.)"),
    Sentence("import.whose",
             "Which addresses are yours? council settings --my-email me@example.com leaves out meetings that you "
             "declined."),
    Sentence("undo.gone", "{gone, plural, one {# is gone} other {# are gone}}", Number("gone")),
    Sentence("undo.restored", "{restored, plural, one {# is} other {# are}} as before", Number("restored")),
    Sentence("undo.kept.contacts",
             "{kept, plural, one {# contact stays} other {# contacts stay}}: changed, merged or given a seat since.",
             Number("kept")),
    Sentence("undo.kept.entries",
             "{kept, plural, one {# entry stays} other {# entries stay}}: corrected since, or erased in part.",
             Number("kept")),

    // Whether somebody is there to talk with.
    Sentence("status",
             "{status, select, deceased {has died} no_contact {no contact wanted} resting {paused} "
             "other {paused until {day}}}",
             Choice("status"), Text("day")),
    Sentence("status.left",
             "{name} {seat, select, yes {leaves your council} other {is left out of what is to come}}; what you shared "
             "stays.",
             Name("name"), Choice("seat")),
    Sentence(
        "status.active",
        "{name} is active{again, select, yes { again} other {}}{seat, select, none {; {command} gives a seat} other "
        "{}}.",
        Name("name"), Choice("again"), Choice("seat"), Text("command")),
    Sentence("status.resting",
             "{name} is left alone until {until, select, none {you say --status active} other {{day}}}"
             "{seat, select, none {; {command} gives a seat} other {}}.",
             Name("name"), Choice("until"), Text("day"), Choice("seat"), Text("command")),
    Sentence("status.last_seat",
             "{name} had a seat{known, select, yes { as {roles}} other {}}{every, select, none {} other {, every "
             "{rhythm}}}; {command} gives it back.",
             Name("name"), Choice("known"), Names("roles"), Choice("every"), Text("rhythm"), Text("command")),

    // Seats.
    Sentence("seat.taken",
             "{name} has a seat{known, select, yes { as {roles}} other {}}{every, select, none {} other {, every "
             "{rhythm}}}{next, select, none {} other {; next about {day}}}",
             Name("name"), Choice("known"), Text("roles"), Choice("every"), Text("rhythm"), Choice("next"),
             Text("day")),
    Sentence("seat.ended", "{name} has no seat now; what you shared stays in the ledger.", Name("name")),
    Sentence("seat.already", "{name} has a seat already.", Name("name")),
    Sentence("seat.shown", "What you logged shows {roles}; --as {flags} says so.", Names("roles"), Text("flags")),
    Sentence("seat.not_shown",
             "Nothing logged shows {roles} yet, in {entries, plural, one {# entry} other {# entries}}; --received and "
             "--energy of a talk do.",
             Names("roles"), Number("entries")),

    // The first council.
    Sentence("start.why",
             "{talks, plural, one {# talk} other {# talks}}, in touch in {months} of the last 12 months"
             "{shown, select, yes {; they show {roles}} other {}}",
             Number("talks"), Number("months"), Choice("shown"), Names("roles")),
    Sentence("start.council", "A council has 12 to 18 people whom you rely on for candid feedback and good advice."),
    Sentence("start.full", "Your council has {seats, plural, one {# seat} other {# seats}}.", Number("seats")),
    Sentence("start.which", "Which card is you?"),
    Sentence("start.remove_self", "Remove this card from your contacts, since it is you: {contact}?", Text("contact")),
    Sentence("start.self", "You are {emails}: no contact is made of you, and meetings that you declined are left out.",
             Names("emails")),
    Sentence("start.whose", "No meetings show who else is close to you. Whose advice do you rely on?"),
    Sentence("start.add", "Nobody of that name is among your contacts. Add \"{name}\"?", Name("name")),
    Sentence("start.nothing_due", "No talk is due within four weeks."),
    Sentence("start.nobody", "Nobody has a seat yet; council start asks again, council seat NAME gives one."),
    Sentence("start.known", "{contacts, plural, one {# contact is} other {# contacts are}} here already.",
             Number("contacts")),

    // What was written down, erased, proposed.
    Sentence("log.next", "; next about {day}", Text("day")),
    Sentence("log.report",
             "{created, plural, one {# talk} other {# talks}} logged{known, plural, =0 {} other {, # known already}}"
             "{unread, plural, =0 {} other {, # could not be read:}}",
             Number("created"), Number("known"), Number("unread")),
    Sentence("correct.done", "#{before} is corrected by #{after}:", Text("before"), Text("after")),
    Sentence("correct.taken_back", "#{entry} ({names}, {day}) is taken back.", Text("entry"), Text("names"),
             Text("day")),
    Sentence("forget.ask_all",
             "Erase all that this suite keeps about you, for good? Nothing can be written for you any more."),
    Sentence("forget.done_all",
             "All that this suite kept about you is erased. Copies in backups can't be opened once the backups of its "
             "keys have expired; whoever runs the suite says when that is."),
    Sentence("forget.ask", "Erase {name} for good, with the notes of every talk that they took part in?", Name("name")),
    Sentence(
        "forget.done",
        "{name} is forgotten. {entries, plural, =0 {The ledger had no entry with them.} one {Of # entry of the "
        "ledger the rest stays: when it was, how long, how deep, who else. It still verifies.} other {Of # entries "
        "of the ledger the rest stays: when it was, how long, how deep, who else. It still verifies.}}",
        Name("name"), Number("entries")),
    Sentence("propose.headline",
             "{exact, select, yes {The best there is} other {The best found}}: "
             "{seats, plural, one {# seat} other {# seats}}, {new, plural, =0 {all as they are} other {# of them new}}",
             Choice("exact"), Number("seats"), Number("new")),
    Sentence("propose.hint", "council propose shows who could sit on your council."),
    Sentence("propose.how", "One at a time: {command}", Text("command")),
    Sentence("propose.nobody", "There is nobody to propose yet: council import brings your contacts."),
    Sentence("try.seated", "{name} had a seat{known, select, yes { as {roles}} other {}}", Name("name"),
             Choice("known"), Names("roles")),
    Sentence("try.unseated", "{name} had no seat", Name("name")),
    Sentence("try.talked", "you talked with {name} today", Name("name")),
    Sentence("try.if", "If {changes}:", Names("changes")),
};

}  // namespace council::words

#endif  // COUNCIL_LIBS_WORDS_SCREEN_SENTENCES_H_
