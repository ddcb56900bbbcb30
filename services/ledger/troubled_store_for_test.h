#ifndef COUNCIL_SERVICES_LEDGER_TROUBLED_STORE_FOR_TEST_H_
#define COUNCIL_SERVICES_LEDGER_TROUBLED_STORE_FOR_TEST_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "council/common/v1/errors.pb.h"
#include "libs/base/status.h"
#include "services/ledger/ledger_store.h"

namespace council::ledger {

// A store whose writes can be made to fail, or be preceded by somebody else's.
class TroubledStore final : public LedgerStore {
 public:
  explicit TroubledStore(LedgerStore& store) : store_(store) {}

  int writes_left = 1000;  // Further ones fail.
  std::function<void()> before_append;
  std::function<void()> before_removal;
  std::function<void()> before_plans;

  const std::string& lineage() const override { return store_.lineage(); }
  void Append(const base::Owner& owner, std::vector<Draft> drafts, absl::Time now, AppendDone done) override {
    if (before_append) std::exchange(before_append, nullptr)();
    if (--writes_left < 0) {
      std::move(done)(Failed());
    } else {
      store_.Append(owner, std::move(drafts), now, std::move(done));
    }
  }
  void Continue(const base::Owner& owner, const ChainPlace& place, std::vector<Draft> drafts, absl::Time now,
                AppendDone done) override {
    if (before_append) std::exchange(before_append, nullptr)();
    if (--writes_left < 0) {
      std::move(done)(Failed());
    } else {
      store_.Continue(owner, place, std::move(drafts), now, std::move(done));
    }
  }
  absl::StatusOr<std::int64_t> ReplacePlans(const base::Owner& owner, std::span<const EventPlans> events,
                                            absl::Time forget_before) override {
    if (before_plans) std::exchange(before_plans, nullptr)();
    return store_.ReplacePlans(owner, events, forget_before);
  }
  absl::StatusOr<PlanRemoval> RemovePlans(const base::Owner& owner, std::span<const std::string> ids) override {
    if (before_removal) std::exchange(before_removal, nullptr)();
    if (--writes_left < 0) return Failed();
    return store_.RemovePlans(owner, ids);
  }
  absl::Status KeepImport(const base::Owner& owner, const std::string& import_id, absl::Time time, std::int64_t part,
                          const ImportPart& what) override {
    return store_.KeepImport(owner, import_id, time, part, what);
  }
  absl::Status ForgetImports(const base::Owner& owner, std::span<const std::string> import_ids) override {
    return store_.ForgetImports(owner, import_ids);
  }
  absl::Status Read(const base::Owner& owner, absl::Time deadline,
                    absl::FunctionRef<absl::Status(LedgerReader&)> work) override {
    return store_.Read(owner, deadline, work);
  }
  absl::StatusOr<std::vector<std::int64_t>> Revisions(std::span<const base::Owner> owners,
                                                      absl::Time deadline) override {
    return store_.Revisions(owners, deadline);
  }
  absl::StatusOr<ContactErasure> EraseContact(const base::Owner& owner, std::span<const std::string> contact_ids,
                                              absl::Time now) override {
    return store_.EraseContact(owner, contact_ids, now);
  }
  absl::Status EraseOwner(const base::Owner& owner) override { return store_.EraseOwner(owner); }
  absl::Status AddAccesses(const base::Owner& owner, std::span<const audit::storage::v1::StoredAccess> counted,
                           absl::Time expired) override {
    return store_.AddAccesses(owner, counted, expired);
  }
  absl::StatusOr<std::vector<audit::storage::v1::StoredAccess>> ListAccesses(const base::Owner& owner,
                                                                             std::size_t limit, std::string& position,
                                                                             absl::Time deadline) override {
    return store_.ListAccesses(owner, limit, position, deadline);
  }

 private:
  static absl::Status Failed() {
    return base::Error(absl::StatusCode::kUnavailable, common::v1::ERROR_REASON_STORAGE_UNAVAILABLE, "as asked for");
  }

  LedgerStore& store_;
};

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_TROUBLED_STORE_FOR_TEST_H_
