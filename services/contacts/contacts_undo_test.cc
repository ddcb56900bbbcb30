// Imports that are undone, through the service's handlers.

#include <rapidcheck.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/base/status.h"
#include "services/contacts/contacts_common.h"
#include "services/contacts/service_for_test.h"

namespace council::contacts {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// What is known of each contact but when it was changed, by id.
using State = std::map<std::string, std::string>;

std::string Card(const std::string& properties) {
  return absl::StrCat("BEGIN:VCARD\r\nVERSION:3.0\r\n", properties, "END:VCARD\r\n");
}

// Cards of few people, so that some are about the same ones.
std::string RandomCards() {
  std::string file;
  for (int cards = *rc::gen::inRange(1, 8); cards > 0; --cards) {
    const auto maybe = [](const char* property, const std::string& value) {
      return value.empty() ? "" : absl::StrCat(property, ":", value, "\r\n");
    };
    absl::StrAppend(
        &file,
        Card(absl::StrCat(
            maybe("FN", *rc::gen::element<std::string>("Anna Berger", "Tom Ash", "Kim Doe", "Lou Poe", "Max Roe")),
            maybe("EMAIL", *rc::gen::element<std::string>("", "a@example.com", "b@example.com", "c@example.com")),
            maybe("UID", *rc::gen::element<std::string>("", "", "1", "2", "3")),
            maybe("ORG", *rc::gen::element<std::string>("", "Acme", "Widgets")),
            maybe("NOTE", *rc::gen::element<std::string>("", "", "kind")))));
  }
  return file;
}

class ContactsUndoTest : public ServiceTest {
 protected:
  v1::ImportContactsResponse Take(const std::string& file, const std::string& continues = "") {
    clock_.Advance(absl::Minutes(1));
    constexpr size_t kChunkBytes = 1 << 20;
    std::vector<v1::ImportContactsRequest> requests(1);
    requests[0].mutable_options()->set_import_id(continues);
    for (size_t begin = 0; begin < file.size(); begin += kChunkBytes) {
      requests.emplace_back().set_chunk(file.substr(begin, kChunkBytes));
    }
    ListReader<v1::ImportContactsRequest> reader(std::move(requests));
    const auto response = service_->ImportContacts(Call(owner_), reader);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.value_or(v1::ImportContactsResponse());
  }

  absl::StatusOr<v1::UndoImportResponse> Undo(const std::string& import_id) {
    clock_.Advance(absl::Minutes(1));
    v1::UndoImportRequest request;
    request.set_import_id(import_id);
    return service_->UndoImport(Call(owner_), request);
  }

  // With `contents_alone` by what they say, whatever their ids and however old they are.
  State StateNow(bool contents_alone = false) {
    State state;
    const auto take = [&](const v1::OwnerStateRecord& record) {
      if (!record.has_contact()) return absl::OkStatus();
      v1::KeptContact kept = record.contact();
      const std::string id = kept.contact().id();
      kept.mutable_contact()->clear_update_time();
      if (contents_alone) {
        kept.mutable_contact()->clear_id();
        kept.mutable_contact()->clear_create_time();
        state[DigestOf(kept)] += "x";
      } else {
        state[id] = DigestOf(kept);
      }
      return absl::OkStatus();
    };
    EXPECT_TRUE(contacts_->ExportState(Call(owner_), take).ok());
    return state;
  }

  // What the parts of all imports say.
  std::vector<storage::v1::StoredImport> Parts() {
    std::vector<storage::v1::StoredImport> parts;
    const auto read = [&](ContactsSnapshot& snapshot) -> absl::Status {
      const auto imports = snapshot.Imports();
      for (const KeptImport& kept : *imports) {
        for (int64_t part = 0; part < kept.parts; ++part) parts.push_back(**snapshot.ImportPart(kept.id, part));
      }
      return absl::OkStatus();
    };
    EXPECT_TRUE(store_->Read({"acme", owner_}, absl::InfiniteFuture(), read).ok());
    return parts;
  }

  std::string TextOfParts() {
    std::string text;
    for (const storage::v1::StoredImport& part : Parts()) text += part.DebugString();
    return text;
  }

