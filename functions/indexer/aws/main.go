// Command aws is the indexer on Lambda: it keeps the index equal to the states,
// and judges what waited for them.
package main

import (
	"tfdrift/internal/onaws"
	"tfdrift/internal/trigger/lambdatrigger"
)

func main() {
	f, err := onaws.Open("indexer")
	if err != nil {
		onaws.Exit(err)
	}
	d, err := f.Detector()
	if err != nil {
		onaws.Exit(err)
	}
	s, err := f.Sweeper(d)
	if err != nil {
		onaws.Exit(err)
	}
	f.Run(lambdatrigger.Handler{Handle: f.Follow(s)})
}
