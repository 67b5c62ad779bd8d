package dynamoroster_test

import (
	"testing"

	"tfdrift/internal/dynamo/dynamotest"
	"tfdrift/internal/index/dynamoindex"
	"tfdrift/internal/roster"
	"tfdrift/internal/roster/dynamoroster"
	"tfdrift/internal/roster/rostertest"
)

func TestKeepsTheContract(t *testing.T) {
	rostertest.Run(t, func(t *testing.T) roster.Roster {
		table, _ := dynamotest.Open(t, dynamoindex.Schema)
		return dynamoroster.New(table)
	})
}
