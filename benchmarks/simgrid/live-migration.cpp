/*
 * Live migrations in SimGrid 3.32, by its own plugin, to be held against the same ones here.
 *
 * Usage: live-migration MODE COUNT MEAN_MIB DIRTY_BYTES_PER_SECOND
 *   at-once     COUNT machines leave one host over one link together; machine i has MEAN_MIB / 2 + (i * 2731) % MEAN_MIB MiB
 *   in-turn     one machine of MEAN_MIB MiB moves there and back, COUNT times
 * The link carries 1.25e9 bytes a second (at-once) or 1.25e8 (in-turn), with a latency of 1e-4 s, in the network model CM02.
 *
 * Prints, a line each: processor seconds from the first actor to the end; the most resident memory in bytes, and that before there were any
 * machines; simulated seconds until the last acknowledgement; and of each migration the simulated seconds that it took.
 *
 * A machine's processor is busy all the time, as the plugin takes what is dirtied from what is computed.
 */
#include <simgrid/plugins/live_migration.h>
#include <simgrid/s4u.hpp>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

namespace sg4 = simgrid::s4u;

namespace {

constexpr double LATENCY_SECONDS = 1e-4;
constexpr double FLOPS = 1e9;
constexpr sg_size_t MIB = 1024 * 1024;
/* More than any run computes. */
constexpr double ALWAYS = 1e18;

double processor_seconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

long most_resident_bytes() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss * 1024L;
}

sg4::VirtualMachine* start_machine(sg4::Host* host, const std::string& name, sg_size_t bytes, double link, double dirty) {
  auto* machine = host->create_vm(name, 1, bytes);
  machine->start();
  sg4::Actor::create("guest-" + name, machine, [] { sg4::this_actor::execute(ALWAYS); })->daemonize();
  sg_vm_start_dirty_page_tracking(machine);
  sg_vm_set_dirty_page_intensity(machine, dirty / link);
  sg_vm_set_working_set_memory(machine, static_cast<sg_size_t>(0.9 * static_cast<double>(bytes)));
  sg_vm_set_migration_speed(machine, link);
  return machine;
}

} // namespace

int main(int argc, char** argv) {
  sg4::Engine engine(&argc, argv);
  if (argc != 5) return 2;
  const bool in_turn = std::strcmp(argv[1], "in-turn") == 0;
  const int count = std::atoi(argv[2]);
  const sg_size_t mean = std::strtoull(argv[3], nullptr, 10);
  const double dirty = std::atof(argv[4]);
  const double link = in_turn ? 1.25e8 : 1.25e9;
  const int machines = in_turn ? 1 : count;

  sg_vm_live_migration_plugin_init();
  auto* zone = sg4::create_full_zone("zone");
  auto* from = zone->create_host("A", FLOPS)->set_core_count(machines)->seal();
  auto* to = zone->create_host("B", FLOPS)->set_core_count(machines)->seal();
  const auto* wire = zone->create_split_duplex_link("wire", link)->set_latency(LATENCY_SECONDS)->seal();
  zone->add_route(from->get_netpoint(), to->get_netpoint(), nullptr, nullptr, {{wire, sg4::LinkInRoute::Direction::UP}}, true);
  zone->seal();

  const long before = most_resident_bytes();
  const double begun = processor_seconds();
  std::vector<double> took(static_cast<size_t>(count));
  if (in_turn) {
    sg4::Actor::create("mover", from, [&] {
      auto* machine = start_machine(from, "vm", mean * MIB, link, dirty);
      for (int i = 0; i < count; i++) {
        const double at = sg4::Engine::get_clock();
        sg_vm_migrate(machine, i % 2 == 0 ? to : from);
        took[static_cast<size_t>(i)] = sg4::Engine::get_clock() - at;
      }
    });
  } else {
    for (int i = 0; i < count; i++) {
      const sg_size_t bytes = (mean / 2 + static_cast<sg_size_t>(i) * 2731 % mean) * MIB;
      sg4::Actor::create("mover-" + std::to_string(i), from, [&, i, bytes] {
        auto* machine = start_machine(from, "vm" + std::to_string(i), bytes, link, dirty);
        sg_vm_migrate(machine, to);
        took[static_cast<size_t>(i)] = sg4::Engine::get_clock();
      });
    }
  }
  engine.run();
  std::printf("%.9f\n%ld\n%ld\n%.17g\n", processor_seconds() - begun, most_resident_bytes(), before, engine.get_clock());
  for (const double seconds : took) std::printf("%.17g\n", seconds);
  std::fflush(stdout);
  /* What is left of machines and guests is not to be taken apart. */
  _exit(0);
}
