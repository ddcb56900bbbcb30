#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_FAKE_SERVICES_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_FAKE_SERVICES_H_

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "council/contacts/v1/contacts_service.grpc.pb.h"
#include "council/ledger/v1/ledger_service.grpc.pb.h"
#include "libs/seal/token.h"

namespace council::recommendations {

// Contacts and ledger as gRPC servers in the test's process, whose state a test moves as it likes. They keep the
// promises of the contract: one snapshot with its token, never older than asked, FAILED_PRECONDITION for states that
// are no more. Thread-safe.
class FakeServices {
 public:
  explicit FakeServices(const seal::TokenCodec& tokens);
  ~FakeServices();

  std::shared_ptr<grpc::Channel> contacts_channel() { return contacts_server_->InProcessChannel({}); }
  std::shared_ptr<grpc::Channel> ledger_channel() { return ledger_server_->InProcessChannel({}); }

  // Seats one more contact; returns the token.
  std::string Seat(const std::string& owner, absl::Time since);
  // Appends an entry with every contact; returns the token.
  std::string Append(const std::string& owner);
  // Replaces both storages: new lineages, the same data.
  void Restore();

  // Called for each GetCouncil after its snapshot was taken; what it returns unless OK is answered. It may block.
  void OnCouncil(std::function<grpc::Status(int call)> hook);
  // The next pages of ties fail as if the ledger had changed between them.
  void BreakPages(int pages) { broken_pages_ = pages; }

  int council_reads() const { return council_reads_; }
  int revision_reads() const { return revision_reads_; }

 private:
  class Contacts;
  class Ledger;

  struct OwnerState {
    std::vector<absl::Time> seats;
    int64_t contacts_revision = 0;
    int64_t ledger_revision = 0;
  };

  const seal::TokenCodec& tokens_;
  std::atomic<int> council_reads_ = 0;
  std::atomic<int> revision_reads_ = 0;
  std::atomic<int> broken_pages_ = 0;
  absl::Mutex mutex_;
  std::map<std::string, OwnerState> owners_ ABSL_GUARDED_BY(mutex_);
  int storage_ ABSL_GUARDED_BY(mutex_) = 1;
  std::function<grpc::Status(int)> on_council_ ABSL_GUARDED_BY(mutex_);

  std::unique_ptr<Contacts> contacts_;
  std::unique_ptr<Ledger> ledger_;
  std::unique_ptr<grpc::Server> contacts_server_;
  std::unique_ptr<grpc::Server> ledger_server_;
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_FAKE_SERVICES_H_
