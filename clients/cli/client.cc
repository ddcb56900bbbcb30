#include "clients/cli/client.h"

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/cli/errors.h"
#include "clients/cli/patience.h"
#include "council/contacts/v1/contacts_service.grpc.pb.h"
#include "council/ledger/v1/ledger_service.grpc.pb.h"
#include "council/recommendations/v1/recommendations_service.grpc.pb.h"
#include "libs/base/status.h"
#include "libs/rpc/service_config.h"
#include "libs/telemetry/trace.h"

namespace council::cli {
namespace {

using ContactsStub = contacts::v1::ContactsService::Stub;
using LedgerStub = ledger::v1::LedgerService::Stub;
using RecommendationsStub = recommendations::v1::RecommendationsService::Stub;

constexpr char kContacts[] = "contacts";
constexpr char kLedger[] = "ledger";
constexpr char kRecommendations[] = "recommendations";
// Metadata with which a service says that it takes a stream (docs/contract.md).
constexpr char kTaken[] = "council-taken";
constexpr int kFileTimeoutFactor = 20;
constexpr int kMaxAnswerBytes = 64 << 20;

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address, const Transport& transport) {
  grpc::ChannelArguments arguments;
  arguments.SetServiceConfigJSON(rpc::kServiceConfig);
  arguments.SetMaxReceiveMessageSize(kMaxAnswerBytes);
  // Copies that came when others went are found soon.
  arguments.SetInt(GRPC_ARG_DNS_MIN_TIME_BETWEEN_RESOLUTIONS_MS, 1000);
  // A proxy set for the web is none for the suite.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return grpc::CreateCustomChannel(address, transport.CredentialsFor(address), arguments);
}

absl::Status ToStatus(const grpc::Status& status, const char* service, const std::string& address,
                      const Transport& transport) {
  if (status.ok()) return absl::OkStatus();
  std::string message = status.error_message();
  // gRPC's own words about a connection help nobody.
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE && status.error_details().empty()) {
    message = transport.WhyUnreachable(service, address, message);
  } else if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    message = absl::StrCat("the ", service, " service did not answer in time (--timeout)");
  }
  return base::ParseDetails(absl::Status(static_cast<absl::StatusCode>(status.error_code()), message),
                            status.error_details());
}

bool IsTokenGone(const absl::Status& status) {
  const common::v1::ErrorReason reason = base::ReasonOf(status);
  return reason == common::v1::ERROR_REASON_LINEAGE_CHANGED || reason == common::v1::ERROR_REASON_TOKEN_FROM_FUTURE ||
         reason == common::v1::ERROR_REASON_INVALID_TOKEN;
}

}  // namespace

struct Client::Stubs {
  Stubs(const ClientOptions& client_options, Memory& client_memory)
      : options(client_options),
        memory(client_memory),
        contacts(MakeChannel(client_options.contacts, client_options.transport)),
        ledger(MakeChannel(client_options.ledger, client_options.transport)),
        recommendations(MakeChannel(client_options.recommendations, client_options.transport)) {}

  const std::string& AddressOf(const std::string& service) const {
    return service == kContacts ? options.contacts : service == kLedger ? options.ledger : options.recommendations;
  }

  // Says who calls, and until when. Fails as AccessTokenSource::Get does.
  absl::Status Prepare(grpc::ClientContext& context, int timeout_factor = 1) const {
    const absl::Duration time = options.timeout * timeout_factor;
    if (options.access_tokens == nullptr) {
      context.AddMetadata("x-council-owner", options.owner);
    } else {
      COUNCIL_ASSIGN_OR_RETURN(const std::string token, options.access_tokens->Get(time));
      context.AddMetadata("authorization", absl::StrCat("Bearer ", token));
    }
    context.AddMetadata("traceparent", telemetry::Traceparent(telemetry::NewSpan(trace)));
    context.set_deadline(std::chrono::system_clock::now() + absl::ToChronoMilliseconds(time));
    return absl::OkStatus();
  }

  // A refused identity in words for who has to do something about it; what the suite did wrong with its trace; any
  // other status as it is.
  absl::Status Explain(absl::Status status, const char* service) const {
    if (!absl::IsUnauthenticated(status)) return WithTrace(std::move(status), telemetry::TraceIdOf(trace));
    const std::string& address = AddressOf(service);
    return base::ParseDetails(
        absl::UnauthenticatedError(options.access_tokens == nullptr
                                       ? absl::StrCat(address,
                                                      " does not know who you are: council login signs you in (",
                                                      status.message(), ")")
                                       : absl::StrCat(address, " refuses your sign-in: ", status.message())),
        base::SerializeDetails(status));
  }

