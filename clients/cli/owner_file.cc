#include "clients/cli/owner_file.h"

#include <sodium.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/base/status.h"

namespace council::cli {
namespace {

constexpr int kVersion = 1;
constexpr char kFirstLine[] = R"({"councilOwner":{"version":1}})";
// A record's line has at most 1 MiB; a service's name stands around it.
constexpr std::size_t kLongestLine = (1 << 20) + 100;
constexpr std::size_t kPieceBytes = 256 << 10;

// What stands around a record: {"ledger": and }.
std::string Opening(std::string_view service) {
  return absl::StrCat("{\"", std::string(service), "\":");
}

absl::Status Wrong(std::int64_t line, std::string_view problem) {
  return absl::InvalidArgumentError(absl::StrCat("line ", line, ": ", std::string(problem)));
}

// Of lines as they are added, each with its line end.
class LinesDigest {
 public:
  LinesDigest() { crypto_hash_sha256_init(&state_); }

  void Add(std::string_view line) {
    Update(line);
    Update("\n");
  }

  // In hexadecimal. To be called once.
  std::string Finish() {
    std::string hash(crypto_hash_sha256_BYTES, '\0');
    crypto_hash_sha256_final(&state_, reinterpret_cast<unsigned char*>(hash.data()));
    return absl::BytesToHexString(hash);
  }

 private:
  void Update(std::string_view bytes) {
    crypto_hash_sha256_update(&state_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  }

  crypto_hash_sha256_state state_;
};

std::string EndLine(std::int64_t lines, const std::string& sha256) {
  return absl::StrCat(R"({"end":{"lines":)", lines, R"(,"sha256":")", sha256, "\"}}");
}

// Looks at the lines of a file one after another.
class Checker {
 public:
  absl::Status Take(std::string_view line) {
    ++number_;
    if (ended_) return Wrong(number_, "stands behind the end");
    if (number_ == 1) {
      COUNCIL_RETURN_IF_ERROR(CheckFirst(line));
    } else if (absl::StartsWith(absl::string_view(line.data(), line.size()), "{\"end\":")) {
      return TakeEnd(line);
    } else {
      COUNCIL_RETURN_IF_ERROR(TakeRecord(line));
    }
    digest_.Add(line);
    offset_ += static_cast<std::int64_t>(line.size()) + 1;
    return absl::OkStatus();
  }

  absl::Status Finish() const {
    return ended_ ? absl::OkStatus() : Wrong(number_ + 1, "is missing: the file was cut off before its end");
  }

  std::int64_t number() const { return number_; }
  const std::array<OwnerFileSection, kOwnerFileServices.size()>& sections() const { return sections_; }

 private:
  static absl::Status CheckFirst(std::string_view line) {
    if (line == kFirstLine) return absl::OkStatus();
    const auto header = nlohmann::json::parse(line, nullptr, false);
    if (!header.is_object() || !header.contains("councilOwner")) {
      return Wrong(1, "is not the beginning of what council export --all writes");
    }
    return Wrong(1, absl::StrCat("is of another version than ", kVersion, ", which is what this program knows"));
  }

  absl::Status TakeRecord(std::string_view line) {
    for (std::size_t i = service_; i < kOwnerFileServices.size(); ++i) {
      const std::string opening = Opening(kOwnerFileServices[i]);
      if (line.substr(0, opening.size()) != opening || line.back() != '}') continue;
      OwnerFileSection& section = sections_[i];
      if (section.lines++ == 0) {
        section.first_line = number_;
        section.offset = offset_;
      }
      section.bytes += static_cast<std::int64_t>(line.size()) + 1;
      service_ = i;
      return absl::OkStatus();
    }
    return Wrong(number_, "is no record, or not where it should be");
  }

