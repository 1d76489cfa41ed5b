#include "app/demo/checks/verify.hpp"

#include "app/demo/checks/verify_parts.hpp"

#include <exception>
#include <functional>

namespace onewriter::node {

namespace {

// Adds what `verify` finds; a file that cannot be read is a check that failed.
void attempt(checks& to, const char* part,
             const std::function<checks()>& verify) {
  try {
    for (auto& x : verify())
      to.push_back(std::move(x));
  } catch (std::exception& err) {
    to.push_back({std::string{part} + " can be read", false, err.what()});
  }
}

checks verify_integrity(raw_file& file) {
  std::string answer;
  file.for_each("PRAGMA integrity_check", {}, [&](const raw_row& x) {
    if (answer.empty())
      answer = x.bytes(0);
  });
  uint64_t violations = 0;
  file.for_each("PRAGMA foreign_key_check", {},
                [&](const raw_row&) { ++violations; });
  return {
    {"the file is sound: raw PRAGMA integrity_check", answer == "ok", answer},
    counted("foreign keys hold: raw PRAGMA foreign_key_check", violations,
            "ok")};
}

checks verify_all(raw_file& file, const expected_state& what,
                  const check_progress& progress) {
  checks result;
  auto add = [&](const char* part, const std::function<checks()>& verify) {
    progress(("checking " + std::string{part}).c_str(), 0, 0);
    attempt(result, part, verify);
  };
  add("sessions", [&] { return verify_sessions(file, what); });
  add("peers", [&] { return verify_peers(file, what); });
  add("domains", [&] { return verify_domains(file, what); });
  add("peer updates", [&] { return verify_updates(file, what); });
  add("blocks", [&] { return verify_blocks(file, progress); });
  add("files", [&] { return verify_files(file, what); });
  add("contents of files",
      [&] { return verify_contents(file, what, progress); });
  add("the index", [&] { return verify_documents(file, what); });
  add("integrity", [&] { return verify_integrity(file); });
  return result;
}

} // namespace

checks verify_file(const std::string& path, const expected_state& what,
                   const check_progress& progress) {
  try {
    raw_file file{path};
    return verify_all(file, what, progress);
  } catch (std::exception& err) {
    return {{"the file can be opened", false, err.what()}};
  }
}

int64_t find_text_index(raw_file& file, const std::string& name) {
  int64_t result = 0;
  file.for_each("SELECT id, name FROM onewriter_index", {},
                [&](const raw_row& x) {
                  if (x.bytes(1) == name)
                    result = x.integer(0);
                });
  return result;
}

int64_t find_text_index(const std::string& path, const std::string& name) {
  try {
    raw_file file{path};
    return find_text_index(file, name);
  } catch (std::exception&) {
    // Without the table there is no index.
    return 0;
  }
}

} // namespace onewriter::node
