// SPDX-License-Identifier: Apache-2.0
// DICOM: the Patient module of images, reports and worklists.
#ifndef LIBMPI_EXCHANGE_FEEDS_DICOM_H_
#define LIBMPI_EXCHANGE_FEEDS_DICOM_H_

#include <memory>

#include "libmpi/exchange/feeds/feed.h"

namespace libmpi {

// One record: Patient's Name with its groups, Other Patient Names, Birth Name (a former name), ID, Birth Date, Sex,
// Address and Telephone Numbers. The source is the Issuer of Patient ID, else the universal one among its qualifiers,
// else options.source, else the Institution Name, else the file's name, which is noted. Other Patient IDs are other
// issuers', and no key.
//
// Texts are in the Specific Character Set; where none is said, or options.encoding is, as the bytes look. Files of part
// 10 and data sets without their head, in every transfer syntax; what comes after the patient is not looked at. Heads
// larger than options.max_document_bytes are refused, and directories of files (DICOMDIR).
//
// Without DCMTK (LIBMPI_DICOM=OFF): kUnimplemented, whatever the file is.
std::unique_ptr<FeedParser> NewDicomParser(const FeedOptions& options, FeedSink* sink);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_DICOM_H_
