#include "app/remote/secure/listen_problem.hpp"

#include <cerrno>
#include <cstring>
#include <memory>

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

namespace onewriter::node {

namespace {

using address_list = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

// Returns the number of the error, 0 where there is none.
int error_of_binding(const addrinfo& to) {
  auto socket = ::socket(to.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0)
    return errno;
  const int on = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  auto result
    = ::bind(socket, to.ai_addr, to.ai_addrlen) != 0 || ::listen(socket, 1) != 0
        ? errno
        : 0;
  ::close(socket);
  return result;
}

caf::error problem_of_binding(int number, const std::string& text,
                              const std::string& reason) {
  switch (number) {
    case EADDRNOTAVAIL:
      return make_failure(ec::invalid_argument,
                          text
                            + "the host is none of this machine's addresses; "
                              "0.0.0.0 stands for all of them");
    case EACCES:
      return make_failure(ec::invalid_argument,
                          text
                            + "this user may not listen at the port: choose "
                              "one from 1024 on");
    case EADDRINUSE:
      return make_failure(ec::unavailable,
                          text + "the port is in use by another process");
    default:
      return make_failure(
        ec::unavailable, text + (number == 0 ? reason : std::strerror(number)));
  }
}

} // namespace

caf::error listen_problem(const endpoint& where, const std::string& reason) {
  auto text = "cannot listen at " + to_string(where) + ": ";
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  auto problem = ::getaddrinfo(
    where.host.c_str(), std::to_string(where.port).c_str(), &hints, &found);
  if (problem != 0) {
    auto is_passing
      = problem == EAI_AGAIN || problem == EAI_MEMORY || problem == EAI_SYSTEM;
    return make_failure(is_passing ? ec::unavailable : ec::invalid_argument,
                        text + where.host + ": " + ::gai_strerror(problem));
  }
  address_list addresses{found, &::freeaddrinfo};
  return problem_of_binding(error_of_binding(*addresses), text, reason);
}

} // namespace onewriter::node
