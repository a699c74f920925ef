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
	return sum(ctx, i.process.metrics, counter, labels)
}

// sum adds up the series of a counter, a gauge or the samples of a histogram that have these labels.
func sum(ctx context.Context, port int, metric string, labels map[string]string) (float64, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+local(port)+"/metrics", nil)
	if err != nil {
		return 0, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, fmt.Errorf("reading the metrics: %w", err)
	}
	defer response.Body.Close()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(response.Body)
	if err != nil {
		return 0, fmt.Errorf("reading the metrics: %w", err)
	}
	sum := 0.0
	for _, series := range families[metric].GetMetric() {
		if has(series, labels) {
			sum += series.GetCounter().GetValue() + series.GetGauge().GetValue() + float64(series.GetHistogram().GetSampleCount())
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
