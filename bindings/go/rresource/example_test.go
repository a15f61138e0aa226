package rresource_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"syscall"
	"time"

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
	// CORE: invalid argument: The soft limit is above the hard limit.
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

// The limits of a program that runs already.
func ExamplePrlimit() {
	command := rresource.NewCommand("sleep", "1000")
	command.Limits = rresource.Limits{rresource.NOFILE: {Cur: 256, Max: 512}}
	child, err := command.Start()
	if err != nil {
		log.Fatal(rresource.Explain(err))
	}
	defer child.Wait(context.Background())
	defer child.Kill(syscall.SIGKILL)

	old, err := rresource.Prlimit(child.PID(), rresource.NOFILE, &rresource.Rlimit{Cur: 64, Max: 64})
	fmt.Println(old, err)
	present, err := rresource.Prlimit(child.PID(), rresource.NOFILE, nil)
	fmt.Println(present, err)
	// Output:
	// 256:512 <nil>
	// 64 <nil>
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

func ExampleGetrusage() {
	usage, err := rresource.Getrusage(rresource.Both)
	if err != nil {
		log.Fatal(rresource.Explain(err))
	}
	fmt.Println("this process and its children:", usage.Utime+usage.Stime > 0, usage.Minflt > 0)
	// Output: this process and its children: true true
}

// A program that may use one second of processor time and has a minute to end.
func ExampleCommand_Run() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	command := rresource.NewCommand("sh", "-c", "while :; do :; done")
	command.Limits = rresource.Limits{rresource.CPU: {Cur: 1, Max: 2}}
	outcome, err := command.Run(ctx)
	if err != nil {
		log.Fatal(rresource.Explain(err))
	}
	fmt.Println(outcome.Success(), outcome.Limit, outcome.Usage.PeakRSS > 0)
	// Output: false CPU true
}

func ExampleCommand_Output() {
	command := rresource.NewCommand("sh", "-c", "ulimit -n; exit 3")
	command.Limits = rresource.Limits{rresource.NOFILE: {Cur: 64, Max: 64}}
	text, outcome, err := command.Output(context.Background())
	if err != nil {
		log.Fatal(rresource.Explain(err))
	}
	fmt.Printf("%s%v\n", text, outcome)
	// Output:
	// 64
	// exit status 3
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
