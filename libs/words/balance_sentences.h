#ifndef COUNCIL_LIBS_WORDS_BALANCE_SENTENCES_H_
#define COUNCIL_LIBS_WORDS_BALANCE_SENTENCES_H_

#include <array>

#include "libs/words/sentence.h"

// The catalogue's sentences that explain a balance.
namespace council::words {

inline constexpr std::array kBalanceSentences = {
    Sentence("balance.nobody", "Nobody has a seat yet; {low} to {high} people serve best.", Number("low"),
             Number("high")),
    Sentence("balance.size",
             "{seats, plural, one {# seat is taken, and {paused, plural, =0 {{active, plural, =0 {talks are rarer than "
             "you mean them to be} other {you are in touch as often as you mean to}}} other {it is paused}}} "
             "other {# seats are taken, {active} of them in touch as often as you mean to{paused, plural, =0 {} "
             "one {, and # is paused} other {, and # are paused}}}}; {low} to {high} active people serve best"
             "{crowded, select, yes {, and more are hard to keep up with} other {}}.",
             Number("seats"), Number("active"), Number("paused"), Number("low"), Number("high"), Choice("crowded")),
    Sentence("balance.roles",
             "You have {energizers, plural, =0 {no energizer} one {# energizer} other {# energizers}}, "
             "{informants, plural, =0 {no informant} one {# informant} other {# informants}}, "
             "{supporters, plural, =0 {no supporter} one {# supporter} other {# supporters}}, "
             "{brainstormers, plural, =0 {no brainstormer} one {# brainstormer} other {# brainstormers}} and "
             "{mentors, plural, =0 {no mentor} one {# mentor} other {# mentors}}; two active people for each serve "
             "best, and nobody who stands for everything.",
             Number("energizers"), Number("informants"), Number("supporters"), Number("brainstormers"),
             Number("mentors")),
    Sentence("balance.share", "{what} {percent}\u00a0%", Text("what"), Number("percent")),
    Sentence("balance.diversity",
             "How often two people of your council, picked at random, differ: {facets} (half the time is enough); "
             "{known, plural, =0 {no two of them know each other} =1 {two of them know each other} "
             "other {{all, select, yes {all of them know each other} "
             "other {{known} of {pairs, plural, one {# pair} other {# pairs}} know each other}}}}.",
             Names("facets"), Number("known"), Number("pairs"), Choice("all")),
    Sentence("balance.diversity.alone", "One seat is taken; how people differ can be told from two on."),
    Sentence("balance.diversity.unknown",
             "No facet, such as function, seniority or location, is known of more than half of the seats."),
    Sentence("balance.diversity.not_recorded",
             "Not recorded yet: function, seniority or location are known of {described, plural, =0 {nobody with a "
             "seat} other {# of {seats, plural, one {# seat} other {# seats}}}}.",
             Number("described"), Number("seats")),
    Sentence("balance.energy",
             "{moved, select, yes {Of what talks did to your energy lately, {lifting}\u00a0% lifted and "
             "{tiring}\u00a0% tired you (older talks count less; in the score tiring counts double)} other {Talks "
             "neither lifted nor tired you lately}}{who, select, none {} other {; tiring lately: {names}}}.",
             Choice("moved"), Number("lifting"), Number("tiring"), Choice("who"), Names("names")),
    Sentence("balance.reciprocity",
             "Of what passed over the last year or so you gave {given}\u00a0% and received {received}\u00a0% (older "
             "ones count less); with {mutual, plural, =0 {nobody it went both ways yet} other {# of "
             "{seats, plural, one {# seat} other {# seats}} it went both ways}}.",
             Number("given"), Number("received"), Number("mutual"), Number("seats")),
    Sentence("balance.depth",
             "With {deep, plural, =0 {nobody} other {# of {seats, plural, one {# seat} other {# seats}}}} there was a "
             "deep talk lately, at least half of what a quarter asks for: one counsel, or a conversation and a half.",
             Number("deep"), Number("seats")),
    Sentence("balance.vitality",
             "You are in touch with {active, plural, =0 {none of {seats, plural, one {# seat} other {# seats}}} "
             "other {{all, select, yes {{seats, plural, one {the one seat} other {all # seats}}} "
             "other {{active} of {seats, plural, one {# seat} other {# seats}}}}}} as often as you mean to be"
             "{paused, plural, =0 {} one {, and # is paused} other {, and # are paused}}"
             "{quiet, select, yes {; it has been quiet with {name} for {gap, plural, one {# day} other {# days}}, and "
             "you mean to talk every {rhythm, plural, one {day} other {#}}} other {}}.",
             Number("active"), Number("seats"), Choice("all"), Number("paused"), Choice("quiet"), Name("name"),
             Number("gap"), Number("rhythm")),
    Sentence("balance.engagement",
             "Talks took {hours, number, ::.0} hours lately (older ones count less){told, select, yes {: {shares}} "
             "other {}}; career at {low} to {high}\u00a0%, with some physical, mental and emotional, serves best.",
             Decimal("hours"), Choice("told"), Names("shares"), Number("low"), Number("high")),
    Sentence("balance.reach",
             "Introductions, made for you or by you over the last year or so, count as {introductions, number, ::.0} "
             "(older ones less, at most two for each seat); five are plenty.",
             Decimal("introductions")),
    Sentence("balance.reach.none",
             "No introduction, made for you or by you, is written down for the last year or so; five are plenty."),
    Sentence(
        "balance.not_recorded",
        "Not recorded yet: {with, plural, =0 {no seat has} one {# of {seats, plural, one {# seat} other {# seats}} "
        "has} other {# of {seats, plural, one {# seat} other {# seats}} have}} "
        "{what, select, energy {an entry that says how a talk felt} "
        "reciprocity {an entry that says who helped whom} reach {an entry that says who helped whom} "
        "depth {an entry that says how deep a talk went} "
        "engagement {a talk with a side of life it was about} other {an entry}}.",
        Number("with"), Number("seats"), Choice("what")),
};

}  // namespace council::words

#endif  // COUNCIL_LIBS_WORDS_BALANCE_SENTENCES_H_
