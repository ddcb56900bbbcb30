#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/digest.h"
#include "clients/cli/html.h"
#include "clients/cli/text.h"
#include "libs/words/language.h"

namespace council::cli {
namespace {

using words::As;
using words::Say;

// Lines of so many columns stay below 998 bytes when escaped.
constexpr int kColumns = 150;

constexpr char kBodyStyle[] =
    "margin:0 auto;padding:16px;max-width:38em;font-family:sans-serif;font-size:16px;line-height:1.5";
constexpr char kTitleStyle[] = "font-size:20px;margin:0 0 8px";
constexpr char kHeadingStyle[] = "font-size:17px;margin:24px 0 4px";
constexpr char kListStyle[] = "margin:0;padding-left:24px";
constexpr char kItemStyle[] = "margin:0 0 8px";

std::string Text(const std::string& text) {
  std::vector<std::string> lines = Wrap(OneLine(text), kColumns);
  for (std::string& line : lines) line = EscapeHtml(line);
  return absl::StrJoin(lines, "\n");
}

void AppendElement(const char* name, const char* style, const std::string& content, std::string& page) {
  absl::StrAppend(&page, "<", name, " style=\"", style, "\">\n", content, "\n</", name, ">\n");
}

void AppendItems(const std::string& title, const std::vector<Digest::Item>& items, std::string& page) {
  if (items.empty()) return;
  AppendElement("h2", kHeadingStyle, Text(title), page);
  std::string list;
  for (const Digest::Item& item : items) {
    AppendElement("li", kItemStyle, absl::StrCat("<strong>", Text(item.when), "</strong>:\n", Text(item.what)), list);
  }
  AppendElement("ul", kListStyle, list, page);
}

void AppendSteps(const std::vector<Step>& steps, std::string& page) {
  if (steps.empty()) return;
  AppendElement("h2", kHeadingStyle, Say<"digest.steps">(As<"steps">(steps.size())), page);
  std::string list;
  for (const Step& step : steps) {
    AppendElement("li", kItemStyle,
                  absl::StrCat("<strong>", Text(step.what), "</strong>\n(", step.minutes, " min",
                               step.gain ? absl::StrCat(", ", EscapeHtml(GainText(*step.gain))) : "", ")<br>\n",
                               Text(step.reason)),
                  list);
  }
  AppendElement("ol", kListStyle, list, page);
}

}  // namespace

std::string RenderDigestHtml(const Digest& digest) {
  std::string body;
  AppendElement("h1", kTitleStyle, Text(digest.title), body);
  if (!digest.headline.title.empty()) {
    AppendElement(
        "p", kItemStyle,
        absl::StrCat("<strong>", Text(digest.headline.title), "</strong><br>\n", Text(digest.headline.details)), body);
  }
  AppendItems("Meetings", digest.meetings, body);
  AppendItems(Say<"digest.unconfirmed">(), digest.unconfirmed, body);
  AppendItems("Promises", digest.promises, body);
  AppendSteps(digest.steps, body);
  AppendItems(Say<"digest.check_ins">(), digest.check_ins, body);
  if (digest.empty()) AppendElement("p", kItemStyle, Say<"digest.empty">(), body);
  std::string page = absl::StrCat(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
      Text(digest.title), "</title>\n</head>\n");
  AppendElement("body", kBodyStyle, body, page);
  absl::StrAppend(&page, "</html>\n");
  return page;
}

}  // namespace council::cli
