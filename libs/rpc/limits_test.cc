// What callers cannot make a server do: fill its memory, or hold on to it for long.

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <string>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "council/ledger/v1/ledger_service.grpc.pb.h"
#include "libs/rpc/adaptor.h"
#include "libs/rpc/authenticator.h"
#include "libs/rpc/client.h"
#include "libs/rpc/server.h"

namespace council::rpc {
namespace {

namespace v1 = ledger::v1;
using ::testing::HasSubstr;

constexpr char kAnyPort[] = "127.0.0.1:0";

// HTTP/2 (RFC 9113): what a client says first, and frames without content.
const std::string kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const std::string kSettings("\0\0\0\x4\0\0\0\0\0", 9);
const std::string kPing("\0\0\x8\x6\0\0\0\0\0heartbea", 17);
const std::string kGoAwayType("\x7\0\0\0\0\0", 6);  // GOAWAY of stream 0, behind its length

// A caller that speaks for itself.
class RawConnection {
 public:
  explicit RawConnection(const std::string& address) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in server = {};
    server.sin_family = AF_INET;
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server.sin_port = htons(static_cast<uint16_t>(std::atoi(address.substr(address.rfind(':') + 1).c_str())));
    EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&server), sizeof(server)), 0);
    const timeval patience{.tv_sec = 30, .tv_usec = 0};
    EXPECT_EQ(::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)), 0);
  }
  ~RawConnection() { ::close(socket_); }
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  void Send(const std::string& bytes) const {
    // The server may have hung up already.
    (void)::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }

  // What the server says until it hangs up, or until `text` is in it.
  std::string ReadUntil(const std::string& text = "never said") {
    std::string said;
    char buffer[4096];
    while (said.find(text) == std::string::npos) {
      const ssize_t got = ::recv(socket_, buffer, sizeof(buffer), 0);
      if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        ADD_FAILURE() << "the server neither answers nor hangs up";
        break;
      }
      if (got <= 0) break;
      said.append(buffer, static_cast<size_t>(got));
    }
    return said;
  }

 private:
  const int socket_;
};

class Handlers {
 public:
  absl::StatusOr<v1::GetTieResponse> GetTie(const CallContext&, const v1::GetTieRequest&) {
    return v1::GetTieResponse();
  }

  absl::Status ExportLedger(const CallContext&, const v1::ExportLedgerRequest&,
                            Writer<v1::ExportLedgerResponse>& writer) {
    v1::ExportLedgerResponse response;
    response.add_entries()->mutable_interaction()->set_note(std::string(64 << 10, 'x'));
    while (writer.Write(response)) ++written;
    ended.Notify();
    return absl::CancelledError("gone");
  }

  absl::StatusOr<v1::ImportInteractionsResponse> ImportInteractions(const CallContext& call,
                                                                    Reader<v1::ImportInteractionsRequest>& reader) {
    v1::ImportInteractionsResponse response;
    while (reader.Read()) response.set_created(response.created() + 1);
    cut_off = call.IsCancelled();
    ended.Notify();
    return response;
  }

  std::atomic<int> written = 0;
  std::atomic<bool> cut_off = false;
  absl::Notification ended;
};

class Endpoint final : public v1::LedgerService::CallbackService {
 public:
  Endpoint(Adaptor& adaptor, Handlers& service) : adaptor_(adaptor), service_(service) {}
  COUNCIL_RPC_UNARY(GetTie)
  COUNCIL_RPC_SERVER_STREAM(ExportLedger)
  COUNCIL_RPC_CLIENT_STREAM(ImportInteractions)

 private:
  Adaptor& adaptor_;
  CallRecorder* const recorder_ = nullptr;
  Handlers& service_;
};

class LimitsTest : public testing::Test {
 protected:
  explicit LimitsTest(const Adaptor::Options& options = {})
      : adaptor_(authenticator_, options), endpoint_(adaptor_, handlers_) {
    Serve({.listen = kAnyPort});
  }

  void Serve(const Server::Options& options) {
    server_.reset();
    auto server = Server::Start(options, adaptor_, {&endpoint_});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    stub_ = v1::LedgerService::NewStub(MakeChannel(server_->address()));
  }

