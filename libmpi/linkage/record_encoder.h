// SPDX-License-Identifier: Apache-2.0
// One record to the numbers that linkage keeps of it.
#ifndef LIBMPI_LINKAGE_RECORD_ENCODER_H_
#define LIBMPI_LINKAGE_RECORD_ENCODER_H_

#include <cstdint>
#include <vector>

#include "libmpi/linkage/encoded_record.h"
#include "libmpi/linkage/form_encoder.h"
#include "libmpi/linkage/name_encoder.h"
#include "libmpi/linkage/text_dictionary.h"
#include "libmpi/linkage/text_id_memo.h"
#include "libmpi/record/standardize.h"

namespace libmpi {

// Encodes one record's features; texts go to `texts`.
EncodedRecord EncodeFeatures(const Features& features, const ReadingModel& readings,
                             TextDictionary* texts, MoreValues* more);

// Standardizes and encodes record after record, for one thread. What it gives is what EncodeFeatures
// and AppendBlockingKeys give for the standardizer's features; plain names take a shorter way there.
class RecordEncoder {
 public:
  // Borrows all three.
  RecordEncoder(const Standardizer* standardizer, const ReadingModel* readings, TextDictionary* texts);

  // Fetches from memory what Encode() of this record begins with: to be called a record ahead.
  void Upcoming(const RecordView& record) const {
    if (!record.names.empty()) plain_names_.Upcoming(record.names.front());
  }

  // Appends the record's blocking keys to `keys`, and its further values, if any, to *more.
  EncodedRecord Encode(const RecordView& record, MoreValues* more, std::vector<uint64_t>* keys);

  // Of the record encoded last.
  const std::vector<Finding>& findings() const { return features_.findings; }

 private:
  const Standardizer* standardizer_;
  TextIdMemo places_;
  PlainNameEncoder plain_names_;
  FormEncoder other_names_;
  // Of the record at hand.
  Features features_;
  NameEncoding names_;
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_RECORD_ENCODER_H_
