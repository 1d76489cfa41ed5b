#include "app/serve/serve_arguments.hpp"

#include "app/commands/arguments/options.hpp"
#include "app/commands/arguments/words.hpp"

namespace onewriter::node {

namespace {

constexpr const char* serve_footer
  = R"(Each FILE is owned by this process, or by another one that shares it, until
SIGTERM or SIGINT: then what waits is committed, and the files are closed. A
second one exits at once. SIGHUP reads the configuration file again, of which
log-level, log-format and log-file take effect, opens the log file again, and
reads the certificates again for new connections.

A database that gives up is opened again after --serve.reopen-delay=1s, which
doubles up to --serve.max-reopen-delay=1min, and the others go on. After more
than --serve.max-failures=10 in --serve.failure-period=10min the service ends.
One that is damaged is opened again only at SIGHUP.

The options with a value may stand in a configuration file, in CAF's syntax: in
the group `serve`, and those for TLS in the group `tls` without their first
part. Options of the database begin with --onewriter., for instance
--onewriter.synchronous=normal; they are those of all FILEs. --long-help lists
them all.

systemd, or another service manager that sets NOTIFY_SOCKET, is told when the
databases are open, read again and closed, and with WATCHDOG_USEC that they
still answer.

Exit status: 0 after SIGTERM or SIGINT, 1 for a failure, 2 for bad arguments or
a bad configuration, which a restart does not help, 3 where another process
keeps a file to itself or locked, or has the port, 130 after a second SIGTERM
or SIGINT.)";

// An option that the configuration has, too, in the group `serve`.
void add_setting(CLI::App& to, const std::string& name, const std::string& type,
                 const std::string& description,
                 std::vector<std::string>& system) {
  auto hand_on = [&system, name](const std::string& x) {
    system.push_back("--serve." + name + '=' + plain(x));
  };
  to.add_option_function<std::string>("--" + name, hand_on, description)
    ->type_name(type)
    ->check(not_empty());
}

} // namespace

void add_serve_arguments(CLI::App& to, serve_request& asked,
                         std::vector<std::string>& system) {
  add_list(to, "FILE", asked.files, "the databases")
    .required()
    ->check(not_empty());
  to.add_flag("--create", asked.create, "create FILEs that do not exist");
  add_setting(to, "log-level", "LEVEL",
              "leave out lines below it: info (default), warning\nor error",
              system);
  add_setting(to, "log-format", "FORMAT",
              "text (default), or json for a JSON object a line", system);
  add_setting(to, "log-file", "FILE",
              "append the log to it; default: standard error", system);
  add_setting(to, "drain-limit", "TIME",
              "how long what waits may be carried out at the end;\n"
              "default: 30s",
              system);
  add_setting(to, "listen", "HOST:PORT",
              "serve other machines, too; the other options for TLS\n"
              "have to be there",
              system);
  add_tls_options(to, system);
  to.footer(serve_footer);
}

} // namespace onewriter::node
