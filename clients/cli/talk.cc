#include "clients/cli/talk.h"

#include <CLI/App.hpp>
#include <algorithm>
#include <istream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/agenda.h"
#include "clients/cli/dates.h"
#include "clients/cli/discretion.h"
#include "clients/cli/flags.h"
#include "clients/cli/table.h"
#include "clients/cli/text.h"
#include "clients/cli/words.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/words/language.h"

namespace council::cli {
namespace {

constexpr size_t kMaxWritten = 20;

using ledger::v1::Benefit;
using ledger::v1::Interaction;

// Reads one flag by `parse` and hands the value to `apply`; what is wrong is collected.
template <typename Parse, typename Apply>
void ReadFlag(const char* name, const std::optional<std::string>& text, base::FieldViolations& wrong,
              const Parse& parse, const Apply& apply) {
  if (!text) return;
  auto value = parse(*text);
  if (value.ok()) {
    apply(*std::move(value));
  } else {
    wrong.Add(name, std::string(value.status().message()));
  }
}

absl::Status AddBenefits(const std::vector<std::string>& texts, ledger::v1::BenefitDirection direction,
                         const char* flag, ContactFinder& finder, base::FieldViolations& wrong,
                         Interaction& interaction) {
  for (const std::string& text : texts) {
    const absl::StatusOr<BenefitText> parsed = ParseBenefit(text);
    if (!parsed.ok()) {
      wrong.Add(flag, std::string(parsed.status().message()));
      continue;
    }
    Benefit& benefit = *interaction.add_benefits();
    benefit.set_direction(direction);
    benefit.set_kind(parsed->kind);
    benefit.set_weight(parsed->weight);
    if (!parsed->introduced.empty()) {
      COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::Contact introduced, finder.Find(parsed->introduced));
      benefit.set_introduced_contact_id(introduced.id());
    }
  }
  return absl::OkStatus();
}

// Takes away the benefits of one direction.
void RemoveBenefits(ledger::v1::BenefitDirection direction, Interaction& interaction) {
  google::protobuf::RepeatedPtrField<Benefit> kept;
  for (Benefit& benefit : *interaction.mutable_benefits()) {
    if (benefit.direction() != direction) *kept.Add() = std::move(benefit);
  }
  interaction.mutable_benefits()->Swap(&kept);
}

absl::Status ReadText(const nlohmann::json& value, const std::string& name, std::optional<std::string>& text) {
  if (value.is_string()) {
    text = value.get<std::string>();
  } else if (value.is_number_integer()) {
    text = std::to_string(value.get<int64_t>());
  } else {
    return base::InvalidField(name, "must be a text");
  }
  return absl::OkStatus();
}

absl::Status ReadTexts(const nlohmann::json& value, const std::string& name, std::vector<std::string>& texts) {
  for (const nlohmann::json& item : value.is_array() ? value : nlohmann::json::array({value})) {
    if (!item.is_string()) return base::InvalidField(name, "must be a text or a list of texts");
    texts.push_back(item.get<std::string>());
  }
  return absl::OkStatus();
}

std::string BenefitsText(const Interaction& interaction, ledger::v1::BenefitDirection direction,
                         const ContactBook& book) {
  std::vector<std::string> parts;
  for (const Benefit& benefit : interaction.benefits()) {
    if (benefit.direction() != direction) continue;
    std::string part = Word(benefit.kind());
    if (benefit.weight() > 1) absl::StrAppend(&part, ":", benefit.weight());
    if (!benefit.introduced_contact_id().empty()) {
      absl::StrAppend(&part, " to ", book.NameOf(benefit.introduced_contact_id()));
    }
    if (interaction.contact_ids_size() > 1 && !benefit.contact_id().empty()) {
      absl::StrAppend(&part, " (", book.NameOf(benefit.contact_id()), ")");
    }
    parts.push_back(std::move(part));
  }
  return absl::StrJoin(parts, ", ");
}

// "; next about 12 May" for the seats among those met, the soonest of them.
std::string NextDate(const Interaction& interaction, const ContactBook& book, Session& session) {
  const std::map<std::string, absl::CivilDay> days = ReadNextTalks(session);
  std::optional<absl::CivilDay> next;
  for (const std::string& id : interaction.contact_ids()) {
    const contacts::v1::Contact* contact = book.Find(id);
    const auto day = contact == nullptr ? days.end() : days.find(contact->id());
    if (day != days.end()) next = std::min(next.value_or(day->second), day->second);
  }
  if (!next) return "";
  return words::Say<"log.next">(words::As<"day">(FormatDay(*next, session.Now(), session.zone(), session.language())));
}

}  // namespace

void RememberWritten(Session& session, const Interaction& interaction) {
  std::vector<Written>& written = session.memory().written;
  written.push_back({interaction.sequence()});
  if (written.size() > kMaxWritten) written.erase(written.begin());
}

