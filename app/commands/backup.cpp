#include "actors/console/format.hpp"
#include "actors/console/terminal.hpp"
#include "app/commands/arguments/options.hpp"
#include "app/commands/command.hpp"
#include "app/commands/open_file.hpp"
#include "app/commands/output/json_text.hpp"
#include "app/demo/core/node_messages.hpp"
#include "app/remote/remote_address.hpp"
#include "onewriter/compat/messaging.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

namespace onewriter::node {

namespace {

constexpr const char* backup_help
  = R"(Copies one snapshot of FILE to TARGET while FILE stays in use, verifies and
syncs the copy, and only then gives it its name. TARGET is one file without a
log: `onewriter restore` and every other program can use it as it is. Where FILE
is an address, TARGET is on the machine of the service, from the root.)";

struct backup_options {
  std::string file;
  std::string target;
  bool overwrite = false;
  bool json = false;
};

// -- progress -------------------------------------------------------------------

constexpr std::chrono::milliseconds frame_interval{100};

styled_line progress_bar(const backup_progress& x, size_t columns) {
  constexpr size_t longest = 40;
  auto share = x.total_pages == 0 ? 0.0
                                  : static_cast<double>(x.done_pages)
                                      / static_cast<double>(x.total_pages);
  auto size = std::min(longest, columns / 2);
  auto full = static_cast<size_t>(share * static_cast<double>(size));
  styled_line result{"backup  "};
  return result.add(std::string(full, '#'), style::accent)
    .add(std::string(size - full, '.'), style::dim)
    .add("  " + format_percent(share) + "  "
         + with_separators(static_cast<uint64_t>(x.done_pages)) + " of "
         + with_separators(static_cast<uint64_t>(x.total_pages)) + " pages");
}

/// What the actor that draws keeps between two messages.
struct drawn_progress {
  live_area area;
  std::chrono::steady_clock::time_point next{};
};

/// Draws the progress of a backup on the terminal for as long as it lives.
class progress_drawing {
public:
  explicit progress_drawing(caf::actor_system& sys)
    : self_{sys},
      actor_{sys.spawn(behavior_of)} {
    // nop
  }

  progress_drawing(const progress_drawing&) = delete;

  progress_drawing& operator=(const progress_drawing&) = delete;

  ~progress_drawing() {
    compat::request(self_, actor_, caf::infinite, finish{})
      .receive([] {}, [](const caf::error&) {});
  }

  const caf::actor& listener() const {
    return actor_;
  }

private:
  static caf::behavior behavior_of(caf::event_based_actor* self) {
    auto drawn = std::make_shared<drawn_progress>();
    return {
      [drawn](const backup_progress& x) {
        auto now = std::chrono::steady_clock::now();
        if (now < drawn->next)
          return;
        drawn->next = now + frame_interval;
        drawn->area.draw({progress_bar(x, terminal_size().columns)});
      },
      // The area must be gone before anything else is printed.
      [drawn, self](finish) {
        drawn->area.clear();
        restore_terminal();
        self->quit();
      },
    };
  }

  caf::scoped_actor self_;
  caf::actor actor_;
};

// -- the command ----------------------------------------------------------------

int run_backup(command_context& ctx, const backup_options& asked) {
  if (is_address(asked.file)
      && !std::filesystem::path{asked.target}.is_absolute())
    fail_with(make_failure(ec::invalid_argument,
                           "the service writes TARGET on its own machine: "
                           "name it from the root"));
  auto db = must(open_file(ctx, asked.file));
  backup what;
  // Another process may own the file, with another working directory.
  what.path = std::filesystem::absolute(asked.target).string();
  what.overwrite = asked.overwrite;
  std::unique_ptr<progress_drawing> drawing;
  if (ctx.is_terminal && !asked.json && is_live_terminal()) {
    drawing = std::make_unique<progress_drawing>(ctx.sys);
    what.listener = drawing->listener();
  }
  auto reply = db->backup(std::move(what));
  drawing.reset();
  auto receipt = must(std::move(reply));
  json result{{"path", receipt.path},
              {"bytes", receipt.bytes},
              {"commit", receipt.commit}};
  print(ctx, asked.json
               ? json_line(result)
               : printable(receipt.path) + ": " + format_bytes(receipt.bytes)
                   + ", commit " + std::to_string(receipt.commit) + '\n');
  return exit_status::success;
}

command_function add_backup(CLI::App& to) {
  auto asked = std::make_shared<backup_options>();
  add_argument(to, "FILE", asked->file, "the database");
  add_argument(to, "TARGET", asked->target, "the copy, which must not exist");
  to.add_flag("--overwrite", asked->overwrite, "replace TARGET");
  to.add_flag("--json", asked->json, "print the receipt as a JSON object");
  set_footer(to, backup_help);
  return [asked](command_context& ctx) {
    return run_backup(ctx, *asked);
  };
}

} // namespace

const file_command backup_command{"backup", "Copy a database to another file.",
                                  add_backup};

} // namespace onewriter::node
