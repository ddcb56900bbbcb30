#include "services/contacts/contacts_service.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "services/contacts/service_for_test.h"

namespace council::contacts {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

common::v1::ErrorReason Reason(const absl::Status& status) {
  return base::ReasonOf(status);
}

TEST_F(ServiceTest, ACreatedContactHasIdEtagTimesAndIsFoundByItsToken) {
  v1::CreateContactRequest request;
  request.mutable_contact()->set_display_name(" Rosa ");
  const auto created = service_->CreateContact(Call(), request);
  ASSERT_TRUE(created.ok()) << created.status();
  EXPECT_EQ(created->contact().display_name(), "Rosa");
  EXPECT_THAT(created->contact().id(), SizeIs(36));
  EXPECT_EQ(created->contact().etag(), "1");
  EXPECT_EQ(base::FromProto(created->contact().create_time()), clock_.Now());
  EXPECT_EQ(changes_, 1);

  v1::GetContactRequest get;
  get.set_id(created->contact().id());
  get.add_at_least_as_fresh(created->token());
  const auto read = service_->GetContact(Call(), get);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->contact().SerializeAsString(), created->contact().SerializeAsString());
}

TEST_F(ServiceTest, AnotherOwnersContactIsNotFoundLikeAnyOther) {
  const v1::Contact rosa = Create("Rosa");
  const auto foreign = Get(rosa.id(), "tom");
  const auto unknown = Get("01890000-0000-7000-8000-000000000000");
  EXPECT_EQ(Reason(foreign.status()), common::v1::ERROR_REASON_CONTACT_NOT_FOUND);
  EXPECT_EQ(foreign.status(), unknown.status());
  EXPECT_EQ(Get("nonsense").status(), unknown.status());
}

TEST_F(ServiceTest, EachWrongFieldOfARequestIsNamed) {
  v1::CreateContactRequest request;
  request.mutable_contact()->set_id("mine");
  request.mutable_contact()->add_emails("a b");
  request.set_request_id(std::string(129, 'x'));
  const auto status = service_->CreateContact(Call(), request).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  std::vector<std::string> fields;
  const google::rpc::BadRequest bad = base::BadRequestOf(status);
  for (const auto& violation : bad.field_violations()) fields.push_back(violation.field());
  EXPECT_THAT(fields, UnorderedElementsAre("contact.id", "contact.display_name", "contact.emails[0]", "request_id"));
}

TEST_F(ServiceTest, ARequestIdTakesEffectOnce) {
  const v1::Contact first = Create("Rosa", "", "id-1");
  EXPECT_EQ(Create("Rosa", "", "id-1").id(), first.id());
  EXPECT_THAT(Names(), ElementsAre("Rosa"));

  v1::CreateContactRequest other;
  other.mutable_contact()->set_display_name("Tom");
  other.set_request_id("id-1");
  EXPECT_EQ(Reason(service_->CreateContact(Call(), other).status()), common::v1::ERROR_REASON_REQUEST_ID_REUSED);
  EXPECT_TRUE(service_->CreateContact(Call("tom"), other).ok()) << "ids of other owners are other ids";

  v1::DeleteContactRequest remove;
  remove.set_id(first.id());
  ASSERT_TRUE(service_->DeleteContact(Call(), remove).ok());
  other.mutable_contact()->set_display_name("Rosa");
  EXPECT_EQ(Reason(service_->CreateContact(Call(), other).status()), common::v1::ERROR_REASON_CONTACT_NOT_FOUND);
}

TEST_F(ServiceTest, ABatchIsCreatedWholeOrNotAtAll) {
  v1::BatchCreateContactsRequest batch;
  for (const char* name : {"A", "B"}) batch.add_requests()->mutable_contact()->set_display_name(name);
  batch.mutable_requests(0)->mutable_contact()->set_vcard_uid("uid");
  batch.mutable_requests(1)->mutable_contact()->set_vcard_uid("uid");
  EXPECT_EQ(Reason(service_->BatchCreateContacts(Call(), batch).status()), common::v1::ERROR_REASON_CONTACT_EXISTS);
  EXPECT_THAT(Names(), IsEmpty());
  batch.mutable_requests(1)->mutable_contact()->clear_vcard_uid();
  const auto created = service_->BatchCreateContacts(Call(), batch);
  ASSERT_TRUE(created.ok()) << created.status();
  EXPECT_EQ(created->contacts(1).display_name(), "B");
  EXPECT_THAT(Names(), ElementsAre("A", "B"));
}

