#include "tests/trial/diary.h"

#include <algorithm>
#include <iostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/base/check.h"
#include "libs/base/proto_time.h"

namespace council::trial {
namespace {

using contacts::v1::ContactsService;
using ledger::v1::LedgerService;
using recommendations::v1::RecommendationsService;

constexpr double kWrittenDown = 0.8;
constexpr double kBenefitsWrittenDown = 0.75;
constexpr double kMisjudged = 0.1;
constexpr double kDepthLeftOut = 0.1;
constexpr double kRoleBelieved = 0.7;
constexpr double kAcquaintanceKnown = 0.8;
constexpr int kSteps = 10;
// A seat of half a year: the trial is not about the first weeks.
constexpr absl::Duration kSeated = absl::Hours(180 * 24);

}  // namespace

Diary::Diary(const std::shared_ptr<grpc::Channel>& channel, std::string owner, const Ego& ego, std::uint64_t seed)
    : owner_(std::move(owner)),
      ego_(ego),
      random_(seed),
      contacts_(ContactsService::NewStub(channel)),
      ledger_(LedgerService::NewStub(channel)),
      recommendations_(RecommendationsService::NewStub(channel)),
      seated_(ego.alters.size()) {}

template <typename Stub, typename Request, typename Response>
Response Diary::Ask(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const Request& request) const {
  grpc::ClientContext context;
  context.AddMetadata("x-council-owner", owner_);
  Response response;
  const grpc::Status status = (stub.*method)(&context, request, &response);
  if (!status.ok()) std::cerr << status.error_message() << "\n";
  COUNCIL_CHECK(status.ok());
  return response;
}

void Diary::Begin(std::size_t seats, absl::Time now) {
  for (const Alter& alter : ego_.alters) {
    contacts::v1::CreateContactRequest create;
    create.mutable_contact()->set_display_name(alter.name);
    for (const auto& [name, value] : alter.facets) (*create.mutable_contact()->mutable_facets())[name] = value;
    ids_.push_back(Ask(*contacts_, &ContactsService::Stub::CreateContact, create).contact().id());
    alters_[ids_.back()] = ids_.size() - 1;
  }
  seats = std::min(seats, ids_.size());
  for (std::size_t alter = 0; alter < seats; ++alter) {
    contacts::v1::SeatContactRequest seat;
    seat.set_contact_id(ids_[alter]);
    *seat.mutable_seat() = BelievedSeat(alter);
    *seat.mutable_seat()->mutable_seated_time() = base::ToProto(now - kSeated);
    Ask(*contacts_, &ContactsService::Stub::SeatContact, seat);
    seated_[alter] = true;
    for (std::size_t other = 0; other < alter; ++other) {
      if (!ego_.acquainted[alter][other] || !random_.Chance(kAcquaintanceKnown)) continue;
      contacts::v1::SetAcquaintanceRequest know;
      know.set_contact_id(ids_[alter]);
      know.set_other_contact_id(ids_[other]);
      know.set_acquainted(true);
      Ask(*contacts_, &ContactsService::Stub::SetAcquaintance, know);
    }
  }
}

contacts::v1::Seat Diary::BelievedSeat(std::size_t alter) {
  contacts::v1::Seat seat;
  for (int need = 0; need < kNeeds; ++need) {
    if (ego_.alters[alter].serves[static_cast<std::size_t>(need)] && random_.Chance(kRoleBelieved)) {
      seat.add_roles(RoleOf(need));
    }
  }
  seat.add_domains(ego_.alters[alter].domain);
  return seat;
}

void Diary::Note(const Talk& talk, absl::Time now) {
  if (!random_.Chance(kWrittenDown)) return;
  ledger::v1::Interaction entry;
  entry.add_contact_ids(ids_[talk.alter]);
  *entry.mutable_occur_time() = base::ToProto(now);
  *entry.mutable_duration() = base::ToProto(absl::Minutes(talk.minutes));
  if (!random_.Chance(kDepthLeftOut)) {
    entry.set_depth(random_.Chance(kMisjudged) ? ledger::v1::INTERACTION_DEPTH_UPDATE : talk.depth);
  }
  const int misjudged = random_.Chance(kMisjudged) ? (random_.Chance(0.5) ? 1 : -1) : 0;
  entry.set_energy(std::clamp(talk.energy + misjudged, -2, 2));
  entry.add_domains(talk.domain);
  const auto add = [&](int weight, ledger::v1::BenefitDirection direction, ledger::v1::BenefitKind kind) {
    if (weight == 0 || !random_.Chance(kBenefitsWrittenDown)) return;
    ledger::v1::Benefit& benefit = *entry.add_benefits();
    benefit.set_direction(direction);
    benefit.set_kind(kind);
    benefit.set_weight(weight);
  };
  add(talk.received, ledger::v1::BENEFIT_DIRECTION_RECEIVED, talk.received_kind);
  add(talk.given, ledger::v1::BENEFIT_DIRECTION_GIVEN, talk.given_kind);
  Add(std::move(entry));
}

void Diary::NoteIntroduction(std::size_t a, std::size_t b, absl::Time now) {
  if (!random_.Chance(kWrittenDown)) return;
  ledger::v1::Interaction entry;
  entry.add_contact_ids(ids_[a]);
  entry.add_contact_ids(ids_[b]);
  *entry.mutable_occur_time() = base::ToProto(now);
  entry.set_channel(ledger::v1::CHANNEL_EMAIL);
  entry.set_depth(ledger::v1::INTERACTION_DEPTH_UPDATE);
  ledger::v1::Benefit& benefit = *entry.add_benefits();
  benefit.set_direction(ledger::v1::BENEFIT_DIRECTION_GIVEN);
  benefit.set_kind(ledger::v1::BENEFIT_KIND_INTRODUCTION);
  Add(std::move(entry));
  contacts::v1::SetAcquaintanceRequest know;
  know.set_contact_id(ids_[a]);
  know.set_other_contact_id(ids_[b]);
  know.set_acquainted(true);
  Ask(*contacts_, &ContactsService::Stub::SetAcquaintance, know);
}

void Diary::Add(ledger::v1::Interaction entry) {
  *noted_.add_requests()->mutable_interaction() = std::move(entry);
}

void Diary::Send() {
  if (noted_.requests().empty()) return;
  Ask(*ledger_, &LedgerService::Stub::BatchAppendInteractions, noted_);
  noted_.Clear();
}

void Diary::Seat(std::size_t alter) {
  contacts::v1::SeatContactRequest seat;
  seat.set_contact_id(ids_[alter]);
  *seat.mutable_seat() = BelievedSeat(alter);
  Ask(*contacts_, &ContactsService::Stub::SeatContact, seat);
  seated_[alter] = true;
}

void Diary::Unseat(std::size_t alter) {
  contacts::v1::UnseatContactRequest unseat;
  unseat.set_contact_id(ids_[alter]);
  Ask(*contacts_, &ContactsService::Stub::UnseatContact, unseat);
  seated_[alter] = false;
}

std::vector<recommendations::v1::Recommendation> Diary::Advice() {
  recommendations::v1::ListRecommendationsRequest request;
  request.set_page_size(kSteps);
  const auto response = Ask(*recommendations_, &RecommendationsService::Stub::ListRecommendations, request);
  return {response.recommendations().begin(), response.recommendations().end()};
}

void Diary::Answer(const recommendations::v1::Recommendation& step,
                   recommendations::v1::RecommendationResponse answer) {
  recommendations::v1::RespondToRecommendationRequest request;
  request.set_id(step.id());
  request.set_response(answer);
  Ask(*recommendations_, &RecommendationsService::Stub::RespondToRecommendation, request);
}

std::vector<std::size_t> Diary::AltersOf(const recommendations::v1::Recommendation& step) const {
  std::vector<std::size_t> alters;
  for (const std::string& id : step.contact_ids()) alters.push_back(alters_.at(id));
  return alters;
}

double Diary::Score() {
  return Ask(*recommendations_, &RecommendationsService::Stub::GetCouncilBalance, {}).balance().score();
}

}  // namespace council::trial
