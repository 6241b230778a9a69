// SPDX-License-Identifier: Apache-2.0
import com.sun.jna.IntegerType;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * A reception desk: whom might this be, register, under which numbers is the patient known elsewhere. With JNA.
 * <pre>Reception FOLDER</pre>
 */
public class Reception {
  /** C's size_t. JNA makes new objects of it for what functions return. */
  public static class Size extends IntegerType {
    public Size() { this(0); }
    public Size(long value) { super(Native.SIZE_T_SIZE, value, true); }
  }

  /** Texts are byte arrays in UTF-8, which JNA copies for the call; of a String it would take the system's charset. */
  public interface Nayose extends Library {
    Nayose LIB = Native.load("nayose", Nayose.class);
    int MAIN = 1;
    int SOURCE = 1, RECORD_ID = 2, OUTCOME = 9, GRADE = 10;
    int NAME = 2, KANA = 5, BIRTH = 10, PHONE = 23;

    int libmpi_error_code(Pointer error);
    Pointer libmpi_error_message(Pointer error);
    void libmpi_error_free(PointerByReference error);
    Size libmpi_answer_size(Pointer answer, int list);
    int libmpi_answer_text(PointerByReference text, Pointer size, Pointer answer, int list, Size row, int column,
        PointerByReference error);
    void libmpi_answer_free(PointerByReference answer);
    int libmpi_identifier_new(PointerByReference out, byte[] source, Size sourceSize, byte[] value, Size valueSize,
        short part, PointerByReference error);
    void libmpi_identifier_free(PointerByReference identifier);
    int libmpi_attribution_new(PointerByReference out, byte[] actor, Size actorSize, byte[] reason, Size reasonSize,
        PointerByReference error);
    void libmpi_attribution_free(PointerByReference attribution);
    int libmpi_record_new(PointerByReference out, Pointer identifier, PointerByReference error);
    int libmpi_record_add(Pointer record, int field, byte[] text, Size size, PointerByReference error);
    void libmpi_record_free(PointerByReference record);
    int libmpi_options_new(PointerByReference out, PointerByReference error);
    int libmpi_options_set(Pointer options, byte[] name, Size nameSize, byte[] value, Size valueSize,
        PointerByReference error);
    void libmpi_options_free(PointerByReference options);
    int libmpi_registry_open(PointerByReference out, byte[] folder, Size folderSize, Pointer options,
        PointerByReference error);
    int libmpi_registry_close(PointerByReference registry, PointerByReference error);
    int libmpi_registry_put(PointerByReference out, Pointer registry, Pointer record, Pointer by,
        PointerByReference error);
    int libmpi_registry_search(PointerByReference out, Pointer registry, Pointer record, Size most,
        PointerByReference error);
    int libmpi_registry_find(PointerByReference out, Pointer registry, Pointer identifier, Pointer authorities,
        Size count, PointerByReference error);
  }

  private static final Nayose LIB = Nayose.LIB;

  static class Failure extends RuntimeException {
    final int code;
    Failure(Pointer error) {
      super("error " + LIB.libmpi_error_code(error) + ": " + LIB.libmpi_error_message(error).getString(0, "UTF-8"));
      code = LIB.libmpi_error_code(error);
    }
  }

  /** A handle that try-with-resources frees; without it nobody does. */
  static class Handle implements AutoCloseable {
    private final PointerByReference handle = new PointerByReference();
    private final Consumer<PointerByReference> free;

    /** Makes it by a function that takes where to put it and where to put an error. */
    Handle(BiFunction<PointerByReference, PointerByReference, Integer> maker, Consumer<PointerByReference> free) {
      this.free = free;
      call(error -> maker.apply(handle, error));
    }
    Pointer get() { return handle.getValue(); }
    @Override public void close() { free.accept(handle); }
  }

  interface Function { int apply(PointerByReference error); }

  static void call(Function function) {
    PointerByReference error = new PointerByReference();
    if (function.apply(error) == 0) return;
    try {
      throw new Failure(error.getValue());
    } finally {
      LIB.libmpi_error_free(error);
    }
  }

