#ifndef COUNCIL_CLIENTS_CLI_DIGEST_H_
#define COUNCIL_CLIENTS_CLI_DIGEST_H_

#include <string>
#include <vector>

#include "clients/cli/balance_text.h"
#include "clients/cli/steps.h"

namespace council::cli {

// What a mail shows in one line.
inline constexpr int kDigestColumns = 72;

// What a week is about, as it goes into a mail to the owner.
struct Digest {
  // Something on a day: "Tue 24 Nov 10:00", "Planning (Tomasz Zieliński)".
  struct Item {
    std::string when;
    std::string what;
  };

  // "Your council, 23 November to 29 November 2026".
  std::string title;
  // Empty: it is left out.
  BalanceHeadline headline;
  std::vector<Item> meetings;
  // Those that are over and await the word whether they took place.
  std::vector<Item> unconfirmed;
  std::vector<Item> promises;
  std::vector<Step> steps;
  std::vector<Item> check_ins;

  // The week has nothing in it.
  bool empty() const {
    return meetings.empty() && unconfirmed.empty() && promises.empty() && steps.empty() && check_ins.empty();
  }
};

// As plain text of at most `columns`.
std::string RenderDigestText(const Digest& digest, int columns = kDigestColumns);

// As an HTML page in UTF-8 that a mail can carry: styles inline, no script, nothing to load, no colour that says
// something, no table. What comes from cards and calendars is escaped. No line has more than 998 bytes, the most that
// mail takes.
std::string RenderDigestHtml(const Digest& digest);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_DIGEST_H_
