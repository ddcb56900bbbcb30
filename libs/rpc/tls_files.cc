#include "libs/rpc/tls_files.h"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "libs/base/status.h"

namespace council::rpc {
namespace {

// More than a bundle of all public CAs has.
constexpr size_t kMaxBytes = 4 << 20;

struct Release {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};
template <typename T>
using Owned = std::unique_ptr<T, Release>;

absl::Status Refused(const std::string& flag, const std::string& path, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(flag, ": ", path, " ", what));
}

// What OpenSSL says was wrong, and forgets it.
std::string TakeOpenSslError() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  std::string text = reason == nullptr ? "unknown error" : reason;
  ERR_clear_error();
  return text;
}

absl::StatusOr<std::string> ReadFile(const std::string& flag, const std::string& path, bool secret) {
  // A pipe would otherwise be waited for.
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return Refused(flag, path, absl::StrCat("can't be read: ", std::strerror(errno)));
  const absl::Cleanup close = [file] { ::close(file); };
  struct stat status = {};
  if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) return Refused(flag, path, "is no file");
  if (secret && (status.st_mode & S_IRWXO) != 0) {
    return Refused(flag, path, "may be read by every account: chmod o= takes that away");
  }
  std::string text;
  char buffer[16 << 10];
  while (true) {
    const ssize_t got = ::read(file, buffer, sizeof(buffer));
    if (got < 0) return Refused(flag, path, absl::StrCat("can't be read: ", std::strerror(errno)));
    if (got == 0) return text;
    text.append(buffer, static_cast<size_t>(got));
    if (text.size() > kMaxBytes) return Refused(flag, path, "is larger than 4 MiB");
  }
}

Owned<BIO> Over(const std::string& text) {
  return Owned<BIO>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

Owned<X509> FirstCertificate(const std::string& pem) {
  return Owned<X509>(PEM_read_bio_X509(Over(pem).get(), nullptr, nullptr, nullptr));
}

// Whether every certificate of a bundle can be read. A file that is being written may end within one.
bool IsWhole(const std::string& pem) {
  const Owned<BIO> bio = Over(pem);
  std::size_t read = 0;
  while (Owned<X509>(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) != nullptr) ++read;
  ERR_clear_error();
  std::size_t begun = 0;
  constexpr char kBegin[] = "-----BEGIN CERTIFICATE-----";
  for (std::size_t at = pem.find(kBegin); at != std::string::npos; at = pem.find(kBegin, at + 1)) ++begun;
  return begun > 0 && read >= begun;
}

// Nobody is there to be asked for a passphrase.
int NoPassphrase(char*, int, int, void*) {
  return -1;
}

absl::Status CheckTime(const TlsFiles::Options& options, const X509& certificate, absl::Time now) {
  std::time_t at = absl::ToTimeT(now);
  const auto text = [](const ASN1_TIME* time) {
    const Owned<BIO> out(BIO_new(BIO_s_mem()));
    ASN1_TIME_print(out.get(), time);
    char* begin = nullptr;
    const long size = BIO_get_mem_data(out.get(), &begin);
    return std::string(begin, static_cast<size_t>(size));
  };
  if (const ASN1_TIME* end = X509_get0_notAfter(&certificate); X509_cmp_time(end, &at) <= 0) {
    return Refused("--tls-cert", options.certificate, absl::StrCat("has expired: it was valid until ", text(end)));
  }
  if (const ASN1_TIME* begin = X509_get0_notBefore(&certificate); X509_cmp_time(begin, &at) > 0) {
    return Refused("--tls-cert", options.certificate, absl::StrCat("is not valid before ", text(begin)));
  }
  return absl::OkStatus();
}

absl::Status CheckIdentity(const TlsFiles::Options& options, const TlsMaterial& material, absl::Time now) {
  const Owned<X509> certificate = FirstCertificate(material.certificate);
  if (certificate == nullptr) {
    ERR_clear_error();
    return Refused("--tls-cert", options.certificate, "holds no certificate (-----BEGIN CERTIFICATE-----)");
  }
  if (!IsWhole(material.certificate)) {
    return Refused("--tls-cert", options.certificate, "holds a certificate that can't be read");
  }
  const Owned<EVP_PKEY> key(PEM_read_bio_PrivateKey(Over(material.key).get(), nullptr, NoPassphrase, nullptr));
  if (key == nullptr) {
    ERR_clear_error();
    return Refused("--tls-key", options.key, "holds no private key without a passphrase (-----BEGIN PRIVATE KEY-----)");
  }
  // What gRPC does later, where it can only fail.
  const Owned<SSL_CTX> context(SSL_CTX_new(TLS_method()));
  if (SSL_CTX_use_certificate(context.get(), certificate.get()) != 1) {
    return Refused("--tls-cert", options.certificate, absl::StrCat("is not fit for TLS: ", TakeOpenSslError()));
  }
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    ERR_clear_error();
    return Refused("--tls-key", options.key,
                   absl::StrCat("is not the key of the certificate in ", options.certificate));
  }
  if (SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1) {
    return Refused("--tls-key", options.key, absl::StrCat("is not fit for TLS: ", TakeOpenSslError()));
  }
  const bool serves = options.use == TlsFiles::Options::Use::kServe;
  if (X509_check_purpose(certificate.get(), serves ? X509_PURPOSE_SSL_SERVER : X509_PURPOSE_SSL_CLIENT, 0) != 1) {
    return Refused("--tls-cert", options.certificate,
                   serves ? "is not for servers (extended key usage serverAuth)"
                          : "is not for calling others too (extended key usage clientAuth)");
  }
  return CheckTime(options, *certificate, now);
}

}  // namespace

