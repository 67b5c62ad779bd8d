// Command aws is the notifier on Lambda: it delivers findings to channels.
package main

import (
	"time"

	"tfdrift/internal/onaws"
	"tfdrift/internal/onaws/notifying"
	"tfdrift/internal/trigger/lambdatrigger"
)

func main() {
	f, err := onaws.Open("notifier")
	if err != nil {
		onaws.Exit(err)
	}
	m, err := notifying.New(f)
	if err != nil {
		onaws.Exit(err)
	}
	f.Run(lambdatrigger.Handler{Handle: notifying.Tell(m), Workers: f.Config.Performance.NotifierWorkers, Reserve: 15 * time.Second})
}