  // Finds out whether the access token is refused, and renews it then: what a stream has sent can't be sent again.
  absl::Status TryAccessToken() {
    if (options.access_tokens == nullptr) return absl::OkStatus();
    return Unary(kContacts, contacts, &ContactsStub::GetRevision, contacts::v1::GetRevisionRequest()).status();
  }

  absl::Status StatusOf(const grpc::Status& status, const char* service) const {
    return ToStatus(status, service, AddressOf(service), options.transport);
  }

  template <typename Response>
  void Remember(const char* service, const Response& response) {
    if constexpr (requires { response.token(); }) {
      if (!response.token().empty()) memory.tokens[service] = response.token();
    }
  }

  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Unary(const char* service, Stub& stub,
                                 grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                 Request request) {
    constexpr bool kReads = requires {
      request.add_at_least_as_fresh();
    };
    Patience patience(options.timeout);
    bool renewed = false;
    bool forgotten = false;
    for (;;) {
      if constexpr (kReads) {
        request.clear_at_least_as_fresh();
        for (const auto& [of, token] : memory.tokens) request.add_at_least_as_fresh(token);
      }
      grpc::ClientContext context;
      COUNCIL_RETURN_IF_ERROR(Prepare(context));
      Response response;
      const absl::Status status = StatusOf((stub.*method)(&context, request, &response), service);
      if (status.ok()) {
        Remember(service, response);
        return response;
      }
      if (patience.Waited(status)) continue;
      if (absl::IsUnauthenticated(status) && options.access_tokens != nullptr && !renewed) {
        COUNCIL_RETURN_IF_ERROR(options.access_tokens->Renew());
        renewed = true;
      } else if (kReads && !forgotten && !memory.tokens.empty() && IsTokenGone(status)) {
        memory.tokens.clear();
        forgotten = true;
      } else {
        return Explain(status, service);
      }
    }
  }

  template <typename Stub, typename Options, typename Request, typename Response>
  absl::StatusOr<Response> Upload(const char* service, Stub& stub,
                                  std::unique_ptr<grpc::ClientWriter<Request>> (Stub::*method)(grpc::ClientContext*,
                                                                                               Response*),
                                  const Options& file_options, const ChunkSource& file) {
    COUNCIL_RETURN_IF_ERROR(TryAccessToken());
    Patience patience(options.timeout);
    for (;;) {
      grpc::ClientContext context;
      COUNCIL_RETURN_IF_ERROR(Prepare(context, kFileTimeoutFactor));
      Response response;
      const auto writer = (stub.*method)(&context, &response);
      Request request;
      *request.mutable_options() = file_options;
      bool open = writer->Write(request);
      // The file, which may be standard input, can be read once: when the service has said that it takes the call.
      writer->WaitForInitialMetadata();
      const bool taken = context.GetServerInitialMetadata().count(kTaken) > 0;
      open = open && taken;
      while (open) {
        request.set_chunk(file());
        if (request.chunk().empty()) break;
        open = writer->Write(request);
      }
      if (open) writer->WritesDone();
      // Where the service ended the call early its status says why.
      const absl::Status status = StatusOf(writer->Finish(), service);
      if (!taken && patience.Waited(status)) continue;
      COUNCIL_RETURN_IF_ERROR(Explain(status, service));
      Remember(service, response);
      return response;
    }
  }

  template <typename Stub, typename Request, typename Response, typename Sink>
  absl::Status Download(const char* service, Stub& stub,
                        std::unique_ptr<grpc::ClientReader<Response>> (Stub::*method)(grpc::ClientContext*,
                                                                                      const Request&),
                        Request request, const Sink& sink) {
    if constexpr (requires { request.add_at_least_as_fresh(); }) {
      for (const auto& [of, token] : memory.tokens) request.add_at_least_as_fresh(token);
    }
    COUNCIL_RETURN_IF_ERROR(TryAccessToken());
    Patience patience(options.timeout);
    for (;;) {
      grpc::ClientContext context;
      COUNCIL_RETURN_IF_ERROR(Prepare(context, kFileTimeoutFactor));
      const auto reader = (stub.*method)(&context, request);
      Response response;
      bool begun = false;
      bool stopped = false;
      while (!stopped && reader->Read(&response)) {
        begun = true;
        stopped = !sink(response);
      }
      if (stopped) context.TryCancel();
      const grpc::Status finished = reader->Finish();
      if (stopped) return absl::AbortedError("the file could not be written");
      const absl::Status status = StatusOf(finished, service);
      if (begun || !patience.Waited(status)) return Explain(status, service);
    }
  }

