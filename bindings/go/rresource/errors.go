package rresource

// #include "shim.h"
import "C"

import (
	"errors"
	"syscall"
)

// failure makes an error of what a function of the library returned: nil of 0.
func failure(code C.int) error {
	if code == 0 {
		return nil
	}
	return syscall.Errno(code)
}

// Explain says in English what an error of this package means to its caller, and what to do where
// that is known. Of an error that holds no [syscall.Errno] it gives the error's own text, and "" of
// nil.
func Explain(err error) string {
	var code syscall.Errno
	switch {
	case err == nil:
		return ""
	case errors.As(err, &code):
		return C.GoString(C.rr_strerror(C.int(code)))
	default:
		return err.Error()
	}
}

// Version tells the version of the C library that the program runs with, like "0.1.0".
func Version() string {
	return C.GoString(C.rr_version_string())
}
