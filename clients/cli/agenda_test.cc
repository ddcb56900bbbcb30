#include "clients/cli/agenda.h"

#include <gtest/gtest.h>

#include <string>

namespace council::cli {
namespace {

namespace v1 = contacts::v1;

v1::Contact With(v1::ContactStatus status, const std::string& paused_until = "") {
  v1::Contact contact;
  contact.set_status(status);
  contact.set_paused_until(paused_until);
  return contact;
}

TEST(IsResting, UntilTheDayHasComeWhereOneIs) {
  const absl::TimeZone berlin = absl::FixedTimeZone(3600);
  const absl::Time late = absl::FromCivil(absl::CivilMinute(2026, 11, 23, 23, 30), absl::UTCTimeZone());
  EXPECT_TRUE(IsResting(With(v1::CONTACT_STATUS_PAUSED), late, berlin));
  EXPECT_TRUE(IsResting(With(v1::CONTACT_STATUS_PAUSED, "2026-11-25"), late, berlin));
  EXPECT_TRUE(IsResting(With(v1::CONTACT_STATUS_PAUSED, "2026-11-24"), late, absl::UTCTimeZone()));
  EXPECT_FALSE(IsResting(With(v1::CONTACT_STATUS_PAUSED, "2026-11-24"), late, berlin)) << "there the day has come";
  EXPECT_FALSE(IsResting(With(v1::CONTACT_STATUS_PAUSED, "2025-01-01"), late, berlin));
  EXPECT_FALSE(IsResting(With(v1::CONTACT_STATUS_ACTIVE), late, berlin));
  EXPECT_FALSE(IsResting(With(v1::CONTACT_STATUS_NO_CONTACT), late, berlin)) << "left out, which is more";
}

}  // namespace
}  // namespace council::cli
