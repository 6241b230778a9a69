// SPDX-License-Identifier: Apache-2.0
// A reception desk: whom might this be, register, under which numbers is the patient known elsewhere. C++17.
//   reception FOLDER
#include <nayose.h>

#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

// A handle that frees itself. out() is for the functions that make one.
template <typename T, auto Free>
class Handle {
 public:
  Handle() = default;
  Handle(Handle&& other) noexcept : handle_(other.handle_) { other.handle_ = nullptr; }
  ~Handle() { Free(&handle_); }
  T** out() { return Free(&handle_), &handle_; }
  operator T*() const { return handle_; }

 private:
  T* handle_ = nullptr;
};
using Error = Handle<libmpi_error, libmpi_error_free>;
using Answer = Handle<libmpi_answer, libmpi_answer_free>;
using Identifier = Handle<libmpi_identifier, libmpi_identifier_free>;
using Attribution = Handle<libmpi_attribution, libmpi_attribution_free>;
using Record = Handle<libmpi_record, libmpi_record_free>;
using Options = Handle<libmpi_options, libmpi_options_free>;
// Every change is on disk when its function returns: what closing says may be passed over.
inline void Close(libmpi_registry** registry) { libmpi_registry_close(registry, nullptr); }
using Registry = Handle<libmpi_registry, Close>;

// Calls with an error as the last argument, and throws it.
struct Failure : std::runtime_error {
  explicit Failure(libmpi_error* error) : runtime_error(libmpi_error_message(error)), code(libmpi_error_code(error)) {}
  libmpi_code code;
};
template <typename... Parameters, typename... Arguments>
void Call(libmpi_code (*function)(Parameters...), Arguments&&... arguments) {
  Error error;
  if (function(std::forward<Arguments>(arguments)..., error.out()) != LIBMPI_OK) throw Failure(error);
}

std::string Text(const Answer& answer, size_t row, libmpi_column column) {
  const char* data = nullptr;  // the answer's: copied before that is freed
  Call(libmpi_answer_text, &data, nullptr, answer, LIBMPI_LIST_MAIN, row, column);
  return data == nullptr ? "" : data;
}

std::string Name(const Answer& answer, size_t row) {
  return Text(answer, row, LIBMPI_COLUMN_SOURCE) + ":" + Text(answer, row, LIBMPI_COLUMN_RECORD_ID);
}

Registry OpenRegistry(std::string_view folder) {
  Registry registry;
  Options options;
  Call(libmpi_options_new, options.out());
  Call(libmpi_options_set, options, "create", LIBMPI_NUL, "1", LIBMPI_NUL);
  Call(libmpi_registry_open, registry.out(), folder.data(), folder.size(), options);
  return registry;
}

Identifier MakeIdentifier(std::string_view source, std::string_view value) {
  Identifier out;
  Call(libmpi_identifier_new, out.out(), source.data(), source.size(), value.data(), value.size(), 0);
  return out;
}

void Receive(const Registry& registry, const Attribution& by, const std::string& source, const std::string& value,
             std::string_view name, std::string_view kana, std::string_view birth, std::string_view phone) {
  Record patient;
  Call(libmpi_record_new, patient.out(), MakeIdentifier(source, value));
  Call(libmpi_record_add, patient, LIBMPI_FIELD_NAME, name.data(), name.size());
  Call(libmpi_record_add, patient, LIBMPI_FIELD_KANA, kana.data(), kana.size());
  Call(libmpi_record_add, patient, LIBMPI_FIELD_BIRTH, birth.data(), birth.size());
  Call(libmpi_record_add, patient, LIBMPI_FIELD_PHONE, phone.data(), phone.size());
  Answer answer;
  Call(libmpi_registry_search, answer.out(), registry, patient, 5);
  for (size_t row = 0; row < libmpi_answer_size(answer, LIBMPI_LIST_MAIN); ++row)
    std::cout << source << ":" << value << " is like " << Name(answer, row) << ": "
              << Text(answer, row, LIBMPI_COLUMN_GRADE) << "\n";
  Call(libmpi_registry_put, answer.out(), registry, patient, by);
  std::cout << source << ":" << value << " " << Text(answer, 0, LIBMPI_COLUMN_OUTCOME) << "\n";
}

void PrintIdentifiers(const Registry& registry, std::string_view source, std::string_view value) try {
  Answer answer;
  Call(libmpi_registry_find, answer.out(), registry, MakeIdentifier(source, value), nullptr, 0);
  for (size_t row = 0; row < libmpi_answer_size(answer, LIBMPI_LIST_MAIN); ++row)
    std::cout << Name(answer, row) << "\n";
} catch (const Failure& failure) {
  std::cout << "error " << failure.code << ": " << failure.what() << "\n";
}

int main(int argc, char** argv) try {
  if (argc != 2) return 2;
  const Registry registry = OpenRegistry(argv[1]);
  Attribution by;
  Call(libmpi_attribution_new, by.out(), "reception", LIBMPI_NUL, nullptr, 0);
  Receive(registry, by, "H001", "1", "渡邊 太郎", "ワタナベ タロウ", "1980-01-02", "022-123-4567");
  Receive(registry, by, "C001", "7", "渡辺太郎", "ﾜﾀﾅﾍﾞ ﾀﾛｳ", "S55.1.2", "0221234567");
  PrintIdentifiers(registry, "H001", "1");
  PrintIdentifiers(registry, "H001", "2");  // never registered
} catch (const Failure& failure) {
  std::cerr << "error " << failure.code << ": " << failure.what() << "\n";
  return 1;
}
