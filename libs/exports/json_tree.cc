#include "libs/exports/json_tree.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/status.h"

namespace council::exports {
namespace {

using nlohmann::json;

// Puts the values together as the parser reports them, and stops it over a limit: the parser itself knows none.
class TreeBuilder final : public nlohmann::json_sax<json> {
 public:
  explicit TreeBuilder(const JsonLimits& limits) : limits_(limits) {}

  bool null() override { return Add(nullptr); }
  bool boolean(bool value) override { return Add(value); }
  bool number_integer(number_integer_t value) override { return Add(value); }
  bool number_unsigned(number_unsigned_t value) override { return Add(value); }
  bool number_float(number_float_t value, const string_t&) override { return Add(value); }
  bool string(string_t& value) override { return Add(std::move(value)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return Open(json::object()); }
  bool start_array(std::size_t) override { return Open(json::array()); }
  bool end_object() override { return Close(); }
  bool end_array() override { return Close(); }

  bool key(string_t& name) override {
    if (levels_left_out_ > 0) return true;
    leave_out_next_ = limits_.left_out.contains(name);
    name_ = std::move(name);
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const json::exception&) override {
    position_ = position;
    return false;
  }

  bool too_deep() const { return too_deep_; }
  bool too_many() const { return values_ > limits_.values; }
  // Bytes that the parser had read where it found a mistake.
  std::size_t position() const { return position_; }
  json Take() { return std::move(root_); }

 private:
  bool Add(json value) {
    Place(std::move(value));
    return !too_many();
  }

  // Where the value lies from now on; null where it is left out.
  json* Place(json value) {
    if (levels_left_out_ > 0 || std::exchange(leave_out_next_, false)) return nullptr;
    ++values_;
    if (open_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    json& parent = *open_.back();
    if (parent.is_array()) {
      parent.push_back(std::move(value));
      return &parent.back();
    }
    json& member = parent[name_];
    member = std::move(value);
    return &member;
  }

  bool Open(json container) {
    if (++depth_ > limits_.depth) {
      too_deep_ = true;
      return false;
    }
    if (json* place = Place(std::move(container)); place != nullptr) {
      open_.push_back(place);
    } else {
      ++levels_left_out_;
    }
    return !too_many();
  }

  bool Close() {
    --depth_;
    if (levels_left_out_ > 0) {
      --levels_left_out_;
    } else {
      open_.pop_back();
    }
    return true;
  }

  const JsonLimits& limits_;
  json root_;
  std::vector<json*>
      open_;          // From the root to where values go now; nothing is added to one while another is open in it.
  std::string name_;  // Of the next member.
  bool leave_out_next_ = false;
  std::size_t levels_left_out_ = 0;
  std::size_t depth_ = 0;
  std::size_t values_ = 0;
  std::size_t position_ = 0;
  bool too_deep_ = false;
};

std::string WhatIsWrong(std::string_view text, std::size_t position) {
  if (position > text.size()) return "is JSON that was cut off: the file ends too early";
  const std::string_view before = text.substr(0, position == 0 ? 0 : position - 1);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  return absl::StrCat("is not JSON: see line ", line, ", column ", 1 + before.size() - start);
}

}  // namespace

absl::StatusOr<json> ParseJsonFile(std::string_view text, const JsonLimits& limits) {
  TreeBuilder builder(limits);
  if (json::sax_parse(text.begin(), text.end(), &builder)) return builder.Take();
  if (builder.too_deep()) {
    return base::InvalidField("chunk", absl::StrCat("is JSON nested more than ", limits.depth, " deep"));
  }
  if (builder.too_many()) {
    return base::OverLimit(absl::StrCat("the file holds more than ", limits.values, " values; part it"));
  }
  return base::InvalidField("chunk", WhatIsWrong(text, builder.position()));
}

}  // namespace council::exports
