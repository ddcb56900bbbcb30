#include "tools/eval/law_firm.h"

#include <array>
#include <cstddef>
#include <fstream>
#include <sstream>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/csv/csv_table.h"
#include "services/recommendations/balance_model.h"
#include "services/recommendations/propose_from.h"

namespace council::eval {
namespace {

using common::v1::CouncilRole;
using recommendations::NetworkSnapshot;

// The councils are about their first day, so the day does not matter.
constexpr absl::Time kAsOf = absl::FromUnixSeconds(1'000'000'000);
constexpr int kFirmColumns = 8;

// Gives the numbers of each row below the header of `path`, `columns` of them.
absl::Status ForEachRow(const std::string& path, size_t columns,
                        absl::FunctionRef<absl::Status(const std::vector<int>&)> take) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file) text << file.rdbuf();
  if (!file) return absl::NotFoundError(absl::StrCat(path, ": can't be read"));
  absl::Status status;
  bool header = true;
  csv::ForEachCsvRow(text.str(), [&](const csv::CsvRow& row) {
    if (header) {
      header = false;
      return true;
    }
    std::vector<int> numbers(row.fields.size());
    bool good = row.broken.empty() && numbers.size() == columns;
    for (size_t i = 0; i < numbers.size(); ++i) good = good && absl::SimpleAtoi(row.fields[i], &numbers[i]);
    status = good ? take(numbers) : absl::InvalidArgumentError(absl::StrCat("must have ", columns, " whole numbers"));
    if (!status.ok()) status = absl::Status(status.code(), absl::StrCat(path, ":", row.line, ": ", status.message()));
    return status.ok();
  });
  return status;
}

absl::StatusOr<Naming> ReadNaming(const std::string& path, size_t lawyers) {
  Naming naming;
  COUNCIL_RETURN_IF_ERROR(ForEachRow(path, 2, [&](const std::vector<int>& row) -> absl::Status {
    for (const int lawyer : row) {
      if (lawyer < 0 || static_cast<size_t>(lawyer) >= lawyers) {
        return absl::InvalidArgumentError(absl::StrCat("there is no lawyer ", lawyer));
      }
    }
    if (row[0] != row[1]) naming.emplace(row[0], row[1]);
    return absl::OkStatus();
  }));
  return naming;
}

std::string Named(int number, std::initializer_list<absl::string_view> names) {
  if (number < 1 || static_cast<size_t>(number) > names.size()) return absl::StrCat("number ", number);
  return std::string(*(names.begin() + number - 1));
}

// In bands, since facets are compared as text.
std::string YearsBand(int years) {
  if (years < 3) return "under 3";
  if (years < 10) return "3 to 9";
  return years < 20 ? "10 to 19" : "20 or more";
}

// Sorts as the numbers do.
std::string IdOf(int lawyer) {
  return absl::StrFormat("lawyer-%03d", lawyer);
}

contacts::v1::Contact ContactOf(const LawFirm& firm, int number) {
  const Lawyer& lawyer = firm.lawyers[static_cast<size_t>(number)];
  contacts::v1::Contact contact;
  contact.set_id(IdOf(number));
  contact.set_display_name(absl::StrCat("lawyer ", number));
  auto& facets = *contact.mutable_facets();
  facets["office"] = OfficeName(lawyer);
  facets["practice"] = PracticeName(lawyer);
  facets["law_school"] = Named(lawyer.law_school, {"Harvard or Yale", "UConn", "another"});
  facets["years"] = YearsBand(lawyer.seniority);
  return contact;
}

bool AnyTie(const LawFirm& firm, int a, int b) {
  for (const Naming* naming : {&firm.advice, &firm.cowork, &firm.friends}) {
    if (naming->contains({a, b}) || naming->contains({b, a})) return true;
  }
  return false;
}

// What `other` is to `ego` by what `ego` said.
std::vector<CouncilRole> RolesNamed(const LawFirm& firm, int ego, int other) {
  std::vector<CouncilRole> roles;
  if (firm.cowork.contains({ego, other})) roles.push_back(common::v1::COUNCIL_ROLE_INFORMANT);
  if (firm.friends.contains({ego, other})) roles.push_back(common::v1::COUNCIL_ROLE_SUPPORTER);
  if (firm.advice.contains({ego, other})) roles.push_back(common::v1::COUNCIL_ROLE_MENTOR);
  return roles;
}

// The tie of somebody who named `ego`: no entries, and the roles that hold both ways.
ledger::v1::Tie TieByTheOther(const LawFirm& firm, int ego, int other) {
  ledger::v1::Tie tie;
  tie.set_contact_id(IdOf(other));
  if (firm.cowork.contains({other, ego})) tie.add_shown_roles(common::v1::COUNCIL_ROLE_INFORMANT);
  if (firm.friends.contains({other, ego})) tie.add_shown_roles(common::v1::COUNCIL_ROLE_SUPPORTER);
  return tie;
}

}  // namespace

