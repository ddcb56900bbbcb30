#include "tests/identity/identity_provider.h"

#include <signal.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace council::test {
namespace {

std::filesystem::path SourceDirectory() {
  const char* directory = std::getenv("COUNCIL_SOURCE_DIR");
  if (directory == nullptr) throw std::runtime_error("COUNCIL_SOURCE_DIR is not set: run the test through ctest");
  return directory;
}

}  // namespace

bool IdentityProvider::Available() {
  int code = -1;
  const auto output = RunToEnd({.command = {"node", "--version"}}, code);
  return output.ok() && code == 0 && std::filesystem::exists(SourceDirectory() / "node_modules/oidc-provider");
}

IdentityProvider::IdentityProvider() {
  constexpr std::string_view kReady = "provider listening on ";
  auto process = Process::Start({.command = {"node", (SourceDirectory() / "tests/identity/provider.mjs").string()}});
  if (!process.ok()) throw std::runtime_error(process.status().ToString());
  process_ = *std::move(process);
  const auto line = process_->WaitForLine(kReady, absl::Minutes(2));
  if (!line.ok()) throw std::runtime_error(line.status().ToString());
  issuer_ = line->substr(kReady.size());
}

std::string IdentityProvider::Issuers() const {
  const nlohmann::json issuer = {{"issuer", issuer_},         {"audiences", {"https://council.test"}},
                                 {"jwks", issuer_ + "/jwks"}, {"subject_claim", "uid"},
                                 {"tenant_claim", "tenant"},  {"tenants", {"acme", "globex"}}};
  return nlohmann::json({{"issuers", {issuer}}}).dump();
}

void IdentityProvider::ReplaceKeys() {
  process_->Signal(SIGHUP);
  const auto line = process_->WaitForLine(absl::StrCat("keys replaced ", ++replaced_), absl::Minutes(1));
  if (!line.ok()) throw std::runtime_error(line.status().ToString());
}

int IdentityProvider::Granted(const std::string& type) const {
  int count = 0;
  for (const absl::string_view line : absl::StrSplit(process_->output(), '\n')) count += line == "granted " + type;
  return count;
}

}  // namespace council::test
