#ifndef COUNCIL_SERVICES_LEDGER_LEDGER_WATCH_H_
#define COUNCIL_SERVICES_LEDGER_LEDGER_WATCH_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "council/ledger/v1/ledger_service.pb.h"
#include "libs/base/owner.h"
#include "libs/base/owner_changes.h"
#include "libs/rpc/watch.h"
#include "libs/seal/token.h"
#include "services/ledger/ledger.h"

namespace council::ledger {

// How far a watch has come: all entries up to `sequence` are told, and all changes without an entry up to `revision`.
struct WatchPlace {
  std::int64_t revision = 0;
  std::int64_t sequence = 0;
};

// The watch token of a place, and back. INVALID_TOKEN for what is none; FAILED_PRECONDITION (LINEAGE_CHANGED) for one
// of a storage that was replaced.
std::string WatchToken(const seal::TokenCodec& tokens, const base::Owner& owner, const std::string& lineage,
                       const WatchPlace& place);
absl::StatusOr<WatchPlace> ParseWatchToken(const seal::TokenCodec& tokens, const base::Owner& owner,
                                           const std::string& lineage, const std::string& text);

// The changes of an owner's ledger behind a place. Each entry knows the revision that its append made: a revision
// without an entry is a change without one.
class LedgerChanges final : public rpc::ChangeSource<v1::WatchLedgerResponse> {
 public:
  // `ledger` and `tokens` must outlive the source. `tell_place`: the first page begins with a response that says
  // nothing but the place.
  LedgerChanges(Ledger& ledger, const seal::TokenCodec& tokens, base::Owner owner, WatchPlace place, bool tell_place,
                std::unique_ptr<base::OwnerChanges::Subscription> subscription)
      : ledger_(ledger),
        tokens_(tokens),
        owner_(std::move(owner)),
        place_(place),
        tell_place_(tell_place),
        subscription_(std::move(subscription)) {}

  // TOKEN_FROM_FUTURE where the ledger never was at the place.
  absl::StatusOr<std::vector<v1::WatchLedgerResponse>> Next() override;

 private:
  // Adds a response behind which the place is `place_`.
  v1::WatchLedgerResponse& Add(std::vector<v1::WatchLedgerResponse>& page) const;
  // Adds changes without an entry until `place_.revision` is `revision`, or the page is full: then false.
  bool AddChangesUntil(std::int64_t revision, std::vector<v1::WatchLedgerResponse>& page);

  Ledger& ledger_;
  const seal::TokenCodec& tokens_;
  const base::Owner owner_;
  WatchPlace place_;
  bool tell_place_;
  const std::unique_ptr<base::OwnerChanges::Subscription> subscription_;
};

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_LEDGER_WATCH_H_
