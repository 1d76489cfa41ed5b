#include "app/commands/import/run_import.hpp"

#include "actors/console/format.hpp"
#include "app/commands/import/group_sender.hpp"
#include "app/commands/import/import_target.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

namespace onewriter::node {

namespace {

namespace fs = std::filesystem;

caf::error bad_request(const std::string& text) {
  return make_failure(ec::invalid_argument, text);
}

caf::expected<std::unique_ptr<record_reader>>
open_reader(const import_request& asked) {
  auto ends_with = [&](std::string_view end) {
    auto& path = asked.source;
    return path.size() >= end.size()
           && path.compare(path.size() - end.size(), end.size(), end) == 0;
  };
  auto is_csv = asked.format == "csv";
  if (asked.format.empty()) {
    is_csv = ends_with(".csv");
    if (!is_csv && !ends_with(".jsonl") && !ends_with(".ndjson"))
      return bad_request(asked.source
                         + " ends neither with .csv nor with "
                           ".jsonl: say which it is, with "
                           "--format");
  }
  auto file = source_file::open(asked.source);
  if (!file)
    return file.error();
  auto result = is_csv ? make_csv_reader(std::move(*file))
                       : make_json_reader(std::move(*file));
  if (auto err = result->begin(); err != caf::none) {
    if (err == ec::invalid_argument)
      return bad_request(asked.source + ": " + failure_of(err).message);
    return err;
  }
  return result;
}

std::string rejects_path(const import_request& asked) {
  auto path = asked.rejects.empty() ? asked.source + ".rejects" : asked.rejects;
  return fs::absolute(path).string();
}

caf::expected<import_target> infer(const import_request& asked,
                                   record_reader& reader) {
  auto name = folded_name(asked.table);
  if (name == progress_table || name.rfind("onewriter_", 0) == 0)
    return bad_request("the name " + asked.table
                       + " is taken by onewriter itself");
  auto go_on = [&] {
    import_state state;
    state.is_inferring = true;
    state.done_bytes = reader.file().position().offset;
    state.total_bytes = reader.file().size();
    asked.progressed(state);
    return !asked.stopped();
  };
  return infer_target(reader, asked.table, asked.types, asked.max_rejects,
                      go_on);
}

std::string problem_of_broken_text(column_type type) {
  auto is_number = type == column_type::integer || type == column_type::real;
  return is_number ? "a text is not a number" : "";
}

/// Makes the statements that add records.
class insert_maker {
public:
  insert_maker(const import_target& target, std::vector<typed_column> columns,
               bool is_typed)
    : table_{target.table},
      is_view_{target.is_view},
      columns_{std::move(columns)},
      is_typed_{is_typed} {
    // nop
  }

  import_entry entry_of(source_record& x) {
    import_entry result;
    result.line = x.line;
    result.bytes = std::move(x.bytes);
    result.problem = std::move(x.problem);
    if (result.problem.empty())
      bind(x, result);
    return result;
  }

private:
  void bind(source_record& x, import_entry& result) {
    for (auto& cell : x.cells) {
      auto& column = columns_[cell.column];
      auto problem = cell.is_broken_text
                       ? problem_of_broken_text(column.type)
                       : fit(cell.content, column.type, is_typed_);
      if (!problem.empty()) {
        result.problem = column.name + ": " + problem;
        return;
      }
    }
    result.what.sql = sql_of(x.cells);
    for (auto& cell : x.cells)
      result.what.parameters.push_back(std::move(cell.content));
    // A conflict or a trigger may leave the row out. What triggers do in place
    // of a view is not counted (https://sqlite.org/c3ref/changes.html).
    if (!is_view_)
      result.what.expected_changes = 1;
  }

  // Most records have the same columns as the one before.
  const std::string& sql_of(const std::vector<source_cell>& cells) {
    std::vector<size_t> numbers;
    for (auto& x : cells)
      numbers.push_back(2 * x.column + (x.is_broken_text ? 1 : 0));
    if (!sql_.empty() && numbers == last_)
      return sql_;
    last_ = std::move(numbers);
    sql_ = "INSERT INTO " + quoted_name(table_);
    if (last_.empty())
      return sql_ += " DEFAULT VALUES";
    std::string values;
    for (auto i : last_) {
      sql_ += (values.empty() ? '(' : ',') + quoted_name(columns_[i / 2].name);
      values += values.empty() ? "" : ",";
      values += i % 2 == 0 ? "?" : "CAST(? AS TEXT)";
    }
    return sql_ += ") VALUES(" + values + ')';
  }

  std::string table_;
  bool is_view_;
  std::vector<typed_column> columns_;
  bool is_typed_;
  std::vector<size_t> last_;
  std::string sql_;
};

class importer {
public:
  importer(caf::actor_system& sys, client& db, const import_request& asked)
    : sys_{sys},
      db_{db},
      asked_{asked},
      rejects_{rejects_path(asked)} {
    // nop
  }

  caf::expected<import_report> run() {
    for (auto step : {&importer::open, &importer::find_table, &importer::match,
                      &importer::begin})
      if (auto err = (this->*step)(); err != caf::none)
        return err;
    report_.rows_before = progress_.rows;
    report_.rejected_before = progress_.rejected;
    copy_rows();
    return std::move(report_);
  }

private:
  caf::error open() {
    auto reader = open_reader(asked_);
    if (!reader)
      return reader.error();
    reader_ = std::move(*reader);
    // Another process may have another working folder.
    key_.source = fs::weakly_canonical(fs::absolute(asked_.source)).string();
    return {};
  }

