#include "actors/console/terminal.hpp"
#include "app/commands/arguments/options.hpp"
#include "app/commands/live/following.hpp"
#include "app/commands/live/top_frame.hpp"
#include "app/commands/open_file.hpp"

#include <memory>
#include <string>
#include <utility>

namespace onewriter::node {

namespace {

constexpr const char* top_help
  = R"(Shows the statistics of the process that owns the file, and again each second,
until Ctrl-C, which is a success here. Counts and latencies are those since that
process has opened the file. On a terminal the screen is drawn again; elsewhere
one screen follows the other, or with --json one line the other, which holds
what `onewriter status --json` prints, and rates of the last interval.)";

struct top_options {
  std::string file;
  std::chrono::nanoseconds interval{std::chrono::seconds{1}};
  uint64_t count = 0;
  bool once = false;
  bool json = false;
};

/// Where the screens go.
class top_output {
public:
  top_output(command_context& ctx, bool as_json)
    : ctx_{ctx},
      as_json_{as_json},
      area_{ctx.is_terminal && !as_json && is_live_terminal()
              ? std::make_unique<live_area>()
              : nullptr} {
    // nop
  }

  // The last screen stays.
  ~top_output() {
    if (!area_)
      return;
    area_.reset();
    static_cast<void>(print(ctx_, text_of(last_, wants_colours())));
  }

  top_output(const top_output&) = delete;

  top_output& operator=(const top_output&) = delete;

  /// Returns whether it can be seen.
  bool show(const database_info& info, const top_sample& x) {
    if (as_json_)
      return print(ctx_, json_line(top_json(info, x)));
    last_ = top_frame(info, x);
    if (area_)
      return area_->draw(last_);
    auto gap = std::exchange(is_first_, false) ? "" : "\n";
    return print(ctx_, gap + text_of(last_, false));
  }

private:
  static std::string text_of(const std::vector<styled_line>& lines,
                             bool colours) {
    std::string result;
    for (auto& line : lines)
      result += line.render(colours) + '\n';
    return result;
  }

  command_context& ctx_;
  bool as_json_;
  std::unique_ptr<live_area> area_;
  std::vector<styled_line> last_;
  bool is_first_ = true;
};

int run_top(command_context& ctx, const top_options& asked) {
  using clock = std::chrono::steady_clock;
  auto db = must(open_file(ctx, asked.file));
  following end{ctx.stop};
  auto info = must(db->describe());
  top_output output{ctx, asked.json};
  top_sample sample;
  auto limit = asked.once ? 1 : asked.count;
  auto last = clock::now();
  for (uint64_t shown = 0; !end.is_over();) {
    auto now = must(db->statistics());
    auto time = clock::now();
    if (shown > 0) {
      sample.before = std::move(sample.now);
      sample.interval = time - last;
    }
    sample.now = std::move(now);
    last = time;
    if (!output.show(info, sample) || ++shown == limit)
      break;
    end.wait(asked.interval);
  }
  return exit_status::success;
}

command_function add_top(CLI::App& to) {
  auto asked = std::make_shared<top_options>();
  add_argument(to, "FILE", asked->file, "the database");
  to.add_option_function<double>(
      "--interval", [asked](double x) { asked->interval = seconds(x); },
      "seconds from one screen to the next; default: 1")
    ->type_name("N")
    ->check(number(fractions, 0.05, 3'600));
  to.add_option_function<double>(
      "--count", [asked](double x) { asked->count = static_cast<uint64_t>(x); },
      "end after N screens; default: go on until Ctrl-C")
    ->type_name("N")
    ->check(number(whole, 1, 1'000'000'000));
  to.add_flag("--once", asked->once, "the same as --count=1");
  to.add_flag("--json", asked->json, "print a JSON object a line");
  set_footer(to, top_help);
  return [asked](command_context& ctx) {
    return run_top(ctx, *asked);
  };
}

} // namespace

const file_command top_command{
  "top", "Show what a database is doing, again each second.", add_top};

} // namespace onewriter::node
