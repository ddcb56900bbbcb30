#include "services/ledger/sql_plans.h"

#include <map>
#include <string>
#include <utility>

#include "google/protobuf/util/message_differencer.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/base/uuid.h"
#include "services/ledger/chain.h"
#include "services/ledger/days.h"

namespace council::ledger {
namespace {

using sql::Blob;
using sql::Connection;
using sql::Statement;

}  // namespace

absl::StatusOr<LedgerState> LockState(Connection& connection, const seal::Sealer& sealer, const OwnerKey& key,
                                      base::Random& random) {
  connection
      .Prepare(
          "INSERT INTO ledgers (owner, tenant, chain_id, head_sequence, head_hash, revision) VALUES (?, ?, ?, 0, ?, 0) "
          "ON CONFLICT (owner) DO NOTHING")
      .Bind(Blob{key.hash}, Blob{sealer.TenantHash(key.owner.tenant)}, Blob{random.Bytes(16)}, Blob{ZeroHash()})
      .Run();
  Statement select =
      connection.Prepare("SELECT chain_id, head_sequence, head_hash, revision, erased FROM ledgers WHERE owner = ?" +
                         std::string(connection.for_update()));
  select.Bind(Blob{key.hash});
  if (!select.Step()) return absl::InternalError("an owner's row is gone");
  if (select.GetInt(4) != 0) return OwnerErased();
  LedgerState state;
  state.chain_id = select.GetBlob(0);
  state.head_sequence = select.GetInt(1);
  SetHead(select.GetBlob(2), state);
  state.revision = select.GetInt(3);
  return state;
}

absl::StatusOr<bool> ReplacePlansOfEvent(Connection& connection, const RowCodec& codec, const OwnerKey& key,
                                         base::Random& random, const LedgerStore::EventPlans& wanted,
                                         const ContactIds& erased) {
  const std::string uid_hash = codec.EventUidHash(wanted.uid);
  std::map<std::string, v1::Plan> known;  // By recurrence id.
  {
    Statement select = connection.Prepare("SELECT id, sealed FROM plans WHERE owner = ? AND event_uid = ?");
    select.Bind(Blob{key.hash}, Blob{uid_hash});
    while (select.Step()) {
      COUNCIL_ASSIGN_OR_RETURN(v1::Plan plan, codec.OpenPlan(select.GetBlob(0), select.GetBlob(1)));
      known[plan.recurrence_id()] = std::move(plan);
    }
  }
  bool changed = false;
  for (v1::Plan plan : wanted.plans) {
    // A contact may have been erased since the plan was made.
    if (EraseFrom(plan, erased) && plan.contact_ids().empty()) continue;
    const auto found = known.find(plan.recurrence_id());
    if (found != known.end()) {
      plan.set_id(found->second.id());
      const bool same = google::protobuf::util::MessageDifferencer::Equals(plan, found->second);
      known.erase(found);
      if (same) continue;
    } else if (plan.id().empty()) {
      plan.set_id(base::NewUuid(base::FromProto(plan.start_time()), random));
    }
    const std::string id = IdBytes(plan.id());
    COUNCIL_ASSIGN_OR_RETURN(const std::string sealed, codec.SealPlan(id, plan));
    connection
        .Prepare(
            "INSERT INTO plans (owner, id, event_uid, day, sealed) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (owner, id) DO UPDATE SET day = excluded.day, sealed = excluded.sealed")
        .Bind(Blob{key.hash}, Blob{id}, Blob{uid_hash}, DayOfTime(base::FromProto(plan.start_time())), Blob{sealed})
        .Run();
    changed = true;
  }
  for (const auto& [recurrence_id, plan] : known) {
    if (!wanted.complete && !wanted.withdrawn.contains(recurrence_id)) continue;
    const std::string id = IdBytes(plan.id());
    connection.Prepare("DELETE FROM plans WHERE owner = ? AND id = ?").Bind(Blob{key.hash}, Blob{id}).Run();
    changed = true;
  }
  return changed;
}

bool ForgetPlans(Connection& connection, const OwnerKey& key, std::int64_t day) {
  return connection.Prepare("DELETE FROM plans WHERE owner = ? AND day < ?").Bind(Blob{key.hash}, day).Run() > 0;
}

}  // namespace council::ledger