  void Note(const std::string& id) {
    v1::UpdateContactRequest request;
    request.mutable_contact()->set_id(id);
    request.mutable_contact()->set_notes(absl::StrCat("what was written by hand, ", ++notes_));
    request.mutable_update_mask()->add_paths("notes");
    EXPECT_TRUE(service_->UpdateContact(Call(owner_), request).ok());
  }

  void Seat(const std::string& id) {
    v1::SeatContactRequest request;
    request.set_contact_id(id);
    EXPECT_TRUE(service_->SeatContact(Call(owner_), request).ok());
  }

  void Delete(const std::string& id) {
    v1::DeleteContactRequest request;
    request.set_id(id);
    EXPECT_TRUE(service_->DeleteContact(Call(owner_), request).ok());
  }

  void Merge(const std::string& into, const std::string& from) {
    v1::MergeContactsRequest request;
    request.set_into_id(into);
    request.add_from_ids(from);
    EXPECT_TRUE(service_->MergeContacts(Call(owner_), request).ok());
  }

  std::string owner_ = "anna";
  int notes_ = 0;
};

TEST_F(ContactsUndoTest, AllFilesOfAnImportGoAtOnceHoweverManyTheyAre) {
  int owners = 0;
  const bool holds = rc::check([&] {
    owner_ = absl::StrCat("owner ", ++owners);
    Take(RandomCards());
    const State before = StateNow();
    std::string id;
    for (int files = *rc::gen::inRange(2, 15); files > 0; --files) {
      const std::string next = Take(RandomCards(), id).import_id();
      RC_ASSERT(id.empty() || next == id);
      id = next;
    }
    if (id.empty()) return;
    const auto undone = Undo(id);
    RC_ASSERT(undone.ok());
    RC_ASSERT(undone->kept() == 0);
    RC_ASSERT(StateNow() == before);
    RC_ASSERT(base::ReasonOf(Undo(id).status()) == common::v1::ERROR_REASON_IMPORT_NOT_FOUND);
  });
  EXPECT_TRUE(holds);
}

// What hands did to contacts after an import.
struct Touches {
  std::set<std::string> kept;  // Contacts whom undoing leaves as they are, also those that became part of another.
  std::set<std::string> deleted;
};

TEST_F(ContactsUndoTest, AfterUndoingAllIsAsBeforeButForWhatWasChangedSince) {
  int owners = 0;
  const bool holds = rc::check([&] {
    owner_ = absl::StrCat("owner ", ++owners);
    Take(RandomCards());
    std::set<std::string> seated;
    for (const auto& [id, said] : StateNow()) {
      if (*rc::gen::inRange(0, 4) > 0) continue;
      Seat(id);
      seated.insert(id);
    }
    const State before = StateNow();
    const State contents_before = StateNow(true);
    const std::string file = RandomCards();
    const v1::ImportContactsResponse imported = Take(file);
    const State after = StateNow();
    const State contents_after = StateNow(true);
    RC_ASSERT(imported.import_id().empty() == (after == before));
    if (imported.import_id().empty()) return;

    Touches touches;
    const int calm = *rc::gen::element(0, 1);  // Half of the time nothing is touched.
    std::string mergeable;
    for (const auto& [id, said] : after) {
      switch (calm == 1 ? 0 : *rc::gen::inRange(0, 8)) {
        case 1:
          Note(id);
          touches.kept.insert(id);
          break;
        case 2:
          if (!seated.contains(id)) {
            Seat(id);
            touches.kept.insert(id);
          }
          break;
        case 3:
          Delete(id);
          touches.deleted.insert(id);
          break;
        case 4:
          if (mergeable.empty()) {
            mergeable = id;
          } else {
            Merge(mergeable, id);
            touches.kept.insert({mergeable, id});
            mergeable.clear();
          }
          break;
        default:
          break;
      }
    }
    const State touched = StateNow();
    State expected = touched;
    int deleted = 0;
    int restored = 0;
    int kept = 0;
    for (const auto& [id, said] : after) {
      const auto known = before.find(id);
      if (known != before.end() && known->second == said) continue;
      if (touches.deleted.contains(id)) continue;
      if (touches.kept.contains(id)) {
        ++kept;
      } else if (known == before.end()) {
        ++deleted;
        expected.erase(id);
      } else {
        ++restored;
        expected[id] = known->second;
      }
    }
    const auto undone = Undo(imported.import_id());
    RC_ASSERT(undone.ok());
    RC_ASSERT(undone->deleted() == deleted);
    RC_ASSERT(undone->restored() == restored);
    RC_ASSERT(undone->kept() == kept);
    RC_ASSERT(StateNow() == expected);
    RC_ASSERT(base::ReasonOf(Undo(imported.import_id()).status()) == common::v1::ERROR_REASON_IMPORT_NOT_FOUND);
    if (calm == 0) return;

    RC_ASSERT(StateNow(true) == contents_before);
    const v1::ImportContactsResponse again = Take(file);
    RC_ASSERT(again.created() == imported.created());
    RC_ASSERT(again.updated() == imported.updated());
    RC_ASSERT(again.unchanged() == imported.unchanged());
    RC_ASSERT(StateNow(true) == contents_after);
  });
  EXPECT_TRUE(holds);
}

TEST_F(ContactsUndoTest, WhatWasInterruptedIsCompletedAndCountedWhole) {
  std::string file = Card("FN:Contact 7\r\nUID:7\r\n");
  Take(file);
  for (int i = 0; i < 450; ++i) absl::StrAppend(&file, Card(absl::StrCat("FN:Contact ", i, "\r\nUID:", i, "\r\n")));
  // Of the last part, and of one before it.
  absl::StrAppend(&file, Card("FN:Contact 7\r\nUID:7\r\nTITLE:Head\r\n"),
                  Card("FN:Contact 8\r\nUID:8\r\nTITLE:Head\r\n"));
  const State before = StateNow();
  const std::string id = Take(file).import_id();
  // As it would be if each part had been undone, but for the last step.
  const std::vector<storage::v1::StoredImport> parts = Parts();
  const auto first = Undo(id);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->deleted(), 449);
  EXPECT_EQ(first->restored(), 1);
  EXPECT_EQ(StateNow(), before);
  ASSERT_TRUE(store_
                  ->Write({"acme", owner_},
                          [&](ContactsTransaction& transaction) -> absl::Status {
                            // Without that of the first import.
                            for (size_t part = 0; part + 1 < parts.size(); ++part) {
                              COUNCIL_RETURN_IF_ERROR(
                                  transaction.PutImportPart(id, clock_.Now(), static_cast<int64_t>(part), parts[part]));
                            }
                            return absl::OkStatus();
                          })
                  .ok());
  const int64_t revision = service_->GetRevision(Call(owner_), {})->revision();
  const auto again = Undo(id);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->deleted(), 449);
  EXPECT_EQ(again->restored(), 1);
  EXPECT_EQ(again->kept(), 0);
  EXPECT_EQ(service_->GetRevision(Call(owner_), {})->revision(), revision);
  EXPECT_EQ(StateNow(), before);
}

