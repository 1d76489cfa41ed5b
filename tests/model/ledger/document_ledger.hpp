#pragma once

#include "onewriter/search.hpp"
#include "tests/model/complaints.hpp"
#include "tests/model/ledger/sending.hpp"

#include <string>
#include <vector>

namespace onewriter::test {

/// A text of about `bytes` bytes that says everywhere which version it is.
std::string document_text(uint32_t version, size_t bytes);

/// A word that each passage of every document has.
inline constexpr const char* common_word = "all";

/// A request that changes what the index has under a key.
struct document_request {
  sending when;
  std::string key;
  /// What it puts there; 0 where it takes the document away.
  uint32_t version = 0;
  size_t bytes = 0;
};

/// What the contract says about indexes: a search finds all of one version of
/// a document, one that was put there and not replaced before the search.
class document_ledger {
public:
  explicit document_ledger(complaints& to) : complaints_{to} {
    // nop
  }

  // -- what the test does -----------------------------------------------------------

  /// Returns what names the request from now on.
  size_t sent(document_request what);

  void done(size_t which, moment now);

  void failed(size_t which, moment now);

  /// The request failed, but may yet be carried out.
  void may_be_done(size_t which, moment now);

  /// Checks what a search for `common_word` has found.
  void saw(moment sent, moment arrived, const search_hits& found);

private:
  enum class fate : uint8_t { waiting, done, failed };

  struct record {
    document_request what;
    enum fate fate = fate::waiting;
  };

  // One version of one document.
  struct sighting {
    std::string key;
    uint32_t version = 0;
    std::vector<uint64_t> offsets;
  };

  std::vector<sighting> sort(const search_hits& found);

  void check_whole(sighting& what, size_t bytes);

  const record* find_source(const sighting& what, moment sent, moment arrived);

  void check_absence(const std::string& key, moment sent, moment arrived);

  bool is_replaced(const record& x, moment sent) const;

  complaints& complaints_;
  std::vector<record> records_;
};

} // namespace onewriter::test
