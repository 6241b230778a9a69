# SPDX-License-Identifier: Apache-2.0
"""Disjoint sets over any hashable items."""


class UnionFind:
    def __init__(self):
        self.parent = {}

    def find(self, item):
        parent = self.parent
        if item not in parent:
            parent[item] = item
            return item
        root = item
        while parent[root] != root:
            root = parent[root]
        while parent[item] != root:
            parent[item], item = root, parent[item]
        return root

    def attach(self, child_root, root):
        """Makes `root` the root of both; for callers that keep data at roots."""
        self.parent[child_root] = root

    def union(self, left, right):
        a, b = self.find(left), self.find(right)
        if a != b:
            self.parent[b] = a
