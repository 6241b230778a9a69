// SPDX-License-Identifier: Apache-2.0
// The HL7 v2 messages of a file, cut out of its bytes before anything is decoded. Internal to libmpi/exchange/feeds.
#ifndef LIBMPI_EXCHANGE_FEEDS_HL7_MESSAGES_H_
#define LIBMPI_EXCHANGE_FEEDS_HL7_MESSAGES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace libmpi {

// Of one message: the segments that say who a patient is, or what becomes of them.
struct Hl7Message {
  uint64_t line = 0;            // of its MSH, 1-based
  std::string bytes;            // MSH, EVN, PID and IN1 as they were sent, each ended by CR
  std::vector<uint64_t> lines;  // of each of those
  std::string defect;           // not empty: why it can't be read
};

class Hl7MessageSink {
 public:
  virtual ~Hl7MessageSink() = default;
  // The message stays as long as the call.
  virtual void TakeMessage(const Hl7Message& message) = 0;
  // What is odd about the file itself.
  virtual void NoteFile(uint64_t line, std::string reason) = 0;
};

// Segments end with CR, LF or both, messages where the next MSH or batch header stands, or where their MLLP frame
// (0x0B ... 0x1C) ends. These four bytes are no part of a character in any set that is read here, and after each of
// them ISO-2022-JP is in ASCII: cutting there, and looking at a segment's name, needs no decoding. Nothing else is cut
// here.
//
// Segments that say nothing of who a patient is (observations, with documents of megabytes in them) go by unheld:
// memory is that of one message's other segments. Linear in the bytes, however they are cut into pieces.
class Hl7Messages {
 public:
  Hl7Messages(size_t max_line_bytes, size_t max_message_bytes, Hl7MessageSink* sink)
      : max_line_bytes_(max_line_bytes), max_message_bytes_(max_message_bytes), sink_(*sink) {}

  void Take(std::string_view bytes);
  void End();
  // Whether there was a message, or a batch of none; if not, it is no such file.
  bool found_any() const { return found_any_; }

 private:
  void Hold(std::string_view part);
  void EndLine(std::string_view last_part);
  void TakeLine(std::string_view line, bool too_long);
  void TakeHeader(std::string_view line);
  void TakeSegment(std::string_view line, bool too_long);
  void BeginMessage();
  void EndMessage();

  const size_t max_line_bytes_, max_message_bytes_;
  Hl7MessageSink& sink_;

  uint64_t line_ = 1;
  std::string held_;       // of a line that began in an earlier piece
  size_t line_bytes_ = 0;  // of that line, held or not
  bool after_cr_ = false;
  bool in_frame_ = false, found_any_ = false, noted_preamble_ = false;

  Hl7Message message_;
  bool in_message_ = false;
  char delimiter_ = '|';
  bool kept_last_ = false;    // whether the segment before this line was kept
  uint64_t file_header_ = 0;  // the line of an FHS that has no FTS yet; 0: none
  uint64_t in_batch_ = 0;     // messages since the last BHS
};

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_HL7_MESSAGES_H_
