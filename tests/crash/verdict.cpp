#include "tests/crash/verdict.hpp"

#include "tests/crash/numbered_row.hpp"
#include "tests/crash/receipt_log.hpp"
#include "tests/oracle/soundness.hpp"

#include <map>
#include <stdexcept>

namespace onewriter::test {

namespace {

// Numbers of rows are the client's own.
uint64_t id_of(uint64_t client, uint64_t number) {
  constexpr uint64_t most_rows = 1'000'000'000'000;
  return client * most_rows + number;
}

class verifier {
public:
  verifier(const std::string& folder, demand what)
    : what_{what},
      file_{folder + "/test.db"} {
    for (uint32_t client = 0; client < client_count; ++client)
      read_log(receipt_log_path(folder, client), client);
  }

  verdict decide() {
    read_rows();
    for (auto& x : records_)
      count(x);
    write_demands demands;
    demands.last_commit = last_commit_of(file_);
    demands.all_there = what_ == demand::everything_once;
    demands.all_answered = what_ != demand::acknowledged_once;
    result_.findings = verify_writes(records_, found_, demands);
    result_.problems = problems_of(file_);
    return std::move(result_);
  }

private:
  void read_log(const std::string& path, uint32_t client) {
    std::map<uint64_t, write_record> rows;
    uint64_t last_commit = 0;
    for (auto& x : receipt_log::read(path)) {
      auto& row = rows[x.number];
      row.id = id_of(client, x.number);
      row.sender = client;
      if (row.reply == reply_state::acknowledged)
        throw std::runtime_error{path + ": a note behind the receipt of row "
                                 + std::to_string(x.number)};
      // What is sent again after a refusal is open again.
      row.reply = x.kind == note_kind::receipt   ? reply_state::acknowledged
                  : x.kind == note_kind::refusal ? reply_state::refused
                                                 : reply_state::waiting;
      if (x.kind != note_kind::receipt)
        continue;
      row.commit = x.detail;
      result_.back_in_time += x.detail < last_commit ? 1 : 0;
      last_commit = x.detail;
    }
    for (auto& [number, row] : rows)
      records_.push_back(row);
  }

  void read_rows() {
    std::vector<found_row> rows;
    std::map<uint64_t, uint64_t> counts;
    file_.for_each("SELECT client, number, content FROM row ORDER BY rowid",
                   [&](const raw_row& x) {
                     auto client = x.number(0);
                     auto number = x.number(1);
                     rows.push_back({id_of(client, number), 1});
                     ++counts[client];
                     auto content
                       = content_of(static_cast<uint32_t>(client), number);
                     result_.altered += x.text(2) != content ? 1 : 0;
                   });
    found_ = sort_by_write(rows);
    for (uint32_t client = 0; client < client_count; ++client)
      result_.tallies_wrong += counts[client] != tally_of(client) ? 1 : 0;
  }

  uint64_t tally_of(uint32_t client) {
    return file_.number("SELECT rows FROM tally WHERE client = "
                        + std::to_string(client));
  }

  void count(const write_record& row) {
    auto unanswered = row.reply == reply_state::waiting;
    ++result_.sent;
    result_.acknowledged += row.reply == reply_state::acknowledged ? 1 : 0;
    result_.refused += row.reply == reply_state::refused ? 1 : 0;
    result_.unanswered += unanswered ? 1 : 0;
    result_.unanswered_but_there
      += unanswered && found_.count(row.id) > 0 ? 1 : 0;
  }

  demand what_;
  raw_database file_;
  std::vector<write_record> records_;
  found_writes found_;
  verdict result_;
};

} // namespace

bool verdict::is_good() const {
  // Where nothing was acknowledged, nothing was shown.
  return acknowledged > 0 && findings.empty()
         && altered + back_in_time + tallies_wrong == 0 && problems.empty();
}

verdict verify(const std::string& folder, demand what) {
  return verifier{folder, what}.decide();
}

} // namespace onewriter::test
