#ifndef COUNCIL_SERVICES_CONTACTS_IMPORT_READ_FOR_TEST_H_
#define COUNCIL_SERVICES_CONTACTS_IMPORT_READ_FOR_TEST_H_

#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "services/contacts/import/contact_file.h"

namespace council::contacts {

// All records of a file, its format found out.
inline std::vector<FileRecord> ReadAll(absl::string_view bytes) {
  std::vector<FileRecord> records;
  const absl::StatusOr<v1::ContactFormat> format = DetectFormat(bytes);
  EXPECT_TRUE(format.ok()) << format.status();
  if (!format.ok()) return records;
  const absl::Status read = ReadContacts(*format, bytes, [&records](FileRecord record) {
    records.push_back(std::move(record));
    return true;
  });
  EXPECT_TRUE(read.ok()) << read;
  return records;
}

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_IMPORT_READ_FOR_TEST_H_
