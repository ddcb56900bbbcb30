#include "services/contacts/contacts_watch.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/base/status.h"
#include "rapidcheck/gtest.h"
#include "services/contacts/service_for_test.h"

namespace council::contacts {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class ContactsWatchTest : public ServiceTest {
 public:
  using Source = rpc::ChangeSource<v1::WatchContactsResponse>;

  absl::StatusOr<std::unique_ptr<Source>> Watch(const std::string& token, const std::string& subject = "anna") {
    v1::WatchContactsRequest request;
    request.set_watch_token(token);
    return service_->WatchContacts(Call(subject, "WatchContacts"), request, [this] { ++woken_; });
  }

  // Names of the contacts told, with "-" before those that are gone, and "" for a change of no contact. Keeps the last
  // token.
  static std::vector<std::string> Told(Source& source, std::string& token) {
    std::vector<std::string> told;
    const std::vector<v1::WatchContactsResponse> page = source.Next().value();
    for (const v1::WatchContactsResponse& response : page) {
      told.push_back(response.deleted() ? "-" + response.contact().id() : response.contact().display_name());
      token = response.watch_token();
    }
    return told;
  }

  void Rename(const std::string& id, const std::string& name) {
    v1::UpdateContactRequest request;
    request.mutable_contact()->set_id(id);
    request.mutable_contact()->set_display_name(name);
    request.mutable_update_mask()->add_paths("display_name");
    EXPECT_TRUE(service_->UpdateContact(Call(), request).ok());
  }

  void Delete(const std::string& id) {
    v1::DeleteContactRequest request;
    request.set_id(id);
    EXPECT_TRUE(service_->DeleteContact(Call(), request).ok());
  }

  int woken_ = 0;
};

TEST_F(ContactsWatchTest, BeginsWithItsPlaceAndTellsWhatComesAfterIt) {
  Create("before");
  std::string token;
  const auto source = Watch("").value();
  EXPECT_THAT(Told(*source, token), ElementsAre(""));
  const v1::Contact rosa = Create("Rosa");
  const v1::Contact tom = Create("Tom");
  EXPECT_EQ(woken_, 2);
  EXPECT_THAT(Told(*source, token), ElementsAre("Rosa", "Tom"));
  Rename(rosa.id(), "Rosa Luz");
  ASSERT_TRUE(Seat(rosa.id()).ok());
  EXPECT_THAT(Told(*source, token), ElementsAre("Rosa Luz", ""));
  Delete(tom.id());
  EXPECT_THAT(Told(*source, token), ElementsAre("-" + tom.id()));
  EXPECT_THAT(Told(*source, token), IsEmpty());
}

TEST_F(ContactsWatchTest, ATokenOfAnotherOwnerIsNone) {
  std::string token;
  const auto source = Watch("").value();
  Told(*source, token);
  EXPECT_EQ(Watch(token, "tom").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Watch("garbage").status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(ContactsWatchTest, TellsMergedContactsAsGoneAndEndsWithTheOwner) {
  const v1::Contact rosa = Create("Rosa");
  const v1::Contact double_of_rosa = Create("Rosa Luz");
  std::string token;
  const auto source = Watch("").value();
  Told(*source, token);
  v1::MergeContactsRequest merge;
  merge.set_into_id(rosa.id());
  merge.add_from_ids(double_of_rosa.id());
  ASSERT_TRUE(service_->MergeContacts(Call(), merge).ok());
  EXPECT_THAT(Told(*source, token), UnorderedElementsAre("Rosa", "-" + double_of_rosa.id()));
  v1::EraseContactRequest erase;
  erase.set_id(rosa.id());
  ASSERT_TRUE(service_->EraseContact(Call(), erase).ok());
  EXPECT_THAT(Told(*source, token), ElementsAre("-" + rosa.id()));
  v1::EraseOwnerRequest erase_all;
  erase_all.set_confirmation("erase all my data");
  ASSERT_TRUE(service_->EraseOwner(Call(), erase_all).ok());
  EXPECT_EQ(base::ReasonOf(source->Next().status()), common::v1::ERROR_REASON_OWNER_ERASED);
}

TEST_F(ContactsWatchTest, WhoComesBackMissesNothingAndSeesNothingTwice) {
  std::string token;
  Told(*Watch("").value(), token);
  std::map<std::string, std::string> told;  // By id: the etag, or "gone".
  std::set<std::string> alive;
  const bool holds = rc::check([&] {
    const int changes = *rc::gen::inRange(0, 8);
    for (int i = 0; i < changes; ++i) {
      const int kind = *rc::gen::inRange(0, 4);
      if (kind < 2 || alive.empty()) {
        alive.insert(Create("new").id());
      } else {
        const std::string id = *rc::gen::elementOf(alive);
        if (kind == 2) {
          Rename(id, "renamed" + std::to_string(*rc::gen::inRange(0, 1000)));
        } else {
          Delete(id);
          alive.erase(id);
        }
      }
    }
    // Reads on, loses the connection in the midst of a page, and comes back.
    for (bool more = true; more;) {
      const auto source = Watch(token).value();
      const auto page = source->Next().value();
      more = !page.empty();
      const std::size_t taken = *rc::gen::inRange<std::size_t>(page.empty() ? 0 : 1, page.size() + 1);
      for (std::size_t i = 0; i < taken; ++i) {
        token = page[i].watch_token();
        if (!page[i].has_contact()) continue;
        const std::string state = page[i].deleted() ? "gone" : page[i].contact().etag();
        RC_ASSERT(told[page[i].contact().id()] != state);
        told[page[i].contact().id()] = state;
      }
    }
    for (const auto& [id, state] : told) RC_ASSERT((state != "gone") == alive.contains(id));
    for (const std::string& id : alive) RC_ASSERT(told.at(id) == Get(id)->etag());
  });
  EXPECT_TRUE(holds);
}

}  // namespace
}  // namespace council::contacts
