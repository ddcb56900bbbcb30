#include "tests/isolation/requests.h"

#include <cctype>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace council::test {
namespace {

using enum grpc::StatusCode;

std::vector<TriedRequest> Reads() {
  return {
      {"ContactsService.GetContact", R"({"id": "$contact"})", NOT_FOUND},
      {"ContactsService.GetContact", R"({"id": "$former"})", NOT_FOUND},
      {"ContactsService.GetContact", R"({"id": "$contact", "atLeastAsFresh": ["$contacts_token"]})", INVALID_ARGUMENT},
      {"ContactsService.ListContacts", R"({"filter": "$name"})"},
      {"ContactsService.ListContacts", R"({"pageSize": 2, "pageToken": "$page_token"})", INVALID_ARGUMENT},
      {"ContactsService.ListContacts", R"({"atLeastAsFresh": ["$contacts_token"]})", INVALID_ARGUMENT},
      {"ContactsService.ExportContacts", R"({})"},
      {"ContactsService.ExportContacts", R"({"atLeastAsFresh": ["$contacts_token"]})", INVALID_ARGUMENT},
      {"ContactsService.FindDuplicates", R"({})"},
      {"ContactsService.FindDuplicates", R"({"atLeastAsFresh": ["$contacts_token"]})", INVALID_ARGUMENT},
      {"ContactsService.GetCouncil", R"({})"},
      {"ContactsService.GetCouncil", R"({"atLeastAsFresh": ["$contacts_token"]})", INVALID_ARGUMENT},
      {"ContactsService.ListAcquaintances", R"({"contactId": "$contact"})", NOT_FOUND},
      {"ContactsService.ListAcquaintances", R"({"pageSize": 1, "pageToken": "$page_token"})", INVALID_ARGUMENT},
      {"ContactsService.ListAcquaintances", R"({"atLeastAsFresh": ["$contacts_token"]})", INVALID_ARGUMENT},
      {"ContactsService.GetSettings", R"({})"},
      {"ContactsService.GetSettings", R"({"atLeastAsFresh": ["$contacts_token"]})", INVALID_ARGUMENT},
      {"ContactsService.ExportOwner", R"({})"},
      {"ContactsService.ExportOwner", R"({"forImport": true})"},
      {"ContactsService.ListAccess", R"({})"},
      {"ContactsService.ListAccess", R"({"pageSize": 1, "pageToken": "$page_token"})", INVALID_ARGUMENT},
      {"ContactsService.GetRevision", R"({})"},
      {"ContactsService.GetRevision", R"({"atLeastAsFresh": ["$contacts_token"]})", INVALID_ARGUMENT},
      {"ContactsService.WatchContacts", R"({})"},
      {"ContactsService.WatchContacts", R"({"watchToken": "$contacts_position"})", INVALID_ARGUMENT},

      {"LedgerService.GetInteraction", R"({"sequence": "$sequence"})", NOT_FOUND},
      {"LedgerService.GetInteraction", R"({"id": "$entry"})", NOT_FOUND},
      {"LedgerService.GetInteraction", R"({"id": "$entry", "atLeastAsFresh": ["$ledger_token"]})", INVALID_ARGUMENT},
      {"LedgerService.ListInteractions", R"({"contactId": "$contact"})"},
      {"LedgerService.ListInteractions", R"({"contactId": "$mine", "formerIds": ["$other_contact", "$former"]})"},
      {"LedgerService.ListInteractions", R"({"pageSize": 1, "pageToken": "$page_token"})", INVALID_ARGUMENT},
      {"LedgerService.ListInteractions", R"({"contactId": "$contact", "pageSize": 1, "pageToken": "$page_token"})",
       INVALID_ARGUMENT},
      {"LedgerService.ListInteractions", R"({"atLeastAsFresh": ["$ledger_token"]})", INVALID_ARGUMENT},
      {"LedgerService.ListTies", R"({"contacts": [{"contactId": "$contact"}], "includeDays": true})"},
      {"LedgerService.ListTies", R"({"includeStrength": true})"},
      {"LedgerService.ListTies", R"({"pageSize": 1, "pageToken": "$page_token"})", INVALID_ARGUMENT},
      {"LedgerService.ListTies", R"({"atLeastAsFresh": ["$ledger_token"]})", INVALID_ARGUMENT},
      {"LedgerService.GetTie", R"({"contact": {"contactId": "$contact"}})"},
      {"LedgerService.GetTie", R"({"contact": {"contactId": "$mine", "formerIds": ["$other_contact"]}})"},
      {"LedgerService.GetTie", R"({"contact": {"contactId": "$mine"}, "atLeastAsFresh": ["$ledger_token"]})",
       INVALID_ARGUMENT},
      {"LedgerService.ListPlans", R"({"contactId": "$contact"})"},
      {"LedgerService.ListPlans", R"({"startTime": "2020-01-01T00:00:00Z", "pageSize": 1,
                                     "pageToken": "$page_token"})",
       INVALID_ARGUMENT},
      {"LedgerService.ListPlans", R"({"atLeastAsFresh": ["$ledger_token"]})", INVALID_ARGUMENT},
      {"LedgerService.ListPromises", R"({"contactId": "$contact", "includeClosed": true})"},
      {"LedgerService.ListPromises", R"({"pageSize": 1, "pageToken": "$page_token"})", INVALID_ARGUMENT},
      {"LedgerService.ListPromises", R"({"atLeastAsFresh": ["$ledger_token"]})", INVALID_ARGUMENT},
      {"LedgerService.VerifyLedger", R"({"expectedSequence": "$sequence", "expectedHash": "$hash"})"},
      {"LedgerService.ExportLedger", R"({"startSequence": "$sequence"})"},
      {"LedgerService.ExportLedger", R"({"atLeastAsFresh": ["$ledger_token"]})", INVALID_ARGUMENT},
      {"LedgerService.ExportOwner", R"({})"},
      {"LedgerService.ExportOwner", R"({"forImport": true})"},
      {"LedgerService.ListAccess", R"({})"},
      {"LedgerService.ListAccess", R"({"pageSize": 1, "pageToken": "$page_token"})", INVALID_ARGUMENT},
      {"LedgerService.GetRevision", R"({})"},
      {"LedgerService.GetRevision", R"({"atLeastAsFresh": ["$ledger_token"]})", INVALID_ARGUMENT},
      {"LedgerService.WatchLedger", R"({})"},
      {"LedgerService.WatchLedger", R"({"watchToken": "$ledger_position"})", INVALID_ARGUMENT},
  };
}

