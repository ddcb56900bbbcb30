#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_SQL_RECOMMENDATIONS_STORE_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_SQL_RECOMMENDATIONS_STORE_H_

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/base/random.h"
#include "libs/seal/sealer.h"
#include "libs/sql/database.h"
#include "libs/sql/storage_identity.h"
#include "services/recommendations/recommendations_store.h"

namespace council::recommendations {

// History and advice in a database of either engine (migrations/).
class SqlRecommendationsStore final : public RecommendationsStore {
 public:
  // Opens the storage that --storage names. `shared_key` is the key that the services share. Fails as sql::OpenDatabase
  // does.
  static absl::StatusOr<std::unique_ptr<SqlRecommendationsStore>> Open(const std::string& storage,
                                                                       const std::string& shared_key,
                                                                       base::Random& random);

  const sql::StorageIdentity& identity() const { return identity_; }
  const seal::Sealer& sealer() const { return sealer_; }

  absl::StatusOr<std::vector<v1::BalancePoint>> ListPoints(const base::Owner& owner, absl::CivilDay first,
                                                           absl::CivilDay last, absl::Time deadline) override;
  absl::Status PutPoints(const base::Owner& owner, std::span<const v1::BalancePoint> points, IfKept if_kept) override;
  absl::StatusOr<std::vector<GivenRecommendation>> FindGiven(const base::Owner& owner, std::span<const std::string> ids,
                                                             absl::Time deadline) override;
  absl::StatusOr<std::vector<GivenRecommendation>> ListGiven(const base::Owner& owner, absl::CivilDay first,
                                                             absl::CivilDay last, absl::Time deadline) override;
  absl::Status PutGiven(const base::Owner& owner, std::span<const GivenRecommendation> given, IfKept if_kept) override;
  absl::Status EraseOwner(const base::Owner& owner) override;

 private:
  absl::StatusOr<GivenRecommendation> OpenGiven(const base::Owner& owner, std::string_view id_hash,
                                                std::string_view sealed) const;

  SqlRecommendationsStore(std::unique_ptr<sql::Database> database, sql::StorageIdentity identity,
                          const std::string& shared_key);

  const std::unique_ptr<sql::Database> database_;
  const sql::StorageIdentity identity_;
  const seal::Sealer sealer_;
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_SQL_RECOMMENDATIONS_STORE_H_
