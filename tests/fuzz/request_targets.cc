// Calls, whatever they ask.

#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "council/contacts/v1/contacts_service.pb.h"
#include "council/ledger/v1/ledger_service.pb.h"
#include "libs/base/check.h"
#include "libs/text/charset.h"
#include "tests/fuzz/script.h"
#include "tests/fuzz/suite_under_fuzz.h"
#include "tests/fuzz/targets.h"

namespace council::fuzz {
namespace {

using google::protobuf::FieldDescriptor;

// Gives `take` each string within a message, bytes too, to be changed.
template <typename Take>
void ForEachString(google::protobuf::Message& message, const Take& take) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        ForEachString(field->is_repeated() ? *reflection.MutableRepeatedMessage(&message, field, i)
                                           : *reflection.MutableMessage(&message, field),
                      take);
      } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
        std::string text = field->is_repeated() ? reflection.GetRepeatedString(message, field, i)
                                                : reflection.GetString(message, field);
        if (!take(*field, text)) continue;
        if (field->is_repeated()) {
          reflection.SetRepeatedString(&message, field, i, text);
        } else {
          reflection.SetString(&message, field, text);
        }
      }
    }
  }
}

// Ids and tokens that answers held, for later calls to name.
class Seen {
 public:
  void Note(google::protobuf::Message& response) {
    ForEachString(response, [this](const FieldDescriptor& field, const std::string& text) {
      const std::string& name = field.name();
      const bool noted = name == "id" || name == "etag" || name == "token" || name == "watch_token" ||
                         name == "next_page_token" || name == "hash" || name == "chunk";
      if (noted && !text.empty()) texts_.push_back(text);
      return false;
    });
  }

  void PutInto(google::protobuf::Message& request) const {
    ForEachString(request, [this](const FieldDescriptor& field, std::string& text) {
      std::size_t number = 0;
      if (texts_.empty() || text.empty() || text.front() != '@' || !absl::SimpleAtoi(text.substr(1), &number)) {
        return false;
      }
      const std::string& noted = texts_[number % texts_.size()];
      // The request would be no Protobuf message, which gRPC refuses by itself: UNIMPLEMENTED, without a reason.
      if (field.type() == FieldDescriptor::TYPE_STRING && !text::IsUtf8(noted)) return false;
      text = noted;
      return true;
    });
  }

 private:
  std::vector<std::string> texts_;
};

const google::protobuf::MethodDescriptor& Method(const std::string& name) {
  const auto& methods = SuiteUnderFuzz::Get().methods();
  const auto found = methods.find(name);
  COUNCIL_CHECK(found != methods.end());
  return *found->second;
}

void CheckLedger(const std::string& owner) {
  const Outcome outcome = SuiteUnderFuzz::Get().Call(owner, "ledger.VerifyLedger", ledger::v1::VerifyLedgerRequest());
  // An erased owner has none.
  if (!outcome.status.ok()) return CheckFailure(outcome.status);
  COUNCIL_CHECK(static_cast<const ledger::v1::VerifyLedgerResponse&>(*outcome.responses[0]).verified());
}

void SetText(const std::string& field, const std::string& text, google::protobuf::Message& message) {
  message.GetReflection()->SetString(&message, message.GetDescriptor()->FindFieldByName(field), text);
}

std::vector<Message> ImportOf(const google::protobuf::MethodDescriptor& method, std::string_view lines) {
  constexpr std::size_t kPiece = 1000;
  std::vector<Message> requests;
  google::protobuf::Message& first = *requests.emplace_back(SuiteUnderFuzz::NewRequest(method));
  first.GetReflection()->MutableMessage(&first, first.GetDescriptor()->FindFieldByName("options"));
  for (std::size_t at = 0; at < lines.size(); at += kPiece) {
    SetText("chunk", std::string(lines.substr(at, kPiece)), *requests.emplace_back(SuiteUnderFuzz::NewRequest(method)));
  }
  return requests;
}

std::string ExportedState(const std::string& service, const std::string& owner) {
  const auto& method = Method(service + ".ExportOwner");
  std::vector<Message> requests;
  google::protobuf::Message& request = *requests.emplace_back(SuiteUnderFuzz::NewRequest(method));
  request.GetReflection()->SetBool(&request, request.GetDescriptor()->FindFieldByName("for_import"), true);
  const Outcome outcome = SuiteUnderFuzz::Get().Call(owner, method, requests);
  COUNCIL_CHECK(outcome.status.ok());
  std::string lines;
  for (const Message& response : outcome.responses) {
    lines += response->GetReflection()->GetString(*response, response->GetDescriptor()->FindFieldByName("chunk"));
  }
  return lines;
}

}  // namespace

void Requests(std::string_view input) {
  SuiteUnderFuzz& suite = SuiteUnderFuzz::Get();
  const std::string owner = suite.NewOwner();
  Seen seen;
  for (ScriptCall& call : ParseScript(input)) {
    for (Message& request : call.requests) seen.PutInto(*request);
    const Outcome outcome = suite.Call(owner, *call.method, call.requests);
    CheckFailure(outcome.status);
    for (const Message& response : outcome.responses) seen.Note(*response);
  }
  CheckLedger(owner);
  suite.Erase(owner);
}

void OwnerState(std::string_view input) {
  SuiteUnderFuzz& suite = SuiteUnderFuzz::Get();
  const std::size_t line = input.find('\n');
  const std::string service(input.substr(0, line));
  if (line == std::string_view::npos || !suite.methods().contains(service + ".ImportOwner")) return;
  const auto& method = Method(service + ".ImportOwner");
  const std::string owner = suite.NewOwner();
  const absl::Status imported = suite.Call(owner, method, ImportOf(method, input.substr(line + 1))).status;
  if (!imported.ok()) {
    CheckFailure(imported);
  } else {
    const std::string exported = ExportedState(service, owner);
    const std::string other = suite.NewOwner();
    COUNCIL_CHECK(suite.Call(other, method, ImportOf(method, exported)).status.ok());
    COUNCIL_CHECK(ExportedState(service, other) == exported);
    if (service == "ledger") CheckLedger(other);
    suite.Erase(other);
  }
  suite.Erase(owner);
}

}  // namespace council::fuzz
