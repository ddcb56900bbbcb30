#include "libs/words/language.h"

#include <unicode/calendar.h>
#include <unicode/dtptngen.h>
#include <unicode/gregocal.h>
#include <unicode/listformatter.h>
#include <unicode/locid.h>
#include <unicode/msgfmt.h>
#include <unicode/numberformatter.h>
#include <unicode/smpdtfmt.h>
#include <unicode/timezone.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <map>

#include "libs/base/check.h"

namespace council::words {
namespace {

// Patterns are the program's own and each is rendered by a test, so a failure is a mistake in the program or an ICU
// without its data; nothing that a person writes can lead to one.
void Check(UErrorCode status) {
  COUNCIL_CHECK(U_SUCCESS(status));
}

icu::UnicodeString ToUnicode(absl::string_view text) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
}

std::string ToUtf8(const icu::UnicodeString& text) {
  std::string utf8;
  return text.toUTF8String(utf8);
}

constexpr absl::string_view kSomeone = "someone";
constexpr absl::string_view kNobody = "nobody";
constexpr absl::string_view kNothing = "–";

// How a kind of day is written in Britain, and what it is made of for other places.
struct DayPattern {
  absl::string_view british;
  absl::string_view skeleton;
};

DayPattern PatternOf(Kind kind) {
  switch (kind) {
    case Kind::kWeekday:
      return {"EEE d MMM", "EEEdMMM"};
    case Kind::kDayOfMonth:
      return {"d MMMM", "dMMMM"};
    case Kind::kShortDate:
      return {"d MMM y", "dMMMy"};
    case Kind::kMonth:
      return {"LLLL", "LLLL"};
    case Kind::kMonthAndYear:
      return {"LLLL y", "LLLLy"};
    default:
      return {"d MMMM y", "dMMMMy"};
  }
}

// English in the place of "de_DE.UTF-8@euro"; Britain's where there is none, or English has no form of its own there.
icu::Locale LocaleOf(absl::string_view posix_locale) {
  const absl::string_view name = posix_locale.substr(0, posix_locale.find_first_of(".@"));
  const size_t mark = name.find('_');
  const std::string place(mark == absl::string_view::npos ? absl::string_view() : name.substr(mark + 1));
  if (place.empty()) return icu::Locale::getUK();
  const icu::Locale wanted("en", place.c_str());
  int32_t count = 0;
  const icu::Locale* known = icu::Locale::getAvailableLocales(count);
  return std::find(known, known + count, wanted) == known + count ? icu::Locale::getUK() : wanted;
}

}  // namespace

struct Language::Formats {
  explicit Formats(absl::string_view posix_locale)
      : locale(LocaleOf(posix_locale)), british(locale == icu::Locale::getUK()) {
    UErrorCode status = U_ZERO_ERROR;
    lists.reset(icu::ListFormatter::createInstance(locale, status));
    Check(status);
    minutes = icu::number::NumberFormatter::withLocale(locale)
                  .unit(icu::MeasureUnit::getMinute())
                  .unitWidth(UNUM_UNIT_WIDTH_FULL_NAME);
  }

  const icu::MessageFormat& Message(size_t place) {
    std::unique_ptr<icu::MessageFormat>& message = messages[place];
    if (message == nullptr) {
      UErrorCode status = U_ZERO_ERROR;
      message = std::make_unique<icu::MessageFormat>(ToUnicode(kCatalogue[place].pattern), locale, status);
      Check(status);
    }
    return *message;
  }

  icu::UnicodeString Day(absl::CivilDay day, Kind kind) {
    std::unique_ptr<icu::SimpleDateFormat>& format = days[kind];
    if (format == nullptr) format = MakeDayFormat(kind);
    icu::UnicodeString text;
    return format->format(1000.0 * static_cast<double>(absl::ToUnixSeconds(absl::FromCivil(day, absl::UTCTimeZone()))),
                          text);
  }

