#ifndef COUNCIL_TESTS_LOAD_OWNER_OF_YEARS_H_
#define COUNCIL_TESTS_LOAD_OWNER_OF_YEARS_H_

#include <random>
#include <string>
#include <vector>

#include "tests/support/council.h"

namespace council::test {

// An owner who has used Council for years, as made-up data of usual size: contacts with what address books know,
// sixteen seats, who knows whom, talks with notes now and then, a balance a day and a recommendation a week.
class OwnerOfYears {
 public:
  struct Options {
    int contacts = 150;
    int years = 10;
    int entries_a_week = 10;
  };

  OwnerOfYears(std::string owner, const Options& options) : caller_{.owner = std::move(owner)}, options_(options) {}

  // Writes all of it through the services; the last thing is to ask for the balance. Throws std::runtime_error where a
  // call fails.
  void Fill(CouncilProgram& contactsd, CouncilProgram& ledgerd, CouncilProgram& recommendationsd);

  // Appends entries one after the other, as people do. After Fill.
  void AppendOneByOne(CouncilProgram& ledgerd, int entries);

  // So many times, one after the other: appends an entry, asks for the balance that has it, and looks at whom it was
  // with. After Fill.
  void UseOneByOne(CouncilProgram& contactsd, CouncilProgram& ledgerd, CouncilProgram& recommendationsd, int times);

 private:
  void FillContacts(contacts::v1::ContactsService::Stub& stub);
  void FillLedger(ledger::v1::LedgerService::Stub& stub);
  void FillRecommendations(recommendations::v1::RecommendationsService::Stub& stub);
  ledger::v1::AppendInteractionResponse Append(ledger::v1::LedgerService::Stub& stub);
  contacts::v1::Contact NewContact(int number);
  ledger::v1::Interaction NewEntry(absl::Time time);
  int Pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }
  std::string Words(int count);

  const Caller caller_;
  const Options options_;
  std::mt19937 random_{7};
  std::vector<std::string> contact_ids_;
  int appended_ = 0;  // One by one.
};

}  // namespace council::test

#endif  // COUNCIL_TESTS_LOAD_OWNER_OF_YEARS_H_
