// Contacts: what comes from files and goes into files.

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/util/json_util.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/base/uuid.h"
#include "services/contacts/contact_imports.h"
#include "services/contacts/contact_rules.h"
#include "services/contacts/contacts.h"
#include "services/contacts/contacts_common.h"
#include "services/contacts/import/contact_file.h"
#include "services/contacts/import/mapped_csv.h"
#include "services/contacts/import_model.h"

namespace council::contacts {
namespace {

using Outcome = ImportModel::Outcome;

// Records that are made durable together: few enough that other owners' writes do not wait long.
constexpr size_t kRecordsAtOnce = 200;

// Puts together the answer to an import.
class Report {
 public:
  void Add(const FileRecord& record, const Outcome& outcome) {
    switch (outcome.kind) {
      case Outcome::kCreated:
        response_.set_created(response_.created() + 1);
        break;
      case Outcome::kUpdated:
        response_.set_updated(response_.updated() + 1);
        break;
      case Outcome::kUnchanged:
        response_.set_unchanged(response_.unchanged() + 1);
        break;
      case Outcome::kRefused:
        Skip(record.line, outcome.reason);
        break;
    }
  }

  void Skip(int line, const std::string& reason) {
    if (response_.skipped_size() == limits::kSkippedRecords || skipped_bytes_ > limits::kSkippedBytes) {
      ++unnamed_;
      return;
    }
    skipped_bytes_ += reason.size();
    auto* skipped = response_.add_skipped();
    skipped->set_line(line);
    skipped->set_reason(reason);
  }

  v1::ImportContactsResponse Finish(v1::ContactFormat format) {
    response_.set_format(format);
    if (unnamed_ > 0) {
      response_.add_skipped()->set_reason(absl::StrCat("and ", unnamed_, " more, not named here one by one"));
    }
    return std::move(response_);
  }

 private:
  v1::ImportContactsResponse response_;
  size_t skipped_bytes_ = 0;
  int unnamed_ = 0;
};

std::string Violations(const absl::Status& status) {
  const google::rpc::BadRequest bad = base::BadRequestOf(status);
  return absl::StrJoin(bad.field_violations(), "; ", [](std::string* out, const auto& violation) {
    absl::StrAppend(out, violation.field(), " ", violation.description());
  });
}

std::string Json(const google::protobuf::Message& message) {
  std::string json;
  // Only messages with Any or times out of range fail, and neither is ever stored.
  static_cast<void>(google::protobuf::util::MessageToJsonString(message, &json));
  return json;
}

std::string Line(const char* kind, const google::protobuf::Message& message) {
  return absl::StrCat("{\"", kind, "\":", Json(message), "}\n");
}

}  // namespace

absl::StatusOr<Changed<v1::ImportContactsResponse>> Contacts::Import(const rpc::CallContext& call,
                                                                     const v1::ImportContactsOptions& options,
                                                                     absl::string_view bytes) {
  v1::Contact with_tags;
  *with_tags.mutable_tags() = options.tags();
  with_tags.set_display_name("-");
  NormalizeContact(with_tags);
  base::FieldViolations violations;
  ValidateContact(with_tags, "options", options_.consented_facets, violations);
  COUNCIL_RETURN_IF_ERROR(violations.ToStatus());
  if (options.file_name().size() > limits::kFileName) {
    return base::InvalidField("options.file_name", absl::StrCat("must have at most ", limits::kFileName, " bytes"));
  }
  v1::ContactFormat format = options.format();
  if (format == v1::CONTACT_FORMAT_UNSPECIFIED) {
    COUNCIL_ASSIGN_OR_RETURN(format, DetectFormat(bytes));
  }
  const FileOptions file = {.columns = {options.columns().begin(), options.columns().end()},
                            .file_name = options.file_name()};
  if (format == v1::CONTACT_FORMAT_CSV) {
    COUNCIL_RETURN_IF_ERROR(ValidateColumns(file.columns, options_.consented_facets));
  } else if (!file.columns.empty()) {
    return base::InvalidField("options.columns", "goes with the format CSV alone");
  }

  const auto new_contact = [&](v1::Contact& contact) {
    GiveIdAndTimes(contact, clock_.Now());
    NormalizeContact(contact);
    for (const std::string& tag : with_tags.tags()) {
      const bool known = std::ranges::find(contact.tags(), tag) != contact.tags().end();
      if (!known && static_cast<size_t>(contact.tags_size()) < limits::kTags) contact.add_tags(tag);
    }
  };
  std::optional<ImportModel> model;
  bool model_is_current = false;  // as of `revision`
  ImportModel::Taken taken;
  const auto load = [&](ContactsSnapshot& snapshot) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(auto contacts, snapshot.AllContacts());
    COUNCIL_ASSIGN_OR_RETURN(const v1::Settings settings, snapshot.GetSettings());
    model.emplace(std::move(contacts), settings, options_.contacts_per_owner, new_contact, taken);
    return absl::OkStatus();
  };
  // The outcome for one record, checked as any contact is that a caller sends.
  const auto take = [&](const v1::Contact& record) {
    v1::Contact normalized = record;
    NormalizeContact(normalized);
    base::FieldViolations wrong;
    ValidateContact(normalized, "contact", options_.consented_facets, wrong);
    if (wrong.empty()) return model->Take(record);
    Outcome refused;
    refused.kind = Outcome::kRefused;
    refused.reason = Violations(wrong.ToStatus());
    return refused;
  };