absl::StatusOr<LawFirm> ReadLawFirm(const std::string& directory) {
  LawFirm firm;
  COUNCIL_RETURN_IF_ERROR(
      ForEachRow(directory + "/law_nodes.csv", kFirmColumns, [&](const std::vector<int>& row) -> absl::Status {
        if (row[0] != static_cast<int>(firm.lawyers.size())) {
          return absl::InvalidArgumentError("lawyers must be numbered from 0, in order");
        }
        firm.lawyers.push_back(
            {.status = row[1], .office = row[3], .seniority = row[4], .practice = row[6], .law_school = row[7]});
        return absl::OkStatus();
      }));
  COUNCIL_ASSIGN_OR_RETURN(firm.advice, ReadNaming(directory + "/law_advice_edges.csv", firm.lawyers.size()));
  COUNCIL_ASSIGN_OR_RETURN(firm.cowork, ReadNaming(directory + "/law_cowork_edges.csv", firm.lawyers.size()));
  COUNCIL_ASSIGN_OR_RETURN(firm.friends, ReadNaming(directory + "/law_friends_edges.csv", firm.lawyers.size()));
  return firm;
}

std::string StatusName(const Lawyer& lawyer) {
  return Named(lawyer.status, {"partner", "associate"});
}

std::string OfficeName(const Lawyer& lawyer) {
  return Named(lawyer.office, {"Boston", "Hartford", "Providence"});
}

std::string PracticeName(const Lawyer& lawyer) {
  return Named(lawyer.practice, {"litigation", "corporate"});
}

NetworkSnapshot NetworkOf(const LawFirm& firm, int ego, absl::Time as_of) {
  NetworkSnapshot network;
  std::vector<int> tied;
  for (int other = 0; other < static_cast<int>(firm.lawyers.size()); ++other) {
    if (other == ego || !AnyTie(firm, ego, other)) continue;
    tied.push_back(other);
    network.contacts.push_back(ContactOf(firm, other));
    const std::vector<CouncilRole> roles = RolesNamed(firm, ego, other);
    if (roles.empty()) {
      network.ties.push_back(TieByTheOther(firm, ego, other));
      continue;
    }
    contacts::v1::CouncilSeat& seat = *network.council.add_seats();
    *seat.mutable_contact() = network.contacts.back();
    seat.mutable_seat()->set_contact_id(IdOf(other));
    for (const CouncilRole role : roles) seat.mutable_seat()->add_roles(role);
    *seat.mutable_seat()->mutable_seated_time() = base::ToProto(as_of);
    *seat.mutable_seat()->mutable_first_seated_time() = base::ToProto(as_of);
  }
  for (size_t i = 0; i < tied.size(); ++i) {
    for (size_t k = i + 1; k < tied.size(); ++k) {
      if (!AnyTie(firm, tied[i], tied[k])) continue;
      contacts::v1::Acquaintance& acquaintance = network.acquaintances.emplace_back();
      acquaintance.set_contact_id(IdOf(tied[i]));
      acquaintance.set_other_contact_id(IdOf(tied[k]));
    }
  }
  for (const contacts::v1::Acquaintance& acquaintance : network.acquaintances) {
    *network.council.add_acquaintances() = acquaintance;
  }
  return network;
}

std::vector<LawyerCouncil> CouncilsOf(const LawFirm& firm) {
  const recommendations::BalanceModel model;
  std::vector<LawyerCouncil> councils;
  for (int ego = 0; ego < static_cast<int>(firm.lawyers.size()); ++ego) {
    const NetworkSnapshot network = NetworkOf(firm, ego, kAsOf);
    LawyerCouncil& council = councils.emplace_back();
    council.lawyer = ego;
    council.named = network.council.seats_size();
    council.tied = static_cast<int>(network.contacts.size());
    std::set<std::string> seated;
    for (const auto& seat : network.council.seats()) seated.insert(seat.contact().id());
    double pairs = 0;
    for (const auto& pair : network.acquaintances) {
      pairs += seated.contains(pair.contact_id()) && seated.contains(pair.other_contact_id()) ? 1 : 0;
    }
    const double possible = council.named * (council.named - 1) / 2.0;
    council.acquainted = possible > 0 ? pairs / possible : 0;
    // Without wishes nothing in the request can be wrong.
    council.proposal = *recommendations::ProposeFrom({}, network, kAsOf, model);
  }
  return councils;
}

}  // namespace council::eval
