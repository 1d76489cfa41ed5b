#include "tests/crash/verdict.hpp"

#include "tests/crash/numbered_row.hpp"
#include "tests/crash/raw_rows.hpp"
#include "tests/crash/receipt_log.hpp"

#include <algorithm>
#include <map>

namespace onewriter::test {

namespace {

/// What a client knows of one row, and how often the file has it.
struct fate {
  bool acknowledged = false;
  bool refused = false;
  uint64_t copies = 0;
};

/// What a client has sent, by number, and where it is in the file so far.
struct account {
  std::map<uint64_t, fate> rows;
  uint64_t last_seen = 0;
};

class verifier {
public:
  verifier(const std::string& folder, demand what)
    : what_{what},
      file_{folder + "/test.db"},
      accounts_(client_count) {
    for (uint32_t client = 0; client < client_count; ++client)
      read_log(receipt_log_path(folder, client), accounts_[client].rows);
  }

  verdict decide() {
    file_.for_each(
      [this](uint32_t client, uint64_t number, const std::string& content) {
        see(client, number, content);
      });
    for (uint32_t client = 0; client < client_count; ++client)
      settle(client);
    result_.remnants = file_.has_remnants() ? 1 : 0;
    result_.problems = file_.problems();
    return std::move(result_);
  }

private:
  void read_log(const std::string& path, std::map<uint64_t, fate>& rows) {
    uint64_t last_commit = 0;
    for (auto& x : receipt_log::read(path)) {
      auto& row = rows[x.number];
      // What is sent again after a refusal is open again.
      row.refused = x.kind == note_kind::refusal;
      if (x.kind != note_kind::receipt)
        continue;
      row.acknowledged = true;
      result_.back_in_time += x.detail < last_commit ? 1 : 0;
      last_commit = x.detail;
    }
  }

  void see(uint32_t client, uint64_t number, const std::string& content) {
    ++result_.rows;
    if (client >= client_count || accounts_[client].rows.count(number) == 0) {
      ++result_.invented;
      return;
    }
    auto& account = accounts_[client];
    ++account.rows[number].copies;
    result_.altered += content != content_of(client, number) ? 1 : 0;
    result_.out_of_order += number < account.last_seen ? 1 : 0;
    account.last_seen = std::max(account.last_seen, number);
  }

  void settle(uint32_t client) {
    uint64_t rows = 0;
    for (auto& [number, row] : accounts_[client].rows) {
      rows += row.copies;
      settle(row);
    }
    result_.tallies_wrong += file_.tally(client) != rows ? 1 : 0;
  }

  void settle(const fate& row) {
    auto unanswered = !row.acknowledged && !row.refused;
    auto must_be_there = row.acknowledged || what_ == demand::everything_once;
    ++result_.sent;
    result_.acknowledged += row.acknowledged ? 1 : 0;
    result_.refused += row.refused ? 1 : 0;
    result_.unanswered += unanswered ? 1 : 0;
    result_.owed += unanswered && what_ != demand::acknowledged_once ? 1 : 0;
    result_.missing += must_be_there && row.copies == 0 ? 1 : 0;
    result_.twice += row.copies > 1 ? 1 : 0;
    result_.refused_but_there += row.refused && row.copies > 0 ? 1 : 0;
    result_.unanswered_but_there += unanswered && row.copies > 0 ? 1 : 0;
  }

  demand what_;
  raw_rows file_;
  std::vector<account> accounts_;
  verdict result_;
};

} // namespace

bool verdict::is_good() const {
  // Where nothing was acknowledged, nothing was shown.
  return acknowledged > 0
         && missing + twice + refused_but_there + invented + altered
                + out_of_order + back_in_time + owed + tallies_wrong + remnants
              == 0
         && problems.empty();
}

verdict judge(const std::string& folder, demand what) {
  return verifier{folder, what}.decide();
}

} // namespace onewriter::test