void PrintWritten(const Interaction& interaction, const ContactBook& book, Session& session) {
  session.out() << ShortTalk(interaction, book, session) << NextDate(interaction, book, session)
                << session.terminal().Styled(Style::kDim, "; council undo takes it back") << '\n';
}

void AskForMore(const Terminal& terminal, TalkFlags& flags) {
  const auto ask = [&](const char* question, const std::map<char, std::string>& answers,
                       std::optional<std::string>& value) {
    if (value) return;
    const char key = terminal.Key(question);
    if (const auto found = answers.find(key); found != answers.end()) value = found->second;
  };
  ask("How deep?   e exchange · u update · c conversation · a counsel (advice) ",
      {{'e', "exchange"}, {'u', "update"}, {'c', "conversation"}, {'a', "counsel"}}, flags.depth);
  ask("And after?  d drained · t tired · n neutral · g good · e energized ",
      {{'d', "drained"}, {'t', "tired"}, {'n', "neutral"}, {'g', "good"}, {'e', "energized"}}, flags.energy);
  if (!flags.received.empty() || !flags.given.empty()) return;
  const char key = terminal.Key("Who helped? t they me · i I them · b both ");
  if (key == 't' || key == 'b') flags.received.push_back("support");
  if (key == 'i' || key == 'b') flags.given.push_back("support");
}

void AddTalkFlags(CLI::App& command, TalkFlags& flags, const std::string& usual_time) {
  command.add_option(
      "--on", flags.on,
      absl::StrCat("When: yesterday, monday, 3d, 2w, 2026-05-01, \"yesterday 18:30\" (default: ", usual_time, ")"));
  command.add_option("--channel,--by", flags.channel, "in-person, video, phone, chat, email or event");
  command.add_option("--depth", flags.depth, "exchange, update, conversation or counsel");
  command.add_option("--duration,--for", flags.duration, "How long: 30m, 1h, 1h30");
  command.add_option("--energy", flags.energy,
                     "How you felt afterwards: drained, tired, neutral, good, energized (or -2 … 2)");
  AddList(command, "--domain", flags.domains, "What it was about: career, physical, mental, emotional, social");
  AddList(
      command, "--received", flags.received,
      "What you received, KIND[:WEIGHT][=NAME] with a weight of 1 to 5: advice, feedback, information, introduction, "
      "support, sponsorship, brainstorm");
  AddList(command, "--given", flags.given, "What you gave, in the same way: introduction:2=Tom Baker");
  command.add_option("--note", flags.note, "A note; - reads it from standard input");
}

absl::Status ApplyTalkFlags(const TalkFlags& flags, Session& session, ContactFinder& finder, Interaction& interaction) {
  base::FieldViolations wrong;
  ReadFlag(
      "on", flags.on, wrong, [&](const std::string& text) { return ParseWhen(text, session.Now(), session.zone()); },
      [&](absl::Time when) { *interaction.mutable_occur_time() = base::ToProto(when); });
  ReadFlag(
      "channel", flags.channel, wrong,
      [](const std::string& text) { return ParseEnum<ledger::v1::Channel>("channel", text); },
      [&](ledger::v1::Channel channel) { interaction.set_channel(channel); });
  ReadFlag(
      "depth", flags.depth, wrong,
      [](const std::string& text) { return ParseEnum<ledger::v1::InteractionDepth>("depth", text); },
      [&](ledger::v1::InteractionDepth depth) { interaction.set_depth(depth); });
  ReadFlag("duration", flags.duration, wrong, ParseDuration,
           [&](absl::Duration duration) { *interaction.mutable_duration() = base::ToProto(duration); });
  ReadFlag("energy", flags.energy, wrong, ParseEnergy, [&](int energy) { interaction.set_energy(energy); });
  if (flags.note) {
    interaction.set_note(*flags.note == "-" ? std::string(std::istreambuf_iterator<char>(*session.terminal().in), {})
                                            : *flags.note);
  }
  if (!flags.domains.empty()) interaction.clear_domains();
  for (const std::string& domain : flags.domains) {
    ReadFlag(
        "domain", domain, wrong,
        [](const std::string& text) { return ParseEnum<common::v1::LifeDomain>("domain", text); },
        [&](common::v1::LifeDomain value) { interaction.add_domains(value); });
  }
  if (!flags.received.empty()) RemoveBenefits(ledger::v1::BENEFIT_DIRECTION_RECEIVED, interaction);
  if (!flags.given.empty()) RemoveBenefits(ledger::v1::BENEFIT_DIRECTION_GIVEN, interaction);
  COUNCIL_RETURN_IF_ERROR(
      AddBenefits(flags.received, ledger::v1::BENEFIT_DIRECTION_RECEIVED, "received", finder, wrong, interaction));
  COUNCIL_RETURN_IF_ERROR(
      AddBenefits(flags.given, ledger::v1::BENEFIT_DIRECTION_GIVEN, "given", finder, wrong, interaction));
  return wrong.ToStatus();
}

