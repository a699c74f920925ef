package certificates

import (
	"time"

	"github.com/cert-manager/cert-manager/pkg/controller"
	"github.com/cert-manager/cert-manager/pkg/controller/cainjector"
	"github.com/cert-manager/cert-manager/pkg/util"
	corev1 "k8s.io/api/core/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/config"
	"sigs.k8s.io/controller-runtime/pkg/metrics/server"

	// Each registers itself.
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/approver"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/ca"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/selfsigned"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/issuing"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/keymanager"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/readiness"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/requestmanager"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/revisionmanager"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/trigger"
	_ "github.com/cert-manager/cert-manager/pkg/controller/issuers"
	_ "github.com/cert-manager/cert-manager/pkg/issuer/ca"
	_ "github.com/cert-manager/cert-manager/pkg/issuer/selfsigned"
)

// runCertManager runs the controllers of cert-manager and its cainjector until the test ends.
func (i *installation) runCertManager() {
	i.Helper()
	factory, err := controller.NewContextFactory(i.Context(), controller.ContextOptions{
		Kubeconfig: i.kubeconfig("cert-manager", "system:masters"),
		CertificateOptions: controller.CertificateOptions{
			CertificateRequestMinimumBackoffDuration: time.Second, CertificateRequestMaximumBackoffDuration: time.Minute,
		},
	})
	if err != nil {
		i.Fatal(err)
	}
	for name, construct := range controller.Known() {
		controller, err := construct(factory)
		if err != nil {
			i.Fatalf("making cert-manager's controller %s: %v", name, err)
		}
		i.run("cert-manager's controller "+name, func() error { return controller.Run(1, i.Context()) })
	}
	shared, err := factory.Build()
	if err != nil {
		i.Fatal(err)
	}
	shared.SharedInformerFactory.Start(i.Context().Done())
	shared.KubeSharedInformerFactory.Start(i.Context().Done())
	i.runInjector()
}

func (i *installation) runInjector() {
	i.Helper()
	// It owns what it writes by the name in its user agent.
	restConfig := util.RestConfigWithUserAgent(i.environment.Config, "cainjector")
	manager, err := ctrl.NewManager(restConfig, ctrl.Options{
		Scheme:  i.Scheme(),
		Metrics: server.Options{BindAddress: "0"},
		// As the cainjector has it: of Secrets only the metadata are cached.
		Client: client.Options{Cache: &client.CacheOptions{DisableFor: []client.Object{&corev1.Secret{}}}},
		// More than one test runs it.
		Controller: config.Controller{SkipNameValidation: new(true)},
	})
	if err != nil {
		i.Fatal(err)
	}
	err = cainjector.RegisterAllInjectors(i.Context(), manager, cainjector.SetupOptions{
		EnableCertificatesDataSource: true,
		EnabledReconcilersFor: map[string]bool{
			cainjector.MutatingWebhookConfigurationName: true, cainjector.ValidatingWebhookConfigurationName: true,
		},
	})
	if err != nil {
		i.Fatal(err)
	}
	i.run("cert-manager's cainjector", func() error { return manager.Start(i.Context()) })
}

// run runs a part of cert-manager until the test ends.
func (i *installation) run(what string, run func() error) {
	ended := make(chan error, 1)
	go func() { ended <- run() }()
	i.Cleanup(func() {
		if err := <-ended; err != nil {
			i.Errorf("%s: %v", what, err)
		}
	})
}