  static void AsOwner(grpc::ClientContext& context) {
    context.AddMetadata("x-council-owner", "ines");
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Minutes(1)));
  }

  grpc::StatusCode CallWithMetadata(size_t bytes) {
    grpc::ClientContext context;
    AsOwner(context);
    context.AddMetadata("authorization", std::string(bytes, 'x'));
    v1::GetTieResponse response;
    return stub_->GetTie(&context, {}, &response).error_code();
  }

  InsecureDevAuthenticator authenticator_;
  Handlers handlers_;
  Adaptor adaptor_;
  Endpoint endpoint_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<v1::LedgerService::Stub> stub_;
};

class ImpatientTest : public LimitsTest {
 protected:
  ImpatientTest() : LimitsTest(Impatient()) {}

 private:
  static Adaptor::Options Impatient() {
    Adaptor::Options options;
    options.longest_stall = absl::Milliseconds(300);
    return options;
  }
};

TEST_F(LimitsTest, MetadataOverTheLimitAreRefused) {
  EXPECT_EQ(CallWithMetadata(12'000), grpc::StatusCode::OK);
  EXPECT_EQ(CallWithMetadata(20'000), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(CallWithMetadata(12'000), grpc::StatusCode::OK);
}

TEST_F(LimitsTest, AConnectionThatSaysNothingIsClosed) {
  Serve({.listen = kAnyPort, .handshake = absl::Milliseconds(200)});
  RawConnection silent(server_->address());
  RawConnection slow(server_->address());
  slow.Send(kPreface.substr(0, 10));
  silent.ReadUntil();
  slow.ReadUntil();
  EXPECT_EQ(CallWithMetadata(0), grpc::StatusCode::OK);
}

TEST_F(LimitsTest, ACallerThatPingsAllTheTimeIsClosed) {
  RawConnection caller(server_->address());
  caller.Send(kPreface + kSettings);
  for (int i = 0; i < 10; ++i) caller.Send(kPing);
  EXPECT_THAT(caller.ReadUntil(), HasSubstr("too_many_pings"));
}

TEST_F(LimitsTest, CallersOfOldConnectionsAreSentToNewOnesAndCallsThatRunGoOn) {
  Serve({.listen = kAnyPort, .connection_age = absl::Milliseconds(200)});
  grpc::ClientContext context;
  AsOwner(context);
  v1::ImportInteractionsResponse response;
  const auto stream = stub_->ImportInteractions(&context, &response);
  ASSERT_TRUE(stream->Write({}));
  // Two lives of a connection, one after the other, are longer than one however it is varied.
  for (int i = 0; i < 2; ++i) {
    RawConnection other(server_->address());
    other.Send(kPreface + kSettings);
    EXPECT_THAT(other.ReadUntil(kGoAwayType), HasSubstr(kGoAwayType));
    ASSERT_TRUE(stream->Write({}));
  }
  ASSERT_TRUE(stream->WritesDone());
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(response.created(), 3);
}

TEST_F(ImpatientTest, AReaderThatDoesNotReadIsCutOffAndNothingPilesUp) {
  grpc::ClientContext context;
  AsOwner(context);
  const auto reader = stub_->ExportLedger(&context, v1::ExportLedgerRequest());
  handlers_.ended.WaitForNotification();
  // What the transport takes without a reader, in messages of 64 KiB.
  EXPECT_LT(handlers_.written, 200);
  v1::ExportLedgerResponse response;
  while (reader->Read(&response)) {
  }
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(ImpatientTest, ASenderThatFallsSilentIsCutOffAndItsStreamDoesNotCountAsWhole) {
  grpc::ClientContext context;
  AsOwner(context);
  v1::ImportInteractionsResponse response;
  const auto stream = stub_->ImportInteractions(&context, &response);
  ASSERT_TRUE(stream->Write({}));
  handlers_.ended.WaitForNotification();
  EXPECT_TRUE(handlers_.cut_off);
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(LimitsTest, ACompressedCallIsRefused) {
  grpc::ClientContext context;
  AsOwner(context);
  context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
  v1::GetTieRequest request;
  request.mutable_contact()->set_contact_id(std::string(10'000, 'x'));
  v1::GetTieResponse response;
  EXPECT_EQ(stub_->GetTie(&context, request, &response).error_code(), grpc::StatusCode::UNIMPLEMENTED);
}

}  // namespace
}  // namespace council::rpc
