#include "app/remote/secure/port_watch.hpp"

#include "tests/app/remote/authority.hpp"
#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

#include <chrono>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <sys/socket.h>
#include <unistd.h>

using namespace onewriter;
using namespace onewriter::node;
using namespace onewriter::test;

namespace {

std::string content_at(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  return std::string(std::istreambuf_iterator<char>{in}, {});
}

constexpr int no_socket = -1;

struct watch_fixture {
  static listen_limits limits() {
    listen_limits result;
    result.max_strangers = 2;
    result.max_connections = 3;
    return result;
  }

  temp_folder folder;
  authority ours{folder.path(), "ours"};
  std::shared_ptr<sealed_files> files
    = std::move(*sealed_files::make(ours.issue("server")));
  port_watch::time_point now{};
  std::vector<std::string> lines;
  port_watch watch{limits(), files,
                   [this](const std::string& line) { lines.push_back(line); },
                   [this] {
                     return now;
                   }};
};

} // namespace

TEST_CASE_METHOD(watch_fixture,
                 "a port takes few connections without a certificate") {
  auto first = watch.admit(no_socket);
  auto second = watch.admit(no_socket);
  REQUIRE(first);
  REQUIRE(second);
  CHECK_FALSE(watch.admit(no_socket));
  first->is_known();
  first->is_known();
  auto third = watch.admit(no_socket);
  CHECK(third);
  SECTION("and few in all") {
    second->is_known();
    third->is_known();
    CHECK_FALSE(watch.admit(no_socket));
    first.reset();
    CHECK(watch.admit(no_socket));
  }
  SECTION("and others when one has gone") {
    first.reset();
    CHECK_FALSE(watch.admit(no_socket));
    second.reset();
    CHECK(watch.admit(no_socket));
  }
}

TEST_CASE_METHOD(watch_fixture,
                 "connections that are turned away are counted in few lines") {
  auto first = watch.admit(no_socket);
  auto second = watch.admit(no_socket);
  constexpr char strangers[] = ": as many as serve.max-strangers says have not "
                               "shown a certificate yet";
  for (auto i = 0; i < 5; ++i)
    CHECK_FALSE(watch.admit(no_socket));
  REQUIRE(lines.size() == 1);
  CHECK(lines.back() == std::string{"closed 1 connection at once"} + strangers);
  now += port_watch::log_interval;
  CHECK_FALSE(watch.admit(no_socket));
  REQUIRE(lines.size() == 2);
  CHECK(lines.back()
        == std::string{"closed 5 connections at once"} + strangers);
}

TEST_CASE_METHOD(watch_fixture,
                 "a port goes over to other files between two connections") {
  auto before = content_at(files->names().certificate);
  auto next = ours.issue("next");
  auto first = watch.admit(no_socket);
  auto made = sealed_files::make(next);
  REQUIRE(made);
  files->replace(std::move(*made));
  CHECK(content_at(files->names().certificate) == before);
  auto second = watch.admit(no_socket);
  CHECK(content_at(files->names().certificate) == content_at(next.certificate));
  CHECK(content_at(files->names().key) == content_at(next.key));
  CHECK(content_at(files->names().ca_file) == content_at(next.ca_file));
}

TEST_CASE_METHOD(watch_fixture, "strangers that take too long are cut off") {
  int slow[2];
  int known[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, slow) == 0);
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, known) == 0);
  auto first = watch.admit(slow[0]);
  auto second = watch.admit(known[0]);
  REQUIRE(first);
  REQUIRE(second);
  second->is_known();
  auto is_open = [](int socket) {
    char byte = 0;
    return ::recv(socket, &byte, 1, MSG_DONTWAIT) < 0;
  };
  now += limits().max_silence - std::chrono::nanoseconds{1};
  watch.expire();
  CHECK(is_open(slow[1]));
  now += std::chrono::nanoseconds{1};
  watch.expire();
  CHECK_FALSE(is_open(slow[1]));
  CHECK(is_open(known[1]));
  for (auto x : {slow[0], slow[1], known[0], known[1]})
    ::close(x);
}
