package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/pflag"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/cluster"
)

// kubeconfig says which cluster to reach, as kubectl does.
type kubeconfig struct {
	rules     *clientcmd.ClientConfigLoadingRules
	overrides clientcmd.ConfigOverrides
}

func (k *kubeconfig) addFlags(flags *pflag.FlagSet) {
	k.addContextFlags(flags)
	flags.StringVarP(&k.overrides.Context.Namespace, "namespace", "n", "", "the `NAMESPACE` to work in (default that of the context)")
}

func (k *kubeconfig) addContextFlags(flags *pflag.FlagSet) {
	k.rules = clientcmd.NewDefaultClientConfigLoadingRules()
	flags.StringVar(&k.rules.ExplicitPath, "kubeconfig", "", "`FILE` to reach the cluster with (default as kubectl's)")
	flags.StringVar(&k.overrides.CurrentContext, "context", "", "the `CONTEXT` of the kubeconfig to use")
}

// client returns a client of the cluster and the namespace to work in. What the API server warns of is
// written to warnings.
func (k *kubeconfig) client(warnings io.Writer) (client.Client, string, error) {
	config := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(k.rules, &k.overrides)
	namespace, _, err := config.Namespace()
	if err != nil {
		return nil, "", err
	}
	access, err := config.ClientConfig()
	if err != nil {
		return nil, "", fmt.Errorf("reading the kubeconfig: %w", err)
	}
	// The API server itself sees to fairness; the limit of the client would make a large input wait.
	access.QPS = -1
	access.WarningHandler = rest.NewWarningWriter(warnings, rest.WarningWriterOptions{Deduplicate: true})
	scheme, err := cluster.NewScheme()
	if err != nil {
		return nil, "", err
	}
	if err := errors.Join(discoveryv1.AddToScheme(scheme), v1alpha1.AddToScheme(scheme)); err != nil {
		return nil, "", err
	}
	api, err := client.New(access, client.Options{Scheme: scheme})
	return api, namespace, err
}