std::vector<TriedRequest> AsksForAdvice() {
  return {
      {"RecommendationsService.GetCouncilBalance", R"({})"},
      {"RecommendationsService.GetCouncilBalance", R"({"asOf": "2020-01-01T00:00:00Z"})"},
      {"RecommendationsService.GetCouncilBalance", R"({"atLeastAsFresh": ["$contacts_token"]})", INVALID_ARGUMENT},
      {"RecommendationsService.GetCouncilBalance",
       R"({"asOf": "2020-01-01T00:00:00Z", "atLeastAsFresh": ["$ledger_token"]})", INVALID_ARGUMENT},
      {"RecommendationsService.ExplainBalance", R"({"component": "energy"})"},
      {"RecommendationsService.ExplainBalance", R"({"component": "energy", "atLeastAsFresh": ["$ledger_token"]})",
       INVALID_ARGUMENT},
      {"RecommendationsService.GetBalanceHistory", R"({})"},
      {"RecommendationsService.ListRecommendations", R"({"includeAnswered": true})"},
      {"RecommendationsService.ListRecommendations", R"({"pageSize": 1, "pageToken": "$page_token"})",
       INVALID_ARGUMENT},
      {"RecommendationsService.ListRecommendations", R"({"atLeastAsFresh": ["$contacts_token"]})", INVALID_ARGUMENT},
      {"RecommendationsService.ListCheckIns", R"({})"},
      {"RecommendationsService.ListCheckIns", R"({"atLeastAsFresh": ["$ledger_token"]})", INVALID_ARGUMENT},
      // What would follow from changes names each field that is wrong.
      {"RecommendationsService.SimulateCouncil", R"({"changes": [{"removeSeat": "$contact"}]})", INVALID_ARGUMENT},
      {"RecommendationsService.SimulateCouncil", R"({"changes": [{"addSeat": {"contactId": "$former"}}]})",
       INVALID_ARGUMENT},
      {"RecommendationsService.SimulateCouncil", R"({"changes": [{"addInteraction": {"contactIds": ["$contact"]}}]})",
       INVALID_ARGUMENT},
      {"RecommendationsService.SimulateCouncil", R"({"changes": [{"removeInteraction": "$sequence"}]})",
       INVALID_ARGUMENT},
      {"RecommendationsService.SimulateCouncil", R"({"atLeastAsFresh": ["$contacts_token"]})", INVALID_ARGUMENT},
      {"RecommendationsService.ProposeCouncil", R"({"candidateIds": ["$mine", "$other_contact"]})", INVALID_ARGUMENT},
      {"RecommendationsService.ProposeCouncil", R"({"pinnedIds": ["$contact"]})", INVALID_ARGUMENT},
      {"RecommendationsService.ProposeCouncil", R"({"excludedIds": ["$former"]})", INVALID_ARGUMENT},
      {"RecommendationsService.ProposeCouncil", R"({"atLeastAsFresh": ["$ledger_token"]})", INVALID_ARGUMENT},
      {"RecommendationsService.SuggestIntroductions", R"({})"},
      {"RecommendationsService.SuggestIntroductions", R"({"pageSize": 1, "pageToken": "$page_token"})",
       INVALID_ARGUMENT},
      {"RecommendationsService.SuggestIntroductions", R"({"atLeastAsFresh": ["$ledger_token"]})", INVALID_ARGUMENT},
      {"RecommendationsService.GetPersonSummary", R"({"contactId": "$contact"})", NOT_FOUND},
      {"RecommendationsService.GetHindsight", R"({})"},
      {"RecommendationsService.GetHindsight", R"({"atLeastAsFresh": ["$ledger_token"]})", INVALID_ARGUMENT},
      {"RecommendationsService.GetReview", R"({})"},
      {"RecommendationsService.GetReview", R"({"atLeastAsFresh": ["$contacts_token"]})", INVALID_ARGUMENT},
      {"RecommendationsService.ExportOwner", R"({})"},
      {"RecommendationsService.ExportOwner", R"({"forImport": true})"},
      {"RecommendationsService.ListAccess", R"({})"},
      {"RecommendationsService.ListAccess", R"({"pageSize": 1, "pageToken": "$page_token"})", INVALID_ARGUMENT},
  };
}

