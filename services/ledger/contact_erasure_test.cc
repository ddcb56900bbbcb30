// Erasing a contact from entries: what goes, what stays, and that the chain holds.
#include "services/ledger/contact_erasure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/proto_time.h"
#include "libs/base/random.h"
#include "libs/ties/tie_summary.h"
#include "services/ledger/chain.h"

namespace council::ledger {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kChain[] = "chain";
constexpr char kAnn[] = "0190a000-0000-7000-8000-00000000000a";
constexpr char kBob[] = "0190a000-0000-7000-8000-00000000000b";
constexpr char kCid[] = "0190a000-0000-7000-8000-00000000000c";

// A ledger in memory: entries with their place in the chain.
class Chain {
 public:
  EntryRow& Append(v1::Interaction content) {
    EntryRow row;
    row.entry = std::move(content);
    Commitments commitments = Commit(row.entry, *random_);
    row.salts = std::move(commitments.salts);
    row.entry.set_sequence(static_cast<std::int64_t>(rows_.size()) + 1);
    row.entry.set_previous_hash(head_);
    head_ =
        ChainHash(kChain, row.entry.sequence(), head_, base::FromProto(row.entry.record_time()), commitments.values);
    row.entry.set_hash(head_);
    rows_.push_back(std::move(row));
    return rows_.back();
  }

  // Erases the contact everywhere, and appends the entry that says so.
  void Erase(const ContactIds& contact) {
    v1::Interaction erasure;
    erasure.set_kind(v1::INTERACTION_KIND_ERASURE);
    for (EntryRow& row : rows_) {
      const auto named = EraseFrom(row, contact);
      RC_ASSERT(named.ok());
      if (*named) erasure.add_erases(row.entry.sequence());
    }
    if (!erasure.erases().empty()) Append(erasure);
  }

  // Why it does not hold; empty where it does.
  std::string Problem() const {
    ChainVerifier verifier(kChain, 1, ZeroHash());
    for (const EntryRow& row : rows_) verifier.Add(row.entry, row.salts, row.erased);
    verifier.Finish(static_cast<std::int64_t>(rows_.size()), head_);
    return verifier.problem();
  }

  std::vector<EntryRow>& rows() { return rows_; }

