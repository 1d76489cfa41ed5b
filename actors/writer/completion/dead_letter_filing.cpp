#include "actors/writer/completion/dead_letter_filing.hpp"

#include "actors/store/dead_letter_store.hpp"
#include "actors/support/wall_clock.hpp"
#include "onewriter/failure.hpp"

#include <memory>
#include <utility>
#include <variant>

namespace onewriter {

namespace {

caf::expected<result_set> to_expected(const caf::error& err) {
  if (err != caf::none)
    return err;
  return result_set{};
}

} // namespace

dead_letter_filing::dead_letter_filing(log_sink log) : log_{std::move(log)} {
  // nop
}

void dead_letter_filing::file(const pending_write& what,
                              const caf::error& reason) {
  if (std::holds_alternative<best_effort>(what.request))
    return;
  auto letter = to_letter(what, reason);
  if (!letter)
    return log_(log_level::warning,
                "failed without a waiting caller: " + title_of(what) + ": "
                  + describe(reason));
  add_follow_up("(storing of a dead letter)",
                [letter = std::move(*letter)](sqlite::connection& db) {
                  return to_expected(store_letter(db, letter));
                });
}

void dead_letter_filing::update(const pending_write& what,
                                const caf::error& reason) {
  dead_letter letter;
  letter.id = std::get<replay_dead_letter>(what.request).id;
  letter.code = code_of(reason);
  letter.error = describe(reason);
  letter.last_unix_ms = unix_ms_now();
  add_follow_up("(update of a dead letter)", [letter](sqlite::connection& db) {
    return to_expected(update_letter(db, letter));
  });
}

void dead_letter_filing::add_follow_up(
  std::string title,
  std::function<caf::expected<result_set>(sqlite::connection&)> function) {
  auto item = std::make_shared<pending_write>();
  item->request = internal_task{std::move(title), std::move(function)};
  item->changes_letters = true;
  item->arrived = pending_write::clock::now();
  follow_ups_.push_back(std::move(item));
}

std::vector<pending_write_ptr> dead_letter_filing::take_follow_ups() {
  return std::exchange(follow_ups_, {});
}

} // namespace onewriter
