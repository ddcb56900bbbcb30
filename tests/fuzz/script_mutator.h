#ifndef COUNCIL_TESTS_FUZZ_SCRIPT_MUTATOR_H_
#define COUNCIL_TESTS_FUZZ_SCRIPT_MUTATOR_H_

#include <functional>
#include <random>
#include <string>
#include <vector>

#include "tests/fuzz/script.h"

namespace council::fuzz {

// Changes scripts call by call and field by field, so that most of what comes out is read by the services, and not
// refused as no message at all.
class ScriptMutator {
 public:
  // `mutate_text` changes a field's text at will.
  ScriptMutator(unsigned seed, std::function<std::string(const std::string&)> mutate_text)
      : random_(seed), mutate_text_(std::move(mutate_text)) {}

  // Makes one change.
  void Mutate(std::vector<ScriptCall>& calls);

 private:
  // 0 to `count` - 1.
  int Pick(int count) { return std::uniform_int_distribution<int>(0, count - 1)(random_); }

  ScriptCall AnyCall();
  void MutateMessage(google::protobuf::Message& message);
  void MutateField(const google::protobuf::FieldDescriptor& field, google::protobuf::Message& message);
  void SetOne(const google::protobuf::FieldDescriptor& field, int index, google::protobuf::Message& message);
  void AddOne(const google::protobuf::FieldDescriptor& field, google::protobuf::Message& message);
  int64_t AnyNumber();
  std::string AnyText(const std::string& now);

  std::minstd_rand random_;
  const std::function<std::string(const std::string&)> mutate_text_;
};

}  // namespace council::fuzz

#endif  // COUNCIL_TESTS_FUZZ_SCRIPT_MUTATOR_H_
