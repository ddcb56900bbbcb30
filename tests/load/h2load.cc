#include "tests/load/h2load.h"

#include <fstream>
#include <regex>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tests/support/process.h"

namespace council::load {

void WriteBody(const google::protobuf::MessageLite& request, const std::filesystem::path& path) {
  const std::string message = request.SerializeAsString();
  const auto size = static_cast<uint32_t>(message.size());
  std::string body = {'\0'};  // not compressed
  for (int shift = 24; shift >= 0; shift -= 8) body.push_back(static_cast<char>(size >> shift & 0xff));
  std::ofstream(path, std::ios::binary) << body << message;
}

absl::StatusOr<Outcome> RunH2load(const Calls& calls) {
  test::ProcessOptions options{.command = {"h2load", "--clients=2", "--max-concurrent-streams=32", "--threads=1",
                                           absl::StrCat("--requests=", calls.count),
                                           absl::StrCat("--data=", calls.body.string()),
                                           "--header=content-type: application/grpc", "--header=te: trailers"}};
  for (const std::string& header : calls.metadata) options.command.push_back("--header=" + header);
  options.command.push_back(absl::StrCat("http://", calls.address, calls.method));
  int exit_code = -1;
  const auto output = test::RunToEnd(std::move(options), exit_code, absl::Minutes(10));
  if (!output.ok()) return output.status();

  static const std::regex kRate(R"(finished in [^,]+, ([0-9.]+) req/s)");
  static const std::regex kDone(R"((\d+) succeeded, (\d+) failed, (\d+) errored, (\d+) timeout)");
  static const std::regex kCodes(R"(status codes: (\d+) 2xx)");
  static const std::regex kData(R"(\((\d+)\) data)");
  std::smatch rate, done, codes, data;
  if (exit_code != 0 || !std::regex_search(*output, rate, kRate) || !std::regex_search(*output, done, kDone) ||
      !std::regex_search(*output, codes, kCodes) || !std::regex_search(*output, data, kData)) {
    return absl::InternalError(absl::StrCat("h2load failed:\n", *output));
  }
  const std::string wanted = absl::StrCat(calls.count);
  if (done[1] != wanted || codes[1] != wanted) {
    return absl::InternalError(absl::StrCat("not every call of ", calls.method, " succeeded:\n", *output));
  }
  Outcome outcome;
  if (!absl::SimpleAtod(rate[1].str(), &outcome.calls_per_second) ||
      !absl::SimpleAtoi(data[1].str(), &outcome.data_bytes)) {
    return absl::InternalError(absl::StrCat("unreadable figures:\n", *output));
  }
  return outcome;
}

}  // namespace council::load