  Report report;
  int64_t revision = 0;
  std::vector<FileRecord> batch;
  std::vector<Outcome> outcomes;
  absl::Time began = clock_.Now();
  std::string import_id = options.import_id();
  KeptOfImport kept;
  if (import_id.empty()) {
    import_id = base::NewUuid(began, random_);
  } else {
    const auto find = [&](ContactsSnapshot& snapshot) -> absl::Status {
      COUNCIL_ASSIGN_OR_RETURN(const KeptImport import, FindImport(snapshot, import_id, began));
      began = import.time;
      kept = {.parts = import.parts, .bytes_before = static_cast<size_t>(import.bytes)};
      return absl::OkStatus();
    };
    COUNCIL_RETURN_IF_ERROR(store_.Read(call.owner(), call.deadline(), find));
  }
  const auto write_batch = [&]() -> absl::Status {
    if (call.IsCancelled()) return absl::CancelledError("the caller has gone");
    KeptOfImport kept_then;
    const auto work = [&](ContactsTransaction& transaction, absl::Time now) -> absl::Status {
      ImportBatch import(import_id, began, kept);
      outcomes.clear();
      if (!model_is_current || transaction.revision() != revision) COUNCIL_RETURN_IF_ERROR(load(transaction));
      model_is_current = false;  // until what it says is durable
      for (const FileRecord& record : batch) {
        Outcome& outcome = outcomes.emplace_back(take(*record.contact));
        if (outcome.kind != Outcome::kCreated && outcome.kind != Outcome::kUpdated) continue;
        *outcome.contact.mutable_contact()->mutable_update_time() = base::ToProto(now);
        COUNCIL_RETURN_IF_ERROR(import.Put(transaction, outcome));
        COUNCIL_RETURN_IF_ERROR(LeaveCouncilIfStatusSays(transaction, outcome.contact.contact(), now));
      }
      COUNCIL_ASSIGN_OR_RETURN(kept_then, import.Keep(transaction));
      return absl::OkStatus();
    };
    const auto written = Change(call, work);
    if (!written.ok()) return written.status();
    revision = *written;
    kept = kept_then;
    taken = model->taken();
    model_is_current = true;
    for (size_t i = 0; i < batch.size(); ++i) report.Add(batch[i], outcomes[i]);
    batch.clear();
    return absl::OkStatus();
  };

  if (options.dry_run()) {
    COUNCIL_ASSIGN_OR_RETURN(revision, Read(call, 0, load));
  }
  absl::Status status;
  int records = 0;
  const auto take_record = [&](FileRecord record) {
    if (++records > limits::kImportRecords) {
      status = base::Error(absl::StatusCode::kResourceExhausted, common::v1::ERROR_REASON_LIMIT_EXCEEDED,
                           absl::StrCat("a file has at most ", limits::kImportRecords, " cards or rows"));
    } else if (call.IsCancelled()) {
      status = absl::CancelledError("the caller has gone");
    }
    if (!status.ok()) return false;
    for (const std::string& reason : record.left_out) report.Skip(record.line, reason);
    if (!record.contact.has_value()) return true;
    if (options.dry_run()) {
      report.Add(record, take(*record.contact));
      return true;
    }
    batch.push_back(std::move(record));
    if (batch.size() == kRecordsAtOnce) status = write_batch();
    return status.ok();
  };
  COUNCIL_RETURN_IF_ERROR(ReadContacts(format, bytes, take_record, file));
  COUNCIL_RETURN_IF_ERROR(status);
  if (!options.dry_run()) COUNCIL_RETURN_IF_ERROR(write_batch());
  Changed<v1::ImportContactsResponse> imported{report.Finish(format), revision};
  if (kept.parts > 0) imported.value.set_import_id(import_id);
  return imported;
}

