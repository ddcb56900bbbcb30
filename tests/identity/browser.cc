#include "tests/identity/browser.h"

#include <curl/curl.h>

#include <optional>
#include <regex>
#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "libs/http/http.h"

namespace council::test {
namespace {

constexpr int kMaxPages = 20;

size_t Append(const char* data, size_t size, size_t count, void* body) {
  static_cast<std::string*>(body)->append(data, size * count);
  return size * count;
}

struct Form {
  std::string action;
  http::Fields fields;
};

std::string Attribute(const std::string& tag, const std::string& name) {
  std::smatch match;
  return std::regex_search(tag, match, std::regex(name + "=\"([^\"]*)\"")) ? match[1].str() : "";
}

// The first form of a page, filled in.
std::optional<Form> FormOf(const std::string& page, const std::map<std::string, std::string>& fields) {
  std::smatch form;
  if (!std::regex_search(page, form, std::regex("<form[^>]*>[^]*?</form>"))) return std::nullopt;
  const std::string text = form.str();
  Form filled{.action = Attribute(text, "action"), .fields = {}};
  const std::regex input("<input[^>]*>");
  for (std::sregex_iterator tag(text.begin(), text.end(), input), end; tag != end; ++tag) {
    const std::string name = Attribute(tag->str(), "name");
    const auto known = fields.find(name);
    filled.fields.emplace_back(name, known == fields.end() ? Attribute(tag->str(), "value") : known->second);
  }
  return filled;
}

}  // namespace

struct Browser::Parts {
  ~Parts() { curl_easy_cleanup(curl); }

  // The page at `url`, or what a form sent there leads to.
  std::string Load(const std::string& url, const http::Fields* fields) const {
    std::string body;
    std::string sent;
    if (fields != nullptr) {
      for (const auto& [name, value] : *fields) {
        char* escaped = curl_easy_escape(curl, value.data(), static_cast<int>(value.size()));
        absl::StrAppend(&sent, sent.empty() ? "" : "&", name, "=", escaped);
        curl_free(escaped);
      }
      curl_easy_setopt(curl, CURLOPT_POST, 1L);
      curl_easy_setopt(curl, CURLOPT_POSTFIELDS, sent.c_str());
    } else {
      curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
    }
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
    const CURLcode code = curl_easy_perform(curl);
    if (code != CURLE_OK) throw std::runtime_error(absl::StrCat(url, ": ", curl_easy_strerror(code)));
    return body;
  }

  CURL* const curl = curl_easy_init();
};

Browser::Browser() : parts_(std::make_unique<Parts>()) {
  curl_easy_setopt(parts_->curl, CURLOPT_COOKIEFILE, "");
  curl_easy_setopt(parts_->curl, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(parts_->curl, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(parts_->curl, CURLOPT_TIMEOUT, 60L);
  curl_easy_setopt(parts_->curl, CURLOPT_WRITEFUNCTION, Append);
}

Browser::~Browser() = default;

std::string Browser::GoThrough(const std::string& url, const std::map<std::string, std::string>& fields) {
  std::string page = parts_->Load(url, nullptr);
  for (int i = 0; i < kMaxPages; ++i) {
    const auto form = FormOf(page, fields);
    if (!form.has_value()) return page;
    page = parts_->Load(form->action, &form->fields);
  }
  throw std::runtime_error(absl::StrCat("one form leads to another without end: ", page));
}

}  // namespace council::test
