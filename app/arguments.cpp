#include "app/arguments.hpp"

#include "app/audit/audit_arguments.hpp"
#include "app/bash_completion.hpp"
#include "app/commands/arguments/options.hpp"
#include "app/commands/arguments/words.hpp"

#include <algorithm>

namespace onewriter::node {

namespace {

constexpr const char* version_text = "onewriter " ONEWRITER_VERSION;

constexpr const char* program_summary
  = "A SQLite file is owned by one actor, and all callers send it messages.";

constexpr const char* program_footer
  = R"(`onewriter help COMMAND` explains a command and its options.

Exit status: 0 for success, 1 for a failure, 2 for bad arguments.)";

constexpr const char* demo_summary
  = "Run a small content node, and check what it did.";

constexpr const char* demo_footer
  = R"(The node stores the files below PATH as blocks and indexes their text, while a
swarm of peers connects, updates and searches. All of them use one SQLite file
that one actor owns. At the end the file is checked against the replies that the
actors got.

Options of the database begin with --onewriter., for instance
--onewriter.synchronous=normal; `onewriter demo --long-help` lists them all.

Ctrl-C stops the demo in order, with the checks; a second one exits at once.

Exit status: 0 if every check holds, 1 if a check fails or the demo cannot run,
2 for bad arguments, 130 after a second Ctrl-C.)";

[[noreturn]] void fail(const std::string& problem) {
  throw CLI::ParseError{problem, CLI::ExitCodes::BaseClass};
}

// -- words ----------------------------------------------------------------------

bool is_option(const std::string& word) {
  return word.size() > 1 && word.front() == '-';
}

std::string name_of(const std::string& option) {
  return option.substr(0, option.find('='));
}

// Whether CAF reads `option`: the names of its groups end with a dot.
bool is_system_option(const std::string& option) {
  return is_option(option) && name_of(option).find('.') != option.npos;
}

// CLI11 would take the next word for the value of `--db=`.
void refuse_empty_values(const std::vector<std::string>& words) {
  for (auto& word : words) {
    if (word == "--")
      return;
    if (is_option(word) && !is_system_option(word)
        && word.find('=') == word.size() - 1)
      fail(name_of(word) + " requires a value");
  }
}

// -- commands -------------------------------------------------------------------

CLI::App& add_command(CLI::App& program, const char* name,
                      const char* summary) {
  auto& result = *program.add_subcommand(name, summary);
  result.group("Commands");
  result.set_version_flag("--version", version_text, "print the version");
  return result;
}

// The options of CAF that belong to none of its groups.
void add_system_options(CLI::App& to, std::vector<std::string>& words) {
  // Who asks for a list of options needs no FILE. CLI11 looks for what is
  // required only after all of these functions have run.
  auto add_flag = [&](const std::string& name, const char* text) {
    auto hand_on = [&to, &words, name] {
      words.push_back(name);
      for (auto x : to.get_options())
        x->required(false);
    };
    to.add_flag_callback(name, hand_on, text);
  };
  auto hand_on_file = [&words](const std::string& x) {
    words.push_back("--config-file=" + plain(x));
  };
  to.add_option_function<std::string>(
      "--config-file", hand_on_file,
      "options of the database and of CAF, in CAF's syntax")
    ->type_name("FILE");
  add_flag("--long-help", "print the options of the database and of CAF");
  add_flag("--dump-config", "print what is set, and CAF's values of the rest");
}

