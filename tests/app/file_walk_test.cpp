#include "app/core/file_walk.hpp"

#include "app/demo/content/file_blocks.hpp"
#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

#include <filesystem>
#include <fstream>

using namespace onewriter;
using namespace onewriter::node;

namespace {

void put(const std::string& path, const std::string& content) {
  std::ofstream{path, std::ios::binary} << content;
}

std::string names(file_walk walk, const std::string& root) {
  std::string result;
  while (auto x = walk.next())
    result
      += x->path.substr(root.size() + 1) + ' ' + std::to_string(x->size) + '\n';
  return result;
}

std::string blocks_of(const std::string& path) {
  file_blocks from{path};
  std::string result;
  while (auto x = from.next())
    result += std::to_string(x->size()) + ' ';
  if (from.failed())
    return result + "failed";
  return result + "of " + std::to_string(from.size())
         + (from.is_text() ? " text" : " binary");
}

} // namespace

TEST_CASE("a walk finds all regular files in the order of their names") {
  test::temp_folder folder;
  std::filesystem::create_directories(folder.file("b/c"));
  std::filesystem::create_directory(folder.file("empty"));
  put(folder.file("z"), "12345");
  put(folder.file("a"), "");
  put(folder.file("b/x"), "1");
  put(folder.file("b/c/y"), "12");
  std::filesystem::create_symlink(folder.file("z"), folder.file("link"));
  std::filesystem::create_symlink(folder.path(), folder.file("b/loop"));
  CHECK(names({folder.path(), ""}, folder.path())
        == "a 0\nb/c/y 2\nb/x 1\nz 5\n");
  auto size = measure({folder.path(), ""});
  CHECK(size.files == 4);
  CHECK(size.bytes == 8);
}

TEST_CASE("a walk through a file finds the file") {
  test::temp_folder folder;
  put(folder.file("z"), "12345");
  put(folder.file("other"), "1");
  CHECK(names({folder.file("z"), ""}, folder.path()) == "z 5\n");
}

TEST_CASE("a walk through nothing finds nothing") {
  test::temp_folder folder;
  CHECK(names({folder.file("missing"), ""}, folder.path()).empty());
  CHECK(names({folder.path(), ""}, folder.path()).empty());
}

TEST_CASE("a database is passed over under all of its names") {
  test::temp_folder folder;
  put(folder.file("node.db"), "1");
  put(folder.file("node.db-wal"), "1");
  put(folder.file("node.db-owner"), "1");
  put(folder.file("other"), "1");
  std::filesystem::create_hard_link(folder.file("node.db"),
                                    folder.file("hard"));
  CHECK(names({folder.path(), folder.file("node.db")}, folder.path())
        == "other 1\n");
}

TEST_CASE("a file is cut into blocks of 64 KiB") {
  test::temp_folder folder;
  auto path = folder.file("a");
  put(path, "");
  CHECK(blocks_of(path) == "of 0 text");
  put(path, std::string(65'536, 'x'));
  CHECK(blocks_of(path) == "65536 of 65536 text");
  put(path, std::string(65'537, 'x'));
  CHECK(blocks_of(path) == "65536 1 of 65537 text");
}

TEST_CASE("text is UTF-8 without a NUL") {
  test::temp_folder folder;
  auto path = folder.file("a");
  // A character that the end of a block cuts in two.
  put(path, std::string(65'535, 'x') + "\u00e4");
  CHECK(blocks_of(path) == "65536 1 of 65537 text");
  put(path, std::string(65'535, 'x') + "\xc3");
  CHECK(blocks_of(path) == "65536 of 65536 binary");
  put(path, std::string{"a\0b", 3});
  CHECK(blocks_of(path) == "3 of 3 binary");
  put(path, "\xff");
  CHECK(blocks_of(path) == "1 of 1 binary");
}

TEST_CASE("what is no regular file is not read") {
  test::temp_folder folder;
  CHECK(blocks_of(folder.file("missing")) == "failed");
  CHECK(blocks_of(folder.path()) == "failed");
  std::filesystem::create_symlink("/dev/zero", folder.file("link"));
  CHECK(blocks_of(folder.file("link")) == "failed");
  CHECK(blocks_of("/dev/zero") == "failed");
}
