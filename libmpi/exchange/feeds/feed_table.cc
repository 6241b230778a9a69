// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/feed_table.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "libmpi/exchange/record_rows.h"

namespace libmpi {
namespace {

class TableSink final : public FeedSink {
 public:
  explicit TableSink(FeedTable* table) : table_(*table) {}
  void Take(FeedRecord&& patient) override {
    if (patient.withdrawn) return table_.withdrawn.push_back(std::move(patient.record.key));
    const size_t rows = AppendRecordRows(patient.record, &table_.rows);
    table_.lines.insert(table_.lines.end(), rows, static_cast<uint32_t>(std::min<uint64_t>(patient.line, UINT32_MAX)));
  }
  void Refuse(FeedRemark&& remark) override { table_.refused.push_back(std::move(remark)); }
  void Note(FeedRemark&& remark) override { table_.notes.push_back(std::move(remark)); }

 private:
  FeedTable& table_;
};

}  // namespace

FeedTable ReadFeedTable(FeedFormat format, std::string_view bytes, const FeedOptions& options) {
  FeedTable table;
  TableSink sink(&table);
  const std::unique_ptr<FeedParser> parser = NewFeedParser(format, options, &sink);
  table.status = parser->Take(bytes);
  if (table.status.ok()) table.status = parser->End();
  table.encoding = parser->encoding();
  table.malformed = parser->malformed_characters();
  return table;
}

}  // namespace libmpi
