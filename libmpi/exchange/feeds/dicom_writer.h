// SPDX-License-Identifier: Apache-2.0
// Records as DICOM files that have the patient alone, such as worklists are made of.
#ifndef LIBMPI_EXCHANGE_FEEDS_DICOM_WRITER_H_
#define LIBMPI_EXCHANGE_FEEDS_DICOM_WRITER_H_

#include <memory>

#include "libmpi/exchange/feeds/feed_writer.h"

namespace libmpi {

// A file a patient, 000001.dcm and on: part 10, explicit VR, little endian. The institution is the Issuer of Patient
// ID. options.encoding: ISO-2022-JP (the usual one: \ISO 2022 IR 87, with IR 159 where it is needed) or UTF-8 (ISO_IR
// 192); a patient whom ISO-2022-JP cannot write is written in UTF-8. Without DCMTK as well.
std::unique_ptr<FeedWriter> NewDicomWriter(const FeedWriterOptions& options);
// Names, the first former name, a birth date (YYYYMMDD), a sex (M, F, O), the first address in one piece, phones; as
// long as DICOM has them.
Record DicomAsCarried(const Record& record);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_DICOM_WRITER_H_
