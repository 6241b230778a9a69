{ SPDX-License-Identifier: Apache-2.0
  A reception desk: whom might this be, register, under which numbers is the patient known elsewhere.
    reception FOLDER }
program reception;

{$ifdef FPC}{$mode delphi}{$codepage utf8}{$else}{$apptype console}{$endif}

uses
  SysUtils;

const
  Lib = {$ifdef FPC}'nayose'{$else}'libnayose.so'{$endif};
  { The numbers of nayose.h. }
  cMain = 1;
  cSource = 1; cRecordId = 2; cOutcome = 9; cGrade = 10;
  cName = 2; cKana = 5; cBirth = 10; cPhone = 23;

type
  TSize = NativeUInt;
  { Opaque handles. A type each: the compiler then notices where one stands for another. }
  TError = type Pointer;
  TAnswer = type Pointer;
  TIdentifier = type Pointer;
  TAttribution = type Pointer;
  TRecord = type Pointer;
  TOptions = type Pointer;
  TRegistry = type Pointer;

  EFailure = class(Exception)
    Code: Integer;
    constructor Create(Error: TError);
  end;

{ cdecl everywhere, for callbacks as well; out and var pass the address, which is what *_free takes. Texts are
  UTF8String with their Length; string is UTF-16 in Delphi. }
function libmpi_error_code(Error: TError): Integer; cdecl; external Lib;
function libmpi_error_message(Error: TError): PAnsiChar; cdecl; external Lib;
procedure libmpi_error_free(var Error: TError); cdecl; external Lib;
function libmpi_answer_size(Answer: TAnswer; List: Integer): TSize; cdecl; external Lib;
function libmpi_answer_text(out Text: PAnsiChar; out Size: TSize; Answer: TAnswer; List: Integer; Row: TSize;
  Column: Integer; out Error: TError): Integer; cdecl; external Lib;
procedure libmpi_answer_free(var Answer: TAnswer); cdecl; external Lib;
function libmpi_identifier_new(out Identifier: TIdentifier; Source: PAnsiChar; SourceSize: TSize; Value: PAnsiChar;
  ValueSize: TSize; Part: Word; out Error: TError): Integer; cdecl; external Lib;
procedure libmpi_identifier_free(var Identifier: TIdentifier); cdecl; external Lib;
function libmpi_attribution_new(out By: TAttribution; Actor: PAnsiChar; ActorSize: TSize; Reason: PAnsiChar;
  ReasonSize: TSize; out Error: TError): Integer; cdecl; external Lib;
procedure libmpi_attribution_free(var By: TAttribution); cdecl; external Lib;
function libmpi_record_new(out Patient: TRecord; Identifier: TIdentifier;
  out Error: TError): Integer; cdecl; external Lib;
function libmpi_record_add(Patient: TRecord; Field: Integer; Text: PAnsiChar; Size: TSize;
  out Error: TError): Integer; cdecl; external Lib;
procedure libmpi_record_free(var Patient: TRecord); cdecl; external Lib;
function libmpi_options_new(out Options: TOptions; out Error: TError): Integer; cdecl; external Lib;
function libmpi_options_set(Options: TOptions; Name: PAnsiChar; NameSize: TSize; Value: PAnsiChar; ValueSize: TSize;
  out Error: TError): Integer; cdecl; external Lib;
procedure libmpi_options_free(var Options: TOptions); cdecl; external Lib;
function libmpi_registry_open(out Registry: TRegistry; Folder: PAnsiChar; FolderSize: TSize; Options: TOptions;
  out Error: TError): Integer; cdecl; external Lib;
function libmpi_registry_close(var Registry: TRegistry; out Error: TError): Integer; cdecl; external Lib;
function libmpi_registry_put(out Answer: TAnswer; Registry: TRegistry; Patient: TRecord; By: TAttribution;
  out Error: TError): Integer; cdecl; external Lib;
function libmpi_registry_search(out Answer: TAnswer; Registry: TRegistry; Patient: TRecord; Most: TSize;
  out Error: TError): Integer; cdecl; external Lib;
function libmpi_registry_find(out Answer: TAnswer; Registry: TRegistry; Identifier: TIdentifier; Authorities: Pointer;
  Count: TSize; out Error: TError): Integer; cdecl; external Lib;

constructor EFailure.Create(Error: TError);
begin
  Code := libmpi_error_code(Error);
  inherited CreateFmt('error %d: %s', [Code, UTF8String(libmpi_error_message(Error))]);
