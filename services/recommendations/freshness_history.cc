#include "services/recommendations/freshness_history.h"

#include <iterator>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "council/recommendations/v1/recommendations_service.pb.h"
#include "gtest/gtest.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/cache/revision_relay.h"
#include "libs/cache/revisions.h"

namespace council::recommendations::freshness_model {
namespace {

constexpr int kSteps = 70;
// How deep what happens during a computation may nest.
constexpr int kDepth = 2;
constexpr absl::Duration kCommandTimeout = absl::Milliseconds(500);
// Computed, found in Redis, found near; and as often again if one who came by computed it anew.
constexpr int kAsks = 6;

const base::Owner kAda{"dev", "ada"};

}  // namespace

History::History(World& world, uint64_t seed) : world_(world), engine_(seed), random_(seed) {
  for (size_t i = 0; i < copies_.size(); ++i) {
    copies_[i] = std::make_unique<Copy>(*this, world_, clock_, random_, redis_, absl::StrCat(i));
  }
}

bool History::Run() {
  if (Chance(0.5)) {
    CheckNewest();  // So that the caches are filled.
    if (Chance(0.1)) {
      Pass(kCachedBalanceLifetime - absl::Seconds(2));  // So that what is in them is soon too old.
      CheckNewest();
    }
  }
  healthy_ = false;
  for (int i = 0; i < kSteps; ++i) Step();
  Heal();
  CheckNewest();
  Write(Pick(kServices.size()));
  Settle();
  CheckNewest();
  EXPECT_EQ(unanswered_, 0);
  return !::testing::Test::HasFailure();
}

void History::Step() {
  struct Kind {
    int weight;
    void (History::*step)();
  };
  static constexpr Kind kKinds[] = {
      {7, &History::WriteAny},     {10, &History::AskAny},         {20, &History::CarryOutAny},
      {20, &History::ReplyAny},    {10, &History::RunAnyTask},     {12, &History::HearAny},
      {5, &History::ProbeAny},     {6, &History::RelayAny},        {4, &History::PassTime},
      {3, &History::ReconnectAny}, {3, &History::MendTrackingAny}, {3, &History::TroubleAny},
  };
  static const int kTotal = [] {
    int total = 0;
    for (const Kind& kind : kKinds) total += kind.weight;
    return total;
  }();
  auto at = static_cast<int>(Pick(kTotal));
  for (const Kind& kind : kKinds) {
    if ((at -= kind.weight) < 0) return (this->*kind.step)();
  }
}

void History::TroubleAny() {
  static constexpr std::array kTroubles = {&History::BreakCommands, &History::LoseTracking, &History::LoseData,
                                           &History::CarryOutLate,  &History::BeFull,       &History::BeBusy};
  if (rough_) (this->*kTroubles[Pick(kTroubles.size())])();
}

void History::Meanwhile() {
  if (healthy_ || depth_ >= kDepth) return;
  ++depth_;
  for (size_t i = Pick(4); i > 0; --i) Step();
  --depth_;
}

void History::WriteAny() {
  const size_t service = Pick(kServices.size());
  // Seldom a backup takes the storage's place.
  if (Chance(0.004)) {
    storages_[service] = {.lineage = absl::StrCat(kServices[service], "-", ++lineages_),
                          .revision = static_cast<int64_t>(Pick(storages_[service].revision + 1))};
    went_back_ = true;
  }
  Write(service);
}

void History::Write(size_t service) {
  ++storages_[service].revision;
  storages_[service].news = true;
  Learn(clients_[Pick(clients_.size())], service, MakeToken(service));
}

std::string History::MakeToken(size_t service) const {
  return world_.tokens.MakeConsistencyToken(
      kAda, {kServices[service], storages_[service].lineage, storages_[service].revision});
}

void History::Learn(KnownStates& client, size_t service, const std::string& token) {
  const auto parsed = world_.tokens.ParseConsistencyToken(kAda, token);
  ASSERT_TRUE(parsed.ok());
  Known& known = client[service];
  if (known.lineage == parsed->lineage && known.revision >= parsed->revision) return;
  known = {parsed->lineage, parsed->revision, token};
}

void History::AskAny() {
  const size_t client = Pick(clients_.size());
  Ask(AnyCopy(), client, Chance(0.7), [](const v1::CouncilBalance&) {});
}

void History::Ask(Copy& copy, size_t client, bool with_tokens,
                  std::function<void(const v1::CouncilBalance&)> answered) {
  const KnownStates asked = with_tokens ? clients_[client] : KnownStates();
  std::vector<std::string> tokens;
  for (const Known& known : asked) {
    if (!known.token.empty()) tokens.push_back(known.token);
  }
  ++unanswered_;
  rpc::Principal principal{.owner = kAda, .client = "owner", .credential = {}};
  copy.cache.Get(
      std::make_shared<rpc::CallContext>("GetCouncilBalance", std::move(principal), absl::Now() + absl::Hours(1)),
      std::move(tokens),
      [this, client, asked, told = copy.told,
       answered = std::move(answered)](const absl::StatusOr<rpc::Serialized>& answer) {
        --unanswered_;
        if (!answer.ok()) return CheckFailure(client, answer.status());
        v1::GetCouncilBalanceResponse response;
        ASSERT_TRUE(response.ParseFromString(**answer));
        CheckAnswer(client, asked, told, response.balance());
        answered(response.balance());
      });
}

void History::CheckFailure(size_t client, const absl::Status& status) {
  if (absl::IsUnavailable(status) || absl::IsResourceExhausted(status)) return;
  // A storage was replaced: drop the tokens, as clients do.
  EXPECT_TRUE(absl::IsFailedPrecondition(status) && lineages_ > 0) << status;
  clients_[client] = KnownStates();
}

void History::CheckAnswer(size_t client, const KnownStates& asked, const KnownStates& told,
                          const v1::CouncilBalance& balance) {
  ASSERT_EQ(balance.tokens_size(), static_cast<int>(kServices.size()));
  for (size_t i = 0; i < kServices.size(); ++i) {
    const auto state = world_.tokens.ParseConsistencyToken(kAda, balance.tokens(static_cast<int>(i)));
    ASSERT_TRUE(state.ok());
    if (!asked[i].token.empty()) {
      EXPECT_EQ(state->lineage, asked[i].lineage);
      EXPECT_GE(state->revision, asked[i].revision) << "older than its token, from " << balance.answered_from();
    }
    // Unless Redis, or what it was sent, went back in time.
    if (state->lineage == told[i].lineage && !went_back_) {
      EXPECT_GE(state->revision, told[i].revision) << "older than told, from " << balance.answered_from();
    }
    if (state->lineage == storages_[i].lineage) {
      EXPECT_LE(state->revision, storages_[i].revision);
      // What one was told is a token in turn.
      Learn(clients_[client], i, balance.tokens(static_cast<int>(i)));
    }
  }
}

void History::CarryOutAny() {
  if (Copy& copy = AnyCopy(); copy.commands.has_command()) copy.commands.CarryOut();
}

void History::ReplyAny() {
  if (Copy& copy = AnyCopy(); copy.commands.has_reply()) copy.commands.HandReply();
}

void History::HearAny() {
  if (Copy& copy = AnyCopy(); copy.tracking.has_news()) Hear(copy);
}

void History::Hear(Copy& copy) {
  if (!copy.tracking.Hear()) return;
  for (size_t i = 0; i < kServices.size(); ++i) {
    const std::string key = cache::RevisionKey(world_.sealer.CacheTag(kAda), kServices[i], storages_[i].lineage);
    const auto known = redis_.data().find(key);
    int64_t revision = 0;
    if (known == redis_.data().end() || !absl::SimpleAtoi(known->second.text, &revision)) continue;
    copy.told[i] = {.lineage = storages_[i].lineage, .revision = revision};
  }
}

void History::ProbeAny() {
  if (Copy& copy = AnyCopy(); !copy.tracking.noticed()) copy.tracking.Probe();
}

void History::Mend(ScriptedTracking& tracking) {
  if (tracking.noticed()) {
    tracking.Renew();
  } else if (!tracking.told()) {
    tracking.Notice();
  }
}

void History::RunAnyTask() {
  Copy& copy = AnyCopy();
  if (copy.tasks.waiting.empty()) return;
  const std::function<void()> task = std::move(copy.tasks.waiting.front());
  copy.tasks.waiting.pop_front();
  task();
}

void History::BreakCommands() {
  const bool timed_out = Chance(0.5);
  AnyCopy().commands.Break(timed_out ? absl::DeadlineExceededError("") : absl::UnavailableError(""), Chance(0.5));
  went_back_ = true;  // What arrived may be carried out when it is no longer true.
}

void History::CarryOutLate() {
  if (redis_.late().empty()) return;
  const auto at = redis_.late().begin() + static_cast<int64_t>(Pick(redis_.late().size()));
  const RedisCommand command = std::move(*at);
  redis_.late().erase(at);
  redis_.Execute(command);
}

void History::LoseData() {
  switch (Pick(5)) {
    case 0:
      return redis_.Flush();
    case 1:
      kept_ = redis_.data();
      return;
    case 2:  // An older copy, or an empty one, takes over.
      for (const auto& copy : copies_) copy->commands.Break(absl::UnavailableError(""), false);
      redis_.ReplaceBy(Chance(0.5) ? kept_ : ScriptedRedis::Data());
      went_back_ = true;
      return;
    case 3:  // Somebody else writes what no service ever said.
      redis_.Execute({"SET", cache::RevisionKey(world_.sealer.CacheTag(kAda), kServices[0], storages_[0].lineage),
                      absl::StrCat(storages_[0].revision + 1000), "EX", "60"});
      went_back_ = true;
      return;
    default:
      if (redis_.data().empty()) return;
      redis_.Evict(
          std::string(std::next(redis_.data().begin(), static_cast<int64_t>(Pick(redis_.data().size())))->first));
  }
}

void History::PassTime() {
  // A computation never lasts as long as what Redis knows.
  static const std::array<absl::Duration, 7> kTimes = {
      absl::Milliseconds(1), absl::Milliseconds(300), absl::Seconds(1), absl::Seconds(4),
      absl::Seconds(31),     absl::Seconds(61),       absl::Minutes(29)};
  Pass(kTimes[Pick(depth_ == 0 ? kTimes.size() : 4)]);
}

void History::Pass(absl::Duration time) {
  clock_.Advance(time);
  if (time < kCommandTimeout) return;
  for (const auto& copy : copies_) {
    if (!copy->commands.has_command() && !copy->commands.has_reply()) continue;
    copy->commands.Break(absl::DeadlineExceededError(""), true);
    went_back_ = true;
  }
}

void History::Heal() {
  redis_.SetFull(false);
  healthy_ = true;
  while (!redis_.late().empty()) CarryOutLate();
  Settle();
  // Redis believes no revision for longer than a minute.
  if (went_back_) Pass(cache::kRevisionLifetime + absl::Seconds(1));
  Settle();
}

void History::Settle() {
  for (bool busy = true; busy;) {
    busy = false;
    for (const auto& copy : copies_) {
      copy->tasks.full = false;
      copy->commands.Reconnect();
      while (copy->commands.has_command()) copy->commands.CarryOut();
      while (copy->commands.has_reply()) copy->commands.HandReply();
      while (!copy->tracking.told() || copy->tracking.noticed()) Mend(copy->tracking);
      while (copy->tracking.has_news()) Hear(*copy);
      for (auto tasks = std::exchange(copy->tasks.waiting, {}); const auto& task : tasks) task();
      busy = busy || copy->commands.has_command() || !copy->tasks.waiting.empty();
    }
    for (size_t i = 0; i < kServices.size(); ++i) {
      busy = busy || storages_[i].news;
      Relay(i);
    }
    for (const auto& copy : copies_) busy = busy || copy->tracking.has_news();
  }
}

void History::CheckNewest() {
  for (const auto& copy : copies_) {
    v1::CouncilBalance last;
    for (int i = 0; i < kAsks && last.answered_from() != v1::ANSWERED_FROM_NEAR_CACHE; ++i) {
      Pass(absl::Milliseconds(300));
      copy->tracking.Probe();
      Settle();
      Ask(*copy, 0, false, [&](const v1::CouncilBalance& balance) { last = balance; });
      Settle();
      EXPECT_EQ(last.contacts_revision(), storages_[0].revision);
      EXPECT_EQ(last.ledger_revision(), storages_[1].revision);
    }
    EXPECT_EQ(last.answered_from(), v1::ANSWERED_FROM_NEAR_CACHE);
  }
}

// Carries what a relay sends: while it waits for a reply, others go on.
class History::RelayConnection final : public cache::RedisCommands {
 public:
  explicit RelayConnection(History& history) : history_(history) {}

