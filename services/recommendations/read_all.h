#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_READ_ALL_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_READ_ALL_H_

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/rpc/call.h"
#include "libs/rpc/client.h"

namespace council::recommendations {

// All pages of a list of `service`; starts again, a few times, where it changes between two of them. Fails as the
// service does.
template <typename Stub, typename Item, typename Request, typename Response>
absl::StatusOr<std::vector<Item>> ReadAll(const char* service, Stub& stub,
                                          grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                          google::protobuf::RepeatedPtrField<Item>* (Response::*items)(),
                                          const rpc::CallContext& call, Request request) {
  constexpr int kMostAttempts = 5;
  constexpr int kPage = 1000;
  request.set_page_size(kPage);
  std::vector<Item> all;
  for (int attempt = 1;;) {
    absl::StatusOr<Response> response = rpc::Ask(service, stub, method, call, request);
    if (absl::IsAborted(response.status()) && attempt < kMostAttempts) {
      ++attempt;
      all.clear();
      request.clear_page_token();
      continue;
    }
    if (!response.ok()) return response.status();
    auto& page = *((*response).*items)();
    const bool last = page.empty() || response->next_page_token().empty();
    std::move(page.begin(), page.end(), std::back_inserter(all));
    if (last) return all;
    request.set_page_token(response->next_page_token());
  }
}

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_READ_ALL_H_
