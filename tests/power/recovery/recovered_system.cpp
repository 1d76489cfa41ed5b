#include "tests/power/recovery/recovered_system.hpp"

#include "actors/core/database_core.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"
#include "tests/fixture.hpp"
#include "tests/oracle/soundness.hpp"
#include "tests/power/disk/folders.hpp"
#include "tests/power/document_text.hpp"
#include "tests/power/numbered_write.hpp"
#include "tests/power/recovery/found_document.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <stdexcept>
#include <utility>

namespace onewriter::test {

namespace {

/// What SQLite alone finds, before index jobs go on.
struct raw_content {
  uint64_t commit = 0;
  /// Text of the document that can be found.
  std::string document;
  /// Whether an index job waits to be done.
  bool has_open_job = false;
  /// Why it cannot be read; empty where it can.
  std::string problem;
};

raw_content look_without_onewriter(const std::string& path) {
  raw_content result;
  try {
    raw_database file{path};
    if (!file.has_table("onewriter_index_job"))
      return result;
    result.commit = last_commit_of(file);
    result.has_open_job
      = file.number("SELECT count(*) FROM onewriter_index_job") > 0;
    for (auto& x : documents_of(file))
      result.document += x.text;
  } catch (const std::runtime_error& ex) {
    result.problem = ex.what();
  }
  return result;
}

/// The new system.
class recovered_system {
public:
  recovered_system(caf::actor_system& sys, options opts, std::string documents,
                   raw_content raw)
    : sys_{sys},
      opts_{std::move(opts)},
      documents_{std::move(documents)},
      raw_{std::move(raw)} {
    // nop
  }

  recovery run(const std::set<uint64_t>& versions, bool repeats_jobs,
               const std::vector<repeated_write>& repeated) {
    result_.had_open_job = raw_.has_open_job;
    if (!raw_.problem.empty())
      result_.problems.push_back("SQLite alone cannot read it: "
                                 + raw_.problem);
    auto opened = open_database(sys_, opts_);
    if (!opened) {
      complain("it cannot be opened", opened.error());
      return std::move(result_);
    }
    db_ = std::make_unique<client>(sys_, *opened);
    db_->reply_limit(patience);
    look(versions);
    auto indexes
      = *versions.rbegin() > 0 && (repeats_jobs || raw_.has_open_job);
    if (indexes)
      index(*versions.rbegin());
    // The tables come with the first write.
    auto last = uint64_t{0};
    if (!result_.found.writes.empty())
      last = send_again(repeated);
    last = go_on(last);
    close();
    caf::anon_send_exit(*opened, caf::exit_reason::user_shutdown);
    look_again(last);
    return std::move(result_);
  }

private:
  void complain(const std::string& what, const caf::error& reason) {
    result_.problems.push_back(what + ": " + describe(reason));
  }

  void look(const std::set<uint64_t>& versions) {
    auto info = db_->describe();
    if (!info)
      return complain("it cannot be described", info.error());
    if (info->commit != raw_.commit)
      result_.problems.push_back(
        "SQLite alone finds commit " + std::to_string(raw_.commit)
        + ", and onewriter " + std::to_string(info->commit));
    try {
      result_.found = look_at(*db_, info->commit, versions);
    } catch (const bad_cell& ex) {
      result_.problems.push_back(ex.what());
    }
    look_at_document(versions);
  }

  // What was not visible when the power was cut may have become so since: a job
  // from a file goes on by itself.
  void look_at_document(const std::set<uint64_t>& versions) {
    auto& found = result_.found;
    auto now = found.version;
    found.version = 0;
    for (auto version : versions)
      if (version > 0 && raw_.document == document_text(version))
        found.version = version;
    if (found.version == 0 && !raw_.document.empty())
      result_.problems.push_back(
        "SQLite alone finds no version of the document "
        "as a whole");
    if (now != found.version && !raw_.has_open_job)
      result_.problems.push_back("the document became version "
                                 + std::to_string(now));
  }

