#include "libs/rpc/service_peers.h"

#include <grpc/grpc_security_constants.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "libs/base/status.h"

namespace council::rpc {

absl::StatusOr<std::optional<std::string>> ServicePeers::Identify(const grpc::AuthContext& context,
                                                                  absl::string_view method) const {
  if (context.FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME).empty()) return std::nullopt;
  for (const char* kind : {GRPC_PEER_DNS_PROPERTY_NAME, GRPC_PEER_URI_PROPERTY_NAME}) {
    for (const grpc::string_ref& value : context.FindPropertyValues(kind)) {
      const std::string name(value.data(), value.size());
      if (std::find(names_.begin(), names_.end(), name) == names_.end()) continue;
      if (std::find(methods_.begin(), methods_.end(), method) != methods_.end()) return name;
      return base::Error(absl::StatusCode::kPermissionDenied, common::v1::ERROR_REASON_PERMISSION_DENIED,
                         absl::StrCat("no other service may call ", method));
    }
  }
  return base::Error(absl::StatusCode::kUnauthenticated, common::v1::ERROR_REASON_UNAUTHENTICATED,
                     "the certificate shown is of no service that may call here");
}

}  // namespace council::rpc
