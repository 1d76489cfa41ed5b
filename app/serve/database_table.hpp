#pragma once

#include "onewriter/protocol.hpp"

#include <caf/error.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace onewriter::node {

/// How the databases of a service are. Belongs to one thread.
class database_table {
public:
  enum class state : uint8_t {
    /// It is being opened, the first time or once more.
    opening,
    open,
    /// It has given up, and is opened again after a pause.
    down,
    /// It has given up, and is not opened again.
    lost,
  };

  struct entry {
    enum state state = state::opening;
    /// Where it is open: its keeper, and what requests are sent to.
    caf::actor keeper;
    database_actor database;
    /// Why it is down or lost.
    caf::error reason;
  };

  void add(const std::string& name);

  void opened(const std::string& name, caf::actor keeper,
              database_actor database);

  void down(const std::string& name, caf::error reason);

  void lost(const std::string& name, caf::error reason);

  /// Makes those that are lost `opening`, and returns their names.
  std::vector<std::string> forgive();

  [[nodiscard]] bool all_are(enum state what) const;

  const std::map<std::string, entry>& entries() const {
    return entries_;
  }

  /// Returns a line such as `serving 1 of 2 databases; down: shop.db
  /// (file_replaced)`.
  [[nodiscard]] std::string status() const;

private:
  [[nodiscard]] std::string names_of(enum state what) const;

  // By name.
  std::map<std::string, entry> entries_;
};

} // namespace onewriter::node
