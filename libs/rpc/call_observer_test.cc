// What those who run the suite see of its calls: figures, spans, and one trace through all programs.

#include "libs/rpc/call_observer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "council/ledger/v1/ledger_service.grpc.pb.h"
#include "libs/base/status.h"
#include "libs/rpc/adaptor.h"
#include "libs/rpc/authenticator.h"
#include "libs/rpc/client.h"
#include "libs/rpc/grpc_status.h"
#include "libs/rpc/guard.h"
#include "libs/rpc/server.h"
#include "libs/telemetry/log.h"

namespace council::rpc {
namespace {

namespace v1 = ledger::v1;
using ::testing::ContainsRegex;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kTraceparent[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

// What a span says, for when the call is over.
struct SeenSpan {
  std::string trace_id;
  std::string parent;
  std::string method;
  absl::StatusCode code;
};

class SeenSpans final : public telemetry::SpanExporter {
 public:
  void Export(const telemetry::CallSpan& span) override {
    telemetry::TraceContext parent;
    parent.span_id = span.parent_span_id;
    absl::MutexLock lock(&mutex_);
    spans_.push_back({TraceIdOf(span.context), SpanIdOf(parent), span.service + "/" + span.method, span.code});
  }
  std::vector<SeenSpan> spans() {
    absl::MutexLock lock(&mutex_);
    return spans_;
  }

 private:
  absl::Mutex mutex_;
  std::vector<SeenSpan> spans_;
};

// Calls itself once more for what follows "ask:", as a service calls another one.
class Handlers {
 public:
  absl::StatusOr<v1::GetTieResponse> GetTie(const CallContext& call, const v1::GetTieRequest& request) {
    if (request.contact().contact_id() == "busy") return Overloaded();
    if (request.contact().contact_id() == "missing") return absl::NotFoundError("no such contact");
    if (request.contact().contact_id() == "thrown") throw std::runtime_error("Frieda is not there");
    if (request.contact().contact_id() == "mistaken") return absl::InternalError("rows are missing");
    if (absl::string_view id = request.contact().contact_id(); absl::ConsumePrefix(&id, "ask:")) {
      v1::GetTieRequest inner;
      inner.mutable_contact()->set_contact_id(std::string(id));
      return Ask("ledger", *stub, &v1::LedgerService::Stub::GetTie, call, inner);
    }
    v1::GetTieResponse response;
    response.set_token(telemetry::Traceparent(call.trace()) + " " + call.trace().state);
    return response;
  }
  absl::Status ExportLedger(const CallContext&, const v1::ExportLedgerRequest&,
                            Writer<v1::ExportLedgerResponse>& writer) {
    writer.Write({});
    return absl::OkStatus();
  }

  std::unique_ptr<v1::LedgerService::Stub> stub;
};

class Endpoint final : public v1::LedgerService::CallbackService {
 public:
  Endpoint(Adaptor& adaptor, Handlers& service) : adaptor_(adaptor), service_(service) {}
  COUNCIL_RPC_UNARY(GetTie)
  COUNCIL_RPC_SERVER_STREAM(ExportLedger)

 private:
  Adaptor& adaptor_;
  CallRecorder* const recorder_ = nullptr;
  Handlers& service_;
};

class CallObserverTest : public testing::Test {
 protected:
  CallObserverTest()
      : adaptor_(authenticator_,
                 [this] {
                   Adaptor::Options options;
                   options.metrics = &metrics_;
                   options.spans = &spans_;
                   return options;
                 }()),
        endpoint_(adaptor_, handlers_),
        server_(Server::Start({.listen = "127.0.0.1:0"}, adaptor_, {&endpoint_}).value()),
        stub_(v1::LedgerService::NewStub(MakeChannel(server_->address()))) {
    handlers_.stub = v1::LedgerService::NewStub(MakeChannel(server_->address()));
  }

  grpc::Status Call(const std::string& contact, const std::vector<std::pair<std::string, std::string>>& metadata,
                    const std::string& owner, v1::GetTieResponse& response) {
    grpc::ClientContext context;
    if (!owner.empty()) context.AddMetadata("x-council-owner", owner);
    for (const auto& [name, value] : metadata) context.AddMetadata(name, value);
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
    v1::GetTieRequest request;
    request.mutable_contact()->set_contact_id(contact);
    return stub_->GetTie(&context, request, &response);
  }

  // The answer's token, or the code of a failure.
  std::string GetTie(const std::string& contact, const std::vector<std::pair<std::string, std::string>>& metadata = {},
                     const std::string& owner = "ines") {
    v1::GetTieResponse response;
    const absl::Status status = FromGrpc(Call(contact, metadata, owner, response));
    return status.ok() ? response.token() : absl::StatusCodeToString(status.code());
  }

  // The figures when all calls are over, as their callers know a little earlier.
  std::string FiguresAtEnd() {
    EXPECT_TRUE(server_->Drain(absl::Seconds(20)));
    return metrics_.Text();
  }

  telemetry::Metrics metrics_;
  SeenSpans spans_;
  InsecureDevAuthenticator authenticator_;
  Handlers handlers_;
  Adaptor adaptor_;
  Endpoint endpoint_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<v1::LedgerService::Stub> stub_;
};

TEST_F(CallObserverTest, CallsAreCountedByMethodAndCode) {
  GetTie("somebody");
  EXPECT_EQ(GetTie("missing"), "NOT_FOUND");
  EXPECT_EQ(GetTie("missing"), "NOT_FOUND");
  EXPECT_EQ(GetTie("busy"), "RESOURCE_EXHAUSTED");
  // Refused before the handler.
  EXPECT_EQ(GetTie("somebody", {}, ""), "UNAUTHENTICATED");
  grpc::ClientContext context;
  context.AddMetadata("x-council-owner", "ines");
  const auto reader = stub_->ExportLedger(&context, {});
  v1::ExportLedgerResponse ignored;
  while (reader->Read(&ignored)) {
  }
  EXPECT_TRUE(reader->Finish().ok());

  const std::string text = FiguresAtEnd();
  const std::string get_tie =
      R"(grpc_method="GetTie",grpc_service="council.ledger.v1.LedgerService",grpc_type="unary"})";
  EXPECT_THAT(text, HasSubstr("grpc_server_started_total{" + get_tie + " 5"));
  EXPECT_THAT(text, HasSubstr("grpc_server_handled_total{grpc_code=\"OK\"," + get_tie + " 1"));
  EXPECT_THAT(text, HasSubstr("grpc_server_handled_total{grpc_code=\"NotFound\"," + get_tie + " 2"));
  EXPECT_THAT(text, HasSubstr("grpc_server_handled_total{grpc_code=\"Unauthenticated\"," + get_tie + " 1"));
  EXPECT_THAT(text, HasSubstr("grpc_server_handling_seconds_count{" + get_tie + " 5"));
  EXPECT_THAT(text,
              HasSubstr(R"(grpc_code="OK",grpc_method="ExportLedger",grpc_service="council.ledger.v1.LedgerService",)"
                        R"(grpc_type="server_stream"} 1)"));
  EXPECT_THAT(text, HasSubstr("council_overloaded_calls_total 1"));
  EXPECT_EQ(adaptor_.running_calls(), 0);
}

TEST_F(CallObserverTest, OverloadIsPassedOnAsItIsAndCountedByTheServiceThatItIsIn) {
  v1::GetTieResponse ignored;
  const grpc::Status direct = Call("busy", {}, "ines", ignored);
  const grpc::Status passed_on = Call("ask:busy", {}, "ines", ignored);
  EXPECT_EQ(base::ReasonOf(FromGrpc(passed_on)), common::v1::ERROR_REASON_OVERLOADED);
  EXPECT_EQ(passed_on.error_message(), direct.error_message());
  EXPECT_EQ(passed_on.error_details(), direct.error_details());
  // The direct call, and the inner one of the other.
  EXPECT_THAT(FiguresAtEnd(), HasSubstr("council_overloaded_calls_total 2\n"));
}

TEST_F(CallObserverTest, MistakeIsOneLineOfTheLogWithMethodReasonAndTrace) {
  ASSERT_TRUE(telemetry::SetUpLogging("ledgerd", telemetry::LogFormat::kText, "warn").ok());
  testing::internal::CaptureStderr();
  for (const char* contact : {"thrown", "mistaken", "ask:mistaken"}) {
    EXPECT_EQ(GetTie(contact, {{"traceparent", kTraceparent}}), "INTERNAL");
  }
  FiguresAtEnd();
  const std::string log = testing::internal::GetCapturedStderr();
  std::vector<std::string> lines;
  for (const absl::string_view line : absl::StrSplit(log, '\n')) {
    if (absl::StrContains(line, " ledgerd: ")) lines.emplace_back(line);
  }
  const auto line = [](const std::string& from, const std::string& reason) {
    return ContainsRegex("Z error ledgerd: council.ledger.v1.LedgerService/GetTie: Internal ERROR_REASON_INTERNAL" +
                         from + " after [0-9.]+ ms: " + reason + " .trace 4bf92f3577b34da6a3ce929d0e0e4736.$");
  };
  EXPECT_THAT(lines, ElementsAre(line("", "uncaught exception of type .*runtime_error.*"), line("", "rows are missing"),
                                 line("", "rows are missing"), line(" from ledger", "the service made a mistake.*")));
  EXPECT_THAT(log, Not(HasSubstr("Frieda")));
}

TEST_F(CallObserverTest, CallGoesOnWithItsCallersTrace) {
  const std::string seen = GetTie("somebody", {{"traceparent", kTraceparent}, {"tracestate", "acme=1"}});
  EXPECT_THAT(seen, HasSubstr("00-4bf92f3577b34da6a3ce929d0e0e4736-"));
  EXPECT_THAT(seen, Not(HasSubstr("00f067aa0ba902b7")));
  EXPECT_THAT(seen, HasSubstr(" acme=1"));
}

TEST_F(CallObserverTest, CallThatBringsNoTraceBeginsOne) {
  const auto one = telemetry::ParseTraceContext(GetTie("somebody").substr(0, 55), "");
  const auto other = telemetry::ParseTraceContext(GetTie("somebody", {{"traceparent", "nonsense"}}).substr(0, 55), "");
  ASSERT_TRUE(one.has_value());
  ASSERT_TRUE(other.has_value());
  EXPECT_NE(TraceIdOf(*one), TraceIdOf(*other));
}

TEST_F(CallObserverTest, SpansOfAllHopsAreOfOneTraceAndNestAsTheCallsDid) {
  const std::string innermost = GetTie("ask:somebody", {{"traceparent", kTraceparent}});
  EXPECT_EQ(GetTie("missing"), "NOT_FOUND");
  FiguresAtEnd();
  const std::vector<SeenSpan> spans = spans_.spans();
  ASSERT_EQ(spans.size(), 3u);
  // The inner call is over first.
  EXPECT_EQ(spans[0].trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(spans[1].trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(spans[1].parent, "00f067aa0ba902b7");
  EXPECT_EQ(spans[1].method, "council.ledger.v1.LedgerService/GetTie");
  EXPECT_NE(spans[0].parent, spans[1].parent);
  EXPECT_EQ(spans[2].code, absl::StatusCode::kNotFound);
  EXPECT_EQ(spans[2].parent, "0000000000000000");
}

TEST_F(CallObserverTest, TraceThatItsCallerDoesNotKeepIsNotSent) {
  GetTie("somebody", {{"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"}});
  FiguresAtEnd();
  EXPECT_TRUE(spans_.spans().empty());
}

}  // namespace
}  // namespace council::rpc
