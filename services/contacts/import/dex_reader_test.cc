#include "services/contacts/import/dex_reader.h"

#include <gtest/gtest.h>

#include <vector>

#include "gmock/gmock.h"
#include "libs/exports/exports_for_test.h"
#include "services/contacts/import/read_for_test.h"

namespace council::contacts {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

TEST(DexReaderTest, RowsBecomeContacts) {
  const std::vector<FileRecord> records = ReadAll(exports::kDexExport);
  ASSERT_THAT(records, SizeIs(5));
  EXPECT_EQ(records[0].line, 2);
  const v1::Contact& rosa = *records[0].contact;
  EXPECT_EQ(rosa.display_name(), "Rosa Lindqvist");
  EXPECT_EQ(rosa.vcard_uid(), "https://www.linkedin.com/in/rosa");
  EXPECT_THAT(rosa.emails(), ElementsAre("rosa@tidewater.example", "rosa@home.example"));
  EXPECT_THAT(rosa.phones(), ElementsAre("+46 8 123"));
  EXPECT_EQ(rosa.organization(), "Tidewater");
  EXPECT_EQ(rosa.title(), "Head of Research");
  EXPECT_EQ(rosa.location(), "Stockholm");
  EXPECT_EQ(rosa.birthday(), "1980-05-15");
  EXPECT_THAT(rosa.tags(), ElementsAre("Mentors", "Sailing"));
  EXPECT_EQ(rosa.notes(), "Knows everybody\nin shipping\n\nNext Reminder At: 2024-03-01\n\nFavorite Color: blue");
  EXPECT_THAT(rosa.vcard_properties(), ElementsAre("N:Lindqvist;Rosa;;;", "URL:https://www.linkedin.com/in/rosa",
                                                   "X-SOCIALPROFILE;TYPE=twitter:@rosie"));
  EXPECT_FALSE(records[3].contact.has_value());
  EXPECT_THAT(records[3].left_out, ElementsAre("the row is empty"));
  EXPECT_EQ(DetectFormat(exports::kDexExport).value(), v1::CONTACT_FORMAT_DEX_CSV);
}

}  // namespace
}  // namespace council::contacts
