#include "tests/load/propose_bench.h"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/rpc/call.h"
#include "services/recommendations/contacts_client.h"
#include "services/recommendations/ledger_client.h"

namespace council::load {
namespace {

using contacts::v1::ContactsService;
using ledger::v1::LedgerService;
using recommendations::v1::RecommendationsService;

constexpr char kOwner[] = "bench-proposal";
constexpr int kContacts = 2000;
constexpr int kSeats = 12;
constexpr int kEntries = 6000;
constexpr int kAcquaintances = 3000;
constexpr int kBatch = 500;
constexpr double kAim = 10;

template <typename T>
T Need(absl::StatusOr<T> result) {
  if (!result.ok()) throw std::runtime_error(result.status().ToString());
  return *std::move(result);
}

// People of all sorts, the same in each run.
class Population {
 public:
  Population(test::CouncilSuite& suite, const test::Caller& caller) : suite_(suite), caller_(caller) {
    for (int i = 0; i < kContacts / kBatch; ++i) CreateContacts();
    for (int i = 0; i < kSeats; ++i) Seat(ids_[static_cast<size_t>(i)]);
    for (int i = 0; i < kEntries / kBatch; ++i) AppendEntries();
    for (int i = 0; i < kAcquaintances; ++i) Acquaint();
  }

 private:
  // From 0 to before `below`; small numbers are more likely.
  size_t Some(size_t below) { return std::min(random_() % below, random_() % below); }

  void CreateContacts() {
    contacts::v1::BatchCreateContactsRequest request;
    for (int i = 0; i < kBatch; ++i) {
      contacts::v1::Contact& contact = *request.add_requests()->mutable_contact();
      contact.set_display_name(absl::StrCat("Person ", ids_.size() + static_cast<size_t>(i)));
      contact.add_emails(absl::StrCat("person.", ids_.size() + static_cast<size_t>(i), "@example.com"));
      contact.set_organization(absl::StrCat("Company ", Some(200)));
      auto& facets = *contact.mutable_facets();
      facets["organization"] = contact.organization();
      facets["function"] = absl::StrCat("function ", Some(12));
      facets["location"] = absl::StrCat("place ", Some(30));
    }
    const auto response =
        Need(test::Call(*suite_.contacts, &ContactsService::Stub::BatchCreateContacts, request, caller_));
    for (const contacts::v1::Contact& contact : response.contacts()) ids_.push_back(contact.id());
  }

  void Seat(const std::string& id) {
    contacts::v1::SeatContactRequest request;
    request.set_contact_id(id);
    request.mutable_seat()->add_roles(static_cast<common::v1::CouncilRole>(1 + Some(5)));
    Need(test::Call(*suite_.contacts, &ContactsService::Stub::SeatContact, request, caller_));
  }

  void AppendEntries() {
    ledger::v1::BatchAppendInteractionsRequest request;
    for (int i = 0; i < kBatch; ++i) {
      ledger::v1::Interaction& talk = *request.add_requests()->mutable_interaction();
      talk.add_contact_ids(ids_[Some(ids_.size())]);
      talk.mutable_occur_time()->set_seconds(absl::ToUnixSeconds(absl::Now()) -
                                             86'400 * static_cast<int64_t>(1 + Some(700)));
      talk.set_depth(static_cast<ledger::v1::InteractionDepth>(1 + Some(4)));
      talk.set_energy(static_cast<int>(random_() % 4) - 1);
      talk.add_domains(static_cast<common::v1::LifeDomain>(1 + Some(5)));
      ledger::v1::Benefit& benefit = *talk.add_benefits();
      benefit.set_direction(static_cast<ledger::v1::BenefitDirection>(1 + random_() % 2));
      benefit.set_kind(static_cast<ledger::v1::BenefitKind>(1 + random_() % 7));
    }
    Need(test::Call(*suite_.ledger, &LedgerService::Stub::BatchAppendInteractions, request, caller_));
  }

  void Acquaint() {
    const size_t a = Some(ids_.size());
    const size_t b = Some(ids_.size());
    if (a == b) return;
    contacts::v1::SetAcquaintanceRequest request;
    request.set_contact_id(ids_[std::min(a, b)]);
    request.set_other_contact_id(ids_[std::max(a, b)]);
    request.set_acquainted(true);
    Need(test::Call(*suite_.contacts, &ContactsService::Stub::SetAcquaintance, request, caller_));
  }

  test::CouncilSuite& suite_;
  const test::Caller& caller_;
  std::vector<std::string> ids_;
  std::mt19937_64 random_{2000};
};

double Milliseconds(const std::function<void()>& work) {
  const absl::Time start = absl::Now();
  work();
  return absl::ToDoubleMilliseconds(absl::Now() - start);
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

void BenchProposal(test::CouncilSuite& suite, int rounds) {
  const test::Caller caller{.owner = kOwner, .timeout = absl::Minutes(1)};
  const Population population(suite, caller);
  recommendations::ContactsClient contacts(suite.contactsd.Connect());
  recommendations::LedgerClient ledger(suite.ledgerd.Connect());
  const auto read = [&] {
    const auto call = rpc::CallContext::ForOwner({"dev", kOwner});
    const auto people = Need(contacts.ListContacts(call, {}));
    std::vector<ledger::v1::TieContact> ids;
    for (const contacts::v1::Contact& contact : people) ids.push_back(recommendations::TieContactOf(contact));
    Need(ledger.ListTies(call, {}, ids, std::nullopt, {.days = false, .strength = true}));
    if (people.size() != kContacts) throw std::runtime_error("not everyone is there");
  };
  const auto propose = [&] {
    const auto proposal = Need(test::Call(*suite.recommendations, &RecommendationsService::Stub::ProposeCouncil,
                                          recommendations::v1::ProposeCouncilRequest(), caller));
    if (proposal.balance().score() < proposal.current().score()) throw std::runtime_error("the proposal is worse");
  };

  std::vector<double> reading;
  std::vector<double> proposing;
  read();  // the first run of each warms it up and does not count
  propose();
  std::printf("Reading 2,000 contacts and their ties | ProposeCouncil among them, ms\n");
  for (int round = 0; round < rounds; ++round) {
    reading.push_back(Milliseconds(read));
    proposing.push_back(Milliseconds(propose));
    std::printf("  %10.0f | %10.0f\n", reading.back(), proposing.back());
    std::fflush(stdout);
  }
  std::printf("  medians %.0f and %.0f: ratio %.1f (aim at most %.0f)\n\n", Median(reading), Median(proposing),
              Median(proposing) / Median(reading), kAim);
}

}  // namespace council::load
