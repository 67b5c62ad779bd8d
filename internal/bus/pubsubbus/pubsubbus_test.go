package pubsubbus_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/pubsub/v2"
	"cloud.google.com/go/pubsub/v2/apiv1/pubsubpb"
	"cloud.google.com/go/pubsub/v2/pstest"
	"google.golang.org/api/option"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"

	"tfdrift/internal/bus"
	"tfdrift/internal/bus/bustest"
	"tfdrift/internal/bus/pubsubbus"
	"tfdrift/internal/drift"
)

const topic = "projects/acme-prod/topics/drift-events"

func open(t *testing.T, name string, options ...pstest.ServerReactorOption) (*pubsubbus.Bus, *pstest.Server) {
	t.Helper()
	server := pstest.NewServer(options...)
	conn, err := grpc.NewClient(server.Addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(); server.Close() })
	client, err := pubsub.NewClient(t.Context(), "acme-prod", option.WithGRPCConn(conn))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.TopicAdminClient.CreateTopic(t.Context(), &pubsubpb.Topic{Name: topic}); err != nil {
		t.Fatal(err)
	}
	b, err := pubsubbus.New(client, name)
	if err != nil {
		t.Fatal(err)
	}
	return b, server
}

func TestPubSubKeepsTheContract(t *testing.T) {
	bustest.Run(t, func(t *testing.T) (bus.Bus, func() [][]byte) {
		b, server := open(t, topic)
		return b, func() (all [][]byte) {
			for _, m := range server.Messages() {
				if m.Attributes[pubsubbus.Attribute] != pubsubbus.Source {
					t.Errorf("attributes %v", m.Attributes)
				}
				all = append(all, m.Data)
			}
			return all
		}
	})
}

func TestAPublishThatFailsSaysWhatToDo(t *testing.T) {
	for _, test := range []struct {
		name, topic string
		code        codes.Code
		sentinel    error
		remedy      string
	}{
		{"no such topic", "projects/acme-prod/topics/nowhere", codes.OK, drift.ErrRetry, "is there such a topic"},
		{"no permission", topic, codes.PermissionDenied, drift.ErrRetry, "roles/pubsub.publisher"},
		{"not a message", topic, codes.InvalidArgument, drift.ErrInvalid, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			var options []pstest.ServerReactorOption
			if test.code != codes.OK {
				options = append(options, pstest.WithErrorInjection("Publish", test.code, "refused by the test"))
			}
			b, _ := open(t, test.topic, options...)
			errs := b.Send(t.Context(), [][]byte{[]byte(`{}`)})
			if len(errs) != 1 || !errors.Is(errs[0], test.sentinel) || !strings.Contains(errs[0].Error(), test.remedy) {
				t.Errorf("errors %v", errs)
			}
		})
	}
}

func TestATopicThatDoesNotAnswerIsLeftAfterTheCallersPatience(t *testing.T) {
	b, _ := open(t, topic, pstest.WithErrorInjection("Publish", codes.Unavailable, "down"))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if errs := b.Send(ctx, [][]byte{[]byte(`{}`)}); len(errs) != 1 || !errors.Is(errs[0], drift.ErrRetry) {
		t.Errorf("errors %v", errs)
	}
}