absl::StatusOr<TalkLine> ParseTalkLine(const std::string& line) {
  const nlohmann::json object = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return absl::InvalidArgumentError("is not a JSON object");
  TalkLine talk;
  const std::map<std::string, std::optional<std::string>*> texts = {
      {"on", &talk.flags.on},         {"channel", &talk.flags.channel},
      {"depth", &talk.flags.depth},   {"duration", &talk.flags.duration},
      {"energy", &talk.flags.energy}, {"note", &talk.flags.note}};
  const std::map<std::string, std::vector<std::string>*> lists = {{"contacts", &talk.contacts},
                                                                  {"domains", &talk.flags.domains},
                                                                  {"received", &talk.flags.received},
                                                                  {"given", &talk.flags.given}};
  for (const auto& [name, value] : object.items()) {
    if (const auto text = texts.find(name); text != texts.end()) {
      COUNCIL_RETURN_IF_ERROR(ReadText(value, name, *text->second));
    } else if (const auto list = lists.find(name); list != lists.end()) {
      COUNCIL_RETURN_IF_ERROR(ReadTexts(value, name, *list->second));
    } else if (name == "requestId" && value.is_string()) {
      talk.request_id = value.get<std::string>();
    } else {
      return base::InvalidField(name, "is not known here");
    }
  }
  if (talk.contacts.empty()) return base::InvalidField("contacts", "is missing: say whom you met");
  return talk;
}

TalkText DescribeTalk(const Interaction& interaction, const ContactBook& book, const Session& session) {
  TalkText text;
  text.when = FormatDay(base::FromProto(interaction.occur_time()), session.Now(), session.zone(), session.language());
  const std::string channel = Word(interaction.channel());
  const std::string depth = Word(interaction.depth());
  text.how = absl::StrCat(channel, channel.empty() || depth.empty() ? "" : " · ", depth);
  if (interaction.has_duration()) text.duration = DurationText(base::FromProto(interaction.duration()));
  if (interaction.has_energy() && !session.discreet()) text.energy = EnergyWord(interaction.energy());
  text.domains = absl::StrJoin(WordsOf<common::v1::LifeDomain>(interaction.domains()), ", ");
  const std::string received = BenefitsText(interaction, ledger::v1::BENEFIT_DIRECTION_RECEIVED, book);
  const std::string given = BenefitsText(interaction, ledger::v1::BENEFIT_DIRECTION_GIVEN, book);
  std::vector<std::string> passed;
  if (!received.empty()) {
    passed.push_back(words::Say<"talk.passed">(words::As<"way">("received"), words::As<"what">(received)));
  }
  if (!given.empty()) passed.push_back(words::Say<"talk.passed">(words::As<"way">("given"), words::As<"what">(given)));
  text.benefits = absl::StrJoin(passed, "; ");
  std::vector<std::string> promised;
  for (const ledger::v1::Promise& promise : interaction.promises()) {
    if (promise.text().empty()) continue;
    promised.push_back(
        OneLine(words::Say<"talk.promised">(words::As<"by_me">(promise.by_me()), words::As<"text">(promise.text()))));
  }
  if (!interaction.closes_promises().empty()) promised.push_back(words::Say<"talk.promise_done">());
  text.promises = absl::StrJoin(promised, "; ");
  if (!interaction.note().empty()) text.note = session.discreet() ? kHiddenText : OneLine(interaction.note());
  return text;
}

std::string ShortTalk(const Interaction& interaction, const ContactBook& book, const Session& session) {
  const TalkText text = DescribeTalk(interaction, book, session);
  return absl::StrCat("#", interaction.sequence(), " ", OneLine(book.NamesOf(interaction.contact_ids())), ", ",
                      text.when, text.duration.empty() ? "" : ", ", text.duration);
}

std::string RenderTalks(const std::vector<Interaction>& talks, const ContactBook& book, const Session& session) {
  Table table({{"#", Table::kRight}, {"when"}, {"whom", Table::kName}, {"length"}, {"after"}});
  for (const Interaction& talk : talks) {
    const TalkText text = DescribeTalk(talk, book, session);
    std::string number = absl::StrCat(talk.sequence());
    if (talk.corrected_by() > 0) absl::StrAppend(&number, " → ", talk.corrected_by());
    const bool retraction = talk.kind() == ledger::v1::INTERACTION_KIND_RETRACTION;
    table.Add({number, text.when, book.NamesOf(talk.contact_ids()), text.duration, text.energy});
    std::vector<std::string> said = {retraction ? absl::StrCat("takes back #", talk.corrects()) : "", text.how,
                                     text.benefits, text.promises, text.note};
    std::erase(said, "");
    table.AddDetail(absl::StrJoin(said, "; "));
  }
  return table.Render(session.terminal());
}

}  // namespace council::cli
