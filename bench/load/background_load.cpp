#include "bench/load/background_load.hpp"

namespace onewriter::bench {

namespace {

constexpr size_t greedy_outstanding = 1'000;

constexpr auto failure_interval = std::chrono::milliseconds{100};

// As many notes of progress as the node's demo has peers, ten times a second.
constexpr flood_options notes{50, 50, std::chrono::milliseconds{100}};

} // namespace

std::vector<std::string> background_schema_sql(background_load x) {
  switch (x) {
    case background_load::flood:
    case background_load::mix:
      return {"CREATE TABLE note(key INTEGER PRIMARY KEY, "
              "number INTEGER NOT NULL)"};
    case background_load::greedy:
      return {"CREATE TABLE other_item(id INTEGER PRIMARY KEY, "
              "number INTEGER NOT NULL, payload TEXT NOT NULL)"};
    default:
      return {};
  }
}

std::vector<load_member_actor>
spawn_background_load(caf::actor_system& sys,
                      std::shared_ptr<const load_context> context) {
  auto& db = context->database;
  switch (context->what.beside) {
    case background_load::flood:
      return {spawn_flood(sys, db, {})};
    case background_load::greedy:
      return {spawn_greedy_sender(sys, db, greedy_outstanding)};
    case background_load::document:
      return {spawn_document_feeder(sys, db, context->document)};
    case background_load::restarts:
      return {spawn_load_saboteur(sys, db, failure_interval)};
    case background_load::mix:
      return {spawn_flood(sys, db, notes),
              spawn_document_feeder(sys, db, context->document)};
    default:
      return {};
  }
}

} // namespace onewriter::bench