  void Send(absl::Span<const std::string_view> command, Callback callback) override {
    const RedisCommand copied(command.begin(), command.end());
    history_.Meanwhile();
    if (history_.Fails(0.1)) return callback(absl::UnavailableError("not sent"));
    cache::Reply reply = ParseRedisReply(history_.redis_.Execute(copied));
    history_.Meanwhile();
    if (history_.Fails(0.1)) return callback(absl::UnavailableError("no reply"));
    callback(std::move(reply));
  }

 private:
  History& history_;
};

// A storage's, of which a relay may be torn away at any time.
class History::Outbox final : public base::Outbox {
 public:
  Outbox(History& history, Storage& storage) : history_(history), storage_(storage), lineage_(storage.lineage) {}

  absl::StatusOr<std::vector<base::OutboxRow>> Read(size_t) override {
    if (!storage_.news || storage_.lineage != lineage_) return std::vector<base::OutboxRow>();
    return std::vector<base::OutboxRow>{
        {.owner = "", .cache_tag = history_.world_.sealer.CacheTag(kAda), .revision = storage_.revision}};
  }

  absl::Status Remove(std::span<const base::OutboxRow> rows) override {
    if (history_.Fails(0.1)) return absl::UnavailableError("the relay died");
    if (storage_.lineage == lineage_ && storage_.revision == rows.front().revision) storage_.news = false;
    return absl::OkStatus();
  }

