// Judges a program: it gets an input, may use 1 s of processor time, 3 s by the clock, 256 MiB of address space and 1 MiB
// of output, and has to print what is expected.
//
//	judge INPUT EXPECTED program arguments...
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/rresource/rresource/bindings/go/rresource"
)

func main() {
	input, err := os.Open(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	expected, err := os.ReadFile(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	output, err := os.CreateTemp("", "judge")
	if err != nil {
		log.Fatal(err)
	}
	os.Remove(output.Name())
	job := rresource.NewCommand(os.Args[3], os.Args[4:]...)
	// Files of Go are given as they are, so FSIZE limits the output.
	job.Stdin, job.Stdout, job.Group = input, output, true
	job.Limits = rresource.Limits{
		rresource.CPU:   {Cur: 1, Max: 2},
		rresource.AS:    {Cur: 256 << 20, Max: 256 << 20},
		rresource.FSIZE: {Cur: 1 << 20, Max: 1 << 20},
		rresource.CORE:  {},
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	outcome, err := job.Run(ctx)
	timedOut := errors.Is(err, context.DeadlineExceeded)
	if err != nil && !timedOut {
		log.Fatal(rresource.Explain(err))
	}
	written := make([]byte, len(expected)+1)
	length, _ := output.ReadAt(written, 0)
	verdict := "wrong answer"
	switch {
	case timedOut || outcome.Limit == rresource.CPU:
		verdict = "time limit exceeded"
	case outcome.Limit == rresource.FSIZE:
		verdict = "output limit exceeded"
	case !outcome.Success():
		verdict = "runtime error"
	case bytes.Equal(written[:length], expected):
		verdict = "accepted"
	}
	fmt.Printf("%s (%v, %.1f MiB)\n", verdict, outcome.Usage.CPU, float64(outcome.Usage.PeakRSS)/1048576)
}
