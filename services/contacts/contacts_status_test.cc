// How the owner stands to a contact, where it comes from elsewhere than a change by hand: merging and files.

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/base/proto_time.h"
#include "services/contacts/service_for_test.h"

namespace council::contacts {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr v1::ContactStatus kStatuses[] = {v1::CONTACT_STATUS_ACTIVE, v1::CONTACT_STATUS_PAUSED,
                                           v1::CONTACT_STATUS_NO_CONTACT, v1::CONTACT_STATUS_DECEASED};

std::string Card(const std::string& properties) {
  return absl::StrCat("BEGIN:VCARD\r\nVERSION:4.0\r\n", properties, "END:VCARD\r\n");
}

// A card as Council writes it.
std::string OwnCard(const std::string& name, v1::ContactStatus status) {
  const std::string word = v1::ContactStatus_Name(status).substr(std::string("CONTACT_STATUS_").size());
  return Card(absl::StrCat("FN:", name, "\r\nX-COUNCIL-STATUS:", word, "\r\nX-COUNCIL-KEPT:1\r\n"));
}

class ContactsStatusTest : public ServiceTest {
 protected:
  v1::Contact CreateWith(const std::string& name, v1::ContactStatus status) {
    v1::Contact contact = Create(name);
    contact.set_status(status);
    const auto updated = Update(contact, {"status"});
    EXPECT_TRUE(updated.ok()) << updated.status();
    return updated.ok() ? updated->contact() : contact;
  }
};

TEST_F(ContactsStatusTest, MergingLosesNoStatusAndEndsTheSeatOfWhomItKeepsOffTheCouncil) {
  for (const v1::ContactStatus into_status : kStatuses) {
    for (const v1::ContactStatus from_status : kStatuses) {
      v1::Contact into = Create("Anna");
      ASSERT_TRUE(Seat(into.id()).ok());
      const absl::Time seated = clock_.Now();
      clock_.Advance(absl::Hours(1));
      into.set_status(into_status);
      ASSERT_TRUE(Update(into, {"status"}).ok());
      v1::MergeContactsRequest merge;
      merge.set_into_id(into.id());
      merge.add_from_ids(CreateWith("Annie", from_status).id());
      const auto merged = service_->MergeContacts(Call(), merge);
      ASSERT_TRUE(merged.ok()) << merged.status();
      // The contract's order is the order of strength.
      const v1::ContactStatus strongest = std::max(into_status, from_status);
      EXPECT_EQ(merged->contact().status(), strongest);
      const bool stays = strongest <= v1::CONTACT_STATUS_PAUSED;
      EXPECT_THAT(Council().seats(), SizeIs(stays ? 1 : 0));
      EXPECT_THAT(Council(seated + absl::Minutes(30)).seats(), SizeIs(1)) << "the history stays";
      v1::DeleteContactRequest remove;
      remove.set_id(into.id());
      ASSERT_TRUE(service_->DeleteContact(Call(), remove).ok());
    }
  }
}

TEST_F(ContactsStatusTest, WhoHadASeatAndHasNoneIsNamedWithTheTimeWhenItEnded) {
  const v1::Contact unseated = Create("Anna");
  v1::Contact died = Create("Ben");
  const v1::Contact back = Create("Cleo");
  Create("Dora");
  for (const v1::Contact& contact : {unseated, died, back}) ASSERT_TRUE(Seat(contact.id()).ok());
  const absl::Time seated = clock_.Now();
  const auto former = [this](std::optional<absl::Time> as_of) {
    v1::GetCouncilRequest request;
    request.set_include_former(true);
    if (as_of.has_value()) *request.mutable_as_of() = base::ToProto(*as_of);
    std::map<std::string, absl::Time> ends;
    const auto council = service_->GetCouncil(Call(), request);
    for (const v1::FormerSeat& seat : council->former_seats()) {
      ends[seat.contact_id()] = base::FromProto(seat.end_time());
    }
    return ends;
  };
  EXPECT_THAT(former(std::nullopt), IsEmpty());
  clock_.Advance(absl::Hours(24));
  v1::UnseatContactRequest unseat;
  for (const v1::Contact& contact : {unseated, back}) {
    unseat.set_contact_id(contact.id());
    ASSERT_TRUE(service_->UnseatContact(Call(), unseat).ok());
  }
  died.set_status(v1::CONTACT_STATUS_DECEASED);
  ASSERT_TRUE(Update(died, {"status"}).ok());
  const absl::Time left = clock_.Now();
  EXPECT_THAT(former(std::nullopt), SizeIs(3));
  clock_.Advance(absl::Hours(24));
  ASSERT_TRUE(Seat(back.id()).ok());
  EXPECT_THAT(former(std::nullopt), UnorderedElementsAre(Pair(unseated.id(), left), Pair(died.id(), left)));
  EXPECT_THAT(former(seated + absl::Hours(1)), IsEmpty());
  EXPECT_THAT(former(left + absl::Hours(1)), SizeIs(3));
  EXPECT_THAT(Council().former_seats(), IsEmpty());
}

TEST_F(ContactsStatusTest, AMergeIntoAnActiveContactEndsTheSeatThatTheOtherOneHad) {
  const v1::Contact into = Create("Anna");
  v1::Contact from = Create("Annie");
  ASSERT_TRUE(Seat(from.id()).ok());
  ASSERT_TRUE(Seat(into.id()).ok());
  from.set_status(v1::CONTACT_STATUS_NO_CONTACT);
  ASSERT_TRUE(Update(from, {"status"}).ok());
  v1::MergeContactsRequest merge;
  merge.set_into_id(into.id());
  merge.add_from_ids(from.id());
  ASSERT_TRUE(service_->MergeContacts(Call(), merge).ok());
  EXPECT_THAT(Council().seats(), IsEmpty());
}

TEST_F(ContactsStatusTest, AFileSaysThatSomebodyHasDiedAndNeverRevivesThem) {
  for (const v1::ContactStatus known : kStatuses) {
    for (const v1::ContactStatus said : kStatuses) {
      const std::string name = absl::StrCat(v1::ContactStatus_Name(known), " ", v1::ContactStatus_Name(said));
      const v1::Contact contact = CreateWith(name, known);
      const bool over = known >= v1::CONTACT_STATUS_NO_CONTACT;
      if (!over) {
        ASSERT_TRUE(Seat(contact.id()).ok());
      }
      const bool taken = !over && said >= v1::CONTACT_STATUS_NO_CONTACT;
      const auto imported = Import(OwnCard(name, said));
      ASSERT_TRUE(imported.ok()) << imported.status();
      EXPECT_EQ(imported->updated(), taken ? 1 : 0) << name;
      EXPECT_EQ(Get(contact.id())->status(), taken ? said : known) << name;
      EXPECT_THAT(Council().seats(), SizeIs(over || taken ? 0 : 1)) << name;
      EXPECT_EQ(Import(OwnCard(name, said))->unchanged(), 1) << name;
      v1::DeleteContactRequest remove;
      remove.set_id(contact.id());
      ASSERT_TRUE(service_->DeleteContact(Call(), remove).ok());
    }
  }
}

TEST_F(ContactsStatusTest, ADayOfDeathEndsASeatThatUndoingTheImportGivesBack) {
  const v1::Contact rosa = Create("Rosa");
  ASSERT_TRUE(Seat(rosa.id()).ok());
  clock_.Advance(absl::Hours(24));
  const auto imported = Import(Card("FN:Rosa\r\nDEATHDATE:20260131\r\n"));
  ASSERT_TRUE(imported.ok()) << imported.status();
  EXPECT_EQ(Get(rosa.id())->status(), v1::CONTACT_STATUS_DECEASED);
  EXPECT_THAT(Get(rosa.id())->vcard_properties(), Contains("DEATHDATE:20260131"));
  EXPECT_THAT(Council().seats(), IsEmpty());

  clock_.Advance(absl::Hours(1));
  v1::UndoImportRequest undo;
  undo.set_import_id(imported->import_id());
  const auto undone = service_->UndoImport(Call(), undo);
  ASSERT_TRUE(undone.ok()) << undone.status();
  EXPECT_EQ(undone->restored(), 1);
  EXPECT_EQ(Get(rosa.id())->status(), v1::CONTACT_STATUS_ACTIVE);
  ASSERT_THAT(Council().seats(), SizeIs(1));
  EXPECT_EQ(Council().seats(0).seat().seated_time().seconds(), rosa.create_time().seconds());
}

TEST_F(ContactsStatusTest, ADayOfDeathThatTheOwnerTookBackIsNotTakenAgainFromTheSameFile) {
  const std::string card = Card("FN:Rosa\r\nUID:1\r\nDEATHDATE:20260131\r\n");
  const v1::Contact known = Create("Rosa");
  ASSERT_TRUE(Import(card).ok());
  v1::Contact rosa = *Get(known.id());
  ASSERT_EQ(rosa.status(), v1::CONTACT_STATUS_DECEASED);
  rosa.set_status(v1::CONTACT_STATUS_ACTIVE);
  ASSERT_TRUE(Update(rosa, {"status"}).ok());
  EXPECT_EQ(Import(card)->unchanged(), 1);
  EXPECT_EQ(Get(known.id())->status(), v1::CONTACT_STATUS_ACTIVE);
  EXPECT_EQ(Import(Card("FN:Rosa\r\nUID:1\r\nDEATHDATE:20260909\r\n"))->updated(), 1);
  EXPECT_EQ(Get(known.id())->status(), v1::CONTACT_STATUS_DECEASED) << "another day is news";
}

TEST_F(ContactsStatusTest, UndoingAnImportGivesNoSeatBackThatEndedByHand) {
  const v1::Contact rosa = Create("Rosa");
  ASSERT_TRUE(Seat(rosa.id()).ok());
  clock_.Advance(absl::Hours(24));
  const auto imported = Import(Card("FN:Rosa\r\nTITLE:Head\r\n"));
  ASSERT_TRUE(imported.ok()) << imported.status();
  clock_.Advance(absl::Hours(1));
  v1::UnseatContactRequest unseat;
  unseat.set_contact_id(rosa.id());
  ASSERT_TRUE(service_->UnseatContact(Call(), unseat).ok());
  v1::UndoImportRequest undo;
  undo.set_import_id(imported->import_id());
  EXPECT_EQ(service_->UndoImport(Call(), undo)->restored(), 1);
  EXPECT_THAT(Council().seats(), IsEmpty());
}

}  // namespace
}  // namespace council::contacts