absl::StatusOr<std::vector<v1::Contact>> Contacts::Export(const rpc::CallContext& call, int64_t required) {
  std::vector<v1::Contact> contacts;
  const auto work = [&](ContactsSnapshot& snapshot) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(auto stored, snapshot.AllContacts());
    for (auto& contact : stored) contacts.push_back(std::move(*contact.mutable_contact()));
    return absl::OkStatus();
  };
  COUNCIL_RETURN_IF_ERROR(Read(call, required, work).status());
  return Selected(std::move(contacts), "", ContactOrder{});
}

absl::Status Contacts::ExportOwner(const rpc::CallContext& call,
                                   absl::FunctionRef<bool(const std::string& line)> take) {
  std::vector<std::string> lines;
  const auto work = [&](ContactsSnapshot& snapshot) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(const auto contacts, snapshot.AllContacts());
    for (const auto& contact : contacts) lines.push_back(Line("contact", contact));
    COUNCIL_ASSIGN_OR_RETURN(const auto seats, snapshot.AllSeats());
    for (const auto& seat : seats) lines.push_back(Line("seat", seat));
    COUNCIL_ASSIGN_OR_RETURN(const auto acquaintances, snapshot.Acquaintances(std::nullopt));
    for (const auto& acquaintance : acquaintances) lines.push_back(Line("acquaintance", acquaintance));
    COUNCIL_ASSIGN_OR_RETURN(const auto settings, snapshot.GetSettings());
    lines.push_back(Line("settings", settings));
    COUNCIL_ASSIGN_OR_RETURN(const auto imports, snapshot.Imports());
    for (const KeptImport& import : imports) {
      for (int64_t part = 0; part < import.parts; ++part) {
        if (call.IsCancelled()) return absl::CancelledError("the caller has gone");
        COUNCIL_ASSIGN_OR_RETURN(auto what, snapshot.ImportPart(import.id, part));
        if (!what.has_value()) continue;
        for (auto& contact : *what->mutable_contacts()) contact.clear_written_digest();
        lines.push_back(Line("import", *what));
      }
    }
    return absl::OkStatus();
  };
  COUNCIL_RETURN_IF_ERROR(Read(call, 0, work).status());
  std::string position;
  do {
    COUNCIL_ASSIGN_OR_RETURN(const auto page, accesses_.List(call.owner(), limits::kPage, position, call.deadline()));
    for (const auto& access : page) lines.push_back(Line("access", access));
  } while (!position.empty());
  for (const std::string& line : lines) {
    if (!take(line)) break;
  }
  return absl::OkStatus();
}

absl::Status Contacts::ExportState(const rpc::CallContext& call,
                                   absl::FunctionRef<absl::Status(const v1::OwnerStateRecord&)> take) {
  std::vector<v1::OwnerStateRecord> state;
  const auto work = [&](ContactsSnapshot& snapshot) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(state, StateOf(snapshot));
    return absl::OkStatus();
  };
  COUNCIL_RETURN_IF_ERROR(Read(call, 0, work).status());
  COUNCIL_RETURN_IF_ERROR(take(StartOf(state)));
  for (const v1::OwnerStateRecord& record : state) COUNCIL_RETURN_IF_ERROR(take(record));
  return absl::OkStatus();
}

ImportedState Contacts::NewImport() const {
  return ImportedState({.contacts = options_.contacts_per_owner, .consented_facets = options_.consented_facets},
                       clock_.Now());
}

absl::StatusOr<Changed<StateImport>> Contacts::ImportState(const rpc::CallContext& call, const ImportedState& state,
                                                           bool dry_run) {
  Changed<StateImport> result;
  if (dry_run) {
    const auto compare = [&](ContactsSnapshot& snapshot) -> absl::Status {
      if (snapshot.erased()) {
        return base::Error(absl::StatusCode::kFailedPrecondition, common::v1::ERROR_REASON_OWNER_ERASED,
                           "the owner's data were erased here; nothing can be written for them");
      }
      COUNCIL_ASSIGN_OR_RETURN(result.value, CompareState(state, snapshot));
      return absl::OkStatus();
    };
    COUNCIL_ASSIGN_OR_RETURN(result.revision, Read(call, 0, compare));
    return result;
  }
  const auto write = [&](ContactsTransaction& transaction, absl::Time) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(result.value, WriteState(state, transaction));
    return absl::OkStatus();
  };
  COUNCIL_ASSIGN_OR_RETURN(result.revision, Change(call, write));
  return result;
}

}  // namespace council::contacts