  const ClientOptions options;
  const telemetry::TraceContext trace = telemetry::NewTrace(true);
  Memory& memory;
  ContactsStub contacts;
  LedgerStub ledger;
  RecommendationsStub recommendations;
};

Client::Client(const ClientOptions& options, Memory& memory) : stubs_(std::make_unique<Stubs>(options, memory)) {}
Client::~Client() = default;

#define COUNCIL_CLI_CALL(area, service, stub_type, method)                                     \
  absl::StatusOr<area::v1::method##Response> Client::Call(area::v1::method##Request request) { \
    return stubs_->Unary(service, stubs_->area, &stub_type::method, std::move(request));       \
  }
COUNCIL_CLI_CALL(contacts, kContacts, ContactsStub, CreateContact)
COUNCIL_CLI_CALL(contacts, kContacts, ContactsStub, GetContact)
COUNCIL_CLI_CALL(contacts, kContacts, ContactsStub, ListContacts)
COUNCIL_CLI_CALL(contacts, kContacts, ContactsStub, UpdateContact)
COUNCIL_CLI_CALL(contacts, kContacts, ContactsStub, DeleteContact)
COUNCIL_CLI_CALL(contacts, kContacts, ContactsStub, FindDuplicates)
COUNCIL_CLI_CALL(contacts, kContacts, ContactsStub, MergeContacts)
COUNCIL_CLI_CALL(contacts, kContacts, ContactsStub, UndoImport)
COUNCIL_CLI_CALL(contacts, kContacts, ContactsStub, SeatContact)
COUNCIL_CLI_CALL(contacts, kContacts, ContactsStub, UnseatContact)
COUNCIL_CLI_CALL(contacts, kContacts, ContactsStub, GetCouncil)
COUNCIL_CLI_CALL(contacts, kContacts, ContactsStub, SetAcquaintance)
COUNCIL_CLI_CALL(contacts, kContacts, ContactsStub, GetSettings)
COUNCIL_CLI_CALL(contacts, kContacts, ContactsStub, UpdateSettings)
COUNCIL_CLI_CALL(contacts, kContacts, ContactsStub, ListAccess)
COUNCIL_CLI_CALL(contacts, kContacts, ContactsStub, EraseContact)
COUNCIL_CLI_CALL(contacts, kContacts, ContactsStub, EraseOwner)
COUNCIL_CLI_CALL(ledger, kLedger, LedgerStub, AppendInteraction)
COUNCIL_CLI_CALL(ledger, kLedger, LedgerStub, BatchAppendInteractions)
COUNCIL_CLI_CALL(ledger, kLedger, LedgerStub, CorrectInteraction)
COUNCIL_CLI_CALL(ledger, kLedger, LedgerStub, UndoImport)
COUNCIL_CLI_CALL(ledger, kLedger, LedgerStub, GetInteraction)
COUNCIL_CLI_CALL(ledger, kLedger, LedgerStub, ListInteractions)
COUNCIL_CLI_CALL(ledger, kLedger, LedgerStub, ListTies)
COUNCIL_CLI_CALL(ledger, kLedger, LedgerStub, ListPlans)
COUNCIL_CLI_CALL(ledger, kLedger, LedgerStub, ConfirmPlan)
COUNCIL_CLI_CALL(ledger, kLedger, LedgerStub, RemovePlan)
COUNCIL_CLI_CALL(ledger, kLedger, LedgerStub, ListPromises)
COUNCIL_CLI_CALL(ledger, kLedger, LedgerStub, VerifyLedger)
COUNCIL_CLI_CALL(ledger, kLedger, LedgerStub, ListAccess)
COUNCIL_CLI_CALL(ledger, kLedger, LedgerStub, EraseContact)
COUNCIL_CLI_CALL(ledger, kLedger, LedgerStub, EraseOwner)
COUNCIL_CLI_CALL(recommendations, kRecommendations, RecommendationsStub, GetCouncilBalance)
COUNCIL_CLI_CALL(recommendations, kRecommendations, RecommendationsStub, GetBalanceHistory)
COUNCIL_CLI_CALL(recommendations, kRecommendations, RecommendationsStub, GetPersonSummary)
COUNCIL_CLI_CALL(recommendations, kRecommendations, RecommendationsStub, GetHindsight)
COUNCIL_CLI_CALL(recommendations, kRecommendations, RecommendationsStub, GetReview)
COUNCIL_CLI_CALL(recommendations, kRecommendations, RecommendationsStub, ExplainBalance)
COUNCIL_CLI_CALL(recommendations, kRecommendations, RecommendationsStub, ListRecommendations)
COUNCIL_CLI_CALL(recommendations, kRecommendations, RecommendationsStub, RespondToRecommendation)
COUNCIL_CLI_CALL(recommendations, kRecommendations, RecommendationsStub, ListCheckIns)
COUNCIL_CLI_CALL(recommendations, kRecommendations, RecommendationsStub, SimulateCouncil)
COUNCIL_CLI_CALL(recommendations, kRecommendations, RecommendationsStub, ProposeCouncil)
COUNCIL_CLI_CALL(recommendations, kRecommendations, RecommendationsStub, SuggestIntroductions)
COUNCIL_CLI_CALL(recommendations, kRecommendations, RecommendationsStub, ListAccess)
COUNCIL_CLI_CALL(recommendations, kRecommendations, RecommendationsStub, EraseContact)
COUNCIL_CLI_CALL(recommendations, kRecommendations, RecommendationsStub, EraseOwner)
#undef COUNCIL_CLI_CALL

