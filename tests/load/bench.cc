// Measures the suite's two hottest calls beside the best that is known for each, alternately, on the same machine at
// the same time, and prints the ratios of the medians:
//   GetCouncilBalance from the cache   against a bare gRPC server with an answer of the same size
//   AppendInteraction on SQLite        against etcd's Put, both durable before they answer
// Both with keys against without. And ProposeCouncil over 2,000 contacts, as a multiple of reading them (see
// propose_bench.h). Every answer is checked to be one: balances by their size, appends by the growth of the ledger,
// puts by etcd's revision.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "etcd.grpc.pb.h"
#include "tests/load/h2load.h"
#include "tests/load/propose_bench.h"
#include "tests/support/council.h"
#include "tests/support/process.h"
#include "tests/support/redis_server.h"
#include "tests/support/temp_dir.h"

namespace council::load {
namespace {

namespace fs = std::filesystem;
using contacts::v1::ContactsService;
using ledger::v1::LedgerService;
using recommendations::v1::RecommendationsService;

constexpr char kOwner[] = "bench";

struct Settings {
  int rounds = 5;
  int64_t balance_calls = 40'000;
  int64_t append_calls = 20'000;
  std::string directory = ".council";
};

template <typename T>
T Need(absl::StatusOr<T> result) {
  if (!result.ok()) throw std::runtime_error(result.status().ToString());
  return *std::move(result);
}

void Check(bool holds, const std::string& what) {
  if (!holds) throw std::runtime_error(what);
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

// Runs both alternately; each returns its calls per second.
void Compare(const char* name, const char* other_name, double aim, int rounds, const std::function<double()>& ours,
             const std::function<double()>& other) {
  std::vector<double> our_rates;
  std::vector<double> other_rates;
  ours();  // the first run of each warms it up and does not count
  other();
  std::printf("%s | %s, calls/s\n", name, other_name);
  for (int round = 0; round < rounds; ++round) {
    our_rates.push_back(ours());
    other_rates.push_back(other());
    std::printf("  %10.0f | %10.0f\n", our_rates.back(), other_rates.back());
    std::fflush(stdout);
  }
  const double ours_median = Median(our_rates);
  const double other_median = Median(other_rates);
  std::printf("  medians %.0f and %.0f: ratio %.2f (aim %.2f)\n\n", ours_median, other_median,
              ours_median / other_median, aim);
}

std::unique_ptr<test::Process> StartBeside(const std::string& program, std::vector<std::string> arguments) {
  test::ProcessOptions options{.command = {fs::read_symlink("/proc/self/exe").parent_path() / program}};
  options.command.insert(options.command.end(), arguments.begin(), arguments.end());
  return Need(test::Process::Start(std::move(options)));
}

std::string Address(const test::Process& process) {
  constexpr std::string_view kReady = "listening on ";
  const std::string line = Need(process.WaitForLine(kReady));
  return line.substr(line.find(kReady) + kReady.size());
}

// Twelve seats and a few months of talks, so that the balance is one of the usual size.
std::vector<std::string> SeatCouncil(test::CouncilSuite& suite, const test::Caller& caller) {
  std::vector<std::string> ids;
  for (int i = 0; i < 12; ++i) {
    contacts::v1::CreateContactRequest create;
    create.mutable_contact()->set_display_name(absl::StrCat("Advisor ", i + 1));
    create.mutable_contact()->set_organization(absl::StrCat("Company ", i % 5));
    ids.push_back(
        Need(test::Call(*suite.contacts, &ContactsService::Stub::CreateContact, create, caller)).contact().id());
    contacts::v1::SeatContactRequest seat;
    seat.set_contact_id(ids.back());
    seat.mutable_seat()->add_roles(static_cast<common::v1::CouncilRole>(1 + i % 6));
    seat.mutable_seat()->add_domains(static_cast<common::v1::LifeDomain>(1 + i % 5));
    Need(test::Call(*suite.contacts, &ContactsService::Stub::SeatContact, seat, caller));
  }
  const int64_t now = absl::ToUnixSeconds(absl::Now());
  for (int i = 0; i < 200; ++i) {
    ledger::v1::AppendInteractionRequest append;
    ledger::v1::Interaction& talk = *append.mutable_interaction();
    talk.add_contact_ids(ids[static_cast<size_t>(i) % ids.size()]);
    talk.mutable_occur_time()->set_seconds(now - int64_t{43'200} * (i + 1));
    talk.set_depth(static_cast<ledger::v1::InteractionDepth>(1 + i % 4));
    talk.set_energy(i % 3);
    ledger::v1::Benefit& benefit = *talk.add_benefits();
    benefit.set_direction(static_cast<ledger::v1::BenefitDirection>(1 + i % 2));
    benefit.set_kind(static_cast<ledger::v1::BenefitKind>(1 + i % 7));
    Need(test::Call(*suite.ledger, &LedgerService::Stub::AppendInteraction, append, caller));
  }
  return ids;
}

constexpr char kBalanceMethod[] = "/council.recommendations.v1.RecommendationsService/GetCouncilBalance";

// The owner's balance, which lies in the cache.
class CachedBalance {
 public:
  CachedBalance(const Settings& settings, test::CouncilSuite& suite, const test::Caller& caller, fs::path body)
      : calls_(settings.balance_calls), body_(std::move(body)) {
    const recommendations::v1::GetCouncilBalanceRequest request;
    const auto balance = [&] {
      return Need(
          test::Call(*suite.recommendations, &RecommendationsService::Stub::GetCouncilBalance, request, caller));
    };
    balance();
    const auto cached = balance();
    Check(cached.balance().answered_from() != recommendations::v1::ANSWERED_FROM_COMPUTATION,
          "the second balance is not answered from the cache");
    answer_bytes_ = static_cast<int64_t>(cached.ByteSizeLong());
    WriteBody(request, body_);
  }

  int64_t answer_bytes() const { return answer_bytes_; }

  // The calls per second of a method that answers as many bytes.
  double Rate(const std::string& address, const std::string& method) const {
    const Outcome outcome = Need(RunH2load({.address = address,
                                            .method = method,
                                            .body = body_,
                                            .metadata = {absl::StrCat("x-council-owner: ", kOwner)},
                                            .count = calls_}));
    // Now and then the cached balance is computed anew and differs by some bytes, as its digits do.
    const auto expected = static_cast<double>(calls_ * (answer_bytes_ + 5));
    const auto got = static_cast<double>(outcome.data_bytes);
    Check(got > 0.98 * expected && got < 1.02 * expected, absl::StrCat(method, ": some answers are errors"));
    return outcome.calls_per_second;
  }

 private:
  const int64_t calls_;
  const fs::path body_;
  int64_t answer_bytes_ = 0;
};

void BenchBalance(const Settings& settings, test::CouncilSuite& suite, const test::Caller& caller,
                  const fs::path& directory) {
  const CachedBalance balance(settings, suite, caller, directory / "balance.body");
  const int64_t answer_bytes = balance.answer_bytes();
  // The payload is the answer less its own tag and length, so that both answers have the same size.
  const auto bare = StartBeside("council_bare_server",
                                {absl::StrCat("--payload-bytes=", answer_bytes - (answer_bytes > 130 ? 3 : 2))});
  std::printf("An answer has %lld bytes.\n", static_cast<long long>(answer_bytes));
  const std::string bare_address = Address(*bare);
  Compare(
      "GetCouncilBalance from the cache", "bare gRPC server", 0.7, settings.rounds,
      [&] { return balance.Rate(suite.recommendationsd.address(), kBalanceMethod); },
      [&] { return balance.Rate(bare_address, "/council.load.v1.BareService/Get"); });
}

// A single etcd, as fast as it is out of the box: its log is synced to disk before it answers, like the ledger's.
class Etcd {
 public:
  explicit Etcd(const fs::path& directory) {
    for (int attempt = 0; attempt < 5; ++attempt) {  // its ports may be taken between finding and using them
      const std::string client = absl::StrCat("http://127.0.0.1:", test::FreePort());
      const std::string peer = absl::StrCat("http://127.0.0.1:", test::FreePort());
      process_ = Need(test::Process::Start(
          {.command = {"etcd", "--data-dir", directory, "--listen-client-urls", client, "--advertise-client-urls",
                       client, "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster",
                       "default=" + peer},
           // etcd is supported on x86-64 alone unless told so.
           .environment = {"ETCD_UNSUPPORTED_ARCH=arm64"}}));
      if (process_->WaitForLine("serving insecure client requests").ok()) {
        address_ = client.substr(std::string("http://").size());
        stub_ = etcdserverpb::KV::NewStub(grpc::CreateChannel(address_, grpc::InsecureChannelCredentials()));
        return;
      }
    }
    throw std::runtime_error("etcd does not start:\n" + process_->output());
  }

  const std::string& address() const { return address_; }

  // Puts once, and returns the revision, which counts the puts.
  int64_t Put(const etcdserverpb::PutRequest& request) {
    return Need(test::Call(*stub_, &etcdserverpb::KV::Stub::Put, request)).header().revision();
  }

 private:
  std::unique_ptr<test::Process> process_;
  std::string address_;
  std::unique_ptr<etcdserverpb::KV::Stub> stub_;
};

// Entries appended to the owner's ledger.
class Append {
 public:
  Append(const Settings& settings, test::CouncilSuite& suite, const test::Caller& caller, const std::string& contact_id,
         fs::path body)
      : calls_(settings.append_calls), suite_(suite), caller_(caller), body_(std::move(body)) {
    ledger::v1::Interaction& talk = *request_.mutable_interaction();
    talk.add_contact_ids(contact_id);
    talk.set_channel(ledger::v1::CHANNEL_VIDEO);
    talk.set_depth(ledger::v1::INTERACTION_DEPTH_CONVERSATION);
    talk.add_domains(common::v1::LIFE_DOMAIN_CAREER);
    talk.set_energy(1);
    talk.mutable_duration()->set_seconds(1800);
    talk.set_note("Talked about the new role and what it would ask of the family.");
    WriteBody(request_, body_);
  }

  const ledger::v1::AppendInteractionRequest& request() const { return request_; }

  // The calls per second.
  double Rate() const {
    const int64_t before = Head();
    const Outcome outcome = Need(RunH2load({.address = suite_.ledgerd.address(),
                                            .method = "/council.ledger.v1.LedgerService/AppendInteraction",
                                            .body = body_,
                                            .metadata = {absl::StrCat("x-council-owner: ", kOwner)},
                                            .count = calls_}));
    Check(Head() - before == calls_, "the ledger did not grow by what was appended");
    return outcome.calls_per_second;
  }

 private:
  int64_t Head() const {
    const ledger::v1::GetRevisionRequest request;
    return Need(test::Call(*suite_.ledger, &LedgerService::Stub::GetRevision, request, caller_)).revision();
  }

  const int64_t calls_;
  test::CouncilSuite& suite_;
  const test::Caller& caller_;
  const fs::path body_;
  ledger::v1::AppendInteractionRequest request_;
};

void BenchAppend(const Settings& settings, test::CouncilSuite& suite, const test::Caller& caller,
                 const std::vector<std::string>& contact_ids, const fs::path& directory) {
  const Append append(settings, suite, caller, contact_ids.front(), directory / "append.body");
  etcdserverpb::PutRequest put;
  put.set_key("council/bench");
  put.set_value(append.request().SerializeAsString());
  const fs::path put_body = directory / "put.body";
  WriteBody(put, put_body);
  Etcd etcd(directory / "etcd");
  Compare(
      "AppendInteraction on SQLite", "etcd Put", 0.6, settings.rounds, [&] { return append.Rate(); },
      [&] {
        const int64_t before = etcd.Put(put);
        const Outcome outcome = Need(RunH2load({.address = etcd.address(),
                                                .method = "/etcdserverpb.KV/Put",
                                                .body = put_body,
                                                .count = settings.append_calls}));
        Check(etcd.Put(put) - before == settings.append_calls + 1, "etcd did not take every put");
        return outcome.calls_per_second;
      });

  ledger::v1::VerifyLedgerResponse verified =
      Need(test::Call(*suite.ledger, &LedgerService::Stub::VerifyLedger, ledger::v1::VerifyLedgerRequest(), caller));
  Check(verified.verified(), "the chain does not verify: " + verified.problem());
  std::printf("The chain verifies: %lld entries.\n", static_cast<long long>(verified.entries()));
}

// Both calls with keys and without, alternately: what sealing costs.
void BenchKeys(const Settings& settings, test::CouncilSuite& sealed, const test::Caller& caller,
               const std::vector<std::string>& contact_ids, const fs::path& directory) {
  test::CouncilSuite clear{directory, /*sealed=*/false};
  const std::vector<std::string> clear_ids = SeatCouncil(clear, caller);
  const CachedBalance sealed_balance(settings, sealed, caller, directory / "sealed_balance.body");
  const CachedBalance clear_balance(settings, clear, caller, directory / "clear_balance.body");
  Compare(
      "GetCouncilBalance from the cache, with keys", "without", 0.95, settings.rounds,
      [&] { return sealed_balance.Rate(sealed.recommendationsd.address(), kBalanceMethod); },
      [&] { return clear_balance.Rate(clear.recommendationsd.address(), kBalanceMethod); });
  const Append sealed_append(settings, sealed, caller, contact_ids.front(), directory / "sealed_append.body");
  const Append clear_append(settings, clear, caller, clear_ids.front(), directory / "clear_append.body");
  Compare(
      "AppendInteraction on SQLite, with keys", "without", 0.9, settings.rounds, [&] { return sealed_append.Rate(); },
      [&] { return clear_append.Rate(); });
}

int Run(int argc, char** argv) {
  Settings settings;
  std::string only;
  CLI::App app("Measures the suite beside a bare gRPC server and beside etcd.");
  app.add_option("--rounds", settings.rounds, "how often each is measured")
      ->capture_default_str()
      ->check(CLI::Range(1, 99));
  app.add_option("--balance-calls", settings.balance_calls, "balances asked for in a round")->capture_default_str();
  app.add_option("--append-calls", settings.append_calls, "entries appended in a round")->capture_default_str();
  app.add_option("--directory", settings.directory, "where the data lie, best on a disk")->capture_default_str();
  app.add_option("--only", only, "balance, append, keys or proposal alone")
      ->check(CLI::IsMember({"balance", "append", "keys", "proposal"}));
  CLI11_PARSE(app, argc, argv);

  if (setenv("COUNCIL_BIN_DIR", (fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "bin").c_str(), 0) !=
      0) {
    return 1;
  }
  const test::TempDir directory{settings.directory};
  test::CouncilSuite suite{directory.path()};
  const auto wanted = [&only](const char* name) { return only.empty() || only == name; };
  if (wanted("proposal")) BenchProposal(suite, settings.rounds);
  if (only == "proposal") return 0;
  const test::Caller caller{.owner = kOwner, .timeout = absl::Minutes(5)};
  const std::vector<std::string> contact_ids = SeatCouncil(suite, caller);
  if (wanted("balance")) BenchBalance(settings, suite, caller, directory.path());
  if (wanted("append")) BenchAppend(settings, suite, caller, contact_ids, directory.path());
  if (wanted("keys")) BenchKeys(settings, suite, caller, contact_ids, directory.path());
  return 0;
}

}  // namespace
}  // namespace council::load

int main(int argc, char** argv) {
  try {
    return council::load::Run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench: %s\n", error.what());
    return 1;
  }
}
