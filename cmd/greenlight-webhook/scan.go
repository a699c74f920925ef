package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/client-go/rest"

	"greenlight.dev/greenlight/report"
)

// noReports is the value of --reports with which only metrics are kept.
const noReports = "none"

// scanOptions are the flags of scan.
type scanOptions struct {
	kubeconfig, policy, namespace, reports string
	metricsAddress, healthAddress          string
	interval, debounce                     time.Duration
	qps                                    float32
	events                                 bool
}

func newScanCommand() *cobra.Command {
	var o scanOptions
	cmd := &cobra.Command{
		Use:   "scan",
		Short: "Report on what already runs, until SIGTERM; of several scanners one leads",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, stop := untilSignal(cmd.Context())
			defer stop()
			return scan(ctx, o)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.kubeconfig, "kubeconfig", "", "file to reach the API server with; in a pod its own access without it")
	flags.StringVar(&o.policy, "policy", "", "file of a RolloutPolicy, read in place of those of the cluster")
	flags.StringVar(&o.namespace, "namespace", "greenlight-system", "Greenlight's own namespace, in which the leader is elected; it is not judged")
	flags.StringVar(&o.reports, "reports", report.Formats[0].Name, "kind of the reports: "+reportFormats())
	flags.DurationVar(&o.interval, "interval", time.Hour, "time between two full passes")
	flags.DurationVar(&o.debounce, "debounce", 2*time.Second, "how long changes are collected before a namespace is judged again")
	flags.Float32Var(&o.qps, "qps", 50, "requests a second at most, in bursts of twice as many")
	flags.BoolVar(&o.events, "events", false, "write an event on the workload for each finding that is new; needs reports")
	flags.StringVar(&o.metricsAddress, "metrics-address", ":8080", "address to serve metrics on")
	flags.StringVar(&o.healthAddress, "health-address", ":8081", "address to serve /livez and /readyz on")
	return cmd
}

func reportFormats() string {
	names := make([]string, 0, len(report.Formats)+1)
	for _, format := range report.Formats {
		names = append(names, format.Name)
	}
	return strings.Join(append(names, noReports), ", ")
}

func scan(ctx context.Context, o scanOptions) error {
	if err := o.validate(); err != nil {
		return err
	}
	fixed, err := loadPolicy(o.policy)
	if err != nil {
		return err
	}
	mgr, err := newScanner(ctx, o, fixed)
	if err != nil {
		return explain(err)
	}
	return explain(start(ctx, mgr))
}

func (o scanOptions) validate() error {
	var errs []error
	if o.interval <= 0 {
		errs = append(errs, fmt.Errorf("--interval is %s: want more than 0", o.interval))
	}
	if o.debounce < 0 {
		errs = append(errs, fmt.Errorf("--debounce is %s: want 0 or more", o.debounce))
	}
	if o.qps <= 0 {
		errs = append(errs, fmt.Errorf("--qps is %v: want more than 0", o.qps))
	}
	if o.events && o.reports == noReports {
		errs = append(errs, errors.New("--events needs reports, which tell what is new: leave out --reports "+noReports))
	}
	if _, err := o.format(); err != nil {
		errs = append(errs, fmt.Errorf("--reports is %q: want one of %s", o.reports, reportFormats()))
	}
	return errors.Join(errs...)
}

// format is nil where no reports are kept.
func (o scanOptions) format() (*report.Format, error) {
	if o.reports == noReports {
		return nil, nil
	}
	format, err := report.Find(o.reports)
	return &format, err
}

func (o scanOptions) limit(config *rest.Config) {
	config.QPS, config.Burst = o.qps, int(2*o.qps)
}