absl::StatusOr<TlsMaterial> TlsFiles::Read(const Options& options, absl::Time now) {
  TlsMaterial material;
  COUNCIL_ASSIGN_OR_RETURN(material.certificate, ReadFile("--tls-cert", options.certificate, false));
  COUNCIL_ASSIGN_OR_RETURN(material.key, ReadFile("--tls-key", options.key, true));
  COUNCIL_RETURN_IF_ERROR(CheckIdentity(options, material, now));
  if (options.roots.empty()) return material;
  COUNCIL_ASSIGN_OR_RETURN(material.roots, ReadFile(options.roots_flag, options.roots, false));
  if (!IsWhole(material.roots)) {
    return Refused(options.roots_flag, options.roots,
                   "holds no certificate (-----BEGIN CERTIFICATE-----), or one that can't be read");
  }
  return material;
}

absl::StatusOr<std::unique_ptr<TlsFiles>> TlsFiles::Open(Options options, const base::Clock& clock) {
  COUNCIL_ASSIGN_OR_RETURN(TlsMaterial material, Read(options, clock.Now()));
  return std::unique_ptr<TlsFiles>(new TlsFiles(std::move(options), clock, std::move(material)));
}

TlsFiles::TlsFiles(Options options, const base::Clock& clock, TlsMaterial material)
    : options_(std::move(options)),
      clock_(clock),
      looked_(clock.Now()),
      material_(std::make_shared<const TlsMaterial>(std::move(material))) {}

std::shared_ptr<const TlsMaterial> TlsFiles::Current() {
  const absl::Time now = clock_.Now();
  absl::MutexLock lock(&mutex_);
  // A clock that was set back must not hold the next look off.
  if (now - looked_ < kInterval && now >= looked_) return material_;
  looked_ = now;
  absl::StatusOr<TlsMaterial> read = Read(options_, now);
  if (!read.ok()) {
    if (read.status() != problem_)
      spdlog::warn("{}; the certificate of before stays", std::string(read.status().message()));
    problem_ = read.status();
    return material_;
  }
  problem_ = absl::OkStatus();
  if (*read != *material_) {
    spdlog::info("the certificates in {} have changed", options_.certificate);
    material_ = std::make_shared<const TlsMaterial>(*std::move(read));
  }
  return material_;
}

}  // namespace council::rpc
