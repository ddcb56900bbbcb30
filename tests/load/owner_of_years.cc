#include "tests/load/owner_of_years.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "council/recommendations/v1/owner_state.pb.h"
#include "libs/base/json_lines.h"
#include "libs/base/proto_time.h"

namespace council::test {
namespace {

using contacts::v1::ContactsService;
using ledger::v1::LedgerService;
using recommendations::v1::RecommendationsService;

constexpr std::array<const char*, 16> kWords = {"the",    "budget", "with",     "plans",   "and", "team",
                                                "a",      "talk",   "moved",    "project", "to",  "spring",
                                                "better", "idea",   "listened", "next"};
constexpr int kBatch = 200;

template <typename Stub, typename Request, typename Response>
Response Must(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
              const Request& request, const Caller& caller) {
  auto answer = Call(stub, method, request, caller);
  if (!answer.ok()) throw std::runtime_error(answer.status().ToString());
  return *std::move(answer);
}

}  // namespace

std::string OwnerOfYears::Words(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) absl::StrAppend(&text, i == 0 ? "" : " ", kWords[random_() % kWords.size()]);
  return text;
}

contacts::v1::Contact OwnerOfYears::NewContact(int number) {
  contacts::v1::Contact contact;
  contact.set_display_name(absl::StrCat("Firstname", number, " Lastname-of-", number));
  contact.add_emails(absl::StrCat("firstname.lastname", number, "@example.com"));
  if (Pick(2) == 0) contact.add_phones(absl::StrCat("+49 30 1234", number));
  contact.set_organization(absl::StrCat("Organization ", number % 40));
  contact.set_title("Head of Something Else");
  contact.set_location("Berlin, Germany");
  contact.set_vcard_uid(absl::StrCat("urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1ef", 1000 + number));
  (*contact.mutable_facets())["function"] = absl::StrCat("function ", number % 9);
  (*contact.mutable_facets())["seniority"] = number % 3 == 0 ? "senior" : "peer";
  contact.add_tags("work");
  if (Pick(3) == 0) contact.set_notes(Words(20));
  return contact;
}

