// Readers of what comes from outside, each as a function of any bytes. A target ends the process where its reader does
// what it must not: reads or writes beyond its memory (which a build with sanitizers notices), breaks an invariant,
// takes a limit for none, or lets pass what is forged.
//
// Each has hand-written seeds in corpus/NAME, and inputs by which something was found once. fuzz_corpus_test feeds all
// of them to the targets with every test run; `make fuzz` makes up new ones, with libFuzzer (fuzzer.cc).
#ifndef COUNCIL_TESTS_FUZZ_TARGETS_H_
#define COUNCIL_TESTS_FUZZ_TARGETS_H_

#include <string_view>

namespace council::fuzz {

// vCards. What is read of a card is within the limits, and comes back from the card that is written of it.
void Vcard(std::string_view input);
// LinkedIn's, Google's and anybody's CSV, the same bytes as each.
void ContactsCsv(std::string_view input);
// Exports of Monica (JSON) and of Dex (CSV), each as a file of people and as one of what happened.
void Monica(std::string_view input);
void Dex(std::string_view input);
// Calendars: the meetings of a file are entries that may be appended.
void Calendar(std::string_view input);
// The ledger's tables, likewise, with columns of their own names and of others.
void LedgerTable(std::string_view input);
// Mail: what is sent of it on is read the same again, and makes the same entries.
void Mail(std::string_view input);
// Notes about a person, as contacts and as the ledger read them.
void Markdown(std::string_view input);

// Page, watch and consistency tokens: the input as a token, which must be refused, and as what stands behind a MAC that
// holds.
void Tokens(std::string_view input);
// Access tokens: the input as a token, and its lines as header, claims and signature of one. No key takes them, but for
// an empty signature, which stands for one that holds.
void AccessToken(std::string_view input);
// Key sets of issuers.
void KeySet(std::string_view input);

// What a Redis server sends, as hiredis takes it apart and the cache of balances reads it.
void RedisReplies(std::string_view input);
void RedisUrl(std::string_view input);

// Calls of any method of the suite, one a line: "ledger.AppendInteraction" and the request in protobuf's text format. A
// line that begins with "+" is one more message of the stream before it. A text "@3" stands for the third id or token
// that an answer held. No answer says that a service made a mistake, all fit into their metadata, and the ledger
// verifies afterwards.
void Requests(std::string_view input);
// A whole state: the service's name on the first line, then what its ImportOwner is sent. What is taken over is
// exported, taken over by somebody else, and exported again to the same bytes.
void OwnerState(std::string_view input);

}  // namespace council::fuzz

#endif  // COUNCIL_TESTS_FUZZ_TARGETS_H_
