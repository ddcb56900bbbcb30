#ifndef COUNCIL_SERVICES_LEDGER_STAGED_H_
#define COUNCIL_SERVICES_LEDGER_STAGED_H_

#include <map>
#include <utility>

namespace council::ledger {

// A map whose newest changes can be taken back: what is set stays for good with Keep and goes with Drop.
template <typename Key, typename Value>
class Staged {
 public:
  // As set last; null where it never was. Lives until the next change.
  const Value* Find(const Key& key) const {
    if (const auto found = pending_.find(key); found != pending_.end()) return &found->second;
    if (const auto found = kept_.find(key); found != kept_.end()) return &found->second;
    return nullptr;
  }

  Value& Set(const Key& key, Value value) { return pending_.insert_or_assign(key, std::move(value)).first->second; }

  // The value to be changed in place; null where there is none.
  Value* Change(const Key& key) {
    if (const auto found = pending_.find(key); found != pending_.end()) return &found->second;
    if (const auto found = kept_.find(key); found != kept_.end()) return &pending_.emplace(*found).first->second;
    return nullptr;
  }

  void Keep() {
    for (auto& [key, value] : pending_) kept_.insert_or_assign(key, std::move(value));
    pending_.clear();
  }
  void Drop() { pending_.clear(); }

  const std::map<Key, Value>& kept() const { return kept_; }

 private:
  std::map<Key, Value> kept_;
  std::map<Key, Value> pending_;
};

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_STAGED_H_
