package rresource_test

import (
	"errors"
	"fmt"
	"log"
	"os"
	"syscall"

	"github.com/rresource/rresource/bindings/go/rresource"
)

// Every limit of this process as text that Parse reads back.
func Example() {
	limits, err := rresource.Getrlimits()
	if err != nil {
		log.Fatal(rresource.Explain(err))
	}
	for resource, present := range limits {
		text, err := rresource.Format(resource, present)
		if err != nil {
			log.Fatal(rresource.Explain(err))
		}
		again, err := rresource.Parse(resource, text, rresource.Rlimit{})
		if err != nil || again != present {
			fmt.Println(resource, text, "is not", present)
		}
	}
	fmt.Println(len(limits) == len(rresource.Resources()))
	// Output: true
}

func ExampleRaise() {
	limits, err := rresource.Raise(rresource.NOFILE, rresource.Infinity)
	if err != nil {
		log.Fatal(rresource.Explain(err))
	}
	fmt.Println("as many as there may be:", limits.Cur == limits.Max)
	// Output: as many as there may be: true
}

func ExampleSetrlimit() {
	err := rresource.Setrlimit(rresource.CORE, rresource.Rlimit{Cur: 2, Max: 1})
	fmt.Println(err)
	fmt.Println(errors.Is(err, syscall.EINVAL))
	// Output:
	// invalid argument
	// true
}

func ExampleSetrlimits() {
	err := rresource.Setrlimits(rresource.Limits{
		rresource.CORE:   {Cur: 0, Max: 0},
		rresource.NOFILE: {Cur: 1 << 40, Max: 1 << 40},
	})
	var refused *rresource.LimitError
	if errors.As(err, &refused) {
		fmt.Println("refused, and CORE is as it was:", refused.Resource)
	}
	// Output: refused, and CORE is as it was: NOFILE
}

func ExampleCheck() {
	verdict, err := rresource.Check(rresource.NOFILE, rresource.Rlimit{Cur: 1024, Max: 1 << 40})
	if err != nil {
		log.Fatal(rresource.Explain(err))
	}
	fmt.Println(verdict.Reason == rresource.ReasonAboveSystemMaximum, verdict.Err)
	// Output: true operation not permitted
}

func ExampleParse() {
	limits, err := rresource.Parse(rresource.AS, "1.5G:unlimited", rresource.Rlimit{})
	if err != nil {
		log.Fatal(rresource.Explain(err))
	}
	fmt.Println(limits.Cur, limits.Max == rresource.Infinity)
	// Output: 1610612736 true
}

func ExampleProcess() {
	process, err := rresource.OpenProcess(os.Getppid())
	if err != nil {
		log.Fatal(rresource.Explain(err))
	}
	defer process.Close()
	usage, err := process.ReadUsage(rresource.UsageRSS | rresource.UsageThreads)
	if err != nil {
		log.Fatal(rresource.Explain(err))
	}
	fmt.Println(usage.RSS > 0, usage.Threads > 0)
	// Output: true true
}

func ExampleUsage_Since() {
	start, err := rresource.ReadUsage(rresource.UsageCPU)
	if err != nil {
		log.Fatal(rresource.Explain(err))
	}
	for sum := 0; sum < 1_000_000; sum++ {
	}
	end, err := rresource.ReadUsage(rresource.UsageCPU)
	if err != nil {
		log.Fatal(rresource.Explain(err))
	}
	used, err := end.Since(start)
	if err != nil {
		log.Fatal(rresource.Explain(err))
	}
	fmt.Println(used.CPU > 0)
	// Output: true
}