  static byte[] bytes(String text) { return text.getBytes(StandardCharsets.UTF_8); }
  static Size size(String text) { return new Size(bytes(text).length); }

  static String text(Handle answer, long row, int column) {
    PointerByReference text = new PointerByReference();
    call(error -> LIB.libmpi_answer_text(text, null, answer.get(), Nayose.MAIN, new Size(row), column, error));
    return text.getValue() == null ? "" : text.getValue().getString(0, "UTF-8");  // a copy: it is the answer's
  }

  static Handle answer(BiFunction<PointerByReference, PointerByReference, Integer> question) {
    return new Handle(question, LIB::libmpi_answer_free);
  }
  static Handle identifier(String source, String value) {
    return new Handle((out, error) -> LIB.libmpi_identifier_new(out, bytes(source), size(source), bytes(value),
        size(value), (short) 0, error), LIB::libmpi_identifier_free);
  }

  static Handle openRegistry(String folder) {
    try (Handle options = new Handle(LIB::libmpi_options_new, LIB::libmpi_options_free)) {
      call(error ->
          LIB.libmpi_options_set(options.get(), bytes("create"), size("create"), bytes("1"), size("1"), error));
      return new Handle((out, error) ->
          LIB.libmpi_registry_open(out, bytes(folder), size(folder), options.get(), error),
          registry -> call(error -> LIB.libmpi_registry_close(registry, error)));
    }
  }

  static void receive(Handle registry, Handle by, String source, String value, Map<Integer, String> said) {
    try (Handle key = identifier(source, value);
        Handle patient = new Handle((out, error) -> LIB.libmpi_record_new(out, key.get(), error),
            LIB::libmpi_record_free)) {
      said.forEach((field, text) ->
          call(error -> LIB.libmpi_record_add(patient.get(), field, bytes(text), size(text), error)));
      try (Handle like = answer((out, error) ->
          LIB.libmpi_registry_search(out, registry.get(), patient.get(), new Size(5), error))) {
        for (long row = 0; row < LIB.libmpi_answer_size(like.get(), Nayose.MAIN).longValue(); ++row)
          System.out.println(source + ":" + value + " is like " + text(like, row, Nayose.SOURCE) + ":"
              + text(like, row, Nayose.RECORD_ID) + ": " + text(like, row, Nayose.GRADE));
      }
      try (Handle put = answer((out, error) ->
          LIB.libmpi_registry_put(out, registry.get(), patient.get(), by.get(), error))) {
        System.out.println(source + ":" + value + " " + text(put, 0, Nayose.OUTCOME));
      }
    }
  }

  static void printIdentifiers(Handle registry, String source, String value) {
    try (Handle key = identifier(source, value);
        Handle found = answer((out, error) ->
            LIB.libmpi_registry_find(out, registry.get(), key.get(), null, new Size(0), error))) {
      for (long row = 0; row < LIB.libmpi_answer_size(found.get(), Nayose.MAIN).longValue(); ++row)
        System.out.println(text(found, row, Nayose.SOURCE) + ":" + text(found, row, Nayose.RECORD_ID));
    } catch (Failure failure) {
      System.out.println(failure.getMessage());
    }
  }

  public static void main(String[] arguments) {
    try (Handle registry = openRegistry(arguments[0]);
        Handle by = new Handle((out, error) ->
            LIB.libmpi_attribution_new(out, bytes("reception"), size("reception"), null, new Size(0), error),
            LIB::libmpi_attribution_free)) {
      receive(registry, by, "H001", "1", Map.of(Nayose.NAME, "渡邊 太郎", Nayose.KANA, "ワタナベ タロウ",
          Nayose.BIRTH, "1980-01-02", Nayose.PHONE, "022-123-4567"));
      receive(registry, by, "C001", "7", Map.of(Nayose.NAME, "渡辺太郎", Nayose.KANA, "ﾜﾀﾅﾍﾞ ﾀﾛｳ",
          Nayose.BIRTH, "S55.1.2", Nayose.PHONE, "0221234567"));
      printIdentifiers(registry, "H001", "1");
      printIdentifiers(registry, "H001", "2");  // never registered
    }
  }
}
