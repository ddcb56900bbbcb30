#ifndef COUNCIL_LIBS_BASE_OWNER_H_
#define COUNCIL_LIBS_BASE_OWNER_H_

#include <compare>
#include <string>

namespace council::base {

// The person whose data a call is about: always the authenticated caller, never taken from a request.
//
// The parts are arbitrary bytes; whoever builds a key from them must encode each part, since ("a", "b/c") and
// ("a/b", "c") are two owners.
struct Owner {
  // The company, or whoever else runs its own circle of owners.
  std::string tenant;
  // The person within the tenant, an identifier that is never reassigned.
  std::string subject;

  friend auto operator<=>(const Owner&, const Owner&) = default;

  template <typename H>
  friend H AbslHashValue(H state, const Owner& owner) {
    return H::combine(std::move(state), owner.tenant, owner.subject);
  }
};

}  // namespace council::base

#endif  // COUNCIL_LIBS_BASE_OWNER_H_
