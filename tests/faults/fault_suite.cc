#include "tests/faults/fault_suite.h"

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace council::test {
namespace {

// An address that stands for all copies.
std::string TargetOf(const FaultSuite::Copies& copies) {
  return absl::StrCat(
      "ipv4:", absl::StrJoin(copies, ",", [](std::string* out, const auto& copy) { out->append(copy->address()); }));
}

}  // namespace

FaultSuite::FaultSuite(const Options& options) : redis_(options.redis_arguments), database_(primary_.CreateDatabase()) {
  for (const char* program : {"contactsd", "ledgerd", "recommendationsd"}) {
    Migrate(program, primary_.AdminUrl(database_));
  }
  if (options.standby) standby_ = PostgresServer::SynchronousStandbyOf(primary_);
  const std::string storage = "--storage=" + Storage();
  const std::string cache = "--cache=" + redis_.url();
  contactsd_ = Run("contactsd", options.copies, {storage, cache});
  ledgerd_ = Run("ledgerd", options.copies, {storage, cache});
  recommendationsd_ = Run("recommendationsd", options.copies,
                          {storage, cache, "--contacts=" + TargetOf(contactsd_), "--ledger=" + TargetOf(ledgerd_)});
}

std::shared_ptr<grpc::Channel> FaultSuite::Connect(const Copies& copies) {
  // Between calls that fail at once nobody looks whether a connection has come about, but for a thread of gRPC's that
  // comes every five seconds unless it is told otherwise.
  ::setenv("GRPC_CLIENT_CHANNEL_BACKUP_POLL_INTERVAL_MS", "50", 1);
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // otherwise channels to one address share a connection
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 50);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 1000);  // what one attempt may take, in spite of its name
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 200);
  arguments.SetLoadBalancingPolicyName("round_robin");
  return grpc::CreateCustomChannel(TargetOf(copies), grpc::InsecureChannelCredentials(), arguments);
}

std::string FaultSuite::Storage() const {
  if (standby_ == nullptr) return primary_.ServiceUrl(database_);
  return absl::StrCat("postgresql://council_service@127.0.0.1:", primary_.port(), ",127.0.0.1:", standby_->port(), "/",
                      database_);
}

FaultSuite::Copies FaultSuite::Run(const std::string& name, int copies,
                                   const std::vector<std::string>& arguments) const {
  Copies running;
  for (int i = 0; i < copies; ++i) running.push_back(std::make_unique<CouncilProgram>(name, arguments));
  return running;
}

}  // namespace council::test
