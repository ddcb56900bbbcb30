#ifndef COUNCIL_TESTS_SUPPORT_CERTIFICATES_H_
#define COUNCIL_TESTS_SUPPORT_CERTIFICATES_H_

#include <filesystem>
#include <string>

#include "tests/support/temp_dir.h"

namespace council::test {

// Paths of PEM files; only their owner may read the key.
struct Certificate {
  std::string certificate;
  std::string key;
};

// What a certificate says.
struct CertificateOptions {
  // As OpenSSL writes them: "DNS:contacts.test,IP:127.0.0.1,URI:spiffe://council/recommendations".
  std::string names = "DNS:localhost,IP:127.0.0.1";
  // "serverAuth", "clientAuth", or both parted by a comma.
  std::string usage = "serverAuth,clientAuth";
};

// A certificate authority of the test's own, made with openssl. It and its certificates are valid for two days. Throws
// std::runtime_error, which fails the test, where that fails.
class CertificateAuthority {
 public:
  explicit CertificateAuthority(std::string name = "Council test CA");

  // Path of its own certificate.
  const std::string& certificate() const { return own_.certificate; }

  // Makes a key and signs a certificate for it. The files are gone with the authority.
  Certificate Issue(const CertificateOptions& options = {}) const;

 private:
  TempDir directory_;
  Certificate own_;
  mutable int issued_ = 0;
};

// Replaces the file as a careful program does: all at once.
void ReplaceFile(const std::filesystem::path& target, const std::filesystem::path& source);

}  // namespace council::test

#endif  // COUNCIL_TESTS_SUPPORT_CERTIFICATES_H_
