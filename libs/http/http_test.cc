#include "libs/http/http.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <string>

#include "absl/strings/match.h"
#include "absl/synchronization/notification.h"
#include "libs/http/server.h"

namespace council::http {
namespace {

TEST(HttpTest, TakesHttpsAndThisMachineAlone) {
  for (const char* url :
       {"https://login.example/keys", "http://127.0.0.1:80/keys", "http://[::1]:80/", "http://localhost"}) {
    EXPECT_TRUE(CheckUrl(url).ok()) << url;
  }
  for (const char* url :
       {"", "keys.json", "http://login.example/keys", "http://127.0.0.1.example/", "file:///etc/passwd",
        "ftp://127.0.0.1/", "https://ada:secret@login.example/", "gopher://127.0.0.1:70/"}) {
    EXPECT_EQ(CheckUrl(url).code(), absl::StatusCode::kInvalidArgument) << url;
    EXPECT_FALSE(Get(url).ok()) << url;
  }
}

TEST(HttpTest, FetchesAndSendsFields) {
  const auto server = Server::Start("127.0.0.1:0", [](const Request& request) {
    return Answer{.status = 200, .body = request.method + request.path + "?" + request.query.at("name")};
  });
  ASSERT_TRUE(server.ok());
  const auto url = WithQuery((*server)->url() + "/a", {{"name", "x&y=z ä/+"}});
  ASSERT_TRUE(url.ok()) << url.status();
  const auto response = Get(*url);
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, "GET/a?x&y=z ä/+");
}

TEST(HttpTest, AddsToAQuery) {
  EXPECT_EQ(*WithQuery("https://login.example/auth?tenant=a", {{"scope", "openid council.read"}}),
            "https://login.example/auth?tenant=a&scope=openid%20council.read");
}

TEST(HttpTest, FollowsNoRedirect) {
  std::atomic<int> asked = 0;
  const auto server = Server::Start("127.0.0.1:0", [&](const Request&) {
    ++asked;
    return Answer{.status = 302, .body = "elsewhere", .location = "/there"};
  });
  ASSERT_TRUE(server.ok());
  const auto response = Get((*server)->url());
  ASSERT_TRUE(response.ok());
  EXPECT_EQ(response->status, 302);
  EXPECT_EQ(asked, 1);
}

TEST(HttpTest, StopsReadingWhatIsTooLong) {
  const auto server =
      Server::Start("127.0.0.1:0", [](const Request&) { return Answer{.body = std::string(1001, 'x')}; });
  ASSERT_TRUE(server.ok());
  EXPECT_EQ(Get((*server)->url(), {.max_bytes = 1000}).status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(Get((*server)->url(), {.max_bytes = 1001}).ok());
}

TEST(HttpTest, EndsWhenTimeIsOverOrItIsAskedTo) {
  absl::Notification release;
  const auto server = Server::Start("127.0.0.1:0", [&](const Request&) {
    release.WaitForNotification();
    return Answer();
  });
  ASSERT_TRUE(server.ok());
  const auto late = Get((*server)->url() + "/secret?token=abc", {.timeout = absl::Milliseconds(50)});
  EXPECT_EQ(late.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_FALSE(absl::StrContains(late.status().message(), "abc")) << late.status();
  EXPECT_EQ(Get((*server)->url(), {.cancelled = [] { return true; }}).status().code(), absl::StatusCode::kCancelled);
  release.Notify();
}

TEST(HttpTest, WhoWasHeardIsAnsweredAlsoWhereTheServerEnds) {
  for (int i = 0; i < 200; ++i) {
    absl::Notification heard;
    auto server = Server::Start("127.0.0.1:0", [&heard](const Request&) {
      heard.Notify();
      return Answer{.body = "heard"};
    });
    ASSERT_TRUE(server.ok());
    auto asked = std::async(std::launch::async, [url = (*server)->url()] { return Get(url); });
    heard.WaitForNotification();
    server->reset();
    const auto response = asked.get();
    ASSERT_TRUE(response.ok()) << response.status();
    EXPECT_EQ(response->body, "heard");
  }
}

TEST(HttpTest, SaysWhereNobodyListens) {
  std::string url;
  {
    const auto server = Server::Start("127.0.0.1:0", [](const Request&) { return Answer(); });
    ASSERT_TRUE(server.ok());
    url = (*server)->url();
  }
  EXPECT_EQ(Get(url).status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace council::http
