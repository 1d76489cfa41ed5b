#include "tests/power/verdict.hpp"

#include "tests/power/numbered_write.hpp"

#include <algorithm>

namespace onewriter::test {

namespace {

std::string name_of(const sent_write& x) {
  return "write " + std::to_string(x.number) + " of commit "
         + (x.commit == 0 ? "(unknown)" : std::to_string(x.commit));
}

class judge_of_writes {
public:
  judge_of_writes(const found_file& found, const run_book& book, size_t cut,
                  bool may_lose)
    : found_{found},
      book_{book},
      cut_{cut},
      may_lose_{may_lose} {
    // nop
  }

  verdict run() {
    for (auto& [number, sender] : book_.old_writes)
      if (!is_there(number))
        complain("write " + std::to_string(number)
                 + " had survived an earlier cut and is missing");
    for (auto& x : book_.writes)
      look_at(x);
    look_for_strangers();
    look_for_gaps();
    result_.lost_commits = lost_commits_.size();
    return std::move(result_);
  }

private:
  bool is_there(uint64_t number) const {
    return found_.writes.count(number) > 0;
  }

  void complain(std::string what) {
    result_.problems.push_back(std::move(what) + "; the last commit is "
                               + std::to_string(found_.commit));
  }

  // A receipt that came after the cut tells the number of the commit, too.
  void look_at(const sent_write& x) {
    if (x.receipt_at <= cut_) {
      ++result_.acknowledged;
      if (!is_there(x.number)) {
        ++result_.lost;
        lost_commits_.insert(x.commit);
        if (!may_lose_)
          complain(name_of(x) + " was acknowledged and is missing");
      }
    }
    if (x.receipt_at != never
        && is_there(x.number) != (x.commit <= found_.commit))
      complain(name_of(x) + (is_there(x.number) ? " is there" : " is missing"));
    if (is_there(x.number) && x.sent_at > cut_)
      complain(name_of(x) + " is there before it was sent");
  }

  void look_for_strangers() {
    std::set<uint64_t> known;
    for (auto& [number, sender] : book_.old_writes)
      known.insert(number);
    for (auto& x : book_.writes)
      known.insert(x.number);
    for (auto& [number, sender] : found_.writes)
      if (known.count(number) == 0)
        complain("no sender sent write " + std::to_string(number));
  }

  // A sender's writes are run in order: none is there without the one before.
  void look_for_gaps() {
    std::map<uint32_t, uint64_t> missing;
    for (auto& x : book_.writes) {
      if (!is_there(x.number))
        missing.emplace(x.sender, x.number);
      else if (missing.count(x.sender) > 0)
        complain(name_of(x) + " is there and write "
                 + std::to_string(missing[x.sender])
                 + " of the same sender is missing");
    }
  }

  const found_file& found_;
  const run_book& book_;
  size_t cut_;
  bool may_lose_;
  std::set<uint64_t> lost_commits_;
  verdict result_;
};

// The versions that may be found, given what is known of their commits.
std::set<uint64_t> legal_versions(const run_book& book, size_t cut,
                                  uint64_t commit, bool may_lose) {
  std::set<uint64_t> result{book.old_version};
  for (auto& x : book.documents) {
    if (x.sent_at > cut)
      continue;
    auto is_certain = (x.commit > 0 && x.commit <= commit)
                      || (x.receipt_at <= cut && !may_lose);
    if (is_certain)
      result = {x.version};
    else if (x.commit == 0)
      result.insert(x.version);
  }
  return result;
}

} // namespace

std::set<uint64_t> possible_versions(const run_book& book, size_t cut) {
  std::set<uint64_t> result{book.old_version};
  for (auto& x : book.documents)
    if (x.sent_at <= cut)
      result.insert(x.version);
  return result;
}

bool was_indexing(const run_book& book, size_t cut) {
  // One after the other: the last one is the only one that may be open.
  auto last = std::find_if(book.documents.rbegin(), book.documents.rend(),
                           [cut](auto& x) { return x.sent_at <= cut; });
  return last != book.documents.rend() && last->receipt_at > cut;
}

verdict judge(const found_file& found, const run_book& book, size_t cut,
              enum synchronous level) {
  auto may_lose = level == synchronous::normal;
  auto result = judge_of_writes{found, book, cut, may_lose}.run();
  auto& problems = result.problems;
  problems.insert(problems.end(), found.problems.begin(), found.problems.end());
  auto legal = legal_versions(book, cut, found.commit, may_lose);
  if (legal.count(found.version) == 0)
    problems.push_back("version " + std::to_string(found.version)
                       + " of the document is found; the last commit is "
                       + std::to_string(found.commit));
  return result;
}

} // namespace onewriter::test