TEST_F(ServiceTest, AnUpdateChangesWhatTheMaskNamesAndTheEtag) {
  v1::Contact rosa = Create("Rosa", "rosa@example.com");
  clock_.Advance(absl::Hours(1));
  v1::Contact change;
  change.set_id(rosa.id());
  change.set_etag(rosa.etag());
  change.set_title("Head");
  change.set_display_name("ignored");
  const auto updated = Update(change, {"title", "emails"});
  ASSERT_TRUE(updated.ok()) << updated.status();
  EXPECT_EQ(updated->contact().title(), "Head");
  EXPECT_EQ(updated->contact().display_name(), "Rosa");
  EXPECT_THAT(updated->contact().emails(), IsEmpty());
  EXPECT_NE(updated->contact().etag(), rosa.etag());
  EXPECT_EQ(base::FromProto(updated->contact().update_time()), clock_.Now());
  EXPECT_EQ(Get(rosa.id())->SerializeAsString(), updated->contact().SerializeAsString());

  EXPECT_EQ(Reason(Update(change, {"title"}).status()), common::v1::ERROR_REASON_ETAG_MISMATCH);
  EXPECT_EQ(Reason(Update(change, {}).status()), common::v1::ERROR_REASON_INVALID_FIELD);
  EXPECT_EQ(Reason(Update(change, {"id"}).status()), common::v1::ERROR_REASON_INVALID_FIELD);
  EXPECT_EQ(Reason(Update(change, {"facets.function"}).status()), common::v1::ERROR_REASON_INVALID_FIELD);
}

TEST_F(ServiceTest, PagesAreOfOneRevisionAndOneList) {
  for (const char* name : {"Eva", "Anna", "Tom"}) Create(name);
  v1::ListContactsRequest request;
  request.set_page_size(2);
  const auto first = service_->ListContacts(Call(), request);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->total_size(), 3);
  EXPECT_EQ(first->contacts(0).display_name(), "Anna");
  request.set_page_token(first->next_page_token());
  const auto second = service_->ListContacts(Call(), request);
  ASSERT_TRUE(second.ok()) << second.status();
  ASSERT_THAT(second->contacts(), SizeIs(1));
  EXPECT_EQ(second->contacts(0).display_name(), "Tom");
  EXPECT_EQ(second->next_page_token(), "");

  EXPECT_EQ(Reason(service_->ListContacts(Call("tom"), request).status()), common::v1::ERROR_REASON_INVALID_TOKEN);
  request.set_filter("a");
  EXPECT_EQ(Reason(service_->ListContacts(Call(), request).status()), common::v1::ERROR_REASON_INVALID_TOKEN);
  request.clear_filter();
  Create("Rosa");
  EXPECT_EQ(Reason(service_->ListContacts(Call(), request).status()), common::v1::ERROR_REASON_PAGE_EXPIRED);
}

