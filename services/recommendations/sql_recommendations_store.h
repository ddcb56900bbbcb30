#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_SQL_RECOMMENDATIONS_STORE_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_SQL_RECOMMENDATIONS_STORE_H_

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/audit/sql_access_store.h"
#include "libs/base/random.h"
#include "libs/seal/erasure_list.h"
#include "libs/seal/open_keys.h"
#include "libs/seal/owner_erasures.h"
#include "libs/seal/resealer.h"
#include "libs/seal/sealer.h"
#include "libs/sql/database.h"
#include "libs/sql/storage_identity.h"
#include "services/recommendations/recommendations_store.h"

namespace council::recommendations {

// History and advice in a database of either engine (migrations/).
class SqlRecommendationsStore final : public RecommendationsStore {
 public:
  // Opens the storage that --storage names, goes on with erasures that were interrupted, and erases again what the list
  // of erasures, if there is one, says and a restore brought back. Fails as sql::OpenDatabase and seal::OpenSecrets do.
  static absl::StatusOr<std::unique_ptr<SqlRecommendationsStore>> Open(const std::string& storage,
                                                                       const seal::Keys& keys, base::Random& random);

  const sql::StorageIdentity& identity() const { return identity_; }
  sql::Database& database() { return *database_; }
  // For what goes on beside the store: its listener may be set before the store is used.
  seal::Sealer& sealer() { return sealer_; }

  // The tables that have sealed rows.
  static std::vector<seal::SealedTable> SealedTables();

  absl::StatusOr<std::vector<v1::BalancePoint>> ListPoints(const base::Owner& owner, absl::CivilDay first,
                                                           absl::CivilDay last, absl::Time deadline) override;
  absl::Status PutPoints(const base::Owner& owner, std::span<const v1::BalancePoint> points, IfKept if_kept) override;
  absl::StatusOr<std::vector<GivenRecommendation>> FindGiven(const base::Owner& owner, std::span<const std::string> ids,
                                                             absl::Time deadline) override;
  absl::StatusOr<std::vector<GivenRecommendation>> ListGiven(const base::Owner& owner, absl::CivilDay first,
                                                             absl::CivilDay last, absl::Time deadline) override;
  absl::Status PutGiven(const base::Owner& owner, std::span<const GivenRecommendation> given, IfKept if_kept) override;
  absl::Status EraseContact(const base::Owner& owner, const std::vector<std::string>& contact_ids) override;
  absl::Status BeginErasure(const base::Owner& owner) override;
  absl::Status FinishErasure(const base::Owner& owner) override;
  absl::Status AddAccesses(const base::Owner& owner, std::span<const audit::storage::v1::StoredAccess> counted,
                           absl::Time expired) override;
  absl::StatusOr<std::vector<audit::storage::v1::StoredAccess>> ListAccesses(const base::Owner& owner,
                                                                             std::size_t limit, std::string& position,
                                                                             absl::Time deadline) override;

 private:
  absl::StatusOr<GivenRecommendation> OpenGiven(const std::string& owner_hash, std::string_view id_hash,
                                                std::string_view sealed) const;

  absl::Status EraseContact(const std::string& owner_hash, const std::vector<std::string>& contact_ids);
  absl::Status BeginErasure(const std::string& owner_hash);
  absl::Status EraseAgain(const seal::Erasure& erasure);

  SqlRecommendationsStore(std::unique_ptr<sql::Database> database, seal::StorageSecrets secrets,
                          const seal::Keys& keys);

  const std::unique_ptr<sql::Database> database_;
  const sql::StorageIdentity identity_;
  seal::Sealer sealer_;
  seal::OwnerErasures owner_erasures_;
  audit::SqlAccessStore accesses_;
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_SQL_RECOMMENDATIONS_STORE_H_
