// SPDX-License-Identifier: Apache-2.0
using System;
using System.Runtime.InteropServices;
using System.Text;

// A handle that frees itself: SafeHandle keeps it alive while a call uses it, whatever the garbage collector does.
abstract class Handle : SafeHandle {
  protected delegate void Free(ref IntPtr handle);
  protected Handle() : base(IntPtr.Zero, true) { }
  public override bool IsInvalid => handle == IntPtr.Zero;
  protected abstract Free Freeing { get; }
  protected override bool ReleaseHandle() { Freeing(ref handle); return true; }
}
sealed class Answer : Handle { protected override Free Freeing => Nayose.libmpi_answer_free; }
sealed class Identifier : Handle { protected override Free Freeing => Nayose.libmpi_identifier_free; }
sealed class Attribution : Handle { protected override Free Freeing => Nayose.libmpi_attribution_free; }
sealed class Record : Handle { protected override Free Freeing => Nayose.libmpi_record_free; }
sealed class Options : Handle { protected override Free Freeing => Nayose.libmpi_options_free; }
// Every change is on disk when its function returns: what closing says may be passed over.
sealed class Registry : Handle {
  protected override Free Freeing => (ref IntPtr registry) => Nayose.libmpi_registry_close(ref registry, IntPtr.Zero);
}

sealed class Failure : Exception {
  public readonly int Code;
  public Failure(int code, string message) : base($"error {code}: {message}") { Code = code; }
}

// Texts go in as UTF-8 in byte arrays, which the runtime pins for the call, with their length; a string in a signature
// would be the system's code page on Windows. What may be NULL is IntPtr; size_t is UIntPtr.
static class Nayose {
  const string Lib = "nayose";
  const CallingConvention C = CallingConvention.Cdecl;
  public const int Main = 1;
  public const int Source = 1, RecordId = 2, Outcome = 9, Grade = 10;
  public const int Name = 2, Kana = 5, Birth = 10, Phone = 23;

  [DllImport(Lib, CallingConvention = C)] public static extern int libmpi_error_code(IntPtr error);
  [DllImport(Lib, CallingConvention = C)] public static extern IntPtr libmpi_error_message(IntPtr error);
  [DllImport(Lib, CallingConvention = C)] public static extern void libmpi_error_free(ref IntPtr error);
  [DllImport(Lib, CallingConvention = C)] public static extern UIntPtr libmpi_answer_size(Answer answer, int list);
  [DllImport(Lib, CallingConvention = C)] public static extern int libmpi_answer_text(
      out IntPtr text, IntPtr size, Answer answer, int list, UIntPtr row, int column, out IntPtr error);
  [DllImport(Lib, CallingConvention = C)] public static extern void libmpi_answer_free(ref IntPtr answer);
  [DllImport(Lib, CallingConvention = C)] public static extern int libmpi_identifier_new(
      out Identifier identifier, byte[] source, UIntPtr sourceSize, byte[] value, UIntPtr valueSize, ushort part,
      out IntPtr error);
  [DllImport(Lib, CallingConvention = C)] public static extern void libmpi_identifier_free(ref IntPtr identifier);
  [DllImport(Lib, CallingConvention = C)] public static extern int libmpi_attribution_new(
      out Attribution attribution, byte[] actor, UIntPtr actorSize, byte[] reason, UIntPtr reasonSize,
      out IntPtr error);
  [DllImport(Lib, CallingConvention = C)] public static extern void libmpi_attribution_free(ref IntPtr attribution);
  [DllImport(Lib, CallingConvention = C)] public static extern int libmpi_record_new(
      out Record record, Identifier identifier, out IntPtr error);
  [DllImport(Lib, CallingConvention = C)] public static extern int libmpi_record_add(
      Record record, int field, byte[] text, UIntPtr size, out IntPtr error);
  [DllImport(Lib, CallingConvention = C)] public static extern void libmpi_record_free(ref IntPtr record);
  [DllImport(Lib, CallingConvention = C)] public static extern int libmpi_options_new(
      out Options options, out IntPtr error);
  [DllImport(Lib, CallingConvention = C)] public static extern int libmpi_options_set(
      Options options, byte[] name, UIntPtr nameSize, byte[] value, UIntPtr valueSize, out IntPtr error);
  [DllImport(Lib, CallingConvention = C)] public static extern void libmpi_options_free(ref IntPtr options);
  [DllImport(Lib, CallingConvention = C)] public static extern int libmpi_registry_open(
      out Registry registry, byte[] folder, UIntPtr folderSize, Options options, out IntPtr error);
  [DllImport(Lib, CallingConvention = C)] public static extern int libmpi_registry_close(
      ref IntPtr registry, IntPtr error);
  [DllImport(Lib, CallingConvention = C)] public static extern int libmpi_registry_put(
      out Answer answer, Registry registry, Record record, Attribution by, out IntPtr error);
  [DllImport(Lib, CallingConvention = C)] public static extern int libmpi_registry_search(
      out Answer answer, Registry registry, Record record, UIntPtr most, out IntPtr error);
  [DllImport(Lib, CallingConvention = C)] public static extern int libmpi_registry_find(
      out Answer answer, Registry registry, Identifier identifier, IntPtr authorities, UIntPtr count, out IntPtr error);

