#ifndef COUNCIL_LIBS_WORDS_CATALOGUE_H_
#define COUNCIL_LIBS_WORDS_CATALOGUE_H_

#include <algorithm>
#include <array>
#include <cstddef>

#include "libs/words/advice_sentences.h"
#include "libs/words/balance_sentences.h"
#include "libs/words/review_sentences.h"
#include "libs/words/screen_sentences.h"
#include "libs/words/sentence.h"

// Every sentence about people that somebody reads, in English.
//
// Whoever adds one reads it against how words about people are meant to be: kind and factual. "Tiring lately", not
// "draining"; what somebody did, not what they are worth. A sentence stands as a whole, with its plurals and
// alternatives within it, so that another language can order it otherwise; what is put together from parts are whole
// sentences, and words that a sentence takes as text.
namespace council::words {

template <size_t... sizes>
constexpr auto Joined(const std::array<Sentence, sizes>&... parts) {
  std::array<Sentence, (sizes + ...)> all;
  auto* next = all.data();
  ((next = std::copy(parts.begin(), parts.end(), next)), ...);
  return all;
}

inline constexpr auto kCatalogue = Joined(kAdviceSentences, kBalanceSentences, kReviewSentences, kScreenSentences);

// The place of `id` in the catalogue; its size where it has none.
constexpr size_t PlaceOf(absl::string_view id) {
  size_t place = 0;
  while (place < kCatalogue.size() && kCatalogue[place].id != id) ++place;
  return place;
}

}  // namespace council::words

#endif  // COUNCIL_LIBS_WORDS_CATALOGUE_H_