void OwnerOfYears::FillContacts(ContactsService::Stub& stub) {
  contacts::v1::BatchCreateContactsRequest batch;
  for (int i = 0; i < options_.contacts; ++i) {
    auto& one = *batch.add_requests();
    *one.mutable_contact() = NewContact(i);
    one.set_request_id(absl::StrCat("0190a1b2-c3d4-7e5f-8a6b-", 100'000'000'000 + i));
    if (batch.requests_size() < kBatch && i + 1 < options_.contacts) continue;
    const auto created = Must(stub, &ContactsService::Stub::BatchCreateContacts, batch, caller_);
    for (const contacts::v1::Contact& contact : created.contacts()) contact_ids_.push_back(contact.id());
    batch.clear_requests();
  }
  for (int i = 0; i < 16; ++i) {
    contacts::v1::SeatContactRequest seat;
    seat.set_contact_id(contact_ids_[static_cast<std::size_t>(i)]);
    seat.mutable_seat()->add_roles(static_cast<common::v1::CouncilRole>(1 + i % 6));
    seat.mutable_seat()->add_domains(static_cast<common::v1::LifeDomain>(1 + i % 5));
    *seat.mutable_seat()->mutable_cadence() = base::ToProto(absl::Hours(24 * 30));
    Must(stub, &ContactsService::Stub::SeatContact, seat, caller_);
  }
  for (int i = 0; i < 2 * options_.contacts; ++i) {
    contacts::v1::SetAcquaintanceRequest known;
    const int a = Pick(options_.contacts);
    const int b = Pick(options_.contacts);
    if (a == b) continue;
    known.set_contact_id(contact_ids_[static_cast<std::size_t>(a)]);
    known.set_other_contact_id(contact_ids_[static_cast<std::size_t>(b)]);
    known.set_acquainted(true);
    Must(stub, &ContactsService::Stub::SetAcquaintance, known, caller_);
  }
}

ledger::v1::Interaction OwnerOfYears::NewEntry(absl::Time time) {
  ledger::v1::Interaction entry;
  // Most talks are with few people.
  const auto someone = [this] {
    return contact_ids_[static_cast<std::size_t>(std::min({Pick(options_.contacts), Pick(options_.contacts)}))];
  };
  entry.add_contact_ids(someone());
  if (Pick(5) == 0) {
    const std::string other = someone();
    if (other != entry.contact_ids(0)) entry.add_contact_ids(other);
  }
  *entry.mutable_occur_time() = base::ToProto(time);
  entry.set_channel(static_cast<ledger::v1::Channel>(1 + Pick(5)));
  if (Pick(5) != 0) entry.set_depth(static_cast<ledger::v1::InteractionDepth>(1 + Pick(4)));
  if (Pick(2) == 0) entry.set_energy(Pick(5) - 2);
  if (Pick(2) == 0) *entry.mutable_duration() = base::ToProto(absl::Minutes(15 * (1 + Pick(6))));
  if (Pick(3) != 0) entry.set_note(Words(4 + Pick(20)));
  if (Pick(4) == 0) {
    ledger::v1::Benefit& benefit = *entry.add_benefits();
    benefit.set_direction(static_cast<ledger::v1::BenefitDirection>(1 + Pick(2)));
    benefit.set_kind(static_cast<ledger::v1::BenefitKind>(1 + Pick(7)));
    benefit.set_weight(1 + Pick(5));
  }
  if (Pick(20) == 0) entry.add_promises()->set_text(Words(6));
  return entry;
}

void OwnerOfYears::FillLedger(LedgerService::Stub& stub) {
  const int entries = options_.years * 52 * options_.entries_a_week;
  const absl::Time end = absl::Now();
  const absl::Duration step = absl::Hours(24 * 7) / options_.entries_a_week;
  ledger::v1::BatchAppendInteractionsRequest batch;
  for (int i = 0; i < entries; ++i) {
    auto& one = *batch.add_requests();
    *one.mutable_interaction() = NewEntry(end - (entries - i) * step);
    one.set_request_id(absl::StrCat("0190a1b2-c3d4-7e5f-8a6b-", 200'000'000'000 + i));
    if (batch.requests_size() < kBatch && i + 1 < entries) continue;
    Must(stub, &LedgerService::Stub::BatchAppendInteractions, batch, caller_);
    batch.clear_requests();
  }
}

void OwnerOfYears::FillRecommendations(RecommendationsService::Stub& stub) {
  // Years of balances and advice would take years to come about; an import takes them at once.
  const int days = options_.years * 365;
  const int steps = options_.years * 52;
  std::string lines;
  const auto add = [&lines](const recommendations::v1::OwnerStateRecord& record) {
    absl::StrAppend(&lines, base::ToJsonLine(record).value(), "\n");
  };
  recommendations::v1::OwnerStateRecord record;
  record.mutable_start()->set_version(1);
  record.mutable_start()->set_records(days + steps);
  add(record);
  const absl::CivilDay today = absl::ToCivilDay(absl::Now(), absl::UTCTimeZone());
  for (int i = 0; i < days; ++i) {
    recommendations::v1::BalancePoint& point = *record.mutable_balance_point();
    point.set_day(absl::FormatCivilTime(today - days + i));
    point.set_score(40 + Pick(1000) / 100.0);
    point.set_structure(50 + Pick(1000) / 100.0);
    point.set_practice(30 + Pick(1000) / 100.0);
    point.set_confidence(Pick(100) / 100.0);
    point.set_model_version(1);
    add(record);
  }
  for (int i = 0; i < steps; ++i) {
    recommendations::v1::KeptRecommendation& kept = *record.mutable_recommendation();
    recommendations::v1::Recommendation& step = *kept.mutable_recommendation();
    step.set_id(absl::StrCat("step-", 100'000 + i, "-of-twenty-four"));
    step.set_kind(recommendations::v1::RECOMMENDATION_KIND_RECONNECT);
    step.clear_contact_ids();
    step.add_contact_ids(contact_ids_[static_cast<std::size_t>(Pick(options_.contacts))]);
    step.set_reason(Words(20));
    step.clear_evidence();
    for (int n = 0; n < 5; ++n) step.add_evidence(1 + i * 10 + n);
    step.set_expected_gain(Pick(300) / 100.0);
    step.set_effort_minutes(30);
    step.set_component("engagement");
    *kept.mutable_given_time() = base::ToProto(absl::Now() - absl::Hours(24 * 7) * (steps - i));
    kept.set_score(50);
    kept.set_component_value(0.5);
    kept.set_model_version(1);
    add(record);
  }
  grpc::ClientContext context;
  Prepare(caller_, context);
  recommendations::v1::ImportOwnerResponse response;
  const auto writer = stub.ImportOwner(&context, &response);
  recommendations::v1::ImportOwnerRequest request;
  request.mutable_options()->set_dry_run(false);
  writer->Write(request);
  constexpr std::size_t kPiece = 512 << 10;
  for (std::size_t at = 0; at < lines.size(); at += kPiece) {
    request.set_chunk(lines.substr(at, kPiece));
    writer->Write(request);
  }
  writer->WritesDone();
  if (const grpc::Status status = writer->Finish(); !status.ok()) throw std::runtime_error(status.error_message());
}

void OwnerOfYears::Fill(CouncilProgram& contactsd, CouncilProgram& ledgerd, CouncilProgram& recommendationsd) {
  FillContacts(*ContactsService::NewStub(contactsd.Connect()));
  FillLedger(*LedgerService::NewStub(ledgerd.Connect()));
  const auto recommendations = RecommendationsService::NewStub(recommendationsd.Connect());
  FillRecommendations(*recommendations);
  Must(*recommendations, &RecommendationsService::Stub::GetCouncilBalance,
       recommendations::v1::GetCouncilBalanceRequest(), caller_);
}

void OwnerOfYears::AppendOneByOne(CouncilProgram& ledgerd, int entries) {
  const auto stub = LedgerService::NewStub(ledgerd.Connect());
  for (int i = 0; i < entries; ++i) Append(*stub);
}

void OwnerOfYears::UseOneByOne(CouncilProgram& contactsd, CouncilProgram& ledgerd, CouncilProgram& recommendationsd,
                               int times) {
  const auto contacts = ContactsService::NewStub(contactsd.Connect());
  const auto ledger = LedgerService::NewStub(ledgerd.Connect());
  const auto recommendations = RecommendationsService::NewStub(recommendationsd.Connect());
  for (int i = 0; i < times; ++i) {
    const auto appended = Append(*ledger);
    recommendations::v1::GetCouncilBalanceRequest balance;
    balance.add_at_least_as_fresh(appended.token());
    Must(*recommendations, &RecommendationsService::Stub::GetCouncilBalance, balance, caller_);
    contacts::v1::GetContactRequest contact;
    contact.set_id(appended.interaction().contact_ids(0));
    Must(*contacts, &ContactsService::Stub::GetContact, contact, caller_);
  }
}

ledger::v1::AppendInteractionResponse OwnerOfYears::Append(LedgerService::Stub& stub) {
  ledger::v1::AppendInteractionRequest request;
  *request.mutable_interaction() = NewEntry(absl::Now());
  request.set_request_id(absl::StrCat("0190a1b2-c3d4-7e5f-8a6b-", 300'000'000'000 + appended_++));
  return Must(stub, &LedgerService::Stub::AppendInteraction, request, caller_);
}

}  // namespace council::test
