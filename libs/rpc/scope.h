// What a caller must be allowed to do for a call, method by method, as the contract says
// (council/common/v1/scope.proto).
#ifndef COUNCIL_LIBS_RPC_SCOPE_H_
#define COUNCIL_LIBS_RPC_SCOPE_H_

#include <google/protobuf/descriptor.h>

#include "absl/status/status.h"
#include "council/common/v1/scope.pb.h"
#include "libs/rpc/call.h"

namespace council::rpc {

// The method that takes `request`, which no other method does; null where there is none.
const google::protobuf::MethodDescriptor* MethodOf(const google::protobuf::Descriptor& request);

// The scope of that method; SCOPE_UNSPECIFIED where there is no such method, or it does not say.
common::v1::Scope ScopeOf(const google::protobuf::Descriptor& request);

// PERMISSION_DENIED where `principal` lacks the scope. INTERNAL for SCOPE_UNSPECIFIED, whoever calls: a method that
// does not say what it takes is not answered.
absl::Status CheckScope(const Principal& principal, common::v1::Scope scope);

}  // namespace council::rpc

#endif  // COUNCIL_LIBS_RPC_SCOPE_H_
