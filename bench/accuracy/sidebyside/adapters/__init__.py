# SPDX-License-Identifier: Apache-2.0
"""One program a tool, run in the tool's own environment. See exchange.py for what goes in and out."""
