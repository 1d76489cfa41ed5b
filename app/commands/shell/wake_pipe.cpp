#include "app/commands/shell/wake_pipe.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace onewriter::node {

wake_pipe::wake_pipe() {
  if (::pipe2(ends_, O_CLOEXEC | O_NONBLOCK) != 0)
    throw std::system_error{errno, std::generic_category(), "pipe"};
}

wake_pipe::~wake_pipe() {
  ::close(ends_[0]);
  ::close(ends_[1]);
}

// A full pipe wakes as well.
void wake_pipe::wake() {
  auto ignored = ::write(ends_[1], "", 1);
  static_cast<void>(ignored);
}

void wake_pipe::clear() {
  char buf[64];
  while (::read(ends_[0], buf, sizeof buf) > 0) {
    // nop
  }
}

bool wake_pipe::wait(int other) {
  pollfd what[] = {{ends_[0], POLLIN, 0}, {other, POLLIN, 0}};
  while (::poll(what, 2, -1) < 0 && errno == EINTR) {
    // nop
  }
  return what[1].revents != 0;
}

} // namespace onewriter::node
