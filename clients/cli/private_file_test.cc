#include "clients/cli/private_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/temp_dir.h"

namespace council::cli {
namespace {

std::string ReadAll(const std::string& path) {
  std::ifstream file(path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

unsigned ModeOf(const std::string& path) {
  struct stat status = {};
  EXPECT_EQ(stat(path.c_str(), &status), 0) << path;
  return status.st_mode & 0777;
}

TEST(PrivateFileTest, ThisAccountAloneCanReadTheFileAndItsDirectory) {
  const test::TempDir directory;
  const std::string path = (directory / "state" / "council" / "file").string();
  ASSERT_TRUE(WritePrivateFile(path, "secret").ok());
  EXPECT_EQ(ReadAll(path), "secret");
  EXPECT_EQ(ModeOf(path), 0600u);
  EXPECT_EQ(ModeOf((directory / "state" / "council").string()), 0700u);
}

TEST(PrivateFileTest, AFileThatOthersCouldReadIsReplacedByOneThatTheyCannot) {
  const test::TempDir directory;
  const std::string path = (directory / "file").string();
  for (const std::string& name : {path, path + ".new"}) {
    std::ofstream(name) << "old";
    ASSERT_EQ(chmod(name.c_str(), 0644), 0);
  }
  std::ifstream before(path + ".new");
  ASSERT_TRUE(WritePrivateFile(path, "secret").ok());
  EXPECT_EQ(ReadAll(path), "secret");
  EXPECT_EQ(ModeOf(path), 0600u);
  // Who had the draft open reads what it was.
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(before), {}), "old");
}

TEST(PrivateFileTest, WhatCanNotBeWrittenLeavesTheOldFile) {
  const test::TempDir directory;
  const std::string path = (directory / "file").string();
  ASSERT_TRUE(WritePrivateFile(path, "old").ok());
  ASSERT_EQ(mkdir((path + ".new").c_str(), 0700), 0);
  EXPECT_EQ(WritePrivateFile(path, "new").code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReadAll(path), "old");
}

TEST(PrivateFileTest, TheLockIsHeldByOneAtATime) {
  const test::TempDir directory;
  const std::string path = (directory / "counter").string();
  ASSERT_TRUE(WritePrivateFile(path, "0").ok());
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&path] {
      for (int j = 0; j < 25; ++j) {
        const auto lock = FileLock::Acquire(path);
        ASSERT_TRUE(lock.ok()) << lock.status();
        ASSERT_TRUE(WritePrivateFile(path, std::to_string(std::stoi(ReadAll(path)) + 1)).ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ReadAll(path), "100");
}

}  // namespace
}  // namespace council::cli
