#pragma once

#include "onewriter/config.hpp"
#include "tests/crash/process/writer_orders.hpp"

#include <cstdint>
#include <string>

namespace onewriter::test {

/// The options of the driver, and those by which it starts itself as a writer
/// process.
class crash_config : public config {
public:
  crash_config() {
    opt_group{custom_options_, "global"}
      .add(kills, "kills",
           "processes to kill without and as many with "
           "idempotency keys, half of each with tiny resources; default 50")
      .add(stops, "stops", "processes to stop by SIGTERM; default 10")
      .add(seed, "seed", "makes the same plan again; 0, the default: any")
      .add(orders.folder, "folder",
           "where to keep all files; default: a "
           "temporary folder, which is removed");
    opt_group{custom_options_, "writer"}
      .add(orders.keyed, "keyed", "internal")
      .add(orders.last, "last", "internal")
      .add(orders.checkpoints, "checkpoints", "internal")
      .add(orders.tiny, "tiny", "internal")
      .add(orders.pinned, "pinned", "internal")
      .add(orders.document, "document", "internal")
      .add(orders.outstanding, "outstanding", "internal")
      .add(orders.limit_ms, "limit-ms", "internal")
      .add(orders.events, "events", "internal")
      .add(orders.parent, "parent", "internal");
  }

  uint32_t kills = 50;
  uint32_t stops = 10;
  uint64_t seed = 0;
  writer_orders orders;
};

} // namespace onewriter::test
