// The other end of streams, for tests that call handlers straight.
#ifndef COUNCIL_LIBS_RPC_STREAMS_FOR_TEST_H_
#define COUNCIL_LIBS_RPC_STREAMS_FOR_TEST_H_

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "libs/rpc/call.h"

namespace council::rpc {

// A client's stream, put together beforehand.
template <typename Request>
class ListReader final : public Reader<Request> {
 public:
  explicit ListReader(std::vector<Request> requests) : requests_(requests.begin(), requests.end()) {}

  std::optional<Request> Read() override {
    if (requests_.empty()) return std::nullopt;
    Request request = std::move(requests_.front());
    requests_.pop_front();
    return request;
  }

 private:
  std::deque<Request> requests_;
};

// Collects a stream of chunks.
template <typename Response>
class ChunkWriter final : public Writer<Response> {
 public:
  bool Write(const Response& response) override {
    text += response.chunk();
    return true;
  }

  std::string text;
};

// What a client sends to import `lines` of a whole state, in pieces that end anywhere.
template <typename Request>
ListReader<Request> OwnerLines(const std::string& lines, bool dry_run = false) {
  std::vector<Request> requests(1);
  requests[0].mutable_options()->set_dry_run(dry_run);
  constexpr std::size_t kPiece = 1000;
  for (std::size_t at = 0; at < lines.size(); at += kPiece) {
    requests.emplace_back().set_chunk(lines.substr(at, kPiece));
  }
  return ListReader<Request>(std::move(requests));
}

}  // namespace council::rpc

#endif  // COUNCIL_LIBS_RPC_STREAMS_FOR_TEST_H_
