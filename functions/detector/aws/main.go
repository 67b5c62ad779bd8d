// Command aws is the detector on Lambda: it judges each event of the cloud
// against what the states say.
package main

import (
	"time"

	"tfdrift/internal/onaws"
	"tfdrift/internal/trigger/lambdatrigger"
)

func main() {
	f, err := onaws.Open("detector")
	if err != nil {
		onaws.Exit(err)
	}
	d, err := f.Detector()
	if err != nil {
		onaws.Exit(err)
	}
	f.Run(lambdatrigger.Handler{Handle: f.Judge(d), Workers: f.Config.Performance.EventWorkerCount, Reserve: 10 * time.Second})
}
