#ifndef COUNCIL_LIBS_SQL_IN_LIST_H_
#define COUNCIL_LIBS_SQL_IN_LIST_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "libs/base/check.h"
#include "libs/sql/connection.h"

namespace council::sql {

// Keys (bytes) for one `IN (…)`, so that rows of many keys come with few statements:
//
//     for (const InList& some : InList::Split(contacts)) {
//       Statement select = connection.Prepare("SELECT … WHERE owner = ? AND contact IN " + some.placeholders() +
//                                             " AND day <= ?");
//       some.Bind(select, std::tuple(Blob{owner}), std::tuple(day));
//       while (select.Step()) …
//     }
//
// Only four lengths are used, so that few statements are prepared; a list is filled up by repeating its last key.
class InList {
 public:
  // As many keys as one list has.
  static constexpr std::size_t kMost = 128;

  // 1 to kMost keys, which must outlive the list and the statement's last step.
  explicit InList(std::span<const std::string> keys) {
    COUNCIL_CHECK(!keys.empty() && keys.size() <= kMost);
    for (std::size_t i = 0; i < kMost; ++i) keys_[i] = Blob{keys[i < keys.size() ? i : keys.size() - 1]};
    while (kLengths[length_] < keys.size()) ++length_;
  }

  // Lists that together have all of `keys`, which may be none.
  static std::vector<InList> Split(std::span<const std::string> keys) {
    std::vector<InList> lists;
    for (std::size_t i = 0; i < keys.size(); i += kMost) {
      lists.emplace_back(keys.subspan(i, std::min(kMost, keys.size() - i)));
    }
    return lists;
  }

  // "(?, ?, …)".
  const std::string& placeholders() const {
    static const std::array<std::string, kLengths.size()> kTexts = [] {
      std::array<std::string, kLengths.size()> texts;
      for (std::size_t i = 0; i < kLengths.size(); ++i) {
        texts[i] = "(?";
        for (std::size_t j = 1; j < kLengths[i]; ++j) texts[i] += ", ?";
        texts[i] += ")";
      }
      return texts;
    }();
    return kTexts[length_];
  }

  // Binds all parameters of a statement: the tuple `before` the list, the list, the tuple `after` it.
  template <typename Before, typename After>
  void Bind(Statement& statement, const Before& before, const After& after) const {
    switch (length_) {
      case 0:
        return BindFirst(std::make_index_sequence<kLengths[0]>(), statement, before, after);
      case 1:
        return BindFirst(std::make_index_sequence<kLengths[1]>(), statement, before, after);
      case 2:
        return BindFirst(std::make_index_sequence<kLengths[2]>(), statement, before, after);
      default:
        return BindFirst(std::make_index_sequence<kLengths[3]>(), statement, before, after);
    }
  }

 private:
  static constexpr std::array<std::size_t, 4> kLengths = {1, 8, 32, kMost};

  template <std::size_t... kIndex, typename Before, typename After>
  void BindFirst(std::index_sequence<kIndex...> /*indexes*/, Statement& statement, const Before& before,
                 const After& after) const {
    std::apply(
        [&](const auto&... first) {
          std::apply([&](const auto&... last) { statement.Bind(first..., keys_[kIndex]..., last...); }, after);
        },
        before);
  }

  std::array<Blob, kMost> keys_;
  std::size_t length_ = 0;
};

}  // namespace council::sql

#endif  // COUNCIL_LIBS_SQL_IN_LIST_H_