TEST_F(ContactsUndoTest, WhoWasSaidToKnowSomebodyStays) {
  const std::string id = Take(Card("FN:Anna\r\n") + Card("FN:Tom\r\n") + Card("FN:Kim\r\n")).import_id();
  const auto listed = service_->ListContacts(Call(), {});
  v1::SetAcquaintanceRequest know;
  for (const v1::Contact& contact : listed->contacts()) {
    if (contact.display_name() == "Anna") know.set_contact_id(contact.id());
    if (contact.display_name() == "Tom") know.set_other_contact_id(contact.id());
  }
  know.set_acquainted(true);
  ASSERT_TRUE(service_->SetAcquaintance(Call(), know).ok());
  EXPECT_EQ(Undo(id)->kept(), 2);
  EXPECT_THAT(Names(), ElementsAre("Anna", "Tom"));
}

TEST_F(ContactsUndoTest, WhatWritesNothingHasNoIdAndLeavesNoTrace) {
  v1::ImportContactsOptions dry_run;
  dry_run.set_dry_run(true);
  EXPECT_EQ(Import(Card("FN:Anna\r\n"), dry_run)->import_id(), "");
  EXPECT_EQ(Import("BEGIN:VCARD\r\nVERSION:3.0\r\nNOTE:nobody\r\nEND:VCARD\r\n")->import_id(), "");
  EXPECT_THAT(Parts(), IsEmpty());
  EXPECT_NE(Take(Card("FN:Anna\r\n")).import_id(), "");
  EXPECT_EQ(Take(Card("FN:Anna\r\n")).import_id(), "");
}

