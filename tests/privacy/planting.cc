#include "tests/privacy/planting.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "tests/support/method_call.h"

namespace council::test {
namespace {

using contacts::v1::ContactsService;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;
using recommendations::v1::RecommendationsService;

const ServiceDescriptor& Contacts() {
  return *contacts::v1::GetContactRequest::descriptor()->file()->service(0);
}
const ServiceDescriptor& Ledger() {
  return *ledger::v1::GetTieRequest::descriptor()->file()->service(0);
}
const ServiceDescriptor& Recommendations() {
  return *recommendations::v1::GetHindsightRequest::descriptor()->file()->service(0);
}

std::unique_ptr<google::protobuf::Message> NewMessage(const google::protobuf::Descriptor& type) {
  return std::unique_ptr<google::protobuf::Message>(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type)->New());
}

std::pair<std::string, std::string> HeaderOf(const Caller& caller) {
  return {"x-council-owner", caller.owner};
}

// What is text to some fields must be an address or a line of a card to others.
std::vector<std::string> FormsOf(const std::string& marker) {
  return {marker, marker + "@example.com", "X-PLANT:" + marker};
}

// Where markers are to be kept. What is given by the service or has a form of its own, as ids and days, is not here.
const char* const kKept[] = {
    "CreateContact contact.display_name",
    "CreateContact contact.emails",
    "CreateContact contact.phones",
    "CreateContact contact.organization",
    "CreateContact contact.title",
    "CreateContact contact.location",
    "CreateContact contact.how_met",
    "CreateContact contact.tags",
    "CreateContact contact.notes",
    "CreateContact contact.facets.key",
    "CreateContact contact.facets.value",
    "CreateContact contact.directory_subject",
    "CreateContact contact.vcard_uid",
    "CreateContact contact.vcard_properties",
    "CreateContact request_id",
    "ImportContacts file",
    "ImportContacts options.tags",
    "UpdateSettings settings.own_emails",
    "UpdateSettings settings.tag_cadences.tag",
    "AppendInteraction interaction.note",
    "AppendInteraction interaction.promises.id",
    "AppendInteraction interaction.promises.text",
    "AppendInteraction interaction.source",
    "AppendInteraction request_id",
    "ImportInteractions file",
};

}  // namespace

Planting::Planting(const CouncilProgram& contactsd, const CouncilProgram& ledgerd,
                   const CouncilProgram& recommendationsd)
    : contactsd_(contactsd), ledgerd_(ledgerd), recommendationsd_(recommendationsd) {}

void Planting::PlantEverywhere() {
  MakeContactBases();
  MakeLedgerBases();
  MakeImportBases();
  PlantIn(contactsd_, Contacts());
  PlantIn(ledgerd_, Ledger());
  PlantIn(recommendationsd_, Recommendations());
  LeaveTraces();
  ImportForAnother();
}

std::vector<std::string> Planting::MissingInExports() {
  const std::string exports =
      absl::StrCat(absl::StrJoin(Export(contactsd_, Contacts()), ""), absl::StrJoin(Export(ledgerd_, Ledger()), ""),
                   absl::StrJoin(Export(recommendationsd_, Recommendations()), ""));
  std::vector<std::string> missing;
  for (const char* place : kKept) {
    const bool kept = std::ranges::any_of(
        planted_[place], [&](const std::string& marker) { return exports.find(marker) != std::string::npos; });
    if (!kept) missing.emplace_back(place);
  }
  return missing;
}

std::string Planting::NewContact() {
  contacts::v1::CreateContactRequest request;
  request.mutable_contact()->set_display_name(NewMarker());
  const auto stub = ContactsService::NewStub(contactsd_.Connect());
  const auto created = Call(*stub, &ContactsService::Stub::CreateContact, request, owner_);
  if (!created.ok()) throw std::runtime_error(created.status().ToString());
  return created->contact().id();
}

