// Joining an owner that does not answer, or ends in the middle of it.
#include "actors/sharing/network.hpp"
#include "actors/sharing/proof.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"
#include "tests/catch.hpp"

#include <caf/typed_response_promise.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace onewriter;

namespace {

constexpr char secret[] = "a secret";

/// The message that an owner does not answer.
enum class step { hello, join };

/// What it does instead.
enum class conduct { stays_silent, ends };

class unhelpful_gate_state {
public:
  explicit unhelpful_gate_state(gate_actor::pointer self) : self_{self} {
    // nop
  }

  gate_actor::behavior_type make_behavior(step last, conduct how) {
    return {
      [this, last, how](hello& what) -> caf::result<challenge> {
        if (last == step::hello)
          return leave_open<challenge>(first_, how);
        challenge result;
        result.nonce = "the owner's";
        result.proof = proof_of_owner(secret, result.nonce, what.nonce);
        return result;
      },
      [this, how](join&) -> caf::result<admission_ticket> {
        return leave_open<admission_ticket>(second_, how);
      },
    };
  }

  static inline const char* name = "unhelpful_gate";

private:
  // Kept, because CAF may answer a promise that is forgotten.
  template <class T>
  caf::result<T>
  leave_open(caf::typed_response_promise<T>& promise, conduct how) {
    promise = self_->make_response_promise<T>();
    if (how == conduct::ends)
      self_->quit(caf::exit_reason::kill);
    return promise;
  }

  gate_actor::pointer self_;
  caf::typed_response_promise<challenge> first_;
  caf::typed_response_promise<admission_ticket> second_;
};

gate_actor::behavior_type
unhelpful_gate(gate_actor::stateful_pointer<unhelpful_gate_state> self,
               step last, conduct how) {
  return compat::state(self).make_behavior(last, how);
}

} // namespace

// Its requests wait for the next owner then, and have no deadline that could
// have passed.
TEST_CASE("an owner that does not answer one who joins is unavailable") {
  auto last = GENERATE(step::hello, step::join);
  auto how = GENERATE(conduct::stays_silent, conduct::ends);
  CAPTURE(last, how);
  network owner{secret};
  auto port
    = owner.publish(owner.system().spawn(unhelpful_gate, last, how), nullptr);
  REQUIRE(port);
  network process{secret};
  auto session = process.join(loopback, *port);
  REQUIRE_FALSE(session);
  CAPTURE(describe(session.error()));
  CHECK(code_of(session.error()) == ec::unavailable);
}
