#ifndef COUNCIL_LIBS_RPC_CALL_H_
#define COUNCIL_LIBS_RPC_CALL_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "libs/base/owner.h"
#include "libs/telemetry/trace.h"

namespace council::rpc {

// Who is calling, as authentication showed it.
struct Principal {
  base::Owner owner;
  // The program that calls in the owner's name, for the record of accesses; "owner" where it is the owner's own.
  std::string client = "owner";
  // The metadata header by which a service called in turn knows the same owner: name and value.
  std::pair<std::string, std::string> credential = {};
  // What the credential allows: the scopes council.read and council.write.
  bool may_read = false;
  bool may_write = false;
  // From then on the credential is refused. A stream ends then, a unary call that has begun does not.
  absl::Time expires = absl::InfiniteFuture();
  // Another service of the suite calls, in the course of a call that the owner made there.
  bool through_service = false;
};

// What a handler knows of the call it answers. Made by the adaptor, or straight by a unit test.
class CallContext {
 public:
  // `cancelled` is asked whether the caller has gone; it must stay callable as long as this object lives.
  CallContext(
      std::string method, Principal principal, absl::Time deadline,
      std::function<bool()> cancelled = [] { return false; },
      telemetry::TraceContext trace = telemetry::NewTrace(false))
      : method_(std::move(method)),
        principal_(std::move(principal)),
        deadline_(deadline),
        cancelled_(std::move(cancelled)),
        trace_(std::move(trace)) {}

  // A call of `owner`'s with a minute of time, for tests and jobs within a service.
  static CallContext ForOwner(base::Owner owner, std::string method = "Test") {
    Principal principal{
        .owner = std::move(owner), .client = "owner", .credential = {}, .may_read = true, .may_write = true};
    principal.credential = {"x-council-owner", principal.owner.subject};
    return CallContext(std::move(method), std::move(principal), absl::Now() + absl::Minutes(1));
  }

  // Name of the method without its service: "AppendInteraction".
  const std::string& method() const { return method_; }
  const base::Owner& owner() const { return principal_.owner; }
  const Principal& principal() const { return principal_; }
  // When the caller stops waiting; always set. Whatever waits, waits no longer, and calls to other services get the
  // same.
  absl::Time deadline() const { return deadline_; }
  // What the call is part of. Calls to other services go on with it, and so do lines of the log.
  const telemetry::TraceContext& trace() const { return trace_; }
  // The caller has gone, or the deadline has passed: work for the answer is in vain.
  bool IsCancelled() const { return cancelled_() || absl::Now() >= deadline_; }

 private:
  std::string method_;
  Principal principal_;
  absl::Time deadline_;
  std::function<bool()> cancelled_;
  telemetry::TraceContext trace_;
};

// Takes the answer of an asynchronous handler; to be called exactly once, from any thread.
template <typename Response>
using Done = std::function<void(absl::StatusOr<Response>)>;

// An answer in its serialized form, shared between all calls that get it.
using Serialized = std::shared_ptr<const std::string>;

// Sends the messages of a server stream.
template <typename Response>
class Writer {
 public:
  virtual ~Writer() = default;
  // Waits until the message is on its way. False: the caller has gone, stop.
  virtual bool Write(const Response& response) = 0;
};

// Receives the messages of a client stream.
template <typename Request>
class Reader {
 public:
  virtual ~Reader() = default;
  // Waits for the next message; nothing at the end of the stream, or where the caller has gone (then the call is
  // cancelled).
  virtual std::optional<Request> Read() = 0;
};

}  // namespace council::rpc

#endif  // COUNCIL_LIBS_RPC_CALL_H_