void Planting::MakeContactBases() {
  contacts::v1::Contact someone;
  someone.set_display_name("someone");
  (*someone.mutable_facets())["craft"] = "baker";
  *BaseOf<contacts::v1::CreateContactRequest>().mutable_contact() = someone;
  *BaseOf<contacts::v1::BatchCreateContactsRequest>().add_requests()->mutable_contact() = someone;
  auto& update = BaseOf<contacts::v1::UpdateContactRequest>();
  *update.mutable_contact() = someone;
  update.mutable_contact()->set_id(NewContact());
  for (const char* field : {"display_name", "emails", "phones", "organization", "title", "location", "how_met", "tags",
                            "notes", "facets", "directory_subject", "vcard_uid", "vcard_properties"}) {
    update.mutable_update_mask()->add_paths(field);
  }
  BaseOf<contacts::v1::DeleteContactRequest>().set_id(NewContact());
  auto& merge = BaseOf<contacts::v1::MergeContactsRequest>();
  merge.set_into_id(NewContact());
  merge.add_from_ids(NewContact());
  auto& seat = BaseOf<contacts::v1::SeatContactRequest>();
  seat.set_contact_id(seated_);
  seat.mutable_seat()->add_roles(common::v1::COUNCIL_ROLE_MENTOR);
  auto& acquaintance = BaseOf<contacts::v1::SetAcquaintanceRequest>();
  acquaintance.set_contact_id(seated_);
  acquaintance.set_other_contact_id(NewContact());
  acquaintance.set_acquainted(true);
  auto& settings = BaseOf<contacts::v1::UpdateSettingsRequest>();
  contacts::v1::TagCadence& cadence = *settings.mutable_settings()->add_tag_cadences();
  cadence.set_tag("family");
  cadence.mutable_cadence()->set_seconds(30 * 86'400);
  for (const char* field : {"own_emails", "tag_cadences", "time_zone"})
    settings.mutable_update_mask()->add_paths(field);
}

void Planting::MakeLedgerBases() {
  ledger::v1::Interaction talk;
  talk.add_contact_ids(seated_);
  talk.set_depth(ledger::v1::INTERACTION_DEPTH_COUNSEL);
  talk.add_promises()->set_text("call again");
  *BaseOf<ledger::v1::AppendInteractionRequest>().mutable_interaction() = talk;
  *BaseOf<ledger::v1::BatchAppendInteractionsRequest>().add_requests()->mutable_interaction() = talk;
  auto& correct = BaseOf<ledger::v1::CorrectInteractionRequest>();
  correct.set_sequence(1);
  *correct.mutable_interaction() = talk;
  correct.mutable_interaction()->clear_promises();
}

// The files are read with any options, whose base is another marker's place.
void Planting::MakeImportBases() {
  const auto marker = [this](const char* place) { return planted_[place].emplace_back(NewMarker()); };
  const char* const cards = "ImportContacts file";
  auto& import_contacts = BaseOf<contacts::v1::ImportContactsRequest>();
  import_contacts.mutable_options()->set_format(contacts::v1::CONTACT_FORMAT_VCARD);
  auto card = std::make_unique<contacts::v1::ImportContactsRequest>();
  card->set_chunk(absl::StrCat("BEGIN:VCARD\r\nVERSION:4.0\r\nUID:", marker(cards), "\r\nFN:", marker(cards),
                               "\r\nEMAIL:", marker(cards), "@example.com\r\nTEL:", marker(cards),
                               "\r\nNOTE:", marker(cards), "\r\nX-UNKNOWN:", marker(cards), "\r\nEND:VCARD\r\n",
                               "BEGIN:VCARD\r\nVERSION:4.0\r\nNOTE:", marker(cards), " has no name\r\nEND:VCARD\r\n"));
  bases_[contacts::v1::ImportContactsRequest::descriptor()].then = std::move(card);

  const char* const calendar = "ImportInteractions file";
  auto& import_interactions = BaseOf<ledger::v1::ImportInteractionsRequest>();
  import_interactions.mutable_options()->set_format(ledger::v1::INTERACTION_FORMAT_ICALENDAR);
  ledger::v1::KnownPerson& person = *import_interactions.mutable_options()->add_people();
  person.set_email("someone@example.com");
  person.set_contact_id(seated_);
  auto events = std::make_unique<ledger::v1::ImportInteractionsRequest>();
  events->set_chunk(
      absl::StrCat("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\nBEGIN:VEVENT\r\nUID:", marker(calendar),
                   "\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260102T090000Z\r\n", "SUMMARY:", marker(calendar),
                   "\r\nLOCATION:", marker(calendar), "\r\nATTENDEE;CN=", marker(calendar),
                   ":mailto:someone@example.com\r\nATTENDEE;CN=", marker(calendar), ":mailto:", marker(calendar),
                   "@example.com\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"));
  bases_[ledger::v1::ImportInteractionsRequest::descriptor()].then = std::move(events);
}

void Planting::PlantIn(const CouncilProgram& program, const ServiceDescriptor& service) {
  const auto channel = program.Connect();
  for (int i = 0; i < service.method_count(); ++i) PlantIn(channel, *service.method(i));
}

void Planting::PlantIn(const std::shared_ptr<grpc::Channel>& channel, const MethodDescriptor& method) {
  const auto base = bases_.find(method.input_type());
  for (const FieldPath& path : TextFieldsOf(*method.input_type())) {
    const std::string marker = NewMarker();
    planted_[absl::StrCat(method.name(), " ", NameOf(path))].push_back(marker);
    for (const std::string& form : FormsOf(marker)) {
      const auto request = NewMessage(*method.input_type());
      if (base != bases_.end()) request->CopyFrom(*base->second.request);
      Plant(*request, path, form);
      std::vector<std::string> requests = {request->SerializeAsString()};
      if (base != bases_.end() && base->second.then != nullptr) {
        requests.push_back(base->second.then->SerializeAsString());
      }
      CallMethod(channel, method, HeaderOf(owner_), requests, 1);
    }
  }
}

void Planting::LeaveTraces() {
  const auto contacts = ContactsService::NewStub(contactsd_.Connect());
  contacts::v1::UpdateSettingsRequest settings;
  settings.CopyFrom(*bases_.at(contacts::v1::UpdateSettingsRequest::descriptor()).request);
  settings.mutable_settings()->add_own_emails(planted_["UpdateSettings settings.own_emails"].emplace_back(NewMarker()) +
                                              "@example.com");
  settings.mutable_settings()->mutable_tag_cadences(0)->set_tag(
      planted_["UpdateSettings settings.tag_cadences.tag"].emplace_back(NewMarker()));
  const auto updated = Call(*contacts, &ContactsService::Stub::UpdateSettings, settings, owner_);
  if (!updated.ok()) throw std::runtime_error(updated.status().ToString());

  const auto recommendations = RecommendationsService::NewStub(recommendationsd_.Connect());
  const absl::Time deadline = absl::Now() + absl::Seconds(30);
  while (true) {
    const auto answer = Call(*recommendations, &RecommendationsService::Stub::GetCouncilBalance,
                             recommendations::v1::GetCouncilBalanceRequest(), owner_);
    if (!answer.ok()) throw std::runtime_error(answer.status().ToString());
    if (answer->balance().answered_from() != recommendations::v1::ANSWERED_FROM_COMPUTATION) break;
    if (absl::Now() > deadline) throw std::runtime_error("no balance is cached");
  }
  const auto advice = Call(*recommendations, &RecommendationsService::Stub::ListRecommendations,
                           recommendations::v1::ListRecommendationsRequest(), owner_);
  if (!advice.ok()) throw std::runtime_error(advice.status().ToString());
}

void Planting::ImportForAnother() {
  const Caller another{.owner = NewMarker()};
  const std::pair<const CouncilProgram*, const ServiceDescriptor*> programs[] = {
      {&contactsd_, &Contacts()}, {&ledgerd_, &Ledger()}, {&recommendationsd_, &Recommendations()}};
  for (const auto& [program, service] : programs) {
    const MethodDescriptor& method = *service->FindMethodByName("ImportOwner");
    const auto& type = *method.input_type();
    const auto options = NewMessage(type);
    options->GetReflection()->MutableMessage(options.get(), type.FindFieldByName("options"));
    std::vector<std::string> requests = {options->SerializeAsString()};
    for (const std::string& chunk : Export(*program, *service)) {
      const auto message = NewMessage(type);
      Plant(*message, {type.FindFieldByName("chunk")}, chunk);
      requests.push_back(message->SerializeAsString());
    }
    const MethodAnswer answer = CallMethod(program->Connect(), method, HeaderOf(another), requests);
    if (!answer.status.ok()) {
      throw std::runtime_error(absl::StrCat(service->name(), ".ImportOwner: ", answer.status.error_message()));
    }
  }
}

std::vector<std::string> Planting::Export(const CouncilProgram& program, const ServiceDescriptor& service) const {
  const MethodDescriptor& method = *service.FindMethodByName("ExportOwner");
  const auto request = NewMessage(*method.input_type());
  request->GetReflection()->SetBool(request.get(), method.input_type()->FindFieldByName("for_import"), true);
  const MethodAnswer answer = CallMethod(program.Connect(), method, HeaderOf(owner_), {request->SerializeAsString()});
  if (!answer.status.ok()) throw std::runtime_error("ExportOwner: " + answer.status.error_message());
  std::vector<std::string> chunks;
  for (const std::string& bytes : answer.messages) {
    const auto message = NewMessage(*method.output_type());
    message->ParseFromString(bytes);
    const auto* chunk = method.output_type()->FindFieldByName("chunk");
    chunks.push_back(message->GetReflection()->GetString(*message, chunk));
  }
  return chunks;
}

}  // namespace council::test
