// `index` and `search`.
#include "tests/app/commands/command_fixture.hpp"

#include "app/commands/text/search_text.hpp"
#include "tests/sharing/peer.hpp"

#include <filesystem>
#include <fstream>

using namespace onewriter;
using namespace onewriter::test;
using onewriter::node::json;

namespace fs = std::filesystem;

namespace {

class text_fixture : public command_fixture {
public:
  std::string texts = folder.file("texts");

  text_fixture() {
    exec("CREATE TABLE t(a)");
    add("tea.txt", "green tea is\nbetter than black tea");
    add("deep/milk.md", "milk comes from cows");
    add("deep/.hidden", "hidden words");
    add("deep/picture", std::string("\x89PNG\xFF\x00", 6));
    fs::create_symlink(texts + "/tea.txt", texts + "/link.txt");
  }

  void add(const std::string& name, const std::string& text) const {
    auto path = fs::path{texts} / name;
    fs::create_directories(path.parent_path());
    std::ofstream{path, std::ios::binary} << text;
  }

  json index(std::vector<std::string> words) {
    words.insert(words.begin(), {"index", file, "--json"});
    auto result = run(words);
    INFO(result.err);
    REQUIRE(result.status == 0);
    return json::parse(result.out);
  }

  /// The names of the files that are found.
  std::string search(std::vector<std::string> words) {
    words.insert(words.begin(), {"search", file, "--json"});
    auto found = run(words);
    std::istringstream in{found.out};
    auto result = found.err;
    for (std::string line; std::getline(in, line);) {
      auto x = json::parse(line);
      result += fs::path{x["key"].get<std::string>()}.filename().string() + ' ';
    }
    return result;
  }
};

} // namespace

TEST_CASE_METHOD(text_fixture, "files of folders are indexed and found") {
  auto first = index({texts});
  CHECK(first["files"] == 3);
  CHECK(first["added"] == 2);
  CHECK(first["no_text"] == 1);
  CHECK(first["failed"] == 0);
  CHECK(search({"tea"}) == "tea.txt ");
  CHECK(search({"black", "green"}) == "tea.txt ");
  CHECK(search({"milk"}) == "milk.md ");
  CHECK(search({"hidden"}) == "");
  CHECK(search({"tea", "milk"}) == "");
  CHECK(search({"--expression", "tea OR mil*", "--max=1"}).size() == 8);
}

TEST_CASE_METHOD(text_fixture, "files that are unchanged are left alone") {
  index({texts});
  CHECK(index({texts})["unchanged"] == 2);
  add("tea.txt", "coffee");
  auto third = index({texts});
  CHECK(third["unchanged"] == 1);
  CHECK(third["replaced"] == 1);
  CHECK(search({"coffee"}) == "tea.txt ");
  CHECK(search({"tea"}) == "");
}

TEST_CASE_METHOD(text_fixture, "files that are gone are removed from an "
                               "index") {
  add("old/gone.txt", "tea of old");
  add("later.txt", "tea of later");
  auto outside = folder.file("outside.txt");
  std::ofstream{outside} << "tea outside";
  // A folder whose name begins with that of the other one.
  auto neighbour = texts + "0";
  fs::create_directory(neighbour);
  std::ofstream{neighbour + "/near.txt"} << "tea nearby";
  CHECK(index({texts, outside, neighbour})["added"] == 6);
  index({texts, "--index=other"});
  fs::remove_all(fs::path{texts} / "old");
  fs::remove(fs::path{texts} / "later.txt");
  fs::create_directory(fs::path{texts} / "later.txt");
  fs::remove(outside);
  fs::remove_all(neighbour);
  // Only what is below that path.
  CHECK(index({texts, "--index=other"})["removed"] == 2);
  auto below = index({texts});
  CHECK(below["removed"] == 2);
  CHECK(below["unchanged"] == 2);
  CHECK(search({"tea"}).size()
        == std::string{"outside.txt near.txt tea.txt "}.size());
  CHECK(search({"old"}) == "");
  CHECK(search({"later"}) == "");
  CHECK(search({"outside"}) == "outside.txt ");
  CHECK(index({texts})["removed"] == 0);
  CHECK(index({folder.path()})["removed"] == 2);
  CHECK(search({"tea"}) == "tea.txt ");
}

TEST_CASE_METHOD(text_fixture, "a file that is passed over is named") {
  auto picture = texts + "/deep/picture";
  auto result = run({"index", file, picture});
  CHECK(result.status == 0);
  CHECK(result.err
        == "onewriter: " + picture
             + " is passed over: it is not "
               "UTF-8\n");
  CHECK(has(result.out, "1 file passed over"));
  result = run({"index", file, file, "/dev/null"});
  CHECK(has(result.err, file
                          + " is passed over: it is no regular file, or one "
                            "of the database\n"));
  CHECK(has(result.err, "/dev/null is passed over: "));
}

TEST_CASE_METHOD(text_fixture, "hidden files are indexed on demand") {
  CHECK(index({texts, "--hidden"})["added"] == 3);
  CHECK(search({"hidden"}) == ".hidden ");
  // One that is given is not hidden.
  CHECK(index({texts + "/deep/.hidden", "--index=other"})["added"] == 1);
  CHECK(search({"hidden", "--index=other"}) == ".hidden ");
}

TEST_CASE_METHOD(text_fixture, "the database is not indexed itself") {
  auto all = index({folder.path()});
  CHECK(all["files"] == 3);
  CHECK(rows("SELECT count(*) FROM t") == "0\n");
}

TEST_CASE_METHOD(text_fixture, "hits are printed with their surroundings") {
  index({texts});
  auto found = run({"search", file, "tea"});
  CHECK(found.status == 0);
  CHECK(found.out
        == texts
             + "/tea.txt  at byte 6\n"
               "    green [tea] is better than black [tea]\n");
  auto none = run({"search", file, "coffee"});
  CHECK(none.status == 0);
  CHECK(none.out == "");
  CHECK(none.err == "nothing found\n");
}

TEST_CASE_METHOD(text_fixture, "what is wrong with a text command is said") {
  CHECK(has(run({"search", file, "tea"}).err, "no_such_index"));
  auto missing = run({"index", file, texts + "/nothing"});
  CHECK(missing.status == 1);
  CHECK(has(missing.err, "nothing: No such file or directory"));
  index({texts});
  CHECK(has(run({"search", file, "--expression", "a", "b"}).err, "one word"));
  CHECK(
    has(run({"search", file, "--expression", "AND ("}).err, "invalid_search"));
  CHECK(search({"AND", "("}) == "");
}

TEST_CASE_METHOD(text_fixture, "texts are indexed and found through an owner") {
  options opts;
  opts.path = file;
  peer owner{opts};
  REQUIRE(owner.problem() == "none");
  CHECK(index({texts})["added"] == 2);
  CHECK(search({"tea"}) == "tea.txt ");
  CHECK(owner.leave() == "left");
}

TEST_CASE("words of a search are no operators") {
  CHECK(node::expression_of({"a"}) == "\"a\"");
  CHECK(node::expression_of({"AND", "say \"x\"*"})
        == "\"AND\" \"say \"\"x\"\"*\"");
}
