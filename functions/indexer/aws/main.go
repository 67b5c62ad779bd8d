// Command aws is the indexer on Lambda: it keeps the index equal to the states,
// and judges what waited for them.
package main

import (
	"tfdrift/internal/onaws"
	"tfdrift/internal/onaws/indexing"
	"tfdrift/internal/trigger/lambdatrigger"
)

func main() {
	f, err := onaws.Open("indexer")
	if err != nil {
		onaws.Exit(err)
	}
	s, err := indexing.New(f)
	if err != nil {
		onaws.Exit(err)
	}
	f.Run(lambdatrigger.Handler{Handle: indexing.Follow(f, s)})
}
