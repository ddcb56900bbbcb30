#include "services/recommendations/fake_services.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "libs/base/owner.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/rpc/grpc_status.h"

namespace council::recommendations {
namespace {

constexpr int kPage = 4;

base::Owner OwnerOf(const grpc::ServerContext& context) {
  const auto header = context.client_metadata().find("x-council-owner");
  if (header == context.client_metadata().end()) return {};
  return {"dev", std::string(header->second.data(), header->second.size())};
}

// What a real service says of the tokens that a read brings.
template <typename Request>
grpc::Status CheckTokens(const seal::TokenCodec& tokens, const base::Owner& owner, const Request& request,
                         const std::string& service, const std::string& lineage, int64_t revision) {
  const auto required = tokens.RequiredRevision(owner, request.at_least_as_fresh(), service, lineage);
  if (!required.ok()) return rpc::ToGrpc(required.status());
  return rpc::ToGrpc(seal::CheckReached(*required, revision));
}

}  // namespace

class FakeServices::Contacts final : public contacts::v1::ContactsService::Service {
 public:
  explicit Contacts(FakeServices& fake) : fake_(fake) {}

  grpc::Status GetCouncil(grpc::ServerContext* context, const contacts::v1::GetCouncilRequest* request,
                          contacts::v1::GetCouncilResponse* response) override {
    const base::Owner owner = OwnerOf(*context);
    std::function<grpc::Status(int)> hook;
    {
      absl::MutexLock lock(&fake_.mutex_);
      const OwnerState& state = fake_.owners_[owner.subject];
      const std::string lineage = absl::StrCat("contacts", fake_.storage_);
      const auto status = CheckTokens(fake_.tokens_, owner, *request, "contacts", lineage, state.contacts_revision);
      if (!status.ok()) return status;
      for (size_t i = 0; i < state.seats.size(); ++i) {
        if (request->has_as_of() && state.seats[i] > base::FromProto(request->as_of())) continue;
        contacts::v1::CouncilSeat& seat = *response->add_seats();
        seat.mutable_contact()->set_id(absl::StrCat("contact-", i));
        seat.mutable_contact()->set_display_name(absl::StrCat("Contact ", i));
        seat.mutable_seat()->set_contact_id(seat.contact().id());
        *seat.mutable_seat()->mutable_first_seated_time() = base::ToProto(state.seats[i]);
      }
      response->set_revision(state.contacts_revision);
      response->set_token(fake_.tokens_.MakeConsistencyToken(owner, {"contacts", lineage, state.contacts_revision}));
      hook = fake_.on_council_;
    }
    const int call = ++fake_.council_reads_;
    return hook ? hook(call) : grpc::Status::OK;
  }

  grpc::Status GetRevision(grpc::ServerContext* context, const contacts::v1::GetRevisionRequest*,
                           contacts::v1::GetRevisionResponse* response) override {
    absl::MutexLock lock(&fake_.mutex_);
    ++fake_.revision_reads_;
    response->set_revision(fake_.owners_[OwnerOf(*context).subject].contacts_revision);
    response->set_lineage(absl::StrCat("contacts", fake_.storage_));
    return grpc::Status::OK;
  }

 private:
  FakeServices& fake_;
};

class FakeServices::Ledger final : public ledger::v1::LedgerService::Service {
 public:
  explicit Ledger(FakeServices& fake) : fake_(fake) {}

  grpc::Status ListTies(grpc::ServerContext* context, const ledger::v1::ListTiesRequest* request,
                        ledger::v1::ListTiesResponse* response) override {
    const base::Owner owner = OwnerOf(*context);
    absl::MutexLock lock(&fake_.mutex_);
    const OwnerState& state = fake_.owners_[owner.subject];
    const std::string lineage = absl::StrCat("ledger", fake_.storage_);
    const auto status = CheckTokens(fake_.tokens_, owner, *request, "ledger", lineage, state.ledger_revision);
    if (!status.ok()) return status;
    int first = 0;
    if (!request->page_token().empty()) {
      if (fake_.broken_pages_ > 0) {
        --fake_.broken_pages_;
        return rpc::ToGrpc(
            base::Error(absl::StatusCode::kAborted, common::v1::ERROR_REASON_PAGE_EXPIRED, "the ledger changed"));
      }
      if (!absl::SimpleAtoi(request->page_token(), &first)) return {grpc::StatusCode::INVALID_ARGUMENT, "page token"};
    }
    const int end = std::min(first + kPage, request->contacts_size());
    for (int i = first; i < end; ++i) {
      ledger::v1::Tie& tie = *response->add_ties();
      tie.set_contact_id(request->contacts(i).contact_id());
      tie.set_entries(state.ledger_revision);
    }
    if (end < request->contacts_size()) response->set_next_page_token(absl::StrCat(end));
    response->set_revision(state.ledger_revision);
    response->set_token(fake_.tokens_.MakeConsistencyToken(owner, {"ledger", lineage, state.ledger_revision}));
    return grpc::Status::OK;
  }

  grpc::Status GetRevision(grpc::ServerContext* context, const ledger::v1::GetRevisionRequest* request,
                           ledger::v1::GetRevisionResponse* response) override {
    const base::Owner owner = OwnerOf(*context);
    absl::MutexLock lock(&fake_.mutex_);
    ++fake_.revision_reads_;
    const OwnerState& state = fake_.owners_[owner.subject];
    const std::string lineage = absl::StrCat("ledger", fake_.storage_);
    const auto status = CheckTokens(fake_.tokens_, owner, *request, "ledger", lineage, state.ledger_revision);
    if (!status.ok()) return status;
    response->set_revision(state.ledger_revision);
    response->set_lineage(lineage);
    response->set_token(fake_.tokens_.MakeConsistencyToken(owner, {"ledger", lineage, state.ledger_revision}));
    return grpc::Status::OK;
  }

 private:
  FakeServices& fake_;
};

FakeServices::FakeServices(const seal::TokenCodec& tokens)
    : tokens_(tokens), contacts_(std::make_unique<Contacts>(*this)), ledger_(std::make_unique<Ledger>(*this)) {
  const auto serve = [](grpc::Service* service) {
    grpc::ServerBuilder builder;
    builder.RegisterService(service);
    return builder.BuildAndStart();
  };
  contacts_server_ = serve(contacts_.get());
  ledger_server_ = serve(ledger_.get());
}

FakeServices::~FakeServices() {
  contacts_server_->Shutdown();
  ledger_server_->Shutdown();
}

std::string FakeServices::Seat(const std::string& owner, absl::Time since) {
  absl::MutexLock lock(&mutex_);
  OwnerState& state = owners_[owner];
  state.seats.push_back(since);
  return tokens_.MakeConsistencyToken({"dev", owner},
                                      {"contacts", absl::StrCat("contacts", storage_), ++state.contacts_revision});
}

std::string FakeServices::Append(const std::string& owner) {
  absl::MutexLock lock(&mutex_);
  return tokens_.MakeConsistencyToken({"dev", owner},
                                      {"ledger", absl::StrCat("ledger", storage_), ++owners_[owner].ledger_revision});
}

void FakeServices::Restore() {
  absl::MutexLock lock(&mutex_);
  ++storage_;
}

void FakeServices::OnCouncil(std::function<grpc::Status(int)> hook) {
  absl::MutexLock lock(&mutex_);
  on_council_ = std::move(hook);
}

}  // namespace council::recommendations