TEST_F(ServiceTest, APageEndsBeforeAMessageIsTooLarge) {
  v1::BatchCreateContactsRequest batch;
  for (int i = 0; i < 100; ++i) {
    v1::Contact* contact = batch.add_requests()->mutable_contact();
    contact->set_display_name(absl::StrCat("Contact ", i));
    std::string notes;
    for (int j = 0; j < 10'000; ++j) notes += "🙂";
    contact->set_notes(notes);
  }
  ASSERT_TRUE(service_->BatchCreateContacts(Call(), batch).ok());
  v1::ListContactsRequest request;
  request.set_page_size(1000);
  int seen = 0;
  do {
    const auto page = service_->ListContacts(Call(), request);
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_LT(page->ByteSizeLong(), 4U << 20);
    seen += page->contacts_size();
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(seen, 100);
}

TEST_F(ServiceTest, TokensOfTheFutureOfOthersAndGarbageAreRefused) {
  v1::GetRevisionRequest request;
  const auto now = service_->GetRevision(Call(), request);
  ASSERT_TRUE(now.ok());
  EXPECT_EQ(now->revision(), 0);
  const base::Owner anna{"acme", "anna"};
  const auto ask = [&](const std::string& token) {
    v1::GetSettingsRequest read;
    read.add_at_least_as_fresh(token);
    return Reason(service_->GetSettings(Call(), read).status());
  };
  EXPECT_EQ(ask(now->token()), common::v1::ERROR_REASON_UNSPECIFIED);
  EXPECT_EQ(ask("garbage"), common::v1::ERROR_REASON_INVALID_TOKEN);
  EXPECT_EQ(ask(tokens_->MakeConsistencyToken({"acme", "tom"}, {"contacts", now->lineage(), 0})),
            common::v1::ERROR_REASON_INVALID_TOKEN);
  EXPECT_EQ(ask(tokens_->MakeConsistencyToken(anna, {"contacts", now->lineage(), 5})),
            common::v1::ERROR_REASON_TOKEN_FROM_FUTURE);
  EXPECT_EQ(ask(tokens_->MakeConsistencyToken(anna, {"contacts", "another", 0})),
            common::v1::ERROR_REASON_LINEAGE_CHANGED);
  EXPECT_EQ(ask(tokens_->MakeConsistencyToken(anna, {"ledger", "another", 5})), common::v1::ERROR_REASON_UNSPECIFIED);
}

TEST_F(ServiceTest, MergingUnitesContactsAndKeepsTheirIds) {
  v1::Contact a = Create("Anna Berger", "anna@example.com");
  const v1::Contact b = Create("A. Berger", "berger@example.com");
  const v1::Contact c = Create("Berger", "c@example.com");
  const v1::Contact friend_of_b = Create("Tom");
  ASSERT_TRUE(Seat(b.id()).ok());
  v1::SetAcquaintanceRequest know;
  know.set_contact_id(b.id());
  know.set_other_contact_id(friend_of_b.id());
  know.set_acquainted(true);
  ASSERT_TRUE(service_->SetAcquaintance(Call(), know).ok());

  v1::MergeContactsRequest merge;
  merge.set_into_id(b.id());
  merge.add_from_ids(c.id());
  ASSERT_TRUE(service_->MergeContacts(Call(), merge).ok());
  merge.set_into_id(a.id());
  merge.set_from_ids(0, b.id());
  merge.set_request_id("merge-1");
  const auto merged = service_->MergeContacts(Call(), merge);
  ASSERT_TRUE(merged.ok()) << merged.status();
  EXPECT_EQ(merged->contact().display_name(), "Anna Berger");
  EXPECT_THAT(merged->contact().emails(), ElementsAre("anna@example.com", "berger@example.com", "c@example.com"));
  EXPECT_THAT(merged->contact().former_ids(), ElementsAre(b.id(), c.id()));
  EXPECT_THAT(Names(), ElementsAre("Anna Berger", "Tom"));
  EXPECT_EQ(Get(c.id())->id(), a.id()) << "former ids still lead to the contact";

  const auto council = Council();
  ASSERT_THAT(council.seats(), SizeIs(1));
  EXPECT_EQ(council.seats(0).seat().contact_id(), a.id());
  v1::ListAcquaintancesRequest list;
  list.set_contact_id(b.id());
  const auto acquaintances = service_->ListAcquaintances(Call(), list);
  ASSERT_TRUE(acquaintances.ok());
  ASSERT_THAT(acquaintances->acquaintances(), SizeIs(1));

  const auto again = service_->MergeContacts(Call(), merge);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->contact().etag(), merged->contact().etag());
  merge.clear_request_id();
  EXPECT_EQ(service_->MergeContacts(Call(), merge).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(ServiceTest, DuplicatesAreOffered) {
  Create("Anna Berger", "anna@example.com");
  Create("Anna", "ANNA@example.com");
  const auto found = service_->FindDuplicates(Call(), {});
  ASSERT_TRUE(found.ok());
  ASSERT_THAT(found->groups(), SizeIs(1));
  EXPECT_THAT(found->groups(0).contacts(), SizeIs(2));
}

TEST_F(ServiceTest, TheCouncilIsKnownForEveryDay) {
  const absl::Time start = clock_.Now();
  const v1::Contact rosa = Create("Rosa");
  const v1::Contact tom = Create("Tom");
  v1::Seat seat;
  seat.add_roles(common::v1::COUNCIL_ROLE_MENTOR);
  *seat.mutable_seated_time() = base::ToProto(start - absl::Hours(240));
  const auto seated = Seat(rosa.id(), seat);
  ASSERT_TRUE(seated.ok()) << seated.status();
  EXPECT_EQ(base::FromProto(seated->seat().first_seated_time()), start - absl::Hours(240));
  clock_.Advance(absl::Hours(24));
  ASSERT_TRUE(Seat(tom.id()).ok());
  clock_.Advance(absl::Hours(24));
  v1::UnseatContactRequest unseat;
  unseat.set_contact_id(rosa.id());
  ASSERT_TRUE(service_->UnseatContact(Call(), unseat).ok());
  EXPECT_EQ(Reason(service_->UnseatContact(Call(), unseat).status()), common::v1::ERROR_REASON_SEAT_NOT_FOUND);

  const auto names = [this](std::optional<absl::Time> as_of) {
    std::vector<std::string> seen;
    const auto council = Council(as_of);
    for (const auto& one : council.seats()) seen.push_back(one.contact().display_name());
    return seen;
  };
  EXPECT_THAT(names(std::nullopt), ElementsAre("Tom"));
  EXPECT_THAT(names(start - absl::Hours(1)), ElementsAre("Rosa"));
  EXPECT_THAT(names(start + absl::Hours(30)), ElementsAre("Rosa", "Tom"));
  EXPECT_THAT(names(start - absl::Hours(1000)), IsEmpty());
  EXPECT_EQ(Council().revision(), 5);
}

TEST_F(ServiceTest, WhoDiedOrIsNotWantedLeavesTheCouncilAtOnceAndKeepsTheirHistory) {
  const v1::Contact rosa = Create("Rosa");
  ASSERT_TRUE(Seat(rosa.id()).ok());
  const absl::Time seated = clock_.Now();
  clock_.Advance(absl::Hours(48));
  v1::Contact change;
  change.set_id(rosa.id());
  change.set_status(v1::CONTACT_STATUS_DECEASED);
  ASSERT_TRUE(Update(change, {"status"}).ok());
  EXPECT_THAT(Council().seats(), IsEmpty());
  EXPECT_THAT(Council(seated + absl::Hours(1)).seats(), SizeIs(1));
  EXPECT_EQ(Reason(Seat(rosa.id()).status()), common::v1::ERROR_REASON_CONTACT_STATUS);
}

TEST_F(ServiceTest, APausedContactComesBackWithoutTheDay) {
  v1::Contact rosa = Create("Rosa");
  rosa.set_status(v1::CONTACT_STATUS_PAUSED);
  rosa.set_paused_until("2027-01-31");
  rosa.clear_etag();
  ASSERT_TRUE(Update(rosa, {"status", "paused_until"}).ok());
  rosa.set_status(v1::CONTACT_STATUS_ACTIVE);
  const auto active = Update(rosa, {"status"});
  ASSERT_TRUE(active.ok()) << active.status();
  EXPECT_EQ(active->contact().paused_until(), "");
}

TEST_F(ServiceTest, CadencesByTagApplyToSeatsWithoutTheirOwn) {
  v1::Contact rosa = Create("Rosa");
  rosa.add_tags("mentors");
  rosa.clear_etag();
  ASSERT_TRUE(Update(rosa, {"tags"}).ok());
  ASSERT_TRUE(Seat(rosa.id()).ok());
  v1::UpdateSettingsRequest request;
  auto* cadence = request.mutable_settings()->add_tag_cadences();
  cadence->set_tag("mentors");
  cadence->mutable_cadence()->set_seconds(30 * 86400);
  cadence->mutable_longest_gap()->set_seconds(45 * 86400);
  request.mutable_update_mask()->add_paths("tag_cadences");
  request.mutable_settings()->set_etag("0");
  const auto updated = service_->UpdateSettings(Call(), request);
  ASSERT_TRUE(updated.ok()) << updated.status();
  EXPECT_EQ(Reason(service_->UpdateSettings(Call(), request).status()), common::v1::ERROR_REASON_ETAG_MISMATCH);
  EXPECT_EQ(service_->GetSettings(Call(), {})->settings().etag(), updated->settings().etag());
  const auto council = Council();
  ASSERT_THAT(council.seats(), SizeIs(1));
  EXPECT_EQ(council.seats(0).effective_cadence().seconds(), 30 * 86400);
  EXPECT_EQ(council.seats(0).effective_longest_gap().seconds(), 45 * 86400);
}

TEST_F(ServiceTest, TheCouncilSaysWhoAmongItKnowEachOther) {
  std::vector<std::string> ids;
  for (const char* name : {"A", "B", "C"}) ids.push_back(Create(name).id());
  ASSERT_TRUE(Seat(ids[0]).ok());
  ASSERT_TRUE(Seat(ids[1]).ok());
  for (const auto& [one, other] : {std::pair(0, 1), std::pair(1, 2)}) {
    v1::SetAcquaintanceRequest know;
    know.set_contact_id(ids[static_cast<size_t>(other)]);
    know.set_other_contact_id(ids[static_cast<size_t>(one)]);
    know.set_acquainted(true);
    ASSERT_TRUE(service_->SetAcquaintance(Call(), know).ok());
  }
  const auto council = Council();
  ASSERT_THAT(council.acquaintances(), SizeIs(1));
  EXPECT_LT(council.acquaintances(0).contact_id(), council.acquaintances(0).other_contact_id());
  v1::SetAcquaintanceRequest self;
  self.set_contact_id(ids[0]);
  self.set_other_contact_id(ids[0]);
  EXPECT_EQ(service_->SetAcquaintance(Call(), self).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(ServiceTest, AnErasedContactIsGoneWithTheirFormerIds) {
  const v1::Contact a = Create("Anna");
  const v1::Contact b = Create("A.");
  v1::MergeContactsRequest merge;
  merge.set_into_id(a.id());
  merge.add_from_ids(b.id());
  ASSERT_TRUE(service_->MergeContacts(Call(), merge).ok());
  v1::EraseContactRequest erase;
  erase.set_id(b.id());
  ASSERT_TRUE(service_->EraseContact(Call(), erase).ok());
  for (const auto& id : {a.id(), b.id()}) {
    EXPECT_EQ(Reason(Get(id).status()), common::v1::ERROR_REASON_CONTACT_NOT_FOUND);
  }
}

TEST_F(ServiceTest, AnErasedOwnerHasNothingAndGetsNothing) {
  const v1::Contact rosa = Create("Rosa");
  v1::EraseOwnerRequest erase;
  EXPECT_EQ(service_->EraseOwner(Call(), erase).status().code(), absl::StatusCode::kInvalidArgument);
  erase.set_confirmation("erase all my data");
  ASSERT_TRUE(service_->EraseOwner(Call(), erase).ok());
  EXPECT_TRUE(service_->EraseOwner(Call(), erase).ok()) << "again changes nothing";
  EXPECT_THAT(Names(), IsEmpty());
  v1::CreateContactRequest create;
  create.mutable_contact()->set_display_name("Rosa");
  EXPECT_EQ(Reason(service_->CreateContact(Call(), create).status()), common::v1::ERROR_REASON_OWNER_ERASED);
}

TEST_F(ServiceTest, TheRecordOfAccessesShowsWhatWasReadAndWritten) {
  const auto create = [&](const char* name) {
    v1::CreateContactRequest request;
    request.mutable_contact()->set_display_name(name);
    return service_->CreateContact(Call("anna", "CreateContact"), request);
  };
  ASSERT_TRUE(create("A").ok());
  clock_.Advance(absl::Minutes(1));
  ASSERT_TRUE(create("B").ok());
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(service_->GetSettings(Call("anna", "GetSettings"), {}).ok());
  v1::ListAccessRequest request;
  request.set_page_size(2);
  std::vector<std::string> seen;
  do {
    const auto page = service_->ListAccess(Call("anna", "ListAccess"), request);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const auto& record : page->records()) {
      if (record.method() != "ListAccess") seen.push_back(absl::StrCat(record.method(), " ", record.calls()));
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(seen, ElementsAre("CreateContact 1", "CreateContact 1", "GetSettings 3"));
  EXPECT_THAT(service_->ListAccess(Call("tom"), {})->records(), IsEmpty());
}

TEST_F(ServiceTest, OwnersCanTakeAllTheirDataAlong) {
  const v1::Contact rosa = Create("Rosa");
  ASSERT_TRUE(Seat(rosa.id()).ok());
  ChunkWriter<v1::ExportOwnerResponse> writer;
  ASSERT_TRUE(service_->ExportOwner(Call(), {}, writer).ok());
  for (const char* kind :
       {"{\"contact\":{", "{\"seat\":{", "{\"settings\":{", "{\"access\":{", "\"displayName\":\"Rosa\""}) {
    EXPECT_THAT(writer.text, ::testing::HasSubstr(kind));
  }
}

class SmallServiceTest : public ServiceTest {
 protected:
  SmallServiceTest() : ServiceTest({.contacts_per_owner = 2}) {}
};

TEST_F(SmallServiceTest, TheLimitOfContactsHoldsForCreatingAndImporting) {
  Create("A");
  Create("B");
  v1::CreateContactRequest request;
  request.mutable_contact()->set_display_name("C");
  EXPECT_EQ(Reason(service_->CreateContact(Call(), request).status()), common::v1::ERROR_REASON_LIMIT_EXCEEDED);
  const auto imported = Import("BEGIN:VCARD\nFN:C\nEND:VCARD\n");
  ASSERT_TRUE(imported.ok()) << imported.status();
  EXPECT_EQ(imported->created(), 0);
  ASSERT_THAT(imported->skipped(), SizeIs(1));
  EXPECT_EQ(imported->skipped(0).reason(), "there are 2 contacts already, and no more are kept");
}

}  // namespace
}  // namespace council::contacts
