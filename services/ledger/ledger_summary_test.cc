// The summaries that appends keep say the same as the entries, whatever came late or was corrected.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "libs/base/clock.h"
#include "libs/base/proto_time.h"
#include "libs/base/random.h"
#include "libs/seal/token.h"
#include "libs/ties/tie_roles.h"
#include "libs/ties/tie_strength.h"
#include "libs/ties/tie_summary.h"
#include "services/ledger/ledger.h"
#include "services/ledger/sqlite_ledger_store.h"
#include "tests/support/temp_dir.h"

namespace council::ledger {
namespace {

const base::Owner kOwner{"acme", "rosa"};
const absl::Time kStart = absl::FromUnixSeconds(1'750'000'000);
const std::vector<std::string> kContacts = {"0190a000-0000-7000-8000-000000000001",
                                            "0190a000-0000-7000-8000-000000000002",
                                            "0190a000-0000-7000-8000-000000000003"};

bool Near(double a, double b) {
  return std::abs(a - b) <= 1e-9 * std::max({1.0, std::abs(a), std::abs(b)});
}

// Whether two messages agree, their floating-point figures to 1e-9.
bool Agree(const google::protobuf::Message& a, const google::protobuf::Message& b) {
  using google::protobuf::FieldDescriptor;
  const auto* reflection = a.GetReflection();
  for (int i = 0; i < a.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = a.GetDescriptor()->field(i);
    if (field->is_repeated()) {
      if (reflection->FieldSize(a, field) != reflection->FieldSize(b, field)) return false;
      for (int j = 0; j < reflection->FieldSize(a, field); ++j) {
        if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
          if (reflection->GetRepeatedEnumValue(a, field, j) != reflection->GetRepeatedEnumValue(b, field, j)) {
            return false;
          }
          continue;
        }
        if (!Agree(reflection->GetRepeatedMessage(a, field, j), reflection->GetRepeatedMessage(b, field, j)))
          return false;
      }
      continue;
    }
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_DOUBLE:
        if (!Near(reflection->GetDouble(a, field), reflection->GetDouble(b, field))) return false;
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        if (reflection->GetInt64(a, field) != reflection->GetInt64(b, field)) return false;
        break;
      case FieldDescriptor::CPPTYPE_INT32:
        if (reflection->GetInt32(a, field) != reflection->GetInt32(b, field)) return false;
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        if (reflection->GetEnumValue(a, field) != reflection->GetEnumValue(b, field)) return false;
        break;
      case FieldDescriptor::CPPTYPE_STRING:
        if (reflection->GetString(a, field) != reflection->GetString(b, field)) return false;
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        if (reflection->HasField(a, field) != reflection->HasField(b, field) ||
            (reflection->HasField(a, field) &&
             !Agree(reflection->GetMessage(a, field), reflection->GetMessage(b, field)))) {
          return false;
        }
        break;
      default:
        return false;
    }
  }
  return true;
}

v1::Interaction AnyContent(absl::Time now) {
  v1::Interaction content;
  for (const std::string& contact : kContacts) {
    if (*rc::gen::inRange(0, 2) == 0) content.add_contact_ids(contact);
  }
  if (content.contact_ids().empty()) content.add_contact_ids(*rc::gen::elementOf(kContacts));
  const auto hours = *rc::gen::inRange(-24 * 900, 23);
  *content.mutable_occur_time() = base::ToProto(now + absl::Hours(hours));
  content.set_channel(static_cast<v1::Channel>(*rc::gen::inRange(0, 7)));
  content.set_depth(static_cast<v1::InteractionDepth>(*rc::gen::inRange(0, 5)));
  if (*rc::gen::arbitrary<bool>()) content.set_energy(*rc::gen::inRange(-2, 3));
  if (*rc::gen::arbitrary<bool>()) content.add_domains(static_cast<common::v1::LifeDomain>(*rc::gen::inRange(1, 6)));
  if (*rc::gen::arbitrary<bool>())
    *content.mutable_duration() = base::ToProto(absl::Minutes(*rc::gen::inRange(0, 600)));
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
    v1::Benefit& benefit = *content.add_benefits();
    if (*rc::gen::arbitrary<bool>()) benefit.set_contact_id(content.contact_ids(0));
    benefit.set_direction(static_cast<v1::BenefitDirection>(*rc::gen::inRange(1, 3)));
    benefit.set_kind(static_cast<v1::BenefitKind>(*rc::gen::inRange(1, 8)));
    benefit.set_weight(*rc::gen::inRange(0, 6));
  }
  return content;
}

