package mutate

import (
	"encoding/json"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apiequality "k8s.io/apimachinery/pkg/api/equality"
	"pgregory.net/rapid"
)

func TestCertainlyDiffer(t *testing.T) {
	tests := map[string]struct {
		a, b string
		want bool
	}{
		"the same":                               {`{"a":1}`, `{"a":1}`, false},
		"another string":                         {`{"a":"x"}`, `{"a":"y"}`, true},
		"another number":                         {`{"a":1}`, `{"a":2}`, true},
		"a number for a string":                  {`{"a":1}`, `{"a":"1"}`, true},
		"a member more":                          {`{"a":1}`, `{"a":1,"b":2}`, true},
		"a member less, before another":          {`{"b":2}`, `{"a":1,"b":2}`, true},
		"an item more":                           {`{"a":[1]}`, `{"a":[1,2]}`, true},
		"an empty list for none":                 {`{"a":1}`, `{"a":1,"b":[]}`, false},
		"an empty list for none, before another": {`{"b":2}`, `{"a":[],"b":2}`, false},
		"null for an object":                     {`{"a":null}`, `{"a":{}}`, false},
		"one quantity written in two ways":       {`{"cpu":"1000m"}`, `{"cpu":"1"}`, false},
		"two quantities":                         {`{"cpu":"1000m"}`, `{"cpu":"2"}`, true},
		"a quantity for a word":                  {`{"a":"1"}`, `{"a":"x"}`, true},
		"a value cut short":                      {`{"a":1`, `{"a":1,"b":2}`, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := certainlyDiffer([]byte(test.a), []byte(test.b)); got != test.want {
				t.Errorf("%s, %s: got %t", test.a, test.b, got)
			}
			if got := certainlyDiffer([]byte(test.b), []byte(test.a)); got != test.want {
				t.Errorf("%s, %s: got %t", test.b, test.a, got)
			}
		})
	}
}

func TestTemplatesThatCertainlyDifferAreNotEqual(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		a, b := drawTemplate(r), drawTemplate(r)
		var one, other corev1.PodTemplateSpec
		if json.Unmarshal(a, &one) != nil || json.Unmarshal(b, &other) != nil {
			r.Fatal("a drawn template does not decode")
		}
		if certainlyDiffer(a, b) && apiequality.Semantic.DeepEqual(one, other) {
			r.Fatalf("%s\n%s", a, b)
		}
	})
}

func drawTemplate(r *rapid.T) []byte {
	container := map[string]any{"name": "web"}
	choices := map[string][]any{
		"image":          {"web:1", "web:2", ""},
		"command":        {nil, []string{}, []string{"a"}, []string{"a", "b"}},
		"env":            {nil, []any{}, []any{map[string]any{"name": "A", "value": ""}}, []any{map[string]any{"name": "A"}}},
		"resources":      {map[string]any{}, map[string]any{"limits": map[string]any{"cpu": "1"}}, map[string]any{"limits": map[string]any{"cpu": "1000m"}}},
		"readinessProbe": {nil, map[string]any{}, map[string]any{"tcpSocket": map[string]any{"port": 80}}, map[string]any{"tcpSocket": map[string]any{"port": "80"}}},
		"stdin":          {false, true},
	}
	for field, values := range choices {
		if rapid.Bool().Draw(r, "has "+field) {
			container[field] = rapid.SampledFrom(values).Draw(r, field)
		}
	}
	template, err := json.Marshal(map[string]any{"spec": map[string]any{"containers": []any{container}}})
	if err != nil {
		r.Fatal(err)
	}
	return template
}
