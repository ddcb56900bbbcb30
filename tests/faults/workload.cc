#include "tests/faults/workload.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/seal/token.h"

namespace council::test {
namespace {

using contacts::v1::ContactsService;
using ledger::v1::LedgerService;
using recommendations::v1::RecommendationsService;

constexpr int kOwners = 8;
constexpr int kAppendsAContact = 4;
// What a call may take, and by how much its end may be late on a busy machine.
constexpr absl::Duration kDeadline = absl::Seconds(2);
constexpr absl::Duration kLateness = absl::Milliseconds(1500);
// What a client waits before it tries again.
constexpr auto kBackoff = std::chrono::milliseconds(50);
constexpr char kContact[] = "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b";
constexpr char kTenant[] = "dev";

}  // namespace

struct Workload::Owner {
  std::string name;
  std::unique_ptr<ContactsService::Stub> contacts;
  std::unique_ptr<LedgerService::Stub> ledger;
  std::unique_ptr<RecommendationsService::Stub> recommendations;

  // Of this owner's thread alone.
  std::int64_t appends = 0;
  std::int64_t created = 0;
  std::string contacts_token;
  std::string ledger_token;
  std::set<std::string> acknowledged_entries;
  std::set<std::string> acknowledged_contacts;
  Clock::time_point last_acknowledged = Clock::now();

  // Under Workload::mutex_.
  std::int64_t attempts = 0;
  std::int64_t rounds = 0;          // That succeeded, since `rounds_wanted_since`.
  Clock::time_point count_since{};  // Only rounds that began later are counted.

  std::thread thread;

  Caller caller() const { return {.owner = name, .timeout = kDeadline}; }
  base::Owner id() const { return {kTenant, name}; }
};

Workload::Workload(FaultSuite& suite) : suite_(suite) {
  for (int i = 0; i < kOwners; ++i) {
    auto owner = std::make_unique<Owner>();
    owner->name = absl::StrCat("owner", i);
    owner->contacts = ContactsService::NewStub(FaultSuite::Connect(suite.contactsd()));
    owner->ledger = LedgerService::NewStub(FaultSuite::Connect(suite.ledgerd()));
    owner->recommendations = RecommendationsService::NewStub(FaultSuite::Connect(suite.recommendationsd()));
    owners_.push_back(std::move(owner));
  }
  for (const auto& owner : owners_) owner->thread = std::thread([this, &owner] { Use(*owner); });
}

Workload::~Workload() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (const auto& owner : owners_) {
    if (owner->thread.joinable()) owner->thread.join();
  }
}

bool Workload::WaitForSuccesses(int rounds, absl::Duration most) {
  std::unique_lock lock(mutex_);
  for (const auto& owner : owners_) {
    owner->rounds = 0;
    owner->count_since = Clock::now();
  }
  return changed_.wait_for(lock, absl::ToChronoNanoseconds(most), [&] {
    return std::all_of(owners_.begin(), owners_.end(), [&](const auto& owner) { return owner->rounds >= rounds; });
  });
}

bool Workload::WaitForAttempts(int attempts, absl::Duration most) {
  std::unique_lock lock(mutex_);
  std::map<const Owner*, std::int64_t> targets;
  for (const auto& owner : owners_) targets[owner.get()] = owner->attempts + attempts;
  return changed_.wait_for(lock, absl::ToChronoNanoseconds(most), [&] {
    return std::all_of(owners_.begin(), owners_.end(),
                       [&](const auto& owner) { return owner->attempts >= targets[owner.get()]; });
  });
}

void Workload::Use(Owner& owner) {
  while (true) {
    const Clock::time_point began = Clock::now();
    if (!Append(owner)) return;
    if (owner.appends % kAppendsAContact == 0 && !CreateContact(owner)) return;
    const bool read = AskBalance(owner);
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    if (read && began >= owner.count_since) ++owner.rounds;
    changed_.notify_all();
  }
}

template <typename Attempt>
bool Workload::UntilAcknowledged(Owner& owner, Attempt attempt) {
  while (true) {
    const Clock::time_point began = Clock::now();
    const absl::Status status = attempt();
    Note(owner, status, began, /*write=*/true);
    if (status.ok()) break;
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, kBackoff, [this] { return stopping_; })) return false;
  }
  const Clock::time_point now = Clock::now();
  const std::lock_guard lock(mutex_);
  ++report_.acknowledged;
  report_.longest_outage =
      std::max(report_.longest_outage, absl::FromChrono(now - std::exchange(owner.last_acknowledged, now)));
  return true;
}

