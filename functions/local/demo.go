package main

import "fmt"

type demoCommand struct{}

func (demoCommand) Run(p *process) error { return fmt.Errorf("not yet") }
