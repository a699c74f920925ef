package webhook

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
)

// answered is an AdmissionReview that answers the review of a test.
func answered(response string) string {
	return `{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","response":{"uid":"` + uid + `",` + response + `}}`
}

func TestVerdictBecomesAnAnswer(t *testing.T) {
	for name, test := range map[string]struct {
		rules []rules.Entry
		want  string
	}{
		"without a finding, it is allowed": {
			[]rules.Entry{rule("silent", v1alpha1.Deny, func(context.Context, *rules.Pass) error { return nil })},
			`"allowed":true,"auditAnnotations":{"policy":"baseline"}`,
		},
		"one finding denies in one sentence": {
			[]rules.Entry{finds("first", v1alpha1.Deny, "Bad.")},
			`"allowed":false,"status":{"metadata":{},"message":"Deployment shop/web denied by first at spec.replicas: Bad. Fix it. See https://greenlight.dev/rules/first","reason":"Forbidden","code":403},` +
				`"auditAnnotations":{"findings":"[{\"rule\":\"first\",\"mode\":\"deny\",\"path\":\"spec.replicas\"}]","policy":"baseline"}`,
		},
		"several findings deny at once, in the order of the rules": {
			[]rules.Entry{finds("z-first", v1alpha1.Deny, "Bad."), finds("a-second", v1alpha1.Deny, "Selector version 1.0.0 → 2.0.0.")},
			`"allowed":false,"status":{"metadata":{},"message":"Deployment shop/web: 2 findings deny this change (policy baseline)\n` +
				`- z-first at spec.replicas: Bad. Fix it. See https://greenlight.dev/rules/z-first\n- a-second at spec.replicas: Selector version 1.0.0 → 2.0.0. Fix it. See https://greenlight.dev/rules/a-second","reason":"Forbidden","code":403},` +
				`"auditAnnotations":{"findings":"[{\"rule\":\"z-first\",\"mode\":\"deny\",\"path\":\"spec.replicas\"},{\"rule\":\"a-second\",\"mode\":\"deny\",\"path\":\"spec.replicas\"}]","policy":"baseline"}`,
		},
		"a warning is allowed, in one line": {
			[]rules.Entry{finds("odd", v1alpha1.Warn, "Odd\nindeed.")},
			`"allowed":true,"auditAnnotations":{"findings":"[{\"rule\":\"odd\",\"mode\":\"warn\",\"path\":\"spec.replicas\"}]","policy":"baseline"},` +
				`"warnings":["odd at spec.replicas: Odd indeed. Fix it."]`,
		},
		"a denial warns as well": {
			[]rules.Entry{finds("bad", v1alpha1.Deny, "Bad."), finds("odd", v1alpha1.Warn, "Odd.")},
			`"allowed":false,"status":{"metadata":{},"message":"Deployment shop/web denied by bad at spec.replicas: Bad. Fix it. See https://greenlight.dev/rules/bad","reason":"Forbidden","code":403},` +
				`"auditAnnotations":{"findings":"[{\"rule\":\"bad\",\"mode\":\"deny\",\"path\":\"spec.replicas\"},{\"rule\":\"odd\",\"mode\":\"warn\",\"path\":\"spec.replicas\"}]","policy":"baseline"},` +
				`"warnings":["odd at spec.replicas: Odd. Fix it."]`,
		},
		"what is audited or skipped only the audit log hears": {
			[]rules.Entry{finds("quiet", v1alpha1.Audit, "Hm."), fails("blind", state.Unknown{Reason: "nothing is known"})},
			`"allowed":true,"auditAnnotations":{"findings":"[{\"rule\":\"quiet\",\"mode\":\"audit\",\"path\":\"spec.replicas\"}]","policy":"baseline","skipped":"[{\"rule\":\"blind\",\"reason\":\"nothing is known\"}]"}`,
		},
		"a denial is certain although another rule failed": {
			[]rules.Entry{fails("broken", errors.New("no")), finds("bad", v1alpha1.Deny, "Bad.")},
			`"allowed":false,"status":{"metadata":{},"message":"Deployment shop/web denied by bad at spec.replicas: Bad. Fix it. See https://greenlight.dev/rules/bad","reason":"Forbidden","code":403},` +
				`"auditAnnotations":{"findings":"[{\"rule\":\"bad\",\"mode\":\"deny\",\"path\":\"spec.replicas\"}]","policy":"baseline"}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			webhook, _ := guard(test.rules...)
			answer := post(webhook.Validator(), reviewWith(t, nil))
			if got, want := answer.Body.String(), answered(test.want); answer.Code != http.StatusOK || got != want {
				t.Errorf("got %d\n%s\nwant 200\n%s", answer.Code, got, want)
			}
			if got := answer.Header().Get("Content-Type"); got != "application/json" {
				t.Errorf("the content type is %q", got)
			}
		})
	}
}

func TestVerdictIsOpenWhereARuleFails(t *testing.T) {
	webhook, _ := guard(fails("broken", errors.New("no route to host")), finds("odd", v1alpha1.Warn, "Odd."))
	var journal journal
	answer := send(webhook.Validator(), journal.attach(request(reviewWith(t, nil))))
	if answer.Code != http.StatusInternalServerError {
		t.Errorf("got %d %s, want 500", answer.Code, answer.Body)
	}
	if got := journal.String(); !strings.Contains(got, "rule broken: no route to host") || !strings.Contains(got, uid) {
		t.Errorf("logged %s", got)
	}
}

func TestDenialIsLoggedWithWhoAndWhat(t *testing.T) {
	webhook, _ := guard(finds("bad", v1alpha1.Deny, "Bad."))
	var journal journal
	send(webhook.Validator(), journal.attach(request(reviewWith(t, document{"dryRun": true}))))
	want := `{"logger":"","level":0,"msg":"denied","uid":"` + uid + `","operation":"UPDATE","resource":"deployments","namespace":"shop","name":"web",` +
		`"user":"jane@example.com","dryRun":true,"policy":"baseline","findings":[{"rule":"bad","mode":"deny","path":"spec.replicas"}]}`
	if got := journal.String(); got != want {
		t.Errorf("logged\n%s\nwant\n%s", got, want)
	}
}

func TestConnectingIsAllowed(t *testing.T) {
	webhook, _ := guard(finds("always", v1alpha1.Deny, "Bad."))
	answer := post(webhook.Validator(), reviewWith(t, document{"operation": "CONNECT", "object": nil}))
	if got, want := answer.Body.String(), answered(`"allowed":true`); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestRulesOfDeletionsSeeWhatIsDeletedAndWhetherItsPodsStay(t *testing.T) {
	for policy, orphans := range map[string]bool{"Orphan": true, "Background": false} {
		var pass rules.Pass
		entry := rule("looks", v1alpha1.Deny, func(_ context.Context, p *rules.Pass) error {
			pass = *p
			return nil
		})
		entry.Ops = []rules.Operation{rules.Delete}
		webhook, _ := guard(entry)
		post(webhook.Validator(), reviewWith(t, document{
			"operation": "DELETE", "object": nil, "options": document{"propagationPolicy": policy},
		}))
		if pass.Object == nil || pass.Object.GetName() != "web" || pass.Old != nil || pass.Orphans != orphans {
			t.Errorf("%s: got object %v, old %v, orphans %t", policy, pass.Object, pass.Old, pass.Orphans)
		}
	}
}

func TestRulesSeeTheOldObjectOfAnUpdateOnly(t *testing.T) {
	for operation, want := range map[string]bool{"CREATE": false, "UPDATE": true} {
		var pass rules.Pass
		webhook, _ := guard(rule("looks", v1alpha1.Deny, func(_ context.Context, p *rules.Pass) error {
			pass = *p
			return nil
		}))
		post(webhook.Validator(), reviewWith(t, document{"operation": operation}))
		if got := pass.Old != nil; got != want || string(pass.Op) != operation {
			t.Errorf("%s: rules see operation %s, an old object: %t, want %t", operation, pass.Op, got, want)
		}
	}
}

func TestRulesSeeWhoMakesTheChange(t *testing.T) {
	var got rules.User
	webhook, _ := guard(rule("looks", v1alpha1.Deny, func(_ context.Context, pass *rules.Pass) error {
		got = pass.User
		return nil
	}))
	post(webhook.Validator(), reviewWith(t, nil))
	want := rules.User{Name: "jane@example.com", Groups: []string{"developers", "system:authenticated"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestObjectWithoutANameIsNamedByItsPrefix(t *testing.T) {
	webhook, _ := guard(finds("bad", v1alpha1.Deny, "Bad."))
	for name, metadata := range map[string]document{
		"shop/named":   {"name": "named"},
		"shop/batch-…": {"generateName": "batch-"},
	} {
		answer := post(webhook.Validator(), reviewWith(t, document{"operation": "CREATE", "name": "", "object": document{"metadata": metadata}}))
		if want := "Deployment " + name + " denied by bad"; !strings.Contains(answer.Body.String(), want) {
			t.Errorf("got %s, want %s", answer.Body, want)
		}
	}
}

func TestWarningStaysFitForAHeader(t *testing.T) {
	long := warning(strings.Repeat("→\r\n", 1000))
	if got := len([]rune(long)); got != maxWarning || strings.ContainsAny(long, "\r\n") || !strings.HasSuffix(long, "…") {
		t.Errorf("got %d runes: %q", got, long)
	}
}

func TestUnknownAndRepeatedMembersAreRead(t *testing.T) {
	body := `{"apiVersion":"v1","apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","new":[{}],"request":{"uid":"` + uid + `","new":{"a":1},` +
		`"kind":{"group":"apps","version":"v1","kind":"Deployment"},"operation":"CREATE","name":"web","namespace":"shop",` +
		`"object":{"spec":{"replicas":1,"r\u0065plicas":2,"new":null,"Replicas":7}}}}`
	webhook, _ := guard(rule("counts", v1alpha1.Deny, func(_ context.Context, pass *rules.Pass) error {
		if got := replicas(pass.Object); got != 2 {
			t.Errorf("got %d replicas, want the last, 2", got)
		}
		return nil
	}))
	if answer := post(webhook.Validator(), []byte(body)); answer.Code != http.StatusOK {
		t.Errorf("got %d %s", answer.Code, answer.Body)
	}
}
