#include "services/ledger/heads_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "libs/seal/hash.h"
#include "services/ledger/ledger_store_under_test.h"

namespace council::ledger {
namespace {

// RFC 6962, 2.1, as it is written there.
std::string TreeHash(const std::vector<std::string>& leaves) {
  if (leaves.empty()) return seal::Sha256({});
  if (leaves.size() == 1) return seal::Sha256({std::string_view("\0", 1), leaves[0]});
  std::size_t split = 1;
  while (2 * split < leaves.size()) split *= 2;
  const auto middle = leaves.begin() + static_cast<std::ptrdiff_t>(split);
  return seal::Sha256({"\1", TreeHash({leaves.begin(), middle}), TreeHash({middle, leaves.end()})});
}

std::string RootOf(const std::vector<std::string>& leaves) {
  MerkleTree tree;
  for (const std::string& leaf : leaves) tree.Add(leaf);
  return tree.Root();
}

RC_GTEST_PROP(MerkleTreeProperty, TheRootIsThatOfTheDefinition, (const std::vector<std::string>& leaves)) {
  RC_ASSERT(RootOf(leaves) == TreeHash(leaves));
}

TEST(MerkleTreeTest, TheRootIsThatOfPublishedTrees) {
  // The test vectors of certificate transparency's reference implementation.
  std::vector<std::string> leaves;
  for (const char* leaf :
       {"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"}) {
    leaves.push_back(absl::HexStringToBytes(leaf));
  }
  EXPECT_EQ(absl::BytesToHexString(RootOf(leaves)), "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
  leaves.resize(3);
  EXPECT_EQ(absl::BytesToHexString(RootOf(leaves)), "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77");
  EXPECT_EQ(absl::BytesToHexString(RootOf({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

using ReadHeadsTest = LedgerStoreTest;

TEST_P(ReadHeadsTest, EveryHeadIsALeafAndAnyChangeOfOneShows) {
  EXPECT_EQ(ReadHeads(store_->database())->tree.leaves(), 0);
  ASSERT_TRUE(Append(Talk(kAnn, "one")).ok());
  ASSERT_TRUE(Append(Talk(kAnn, "one"), kTom).ok());
  const auto before = ReadHeads(store_->database());
  ASSERT_TRUE(before.ok()) << before.status();
  EXPECT_EQ(before->tree.leaves(), 2);
  EXPECT_EQ(ReadHeads(store_->database())->tree.Root(), before->tree.Root());
  ASSERT_TRUE(Append(Talk(kAnn, "two"), kTom).ok());
  EXPECT_EQ(ReadHeads(store_->database())->tree.leaves(), 2);
  EXPECT_NE(ReadHeads(store_->database())->tree.Root(), before->tree.Root());
}

COUNCIL_FOR_ALL_LEDGER_STORES(ReadHeadsTest);

}  // namespace
}  // namespace council::ledger