 private:
  // Shared by copies.
  std::shared_ptr<base::SeededRandom> random_ = std::make_shared<base::SeededRandom>(3);
  std::string head_ = ZeroHash();
  std::vector<EntryRow> rows_;
};

v1::Interaction TalkOf(const std::vector<std::string>& contacts) {
  v1::Interaction entry;
  entry.set_kind(v1::INTERACTION_KIND_INTERACTION);
  for (const std::string& id : contacts) entry.add_contact_ids(id);
  *entry.mutable_occur_time() = base::ToProto(absl::FromUnixSeconds(1'750'000'000));
  entry.set_note("planted note");
  return entry;
}

v1::Benefit BenefitOf(const std::string& contact, const std::string& introduced = "") {
  v1::Benefit benefit;
  benefit.set_contact_id(contact);
  benefit.set_direction(v1::BENEFIT_DIRECTION_GIVEN);
  benefit.set_kind(introduced.empty() ? v1::BENEFIT_KIND_ADVICE : v1::BENEFIT_KIND_INTRODUCTION);
  benefit.set_weight(3);
  benefit.set_introduced_contact_id(introduced);
  return benefit;
}

v1::Interaction AnyEntry() {
  const std::vector<std::string> all = {kAnn, kBob, kCid};
  std::vector<std::string> named;
  const int mask = *rc::gen::inRange(1, 8);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if ((mask >> i & 1) != 0) named.push_back(all[i]);
  }
  v1::Interaction entry = TalkOf(named);
  if (*rc::gen::arbitrary<bool>()) entry.clear_note();
  const int benefits = *rc::gen::inRange(0, 4);
  for (int i = 0; i < benefits; ++i) {
    const std::string whom = *rc::gen::arbitrary<bool>() ? "" : *rc::gen::elementOf(named);
    *entry.add_benefits() = BenefitOf(whom, *rc::gen::arbitrary<bool>() ? "" : *rc::gen::elementOf(all));
  }
  const int promises = *rc::gen::inRange(0, 3);
  for (int i = 0; i < promises; ++i) {
    v1::Promise& promise = *entry.add_promises();
    promise.set_id(absl::StrCat("promise ", i));
    promise.set_text("planted promise");
    promise.set_due_day("2026-01-01");
  }
  if (*rc::gen::arbitrary<bool>()) entry.set_energy(*rc::gen::inRange(-2, 3));
  entry.set_depth(static_cast<v1::InteractionDepth>(*rc::gen::inRange(0, 5)));
  return entry;
}

RC_GTEST_PROP(ContactErasureProperty, AnyErasuresLeaveAChainThatVerifiesAndNothingOfWhomTheyWere, ()) {
  Chain chain;
  const int entries = *rc::gen::inRange(1, 12);
  for (int i = 0; i < entries; ++i) chain.Append(AnyEntry());
  const std::vector<std::string> erased = *rc::gen::container<std::vector<std::string>>(
      *rc::gen::inRange(1, 4), rc::gen::element<std::string>(kAnn, kBob, kCid));
  for (const std::string& contact : erased) {
    chain.Erase({contact});
    if (*rc::gen::arbitrary<bool>()) chain.Append(TalkOf({kAnn, kBob}));
  }
  RC_ASSERT(chain.Problem().empty());
  // Whoever came back after their erasure was entered anew.
  Chain last = chain;
  for (const std::string& contact : erased) last.Erase({contact});
  RC_ASSERT(last.Problem().empty());
  for (const EntryRow& row : last.rows()) {
    const std::string text = row.entry.DebugString();
    for (const std::string& contact : erased) RC_ASSERT(text.find(contact) == std::string::npos);
    if (row.erased.empty()) continue;
    RC_ASSERT(text.find("planted") == std::string::npos);
  }
}

RC_GTEST_PROP(ContactErasureProperty, TheTiesOfTheOthersStayAsTheyWere, ()) {
  Chain chain;
  const int entries = *rc::gen::inRange(1, 12);
  for (int i = 0; i < entries; ++i) chain.Append(AnyEntry());
  const auto tie = [&chain](const std::string& contact) {
    std::vector<v1::Interaction> all;
    for (const EntryRow& row : chain.rows()) all.push_back(row.entry);
    return ties::BuildTie(contact, {&contact, 1}, all, absl::InfiniteFuture()).SerializeAsString();
  };
  const std::string bob = tie(kBob);
  const std::string cid = tie(kCid);
  chain.Erase({kAnn});
  RC_ASSERT(tie(kBob) == bob);
  RC_ASSERT(tie(kCid) == cid);
}

TEST(ContactErasureTest, WhoTookPartGoesWithNotesAndBenefitsAndTheRestStays) {
  Chain chain;
  v1::Interaction talk = TalkOf({kAnn, kBob});
  *talk.add_benefits() = BenefitOf(kAnn);
  *talk.add_benefits() = BenefitOf(kBob, kAnn);
  *talk.add_benefits() = BenefitOf("");
  v1::Promise& promise = *talk.add_promises();
  promise.set_id("p");
  promise.set_text("planted promise");
  promise.set_due_day("2026-01-01");
  talk.set_energy(2);
  EntryRow& row = chain.Append(talk);
  row.request = {.content = "digest", .text = "digest"};
  const std::string hash = row.entry.hash();
  ASSERT_TRUE(EraseFrom(row, {kAnn}).value());
  EXPECT_THAT(row.entry.contact_ids(), ElementsAre("", kBob));
  ASSERT_EQ(row.entry.benefits_size(), 3);
  EXPECT_EQ(row.entry.benefits(0).ByteSizeLong(), 0u);
  EXPECT_EQ(row.entry.benefits(1).contact_id(), kBob);
  EXPECT_EQ(row.entry.benefits(1).introduced_contact_id(), "");
  EXPECT_EQ(row.entry.benefits(2).weight(), 3);
  EXPECT_EQ(row.entry.note(), "");
  EXPECT_EQ(row.entry.promises(0).text(), "");
  EXPECT_EQ(row.entry.promises(0).due_day(), "2026-01-01");
  EXPECT_EQ(row.entry.energy(), 2);
  EXPECT_EQ(row.entry.hash(), hash);
  EXPECT_EQ(row.request.content + row.request.text, "") << "a digest could be guessed open";
  EXPECT_EQ(row.salts.size(), 6u);
  EXPECT_EQ(row.erased.size(), 4u) << "Ann, who was introduced, the note, the promise";
  EXPECT_FALSE(EraseFrom(row, {kAnn}).value()) << "again changes nothing";
}

TEST(ContactErasureTest, AnEntryThatDoesNotNameThemIsNotTouched) {
  Chain chain;
  EntryRow& row = chain.Append(TalkOf({kBob}));
  const std::string before = row.entry.SerializeAsString();
  EXPECT_FALSE(EraseFrom(row, {kAnn}).value());
  EXPECT_EQ(row.entry.SerializeAsString(), before);
}

TEST(ContactErasureTest, APartThatIsMissingWithoutAnErasureThatSaysSoIsFound) {
  Chain chain;
  ASSERT_TRUE(EraseFrom(chain.Append(TalkOf({kAnn})), {kAnn}).value());
  chain.Append(TalkOf({kBob}));
  EXPECT_THAT(chain.Problem(), HasSubstr("entry 1 is missing"));
  v1::Interaction erasure;
  erasure.set_kind(v1::INTERACTION_KIND_ERASURE);
  erasure.add_erases(2);
  chain.Append(erasure);
  EXPECT_THAT(chain.Problem(), HasSubstr("entry 1 is missing")) << "it names another one";
}

TEST(ContactErasureTest, WhatAnErasureNamesIsPartOfItsHash) {
  Chain chain;
  ASSERT_TRUE(EraseFrom(chain.Append(TalkOf({kAnn})), {kAnn}).value());
  v1::Interaction erasure;
  erasure.set_kind(v1::INTERACTION_KIND_ERASURE);
  erasure.add_erases(1);
  chain.Append(erasure);
  ASSERT_EQ(chain.Problem(), "");
  chain.rows().back().entry.add_erases(2);
  EXPECT_THAT(chain.Problem(), HasSubstr("entry 2"));
}

TEST(ContactErasureTest, ABlankThatWasFilledAgainAndACommitmentThatWasChangedAreFound) {
  Chain chain;
  chain.Append(TalkOf({kAnn, kBob}));
  chain.Erase({kAnn});
  ASSERT_EQ(chain.Problem(), "");
  Chain filled = chain;
  filled.rows()[0].entry.set_contact_ids(0, kCid);
  EXPECT_THAT(filled.Problem(), HasSubstr("entry 1"));
  Chain noted = chain;
  noted.rows()[0].entry.set_note("another note");
  EXPECT_THAT(noted.Problem(), HasSubstr("entry 1"));
  Chain changed = chain;
  changed.rows()[0].erased[0][0] ^= 1;
  EXPECT_THAT(changed.Problem(), HasSubstr("entry 1"));
  Chain shared = chain;
  shared.rows()[0].erased.insert(shared.rows()[0].erased.begin(), std::string(32, 'x'));
  shared.rows()[0].salts[0].clear();
  EXPECT_THAT(shared.Problem(), HasSubstr("entry 1")) << "what is nobody's can't be erased";
}

TEST(ContactErasureTest, EventsAndPlansForgetWhomTheyNamedAndTheirText) {
  EventRecord record;
  record.attendees = {{"ann@example.com", kAnn}, {"bob@example.com", kBob}};
  record.imported = TalkOf({kAnn, kBob});
  EXPECT_TRUE(EraseFrom(record, {kAnn}));
  EXPECT_THAT(record.imported.contact_ids(), ElementsAre(kBob));
  EXPECT_EQ(record.attendees.size(), 1u);
  EXPECT_THAT(record.imported.DebugString(), Not(HasSubstr("planted")));
  EXPECT_TRUE(record.text_erased);
  EXPECT_FALSE(EraseFrom(record, {kAnn}));
  v1::Plan plan;
  plan.add_contact_ids(kAnn);
  plan.set_title("planted title");
  EXPECT_FALSE(EraseFrom(plan, {kBob}));
  EXPECT_TRUE(EraseFrom(plan, {kAnn}));
  EXPECT_TRUE(plan.contact_ids().empty());
  EXPECT_EQ(plan.title(), "");
}

}  // namespace
}  // namespace council::ledger