// Those options of the demo that are numbers.
void add_demo_numbers(CLI::App& to, demo_options& asked) {
  to.add_option_function<double>(
      "--seconds", [&asked](double x) { asked.duration = seconds(x); },
      "run for N seconds; default: until every file is stored\nand indexed")
    ->type_name("N")
    ->check(number(fractions, 0, 1'000'000));
  to.add_option_function<double>(
      "--peers", [&asked](double x) { asked.peers = static_cast<uint32_t>(x); },
      "peers that connect again and again; default: 64")
    ->type_name("N")
    ->check(number(whole, 1, 10'000));
  to.add_option_function<double>(
      "--chaos", [&asked](double x) { asked.chaos = seconds(x); },
      "make the writer fail every N seconds, for instance 0.5")
    ->type_name("N")
    ->check(number(fractions, 0.01, 3'600));
}

void add_demo(CLI::App& program, arguments& result) {
  auto& to = add_command(program, "demo", demo_summary);
  auto& asked = result.demo;
  add_text(to, "PATH", asked.path,
           "a folder; default: /usr/share/doc, else the working one")
    .type_name("")
    ->check(not_empty());
  add_text(to, "--db", asked.db,
           "the database; default: a fresh file in a new temporary\n"
           "folder, which is kept")
    .type_name("FILE")
    ->check(not_empty());
  add_demo_numbers(to, asked);
  to.add_flag("--quiet", asked.quiet, "print the summary only");
  to.add_flag("--json", asked.json,
              "print one JSON object at the end and nothing else");
  add_system_options(to, result.system);
  to.footer(demo_footer);
  to.callback([&result] { result.command = command::demo; });
}

void add_audit(CLI::App& program, arguments& result) {
  auto& to = add_command(program, "audit", audit_summary);
  add_audit_arguments(to, result.audit);
  to.callback([&result] {
    if (auto problem = problem_of_audit(result.audit); !problem.empty())
      throw CLI::RequiredError{problem, CLI::ExitCodes::RequiredError};
    result.command = command::audit;
  });
}

void add_serve(CLI::App& program, arguments& result) {
  auto& to = add_command(program, "serve", serve_summary);
  add_serve_arguments(to, result.serve, result.system);
  add_system_options(to, result.system);
  to.callback([&result] { result.command = command::serve; });
}

void add_completion(CLI::App& program, arguments& result) {
  auto& to = add_command(program, "completion",
                         "Print a script that completes command lines.");
  to.add_option("SHELL", "bash")
    ->type_name("")
    ->required()
    ->check(one_of({"bash"}));
  to.footer("For this session: source <(onewriter completion bash). `cmake "
            "--install` puts it\nwhere bash-completion finds it.");
  to.callback([&] { result.text = bash_completion(program); });
}

// Those that work on a file know their own arguments.
void add_file_commands(CLI::App& program, arguments& result) {
  for (auto what : file_commands()) {
    auto& to = add_command(program, what->name, what->summary);
    auto run = what->add(to);
    if (what->takes_address)
      add_tls_options(to, result.system);
    add_system_options(to, result.system);
    to.callback([&result, run] {
      result.command = command::file;
      result.run = run;
    });
  }
}

// -- the program ----------------------------------------------------------------

// Commands inherit what is set here.
void set_up(CLI::App& program) {
  program.set_help_flag("-h,--help", "print this text");
  program.set_version_flag("--version", version_text, "print the version");
  program.option_defaults()->take_last();
  program.allow_extras();
  program.require_subcommand(0, 1);
  program.footer(program_footer);
  auto& format = *program.get_formatter();
  format.column_width(22);
  format.label("SUBCOMMAND", "COMMAND");
  format.label("Positionals", "Arguments");
}

[[noreturn]] void refuse_command(const std::string& word) {
  fail("unknown command '" + plain(word) + "'");
}

// Takes what CAF reads from the words that CLI11 does not know.
void take_system_options(const CLI::App& program,
                         std::vector<std::string>& to) {
  for (auto& word : program.remaining(true)) {
    if (is_system_option(word))
      to.push_back(word);
    else if (is_option(word))
      fail("unknown option " + name_of(word));
    else if (program.get_subcommands().empty())
      refuse_command(word);
    else
      fail("unexpected argument '" + plain(word) + "'");
  }
}

// For help, which CLI11 also gives where the command is unknown.
void check_command(const CLI::App& program) {
  if (!program.get_subcommands().empty())
    return;
  for (auto& word : program.remaining(true))
    if (!is_option(word) && word != "help")
      refuse_command(word);
}

void parse(CLI::App& program, const std::vector<std::string>& words,
           arguments& result) {
  refuse_empty_values(words);
  // CLI11 takes the last word first.
  auto reversed = protect(words);
  std::reverse(reversed.begin(), reversed.end());
  if (!words.empty() && words.front() == "help")
    reversed.back() = "--help";
  try {
    program.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    check_command(program);
    throw;
  } catch (const CLI::RequiredError&) {
    // An option that does not exist is the first thing to say.
    take_system_options(program, result.system);
    throw;
  }
  take_system_options(program, result.system);
  if (program.get_subcommands().empty())
    fail("a command is missing");
}

} // namespace

arguments parse_arguments(const std::vector<std::string>& words) {
  arguments result;
  CLI::App program{program_summary, "onewriter"};
  set_up(program);
  add_demo(program, result);
  add_audit(program, result);
  add_serve(program, result);
  add_file_commands(program, result);
  add_completion(program, result);
  try {
    parse(program, words, result);
  } catch (const CLI::CallForHelp&) {
    result.text = program.help();
  } catch (const CLI::CallForVersion& version) {
    result.text = std::string{version.what()} + '\n';
  } catch (const CLI::ArgumentMismatch& err) {
    // CLI11 says `--db: 1 required FILE missing`.
    std::string text = err.what();
    result.problem = text.substr(0, text.find(':')) + " requires a value";
  } catch (const CLI::ParseError& err) {
    result.problem = err.what();
  }
  return result;
}

} // namespace onewriter::node
