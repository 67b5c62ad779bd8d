package httptrigger

import (
	"encoding/json"
	"net/http"
)

// Alive answers that the process is alive.
func Alive(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Write([]byte(`{"status":"alive"}` + "\n"))
}

// Ready answers 200 where there is no reason against it, else 503 with the
// reasons: what is not seen may have drifted.
func Ready(reasons func() []string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		answer := struct {
			Status  string   `json:"status"`
			Reasons []string `json:"reasons,omitempty"`
		}{"ready", reasons()}
		w.Header().Set("Content-Type", "application/json")
		if len(answer.Reasons) > 0 {
			answer.Status = "not ready"
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		json.NewEncoder(w).Encode(answer)
	}
}