 private:
  History& history_;
  Storage& storage_;
  const std::string lineage_;
};

void History::Relay(size_t service) {
  RelayConnection connection(*this);
  cache::RedisRevisions revisions(connection);
  Outbox outbox(*this, storages_[service]);
  const absl::Status status = cache::RelayOutbox(kServices[service], storages_[service].lineage, outbox, revisions);
  EXPECT_TRUE(status.ok() || !healthy_) << status;
}

absl::StatusOr<ComputedBalance> Source::Compute(const rpc::CallContext&, std::span<const std::string> tokens,
                                                std::optional<absl::Time>) {
  history_.Pass(absl::Milliseconds(history_.Pick(400)));
  ComputedBalance computed;
  for (size_t i = 0; i < kServices.size(); ++i) {
    history_.Meanwhile();
    if (history_.Fails(0.03)) return absl::UnavailableError("a service can't be reached");
    const Storage& storage = history_.storages_[i];
    COUNCIL_ASSIGN_OR_RETURN(const int64_t required,
                             history_.world_.tokens.RequiredRevision(kAda, tokens, kServices[i], storage.lineage));
    COUNCIL_RETURN_IF_ERROR(seal::CheckReached(required, storage.revision));
    (i == 0 ? computed.states.lineages.contacts : computed.states.lineages.ledger) = storage.lineage;
    (i == 0 ? computed.states.revisions.contacts : computed.states.revisions.ledger) = storage.revision;
    computed.balance.add_tokens(history_.MakeToken(i));
  }
  computed.balance.set_contacts_revision(computed.states.revisions.contacts);
  computed.balance.set_ledger_revision(computed.states.revisions.ledger);
  *computed.balance.mutable_compute_time() = base::ToProto(history_.clock_.Now());
  history_.Meanwhile();
  return computed;
}

absl::StatusOr<ServiceStates> Source::AskStates(const rpc::CallContext&) {
  ServiceStates states;
  history_.Meanwhile();
  if (history_.Fails(0.03)) return absl::UnavailableError("a service can't be reached");
  states.lineages.contacts = history_.storages_[0].lineage;
  states.revisions.contacts = history_.storages_[0].revision;
  history_.Meanwhile();
  states.lineages.ledger = history_.storages_[1].lineage;
  states.revisions.ledger = history_.storages_[1].revision;
  history_.Meanwhile();
  return states;
}

}  // namespace council::recommendations::freshness_model