TEST_F(ContactsUndoTest, TheLastTenOfNinetyDaysAndOnesOwnAlone) {
  std::vector<std::string> ids;
  for (int i = 0; i < 11; ++i) ids.push_back(Take(Card(absl::StrCat("FN:Contact ", i, "\r\n"))).import_id());
  Take(Card("FN:Contact 3\r\n"));  // Brings nothing, and is none of the ten.
  const auto reason = [&](const std::string& id) { return base::ReasonOf(Undo(id).status()); };
  for (const std::string& id : {ids[0], std::string(), std::string("no id"), std::string(36, '0')}) {
    EXPECT_EQ(reason(id), common::v1::ERROR_REASON_IMPORT_NOT_FOUND) << id;
  }
  owner_ = "tom";
  EXPECT_EQ(reason(ids[5]), common::v1::ERROR_REASON_IMPORT_NOT_FOUND);
  owner_ = "anna";
  EXPECT_TRUE(Undo(ids[1]).ok());
  clock_.Advance(absl::Hours(90 * 24) - absl::Minutes(30));
  EXPECT_TRUE(Undo(ids[2]).ok());
  clock_.Advance(absl::Hours(1));
  EXPECT_EQ(reason(ids[10]), common::v1::ERROR_REASON_IMPORT_NOT_FOUND);
  Take(Card("FN:Contact 0\r\n"));
  EXPECT_THAT(Parts(), IsEmpty()) << "the next import forgets those that are too old";
}

TEST_F(ContactsUndoTest, WhatIsTooOldToUndoIsForgottenWithTheNextThatIsTakenAway) {
  for (const bool erase : {false, true}) {
    owner_ = erase ? "erasing" : "deleting";
    Take(Card("FN:Anna\r\n") + Card("FN:Tom\r\n"));
    clock_.Advance(absl::Hours(91 * 24));
    const std::string id = StateNow().begin()->first;
    if (erase) {
      v1::EraseContactRequest request;
      request.set_id(id);
      ASSERT_TRUE(service_->EraseContact(Call(owner_), request).ok());
    } else {
      Delete(id);
    }
    EXPECT_THAT(Parts(), IsEmpty());
  }
}