  absl::Status TakeEnd(std::string_view line) {
    ended_ = true;
    for (std::size_t i = 0; i < kOwnerFileServices.size(); ++i) {
      if (sections_[i].lines == 0)
        return Wrong(number_, absl::StrCat("nothing stands here of ", kOwnerFileServices[i]));
    }
    if (line == EndLine(number_ - 1, digest_.Finish())) return absl::OkStatus();
    return Wrong(number_, "the lines before this one are not those that were written: the file was damaged");
  }

  std::int64_t number_ = 0;
  std::int64_t offset_ = 0;
  std::size_t service_ = 0;
  bool ended_ = false;
  LinesDigest digest_;
  std::array<OwnerFileSection, kOwnerFileServices.size()> sections_;
};

}  // namespace

struct OwnerFileWriter::Digest : LinesDigest {};

OwnerFileWriter::OwnerFileWriter(std::ostream& out) : out_(out), digest_(std::make_unique<Digest>()) {
  Write(kFirstLine);
}

OwnerFileWriter::~OwnerFileWriter() = default;

bool OwnerFileWriter::Write(const std::string& line) {
  digest_->Add(line);
  ++lines_;
  return static_cast<bool>(out_ << line << '\n');
}

bool OwnerFileWriter::Add(std::string_view service, std::string_view chunk) {
  const std::string opening = Opening(service);
  base::LineCutter lines(kLongestLine);
  const absl::Status added = lines.Add(chunk, [&](std::string_view line) {
    return Write(absl::StrCat(opening, std::string(line), "}")) ? absl::OkStatus() : absl::UnknownError("");
  });
  return added.ok() && lines.AtEndOfLine();
}

bool OwnerFileWriter::Finish() {
  const std::int64_t lines = lines_;
  return static_cast<bool>(out_ << EndLine(lines, digest_->Finish()) << '\n');
}

absl::StatusOr<OwnerFile> CheckOwnerFile(const std::string& path, const std::function<void(std::int64_t)>& progress) {
  std::ifstream in(path, std::ios::binary);
  if (!in || std::filesystem::is_directory(path)) return absl::NotFoundError(absl::StrCat("can't read ", path));
  Checker checker;
  base::LineCutter lines(kLongestLine);
  std::string piece(kPieceBytes, '\0');
  while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0) {
    const auto size = static_cast<std::size_t>(in.gcount());
    std::optional<absl::Status> of_line;  // Told apart from a line that is too long.
    const absl::Status added = lines.Add(std::string_view(piece).substr(0, size), [&](std::string_view line) {
      of_line = checker.Take(line);
      return *of_line;
    });
    if (!added.ok()) {
      return of_line.has_value() && !of_line->ok() ? *of_line
                                                   : Wrong(checker.number() + 1, "is longer than any record");
    }
    progress(static_cast<std::int64_t>(size));
  }
  if (!lines.AtEndOfLine()) return Wrong(checker.number() + 1, "has no end: the file was cut off");
  COUNCIL_RETURN_IF_ERROR(checker.Finish());
  return OwnerFile{.path = path, .sections = checker.sections()};
}

OwnerFileReader::OwnerFileReader(const OwnerFile& file, std::size_t service, std::function<void(std::int64_t)> progress)
    : in_(file.path, std::ios::binary),
      left_(file.sections[service].bytes),
      name_(kOwnerFileServices[service]),
      progress_(std::move(progress)) {
  in_.seekg(file.sections[service].offset);
}

std::string OwnerFileReader::Next() {
  const std::size_t opening = Opening(name_).size();
  std::string piece;
  std::int64_t read = 0;
  // A file that was changed since it was checked gives lines that the service refuses.
  while (left_ > 0 && piece.size() < kPieceBytes && std::getline(in_, line_)) {
    const auto size = static_cast<std::int64_t>(line_.size()) + 1;
    left_ -= size;
    read += size;
    if (line_.size() > opening) piece.append(line_, opening, line_.size() - opening - 1);
    piece += '\n';
  }
  if (read > 0) progress_(read);
  return piece;
}

}  // namespace council::cli
