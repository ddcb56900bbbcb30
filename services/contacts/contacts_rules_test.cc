// Pure functions: rules of fields, seats, merging and lists.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/util/message_differencer.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "services/contacts/contact_limits.h"
#include "services/contacts/contact_lists.h"
#include "services/contacts/contact_merge.h"
#include "services/contacts/contact_rules.h"
#include "services/contacts/import/contact_file.h"
#include "services/contacts/import_model.h"
#include "services/contacts/seats.h"
#include "services/contacts/text.h"

namespace council::contacts {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

absl::Time Day(int day) {
  return absl::FromUnixSeconds(1'700'000'000) + day * absl::Hours(24);
}

std::vector<std::string> WrongFields(v1::Contact contact, const absl::flat_hash_set<std::string>& consented = {}) {
  NormalizeContact(contact);
  base::FieldViolations violations;
  ValidateContact(contact, "contact", consented, violations);
  std::vector<std::string> fields;
  const google::rpc::BadRequest bad = base::BadRequestOf(violations.ToStatus());
  for (const auto& violation : bad.field_violations()) fields.push_back(violation.field());
  return fields;
}

TEST(ContactRulesTest, EachWrongFieldIsNamed) {
  v1::Contact contact;
  contact.add_emails("two words");
  contact.add_tags(std::string(65, 'x'));
  contact.set_notes("fine\nand fine\tand \x01 not");
  contact.set_birthday("22.3.1980");
  contact.set_paused_until("2027-01-31");
  contact.add_vcard_properties("no colon");
  contact.add_vcard_properties("END:VCARD");
  (*contact.mutable_facets())["Function"] = "Sales";
  (*contact.mutable_facets())["religion"] = "x";
  (*contact.mutable_facets())["generation"] = "x";
  EXPECT_THAT(WrongFields(contact),
              UnorderedElementsAre("contact.display_name", "contact.emails[0]", "contact.tags[0]", "contact.notes",
                                   "contact.birthday", "contact.paused_until", "contact.vcard_properties[0]",
                                   "contact.vcard_properties[1]", "contact.facets[\"Function\"]",
                                   "contact.facets[\"religion\"]", "contact.facets[\"generation\"]"));
}

TEST(ContactRulesTest, ListsOfMillionsAreRefusedByTheirLength) {
  v1::Seat seat;
  for (int i = 0; i < 4'000'000; ++i) seat.add_roles(common::v1::COUNCIL_ROLE_MENTOR);
  google::protobuf::FieldMask mask;
  for (int i = 0; i < 1'000'000; ++i) mask.add_paths("x");
  base::FieldViolations violations;
  ValidateSeat(seat, "seat", absl::UnixEpoch(), violations);
  ValidateMask<v1::Contact>(mask, violations);
  const auto wrong = base::BadRequestOf(violations.ToStatus());
  ASSERT_EQ(wrong.field_violations_size(), 2);
  EXPECT_EQ(wrong.field_violations(0).field(), "seat.roles");
  EXPECT_EQ(wrong.field_violations(1).field(), "update_mask.paths");
}

TEST(ContactRulesTest, LengthsCountCharactersNotBytes) {
  v1::Contact contact;
  std::string name;
  for (int i = 0; i < 200; ++i) name += "Ł";
  contact.set_display_name(name);
  EXPECT_THAT(WrongFields(contact), IsEmpty());
  contact.set_display_name(name + "Ł");
  EXPECT_THAT(WrongFields(contact), ElementsAre("contact.display_name"));
}

TEST(ContactRulesTest, FacetsThatNeedConsentAreAllowedWithIt) {
  v1::Contact contact;
  contact.set_display_name("A");
  (*contact.mutable_facets())["generation"] = "1980s";
  EXPECT_THAT(WrongFields(contact), SizeIs(1));
  EXPECT_THAT(WrongFields(contact, {"generation"}), IsEmpty());
}

TEST(ContactRulesTest, NormalizingTrimsAndRemovesRepetitions) {
  v1::Contact contact;
  contact.set_display_name("  Anna\t");
  contact.set_notes("a\r\nb\n");
  for (const char* email : {"A@example.com", " a@EXAMPLE.com ", "", "b@example.com"}) contact.add_emails(email);
  NormalizeContact(contact);
  EXPECT_EQ(contact.display_name(), "Anna");
  EXPECT_EQ(contact.notes(), "a\nb");
  EXPECT_THAT(contact.emails(), ElementsAre("A@example.com", "b@example.com"));
  EXPECT_EQ(contact.status(), v1::CONTACT_STATUS_ACTIVE);
}

TEST(ContactRulesTest, SettingsAreChecked) {
  v1::Settings settings;
  settings.set_hours_per_week(std::numeric_limits<double>::quiet_NaN());
  settings.set_time_zone("Berlin");
  auto* cadence = settings.add_tag_cadences();
  cadence->set_tag("mentors");
  cadence->mutable_cadence()->set_seconds(30 * 86400);
  cadence->mutable_longest_gap()->set_seconds(20 * 86400);
  settings.add_tag_cadences()->set_tag("Mentors");
  base::FieldViolations violations;
  ValidateSettings(settings, "settings", violations);
  std::vector<std::string> fields;
  const google::rpc::BadRequest bad = base::BadRequestOf(violations.ToStatus());
  for (const auto& violation : bad.field_violations()) fields.push_back(violation.field());
  EXPECT_THAT(fields, UnorderedElementsAre("settings.hours_per_week", "settings.time_zone",
                                           "settings.tag_cadences[0].longest_gap", "settings.tag_cadences[1].tag",
                                           "settings.tag_cadences[1].cadence"));
}

// A file put together from what vCards and tables are made of, in any order.
std::string AnyFile(const std::vector<std::string>& starts) {
  const auto parts = *rc::gen::container<std::vector<std::string>>(rc::gen::weightedOneOf<std::string>(
      {{20, rc::gen::element<std::string>(
                "BEGIN:VCARD\r\n", "END:VCARD\r\n", "VERSION:2.1\r\n", "FN:", "N:a;b;c;d;e\r\n", "EMAIL;PREF:a@b\r\n",
                "TEL:", "ORG:a;b\n", "ADR:;;;x;;;y\r", "NOTE;ENCODING=QUOTED-PRINTABLE:a=\r\n", "=C3=\r\n",
                ";CHARSET=UTF-16:", "BDAY:1980-13-01\r\n", "PHOTO;ENCODING=b:", "item1.", "AGENT:\r\n",
                "CATEGORIES:a,b\r\n", "X-COUNCIL-KEPT:1\r\n", "X-COUNCIL-FACET;NAME=\"x\":y\r\n",
                "X-COUNCIL-STATUS:PAUSED\r\n", "\r\n ", "\r\n", "\n", "\r", "\"", ",", ";", "\\", "\xC3", "\xFF",
                "\xC3\xA9", "12 Mar 2024", " ::: ", "=")},
       {3, rc::gen::arbitrary<std::string>()},
       {1, rc::gen::map(rc::gen::inRange(1, 12'000),
                        [](int length) { return std::string(static_cast<size_t>(length), 'x'); })}}));
  std::string file = *rc::gen::elementOf(starts);
  for (const std::string& part : parts) file += part;
  return file;
}

RC_GTEST_PROP(ContactFileTest, WhateverIsReadIsWithinTheRules, ()) {
  const std::string file =
      AnyFile({"BEGIN:VCARD\r\nFN:x\r\n", "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n",
               "Name,Group Membership,E-mail 1 - Value,Phone 1 - Value,Birthday,Notes,Location\n", ""});
  for (const auto format : {v1::CONTACT_FORMAT_VCARD, v1::CONTACT_FORMAT_LINKEDIN_CSV, v1::CONTACT_FORMAT_GOOGLE_CSV}) {
    // A file of another format is refused, which is fine.
    static_cast<void>(ReadContacts(format, file, [](const FileRecord& record) {
      RC_ASSERT(record.line > 0);
      RC_ASSERT(record.contact.has_value() || !record.left_out.empty());
      if (!record.contact.has_value()) return true;
      RC_ASSERT(record.contact->IsInitialized());
      // Facets and statuses of Council's own cards are checked when they are taken over.
      v1::Contact contact = *record.contact;
      contact.clear_facets();
      contact.clear_paused_until();
      for (const std::string& field : WrongFields(contact)) RC_FAIL(field + "\n" + contact.Utf8DebugString());
      return true;
    }));
  }
}

v1::Seat SeatSince(absl::Time time, common::v1::CouncilRole role = common::v1::COUNCIL_ROLE_MENTOR) {
  v1::Seat seat;
  seat.add_roles(role);
  *seat.mutable_seated_time() = base::ToProto(time);
  return seat;
}

TEST(SeatsTest, ASeatTakenAgainKeepsItsFirstTimeAndThePast) {
  storage::v1::StoredSeat stored;
  stored.set_contact_id("id");
  ASSERT_TRUE(TakeSeat(SeatSince(Day(0)), Day(10), stored).ok());
  ASSERT_TRUE(LeaveSeat(Day(20), stored));
  EXPECT_FALSE(LeaveSeat(Day(21), stored));
  EXPECT_FALSE(HeldSeat(stored).has_value());
  ASSERT_TRUE(TakeSeat(v1::Seat(), Day(30), stored).ok());
  EXPECT_EQ(base::FromProto(HeldSeat(stored)->seated_time()), Day(30));
  EXPECT_EQ(base::FromProto(HeldSeat(stored)->first_seated_time()), Day(0));
  EXPECT_EQ(SeatAt(stored, Day(5))->contact_id(), "id");
  EXPECT_FALSE(SeatAt(stored, Day(-1)).has_value());
  EXPECT_FALSE(SeatAt(stored, Day(20)).has_value()) << "who has left has no seat at that moment";
  EXPECT_TRUE(SeatAt(stored, Day(30)).has_value());
}

TEST(SeatsTest, ChangingASeatKeepsWhenItWasTaken) {
  storage::v1::StoredSeat stored;
  ASSERT_TRUE(TakeSeat(SeatSince(Day(0)), Day(10), stored).ok());
  v1::Seat changed;
  changed.add_roles(common::v1::COUNCIL_ROLE_SPONSOR);
  ASSERT_TRUE(TakeSeat(changed, Day(20), stored).ok());
  EXPECT_EQ(stored.intervals_size(), 1);
  EXPECT_EQ(base::FromProto(HeldSeat(stored)->seated_time()), Day(0));
  EXPECT_THAT(HeldSeat(stored)->roles(), ElementsAre(common::v1::COUNCIL_ROLE_SPONSOR));
}

TEST(SeatsTest, ASeatCannotStartWithinAnEarlierTime) {
  storage::v1::StoredSeat stored;
  ASSERT_TRUE(TakeSeat(SeatSince(Day(0)), Day(10), stored).ok());
  ASSERT_TRUE(LeaveSeat(Day(20), stored));
  EXPECT_EQ(TakeSeat(SeatSince(Day(15)), Day(30), stored).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(TakeSeat(SeatSince(Day(20)), Day(30), stored).ok());
}

storage::v1::StoredSeat AnySeat() {
  storage::v1::StoredSeat stored;
  int day = 0;
  const auto gaps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 5));
  for (size_t i = 0; i < gaps.size() && i < 10; ++i) {
    day += gaps[i];
    if (HeldSeat(stored).has_value()) {
      LeaveSeat(Day(day), stored);
    } else {
      RC_ASSERT(TakeSeat(SeatSince(Day(day)), Day(day), stored).ok());
    }
  }
  return stored;
}

RC_GTEST_PROP(SeatsTest, AUnitedSeatIsHeldWhenEitherWas, ()) {
  const auto into = AnySeat();
  const auto from = AnySeat();
  const auto united = UniteSeats(into, from);
  for (int half_day = -1; half_day < 110; ++half_day) {
    const absl::Time time = Day(0) + half_day * absl::Hours(12);
    RC_ASSERT(SeatAt(united, time).has_value() == (SeatAt(into, time).has_value() || SeatAt(from, time).has_value()));
  }
  RC_ASSERT(HeldSeat(united).has_value() == (HeldSeat(into).has_value() || HeldSeat(from).has_value()));
  for (int i = 1; i < united.intervals_size(); ++i) {
    RC_ASSERT(base::FromProto(united.intervals(i - 1).end_time()) <=
              base::FromProto(united.intervals(i).seat().seated_time()));
  }
}

TEST(SeatsTest, TheShortestCadenceAmongTheTagsIsInForce) {
  v1::Settings settings;
  for (const auto& [tag, days] : {std::pair("mentors", 30), std::pair("family", 7), std::pair("club", 90)}) {
    auto* cadence = settings.add_tag_cadences();
    cadence->set_tag(tag);
    cadence->mutable_cadence()->set_seconds(days * 86400);
    cadence->mutable_longest_gap()->set_seconds(days * 2 * 86400);
  }
  v1::CouncilSeat seat;
  SetEffectiveCadence(settings, seat);
  EXPECT_FALSE(seat.has_effective_cadence());
  seat.mutable_contact()->add_tags("Mentors");
  seat.mutable_contact()->add_tags("club");
  SetEffectiveCadence(settings, seat);
  EXPECT_EQ(seat.effective_cadence().seconds(), 30 * 86400);
  EXPECT_EQ(seat.effective_longest_gap().seconds(), 60 * 86400);
  seat.mutable_seat()->mutable_cadence()->set_seconds(14 * 86400);
  seat.clear_effective_longest_gap();
  SetEffectiveCadence(settings, seat);
  EXPECT_EQ(seat.effective_cadence().seconds(), 14 * 86400);
  EXPECT_FALSE(seat.has_effective_longest_gap());
}

v1::Contact SomeContact() {
  v1::Contact contact;
  const auto word = [] { return *rc::gen::element<std::string>("", "anna", "Anna", "tom", "acme", "x"); };
  contact.set_display_name("n" + word());
  contact.set_organization(word());
  contact.set_title(word());
  contact.set_notes(word());
  contact.set_birthday(*rc::gen::element<std::string>("", "1980-03-22"));
  contact.set_status(*rc::gen::element(v1::CONTACT_STATUS_ACTIVE, v1::CONTACT_STATUS_PAUSED,
                                       v1::CONTACT_STATUS_NO_CONTACT, v1::CONTACT_STATUS_DECEASED));
  if (contact.status() == v1::CONTACT_STATUS_PAUSED) {
    contact.set_paused_until(*rc::gen::element<std::string>("", "2027-01-31", "2027-03-01"));
  }
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
    contact.add_emails("e" + word());
    contact.add_phones("1" + word());
    contact.add_tags("t" + word());
    contact.add_vcard_properties("N:" + word());
    (*contact.mutable_facets())["f" + word()] = "v" + word();
  }
  NormalizeContact(contact);
  return contact;
}

// Each record is compared with those who have its address or name, which must not be all who came before: that would be
// many minutes.
TEST(ImportModelTest, ThousandsWhoShareAnAddressTakeSecondsTogether) {
  int ids = 0;
  ImportModel model({}, v1::Settings(), limits::kContactsPerOwner,
                    [&ids](v1::Contact& contact) { contact.set_id(absl::StrCat(++ids)); }, {});
  const absl::Time start = absl::Now();
  for (size_t i = 0; i < limits::kContactsPerOwner; ++i) {
    v1::Contact record;
    record.set_display_name(absl::StrCat("Person ", i));
    record.add_emails("office@example.com");
    EXPECT_EQ(model.Take(record).kind, ImportModel::Outcome::kCreated);
  }
  EXPECT_LT(absl::Now() - start, absl::Minutes(1));
}

RC_GTEST_PROP(ContactMergeTest, FillingInLosesNothingAndTwiceIsOnce, ()) {
  const v1::Contact record = SomeContact();
  const v1::Contact before = SomeContact();
  v1::Contact known = before;
  FillIn(record, known);
  RC_ASSERT(known.display_name() == before.display_name());
  for (const auto& [was, is] : {std::pair(before.organization(), known.organization()),
                                std::pair(before.title(), known.title()), std::pair(before.notes(), known.notes())}) {
    RC_ASSERT(was.empty() || was == is);
  }
  for (int i = 0; i < before.emails_size(); ++i) RC_ASSERT(known.emails(i) == before.emails(i));
  for (const auto& [name, value] : before.facets()) RC_ASSERT(known.facets().at(name) == value);
  const auto is_over = [](const v1::Contact& contact) {
    return contact.status() == v1::CONTACT_STATUS_NO_CONTACT || contact.status() == v1::CONTACT_STATUS_DECEASED;
  };
  RC_ASSERT(known.status() == (is_over(record) && !is_over(before) ? record : before).status());
  RC_ASSERT(known.status() == v1::CONTACT_STATUS_PAUSED || known.paused_until().empty());
  const v1::Contact once = known;
  RC_ASSERT(!FillIn(record, known));
  RC_ASSERT(google::protobuf::util::MessageDifferencer::Equals(known, once));
}

TEST(ContactMergeTest, OfTwoStatusesTheOneThatAsksForMoreRestHolds) {
  // From the weakest to the strongest.
  const std::vector<std::pair<v1::ContactStatus, std::string>> statuses = {
      {v1::CONTACT_STATUS_ACTIVE, ""},           {v1::CONTACT_STATUS_PAUSED, "2027-01-31"},
      {v1::CONTACT_STATUS_PAUSED, "2027-03-01"}, {v1::CONTACT_STATUS_PAUSED, ""},
      {v1::CONTACT_STATUS_NO_CONTACT, ""},       {v1::CONTACT_STATUS_DECEASED, ""}};
  const auto contact = [&statuses](size_t i) {
    storage::v1::StoredContact stored;
    stored.mutable_contact()->set_status(statuses[i].first);
    stored.mutable_contact()->set_paused_until(statuses[i].second);
    return stored;
  };
  for (size_t i = 0; i < statuses.size(); ++i) {
    for (size_t j = 0; j < statuses.size(); ++j) {
      storage::v1::StoredContact into = contact(i);
      Unite(contact(j), into);
      EXPECT_EQ(into.contact().status(), statuses[std::max(i, j)].first) << i << " and " << j;
      EXPECT_EQ(into.contact().paused_until(), statuses[std::max(i, j)].second) << i << " and " << j;
    }
  }
}

v1::Contact Named(const std::string& id, const std::string& name, const std::string& email = "",
                  const std::string& organization = "") {
  v1::Contact contact;
  contact.set_id(id);
  contact.set_display_name(name);
  contact.set_organization(organization);
  if (!email.empty()) contact.add_emails(email);
  return contact;
}

std::vector<std::string> Ids(const std::vector<v1::Contact>& contacts) {
  std::vector<std::string> ids;
  for (const v1::Contact& contact : contacts) ids.push_back(contact.id());
  return ids;
}

TEST(ContactListsTest, SearchIgnoresCaseAndAccentsAndWantsAllWords) {
  const std::vector<v1::Contact> contacts = {Named("1", "José Müller", "jm@example.com", "Acme"),
                                             Named("2", "Anna Berger", "anna@acme.example"), Named("3", "Zoë")};
  EXPECT_THAT(Ids(Selected(contacts, "jose MULLER", {})), ElementsAre("1"));
  EXPECT_THAT(Ids(Selected(contacts, "acme", {})), ElementsAre("2", "1"));
  EXPECT_THAT(Ids(Selected(contacts, "acme berger", {})), ElementsAre("2"));
  EXPECT_THAT(Ids(Selected(contacts, "", *ParseOrder("display_name desc"))), ElementsAre("3", "1", "2"));
  EXPECT_FALSE(ParseOrder("name").ok());
}

TEST(ContactListsTest, DuplicatesAreFoundTheSurestFirst) {
  std::vector<v1::Contact> contacts = {Named("1", "Anna Berger", "anna@example.com"),
                                       Named("2", "A. B.", "ANNA@example.com", "Acme"),
                                       Named("3", "Berger, Anna"),
                                       Named("4", "Tom Ash", "", "Acme"),
                                       Named("5", "Tom Ash", "", "Widgets"),
                                       Named("6", "Eva")};
  contacts[5].add_phones("+49 (30) 123-4567");
  contacts[3].add_phones("+49301234567");
  const auto groups = Duplicates(contacts, 10);
  ASSERT_THAT(groups, SizeIs(3));
  EXPECT_EQ(groups[0].reason(), "same e-mail address anna@example.com");
  EXPECT_EQ(groups[0].contacts(0).id(), "2") << "the one with the most filled in";
  EXPECT_EQ(groups[1].reason(), "same name Anna Berger");
  EXPECT_EQ(groups[2].reason(), "same phone number +49301234567");
  EXPECT_THAT(Duplicates(contacts, 1), SizeIs(1));
}

}  // namespace
}  // namespace council::contacts
