#ifndef COUNCIL_TESTS_SUPPORT_SUITE_IN_PROCESS_H_
#define COUNCIL_TESTS_SUPPORT_SUITE_IN_PROCESS_H_

#include <grpcpp/grpcpp.h>

#include <memory>

#include "absl/time/time.h"
#include "libs/base/clock.h"

namespace council::test {

// Contacts, ledger and recommendations as councild wires them, on SQLite, with a clock that is moved by hand; reached
// through gRPC within the process, so that all is under way that is for a real caller. Whoever calls names an owner in
// the metadata "x-council-owner", as with --auth=insecure-dev.
class SuiteInProcess {
 public:
  explicit SuiteInProcess(absl::Time start);
  ~SuiteInProcess();

  base::ManualClock& clock();
  std::shared_ptr<grpc::Channel> channel() const;

 private:
  struct Parts;
  const std::unique_ptr<Parts> parts_;
};

}  // namespace council::test

#endif  // COUNCIL_TESTS_SUPPORT_SUITE_IN_PROCESS_H_