  // Throws what a call put into its last parameter.
  public static void Must(int code, IntPtr error) {
    if (code == 0) return;
    var failure = new Failure(code, Marshal.PtrToStringUTF8(libmpi_error_message(error)));
    libmpi_error_free(ref error);
    throw failure;
  }
}

// A reception desk: whom might this be, register, under which numbers is the patient known elsewhere.
//   Reception FOLDER
static class Reception {
  static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
  static UIntPtr Size(byte[] bytes) => (UIntPtr)bytes.Length;

  static ulong Rows(Answer answer) => (ulong)Nayose.libmpi_answer_size(answer, Nayose.Main);

  static string Cell(Answer answer, ulong row, int column) {
    Nayose.Must(Nayose.libmpi_answer_text(out var text, IntPtr.Zero, answer, Nayose.Main, (UIntPtr)row, column,
        out var error), error);
    return Marshal.PtrToStringUTF8(text) ?? "";  // a copy: the text itself is the answer's
  }

  static Registry OpenRegistry(string folder) {
    byte[] path = Bytes(folder), create = Bytes("create"), yes = Bytes("1");
    Nayose.Must(Nayose.libmpi_options_new(out var options, out var error), error);
    using (options) {
      Nayose.Must(Nayose.libmpi_options_set(options, create, Size(create), yes, Size(yes), out error), error);
      Nayose.Must(Nayose.libmpi_registry_open(out var registry, path, Size(path), options, out error), error);
      return registry;
    }
  }

  static Identifier Identify(string source, string value) {
    byte[] s = Bytes(source), v = Bytes(value);
    Nayose.Must(Nayose.libmpi_identifier_new(out var key, s, Size(s), v, Size(v), 0, out var error), error);
    return key;
  }

  static void Receive(Registry registry, Attribution by, string source, string value,
      params (int Field, string Text)[] said) {
    using (var key = Identify(source, value)) {
      Nayose.Must(Nayose.libmpi_record_new(out var patient, key, out var error), error);
      using (patient) {
        foreach (var one in said) {
          var bytes = Bytes(one.Text);
          Nayose.Must(Nayose.libmpi_record_add(patient, one.Field, bytes, Size(bytes), out error), error);
        }
        Nayose.Must(Nayose.libmpi_registry_search(out var like, registry, patient, (UIntPtr)5, out error), error);
        using (like)
          for (ulong row = 0; row < Rows(like); ++row)
            Console.WriteLine($"{source}:{value} is like {Cell(like, row, Nayose.Source)}:" +
                $"{Cell(like, row, Nayose.RecordId)}: {Cell(like, row, Nayose.Grade)}");
        Nayose.Must(Nayose.libmpi_registry_put(out var put, registry, patient, by, out error), error);
        using (put) Console.WriteLine($"{source}:{value} {Cell(put, 0, Nayose.Outcome)}");
      }
    }
  }

  static void PrintIdentifiers(Registry registry, string source, string value) {
    using (var key = Identify(source, value)) {
      try {
        Nayose.Must(Nayose.libmpi_registry_find(out var found, registry, key, IntPtr.Zero, UIntPtr.Zero, out var error),
            error);
        using (found)
          for (ulong row = 0; row < Rows(found); ++row)
            Console.WriteLine($"{Cell(found, row, Nayose.Source)}:{Cell(found, row, Nayose.RecordId)}");
      } catch (Failure failure) {
        Console.WriteLine(failure.Message);
      }
    }
  }

  static void Main(string[] arguments) {
    var actor = Bytes("reception");
    using (var registry = OpenRegistry(arguments[0])) {
      Nayose.Must(Nayose.libmpi_attribution_new(out var by, actor, Size(actor), null, UIntPtr.Zero, out var error),
          error);
      using (by) {
        Receive(registry, by, "H001", "1", (Nayose.Name, "渡邊 太郎"), (Nayose.Kana, "ワタナベ タロウ"),
            (Nayose.Birth, "1980-01-02"), (Nayose.Phone, "022-123-4567"));
        Receive(registry, by, "C001", "7", (Nayose.Name, "渡辺太郎"), (Nayose.Kana, "ﾜﾀﾅﾍﾞ ﾀﾛｳ"),
            (Nayose.Birth, "S55.1.2"), (Nayose.Phone, "0221234567"));
      }
      PrintIdentifiers(registry, "H001", "1");
      PrintIdentifiers(registry, "H001", "2");  // never registered
    }
  }
}
