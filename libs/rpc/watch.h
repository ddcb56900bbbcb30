// Streams of changes, which stay open for long and mostly wait.
#ifndef COUNCIL_LIBS_RPC_WATCH_H_
#define COUNCIL_LIBS_RPC_WATCH_H_

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "libs/rpc/call.h"

namespace council::rpc {

// What a watch sends, page by page. Made by a handler of this shape, which COUNCIL_RPC_WATCH makes a method:
//
//   absl::StatusOr<std::unique_ptr<rpc::ChangeSource<v1::WatchLedgerResponse>>> WatchLedger(
//       const rpc::CallContext& call, const v1::WatchLedgerRequest& request, std::function<void()> wake);
//
// The handler may block. It begins to listen for changes (base::OwnerChanges::Subscribe(call.owner(), wake)) before it
// looks where the owner stands, and keeps the subscription in the source. `call` and `request` live until it returns,
// `wake` as long as the source.
template <typename Response>
class ChangeSource {
 public:
  virtual ~ChangeSource() = default;

  // The changes that follow those returned before, one page at most; none where there are no more for now: then it is
  // called again after a waking. May block, but no longer than some seconds; never called twice at once. A failure
  // ends the stream with it.
  virtual absl::StatusOr<std::vector<Response>> Next() = 0;
};

// An open watch, as the server sees it.
class Watch {
 public:
  virtual ~Watch() = default;
  // Ends the stream with `status`: at once where nothing is under way, else after the page that is being read or the
  // message that is being sent. A caller who does not take that message is cut off shortly.
  virtual void End(absl::Status status) = 0;
};

// The watches that are open, so that a server which goes down need not wait for them. Thread-safe.
class OpenWatches {
 public:
  // Ends the watch at once where EndAll was called.
  void Add(const std::shared_ptr<Watch>& watch) ABSL_LOCKS_EXCLUDED(mutex_);
  void Remove(const Watch* watch) ABSL_LOCKS_EXCLUDED(mutex_);

  // Ends all, and all that are added from now on, with UNAVAILABLE (SHUTTING_DOWN).
  void EndAll() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  absl::Mutex mutex_;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::map<const Watch*, std::weak_ptr<Watch>> open_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace council::rpc

#endif  // COUNCIL_LIBS_RPC_WATCH_H_
