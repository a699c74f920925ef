package webhook

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
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

func TestClientsThatOnlyAnnounceABodyTakeNothingFromTheOthers(t *testing.T) {
	webhook, _ := guard()
	server := httptest.NewServer(webhook.Validator())
	t.Cleanup(server.Close)
	for range 10 {
		stall(t, server, "application/json", 16<<20)
	}
	answer, err := http.Post(server.URL, "application/json", bytes.NewReader(reviewWith(t, nil)))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("got %s, want 200", answer.Status)
	}
}

// A client that does not listen before it has sent more than buffers hold would otherwise find its connection reset.
func TestARefusalReachesAClientThatIsStillSending(t *testing.T) {
	webhook, _ := guard()
	server := httptest.NewTLSServer(webhook.Validator())
	t.Cleanup(server.Close)
	connection, err := tls.Dial("tcp", server.Listener.Addr().String(), server.Client().Transport.(*http.Transport).TLSClientConfig)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	head := fmt.Sprintf("POST / HTTP/1.1\r\nHost: webhook\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", 2*maxBody)
	if _, err := connection.Write(append([]byte(head), make([]byte, maxBody)...)); err != nil {
		t.Fatalf("the connection is closed before all is sent: %v", err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(connection), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusRequestEntityTooLarge || !answer.Close {
		t.Errorf("got %s, closed %t: want 413 and a connection that is not kept", answer.Status, answer.Close)
	}
}

func TestARefusalEndsAStreamOfHTTP2(t *testing.T) {
	webhook, _ := guard()
	server := httptest.NewUnstartedServer(webhook.Validator())
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	start := time.Now()
	answer, err := server.Client().Post(server.URL, "application/json", bytes.NewReader(make([]byte, 2*maxBody)))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if _, err := io.ReadAll(answer.Body); err != nil {
		t.Fatal(err)
	}
	if answer.ProtoMajor != 2 || answer.StatusCode != http.StatusRequestEntityTooLarge || time.Since(start) >= maxLinger {
		t.Errorf("got %s by %s after %s, want 413 by HTTP/2 at once", answer.Status, answer.Proto, time.Since(start))
	}
}

func TestARefusalOfASmallBodyKeepsTheConnection(t *testing.T) {
	webhook, _ := guard()
	server := httptest.NewServer(webhook.Validator())
	t.Cleanup(server.Close)
	answer, err := http.Post(server.URL, "text/plain", bytes.NewReader(make([]byte, 25_000)))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusUnsupportedMediaType || answer.Close {
		t.Errorf("got %s, closed %t: want 415 and a connection that is kept", answer.Status, answer.Close)
	}
}

// The server itself waits for the rest of a body that is small before it answers.
func TestBodyThatStopsArrivingIsGivenUp(t *testing.T) {
	for name, test := range map[string]struct {
		contentType string
		size, want  int
		text        string
	}{
		"a large one":               {"application/json", 16 << 20, http.StatusRequestTimeout, "only 1 bytes of the body arrived in 50ms\n"},
		"a small one":               {"application/json", 1000, http.StatusRequestTimeout, "only 1 bytes of the body arrived in 50ms\n"},
		"one that would be refused": {"text/plain", 1000, http.StatusUnsupportedMediaType, "the content type is \"text/plain\": want application/json\n"},
	} {
		t.Run(name, func(t *testing.T) {
			webhook, _ := guard()
			webhook.memory.arrival = 50 * time.Millisecond
			server := httptest.NewServer(webhook.Validator())
			t.Cleanup(server.Close)
			connection := stall(t, server, test.contentType, test.size)
			if err := connection.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
			answer, err := http.ReadResponse(bufio.NewReader(connection), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			text, err := io.ReadAll(answer.Body)
			if err != nil || answer.StatusCode != test.want || string(text) != test.text {
				t.Errorf("got %s %q (%v), want %d %q", answer.Status, text, err, test.want, test.text)
			}
			if !answer.Close {
				t.Error("the connection is kept for more")
			}
		})
	}
}

// stall opens a connection that announces a body and sends its first byte.
func stall(t *testing.T, server *httptest.Server, contentType string, size int) net.Conn {
	t.Helper()
	connection, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	head := "POST / HTTP/1.1\r\nHost: webhook\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n{"
	if _, err := fmt.Fprintf(connection, head, contentType, size); err != nil {
		t.Fatal(err)
	}
	return connection
}
