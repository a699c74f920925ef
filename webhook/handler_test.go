package webhook

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/rules"
)

const uid = "7f0f3c1e-8a52-4c3b-9a63-0d7d6a1f2b3c"

// reviewWith returns the review of an update in which nothing changes but members of the request.
func reviewWith(t testing.TB, members document) []byte {
	review := updateOf(deployment(t), deployment(t))
	for name, value := range members {
		at(review, "request")[name] = value
	}
	return write(t, review)
}

func TestBodyThatIsNoReviewIsABadRequest(t *testing.T) {
	valid := string(reviewWith(t, nil))
	for name, test := range map[string]struct{ body, want string }{
		"empty":             {"", "the body is not an AdmissionReview: it is empty"},
		"a list":            {"[]", "the body is not an AdmissionReview: it is an array: want an object"},
		"not JSON":          {"kind: Deployment", "the body is not an AdmissionReview: it is not valid at byte 0: invalid character 'k' at start of value"},
		"truncated":         {valid[:100], "the body is not an AdmissionReview: /request/kind ends too early, at byte 100"},
		"something follows": {valid + "{}", "the body is not an AdmissionReview: something follows it"},
		"invalid UTF-8": {
			strings.Replace(valid, "jane", "j\xffne", 1),
			"the body is not an AdmissionReview: /request/userInfo/username is not valid at byte ",
		},
		"a wrong type": {string(reviewWith(t, document{"name": 7})), "the body is not an AdmissionReview: /request/name is a number: want a string"},
		"a wrong type in the object": {
			string(reviewWith(t, document{"object": document{"spec": document{"replicas": "three"}}})),
			"request.object is not a Deployment: /spec/replicas is a string: want a number",
		},
		"a number out of range": {
			string(reviewWith(t, document{"object": document{"spec": document{"replicas": 1 << 40}}})),
			"request.object is not a Deployment: /spec/replicas is out of range",
		},
		"v1beta1": {
			strings.Replace(valid, "admission.k8s.io/v1", "admission.k8s.io/v1beta1", 1),
			`the body is of apiVersion "admission.k8s.io/v1beta1", kind "AdmissionReview": want apiVersion "admission.k8s.io/v1", kind "AdmissionReview"`,
		},
		"another kind": {
			`{"apiVersion":"v1","kind":"Pod"}`,
			`the body is of apiVersion "v1", kind "Pod": want apiVersion "admission.k8s.io/v1", kind "AdmissionReview"`,
		},
		"no uid":            {string(reviewWith(t, document{"uid": ""})), "the AdmissionReview has no request.uid to answer to"},
		"no object":         {string(reviewWith(t, document{"object": nil})), "the AdmissionReview has no request.object to UPDATE"},
		"no old object":     {string(reviewWith(t, document{"oldObject": nil})), "the AdmissionReview has no request.oldObject to UPDATE"},
		"unknown operation": {string(reviewWith(t, document{"operation": "PATCH"})), `the AdmissionReview is of an unknown operation, "PATCH"`},
		"unknown kind": {
			string(reviewWith(t, document{"kind": document{"group": "apps", "version": "v1", "kind": "DaemonSet"}, "resource": document{"resource": "daemonsets"}})),
			`Greenlight does not validate apps/v1, kind "DaemonSet" (daemonsets): remove it from the webhook configuration`,
		},
		"unknown subresource": {
			string(reviewWith(t, document{"subResource": "status"})),
			`Greenlight does not validate apps/v1, kind "Deployment" (deployments/status): remove it from the webhook configuration`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			webhook, _ := guard(finds("always", v1alpha1.Deny, "Everything is wrong."))
			answer := post(webhook.Validator(), []byte(test.body))
			if answer.Code != http.StatusBadRequest || !strings.HasPrefix(answer.Body.String(), test.want) {
				t.Errorf("got %d %q, want 400 %q", answer.Code, answer.Body, test.want)
			}
		})
	}
}

func TestOverloadIsToldAndPasses(t *testing.T) {
	synctest.Test(t, testOverload)
}

func testOverload(t *testing.T) {
	webhook, registry := guard()
	webhook.memory.others.TryAcquire(maxOthers)
	answer := post(webhook.Validator(), reviewWith(t, nil))
	if answer.Code != http.StatusTooManyRequests || answer.Header().Get("Retry-After") != "1" {
		t.Errorf("got %d %q, Retry-After %q, want 429 and 1", answer.Code, answer.Body, answer.Header().Get("Retry-After"))
	}
	if got := count(t, registry, `greenlight_admission_internal_errors_total{reason="overload"}`); got != 1 {
		t.Errorf("counted %v overloads, want 1", got)
	}
	webhook.memory.others.Release(maxOthers)
	if answer := post(webhook.Validator(), reviewWith(t, nil)); answer.Code != http.StatusOK {
		t.Errorf("afterwards: got %d %q, want 200", answer.Code, answer.Body)
	}
}

func TestLargeBodiesKeepNoOthersWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		webhook, _ := guard()
		webhook.memory.large.TryAcquire(maxLarge)
		var refused sync.WaitGroup
		for range 500 {
			refused.Go(func() {
				answer := post(webhook.Validator(), append(bytes.Repeat([]byte(" "), largeBody), reviewWith(t, nil)...))
				want := "too many requests at once: 2 others have bodies above 1 MiB; try again in a second\n"
				if answer.Code != http.StatusTooManyRequests || answer.Body.String() != want {
					t.Errorf("a large one: got %d %q, want 429 %q", answer.Code, answer.Body, want)
				}
			})
		}
		synctest.Wait()
		start := time.Now()
		if answer := post(webhook.Validator(), reviewWith(t, nil)); answer.Code != http.StatusOK || time.Since(start) > 0 {
			t.Errorf("another: got %d %q after %s, want 200 at once", answer.Code, answer.Body, time.Since(start))
		}
		refused.Wait()
	})
}

func TestARequestWaitsForMemoryForASecondInAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		webhook, _ := guard()
		webhook.memory.others.TryAcquire(maxOthers)
		time.AfterFunc(maxWait/2, func() { webhook.memory.others.Release(chunk) })
		start := time.Now()
		answer := post(webhook.Validator(), append(bytes.Repeat([]byte(" "), 2*chunk), reviewWith(t, nil)...))
		want := "too many requests at once: their bodies would take more than 24 MiB; try again in a second\n"
		if answer.Code != http.StatusTooManyRequests || answer.Body.String() != want || time.Since(start) != maxWait {
			t.Errorf("got %d %q after %s, want 429 %q after %s", answer.Code, answer.Body, time.Since(start), want, maxWait)
		}
	})
}

func TestMemoryIsGivenBackWhateverHappens(t *testing.T) {
	webhook, _ := guard(fails("broken", errors.New("no")))
	large := append(make([]byte, 2*largeBody), '{')
	for _, body := range [][]byte{nil, []byte("{"), large, reviewWith(t, nil), reviewWith(t, document{"object": document{"spec": 1}})} {
		post(webhook.Validator(), body)
	}
	if !webhook.memory.others.TryAcquire(maxOthers) || !webhook.memory.large.TryAcquire(maxLarge) {
		t.Error("some memory is still taken")
	}
}

func TestWithdrawnRequestIsNoInternalError(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	webhook, registry := guard(rule("waits", v1alpha1.Deny, func(ctx context.Context, _ *rules.Pass) error {
		cancel()
		<-ctx.Done()
		return ctx.Err()
	}))
	answer := send(webhook.Validator(), request(reviewWith(t, nil)).WithContext(ctx))
	if answer.Code != http.StatusServiceUnavailable {
		t.Errorf("got %d %q, want 503", answer.Code, answer.Body)
	}
	if got := count(t, registry, `greenlight_admission_internal_errors_total{reason="error"}`); got != 0 {
		t.Errorf("counted %v internal errors, want none", got)
	}
}

func TestPanicInARuleIsA500AndLeavesOtherRequestsUnharmed(t *testing.T) {
	entered, finish := make(chan struct{}), make(chan struct{})
	webhook, registry := guard(rule("panics", v1alpha1.Deny, func(_ context.Context, pass *rules.Pass) error {
		if pass.Object.GetAnnotations()["panic"] != "" {
			panic("at the disco")
		}
		close(entered)
		<-finish
		return nil
	}))
	other := make(chan int)
	go func() { other <- post(webhook.Validator(), reviewWith(t, nil)).Code }()
	<-entered

	var journal journal
	body := write(t, updateOf(deployment(t), deployment(t, func(d document) { at(d, "metadata", "annotations")["panic"] = "now" })))
	answer := send(webhook.Validator(), journal.attach(request(body)))
	if want := "Greenlight failed on this request: its log has the cause under uid \"" + uid + "\"\n"; answer.Code != http.StatusInternalServerError || answer.Body.String() != want {
		t.Errorf("got %d %q, want 500 %q", answer.Code, answer.Body, want)
	}
	for _, want := range []string{uid, "rule panics: panic: at the disco", "handler_test.go"} {
		if !strings.Contains(journal.String(), want) {
			t.Errorf("the log has no %q: %s", want, &journal)
		}
	}
	if got := count(t, registry, `greenlight_admission_internal_errors_total{reason="panic"}`); got != 1 {
		t.Errorf("counted %v panics, want 1", got)
	}
	close(finish)
	select {
	case got := <-other:
		if got != http.StatusOK {
			t.Errorf("the other request got %d, want 200", got)
		}
	case <-time.After(10 * time.Second):
		t.Error("the other request hangs")
	}
}

func TestPanicOutsideOfTheRulesIsA500(t *testing.T) {
	webhook, registry := guard()
	webhook.config.SleepUnsupported = func() string { panic("no versions") }
	var journal journal
	answer := send(webhook.Mutator(), journal.attach(request(reviewWith(t, nil))))
	if answer.Code != http.StatusInternalServerError || !strings.Contains(journal.String(), uid) {
		t.Errorf("got %d %q, want 500; logged %s", answer.Code, answer.Body, &journal)
	}
	if got := count(t, registry, `greenlight_admission_internal_errors_total{reason="panic"}`); got != 1 {
		t.Errorf("counted %v panics, want 1", got)
	}
}
