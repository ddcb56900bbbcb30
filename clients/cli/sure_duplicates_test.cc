#include "clients/cli/sure_duplicates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace council::cli {
namespace {

using contacts::v1::Contact;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Contact Named(const std::string& id, const std::string& name, const std::string& email = "",
              const std::string& phone = "") {
  Contact contact;
  contact.set_id(id);
  contact.set_display_name(name);
  if (!email.empty()) contact.add_emails(email);
  if (!phone.empty()) contact.add_phones(phone);
  return contact;
}

std::vector<std::string> Ids(const std::vector<Contact>& contacts) {
  std::vector<std::string> ids;
  for (const Contact& contact : contacts) ids.push_back(contact.id());
  return ids;
}

TEST(SureDuplicates, TakeTheSameNameAndAnAddressOrANumber) {
  const auto groups =
      SureDuplicates({Named("1", "Tom Baker", "tom@one.example"), Named("2", "Zoë Berger", "zoe@example.com"),
                      Named("3", "Berger, Zoe", "ZOE@example.com", "+49 (30) 123-4567"),
                      Named("4", "Zoe Berger", "", "+49301234567"), Named("5", "Tom Baker", "tom@two.example")});
  ASSERT_THAT(groups, SizeIs(1));
  EXPECT_THAT(Ids(groups[0]), ElementsAre("3", "2", "4")) << "the one that says most first";
}

TEST(SureDuplicates, AnOfficeAFamilyAndAnExtensionMakeNobodyOnePerson) {
  EXPECT_THAT(
      SureDuplicates({Named("1", "Anna Berger", "office@example.com", "12"),
                      Named("2", "Tom Berger", "office@example.com", "12"), Named("3", "Anna Berger", "", "12"),
                      Named("4", "Anna Berger"), Named("5", "-", "x@example.com"), Named("6", "?", "x@example.com")}),
      IsEmpty());
}

TEST(SureDuplicates, OneWhoJoinsTwoGroupsMakesThemOne) {
  Contact both = Named("3", "Anna", "a@example.com");
  both.add_emails("b@example.com");
  const auto groups = SureDuplicates({Named("1", "Anna", "a@example.com"), Named("2", "Anna", "b@example.com"), both});
  ASSERT_THAT(groups, SizeIs(1));
  EXPECT_THAT(Ids(groups[0]), ElementsAre("3", "1", "2"));
}

}  // namespace
}  // namespace council::cli
