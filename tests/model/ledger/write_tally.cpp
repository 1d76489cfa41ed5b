#include "tests/model/ledger/write_tally.hpp"

#include <string>
#include <utility>

namespace onewriter::test {

void write_tally::sent(bool forgotten) {
  ++sent_since_open_;
  forgotten_ += forgotten ? 1 : 0;
}

void write_tally::answered(ec code) {
  auto& count = code == ec::none                ? acknowledged_
                : code == ec::deadline_exceeded ? expired_
                : code == ec::outcome_unknown   ? unknown_
                                                : failed_or_refused_;
  ++count;
}

void write_tally::closed(const write_counts& x) {
  auto sent = std::exchange(sent_since_open_, 0);
  complaints_.expect(x.submitted == sent, std::to_string(sent)
                                            + " writes, counted as "
                                            + std::to_string(x.submitted));
  auto settled = x.acknowledged + x.failed + x.refused + x.expired + x.unknown;
  complaints_.expect(
    settled == x.submitted && x.pending == 0 && x.pending_bytes == 0,
    "of " + std::to_string(x.submitted) + " writes " + std::to_string(settled)
      + " were settled and " + std::to_string(x.pending) + " are pending, with "
      + std::to_string(x.pending_bytes) + " bytes");
  total_.acknowledged += x.acknowledged;
  total_.failed += x.failed;
  total_.refused += x.refused;
  total_.expired += x.expired;
  total_.unknown += x.unknown;
}

// The outcome of requests without a caller is known of some only.
void write_tally::check(uint64_t forgotten_and_done, uint64_t in_doubt) {
  auto between
    = [&](const char* what, uint64_t counted, uint64_t least, uint64_t most) {
        complaints_.expect(least <= counted && counted <= most,
                           std::to_string(counted) + " writes were counted as "
                             + what + ", " + std::to_string(least) + " to "
                             + std::to_string(most) + " were");
      };
  in_doubt += total_.unknown - unknown_;
  auto done = acknowledged_ + forgotten_and_done;
  between("unknown", total_.unknown, unknown_, unknown_ + forgotten_);
  between("acknowledged", total_.acknowledged, done - in_doubt, done);
  between("expired", total_.expired, expired_, expired_);
  between("failed or refused", total_.failed + total_.refused,
          failed_or_refused_, failed_or_refused_ + forgotten_);
}

} // namespace onewriter::test
