#ifndef COUNCIL_CLIENTS_CLI_TALK_H_
#define COUNCIL_CLIENTS_CLI_TALK_H_

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/cli/people.h"
#include "clients/cli/session.h"
#include "council/ledger/v1/ledger.pb.h"

namespace CLI {
class App;
}

namespace council::cli {

// `Interaction.source` of what is typed.
inline constexpr char kCliSource[] = "cli";

// What `log` and `correct` are told about a talk, as typed. What was not said is unset.
struct TalkFlags {
  std::optional<std::string> on;
  std::optional<std::string> channel;
  std::optional<std::string> depth;
  std::optional<std::string> duration;
  std::optional<std::string> energy;
  std::optional<std::string> note;
  std::vector<std::string> domains;
  std::vector<std::string> received;
  std::vector<std::string> given;
};

// Adds the flags to a command. `flags` must outlive the parsing; `usual_time` says for the help when it was where --on
// does not.
void AddTalkFlags(CLI::App& command, TalkFlags& flags, const std::string& usual_time);

// Writes what the flags say into `interaction`, over what stands there; `finder` finds who was introduced. All that is
// wrong is said at once, field by field, as INVALID_ARGUMENT.
absl::Status ApplyTalkFlags(const TalkFlags& flags, Session& session, ContactFinder& finder,
                            ledger::v1::Interaction& interaction);

// Asks on the terminal for what makes an entry worth more and `flags` does not say, one key each; Enter skips.
void AskForMore(const Terminal& terminal, TalkFlags& flags);

// Remembers an entry that was written here, for `council undo`.
void RememberWritten(Session& session, const ledger::v1::Interaction& interaction);

// Prints what was written: ShortTalk(), when the next talk is proposed, and how to undo it.
void PrintWritten(const ledger::v1::Interaction& interaction, const ContactBook& book, Session& session);

// A line of `log --from`.
struct TalkLine {
  TalkFlags flags;
  // Parts of names or e-mail addresses, or ids.
  std::vector<std::string> contacts;
  // The line's own request_id; empty where it has none.
  std::string request_id;
};

// Reads {"contacts": […], "on": …, "channel": …, "depth": …, "duration": …, "energy": …, "domains": […],
// "received": […], "given": […], "note": …, "requestId": …}: the names and values of the flags. "contacts" is required;
// a list may be a single text; energy may be a number. Other names are refused.
absl::StatusOr<TalkLine> ParseTalkLine(const std::string& line);

// What an entry says, in a few words each, for a table or a comparison.
struct TalkText {
  std::string when;
  // "video · counsel"
  std::string how;
  std::string duration;
  std::string energy;
  std::string domains;
  // "received advice:3, gave feedback"
  std::string benefits;
  // "you promised the paper; a promise done"
  std::string promises;
  std::string note;
};
TalkText DescribeTalk(const ledger::v1::Interaction& interaction, const ContactBook& book, const Session& session);

// "#412 Rosa Lindqvist, yesterday, 30 min"
std::string ShortTalk(const ledger::v1::Interaction& interaction, const ContactBook& book, const Session& session);

// Entries as a table, in the order given, each with what it says below it.
std::string RenderTalks(const std::vector<ledger::v1::Interaction>& talks, const ContactBook& book,
                        const Session& session);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_TALK_H_