std::vector<TriedRequest> Changes() {
  return {
      {"ContactsService.ImportOwner", R"([{"options": {}}, {"chunk": "$state_of_contacts"}])", FAILED_PRECONDITION},
      {"LedgerService.ImportOwner", R"([{"options": {}}, {"chunk": "$state_of_ledger"}])", FAILED_PRECONDITION},
      {"RecommendationsService.ImportOwner", R"([{"options": {}}, {"chunk": "$state_of_recommendations"}])",
       FAILED_PRECONDITION},

      {"RecommendationsService.RespondToRecommendation",
       R"({"id": "$recommendation", "response": "RECOMMENDATION_RESPONSE_ACCEPT"})", NOT_FOUND},

      {"ContactsService.UpdateContact",
       R"({"contact": {"id": "$contact", "etag": "$etag", "notes": "new"}, "updateMask": "notes"})", NOT_FOUND},

      // What one has used or named, others may use and name for themselves.
      {"ContactsService.CreateContact", R"({"contact": {"displayName": "Kim"}, "requestId": "$request_id"})", OK,
       ALREADY_EXISTS},
      {"ContactsService.CreateContact", R"({"contact": {"displayName": "Lou", "vcardUid": "$vcard_uid"}})", OK,
       ALREADY_EXISTS},
      {"ContactsService.BatchCreateContacts",
       R"({"requests": [{"contact": {"displayName": "Max"}, "requestId": "$talk_request_id"}]})"},
      {"ContactsService.ImportContacts", R"([{"options": {}}, {"chunk": "$vcard"}])", OK},
      {"ContactsService.UpdateSettings",
       R"({"settings": {"hoursPerWeek": 3, "etag": "$settings_etag"}, "updateMask": "hoursPerWeek"})", ABORTED},
      {"ContactsService.SeatContact", R"({"contactId": "$contact", "seat": {"roles": ["COUNCIL_ROLE_MENTOR"]}})",
       NOT_FOUND},
      {"ContactsService.SetAcquaintance",
       R"({"contactId": "$contact", "otherContactId": "$other_contact", "acquainted": true})", NOT_FOUND},
      {"ContactsService.SetAcquaintance",
       R"({"contactId": "$mine", "otherContactId": "$third_contact", "acquainted": true})", NOT_FOUND},
      {"ContactsService.UnseatContact", R"({"contactId": "$fourth_contact"})", NOT_FOUND},
      {"ContactsService.MergeContacts", R"({"intoId": "$mine", "fromIds": ["$fourth_contact"]})", NOT_FOUND},
      {"ContactsService.MergeContacts", R"({"intoId": "$contact", "fromIds": ["$third_contact"]})", NOT_FOUND},

      {"LedgerService.AppendInteraction",
       R"({"interaction": {"contactIds": ["$contact"]}, "requestId": "$talk_request_id"})", OK, ALREADY_EXISTS},
      {"LedgerService.AppendInteraction",
       R"({"interaction": {"contactIds": ["$mine"], "closesPromises": ["$promise"]}})", INVALID_ARGUMENT},
      {"LedgerService.AppendInteraction",
       R"({"interaction": {"contactIds": ["$contact"], "promises": [{"id": "$promise", "text": "a call"}]}})", OK,
       INVALID_ARGUMENT},
      {"LedgerService.AppendInteraction",
       R"({"interaction": {"contactIds": ["$mine"], "benefits": [{"direction": "BENEFIT_DIRECTION_GIVEN",
           "kind": "BENEFIT_KIND_INTRODUCTION", "introducedContactId": "$other_contact"}]}})"},
      {"LedgerService.BatchAppendInteractions",
       R"({"requests": [{"interaction": {"contactIds": ["$contact", "$former"]}}]})"},
      {"LedgerService.ImportInteractions",
       R"([{"options": {"format": "INTERACTION_FORMAT_ICALENDAR",
                        "people": [{"email": "kim@example.com", "contactId": "$contact"}]}},
           {"chunk": "$calendar"}])"},
      {"LedgerService.CorrectInteraction", R"({"sequence": "$sequence", "retract": true})", NOT_FOUND},
      // It is still to come.
      {"LedgerService.ConfirmPlan", R"({"id": "$plan", "interaction": {"contactIds": ["$mine"]}})", NOT_FOUND,
       FAILED_PRECONDITION},
      {"LedgerService.RemovePlan", R"({"id": "$plan"})", NOT_FOUND},
      {"LedgerService.UndoImport", R"({"importId": "$ledger_import"})", NOT_FOUND},

      {"ContactsService.UndoImport", R"({"importId": "$contacts_import"})", NOT_FOUND},
      {"ContactsService.DeleteContact", R"({"id": "$doomed"})", NOT_FOUND},
      // Whose contacts they are, these two do not know.
      {"LedgerService.EraseContact", R"({"contactId": "$to_erase", "formerIds": ["$former"]})"},
      {"RecommendationsService.EraseContact", R"({"contactId": "$to_erase", "formerIds": ["$former"]})"},
      {"ContactsService.EraseContact", R"({"id": "$to_erase"})", NOT_FOUND},
      {"ContactsService.EraseOwner", R"({"confirmation": "erase all my data"})"},
      {"LedgerService.EraseOwner", R"({"confirmation": "erase all my data"})"},
      {"RecommendationsService.EraseOwner", R"({"confirmation": "erase all my data"})"},
  };
}

}  // namespace

