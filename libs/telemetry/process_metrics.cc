#include "libs/telemetry/process_metrics.h"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace council::telemetry {
namespace {

double CpuSeconds() {
  rusage usage = {};
  ::getrusage(RUSAGE_SELF, &usage);
  return absl::ToDoubleSeconds(absl::DurationFromTimeval(usage.ru_utime) + absl::DurationFromTimeval(usage.ru_stime));
}

// 0 where the kernel does not tell.
double ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  long total_pages = 0;
  long resident_pages = 0;
  file >> total_pages >> resident_pages;
  return static_cast<double>(resident_pages) * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

std::unique_ptr<Metrics::Reading> AddProcessMetrics(Metrics& metrics, const std::string& program,
                                                    const std::string& version) {
  const double start = absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch());
  return metrics.AddReading([=]() -> Metrics::Families {
    return {GaugeFamily("council_build_info", "Always 1; says which program this is, and which version.",
                        {{"program", program}, {"version", version}}, 1),
            CounterFamily("process_cpu_seconds_total", "Processor time that the process took, in seconds.", {},
                          CpuSeconds()),
            GaugeFamily("process_resident_memory_bytes", "Memory of the process that is in RAM, in bytes.", {},
                        ResidentBytes()),
            GaugeFamily("process_start_time_seconds", "When the process began, in seconds since the Unix epoch.", {},
                        start)};
  });
}

}  // namespace council::telemetry
