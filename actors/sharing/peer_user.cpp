#include "actors/sharing/peer_user.hpp"

#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace onewriter {

namespace {

constexpr unsigned established = 1;

constexpr uid_t root = 0;

/// As /proc/net/tcp writes it: both in hexadecimal digits, the address as the
/// number that its bytes are in memory.
struct tcp_end {
  uint32_t address = 0;
  uint16_t port = 0;

  bool operator==(const tcp_end& other) const {
    return address == other.address && port == other.port;
  }
};

using name_function = int (*)(int, sockaddr*, socklen_t*);

std::optional<tcp_end> end_of(int socket, name_function name) {
  sockaddr_in found{};
  socklen_t size = sizeof found;
  if (name(socket, reinterpret_cast<sockaddr*>(&found), &size) != 0
      || found.sin_family != AF_INET)
    return std::nullopt;
  return tcp_end{found.sin_addr.s_addr, ntohs(found.sin_port)};
}

bool read_end(std::istream& from, tcp_end& result) {
  auto colon = '\0';
  return from >> std::hex >> result.address >> colon >> result.port
         && colon == ':';
}

/// Returns the user of the socket that `line` describes, if it is the one that
/// leads from `from` to `to`.
std::optional<uid_t> user_in(const std::string& line, tcp_end from,
                             tcp_end to) {
  std::istringstream words{line};
  std::string number;
  tcp_end local;
  tcp_end remote;
  unsigned state = 0;
  if (!(words >> number) || !read_end(words, local) || !read_end(words, remote)
      || !(words >> state) || !(local == from) || !(remote == to)
      || state != established)
    return std::nullopt;
  std::string queues;
  std::string timer;
  std::string retransmissions;
  uid_t result = 0;
  if (words >> queues >> timer >> retransmissions >> std::dec >> result)
    return result;
  return std::nullopt;
}

} // namespace

std::optional<uid_t> user_of_peer(int socket) {
  auto here = end_of(socket, ::getsockname);
  auto there = end_of(socket, ::getpeername);
  if (!here || !there)
    return std::nullopt;
  std::ifstream sockets{"/proc/net/tcp"};
  std::string line;
  while (std::getline(sockets, line))
    if (auto user = user_in(line, *there, *here))
      return user;
  return std::nullopt;
}

bool is_trusted(uid_t user) {
  return user == ::geteuid() || user == root;
}

} // namespace onewriter
