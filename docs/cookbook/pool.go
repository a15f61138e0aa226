// Sizes a thread pool by the processors, and a cache by the memory, that this process may really use: in a container
// these are fewer than the machine has.
package main

import (
	"fmt"
	"log"
	"math"

	"github.com/rresource/rresource/bindings/go/rresource"
)

func main() {
	processors, _, err := rresource.EffectiveBound(rresource.BoundCPU)
	if err != nil {
		log.Fatal(rresource.Explain(err))
	}
	_, memory, err := rresource.EffectiveBound(rresource.BoundMemory)
	if err != nil {
		log.Fatal(rresource.Explain(err))
	}
	// A quarter of what is left. The cache grows later, so what others use by then counts too.
	cache := memory.Limit / 4
	if memory.Flags.Has(rresource.BoundUsedKnown) {
		cache = memory.Room / 4
	}
	fmt.Printf("%.0f threads, a cache of %d MiB\n", math.Ceil(processors.Processors()), cache>>20)
}