const std::vector<TriedRequest>& TriedRequests() {
  static const std::vector<TriedRequest> requests = [] {
    std::vector<TriedRequest> all = Reads();
    for (const auto& more : {AsksForAdvice(), Changes()}) all.insert(all.end(), more.begin(), more.end());
    return all;
  }();
  return requests;
}

std::string Fill(const std::string& request, const Values& values) {
  std::string filled;
  for (size_t at = 0; at < request.size();) {
    if (request[at] != '$') {
      filled += request[at++];
      continue;
    }
    size_t end = at + 1;
    while (end < request.size() && (std::islower(request[end]) != 0 || request[end] == '_')) ++end;
    filled += values.at(request.substr(at + 1, end - at - 1));
    at = end;
  }
  return filled;
}

Values NamedIn(const std::string& request, const Values& values) {
  Values named;
  for (const auto& [name, value] : values) {
    const std::string dollar_name = absl::StrCat("$", name);
    for (size_t at = request.find(dollar_name); at != std::string::npos; at = request.find(dollar_name, at + 1)) {
      // Not the beginning of a longer name.
      const size_t end = at + dollar_name.size();
      if (end == request.size() || (std::islower(request[end]) == 0 && request[end] != '_')) named[name] = value;
    }
  }
  return named;
}

Values PlaceIn(const Front& front, const Person& person, const TriedRequest& tried) {
  constexpr char kPageToken[] = "page_token";
  if (!absl::StrContains(tried.request, absl::StrCat("$", kPageToken))) return {};
  Values first = person.values;
  first[kPageToken] = "";
  const nlohmann::json request = nlohmann::json::parse(Fill(tried.request, first));
  return {{kPageToken, front.Get(person.header, tried.method, request).value("nextPageToken", "")}};
}

}  // namespace council::test