RC_GTEST_PROP(LedgerSummaryProperty, KeptSummariesEqualRebuiltOnesWhateverCameLateOrWasCorrected, ()) {
  const test::TempDir directory;
  base::SeededRandom random(*rc::gen::arbitrary<std::uint64_t>());
  base::ManualClock clock(kStart);
  sql::SqliteOptions options;
  options.path = (directory / "ledger.db").string();
  const auto store = SqliteLedgerStore::Open(options, seal::DevelopmentSharedKey(), random).value();
  Ledger ledger(*store, clock, random);

  const int steps = *rc::gen::inRange(1, 20);
  std::int64_t head = 0;
  for (int step = 0; step < steps; ++step) {
    const int action = *rc::gen::inRange(0, 4);
    if (action <= 1 || head == 0) {
      NewEntry entry;
      entry.content = AnyContent(clock.Now());
      RC_ASSERT(ledger.AppendAndWait(kOwner, {entry}).ok());
      ++head;
    } else if (action == 2) {
      std::optional<v1::Interaction> content;
      if (*rc::gen::arbitrary<bool>()) content = AnyContent(clock.Now());
      const auto corrected =
          ledger.Correct(kOwner, *rc::gen::inRange<std::int64_t>(1, head + 1), content, "", absl::InfiniteFuture());
      if (corrected.ok()) ++head;  // Else that entry was corrected before.
    } else {
      clock.Advance(absl::Hours(*rc::gen::inRange(0, 40)));
    }
  }

  std::vector<v1::Interaction> entries;
  RC_ASSERT(ledger
                .Export(
                    kOwner, {}, 1, [](const std::string&) {},
                    [&](const EntryRow& row) {
                      entries.push_back(row.entry);
                      return true;
                    })
                .ok());
  TieQuery query;
  for (const std::string& contact : kContacts) query.contacts.push_back({.contact_id = contact, .former_ids = {}});
  query.include_days = true;
  query.include_strength = true;
  const auto kept = ledger.Ties(kOwner, {}, query);
  RC_ASSERT(kept.ok());
  for (std::size_t i = 0; i < kContacts.size(); ++i) {
    v1::Tie rebuilt = ties::BuildTie(kContacts[i], {&kContacts[i], 1}, entries, clock.Now());
    for (const common::v1::CouncilRole role : ties::RolesShown(rebuilt)) rebuilt.add_shown_roles(role);
    const ties::StrengthModel& model = ties::ShippedStrengthModel();
    const std::optional<double> strength = ties::TieStrength(rebuilt, clock.Now(), model);
    if (strength.has_value()) {
      rebuilt.set_strength(*strength);
      rebuilt.set_strength_version(model.version);
    }
    const std::optional<double> earlier = ties::TieStrength(rebuilt, clock.Now() - absl::Hours(90 * 24), model);
    if (earlier.has_value()) rebuilt.set_earlier_strength(*earlier);
    if (!Agree(kept->ties[i], rebuilt)) RC_FAIL(kept->ties[i].DebugString() + "\nrebuilt\n" + rebuilt.DebugString());
  }
  RC_ASSERT(ledger.Verify(kOwner, {}, 1, 0, "", [] { return false; })->verified);
}

}  // namespace
}  // namespace council::ledger
