// SPDX-License-Identifier: Apache-2.0
#include "libmpi/registry/store_options.h"

#include <algorithm>
#include <cstdarg>
#include <memory>

#include "rocksdb/cache.h"
#include "rocksdb/file_checksum.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/table.h"
#include "rocksdb/write_buffer_manager.h"

namespace libmpi {
namespace {

// Drops what RocksDB would write to a file of its own: a full disk there ends the process (Debian's build asserts),
// and it may hold bytes of keys.
class SilentLog : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

// A strict cache refuses what does not fit, so a part of it must not be smaller than what one reader pins.
int CacheShardBits(uint64_t bytes) {
  int bits = 0;
  while (bits < 4 && (bytes >> (bits + 1)) >= (uint64_t{32} << 20)) ++bits;
  return bits;
}

}  // namespace

std::shared_ptr<rocksdb::Logger> NoLog() { return std::make_shared<SilentLog>(); }

rocksdb::Options RocksOptions(const StoreOptions& options, rocksdb::Env* env) {
  rocksdb::Options rocks;
  rocks.env = env;
  rocks.info_log = NoLog();
  rocks.create_if_missing = options.create;

  // What is not yet in files is charged to the cache: one bound for both.
  const uint64_t memory = options.cache_bytes + options.write_buffer_bytes;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(memory, CacheShardBits(memory), true, 0.5);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.cache_index_and_filter_blocks = true;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.format_version = 5;
  // Most reads are of single keys.
  table.data_block_index_type = rocksdb::BlockBasedTableOptions::kDataBlockBinaryAndHash;
  rocks.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  rocks.write_buffer_manager =
      std::make_shared<rocksdb::WriteBufferManager>(options.write_buffer_bytes, table.block_cache);
  rocks.write_buffer_size = std::max<uint64_t>(options.write_buffer_bytes / 2, uint64_t{64} << 10);
  rocks.max_write_buffer_number = 2;
  rocks.max_background_jobs = 2;
  // RocksDB ends the process where the system gives it no thread to open tables with.
  rocks.max_file_opening_threads = 1;
  // A reader beside a writer keeps all files open: the writer may remove them.
  rocks.max_open_files = options.read_only ? -1 : 1000;

  rocks.paranoid_checks = true;
  // The default drops acknowledged commits behind a bad bit without a word.
  rocks.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  rocks.file_checksum_gen_factory = rocksdb::GetFileChecksumGenCrc32cFactory();
  rocks.memtable_protection_bytes_per_key = 8;
  rocks.recycle_log_file_num = 0;
  // False alarms until 7.10; the store compares its logs with its own mark.
  rocks.track_and_verify_wals_in_manifest = false;
  // No retries behind the store's back: after an error it closes, checks and opens again.
  rocks.max_bgerror_resume_count = 0;

  // Most keys that are asked for are in files, and need no look through memory.
  rocks.memtable_whole_key_filtering = true;
  rocks.memtable_prefix_bloom_size_ratio = 0.05;

  rocks.compression = rocksdb::kLZ4Compression;
  rocks.bottommost_compression = rocksdb::kZSTD;
  rocks.level_compaction_dynamic_level_bytes = true;
  return rocks;
}

uint64_t BallastBytes(const StoreOptions& options) {
  return options.ballast_bytes != 0 ? options.ballast_bytes : 2 * options.write_buffer_bytes;
}

uint64_t RoomToKeep(const StoreOptions& options) {
  return std::max(BallastBytes(options), 3 * options.write_buffer_bytes);
}

}  // namespace libmpi