TEST_F(ContactsUndoTest, WhatWasUpdatedBeyondWhatAnImportKeepsStaysAndIsCounted) {
  const std::string note(9'000, 'x');
  std::string known;
  std::string titles;
  for (int i = 0; i < 1'000; ++i) {
    const std::string who = absl::StrCat("FN:Contact ", i, "\r\nUID:", i, "\r\n");
    absl::StrAppend(&known, Card(absl::StrCat(who, "NOTE:", note, "\r\n")));
    absl::StrAppend(&titles, Card(absl::StrCat(who, "TITLE:Head\r\n")));
  }
  Take(known);
  const v1::ImportContactsResponse imported = Take(titles + Card("FN:Somebody new\r\n"));
  EXPECT_EQ(imported.updated(), 1'000);
  EXPECT_LT(TextOfParts().size(), size_t{10} << 20);
  const auto undone = Undo(imported.import_id());
  ASSERT_TRUE(undone.ok()) << undone.status();
  EXPECT_EQ(undone->deleted(), 1);
  EXPECT_GT(undone->restored(), 800);
  EXPECT_GT(undone->kept(), 50);
  EXPECT_EQ(undone->restored() + undone->kept(), 1'000);
}

TEST_F(ContactsUndoTest, AnInterruptedUndoKeepsNothingOfWhomItDeleted) {
  std::string file;
  for (int i = 0; i < 401; ++i) {
    absl::StrAppend(&file,
                    Card(absl::StrCat("FN:Contact ", i, "\r\nUID:", i, "\r\n", i == 300 ? "NOTE:a secret\r\n" : "")));
  }
  // One of the second part again, in the third.
  absl::StrAppend(&file, Card("FN:Contact 300\r\nUID:300\r\nTITLE:Head\r\n"));
  const std::string import_id = Take(file).import_id();
  ASSERT_THAT(TextOfParts(), HasSubstr("a secret"));
  std::string id;
  const std::vector<storage::v1::StoredImport> parts = Parts();
  for (const storage::v1::ImportedContact& imported : parts.back().contacts()) {
    if (imported.has_before()) id = imported.contact_id();
  }
  v1::UndoImportRequest request;
  request.set_import_id(import_id);
  const rpc::CallContext goes("Test", Call(owner_).principal(), absl::InfiniteFuture(),
                              [&] { return !Get(id, owner_).ok(); });
  EXPECT_EQ(service_->UndoImport(goes, request).status().code(), absl::StatusCode::kCancelled);
  EXPECT_THAT(TextOfParts(), Not(HasSubstr("a secret")));
  EXPECT_THAT(TextOfParts(), HasSubstr(id));
  const auto undone = Undo(import_id);
  ASSERT_TRUE(undone.ok()) << undone.status();
  EXPECT_EQ(undone->deleted(), 401);
  EXPECT_EQ(undone->kept(), 0);
  EXPECT_THAT(StateNow(), IsEmpty());
}

TEST_F(ContactsUndoTest, TwoCallsThatContinueAnImportAtOnceAreUndoneTogether) {
  const std::string id = Take(Card("FN:First\r\nUID:1\r\n")).import_id();
  std::vector<v1::ImportContactsRequest> requests(2);
  requests[0].mutable_options()->set_import_id(id);
  for (int i = 0; i < 50; ++i) {
    requests[1].mutable_chunk()->append(Card(absl::StrCat("FN:Third ", i, "\r\nUID:3 ", i, "\r\n")));
  }
  ListReader<v1::ImportContactsRequest> reader(std::move(requests));
  int asked = 0;
  const rpc::CallContext meanwhile("Test", Call(owner_).principal(), absl::InfiniteFuture(), [&] {
    if (++asked == 25) {
      EXPECT_EQ(Take(Card("FN:Second\r\nUID:2\r\n"), id).import_id(), id);
    }
    return false;
  });
  ASSERT_TRUE(service_->ImportContacts(meanwhile, reader).ok());
  EXPECT_GT(asked, 25);
  EXPECT_EQ(StateNow().size(), 52u);
  const auto undone = Undo(id);
  ASSERT_TRUE(undone.ok()) << undone.status();
  EXPECT_EQ(undone->deleted(), 52);
  EXPECT_THAT(StateNow(), IsEmpty());
}

TEST_F(ContactsUndoTest, WhatAnImportKeepsOfAContactIsExportedAndGoesWithThem) {
  for (const bool erase : {false, true}) {
    owner_ = erase ? "erasing" : "deleting";
    Take(Card("FN:Anna\r\nUID:1\r\nNOTE:a secret\r\n") + Card("FN:Tom\r\nUID:2\r\nNOTE:another\r\n"));
    Take(Card("FN:Anna\r\nUID:1\r\nTITLE:Head\r\n") + Card("FN:Tom\r\nUID:2\r\nTITLE:Head\r\n"));
    EXPECT_THAT(TextOfParts(), HasSubstr("a secret"));
    ChunkWriter<v1::ExportOwnerResponse> exported;
    ASSERT_TRUE(service_->ExportOwner(Call(owner_), {}, exported).ok());
    EXPECT_THAT(exported.text, HasSubstr("{\"import\":{"));

    const auto listed = service_->ListContacts(Call(owner_), {});
    const std::string id = listed->contacts(0).id();
    ASSERT_EQ(listed->contacts(0).display_name(), "Anna");
    if (erase) {
      v1::EraseContactRequest request;
      request.set_id(id);
      ASSERT_TRUE(service_->EraseContact(Call(owner_), request).ok());
    } else {
      Delete(id);
    }
    EXPECT_THAT(TextOfParts(), Not(HasSubstr("a secret")));
    EXPECT_THAT(TextOfParts(), Not(HasSubstr(id)));
    EXPECT_THAT(TextOfParts(), HasSubstr("another"));
  }
}

}  // namespace
}  // namespace council::contacts