absl::StatusOr<contacts::v1::ImportContactsResponse> Client::Import(const contacts::v1::ImportContactsOptions& options,
                                                                    const ChunkSource& file) {
  return stubs_->Upload(kContacts, stubs_->contacts, &ContactsStub::ImportContacts, options, file);
}

absl::StatusOr<ledger::v1::ImportInteractionsResponse> Client::Import(
    const ledger::v1::ImportInteractionsOptions& options, const ChunkSource& file) {
  return stubs_->Upload(kLedger, stubs_->ledger, &LedgerStub::ImportInteractions, options, file);
}

absl::Status Client::Export(contacts::v1::ExportContactsRequest request, const ChunkSink& sink) {
  return stubs_->Download(kContacts, stubs_->contacts, &ContactsStub::ExportContacts, std::move(request),
                          [&](const contacts::v1::ExportContactsResponse& response) { return sink(response.chunk()); });
}

absl::Status Client::Export(ledger::v1::ExportLedgerRequest request,
                            const std::function<bool(const ledger::v1::ExportLedgerResponse&)>& sink) {
  return stubs_->Download(kLedger, stubs_->ledger, &LedgerStub::ExportLedger, std::move(request), sink);
}

absl::Status Client::ExportOwner(const ChunkSink& sink) {
  const auto chunk = [&](const auto& response) { return sink(response.chunk()); };
  COUNCIL_RETURN_IF_ERROR(stubs_->Download(kContacts, stubs_->contacts, &ContactsStub::ExportOwner,
                                           contacts::v1::ExportOwnerRequest(), chunk));
  COUNCIL_RETURN_IF_ERROR(
      stubs_->Download(kLedger, stubs_->ledger, &LedgerStub::ExportOwner, ledger::v1::ExportOwnerRequest(), chunk));
  return stubs_->Download(kRecommendations, stubs_->recommendations, &RecommendationsStub::ExportOwner,
                          recommendations::v1::ExportOwnerRequest(), chunk);
}

absl::Status Client::ExportState(const std::string& service, const ChunkSink& sink) {
  const auto chunk = [&](const auto& response) { return sink(response.chunk()); };
  const auto download = [&](const char* name, auto& stub, auto method, auto request) {
    request.set_for_import(true);
    return stubs_->Download(name, stub, method, std::move(request), chunk);
  };
  if (service == kContacts) {
    return download(kContacts, stubs_->contacts, &ContactsStub::ExportOwner, contacts::v1::ExportOwnerRequest());
  }
  if (service == kLedger) {
    return download(kLedger, stubs_->ledger, &LedgerStub::ExportOwner, ledger::v1::ExportOwnerRequest());
  }
  return download(kRecommendations, stubs_->recommendations, &RecommendationsStub::ExportOwner,
                  recommendations::v1::ExportOwnerRequest());
}

absl::StatusOr<Client::StateImport> Client::ImportState(const std::string& service, bool dry_run,
                                                        const ChunkSource& lines) {
  const auto upload = [&](const char* name, auto& stub, auto method, auto options) -> absl::StatusOr<StateImport> {
    options.set_dry_run(dry_run);
    const auto response = stubs_->Upload(name, stub, method, options, lines);
    if (!response.ok()) return response.status();
    return StateImport{.imported = response->imported(), .unchanged = response->unchanged()};
  };
  if (service == kContacts) {
    return upload(kContacts, stubs_->contacts, &ContactsStub::ImportOwner, contacts::v1::ImportOwnerOptions());
  }
  if (service == kLedger) {
    return upload(kLedger, stubs_->ledger, &LedgerStub::ImportOwner, ledger::v1::ImportOwnerOptions());
  }
  return upload(kRecommendations, stubs_->recommendations, &RecommendationsStub::ImportOwner,
                recommendations::v1::ImportOwnerOptions());
}

}  // namespace council::cli