bool Workload::Append(Owner& owner) {
  ledger::v1::AppendInteractionRequest request;
  request.set_request_id(absl::StrCat("entry-", ++owner.appends));
  request.mutable_interaction()->add_contact_ids(kContact);
  request.mutable_interaction()->set_depth(ledger::v1::INTERACTION_DEPTH_CONVERSATION);
  request.mutable_interaction()->set_note(request.request_id());
  return UntilAcknowledged(owner, [&] {
    const auto answer = Call(*owner.ledger, &LedgerService::Stub::AppendInteraction, request, owner.caller());
    if (!answer.ok()) return answer.status();
    owner.ledger_token = answer->token();
    owner.acknowledged_entries.insert(request.request_id());
    return absl::OkStatus();
  });
}

bool Workload::CreateContact(Owner& owner) {
  contacts::v1::CreateContactRequest request;
  request.set_request_id(absl::StrCat("contact-", ++owner.created));
  request.mutable_contact()->set_display_name(request.request_id());
  return UntilAcknowledged(owner, [&] {
    const auto answer = Call(*owner.contacts, &ContactsService::Stub::CreateContact, request, owner.caller());
    if (!answer.ok()) return answer.status();
    owner.contacts_token = answer->token();
    owner.acknowledged_contacts.insert(request.request_id());
    return absl::OkStatus();
  });
}

bool Workload::AskBalance(Owner& owner) {
  recommendations::v1::GetCouncilBalanceRequest request;
  for (const std::string& token : {owner.contacts_token, owner.ledger_token}) {
    if (!token.empty()) request.add_at_least_as_fresh(token);
  }
  const Clock::time_point began = Clock::now();
  const auto answer =
      Call(*owner.recommendations, &RecommendationsService::Stub::GetCouncilBalance, request, owner.caller());
  Note(owner, answer.status(), began, /*write=*/false);
  if (!answer.ok()) return false;
  const seal::TokenCodec codec(seal::DevelopmentSharedKey(), std::string(32, '\0'));
  const auto needed = [&](const std::string& token) -> std::int64_t {
    return token.empty() ? 0 : codec.ParseConsistencyToken(owner.id(), token).value().revision;
  };
  if (answer->balance().ledger_revision() < needed(owner.ledger_token) ||
      answer->balance().contacts_revision() < needed(owner.contacts_token)) {
    const std::lock_guard lock(mutex_);
    ++report_.stale;
  }
  return true;
}

void Workload::Note(Owner& owner, const absl::Status& status, Clock::time_point began, bool write) {
  const absl::Duration took = absl::FromChrono(Clock::now() - began);
  const std::lock_guard lock(mutex_);
  ++owner.attempts;
  changed_.notify_all();
  if (took > kDeadline + kLateness) ++report_.late;
  if (status.ok()) return;
  ++(write ? report_.failed_writes : report_.failed_reads);
  if (!absl::IsUnavailable(status) && !absl::IsDeadlineExceeded(status)) report_.other_errors.insert(status.ToString());
}

WorkloadReport Workload::Finish() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (const auto& owner : owners_) owner->thread.join();
  WorkloadReport report = report_;
  for (const auto& owner : owners_) CheckStored(*owner, report);
  return report;
}

void Workload::CheckStored(Owner& owner, WorkloadReport& report) {
  const Caller patient{.owner = owner.name, .timeout = absl::Seconds(30), .wait_for_ready = true};
  std::map<std::string, int> entries;
  ledger::v1::ListInteractionsRequest list;
  list.set_page_size(500);
  do {
    const auto page = Call(*owner.ledger, &LedgerService::Stub::ListInteractions, list, patient);
    if (!page.ok()) {
      report.other_errors.insert(page.status().ToString());
      return;
    }
    for (const auto& entry : page->interactions()) ++entries[entry.note()];
    list.set_page_token(page->next_page_token());
  } while (!list.page_token().empty());
  std::map<std::string, int> people;
  contacts::v1::ListContactsRequest list_contacts;
  list_contacts.set_page_size(500);
  do {
    const auto page = Call(*owner.contacts, &ContactsService::Stub::ListContacts, list_contacts, patient);
    if (!page.ok()) {
      report.other_errors.insert(page.status().ToString());
      return;
    }
    for (const auto& contact : page->contacts()) ++people[contact.display_name()];
    list_contacts.set_page_token(page->next_page_token());
  } while (!list_contacts.page_token().empty());

  for (const std::string& id : owner.acknowledged_entries) report.lost += entries.contains(id) ? 0 : 1;
  for (const std::string& id : owner.acknowledged_contacts) report.lost += people.contains(id) ? 0 : 1;
  for (const auto& [id, count] : entries) report.doubled += count - 1;
  for (const auto& [id, count] : people) report.doubled += count - 1;
  const auto verified = Call(*owner.ledger, &LedgerService::Stub::VerifyLedger, {}, patient);
  if (!verified.ok() || !verified->verified() ||
      verified->head_sequence() != static_cast<std::int64_t>(entries.size())) {
    ++report.unverified;
  }
}

}  // namespace council::test
