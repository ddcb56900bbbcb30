#include "libs/rpc/scope.h"

#include "absl/strings/str_cat.h"
#include "libs/base/status.h"

namespace council::rpc {

const google::protobuf::MethodDescriptor* MethodOf(const google::protobuf::Descriptor& request) {
  const google::protobuf::FileDescriptor& file = *request.file();
  for (int i = 0; i < file.service_count(); ++i) {
    const google::protobuf::ServiceDescriptor& service = *file.service(i);
    for (int j = 0; j < service.method_count(); ++j) {
      const google::protobuf::MethodDescriptor& method = *service.method(j);
      if (method.input_type() == &request) return &method;
    }
  }
  return nullptr;
}

common::v1::Scope ScopeOf(const google::protobuf::Descriptor& request) {
  const auto* method = MethodOf(request);
  return method == nullptr ? common::v1::SCOPE_UNSPECIFIED : method->options().GetExtension(common::v1::scope);
}

absl::Status CheckScope(const Principal& principal, common::v1::Scope scope) {
  if (scope == common::v1::SCOPE_READ && principal.may_read) return absl::OkStatus();
  if (scope == common::v1::SCOPE_WRITE && principal.may_write) return absl::OkStatus();
  if (scope == common::v1::SCOPE_UNSPECIFIED) return absl::InternalError("a method of the contract declares no scope");
  return base::Error(absl::StatusCode::kPermissionDenied, common::v1::ERROR_REASON_PERMISSION_DENIED,
                     absl::StrCat("the access token lacks the scope ",
                                  scope == common::v1::SCOPE_READ ? "council.read" : "council.write"));
}

}  // namespace council::rpc
