// SPDX-License-Identifier: Apache-2.0

// A reception desk: whom might this be, register, under which numbers is the patient known elsewhere.
//
//	reception FOLDER
package main

// #cgo LDFLAGS: -lnayose
// #include <nayose.h>
import "C"

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"unsafe"
)

// text passes a Go string without a copy. That is allowed, as the library keeps nothing of it after the call.
func text(s string) (*C.char, C.size_t) {
	return (*C.char)(unsafe.Pointer(unsafe.StringData(s))), C.size_t(len(s))
}

// Failure is an error of the library, copied, so that nothing of it must be freed.
type Failure struct {
	Code    C.libmpi_code
	Message string
}

func (f *Failure) Error() string { return fmt.Sprintf("error %d: %s", f.Code, f.Message) }

// taken makes a Go error of one of the library's and frees that.
func taken(failure *C.libmpi_error) error {
	if failure == nil {
		return nil
	}
	defer C.libmpi_error_free(&failure)
	return &Failure{C.libmpi_error_code(failure), C.GoString(C.libmpi_error_message(failure))}
}

// Row has what this program reads of an answer's rows.
type Row struct {
	Source   string
	RecordID string `json:"record_id"`
	Grade    string
	Outcome  string
}

// rowsOf reads the main list as JSON, one call instead of one a cell, and frees the answer.
func rowsOf(answer *C.libmpi_answer, failure *C.libmpi_error) ([]Row, error) {
	defer C.libmpi_answer_free(&answer)
	if failure != nil {
		return nil, taken(failure)
	}
	var data *C.char
	var size C.size_t
	C.libmpi_answer_json(&data, &size, answer, &failure)
	if failure != nil {
		return nil, taken(failure)
	}
	var out struct{ Main []Row }
	err := json.Unmarshal(unsafe.Slice((*byte)(unsafe.Pointer(data)), int(size)), &out)
	return out.Main, err
}

// Registry may be used by many goroutines at once. Close it: finalizers may run never.
type Registry struct {
	handle *C.libmpi_registry
	by     *C.libmpi_attribution
}

func Open(folder, actor string) (*Registry, error) {
	var r Registry
	var options *C.libmpi_options
	var failure *C.libmpi_error
	defer C.libmpi_options_free(&options)
	user, userSize := text(actor)
	path, pathSize := text(folder)
	create, createSize := text("create")
	yes, yesSize := text("1")
	if C.libmpi_options_new(&options, &failure) != C.LIBMPI_OK ||
		C.libmpi_options_set(options, create, createSize, yes, yesSize, &failure) != C.LIBMPI_OK ||
		C.libmpi_attribution_new(&r.by, user, userSize, nil, 0, &failure) != C.LIBMPI_OK ||
		C.libmpi_registry_open(&r.handle, path, pathSize, options, &failure) != C.LIBMPI_OK {
		C.libmpi_attribution_free(&r.by)
		return nil, taken(failure)
	}
	return &r, nil
}

func (r *Registry) Close() error {
	var failure *C.libmpi_error
	C.libmpi_attribution_free(&r.by)
	C.libmpi_registry_close(&r.handle, &failure)
	return taken(failure)
}

// Receive searches for a patient, given as fields by their names, and registers him.
func (r *Registry) Receive(patient map[string]string) (like []Row, outcome string, err error) {
	said, err := json.Marshal(patient)
	if err != nil {
		return nil, "", err
	}
	var record *C.libmpi_record
	var answer *C.libmpi_answer
	var failure *C.libmpi_error
	data, size := text(string(said))
	C.libmpi_record_from_json(&record, data, size, &failure)
	if failure != nil {
		return nil, "", taken(failure)
	}
	defer C.libmpi_record_free(&record)
	C.libmpi_registry_search(&answer, r.handle, record, 5, &failure)
	if like, err = rowsOf(answer, failure); err != nil {
		return nil, "", err
	}
	C.libmpi_registry_put(&answer, r.handle, record, r.by, &failure)
	put, err := rowsOf(answer, failure)
	if err != nil {
		return nil, "", err
	}
	return like, put[0].Outcome, nil
}

// Find tells under which identifiers a patient is known.
func (r *Registry) Find(source, value string) ([]Row, error) {
	var key *C.libmpi_identifier
	var answer *C.libmpi_answer
	var failure *C.libmpi_error
	from, fromSize := text(source)
	id, idSize := text(value)
	C.libmpi_identifier_new(&key, from, fromSize, id, idSize, 0, &failure)
	if failure != nil {
		return nil, taken(failure)
	}
	defer C.libmpi_identifier_free(&key)
	C.libmpi_registry_find(&answer, r.handle, key, nil, 0, &failure)
	return rowsOf(answer, failure)
}

func show(rows []Row, err error) {
	if err != nil {
		fmt.Println(err)
	}
	for _, row := range rows {
		fmt.Printf("%s:%s\n", row.Source, row.RecordID)
	}
}

func main() {
	if len(os.Args) != 2 {
		os.Exit(2)
	}
	registry, err := Open(os.Args[1], "reception")
	if err != nil {
		log.Fatal(err)
	}
	defer registry.Close()
	for _, patient := range []map[string]string{
		{"source": "H001", "record_id": "1", "name": "渡邊 太郎", "kana": "ワタナベ タロウ", "birth": "1980-01-02",
			"phone": "022-123-4567"},
		{"source": "C001", "record_id": "7", "name": "渡辺太郎", "kana": "ﾜﾀﾅﾍﾞ ﾀﾛｳ", "birth": "S55.1.2",
			"phone": "0221234567"},
	} {
		like, outcome, err := registry.Receive(patient)
		if err != nil {
			log.Fatal(err)
		}
		for _, row := range like {
			fmt.Printf("%s:%s is like %s:%s: %s\n", patient["source"], patient["record_id"], row.Source, row.RecordID,
				row.Grade)
		}
		fmt.Printf("%s:%s %s\n", patient["source"], patient["record_id"], outcome)
	}
	show(registry.Find("H001", "1"))
	show(registry.Find("H001", "2")) // never registered
}
