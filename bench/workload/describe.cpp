#include "bench/workload/describe.hpp"

#include "actors/console/format.hpp"

#include <array>

namespace onewriter::bench {

namespace {

struct background_words {
  const char* name;
  const char* description;
};

// In the order of the enumeration.
constexpr std::array<background_words, 6> background_loads{{
  {"nothing", ""},
  {"flood", "a flood of best-effort messages"},
  {"greedy", "a sender with 1,000 writes on their way"},
  {"document", "documents that are being indexed"},
  {"restarts", "a writer that fails every 100 ms"},
  {"mix", "queries, best-effort messages and a document"},
}};

std::string senders_text(const task& x) {
  auto clients = format_count(x.clients, "client");
  if (x.arrivals_per_second > 0)
    return format_rate(x.arrivals_per_second) + " writes/s arrive from "
           + clients;
  auto each = x.clients == 1 ? " with " : ", each with ";
  return clients + each + format_count(x.outstanding, "write")
         + (x.outstanding == 1 ? " on its way" : " on their way");
}

} // namespace

std::string to_string(background_load x) {
  return background_loads[static_cast<size_t>(x)].name;
}

std::string describe(const row_shape& x) {
  auto result = format_count(x.rows_per_write, "row") + " of "
                + format_count(x.payload_bytes, "byte") + " a write";
  if (x.indexes > 0)
    result += ", "
              + (x.indexes == 1 ? "1 index"
                                : with_separators(x.indexes) + " indexes");
  return x.returning ? result + ", whose rowids come back" : result;
}

std::string describe(const task& what) {
  auto result = senders_text(what) + ", " + describe(what.rows);
  if (what.readers > 0)
    result += ", " + format_count(what.readers, "reader") + " of single rows";
  if (what.beside != background_load::nothing)
    result += std::string{", beside "}
              + background_loads[static_cast<size_t>(what.beside)].description;
  if (what.rows_before > 0)
    result += ", " + format_count(what.rows_before, "row") + " there before";
  return result + ", " + format_seconds(what.length) + " a round";
}

} // namespace onewriter::bench
