# SPDX-License-Identifier: Apache-2.0
"""Runs record linkage tools side by side on the same lists and scores them with one scorer."""
