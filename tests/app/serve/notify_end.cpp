#include "tests/app/serve/notify_end.hpp"

#include <cstddef>
#include <cstring>
#include <stdexcept>
#include <utility>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace onewriter::test {

namespace {

constexpr int minute_ms = 60'000;

constexpr char no_message[] = "nothing";

} // namespace

notify_end::notify_end(std::string address)
  : address_{std::move(address)},
    socket_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)} {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::memcpy(name.sun_path, address_.data(), address_.size());
  if (address_.front() == '@')
    name.sun_path[0] = '\0';
  auto size
    = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
  if (::bind(socket_, reinterpret_cast<sockaddr*>(&name), size) != 0)
    throw std::runtime_error("cannot listen at " + address_);
}

notify_end::~notify_end() {
  ::close(socket_);
}

std::string notify_end::next() {
  return receive(minute_ms);
}

std::string notify_end::next_change() {
  for (;;)
    if (auto result = next(); result != "WATCHDOG=1")
      return result;
}

int notify_end::drain() {
  auto count = 0;
  while (receive(0) != no_message)
    ++count;
  return count;
}

std::string notify_end::receive(int limit_ms) {
  pollfd what{socket_, POLLIN, 0};
  if (::poll(&what, 1, limit_ms) <= 0)
    return no_message;
  char buf[1'024];
  auto size = ::recv(socket_, buf, sizeof buf, 0);
  return size < 0 ? no_message : std::string(buf, static_cast<size_t>(size));
}

} // namespace onewriter::test
