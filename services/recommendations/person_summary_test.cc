#include "services/recommendations/person_summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/proto_time.h"
#include "libs/text/charset.h"

namespace council::recommendations {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr absl::Duration kDay = absl::Hours(24);

// One person, and what passed with them.
struct Rosa {
  absl::Time now = absl::FromCivil(absl::CivilMinute(2026, 5, 6, 9, 0), absl::UTCTimeZone());
  contacts::v1::Contact contact;
  contacts::v1::Seat seat;
  std::vector<ledger::v1::Interaction> entries;
  std::vector<ledger::v1::PromiseRecord> promises;

  Rosa() {
    contact.set_id("rosa");
    contact.set_display_name("Rosa");
  }

  // An entry before all others.
  ledger::v1::Interaction& AddTalk(int days_ago) {
    ledger::v1::Interaction& talk = entries.emplace_back();
    talk.set_sequence(100 - static_cast<int64_t>(entries.size()));
    talk.add_contact_ids("rosa");
    *talk.mutable_occur_time() = base::ToProto(now - days_ago * kDay);
    return talk;
  }

  void AddBenefit(ledger::v1::Interaction& talk, ledger::v1::BenefitDirection direction,
                  ledger::v1::BenefitKind kind = ledger::v1::BENEFIT_KIND_ADVICE) {
    talk.add_benefits()->set_direction(direction);
    talk.mutable_benefits()->rbegin()->set_kind(kind);
  }

  void AddPromise(bool by_me, const std::string& text, const std::string& due = "") {
    ledger::v1::PromiseRecord& record = promises.emplace_back();
    record.mutable_promise()->set_by_me(by_me);
    record.mutable_promise()->set_text(text);
    record.mutable_promise()->set_due_day(due);
    record.add_contact_ids("rosa");
    record.set_opened_by(7);
  }

  PersonFacts Facts() const {
    return {.now = now,
            .zone = absl::UTCTimeZone(),
            .contact = contact,
            .seat = &seat,
            .entries = entries,
            .promises = promises};
  }

