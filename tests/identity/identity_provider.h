#ifndef COUNCIL_TESTS_IDENTITY_IDENTITY_PROVIDER_H_
#define COUNCIL_TESTS_IDENTITY_IDENTITY_PROVIDER_H_

#include <memory>
#include <string>

#include "tests/support/process.h"

namespace council::test {

// The provider of provider.mjs, running. Throws std::runtime_error where it can't be started.
class IdentityProvider {
 public:
  // Whether Node.js and oidc-provider are installed.
  static bool Available();

  IdentityProvider();

  // What --issuer takes.
  const std::string& issuer() const { return issuer_; }

  // A file for --auth-issuers that trusts it for the tenants acme and globex.
  std::string Issuers() const;

  // Replaces all its keys; returns when the new ones are in force.
  void ReplaceKeys();

  // How often it gave tokens for this type of grant ("refresh_token").
  int Granted(const std::string& type) const;

 private:
  std::unique_ptr<Process> process_;
  std::string issuer_;
  int replaced_ = 0;
};

}  // namespace council::test

#endif  // COUNCIL_TESTS_IDENTITY_IDENTITY_PROVIDER_H_
