// Small requests over HTTP to servers that are not ours: an identity provider's.
#ifndef COUNCIL_LIBS_HTTP_HTTP_H_
#define COUNCIL_LIBS_HTTP_HTTP_H_

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace council::http {

// Names and values, not encoded yet.
using Fields = std::vector<std::pair<std::string, std::string>>;

struct Options {
  // For the whole request; half of it at most for connecting.
  absl::Duration timeout = absl::Seconds(10);
  // A longer answer is an error.
  size_t max_bytes = 1 << 20;
  // Asked several times a second; true ends the request.
  std::function<bool()> cancelled = [] { return false; };
};

struct Response {
  int status = 0;  // 200, 404, …
  std::string body;
};

// INVALID_ARGUMENT unless `url` is https with a host, or http to this machine itself, and holds no user name or
// password.
absl::Status CheckUrl(const std::string& url);

// Fetches `url`, which must pass CheckUrl. Certificates are checked against the system's. Redirects are not followed:
// a response with any status is a result. Fails with INVALID_ARGUMENT for such a URL, RESOURCE_EXHAUSTED for too long
// an answer, CANCELLED, and UNAVAILABLE for all else; messages name the host, never the query. Thread-safe.
absl::StatusOr<Response> Get(const std::string& url, const Options& options = {});

// Sends a form (application/x-www-form-urlencoded), else like Get.
absl::StatusOr<Response> PostForm(const std::string& url, const Fields& form, const Options& options = {});

// `url` with the fields as its query, or added to the one that it has.
absl::StatusOr<std::string> WithQuery(const std::string& url, const Fields& fields);

}  // namespace council::http

#endif  // COUNCIL_LIBS_HTTP_HTTP_H_