  void index(uint64_t version) {
    chunked_index what;
    what.index = index_name;
    what.key = document_key;
    what.path = documents_ + "/" + word_of(version);
    auto receipt = db_->index(std::move(what));
    if (!receipt)
      return complain("the index job cannot be repeated", receipt.error());
    // Where it went on by itself and is over, there is nothing left to do.
    result_.resumed
      = receipt->resumed || (raw_.has_open_job && receipt->unchanged);
    std::vector<std::string> problems;
    if (find_version(*db_, {version}, problems) != version)
      problems.push_back("the document is not there after it was indexed");
    for (auto& x : problems)
      result_.problems.push_back("after the repeated job: " + x);
  }

  // Returns the largest of their numbers.
  uint64_t send_again(const std::vector<repeated_write>& xs) {
    caf::scoped_actor self{sys_};
    auto core = caf::actor_cast<database_core_actor>(db_->database());
    std::vector<std::function<void()>> replies;
    uint64_t last = 0;
    for (auto& x : xs) {
      last = std::max(last, x.number);
      auto response
        = compat::request(self, core, patience,
                          positioned_write(x.number, x.sender, 0,
                                           numbered_write(x.number, x.sender)));
      auto shared = std::make_shared<decltype(response)>(std::move(response));
      replies.push_back([this, x, shared] {
        std::move(*shared).receive(
          [&](write_receipt& receipt) { check_repeated(x, receipt, {}); },
          [&](caf::error& err) { check_repeated(x, {}, err); });
      });
    }
    for (auto& receive : replies)
      receive();
    return last;
  }

  // A write and its receipt are found together, or neither is.
  void check_repeated(const repeated_write& what, const write_receipt& receipt,
                      const caf::error& err) {
    auto name = "write " + std::to_string(what.number) + " sent again";
    auto is_there = result_.found.writes.count(what.number) > 0;
    auto is_forgotten
      = err == ec::invalid_argument && what.is_answered && is_there;
    if (err != caf::none && !is_forgotten)
      complain(name, err);
    else if (err == caf::none && receipt.repeated != is_there)
      result_.problems.push_back(
        name + (is_there ? " runs twice" : " does not run"));
  }

  // Returns the number of the write that was made.
  uint64_t go_on(uint64_t last_repeated) {
    auto& found = result_.found;
    auto number = found.writes.empty()
                    ? 0
                    : std::max(found.writes.rbegin()->first, last_repeated) + 1;
    auto receipt
      = db_->write(number == 0 ? table_write() : numbered_write(number, 0));
    if (!receipt)
      complain("it takes no write", receipt.error());
    else if (receipt->commit <= found.commit)
      result_.problems.push_back("commit numbers do not grow");
    return number;
  }

  void close() {
    auto receipt = db_->close();
    if (!receipt)
      complain("it cannot be closed", receipt.error());
    else if (!receipt->log_removed)
      result_.problems.push_back("closing leaves a log");
  }

  void look_again(uint64_t last) {
    try {
      raw_database file{opts_.path};
      auto found = file.number("SELECT coalesce(max(number), 0) FROM entry");
      if (found != last)
        result_.problems.push_back("the last write is " + std::to_string(found)
                                   + " and not " + std::to_string(last));
      for (auto& x : problems_of(file))
        result_.problems.push_back("after closing: " + x);
    } catch (const std::runtime_error& ex) {
      result_.problems.push_back(std::string{"after closing: "} + ex.what());
    }
  }

  caf::actor_system& sys_;
  options opts_;
  std::string documents_;
  raw_content raw_;
  std::unique_ptr<client> db_;
  recovery result_;
};

} // namespace

recovery recover(caf::actor_system& sys, work_folder& where,
                 const std::string& documents, const folder_content& remains,
                 const std::set<uint64_t>& versions, bool repeats_jobs,
                 const std::vector<repeated_write>& repeated) {
  auto copy = where.make("copy");
  write_folder(copy, remains);
  auto raw = look_without_onewriter(copy + "/test.db");
  where.remove(copy);
  auto folder = where.make("remains");
  write_folder(folder, remains);
  options opts;
  opts.path = folder + "/test.db";
  opts.readers = 1;
  // A machine that is busy with something else is no power cut.
  opts.query_deadline = std::chrono::minutes{10};
  opts.log = nullptr;
  auto result = recovered_system{sys, opts, documents, std::move(raw)}.run(
    versions, repeats_jobs, repeated);
  where.remove(folder);
  return result;
}

} // namespace onewriter::test
