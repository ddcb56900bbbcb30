#ifndef COUNCIL_LIBS_RPC_CALL_RECORDER_H_
#define COUNCIL_LIBS_RPC_CALL_RECORDER_H_

#include <string>

#include "libs/base/owner.h"

namespace council::rpc {

// Is told of every call that is let in, before it is answered. Thread-safe.
class CallRecorder {
 public:
  virtual ~CallRecorder() = default;

  // `client` ("owner", or the name of a service) calls `method` for the owner. Must not block.
  virtual void Record(const base::Owner& owner, const std::string& method, const std::string& client) = 0;
};

}  // namespace council::rpc

#endif  // COUNCIL_LIBS_RPC_CALL_RECORDER_H_
