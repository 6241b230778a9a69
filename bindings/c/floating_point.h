// SPDX-License-Identifier: Apache-2.0
// Internal to bindings/c.
#ifndef LIBMPI_BINDINGS_C_FLOATING_POINT_H_
#define LIBMPI_BINDINGS_C_FLOATING_POINT_H_

#include <cfenv>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace libmpi::c {

// The usual state of floating point while it lives, then the caller's again: callers' may trap, as Delphi's and Free
// Pascal's does where a logarithm of 0 is taken, or round otherwise or take small numbers for 0, which would change
// weights. Some nanoseconds.
class UsualFloatingPoint {
 public:
  UsualFloatingPoint() : unusual_(Unusual()) {
    if (unusual_ && std::fegetenv(&callers_) == 0) std::fesetenv(FE_DFL_ENV);
  }
  ~UsualFloatingPoint() {
    if (unusual_) std::fesetenv(&callers_);
  }
  UsualFloatingPoint(const UsualFloatingPoint&) = delete;
  UsualFloatingPoint& operator=(const UsualFloatingPoint&) = delete;

 private:
  static bool Unusual() {
#if defined(__x86_64__)
    // The C library looks at the x87's state alone. All but the flags of what has happened, as at a program's start.
    if ((_mm_getcsr() & ~0x3Fu) != 0x1F80) return true;
#endif
    return fegetexcept() != 0 || std::fegetround() != FE_TONEAREST;
  }

  const bool unusual_;
  std::fenv_t callers_;
};

}  // namespace libmpi::c

#endif  // LIBMPI_BINDINGS_C_FLOATING_POINT_H_
