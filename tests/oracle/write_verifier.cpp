#include "tests/oracle/write_verifier.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace onewriter::test {

namespace {

std::string name_of(const write_record& x) {
  auto result = "write " + std::to_string(x.id);
  if (x.sender != no_sender)
    result += " of sender " + std::to_string(x.sender);
  return x.commit == 0 ? result
                       : result + " in commit " + std::to_string(x.commit);
}

/// Whether the write is in a commit that the file has, where that is known.
std::optional<bool> is_committed(const write_record& x,
                                 const write_demands& demands) {
  if (x.commit == 0 || !demands.last_commit)
    return std::nullopt;
  return x.commit <= *demands.last_commit;
}

class write_verifier {
public:
  write_verifier(const std::vector<write_record>& sent,
                 const found_writes& found, const write_demands& demands)
    : sent_{sent},
      found_{found},
      demands_{demands} {
    // nop
  }

  std::vector<finding> run() {
    for (auto& x : sent_)
      if (auto pos = found_.find(x.id); pos != found_.end())
        check_found(x, pos->second);
      else
        check_absent(x);
    check_origin();
    check_commit_order();
    return std::move(result_);
  }

private:
  void add(flaw what, uint64_t id, std::string text) {
    result_.push_back({what, id, std::move(text)});
  }

  void check_found(const write_record& x, const found_write& found) {
    auto name = name_of(x);
    if (x.reply == reply_state::unsent)
      add(flaw::never_sent, x.id, name + " is there before it was sent");
    if (x.reply == reply_state::refused)
      add(flaw::refused, x.id, name + " was refused and is there");
    if (found.rows > x.parts)
      add(flaw::twice, x.id,
          name + " has " + std::to_string(found.rows) + " rows instead of "
            + std::to_string(x.parts));
    else if (found.rows < x.parts || !found.is_regular)
      add(flaw::partial, x.id,
          name + " has " + std::to_string(found.rows) + " of "
            + std::to_string(x.parts) + " rows, or not side by side");
    if (is_committed(x, demands_) == false)
      add(flaw::torn_commit, x.id,
          name + " is there, and the last commit is "
            + std::to_string(*demands_.last_commit));
    check_reply(x);
    check_order(x, found);
  }

  void check_absent(const write_record& x) {
    auto name = name_of(x);
    auto committed = is_committed(x, demands_);
    auto is_demanded
      = x.reply == reply_state::acknowledged
        || (demands_.all_there && x.reply != reply_state::unsent);
    auto may_be_lost = demands_.may_lose_last_commits && committed == false;
    if (is_demanded && !may_be_lost)
      add(flaw::missing, x.id, name + " is missing");
    if (committed == true)
      add(flaw::torn_commit, x.id,
          name + " is missing, and the last commit is "
            + std::to_string(*demands_.last_commit));
    check_reply(x);
    if (x.reply != reply_state::refused && x.sender != no_sender)
      first_absent_.emplace(x.sender, x.id);
  }

  void check_reply(const write_record& x) {
    if (demands_.all_answered && x.reply == reply_state::waiting)
      add(flaw::unanswered, x.id, name_of(x) + " was never answered");
  }

  void check_order(const write_record& x, const found_write& found) {
    if (x.sender == no_sender)
      return;
    auto absent = first_absent_.find(x.sender);
    if (demands_.forbids_gaps && absent != first_absent_.end())
      add(flaw::gap, x.id,
          name_of(x) + " is there without the earlier write "
            + std::to_string(absent->second));
    auto& end = last_place_[x.sender];
    if (found.place < end)
      add(flaw::out_of_order, x.id,
          name_of(x) + " stands before an earlier one of its sender");
    end = std::max(end, found.place);
  }

  void check_origin() {
    std::set<uint64_t> known;
    for (auto& x : sent_)
      known.insert(x.id);
    for (auto& [id, x] : found_)
      if (known.count(id) == 0)
        add(flaw::never_sent, id,
            "no sender has sent write " + std::to_string(id));
  }

  void check_commit_order() {
    std::map<size_t, const write_record*> by_place;
    for (auto& x : sent_)
      if (auto pos = found_.find(x.id); pos != found_.end() && x.commit > 0)
        by_place[pos->second.place] = &x;
    uint64_t last = 0;
    for (auto& [place, x] : by_place) {
      if (x->commit < last)
        add(flaw::commit_order, x->id,
            name_of(*x) + " stands behind one of commit "
              + std::to_string(last));
      last = std::max(last, x->commit);
    }
  }

  const std::vector<write_record>& sent_;
  const found_writes& found_;
  const write_demands& demands_;
  std::map<uint32_t, uint64_t> first_absent_;
  std::map<uint32_t, size_t> last_place_;
  std::vector<finding> result_;
};

} // namespace

const char* to_string(flaw x) {
  constexpr const char* names[] = {"missing",
                                   "twice",
                                   "there in part",
                                   "refused, but there",
                                   "never sent",
                                   "out of order",
                                   "gaps in a sender's order",
                                   "commits torn",
                                   "commits out of order",
                                   "answers owed"};
  static_assert(std::size(names) == flaw_count);
  return names[static_cast<size_t>(x)];
}

std::vector<finding> verify_writes(const std::vector<write_record>& sent,
                                   const found_writes& found,
                                   const write_demands& demands) {
  return write_verifier{sent, found, demands}.run();
}

std::array<uint64_t, flaw_count> count(const std::vector<finding>& xs) {
  std::array<uint64_t, flaw_count> result{};
  for (auto& x : xs)
    ++result.at(static_cast<size_t>(x.what));
  return result;
}

} // namespace onewriter::test
