// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/chart.h"

#include <algorithm>
#include <cstdio>
#include <utility>
#include <vector>

namespace nayose {
namespace {

constexpr double kLeft = 300, kWidth = 620, kRow = 26;

std::string Element(const char* format, auto... values) {
  char text[512];
  std::snprintf(text, sizeof text, format, values...);
  return text;
}

}  // namespace

std::string WaterfallSvg(const libmpi::Explanation& e) {
  std::vector<std::pair<std::string, double>> parts = {{"prior", e.prior_weight}};
  for (const auto& bar : e.bars) {
    parts.emplace_back(bar.comparison + ": " + bar.level, bar.weight);
    if (bar.frequency_weight != 0) parts.emplace_back(bar.comparison + ": frequency", bar.frequency_weight);
  }
  parts.emplace_back("other classes", e.other_classes_weight);
  if (e.calibration_weight != 0) parts.emplace_back("labels", e.calibration_weight);
  if (e.cap_weight != 0) parts.emplace_back("cap", e.cap_weight);
  double low = 0, high = 0, sum = 0;
  for (const auto& [name, weight] : parts) {
    sum += weight;
    low = std::min(low, sum);
    high = std::max(high, sum);
  }
  const double scale = kWidth / std::max(1.0, high - low);
  const auto x = [&](double bits) { return kLeft + (bits - low) * scale; };
  const double height = kRow * static_cast<double>(parts.size() + 3);
  std::string svg = Element("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" "
                            "font-family=\"sans-serif\" font-size=\"13\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
                            kLeft + kWidth + 90, height);
  svg += Element("<text x=\"10\" y=\"18\">match weight %.3f bits, match probability %.6f, %s against %s</text>\n",
                 libmpi::WeightBits(e.weight), libmpi::MatchProbability(e.weight), e.match_class.c_str(),
                 e.rival_class.c_str());
  svg += Element("<line x1=\"%.1f\" x2=\"%.1f\" y1=\"26\" y2=\"%.1f\" stroke=\"#999\"/>\n", x(0), x(0), height - 8);
  sum = 0;
  double y = 30;
  const auto row = [&](const std::string& name, double from, double to, const char* colour) {
    svg += Element("<text x=\"%.0f\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n", kLeft - 10, y + 16, name.c_str());
    svg += Element("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"18\" fill=\"%s\"/>\n",
                   x(std::min(from, to)), y + 2, std::max(1.0, std::abs(to - from) * scale), colour);
    svg += Element("<text x=\"%.1f\" y=\"%.1f\">%+.2f</text>\n", x(std::max(from, to)) + 4, y + 16, to - from);
    y += kRow;
  };
  for (const auto& [name, weight] : parts) {
    row(name, sum, sum + weight, weight >= 0 ? "#3b7dd8" : "#d8643b");
    sum += weight;
  }
  row("match weight", 0, sum, "#444");
  return svg + "</svg>\n";
}

}  // namespace nayose
