#ifndef COUNCIL_LIBS_AUDIT_LIST_ACCESS_H_
#define COUNCIL_LIBS_AUDIT_LIST_ACCESS_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "libs/audit/access_log.h"
#include "libs/base/status.h"
#include "libs/rpc/call.h"
#include "libs/seal/token.h"

namespace council::audit {

// Answers the method ListAccess of a service whose storage has this lineage.
template <typename Response, typename Request>
absl::StatusOr<Response> ListAccess(const rpc::CallContext& call, const Request& request, AccessLog& log,
                                    const seal::TokenCodec& tokens, const std::string& lineage) {
  constexpr int kDefaultPage = 100;
  constexpr int kLargestPage = 1000;
  constexpr char kMethod[] = "ListAccess";
  if (request.page_size() < 0 || request.page_size() > kLargestPage) {
    return base::InvalidField("page_size", absl::StrCat("must be 1 to ", kLargestPage, ", or unset"));
  }
  std::string position;
  if (!request.page_token().empty()) {
    COUNCIL_ASSIGN_OR_RETURN(const seal::PositionToken token,
                             tokens.ParsePositionToken(call.owner(), kMethod, request.page_token()));
    position = token.position;
  }
  const int size = request.page_size() == 0 ? kDefaultPage : request.page_size();
  COUNCIL_ASSIGN_OR_RETURN(const auto accesses,
                           log.List(call.owner(), static_cast<std::size_t>(size), position, call.deadline()));
  Response response;
  for (const storage::v1::StoredAccess& access : accesses) {
    auto& record = *response.add_records();
    *record.mutable_time() = access.time();
    record.set_method(access.method());
    record.set_client(access.client());
    record.set_calls(access.calls());
  }
  if (!position.empty()) {
    response.set_next_page_token(tokens.MakePositionToken(call.owner(), kMethod, {lineage, 0, position}));
  }
  return response;
}

// Adds all of an owner's records to what is exported: lines of a writer as rpc::LineWriter.
template <typename Lines>
absl::Status AddAccessLines(const rpc::CallContext& call, AccessLog& log, Lines& lines) {
  constexpr std::size_t kPage = 1000;
  std::string position;
  do {
    COUNCIL_ASSIGN_OR_RETURN(const auto accesses, log.List(call.owner(), kPage, position, call.deadline()));
    for (const storage::v1::StoredAccess& access : accesses) COUNCIL_RETURN_IF_ERROR(lines.Add("access", access));
  } while (!position.empty());
  return absl::OkStatus();
}

}  // namespace council::audit

#endif  // COUNCIL_LIBS_AUDIT_LIST_ACCESS_H_
