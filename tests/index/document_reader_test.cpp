#include "actors/index/jobs/document_reader.hpp"

#include "onewriter/config.hpp"
#include "onewriter/failure.hpp"
#include "tests/catch.hpp"
#include "tests/index/samples.hpp"
#include "tests/temp_folder.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using namespace onewriter;
using namespace onewriter::test;

namespace {

constexpr auto block = document_reader::block_bytes;

class reader_fixture {
public:
  document_reader file_reader(const std::string& path) {
    return document_reader{path, "", off_limits, signals};
  }

  document_reader text_reader(const std::string& text) {
    return document_reader{"", text, off_limits, signals};
  }

  std::string write(const std::string& name, const std::string& content) {
    auto path = folder.file(name);
    write_file(path, content);
    return path;
  }

  /// Returns what is wrong with a file before any of it is indexed.
  std::string refusal(const std::string& path) {
    auto reader = file_reader(path);
    auto digest = reader.scan();
    return digest ? "none" : describe(digest.error());
  }

  std::string text_refusal(const std::string& text) {
    auto reader = text_reader(text);
    auto digest = reader.scan();
    return digest ? "none" : describe(digest.error());
  }

  message_types errors_need_this;
  temp_folder folder;
  std::vector<std::string> off_limits;
  job_signals_ptr signals = std::make_shared<job_signals>();
};

// Reads the rest, and returns it or what is wrong.
std::string read_all(document_reader& reader) {
  std::string result;
  for (;;) {
    auto next = reader.next();
    if (!next)
      return describe(next.error());
    if (!*next)
      return result;
    if ((*next)->offset != result.size())
      return "a gap at " + std::to_string(result.size());
    result += (*next)->text;
  }
}

std::string both_readings(document_reader reader) {
  auto digest = reader.scan();
  if (!digest)
    return describe(digest.error());
  auto result = read_all(reader);
  if (digest->bytes != result.size() || digest->hash != sha256_of(result))
    return "the digest is not that of the passages";
  return result;
}

} // namespace

TEST_CASE_METHOD(reader_fixture, "documents of all sizes are read as they "
                                 "are") {
  for (auto size : {size_t{0}, size_t{1}, size_t{4096}, size_t{4097}, block - 1,
                    block, block + 1, 2 * block, 3 * block + 17}) {
    CAPTURE(size);
    auto text = sample_text(size);
    REQUIRE(text.size() == size);
    CHECK(both_readings(text_reader(text)) == text);
    CHECK(both_readings(file_reader(write("a", text))) == text);
  }
}

TEST_CASE_METHOD(reader_fixture, "characters may lie across blocks") {
  for (size_t shift = 0; shift < 4; ++shift) {
    auto text = std::string(block - shift, 'x');
    for (int i = 0; i < 100; ++i)
      text += "\U0001F600\u20AC\u00E4";
    CAPTURE(shift);
    CHECK(both_readings(file_reader(write("a", text))) == text);
    CHECK(both_readings(text_reader(text)) == text);
  }
}

// -- what cannot be indexed -----------------------------------------------------

TEST_CASE_METHOD(reader_fixture, "the place of a byte that is not UTF-8 is "
                                 "named") {
  CHECK(text_refusal("abc\xFF")
        == "invalid_text: the document is not valid UTF-8 at byte 3");
  CHECK(text_refusal("ab\xC3(")
        == "invalid_text: the document is not valid UTF-8 at byte 3");
  CHECK(
    text_refusal("abc\xC3")
    == "invalid_text: the document ends inside a UTF-8 character at byte 4");
  auto large = std::string(2 * block + 10, 'x') + "\x80 and so on";
  CHECK(text_refusal(large)
        == "invalid_text: the document is not valid UTF-8 at byte "
             + std::to_string(2 * block + 10));
  CHECK(refusal(write("a", large)) == text_refusal(large));
  // Valid at the end of its block, refuted by the next.
  auto torn = std::string(block - 1, 'x') + "\xC3(";
  CHECK(text_refusal(torn)
        == "invalid_text: the document is not valid UTF-8 at byte "
             + std::to_string(block));
}

TEST_CASE_METHOD(reader_fixture, "a NUL is refused, with its place") {
  auto text = sample_text(block + 5) + std::string(1, '\0') + "more";
  CHECK(text_refusal(text)
        == "invalid_text: the document holds a NUL at byte "
             + std::to_string(block + 5));
}

