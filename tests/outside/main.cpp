// An external program, which has only the installed package.
#include <onewriter/client.hpp>
#include <onewriter/config.hpp>

#include <cstdio>
#include <iostream>

int main() {
  onewriter::config cfg;
  cfg.database.path = "outside.db";
  for (auto suffix : {"", "-wal", "-shm"})
    std::remove((cfg.database.path + suffix).c_str());
  caf::actor_system sys{cfg};
  auto db = onewriter::scoped_database::open(sys, cfg.database);
  if (!db) {
    std::cerr << onewriter::describe(db.error()) << '\n';
    return 1;
  }
  auto created = (*db)->write("CREATE TABLE greeting(id INTEGER, text TEXT)");
  auto receipt = (*db)->write("INSERT INTO greeting VALUES(?, ?)", 1, "hello");
  auto found = (*db)->query("SELECT text FROM greeting WHERE id = ?", 1);
  if (!created || !receipt || !found || found->rows.size() != 1) {
    std::cerr << "could not write or read\n";
    return 1;
  }
  std::cout << found->rows[0].get<std::string>(0) << ", commit "
            << receipt->commit << '\n';
  auto closed = (*db)->close();
  return closed && closed->drained ? 0 : 1;
}
