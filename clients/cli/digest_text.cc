#include "absl/strings/str_cat.h"
#include "clients/cli/digest.h"
#include "clients/cli/text.h"
#include "libs/words/language.h"

namespace council::cli {
namespace {

using words::As;
using words::Say;

constexpr int kIndent = 2;

// Lines after the first are set in by `hanging` more.
void AppendWrapped(const std::string& text, int columns, int indent, int hanging, std::string& page) {
  for (const std::string& line : Wrap(OneLine(text), columns - indent - hanging)) {
    absl::StrAppend(&page, std::string(static_cast<size_t>(indent), ' '), line, "\n");
    indent += hanging;
    hanging = 0;
  }
}

void AppendItems(const std::string& title, const std::vector<Digest::Item>& items, int columns, std::string& page) {
  if (items.empty()) return;
  absl::StrAppend(&page, "\n", title, "\n");
  for (const Digest::Item& item : items) {
    AppendWrapped(absl::StrCat(item.when, ": ", item.what), columns, kIndent, kIndent, page);
  }
}

}  // namespace

std::string RenderDigestText(const Digest& digest, int columns) {
  std::string page;
  AppendWrapped(digest.title, columns, 0, 0, page);
  if (!digest.headline.title.empty()) {
    page += '\n';
    AppendWrapped(digest.headline.title, columns, 0, 0, page);
    AppendWrapped(digest.headline.details, columns, 0, 0, page);
  }
  AppendItems("Meetings", digest.meetings, columns, page);
  AppendItems(Say<"digest.unconfirmed">(), digest.unconfirmed, columns, page);
  AppendItems("Promises", digest.promises, columns, page);
  if (!digest.steps.empty()) {
    absl::StrAppend(&page, "\n", Say<"digest.steps">(As<"steps">(digest.steps.size())), "\n");
    Terminal mail;
    mail.width = columns;
    page += RenderSteps(digest.steps, mail);
  }
  AppendItems(Say<"digest.check_ins">(), digest.check_ins, columns, page);
  if (digest.empty()) absl::StrAppend(&page, "\n", Say<"digest.empty">(), "\n");
  return page;
}

}  // namespace council::cli
