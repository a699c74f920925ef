package install

import (
	"context"
	"fmt"
	"net/http"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// Count returns the sum of a counter of the webhook over the series that have these labels.
func (i *Installation) Count(ctx context.Context, counter string, labels map[string]string) (float64, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+local(i.process.metrics)+"/metrics", nil)
	if err != nil {
		return 0, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, fmt.Errorf("reading the webhook's metrics: %w", err)
	}
	defer response.Body.Close()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(response.Body)
	if err != nil {
		return 0, fmt.Errorf("reading the webhook's metrics: %w", err)
	}
	sum := 0.0
	for _, metric := range families[counter].GetMetric() {
		if has(metric, labels) {
			sum += metric.GetCounter().GetValue()
		}
	}
	return sum, nil
}

func has(metric *dto.Metric, labels map[string]string) bool {
	found := 0
	for _, label := range metric.GetLabel() {
		if want, asked := labels[label.GetName()]; asked && want == label.GetValue() {
			found++
		}
	}
	return found == len(labels)
}
