#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_WHO_KNOWS_WHOM_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_WHO_KNOWS_WHOM_H_

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "services/recommendations/advice_network.h"

namespace council::recommendations {

// Which contacts know each other, and how they hang together: by the acquaintances that the owner wrote down, by
// introductions and by talks of a few among the newest entries.
class WhoKnowsWhom {
 public:
  explicit WhoKnowsWhom(const AdviceNetwork& network);

  bool KnowEachOther(std::string_view a, std::string_view b) const;
  // Linked by a chain of people who know each other.
  bool SameGroup(std::string_view a, std::string_view b) const;
  size_t CommonAcquaintances(std::string_view a, std::string_view b) const;

 private:
  using Known = std::set<std::string, std::less<>>;

  void Link(const AdviceNetwork& network, const std::string& a, const std::string& b);
  void FindGroups();
  const Known* KnownTo(std::string_view id) const;

  std::map<std::string, Known, std::less<>> known_;
  // Who is known to anybody → the number of their group.
  std::map<std::string, size_t, std::less<>> group_;
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_WHO_KNOWS_WHOM_H_
