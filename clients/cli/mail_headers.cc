#include "clients/cli/mail_headers.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "libs/mail/mbox.h"
#include "libs/mail/message.h"

namespace council::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPieceBytes = 256 << 10;

// The header of the next message; nothing at the end.
using Headers = std::function<std::optional<std::string>()>;

Headers HeadersOfMbox(const std::string& path, std::function<void(std::int64_t)> advance) {
  struct Mailbox {
    explicit Mailbox(const std::string& name) : file(name, std::ios::binary), reader(file) {}
    std::ifstream file;
    mail::MboxReader reader;
    std::int64_t read = 0;
  };
  return [mailbox = std::make_shared<Mailbox>(path), advance = std::move(advance)] {
    std::optional<std::string> header = mailbox->reader.Next();
    const std::int64_t read = mailbox->file.tellg();
    advance(read - mailbox->read);
    mailbox->read = read;
    return header;
  };
}

Headers HeadersOfMaildir(const std::string& path) {
  std::vector<std::string> files;
  for (const char* folder : {"cur", "new"}) {
    std::error_code error;
    for (fs::directory_iterator at(fs::path(path) / folder, error); !error && at != fs::end(at); at.increment(error)) {
      std::error_code of_entry;
      if (at->is_regular_file(of_entry)) files.push_back(at->path().string());
    }
  }
  std::sort(files.begin(), files.end(), std::greater<>());
  return [files]() mutable -> std::optional<std::string> {
    if (files.empty()) return std::nullopt;
    std::ifstream file(files.back(), std::ios::binary);
    files.pop_back();
    return mail::ReadHeaderText(file);
  };
}

}  // namespace

bool IsMaildir(const std::string& path) {
  std::error_code error;
  return fs::is_directory(fs::path(path) / "cur", error) && fs::is_directory(fs::path(path) / "new", error);
}

std::function<std::string()> MailHeaders(const std::string& path, std::function<void(std::int64_t)> advance) {
  Headers next = IsMaildir(path) ? HeadersOfMaildir(path) : HeadersOfMbox(path, std::move(advance));
  return [next = std::move(next)] {
    std::string piece;
    while (piece.size() < kPieceBytes) {
      const std::optional<std::string> header = next();
      if (!header.has_value()) break;
      piece += mail::WriteMessage(mail::ReadMessage(*header));
    }
    return piece;
  };
}

}  // namespace council::cli
