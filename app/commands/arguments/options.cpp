#include "app/commands/arguments/options.hpp"

#include "actors/console/format.hpp"
#include "app/commands/arguments/words.hpp"

#include <cmath>

namespace onewriter::node {

namespace {

constexpr const char* database_footer = R"(

FILE may be a database that `onewriter serve --listen` serves on another
machine: onewriter://HOST:PORT/NAME, with the options for TLS.

Options of the database begin with --onewriter., for instance
--onewriter.synchronous=normal; --long-help lists them all.)";

constexpr const char* common_footer = R"(

Ctrl-C stops the command in order; a second one exits at once.

Exit status: 0 for success, 1 for a failure, 2 for bad arguments, 3 where
another process keeps the file to itself or locked, 130 after Ctrl-C.)";

std::string short_number(double x) {
  return format_fixed(x, x == std::floor(x) ? 0 : 2);
}

} // namespace

// -- values ---------------------------------------------------------------------

CLI::Validator number(std::string_view characters, double min, double max) {
  auto check = [=](std::string& word) -> std::string {
    if (!word.empty() && word.find_first_not_of(characters) == word.npos
        && CLI::Range(min, max)(word).empty())
      return {};
    auto kind = characters == whole ? "a whole number" : "a number";
    return std::string{"must be "} + kind + " from " + short_number(min)
           + " to " + short_number(max) + ", not '" + plain(word) + "'";
  };
  return {check, ""};
}

CLI::Validator not_empty() {
  auto check = [](std::string& word) {
    return std::string{plain(word).empty() ? "must not be empty" : ""};
  };
  return {check, ""};
}

CLI::Validator one_of(std::initializer_list<const char*> names) {
  std::vector<std::string> known{names.begin(), names.end()};
  auto check = [known](std::string& word) -> std::string {
    std::string list;
    for (auto& name : known) {
      if (plain(word) == name)
        return {};
      list += (list.empty() ? "" : &name == &known.back() ? " or " : ", ");
      list += name;
    }
    return "must be " + list + ", not '" + plain(word) + "'";
  };
  std::string all;
  for (auto& name : known)
    all += (all.empty() ? "" : " ") + name;
  return CLI::Validator{check, "", all};
}

std::chrono::nanoseconds seconds(double x) {
  return std::chrono::nanoseconds{std::llround(x * 1e9)};
}

// -- options --------------------------------------------------------------------

CLI::Option& add_text(CLI::App& to, const std::string& name,
                      std::string& target, const std::string& description) {
  auto assign = [&target](const std::string& word) {
    target = plain(word);
  };
  return *to.add_option_function<std::string>(name, assign, description);
}

CLI::Option& add_argument(CLI::App& to, const std::string& name,
                          std::string& target, const std::string& description) {
  return *add_text(to, name, target, description)
            .type_name("")
            ->required()
            ->check(not_empty());
}

CLI::Option& add_list(CLI::App& to, const std::string& name,
                      std::vector<std::string>& target,
                      const std::string& description) {
  auto assign = [&target](const CLI::results_t& words) {
    target.clear();
    for (auto& word : words)
      target.push_back(plain(word));
    return true;
  };
  return *to.add_option(name, CLI::callback_t{assign}, description)
            ->type_name("")
            ->expected(1, CLI::detail::expected_max_vector_size)
            ->allow_extra_args()
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void add_tls_options(CLI::App& to, std::vector<std::string>& system) {
  auto add = [&](const std::string& name, const char* description) {
    auto hand_on = [&system, name](const std::string& x) {
      system.push_back("--tls." + name + '=' + plain(x));
    };
    to.add_option_function<std::string>("--tls-" + name, hand_on, description)
      ->type_name("FILE")
      ->check(not_empty())
      ->group("TLS, for other machines");
  };
  add("certificate", "the certificate of this process (PEM)");
  add("key", "its private key, which no other user can read");
  add("ca-file", "the authorities whose certificates others may have");
}

void set_footer(CLI::App& to, const std::string& own) {
  to.footer(own + database_footer + common_footer);
}

void set_local_footer(CLI::App& to, const std::string& own) {
  to.footer(own + common_footer);
}

} // namespace onewriter::node
