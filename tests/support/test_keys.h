#ifndef COUNCIL_TESTS_SUPPORT_TEST_KEYS_H_
#define COUNCIL_TESTS_SUPPORT_TEST_KEYS_H_

#include <memory>
#include <string>

#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/seal/open_keys.h"
#include "tests/support/temp_dir.h"

namespace council::test {

// What a service is given as --keys, --key-storage and --erasures: a keyring, the wrapped keys of owners and a list of
// erasures, in a directory of their own. Throws std::runtime_error where they can't be had.
class TestKeys {
 public:
  // With `sealed` false there are no keys, as with --keys=none.
  explicit TestKeys(bool sealed = true);

  seal::Keys keys() const { return opened_->keys(); }

  // Opens them anew, as a service does that starts: what it held in memory is gone, and the list of erasures is read.
  void Reopen();

  // A path in that directory.
  std::string path(const std::string& name) const { return (directory_ / name).string(); }

 private:
  const TempDir directory_;
  const bool sealed_;
  const base::SystemClock clock_;
  base::SystemRandom random_;
  std::unique_ptr<seal::OpenedKeys> opened_;
};

}  // namespace council::test

#endif  // COUNCIL_TESTS_SUPPORT_TEST_KEYS_H_
