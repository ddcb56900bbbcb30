#ifndef COUNCIL_TESTS_FAULTS_FAULT_SUITE_H_
#define COUNCIL_TESTS_FAULTS_FAULT_SUITE_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/support/council.h"
#include "tests/support/postgres_server.h"
#include "tests/support/redis_server.h"

namespace council::test {

// What a company runs: `copies` of each service on PostgreSQL, with a Redis.
class FaultSuite {
 public:
  struct Options {
    int copies = 1;
    bool standby = false;  // Whether PostgreSQL has a synchronous standby.
    std::vector<std::string> redis_arguments = {};
  };

  explicit FaultSuite(const Options& options);

  PostgresServer& primary() { return primary_; }
  PostgresServer& standby() { return *standby_; }
  RedisServer& redis() { return redis_; }

  // Copies of one service.
  using Copies = std::vector<std::unique_ptr<CouncilProgram>>;
  Copies& contactsd() { return contactsd_; }
  Copies& ledgerd() { return ledgerd_; }
  Copies& recommendationsd() { return recommendationsd_; }

  // A new connection to all copies of a service, which takes them by turns and leaves out those that are gone.
  static std::shared_ptr<grpc::Channel> Connect(const Copies& copies);

 private:
  std::string Storage() const;
  Copies Run(const std::string& name, int copies, const std::vector<std::string>& arguments) const;

  PostgresServer primary_;
  std::unique_ptr<PostgresServer> standby_;
  RedisServer redis_;
  const std::string database_;
  Copies contactsd_;
  Copies ledgerd_;
  Copies recommendationsd_;
};

}  // namespace council::test

#endif  // COUNCIL_TESTS_FAULTS_FAULT_SUITE_H_
