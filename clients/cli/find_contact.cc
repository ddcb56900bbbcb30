#include "clients/cli/find_contact.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/match.h"
#include "clients/cli/text.h"

namespace council::cli {
namespace {

constexpr absl::Duration kRecently = absl::Hours(24 * 30);

// Words of a folded text, parted at spaces and at what parts names ("Mei-Ling", "O'Sullivan", "Costa, Miguel").
std::vector<std::string> WordsIn(const std::string& folded) {
  std::vector<std::string> words(1);
  for (const char c : folded) {
    if (absl::StrContains(" -'.,()\"/", std::string(1, c))) {
      if (!words.back().empty()) words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

// Each wanted word takes a word of its own of the name.
template <typename Fits>
bool AllFit(const std::vector<std::string>& wanted, std::vector<std::string> words, const Fits& fits) {
  for (const std::string& want : wanted) {
    const auto found =
        std::find_if(words.begin(), words.end(), [&](const std::string& word) { return fits(word, want); });
    if (found == words.end()) return false;
    words.erase(found);
  }
  return !wanted.empty();
}

}  // namespace

NameMatch MatchName(const std::string& text, const contacts::v1::Contact& contact) {
  const std::string wanted = Fold(text);
  if (wanted.empty()) return NameMatch::kNone;
  const std::string name = Fold(contact.display_name());
  if (name == wanted) return NameMatch::kExact;
  NameMatch best = NameMatch::kNone;
  for (const std::string& email : contact.emails()) {
    const std::string address = Fold(email);
    if (address == wanted) return NameMatch::kExact;
    if (absl::StartsWith(address, wanted)) best = std::max(best, NameMatch::kWordStart);
    if (absl::StrContains(address, wanted)) best = std::max(best, NameMatch::kInside);
  }
  const std::vector<std::string> wanted_words = WordsIn(wanted);
  const std::vector<std::string> words = WordsIn(name);
  if (AllFit(wanted_words, words, [](const std::string& word, const std::string& want) { return word == want; })) {
    return NameMatch::kWholeWord;
  }
  if (AllFit(wanted_words, words,
             [](const std::string& word, const std::string& want) { return absl::StartsWith(word, want); })) {
    return NameMatch::kWordStart;
  }
  if (absl::StrContains(name, wanted)) best = std::max(best, NameMatch::kInside);
  return best;
}

std::vector<contacts::v1::Contact> BestMatches(const std::string& text,
                                               const std::vector<contacts::v1::Contact>& contacts) {
  NameMatch best = NameMatch::kInside;
  std::vector<contacts::v1::Contact> matches;
  for (const contacts::v1::Contact& contact : contacts) {
    const NameMatch match = MatchName(text, contact);
    if (match < best) continue;
    if (match > best) matches.clear();
    best = match;
    matches.push_back(contact);
  }
  return matches;
}

std::optional<size_t> Decide(std::vector<Candidate>& candidates, absl::Time now) {
  std::stable_sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    return std::make_tuple(!a.seated, b.last_met, Fold(a.contact.display_name())) <
           std::make_tuple(!b.seated, a.last_met, Fold(b.contact.display_name()));
  });
  if (candidates.size() == 1) return 0;
  if (candidates.empty()) return std::nullopt;
  const auto seated = std::count_if(candidates.begin(), candidates.end(), [](const Candidate& c) { return c.seated; });
  if (seated == 1) return 0;
  const auto in_question = seated > 1 ? candidates.begin() + seated : candidates.end();
  const auto recently = [&](const Candidate& c) { return c.last_met > now - kRecently; };
  if (std::count_if(candidates.begin(), in_question, recently) != 1) return std::nullopt;
  return std::find_if(candidates.begin(), in_question, recently) - candidates.begin();
}

}  // namespace council::cli