  caf::error find_table() {
    auto found = find_target(db_, asked_.table);
    if (!found)
      return found.error();
    if (*found) {
      target_ = std::move(**found);
      if (target_.table == progress_table)
        return bad_request("the table " + target_.table
                           + " is for the progress of imports");
      return {};
    }
    if (!asked_.create)
      return bad_request("there is no table " + asked_.table
                         + "; --create creates it");
    report_.created = true;
    if (asked_.plan) {
      target_ = *asked_.plan;
      return {};
    }
    auto inferred = infer(asked_, *reader_);
    if (!inferred)
      return inferred.error();
    target_ = std::move(*inferred);
    return open();
  }

  // Begins, or goes on.
  caf::error begin() {
    key_.table = target_.table;
    auto found = find_progress(db_, key_);
    if (!found)
      return found.error();
    auto has_own_rejects = *found && (*found)->rejects_file == rejects_.path();
    if (has_own_rejects)
      rejects_.adopt();
    else if (rejects_.has_content())
      return foreign_rejects(rejects_.path());
    if (*found && !asked_.again && !report_.created)
      progress_ = **found;
    if (!has_own_rejects)
      progress_.rejects_bytes = 0;
    progress_.rejects_file = rejects_.path();
    if (progress_.offset > 0)
      return skip_imported();
    auto before = *found ? std::optional{(*found)->offset} : std::nullopt;
    auto statements = beginning_of(key_, rejects_.path(), before);
    if (report_.created)
      statements.insert(statements.begin(), statement{creation_of(target_)});
    auto receipt = db_.write(write{std::move(statements)});
    if (receipt)
      return {};
    return receipt.error() == ec::unexpected_changes ? overtaken()
                                                     : receipt.error();
  }

  caf::error skip_imported() {
    auto& file = reader_->file();
    if (auto err = file.advance_to(progress_.offset); err != caf::none)
      return err;
    auto digest = file.digest();
    auto is_same = file.position().offset == progress_.offset
                   && to_hex(digest.finish()) == progress_.digest
                   && (file.is_at_line() || file.size() == progress_.offset);
    if (is_same)
      return {};
    return bad_request(asked_.source + " was changed: it is not what "
                       + format_count(progress_.rows, "row") + " of "
                       + target_.table
                       + " came from; --again imports all of it");
  }

  caf::error match() {
    if (reader_->finds_columns()) {
      std::vector<std::string> names;
      for (auto& x : target_.columns)
        names.push_back(x.name);
      reader_->set_columns(std::move(names));
    }
    auto columns = match_columns(target_, reader_->columns());
    if (!columns)
      return columns.error();
    columns_ = std::move(*columns);
    return apply_types(columns_, asked_.types);
  }

  // -- rows ---------------------------------------------------------------------

  void copy_rows() {
    group_sender_options opts;
    opts.key = key_;
    opts.progress = progress_;
    opts.max_rejects = asked_.max_rejects;
    opts.progressed = [this](const import_progress& x) {
      asked_.progressed(state_of(x));
    };
    opts.rejected = asked_.rejected;
    group_sender sender{sys_, db_, rejects_, std::move(opts)};
    report_.problem = send_groups(sender);
    report_.state = state_of(sender.progress());
    if (report_.problem == caf::none)
      report_.state.done_bytes = report_.state.total_bytes;
    if (sender.progress().rejected > 0)
      report_.rejects = rejects_.path();
  }

  caf::error send_groups(group_sender& sender) {
    insert_maker maker{target_, columns_, reader_->is_typed()};
    auto group = new_group();
    source_record record;
    for (;;) {
      auto found = reader_->next(record);
      if (!found)
        return found.error();
      if (*found)
        group.add(maker.entry_of(record));
      if (group.is_full() || (!*found && !group.empty())) {
        if (auto err = sender.add(std::exchange(group, new_group()));
            err != caf::none)
          return err;
      }
      if (!*found)
        return sender.finish();
      if (asked_.stopped()) {
        // What is on its way has its answer by now, or is refused at once.
        static_cast<void>(sender.finish());
        return make_failure(ec::cancelled, "the import was stopped");
      }
    }
  }

  import_group new_group() {
    auto& file = reader_->file();
    return import_group{file.position(), file.digest()};
  }

  import_state state_of(const import_progress& x) {
    return {false,  x.rows,   x.rejected,
            x.line, x.offset, reader_->file().size()};
  }

  caf::actor_system& sys_;
  client& db_;
  const import_request& asked_;
  rejects_file rejects_;
  std::unique_ptr<record_reader> reader_;
  import_key key_;
  import_target target_;
  // Of the records, in their order.
  std::vector<typed_column> columns_;
  import_progress progress_;
  import_report report_;
};

} // namespace

caf::expected<import_target> plan_import(const import_request& asked) {
  auto reader = open_reader(asked);
  if (!reader)
    return reader.error();
  if (rejects_file rejects{rejects_path(asked)}; rejects.has_content())
    return foreign_rejects(rejects.path());
  return infer(asked, **reader);
}

caf::expected<import_report> run_import(caf::actor_system& sys, client& db,
                                        const import_request& asked) {
  constexpr auto max_attempts = 10;
  constexpr std::chrono::milliseconds pause{50};
  for (auto attempts = 1;; ++attempts) {
    auto result = importer{sys, db, asked}.run();
    // Writes of a process that was killed may be on their way to the owner: the
    // import goes on behind them.
    auto is_overtaken = result ? result->problem == ec::unexpected_changes
                                   && result->state.rows == result->rows_before
                               : result.error() == ec::unexpected_changes;
    if (!is_overtaken || attempts == max_attempts || asked.stopped())
      return result;
    std::this_thread::sleep_for(pause);
  }
}

} // namespace onewriter::node
