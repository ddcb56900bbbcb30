#ifndef COUNCIL_LIBS_SEAL_ERASURE_LIST_H_
#define COUNCIL_LIBS_SEAL_ERASURE_LIST_H_

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "libs/base/clock.h"

namespace council::seal {

// What was erased: a contact of an owner's, known by all the ids that they had, or without any the owner.
struct Erasure {
  std::string owner_hash;
  std::vector<std::string> contact_ids;
};

// A list of erasures that lies outside the database, in no backup of it: what a restore brings back is erased again
// before the service is ready. One line each, as JSON, that names nobody:
//
//   {"time":"2026-11-02T10:00:00Z","service":"ledger","owner":"<16 bytes, hexadecimal>"}
//   {"time":"2026-11-02T10:00:01Z","service":"ledger","owner":"…","contacts":["<uuid>"]}
//
// Several services, and several copies of one on a machine, may share a file. Lines that are older than every backup
// may be removed while no program runs. Thread-safe.
class ErasureList {
 public:
  // Opens the list, makes it where there is none, and reads what it says of `service`. A line that a crash cut off is
  // removed: whoever wrote it was not answered. Null where `path` is empty: no list is kept. `clock` must outlive the
  // list. FAILED_PRECONDITION, naming the line, where one is not of this form; UNAVAILABLE where the file can't be
  // used.
  static absl::StatusOr<std::unique_ptr<ErasureList>> Open(const std::string& path, const std::string& service,
                                                           const base::Clock& clock);
  ~ErasureList();
  ErasureList(const ErasureList&) = delete;
  ErasureList& operator=(const ErasureList&) = delete;

  // What the list had when it was opened: owners first, then contacts of others. Of an owner who is erased altogether
  // no contacts are named, since their rows can't be opened any more.
  const std::vector<Erasure>& read() const { return read_; }

  // Adds an erasure, unless it is there, and returns when that is durable. UNAVAILABLE where it can't be written.
  absl::Status Add(const Erasure& erasure) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  ErasureList(std::string service, const base::Clock& clock, int file)
      : service_(std::move(service)), clock_(clock), file_(file) {}

  absl::Status Read();

  const std::string service_;
  const base::Clock& clock_;
  const int file_;
  std::vector<Erasure> read_;
  absl::Mutex mutex_;
  std::set<std::string> known_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace council::seal

#endif  // COUNCIL_LIBS_SEAL_ERASURE_LIST_H_
