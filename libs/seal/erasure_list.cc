#include "libs/seal/erasure_list.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "libs/base/status.h"
#include "libs/base/uuid.h"

namespace council::seal {
namespace {

constexpr std::size_t kHashBytes = 16;

absl::Status Unusable(const char* what) {
  return absl::UnavailableError(absl::StrCat("--erasures: the list of erasures can't be ", what));
}

// What tells one erasure from another.
std::string NameOf(const Erasure& erasure) {
  return absl::StrCat(erasure.owner_hash, " ", absl::StrJoin(erasure.contact_ids, " "));
}

// Nothing where the line says no erasure of any service. Sets `service`.
std::optional<Erasure> Parse(absl::string_view line, std::string& service) {
  const nlohmann::json json = nlohmann::json::parse(line.begin(), line.end(), nullptr, /*allow_exceptions=*/false);
  const auto is_text = [&json](const char* field) { return json.contains(field) && json[field].is_string(); };
  if (!json.is_object() || !is_text("service") || !is_text("owner")) return std::nullopt;
  service = json["service"];
  Erasure erasure;
  const std::string owner = json["owner"];
  if (owner.size() != 2 * kHashBytes || owner.find_first_not_of("0123456789abcdef") != std::string::npos) {
    return std::nullopt;
  }
  erasure.owner_hash = absl::HexStringToBytes(owner);
  if (!json.contains("contacts")) return erasure;
  if (!json["contacts"].is_array() || json["contacts"].empty()) return std::nullopt;
  for (const nlohmann::json& contact : json["contacts"]) {
    if (!contact.is_string() || !base::ParseUuid(contact.get<std::string>()).ok()) return std::nullopt;
    erasure.contact_ids.push_back(contact);
  }
  return erasure;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ErasureList>> ErasureList::Open(const std::string& path, const std::string& service,
                                                               const base::Clock& clock) {
  if (path.empty()) return nullptr;
  const int file = ::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return Unusable("opened");
  std::unique_ptr<ErasureList> list(new ErasureList(service, clock, file));
  COUNCIL_RETURN_IF_ERROR(list->Read());
  return list;
}

ErasureList::~ErasureList() {
  ::close(file_);
}

absl::Status ErasureList::Read() {
  // Nobody writes meanwhile, so what has no end was cut off.
  if (::flock(file_, LOCK_EX) != 0) return Unusable("locked");
  const absl::Cleanup unlock = [this] { ::flock(file_, LOCK_UN); };
  struct stat about = {};
  if (::fstat(file_, &about) != 0) return Unusable("read");
  std::string text(static_cast<std::size_t>(about.st_size), '\0');
  if (::pread(file_, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) return Unusable("read");
  const std::size_t end = text.rfind('\n') + 1;  // 0 where there is none.
  if (end < text.size() && ::ftruncate(file_, static_cast<off_t>(end)) != 0) return Unusable("written");
  text.resize(end);
  absl::MutexLock lock(&mutex_);
  int number = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    ++number;
    std::string service;
    std::optional<Erasure> erasure = Parse(line, service);
    if (!erasure.has_value()) {
      return absl::FailedPreconditionError(absl::StrCat("--erasures: line ", number, " of the list is no erasure"));
    }
    if (service != service_ || !known_.insert(NameOf(*erasure)).second) continue;
    read_.push_back(*std::move(erasure));
  }
  std::stable_partition(read_.begin(), read_.end(), [](const Erasure& erasure) { return erasure.contact_ids.empty(); });
  std::set<std::string> owners;
  std::erase_if(read_, [&owners](const Erasure& erasure) {
    if (erasure.contact_ids.empty()) owners.insert(erasure.owner_hash);
    return !erasure.contact_ids.empty() && owners.contains(erasure.owner_hash);
  });
  return absl::OkStatus();
}

absl::Status ErasureList::Add(const Erasure& erasure) {
  absl::MutexLock lock(&mutex_);
  if (known_.contains(NameOf(erasure))) return absl::OkStatus();
  nlohmann::ordered_json json = {{"time", absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", clock_.Now(), absl::UTCTimeZone())},
                                 {"service", service_},
                                 {"owner", absl::BytesToHexString(erasure.owner_hash)}};
  if (!erasure.contact_ids.empty()) json["contacts"] = erasure.contact_ids;
  const std::string line = json.dump() + "\n";
  if (::flock(file_, LOCK_EX) != 0) return Unusable("locked");
  const absl::Cleanup unlock = [this] { ::flock(file_, LOCK_UN); };
  struct stat before = {};
  if (::fstat(file_, &before) != 0) return Unusable("written");
  if (::write(file_, line.data(), line.size()) != static_cast<ssize_t>(line.size()) || ::fdatasync(file_) != 0) {
    // A part of a line would spoil the next one.
    (void)::ftruncate(file_, before.st_size);
    return Unusable("written");
  }
  known_.insert(NameOf(erasure));
  return absl::OkStatus();
}

}  // namespace council::seal