  std::vector<std::string> Said() const {
    std::vector<std::string> said;
    for (const v1::TalkingPoint& point : TalkingPointsOf(Facts())) said.push_back(point.text());
    return said;
  }
};

TEST(TalkingPoints, PromisesComeFirstTheOwnersBeforeTheirs) {
  Rosa rosa;
  rosa.AddPromise(false, "an introduction to Ida");
  rosa.AddPromise(true, "the paper", "2026-05-08");
  rosa.AddPromise(true, "later things");
  EXPECT_THAT(rosa.Said(),
              ElementsAre("You promised Rosa: the paper, by 8 May.", "Rosa promised you: an introduction to Ida."));
}

RC_GTEST_PROP(TalkingPoints, PromisesNeverCrowdOutWhatIsWorthAsking, (bool birthday, bool mentor)) {
  Rosa rosa;
  if (birthday) rosa.contact.set_birthday("--05-07");
  if (mentor) rosa.seat.add_roles(common::v1::COUNCIL_ROLE_MENTOR);
  const auto depth = *rc::gen::element(ledger::v1::INTERACTION_DEPTH_UPDATE, ledger::v1::INTERACTION_DEPTH_COUNSEL);
  for (const int days_ago : {3, 40, 60}) rosa.AddTalk(days_ago).set_depth(depth);
  const std::vector<std::string> without = rosa.Said();
  for (int i = *rc::gen::inRange(1, 9); i > 0; --i) rosa.AddPromise(*rc::gen::arbitrary<bool>(), "the paper");
  const std::vector<std::string> with = rosa.Said();
  RC_ASSERT(with.size() <= 2U);
  RC_ASSERT(with.front().find("promised") != std::string::npos);
  if (!without.empty()) {
    RC_ASSERT(with.back() == without.front());
  }
}

TEST(TalkingPoints, APromiseWhoseTextWasErasedSaysNothing) {
  Rosa rosa;
  rosa.AddPromise(true, "");
  EXPECT_THAT(rosa.Said(), IsEmpty());
}

TEST(TalkingPoints, ABirthdayIsNearForTwoWeeksAcrossAYearsTurnAndOnALeapDayToo) {
  Rosa rosa;
  rosa.contact.set_birthday("1980-05-20");
  EXPECT_THAT(rosa.Said(), ElementsAre("Rosa has a birthday on 20 May."));
  rosa.contact.set_birthday("1980-05-21");
  EXPECT_THAT(rosa.Said(), IsEmpty());
  rosa.contact.set_birthday("--05-06");
  EXPECT_THAT(rosa.Said(), ElementsAre("Rosa has a birthday today."));
  rosa.now = absl::FromCivil(absl::CivilMinute(2026, 12, 28, 9, 0), absl::UTCTimeZone());
  rosa.contact.set_birthday("--01-02");
  EXPECT_THAT(rosa.Said(), ElementsAre("Rosa has a birthday on 2 January 2027."));
  rosa.now = absl::FromCivil(absl::CivilMinute(2027, 2, 25, 9, 0), absl::UTCTimeZone());
  rosa.contact.set_birthday("1984-02-29");
  EXPECT_THAT(rosa.Said(), ElementsAre("Rosa has a birthday on 1 March."));
}

TEST(TalkingPoints, WhoGaveMoreIsWorthSomethingBack) {
  Rosa rosa;
  for (const int days_ago : {3, 40, 60}) {
    rosa.AddBenefit(rosa.AddTalk(days_ago), ledger::v1::BENEFIT_DIRECTION_RECEIVED);
  }
  EXPECT_THAT(rosa.Said(), ElementsAre("Rosa advised you three times since March; is there something they could use?"));
  const auto points = TalkingPointsOf(rosa.Facts());
  EXPECT_THAT(points[0].evidence(), ElementsAre(99, 98, 97));
  for (const int days_ago : {70, 80}) {
    rosa.AddBenefit(rosa.AddTalk(days_ago), ledger::v1::BENEFIT_DIRECTION_GIVEN);
  }
  EXPECT_THAT(rosa.Said(), IsEmpty());
}

TEST(TalkingPoints, AMentorWhoWasNotAskedForAQuarterCouldBe) {
  Rosa rosa;
  rosa.seat.add_roles(common::v1::COUNCIL_ROLE_MENTOR);
  EXPECT_THAT(rosa.Said(), IsEmpty()) << "nothing is written down at all";
  rosa.AddTalk(10);
  EXPECT_THAT(rosa.Said(), ElementsAre(HasSubstr("is a mentor of yours")));
  rosa.AddBenefit(rosa.AddTalk(20), ledger::v1::BENEFIT_DIRECTION_RECEIVED, ledger::v1::BENEFIT_KIND_FEEDBACK);
  EXPECT_THAT(rosa.Said(), IsEmpty());
}

TEST(TalkingPoints, NewsAloneAndWorkAloneAskForMore) {
  Rosa rosa;
  for (const int days_ago : {3, 40, 60}) {
    ledger::v1::Interaction& talk = rosa.AddTalk(days_ago);
    talk.set_depth(ledger::v1::INTERACTION_DEPTH_UPDATE);
    talk.add_domains(common::v1::LIFE_DOMAIN_CAREER);
  }
  EXPECT_THAT(rosa.Said(), ElementsAre(StartsWith("The last three times it was news"),
                                       "Your talks since March were about work alone; what do they enjoy besides?"));
}

TEST(TalkingPoints, APromiseWrittenDownOrKeptIsNoTalk) {
  Rosa rosa;
  rosa.AddTalk(1).add_promises()->set_text("the paper");
  rosa.AddTalk(2).add_closes_promises("an older one");
  for (ledger::v1::Interaction& entry : rosa.entries) entry.set_depth(ledger::v1::INTERACTION_DEPTH_EXCHANGE);
  rosa.AddTalk(3).set_depth(ledger::v1::INTERACTION_DEPTH_COUNSEL);
  EXPECT_THAT(rosa.Said(), IsEmpty());
  // A talk that was news, with a promise in it, is one.
  rosa.entries[2].set_depth(ledger::v1::INTERACTION_DEPTH_UPDATE);
  rosa.entries[2].add_promises()->set_text("a book");
  for (const int days_ago : {40, 60}) rosa.AddTalk(days_ago).set_depth(ledger::v1::INTERACTION_DEPTH_EXCHANGE);
  const auto points = TalkingPointsOf(rosa.Facts());
  ASSERT_THAT(points, SizeIs(1));
  EXPECT_EQ(points[0].kind(), v1::TALKING_POINT_KIND_DEEPEN);
  EXPECT_THAT(points[0].evidence(), ElementsAre(97, 96, 95));
}

TEST(TalkingPoints, WhereNothingElseIsToBeSaidTheLastNoteIs) {
  Rosa rosa;
  rosa.AddTalk(2);
  rosa.AddTalk(4).set_note("  pricing, and who decides it\nsecond line");
  EXPECT_THAT(rosa.Said(), ElementsAre("On 2 May it was about: pricing, and who decides it"));
}

TEST(TalkingPoints, NobodyIsToBeTalkedWithWhereNoContactIsWanted) {
  for (const auto status : {contacts::v1::CONTACT_STATUS_NO_CONTACT, contacts::v1::CONTACT_STATUS_DECEASED}) {
    Rosa rosa;
    rosa.contact.set_status(status);
    rosa.AddPromise(true, "the paper");
    EXPECT_THAT(rosa.Said(), IsEmpty());
  }
}

RC_GTEST_PROP(TalkingPoints, ALongNoteIsCutWithinNoCharacter, ()) {
  Rosa rosa;
  std::string note;
  for (int i = *rc::gen::inRange(1, 200); i > 0; --i) {
    note += *rc::gen::element<std::string>("a", "ü", "漢", "🙂", " ", "\n");
  }
  rosa.AddTalk(1).set_note(note);
  for (const std::string& said : rosa.Said()) {
    RC_ASSERT(text::IsUtf8(said));
    RC_ASSERT(said.size() < 140U);
  }
}

TEST(BenefitTimes, CountEntriesByDirectionAndKindTheMostFrequentFirst) {
  Rosa rosa;
  rosa.AddBenefit(rosa.AddTalk(3), ledger::v1::BENEFIT_DIRECTION_RECEIVED);
  rosa.AddBenefit(rosa.AddTalk(9), ledger::v1::BENEFIT_DIRECTION_GIVEN, ledger::v1::BENEFIT_KIND_SUPPORT);
  ledger::v1::Interaction& both = rosa.AddTalk(12);
  rosa.AddBenefit(both, ledger::v1::BENEFIT_DIRECTION_RECEIVED);
  // Twice in one talk is one talk.
  rosa.AddBenefit(both, ledger::v1::BENEFIT_DIRECTION_RECEIVED);
  // What concerned another person.
  both.mutable_benefits()->Add()->set_contact_id("tom");
  both.mutable_benefits()->rbegin()->set_direction(ledger::v1::BENEFIT_DIRECTION_GIVEN);
  both.mutable_benefits()->rbegin()->set_kind(ledger::v1::BENEFIT_KIND_ADVICE);
  const std::vector<v1::BenefitTimes> times = BenefitTimesOf(rosa.Facts());
  ASSERT_THAT(times, SizeIs(2));
  EXPECT_EQ(times[0].kind(), ledger::v1::BENEFIT_KIND_ADVICE);
  EXPECT_EQ(times[0].times(), 2);
  EXPECT_EQ(base::FromProto(times[0].last_time()), rosa.now - 3 * kDay);
  EXPECT_EQ(times[1].direction(), ledger::v1::BENEFIT_DIRECTION_GIVEN);
}

}  // namespace
}  // namespace council::recommendations
