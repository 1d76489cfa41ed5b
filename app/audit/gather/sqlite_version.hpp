#pragma once

#include "app/audit/core/facts.hpp"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace onewriter::node {

/// What a program or library holds of SQLite, by the bytes of its file.
struct sqlite_traces {
  /// The text that each database begins with, which SQLite has to hold.
  bool has_file_mark = false;
  /// The days of source ids (https://sqlite.org/c3ref/libversion.html):
  /// "2022-12-28 14:03:47 df5c253c..." is "2022-12-28".
  std::set<std::string> dates;
  /// Texts that may be versions of SQLite, "3.40.1"; other libraries have such
  /// versions as well.
  std::set<std::string> versions;

  void add(const sqlite_traces& other);
};

/// Finds the traces in `bytes`. A text at the very beginning or end may be a
/// part of a longer one and is not taken.
[[nodiscard]] sqlite_traces traces_in(std::string_view bytes);

/// Returns bytes of a file from an offset on, fewer at its end.
using piece_reader = std::function<std::string(uint64_t at, size_t bytes)>;

/// Finds the traces in a file, which is read in pieces of 1 MiB, up to 1 GiB.
[[nodiscard]] sqlite_traces traces_in_file(const piece_reader& read);

/// Returns which SQLite `x` is, without its path; nothing if it is none. The
/// version is empty where there are several candidates; whether it has the
/// WAL-reset bug follows from the day then, or is unknown.
[[nodiscard]] std::optional<sqlite_copy> identify(const sqlite_traces& x);

} // namespace onewriter::node
