#include "tests/model/ledger/document_ledger.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace onewriter::test {

namespace {

// A passage has no more, and one of our sentences less.
constexpr uint64_t passage_bytes = 4'096;
constexpr uint64_t sentence_bytes = 64;

// The word behind the first common word: its number, or 0 for none.
uint32_t version_in(const std::string& snippet) {
  auto pos = snippet.find("version");
  if (pos == std::string::npos)
    return 0;
  return static_cast<uint32_t>(
    std::strtoul(snippet.c_str() + pos + 7, nullptr, 10));
}

} // namespace

std::string document_text(uint32_t version, size_t bytes) {
  std::string result;
  for (auto number = 0; result.size() < bytes; ++number)
    result += std::string{common_word} + " version" + std::to_string(version)
              + " part" + std::to_string(number) + "\n";
  return result;
}

// -- what the test does -----------------------------------------------------------

size_t document_ledger::sent(document_request what) {
  records_.push_back({std::move(what), fate::waiting});
  return records_.size() - 1;
}

void document_ledger::done(size_t which, moment now) {
  records_[which].fate = fate::done;
  records_[which].what.when.arrived = now;
}

void document_ledger::failed(size_t which, moment now) {
  records_[which].fate = fate::failed;
  records_[which].what.when.arrived = now;
}

void document_ledger::may_be_done(size_t which, moment now) {
  records_[which].what.when.arrived = now;
}

void document_ledger::saw(moment sent, moment arrived,
                          const search_hits& found) {
  std::set<std::string> keys;
  for (auto& x : records_)
    keys.insert(x.what.key);
  for (auto& x : sort(found)) {
    complaints_.expect(keys.erase(x.key) == 1,
                       "document " + x.key + ": a search found two versions");
    if (auto source = find_source(x, sent, arrived))
      check_whole(x, source->what.bytes);
  }
  for (auto& key : keys)
    check_absence(key, sent, arrived);
}

// -- what must be true --------------------------------------------------------------

std::vector<document_ledger::sighting>
document_ledger::sort(const search_hits& found) {
  std::vector<sighting> result;
  for (auto& hit : found.hits) {
    auto version = version_in(hit.snippet);
    auto pos = std::find_if(result.begin(), result.end(), [&](auto& x) {
      return x.key == hit.key && x.version == version;
    });
    if (pos == result.end())
      pos = result.insert(result.end(), sighting{hit.key, version, {}});
    pos->offsets.push_back(hit.offset);
  }
  return result;
}

void document_ledger::check_whole(sighting& what, size_t bytes) {
  auto& offsets = what.offsets;
  std::sort(offsets.begin(), offsets.end());
  auto is_whole = offsets.front() == 0;
  offsets.push_back(bytes + sentence_bytes);
  for (size_t i = 1; i < offsets.size(); ++i)
    is_whole
      &= offsets[i] > offsets[i - 1]
         && offsets[i] <= offsets[i - 1] + passage_bytes + sentence_bytes;
  complaints_.expect(is_whole, "document " + what.key + ": a search found "
                                 + std::to_string(offsets.size() - 1)
                                 + " of its passages");
}

const document_ledger::record*
document_ledger::find_source(const sighting& what, moment sent,
                             moment arrived) {
  for (auto& x : records_)
    if (x.what.key == what.key && x.what.version == what.version
        && x.fate != fate::failed && x.what.when.sent < arrived
        && !is_replaced(x, sent))
      return &x;
  complaints_.add("document " + what.key + ": a search found version "
                  + std::to_string(what.version)
                  + ", which was not there then");
  return nullptr;
}

// Legal where the document was not there before, or may have been removed.
void document_ledger::check_absence(const std::string& key, moment sent,
                                    moment arrived) {
  record nothing;
  nothing.what.key = key;
  nothing.what.when.arrived = 0;
  auto legal = !is_replaced(nothing, sent);
  for (auto& x : records_)
    legal |= x.what.key == key && x.what.version == 0 && x.fate != fate::failed
             && x.what.when.sent < arrived && !is_replaced(x, sent);
  complaints_.expect(legal, "document " + key + ": not found");
}

// Whether something else certainly came after `x` and was done before `sent`.
bool document_ledger::is_replaced(const record& x, moment sent) const {
  return std::any_of(records_.begin(), records_.end(), [&](auto& y) {
    return y.what.key == x.what.key && y.what.version != x.what.version
           && y.fate == fate::done && y.what.when.arrived < sent
           && precedes(x.what.when, y.what.when);
  });
}

} // namespace onewriter::test
