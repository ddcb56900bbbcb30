#include "libs/rpc/grpc_status.h"

#include <string>

#include "libs/base/status.h"

namespace council::rpc {

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), std::string(status.message()),
                      base::SerializeDetails(status));
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  return base::ParseDetails(absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message()),
                            status.error_details());
}

}  // namespace council::rpc
