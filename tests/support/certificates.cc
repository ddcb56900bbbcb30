#include "tests/support/certificates.h"

#include <stdexcept>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/process.h"

namespace council::test {
namespace {

void OpenSsl(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "openssl");
  int exit_code = 0;
  const auto output = RunToEnd({.command = std::move(arguments)}, exit_code);
  if (!output.ok() || exit_code != 0) {
    throw std::runtime_error("openssl: " + output.value_or(output.status().ToString()));
  }
}

// What all certificates are made with.
std::vector<std::string> NewCertificate(const Certificate& files, const std::string& subject) {
  return {"req", "-x509", "-noenc", "-newkey", "ec",      "-pkeyopt", "ec_paramgen_curve:P-256", "-days",
          "2",   "-subj", subject,  "-keyout", files.key, "-out",     files.certificate};
}

}  // namespace

CertificateAuthority::CertificateAuthority(std::string name)
    : own_{.certificate = directory_ / "ca.pem", .key = directory_ / "ca-key.pem"} {
  OpenSsl(NewCertificate(own_, absl::StrCat("/CN=", name)));
}

Certificate CertificateAuthority::Issue(const CertificateOptions& options) const {
  const std::string name = absl::StrCat("issued", ++issued_);
  Certificate files{.certificate = directory_ / (name + ".pem"), .key = directory_ / (name + "-key.pem")};
  std::vector<std::string> command = NewCertificate(files, "/O=Council");
  command.insert(command.end(),
                 {"-CA", own_.certificate, "-CAkey", own_.key, "-addext", "subjectAltName=" + options.names, "-addext",
                  "extendedKeyUsage=" + options.usage, "-addext", "basicConstraints=critical,CA:FALSE"});
  OpenSsl(std::move(command));
  return files;
}

void ReplaceFile(const std::filesystem::path& target, const std::filesystem::path& source) {
  const std::filesystem::path beside = target.string() + ".new";
  std::filesystem::copy_file(source, beside);
  std::filesystem::rename(beside, target);
}

}  // namespace council::test
