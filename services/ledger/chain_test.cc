#include "services/ledger/chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "libs/base/proto_time.h"
#include "libs/seal/hash.h"
#include "services/ledger/canonical.h"

namespace council::ledger {
namespace {

struct Link {
  v1::Interaction entry;
  std::vector<std::string> salts;
  std::vector<std::string> erased{};
};

v1::Interaction Talk(int number) {
  v1::Interaction entry;
  entry.set_id(absl::StrCat("id-", number));
  entry.set_kind(v1::INTERACTION_KIND_INTERACTION);
  entry.add_contact_ids("ann");
  entry.add_contact_ids("bob");
  *entry.mutable_occur_time() = base::ToProto(absl::FromUnixSeconds(1000 + number));
  *entry.mutable_record_time() = base::ToProto(absl::FromUnixSeconds(2000 + number));
  entry.set_channel(v1::CHANNEL_PHONE);
  entry.set_depth(v1::INTERACTION_DEPTH_UPDATE);
  entry.add_domains(common::v1::LIFE_DOMAIN_CAREER);
  v1::Benefit& benefit = *entry.add_benefits();
  benefit.set_contact_id("ann");
  benefit.set_direction(v1::BENEFIT_DIRECTION_GIVEN);
  benefit.set_kind(v1::BENEFIT_KIND_INTRODUCTION);
  benefit.set_introduced_contact_id("cid");
  entry.set_energy(1);
  *entry.mutable_duration() = base::ToProto(absl::Minutes(20));
  entry.set_note("note");
  v1::Promise& promise = *entry.add_promises();
  promise.set_id("p");
  promise.set_text("text");
  promise.set_due_day("2026-01-01");
  entry.add_closes_promises("q");
  entry.set_source("cli");
  return entry;
}

std::vector<Link> Chain(int length, std::uint64_t seed = 1) {
  base::SeededRandom random(seed);
  std::vector<Link> links;
  std::string previous = ZeroHash();
  for (int i = 1; i <= length; ++i) {
    v1::Interaction entry = Talk(i);
    const Commitments commitments = Commit(entry, random);
    entry.set_sequence(i);
    entry.set_previous_hash(previous);
    previous = ChainHash("chain", i, previous, base::FromProto(entry.record_time()), commitments.values);
    entry.set_hash(previous);
    links.push_back({entry, commitments.salts});
  }
  return links;
}

// The first broken entry; 0 where all hold.
std::int64_t Verify(const std::vector<Link>& links, std::int64_t head_sequence, const std::string& head_hash) {
  ChainVerifier verifier("chain", 1, ZeroHash());
  for (const Link& link : links) {
    if (!verifier.Add(link.entry, link.salts, link.erased)) break;
  }
  verifier.Finish(head_sequence, head_hash);
  EXPECT_EQ(verifier.broken_sequence() == 0, verifier.problem().empty());
  return verifier.broken_sequence();
}

// Every way in which the content of an entry can be edited.
const std::vector<std::function<void(v1::Interaction&)>>& Edits() {
  static const auto* const edits = new std::vector<std::function<void(v1::Interaction&)>>{
      [](v1::Interaction& e) { e.set_id("other"); },
      [](v1::Interaction& e) { e.set_kind(v1::INTERACTION_KIND_RETRACTION); },
      [](v1::Interaction& e) { e.set_contact_ids(1, "eve"); },
      [](v1::Interaction& e) { e.mutable_contact_ids()->SwapElements(0, 1); },
      [](v1::Interaction& e) { e.mutable_contact_ids()->RemoveLast(); },
      [](v1::Interaction& e) { e.mutable_occur_time()->set_nanos(1000); },
      [](v1::Interaction& e) { e.mutable_record_time()->set_nanos(1000); },
      [](v1::Interaction& e) { e.set_channel(v1::CHANNEL_CHAT); },
      [](v1::Interaction& e) { e.set_depth(v1::INTERACTION_DEPTH_COUNSEL); },
      [](v1::Interaction& e) { e.clear_domains(); },
      [](v1::Interaction& e) { e.mutable_benefits(0)->set_weight(5); },
      [](v1::Interaction& e) { e.mutable_benefits(0)->set_contact_id("bob"); },
      [](v1::Interaction& e) { e.mutable_benefits(0)->set_introduced_contact_id("dan"); },
      [](v1::Interaction& e) { e.clear_benefits(); },
      [](v1::Interaction& e) { e.set_energy(0); },
      [](v1::Interaction& e) { e.clear_energy(); },
      [](v1::Interaction& e) { e.clear_duration(); },
      [](v1::Interaction& e) { e.set_note("Note"); },
      [](v1::Interaction& e) { e.clear_note(); },
      [](v1::Interaction& e) { e.mutable_promises(0)->set_text("other"); },
      [](v1::Interaction& e) { e.mutable_promises(0)->set_due_day("2026-01-02"); },
      [](v1::Interaction& e) { e.mutable_promises(0)->set_by_me(true); },
      [](v1::Interaction& e) { e.set_closes_promises(0, "r"); },
      [](v1::Interaction& e) { e.set_source("csv"); },
      [](v1::Interaction& e) { e.set_corrects(1); },
      [](v1::Interaction& e) { e.set_corrected_by(9); },
      [](v1::Interaction& e) { e.mutable_hash()->front() ^= 1; },
  };
  return *edits;
}

TEST(ChainTest, AnUntouchedChainHolds) {
  const std::vector<Link> links = Chain(5);
  EXPECT_EQ(Verify(links, 5, links.back().entry.hash()), 0);
  EXPECT_EQ(Verify({}, 0, ZeroHash()), 0);
}

TEST(ChainTest, EveryEditOfAnEntryIsFoundAtThatEntry) {
  for (std::size_t i = 0; i < Edits().size(); ++i) {
    std::vector<Link> links = Chain(3);
    const std::string head = links.back().entry.hash();
    Edits()[i](links[1].entry);
    EXPECT_EQ(Verify(links, 3, head), 2) << "edit " << i;
  }
}

RC_GTEST_PROP(ChainProperty, AnyRemovedReorderedRepeatedOrExchangedEntryIsFound, ()) {
  const int length = *rc::gen::inRange(2, 12);
  std::vector<Link> links = Chain(length);
  const std::string head = links.back().entry.hash();
  const auto at = *rc::gen::inRange<std::size_t>(0, links.size());
  const auto to = *rc::gen::inRange<std::size_t>(0, links.size());
  switch (*rc::gen::inRange(0, 4)) {
    case 0:
      links.erase(links.begin() + static_cast<std::ptrdiff_t>(at));
      break;
    case 1:
      RC_PRE(at != to);
      std::swap(links[at], links[to]);
      break;
    case 2:
      links.insert(links.begin() + static_cast<std::ptrdiff_t>(to), links[at]);
      break;
    default:
      links[at] = Chain(length, 2)[at];  // The same entry as another chain has it.
  }
  RC_ASSERT(Verify(links, length, head) > 0);
}

TEST(ChainTest, ACutOffTailIsFoundByTheHead) {
  std::vector<Link> links = Chain(5);
  const std::string head = links.back().entry.hash();
  links.resize(3);
  EXPECT_EQ(Verify(links, 5, head), 4);
}

TEST(ChainTest, AMarkOfCorrectionWithoutACorrectionIsFound) {
  std::vector<Link> links = Chain(3);
  links[0].entry.set_corrected_by(3);
  EXPECT_EQ(Verify(links, 3, links.back().entry.hash()), 3);
}

TEST(ChainTest, EqualContentsHaveNothingInCommon) {
  base::SeededRandom random(1);
  const Commitments a = Commit(Talk(1), random);
  const Commitments b = Commit(Talk(1), random);
  for (std::size_t i = 0; i < a.values.size(); ++i) EXPECT_NE(a.values[i], b.values[i]);
  EXPECT_THAT(a.values, ::testing::SizeIs(6));  // Shared, two contacts, who was introduced, note, promise.
}

// Written down so that no later version reads an old ledger as broken.
TEST(CanonicalTest, TheFirstVersionsBytesStayAsTheyAre) {
  std::string all;
  for (const std::string& part : CanonicalParts(Talk(1))) all += part;
  EXPECT_EQ(absl::BytesToHexString(seal::Sha256({all})),
            "56632d61583aad31a63d3ae58dfa4001d32d3ef1ec05f51696b4c68324b6a675");
}

TEST(CanonicalTest, RequestsThatDifferInTextAloneDifferInTheTextsDigestAlone) {
  v1::Interaction other = Talk(1);
  other.set_note("other");
  EXPECT_EQ(DigestRequest("append", 0, Talk(1)).content, DigestRequest("append", 0, other).content);
  EXPECT_NE(DigestRequest("append", 0, Talk(1)).text, DigestRequest("append", 0, other).text);
  EXPECT_NE(DigestRequest("append", 0, Talk(1)).content, DigestRequest("correct", 0, Talk(1)).content);
  EXPECT_NE(DigestRequest("correct", 1, Talk(1)).content, DigestRequest("correct", 2, Talk(1)).content);
}

}  // namespace
}  // namespace council::ledger
