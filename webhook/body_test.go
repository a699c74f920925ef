package webhook

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestRequestIsRefusedByItsHeader(t *testing.T) {
	get := request(nil)
	get.Method = http.MethodGet
	yaml := request(nil)
	yaml.Header.Set("Content-Type", "application/yaml")
	untyped := request(nil)
	untyped.Header.Del("Content-Type")
	large := request(nil)
	large.ContentLength = maxBody + 1
	for name, test := range map[string]struct {
		request *http.Request
		status  int
		want    string
	}{
		"GET":             {get, http.StatusMethodNotAllowed, "method GET: an AdmissionReview is sent by POST\n"},
		"YAML":            {yaml, http.StatusUnsupportedMediaType, "the content type is \"application/yaml\": want application/json\n"},
		"no content type": {untyped, http.StatusUnsupportedMediaType, "the content type is \"\": want application/json\n"},
		"too large":       {large, http.StatusRequestEntityTooLarge, "the body is larger than 20 MiB, the most that is read\n"},
	} {
		t.Run(name, func(t *testing.T) {
			webhook, _ := guard()
			answer := send(webhook.Validator(), test.request)
			if answer.Code != test.status || answer.Body.String() != test.want {
				t.Errorf("got %d %q, want %d %q", answer.Code, answer.Body, test.status, test.want)
			}
		})
	}
}

func TestBodyWithoutALengthIsBounded(t *testing.T) {
	webhook, _ := guard()
	chunked := request(nil)
	chunked.ContentLength = -1
	chunked.Body = io.NopCloser(io.LimitReader(spaces{}, maxBody+1))
	if answer := send(webhook.Validator(), chunked); answer.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("got %d %q, want 413", answer.Code, answer.Body)
	}
}

// spaces is an endless body.
type spaces struct{}

func (spaces) Read(p []byte) (int, error) {
	return copy(p, bytes.Repeat([]byte{' '}, len(p))), nil
}

func TestBodyThatEndsTooEarlyIsABadRequest(t *testing.T) {
	webhook, _ := guard()
	short := request(nil)
	short.ContentLength = 100
	short.Body = io.NopCloser(io.MultiReader(strings.NewReader("{"), failing{io.ErrUnexpectedEOF}))
	answer := send(webhook.Validator(), short)
	if want := "the body ends after 1 of 100 bytes\n"; answer.Code != http.StatusBadRequest || answer.Body.String() != want {
		t.Errorf("got %d %q, want 400 %q", answer.Code, answer.Body, want)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
