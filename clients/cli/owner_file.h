#ifndef COUNCIL_CLIENTS_CLI_OWNER_FILE_H_
#define COUNCIL_CLIENTS_CLI_OWNER_FILE_H_

#include <array>
#include <cstdint>
#include <fstream>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/base/json_lines.h"

// A file with all that is kept of one owner, for taking it to another suite: JSON, one object a line.
//
//   {"councilOwner":{"version":1}}
//   {"ledger":{"start":{…}}}             what the ledger's ExportOwner gave, each line under the name of the service,
//   {"ledger":{"entry":{…}}}             in the order in which an import takes it
//   …
//   {"recommendations":{…}}
//   {"contacts":{…}}
//   {"end":{"lines":1234,"sha256":"…"}}  how many lines stand before this one, and their SHA-256
//
// The last line makes sure that nothing was cut off or changed by accident.
namespace council::cli {

// The services in the order in which they stand in the file. An import that is interrupted leaves an owner without
// contacts, with whom nothing else can be done meanwhile.
inline constexpr std::array<const char*, 3> kOwnerFileServices = {"ledger", "recommendations", "contacts"};

// Puts such a file together.
class OwnerFileWriter {
 public:
  // Writes the first line. `out` must outlive this.
  explicit OwnerFileWriter(std::ostream& out);
  ~OwnerFileWriter();

  // Writes the lines of `chunk`, which ends with a line, under the name of a service. False where that fails.
  bool Add(std::string_view service, std::string_view chunk);
  // Writes the last line.
  bool Finish();

 private:
  struct Digest;
  bool Write(const std::string& line);

  std::ostream& out_;
  const std::unique_ptr<Digest> digest_;
  std::int64_t lines_ = 0;
};

// What is one service's in a file.
struct OwnerFileSection {
  std::int64_t first_line = 0;  // From 1.
  std::int64_t lines = 0;
  std::int64_t offset = 0;  // In bytes.
  std::int64_t bytes = 0;
};

struct OwnerFile {
  std::string path;
  std::array<OwnerFileSection, kOwnerFileServices.size()> sections;  // As kOwnerFileServices names them.
};

// Reads the file once: INVALID_ARGUMENT naming the line where it is none, was cut off or changed, NOT_FOUND where it
// can't be read. What the services' lines say is theirs to check. `progress` is told of bytes.
absl::StatusOr<OwnerFile> CheckOwnerFile(const std::string& path, const std::function<void(std::int64_t)>& progress);

// Gives a section in pieces as the service takes it, each line without the service's name, at last an empty piece.
class OwnerFileReader {
 public:
  // `progress` is told of bytes.
  OwnerFileReader(const OwnerFile& file, std::size_t service, std::function<void(std::int64_t)> progress);

  std::string Next();

 private:
  std::ifstream in_;
  std::int64_t left_;  // Bytes.
  const std::string name_;
  const std::function<void(std::int64_t)> progress_;
  std::string line_;
};

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_OWNER_FILE_H_