TEST_CASE_METHOD(reader_fixture, "what is no readable file is refused with the "
                                 "reason") {
  auto prefix = "unreadable_document: the document " + folder.path();
  CHECK(refusal(folder.file("none"))
        == prefix + "/none cannot be read: No such file or directory");
  CHECK(refusal(folder.path()) == prefix + " is a directory");
  write("plain", "x");
  CHECK(refusal(folder.file("plain/x"))
        == prefix + "/plain/x cannot be read: Not a directory");
  REQUIRE(::mkfifo(folder.file("pipe").c_str(), 0600) == 0);
  CHECK(refusal(folder.file("pipe")) == prefix + "/pipe is a pipe");
  CHECK(refusal("/dev/null")
        == "unreadable_document: the document /dev/null is a device");
  std::filesystem::create_symlink("loop", folder.file("loop"));
  CHECK(refusal(folder.file("loop"))
        == prefix + "/loop cannot be read: Too many levels of symbolic links");
}

TEST_CASE_METHOD(reader_fixture, "a file that may not be read is refused") {
  auto path = write("secret", "x");
  REQUIRE(::chmod(path.c_str(), 0) == 0);
  // Nothing is kept from root.
  auto expected = ::geteuid() == 0 ? "none"
                                   : "unreadable_document: the document " + path
                                       + " cannot be read: Permission denied";
  CHECK(refusal(path) == expected);
}

TEST_CASE_METHOD(reader_fixture, "a socket is refused") {
  auto descriptor = ::socket(AF_UNIX, SOCK_STREAM, 0);
  REQUIRE(descriptor >= 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  auto path = folder.file("socket");
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  auto bound = ::bind(descriptor, reinterpret_cast<sockaddr*>(&address),
                      sizeof(address));
  ::close(descriptor);
  REQUIRE(bound == 0);
  CHECK(refusal(path)
        == "unreadable_document: the document " + path + " is a socket");
}

TEST_CASE_METHOD(reader_fixture, "the database's own files are out of bounds, "
                                 "by any name") {
  auto database = write("test.db", "x");
  off_limits = {database, database + "-wal"};
  std::filesystem::create_symlink(database, folder.file("symlink"));
  std::filesystem::create_hard_link(database, folder.file("hardlink"));
  for (auto name : {"test.db", "symlink", "hardlink"})
    CHECK(refusal(folder.file(name))
          == "unreadable_document: the document " + folder.file(name)
               + " is a file of the database itself");
  write("test.db-wal", "x");
  CHECK(refusal(database + "-wal").find("database itself")
        != std::string::npos);
  CHECK(refusal(write("other.db", "x")) == "none");
}

TEST_CASE_METHOD(reader_fixture, "a path with a NUL is refused") {
  CHECK(refusal(std::string{"/etc/passwd\0x", 13})
        == "unreadable_document: the document /etc/passwd has a NUL in its "
           "name");
}

// -- files that change ------------------------------------------------------------

TEST_CASE_METHOD(reader_fixture, "a file that changes between two readings is "
                                 "noticed") {
  auto text = sample_text(3 * block);
  auto path = folder.file("a");
  auto change_and_read = [&](auto change) {
    write_file(path, text);
    auto reader = file_reader(path);
    auto digest = reader.scan();
    REQUIRE(digest);
    change();
    return read_all(reader);
  };
  auto changed = "document_changed: the document " + path
                 + " changed while it was being read";
  CHECK(change_and_read([] {}) == text);
  CHECK(change_and_read([&] { write_file(path, text + "more"); }) == changed);
  CHECK(change_and_read([&] { write_file(path, text.substr(9)); }) == changed);
  CHECK(change_and_read([&] { std::filesystem::remove(path); }) == changed);
  // Another file of the same size under the same name.
  CHECK(change_and_read([&] {
          write_file(path + "2", text);
          std::filesystem::rename(path + "2", path);
        })
        == changed);
}

TEST_CASE_METHOD(reader_fixture, "a change that leaves size and time alone is "
                                 "noticed by the content") {
  auto text = sample_text(2 * block);
  auto path = write("a", text);
  struct stat before;
  REQUIRE(::stat(path.c_str(), &before) == 0);
  auto reader = file_reader(path);
  REQUIRE(reader.scan());
  text[block + 5] = text[block + 5] == 'x' ? 'y' : 'x';
  write_file(path, text);
  timespec times[] = {before.st_atim, before.st_mtim};
  REQUIRE(::utimensat(AT_FDCWD, path.c_str(), times, 0) == 0);
  CHECK(read_all(reader)
        == "document_changed: the document " + path
             + " changed while it was being read");
}

// -- signals ------------------------------------------------------------------------

TEST_CASE_METHOD(reader_fixture, "reading ends when the job is to end") {
  auto reader = text_reader(sample_text(2 * block));
  REQUIRE(reader.scan());
  signals->cancelled = true;
  CHECK(read_all(reader) == "cancelled: the index job was cancelled");
  signals->cancelled = false;
  signals->stopped = true;
  CHECK(text_refusal("abc") == "closed: the database is being closed");
}
