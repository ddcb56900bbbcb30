#ifndef COUNCIL_SERVICES_CONTACTS_SERVICE_FOR_TEST_H_
#define COUNCIL_SERVICES_CONTACTS_SERVICE_FOR_TEST_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "libs/audit/access_log.h"
#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/base/status.h"
#include "libs/rpc/streams_for_test.h"
#include "libs/seal/sealer.h"
#include "libs/seal/token.h"
#include "libs/sql/storage_identity.h"
#include "services/contacts/contacts.h"
#include "services/contacts/contacts_service.h"
#include "services/contacts/migrations.h"
#include "services/contacts/sql_contacts_store.h"
#include "tests/support/temp_dir.h"

namespace council::contacts {

// The service's handlers over SQLite in a directory of its own, without a server, at a time that the test sets.
class ServiceTest : public ::testing::Test {
 protected:
  explicit ServiceTest(ContactsOptions options = {}) {
    auto database = sql::OpenDatabase("sqlite:" + (dir_ / "contacts.db").string(), StorageSchema());
    EXPECT_TRUE(database.ok()) << database.status();
    database_ = *std::move(database);
    const auto identity = sql::StorageIdentity::LoadOrCreate(*database_, random_);
    EXPECT_TRUE(identity.ok()) << identity.status();
    const std::string shared_key = seal::DevelopmentSharedKey();
    sealer_ = std::make_unique<seal::Sealer>(identity->owner_key, shared_key);
    tokens_ = std::make_unique<seal::TokenCodec>(shared_key, identity->token_key);
    store_ = std::make_unique<SqlContactsStore>(*database_, *sealer_, identity->lineage);
    accesses_ = std::make_unique<audit::AccessLog>(*store_, clock_);
    contacts_ = std::make_unique<Contacts>(*store_, *accesses_, clock_, random_, std::move(options),
                                           [this](const base::Owner& owner, int64_t revision) {
                                             ++changes_;
                                             owner_changes_.Changed(owner, revision);
                                           });
    service_ = std::make_unique<ContactsService>(*contacts_, owner_changes_, *accesses_, *tokens_);
  }

  static rpc::CallContext Call(const std::string& subject = "anna", const std::string& method = "Test") {
    return rpc::CallContext::ForOwner({"acme", subject}, method);
  }

  v1::Contact Create(const std::string& name, const std::string& email = "", const std::string& request_id = "") {
    v1::CreateContactRequest request;
    request.mutable_contact()->set_display_name(name);
    if (!email.empty()) request.mutable_contact()->add_emails(email);
    request.set_request_id(request_id);
    const auto response = service_->CreateContact(Call(), request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? response->contact() : v1::Contact();
  }

  absl::StatusOr<v1::Contact> Get(const std::string& id, const std::string& subject = "anna") {
    v1::GetContactRequest request;
    request.set_id(id);
    auto response = service_->GetContact(Call(subject), request);
    if (!response.ok()) return response.status();
    return response->contact();
  }

  absl::StatusOr<v1::UpdateContactResponse> Update(const v1::Contact& contact, const std::vector<std::string>& paths) {
    v1::UpdateContactRequest request;
    *request.mutable_contact() = contact;
    for (const std::string& path : paths) request.mutable_update_mask()->add_paths(path);
    return service_->UpdateContact(Call(), request);
  }

  absl::StatusOr<v1::SeatContactResponse> Seat(const std::string& id, const v1::Seat& seat = {}) {
    v1::SeatContactRequest request;
    request.set_contact_id(id);
    *request.mutable_seat() = seat;
    return service_->SeatContact(Call(), request);
  }

  v1::GetCouncilResponse Council(std::optional<absl::Time> as_of = std::nullopt);

  // The names of all contacts, in order.
  std::vector<std::string> Names(const std::string& subject = "anna") {
    v1::ListContactsRequest request;
    request.set_page_size(1000);
    const auto response = service_->ListContacts(Call(subject), request);
    EXPECT_TRUE(response.ok()) << response.status();
    std::vector<std::string> names;
    for (const v1::Contact& contact : response->contacts()) names.push_back(contact.display_name());
    return names;
  }

  absl::StatusOr<v1::ImportContactsResponse> Import(const std::string& file, v1::ImportContactsOptions options = {});

  // What an export gives.
  std::string Export(v1::ContactFormat format);

  const test::TempDir dir_;
  base::ManualClock clock_{absl::FromUnixSeconds(1'760'000'000)};
  base::SeededRandom random_{3};
  std::unique_ptr<sql::Database> database_;
  std::unique_ptr<seal::Sealer> sealer_;
  std::unique_ptr<seal::TokenCodec> tokens_;
  std::unique_ptr<SqlContactsStore> store_;
  base::OwnerChanges owner_changes_{{.poll_interval = absl::Hours(1)}, [this](std::span<const base::Owner> owners) {
                                      return store_->Revisions(owners, absl::InfiniteFuture());
                                    }};
  std::unique_ptr<audit::AccessLog> accesses_;
  std::unique_ptr<Contacts> contacts_;
  std::unique_ptr<ContactsService> service_;
  int changes_ = 0;
};

using rpc::ChunkWriter;
using rpc::ListReader;

inline v1::GetCouncilResponse ServiceTest::Council(std::optional<absl::Time> as_of) {
  v1::GetCouncilRequest request;
  if (as_of.has_value()) request.mutable_as_of()->set_seconds(absl::ToUnixSeconds(*as_of));
  auto response = service_->GetCouncil(Call(), request);
  EXPECT_TRUE(response.ok()) << response.status();
  return response.value_or(v1::GetCouncilResponse());
}

inline absl::StatusOr<v1::ImportContactsResponse> ServiceTest::Import(const std::string& file,
                                                                      v1::ImportContactsOptions options) {
  std::vector<v1::ImportContactsRequest> requests(1);
  *requests[0].mutable_options() = std::move(options);
  constexpr size_t kChunk = 1000;
  for (size_t at = 0; at < file.size(); at += kChunk) requests.emplace_back().set_chunk(file.substr(at, kChunk));
  ListReader<v1::ImportContactsRequest> reader(std::move(requests));
  return service_->ImportContacts(Call(), reader);
}

inline std::string ServiceTest::Export(v1::ContactFormat format) {
  v1::ExportContactsRequest request;
  request.set_format(format);
  ChunkWriter<v1::ExportContactsResponse> writer;
  const absl::Status status = service_->ExportContacts(Call(), request, writer);
  EXPECT_TRUE(status.ok()) << status;
  return writer.text;
}

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_SERVICE_FOR_TEST_H_
