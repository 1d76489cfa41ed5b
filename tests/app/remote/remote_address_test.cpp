#include "app/remote/remote_address.hpp"

#include "app/core/tls_files.hpp"
#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

#include <fstream>

#include <sys/stat.h>

using namespace onewriter;
using namespace onewriter::node;

namespace {

std::string round_trip(const std::string& text) {
  auto found = parse_address(text);
  return found ? to_string(*found) : failure_of(found.error()).message;
}

std::string problem_of(const tls_files& what) {
  auto err = check_files(what);
  return err == caf::none ? "none" : failure_of(err).message;
}

} // namespace

TEST_CASE("an address names a host, a port and a database") {
  auto found = parse_address("onewriter://db.example.com:4711/shop.db");
  REQUIRE(found);
  CHECK(found->where.host == "db.example.com");
  CHECK(found->where.port == 4'711);
  CHECK(found->database == "shop.db");
  for (auto text :
       {"onewriter://10.0.0.1:1/a", "onewriter://[::1]:65535/a b.db",
        "onewriter://h:4711/onewriter:"})
    CHECK(round_trip(text) == text);
}

TEST_CASE("what is no address is said to be none") {
  for (auto text :
       {"onewriter://", "onewriter://h:1", "onewriter://h:1/",
        "onewriter://h/a", "onewriter://:1/a", "onewriter://h:65536/a",
        "onewriter://h:/a", "onewriter://::1:1/a", "onewriter://[h]:1/a",
        "onewriter://h:1/a/b", "onewriter://h:-1/a", "onewriter://h:1x/a",
        "onewriter://[::1:1/a"}) {
    CAPTURE(text);
    CHECK(is_address(text));
    CHECK(round_trip(text).find("' is not ") != std::string::npos);
  }
  CHECK(round_trip("onewriter://h:0/a").find("has no port")
        != std::string::npos);
  CHECK_FALSE(is_address("/srv/shop.db"));
  CHECK_FALSE(is_address("onewriter:/h:1/a"));
}

TEST_CASE("files for TLS have to be there, and the key to be private") {
  test::temp_folder folder;
  tls_files files;
  CHECK(problem_of(files).find("set tls-certificate, tls-key and tls-ca-file")
        != std::string::npos);
  files.certificate = folder.file("me.pem");
  files.key = folder.file("me.key");
  files.ca_file = folder.file("ca.pem");
  CHECK(problem_of(files)
        == "tls-certificate: cannot read " + files.certificate
             + ": No such file or directory");
  for (auto& path : {files.certificate, files.key, files.ca_file})
    std::ofstream{path} << "x";
  ::chmod(files.key.c_str(), 0644);
  CHECK(problem_of(files)
        == "tls-key: other users can read " + files.key + ": chmod 600 it");
  ::chmod(files.key.c_str(), 0600);
  CHECK(problem_of(files) == "none");
  files.ca_file = folder.path();
  CHECK(problem_of(files) == "tls-ca-file: " + folder.path() + " is no file");
}
