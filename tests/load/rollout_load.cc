// Calls a suite without pause until SIGTERM, as its clients do, and prints how many calls failed and why: for rolling
// out a service under load. Usage: council_rollout_load --contacts=ADDRESS --ledger=ADDRESS --recommendations=ADDRESS
// --ca=FILE --access-token-file=FILE

#include <grpcpp/grpcpp.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "council/contacts/v1/contacts_service.grpc.pb.h"
#include "council/ledger/v1/ledger_service.grpc.pb.h"
#include "council/recommendations/v1/recommendations_service.grpc.pb.h"
#include "google/protobuf/util/time_util.h"
#include "libs/base/check.h"
#include "libs/base/random.h"
#include "libs/base/read_file.h"
#include "libs/base/uuid.h"
#include "libs/rpc/client.h"

namespace council {
namespace {

constexpr size_t kMaxFileBytes = 1 << 20;
constexpr int kCallers = 4;

struct Options {
  std::string contacts;
  std::string ledger;
  std::string recommendations;
  std::string ca;
  std::string access_token_file;
};

std::string Read(const std::string& path) {
  auto text = base::ReadFile(path, kMaxFileBytes);
  if (!text.has_value()) std::fprintf(stderr, "%s can't be read\n", path.c_str());
  COUNCIL_CHECK(text.has_value());
  return *std::move(text);
}

class Load {
 public:
  explicit Load(const Options& options) : token_(absl::StripAsciiWhitespace(Read(options.access_token_file))) {
    grpc::SslCredentialsOptions ssl;
    ssl.pem_root_certs = Read(options.ca);
    const auto credentials = grpc::SslCredentials(ssl);
    contacts_ = contacts::v1::ContactsService::NewStub(rpc::MakeChannel(options.contacts, credentials));
    ledger_ = ledger::v1::LedgerService::NewStub(rpc::MakeChannel(options.ledger, credentials));
    recommendations_ =
        recommendations::v1::RecommendationsService::NewStub(rpc::MakeChannel(options.recommendations, credentials));
  }

  // Calls until `ending`.
  void Run(const std::atomic<bool>& ending) {
    contacts::v1::CreateContactRequest create;
    create.mutable_contact()->set_display_name("Somebody");
    create.set_request_id(NewId());
    contacts::v1::CreateContactResponse created;
    while (!ending && !created.has_contact()) {
      created = Call(*contacts_, &contacts::v1::ContactsService::Stub::CreateContact, create);
    }
    while (!ending) {
      ledger::v1::AppendInteractionRequest append;
      append.set_request_id(NewId());
      append.mutable_interaction()->add_contact_ids(created.contact().id());
      append.mutable_interaction()->set_channel(ledger::v1::CHANNEL_PHONE);
      *append.mutable_interaction()->mutable_occur_time() = google::protobuf::util::TimeUtil::GetCurrentTime();
      Call(*ledger_, &ledger::v1::LedgerService::Stub::AppendInteraction, append);
      Call(*recommendations_, &recommendations::v1::RecommendationsService::Stub::GetCouncilBalance, {});
      contacts::v1::GetContactRequest get;
      get.set_id(created.contact().id());
      Call(*contacts_, &contacts::v1::ContactsService::Stub::GetContact, get);
      // Below the rate that an owner has.
      absl::SleepFor(absl::Milliseconds(100));
    }
  }

  // One line, and one more for each failure.
  void Print() {
    absl::MutexLock lock(&mutex_);
    std::printf("calls: %ld, failed: %zu\n", calls_, failures_.size());
    for (const std::string& failure : failures_) std::printf("  %s\n", failure.c_str());
  }

 private:
  std::string NewId() {
    absl::MutexLock lock(&mutex_);
    return base::NewUuid(absl::Now(), random_);
  }

  template <typename Stub, typename Request, typename Response>
  Response Call(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                const Request& request) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", absl::StrCat("Bearer ", token_));
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(10)));
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    absl::MutexLock lock(&mutex_);
    ++calls_;
    if (!status.ok()) {
      failures_.push_back(absl::StrCat(absl::FormatTime("%H:%M:%E3S", absl::Now(), absl::UTCTimeZone()), " ",
                                       Request::descriptor()->name(), ": ", status.error_code(), " ",
                                       status.error_message()));
    }
    return response;
  }

  const std::string token_;
  std::unique_ptr<contacts::v1::ContactsService::Stub> contacts_;
  std::unique_ptr<ledger::v1::LedgerService::Stub> ledger_;
  std::unique_ptr<recommendations::v1::RecommendationsService::Stub> recommendations_;
  absl::Mutex mutex_;
  base::SystemRandom random_ ABSL_GUARDED_BY(mutex_);
  long calls_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<std::string> failures_ ABSL_GUARDED_BY(mutex_);
};

int Main(int argc, char** argv) {
  CLI::App app("Calls a suite until SIGTERM and counts failures.");
  Options options;
  app.add_option("--contacts", options.contacts)->required();
  app.add_option("--ledger", options.ledger)->required();
  app.add_option("--recommendations", options.recommendations)->required();
  app.add_option("--ca", options.ca)->required();
  app.add_option("--access-token-file", options.access_token_file)->required();
  CLI11_PARSE(app, argc, argv);

  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  Load load(options);
  std::atomic<bool> ending = false;
  std::vector<std::thread> callers;
  for (int i = 0; i < kCallers; ++i) callers.emplace_back([&] { load.Run(ending); });
  std::printf("calling\n");
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  ending = true;
  for (std::thread& caller : callers) caller.join();
  load.Print();
  return 0;
}

}  // namespace
}  // namespace council

int main(int argc, char** argv) {
  return council::Main(argc, argv);
}
