#include "app/commands/text/index_files.hpp"

#include "onewriter/compat/messaging.hpp"

#include <algorithm>
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

bool is_folder(const std::string& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

// Whether no regular file is there. One that cannot be looked at is not gone.
bool is_gone(const std::string& path) {
  std::error_code err;
  auto found = fs::symlink_status(path, err);
  return found.type() == fs::file_type::not_found
         || (!err && found.type() != fs::file_type::regular);
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
    roots_ = std::move(*roots);
    auto info = db_.describe();
    if (!info)
      return info.error();
    auto database = fs::weakly_canonical(info->path).string();
    index_walk all{roots_, database, asked_.hidden};
    while (auto file = all.next())
      add(report_.all, file->size);
    index_walk walk{roots_, database, asked_.hidden};
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
    for (auto& root : roots_)
      if (auto err = finish(root, database); err != caf::none)
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

  // -- what is there no more -----------------------------------------------------

  caf::error finish(const std::string& root, const std::string& database) {
    if (is_folder(root))
      return asked_.removes_gone ? remove_gone(root) : caf::error{};
    if (!file_walk{root, database}.next())
      asked_.passed_over(root, "it is no regular file, or one of the database");
    return {};
  }

  caf::error remove_gone(const std::string& root) {
    // All keys that begin with the folder and a slash: the character behind it
    // is a zero.
    auto last = (root == "/" ? "" : root) + '/';
    const auto end = (root == "/" ? "" : root) + '0';
    for (;;) {
      auto page = db_.query(
        "SELECT d.key FROM onewriter_document d JOIN onewriter_index i ON i.id "
        "= d.index_id WHERE i.name = ? AND d.key > ? AND d.key < ? ORDER BY "
        "d.key LIMIT 1000",
        asked_.index, last, end);
      if (!page)
        return page.error();
      if (page->rows.empty())
        return {};
      for (auto& x : page->rows) {
        last = x.get<std::string>(0);
        if (auto err = remove_if_gone(last); err != caf::none)
          return err;
      }
    }
  }

  caf::error remove_if_gone(const std::string& path) {
    if (asked_.stopped())
      return make_failure(ec::cancelled, "not all files were looked at");
    if (!is_gone(path))
      return {};
    auto receipt = db_.remove(remove_document{asked_.index, path});
    if (!receipt)
      return receipt.error();
    ++report_.removed;
    return {};
  }

  // Whether only this file is to blame.
  bool count(const caf::error& err, const std::string& path) {
    switch (code_of(err)) {
      case ec::invalid_text:
        ++report_.no_text;
        if (std::find(roots_.begin(), roots_.end(), path) != roots_.end())
          asked_.passed_over(path, "it is not UTF-8");
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
  std::vector<std::string> roots_;
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