  std::unique_ptr<icu::SimpleDateFormat> MakeDayFormat(Kind kind) const {
    UErrorCode status = U_ZERO_ERROR;
    const DayPattern pattern = PatternOf(kind);
    icu::UnicodeString written = ToUnicode(pattern.british);
    if (!british) {
      const std::unique_ptr<icu::DateTimePatternGenerator> generator(
          icu::DateTimePatternGenerator::createInstance(locale, status));
      Check(status);
      written = generator->getBestPattern(ToUnicode(pattern.skeleton), status);
    }
    // Britain's names of months have one of four letters, "Sept", among those of three.
    const icu::Locale& names = british ? icu::Locale::getEnglish() : locale;
    auto format = std::make_unique<icu::SimpleDateFormat>(written, names, status);
    // Civil days are Gregorian, also before that calendar was.
    auto calendar = std::make_unique<icu::GregorianCalendar>(*icu::TimeZone::getGMT(), locale, status);
    Check(status);
    constexpr UDate kLongAgo = -1e15;
    calendar->setGregorianChange(kLongAgo, status);
    Check(status);
    format->adoptCalendar(calendar.release());
    return format;
  }

  icu::UnicodeString List(std::span<const std::string> names) const {
    if (names.empty()) return ToUnicode(kNobody);
    std::vector<icu::UnicodeString> items;
    items.reserve(names.size());
    for (const std::string& name : names) items.push_back(ToUnicode(name.empty() ? kSomeone : name));
    UErrorCode status = U_ZERO_ERROR;
    icu::UnicodeString text;
    lists->format(items.data(), static_cast<int32_t>(items.size()), text, status);
    Check(status);
    return text;
  }

  icu::UnicodeString Minutes(absl::Duration duration) const {
    UErrorCode status = U_ZERO_ERROR;
    const icu::UnicodeString text = minutes.formatInt(absl::ToInt64Minutes(duration), status).toString(status);
    Check(status);
    return text;
  }

  icu::Formattable ToFormattable(const Value& value, Kind kind) {
    if (const auto* number = std::get_if<int64_t>(&value)) return {*number};
    if (const auto* decimal = std::get_if<double>(&value)) return {*decimal};
    if (const auto* day = std::get_if<absl::CivilDay>(&value)) return {Day(*day, kind)};
    if (const auto* duration = std::get_if<absl::Duration>(&value)) return {Minutes(*duration)};
    if (const auto* names = std::get_if<std::span<const std::string>>(&value)) return {List(*names)};
    const absl::string_view text = std::get<absl::string_view>(value);
    return {ToUnicode(!text.empty() ? text : kind == Kind::kName ? kSomeone : kNothing)};
  }

  const icu::Locale locale;
  const bool british;
  std::array<std::unique_ptr<icu::MessageFormat>, kCatalogue.size()> messages;
  std::map<Kind, std::unique_ptr<icu::SimpleDateFormat>> days;
  std::unique_ptr<icu::ListFormatter> lists;
  icu::number::LocalizedNumberFormatter minutes;
};

Language::Language(absl::string_view posix_locale) : formats_(std::make_unique<Formats>(posix_locale)) {}

Language::~Language() = default;

const Language& Language::Plain() {
  thread_local const Language plain;
  return plain;
}

std::string Language::Render(size_t place, std::span<const NamedValue> values) const {
  const Sentence& sentence = kCatalogue.at(place);
  std::array<icu::UnicodeString, kMostParameters> names;
  std::array<icu::Formattable, kMostParameters> arguments;
  bool may_begin_with_someone = false;
  for (size_t i = 0; i < values.size(); ++i) {
    const Parameter* parameter = sentence.Find(values[i].name);
    COUNCIL_CHECK(parameter != nullptr);
    names.at(i) = ToUnicode(values[i].name);
    arguments.at(i) = formats_->ToFormattable(values[i].value, parameter->kind);
    const auto* name = std::get_if<absl::string_view>(&values[i].value);
    may_begin_with_someone |= parameter->kind == Kind::kName && name->empty();
  }
  UErrorCode status = U_ZERO_ERROR;
  icu::UnicodeString text;
  formats_->Message(place).format(names.data(), arguments.data(), static_cast<int32_t>(values.size()), text, status);
  Check(status);
  if (may_begin_with_someone && text.startsWith(ToUnicode(kSomeone))) text.setCharAt(0, u'S');
  return ToUtf8(text);
}

}  // namespace council::words
