#include "actors/support/thrown.hpp"

#include "onewriter/failure.hpp"
#include "onewriter/protocol.hpp"

#include <string>
#include <system_error>

namespace onewriter {

namespace {

caf::error describe_thrown(const char* who) {
  auto text = std::string{who};
  try {
    throw;
  } catch (const std::bad_alloc&) {
    return make_failure(ec::out_of_memory, text + " needs too much memory");
  } catch (const std::system_error& ex) {
    auto is_short = ex.code() == std::errc::resource_unavailable_try_again
                    || ex.code() == std::errc::not_enough_memory;
    return make_failure(is_short ? ec::out_of_memory : ec::internal,
                        text + " threw: " + ex.what());
  } catch (const std::exception& ex) {
    return make_failure(ec::internal, text + " threw: " + ex.what());
  } catch (...) {
    return make_failure(ec::internal, text
                                        + " threw something that is not a "
                                          "std::exception");
  }
}

} // namespace

caf::error thrown_error(const char* who) {
  try {
    return describe_thrown(who);
  } catch (const std::bad_alloc&) {
    return insist([] { return caf::make_error(ec::out_of_memory); });
  }
}

caf::error exception_to_error(std::exception_ptr& what) {
  try {
    std::rethrow_exception(what);
  } catch (...) {
    return thrown_error("an actor");
  }
}

caf::error stopped_error(const char* message) {
  return insist([=] { return make_failure(ec::unavailable, message); });
}

void require_thread() {
  std::thread{[] {
  }}.join();
}

} // namespace onewriter
