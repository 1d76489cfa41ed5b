#include "app/commands/text/index_files.hpp"

#include "onewriter/compat/messaging.hpp"

#include <deque>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

namespace onewriter::node {

namespace {

namespace fs = std::filesystem;

/// As many as the database runs at once by default, and some that wait.
constexpr size_t max_outstanding = 4;

/// Finds the files of all paths, one after the other.
class index_walk {
public:
  index_walk(std::vector<std::string> roots, std::string database, bool hidden)
    : roots_{std::move(roots)},
      database_{std::move(database)},
      hidden_{hidden} {
    // nop
  }

  std::optional<file_walk::entry> next() {
    for (;;) {
      if (!walk_) {
        if (number_ == roots_.size())
          return std::nullopt;
        walk_.emplace(roots_[number_], database_);
      }
      auto found = walk_->next();
      if (!found) {
        walk_.reset();
        ++number_;
      } else if (hidden_ || !is_hidden(found->path)) {
        return found;
      }
    }
  }

private:
  bool is_hidden(const std::string& path) const {
    auto& root = roots_[number_];
    auto below = path.size() > root.size() ? path.substr(root.size()) : "";
    return below.find("/.") != below.npos;
  }

  std::vector<std::string> roots_;
  std::string database_;
  bool hidden_;
  size_t number_ = 0;
  std::optional<file_walk> walk_;
};

caf::expected<std::vector<std::string>>
roots_of(const std::vector<std::string>& paths) {
  std::vector<std::string> result;
  for (auto& path : paths) {
    std::error_code err;
    auto root = fs::canonical(path, err);
    if (err)
      return make_failure(ec::cannot_open, path + ": " + err.message());
    result.push_back(root.string());
  }
  return result;
}

class file_indexer {
public:
  file_indexer(caf::actor_system& sys, client& db,
               const index_files_request& asked,
               const std::function<void(const index_files_report&)>& progressed)
    : self_{sys},
      db_{db},
      asked_{asked},
      progressed_{progressed} {
    // nop
  }

  caf::expected<index_files_report> run() {
    auto roots = roots_of(asked_.paths);
    if (!roots)
      return roots.error();
    auto info = db_.describe();
    if (!info)
      return info.error();
    auto database = fs::weakly_canonical(info->path).string();
    index_walk all{*roots, database, asked_.hidden};
    while (auto file = all.next())
      add(report_.all, file->size);
    index_walk walk{std::move(*roots), database, asked_.hidden};
    while (auto file = walk.next()) {
      if (asked_.stopped())
        return make_failure(ec::cancelled, "not all files were indexed");
      if (sent_.size() >= max_outstanding)
        if (auto err = settle(); err != caf::none)
          return err;
      send(std::move(*file));
    }
    while (!sent_.empty())
      if (auto err = settle(); err != caf::none)
        return err;
    return report_;
  }

private:
  using response = decltype(compat::request(
    std::declval<caf::scoped_actor&>(), std::declval<const database_actor&>(),
    caf::infinite, std::declval<chunked_index>()));

  struct sent_file {
    file_walk::entry file;
    response reply;
  };

  static void add(tree_size& to, uint64_t bytes) {
    ++to.files;
    to.bytes += bytes;
  }

  void send(file_walk::entry file) {
    chunked_index what;
    what.index = asked_.index;
    what.key = file.path;
    what.path = file.path;
    auto reply
      = compat::request(self_, db_.database(), caf::infinite, std::move(what));
    sent_.push_back({std::move(file), std::move(reply)});
  }

  caf::error settle() {
    auto first = std::move(sent_.front());
    sent_.pop_front();
    caf::error problem;
    std::move(first.reply)
      .receive([this](index_receipt& x) { count(x); },
               [&problem](caf::error& err) { problem = err; });
    if (problem != caf::none && !count(problem, first.file.path))
      return problem;
    add(report_.done, first.file.size);
    progressed_(report_);
    return {};
  }

  void count(const index_receipt& x) {
    ++(x.unchanged  ? report_.unchanged
       : x.replaced ? report_.replaced
                    : report_.added);
    if (!x.unchanged)
      report_.passages += x.passages;
  }

  // Whether only this file is to blame.
  bool count(const caf::error& err, const std::string& path) {
    switch (code_of(err)) {
      case ec::invalid_text:
        ++report_.no_text;
        return true;
      case ec::unreadable_document:
      case ec::document_changed:
      case ec::invalid_argument:
      case ec::too_big:
        ++report_.failed;
        asked_.failed(path, err);
        return true;
      default:
        return false;
    }
  }

  caf::scoped_actor self_;
  client& db_;
  const index_files_request& asked_;
  const std::function<void(const index_files_report&)>& progressed_;
  std::deque<sent_file> sent_;
  index_files_report report_;
};

} // namespace

caf::expected<index_files_report>
index_files(caf::actor_system& sys, client& db,
            const index_files_request& asked,
            const std::function<void(const index_files_report&)>& progressed) {
  return file_indexer{sys, db, asked, progressed}.run();
}

} // namespace onewriter::node
