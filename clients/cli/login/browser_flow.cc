#include "clients/cli/login/browser_flow.h"

#include <map>

#include "absl/base/thread_annotations.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "libs/base/status.h"
#include "libs/http/server.h"
#include "libs/seal/hash.h"

namespace council::cli {
namespace {

constexpr absl::Duration kPatience = absl::Minutes(10);
constexpr char kPath[] = "/callback";
constexpr size_t kSecretBytes = 32;

// The first answer that comes back with our state.
class Callback {
 public:
  explicit Callback(std::string state) : state_(std::move(state)) {}

  http::Answer Take(const http::Request& request) ABSL_LOCKS_EXCLUDED(mutex_) {
    if (request.path != kPath) return {.status = 404, .body = "There is nothing here.\n"};
    const auto state = request.query.find("state");
    if (request.method != "GET" || state == request.query.end() || state->second != state_) {
      return {.status = 400, .body = "This is not the answer to a sign-in that council waits for.\n"};
    }
    absl::MutexLock lock(&mutex_);
    if (!answered_) query_ = request.query;
    answered_ = true;
    return {.body = query_.contains("code") ? "You are signed in; this window can be closed.\n"
                                            : "You are not signed in; council says why.\n"};
  }

  bool Await(absl::Duration patience) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(&answered_), patience);
  }

  // A field of the answer; empty where it has none.
  std::string Field(const char* name) const ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    const auto found = query_.find(name);
    return found == query_.end() ? "" : found->second;
  }

 private:
  const std::string state_;
  mutable absl::Mutex mutex_;
  bool answered_ ABSL_GUARDED_BY(mutex_) = false;
  std::map<std::string, std::string> query_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

absl::StatusOr<Login> SignInByBrowser(const Provider& provider, const LoginSettings& settings, const base::Clock& clock,
                                      base::Random& random, const std::function<void(const std::string& url)>& show) {
  if (provider.authorization_endpoint.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat(provider.issuer, " lets nobody sign in by a browser on this machine; --device may do"));
  }
  const auto secret = [&random] { return absl::WebSafeBase64Escape(random.Bytes(kSecretBytes)); };
  const std::string state = secret();
  const std::string nonce = secret();
  const std::string verifier = secret();
  Callback callback(state);
  COUNCIL_ASSIGN_OR_RETURN(
      const auto server,
      http::Server::Start("127.0.0.1:0", [&callback](const http::Request& request) { return callback.Take(request); }));
  const std::string redirect = absl::StrCat(server->url(), kPath);

  http::Fields query = RequestFields(settings);
  query.insert(query.end(), {{"response_type", "code"},
                             {"redirect_uri", redirect},
                             {"scope", settings.scope},
                             {"state", state},
                             {"nonce", nonce},
                             {"code_challenge", absl::WebSafeBase64Escape(seal::Sha256({verifier}))},
                             {"code_challenge_method", "S256"}});
  COUNCIL_ASSIGN_OR_RETURN(const std::string url, http::WithQuery(provider.authorization_endpoint, query));
  show(url);
  if (!callback.Await(kPatience)) {
    return absl::DeadlineExceededError("nobody came back from the sign-in page within ten minutes");
  }
  const std::string iss = callback.Field("iss");
  if (iss != provider.issuer && (provider.names_itself || !iss.empty())) {
    return absl::FailedPreconditionError("the answer to the sign-in came from another identity provider");
  }
  if (const std::string error = callback.Field("error"); !error.empty()) {
    return RefusedBy(provider, error, callback.Field("error_description"));
  }

  http::Fields form = RequestFields(settings);
  form.insert(form.end(), {{"grant_type", "authorization_code"},
                           {"code", callback.Field("code")},
                           {"redirect_uri", redirect},
                           {"code_verifier", verifier}});
  COUNCIL_ASSIGN_OR_RETURN(const Tokens tokens, AskForTokens(provider, form));
  return MakeLogin(settings, tokens, nonce, clock.Now());
}

}  // namespace council::cli
