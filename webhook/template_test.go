package webhook

import (
	"net/http"
	"strings"
	"testing"
)

func paused(deployment document) { at(deployment, "spec")["paused"] = true }

func withNewVariable(deployment document) {
	container(deployment)["env"] = []any{document{"name": "MODE", "value": "safe"}}
}

func TestEveryChangeOfAPausedTemplateIsSeen(t *testing.T) {
	webhook, _ := guard()
	for name, test := range map[string]struct {
		old, object document
		want        bool
	}{
		"a field that no rule reads":      {deployment(t, paused), deployment(t, paused, withNewVariable), true},
		"together with the pause":         {deployment(t), deployment(t, paused, withNewVariable), true},
		"the pause alone":                 {deployment(t), deployment(t, paused), false},
		"a Deployment that is resumed":    {deployment(t, paused), deployment(t, withNewVariable), false},
		"a Deployment that is not paused": {deployment(t), deployment(t, withNewVariable), false},
	} {
		answer := post(webhook.Validator(), write(t, updateOf(test.old, test.object)))
		if got := strings.Contains(answer.Body.String(), "while the Deployment is paused"); got != test.want {
			t.Errorf("%s: told of: %t, want %t:\n%s", name, got, test.want, answer.Body)
		}
	}
}

func TestPausedTemplateThatCannotBeReadIsRefused(t *testing.T) {
	webhook, _ := guard()
	broken := func(deployment document) { container(deployment)["env"] = "MODE" }
	answer := post(webhook.Validator(), write(t, updateOf(deployment(t, paused, broken), deployment(t, paused))))
	if want := "request.oldObject is not a Deployment"; answer.Code != http.StatusBadRequest || !strings.Contains(answer.Body.String(), want) {
		t.Errorf("got %d %s, want %d and %q", answer.Code, answer.Body, http.StatusBadRequest, want)
	}
}
