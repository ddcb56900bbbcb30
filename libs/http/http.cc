#include "libs/http/http.h"

#include <curl/curl.h>

#include <memory>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "libs/base/loopback.h"
#include "libs/base/status.h"

namespace council::http {
namespace {

struct CurlDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
  void operator()(char* text) const { curl_free(text); }
};
using Handle = std::unique_ptr<CURL, CurlDeleter>;
using Url = std::unique_ptr<CURLU, CurlDeleter>;
using Text = std::unique_ptr<char, CurlDeleter>;

Handle NewHandle() {
  // Initialized once, by whoever comes first.
  static const CURLcode initialized = curl_global_init(CURL_GLOBAL_DEFAULT);
  return Handle(initialized == CURLE_OK ? curl_easy_init() : nullptr);
}

// Empty where the URL has no such part.
std::string PartOf(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return "";
  return Text(text).get();
}

absl::StatusOr<Url> ParseUrl(const std::string& text) {
  Url url(curl_url());
  if (url == nullptr || text.size() > 4096 || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) {
    return absl::InvalidArgumentError("this is no URL");
  }
  const std::string scheme = PartOf(url.get(), CURLUPART_SCHEME);
  const std::string host = PartOf(url.get(), CURLUPART_HOST);
  if (!PartOf(url.get(), CURLUPART_USER).empty() || !PartOf(url.get(), CURLUPART_PASSWORD).empty()) {
    return absl::InvalidArgumentError("a URL with a user name or password is not taken");
  }
  if (host.empty() || (scheme != "https" && !(scheme == "http" && base::IsLoopbackHost(host)))) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the URL of ", host.empty() ? "no host" : host,
        " must be https; plain http is taken for this machine itself alone (127.0.0.1, [::1], localhost)"));
  }
  return url;
}

struct Transfer {
  const Options& options;
  std::string body;
  bool too_long = false;
};

size_t OnBody(const char* data, size_t size, size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (transfer.body.size() + size * count > transfer.options.max_bytes) {
    transfer.too_long = true;
    return 0;
  }
  transfer.body.append(data, size * count);
  return size * count;
}

int OnProgress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Transfer*>(user)->options.cancelled() ? 1 : 0;
}

// "a=b&c=d", encoded.
absl::StatusOr<std::string> Encode(CURL* handle, const Fields& fields) {
  std::string encoded;
  for (const auto& [name, value] : fields) {
    const Text escaped_name(curl_easy_escape(handle, name.data(), static_cast<int>(name.size())));
    const Text escaped_value(curl_easy_escape(handle, value.data(), static_cast<int>(value.size())));
    if (escaped_name == nullptr || escaped_value == nullptr) return absl::InternalError("libcurl can't encode a field");
    absl::StrAppend(&encoded, encoded.empty() ? "" : "&", escaped_name.get(), "=", escaped_value.get());
  }
  return encoded;
}

absl::StatusOr<Response> Perform(const std::string& text, const Fields* form, const Options& options) {
  COUNCIL_ASSIGN_OR_RETURN(const Url url, ParseUrl(text));
  const Handle handle = NewHandle();
  if (handle == nullptr) return absl::InternalError("libcurl can't be initialized");
  CURL* curl = handle.get();
  Transfer transfer{.options = options, .body = {}};
  const bool loopback = base::IsLoopbackHost(PartOf(url.get(), CURLUPART_HOST));
  const long timeout = absl::ToInt64Milliseconds(options.timeout);
  curl_easy_setopt(curl, CURLOPT_CURLU, url.get());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, loopback ? "http,https" : "https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  // A proxy set for the web is none for this machine.
  if (loopback) curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, timeout / 2);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "council");
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, OnBody);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, OnProgress);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &transfer);
  std::string body;
  if (form != nullptr) {
    COUNCIL_ASSIGN_OR_RETURN(body, Encode(curl, *form));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.c_str());
  }
  const CURLcode code = curl_easy_perform(curl);
  const std::string host = PartOf(url.get(), CURLUPART_HOST);
  if (transfer.too_long) {
    return absl::ResourceExhaustedError(absl::StrCat(host, " answers with more than ", options.max_bytes, " bytes"));
  }
  if (code == CURLE_ABORTED_BY_CALLBACK)
    return absl::CancelledError(absl::StrCat("the request to ", host, " was ended"));
  if (code != CURLE_OK) return absl::UnavailableError(absl::StrCat(host, ": ", curl_easy_strerror(code)));
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  return Response{.status = static_cast<int>(status), .body = std::move(transfer.body)};
}

}  // namespace

absl::Status CheckUrl(const std::string& url) {
  return ParseUrl(url).status();
}

absl::StatusOr<Response> Get(const std::string& url, const Options& options) {
  return Perform(url, nullptr, options);
}

absl::StatusOr<Response> PostForm(const std::string& url, const Fields& form, const Options& options) {
  return Perform(url, &form, options);
}

absl::StatusOr<std::string> WithQuery(const std::string& url, const Fields& fields) {
  COUNCIL_ASSIGN_OR_RETURN(const Url parsed, ParseUrl(url));
  const Handle handle = NewHandle();
  if (handle == nullptr) return absl::InternalError("libcurl can't be initialized");
  COUNCIL_ASSIGN_OR_RETURN(const std::string added, Encode(handle.get(), fields));
  const std::string query = PartOf(parsed.get(), CURLUPART_QUERY);
  const std::string all = query.empty() ? added : absl::StrCat(query, "&", added);
  if (curl_url_set(parsed.get(), CURLUPART_QUERY, all.c_str(), 0) != CURLUE_OK) {
    return absl::InvalidArgumentError("the URL takes no query");
  }
  return PartOf(parsed.get(), CURLUPART_URL);
}

}  // namespace council::http