end;

procedure Must(Code: Integer; Error: TError);
begin
  if Code = 0 then Exit;
  try
    raise EFailure.Create(Error);
  finally
    libmpi_error_free(Error);
  end;
end;

{ A copy: the text itself is the answer's. }
function Cell(Answer: TAnswer; Row: TSize; Column: Integer): UTF8String;
var
  Text: PAnsiChar;
  Size: TSize;
  Error: TError;
begin
  Must(libmpi_answer_text(Text, Size, Answer, cMain, Row, Column, Error), Error);
  SetString(Result, Text, Size);
end;

function Identify(const Source, Value: UTF8String): TIdentifier;
var
  Error: TError;
begin
  Must(libmpi_identifier_new(Result, PAnsiChar(Source), Length(Source), PAnsiChar(Value), Length(Value), 0, Error),
    Error);
end;

function OpenRegistry(const Folder: UTF8String): TRegistry;
var
  Options: TOptions;
  Error: TError;
begin
  Must(libmpi_options_new(Options, Error), Error);
  try
    Must(libmpi_options_set(Options, 'create', 6, '1', 1, Error), Error);
    Must(libmpi_registry_open(Result, PAnsiChar(Folder), Length(Folder), Options, Error), Error);
  finally
    libmpi_options_free(Options);
  end;
end;

procedure Receive(Registry: TRegistry; By: TAttribution; const Source, Value, Name, Kana, Birth, Phone: UTF8String);
var
  Key: TIdentifier;
  Patient: TRecord;
  Answer: TAnswer;
  Error: TError;

  procedure Add(Field: Integer; const Text: UTF8String);
  begin
    Must(libmpi_record_add(Patient, Field, PAnsiChar(Text), Length(Text), Error), Error);
  end;

var
  Row: Integer;
begin
  Patient := nil;
  Answer := nil;
  Key := Identify(Source, Value);
  try
    Must(libmpi_record_new(Patient, Key, Error), Error);
    Add(cName, Name);
    Add(cKana, Kana);
    Add(cBirth, Birth);
    Add(cPhone, Phone);
    Must(libmpi_registry_search(Answer, Registry, Patient, 5, Error), Error);
    for Row := 0 to Integer(libmpi_answer_size(Answer, cMain)) - 1 do
      WriteLn(Source, ':', Value, ' is like ', Cell(Answer, Row, cSource), ':', Cell(Answer, Row, cRecordId), ': ',
        Cell(Answer, Row, cGrade));
    libmpi_answer_free(Answer);
    Must(libmpi_registry_put(Answer, Registry, Patient, By, Error), Error);
    WriteLn(Source, ':', Value, ' ', Cell(Answer, 0, cOutcome));
  finally
    libmpi_answer_free(Answer);
    libmpi_record_free(Patient);
    libmpi_identifier_free(Key);
  end;
end;

procedure PrintIdentifiers(Registry: TRegistry; const Source, Value: UTF8String);
var
  Key: TIdentifier;
  Answer: TAnswer;
  Error: TError;
  Row: Integer;
begin
  Answer := nil;
  Key := Identify(Source, Value);
  try
    try
      Must(libmpi_registry_find(Answer, Registry, Key, nil, 0, Error), Error);
      for Row := 0 to Integer(libmpi_answer_size(Answer, cMain)) - 1 do
        WriteLn(Cell(Answer, Row, cSource), ':', Cell(Answer, Row, cRecordId));
    except
      on Failure: EFailure do WriteLn(Failure.Message);
    end;
  finally
    libmpi_answer_free(Answer);
    libmpi_identifier_free(Key);
  end;
end;

var
  Registry: TRegistry;
  By: TAttribution;
  Error: TError;
begin
  Registry := OpenRegistry(UTF8String(ParamStr(1)));
  Must(libmpi_attribution_new(By, 'reception', 9, nil, 0, Error), Error);
  Receive(Registry, By, 'H001', '1', '渡邊 太郎', 'ワタナベ タロウ', '1980-01-02', '022-123-4567');
  Receive(Registry, By, 'C001', '7', '渡辺太郎', 'ﾜﾀﾅﾍﾞ ﾀﾛｳ', 'S55.1.2', '0221234567');
  PrintIdentifiers(Registry, 'H001', '1');
  PrintIdentifiers(Registry, 'H001', '2'); { never registered }
  libmpi_attribution_free(By);
  Must(libmpi_registry_close(Registry, Error), Error);
end.
