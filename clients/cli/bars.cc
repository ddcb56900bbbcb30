#include "clients/cli/bars.h"

#include <array>
#include <cmath>

namespace council::cli {

std::string Bar(double value, int columns) {
  static constexpr std::array<const char*, 8> kPartial = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const double cut = value > 0 ? std::fmin(value, 1) : 0;
  const int eighths = static_cast<int>(std::lround(cut * columns * 8));
  std::string bar;
  for (int i = 0; i < eighths / 8; ++i) bar += "█";
  int used = eighths / 8;
  if (eighths % 8 != 0) {
    bar += kPartial.at(static_cast<size_t>(eighths % 8));
    ++used;
  }
  for (int i = used; i < columns; ++i) bar += "░";
  return bar;
}

}  // namespace council::cli
