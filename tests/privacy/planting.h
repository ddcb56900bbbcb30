#ifndef COUNCIL_TESTS_PRIVACY_PLANTING_H_
#define COUNCIL_TESTS_PRIVACY_PLANTING_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/privacy/markers.h"
#include "tests/support/council.h"

namespace council::test {

// Plants markers through the API of three running programs: in every field of every method's request, by reflection, so
// that a new field or method is among them; and in files and a whole state to import. The owner's name is one too.
class Planting {
 public:
  Planting(const CouncilProgram& contactsd, const CouncilProgram& ledgerd, const CouncilProgram& recommendationsd);

  // Makes contacts, a council, entries and balances, and the calls.
  void PlantEverywhere();

  // What was planted where an owner's state must keep it, and isn't in what ExportOwner of the services answers.
  std::vector<std::string> MissingInExports();

 private:
  using Descriptor = google::protobuf::Descriptor;
  using Message = google::protobuf::Message;

  // A request that its method accepts, into which the markers are put one at a time; `then` follows it in a stream.
  struct Base {
    std::unique_ptr<Message> request;
    std::unique_ptr<Message> then;
  };

  template <typename Request>
  Request& BaseOf() {
    std::unique_ptr<Message>& request = bases_[Request::descriptor()].request;
    request = std::make_unique<Request>();
    return static_cast<Request&>(*request);
  }

  std::string NewContact();
  void MakeContactBases();
  void MakeLedgerBases();
  void MakeImportBases();
  void PlantIn(const CouncilProgram& program, const google::protobuf::ServiceDescriptor& service);
  void PlantIn(const std::shared_ptr<grpc::Channel>& channel, const google::protobuf::MethodDescriptor& method);
  // Leaves settings with markers, and balances and advice wherever they are cached.
  void LeaveTraces();
  // Takes the owner's state over for another owner, whose name is a marker too.
  void ImportForAnother();
  // The chunks of the owner's state.
  std::vector<std::string> Export(const CouncilProgram& program,
                                  const google::protobuf::ServiceDescriptor& service) const;

  const CouncilProgram& contactsd_;
  const CouncilProgram& ledgerd_;
  const CouncilProgram& recommendationsd_;
  const Caller owner_{.owner = NewMarker()};
  const std::string seated_ = NewContact();  // Who has the seat and is in every entry.
  std::map<const Descriptor*, Base> bases_;
  // Markers by "CreateContact contact.notes"; of each at least one must have been kept.
  std::map<std::string, std::vector<std::string>> planted_;
};

}  // namespace council::test

#endif  // COUNCIL_TESTS_PRIVACY_PLANTING_H_
