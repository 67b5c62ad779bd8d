package dynamosilence_test

import (
	"testing"

	"tfdrift/internal/dynamo/dynamotest"
	"tfdrift/internal/ledger/dynamoledger"
	"tfdrift/internal/silence"
	"tfdrift/internal/silence/dynamosilence"
	"tfdrift/internal/silence/silencetest"
)

func TestKeepsTheContract(t *testing.T) {
	silencetest.Run(t, func(t *testing.T) silence.Silences {
		table, _ := dynamotest.Open(t, dynamoledger.Schema)
		return dynamosilence.New(table)
	})
}
