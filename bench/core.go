// The calls of the Go package compared with the same calls of package syscall, in one run: see core.c.
package main

import (
	"fmt"
	"log"
	"sort"
	"syscall"
	"time"

	"github.com/rresource/rresource/bindings/go/rresource"
)

const rounds, calls = 201, 1000

// nanoseconds times one call.
func nanoseconds(call func() error) float64 {
	start := time.Now()
	for i := 0; i < calls; i++ {
		if err := call(); err != nil {
			log.Fatal(err)
		}
	}
	return float64(time.Since(start).Nanoseconds()) / calls
}

func median(values []float64) float64 {
	sort.Float64s(values)
	return values[len(values)/2]
}

func compare(name string, ours func() error, rival string, theirs func() error) {
	var times, ratios []float64
	for round := 0; round < rounds; round++ {
		// The second one has warmer caches: they take turns.
		var mine, other float64
		if round%2 == 0 {
			mine, other = nanoseconds(ours), nanoseconds(theirs)
		} else {
			other, mine = nanoseconds(theirs), nanoseconds(ours)
		}
		times, ratios = append(times, mine), append(ratios, mine/other)
	}
	fmt.Printf("%-32s %8.1f ns   %5.2f of %s\n", name, median(times), median(ratios), rival)
}

func main() {
	fmt.Printf("Go: medians of %d rounds of %d calls\n", rounds, calls)
	limits, err := rresource.Getrlimit(rresource.CORE)
	if err != nil {
		log.Fatal(err)
	}
	theirs := syscall.Rlimit{Cur: limits.Cur, Max: limits.Max}
	var usage syscall.Rusage
	compare("rresource.Getrlimit", func() error { _, err := rresource.Getrlimit(rresource.CORE); return err },
		"syscall.Getrlimit", func() error { return syscall.Getrlimit(syscall.RLIMIT_CORE, &theirs) })
	compare("rresource.Setrlimit", func() error { return rresource.Setrlimit(rresource.CORE, limits) },
		"syscall.Setrlimit", func() error { return syscall.Setrlimit(syscall.RLIMIT_CORE, &theirs) })
	compare("rresource.Getrusage", func() error { _, err := rresource.Getrusage(rresource.Self); return err },
		"syscall.Getrusage", func() error { return syscall.Getrusage(syscall.RUSAGE_SELF, &usage) })
}
