#include "tests/support/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>
#include <sstream>
#include <string>

#include "tests/support/temp_dir.h"

namespace council::test {
namespace {

std::unique_ptr<Process> Shell(const std::string& script, const std::filesystem::path& log = {}) {
  auto process = Process::Start({.command = {"sh", "-c", script}, .environment = {"GREETING=hello"}, .log = log});
  EXPECT_TRUE(process.ok()) << process.status();
  return *std::move(process);
}

TEST(ProcessTest, ALineIsWaitedForAndFoundAgain) {
  const auto process = Shell("echo first; echo \"$GREETING world\"; exec sleep 1000");
  EXPECT_EQ(process->WaitForLine("world").value(), "hello world");
  EXPECT_EQ(process->WaitForLine("first").value(), "first");
}

TEST(ProcessTest, OutputThatEndsWithoutTheLineIsReportedWithItsTail) {
  const auto process = Shell("echo oops >&2; exit 3");
  const auto line = process->WaitForLine("ready");
  EXPECT_EQ(line.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(line.status().message()), ::testing::HasSubstr("oops"));
  EXPECT_EQ(process->WaitForExit().value(), 3);
}

TEST(ProcessTest, WhenItHasEndedAllThatItPrintedIsThere) {
  for (int i = 0; i < 50; ++i) {
    const auto process = Shell("echo last words");
    EXPECT_EQ(process->WaitForExit().value(), 0);
    ASSERT_EQ(process->output(), "last words\n") << "in run " << i;
  }
}

TEST(ProcessTest, SignalsEndItAndShowInTheExitCode) {
  const auto process = Shell("trap 'exit 7' TERM; echo up; while :; do sleep 0.01; done");
  ASSERT_TRUE(process->WaitForLine("up").ok());
  EXPECT_EQ(process->WaitForExit(absl::ZeroDuration()).status().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(process->Terminate().value(), 7);

  const auto killed = Shell("exec sleep 1000");
  killed->Kill();
  EXPECT_EQ(killed->WaitForExit().value(), -SIGKILL);
}

TEST(ProcessTest, WhatItTookIsCounted) {
  const auto idle = Shell("echo up; exec sleep 1000");
  const auto busy = Shell("i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; echo up; exec sleep 1000");
  ASSERT_TRUE(idle->WaitForLine("up").ok());
  ASSERT_TRUE(busy->WaitForLine("up").ok());
  EXPECT_GT(busy->Use().processor, idle->Use().processor);
  EXPECT_GT(idle->Use().peak_memory, 100'000);
  idle->Kill();
  EXPECT_EQ(idle->Use().peak_memory, 0);
}

TEST(ProcessTest, AProgramThatIsNotThereIsAnError) {
  EXPECT_EQ(Process::Start({.command = {"/no/such/program"}}).status().code(), absl::StatusCode::kInternal);
}

TEST(ProcessTest, TheLogHoldsWhatWasPrinted) {
  const TempDir directory;
  int code = -1;
  const auto output = RunToEnd({.command = {"sh", "-c", "echo one; echo two"}, .log = directory / "log"}, code);
  EXPECT_EQ(output.value(), "one\ntwo\n");
  EXPECT_EQ(code, 0);
  std::stringstream log;
  log << std::ifstream(directory / "log").rdbuf();
  EXPECT_EQ(log.str(), "one\ntwo\n");
}

}  // namespace
}  // namespace council::test
