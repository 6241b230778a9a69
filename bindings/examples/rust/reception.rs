// SPDX-License-Identifier: Apache-2.0
//! A reception desk: whom might this be, register, under which numbers is the patient known elsewhere.
//!     reception FOLDER
use std::ffi::{c_char, CStr};
use std::ptr::{null, null_mut};

/// Opaque handles: never made, moved or looked into on this side.
macro_rules! opaque { ($($name:ident)*) => { $(#[repr(C)] pub struct $name { _private: [u8; 0] })* } }
opaque! { CError CAnswer CIdentifier CAttribution CRecord COptions CRegistry }
type Code = i32;

#[link(name = "nayose")]
extern "C" {
    fn libmpi_error_code(error: *const CError) -> Code;
    fn libmpi_error_message(error: *const CError) -> *const c_char;
    fn libmpi_error_free(error: *mut *mut CError);
    fn libmpi_answer_size(answer: *const CAnswer, list: i32) -> usize;
    fn libmpi_answer_text(text_out: *mut *const c_char, size_out: *mut usize, answer: *const CAnswer, list: i32,
                          row: usize, column: i32, error: *mut *mut CError) -> Code;
    fn libmpi_answer_free(answer: *mut *mut CAnswer);
    fn libmpi_identifier_new(out: *mut *mut CIdentifier, source: *const u8, source_size: usize, value: *const u8,
                             value_size: usize, part: u16, error: *mut *mut CError) -> Code;
    fn libmpi_identifier_free(identifier: *mut *mut CIdentifier);
    fn libmpi_attribution_new(out: *mut *mut CAttribution, actor: *const u8, actor_size: usize, reason: *const u8,
                              reason_size: usize, error: *mut *mut CError) -> Code;
    fn libmpi_attribution_free(attribution: *mut *mut CAttribution);
    fn libmpi_record_new(out: *mut *mut CRecord, identifier: *const CIdentifier, error: *mut *mut CError) -> Code;
    fn libmpi_record_add(record: *mut CRecord, field: i32, text: *const u8, size: usize,
                         error: *mut *mut CError) -> Code;
    fn libmpi_record_free(record: *mut *mut CRecord);
    fn libmpi_options_new(out: *mut *mut COptions, error: *mut *mut CError) -> Code;
    fn libmpi_options_set(options: *mut COptions, name: *const u8, name_size: usize, value: *const u8,
                          value_size: usize, error: *mut *mut CError) -> Code;
    fn libmpi_options_free(options: *mut *mut COptions);
    fn libmpi_registry_open(out: *mut *mut CRegistry, folder: *const u8, folder_size: usize, options: *const COptions,
                            error: *mut *mut CError) -> Code;
    fn libmpi_registry_close(registry: *mut *mut CRegistry, error: *mut *mut CError) -> Code;
    fn libmpi_registry_put(out: *mut *mut CAnswer, registry: *mut CRegistry, record: *const CRecord,
                           by: *const CAttribution, error: *mut *mut CError) -> Code;
    fn libmpi_registry_search(out: *mut *mut CAnswer, registry: *const CRegistry, record: *const CRecord, most: usize,
                              error: *mut *mut CError) -> Code;
    fn libmpi_registry_find(out: *mut *mut CAnswer, registry: *const CRegistry, identifier: *const CIdentifier,
                            authorities: *const *const c_char, count: usize, error: *mut *mut CError) -> Code;
}
// The numbers of nayose.h.
const MAIN: i32 = 1;
const SOURCE: i32 = 1;
const RECORD_ID: i32 = 2;
const OUTCOME: i32 = 9;
const GRADE: i32 = 10;
const NAME: i32 = 2;
const KANA: i32 = 5;
const BIRTH: i32 = 10;
const PHONE: i32 = 23;

#[derive(Debug)]
struct Failure {
    code: Code,
    message: String,
}
type Result<T> = std::result::Result<T, Failure>;

/// What a function made, or its failure, copied. For functions that make nothing, T is ().
fn call<T>(function: impl FnOnce(*mut *mut T, *mut *mut CError) -> Code) -> Result<*mut T> {
    let (mut out, mut error) = (null_mut(), null_mut());
    if function(&mut out, &mut error) == 0 {
        return Ok(out);
    }
    unsafe {
        let message = CStr::from_ptr(libmpi_error_message(error)).to_string_lossy().into_owned();
        let code = libmpi_error_code(error);
        libmpi_error_free(&mut error);
        Err(Failure { code, message })
    }
}

/// Handles that free themselves.
macro_rules! handle {
    ($name:ident, $c:ident, $free:expr) => {
        struct $name(*mut $c);
        impl Drop for $name {
            fn drop(&mut self) {
                unsafe { $free(&mut self.0) };
            }
        }
    };
}
handle!(Answer, CAnswer, libmpi_answer_free);
handle!(Identifier, CIdentifier, libmpi_identifier_free);
handle!(Attribution, CAttribution, libmpi_attribution_free);
handle!(Record, CRecord, libmpi_record_free);
handle!(Options, COptions, libmpi_options_free);
handle!(Registry, CRegistry, |r| libmpi_registry_close(r, null_mut())); // changes are on disk already

// Threads may share these two always; the other handles only while nobody changes them.
unsafe impl Send for Answer {}
unsafe impl Sync for Answer {}
unsafe impl Send for Registry {}
unsafe impl Sync for Registry {}

impl Answer {
    fn size(&self) -> usize {
        unsafe { libmpi_answer_size(self.0, MAIN) }
    }
    /// Borrowed: the answer owns its texts. A text that there is none of is empty here.
    fn text(&self, row: usize, column: i32) -> Result<&str> {
        let data: *mut c_char = call(|out: *mut *mut c_char, error| unsafe {
            libmpi_answer_text(out.cast(), null_mut(), self.0, MAIN, row, column, error)
        })?;
        Ok(if data.is_null() { "" } else { unsafe { CStr::from_ptr(data) }.to_str().expect("UTF-8") })
    }
    fn name(&self, row: usize) -> Result<String> {
        Ok(format!("{}:{}", self.text(row, SOURCE)?, self.text(row, RECORD_ID)?))
    }
}

impl Identifier {
    fn new(source: &str, value: &str) -> Result<Self> {
        call(|out, error| unsafe {
            libmpi_identifier_new(out, source.as_ptr(), source.len(), value.as_ptr(), value.len(), 0, error)
        }).map(Self)
    }
}

impl Registry {
    fn open(folder: &str) -> Result<Self> {
        let options = Options(call(|out, error| unsafe { libmpi_options_new(out, error) })?);
        call::<()>(|_, error| unsafe { libmpi_options_set(options.0, "create".as_ptr(), 6, "1".as_ptr(), 1, error) })?;
        call(|out, error| unsafe {
            libmpi_registry_open(out, folder.as_ptr(), folder.len(), options.0, error)
        }).map(Self)
    }

    fn receive(&self, by: &Attribution, source: &str, value: &str, said: &[(i32, &str)]) -> Result<()> {
        let key = Identifier::new(source, value)?;
        let patient = Record(call(|out, error| unsafe { libmpi_record_new(out, key.0, error) })?);
        for (field, text) in said {
            call::<()>(|_, error| unsafe { libmpi_record_add(patient.0, *field, text.as_ptr(), text.len(), error) })?;
        }
        let like = Answer(call(|out, error| unsafe { libmpi_registry_search(out, self.0, patient.0, 5, error) })?);
        for row in 0..like.size() {
            println!("{source}:{value} is like {}: {}", like.name(row)?, like.text(row, GRADE)?);
        }
        let put = Answer(call(|out, error| unsafe { libmpi_registry_put(out, self.0, patient.0, by.0, error) })?);
        println!("{source}:{value} {}", put.text(0, OUTCOME)?);
        Ok(())
    }

    fn find(&self, source: &str, value: &str) -> Result<Answer> {
        let key = Identifier::new(source, value)?;
        call(|out, error| unsafe { libmpi_registry_find(out, self.0, key.0, null(), 0, error) }).map(Answer)
    }
}

fn main() -> Result<()> {
    let registry = Registry::open(&std::env::args().nth(1).expect("a folder"))?;
    let by = Attribution(call(|out, error| unsafe {
        libmpi_attribution_new(out, "reception".as_ptr(), 9, null(), 0, error)
    })?);
    registry.receive(&by, "H001", "1",
        &[(NAME, "渡邊 太郎"), (KANA, "ワタナベ タロウ"), (BIRTH, "1980-01-02"), (PHONE, "022-123-4567")])?;
    registry.receive(&by, "C001", "7",
        &[(NAME, "渡辺太郎"), (KANA, "ﾜﾀﾅﾍﾞ ﾀﾛｳ"), (BIRTH, "S55.1.2"), (PHONE, "0221234567")])?;
    for value in ["1", "2"] { // 2 was never registered
        match registry.find("H001", value) {
            Ok(found) => for row in 0..found.size() {
                println!("{}", found.name(row)?);
            },
            Err(failure) => println!("error {}: {}", failure.code, failure.message),
        }
    }
    Ok(())
}
