#include "services/ledger/prepared_draft.h"

#include <utility>

#include "libs/base/status.h"

namespace council::ledger {
namespace {

absl::StatusOr<PreparedEvent> Prepare(const EventRecord& record, const RowCodec& codec) {
  PreparedEvent prepared;
  prepared.event = codec.EventHash(record.uid, record.recurrence_id);
  prepared.uid = codec.EventUidHash(record.uid);
  COUNCIL_ASSIGN_OR_RETURN(prepared.sealed, codec.SealEvent(prepared.event, record));
  return prepared;
}

absl::StatusOr<PreparedDraft> Prepare(Draft draft, const RowCodec& codec) {
  PreparedDraft prepared;
  const v1::Interaction& content = draft.content;
  prepared.id = IdBytes(content.id());
  for (const std::string& contact_id : content.contact_ids()) {
    if (!contact_id.empty()) prepared.contacts.push_back(IdBytes(contact_id));
  }
  prepared.day = DayOfEntry(content);
  for (const v1::Promise& promise : content.promises()) {
    prepared.opened_promises.push_back(codec.PromiseHash(promise.id()));
  }
  for (const std::string& id : content.closes_promises()) prepared.closed_promises.push_back(codec.PromiseHash(id));
  if (!draft.request_id.empty()) prepared.request = codec.RequestHash(draft.request_id);
  COUNCIL_ASSIGN_OR_RETURN(prepared.sealed, codec.SealEntry(draft));
  if (draft.event.has_value()) {
    COUNCIL_ASSIGN_OR_RETURN(prepared.event, Prepare(draft.event->record, codec));
    if (draft.event->moved_from.has_value()) {
      EventRecord left = *draft.event->moved_from;
      left.withdrawn = true;
      COUNCIL_ASSIGN_OR_RETURN(prepared.moved_from, Prepare(left, codec));
    }
  }
  prepared.draft = std::move(draft);
  return prepared;
}

}  // namespace

absl::StatusOr<AppendJob> PrepareAppend(OwnerKey key, std::vector<Draft> drafts, std::string chain_id,
                                        std::optional<ChainPlace> place, absl::Time now, const seal::Sealer& sealer) {
  AppendJob job{
      .key = std::move(key), .drafts = {}, .chain_id = std::move(chain_id), .place = std::move(place), .now = now};
  const RowCodec codec(sealer, job.key);
  job.drafts.reserve(drafts.size());
  for (Draft& draft : drafts) {
    COUNCIL_ASSIGN_OR_RETURN(PreparedDraft prepared, Prepare(std::move(draft), codec));
    job.drafts.push_back(std::move(prepared));
  }
  return job;
}

}  // namespace council::ledger
