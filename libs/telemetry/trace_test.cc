#include "libs/telemetry/trace.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace council::telemetry {
namespace {

constexpr char kExample[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

// The example of W3C Trace Context, 3.2.2.5.1.
TEST(TraceTest, ExampleOfTheStandardIsRead) {
  const auto context = ParseTraceContext(kExample, "congo=t61rcWkgMzE");
  ASSERT_TRUE(context.has_value());
  EXPECT_EQ(TraceIdOf(*context), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(SpanIdOf(*context), "00f067aa0ba902b7");
  EXPECT_TRUE(context->sampled);
  EXPECT_EQ(context->state, "congo=t61rcWkgMzE");
  EXPECT_EQ(Traceparent(*context), kExample);
}

TEST(TraceTest, LaterVersionsAreReadAsFarAsTheyAreKnown) {
  EXPECT_TRUE(ParseTraceContext("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more", "").has_value());
  EXPECT_FALSE(ParseTraceContext("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01more", "").has_value());
}

TEST(TraceTest, WhatIsNoTraceparentIsNone) {
  for (const char* bad : {"", "00", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                          "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                          "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                          "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                          "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                          "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g",
                          "00-4bf92f3577b34da6a3ce929d0e0e4736+00f067aa0ba902b7-01"}) {
    EXPECT_FALSE(ParseTraceContext(bad, "").has_value()) << bad;
  }
}

// It goes into headers of other calls.
TEST(TraceTest, StateThatNoHeaderCouldHoldIsDropped) {
  EXPECT_EQ(ParseTraceContext(kExample, std::string(513, 'a'))->state, "");
  EXPECT_EQ(ParseTraceContext(kExample, "a=\x80")->state, "");
  EXPECT_EQ(ParseTraceContext(kExample, std::string(512, 'a'))->state, std::string(512, 'a'));
}

TEST(TraceTest, SpanIsOfItsParentsTrace) {
  const TraceContext trace = NewTrace(true);
  const TraceContext span = NewSpan(trace);
  EXPECT_EQ(TraceIdOf(span), TraceIdOf(trace));
  EXPECT_NE(SpanIdOf(span), SpanIdOf(trace));
  EXPECT_TRUE(span.sampled);
  EXPECT_NE(TraceIdOf(NewTrace(false)), TraceIdOf(trace));
}

RC_GTEST_PROP(TraceProperties, WhatIsSentIsReadAgain, (bool sampled)) {
  const TraceContext context = NewTrace(sampled);
  const auto read = ParseTraceContext(Traceparent(context), context.state);
  RC_ASSERT(read.has_value());
  RC_ASSERT(read->trace_id == context.trace_id);
  RC_ASSERT(read->span_id == context.span_id);
  RC_ASSERT(read->sampled == sampled);
}

RC_GTEST_PROP(TraceProperties, OneWrongCharacterIsFoundOrStaysInItsPlace, ()) {
  std::string text = kExample;
  const auto place = *rc::gen::inRange<std::size_t>(3, text.size() - 2);
  text[place] = *rc::gen::arbitrary<char>();
  const auto read = ParseTraceContext(text, "");
  if (read.has_value()) RC_ASSERT(Traceparent(*read) == text);
}

}  // namespace
}  // namespace council::telemetry
